"""A plan that is applied to another database than it was made for says so; the fingerprints decide whether it may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import Server
from support.planning import execute

from acceptance.conftest import Cli, project
from dataio.migrations.files import scan
from dataio.operations.apply import elsewhere
from dataio.operations.target import Place
from dataio.postgres.conninfo import Target

OLD = "CREATE TABLE thing (id bigint PRIMARY KEY);\n"


def test_another_database_is_said_and_the_fingerprint_decides(
    database: Callable[..., Target], tmp_path: Path, pg16: Server
) -> None:
    work = project(tmp_path, database(), OLD)
    work.cli("schema", "plan", "thing")
    assert "was planned for" not in (own := work.cli("schema", "apply", "--yes").err), own
    other = database()
    there = Cli(work.cli.cwd, {**work.cli.env, "DATAIO_DATABASE_URL": other.url(None)})
    said = there("schema", "apply", "--yes").err
    assert f"001 was planned for database {work.target.dbname}, and this is {other.dbname}" in said
    assert execute(other, "SELECT to_regclass('thing') IS NOT NULL") == [(True,)]
    third = database()
    execute(third, "CREATE TABLE something_else (id integer)")
    strange = Cli(work.cli.cwd, {**work.cli.env, "DATAIO_DATABASE_URL": third.url(None)})
    refused = strange("schema", "apply", "--yes", code=4).err
    assert "was planned for database" in refused
    assert "something_else" in refused
    [script] = scan(tmp_path / "generated_migrations")
    far = database(pg16)
    place = Place(far, far.dbname, "16", 16)
    assert "on another server than this one" in elsewhere(place, script.script)
