"""The command line as a user runs it: a process, its exit code, what it writes where. No output may show a password."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import Server
from psycopg import sql

from dataio.postgres import server
from dataio.postgres.account import give, service_account
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

SECRET = "Str0ng-But-Leaky"
ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "schema.sql"


@dataclass(frozen=True)
class Ran:
    """One command that ended."""

    code: int
    out: str
    err: str


@dataclass
class Cli:
    """``dataio`` in a project directory: ``cli("schema", "plan", code=0)``."""

    cwd: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, code: int | None = 0, input: str | None = None, **env: str) -> Ran:  # noqa: A002
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DB_"))} | {"NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "dataio", *arguments],
            cwd=self.cwd,
            env=clean | self.env | env,
            input=input,
            stdin=None if input is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        shown = f"$ dataio {' '.join(arguments)}\n{done.stdout}\n{done.stderr}\n(exit {done.returncode})"
        assert SECRET not in done.stdout + done.stderr, "a password was shown"
        if "--verbose" not in arguments:
            assert "Traceback" not in shown, shown
        assert code is None or done.returncode == code, shown
        return Ran(done.returncode, done.stdout, done.stderr)


@dataclass
class Project:
    """A project directory with a schema file, and the database it is about."""

    folder: Path
    target: Target
    cli: Cli

    @property
    def schema(self) -> Path:
        return self.folder / "schema.sql"

    @property
    def scripts(self) -> list[str]:
        """The names of the scripts, without those of the way back."""
        return [name for name in self.files if not name.endswith(".rollback.sql")]

    @property
    def files(self) -> list[str]:
        """All that is in the migrations folder."""
        return sorted(path.name for path in (self.folder / "generated_migrations").glob("*.sql"))

    def edit(self, *edits: tuple[str, str]) -> None:
        """Replace texts in the schema file; each must be there once."""
        text = self.schema.read_text()
        for old, new in edits:
            assert text.count(old) == 1, f"{text.count(old)} times: {old}"
            text = text.replace(old, new)
        self.schema.write_text(text)

    def execute(self, text: str) -> list[tuple[Any, ...]]:
        with connect(self.target) as connection:
            cursor = connection.execute(text.encode())
            return cursor.fetchall() if cursor.description else []

    def settled(self) -> None:
        """Nothing is left to do: the plan is empty and the check passes."""
        plan = self.cli("schema", "plan", "--detailed-exitcode")
        assert "No changes" in plan.out
        assert "✗" not in self.cli("schema", "check").out


def project(folder: Path, target: Target, schema: str) -> Project:
    """A project in ``folder`` whose settings name ``target`` by DATAIO_DATABASE_URL."""
    (folder / "generated_migrations").mkdir(parents=True, exist_ok=True)
    (folder / "schema.sql").write_text(schema)
    return Project(folder, target, Cli(folder, {"DATAIO_DATABASE_URL": target.url(None)}))


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """The command line in an empty directory, with no target named."""
    (tmp_path / "generated_migrations").mkdir()
    return Cli(tmp_path)


@pytest.fixture
def small(tmp_path: Path, database: Callable[..., Target]) -> Project:
    """A small schema, not planned yet, and an empty database."""
    return project(tmp_path, database(), "CREATE TABLE thing (id bigint PRIMARY KEY, name text NOT NULL);\n")


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def applied_catalogue(pg18: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The catalogue, planned from empty and applied, once per worker. Copy it (``catalogue``) to change it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"t_catalogue_{worker}_{os.getpid()}"
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    made = project(tmp_path_factory.mktemp("catalogue"), pg18.cluster.target(name), CATALOGUE.read_text())
    made.cli("schema", "plan", "create_catalogue")
    made.cli("schema", "apply", "--yes")
    yield made
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def catalogue(pg18: Server, applied_catalogue: Project, tmp_path: Path) -> Iterator[Project]:
    """The catalogue at version 001, in a database and a folder of its own."""
    name = f"{applied_catalogue.target.dbname}_{next(_numbers)}"
    with connect(pg18.target) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(applied_catalogue.target.dbname)
            )
        )
    copy = project(tmp_path, pg18.cluster.target(name), applied_catalogue.schema.read_text())
    for script in (applied_catalogue.folder / "generated_migrations").iterdir():
        shutil.copy(script, tmp_path / "generated_migrations")
    yield copy
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def standby() -> Iterator[Target]:
    """A server in recovery, as a standby without a primary is."""
    cluster = server.make_temporary(embedded(18))
    try:
        cluster.stop()
        flag = cluster.datadir / "standby.signal"
        flag.touch()
        give(flag, service_account())
        log = str(cluster.log_file)
        cluster._run("pg_ctl", ["start", "-w", "-s", "-D", str(cluster.datadir), "-l", log], cwd=cluster.datadir)
        yield cluster.target()
    finally:
        server.remove_temporary(cluster)
