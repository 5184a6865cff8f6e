"""What constraints and unique indexes ask of rows, as the desired database has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg.rows import class_row

from dataio.planner.sql import query


@dataclass(frozen=True)
class Rule:
    """One of them. ``keys`` read as a person would write them, ``grouped`` with their collations.

    ``operators``: of EXCLUDE and WITHOUT OVERLAPS, per key; ``equal``: of a foreign key, from the referenced column to
    the referring one, and of a unique index where one of its keys does not compare by its type's own ``=``.
    ``wanted``: it was asked for by its name.
    """

    schema: str
    table: str
    name: str
    type: str
    expression: str | None
    no_inherit: bool
    keys: tuple[str, ...]
    grouped: tuple[str, ...]
    operators: tuple[str, ...] | None
    equal: tuple[str, ...] | None
    predicate: str | None
    nulls_not_distinct: bool
    period: bool
    match_full: bool
    columns: tuple[str, ...]
    referenced: tuple[str, ...]
    ref_schema: str | None
    ref_table: str | None
    wanted: bool


@dataclass(frozen=True)
class Rules:
    """``named``: those asked for, by schema, table and name; ``depending``: those on the columns asked for."""

    named: dict[tuple[str, str, str], Rule]
    depending: tuple[Rule, ...] = ()

    @classmethod
    def read(
        cls,
        wanted: psycopg.Connection[Any],
        names: Sequence[tuple[str, ...]],
        columns: Sequence[tuple[str, ...]],
    ) -> Rules:
        if not names and not columns:
            return cls({})
        wanted.execute("set search_path = ''")
        with wanted.cursor(row_factory=class_row(Rule)) as cursor:
            values = {"wanted": json.dumps(names), "columns": json.dumps(columns)}
            rules = [_frozen(rule) for rule in cursor.execute(query("row_rules"), values).fetchall()]
        named = {(rule.schema, rule.table, rule.name): rule for rule in rules if rule.wanted}
        return cls(named, tuple(rule for rule in rules if not rule.wanted))


def _frozen(rule: Rule) -> Rule:
    return replace(
        rule,
        keys=tuple(rule.keys or ()),
        grouped=tuple(rule.grouped or ()),
        operators=tuple(rule.operators) if rule.operators is not None else None,
        equal=tuple(rule.equal) if rule.equal is not None else None,
        columns=tuple(rule.columns or ()),
        referenced=tuple(rule.referenced or ()),
    )
