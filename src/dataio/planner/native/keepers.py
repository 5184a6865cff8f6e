"""Columns that stay inherited while a table changes its parents.

``NO INHERIT`` makes what came from the parent the table's own, and no command takes that back. So where all parents of
a column go and others come, the table inherits it from one more meanwhile, which is gone in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dataio.planner.native.inheriting import from_parents, links_up
from dataio.planner.native.sql import ident, qualified
from dataio.planner.native.step import Context, Step
from dataio.snapshot.kinds import Key

_LONGEST: Final = 50
_INHERITED: Final = frozenset({"column", "not_null", "constraint"})


def keepers(context: Context) -> Iterator[Sequence[Step]]:
    """The chains that make such a parent before ties are cut, and drop it after the new ones are made."""
    children = {key.path[:2] for key in context.going if key.kind == "inheritance"}
    for path in sorted(children & {key.path[:2] for key in context.coming if key.kind == "inheritance"}):
        table = Key("table", path)
        if context.kept(table) and (kept := _kept(table, context)):
            yield from _chains(table, kept, context)


def _kept(table: Key, context: Context) -> list[Key]:
    """What is inherited before and after, unchanged, and from no parent that stays."""
    name = (table.path[0], table.path[1])
    staying = {parent for link, parent in links_up(context.old, name) if link not in context.going}
    found = []
    for new in context.b.children(table):
        old = context.a.facts.get(new.key)
        if new.key.kind not in _INHERITED or old is None or not (from_parents(old) and from_parents(new)):
            continue
        same = {**old.attributes, "inherited": 0} == {**new.attributes, "inherited": 0}
        if same and not any(Key(new.key.kind, (*parent, new.key.path[2])) in context.a.facts for parent in staying):
            found.append(new.key)
    columns = {key.path[2] for key in found if key.kind == "column"}
    return [key for key in found if key.kind != "not_null" or key.path[2] in columns] if columns else []


def _chains(table: Key, kept: list[Key], context: Context) -> Iterator[Sequence[Step]]:
    schema, name = table.path
    keeper = (schema, f"{name[:_LONGEST]}__keeper")
    child, parent = qualified(*table.path), qualified(*keeper)
    columns = ", ".join(ident(key.path[2]) for key in kept if key.kind == "column")
    before = [f"CREATE TABLE {parent} AS SELECT {columns} FROM {child} WITH NO DATA"]
    for key in kept:
        fact = context.b.facts[key]
        if key.kind == "not_null":
            before.append(f"ALTER TABLE {parent} ALTER COLUMN {ident(key.path[2])} SET NOT NULL")
        elif key.kind == "constraint":
            before.append(f"ALTER TABLE {parent} ADD CONSTRAINT {ident(key.path[2])} {fact.text('definition')}")
    before.append(f"ALTER TABLE {child} INHERIT {parent}")
    ties = {key for key in context.going | context.coming if key.kind == "inheritance" and key.path[:2] == table.path}
    yield [Step(text, Key("table", keeper), "alter", before=frozenset(ties)) for text in before]
    after = Key("table", (schema, f"{keeper[1]}__gone"))
    yield [
        Step(text, after, "create", after=frozenset(ties))
        for text in (f"ALTER TABLE {child} NO INHERIT {parent}", f"DROP TABLE {parent}")
    ]
