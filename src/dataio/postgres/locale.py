"""A database's encoding and locale, as options of CREATE DATABASE for another server.

https://www.postgresql.org/docs/current/sql-createdatabase.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import psycopg
from psycopg import sql

from dataio.postgres.sql import query

_PROVIDERS: Final = {"c": "libc", "i": "icu", "b": "builtin"}


BUILTIN_SINCE: Final = 17
"""The first major version whose server has locales of its own."""


@dataclass(frozen=True)
class Locale:
    """Encoding, provider and locale of a database; empty fields leave the server its default."""

    encoding: str
    provider: str = ""
    collate: str = ""
    ctype: str = ""
    name: str = ""  # of the ICU or builtin locale
    rules: str = ""

    def __str__(self) -> str:
        named = self.name or self.collate
        return " ".join(part for part in (self.encoding, self.provider, named) if part)

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> Self:
        """That of the connected database."""
        row = connection.execute(query("database_locale")).fetchone()
        if row is None:  # never: the connected database is there
            return cls("UTF8")
        encoding: str = row[0]
        attributes: Mapping[str, Any] = row[1]
        return cls(
            encoding,
            _PROVIDERS.get(attributes.get("datlocprovider", "c"), "libc"),
            attributes["datcollate"] or "",
            attributes["datctype"] or "",
            attributes.get("datlocale") or attributes.get("daticulocale") or "",
            attributes.get("daticurules") or "",
        )

    def options(self, major: int) -> list[sql.Composable]:
        """For CREATE DATABASE … TEMPLATE template0 on a server of ``major``."""
        words: list[tuple[str, str]] = [("encoding", self.encoding)]
        if self.collate:
            words += [("lc_collate", self.collate), ("lc_ctype", self.ctype or self.collate)]
        if self.provider == "builtin" and major < BUILTIN_SINCE:
            words = [("encoding", self.encoding), ("lc_collate", "C"), ("lc_ctype", "C")]  # what sorts the same there
        elif self.provider and major >= 15:
            words.append(("locale_provider", self.provider))
            if self.provider == "icu" and self.name:
                words.append(("icu_locale", self.name))
                if self.rules and major >= 16:
                    words.append(("icu_rules", self.rules))
            elif self.provider == "builtin" and self.name:
                words.append(("builtin_locale", self.name))
        return [sql.SQL("{} {}").format(sql.SQL(word), sql.Literal(value)) for word, value in words]

    def fallback(self) -> Locale | None:
        """The next best: the same encoding with the locale that every server has; then ``None``, a server's own way."""
        plain = replace(self, provider="libc" if self.provider else "", collate="C", ctype="C", name="", rules="")
        return plain if plain != self and self.encoding != "UTF8" else None


def default_locale() -> Locale:
    return Locale("UTF8")
