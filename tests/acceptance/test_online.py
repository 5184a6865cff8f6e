"""Online plans by the command line: planned, applied, told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.planning import execute

from acceptance.conftest import project
from dataio.postgres.conninfo import Target

OLD = "CREATE TABLE thing (id bigint PRIMARY KEY, n integer);\n"


def test_an_online_plan_is_applied_phase_by_phase(database: Callable[..., Target], tmp_path: Path) -> None:
    work = project(tmp_path, database(), OLD)
    work.cli("schema", "plan", "thing")
    work.cli("schema", "apply", "--yes")
    work.schema.write_text(OLD + "CREATE INDEX thing_n ON thing (n);\n")
    planned = work.cli("schema", "plan", "index", "--online")
    assert "Outside of transactions:" in planned.out
    assert "CREATE INDEX CONCURRENTLY thing_n" in planned.out
    assert "1 statement by native, in 3 phases, online" in planned.out
    script = (tmp_path / "generated_migrations" / "002_index.sql").read_text()
    assert "-- online: yes" in script
    assert "-- done: SELECT EXISTS" in script
    assert "002 index: 1 statement in 3 phases" in work.cli("schema", "apply", "--yes").err
    assert execute(work.target, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'thing_n'::regclass") == [(True,)]
    work.cli("schema", "check")
    assert "No changes" in work.cli("schema", "plan").out
