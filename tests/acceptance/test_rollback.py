"""Rolling back as a user meets it: each script has a proven way back beside it, and the history tells what happened."""

from __future__ import annotations

import re

import pytest

from acceptance.conftest import Project
from dataio.postgres.connection import connect
from dataio.snapshot.take import take

WIDER = ("name text NOT NULL", "name text NOT NULL, colour text DEFAULT 'red'")


@pytest.fixture
def first(small: Project) -> Project:
    """Version 001, with a row in it."""
    small.cli("schema", "plan", "first")
    small.cli("schema", "apply", "--yes")
    small.execute("insert into thing values (1, 'a')")
    return small


def state(project: Project) -> str:
    with connect(project.target) as connection:
        return take(connection).fingerprint


def second(project: Project, *edits: tuple[str, str], allow: str = "lock") -> str:
    """Plan and apply 002; what the plan said."""
    project.edit(*edits)
    said = project.cli("schema", "plan", "second").out
    project.cli("schema", "apply", "--yes", "--allow", allow)
    return said


def rollback_text(project: Project, name: str = "002_second") -> str:
    return (project.folder / "generated_migrations" / f"{name}.rollback.sql").read_text()


def test_back_to_the_old_fingerprint_and_forth_again(first: Project) -> None:
    before = state(first)
    assert "✓ Rollback: 1 statement, proven to lead back" in second(first, WIDER)
    assert first.files == ["001_first.rollback.sql", "001_first.sql", "002_second.rollback.sql", "002_second.sql"]
    after = state(first)
    refused = first.cli("schema", "rollback", "--yes", code=3)
    assert "--allow data-loss/drop-column" in refused.err
    done = first.cli("schema", "rollback", "--yes", "--allow", "data-loss")
    assert "rolled back 002 second: 1 statement" in done.err
    assert "the database is at version 001" in done.err
    assert state(first) == before
    assert first.execute("select * from thing") == [(1, "a")]

    status = first.cli("schema", "status").out
    assert re.search(r"^pending: 002_second\.sql\n +002 second was rolled back ", status, re.MULTILINE)
    history = first.cli("schema", "history").out.splitlines()
    assert [line.split("  ")[0] for line in history] == ["version", "001", "002"]
    assert "rolled back" in history[2]

    assert "is not before" in first.cli("schema", "rollback", "--to", "1", "--yes", code=64).err
    first.cli("schema", "apply", "--yes")
    assert state(first) == after
    first.cli("schema", "rollback", "--yes", "--allow", "data-loss", "--to", "0")
    assert first.execute("select to_regclass('thing')") == [(None,)]
    assert "version: none" in first.cli("schema", "status").out
    assert "nothing to roll back" in first.cli("schema", "rollback", "--yes").err
    first.cli("schema", "apply", "--yes")
    assert first.cli("schema", "history").out.count("rolled back") == 3
    first.settled()


def test_the_header_names_what_is_lost(first: Project) -> None:
    second(first, WIDER)
    first.edit(("name text NOT NULL, colour text DEFAULT 'red'", "name varchar(20)"))
    said = first.cli("schema", "plan", "third").out
    lost = [
        "column public.thing.colour comes back without its values",
        "the values of public.thing.name stay what the narrower type made of them",
    ]
    text = rollback_text(first, "003_third")
    for line in lost:
        assert line in said
        assert f"-- lost: {line}\n" in text
    assert "-- kind: rollback\n" in text
    first.cli("schema", "apply", "--yes", "--allow", "data-loss")
    assert lost[0] in first.cli("schema", "rollback", "--yes").err
    assert first.execute("select name, colour from thing") == [("a", "red")]


