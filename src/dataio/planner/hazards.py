"""From what a replay observed to what a reviewer must know, with the target's sizes beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final

import psycopg

from dataio.plan.model import Hazard, Lock, Statement
from dataio.planner.delta import Delta
from dataio.snapshot.kinds import Key
from dataio.snapshot.model import Fact, Snapshot

REFUSED_BY_DEFAULT: Final = frozenset({"data-loss", "constraint"})

_LOCK_HAZARDS: Final = {
    "AccessExclusiveLock": ("lock/access-exclusive", "blocks reads and writes"),
    "ExclusiveLock": ("lock/exclusive", "blocks writes"),
    "ShareRowExclusiveLock": ("lock/share-row-exclusive", "blocks writes"),
    "ShareLock": ("lock/share", "blocks writes"),
}


@dataclass(frozen=True)
class Size:
    """PostgreSQL's estimate of a relation: rows (``None`` before its first ANALYZE) and bytes with its indexes."""

    rows: int | None
    bytes: int


def _sql(name: str) -> str:
    return (resources.files("dataio.planner") / "sql" / name).read_text(encoding="utf-8")


def touched(statements: Iterable[Statement]) -> set[str]:
    """The relations that existed before and that some statement was seen to lock, rewrite, scan or drop."""
    names: set[str] = set()
    for statement in statements:
        if (seen := statement.observation) is not None:
            names.update(lock.relation for lock in seen.locks)
            names.update(seen.rewritten, seen.scanned)
    return names


def sizes(target: psycopg.Connection[Any], names: Collection[str]) -> dict[str, Size]:
    """The sizes of relations on the target, by qualified name."""
    if not names:
        return {}
    rows = target.execute(_sql("sizes.sql"), {"names": sorted(names)}).fetchall()
    return {name: Size(rows, size) for name, rows, size in rows}


def assess(
    statements: Sequence[Statement],
    deltas: Sequence[Delta],
    current: Snapshot,
    known: Mapping[str, Size],
    scratch: psycopg.Connection[Any],
    *,
    refused: frozenset[str] = REFUSED_BY_DEFAULT,
) -> tuple[Statement, ...]:
    """The statements with their hazards, beside those that they have.

    ``scratch`` is a connection to a copy, asked about casts between types; ``refused`` holds hazard kinds or names
    that must be allowed.
    """
    found = [[*statement.hazards, *_observed(statement, current, known)] for statement in statements]
    dropped = {item.path for statement in statements if statement.observation for item in statement.observation.dropped}
    for delta, hazard in _lost(deltas, current, dropped, scratch):
        found[_culprit(statements, delta.key)].append(hazard)
    return tuple(
        replace(
            statement,
            hazards=tuple(
                replace(hazard, refused=hazard.kind in refused or hazard.name in refused)
                for hazard in dict.fromkeys(hazards)
            ),
        )
        for statement, hazards in zip(statements, found, strict=True)
    )


def _observed(statement: Statement, current: Snapshot, known: Mapping[str, Size]) -> list[Hazard]:
    seen = statement.observation
    if seen is None:
        return []
    hazards = []
    for item in seen.dropped:
        name = ".".join(item.path)
        if item.kind == "column":
            fact = current.facts.get(Key("column", item.path))
            if fact is None or fact["generated"] is not None:
                continue
            size = known.get(_relation(item.path))
            hazards.append(_hazard("data-loss/drop-column", name, "the column and its values are gone", size))
        elif item.kind == "table":
            size = known.get(_relation(item.path))
            hazards.append(_hazard("data-loss/drop-table", name, "the table and its rows are gone", size))
    dropped = {_relation(item.path) for item in seen.dropped if item.kind != "column"}
    for relation in seen.rewritten:
        size = known.get(relation)
        hazards.append(_hazard("rewrite/table", relation, "the relation is written anew", size))
    for relation in seen.scanned:
        if relation not in seen.rewritten:
            size = known.get(relation)
            hazards.append(_hazard("scan/table", relation, "every row is read while the lock is held", size))
    for lock in seen.locks:
        if lock.mode in _LOCK_HAZARDS and lock.relation not in dropped:
            hazards.append(_lock_hazard(lock, known))
    return hazards


