"""Constraints (of domains, too) and indexes that are the same but for their name are renamed, not built again.

A constraint that is passed on to children is renamed together with theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dataio.planner.native.relations.inherited_names import Claims, followers
from dataio.planner.native.relations.partitioning import WITH_INDEX
from dataio.planner.native.relations.typed_tables import is_typed, loosened, renamed_not_nulls
from dataio.planner.native.side import Side, above, claims
from dataio.planner.native.step import Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import ATTACHMENTS, Key
from dataio.snapshot.model import Edges, Fact, Snapshot, Value

_KINDS = ("constraint", "index", "domain_constraint")


def rename_by_content(a: Snapshot, b: Snapshot) -> tuple[list[Step], Snapshot]:
    """Steps that rename, and ``a`` as it is after them.

    A name that something else has in ``a`` is not taken: there, dropping and making again keeps the order simple.
    """
    taken, side = Claims(a), Side(a)
    not_nulls, current = renamed_not_nulls(side, b, taken)
    if a.facts.keys() == b.facts.keys():
        return loosened(not_nulls, a), current
    names: dict[Key, Key] = {}
    steps = []
    for kind in _KINDS:
        gone = _by_content(kind, a, b)
        if not gone:
            continue
        for key, candidates in _by_content(kind, b, a).items():
            before = gone.get(key, [])
            if len(before) != 1 or len(candidates) != 1:
                continue
            was, becomes = before[0], candidates[0]
            if any(claim in taken for claim in claims(becomes)) or _follows(was) or _leads(was, side):
                continue
            along = followers(was, becomes.key.path[-1], side, b, taken)
            if along is not None:
                names.update((fact.key, Key(kind, (*fact.key.path[:2], becomes.key.path[-1]))) for fact in along)
                names[was.key] = becomes.key
                steps.append(_rename(was, becomes, a))
    return loosened([*steps, *not_nulls], a), _renamed(current, names) if names else current


def _by_content(kind: str, these: Snapshot, those: Snapshot) -> Mapping[tuple[Value, ...], list[Fact]]:
    """The facts of one kind that only one side has, by all that they are but their names."""
    groups: dict[tuple[Value, ...], list[Fact]] = {}
    for fact in these.of_kind(kind):
        if fact.key not in those.facts:
            groups.setdefault(_content(fact), []).append(fact)
    return groups


def _content(fact: Fact) -> tuple[Value, ...]:
    if fact.key.kind in ("constraint", "domain_constraint"):
        return (*fact.key.path[:2], *fact.values)
    head = f" {'UNIQUE ' if fact['unique'] else ''}INDEX {ident(fact.key.path[1])} ON "
    values = fact.attributes | {"definition": fact.text("definition").replace(head, " INDEX ON ", 1)}
    return (fact.key.path[0], *values.values())


def _follows(was: Fact) -> bool:
    """A check that a parent has is renamed with the parent's."""
    return bool(was["inherited"]) if was.key.kind == "constraint" and was["type"] == "check" else False


def _leads(was: Fact, side: Side) -> bool:
    """A foreign key of a partitioned table: those of partitions would keep their names."""
    return was.key.kind == "constraint" and was["type"] == "foreign key" and was.key in side.belonging


def _rename(was: Fact, becomes: Fact, a: Snapshot) -> Step:
    name = ident(becomes.key.path[-1])
    by_index = was.key.kind == "constraint" and was["type"] in WITH_INDEX and is_typed(was.key, a)
    if was.key.kind == "index" or by_index:
        index = qualified(was.key.path[0], was.key.path[-1])
        return Step(f"ALTER INDEX {index} RENAME TO {name}", becomes.key, "alter")
    word = "DOMAIN" if was.key.kind == "domain_constraint" else "TABLE"
    head = f"ALTER {word} {qualified(*was.key.path[:2])}"
    return Step(f"{head} RENAME CONSTRAINT {ident(was.key.path[2])} TO {name}", becomes.key, "alter")


def _renamed(a: Snapshot, names: Mapping[Key, Key]) -> Snapshot:
    """``a`` with other names for some keys, wherever they are named."""
    indexes = {
        was: becomes
        for was, becomes in names.items()
        if was.kind == "index" or (was.kind == "constraint" and a.facts[was]["type"] in WITH_INDEX)
    }

    def key_of(key: Key) -> Key:
        if key in names:
            return names[key]
        if key.kind in ATTACHMENTS:
            for was, becomes in _attached(names, indexes, key):
                return Key(key.kind, (*_before(key, was), *becomes.path, *_behind(key, was)))
        return key

    facts = {key_of(key): _refact(fact, key_of(key), names, indexes) for key, fact in a.facts.items()}
    edges = Edges((key_of(dependent), key_of(referenced)) for dependent, referenced in a.edges.pairs())
    return Snapshot(facts, edges, a.major, a.self_role, a.notes, a.wording)


def _attached(names: Mapping[Key, Key], indexes: Mapping[Key, Key], key: Key) -> Iterator[tuple[Key, Key]]:
    start = 1 if key.kind in {"security_label", "extension_dependency"} else 0
    kind = key.path[start]
    if kind in ("constraint", "domain_constraint") and (was := Key(kind, key.path[start + 1 : start + 4])) in names:
        yield was, names[was]
    if kind == "index":
        schema, name = key.path[start + 1 : start + 3]
        for was, becomes in indexes.items():
            if was.path[0] == schema and was.path[-1] == name:
                yield Key("index", (schema, name)), Key("index", (schema, becomes.path[-1]))


def _before(key: Key, was: Key) -> tuple[str, ...]:
    return key.path[: key.path.index(was.kind) + 1]


def _behind(key: Key, was: Key) -> tuple[str, ...]:
    return key.path[key.path.index(was.kind) + 1 + len(was.path) :]


def _refact(fact: Fact, key: Key, names: Mapping[Key, Key], indexes: Mapping[Key, Key]) -> Fact:
    values = fact.attributes
    changed = False
    if key != fact.key and key.kind == "index":
        head = f" INDEX {ident(fact.key.path[1])} ON "
        values["definition"] = fact.text("definition").replace(head, f" INDEX {ident(key.path[1])} ON ", 1)
        changed = True
    if key.kind in ("constraint", "index") and (parent := above(fact)) in names and parent is not None:
        attribute = "parent" if parent.kind == key.kind else "index_parent"
        values[attribute], changed = names[parent].path, True
    if key.kind in {"replica_identity", "clustered_on"} and values["index"] is not None:
        for was, becomes in indexes.items():
            if was.path[0] == key.path[0] and was.path[-1] == values["index"]:
                values["index"], changed = becomes.path[-1], True
    if not changed and key == fact.key:
        return fact
    return Fact(key, tuple(values.values()), fact.info_values)
