"""Which dump is meant, and which may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataio.dumps.errors import DumpError
from dataio.dumps.listing import Entry, Wanted, parse_moment, parse_wanted, select
from dataio.dumps.retention import Policy, decide
from dataio.errors import UsageError

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def entry(version: int, hours: int, *, complete: bool = True, **more: dict[str, str]) -> Entry:
    time = BEGIN + timedelta(hours=hours)
    return Entry(version, f"{time:%Y-%m-%dT%H:%M:%S}", 1, 2, complete, time, **more)


FOUND = [
    entry(1, 0),
    entry(1, 10, tags={"env": "prod"}),
    entry(2, 20),
    entry(2, 30, info={"content": "schema"}),
    entry(2, 40, complete=False),
]


@pytest.mark.parametrize(
    ("wanted", "hours"),
    [
        (Wanted(whole=True), 20),  # --latest: neither of the schema only, nor unfinished
        (Wanted(version=1, whole=True), 10),
        (parse_wanted("schema_v001"), 10),
        (Wanted(at=parse_moment("2026-01-01T09:59:59"), whole=True), 0),
        (Wanted(at=parse_moment("2026-01-01T12:00:00+02:00"), whole=True), 10),  # that is 10:00 UTC
        (Wanted(at=parse_moment("2026-01-02"), version=1, whole=True), 10),
        (parse_wanted("env=prod"), 10),
        (parse_wanted("schema_v002/2026-01-02T06:00:00"), 30),  # named by its ID, one of the schema only will do
        (parse_wanted("2026-01-01T20:00:00"), 20),
    ],
)
def test_the_newest_that_fits(wanted: Wanted, hours: int) -> None:
    assert select(FOUND, wanted, where="here").taken_at == BEGIN + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("wanted", "words", "hint"),
    [
        (Wanted(version=7), "schema version 7", "of schema version 1, 2"),
        (Wanted(at=parse_moment("2025-12-31")), "taken by 2025-12-31", "There are 4"),
        (parse_wanted("env=test"), "tagged env=test", "There are 4"),
    ],
)
def test_what_is_not_there(wanted: Wanted, words: str, hint: str) -> None:
    with pytest.raises(DumpError, match=words) as caught:
        select(FOUND, wanted, where="here")
    assert hint in caught.value.hint
    with pytest.raises(DumpError) as none:
        select([], wanted, where="here")
    assert "none at all" in none.value.hint


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01", "v3", "schema_v003/now"])
def test_bad_names(text: str) -> None:
    with pytest.raises(UsageError):
        parse_wanted(text)
    with pytest.raises(UsageError):
        parse_moment(text)


DUMPS = st.lists(
    st.builds(
        lambda version, hours, content, complete: entry(version, hours, complete=complete, info={"content": content}),
        st.integers(1, 3),
        st.integers(0, 3000),
        st.sampled_from(["all", "schema"]),
        st.booleans(),
    ),
    max_size=40,
    unique_by=lambda dump: dump.id,
)


@given(DUMPS, st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
def test_the_newest_of_a_version_never_goes(
    found: list[Entry], last: int, daily: int, weekly: int, monthly: int
) -> None:
    policy = Policy(last, daily, weekly, monthly)
    if policy == Policy():
        with pytest.raises(UsageError):
            decide(found, policy)
        return
    decision = decide(found, policy)
    kept, gone = {dump.id for dump, _ in decision.keep}, {dump.id for dump in decision.remove}
    complete = [dump for dump in found if dump.complete]
    assert kept | gone == {dump.id for dump in complete}
    assert not kept & gone
    assert decision.unfinished == ()
    for version in {dump.version for dump in complete}:
        for whole in (True, False):
            same = [dump for dump in complete if dump.version == version and dump.whole == whole]
            if same:
                assert max(same, key=lambda dump: dump.time).id in kept
                newest = sorted(same, key=lambda dump: dump.time, reverse=True)
                assert {dump.id for dump in newest[:last]} <= kept
                days = sorted({dump.taken_at.date() for dump in same}, reverse=True)[:daily]
                assert all(any(d.taken_at.date() == day and d.id in kept for d in same) for day in days)
                assert sum(dump.id in kept for dump in same) <= max(1, last + daily + weekly + monthly)
