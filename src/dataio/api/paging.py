"""Keyset paging: ``limit``, ``after``, ``next`` and a ``Link`` header. A cursor is signed and belongs to one list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Query, Request
from pydantic import BaseModel, Field

from dataio.api.context import CONTEXT
from dataio.api.problems import Problem
from dataio.api.signing import Signer

LARGEST: Final = 100
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """A page of a list. ``next`` is where the next one is, ``null`` on the last."""

    items: list[Item]
    next: str | None = Field(None, examples=["/api/v1/datasets?limit=20&after=WzEs…"])


Limit = Annotated[int, Query(ge=1, le=LARGEST, description="How many at most.")]
After = Annotated[
    str | None, Query(max_length=2000, description="The cursor of a former page's `next`; never made by hand.")
]


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: ``after`` is the key of the last row before it, ``None`` at the start.

    ``given`` are the parameters of the query.
    """

    request: Request
    signer: Signer
    limit: int
    after: list[Any] | None
    given: list[tuple[str, str]]

    @property
    def wanted(self) -> int:
        """Rows to ask for: one more than the page has tells whether there is another."""
        return self.limit + 1

    def cut(self, rows: Sequence[dict[str, Any]], key: Callable[[dict[str, Any]], list[Any]]) -> dict[str, Any]:
        """The page of the rows that came, and the way to the next one."""
        items = rows[: self.limit]
        following = None
        if len(rows) > self.limit:
            query = [(name, value) for name, value in self.given if name != "after"]
            query.append(("after", self.signer.sign(_purpose(self.request, self.given), key(items[-1]))))
            following = f"{quote(self.request.scope['path'])}?{urlencode(query)}"
            CONTEXT.get().headers.append((b"link", f'<{following}>; rel="next"'.encode("latin-1")))
        return {"items": items, "next": following}


def cursor(request: Request, signer: Signer, limit: int, after: str | None, *kinds: type) -> Cursor:
    """Read ``after``. Raises Problem 400 for a cursor that is forged, or of another list or other filters.

    ``kinds`` are the types of the key's parts.
    """
    given = _given(request)
    if after is None:
        return Cursor(request, signer, limit, None, given)
    key = signer.read(_purpose(request, given), after)
    fits = isinstance(key, list) and len(key) == len(kinds)
    if not fits or not all(isinstance(part, kind) for part, kind in zip(key or [], kinds, strict=False)):
        raise Problem(
            400,
            "after is not a cursor of this list",
            hint="Follow `next` as it was given, with the same filters; start without `after`.",
            slug="bad-cursor",
        )
    return Cursor(request, signer, limit, key, given)


def _given(request: Request) -> list[tuple[str, str]]:
    """The query's parameters in their order. From the scope itself: making a URL of it costs more than reading it."""
    text: bytes = request.scope["query_string"]
    return parse_qsl(text.decode("latin-1")) if text else []


def _purpose(request: Request, given: list[tuple[str, str]]) -> str:
    filters = sorted(one for one in given if one[0] not in ("after", "limit"))
    return f"cursor {request.scope['path']} {urlencode(filters) if filters else ''}"
