"""What of many differences is named."""

from __future__ import annotations

from dataio.planner.changes import wholes
from dataio.planner.delta import Delta
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact

TABLE = Key("table", ("public", "t"))
VIEW = Key("view", ("public", "v"))
OF_A_TABLE = (
    Key("column", ("public", "t", "a")),
    Key("constraint", ("public", "t", "t_check")),
    Key("comment", ("column", "public", "t", "a")),
)
OF_A_VIEW = (Key("comment", ("column", "public", "v", "a")), Key("owner", ("view", "public", "v")))
INDEX = Key("index", ("public", "t_a_idx"))


def only_new(*keys: Key) -> list[Delta]:
    return [Delta(key, None, Fact(key, ())) for key in keys]


def only_old(*keys: Key) -> list[Delta]:
    return [Delta(key, Fact(key, ()), None) for key in keys]


def test_parts_of_what_comes_or_goes_are_not_named_again() -> None:
    for side in (only_new, only_old):
        found = wholes(side(TABLE, *OF_A_TABLE, VIEW, *OF_A_VIEW, INDEX))
        assert [delta.key for delta in found] == [TABLE, VIEW, INDEX]


def test_parts_of_what_stays_are_named() -> None:
    assert [delta.key for delta in wholes(only_new(*OF_A_TABLE[:2], *OF_A_VIEW))] == [*OF_A_TABLE[:2], *OF_A_VIEW]


def test_a_part_that_comes_is_named_beside_a_whole_that_goes() -> None:
    """A table that becomes a view: both have a comment."""
    here = [*only_old(TABLE, OF_A_TABLE[0]), *only_new(*OF_A_VIEW)]
    assert [delta.key for delta in wholes(here)] == [TABLE, *OF_A_VIEW]
