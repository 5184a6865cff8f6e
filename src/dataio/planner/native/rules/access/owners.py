"""Owners. What a script creates belongs to who runs it, so only another owner is written.

https://www.postgresql.org/docs/current/sql-altertable.html (``OWNER TO``, the same for every kind that has owners)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dataio.planner.native.rules.access.roles import role_text
from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.address import address
from dataio.snapshot.keys import SELF, Key, attached_to
from dataio.snapshot.model import Fact


def _table_of(owner: Fact, context: Context) -> Key | None:
    """The table whose column owns a sequence: the sequence's owner follows the table's."""
    subject = attached_to(owner.key)
    owned = context.new.get("owned_by", *subject.path) if subject.kind == "sequence" else None
    if owned is None or not isinstance(owned["column"], tuple):
        return None
    return context.new.relation(str(owned["column"][0]), str(owned["column"][1]))


class OwnerRule(Rule):
    kind = "owner"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        if new["role"] != SELF and _table_of(new, context) not in context.coming:
            yield owned(new, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        return ()

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if _table_of(new, context) is not None and _table_of(old, context) is not None:
            return ()
        return [replace(owned(new, "alter"), displaces=frozenset(_made_over(old, new, context)))]


def _made_over(old: Fact, new: Fact, context: Context) -> Iterator[Key]:
    """What either owner has granted or was granted before and after: PostgreSQL makes it over to the new one."""
    subject, roles = attached_to(new.key), {old["role"], new["role"]}
    inside = [subject, *context.old.everything_in(subject)]
    columns = (key for key in inside if key.kind == "column")
    sequences = (key for column in columns for key in context.old.needed_by(column) if key.kind == "owned_by")
    inside += [key for owned_by in sequences for key in context.old.contents(Key("sequence", owned_by.path))]
    for key in inside:
        if key.kind == "privilege" and key in context.b.facts and roles & {*key.path[-2:]}:
            yield key


def owned(new: Fact, action: Action) -> Step:
    subject = address(attached_to(new.key))
    return Step(f"ALTER {subject} OWNER TO {role_text(new.text('role'))}", new.key, action)


RULES: tuple[Rule, ...] = (OwnerRule(),)
