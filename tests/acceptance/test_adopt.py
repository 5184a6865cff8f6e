"""A database with 25 hand-written migrations behind it, taken over, changed, and rebuilt from scratch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server
from support.legacy import HISTORY, load_legacy

from acceptance.conftest import SECRET, Project, project
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


@pytest.fixture
def of_others(
    tmp_path: Path, pg18: Server, role: Callable[..., str], database: Callable[..., Target]
) -> Callable[[str], Project]:
    """Factory: the same database, that an owner and a superuser have made, for a role who may not make databases."""
    owner = role("nologin")
    reader, member = (role("login", password=SECRET) for _ in range(2))
    target = database(owner=owner)
    pg18.execute(f"GRANT {owner} TO {member}; GRANT pg_read_all_data TO {reader}")
    made = project(tmp_path, target, "")
    made.execute(
        f"SET ROLE {owner}; CREATE SCHEMA s; CREATE TABLE s.t (id integer PRIMARY KEY);"
        f"GRANT USAGE ON SCHEMA s TO {reader}; GRANT SELECT ON s.t TO {reader}; RESET ROLE;"
        f"GRANT CREATE ON DATABASE {target.dbname} TO {reader}, {member};"
        "CREATE FUNCTION made() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION made()"
    )

    def as_one(name: str) -> Project:
        user = member if name == "member" else reader
        url = pg18.tcp_target.with_dbname(target.dbname).with_user(user, SECRET).url(None)
        made.cli.env["DATAIO_DATABASE_URL"] = url
        return made

    return as_one


@pytest.mark.parametrize("who", ["member", "reader"])
def test_a_role_that_may_make_no_databases_adopts_what_others_own(
    of_others: Callable[[str], Project], who: str
) -> None:
    one = of_others(who)
    one.cli("schema", "dump", "--split", "split")
    done = one.cli("schema", "adopt", "--yes")
    assert "pg_dump's" not in done.err
    one.settled()
    one.schema.write_text(one.schema.read_text() + "ALTER TABLE s.t ADD COLUMN more text;\n")
    if who == "member":  # has the owner's rights on the copy, too
        one.cli("schema", "plan", "more")
        one.cli("schema", "apply", "--yes")
        one.settled()
    else:
        refused = one.cli("schema", "plan", "more", code=5).err
        assert "must be owner of table t" in refused
        assert "hint: Plans are tried with the rights that the target's role has" in refused


def test_a_dump_plans_empty_against_its_source(legacy: Project) -> None:
    legacy.cli("schema", "dump", "--out", "schema.sql")
    assert "No changes" in legacy.cli("schema", "plan", "--no-write").out
    printed = legacy.cli("schema", "dump").out
    assert printed == legacy.schema.read_text()
