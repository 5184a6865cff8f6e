"""Diagrams: the model, and that Mermaid, SVG and Graphviz draw what it says, whatever things are called."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page
from support.browser import npm_file
from support.mermaid import Mermaid

from dataio.diagram.dot import dot
from dataio.diagram.mermaid import LIMIT, label, mermaid, word
from dataio.diagram.model import Column, Diagram, Link, Table, compared
from dataio.diagram.svg import svg

NASTY = (
    "order", "select", "end", "class", "style", "classDef", "subgraph", "erDiagram", "direction TB", "a direction LR x",
    "my table", 'say "hi"', "back`tick", "semi;colon", "hash#35;", "per%cent %%{init: {'theme':'dark'}}%%", "pk", "FK",
    "uk-1", "1st", "<img src=x onerror=alert(1)>", "</div><script>alert(1)</script>", "a|b||c", "{curly}", "}", "[x]",
    "naïve", "名前", "emoji 🎉", "line\nbreak", "tab\there", "-", "", "accTitle: x", "accDescr { y", "to",
    "one or more", "u--v", "a.b", "click t1 href", "~tilde~", "back\\slash", "--- title", "x" * 63, "@alice", "https://example.org",
)  # fmt: skip


def wide(*names: str) -> Diagram:
    """One table of each name with columns of all names, each referring to the one before."""
    columns = tuple(Column(name, "text", primary=number == 0) for number, name in enumerate(names))
    tables = tuple(Table("public", name, columns) for name in names)
    links = tuple(
        Link(f"fk {a.name} {b.name}", a.key, b.key, (a.name,)) for a, b in zip(tables[1:], tables, strict=False)
    )
    return Diagram(tables, links)


@pytest.fixture
def draw(page: Page) -> Mermaid:
    return Mermaid(page)


def test_nasty_names_are_drawn_by_mermaid_as_they_are(draw: Mermaid) -> None:
    for name in NASTY:
        text = mermaid(Diagram((Table("public", name, (Column(name, name or "text", foreign=True, mark="~"),)),)))
        seen = draw.draw(text)
        assert seen["entities"] == 1, text
        assert not seen["scripts"], text
        shown = "".join(char if char.isprintable() else " " for char in name)
        shown = re.sub(r"\s+", " ", shown if len(shown) <= 60 else f"{shown[:59]}…").strip() or "␣"
        assert shown in [re.sub(r"\s+", " ", one).strip() for one in seen["labels"]], (text, seen)


def test_nasty_names_all_at_once(draw: Mermaid) -> None:
    names = tuple(dict.fromkeys(NASTY))
    seen = draw.draw(mermaid(wide(*names), limit=LIMIT))
    assert seen["entities"] == len(names)
    assert seen["edges"] == len(names) - 1


def test_three_hundred_tables_fit_and_are_drawn(draw: Mermaid) -> None:
    columns = (Column("id", "bigint", primary=True), Column("part_of", "bigint", foreign=True), Column("name", "text"))
    tables = tuple(Table("public", f"table_{number:03d}", columns) for number in range(300))
    links = tuple(Link("part_of_fkey", one.key, tables[number // 4].key) for number, one in enumerate(tables))
    big = Diagram(tables, links)
    text = mermaid(big, tables=300)
    assert len(text) <= LIMIT
    seen = draw.draw(text)
    assert seen["entities"] == 300
    assert "%% 240 more tables are not shown" in mermaid(big)


def test_types_and_marks_are_shown(draw: Mermaid) -> None:
    before = Diagram((Table("s", "t", (Column("a", "numeric(10,2)"), Column("gone", "text"))), Table("s", "old")))
    after = Diagram((Table("s", "t", (Column("a", "timestamp(3) with time zone", True), Column("b", "int[]"))),))
    seen = draw.draw(mermaid(compared(before, after)))
    labels = {"s.t", "timestamptz(3)", "PK", "changed", "b", "int[]", "new", "gone", "dropped", "s.old (dropped)"}
    assert labels <= set(seen["labels"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=8, unique=True))
def test_any_names_are_drawn(draw: Mermaid, names: list[str]) -> None:
    assert draw.draw(mermaid(wide(*names)))["entities"] == len(names)


@given(st.text(), st.booleans())
def test_words_and_labels_are_what_mermaid_takes(text: str, of_type: bool) -> None:
    assert re.fullmatch(r"[A-Za-z_\u00c0-\uffff][A-Za-z0-9_\-\[\]()\u00c0-\uffff]*", word(text, of_type=of_type))
    assert not set('"%\\`<>\n{}|') & set(label(text))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_svg_is_drawn_and_nothing_lies_over_another(new_page: Callable[..., Page], scheme: str) -> None:
    """Measured by Chromium: texts stay in their boxes, and boxes apart."""
    page = new_page(color_scheme=scheme)
    text = svg(wide(*dict.fromkeys(NASTY)), href=lambda table: f"/tables/{table.name}")
    ET.fromstring(text)
    page.set_content(f"<!doctype html><body style='margin:0'>{text}</body>")
    found = page.evaluate("""() => {
        const tables = [...document.querySelectorAll('svg.erd g.table')];
        const boxes = tables.map(t => t.querySelector('rect.box').getBoundingClientRect());
        let over = 0, out = 0;
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) over++;
        }));
        tables.forEach((t, i) => t.querySelectorAll('text').forEach(x => {
            const r = x.getBoundingClientRect();
            if (r.width && (r.right > boxes[i].right + 1 || r.bottom > boxes[i].bottom + 1)) out++;
        }));
        return {tables: tables.length, over, out, links: document.querySelectorAll('path.link').length,
                scripts: document.querySelectorAll('svg script, svg img, [onerror]').length};
    }""")
    count = len(dict.fromkeys(NASTY))
    assert found == {"tables": count, "over": 0, "out": 0, "links": count - 1, "scripts": 0}


def test_dot_is_drawn_by_graphviz(page: Page) -> None:
    page.set_content("<p></p>")
    drawn = page.evaluate(
        """async ([source, text]) => {
            const module = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
            return (await module.Graphviz.load()).layout(text, 'svg', 'dot');
        }""",
        [npm_file("@hpcc-js/wasm-graphviz/dist/index.js").read_text(), dot(wide(*dict.fromkeys(NASTY)))],
    )
    assert drawn.count('class="node"') == len(dict.fromkeys(NASTY))
    assert drawn.count('class="edge"') == len(dict.fromkeys(NASTY)) - 1


def test_changes_are_what_changed_and_one_foreign_key_around() -> None:
    chain = wide("a", "b", "c", "d", "e")
    changed = Diagram(
        tuple(Table("public", "c", (*table.columns, Column("new", "text"))) if table.name == "c" else table
              for table in chain.tables),
        chain.links,
    )  # fmt: skip
    shown = compared(chain, changed).changes()
    assert [table.name for table in shown.tables] == ["b", "c", "d"]
    assert [table.mark for table in shown.tables] == ["", "~", ""]
    assert not compared(chain, chain).changes()
    assert compared(chain, chain, {("public", "a")}).changes().tables[0].mark == "~"
    without = Diagram(chain.tables, chain.links[1:])
    assert {table.name for table in compared(chain, without).changes().tables} == {"a", "b", "c"}
