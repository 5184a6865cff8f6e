"""Constraints of tables: check, primary key, unique, foreign key, exclude.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.relations.inheriting import (
    comes,
    cut_links,
    from_parents,
    going_below,
    kept_children,
    kept_parents,
    links_up,
    relation_of,
)
from dataio.planner.native.relations.leaving import loosened_below
from dataio.planner.native.relations.partitioning import (
    WITH_INDEX,
    broken_by_cut,
    brought,
    comes_along,
    inherits,
    link_of,
    table_of,
)
from dataio.planner.native.relations.persistence import changing
from dataio.planner.native.relations.referenced import keys_that_go
from dataio.planner.native.relations.taken_in import taken_by, taking
from dataio.planner.native.rules.columns.moves import becomes_inherited, coming_from_parents, from_keeper, ties_to_cut
from dataio.planner.native.rules.columns.parts import alter_table, made_by_key
from dataio.planner.native.rules.tables.indexes import (
    after_links,
    attach,
    before_parents,
    index_displaced,
    index_moved,
    index_takes_along,
    stands_alone,
    unattachable,
)
from dataio.planner.native.rules.tables.unchecked import above_new_child, checked_below, new_children, unchecked_above
from dataio.planner.native.side import above
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.constraint_text import body, plain, with_clauses
from dataio.planner.native.text.options import parameters, set_and_reset
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_PLACE: Final = frozenset({"is_local", "inherited", "parent", "index_parent"})


def clause(new: Fact, context: Context) -> str:
    """``CONSTRAINT name definition``, with the options of the index behind it."""
    text = plain(new, wording.text(new, "definition", context))
    parts = []
    if new["index_options"]:
        parts.append(f"WITH ({parameters(new['index_options'])})")
    if new["index_tablespace"]:
        parts.append(f"USING INDEX TABLESPACE {ident(new.text('index_tablespace'))}")
    if parts:
        text = with_clauses(text, ("WHERE", "DEFERRABLE"), *parts)
    return f"CONSTRAINT {ident(new.key.path[2])} {text}"


class ConstraintRule(Rule):
    kind = "constraint"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        table = relation_of(new.key)
        if self._comes_with_parent(new, context):
            return
        if (keeper := from_keeper(new.key, context)) is not None:
            text = f"ALTER TABLE {qualified(*keeper.path)} ADD {clause(new, context)}"
            yield Step(text, new.key, "create", after=frozenset({keeper}))
            return
        earlier, later = new_children(new, context)
        alone = new["type"] in WITH_INDEX and stands_alone(new, context)
        yield Step(
            f"{alter_table(table, context, alone=alone)} ADD {clause(new, context)}",
            new.key,
            "create",
            absorbs=frozenset(
                (*brought(new.key, context), *self._not_null(new, context), *self._passed_on(new, context))
            ),
            after=after_links(new, context)
            | earlier
            | changing(new, context)
            | keys_that_go(new, context)
            | frozenset(fact.key for fact in taken_by(new, context)),
            before=before_parents(new, context) | later | self._merging(new, context),
        )
        yield from attach(new, context)
        yield from checked_below(new, context)

    def _not_null(self, new: Fact, context: Context) -> Iterator[Key]:
        """What a primary key makes of its columns by itself."""
        columns = new["columns"] if new["type"] == "primary key" else ()
        for column in columns if isinstance(columns, tuple) else ():
            key = Key("not_null", (*relation_of(new.key), str(column)))
            if key in context.coming and made_by_key(context.b.facts[key], context):
                yield key

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        if self._goes_with_parent(old, context):
            return
        table = relation_of(old.key)
        before = coming_from_parents(old.key, context) - context.going if old.key in context.coming else frozenset()
        yield Step(
            f"{alter_table(table, context)} DROP CONSTRAINT {ident(old.key.path[2])}",
            old.key,
            "drop",
            before=before,
            after=(cut_links(context, table) - self._cut_without(old, context))
            | loosened_below(table, context)
            | self._merged(old, context),
        )

    def _cut_without(self, old: Fact, context: Context) -> frozenset[Key]:
        """The tie that is cut only when a foreign key is away: that of the partition it refers to."""
        if not isinstance(table := old["references"], tuple):
            return frozenset()
        child = (str(table[0]), str(table[1]))
        link = link_of(context.old, child)
        return frozenset({link}) if link is not None and old.key in broken_by_cut(child, context) else frozenset()

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        changed = {name for name in old.attributes if old[name] != new[name]}
        if old["type"] == "check" and becomes_inherited(old, new, context):
            return REPLACE
        if old["type"] == "foreign key" and index_moved(old, new, context) is REPLACE:
            return REPLACE
        if changed <= _PLACE:
            return self._moved(old, new, context)
        if old["type"] != new["type"] or body(old) != body(new) or old["no_inherit"] != new["no_inherit"]:
            return REPLACE
        head = alter_table(relation_of(new.key), context)
        name = ident(new.key.path[2])
        follows = self._follows_parent(old, new, context)
        apart = self._between_ties(new, context)
        steps = []
        if {"deferrable", "deferred"} & changed or "enforced" in changed:
            if old["type"] != "foreign key" or ("enforced" in changed and context.major < 18):
                return REPLACE
            if not follows:
                words = self._checking(old, new)
                steps.append(Step(f"{head} ALTER CONSTRAINT {name} {words}", new.key, "alter", displaces=apart))
        elif "validated" in changed:
            if not new["validated"]:
                return REPLACE
            if not follows or unchecked_above(new, context):
                steps.append(Step(f"{head} VALIDATE CONSTRAINT {name}", new.key, "alter", displaces=apart))
            if old["type"] == "check":
                steps += self._declared(old, new, context)
        index = f"ALTER INDEX {qualified(new.key.path[0], new.key.path[2])}"
        if "index_options" in changed:
            actions = set_and_reset(old["index_options"], new["index_options"])
            steps += [Step(f"{index} {action}", new.key, "alter") for action in actions]
        if "index_tablespace" in changed:
            space = ident(str(new["index_tablespace"] or "pg_default"))
            steps.append(Step(f"{index} SET TABLESPACE {space}", new.key, "alter"))
        return steps

    def _checking(self, old: Fact, new: Fact) -> str:
        words = []
        if (old["deferrable"], old["deferred"]) != (new["deferrable"], new["deferred"]):
            words.append("DEFERRABLE" if new["deferrable"] else "NOT DEFERRABLE")
            if new["deferrable"]:
                words.append("INITIALLY DEFERRED" if new["deferred"] else "INITIALLY IMMEDIATE")
        if old["enforced"] != new["enforced"]:
            words.append("ENFORCED" if new["enforced"] else "NOT ENFORCED")
        return " ".join(words)

    # ---- parents and children --------------------------------------------------------------------------------------

    def _moved(self, old: Fact, new: Fact, context: Context) -> Answer:
        """Only its ties to the parents' constraints changed: mostly what tied the tables did that."""
        return self._declared(old, new, context) or index_moved(old, new, context)

    def _declared(self, old: Fact, new: Fact, context: Context) -> list[Step]:
        """Declared here as well from now on: before the parents' may go, so that it stays."""
        tied = any(kept_parents(context, relation_of(new.key)))  # else NO INHERIT makes it the table's own
        above = self._merged(old, context) & context.going if new["type"] == "check" else frozenset()
        if old["is_local"] or not new["is_local"] or not tied or not (new["inherited"] or above):
            return []
        text = f"{alter_table(relation_of(new.key), context)} ADD {clause(new, context)}"
        again = above & context.coming
        return [Step(text, new.key, "alter", before=above - again, displaces=again)]

    def _comes_with_parent(self, new: Fact, context: Context) -> bool:
        if above(new) is not None:
            return comes_along(new, context)
        if not from_parents(new):
            return False
        name, table = new.key.path[2], relation_of(new.key)
        tied = [*kept_parents(context, table), *(parent for _, parent in inherits(table, context))]
        if new["type"] == "check" and not new["validated"] and comes(table, context):
            tied += [parent for link, parent in links_up(context.new, table) if link.kind == "partition"]
        return any(Key("constraint", (*parent, name)) in context.coming for parent in tied)

    def _passed_on(self, new: Fact, context: Context) -> Iterator[Key]:
        """The checks that children get by it, at all depths."""
        if new["type"] != "check":
            return
        for child in kept_children(context, relation_of(new.key)):
            below = context.new.get("constraint", *child, new.key.path[2])
            if below is not None and below.key in context.coming and from_parents(below):
                yield below.key
                yield from self._passed_on(below, context)

    def _goes_with_parent(self, old: Fact, context: Context) -> bool:
        tied = set(kept_parents(context, relation_of(old.key)))
        parent = above(old)
        if parent is not None:
            return table_of(context.a.facts[parent]) in tied and parent in context.going
        name = old.key.path[2]
        return from_parents(old) and any(Key("constraint", (*table, name)) in context.going for table in tied)

    def _merging(self, new: Fact, context: Context) -> frozenset[Key]:
        """The parents' new checks of a name: one that is declared here as well is there before, and takes theirs in."""
        if new["type"] != "check" or not new["inherited"] or not new["is_local"]:
            return frozenset()
        tied = kept_parents(context, relation_of(new.key))
        return frozenset(Key("constraint", (*table, new.key.path[2])) for table in tied) & context.coming

    def _merged(self, old: Fact, context: Context) -> frozenset[Key]:
        """The parents' constraints of a name: one that is declared here as well goes only after theirs."""
        if not old["inherited"]:
            return frozenset()
        tied = kept_parents(context, relation_of(old.key))
        return frozenset(Key("constraint", (*table, old.key.path[2])) for table in tied)

    def _follows_parent(self, old: Fact, new: Fact, context: Context) -> bool:
        parent = above(new)
        if parent is not None and parent == above(old):
            return context.kept(parent)
        return from_parents(old) and from_parents(new)

    def _between_ties(self, new: Fact, context: Context) -> frozenset[Key]:
        """The tie to a parent whose constraint is made anew: only between the two is the partition's its own."""
        parent = above(new)
        if parent is None or context.kept(parent):
            return frozenset()
        return frozenset(link for link, _ in links_up(context.new, relation_of(new.key)) if link in context.coming)

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return index_displaced(old, gone, context)

    def remakes(self, new: Fact, context: Context) -> Iterable[Key]:
        yield from above_new_child(new, context)
        if unattachable(new, context) and (parent := above(new)) is not None:
            yield parent
        yield from (own.key for own in taking(new, context))

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        yield from index_takes_along(old, context)
        new = context.b.facts.get(old.key)
        if new is not None and old["type"] == new["type"] == "check":
            yield from ties_to_cut(old, new, context)
            if from_parents(old) and from_parents(new) and old["validated"] and not new["validated"]:
                above = kept_parents(context, relation_of(old.key))
                yield from (Key("constraint", (*parent, old.key.path[2])) for parent in above)
            yield from (below for _, below in going_below(old.key, context))


RULES: tuple[Rule, ...] = (ConstraintRule(),)
