"""The SQL of this room, one statement per file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def query(name: str) -> LiteralString:
    """The text of ``<name>.sql``. It ships with the package, so it is as literal as text in a module."""
    return files(__name__).joinpath(f"{name}.sql").read_text("utf-8")
