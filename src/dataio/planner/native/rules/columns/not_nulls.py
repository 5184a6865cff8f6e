"""NOT NULL: a flag before PostgreSQL 18, a named constraint since.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dataio.planner.native.relations.inherited_names import stopping_rename
from dataio.planner.native.relations.inheriting import (
    cut_links,
    from_parents,
    kept_children,
    kept_descendants,
    kept_parents,
    primary_keys,
    relation_of,
)
from dataio.planner.native.relations.partitioning import link_of
from dataio.planner.native.relations.typed_tables import is_typed, stays_of
from dataio.planner.native.rules.columns.moves import (
    becomes_inherited,
    coming_from_parents,
    from_keeper,
    ties_over,
    ties_to_cut,
)
from dataio.planner.native.rules.columns.parts import (
    NAMED_NOT_NULL,
    alter_column,
    alter_table,
    is_usual_name,
    made_by_key,
)
from dataio.planner.native.rules.tables.keepers import kept_by
from dataio.planner.native.rules.tables.unchecked import above_new_child, checked_below, new_children, unchecked_above
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


class NotNullRule(Rule):
    kind = "not_null"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        if new["name"] is not None and (keeper := from_keeper(new.key, context)) is not None:
            text = f"ALTER TABLE {qualified(*keeper.path)} ADD CONSTRAINT {ident(new.text('name'))}"
            text += f" NOT NULL {ident(new.key.path[2])}{'' if new['validated'] else ' NOT VALID'}"
            yield Step(text, new.key, "create", after=frozenset({keeper}))
            return
        if from_parents(new) and any(self._is_opened(above, context) for above in self._above(new.key, context)):
            return
        parents = self._coming_from_parents(new.key, context)
        if parents and (new["name"] is None or (from_parents(new) and self._same_name(new, parents, context))):
            return
        if made_by_key(new, context):
            return
        if context.major >= NAMED_NOT_NULL and (parents or self._needs_a_name(new, context)):
            head = alter_table(relation_of(new.key), context)
            text = f"{head} ADD CONSTRAINT {ident(new.text('name'))} NOT NULL {ident(new.key.path[2])}"
            text += " NO INHERIT" if new["no_inherit"] else ""
            text += "" if new["validated"] else " NOT VALID"
        else:
            text = f"{alter_column(new.key, context)} SET NOT NULL"
        absorbs = frozenset(
            key
            for key in self._children(new.key, context, context.coming)
            if new["name"] is None or context.b.facts[key]["name"] == new["name"]
        )
        before = primary_keys(new.key, context.new) | frozenset(parents)
        below = kept_descendants(context, relation_of(new.key))
        after = frozenset(Key("column", (*child, new.key.path[2])) for child in below)
        earlier, later = new_children(new, context)
        yield Step(text, new.key, "create", absorbs=absorbs, before=before | later, after=after | earlier)
        yield from checked_below(new, context)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        if self._goes_with_parent(old, context):
            return
        yield Step(
            f"{alter_column(old.key, context)} DROP NOT NULL",
            old.key,
            "drop",
            absorbs=frozenset(
                key
                for key in self._children(old.key, context, context.going)
                if old["name"] is None or from_parents(context.a.facts[key])
            ),
            before=coming_from_parents(old.key, context) if old.key in context.coming else frozenset(),
            after=primary_keys(old.key, context.old)
            | cut_links(context, relation_of(old.key))
            | frozenset(self._above(old.key, context) if old["inherited"] else ()),
        )

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["name"] is not None and becomes_inherited(old, new, context):
            return REPLACE
        steps = []
        head = alter_table(relation_of(new.key), context)
        changed = {name for name in ("name", "no_inherit", "validated") if old[name] != new[name]}
        if not changed:
            return self._moved(old, new, head, context)
        if "validated" in changed and not new["validated"]:
            return REPLACE
        if "no_inherit" in changed and new["no_inherit"] and self._left_below(new.key, context):
            return REPLACE
        tied = any(kept_parents(context, relation_of(new.key)))
        if from_parents(old) and from_parents(new) and tied:
            if "validated" in changed and unchecked_above(new, context) - context.coming:
                text = f"{head} VALIDATE CONSTRAINT {ident(new.text('name'))}"
                return [Step(text, new.key, "alter")]
            if "name" not in changed or self._renamed_above(old, new, context):
                return ()
            return () if self._kept_partition(new.key, context) else REPLACE
        if "name" in changed:
            renamed = self._renamed(old, new, head, context)
            if is_typed(new.key, context.a) or is_typed(new.key, context.b):
                if len(renamed) != 1 or (of_type := stays_of(new.key, context)) is None:
                    return REPLACE  # what could be renamed was, before all else
                untied = replace(renamed[0], sql=f"{head} NOT OF")
                renamed = [untied, *renamed, replace(renamed[0], sql=f"{head} OF {of_type}")]
            steps += renamed
        name = ident(new.text("name"))
        if "no_inherit" in changed:
            word = "NO INHERIT" if new["no_inherit"] else "INHERIT"
            brought = self._children(new.key, context, context.coming) if not new["no_inherit"] else frozenset()
            steps.append(Step(f"{head} ALTER CONSTRAINT {name} {word}", new.key, "alter", carries=brought))
        if "validated" in changed:
            steps.append(Step(f"{head} VALIDATE CONSTRAINT {name}", new.key, "alter"))
        return steps if "name" in changed else [*steps, *self._moved(old, new, head, context)]

    def _left_below(self, key: Key, context: Context) -> bool:
        """Whether a child is not to keep as its own what NO INHERIT would leave it."""
        below = (Key("not_null", (*child, key.path[2])) for child in kept_children(context, relation_of(key)))
        facts = context.b.facts
        return any(one in context.a.facts and not (one in facts and facts[one]["is_local"]) for one in below)

    def _is_opened(self, key: Key, context: Context) -> bool:
        """Whether one that was NO INHERIT is passed on from now on."""
        kept = context.kept(key)
        return kept and bool(context.a.facts[key]["no_inherit"]) and not context.b.facts[key]["no_inherit"]

    def _above(self, key: Key, context: Context) -> Iterator[Key]:
        """The parents' for the same column."""
        return (Key("not_null", (*parent, key.path[2])) for parent in kept_parents(context, relation_of(key)))

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return ()

    def unties(self, old: Fact, new: Fact, context: Context) -> Iterable[Key]:
        """None that is inherited can be renamed; and a parent's only together with those of its name in children."""
        if old["name"] != new["name"]:
            yield from stopping_rename(old, new, context)
        if old["inherited"] and new["is_local"] and new["inherited"] and old["name"] != new["name"]:
            yield from ties_over(old, context)
        renamed = old["name"] != new["name"] and from_parents(old) and from_parents(new)
        link = self._kept_partition(new.key, context) if renamed else None
        if link is not None and not self._renamed_above(old, new, context):
            yield link

    def _kept_partition(self, key: Key, context: Context) -> Key | None:
        """The tie to a partitioned table, of which a key or an identity may hold up its own constraint."""
        link = link_of(context.old, relation_of(key))
        return link if link is not None and context.kept(link) else None

    def remakes(self, new: Fact, context: Context) -> Iterable[Key]:
        return above_new_child(new, context)

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """One that only parents declare goes with theirs."""
        if old["name"] is not None and from_parents(old) and old.key in context.b.facts:
            for parent in kept_parents(context, relation_of(old.key)):
                yield Key("not_null", (*parent, old.key.path[2]))
        new = context.b.facts.get(old.key)
        if old["name"] is not None and new is not None and becomes_inherited(old, new, context):
            yield from ties_to_cut(old, new, context)
            yield from primary_keys(old.key, context.old)

    def _moved(self, old: Fact, new: Fact, head: str, context: Context) -> list[Step]:
        """Declared here as well from now on: before the parent's may go, so that it stays."""
        if old["name"] is None or old["is_local"] or not new["is_local"]:
            return []
        parents = {
            Key("not_null", (*parent, new.key.path[2])) for parent in kept_parents(context, relation_of(new.key))
        }
        if not parents or (not new["inherited"] and not parents & context.going):
            return []  # PostgreSQL itself made it local, when it cut the tie
        text = f"{head} ADD CONSTRAINT {ident(new.text('name'))} NOT NULL {ident(new.key.path[2])}"
        return [Step(text, new.key, "alter", before=frozenset(parents))]

    def _renamed_above(self, old: Fact, new: Fact, context: Context) -> bool:
        """Whether a parent's constraint of the old name gets the new one: children follow."""
        above = (Key("not_null", (*parent, new.key.path[2])) for parent in kept_parents(context, relation_of(new.key)))
        return any(
            context.kept(key)
            and context.a.facts[key]["name"] == old["name"]
            and context.b.facts[key]["name"] == new["name"]
            for key in above
        )

    def _renamed(self, old: Fact, new: Fact, head: str, context: Context) -> list[Step]:
        """While no parent's is tied to it: PostgreSQL renames none that is inherited."""
        table = relation_of(kept_by(new.key, context) or new.key)
        rename = f"ALTER TABLE {qualified(*table)} RENAME CONSTRAINT"  # foreign ones have no such word
        name, wanted = old.text("name"), new.text("name")
        after, before = cut_links(context, relation_of(new.key)), self._coming_from_parents(new.key, context)
        kept = self._kept_from_parents(old, head, context)
        after |= frozenset().union(*(step.before for step in kept))
        steps, holder, circle = [*kept], self._holder(new, context), self._circle(new, context)
        if circle and new.key == min(circle):
            aside = f"{name[:50]}__old"
            text = f"{rename} {ident(name)} TO {ident(aside)}"
            steps.append(Step(text, _loose(new.key), "alter", after=after, before=frozenset(before)))
            name = aside
        if holder is not None:
            after |= {_loose(holder) if circle and holder == min(circle) else holder}
        text = f"{rename} {ident(name)} TO {ident(wanted)}"
        carried = frozenset(self._following(old, new, context))
        return [*steps, Step(text, new.key, "alter", after=after, before=frozenset(before), carries=carried)]

    def _following(self, old: Fact, new: Fact, context: Context) -> Iterator[Key]:
        """Those of children that get the new name along with this one."""
        for child in kept_descendants(context, relation_of(new.key)):
            key = Key("not_null", (*child, new.key.path[2]))
            was, becomes = context.a.facts.get(key), context.b.facts.get(key)
            names = [fact and fact["name"] for fact in (was, becomes)]
            if names == [old["name"], new["name"]]:
                yield key

    def _holder(self, new: Fact, context: Context) -> Key | None:
        """What still has the name that a constraint is to get."""
        table = relation_of(new.key)
        if (other := Key("constraint", (*table, new.text("name")))) in context.a.facts:
            return other
        relation = context.old.relation(*table)
        for column in context.old.contents(relation) if relation else ():
            theirs = context.old.get("not_null", *column.path) if column.kind == "column" else None
            if theirs is not None and theirs["name"] == new["name"]:
                return theirs.key
        return None

    def _circle(self, new: Fact, context: Context) -> list[Key]:
        """Those of a table that get each other's names, where this is one of them."""
        found: list[Key] = []
        holder = self._holder(new, context)
        while holder is not None and holder.kind == "not_null" and context.kept(holder) and holder not in found:
            found.append(holder)
            if holder == new.key:
                return found
            holder = self._holder(context.b.facts[holder], context)
        return []

    def _kept_from_parents(self, old: Fact, head: str, context: Context) -> list[Step]:
        """Declared here as well before a parent's goes, which would take one along that is only inherited."""
        above = (Key("not_null", (*parent, old.key.path[2])) for parent in kept_parents(context, relation_of(old.key)))
        going = frozenset(above) & context.going
        if old["is_local"] or not going:
            return []
        text = f"{head} ADD CONSTRAINT {ident(old.text('name'))} NOT NULL {ident(old.key.path[2])}"
        return [Step(text, old.key, "alter", before=going)]

    def _needs_a_name(self, new: Fact, context: Context) -> bool:
        special = bool(new["no_inherit"]) or not new["validated"]
        return isinstance(new["name"], str) and (special or not is_usual_name(new, context))

    def _children(self, key: Key, context: Context, moving: frozenset[Key]) -> frozenset[Key]:
        below = kept_descendants(context, relation_of(key))
        return frozenset(Key("not_null", (*child, key.path[2])) for child in below) & moving

    def _coming_from_parents(self, key: Key, context: Context) -> list[Key]:
        above = (Key("not_null", (*parent, key.path[2])) for parent in kept_parents(context, relation_of(key)))
        return [parent for parent in above if parent in context.coming]

    def _same_name(self, new: Fact, parents: list[Key], context: Context) -> bool:
        return all(context.b.facts[parent]["name"] == new["name"] for parent in parents)

    def _goes_with_parent(self, old: Fact, context: Context) -> bool:
        if old["name"] is not None and not from_parents(old):
            return False
        above = kept_parents(context, relation_of(old.key))
        return any(Key("not_null", (*parent, old.key.path[2])) in context.going for parent in above)


def _loose(key: Key) -> Key:
    """Stands for the statement that takes a name away for a while: nothing else waits for that."""
    return Key(key.kind, (*key.path[:2], f"{key.path[2]}__loose"))


RULES: tuple[Rule, ...] = (NotNullRule(),)
