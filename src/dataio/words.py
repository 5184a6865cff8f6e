"""Words for people."""

from __future__ import annotations


def plural(count: int, word: str) -> str:
    """``1 table``, ``2,000 tables``."""
    return f"{count:,} {word if count == 1 else word + 's'}"


def is_plain_name(text: str) -> bool:
    """Whether a text can be shown as the name of a database or an environment; else it may be a URL without its head,
    and hold a password.
    """
    return not any(mark in text for mark in "@:/")
