"""Schemas out of a pool of things, each there or not and in one of several ways: ``pool.sql`` beside this has them.

Two states share the names, so that one is an edit of the other. A thing whose needs are not there is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

ROLES: Final = ("cases_reader", "cases_writer", "cases_owner", "cases_super")
SUPERUSER: Final = "cases_super"

Choice = Mapping[str, int]
"""For each thing which of its ways is taken; what is not in it is not there."""


@dataclass(frozen=True)
class Thing:
    """One thing of the pool. ``ways``: its SQL, each way; ``needs``: things that must be there before it."""

    name: str
    needs: tuple[str, ...]
    ways: list[str] = field(default_factory=list)


@cache
def things() -> dict[str, Thing]:
    """All things, in an order in which they can be made."""
    found: dict[str, Thing] = {}
    thing = Thing("", ())
    for line in (Path(__file__).parent / "pool.sql").read_text().splitlines():
        if match := re.fullmatch(r"-- thing (\w+)(?: needs (.*))?", line):
            thing = found[match[1]] = Thing(match[1], tuple((match[2] or "").split()), [""])
        elif line == "-- or":
            thing.ways.append("")
        elif thing.ways and line:
            thing.ways[-1] += f"{line}\n"
    return found


def possible(choice: Choice) -> dict[str, int]:
    """Without the things that lack something they need."""
    kept: dict[str, int] = {}
    for thing in things().values():
        if thing.name in choice and all(need in kept for need in thing.needs):
            kept[thing.name] = choice[thing.name] % len(thing.ways)
    return kept


def pieces(choice: Choice) -> list[str]:
    """The SQL of each thing, in order."""
    return [things()[name].ways[way] for name, way in possible(choice).items()]


_WAYS: Final = st.integers(0, 11)


@st.composite
def choices(draw: st.DrawFn) -> dict[str, int]:
    """Most of the things, or few of them with all that they need."""
    everything = things()
    if draw(st.booleans()):
        left_out = draw(st.sets(st.sampled_from(sorted(everything)), max_size=8))
        names = [name for name in everything if name not in left_out]
    else:
        names = _with_needs(draw(st.sets(st.sampled_from(sorted(everything)), min_size=1, max_size=6)))
    return {name: draw(_WAYS) for name in names}


def _with_needs(names: set[str]) -> list[str]:
    wanted, todo = set(names), [*names]
    while todo:
        for need in things()[todo.pop()].needs:
            if need not in wanted:
                wanted.add(need)
                todo.append(need)
    return [name for name in things() if name in wanted]


@st.composite
def edits(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int]]:
    """A state, and the same with some of its things otherwise, gone or new."""
    old = draw(choices())
    new = dict(old)
    for name in draw(st.sets(st.sampled_from(sorted(things())), min_size=1, max_size=12)):
        way = draw(st.one_of(st.none(), _WAYS))
        if way is None:
            new.pop(name, None)
        else:
            new[name] = way
    return old, new
