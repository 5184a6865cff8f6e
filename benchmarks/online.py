"""How long writers stand still while a schema changes: the plain plan against the online one, on a table in use.

    .venv/bin/python benchmarks/online.py [--rows 5000000] [--only index,check] [--writers 4] [--minutes 10]

A server of its own is started; each change is planned, proven and applied by dataio to a fresh copy of a table with
that many rows, while sessions update, insert and read single rows of it without a pause. Printed is the longest time
that any of them took for one statement, beside how long applying took. Without any change the same sessions give the
noise. After so many minutes nothing more is begun, and what is missing is named.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from dataio.migrations.executor import Applied, Limits, apply_script
from dataio.operations.state import Observatory
from dataio.operations.target import Place
from dataio.plan.render.sql import render
from dataio.plan.script import parse
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.postgres import server
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import provider_for

PARENT = "CREATE TABLE p (id integer PRIMARY KEY);\n"
TABLE = (
    "CREATE TABLE t (id bigint PRIMARY KEY, n integer, k integer, name varchar(40), p integer, touched integer{});\n"
)
OLD = PARENT + TABLE.format("")
CHANGES = {
    "index": OLD + "CREATE INDEX t_n ON t (n);",
    "not null": OLD.replace("n integer,", "n integer NOT NULL,"),
    "foreign key": OLD + "ALTER TABLE t ADD CONSTRAINT t_p FOREIGN KEY (p) REFERENCES p (id);",
    "unique": OLD + "ALTER TABLE t ADD CONSTRAINT t_k UNIQUE (k);",
    "check": OLD + "ALTER TABLE t ADD CONSTRAINT t_positive CHECK (n > 0);",
    "change default": OLD.replace("touched integer", "touched integer DEFAULT 1"),
    "widen varchar": OLD.replace("varchar(40)", "varchar(80)"),
    "volatile default": PARENT + TABLE.format(", u uuid DEFAULT gen_random_uuid()"),
}
LIMITS = Limits(lock=0.2, attempts=200, pause=0.05, longest_pause=0.3)
SETTINGS = {
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "8GB",
    "wal_level": "replica",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass
class Load:
    """Sessions at work on the table; ``longest`` is the time of the slowest statement of all of them, in seconds."""

    target: Target
    rows: int
    sessions: int
    longest: float = 0.0
    statements: int = 0
    failures: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        stop = threading.Event()
        threads = [threading.Thread(target=self._work, args=(i, stop)) for i in range(self.sessions)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        self.longest, self.statements = 0.0, 0
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _work(self, number: int, stop: threading.Event) -> None:
        chance = random.Random(number)  # noqa: S311 - which rows are touched is no secret
        fresh = 10 * self.rows + number * 100_000_000
        with connect(self.target, application_name=f"load {number}") as connection:
            while not stop.is_set():
                started = time.perf_counter()
                row = chance.randint(1, self.rows)
                try:
                    match (number, chance.randint(0, 9)):
                        case 0, _:
                            connection.execute("SELECT n FROM t WHERE id = %s", [row])
                        case _, 0:
                            fresh += 1
                            connection.execute(
                                "INSERT INTO t (id, n, k, name, p) VALUES (%s, 1, %s, 'x', 1)",
                                [fresh, -(fresh % 2**31)],
                            )
                        case _:
                            connection.execute("UPDATE t SET touched = touched + 1 WHERE id = %s", [row])
                except psycopg.Error as error:
                    self.failures.append(str(error).strip())
                self.longest = max(self.longest, time.perf_counter() - started)
                self.statements += 1
                time.sleep(0.002)


@dataclass(frozen=True)
class Seen:
    """The longest stall and how long applying took, in seconds."""

    stall: float
    took: float
    phases: int


def build(target: Target, rows: int) -> None:
    with connect(target) as connection:
        connection.execute(OLD.encode())
        connection.execute("INSERT INTO p SELECT generate_series(1, 1000)")
        connection.execute(
            "INSERT INTO t SELECT i, i %% 1000 + 1, i, 'name ' || i, i %% 1000 + 1, 0 FROM generate_series(1, %s) i",
            [rows],
        )
        connection.execute("VACUUM ANALYZE t")
        connection.execute("CHECKPOINT")


def change(maintenance: Target, desired: str, *, online: bool, rows: int, writers: int, folder: Path) -> Seen:
    """One change of a fresh copy, applied under load."""
    target = maintenance.with_dbname("live")
    with connect(maintenance) as connection:
        connection.execute("DROP DATABASE IF EXISTS live WITH (FORCE)")
        connection.execute("CREATE DATABASE live TEMPLATE base STRATEGY file_copy")
    schema = folder / "schema.sql"
    schema.write_text(desired)
    with provider_for(target, cache_dir=folder / "cache") as scratch:
        plan = make_plan(
            PlanRequest(
                target, (schema,), scratch, number=1, name="change", online=online, check_rows=0, engine="native"
            )
        )
    script = parse(render(plan), source="001_change.sql")
    with connect(target) as connection:
        info = server_info(connection)
    checks = Observatory(Place(target, info.database, info.version_text, info.major), ()).checks()
    load = Load(target, rows, writers)
    with load.running():
        done: Applied = apply_script(target, script, checks=checks, limits=LIMITS)
        time.sleep(0.2)
    if load.failures:
        raise SystemExit(f"the load failed: {load.failures[0]}")
    return Seen(load.longest, done.seconds, len(script.segments))


def noise(maintenance: Target, *, rows: int, writers: int) -> float:
    """The longest statement where nothing changes, in five seconds."""
    with connect(maintenance) as connection:
        connection.execute("DROP DATABASE IF EXISTS live WITH (FORCE)")
        connection.execute("CREATE DATABASE live TEMPLATE base STRATEGY file_copy")
    load = Load(maintenance.with_dbname("live"), rows, writers)
    with load.running():
        time.sleep(5)
    return load.longest


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--writers", type=int, default=4, help="sessions; the first reads, the others write")
    parser.add_argument("--only", default=",".join(CHANGES), help=f"of {', '.join(CHANGES)}")
    parser.add_argument("--minutes", type=float, default=10, help="nothing more is begun after these")
    options = parser.parse_args()
    until = time.monotonic() + 60 * options.minutes
    with server.temporary(embedded(18), settings=SETTINGS) as cluster, tempfile.TemporaryDirectory() as folder:
        maintenance = cluster.target()
        with connect(maintenance) as connection:
            connection.execute("CREATE DATABASE base")
        build(maintenance.with_dbname("base"), options.rows)
        print(f"{options.rows:,} rows, {options.writers} sessions; the longest any session waited for one statement")
        print(
            f"{'no change at all':<18} {noise(maintenance, rows=options.rows, writers=options.writers):>7.2f} s",
            flush=True,
        )
        print(f"{'change':<18} {'plain':>9} {'(took)':>9} {'online':>9} {'(took)':>9}  phases")
        for name in options.only.split(","):
            if time.monotonic() > until:
                print(f"{name:<18} not measured: {options.minutes:g} minutes are over", flush=True)
                continue
            plain, online = (
                change(
                    maintenance, CHANGES[name], online=online, rows=options.rows, writers=options.writers,
                    folder=Path(folder),
                )
                for online in (False, True)
            )  # fmt: skip
            print(
                f"{name:<18} {plain.stall:>7.2f} s {plain.took:>7.2f} s {online.stall:>7.2f} s {online.took:>7.2f} s"
                f"  {online.phases}",
                flush=True,
            )


if __name__ == "__main__":
    main()
