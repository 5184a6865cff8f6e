"""How long dataio takes beside its peers and PostgreSQL itself: databases of 12 to 5,000 tables, one column changed.

    make peers                                        # installs migra, results and pg-delta into .peers/
    python benchmarks/plan.py [--tables N …] [--runs N] [--tools NAME …] [--json FILE]

A throw-away PostgreSQL 18; ``../shared/tools/bigschema.py`` writes the schemas (10 columns and 5 indexes a table,
foreign keys, views, functions). Every tool diffs the same two databases in a process of its own, in turn, ``--runs``
times (once from 2,000 tables on); the best of each counts. CPU and memory (the peak) are the tool's and its
children's, not the server's. After them dataio's whole plan: "cold" loads, copies, replays and proves with nothing
remembered; "warm" is the same plan again; "edited" has one more change, in a schema that was never seen, and the copy
from before. "bare programs" is what a cold plan cannot be quicker than: its steps by psql and pg_dump, side by side
where they can be, with nothing in between that would compare or plan.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from dataio.postgres.connection import connect
from dataio.postgres.server import NOT_DURABLE, Cluster, temporary

ROOT: Final = Path(__file__).resolve().parent.parent
BIGSCHEMA: Final = ROOT.parent / "shared" / "tools" / "bigschema.py"
PEERS: Final = ROOT / ".peers"
DATAIO: Final = (sys.executable, "-m", "dataio", "schema")
ONCE_FROM: Final = 2000  # tables
SETTINGS: Final = {**NOT_DURABLE, "max_locks_per_transaction": "512"}  # 5,000 tables are loaded in one transaction
LIMIT: Final = 900  # seconds for one run
STEPS: Final = """set -e
(psql -c 'create database wanted' postgres; psql -1 -f new.sql wanted; pg_dump --schema-only -f wanted.dump wanted) &
wanted=$!
psql -c 'create database copy' postgres &
copy=$!
pg_dump --schema-only -f old.dump old
wait $copy
psql -1 -f old.dump copy
psql -c 'create database trial template copy' postgres
psql -f change.sql trial
pg_dump --schema-only -f trial.dump trial
wait $wanted
"""


class Run(NamedTuple):
    """One run: seconds on the clock, seconds of CPU, megabytes at its peak."""

    wall: float
    cpu: float
    memory: float


def run(command: Sequence[str], environment: Mapping[str, str], *, folder: Path | None = None) -> Run | str:
    """Run a tool to its end, in a folder; what it took, or why it did not get there."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env=dict(environment), cwd=folder)
        guard = threading.Timer(LIMIT, process.kill)
        guard.start()
        _, status, usage = os.wait4(process.pid, 0)
        guard.cancel()
        process.returncode = code = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if code not in (0, 2):  # migra and its heirs exit with 2 where there are differences
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or [f"exit code {code}"]
            return f"failed: {lines[-1][:100]}"
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def tools(old: str, new: str) -> dict[str, list[str]]:
    """The bare diff of two databases by each tool that is installed."""
    found = {
        "dataio (native)": [*DATAIO, "diff", old, new, "--no-prove", "--format", "sql"],
        "migra": [str(PEERS / "bin/migra"), "--unsafe", old, new],
        "results": [str(PEERS / "bin/results"), "dbdiff", old, new],
        "pg-delta": [str(PEERS / "node_modules/.bin/pgdelta"), "plan", "--source", old, "--desired", new],
    }
    return {name: command for name, command in found.items() if Path(command[0]).exists()}


def best(runs: Sequence[Run | str]) -> Run | str:
    """The quickest; the reason, where none arrived."""
    return min((one for one in runs if isinstance(one, Run)), default=runs[0])


def line(name: str, result: Run | str, load: float) -> str:
    if isinstance(result, str):
        return f"  {name:30}{result}"
    return (
        f"  {name:30}{result.wall:8.2f} s {result.cpu:8.2f} s {result.memory:8.0f} MB"
        f" {result.wall / load:8.2f} times PostgreSQL's load"
    )


