"""The folder of scripts: names, numbers, what is pending, what is replaced."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.plans import everything, plan_of, ref

from dataio.errors import MigrationError, UsageError
from dataio.migrations import files
from dataio.migrations.history import History, Migration
from dataio.plan.model import Change
from dataio.plan.render.sql import baseline, render
from dataio.plan.script import Header


def put(folder: Path, number: int, name: str = "a_change", text: str = "") -> files.ScriptFile:
    path = folder / f"{number:03d}_{name}.sql"
    path.write_bytes((text or render(plan_of([f"SELECT {number}"], number=number, name=name))).encode())
    return files.read(path)


def history(*scripts: files.ScriptFile) -> History:
    return History(
        tuple(
            Migration(
                one.number,
                one.slug,
                "plan",
                "",
                "",
                one.header.checksum,
                datetime(2026, 1, 2, tzinfo=UTC),
                "me",
                "",
                "",
            )
            for one in scripts
        )
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Add owner", "add_owner"),
        ("  Größe der Datensätze!  ", "groe_der_datensatze"),
        ("drop-column--x", "drop_column_x"),
        ("003_add_owner", "add_owner"),
        ("../../etc/passwd", "etc_passwd"),
        ("x" * 100, "x" * 60),
        ("2 tables", "2_tables"),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert files.slug(text) == slug


@pytest.mark.parametrize("text", ["", "  ", "数据", "---", "003_"])
def test_a_name_without_letters_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="cannot name a migration"):
        files.slug(text)


def test_a_name_from_what_the_plan_does() -> None:
    assert files.suggested_name(everything()) == "create_table_public_owner_and_5_more"
    one = plan_of(["SELECT 1"], changes=(Change("drop", ref("column", "public", "dataset", "x" * 90)),))
    assert re.fullmatch(r"[a-z0-9_]{1,60}", files.suggested_name(one))
    assert files.suggested_name(plan_of([])) == "no_change"


def test_scripts_are_listed_in_order(tmp_path: Path) -> None:
    for number in (10, 2, 1, *range(3, 10)):
        put(tmp_path, number)
    (tmp_path / "README.md").write_text("not a script")
    (tmp_path / "seed.sql").write_text("not a script")
    found = files.scan(tmp_path)
    assert [one.number for one in found] == list(range(1, 11))
    assert found[0].label == "001_a_change"
    assert files.labels(found[:2]) == "001_a_change, 002_a_change"


def test_no_folder_no_scripts(tmp_path: Path) -> None:
    assert files.scan(tmp_path / "nowhere") == ()


def test_a_thousand_and_more(tmp_path: Path) -> None:
    text = baseline(Header(999, "baseline", "baseline", "", "pg18:0"), ())
    put(tmp_path, 999, "baseline", text)
    put(tmp_path, 1000)
    assert [one.label for one in files.scan(tmp_path)] == ["999_baseline", "1000_a_change"]


def test_a_number_that_is_there_twice(tmp_path: Path) -> None:
    for number, name in [(1, "a"), (2, "left"), (2, "right"), (3, "b")]:
        put(tmp_path, number, name)
    with pytest.raises(MigrationError, match=r"002 is there more than once: 002_left\.sql, 002_right\.sql"):
        files.scan(tmp_path)


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [([1, 3], "002 missing before 003"), ([1, 5], "002 to 004 missing"), ([2], "001 missing before 002")],
)
def test_a_missing_number(tmp_path: Path, numbers: list[int], missing: str) -> None:
    for number in numbers:
        put(tmp_path, number)
    with pytest.raises(MigrationError, match=missing):
        files.scan(tmp_path)


def test_a_baseline_may_come_first_with_any_number(tmp_path: Path) -> None:
    put(tmp_path, 25, "baseline", baseline(Header(25, "baseline", "baseline", "", "pg18:0"), ()))
    put(tmp_path, 26)
    assert [one.number for one in files.scan(tmp_path)] == [25, 26]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("1_short.sql", b"", "not the name of a migration"),
        ("001_Big.sql", b"", "not the name of a migration"),
        ("001_a.SQL", b"", "not the name of a migration"),
        ("001_hand.sql", b"create table t ();\n", "not a migration script of dataio"),
        ("001_binary.sql", bytes(range(256)), "not UTF-8"),
        ("001_empty.sql", b"", "not a migration script of dataio"),
        ("002_renamed.sql", render(plan_of(["SELECT 1"])).encode(), "its header says migration 001, its name 002"),
    ],
)
def test_what_is_no_script_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MigrationError, match=message) as caught:
        files.scan(tmp_path)
    assert str(tmp_path / name) in caught.value.message


def test_a_script_is_written_and_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "generated_migrations"
    text = render(replace(plan_of(["SELECT 'a\r\nb'"]), name="add_owner"))
    path = files.write(folder, 1, "Add owner", text)
    assert path.name == "001_add_owner.sql"
    assert [one.name for one in folder.iterdir()] == ["001_add_owner.sql"]
    script = files.read(path)
    script.verify()
    assert script.script.text == text


def test_an_edited_script_is_seen(tmp_path: Path) -> None:
    script = put(tmp_path, 1)
    script.path.write_text(script.path.read_text().replace("SELECT 1;", "SELECT 2;"))
    with pytest.raises(MigrationError, match=r"001_a_change\.sql: edited since it was planned"):
        files.read(script.path).verify()


def test_what_is_pending(tmp_path: Path) -> None:
    scripts = [put(tmp_path, number) for number in (1, 2, 3)]
    assert files.pending(scripts, History()) == tuple(scripts)
    assert files.pending(scripts, history(*scripts[:2])) == (scripts[2],)
    assert files.pending(scripts, history(*scripts)) == ()
    assert files.pending([], History()) == ()


def test_an_applied_script_that_is_another_one_now(tmp_path: Path) -> None:
    scripts = [put(tmp_path, number) for number in (1, 2)]
    past = history(*scripts)
    scripts[0] = put(tmp_path, 1, text=render(plan_of(["SELECT 'else'"], number=1)))
    with pytest.raises(MigrationError, match="1 applied script is another one now") as caught:
        files.pending(scripts, past)
    assert "001_a_change.sql: applied 2026-01-02" in caught.value.detail


def test_a_database_that_is_ahead(tmp_path: Path) -> None:
    scripts = [put(tmp_path, number) for number in (1, 2)]
    with pytest.raises(MigrationError, match="the database is at schema_v002, the scripts end at schema_v001"):
        files.pending(scripts[:1], history(*scripts))


def test_a_database_from_before_the_baseline(tmp_path: Path) -> None:
    one = put(tmp_path, 1)
    later = put(tmp_path, 25, "baseline", baseline(Header(25, "baseline", "baseline", "", "pg18:0"), ()))
    with pytest.raises(MigrationError, match=r"025_baseline\.sql does not follow on schema_v001"):
        files.pending([later], history(one))


def test_the_next_number(tmp_path: Path) -> None:
    assert files.next_slot([], History()) == (1, None)
    scripts = [put(tmp_path, number) for number in (1, 2, 3)]
    assert files.next_slot(scripts, history(*scripts)) == (4, None)
    assert files.next_slot(scripts, history(*scripts[:2])) == (3, scripts[2])
    with pytest.raises(MigrationError, match=r"2 scripts are pending .* 002_a_change\.sql, 003_a_change\.sql"):
        files.next_slot(scripts, history(scripts[0]))


def test_the_pending_script_is_replaced(tmp_path: Path) -> None:
    old = put(tmp_path, 1, "first_try")
    text = render(plan_of(["SELECT 7"], name="second_try"))
    path = files.write(tmp_path, 1, "second_try", text, replaces=old)
    assert [one.name for one in tmp_path.iterdir()] == ["001_second_try.sql"]
    again = files.read(path)
    assert files.write(tmp_path, 1, "second_try", text, replaces=again) == path
    files.discard(again)
    assert not list(tmp_path.iterdir())


def test_no_other_script_is_written_over(tmp_path: Path) -> None:
    put(tmp_path, 1, "theirs")
    with pytest.raises(MigrationError, match=r"there is a migration 001 already: 001_theirs\.sql"):
        files.write(tmp_path, 1, "mine", render(plan_of(["SELECT 1"])))
    assert [one.name for one in tmp_path.iterdir()] == ["001_theirs.sql"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MigrationError, match="cannot be written"):
        files.write(tmp_path / "file", 1, "mine", "text")


def test_a_rollback_is_no_script(tmp_path: Path) -> None:
    path = put(tmp_path, 1).path
    back = files.write_rollback(path, "no script at all")
    assert back.name == f"{path.stem}.rollback.sql"
    assert [one.path for one in files.scan(tmp_path)] == [path]
    with pytest.raises(MigrationError, match="not a migration script"):
        files.scan(tmp_path)[0].rollback()
    stray = files.write_rollback(tmp_path / "007_gone.sql", "")
    assert files.stray_rollbacks(tmp_path, files.scan(tmp_path)) == (stray,)
