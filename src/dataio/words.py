"""Words for people."""

from __future__ import annotations

import difflib


def plural(count: int, word: str) -> str:
    """``1 table``, ``2,000 tables``."""
    return f"{count:,} {word if count == 1 else word + 's'}"


def changed_lines(old: str, new: str) -> list[str]:
    """The lines that differ between two texts, ``-`` and ``+`` in front, each with one line around it."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm="")
    return [line for line in lines if not line.startswith(("--- ", "+++ ", "@@ "))]


def is_plain_name(text: str) -> bool:
    """Whether a text can be shown as the name of a database or an environment; else it may be a URL without its head,
    and hold a password.
    """
    return not any(mark in text for mark in "@:/")
