"""The comment: what it says, that it always fits, and that nothing from a database breaks out of its place in it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from support.comments import fences, judged, shown_by_github
from support.mermaid import Mermaid
from support.plans import everything, plan_of, ref, statement

from dataio.diagram.model import Column, Diagram, Link, Table
from dataio.plan.jsonio import from_json, to_json
from dataio.plan.model import Change, Hazard, Lock, Observation, Plan
from dataio.plan.render.markdown import LIMIT, Drift, Surroundings, render
from dataio.postgres.quoting import ident

FORGE = "https://forge.example/o/r"
AROUND = Surroundings(
    whole=f"{FORGE}/actions/runs/1",
    source=f"{FORGE}/blob/abc",
    sides="main → abc1234",
    drift=(Drift("prod", ("+ table public.extra: only in the database",), version=25), Drift("dev", unknown="no URL")),
)

HOSTILE = (
    "`", "``", "```", "````sql", "~~~", "|", "||", "\\", "\\|", "\n", "\n\n", "\r", "\r\n\r\n", "\u2028", "\x01",
    "\x1b[31m", "<", ">", "</code>", "</td></tr></table>", "</details>", "<!--", "-->", "<script>alert(1)</script>",
    "<img src=x>", "&lt;", "&#60;", "&", '"', "'", "@alice", "@org/team", "#123", "o/r#1", "GH-1",
    "https://evil.example/x", "www.evil.example", "[text](https://evil.example)", "![x](https://evil.example/y.png)",
    "<https://evil.example>", "mailto:a@b.example", "a@b.example", "# head", "- item", "1. one", "> quote", "***",
    "$x$", ":tada:", "%%{init: {}}%%", "erDiagram", "{", "}", "\u202e", "\u200b", " ", "    code", "\t", "name",
    "select", "é", "名", "🎉", "$(id)", "; rm -rf /", "--", "@@ -1 +1 @@",
)  # fmt: skip
any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5)
texts = st.lists(st.sampled_from(HOSTILE) | any_text, max_size=6).map("".join)

_FIXED = {"format", "action", "author", "authors", "outcome", "mark", "blocks", "kind"}


def hostile(plan: Plan, draw: Callable[[], str]) -> Plan:
    """The plan with every free text in it replaced: what a database, or a lying document, may say."""

    def changed(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: changed(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [changed(one, key) for one in value]
        return draw() if isinstance(value, str) and key not in _FIXED else value

    return from_json(json.dumps(changed(json.loads(to_json(plan)), "")))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_breaks_out_of_its_place(data: st.DataObject) -> None:
    benign_tokens, benign = judged(render(everything(), around=AROUND))
    plan = hostile(everything(), lambda: data.draw(texts))
    drift = (Drift("prod", (data.draw(texts),), version=25), Drift("dev", unknown=data.draw(texts)))
    text = render(plan, around=replace(AROUND, drift=drift, sides=data.draw(texts)))
    tokens, seen = judged(text)
    assert [token.type for token in tokens if token.type != "fence"][:4] == [one.type for one in benign_tokens][:4]
    assert not seen.comments
    assert all(link.startswith(FORGE) for link in seen.links)
    assert "@a" not in seen.prose
    assert "#1" not in seen.prose
    assert "://evil" not in seen.prose
    assert not any(ord(char) < 32 and char not in "\n\t" for char in text)
    assert "\u202e" not in text
    for command in "".join(fences(text, "sh")).splitlines():
        assert command.startswith(("dataio schema ", "# ")), command
        assert not set(command) & set(";$`&|<>'\"\\"), command
    assert benign.tags


@settings(max_examples=50, deadline=None)
@given(texts, texts)
def test_names_are_shown_as_they_are(name: str, value: str) -> None:
    change = Change("create", ref("table", "public", name), (), (("persistence", value),))
    plan = plan_of([statement("CREATE TABLE x ()", subject=ref("table", "public", name))], changes=(change,))
    text = render(plan)
    _, seen = judged(text)
    lines = ident(name).replace("\r\n", "\n")
    shown = "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in lines)
    assert f"public.{shown}" in seen.code
    assert len(fences(text, "diff")) == 1


def many(tables: int) -> Plan:
    """A plan that changes so many tables, each with a script of some size."""
    statements, changes, drawn = [], [], []
    for number in range(tables):
        name = f"a_rather_long_table_name_{number:04d}"
        subject = ref("column", "public", name, "old_name")
        gone = "the column and its values are gone"
        hazard = Hazard("data-loss/drop-column", f"public.{name}", gone, 10, 10, number % 7 == 0)
        seen = Observation((Lock(f"public.{name}", "AccessExclusiveLock"),))
        drop = f"ALTER TABLE public.{name} DROP COLUMN old_name"
        statements.append(statement(drop, "drop", subject, observation=seen, hazards=(hazard,)))
        changes.append(Change("drop", subject, (("type", "text"),)))
        drawn.append(Table("public", name, (Column("old_name", "text", mark="-"),), "~"))
    links = tuple(Link("fk", one.key, drawn[number // 3].key) for number, one in enumerate(drawn))
    return plan_of(statements, changes=tuple(changes), diagram=Diagram(tuple(drawn), links), number=None)


@pytest.mark.parametrize("tables", [1, 30, 120, 400, 1000])
def test_it_always_fits(tables: int) -> None:
    text = render(many(tables), around=AROUND)
    assert len(text.encode()) <= LIMIT
    judged(text)
    assert ("Left out" in text) == (tables >= 120)
    if tables >= 120:
        assert f'<a href="{FORGE}/actions/runs/1">All of it is here.</a>' in text
    for section in ("Proof:", "data-loss/drop-column", "dataio schema apply --allow data-loss/drop-column", "prod"):
        assert section in text
    if tables == 400:
        assert text.count("✗ <code>data-loss/drop-column</code>") == 58  # each refused one, and the verdict's line


def test_what_gives_way_first() -> None:
    plan = many(60)
    whole = len(render(plan, limit=10_000_000).encode())
    assert "Left out" not in render(plan, limit=whole)
    less = render(plan, limit=whole - 1)
    assert "objects before and after" in less
    assert "lines are left out here" not in less
    for limit in range(8_000, whole, 3_000):
        text = render(plan, limit=limit)
        assert len(text.encode()) <= limit
        judged(text)


def test_no_changes() -> None:
    text = render(plan_of([]), around=AROUND)
    assert text.startswith("### dataio: no changes")
    judged(text)


def test_diagrams_of_hostile_plans_are_drawn(page: Page) -> None:
    draw = Mermaid(page)
    chance = random.Random(20261122)
    for text in (render(everything()), render(many(30)), *(
        render(hostile(everything(), lambda: "".join(chance.choices(HOSTILE, k=3)))) for _ in range(8)
    )):  # fmt: skip
        for diagram in fences(text, "mermaid"):
            draw.draw(diagram)


def test_as_github_shows_it(new_page: Callable[..., Page], tmp_path: Path) -> None:
    """Real Chromium, GitHub's stylesheet, real Mermaid: the table, the drawing and the folds are there."""
    page = new_page(width=1040, height=900)
    shown_by_github(page, render(everything(), around=AROUND), tmp_path)
    assert page.locator("table").first.locator("tr").count() == 4
    assert page.locator(".mermaid svg g.node").count() == 2
    assert page.locator("details").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth <= 1040")
    page.get_by_text("Before and after (3)").click()
    assert page.get_by_text("+ type: bigint").is_visible()
