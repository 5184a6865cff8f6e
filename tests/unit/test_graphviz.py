"""Places by Graphviz: its sketch, what becomes of its answer, and that the vendored build is the published one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.browser import npm_file

from dataio.diagram import graphviz
from dataio.diagram.drawing import drawing
from dataio.diagram.layout import place, size
from dataio.diagram.model import Column, Diagram, Link, Table

ID = Column("id", "bigint", primary=True)
REF = Column("ref", "bigint", foreign=True)
TABLES = (
    Table("public", 'odd "name"; }', (ID,)),
    Table("public", "child", (ID, REF)),
    Table("public", "other", (ID, REF)),
    Table("public", "alone", (ID,)),
)
LINKS = (
    Link("a", TABLES[1].key, TABLES[0].key, ("ref",)),
    Link("b", TABLES[2].key, TABLES[0].key, ("ref",)),
    Link("again", TABLES[2].key, TABLES[0].key, ("id",), unique=True),
    Link("itself", TABLES[1].key, TABLES[1].key, ("ref",)),
)
DIAGRAM = Diagram(TABLES, LINKS)


def dot_or_skip() -> None:
    if shutil.which("dot") is None:
        pytest.skip("no Graphviz here (Debian: graphviz)")


def test_a_sketch_says_sizes_and_links_and_no_names() -> None:
    text = graphviz.sketch(DIAGRAM)
    assert "odd" not in text
    width, height = size(TABLES[1])
    assert f"t1 [width={width / 72:.4f}, height={height / 72:.4f}]" in text
    assert [line.strip() for line in text.splitlines() if "->" in line] == ["t1 -> t0;", "t2 -> t0;"]
    assert "t3" not in text
    assert graphviz.sketch(Diagram(TABLES)) == ""


def test_dot_puts_the_referenced_table_left_of_those_that_refer_to_it_and_no_box_on_another() -> None:
    dot_or_skip()
    at = graphviz.placed(DIAGRAM)
    assert at is not None
    assert at.keys() == {TABLES[0].key, TABLES[1].key, TABLES[2].key}
    boxes = {box.table.key: box for box in place(DIAGRAM, at)}
    root, child, other, alone = (boxes[table.key] for table in TABLES)
    assert root.x == pytest.approx(0, abs=0.1)
    assert min(child.x, other.x) >= root.x + root.width + 80
    assert abs(child.y - other.y) >= child.height + 20
    assert alone.y > max(box.y + box.height for box in (root, child, other))


def test_a_drawing_needs_no_browser_where_dot_is_and_carries_the_sketch_where_it_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dot_or_skip()
    assert drawing(DIAGRAM, title="x").sketch == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = drawing(DIAGRAM, title="x")
    assert found.sketch == graphviz.sketch(DIAGRAM)
    assert found.tables == tuple(".".join(table.key) for table in TABLES)
    assert "<style>" not in found.svg


@pytest.mark.parametrize("answer", ["exit 1", "echo nonsense", "echo 'node t9 1 1 1 1'", "echo 'node t0 a b c d'"])
def test_a_dot_that_fails_or_talks_nonsense_is_done_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert not graphviz.placed(DIAGRAM)
    assert len(place(DIAGRAM, graphviz.placed(DIAGRAM))) == len(TABLES)


def test_the_build_that_pages_serve_is_the_one_that_was_published() -> None:
    served = Path(graphviz.__file__).parents[1] / "api" / "pages" / "static" / "graphviz.js"
    assert served.read_bytes() == npm_file("@hpcc-js/wasm-graphviz/dist/index.js").read_bytes()
