"""A schema as a folder: a folder per schema, one file per object, which load in any order.

The loader runs each file in a transaction of its own and tries what fails for something that is not there yet again
(:mod:`dataio.postgres.load`). Where objects need each other in a circle, the statements that close it go into a file of
their own, ``name.2.sql``. What acts on everything that is made after it (default privileges, event triggers) waits in
its file for all that it must not act on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from psycopg import sql

from dataio.migrations.schema_text import (
    Item,
    dependencies,
    in_order,
    items_of,
    owning_table,
    partitioned_root,
    unit_of,
)
from dataio.plan.model import Statement
from dataio.plan.render.sql import terminated
from dataio.snapshot.keys import ATTACHMENTS, RELATION_KINDS, Key, attached_to, parent
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Snapshot

MARK: Final = "-- Written by dataio schema dump --split."
"""The first line of each file: what has it may be replaced by the next dump."""

_FOLDERS: Final = {
    "table": "tables",
    "foreign_table": "foreign_tables",
    "view": "views",
    "materialized_view": "materialized_views",
    "sequence": "sequences",
    "function": "functions",
    "procedure": "functions",
    "aggregate": "functions",
    **dict.fromkeys(("enum", "composite", "domain", "range", "base_type", "shell_type"), "types"),
    **dict.fromkeys(("operator", "operator_family", "operator_class", "family_member"), "operators"),
    **dict.fromkeys(("ts_parser", "ts_template", "ts_dictionary", "ts_configuration"), "text_search"),
}
_WITH: Final = {
    "membership": "role",
    "publication_table": "publication",
    "publication_schema": "publication",
    "user_mapping": "server",
}
_LATE: Final = frozenset({"default_privilege", "event_trigger"})
_TYPES: Final = frozenset({"enum", "composite", "domain", "range", "base_type"})


def split_schema(statements: Sequence[Statement], snapshot: Snapshot) -> dict[str, str]:
    """The files of a schema: texts by path relative to the folder, in the order of the paths.

    ``statements`` make ``snapshot`` from an empty database, in an order that works.
    """
    items = items_of(statements, snapshot)
    before, _ = dependencies(items, snapshot, privileges_in_order=False)
    homes = {item.index: _home(item.statement, snapshot) for item in items}
    ordered = sorted(in_order(items, snapshot), key=lambda item: homes[item.index].removesuffix("s") in _LATE)
    parts = _parts(ordered, before, homes)
    contents: dict[tuple[str, int], list[str]] = {}
    for item in ordered:
        contents.setdefault(parts[item.index], []).append(_text(item.statement))
    taken: set[str] = set()
    files = {}
    for (home, part), texts in sorted(contents.items()):
        head = [MARK]
        if home.rpartition("/")[0] and any(key.kind in ("function", "procedure") for key in snapshot.facts):
            head.append("SET check_function_bodies = off;")
        if home.removesuffix("s") in _LATE:
            head += _waits(snapshot)
        files[_free(home, part, taken)] = "\n\n".join(["\n".join(head), *texts]) + "\n"
    return dict(sorted(files.items()))


def _text(statement: Statement) -> str:
    """A statement as its file has it. A shell type may be there: PostgreSQL makes one for a function that names it."""
    text = terminated(statement.sql)
    if statement.subject.kind != "shell_type" or statement.action != "create":
        return text
    return f"DO $dataio$ BEGIN\n    {text}\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $dataio$;"


def _home(statement: Statement, snapshot: Snapshot) -> str:
    """The file of the object that a statement is about, without its suffix."""
    key = Key(statement.subject.kind, statement.subject.path)
    while key.kind in ATTACHMENTS:
        key = attached_to(key)
    if key.kind == "schema":
        return f"{_word(key.path[0])}/schema"
    if KINDS.get(key.kind) is None or KINDS[key.kind].parts[0] != "schema":
        return f"{_WITH.get(key.kind, key.kind)}s"
    if key.kind in ("sequence", "owned_by") and (table := owning_table(key, snapshot)):
        return f"{_word(table[0])}/tables/{_word(table[1])}"
    unit = unit_of(key, snapshot)
    unit = partitioned_root(unit, snapshot) or unit
    kind = _kind(key, unit, snapshot)
    return f"{_word(unit[0])}/{_FOLDERS.get(kind, f'{kind}s')}/{_word(unit[1])}"


def _kind(key: Key, unit: tuple[str, ...], snapshot: Snapshot) -> str:
    """The kind of the object that a thing is part of."""
    above: Key | None = key
    while above is not None and above.kind != "schema":
        key, above = above, parent(above, snapshot.relations)
    if key.kind in ("index", "statistics") or key.kind in RELATION_KINDS:
        relation = snapshot.relations.get((unit[0], unit[1]))
        return relation.kind if relation is not None else "table"
    return key.kind


def _word(name: str) -> str:
    """A name that every file system takes."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char in "_-") else "".join(f"%{b:02X}" for b in char.encode())
        for char in name
    )


