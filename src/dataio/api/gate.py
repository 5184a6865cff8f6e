"""What every request passes through, as plain ASGI: its id, limits on its body, security headers, the log.

The log is one line of JSON per request on stderr, by the logger ``dataio.access``: no query values, no keys, no bodies.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dataio.api.context import CONTEXT, RequestContext
from dataio.api.log import AccessLine
from dataio.api.problems import MEDIA_TYPE, Problem, document

ACCESS: Final = logging.getLogger("dataio.access")
ERRORS: Final = logging.getLogger("dataio.errors")
_SECRET: Final = re.compile(
    r"dio_[A-Za-z0-9]{8,16}_\w+|(?<=/files/)[^/]+"
)  # keys, and links, which are keys for a while
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")

_COMMON: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_API: Final = (*_COMMON, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
_PAGES: Final = (
    *_COMMON,
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:;"
        b" font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_HTTPS: Final = ((b"strict-transport-security", b"max-age=31536000"),)


class _Refused(Exception):
    """The request was answered here; whatever the application makes of it is not sent."""


class Gate:
    """``body_limit`` in bytes, ``body_timeout`` in seconds from the request's start to its last byte."""

    def __init__(self, app: ASGIApp, *, body_limit: int, body_timeout: float) -> None:
        self.app, self.body_limit, self.body_timeout = app, body_limit, body_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        context = RequestContext(
            request_id=given.decode() if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8),
            client=scope["client"][0] if scope.get("client") else "-",
        )
        token = CONTEXT.set(context)
        passage = _Passage(self, scope, receive, send, context)
        try:
            await passage.run(headers.get(b"content-length", b""))
        finally:
            CONTEXT.reset(token)
            passage.log()


class _Passage:
    """One request on its way."""

    def __init__(self, gate: Gate, scope: Scope, receive: Receive, send: Send, context: RequestContext) -> None:
        self.gate, self.scope, self.inner_receive, self.inner_send, self.context = gate, scope, receive, send, context
        self.began = time.perf_counter()
        self.deadline = asyncio.get_running_loop().time() + gate.body_timeout
        self.received = self.sent = 0
        self.whole = self.refused = False
        self.status = 0

    async def run(self, length: bytes) -> None:
        if length and (not length.isdigit() or int(length) > self.gate.body_limit):
            await self.refuse(413, f"the body may have {self.gate.body_limit} bytes")
            return
        try:
            await self.gate.app(self.scope, self.receive, self.send)
        except _Refused:
            pass
        except Exception as error:
            ERRORS.error(
                "request failed",
                exc_info=error,  # the formatter takes secrets out
                extra={"request_id": self.context.request_id},
            )
            if not self.status:
                await self.refuse(500, "something failed that should not; the log has it under this request_id")

    async def receive(self) -> Message:
        if self.whole:
            return await self.inner_receive()
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self.inner_receive()
        except TimeoutError:
            await self.refuse(408, "the body took too long to arrive")
            raise _Refused from None
        if message["type"] == "http.request":
            self.received += len(message.get("body", b""))
            if self.received > self.gate.body_limit:
                await self.refuse(413, f"the body may have {self.gate.body_limit} bytes")
                raise _Refused
            self.whole = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self.refused:  # FastAPI answers 400 for whatever goes wrong while it reads a body
            return
        await self.pass_on(message)

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            path: str = self.scope["path"]
            more = _API if path.startswith("/api/") else _PAGES
            if self.scope.get("scheme") == "https":
                more = (*more, *_HTTPS)
            own = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(header for header in more if header[0] not in own),
                *self.context.headers,
                (b"x-request-id", self.context.request_id.encode()),
            ]
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
        await self.inner_send(message)

    async def refuse(self, status: int, detail: str) -> None:
        if self.status:
            return
        self.refused = True
        body = document(Problem(status, detail), self.context.request_id)
        await self.pass_on(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", MEDIA_TYPE.encode()),
                    (b"content-length", str(len(body)).encode()),
                    (b"connection", b"close"),
                ],
            }
        )
        await self.pass_on({"type": "http.response.body", "body": body})

    def log(self) -> None:
        if not ACCESS.isEnabledFor(logging.INFO):
            return
        route = self.scope.get("route")
        fields = {
            "request_id": self.context.request_id,
            "method": self.scope["method"],
            "path": _SECRET.sub("***", self.scope["path"])[:300],
            "route": getattr(route, "path", None),
            "status": self.status,
            "ms": round((time.perf_counter() - self.began) * 1000, 1),
            "bytes": self.sent,
            "client": self.context.client,
            "key": self.context.key_id,
            "user": self.context.user_id,
        }
        ACCESS.handle(AccessLine(fields))
