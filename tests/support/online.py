"""Online scripts and what it takes to apply them in tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from psycopg import sql

from dataio.migrations.executor import Checks, Limits, apply_script
from dataio.operations.state import Observatory
from dataio.operations.target import Place
from dataio.plan.model import Plan
from dataio.plan.render.sql import render
from dataio.plan.script import Script, parse
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target
from dataio.progress import Progress
from support.planning import planning

LIMITS = Limits(lock=2.0, turn=20.0, reconnect=10.0, attempts=5, pause=0.05, longest_pause=0.2)

OLD = """
create table p (id integer primary key);
create table t (id integer primary key, n integer, k integer, p integer);
create index t_k on t (k);
"""
NEW = """
create table p (id integer primary key);
create table t (id integer primary key, n integer not null, k integer, p integer references p,
    u uuid not null default gen_random_uuid(), unique (n), check (k > 0));
create index t_k on t (k, n);
create index t_u on t (u);
"""
ROWS = """
insert into p select generate_series(1, 100);
insert into t select i, i, i, 1 + i % 100 from generate_series(1, 3000) i;
"""


@dataclass(frozen=True)
class Work:
    """A target, the online plan for it, and its script."""

    target: Target
    plan: Plan
    script: Script
    checks: Checks
    replan: Callable[[Target], Plan]

    def apply(self, through: Target | None = None, **options: Any) -> Any:
        return apply_script(through or self.target, self.script, checks=self.checks, **{"limits": LIMITS, **options})

    def fork(self, die_at: int | None = None, target: Target | None = None) -> int:
        """Apply in another process; it kills itself at event ``die_at``. Returns its pid."""
        pid = os.fork()
        if pid:
            return pid
        events = 0

        def on_progress(_: Progress) -> None:
            nonlocal events
            events += 1
            if events == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            apply_script(target or self.target, self.script, checks=self.checks, limits=LIMITS, on_progress=on_progress)
            code = 0
        finally:
            os._exit(code)


def online_work(
    database: Callable[..., Target], folder: Path, *, old: str = OLD, new: str = NEW, rows: str = ROWS
) -> Work:
    """Plan ``new`` online against a fresh database that holds ``old`` and ``rows``, as migration 001."""
    made = planning(database, folder, old + rows)
    plan = made.plan(new, online=True, number=1, name="online")
    with connect(made.target) as connection:
        info = server_info(connection)
    place = Place(made.target, info.database, info.version_text, info.major)
    checks = Observatory(place, ()).checks()

    def replan(target: Target) -> Plan:
        return replace(made, target=target).plan(new)

    return Work(made.target, plan, parse(render(plan), source="001_online.sql"), checks, replan)


def again(work: Work, name: str) -> Work:
    """The same work on a database that is as the first one was when nothing had been applied: a copy of it."""
    with connect(work.target.with_dbname("postgres")) as connection:
        made = sql.SQL("create database {} template {} strategy file_copy")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(work.target.dbname)))
    return replace(work, target=work.target.with_dbname(name))


def drop(work: Work) -> None:
    with connect(work.target.with_dbname("postgres")) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(work.target.dbname)))


def indexes(target: Target) -> dict[str, tuple[int, bool]]:
    """Name, OID and whether valid, of each index of the tables in public."""
    with connect(target) as connection:
        rows = connection.execute(
            "select indexrelid::regclass::text, indexrelid::int8, indisvalid from pg_index"
            " where indrelid::regclass::text in ('p', 't')"
        ).fetchall()
    return {name: (oid, valid) for name, oid, valid in rows}
