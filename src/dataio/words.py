"""Words for people."""

from __future__ import annotations


def plural(count: int, word: str) -> str:
    """``1 table``, ``2,000 tables``."""
    return f"{count:,} {word if count == 1 else word + 's'}"
