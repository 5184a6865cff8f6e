"""What the API says of the schema's state is what ``dataio schema status`` says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dataio.api.routers.schema import look
from dataio.migrations import files, replay
from dataio.postgres.conninfo import Target
from dataio.settings import load

ROOT = Path(__file__).parents[2]


def test_the_fingerprint_is_the_last_migrations(database: Callable[..., Target], tmp_path: Path) -> None:
    """It covers what that does: owners and privileges, which nothing manages here, do not make it another one."""
    target, scripts = database(), files.scan(ROOT / "generated_migrations")
    replay.build(target, scripts)
    flags = {"target": target.url(None), "migrations": str(ROOT / "generated_migrations")}
    seen = look(target, load(flags, cwd=tmp_path, environ={}))
    assert seen["version"] == scripts[-1].number
    assert seen["fingerprint"] == scripts[-1].header.to_fingerprint
    assert seen["pending"] == []


def test_without_scripts_it_is_the_whole_databases(database: Callable[..., Target], tmp_path: Path) -> None:
    target = database()
    seen = look(target, load({"target": target.url(None)}, cwd=tmp_path, environ={}))
    assert (seen["version"], seen["last"], seen["pending"]) == (0, None, [])
    assert seen["database"] == target.describe()
    assert seen["fingerprint"].startswith("pg18:")
