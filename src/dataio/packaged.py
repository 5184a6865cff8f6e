"""SQL that ships with a room: one statement per file in its ``sql/``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import LiteralString


def queries(room: str) -> Callable[[str], LiteralString]:
    """How to read the packaged SQL of ``room``, a package: the name of a file, without ``.sql``, gives its text.

    It ships with the package, so it is as literal as text in a module. What that returns raises FileNotFoundError.
    """

    @cache
    def query(name: str) -> LiteralString:
        return files(room).joinpath(f"{name}.sql").read_text("utf-8")

    return query
