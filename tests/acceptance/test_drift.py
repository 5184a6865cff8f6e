"""Drift: said by object, by exit code and as JSON; and adopted, as a patch that is proven and registered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from support.planning import execute

from acceptance.conftest import project
from dataio.postgres.conninfo import Target

SCHEMA = "CREATE TABLE thing (id bigint PRIMARY KEY, name text);\n"


def test_drift_is_said_and_adopted(database: Callable[..., Target], tmp_path: Path) -> None:
    work = project(tmp_path, database(), SCHEMA)
    assert "has no history" in work.cli("schema", "drift", code=1).err
    work.cli("schema", "plan", "first")
    work.cli("schema", "apply", "--yes")
    assert "no drift" in work.cli("schema", "drift", "--detailed-exitcode").out
    execute(work.target, "ALTER TABLE thing ADD COLUMN surprise integer; ALTER TABLE thing ALTER name TYPE varchar(20)")
    execute(work.target, "CREATE VIEW extra AS SELECT id FROM thing")
    said = work.cli("schema", "drift", "--detailed-exitcode", code=2).out
    assert "table public.thing" in said
    assert "+ column public.thing.surprise: only in the database" in said
    assert "type: text → character varying(20)" in said
    found = json.loads(work.cli("schema", "drift", "--format", "json").out)["drift"]
    assert [one["name"] for one in found["objects"]] == ["table public.thing", "view public.extra"]
    adopted = work.cli("schema", "drift", "--adopt", "--yes")
    assert "+ALTER TABLE public.thing ADD COLUMN surprise integer;" in adopted.out
    assert "002_adopt_drift.sql, registered as applied" in adopted.err
    assert "change or undo what stands above them" in adopted.err
    assert "dataio schema dump --out schema.sql" in adopted.err
    assert "no drift" in work.cli("schema", "drift").out
    work.cli("schema", "check")
    assert "No changes" in work.cli("schema", "plan").out


def test_differences_are_worded_as_a_user_of_postgresql_reads_them(
    database: Callable[..., Target], tmp_path: Path
) -> None:
    table = 'CREATE TABLE "Odd ""one""" ("a b" integer, n integer);\n'
    work = project(tmp_path, database(), f'{table}CREATE VIEW v AS SELECT "a b" FROM "Odd ""one""";\n')
    work.cli("schema", "plan", "first")
    work.cli("schema", "apply", "--yes")
    execute(work.target, 'CREATE OR REPLACE VIEW v AS SELECT "a b", n FROM "Odd ""one"""')
    execute(work.target, 'ALTER TABLE "Odd ""one""" ENABLE ROW LEVEL SECURITY; ALTER TABLE "Odd ""one""" ADD more text')
    checked = work.cli("schema", "check", code=2).out
    assert 'table public."Odd ""one""": row_security is no in the schema, yes in the database' in checked
    assert 'columns is "a b" integer in the schema, "a b" integer, n integer in the database' in checked
    assert 'definition differs (- the schema, + the database):\n      - SELECT "a b"\n' in checked
    drifted = work.cli("schema", "drift").out
    assert 'columns: "a b" integer → "a b" integer, n integer' in drifted
    assert "      definition:\n        " in drifted
    planned = work.cli("schema", "plan", "--no-write").out
    assert 'columns: "a b" integer, n integer → "a b" integer' in planned
    assert 'data-loss/drop-column public."Odd ""one""".more:' in planned
    assert 'Odd "one"' not in checked + drifted + planned


def test_all_commands_count_and_sign_alike(database: Callable[..., Target], tmp_path: Path) -> None:
    """``-`` is what should be there and is not, ``+`` what is there besides; a part of a whole is not counted again."""
    work = project(tmp_path, database(), f"{SCHEMA}CREATE INDEX by_name ON thing (name);\n")
    assert "drift:   not checked: dataio has applied nothing here" in work.cli("schema", "status").out
    work.cli("schema", "plan", "first")
    assert "next:    `dataio schema apply` runs what is pending" in work.cli("schema", "status").out
    work.cli("schema", "apply", "--yes")
    assert "next:" not in work.cli("schema", "status").out
    execute(work.target, "DROP INDEX by_name; CREATE TABLE extra (id bigint PRIMARY KEY, a text DEFAULT 'x')")
    execute(work.target, 'ALTER TABLE thing ALTER name TYPE varchar(20) COLLATE "C"')
    status = work.cli("schema", "status").out
    assert "drift:   3 differences" in status
    assert "next:    `dataio schema drift` shows what changed by other means" in status
    drift = work.cli("schema", "drift").out
    assert "3 differences from version 001" in drift
    check = work.cli("schema", "check", code=2).out
    assert "holds: 3 differences" in check
    for said, side in ((status, "scripts"), (drift, "scripts"), (check, "schema")):
        assert f"- index public.by_name: only in the {side}" in said
        assert "+ table public.extra: only in the database" in said
