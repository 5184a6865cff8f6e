"""Aggregates. https://www.postgresql.org/docs/current/sql-createaggregate.html"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import literal, qualified
from dataio.snapshot.model import Fact

_FIXED: Final = frozenset({"variety", "signature", "stype", "finalfunc", "mstype", "mfinalfunc"})
"""What CREATE OR REPLACE AGGREGATE may not change: how it is called, and what it returns."""


def _parts(fact: Fact) -> Iterable[str]:
    yield f"SFUNC = {fact['sfunc']}"
    yield f"STYPE = {fact['stype']}"
    if fact["sspace"]:
        yield f"SSPACE = {fact['sspace']}"
    yield from _final(fact, "")
    for name in ("combinefunc", "serialfunc", "deserialfunc"):
        if fact[name]:
            yield f"{name.upper()} = {fact[name]}"
    if fact["initcond"] is not None:
        yield f"INITCOND = {literal(fact.text('initcond'))}"
    if fact["msfunc"]:
        yield f"MSFUNC = {fact['msfunc']}"
        yield f"MINVFUNC = {fact['minvfunc']}"
        yield f"MSTYPE = {fact['mstype']}"
        if fact["msspace"]:
            yield f"MSSPACE = {fact['msspace']}"
        yield from _final(fact, "m")
        if fact["minitcond"] is not None:
            yield f"MINITCOND = {literal(fact.text('minitcond'))}"
    if fact["sortop"]:
        yield f"SORTOP = {fact['sortop']}"
    if fact["parallel"]:
        yield f"PARALLEL = {fact.text('parallel').upper()}"
    if fact["variety"] == "hypothetical":
        yield "HYPOTHETICAL"


def _final(fact: Fact, prefix: str) -> Iterable[str]:
    """The final function of the plain or the moving aggregate, and what it does to its state."""
    word = f"{prefix.upper()}FINALFUNC"
    if fact[f"{prefix}finalfunc"]:
        yield f"{word} = {fact[f'{prefix}finalfunc']}"
    if fact[f"{prefix}finalfunc_extra"]:
        yield f"{word}_EXTRA"
    if fact[f"{prefix}finalfunc_modify"]:
        yield f"{word}_MODIFY = {fact.text(f'{prefix}finalfunc_modify').upper()}"


class AggregateRule(Rule):
    kind = "aggregate"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._create(new, "CREATE AGGREGATE", "create")

    @staticmethod
    def _create(new: Fact, verb: str, action: Action) -> Step:
        schema, name, _ = new.key.path
        parts = ",\n    ".join(_parts(new))
        return Step(f"{verb} {qualified(schema, name)}({new['signature']}) (\n    {parts}\n)", new.key, action)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        schema, name, _ = old.key.path
        yield Step(f"DROP AGGREGATE {qualified(schema, name)}({old['signature']})", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if any(old[name] != new[name] for name in _FIXED):
            return REPLACE
        return [self._create(new, "CREATE OR REPLACE AGGREGATE", "alter")]


RULES: tuple[Rule, ...] = (AggregateRule(),)
