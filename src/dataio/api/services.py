"""What the application's handlers share: settings, the database, the signer, remembered keys, limits, links."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fastapi import Request
from starlette.requests import HTTPConnection

from dataio.api.signing import Signer
from dataio.catalogue import limits
from dataio.catalogue.database import Database
from dataio.catalogue.keys import Remembered
from dataio.settings import Settings

if TYPE_CHECKING:
    from dataio.api.links import Links
    from dataio.operations.jobs.queue import Jobs


class Failures:
    """Wrong keys by address, in this process: guessing stops being answered long before it could succeed."""

    def __init__(self, allowed: int, *, window: float = 60.0, size: int = 10_000) -> None:
        self._allowed, self._window, self._size = allowed, window, size
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Seconds until this address is listened to again; 0 for at once."""
        since, count = self._seen.get(address, (0.0, 0))
        left = since + self._window - time.monotonic()
        return max(1, int(left)) if left > 0 and count >= self._allowed else 0

    def add(self, address: str) -> None:
        now = time.monotonic()
        since, count = self._seen.pop(address, (now, 0))
        if since + self._window < now:
            since, count = now, 0
        self._seen[address] = (since, count + 1)
        while len(self._seen) > self._size:
            self._seen.popitem(last=False)


class LimitedActions:
    """Which actions have any limit, looked up once a second: where none has, no request is counted."""

    FRESH: Final = 1.0

    def __init__(self, database: Database) -> None:
        self._database = database
        self._actions: frozenset[str] = frozenset()
        self._until = 0.0

    async def __call__(self) -> frozenset[str]:
        now = time.monotonic()
        if now >= self._until:
            self._until = now + self.FRESH  # the others of this second need not ask, too
            try:
                found = await self._database.rows(limits.limited_actions())
            except BaseException:
                self._until = 0.0
                raise
            self._actions = frozenset(one["action"] for one in found)
        return self._actions


@dataclass
class Services:
    """One per application."""

    settings: Settings
    database: Database
    signer: Signer
    links: Links
    jobs: Jobs
    failures: Failures
    limited: LimitedActions
    remembered: Remembered = field(default_factory=Remembered)


def services(request: HTTPConnection) -> Services:
    """The services of the application that a request is for."""
    found: Services = request.app.state.services
    return found


def database(request: Request) -> Database:
    """The catalogue's database."""
    return services(request).database
