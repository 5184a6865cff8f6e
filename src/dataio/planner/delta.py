"""The difference between two snapshots: a set difference over facts, the same for every kind."""

from __future__ import annotations

from dataclasses import dataclass

from dataio.snapshot.keys import Key
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Fact, Snapshot
from dataio.snapshot.shown import value_text


@dataclass(frozen=True)
class Delta:
    """One fact that is only on one side, or differs. ``old`` is the current fact, ``new`` the desired one."""

    key: Key
    old: Fact | None
    new: Fact | None

    @property
    def changed(self) -> tuple[str, ...]:
        """The attributes that differ; empty where the fact is only on one side."""
        if self.old is None or self.new is None:
            return ()
        names = KINDS[self.key.kind].attributes
        pairs = zip(names, self.old.values, self.new.values, strict=True)
        return tuple(name for name, old, new in pairs if old != new)

    @property
    def wording_only(self) -> bool:
        """Whether only deparsed SQL differs, which one more dump and restore may word the same."""
        return bool(self.changed) and KINDS[self.key.kind].expressions.issuperset(self.changed)

    def __str__(self) -> str:
        if self.old is None:
            return f"missing: {self.key}"
        if self.new is None:
            return f"left over: {self.key}"
        return f"differs: {self.key}: {', '.join(self._told(self.old, self.new, name) for name in self.changed)}"

    @staticmethod
    def _told(old: Fact, new: Fact, name: str) -> str:
        is_, should_be = (" ".join(value_text(name, fact[name]).split()) or "(none)" for fact in (old, new))
        return f"{name} is {is_}, should be {should_be}"


def diff(a: Snapshot, b: Snapshot) -> list[Delta]:
    """What must happen to ``a`` to become ``b``, in key order.

    Raises ValueError when the snapshots were deparsed by different major versions.
    """
    if a.major != b.major:
        raise ValueError(f"snapshots of PostgreSQL {a.major} and {b.major} do not compare")
    deltas = [Delta(key, fact, None) for key, fact in a.facts.items() if key not in b.facts]
    current = a.facts.get
    for key, new in b.facts.items():
        old = current(key)
        if old is None or old.values != new.values:
            deltas.append(Delta(key, old, new))
    return sorted(deltas, key=lambda delta: delta.key)
