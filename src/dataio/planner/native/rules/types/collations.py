"""Collations. https://www.postgresql.org/docs/current/sql-createcollation.html"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.model import Fact


class CollationRule(Rule):
    """PostgreSQL alters nothing of a collation but its name and version."""

    kind = "collation"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"CREATE COLLATION {qualified(*new.key.path)} ({', '.join(self._parts(new))})", new.key, "create")

    @staticmethod
    def _parts(new: Fact) -> Iterable[str]:
        yield f"provider = {new['provider']}"
        if new["deterministic"] is False:
            yield "deterministic = false"
        if new["locale"] is not None:
            yield f"locale = {literal(new.text('locale'))}"
        elif new["lc_collate"] is not None and new["lc_collate"] == new["lc_ctype"]:
            yield f"locale = {literal(new.text('lc_collate'))}"
        else:
            for name in ("lc_collate", "lc_ctype"):
                if new[name] is not None:
                    yield f"{name} = {literal(new.text(name))}"
        if new["rules"] is not None:
            yield f"rules = {literal(new.text('rules'))}"

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP COLLATION {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE

    def aside(self, old: Fact, name: str, context: Context) -> Iterable[Step]:
        yield Step(f"ALTER COLLATION {qualified(*old.key.path)} RENAME TO {ident(name)}", old.key, "drop")


RULES: tuple[Rule, ...] = (CollationRule(),)
