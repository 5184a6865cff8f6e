"""Indexes that stand by themselves, and what they share with those behind constraints: belonging to a parent's.

https://www.postgresql.org/docs/current/sql-createindex.html, https://www.postgresql.org/docs/current/sql-alterindex.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataio.planner.native import wording
from dataio.planner.native.relations.inheriting import cut_links, is_partitioned, kept_parents, links_down, links_up
from dataio.planner.native.relations.leaving import loosened_below
from dataio.planner.native.relations.partitioning import (
    brought,
    comes_along,
    complete,
    link_of,
    partition_of,
    partitions,
    table_of,
    there_before_links,
)
from dataio.planner.native.side import above
from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.constraint_text import with_clauses, without_parameters
from dataio.planner.native.text.options import set_and_reset
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value


def stands_alone(new: Fact, context: Context) -> bool:
    """Whether the index of a partitioned table is to lack some of its partitions': it must not make them."""
    return bool(any(partitions(context.new, table_of(new)))) and not complete(context.new, new)


def after_links(new: Fact, context: Context) -> frozenset[Key]:
    """Ties to new children, and what these have already: all there before, and taken over."""
    links = (link for link, _ in links_down(context.new, table_of(new)) if link.kind == "partition")
    found = {link for link in links if link in context.coming}
    if stands_alone(new, context):
        return frozenset(found)
    return frozenset((*found, *_made_before(new.key, context)))


def _made_before(parent: Key, context: Context) -> Iterator[Key]:
    """What belongs to it, at any depth, and does not come along."""
    for key in context.new.belonging.get(parent, {}).values():
        if key in context.coming:
            if comes_along(context.b.facts[key], context):
                yield from _made_before(key, context)
            else:
                yield key


def before_parents(new: Fact, context: Context) -> frozenset[Key]:
    """The tie to a parent that has the like already: it finds what is there by then."""
    parent = above(new)
    if parent is None or not there_before_links(parent, context):
        return frozenset()
    if partition_of(table_of(new), context) is not None:
        return frozenset()
    return frozenset(link for link, _ in links_up(context.new, table_of(new)) if link in context.coming)


def attach(new: Fact, context: Context) -> Iterator[Step]:
    """Attach by name, where nothing else does: the parent's index is there and its tables are tied already."""
    parent = above(new)
    if parent is None or (new.key.kind == "constraint" and new["type"] == "foreign key"):
        return
    whole = context.b.facts.get(parent)
    if whole is None:
        return
    tied = table_of(whole) in set(kept_parents(context, table_of(new)))
    if (tied and context.kept(parent)) or (parent in context.coming and stands_alone(whole, context)):
        parts = (parent.path[0], parent.path[-1]), (new.key.path[0], new.key.path[-1])
        text = f"ALTER INDEX {qualified(*parts[0])} ATTACH PARTITION {qualified(*parts[1])}"
        yield Step(text, new.key, "create", after=frozenset({parent}))


def index_moved(old: Fact, new: Fact, context: Context) -> Answer:
    """Only the parent's index that it belongs to changed."""
    was, becomes = above(old), above(new)
    if was == becomes:
        return ()
    tied = set(kept_parents(context, table_of(new)))
    if was is not None and table_of(context.a.facts[was]) in tied:
        return REPLACE  # an index cannot be detached by itself
    if unattachable(new, context):
        return REPLACE
    return [Step(step.sql, step.key, "alter", after=step.after) for step in attach(new, context)]


def unattachable(new: Fact, context: Context) -> bool:
    """Whether its parent's must be made again, which makes it or takes it in: there is no ATTACH for these."""
    parent = above(new)
    if parent is None or new.key.kind != "constraint" or new["type"] not in ("exclude", "foreign key"):
        return False
    link = link_of(context.new, table_of(new))
    return link is not None and context.kept(link)


def index_displaced(old: Fact, gone: Key, context: Context) -> Answer:
    """An index goes with its parent's only while the tables stay tied."""
    if gone == above(old):
        tied = set(kept_parents(context, table_of(old)))
        return REPLACE if table_of(context.a.facts[gone]) in tied else ()
    return REPLACE


def index_takes_along(old: Fact, context: Context) -> Iterator[Key]:
    """What belongs to an index of the parent goes with that alone, while the tables stay tied."""
    parent = above(old)
    if parent is not None and table_of(context.a.facts[parent]) in set(kept_parents(context, table_of(old))):
        yield parent