def test_rows_stand_in_the_way_of_a_column_that_must_not_be_null(first: Project) -> None:
    first.edit((", name text NOT NULL", ""))
    first.cli("schema", "plan", "second")
    assert "NOT NULL without a default: rolling back fails unless the table is empty" in rollback_text(first)
    first.cli("schema", "apply", "--yes", "--allow", "data-loss")
    failed = first.cli("schema", "rollback", "--yes", code=3)
    assert (
        "public.thing.name: is added again NOT NULL, and what it held is gone: it has no value for 1 row" in failed.err
    )
    assert "The script was not begun" in failed.err
    assert "No row can be mended for a column that is not there: bring it back by schema.sql" in failed.err
    assert "Mend" not in failed.err
    assert first.execute("select id from thing") == [(1,)]


def test_renames_go_back_with_their_rows(first: Project) -> None:
    before = state(first)
    first.edit(("TABLE thing (", "TABLE matter ("), ("name text", "title text"))
    first.cli("schema", "plan", "second", "--rename", "table:public.thing=matter", "--rename",
              "column:public.matter.name=title")  # fmt: skip
    first.cli("schema", "apply", "--yes")
    assert first.execute("select title from matter") == [("a",)]
    first.cli("schema", "rollback", "--yes")
    assert state(first) == before
    assert first.execute("select name from thing") == [("a",)]


def test_psql_takes_it_back_in_its_order_and_dataio_only_what_the_script_made(first: Project) -> None:
    before = state(first)
    second(first, WIDER)
    psql = ("db", "psql", "--", "-v", "ON_ERROR_STOP=1", "-qf")
    wrong = first.cli(*psql, "generated_migrations/001_first.rollback.sql", code=None)
    assert wrong.code != 0
    assert "is not the last one that was applied here" in wrong.err
    first.cli(*psql, "generated_migrations/002_second.rollback.sql")
    assert state(first) == before
    first.cli("schema", "apply", "--yes")
    first.execute("alter table thing add stray integer")
    drifted = first.cli("schema", "rollback", "--yes", "--allow", "data-loss", code=4)
    assert "stray" in drifted.err
    assert first.execute("select max(number) from dataio_meta.migration") == [(2,)]


def test_rollbacks_are_no_scripts_and_belong_to_one(first: Project) -> None:
    second(first, WIDER)
    folder = first.folder / "generated_migrations"
    path = folder / "002_second.rollback.sql"
    first.cli("schema", "check")
    first.cli("db", "recreate", "--yes", "--confirm", first.target.dbname)
    assert "version: 002" in first.cli("schema", "status").out
    said = first.cli("schema", "apply", str(path), "--yes", code=64).err
    assert "dataio schema rollback" in said

    whole = path.read_text()
    path.write_text(whole.replace("DROP COLUMN colour", "DROP COLUMN name"))
    for command in (("schema", "check"), ("schema", "rollback", "--yes")):
        assert "edited since it was planned" in first.cli(*command, code=1).err
    path.write_text(whole)
    path.rename(folder / "003_other.rollback.sql")
    assert "no script for 003_other.rollback.sql" in first.cli("schema", "check", code=1).err
    assert "has no rollback" in first.cli("schema", "rollback", "--yes", code=1).err


def test_a_pending_script_that_is_replaced_takes_its_rollback_along(first: Project) -> None:
    first.edit(WIDER)
    first.cli("schema", "plan", "second")
    first.edit(("colour text", "shade text"))
    first.cli("schema", "plan", "other")
    assert first.files[2:] == ["002_other.rollback.sql", "002_other.sql"]
    assert "shade" in rollback_text(first, "002_other")
    (first.folder / "generated_migrations" / "002_other.rollback.sql").unlink()
    first.cli("schema", "plan")  # the script is kept, its way back is written again
    first.cli("schema", "apply", "--yes")
    first.cli("schema", "rollback", "--yes", "--allow", "data-loss")
    first.edit((", shade text DEFAULT 'red'", ""))
    assert "removed the pending script" in first.cli("schema", "plan").err
    assert first.files == ["001_first.rollback.sql", "001_first.sql"]
