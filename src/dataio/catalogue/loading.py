"""How values come out of the catalogue's database where Python's own types are too small for them.

Dates and moments outside of the years 1 to 9999 stay PostgreSQL's words (``infinity``, ``10000-01-01``,
``0044-03-15 BC``), and numbers in JSON theirs (:mod:`dataio.catalogue.numerals`).
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import AdaptContext, Buffer
from psycopg.abc import Loader as LoaderProtocol
from psycopg.adapt import Loader
from psycopg.postgres import types
from psycopg.pq import Format
from psycopg.types.json import set_json_loads

from dataio.catalogue import numerals

_OFTEN_TOO_LARGE: Final = ("date", "timestamptz")


async def configure(connection: AsyncConnection[Any]) -> None:
    """Let a connection of the pool load values so."""
    set_json_loads(numerals.loads, connection)
    for name in _OFTEN_TOO_LARGE:
        usual = psycopg.adapters.get_loader(types[name].oid, Format.TEXT)
        assert usual is not None  # noqa: S101 - psycopg has one for each of them
        connection.adapters.register_loader(name, _or_words(usual))


def _or_words(usual: type[LoaderProtocol]) -> type[Loader]:
    """A loader that gives the text where the usual one cannot load it."""

    class OrWords(Loader):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._load = usual(oid, context).load

        def load(self, data: Buffer) -> Any:
            try:
                return self._load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return OrWords