class IndexRule(Rule):
    kind = "index"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        if comes_along(new, context):
            return
        yield Step(
            self._text(new, context),
            new.key,
            "create",
            absorbs=frozenset(brought(new.key, context)),
            after=after_links(new, context) | self._twins(new, context),
            before=before_parents(new, context),
        )
        yield from targets((), new["statistics"], new)
        yield from attach(new, context)

    def _twins(self, new: Fact, context: Context) -> frozenset[Key]:
        """The like of it for which partitions have theirs already: the first that is made takes those."""
        if not context.new.belonging.get(new.key) or self._is_served(new.key, context):
            return frozenset()
        relation, body = context.new.relation(*table_of(new)), _body(new)
        coming = (key for key in context.new.contents(relation) if key in context.coming) if relation else ()
        served = (key for key in coming if key.kind == "index" and self._is_served(key, context))
        return frozenset(key for key in served if _body(context.b.facts[key]) == body)

    def _is_served(self, key: Key, context: Context) -> bool:
        return any(context.kept(below) for below in context.new.belonging.get(key, {}).values())

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        parent = above(old)
        tied = set(kept_parents(context, table_of(old)))
        if parent is not None and parent in context.going and table_of(context.a.facts[parent]) in tied:
            return
        after = cut_links(context, table_of(old)) | loosened_below(table_of(old), context)
        # a key behind which the parent has a mere index neither goes before that nor lets it go: only both at once
        keys = frozenset(key for key in context.old.belonging.get(old.key, {}).values() if key.kind == "constraint")
        cascade = " CASCADE" if keys & context.going else ""
        yield Step(f"DROP INDEX {qualified(*old.key.path)}{cascade}", old.key, "drop", after=after)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        was, with_old = without_parameters(old.text("definition"))
        becomes, with_new = without_parameters(new.text("definition"))
        if was != becomes or old["table"] != new["table"] or self._broken(old, new, context):
            return REPLACE
        moved = index_moved(old, new, context)
        if not isinstance(moved, (list, tuple)):
            return moved
        steps: list[Step] = list(moved)
        head = f"ALTER INDEX {qualified(*new.key.path)}"
        if with_old != with_new:
            actions = set_and_reset(_options(with_old), _options(with_new))
            steps += [Step(f"{head} {action}", new.key, "alter") for action in actions]
        if old["tablespace"] != new["tablespace"]:
            space = ident(str(new["tablespace"] or "pg_default"))
            steps.append(Step(f"{head} SET TABLESPACE {space}", new.key, "alter"))
        steps += targets(old["statistics"], new["statistics"], new, "alter")
        return steps

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return index_displaced(old, gone, context)

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        return index_takes_along(old, context)

    def _broken(self, old: Fact, new: Fact, context: Context) -> bool:
        """An index that a failed concurrent build left behind."""
        if old["valid"] == new["valid"]:
            return False
        if not is_partitioned(context.old, table_of(old)):
            return True
        return bool(new["valid"]) and not self._completed(new.key, context)

    def _completed(self, key: Key, context: Context) -> bool:
        """Whether something is attached to it, or below, in this script: only then PostgreSQL looks for what lacks."""
        for below in context.new.belonging.get(key, {}).values():
            was = context.old.facts.get(below)
            if below in context.coming or (was is not None and above(was) != key) or self._completed(below, context):
                return True
        return False

    def _text(self, new: Fact, context: Context) -> str:
        text = wording.text(new, "definition", context)
        unique = "UNIQUE " if new["unique"] else ""
        name, table = ident(new.key.path[1]), qualified(*table_of(new))
        for only in ("ONLY ", ""):
            head = f"CREATE {unique}INDEX {name} ON {only}{table} USING {ident(new.text('method'))} "
            if text.startswith(head):
                method = "" if new["method"] == "btree" else f"USING {ident(new.text('method'))} "
                alone = "ONLY " if stands_alone(new, context) else ""
                text = f"CREATE {unique}INDEX {name} ON {alone}{table} {method}{text.removeprefix(head)}"
                break
        if new["tablespace"]:
            text = with_clauses(text, ("WHERE",), f"TABLESPACE {ident(new.text('tablespace'))}")
        return text


def _body(index: Fact) -> str:
    """The definition without the name."""
    return index.text("definition").partition(" ON ")[2]


def targets(old: Value, new: Value, index: Fact, action: Action = "create") -> Iterator[Step]:
    """Statistics targets of expression columns: ``old`` and ``new`` are the attribute ``statistics``."""
    before, after = _pairs(old), _pairs(new)
    for column in sorted(before.keys() | after.keys(), key=int):
        if before.get(column) != after.get(column):
            text = f"ALTER INDEX {qualified(*index.key.path)} ALTER COLUMN {column} SET STATISTICS"
            yield Step(f"{text} {after.get(column, '-1')}", index.key, action)


def _pairs(statistics: Value) -> dict[str, str]:
    found = {}
    for item in statistics if isinstance(statistics, tuple) else ():
        column, _, target = str(item).partition("=")
        found[column] = target
    return found


def _options(text: str) -> tuple[str, ...]:
    """``fillfactor='70', fastupdate=off`` as the option lists of facts."""
    found = []
    for item in text.split(", ") if text else ():
        name, _, value = item.partition("=")
        found.append(f"{name}={value.strip(chr(39))}")
    return tuple(found)


RULES: tuple[Rule, ...] = (IndexRule(),)
