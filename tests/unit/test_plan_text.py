"""The plan for people: complete, within its width, plain where nobody looks."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console
from support.plans import everything, plan_of, ref, statement

from dataio.plan.model import Change, ObjectRef, Proof
from dataio.plan.render.text import PlanText, apply_command, render, size
from dataio.plan.render.tree import blocks


def test_all_of_it_is_said() -> None:
    text = render(everything(), verbose=True)
    for words in (
        "target: catalogue @ 127.0.0.1:15432 (PostgreSQL 16.14, env prod, protected)",
        "schema_v001 → schema_v002  add_owner",
        "~ column n  type: integer → bigint; statistics: (none) → 500",
        "- column old_name  text",
        "+ table public.owner",
        "3 to create, 2 to change, 1 to drop: 5 statements by migra and native, in 2 transactions",
        "ALTER TABLE public.dataset DROP COLUMN old_name;",
        "AccessExclusiveLock on public.dataset; rewrites public.dataset",
        "✗ data-loss/drop-column public.dataset.old_name: the column and its values are gone",
        "(12,400 rows, 3.1 MB) REFUSED",
        "Refused until allowed by name: data-loss/drop-column",
        "✓ Proof: snapshot and pg_dump equal after running this script on a copy (PostgreSQL 18.4, embedded) in 0.4 s",
        "native differs: 1 fact differs",
        "Note: privileges are left alone",
        "Time: load 0.31 s",
        "Next: dataio schema apply --allow data-loss/drop-column",
    ):
        assert words in text
    assert "\x1b" not in text


def test_a_view_shows_the_lines_that_differ() -> None:
    assert "-    b\n" in render(everything())
    assert "+    c\n" in render(everything())


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = render(everything(), width=width, verbose=True).split("\n")
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip()]


def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m" in render(everything(), width=80, color=True)
    assert "\x1b" not in render(everything(), width=80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in render(everything(), width=80, color=True)


def test_a_pipe_gets_whole_lines() -> None:
    out = io.StringIO()
    Console(file=out, width=40).print(PlanText(everything()), soft_wrap=True)
    assert out.getvalue() == render(everything())


def test_a_terminal_without_unicode_gets_none() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Console(file=out, width=100, force_terminal=True).print(PlanText(everything(), verbose=True))
    out.flush()


def test_an_empty_plan() -> None:
    assert "No changes: the database is what the schema says." in render(plan_of([], number=3))
    of_files = replace(plan_of([], number=None), sources=("git:main",))
    assert f"No changes: {of_files.target.description} is what git:main says." in (text := render(of_files))
    numbered = render(plan_of([], number=3))
    assert "schema_v002 pg18:" in numbered
    assert "schema_v003" not in numbered
    assert "Next" not in text


def test_long_statements_are_cut_unless_all_is_asked_for() -> None:
    plan = plan_of(["\n".join(["CREATE VIEW v AS SELECT", *(f"  {n}," for n in range(40)), "  40"])])
    assert "… 30 more lines" in render(plan)
    assert "  39,\n" in render(plan, verbose=True)


def test_no_proof_and_a_failed_proof_are_said() -> None:
    assert "Proof: none" in render(plan_of(["SELECT 1"]))
    failed = replace(everything(), proof=Proof(True, False, "PostgreSQL 18", 1.0))
    assert "✗ Proof: snapshot equal, pg_dump DIFFERENT" in render(failed)


def test_a_name_cannot_command_the_terminal() -> None:
    evil = "public.\x1b[2Jt\x07\r"
    plan = plan_of(
        [statement(f'CREATE TABLE "{evil}"()', subject=ObjectRef("table", ("public", "t"), f"table {evil}"))]
    )
    plan = replace(plan, changes=(Change("create", plan.statements[0].subject),), notes=(evil,))
    text = render(plan, width=80)
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


def test_the_next_command() -> None:
    assert apply_command(everything()) == "dataio schema apply --allow data-loss/drop-column"
    assert apply_command(replace(everything(), number=None)) == ""
    assert "Next: psql -f x.sql" in render(everything(), next_command="psql -f x.sql")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (8192, "8.0 kB"), (3250585, "3.1 MB"), (5 << 40, "5.0 TB")],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


def test_the_tree_puts_things_under_their_relation() -> None:
    table = Change("create", ref("table", "public", "a"))
    column = Change("alter", ref("column", "public", "a", "x"))
    comment = Change("create", ObjectRef("comment", ("column", "public", "b", "y"), "comment on column public.b.y"))
    grant = Change(
        "create",
        ObjectRef("privilege", ("table", "public", "b", "joe", "@self"), "privileges of joe on table public.b"),
    )
    function = Change("create", ObjectRef("function", ("public", "b", "integer"), "function public.b(integer)"))
    found = blocks([function, grant, comment, column, table])
    assert [(block.title, block.head, [name for _, name in block.parts]) for block in found] == [
        ("public.a", table, ["column x"]),
        ("public.b", None, ["privileges of joe on table public.b", "comment on column y"]),
        ("function public.b(integer)", function, []),
    ]
