"""Privileges, to the exact set."""

from __future__ import annotations

from collections.abc import Iterator

from dataio.planner.native.step import Context, Rule, Step
from dataio.snapshot.model import Fact


def beyond_defaults(new: Fact, context: Context) -> Iterator[Step]:
    """What default privileges give to a new object, and the desired state does not."""
    yield from ()


RULES: tuple[Rule, ...] = ()
