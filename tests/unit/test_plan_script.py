"""The script: what it says, how it is cut, and that nobody edits it unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plans import FROM, TO, everything, plan_of, statement

from dataio.errors import MigrationError
from dataio.plan.model import Hazard, ObjectRef
from dataio.plan.render.sql import proof_line, render, terminated
from dataio.plan.script import one_line, parse


def test_the_header_is_read_back() -> None:
    plan = everything()
    script = parse(render(plan))
    script.verify()
    header = script.header
    assert (header.number, header.label, header.name, header.kind) == (2, "002", "add_owner", "plan")
    assert (header.from_fingerprint, header.to_fingerprint) == (FROM, TO)
    assert header.target == "catalogue @ 127.0.0.1:15432 (PostgreSQL 16.14, env prod, protected)"
    assert (header.managed, header.ignored, header.authors) == (plan.managed, plan.ignored, plan.authors)
    assert (header.tools, header.git_commit) == (plan.tools, plan.git_commit)
    assert [(h.name, h.subject, h.message, h.refused) for h in header.hazards] == [
        (h.name, h.subject, h.message, h.refused) for h in plan.hazards
    ]
    assert header.proof == proof_line(plan.proof)
    assert "\n-- refused: data-loss/drop-column public.dataset.old_name | the column" in script.text


def test_the_statements_are_read_back() -> None:
    plan = everything()
    script = parse(render(plan))
    assert [chunk.sql.strip() for chunk in script.statements] == [f"{s.sql};" for s in plan.statements]
    assert [len(segment) for segment in script.segments] == [4 + 4, 4 + 1]
    lines = script.text.split("\n")
    for chunk in script.chunks:
        assert chunk.sql.startswith(lines[chunk.line - 1])
        assert lines[chunk.line - 2] == f"-- {chunk.text}"


def test_every_transaction_is_one_begin_and_one_commit() -> None:
    script = parse(render(everything()))
    assert [c.sql.strip() for c in script.chunks if c.role == "begin"] == ["BEGIN;"] * 2
    assert [c.sql.strip() for c in script.chunks if c.role == "commit"] == ["COMMIT;"] * 2


def test_the_same_plan_gives_the_same_script() -> None:
    assert render(everything()) == render(replace(everything(), created_at="later", timings=()))


def test_without_a_number_nothing_is_registered() -> None:
    text = render(plan_of(["SELECT 1"], number=None))
    assert "dataio_meta" not in text
    assert [chunk.role for chunk in parse(text).chunks] == ["begin", "guard", "statement", "commit"]


def test_an_empty_plan_runs_nothing() -> None:
    script = parse(render(plan_of([])))
    script.verify()
    assert script.chunks == ()
    assert "BEGIN" not in script.text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=5))
def test_any_statement_survives(texts: list[str]) -> None:
    script = parse(render(plan_of(texts)))
    script.verify()
    got = [chunk.sql for chunk in script.statements]
    assert got == [terminated(text).rstrip() + "\n" for text in texts]


@pytest.mark.parametrize("line", ["-- [2/2] drop", "-- [commit]", "-- [x1 commit]\n-- [begin]", "-- [record] x"])
def test_a_statement_that_looks_like_a_marker_is_no_marker(line: str) -> None:
    body = f"CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n{line}\nselect 'x' $$"
    script = parse(render(plan_of([body, "SELECT 2"])))
    script.verify()
    assert [chunk.sql.strip() for chunk in script.statements] == [f"{body};", "SELECT 2;"]
    assert [chunk.text for chunk in script.statements][1].startswith("[2/2] create")


@pytest.mark.parametrize("breaker", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_name_cannot_end_a_comment(breaker: str) -> None:
    evil = f"public.t{breaker}DROP TABLE public.important; --"
    hazard = Hazard("lock/share", evil, f"message{breaker}DROP TABLE x;")
    plan = plan_of([statement("SELECT 1", subject=ObjectRef("table", ("t",), evil), hazards=(hazard,))])
    text = render(replace(plan, name=evil, target=replace(plan.target, description=evil)))
    assert not [line for line in text.replace("\r", "\n").split("\n") if line.startswith("DROP")]
    assert [c.sql.strip() for c in parse(text).statements] == ["SELECT 1;"]
    assert one_line(evil) == "public.t DROP TABLE public.important; --"


def test_a_comment_at_the_end_does_not_swallow_the_semicolon() -> None:
    assert terminated("SELECT 1 -- one") == "SELECT 1 -- one\n;"
    assert terminated("SELECT 1 -- one\n, 2\n") == "SELECT 1 -- one\n, 2;"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CREATE TABLE public.owner", "CREATE TABLE public.owner2"),
        ("-- refused: ", "-- hazard: "),
        ("-- from: pg18:a1", "-- from: pg18:a2"),
        ("COMMIT;\n", "COMMIT;\nSELECT 1;\n"),
        ("-- number: 002", "-- number: 003"),
    ],
)
def test_an_edit_is_seen(old: str, new: str) -> None:
    text = render(everything())
    edited = text.replace(old, new, 1)
    assert edited != text
    with pytest.raises(MigrationError, match=r"002.sql: edited since it was planned"):
        parse(edited, source="002.sql").verify()


def test_changed_line_endings_are_called_so() -> None:
    with pytest.raises(MigrationError, match="line endings"):
        parse(render(everything()).replace("\n", "\r\n")).verify()


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: text.index("-- [4/5]")],
        lambda text: text.replace("-- [2/5]", "-- [3/5]"),
        lambda text: text.replace("-- [record]", "--"),
        lambda text: text.replace("-- statements: 5", "-- statements: many"),
        lambda text: text[: text.index("-- [begin]")],
        lambda text: "CREATE TABLE t ();\n",
        lambda text: text.replace("dataio.script/1", "dataio.script/2"),
    ],
)
def test_damage_is_refused(damage: object) -> None:
    assert callable(damage)
    text = damage(render(everything()))
    with pytest.raises(MigrationError, match=r"^002.sql: ") as caught:
        parse(text, source="002.sql").verify()
    assert caught.value.exit_code == 1
