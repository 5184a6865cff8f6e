"""The tests' own browser: it is there, it draws, it goes nowhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Error, Page
from support.browser import Guard, npm_file


def test_mermaid_draws_in_a_page(page: Page) -> None:
    page.set_content("<p>hello</p>")
    page.add_script_tag(path=npm_file("mermaid/dist/mermaid.min.js"))
    drawn = page.evaluate("() => mermaid.render('a', 'erDiagram\\n a { int id PK }').then(r => r.svg)")
    assert drawn.startswith("<svg")
    assert "id" in drawn


def test_a_page_does_not_reach_outside(browser: Browser) -> None:
    guard = Guard()
    with browser.new_context() as context:
        context.route("**/*", guard)
        with pytest.raises(Error, match="ERR_FAILED"):
            context.new_page().goto("https://example.invalid/")
    assert guard.outside == ["https://example.invalid/"]
