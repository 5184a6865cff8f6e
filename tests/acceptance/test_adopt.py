"""A database with 25 hand-written migrations behind it, taken over, changed, and rebuilt from scratch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.legacy import HISTORY, load_legacy

from acceptance.conftest import Project, project
from dataio.postgres.conninfo import Target


@pytest.fixture
def legacy(tmp_path: Path, database: Callable[..., Target]) -> Project:
    target = database()
    load_legacy(target)
    made = project(tmp_path, target, "")
    made.schema.unlink()
    return made


def test_adopted_planned_empty_changed_applied_as_026_and_rebuilt(legacy: Project) -> None:
    done = legacy.cli("schema", "adopt", "--yes", "--from-table", HISTORY)
    assert "the next script is 026" in done.err
    assert legacy.scripts == ["025_baseline.sql"]
    legacy.settled()
    assert "version: 025" in legacy.cli("schema", "status").out

    text = legacy.schema.read_text()
    assert text.count("CREATE TABLE") > 5
    legacy.schema.write_text(text + "\nALTER TABLE tag ADD COLUMN colour text NOT NULL DEFAULT 'grey';\n")
    legacy.cli("schema", "plan", "tag_colour")
    assert legacy.scripts == ["025_baseline.sql", "026_tag_colour.sql"]
    legacy.cli("schema", "apply", "--yes")
    legacy.settled()

    status = legacy.cli("schema", "status").out
    state = status.partition("state:")[2].strip()
    assert "version: 026" in status
    rebuilt = legacy.cli("db", "recreate", "--from", "migrations", "--yes")
    assert state in rebuilt.err
    assert state in legacy.cli("schema", "status").out
    legacy.settled()


def test_nothing_but_dataio_meta_is_touched(legacy: Project) -> None:
    everything = (
        "SELECT c.oid::regclass::text, c.relfilenode, c.relnatts FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'dataio_meta') ORDER BY 1"
    )
    before = legacy.execute(everything)
    legacy.cli("schema", "adopt", "--yes", "--version", "25")
    assert legacy.execute(everything) == before
    schemas = legacy.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")
    assert ("dataio_meta",) in schemas


def test_what_stands_in_the_way_is_named_and_nothing_is_written(legacy: Project) -> None:
    both = legacy.cli("schema", "adopt", "--yes", "--version", "25", "--from-table", HISTORY, code=64)
    assert "Give one of them" in both.err
    wrong = legacy.cli("schema", "adopt", "--yes", "--from-table", "no_such.column", code=64)
    assert "no_such" in wrong.err
    legacy.schema.write_text("-- mine\nSELECT 1\n")
    there = legacy.cli("schema", "adopt", "--yes", "--version", "25", code=64)
    assert "does not overwrite" in there.err
    assert legacy.schema.read_text() == "-- mine\nSELECT 1\n"
    legacy.schema.unlink()
    legacy.cli("schema", "adopt", "--version", "25", code=64)  # nobody said yes
    assert not legacy.schema.exists()
    assert legacy.scripts == []
    assert legacy.execute("SELECT to_regnamespace('dataio_meta')") == [(None,)]
    legacy.cli("schema", "adopt", "--yes", "--version", "25")
    again = legacy.cli("schema", "adopt", "--yes", "--version", "25", "--schema", "other.sql", code=1)
    assert "adopted already" in again.err
    assert not (legacy.folder / "other.sql").exists()


def test_init_points_to_adopt_and_its_schema_file_does_not_stand_in_the_way(legacy: Project) -> None:
    started = legacy.cli("init", "--ci", "none")
    assert "next: `dataio schema adopt`" in started.err
    assert legacy.schema.read_text().startswith("-- ")
    legacy.cli("schema", "adopt", "--yes", "--version", "25")
    legacy.settled()
    assert "next: edit schema.sql" in legacy.cli("init", "--ci", "none").err


def test_a_dump_plans_empty_against_its_source(legacy: Project) -> None:
    legacy.cli("schema", "dump", "--out", "schema.sql")
    assert "No changes" in legacy.cli("schema", "plan", "--no-write").out
    printed = legacy.cli("schema", "dump").out
    assert printed == legacy.schema.read_text()
