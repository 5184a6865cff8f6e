"""HTTP to a forge: JSON both ways, patience with rate limits and broken gateways, errors that say what to do.

A request that changes nothing is tried again after a lost connection or a server's error; one that changes something is
not, unless the server said that it did nothing (429, or 403 with a limit): whether it was made is then for the caller
to find out (:class:`~dataio.forge.model.Unsure`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from dataio.forge.model import ForgeError, Unsure
from dataio.postgres.redact import redact, remember_secret

_ATTEMPTS: Final = 6
_PATIENCE: Final = 300.0  # seconds to wait in all, for one request
_PAGES: Final = 200
_SAFE: Final = frozenset({"GET", "HEAD"})
_BROKEN: Final = frozenset({500, 502, 503, 504})


class Client:
    """Requests to one forge's API at ``base`` (no slash at its end). ``sleep`` is what waits."""

    def __init__(
        self, base: str, headers: Mapping[str, str], *, token: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        remember_secret(token)
        self.base = base.rstrip("/")
        self._sleep = sleep
        self._http = httpx.Client(headers=dict(headers), timeout=30.0, follow_redirects=False)

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, *, asks: bool = False, **options: Any) -> httpx.Response:
        """One request, with as many tries as it takes; any answer below 400. Raises ForgeError or Unsure.

        ``asks``: it changes nothing, though its method could.
        """
        safe = asks or method in _SAFE
        url = path if path.startswith("http") else self.base + path
        waited, last = 0.0, ""
        for attempt in range(_ATTEMPTS):
            try:
                answer = self._http.request(method, url, **options)
            except httpx.HTTPError as error:
                last = f"{type(error).__name__}: {error}"
                if not safe and not isinstance(error, httpx.ConnectError):
                    raise Unsure(f"{method} {_shown(url)}: the answer was lost ({redact(last)})") from None
                wait = 2.0**attempt
            else:
                if answer.status_code < 400:
                    return answer
                last = f"HTTP {answer.status_code}"
                if answer.status_code in _BROKEN and not safe:
                    raise Unsure(f"{method} {_shown(url)}: {last}", status=answer.status_code)
                limited = _asked_to_wait(answer)
                if limited is None and answer.status_code not in _BROKEN:
                    raise _refused(method, url, answer)
                wait = limited if limited is not None else 2.0**attempt
            if waited + wait > _PATIENCE:
                raise ForgeError(
                    f"{method} {_shown(url)}: the forge wants {wait:.0f} s of patience ({redact(last)})",
                    status=429,
                    hint="The rate limit of this token is used up: run again later.",
                )
            if attempt < _ATTEMPTS - 1:
                self._sleep(wait)
                waited += wait
        raise ForgeError(
            f"{method} {_shown(url)}: no luck after {_ATTEMPTS} tries (the last: {redact(last)})",
            hint="The forge may be down; run again later.",
        )

    def json(self, method: str, path: str, **options: Any) -> Any:
        """The answer's JSON; ``None`` where it has no body."""
        answer = self.send(method, path, **options)
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError:
            raise ForgeError(
                f"{method} {_shown(str(answer.url))}: the answer is not JSON",
                hint="Is the API's address right (GITHUB_API_URL, CI_API_V4_URL)?",
            ) from None

    def pages(self, path: str, following: Callable[[httpx.Response], str | None]) -> Iterator[Any]:
        """The items of all pages; ``following`` finds the address of the next page in an answer."""
        url: str | None = path
        for _ in range(_PAGES):
            if url is None:
                return
            answer = self.send("GET", url)
            items = answer.json()
            if not isinstance(items, list):
                raise ForgeError(f"GET {_shown(url)}: a list was expected")
            yield from items
            url = following(answer)
            if url is not None and url.startswith("http") and not url.startswith(self.base):
                raise ForgeError(f"GET {_shown(str(answer.url))}: its next page is on another server")
        raise ForgeError(f"GET {_shown(path)}: more than {_PAGES} pages")


def _asked_to_wait(answer: httpx.Response) -> float | None:
    """Seconds that the forge asks for, where it refused because of a limit; ``None`` where that is not why."""
    if answer.status_code not in (403, 429, 503):
        return None
    after = answer.headers.get("retry-after", "")
    if after.isdigit():
        return float(after)
    if after:
        try:
            return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
        except ValueError:
            return 60.0
    reset = answer.headers.get("x-ratelimit-reset") or answer.headers.get("ratelimit-reset") or ""
    left = answer.headers.get("x-ratelimit-remaining") or answer.headers.get("ratelimit-remaining")
    if left == "0" and reset.isdigit():
        return max(0.0, float(reset) - time.time()) + 1.0
    if answer.status_code == 429 or "rate limit" in answer.text.lower():
        return 60.0
    return None


def _refused(method: str, url: str, answer: httpx.Response) -> ForgeError:
    status = answer.status_code
    try:
        body = answer.json()
        said = body.get("message") or body.get("error") if isinstance(body, dict) else None
        errors = body.get("errors") if isinstance(body, dict) else None
    except ValueError:
        said, errors = None, None
    detail = "; ".join(str(one.get("message", one)) if isinstance(one, dict) else str(one) for one in errors or ())
    hints = {
        401: "Is the token right and still valid (GITHUB_TOKEN, GITLAB_TOKEN)?",
        403: "The token may not do this: a workflow needs `permissions: pull-requests: write`.",
        404: "Is the repository's name right, and may the token see it?",
        422: "The forge understood the request and does not take it; see what it says.",
    }
    words = f"HTTP {status}" + (f" {said}" if said else "")
    return ForgeError(
        f"{method} {_shown(url)}: {redact(words)}", status=status, detail=redact(detail), hint=hints.get(status, "")
    )


def _shown(url: str) -> str:
    return redact(url.partition("?")[0])
