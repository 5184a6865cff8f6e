"""Does the native planner turn old into new? By its own word (facts) and by pg_dump's.

For tests: :func:`converge`. As a program, over folders of cases (``old.sql``, ``new.sql``, perhaps ``setup.sql`` and
``meta.json`` with roles), both ways::

    python -m tests.support.converge CASES [--only GLOB] [--reverse] [-v] --server CONNINFO [--spare CONNINFO]
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.planner import judge
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose
from dataio.planner.native.step import Step
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.dump import dump_schema
from dataio.postgres.process import ToolFailed, run
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

_TABLES = """
select n.nspname || '.' || c.relname, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
where relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""


@dataclass
class Outcome:
    """What became of one transition. ``word``: ok, facts, dump, apply, plan or invalid; ``why``: the first reasons."""

    word: str
    why: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def script(self) -> str:
        return ";\n".join(step.sql for step in self.steps)

    def __str__(self) -> str:
        return "\n".join([self.word, *self.why, f"rebuilt: {self.rebuilt}", "---", self.script])


def snapshot(target: Target) -> Snapshot:
    with connect(target) as connection:
        return take(connection)


def load(target: Target, text: str) -> None:
    """Run SQL with psql, as a user would. Raises ToolFailed."""
    if text.strip():
        arguments = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        with connect(target) as connection:
            major = connection.info.server_version // 10000
        run(dump_binaries(major), "psql", arguments, target=target, input=text)


def apply(target: Target, steps: Sequence[Step]) -> None:
    """Run steps as a script does: in one transaction, but where a step asks for a new one. Raises psycopg.Error."""
    with connect(target, autocommit=False) as connection:
        connection.execute("set check_function_bodies = off")
        for step in steps:
            if step.new_transaction:
                connection.commit()
            try:
                connection.execute(step.sql.encode())
            except psycopg.Error as error:
                error.add_note(f"in: {step.sql}")
                raise
        connection.commit()


_CREATE: Final = sql.SQL("create database {} template {} strategy file_copy")
_DROP: Final = sql.SQL("drop database if exists {} with (force)")


@contextmanager
def databases(server: Target, count: int = 2, *, template: Target | None = None) -> Iterator[list[Target]]:
    """So many databases, empty ones or copies of ``template``, for as long as the context lasts."""
    names = [f"converge_{uuid.uuid4().hex[:10]}" for _ in range(count)]
    copied = sql.Identifier(template.dbname if template else "template0")
    with connect(server) as connection:
        try:
            for name in names:
                connection.execute(_CREATE.format(sql.Identifier(name), copied))
            yield [server.with_dbname(name) for name in names]
        finally:
            for name in names:
                connection.execute(_DROP.format(sql.Identifier(name)))


def empty(server: Target, database: Target) -> None:
    """Make a database anew, with nothing in it."""
    name = sql.Identifier(database.dbname)
    with connect(server) as connection:
        connection.execute(_DROP.format(name))
        connection.execute(_CREATE.format(name, sql.Identifier("template0")))


def converge(server: Target, old: str, new: str, *, setup: str = "") -> Outcome:
    """Load ``old`` and ``new`` into two databases of ``server``, plan, run the plan on the first, compare."""
    with databases(server) as (first, second):
        try:
            for target, text in ((first, old), (second, new)):
                load(target, setup)
                load(target, text)
        except ToolFailed as error:
            return Outcome("invalid", [str(error)[:500]])
        return between(first, second)


def between(first: Target, second: Target) -> Outcome:
    """Plan from ``first`` to ``second``, run that on ``first``, compare."""
    a, b = snapshot(first), snapshot(second)
    oids = _tables(first)
    started = time.perf_counter()
    try:
        steps = propose(a, b, major=a.major)
    except Exception:
        return Outcome("plan", [traceback.format_exc()[-1500:]])
    outcome = Outcome("ok", steps=steps, seconds=time.perf_counter() - started)
    try:
        apply(first, steps)
    except psycopg.Error as error:
        outcome.word, outcome.why = "apply", [str(error), *getattr(error, "__notes__", ())]
        return outcome
    after = _tables(first)
    outcome.rebuilt = sorted(t for t, oid in oids.items() if t in after and after[t] != oid)
    left = diff(snapshot(first), b)
    if left:
        outcome.word, outcome.why = "facts", [str(delta) for delta in left[:10]]
        return outcome
    differences = judge.compare(dump_schema(first), dump_schema(second))
    if differences:
        outcome.word, outcome.why = "dump", [f"{d}\n  got: {d.got}\n  wanted: {d.wanted}" for d in differences[:5]]
    return outcome


def _tables(target: Target) -> dict[str, Any]:
    with connect(target) as connection:
        return dict(connection.execute(_TABLES).fetchall())


def run_case(case: Path, server: Target, reverse: bool) -> Outcome:
    """One case folder."""
    meta = json.loads((case / "meta.json").read_text()) if (case / "meta.json").exists() else {}
    setup = (case / "setup.sql").read_text() if (case / "setup.sql").exists() else ""
    old, new = (case / "old.sql").read_text(), (case / "new.sql").read_text()
    with connect(server) as connection:
        roles = {name for (name,) in connection.execute("select rolname from pg_roles")}
        try:
            for name in meta.get("roles", ()):
                if name not in roles:
                    connection.execute(sql.SQL("create role {}").format(sql.Identifier(name)))
            pair = (new, old) if reverse else (old, new)
            return converge(server, *pair, setup=setup)
        finally:
            for (name,) in connection.execute("select rolname from pg_roles").fetchall():
                if name not in roles:
                    with suppress(psycopg.errors.DependentObjectsStillExist):  # another run's
                        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path)
    parser.add_argument("--only", default="*")
    parser.add_argument("--reverse", action="store_true")
    parser.add_argument("--server", required=True)
    parser.add_argument("--spare")
    parser.add_argument("-v", action="store_true")
    arguments = parser.parse_args()
    words: Counter[tuple[str, str]] = Counter()
    for case in sorted(path.parent for path in arguments.cases.glob("**/new.sql")):
        name = f"{case.parent.name}/{case.name}"
        if not fnmatch.fnmatch(name, arguments.only):
            continue
        for way in (False, True) if arguments.reverse else (False,):
            outcome = run_case(case, parse_target(arguments.server), way)
            if outcome.word == "invalid" and arguments.spare:
                outcome = run_case(case, parse_target(arguments.spare), way)
            words[case.parent.name, outcome.word] += 1
            if outcome.word != "ok" or outcome.rebuilt or arguments.v:
                sys.stdout.write(f"=== {name}{' (reverse)' if way else ''}: {outcome}\n")
                sys.stdout.flush()
    for (folder, word), count in sorted(words.items()):
        sys.stdout.write(f"{folder:20} {word:10} {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
