"""Text of identifiers and literals in the statements we write.

Everything that names something goes through here. Names that need no quotes get none, so that scripts read as a person
would write them; all others are quoted by :mod:`psycopg.sql`.
"""

from __future__ import annotations

import re

from psycopg import sql

from dataio.postgres.quoting import ident, qualified

__all__ = ["ident", "literal", "names_column", "qualified"]


def literal(text: str) -> str:
    """A string literal."""
    return sql.Literal(text).as_string().strip()


def names_column(expression: str, column: str) -> bool:
    """Whether deparsed SQL names a column."""
    return re.search(rf'(?<![\w"]){re.escape(ident(column))}(?![\w"])', expression) is not None
