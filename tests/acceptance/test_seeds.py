"""Hooks and seeds: run at their time, seeds again only when they changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.planning import execute

from acceptance.conftest import project
from dataio.postgres.conninfo import Target


def test_rows_in_the_schema_file_are_pointed_to_seeds(database: Callable[..., Target], tmp_path: Path) -> None:
    schema = 'CREATE TABLE plain (a integer);\nCREATE TABLE "Odd one" AS SELECT 1 AS a;\n'
    work = project(tmp_path, database(), schema + "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;\n")
    said = 'Note: the schema files put rows into public."Odd one": rows are no part of the schema'
    assert said in work.cli("schema", "plan", "odd").out
    work.cli("schema", "apply", "--yes")
    for _ in range(2):  # the second time nothing is loaded
        unchanged = work.cli("schema", "plan").out
        assert "No changes" in unchanged
        assert said in unchanged
        assert "seeds/" in unchanged
    work.schema.write_text(schema.replace(" AS SELECT 1 AS a", " (a integer)"))
    assert "rows" not in work.cli("schema", "plan", "--no-write").out


def test_hooks_and_seeds(database: Callable[..., Target], tmp_path: Path) -> None:
    work = project(tmp_path, database(), "CREATE TABLE unit (name text PRIMARY KEY, n integer DEFAULT 0);\n")
    before, after, seeds = (tmp_path / one for one in ("hooks/before_apply", "hooks/after_apply", "seeds"))
    for folder in (before, after, seeds):
        folder.mkdir(parents=True)
    (before / "1.sql").write_text("DO $$ BEGIN ASSERT to_regclass('public.unit') IS NULL; END $$;\n")
    (after / "1.sql").write_text("INSERT INTO unit VALUES ('hook', 1);\n")
    seed = seeds / "units.sql"
    seed.write_text("INSERT INTO unit VALUES ('m') ON CONFLICT (name) DO UPDATE SET n = unit.n + 1;\n")
    work.cli("schema", "plan", "units")
    assert "seed units.sql" in work.cli("schema", "apply", "--yes").err
    assert execute(work.target, "select name, n from unit order by name") == [("hook", 1), ("m", 0)]
    assert "nothing to apply" in work.cli("schema", "apply", "--yes").err
    seed.write_text(seed.read_text() + "\n-- changed\nSELECT wrong;\n")
    failed = work.cli("schema", "apply", "--yes", code=1)
    assert 'units.sql:4: column "wrong" does not exist' in failed.err
    seed.write_text(seed.read_text().replace("SELECT wrong;", ""))
    work.cli("schema", "apply", "--yes")
    assert execute(work.target, "select n from unit where name = 'm'") == [(1,)]
    assert "drift:   none" in work.cli("schema", "status").out
