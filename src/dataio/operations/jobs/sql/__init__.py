"""The SQL of jobs, one statement per file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def query(name: str) -> LiteralString:
    """The text of ``<name>.sql``."""
    return files(__name__).joinpath(f"{name}.sql").read_text("utf-8")
