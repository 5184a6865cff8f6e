"""The proof: the script itself, run whole on a fresh copy, judged twice."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Final

from dataio.plan.model import Proof
from dataio.planner.delta import Delta
from dataio.planner.judge import DumpDifference, compare
from dataio.planner.scope import NOT_NULL_NAMES, Scope
from dataio.postgres.binaries import load_binaries
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.postgres.process import PSQL, ToolFailed, run
from dataio.snapshot.model import Edges, Snapshot


@dataclass(frozen=True)
class Verdict:
    """What both judges said. ``failure``: the script did not run, with psql's words."""

    proof: Proof
    deltas: tuple[Delta, ...] = ()
    dump_differences: tuple[DumpDifference, ...] = ()
    failure: str = ""

    @property
    def differences(self) -> tuple[str, ...]:
        return tuple(map(str, (*self.deltas, *self.dump_differences)))


_OPTIONS: Final = {
    "owners": "--no-owner",
    "privileges": "--no-privileges",
    "comments": "--no-comments",
    "security_labels": "--no-security-labels",
    "publications": "--no-publications",
    "subscriptions": "--no-subscriptions",
}


_NAMED_NOT_NULL: Final = re.compile(r'CONSTRAINT (?:"(?:[^"]|"")+"|\w+) NOT NULL')


def dump_of(target: Target, scope: Scope) -> str:
    """The dump that the second judge reads: without what is not managed."""
    text = dump_schema(target, options=[option for word, option in _OPTIONS.items() if not scope.manages(word)])
    return _NAMED_NOT_NULL.sub("NOT NULL", text) if NOT_NULL_NAMES in scope.ignored else text


def run_script(script: str, on: Target) -> str:
    """Run a script whole with psql, stopping at the first error; the error's text, or nothing."""
    try:
        run(load_binaries(), "psql", [*PSQL, "-v", "ON_ERROR_STOP=1", "-f", "-"], target=on, input=script)
    except ToolFailed as failed:
        return failed.stderr or failed.message
    return ""


def prove(
    script: str,
    on: Target,
    scope: Scope,
    *,
    server: str,
    wanted: Target,
    wanted_dump: Callable[[], str],
    redump: Callable[[Target], str],
    differences: Callable[[Target], list[Delta]],
) -> Verdict:
    """Run ``script`` on the fresh copy ``on`` and ask both judges.

    ``differences`` takes a snapshot there and says how it differs from the desired facts; ``wanted_dump`` dumps the
    desired database ``wanted``; ``redump`` restores a database's dump and dumps that; ``server`` says in words where
    this happened.

    The copy has been through a dump that the desired state has not, and PostgreSQL words some expressions differently
    when it reads its own words again (an IN list of varchars): dumps that differ are compared once more after both were
    restored.
    """
    started = time.perf_counter()
    if failure := run_script(script, on):
        return Verdict(Proof(False, False, server, time.perf_counter() - started), failure=failure)
    with ThreadPoolExecutor(1) as pool:
        dump = pool.submit(dump_of, on, scope)
        deltas = differences(on)
        dumped = compare(dump.result(), wanted_dump(), ignored=scope.ignores_entry)
    if dumped and not deltas:
        dumped = compare(redump(on), redump(wanted), ignored=scope.ignores_entry)
    proof = Proof(not deltas, not dumped, server, time.perf_counter() - started)
    return Verdict(proof, tuple(deltas), tuple(dumped))


def expected(desired: Snapshot, current: Snapshot, scope: Scope) -> Snapshot:
    """What the end must hold: the desired facts, and what is ignored just as it was."""
    untouched = scope.rest(current)
    if not untouched.facts:
        return scope.restrict(desired)
    wanted = scope.restrict(desired)
    edges = Edges(chain(wanted.edges, untouched.edges))
    return Snapshot({**wanted.facts, **untouched.facts}, edges, desired.major, current.self_role)
