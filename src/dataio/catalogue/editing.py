"""Statements that any table of the catalogue needs: a page of rows, one row, add, change, remove.

Built from the models by column names, so that a column that does not exist fails when the statement is built, not when
it runs.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from dataio.catalogue.compiled import Query, compiled
from dataio.catalogue.models import Base

Model: TypeAlias = type[Base]
Names: TypeAlias = tuple[str, ...]


def _columns(model: Model, names: Names) -> list[Any]:
    return [getattr(model, name) for name in names]


def _matching(model: Model, keys: Names, prefix: str = "key_") -> list[Any]:
    return [getattr(model, name) == bindparam(prefix + name, type_=getattr(model, name).type) for name in keys]


@cache
def page(model: Model, shown: Names, order: Names, *, where: Names = (), after: bool = False) -> Query:
    """``row_limit`` rows in the order of the columns ``order`` (a key), those of ``where`` (``key_…``) only.

    With ``after`` behind the row whose key is ``after_…``.
    """
    statement = select(*_columns(model, shown)).where(*_matching(model, where))
    columns = _columns(model, order)
    if after:
        place = [bindparam("after_" + name, type_=getattr(model, name).type) for name in order]
        statement = statement.where(tuple_(*columns) > tuple_(*place))
    return compiled(statement.order_by(*columns).limit(bindparam("row_limit", type_=BigInteger())))


@cache
def one(model: Model, shown: Names, keys: Names) -> Query:
    """The row whose columns ``keys`` are ``key_…``."""
    return compiled(select(*_columns(model, shown)).where(*_matching(model, keys)))


@cache
def add(model: Model, given: Names, shown: Names) -> Query:
    """Insert a row of the columns ``given``; what it became."""
    values = {name: bindparam(name, type_=getattr(model, name).type) for name in given}
    return compiled(insert(model).values(values).returning(*_columns(model, shown)))


@cache
def put(model: Model, given: Names, keys: Names, shown: Names) -> Query:
    """Insert a row, or change the one that has the same ``keys``; what it became."""
    values = {name: bindparam(name, type_=getattr(model, name).type) for name in (*keys, *given)}
    statement = upsert(model).values(values)
    changed = {name: getattr(statement.excluded, name) for name in (given or keys[:1])}
    return compiled(
        statement.on_conflict_do_update(index_elements=list(keys), set_=changed).returning(*_columns(model, shown))
    )


@cache
def change(model: Model, given: Names, keys: Names, shown: Names) -> Query:
    """Change the columns ``given`` of the row whose ``keys`` are ``key_…``; what it became."""
    values = {name: bindparam(name, type_=getattr(model, name).type) for name in given}
    statement = update(model).where(*_matching(model, keys)).values(values)
    return compiled(statement.returning(*_columns(model, shown)))


@cache
def remove(model: Model, keys: Names) -> Query:
    """Delete the rows whose ``keys`` are ``key_…``; the keys that are gone."""
    return compiled(delete(model).where(*_matching(model, keys)).returning(*_columns(model, keys)))
