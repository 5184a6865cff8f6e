"""How the histories of real projects are read from their packages."""

from __future__ import annotations

from pathlib import Path

from support.histories import files, leaps, script, versions


def test_leaps_go_from_each_state_to_the_next_and_from_the_first_to_the_last() -> None:
    assert leaps(["a", "b", "c"]) == {"001-002": ("a", "b"), "002-003": ("b", "c"), "001-003": ("a", "c")}


def test_two_states_are_one_leap_and_one_is_none() -> None:
    assert leaps(["a", "b"]) == {"001-002": ("a", "b")}
    assert leaps(["a"]) == {}


def test_files_are_steps_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "2.sql").write_text("CREATE TABLE :PLACE.b ();")
    (tmp_path / "1.sql").write_text("CREATE TABLE :PLACE.a ();")
    steps = files("*.sql", first="CREATE SCHEMA s;\n", PLACE="s")(tmp_path)
    assert steps == ["CREATE SCHEMA s;\nCREATE TABLE s.a ();", "CREATE TABLE s.b ();"]


def test_a_script_is_cut_where_it_says_its_version_and_its_transaction_is_left_out(tmp_path: Path) -> None:
    text = "START TRANSACTION;\nCREATE TABLE a ();\nUPDATE version SET n = 2;\nCREATE TABLE b ();\nCOMMIT;\n"
    (tmp_path / "create.sql").write_text(text)
    steps = script("create.sql", "UPDATE ")(tmp_path)
    assert [step.strip() for step in steps] == ["CREATE TABLE a ();", "UPDATE version SET n = 2;\nCREATE TABLE b ();"]


def test_whole_schemas_take_the_place_of_each_other(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).write_text(f"CREATE TABLE {name} ();")
    steps = versions("old", "new")(tmp_path)
    assert [step.splitlines()[1] for step in steps] == ["CREATE TABLE old ();", "CREATE TABLE new ();"]
    assert all(step.startswith("DROP SCHEMA public CASCADE") for step in steps)