class Bench:
    """One size: two databases on the cluster, and a folder for files and caches."""

    def __init__(self, cluster: Cluster, folder: Path, tables: int, only: Sequence[str] | None = None) -> None:
        self.cluster, self.folder, self.tables, self.only = cluster, folder, tables, only
        self.load = min(self._built("old"), self._built("new", "--changed"))
        # By TCP, with a password that opens nothing else: not every tool knows sockets.
        port = cluster.target(tcp=True).port
        self.old, self.new = (f"postgresql://bench:bench@127.0.0.1:{port}/{name}" for name in ("old", "new"))

    def _built(self, name: str, *flags: str) -> float:
        """A database of ``tables`` tables; the seconds that psql took to load it."""
        schema = self.folder / f"{name}.sql"
        command = [sys.executable, str(BIGSCHEMA), str(self.tables), *flags]
        schema.write_text(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        with connect(self.cluster.target()) as connection:
            connection.execute(f"drop database if exists {name}")
            connection.execute(f"create database {name}")
        psql = [str(self.cluster.binaries.path("psql")), "--quiet", "--no-psqlrc", "--single-transaction"]
        started = time.perf_counter()
        subprocess.run(
            [*psql, "--set=ON_ERROR_STOP=1", f"--file={schema}", self.cluster.target(name).url(None)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took = time.perf_counter() - started
        with connect(self.cluster.target(name)) as connection:
            connection.execute("vacuum analyze")
        return took

    def environment(self, cache: str) -> dict[str, str]:
        environment = {**os.environ, "DATAIO_CACHE_DIR": str(self.folder / cache)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has been compiled
        return environment

    def diffs(self, runs: int) -> dict[str, Run | str]:
        found = tools(self.old, self.new)
        commands = {name: command for name, command in found.items() if not self.only or name.split()[0] in self.only}
        taken: dict[str, list[Run | str]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(run(command, self.environment("diffs")))
        return {name: best(each) for name, each in taken.items()}

    def programs(self, runs: int) -> dict[str, Run | str]:
        """What a plan has PostgreSQL do: load the schema, copy the target, run the script, dump both; nothing else."""
        change = subprocess.run([*DATAIO, "diff", self.old, self.new, "--no-prove", "--format", "sql"],
                                check=True, capture_output=True, text=True)  # fmt: skip
        (self.folder / "change.sql").write_text(change.stdout)
        maintenance = self.cluster.target()
        environment = {
            **os.environ,
            "PATH": f"{self.cluster.binaries.bindir}:{os.environ['PATH']}",
            **{"PGHOST": str(maintenance.host), "PGPORT": str(maintenance.port), "PGUSER": str(maintenance.user)},
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        taken: list[Run | str] = []
        for _ in range(runs):
            taken.append(run(["sh", "-c", STEPS], environment, folder=self.folder))
            with connect(maintenance) as connection:
                for name in ("wanted", "copy", "trial"):
                    connection.execute(f"drop database if exists {name}")
        return {"bare programs": best(taken)}

    def plans(self, runs: int) -> dict[str, Run | str]:
        """Cold: an empty cache and no template left; warm: all that the plan before it left behind."""
        results: dict[str, Run | str] = {}
        for engine in ("native", "auto"):
            cold: list[Run | str] = []
            warm: list[Run | str] = []
            edited: list[Run | str] = []
            for number in range(runs):
                self._forget()
                environment = self.environment(f"{engine}{number}")
                plan = [*DATAIO, "plan", "--no-write", "--format", "sql", "--engine", engine, "--target", self.old]
                cold.append(run([*plan, "--schema", str(self.folder / "new.sql")], environment))
                warm.append(run([*plan, "--schema", str(self.folder / "new.sql")], environment))
                edited.append(run([*plan, "--schema", str(self._edited(number))], environment))
            for name, runs_of_it in (("cold", cold), ("warm", warm), ("edited", edited)):
                results[f"dataio plan, {engine}, {name}"] = best(runs_of_it)
        return results

    def _edited(self, number: int) -> Path:
        """The new schema with one more change, another one each time."""
        schema = self.folder / f"edited{number}.sql"
        more = f"\ncomment on table t0 is 'edited {number}';\n"
        schema.write_text((self.folder / "new.sql").read_text() + more)
        return schema

    def _forget(self) -> None:
        """Drop the templates that plans keep on the server."""
        with connect(self.cluster.target()) as connection:
            rows = connection.execute("select datname from pg_database where datname like 'dataio\\_%'").fetchall()
            for (name,) in rows:
                connection.execute(f'drop database "{name}" with (force)')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, nargs="+", default=[12, 60, 1000, 5000])
    parser.add_argument("--runs", type=int, default=3, help="of each tool at sizes below 2,000 tables")
    parser.add_argument("--tools", nargs="+", help="whose bare diffs (default: all that are installed)")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    arguments = parser.parse_args()
    if not BIGSCHEMA.exists():
        raise SystemExit(f"error: {BIGSCHEMA} is not there; it writes the schemas")
    figures: dict[int, dict[str, Run | str]] = {}
    for tables in arguments.tables:
        folder = Path(tempfile.mkdtemp(prefix="dataio-bench-"))
        try:
            with temporary(settings=SETTINGS, tcp=True) as cluster:
                with connect(cluster.target()) as connection:
                    connection.execute("create role bench superuser login password 'bench'")
                bench = Bench(cluster, folder, tables, arguments.tools)
                print(f"\n{tables} tables; PostgreSQL loads them in {bench.load:.2f} s", flush=True)
                figures[tables] = {}
                for part in (bench.diffs, bench.programs, bench.plans):
                    results = part(arguments.runs if tables < ONCE_FROM else 1)
                    figures[tables] |= results
                    print("\n".join(line(name, result, bench.load) for name, result in results.items()), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
