"""The files that ``dataio init`` writes."""

from __future__ import annotations

from importlib.resources import files


def text(name: str) -> str:
    """The content of one of them, by its name in this folder."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
