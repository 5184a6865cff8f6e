"""What the facts say is lost, taken back or cut off, where no relation or column was seen to go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import psycopg

from dataio.plan.model import Hazard
from dataio.planner.delta import Delta
from dataio.planner.sql import query
from dataio.postgres.quoting import qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot


def lost(
    deltas: Sequence[Delta], goal: Snapshot, dropped: Collection[tuple[str, ...]], scratch: psycopg.Connection[Any]
) -> Iterable[tuple[Delta, Hazard]]:
    """What the facts say is lost, where no relation or column was seen to go."""
    owners = {delta.key.path: delta.old["column"] for delta in deltas if delta.key.kind == "owned_by" and delta.old}
    for delta in deltas:
        name = qualified(*delta.key.path)
        if delta.old is not None and delta.new is None:
            if delta.key.kind == "schema":
                yield delta, Hazard("data-loss/drop-schema", name, "the schema is gone")
            elif delta.key.kind == "enum":
                yield delta, Hazard("irreversible/drop-enum", name, "the type is gone")
            elif delta.key.kind == "sequence" and not _goes_along(owners.get(delta.key.path), dropped):
                yield delta, Hazard("irreversible/drop-sequence", name, "the sequence and its position are gone")
            elif delta.key.kind == "privilege" and delta.old["privileges"]:
                yield delta, Hazard("privilege/revoke", str(delta.key), "what was granted is taken back")
            elif delta.key.kind == "index" and Key("table", _table(delta.old)) in goal.facts:
                yield delta, Hazard("dependency/drop-index", name, "queries that it serves read the whole table")
            elif delta.key.kind == "policy":
                yield delta, Hazard("privilege/drop-policy", str(delta.key), "row security changes for its roles")
            elif delta.key.kind == "partition" and Key("table", delta.key.path) in goal.facts:
                yield from _detached(delta, delta.old, goal)
        elif delta.old is not None and delta.new is not None:
            if delta.key.kind == "enum" and "labels" in delta.changed:
                yield from _enum_hazards(delta, delta.old, delta.new)
            elif delta.key.kind == "table" and delta.old["row_security"] and not delta.new["row_security"]:
                yield delta, Hazard("privilege/row-security", name, "row security is off: every row is seen")
            elif delta.key.kind == "privilege" and (taken := _taken_back(delta.old, delta.new)):
                yield delta, Hazard("privilege/revoke", str(delta.key), f"{', '.join(taken)} taken back")
            elif delta.key.kind == "policy":
                message = f"row security changes for its roles: {', '.join(delta.changed)}"
                yield delta, Hazard("privilege/alter-policy", str(delta.key), message)
            elif delta.key.kind == "partition" and delta.old["parent"] != delta.new["parent"]:
                yield from _detached(delta, delta.old, goal)
            elif delta.key.kind == "extension" and "version" in delta.changed:
                message = f"{delta.old['version']} becomes {delta.new['version']}: what uses it may behave differently"
                yield delta, Hazard("dependency/extension-version", name, message)
            elif delta.key.kind == "column" and "type" in delta.changed and delta.key.path not in dropped:
                old, new = delta.old.text("type"), delta.new.text("type")
                if delta.new["generated"] is None and _narrows(old, new, scratch):
                    yield delta, Hazard("data-loss/narrow-type", name, f"{old} becomes {new}: values may lose or fail")
        elif delta.key.kind == "privilege" and delta.new is not None and not delta.new["privileges"]:
            yield delta, Hazard("privilege/revoke", str(delta.key), "what every new object grants is taken back")


def _detached(delta: Delta, old: Fact, goal: Snapshot) -> Iterable[tuple[Delta, Hazard]]:
    """A partition that stays as a table, while the one that it was a part of stays, too."""
    parent = old["parent"]
    above = tuple(str(part) for part in parent) if isinstance(parent, tuple) else ()
    if Key("table", above) in goal.facts:
        message = f"its rows stay in it, and are no longer read through {qualified(*above)}"
        yield delta, Hazard("dependency/detach-partition", qualified(*delta.key.path), message)


def _goes_along(owner: object, dropped: Collection[tuple[str, ...]]) -> bool:
    """Whether a sequence is dropped with the column, or the table, that it belongs to, of which is told already."""
    return isinstance(owner, tuple) and (owner in dropped or owner[:2] in dropped)


def _taken_back(old: Fact, new: Fact) -> list[str]:
    """What one role may no longer do: 'SELECT', or 'SELECT*' where only the right to grant it goes."""
    kept = set(new.names("privileges"))
    plain = {one.rstrip("*") for one in kept}
    return [one for one in old.names("privileges") if one not in kept and not (one in plain and not one.endswith("*"))]


def _table(index: Fact) -> tuple[str, ...]:
    table = index["table"]
    return tuple(str(part) for part in table) if isinstance(table, tuple) else ()


def _enum_hazards(delta: Delta, old: Fact, new: Fact) -> Iterable[tuple[Delta, Hazard]]:
    before, after = old.names("labels"), new.names("labels")
    name = qualified(*delta.key.path)
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
            row = scratch.execute(query("narrows"), {"old": old_base, "new": new_base}).fetchone()
    except psycopg.Error:
        return True
    return bool(row and row[0]) or (after is not None)
