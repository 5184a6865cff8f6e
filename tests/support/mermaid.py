"""Real Mermaid in a real page: does a text parse, and what does the drawing show?"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from support.browser import npm_file


class Mermaid:
    """A page with Mermaid loaded as GitHub configures it (strict, 50,000 characters)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_content("<!doctype html><meta charset=utf-8><body></body>")
        page.add_script_tag(path=npm_file("mermaid/dist/mermaid.min.js"))
        page.evaluate(
            "() => mermaid.initialize({startOnLoad: false, securityLevel: 'strict', maxTextSize: 50000, maxEdges: 500})"
        )
        self._drawn = 0

    def draw(self, text: str) -> dict[str, Any]:
        """Parse and draw; what the drawing shows: ``labels`` (texts), ``edges``, ``entities``, ``width``."""
        self._drawn += 1
        found: dict[str, Any] = self.page.evaluate(
            """async ([id, text]) => {
                await mermaid.parse(text);
                const {svg} = await mermaid.render(id, text);
                document.body.innerHTML = svg;
                const drawn = document.querySelector('svg');
                const seen = e => (e.textContent || '').trim();
                return {
                    labels: [...drawn.querySelectorAll('foreignObject, text')].map(seen).filter(t => t),
                    entities: drawn.querySelectorAll('g.nodes > g.node').length,
                    edges: drawn.querySelectorAll('g.edgePaths > path, path.relationshipLine').length,
                    width: drawn.viewBox.baseVal.width,
                    scripts: drawn.querySelectorAll('script, [onerror], [onclick], a').length,
                    wrong: drawn.getAttribute('aria-roledescription') === 'error',
                };
            }""",
            [f"d{self._drawn}", text],
        )
        assert not found["wrong"], text
        return found
