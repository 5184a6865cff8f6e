"""From a SQLAlchemy statement to text that psycopg runs as it is.

Compiling costs a millisecond, running a small query half of one: so each statement is compiled once, for as many shapes
as it has, and remembered by whoever builds it (``functools.cache``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg.types.json import Jsonb
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from dataio.catalogue import numerals

_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Query:
    """A statement's text with ``%(name)s`` in it, its fixed values, and which parameters are JSON."""

    text: bytes
    fixed: Mapping[str, Any]
    json: frozenset[str]

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters of one run; what is JSON is wrapped for psycopg."""
        if not self.json:
            return {**self.fixed, **given}
        return {
            name: Jsonb(value, numerals.dumps) if name in self.json and value is not None else value
            for name, value in {**self.fixed, **given}.items()
        }


def compiled(statement: ClauseElement) -> Query:
    """The text of a statement. Parameters without a value are those that :meth:`Query.values` must be given."""
    made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    binds = getattr(made, "binds", {})
    fixed = {name: value for name, value in made.params.items() if not binds[name].required}
    json = frozenset(name for name, bind in binds.items() if isinstance(bind.type, JSONB))
    return Query(str(made).encode(), fixed, json)
