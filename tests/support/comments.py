"""Comments judged and drawn: by a CommonMark parser, by HTML's, and in a page as GitHub shows them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from playwright.sync_api import Page

from support.browser import npm_file

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TAGS = {"p", "strong", "em", "code", "table", "tr", "th", "td", "br", "details", "summary", "a", "sub"}
LANGUAGES = {"diff", "mermaid", "sql", "sh"}


@dataclass
class Seen(HTMLParser):
    """What HTML's parser makes of the HTML blocks."""

    tags: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    prose: str = ""
    code: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert (tag, name) in {("a", "href"), ("details", "open")}, (tag, name)
            if name == "href":
                self.links.append(value or "")
        self.tags.append(tag)
        if tag == "code":
            self.code.append("")
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.code[-1] += data
        else:
            self.prose += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def judged(text: str) -> tuple[list[Token], Seen]:
    """The tokens and the HTML of a comment, which may be nothing but our headings, HTML blocks and fences."""
    tokens = PARSER.parse(text)
    seen = Seen()
    for token in tokens:
        assert token.type in {"heading_open", "inline", "heading_close", "html_block", "fence"}, (token.type, text)
        if token.type == "inline":
            assert all(child.type == "text" for child in token.children or ()), token.content
        if token.type == "fence":
            assert token.info in LANGUAGES, token.info
        if token.type == "html_block":
            seen.feed(token.content)
    seen.close()
    assert not seen._open, seen._open
    return tokens, seen


def fences(text: str, language: str) -> list[str]:
    return [token.content for token in PARSER.parse(text) if token.type == "fence" and token.info == language]


def shown_by_github(page: Page, text: str, folder: Path) -> None:
    """Load the comment into ``page`` as GitHub shows it: its stylesheet, a box, Mermaid drawn."""
    body = PARSER.render(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    body = re.sub(r'<pre><code class="language-mermaid">(.*?)</code></pre>', r'<pre class="mermaid">\1</pre>', body,
                  flags=re.DOTALL)  # fmt: skip
    css = npm_file("github-markdown-css/github-markdown-light.css").read_text()
    html = f"""<!doctype html><meta charset="utf-8"><style>{css}
        body {{ background: #fff; margin: 24px; }}
        .box {{ border: 1px solid #d1d9e0; border-radius: 6px; max-width: 980px; }}
        .head {{ background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; border-radius: 6px 6px 0 0;
                font: 14px -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #59636e; }}
        .markdown-body {{ padding: 16px; font-family: -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }}
        .mermaid {{ background: #fff !important; text-align: center; }}</style>
        <div class="box"><div class="head"><b style="color:#1f2328">github-actions</b> bot commented</div>
        <article class="markdown-body">{body}</article></div>"""
    path = folder / "comment.html"
    path.write_text(html, encoding="utf-8")
    page.goto(path.as_uri())
    page.add_script_tag(path=npm_file("mermaid/dist/mermaid.min.js"))
    options = json.dumps({"startOnLoad": False, "securityLevel": "strict", "maxTextSize": 50000})
    page.evaluate(f"async () => {{ mermaid.initialize({options}); await mermaid.run({{querySelector: '.mermaid'}}); }}")
