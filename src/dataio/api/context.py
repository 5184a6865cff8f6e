"""What one request carries with it: its id, who asked, the headers that its answer gets."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final


@dataclass
class RequestContext:
    """Filled on the way in, read by the log and the gate on the way out."""

    request_id: str = "-"
    client: str = "-"
    key_id: int | None = None
    user_id: int | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


CONTEXT: Final[ContextVar[RequestContext]] = ContextVar("dataio_request", default=RequestContext())  # noqa: B039
