"""What a script says besides its statements: settings, guard, registration. Templates for :mod:`psycopg.sql`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString

from psycopg import sql


@cache
def text(name: str) -> LiteralString:
    """The text of ``<name>.sql``. It ships with the package, so it is as literal as text in a module."""
    return files(__name__).joinpath(f"{name}.sql").read_text("utf-8").rstrip("\n")


def fill(template: str, /, **values: str | int | sql.Composable | None) -> str:
    """The text of ``<template>.sql`` with its ``{fields}`` filled in as SQL literals, or as they are where composed."""
    fields = {key: v if isinstance(v, sql.Composable) else sql.Literal(v) for key, v in values.items()}
    return sql.SQL(text(template)).format(**fields).as_string(None)
