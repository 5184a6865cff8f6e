"""A database that was there before dataio: adopted, numbered on, rebuilt; and its schema written as a person would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support.legacy import migrations
from support.migrations import past, script_for, state
from support.plans import plan_of
from support.psql import psql_file

from dataio.errors import MigrationError, UsageError
from dataio.migrations import files
from dataio.migrations.adopt import adopt, baseline_text, dumped, number_from_table
from dataio.migrations.executor import apply_script
from dataio.migrations.history import stand_at
from dataio.migrations.replay import build
from dataio.migrations.schema_text import dump_text, schema_text
from dataio.plan.model import Statement
from dataio.plan.render.sql import render
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose, statements
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.snapshot.model import Snapshot
from dataio.snapshot.take import take

Database = Callable[..., Target]

ROOT = Path(__file__).parent.parent.parent


def facts(target: Target) -> Snapshot:
    with connect(target) as connection:
        return take(connection)


def from_nothing(empty: Target, wanted: Snapshot) -> list[Statement]:
    return statements(propose(facts(empty), wanted, major=wanted.major))


@pytest.fixture
def legacy(database: Database) -> Target:
    """A database as 25 hand-written migrations left it."""
    target = database()
    psql_file(target, migrations())
    return target


def test_a_database_is_adopted_and_rebuilt(database: Database, legacy: Target, tmp_path: Path) -> None:
    before = facts(legacy)
    rebuilt = database()
    text = baseline_text(
        25,
        from_nothing(rebuilt, before),
        to_fingerprint=before.fingerprint,
        target=legacy.describe(),
        managed=("comments",),
        git_commit="abc",
    )
    with connect(legacy) as connection:
        adoption = adopt(connection, tmp_path, 25, text)
    assert adoption.script.path.name == "025_baseline.sql"
    adoption.script.verify()
    assert not diff(before, facts(legacy))
    (row,) = past(legacy).migrations
    assert (row.number, row.name, row.kind, row.from_fingerprint) == (25, "baseline", "baseline", "")
    assert (row.to_fingerprint, row.git_commit) == (before.fingerprint, "abc")
    assert row.checksum == adoption.script.header.checksum

    scripts = files.scan(tmp_path)
    assert files.pending(scripts, past(legacy)) == ()
    assert files.next_slot(scripts, past(legacy)) == (26, None)
    change = plan_of(["ALTER TABLE public.collection ADD note text"], number=26)
    path = files.write(tmp_path, 26, "note", render(change))
    apply_script(legacy, files.read(path).script)

    applied = build(rebuilt, files.scan(tmp_path))
    assert [one.script.header.label for one in applied] == ["025", "026"]
    assert facts(rebuilt).fingerprint == facts(legacy).fingerprint
    assert [row.checksum for row in past(rebuilt).migrations] == [row.checksum for row in past(legacy).migrations]


def test_a_dump_will_do_as_a_baseline(database: Database, legacy: Target, tmp_path: Path) -> None:
    before = facts(legacy)
    text = baseline_text(7, [dumped(dump_schema(legacy))], to_fingerprint=before.fingerprint)
    with connect(legacy) as connection:
        adopt(connection, tmp_path, 7, text)
    rebuilt = database()
    build(rebuilt, files.scan(tmp_path))
    assert not diff(facts(rebuilt), before)


def test_adopting_twice_is_refused(legacy: Target, tmp_path: Path) -> None:
    text = baseline_text(3, [], to_fingerprint="pg18:0")
    with connect(legacy) as connection:
        adopt(connection, tmp_path / "one", 3, text)
        with pytest.raises(MigrationError, match="adopted already: it is at schema_v003"):
            adopt(connection, tmp_path / "two", 3, text)
    assert not (tmp_path / "two").exists()


def test_adopting_into_a_folder_in_use_is_refused(legacy: Target, tmp_path: Path) -> None:
    files.write(tmp_path, 1, "theirs", render(plan_of(["SELECT 1"])))
    with connect(legacy) as connection, pytest.raises(MigrationError, match="holds migrations already: 001_theirs"):
        adopt(connection, tmp_path, 3, baseline_text(3, [], to_fingerprint=""))
    assert not past(legacy).migrations


def test_a_role_without_the_right_leaves_no_file(database: Database, role: Callable[..., str], tmp_path: Path) -> None:
    target = database().with_user(role())
    with connect(target) as connection, pytest.raises(MigrationError, match="permission denied") as caught:
        adopt(connection, tmp_path, 3, baseline_text(3, [], to_fingerprint=""))
    assert "CREATE on the database" in caught.value.hint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "number"),
    [("db_migration_history.migration_number", 25), ("public.db_migration_history.migration_name", 25)],
)
def test_the_number_from_a_table(legacy: Target, name: str, number: int) -> None:
    with connect(legacy) as connection:
        if name.endswith("name"):
            connection.execute(
                "update db_migration_history set migration_name = lpad(migration_number::text, 3, '0') || '_x'"
            )
        assert number_from_table(connection, name) == number


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nix.number", 'relation "nix" does not exist'),
        ("tag.nix", 'column "nix" does not exist'),
        ("tag", "does not name a column"),
        ("a.b.c.d", "does not name a column"),
        ('tag";drop table tag;--.id', "cannot be read"),
        ("user_group.name", "holds no number"),
    ],
)
def test_no_number_there(legacy: Target, name: str, message: str) -> None:
    with connect(legacy) as connection, pytest.raises(UsageError, match=message):
        number_from_table(connection, name)


@pytest.mark.parametrize("sources", [[ROOT / "schema.sql"], migrations()], ids=["catalogue", "legacy"])
def test_the_schema_as_text_makes_the_same_schema(database: Database, tmp_path: Path, sources: Sequence[Path]) -> None:
    source, loaded = database(), database()
    psql_file(source, sources)
    wanted = facts(source)
    text = schema_text(from_nothing(loaded, wanted), wanted, title=source.describe())
    (tmp_path / "schema.sql").write_text(text)
    psql_file(loaded, tmp_path / "schema.sql")
    assert not diff(facts(loaded), wanted)
    headings = [line.strip("- ") for line in text.splitlines() if line.startswith("-- ") and line.endswith("---")]
    assert len(headings) == len(set(headings)), "every section once"
    assert headings[-2:] == ["Views", "Triggers"]


def test_a_dump_as_text_makes_the_same_schema(database: Database, legacy: Target, tmp_path: Path) -> None:
    loaded = database()
    (tmp_path / "schema.sql").write_text(dump_text(dump_schema(legacy), title="legacy\nDROP TABLE tag;"))
    psql_file(loaded, tmp_path / "schema.sql")
    assert not diff(facts(loaded), facts(legacy))


def test_a_rebuild_names_file_and_statement(database: Database, tmp_path: Path) -> None:
    target = database()
    files.write(tmp_path, 1, "good", render(plan_of(["CREATE TABLE t (a int)"], number=1)))
    files.write(tmp_path, 2, "bad", render(plan_of(["CREATE TABLE u (a int)", "CREATE TABLE t ()"], number=2)))
    with pytest.raises(MigrationError, match=r'002_bad\.sql:\d+: \[2/2\] .*relation "t" already exists'):
        build(target, files.scan(tmp_path))
    assert past(target).version == 1


def test_a_rebuild_up_to_a_version(database: Database, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        files.write(tmp_path, number, "x", render(plan_of([f"CREATE TABLE t{number} (a int)"], number=number)))
    scripts = files.scan(tmp_path)
    target = database()
    assert len(build(target, scripts, up_to=2)) == 2
    assert past(target).version == 2
    with pytest.raises(MigrationError, match="no script for schema_v009"):
        build(target, scripts, up_to=9)


def test_an_edited_script_stops_a_rebuild(database: Database, tmp_path: Path) -> None:
    path = files.write(tmp_path, 1, "x", render(plan_of(["CREATE TABLE t (a int)"])))
    path.write_text(path.read_text().replace("a int", "b int"))
    with pytest.raises(MigrationError, match="edited since it was planned"):
        build(database(), files.scan(tmp_path))


def test_a_copy_can_stand_at_any_version(database: Database) -> None:
    target = database()
    with connect(target) as connection:
        stand_at(connection, 0)
        assert not past(target).migrations
        stand_at(connection, 6)
    script = script_for(target, ["CREATE TABLE t (a int)"], number=7)
    assert not apply_script(target, script).already
    assert [row.number for row in past(target).migrations] == [6, 7]
    assert state(target) == script.header.to_fingerprint
