"""What a statement changes in a snapshot, in one line per fact."""

from __future__ import annotations

from dataio.snapshot.model import Snapshot


def changes(before: Snapshot, after: Snapshot) -> set[str]:
    """``+kind path``, ``-kind path`` and ``~kind path attribute attribute``; path parts joined by dots."""
    lines: set[str] = set()
    for key in before.facts.keys() | after.facts.keys():
        old, new = before.facts.get(key), after.facts.get(key)
        name = f"{key.kind} {'.'.join(key.path)}"
        if old is None or new is None:
            lines.add(f"+{name}" if old is None else f"-{name}")
        elif old != new:
            lines.add(" ".join([f"~{name}", *(n for n in old.attributes if old[n] != new[n])]))
    return lines