def _free(home: str, part: int, taken: set[str]) -> str:
    """A path that differs from all others even where capitals do not count."""
    suffix = ".sql" if part == 1 else f".{part}.sql"
    path, number = f"{home}{suffix}", 1
    while path.lower() in taken:
        number += 1
        path = f"{home}~{number}{suffix}"
    taken.add(path.lower())
    return path


def _parts(ordered: Sequence[Item], before: Sequence[set[int]], homes: Mapping[int, str]) -> dict[int, tuple[str, int]]:
    """Which file, and which part of it, each statement goes to: no circle is left between the parts."""
    tangled = _tangled(ordered, before, homes)
    parts: dict[int, tuple[str, int]] = {}
    needs: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for item in ordered:
        home = homes[item.index]
        others = {parts[one] for one in before[item.index] if one in parts}
        number = max((part for other, part in others if other == home), default=1)
        if home in tangled:
            while _reaches(needs, others - {(home, number)}, (home, number)):
                number += 1
        here = (home, number)
        parts[item.index] = here
        needs.setdefault(here, set()).update(others - {here})
        if number > 1:
            needs[here].add((home, number - 1))
    return parts


def _tangled(ordered: Sequence[Item], before: Sequence[set[int]], homes: Mapping[int, str]) -> frozenset[str]:
    """The files that are in a circle, or between two: what is left when those without open ends are taken away."""
    needs: dict[str, set[str]] = {home: set() for home in homes.values()}
    for item in ordered:
        needs[homes[item.index]] |= {homes[one] for one in before[item.index]} - {homes[item.index]}
    for _ in range(2):  # once from either end
        free = [home for home, needed in needs.items() if not needed]
        needed_by: dict[str, set[str]] = {home: set() for home in needs}
        for home, needed in needs.items():
            for other in needed:
                needed_by[other].add(home)
        while free:
            gone = free.pop()
            for home in needed_by[gone]:
                needs[home].discard(gone)
                if not needs[home]:
                    free.append(home)
            del needs[gone]
            del needed_by[gone]
        needs = {home: {other for other in others if other in needs} for home, others in needed_by.items()}
    return frozenset(needs)


def _reaches(
    needs: Mapping[tuple[str, int], set[tuple[str, int]]], start: set[tuple[str, int]], end: tuple[str, int]
) -> bool:
    seen, to_see = set(start), list(start)
    while to_see:
        one = to_see.pop()
        if one == end:
            return True
        for other in needs.get(one, ()):
            if other not in seen:
                seen.add(other)
                to_see.append(other)
    return False


def _waits(snapshot: Snapshot) -> Iterator[str]:
    """Queries that fail while something is missing, so that the loader comes back later."""
    for key in sorted(snapshot.facts):
        if key.kind == "schema":
            cast, name = "regnamespace", sql.Identifier(*key.path).as_string(None)
        elif key.kind in RELATION_KINDS:
            cast, name = "regclass", sql.Identifier(*key.path[:2]).as_string(None)
        elif key.kind in _TYPES:
            cast, name = "regtype", sql.Identifier(*key.path[:2]).as_string(None)
        elif key.kind in ("function", "procedure"):
            cast, name = "regprocedure", f"{sql.Identifier(*key.path[:2]).as_string(None)}({key.path[2]})"
        else:
            continue
        yield sql.SQL("SELECT {}::{};").format(sql.Literal(name), sql.SQL(cast)).as_string(None)
