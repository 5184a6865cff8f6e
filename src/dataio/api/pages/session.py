"""Signing in with a key, and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from dataio.api.auth import check_key
from dataio.api.context import CONTEXT
from dataio.api.pages.base import SESSION, ViewerOf, checked_form, cookie_name, page, set_cookie
from dataio.api.problems import Problem
from dataio.api.services import services
from dataio.catalogue import browsing, keys
from dataio.settings.values import seconds

router = APIRouter(include_in_schema=False)


def _inside(path: str) -> str:
    """Where to go afterwards: a path of ours, never another site."""
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if good and path.isascii() else "/"


@router.get("/sign-in")
async def sign_in_page(
    request: Request, who: ViewerOf, next_: Annotated[str, Query(alias="next", max_length=500)] = "/"
) -> Response:
    if who.signed_in:
        return RedirectResponse(_inside(next_), 303)
    return page(request, who, "sign_in.html", {"next": _inside(next_), "failed": ""})


@router.post("/sign-in")
async def sign_in(request: Request, who: ViewerOf) -> Response:
    fields = await checked_form(request, who)
    own = services(request)
    key = fields.get("key", "").strip()
    following = _inside(fields.get("next", "/"))
    try:
        await check_key(own, key, CONTEXT.get().client)
    except Problem as problem:
        values = {"next": following, "failed": problem.detail}
        return page(request, who, "sign_in.html", values, status=problem.status)
    prefix = keys.prefix_of(key) or ""
    found = await own.database.row(keys.find(), {"prefix": prefix})
    if found is None:
        raise Problem(401, "the key has just gone")
    lifetime = int(seconds(own.settings.api_session_lifetime))
    held = [prefix, own.signer.token("key", found["hashed_key"])]
    response = RedirectResponse(following, 303)
    set_cookie(request, response, SESSION, own.signer.sign("session", held, lifetime=lifetime), lifetime)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, who: ViewerOf) -> Response:
    await checked_form(request, who)
    response = RedirectResponse("/", 303)
    response.delete_cookie(cookie_name(request, SESSION), path="/", httponly=True, samesite="lax")
    return response


@router.get("/me")
async def me_page(request: Request, who: ViewerOf) -> Response:
    if not who.signed_in:
        raise Problem(401, "Sign in to see who you are.")
    caller = who.caller
    values = {"caller_user": caller.user_id, "caller_group": caller.group_id}
    own = services(request)
    me = await own.database.row(browsing.me(), {**values, "caller_key": caller.key_id})
    permissions = await own.database.rows(browsing.my_permissions(caller.kind), {**values, "row_limit": 100})
    return page(request, who, "me.html", {"me": me, "permissions": permissions})
