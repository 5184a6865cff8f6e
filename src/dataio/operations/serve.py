"""What the API needs before it can serve: the database, with the catalogue in it where it is a development one; and the
first administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dataio.catalogue.keys import NewKey, new_key
from dataio.errors import UsageError
from dataio.migrations import files, replay
from dataio.operations import sample
from dataio.operations.sql import query
from dataio.operations.target import Place, reach
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.load import load_schema
from dataio.settings import Settings


def known_target(settings: Settings) -> Target | None:
    """Where the database is, as far as the settings say it, without asking it; ``None`` for the embedded one."""
    return None if settings.target.embedded else parse_target(settings.target.text)


def find_target(settings: Settings) -> Target:
    """The database to serve. The embedded one is started, and gets the catalogue, and sample data where asked for.

    Raises ConnectionFailed, SourceError for a schema that does not load, MigrationError for a script that fails.
    """
    if (known := known_target(settings)) is not None:
        return known
    place = reach(settings.target, settings.environments, settings.root)
    prepare_development(place, settings.schema, settings.migrations)
    if settings.api_sample and sample.is_empty(place.target):
        sample.fill(place.target, settings.root / ".dataio" / "files")
    return place.target


def prepare_development(place: Place, sources: tuple[Path, ...], migrations: Path) -> bool:
    """Bring an empty development database to life; whether that was needed.

    By the scripts, so that it knows its version as every other database does; without any by the schema files. Raises
    SourceError, and MigrationError for a script that fails.
    """
    with connect(place.target, read_only=True) as connection:
        catalogue, anything = connection.execute(query("has_catalogue")).fetchone() or (False, True)
    if catalogue or anything:
        return False
    if scripts := files.scan(migrations):
        replay.build(place.target, scripts)
        return True
    if not all(path.exists() for path in sources):
        return False
    load_schema(place.target, sources)
    return True


@dataclass(frozen=True)
class Administrator:
    """An administrator with a new key, which is shown once."""

    user_id: int
    email: str
    made: bool
    key: NewKey = field(repr=False)


def create_admin(place: Place, email: str, *, name: str | None = None, label: str | None = None) -> Administrator:
    """Make ``email`` an active administrator and issue a key. Raises UsageError for what is no address."""
    if email.count("@") != 1 or any(part.strip() != part or not part for part in email.split("@")) or " " in email:
        raise UsageError(f"{email!r} is no mail address")
    key = new_key()
    with connect(place.target, application_name="dataio api create-admin") as connection, connection.transaction():
        row = connection.execute(query("make_admin"), {"email": email, "name": name}).fetchone()
        user_id, made = row if row is not None else (0, False)
        connection.execute(query("issue_key"), [user_id, key.prefix, key.hashed, label])
    return Administrator(user_id, email, made, key)
