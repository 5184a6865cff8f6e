"""Case folders: ``tests/cases/<kind>/<case>/{old.sql,new.sql,plan.sql}``, and what beside them says how to run one.

``seed.sql`` fills the old state with rows, which must all be there afterwards. ``meta.json`` may hold ``major`` (the
server's version, else 18), ``roles`` (that the SQL names), and ``rebuilt`` (tables that no plan can keep, as
PostgreSQL offers nothing else; ``rebuilt_back`` on the way back).
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.planner.delta import Delta
from dataio.planner.native.step import Step
from dataio.postgres import subscriptions
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

CASES: Final = Path(__file__).parents[1] / "cases"

CHANGES: Final = CASES / "changes.txt"
"""Which attributes of facts each case changes, so that a test can tell which ones none does."""

NEW_TRANSACTION: Final = "-- in a new transaction"

TABLES: Final = """
select n.nspname || '.' || c.relname, c.oid::int8 from pg_class c join pg_namespace n on n.oid = c.relnamespace
where relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""


@dataclass(frozen=True)
class Case:
    """One folder."""

    path: Path

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"

    @cached_property
    def meta(self) -> Mapping[str, Any]:
        path = self.path / "meta.json"
        found: Mapping[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return found

    @property
    def major(self) -> int:
        return int(self.meta.get("major", 18))

    @property
    def rebuilt(self) -> list[str]:
        return list(self.meta.get("rebuilt", ()))

    @property
    def rebuilt_back(self) -> list[str]:
        """The same for the way back."""
        return list(self.meta.get("rebuilt_back", self.rebuilt))

    @property
    def old(self) -> str:
        return (self.path / "old.sql").read_text()

    @property
    def new(self) -> str:
        return (self.path / "new.sql").read_text()

    @property
    def seed(self) -> str:
        path = self.path / "seed.sql"
        return path.read_text() if path.exists() else ""

    @property
    def plan(self) -> str | None:
        """The expected plan; ``None`` where nobody has accepted one yet."""
        path = self.path / "plan.sql"
        return path.read_text() if path.exists() else None

    def accept(self, plan: str, changed: str) -> None:
        (self.path / "plan.sql").write_text(plan)
        with CHANGES.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            lines = dict(_split(line) for line in file.read().splitlines()) | {self.name: changed}
            file.seek(0)
            file.write("".join(f"{name}: {lines[name]}\n" for name in sorted(lines) if (CASES / name).is_dir()))
            file.truncate()


def _split(line: str) -> tuple[str, str]:
    name, _, changed = line.partition(": ")
    return name, changed


def known_changes() -> dict[str, str]:
    """For each case what it changes, as ``changes.txt`` has it."""
    return dict(_split(line) for line in CHANGES.read_text().splitlines())


def changed(deltas: Iterable[Delta]) -> str:
    """Kinds and attributes that differ: ``+kind`` and ``-kind`` (added, removed), ``kind.attribute``."""
    found: set[str] = set()
    for delta in deltas:
        if delta.old is None or delta.new is None:
            found.add(f"{'+' if delta.old is None else '-'}{delta.key.kind}")
        found.update(f"{delta.key.kind}.{name}" for name in delta.changed)
    return " ".join(sorted(found))


def all_cases() -> list[Case]:
    return [Case(path.parent) for path in sorted(CASES.glob("*/*/new.sql"))]


def as_script(steps: Iterable[Step]) -> str:
    """Steps as the text of a plan.sql."""
    return "".join(f"{NEW_TRANSACTION}\n" * step.new_transaction + f"{step.sql};\n" for step in steps)


def load(target: Target, text: str) -> None:
    """Run SQL in one round trip, and so in one transaction."""
    if text.strip():
        with connect(target) as connection:
            connection.execute(text.encode())


def run_steps(target: Target, steps: Sequence[Step]) -> None:
    """Run steps as a script does, in one round trip a transaction. Raises psycopg.Error."""
    segments: list[list[str]] = [["set check_function_bodies = off"]]
    for step in steps:
        if step.new_transaction:
            segments.append([])
        segments[-1].append(step.sql)
    with connect(target) as connection:
        for segment in segments:
            if segment:
                connection.execute("begin; {}; commit".format(";\n".join(segment)).encode())


def tables(target: Target) -> dict[str, int]:
    """The OID of each table, by its name."""
    with connect(target) as connection:
        return dict(connection.execute(TABLES).fetchall())


def row_counts(target: Target) -> dict[int, int]:
    """How many rows each table that stands alone or is a leaf has of its own, by OID."""
    with connect(target) as connection:
        oids = [
            oid for (oid,) in connection.execute("select oid::int8 from pg_class where relkind = 'r' and oid > 16383")
        ]
        counts = {}
        for oid in oids:
            row = connection.execute("select %s::regclass::text", [oid]).fetchone()
            assert row is not None
            rows = connection.execute(f"select count(*) from only {row[0]}".encode()).fetchone()
            assert rows is not None
            counts[oid] = rows[0]
        return counts


def ensure_roles(target: Target, names: Iterable[str]) -> None:
    """Roles that a case names; they stay, as other cases name them, too."""
    with connect(target) as connection:
        for name in names:
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("create role {}").format(sql.Identifier(name)))


def drop_subscriptions(target: Target) -> None:
    """PostgreSQL drops no database that has some."""
    with connect(target) as connection:
        names = subscriptions.subscriptions(connection, target.dbname)
    subscriptions.drop_subscriptions(target, names)