def _lock_hazard(lock: Lock, known: Mapping[str, Size]) -> Hazard:
    name, blocks = _LOCK_HAZARDS[lock.mode]
    return _hazard(name, lock.relation, f"{blocks} from here until the script commits", known.get(lock.relation))


def _hazard(name: str, subject: str, message: str, size: Size | None) -> Hazard:
    return Hazard(name, subject, message, size.rows if size else None, size.bytes if size else None)


def _lost(
    deltas: Sequence[Delta], current: Snapshot, dropped: Collection[tuple[str, ...]], scratch: psycopg.Connection[Any]
) -> Iterable[tuple[Delta, Hazard]]:
    """What the facts say is lost, where no relation or column was seen to go."""
    for delta in deltas:
        name = ".".join(delta.key.path)
        if delta.old is not None and delta.new is None:
            if delta.key.kind == "schema":
                yield delta, Hazard("data-loss/drop-schema", name, "the schema is gone")
            elif delta.key.kind == "enum":
                yield delta, Hazard("irreversible/drop-enum", name, "the type is gone")
            elif delta.key.kind == "sequence" and delta.key.path not in dropped:
                yield delta, Hazard("irreversible/drop-sequence", name, "the sequence and its position are gone")
            elif delta.key.kind == "privilege":
                yield delta, Hazard("privilege/revoke", str(delta.key), "what was granted is taken back")
        elif delta.old is not None and delta.new is not None:
            if delta.key.kind == "enum" and "labels" in delta.changed:
                yield from _enum_hazards(delta, delta.old, delta.new)
            elif delta.key.kind == "column" and "type" in delta.changed and delta.key.path not in dropped:
                old, new = delta.old.text("type"), delta.new.text("type")
                if delta.new["generated"] is None and _narrows(old, new, scratch):
                    yield delta, Hazard("data-loss/narrow-type", name, f"{old} becomes {new}: values may lose or fail")
        elif delta.key.kind == "privilege" and delta.new is not None and not delta.new["privileges"]:
            yield delta, Hazard("privilege/revoke", str(delta.key), "what every new object grants is taken back")


def _enum_hazards(delta: Delta, old: Fact, new: Fact) -> Iterable[tuple[Delta, Hazard]]:
    before, after = old.names("labels"), new.names("labels")
    name = ".".join(delta.key.path)
    if gone := [label for label in before if label not in after]:
        yield delta, Hazard("data-loss/drop-enum-value", name, f"rows that hold {', '.join(gone)} no longer fit")
    elif added := [label for label in after if label not in before]:
        message = f"{', '.join(added)}: PostgreSQL cannot take an enum value back"
        yield delta, Hazard("irreversible/add-enum-value", name, message)


_MODIFIER: Final = re.compile(r"\((\d+)(?:,(-?\d+))?\)")


def _narrows(old: str, new: str, scratch: psycopg.Connection[Any]) -> bool:
    """Whether a value of type ``old`` (format_type text) may lose something, or fail, as ``new``."""
    before, after = _MODIFIER.search(old), _MODIFIER.search(new)
    old_base, new_base = _MODIFIER.sub("", old), _MODIFIER.sub("", new)
    if old_base == new_base or {old_base, new_base} <= {"text", "character varying"}:
        if after is None:
            return False
        if before is None:
            return True
        digits, scale = int(before[1]), int(before[2] or 0)
        new_digits, new_scale = int(after[1]), int(after[2] or 0)
        return new_scale < scale or new_digits - new_scale < digits - scale
    if new_base in ("text", "character varying") and after is None:
        return False
    try:
        with scratch.transaction(force_rollback=True):
            row = scratch.execute(_sql("narrows.sql"), {"old": old_base, "new": new_base}).fetchone()
    except psycopg.Error:
        return True
    return bool(row and row[0]) or (after is not None)


def _culprit(statements: Sequence[Statement], key: Key) -> int:
    """Which statement does it: the one about that very thing; else (migra's name nothing) the last."""
    for i, statement in enumerate(statements):
        if (statement.subject.kind, statement.subject.path) == (key.kind, key.path):
            return i
    return len(statements) - 1


def _relation(path: tuple[str, ...]) -> str:
    from dataio.planner.native.sql import qualified

    return qualified(*path[:2])
