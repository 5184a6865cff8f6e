"""The legacy catalogue: a database with 25 hand-written migrations behind it, as a user would bring it."""

from __future__ import annotations

from pathlib import Path

from dataio.postgres.conninfo import Target
from support.psql import psql_file

FOLDER = Path(__file__).parents[1] / "fixtures" / "legacy_catalogue"
SEED = FOLDER / "seed.sql"
HISTORY = "db_migration_history.migration_number"
"""Where the team kept count, as ``dataio schema adopt --from-table`` wants it."""


def migrations() -> list[Path]:
    """The numbered scripts, in order."""
    return sorted(FOLDER.glob("[0-9][0-9][0-9]_*.sql"))


def load_legacy(target: Target, *, seed: bool = True, upto: int | None = None) -> None:
    """Bring the empty database ``target`` to migration ``upto`` (the last, where none is given).

    ``seed`` adds a few rows to every table; they fit the last migration only.
    """
    scripts = [path for path in migrations() if upto is None or int(path.name[:3]) <= upto]
    psql_file(target, [*scripts, SEED] if seed and upto is None else scripts)
