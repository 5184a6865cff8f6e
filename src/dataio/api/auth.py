"""Who asks: the key of a request, or the session of a browser; and what they may do at all.

A key that is unknown, expired or revoked is 401 everywhere, also where no key is needed: a program should hear of it.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import Depends, Request

from dataio.api.context import CONTEXT
from dataio.api.problems import Problem
from dataio.api.services import Services, services
from dataio.catalogue import keys, limits
from dataio.catalogue.access import ANYONE, Caller

_HASHING: Final = asyncio.Semaphore(2)  # 16 MiB and a core each
_HASHING_QUEUE: Final = 32
_waiting = 0


def given_key(request: Request) -> str | None:
    """The key that a request shows. Raises Problem 401 for two that differ, or another way to show one."""
    api_keys = request.headers.getlist("x-api-key")
    bearers = request.headers.getlist("authorization")
    shown = list(api_keys)
    for bearer in bearers:
        scheme, _, value = bearer.partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthorized(f"Authorization: {scheme[:20]!r} is not understood")
        shown.append(value.strip())
    if not shown:
        return None
    if len(set(shown)) > 1:
        raise _unauthorized("the request shows several keys")
    return shown[0]


def _unauthorized(detail: str = "the key is unknown, expired or revoked") -> Problem:
    return Problem(
        401,
        detail,
        hint="X-API-Key: dio_… or Authorization: Bearer dio_…",
        headers={"WWW-Authenticate": 'Bearer realm="dataio"'},
    )


async def check_key(own: Services, key: str, address: str) -> Caller:
    """The caller whose key this is. Raises Problem 401, 429 after too many wrong ones, 503."""
    if wait := own.failures.wait(address):
        raise Problem(429, "too many wrong keys from this address", headers={"Retry-After": str(wait)})
    prefix = keys.prefix_of(key)
    if prefix is None:
        own.failures.add(address)
        raise _unauthorized()
    found = await own.database.row(keys.find(), {"prefix": prefix})
    if found is None:
        await _compare(key, None)
        own.failures.add(address)
        raise _unauthorized()
    kept = found["hashed_key"]
    if not own.remembered.knows(key, kept):
        if not await _compare(key, kept):
            own.failures.add(address)
            raise _unauthorized()
        own.remembered.add(key, kept)
    caller = Caller(found["key_id"], found["user_id"], found["group_id"], found["is_admin"])
    await own.database.row(keys.touch(), {"wanted_key": caller.key_id})
    return caller


async def _compare(key: str, kept: str | None) -> bool:
    """The slow hash, in a thread; few at once, and not a long queue of them."""
    global _waiting  # noqa: PLW0603 - one queue per process, as there is one processor to share
    if _waiting >= _HASHING_QUEUE:
        raise Problem(503, "too many keys are being checked", headers={"Retry-After": "1"})
    _waiting += 1
    try:
        async with _HASHING:
            return await asyncio.to_thread(keys.matches, key, kept)
    finally:
        _waiting -= 1


async def count(own: Services, action: str, caller: Caller, address: str) -> None:
    """Count a request against the limits of the database. Raises Problem 429."""
    if action not in await own.limited():
        return
    subject = f"key:{caller.key_id}" if caller.key_id is not None else f"ip:{address}"
    counted = await own.database.row(
        limits.count_request(),
        {"action": action, "subject": subject, "user": caller.user_id, "group": caller.group_id},
    )
    if counted is None or counted["max_requests"] is None:
        return
    seconds = str(int(counted["seconds"]))
    headers = {
        "RateLimit-Limit": str(counted["max_requests"]),
        "RateLimit-Remaining": str(counted["remaining"]),
        "RateLimit-Reset": seconds,
    }
    if not counted["allowed"]:
        raise Problem(429, f"too many requests ({action})", headers={**headers, "Retry-After": seconds})
    CONTEXT.get().headers.extend((name.lower().encode(), value.encode()) for name, value in headers.items())


async def identify(request: Request) -> Caller:
    """The caller of a request under ``/api/v1``, counted against the rate limits."""
    own = services(request)
    context = CONTEXT.get()
    key = given_key(request)
    caller = await check_key(own, key, context.client) if key is not None else ANYONE
    context.key_id, context.user_id = caller.key_id, caller.user_id
    action = "read" if request.method in ("GET", "HEAD") else "write"
    await count(own, action, caller, context.client)
    return caller


CallerOf = Annotated[Caller, Depends(identify)]


async def known(caller: CallerOf) -> Caller:
    """A caller with a key. Raises Problem 401."""
    if caller.key_id is None:
        raise _unauthorized("this needs a key")
    return caller


async def administrator(caller: CallerOf) -> Caller:
    """A caller who may change the catalogue. Raises Problem 401 without a key, 403 with one that may not."""
    if caller.key_id is None:
        raise _unauthorized("this needs an administrator's key")
    if not caller.is_admin:
        raise Problem(403, "this needs an administrator's key")
    return caller


Known = Annotated[Caller, Depends(known)]
Administrator = Annotated[Caller, Depends(administrator)]
