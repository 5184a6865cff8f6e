"""Every hazard that the code can name has a page, and every page a hazard."""

from __future__ import annotations

import re
from pathlib import Path

from dataio.plan.hazard_names import HAZARDS
from dataio.plan.policy import KINDS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "hazards"


def test_each_hazard_has_its_page() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    assert pages == {name.replace("/", "-") for name in HAZARDS}
    index = (PAGES / "README.md").read_text()
    for name in HAZARDS:
        page = (PAGES / f"{name.replace('/', '-')}.md").read_text()
        assert page.startswith(f"# {name}\n")
        assert "## Why" in page
        assert "## The safer way" in page
        assert f"[{name}]({name.replace('/', '-')}.md)" in index


def test_the_code_names_no_other() -> None:
    named = re.compile(rf'"((?:{"|".join(KINDS)})/[a-z-]+)"')
    used = {name for path in (ROOT / "src").rglob("*.py") for name in named.findall(path.read_text())}
    assert used <= set(HAZARDS)
