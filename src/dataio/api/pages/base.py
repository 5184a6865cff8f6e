"""What every page stands on: templates and their filters, who looks at it, forms that nobody else can send."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import jinja2
from fastapi import Depends, Request
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dataio import __version__
from dataio.api.auth import count
from dataio.api.context import CONTEXT
from dataio.api.pages.coverage import coverage
from dataio.api.problems import Problem
from dataio.api.services import services
from dataio.catalogue import browsing, keys, numerals
from dataio.catalogue.access import ANYONE, Caller
from dataio.words import plural

_HERE: Final = Path(__file__).parent
SESSION: Final = "dataio_session"
FORM: Final = "dataio_form"


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page. ``name`` is empty for anyone; ``csrf`` is what this browser's forms must carry."""

    caller: Caller = ANYONE
    name: str = ""
    csrf: str = ""

    @property
    def signed_in(self) -> bool:
        return self.caller.key_id is not None

    @property
    def is_admin(self) -> bool:
        return self.caller.is_admin


def cookie_name(request: Request, name: str) -> str:
    """Over https the name binds the cookie to this host (RFC 6265bis, ``__Host-``)."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def set_cookie(request: Request, response: Response, name: str, value: str, lifetime: int) -> None:
    """A cookie that no script reads and no other site sends along with a form."""
    response.set_cookie(
        cookie_name(request, name), value, max_age=lifetime, httponly=True, samesite="lax",
        secure=request.url.scheme == "https", path="/",
    )  # fmt: skip


def form_token(request: Request, seed: str) -> str:
    return services(request).signer.token("form", seed)


async def viewer(request: Request) -> Viewer:
    """Who looks at a page, by the session's cookie; counted against the rate limits. A key that was revoked since is
    nobody's.
    """
    own = services(request)
    found = request.state.viewer = await _signed_in(request)
    caller = found.caller if found is not None else ANYONE
    context = CONTEXT.get()
    context.key_id, context.user_id = caller.key_id, caller.user_id
    await count(own, "read" if request.method in ("GET", "HEAD") else "write", caller, context.client)
    if found is not None:
        return found
    seed = request.cookies.get(cookie_name(request, FORM), "")
    return Viewer(csrf=form_token(request, seed) if seed else "")


async def _signed_in(request: Request) -> Viewer | None:
    own = services(request)
    cookie = request.cookies.get(cookie_name(request, SESSION))
    held = own.signer.read("session", cookie) if cookie else None
    if not (isinstance(held, list) and len(held) == 2) or cookie is None:
        return None
    prefix, mark = held
    found = await own.database.row(keys.find(), {"prefix": prefix})
    if found is None or own.signer.token("key", found["hashed_key"]) != mark:
        return None
    caller = Caller(found["key_id"], found["user_id"], found["group_id"], found["is_admin"])
    me = await own.database.row(
        browsing.me(), {"caller_user": caller.user_id, "caller_group": caller.group_id, "caller_key": caller.key_id}
    )
    name = ""
    if me is not None:
        name = me["full_name"] or me["email"] or ", ".join(me["groups"])
    return Viewer(caller, name, form_token(request, cookie))


ViewerOf = Annotated[Viewer, Depends(viewer)]


async def administrator(request: Request, who: ViewerOf) -> Viewer:
    """A signed-in administrator. Others are asked to sign in, or told that they may not."""
    if not who.signed_in:
        raise Problem(401, "Sign in with an administrator's key to see this page.")
    if not who.is_admin:
        raise Problem(403, "This page is for administrators.")
    return who


AdministratorOf = Annotated[Viewer, Depends(administrator)]


async def checked_form(request: Request, who: Viewer) -> dict[str, str]:
    """The fields of a form that this site's own page sent. Raises Problem 403 for any other."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    own_origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
    form = await request.form(max_fields=20, max_files=0)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    token = fields.get("csrf", "")
    fits = bool(who.csrf) and secrets.compare_digest(token.encode(), who.csrf.encode())
    if site not in ("same-origin", "none") or (origin is not None and origin != own_origin) or not fits:
        raise Problem(
            403, "This form did not come from one of our pages, or its page is too old.", hint="Load the page again."
        )
    return fields


# Templates ------------------------------------------------------------------------------------------------------------


def page(
    request: Request, who: Viewer, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> Response:
    """A page. Who has no session gets a cookie that their forms are bound to."""
    seed = ""
    csrf = who.csrf
    if not csrf:
        seed = secrets.token_urlsafe(24)
        csrf = form_token(request, seed)
    text = templates().get_template(template).render(
        {**(values or {}), "request": request, "who": who, "csrf": csrf, "path": request.url.path}
    )  # fmt: skip
    response = HTMLResponse(text, status, headers={"Cache-Control": "private, no-cache", "Vary": "Cookie, HX-Request"})
    if seed:
        set_cookie(request, response, FORM, seed, 86_400)
    return response


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem as a page; who is not signed in and would have to be is sent to sign in."""
    if problem.status == 401 and request.method == "GET":
        from urllib.parse import quote

        return RedirectResponse(f"/sign-in?next={quote(request.url.path, safe='/')}", 303)
    values = {"problem": problem, "request_id": CONTEXT.get().request_id}
    who = getattr(request.state, "viewer", None) or Viewer()
    response = page(request, who, "problem.html", values, status=problem.status)
    response.headers.update(problem.headers)
    return response


@cache
def templates() -> jinja2.Environment:
    """The environment of all templates; everything is escaped unless it is markup already."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_function"] = lambda value, **_: numerals.dumps(value)
    environment.globals |= {"asset": asset, "version": __version__}
    environment.filters |= {
        "size": size, "number": number, "day": day, "moment": moment, "words": words, "short": short, "plural": plural,
        "coverage": coverage, "marked": marked,
    }  # fmt: skip
    return environment


@cache
def asset(name: str) -> str:
    """The address of an asset, with a digest of it: it may be kept for ever."""
    content = (_HERE / "static" / name).read_bytes()
    return f"/assets/{name}?{hashlib.blake2b(content, digest_size=6).hexdigest()}"


@cache
def asset_text(name: str) -> str:
    """The text of an asset."""
    return (_HERE / "static" / name).read_text("utf-8")


def size(count: int | None) -> str:
    """``12.4 MB``; powers of 1000."""
    if count is None:
        return "–"  # noqa: RUF001
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def number(count: int | None) -> str:
    """``1,234,567``."""
    return "–" if count is None else f"{count:,}"  # noqa: RUF001


def day(value: Any) -> str:
    """``4 May 2026``."""
    if value is None:
        return "–"  # noqa: RUF001
    if isinstance(value, str):  # one that Python has not, in PostgreSQL's words
        return value
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime | str | None, *, seconds: bool = False) -> Markup:
    """A ``<time>`` with the date and the minute (the second, if wanted) in UTC."""
    if value is None:
        return Markup("–")  # noqa: RUF001
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:  # one that Python has not, in PostgreSQL's words
        return escape(value)
    at = at.astimezone(UTC)
    clock = f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
    return Markup('<time datetime="{}">{} {:%b %Y}, {} UTC</time>').format(at.isoformat(), at.day, at, clock)


def words(value: str) -> str:
    """``STANDARDISED`` as ``Standardised``."""
    return value.replace("_", " ").capitalize()


def marked(text: str) -> Markup:
    """Words of ours in which `` `code` `` is code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(one) if n % 2 else one for n, one in enumerate(parts))


def short(fingerprint: str) -> str:
    """The first letters of a fingerprint."""
    head, _, digest = fingerprint.partition(":")
    return f"{head}:{digest[:12]}" if digest else fingerprint[:16]
