"""Text from a database inside Markdown: shown as it is, obeyed by nobody.

Dynamic text stands in one of two places only. In HTML blocks, which Markdown does not look into, with HTML's own
characters as references and without line feeds (a blank line would end the block); and in fenced blocks, whose fence is
longer than any run of backticks inside (https://spec.commonmark.org/0.31.2/#fenced-code-blocks). Prose outside of
``<code>`` also loses what forges turn into mentions and references: a zero-width space follows each ``@`` and ``#``.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

_RUNS: Final = re.compile(r"`+")
_REFERS: Final = re.compile(r"(?<=[@#!$%&~^])(?=\w)")
_LONG: Final = 200


def visible(text: str, *, lines: bool = False) -> str:
    """Text without characters that steer (controls, bidirectional overrides): ``�`` stands for each. Line feeds and
    tabs stay where ``lines`` is wanted, and are spaces elsewhere.
    """
    text = text.replace("\r\n", "\n")
    if lines:
        return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)
    return "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in text)


def code(text: str, *, longest: int = _LONG) -> str:
    """``<code>`` with the text, on one line, shortened where it is longer than ``longest``."""
    shown = visible(text)
    shown = shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
    return f"<code>{escape(shown)}</code>"


def prose(text: str, *, longest: int = 500) -> str:
    """Text for an HTML block, outside of code: mentions nobody, refers to nothing, links nowhere."""
    shown = visible(text)
    shown = shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
    shown = shown.replace("://", ":\u200b//").replace("www.", "www\u200b.")
    return escape(_REFERS.sub("\u200b", shown))


def fenced(text: str, language: str) -> str:
    """A fenced block with the text's lines; ``language`` is ours."""
    shown = visible(text, lines=True).rstrip("\n")
    longest = max((len(run) for run in _RUNS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def folded(summary: str, body: str, *, opened: bool = False) -> str:
    """``<details>`` around a block of Markdown; ``summary`` is HTML already."""
    return f"<details{' open' if opened else ''}><summary>{summary}</summary>\n\n{body}\n\n</details>"
