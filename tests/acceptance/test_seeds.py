"""Hooks and seeds: run at their time, seeds again only when they changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.planning import execute

from acceptance.conftest import project
from dataio.postgres.conninfo import Target


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
