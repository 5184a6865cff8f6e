"""Columns of tables: added, dropped, and altered in place wherever PostgreSQL can.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.relations.inheriting import (
    dropped_with,
    from_parents,
    kept_children,
    kept_descendants,
    kept_parents,
    links_up,
    relation_of,
    tied_below,
)
from dataio.planner.native.relations.leaving import cut_first
from dataio.planner.native.relations.row_types import of_rows
from dataio.planner.native.relations.typed_tables import is_added_again
from dataio.planner.native.rules.columns.casts import cast, is_of, moves_to_next
from dataio.planner.native.rules.columns.facts import (
    as_added,
    attribute_of,
    becomes_local,
    comes_to,
    coming_below,
    comparable,
    forgotten,
    inherited_below,
    moves_with_extension,
    same_type,
    uniform,
)
from dataio.planner.native.rules.columns.moves import (
    aside_name,
    coming_from_parents,
    copied_over,
    from_keeper,
    is_moved,
    move_aside,
    steps_aside,
    take_over,
    ties_over,
)
from dataio.planner.native.rules.columns.parts import alter_column, alter_table, default_clause, identity_details
from dataio.planner.native.rules.columns.row_holders import in_the_way, rewriting
from dataio.planner.native.rules.columns.settings import settings
from dataio.planner.native.rules.columns.text import definition, finishing, generated_clause, type_clause
from dataio.planner.native.rules.columns.ties import (
    becomes_plain,
    other_trees,
    taken_along,
    ties_below,
    ties_down,
    ties_over_own_not_nulls,
)
from dataio.planner.native.rules.tables.keepers import kept_by
from dataio.planner.native.side import MOVABLE
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

_GENERATION: Final = ("generated", "expression")


class ColumnRule(Rule):
    kind = "column"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        table = relation_of(new.key)
        if (keeper := from_keeper(new.key, context)) is not None:
            yield from self._through(keeper, new, context)
            return
        if is_moved(new.key, context):
            yield from take_over(new, context)
            return
        if from_parents(new) and any(comes_to(parent, new.key, context) for parent in kept_parents(context, table)):
            return  # comes with the parent's
        if attribute_of(new.key, context) in context.coming:
            return  # comes with the attribute of its table's type
        text, settled = definition(new, context)
        inherited, first = coming_below(new.key, context)
        parts = {Key(part.kind, key.path) for part in settled for key in inherited if part.kind == "not_null"}
        defaults, without = self._defaults_below(new.key, inherited, settled, context)
        leaving, coming = of_rows(table, context)
        yield Step(
            f"{alter_table(table, context)} ADD COLUMN {text}",
            new.key,
            "create",
            absorbs=settled | inherited | defaults | (frozenset(parts) & context.coming),
            after=first | leaving | (cut_first(table, context) - context.coming),
            before=coming,
        )
        yield from without
        if (identity := context.new.get("identity", *new.key.path)) is not None and identity.key in settled:
            yield from identity_details(identity, context)
        yield from finishing(new, context)
        if is_added_again(new.key, context):
            yield from take_over(new, context)
        for key in sorted(inherited):
            theirs = context.b.facts[key]
            yield from settings(as_added(new, theirs, context), theirs, context)
            if theirs["expression"] != new["expression"] and self._expressed_here(theirs, inherited, context):
                yield self._expressed(theirs, "create", context)

    def _through(self, keeper: Key, new: Fact, context: Context) -> Iterator[Step]:
        """A column that the table's keeper passes on; NOT NULL has a statement of its own."""
        moved, default = is_moved(new.key, context), context.new.get("default", *new.key.path)
        childless = not tied_below(relation_of(new.key), context)  # DROP EXPRESSION goes down one level only
        if moved and childless and same_type(context.a.facts[new.key], new):
            yield from copied_over(keeper, new, type_clause(new), context)
            yield from finishing(new, context, inherited=True)
            return
        words, settled = [ident(new.key.path[2]), type_clause(new)], frozenset[Key]()
        if new["generated"]:
            words.append(generated_clause(new, context))
        if default is not None and not moved and default.key not in context.apart:
            words.append(default_clause(default, context))
            settled = frozenset({default.key})
        text = f"ALTER TABLE {qualified(*keeper.path)} ADD COLUMN {' '.join(words)}"
        inherited, _ = coming_below(new.key, context)
        yield Step(text, new.key, "create", absorbs=settled | inherited, after=frozenset({keeper}))
        if moved:
            yield from take_over(new, context)
        yield from finishing(new, context, inherited=True)

    def _defaults_below(
        self, key: Key, inherited: frozenset[Key], settled: frozenset[Key], context: Context
    ) -> tuple[frozenset[Key], list[Step]]:
        """Defaults of children that come with the parent's, and what takes it away from those that have none."""
        mine = Key("default", key.path)
        if mine not in settled:
            return frozenset(), []
        same, without = set(), []
        for child in sorted(inherited):
            theirs = Key("default", child.path)
            if theirs not in context.b.facts:
                without.append(Step(f"{alter_column(child, context, alone=True)} DROP DEFAULT", key, "create"))
            elif context.b.facts[theirs].values == context.b.facts[mine].values:
                same.add(theirs)
        return frozenset(same), without

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        table, name = relation_of(old.key), old.key.path[2]
        if is_moved(old.key, context):
            yield from move_aside(old, context)
            return
        if is_added_again(old.key, context):
            text = f"{alter_table(table, context)} RENAME COLUMN {ident(name)} TO {ident(aside_name(old.key))}"
            yield Step(text, old.key, "drop")
            return
        if attribute_of(old.key, context) in context.going:
            return
        parents = [Key("column", (*parent, name)) for parent in kept_parents(context, table)]
        if from_parents(old) and any(parent in context.going for parent in parents):
            return
        children = [Key("column", (*child, name)) for child in kept_children(context, table)]
        staying = [key for key in children if key not in context.going and becomes_local(key, context)]
        below = [Key("column", (*child, name)) for child in kept_descendants(context, table)]
        gone = frozenset(key for key in below if key in context.going and from_parents(context.a.facts[key]))
        yield Step(
            f"{alter_table(table, context, alone=bool(staying))} DROP COLUMN {ident(name)}",
            old.key,
            "drop",
            absorbs=frozenset() if staying else self._with_it(gone | {old.key}, context) - {old.key},
            carries=gone,
            after=self._cut_loose(old, context) | frozenset(parents) | cut_first(table, context),
            before=coming_from_parents(old.key, context) - context.going,
        )

    def _with_it(self, columns: frozenset[Key], context: Context) -> frozenset[Key]:
        found = set(columns)
        for column in columns:
            found.update(context.old.everything_in(column))
            found |= self._along(column, context)
        return (frozenset(found) & context.going) - context.apart

    def _along(self, key: Key, context: Context) -> frozenset[Key]:
        """What goes with a column without a word: indexes and constraints over it, the sequence it owns."""
        found: set[Key] = set()
        for dependent in context.old.needed_by(key):
            along = dependent.kind in {"index", "constraint", "statistics"} and dependent not in context.apart
            if along and dropped_with(dependent, context.old, context.going) == key:
                found.update((dependent, *context.old.everything_in(dependent)))
            if dependent.kind == "owned_by":
                sequence = Key("sequence", dependent.path)
                if sequence in context.going:
                    found.update((sequence, dependent, *context.old.everything_in(sequence)))
        return frozenset(found) & context.going

    def _cut_loose(self, old: Fact, context: Context) -> frozenset[Key]:
        """Ties to parents that are cut: an inherited column can go only after that."""
        links = {link for link, _ in links_up(context.old, relation_of(old.key))}
        return frozenset(links) & context.going if old["inherited"] else frozenset()

    # ---- in place --------------------------------------------------------------------------------------------------

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if steps_aside(old, new, context):
            return REPLACE
        if old["generated"] != new["generated"] or (new["generated"] and old["expression"] != new["expression"]):
            generation = self._generation(old, new, context)
            if generation is None:
                return REPLACE
        else:
            generation = []
        if same_type(old, new) or moves_with_extension(old, new, context):
            return [*generation, *settings(old, new, context)]
        if new["generated"] == "stored" and self._needs_cast(old, new, context):
            return REPLACE  # no USING for generated columns
        more = settings(forgotten(old), new, context, after=self._followed(old, new, context))
        retyped = self._retyped(old, new, context, moving=moves_to_next(old, new, context))
        if not new["generated"]:  # DROP EXPRESSION comes first: no USING for generated columns
            return [*generation, *retyped, *more]
        return [*retyped, *generation, *more]

    def _needs_cast(self, old: Fact, new: Fact, context: Context) -> bool:
        """Whether PostgreSQL would not turn one type into the other by itself, in a table that has rows of its own."""
        leader = self._leader(old, new, ("type", "collation"), context)
        if leader is not None:
            return leader in context.replaced
        foreign = context.new.get("foreign_table", *relation_of(new.key)) is not None
        return not foreign and bool(cast("c", old, new, context, moving=False))

    def _generation(self, old: Fact, new: Fact, context: Context) -> list[Step] | None:
        """Steps that change how a column is generated, or ``None`` where PostgreSQL has no way in place."""
        leader = self._leader(old, new, _GENERATION if new["generated"] else ("generated",), context)
        if leader is not None:
            return None if leader in context.replaced else []
        if becomes_plain(old, new) and context.major >= 13:
            below = (context.a.facts[key]["inherited"] for key in inherited_below(new.key, context))
            several = any(isinstance(number, int) and number > 1 for number in below)
            head = f"{_alter_at_its_source(new.key, context)} ALTER COLUMN {ident(new.key.path[2])}"
            text = f"{head} DROP EXPRESSION{' IF EXISTS' if several else ''}"
            after = ties_below(new.key, context)
            return [Step(text, new.key, "alter", after=after, carries=inherited_below(new.key, context))]
        if old["generated"] == new["generated"] and _expressible(new, context):
            return [self._expressed(new, "alter", context)]
        return None

    def _expressed(self, new: Fact, action: Action, context: Context) -> Step:
        """SET EXPRESSION, which reaches down: only where children are to have just that."""
        alone = not uniform(new, context)
        below = frozenset[Key]() if alone else inherited_below(new.key, context)
        head = alter_column(new.key, context, alone=alone)
        text = f"{head} SET EXPRESSION AS ({wording.text(new, 'expression', context)})"
        step = Step(text, new.key, action, carries=below, rebuilds=True)
        return rewriting(step, context) if new["generated"] == "stored" else step

    def _expressed_here(self, new: Fact, inherited: frozenset[Key], context: Context) -> bool:
        """Whether no SET EXPRESSION of a parent's, of those that inherit a new column, comes down here."""
        parents = (Key("column", (*parent, new.key.path[2])) for parent in kept_parents(context, relation_of(new.key)))
        above = [context.b.facts[key] for key in parents if key in inherited]
        reached = any(fact["expression"] == new["expression"] and uniform(fact, context) for fact in above)
        return bool(new["generated"]) and _expressible(new, context) and not reached

    def _retyped(self, old: Fact, new: Fact, context: Context, *, moving: bool = False) -> list[Step]:
        """ALTER COLUMN … TYPE. ``moving``: from a replaced type to the new one of its name, through text."""
        if self._follows_parent(old, new, ("type", "collation"), context):
            return []
        head, parents = _alter_at_its_source(new.key, context), kept_parents(context, relation_of(new.key))
        text = f"ALTER COLUMN {ident(new.key.path[2])} TYPE {type_clause(new)}"
        if not new["generated"] and not context.new.get("foreign_table", *relation_of(new.key)):
            value = cast(ident(new.key.path[2]), old, new, context, moving=moving)
            text += f" USING {value}" if value else ""
        carried = inherited_below(new.key, context)
        alike = not moving and comparable(old.text("type"), new.text("type"))
        displaced: set[Key] = set()
        for key in (new.key, *sorted(carried)):
            displaced.update(in_the_way(key, context, alike=alike))
        after = cut_first(relation_of(new.key), context) | ties_below(new.key, context)
        after |= context.going & {Key("column", (*table, new.key.path[2])) for table in parents}
        step = Step(
            f"{head} {text}",
            new.key,
            "alter",
            after=after,
            displaces=frozenset(displaced),
            carries=carried,
            rebuilds=True,
            joins=(head, text),
        )
        return [rewriting(step, context)]

    # ---- when what it needs goes -----------------------------------------------------------------------------------

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        if gone.kind in MOVABLE and is_of(old, gone, context):
            again = is_of(new, gone, context)
            if again and new["generated"] and not from_parents(new):
                return REPLACE  # no USING for generated columns
            if old["type"] != new["type"] or old["collation"] != new["collation"]:
                return self.alter(old, new, context)
            more = settings(forgotten(old), new, context, after=self._followed(old, new, context))
            return [*self._retyped(old, new, context, moving=gone.kind != "collation"), *more]
        if not new["generated"]:
            return ()
        if from_parents(new) and self._follows_parent(old, new, ("generated", "expression"), context):
            return ()
        if new["generated"] == old["generated"] and _expressible(new, context):
            head = alter_column(new.key, context, alone=not uniform(new, context))
            return [
                Step(f"{head} SET EXPRESSION AS (NULL::{new['type']})", new.key, "drop"),
                self._expressed(new, "create", context),
            ]
        return REPLACE

    def unties(self, old: Fact, new: Fact, context: Context) -> Iterable[Key]:
        """NO INHERIT is what makes an inherited column the table's own as well."""
        if from_parents(old) and new["is_local"] and new["inherited"]:
            ties, not_null = frozenset(ties_over(old, context)), Key("not_null", new.key.path)
            yield from ties
            facts = [side.facts.get(not_null) for side in (context.a, context.b)]
            if ties <= context.going and all(fact is not None and from_parents(fact) for fact in facts):
                yield not_null  # the cut makes it the table's own, as it does the column
        if not same_type(old, new) or any(is_of(old, gone, context) for gone in self._types_going(old, context)):
            yield from other_trees(new.key, context)
            yield from ties_over_own_not_nulls(new.key, context)
        if becomes_plain(old, new) and self._leader(old, new, ("generated",), context) is None:
            levels = 2 if kept_by(new.key, context) is None else 1
            yield from ties_down(new.key, levels, context)

    def _types_going(self, old: Fact, context: Context) -> frozenset[Key]:
        return frozenset(key for key in context.old.needs(old.key) if key.kind in MOVABLE) & context.going

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        new = context.b.facts.get(old.key)
        if new is not None:
            yield from taken_along(old, new, context)

    # ---- parents and children --------------------------------------------------------------------------------------

    def _follows_parent(self, old: Fact, new: Fact, names: tuple[str, ...], context: Context) -> bool:
        """Whether the parent's own ALTER brings the same change here."""
        return self._leader(old, new, names, context) is not None

    def _followed(self, old: Fact, new: Fact, context: Context) -> frozenset[Key]:
        """The column of a parent, or the attribute of its table's type, whose change of type comes down here."""
        leader = self._leader(old, new, ("type", "collation"), context)
        return frozenset() if leader is None else frozenset({leader})

    def _leader(self, old: Fact, new: Fact, names: tuple[str, ...], context: Context) -> Key | None:
        attribute = attribute_of(new.key, context) if "type" in names else None
        if attribute is not None and context.kept(attribute):
            return attribute
        for parent in kept_parents(context, relation_of(new.key)):
            above = Key("column", (*parent, new.key.path[2]))
            before, after = context.a.facts.get(above), context.b.facts.get(above)
            if before is None or after is None:
                continue
            alike = all(before[name] == old[name] and after[name] == new[name] for name in names)
            if alike and ("expression" not in names or uniform(after, context)):
                return above
        return None


def _expressible(new: Fact, context: Context) -> bool:
    """Whether PostgreSQL has SET EXPRESSION for a generated column."""
    return context.major >= (17 if new["generated"] == "stored" else 18)


def _alter_at_its_source(key: Key, context: Context) -> str:
    """ALTER TABLE of the column's table, or of the keeper that passes it on meanwhile."""
    keeper = kept_by(key, context)
    return alter_table(relation_of(key if keeper is None else keeper), context)


RULES: tuple[Rule, ...] = (ColumnRule(),)
