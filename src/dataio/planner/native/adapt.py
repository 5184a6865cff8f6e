"""What is displaced only where the desired state still needs what goes away."""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.step import REPLACE, Answer, Context, Rule
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


class Adapting(Rule):
    """A rule whose ``alter`` can let go of what a fact depended on: CREATE OR REPLACE, ALTER POLICY.

    Where the desired fact no longer needs what goes, altering it (before the drop) is enough.
    """

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        if needed_again(new.key, gone, context) or old.values == new.values:
            return REPLACE
        return ()


def needed_again(dependent: Key, gone: Key, context: Context) -> bool:
    """Whether what ``dependent`` becomes needs what goes, or another part of a whole that is made again with it."""
    needs = context.new.needs(dependent)
    whole = gone
    while (above := context.old.container(whole)) is not None and above in context.replaced:
        whole = above
    return gone in needs or (whole in context.replaced and any(whole in _wholes(need, context) for need in needs))


def _wholes(key: Key, context: Context) -> Iterator[Key]:
    """A desired fact and what it is part of, outwards."""
    part: Key | None = key
    while part is not None:
        yield part
        part = context.new.container(part)
