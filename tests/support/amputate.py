"""Two databases that each lack something else: random things dropped with CASCADE from copies of one database.

With ``alterations`` things are changed, too: renamed, moved, added, commented on, granted. As a program, which starts a
PostgreSQL 18 of its own unless ``--server`` names one::

    python -m tests.support.amputate SQLFILE [--seeds 1-40] [--objects 40] [--alterations 0] [--shape both]
                                     [--server CONNINFO] [--keep FOLDER]

Each seed is planned both ways. Shapes: ``both`` (each side is amputated), ``whole`` (one is not), ``empty`` (one has
nothing). ``--keep`` writes ``FOLDER/amputated/SEED/{old,new}.sql``, a case for ../shared/tools/converge.py. Exits with
1 where a seed does not converge.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

import psycopg
from psycopg import sql

from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.dump import dump_schema
from dataio.postgres.process import ToolFailed
from dataio.postgres.server import NOT_DURABLE, temporary

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.converge import Outcome, between, databases, empty, load

Shape: TypeAlias = Literal["both", "whole", "empty"]

ROLES: Final = ("amputate_reader", "amputate_owner")
"""What alterations grant to and make an owner."""

_ALTERATIONS: Final = ("alterations.sql", "alterations_relations.sql", "alterations_code.sql")
_TRIES: Final = 8
_SOME: Final = (
    "select * from ({query}) q(statement) where statement <> '' order by md5(statement || {chance}) limit {tries}"
)
_HERE: Final = Path(__file__).parent
_BLOCK: Final = re.compile(r"^-- (.*)\n", re.MULTILINE)


class Sides(NamedTuple):
    """Two databases."""

    old: Target
    new: Target


@dataclass(frozen=True)
class Surgery:
    """How much is done to one copy: so many things dropped, so many altered."""

    objects: int = 40
    alterations: int = 0


@cache
def blocks(name: str) -> dict[str, str]:
    """The queries of an SQL file by the comment before each; the first one is about the file."""
    parts = _BLOCK.split((_HERE / name).read_text())[3:]
    return dict(zip(parts[::2], (_with_things(query) for query in parts[1::2]), strict=True))


def _with_things(query: str) -> str:
    things = _BLOCK.sub("", (_HERE / "things.sql").read_text())
    return query.replace("@things", f"(\n{things}) things")


def amputate(target: Target, surgery: Surgery, chance: random.Random, numbers: Iterator[int]) -> list[str]:
    """Drop and alter that much at random, with all that depends on it; what cannot be done does not count."""
    done: list[str] = []
    with connect(target) as connection:
        statements = _ask(connection, _with_things((_HERE / "drops.sql").read_text()))
        chance.shuffle(statements)
        for statement in statements:
            if len(done) == surgery.objects:
                break
            if _ran(connection, statement):
                done.append(statement)
        ways = [query for name in _ALTERATIONS for query in blocks(name).values()]
        wanted = len(done) + surgery.alterations
        while len(done) < wanted:
            query = chance.choice(ways).replace("@n", str(next(numbers)))
            for statement in _ask(connection, _SOME.format(query=query, chance=chance.random(), tries=_TRIES)):
                if _ran(connection, statement):
                    done.append(statement)
                    break
    return done


def _ask(connection: psycopg.Connection, query: str) -> list[str]:
    return [statement for (statement,) in connection.execute(query.encode())]


def _ran(connection: psycopg.Connection, statement: str) -> bool:
    try:
        connection.execute(statement.encode())
    except psycopg.Error:
        return False
    return True


class Theatre:
    """One server with the whole database on it. Use as a context."""

    def __init__(self, server: Target, whole: str) -> None:
        self._server, self._text = server, whole
        self._databases = contextlib.ExitStack()

    def __enter__(self) -> Theatre:
        with connect(self._server) as connection:
            for role in ROLES:
                with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
        (self._whole,) = self._databases.enter_context(databases(self._server, 1))
        load(self._whole, self._text)
        return self

    def __exit__(self, *_: object) -> None:
        self._databases.close()

    @contextlib.contextmanager
    def sides(self, seed: int, surgery: Surgery, shape: Shape = "both") -> Iterator[Sides]:
        """What a seed makes, on two databases."""
        chance, numbers = random.Random(seed), itertools.count(1000 + seed % 7)
        with databases(self._server) as (first, second):
            self._fill(first, surgery, chance, numbers)
            if shape == "both":
                self._fill(second, surgery, chance, numbers)
            elif shape == "whole":
                load(second, self._text)
            yield Sides(first, second)

    def _fill(self, target: Target, surgery: Surgery, chance: random.Random, numbers: Iterator[int]) -> None:
        """Load the dump of an amputated copy: CASCADE can leave what no statements make.

        And ALTER TABLE can make what pg_dump cannot say; such a copy is given up and another one is made.
        """
        while True:
            with databases(self._server, 1, template=self._whole) as (rump,):
                amputate(rump, surgery, chance, numbers)
                text = dump_schema(rump)
            try:
                load(target, text)
            except ToolFailed as error:
                sys.stderr.write(f"given up: {error}\n")
                empty(self._server, target)
            else:
                return

    def converge(self, sides: Sides) -> Iterator[Outcome]:
        """Plan from the one to the other, and back."""
        for old, new in (sides, sides[::-1]):
            with databases(self._server, 1, template=old) as (first,):
                yield between(first, new)


def _seeds(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def _keep(folder: Path, sides: Sides) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "old.sql").write_text(dump_schema(sides.old))
    (folder / "new.sql").write_text(dump_schema(sides.new))
    (folder / "meta.json").write_text(json.dumps({"roles": ROLES}))


def _line(outcome: Outcome) -> str:
    why = "".join(f"\n  {reason}" for reason in (*outcome.why, *outcome.rebuilt))
    return f"{outcome.word}, {len(outcome.steps)} steps in {outcome.seconds:.2f} s{why}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("whole", type=Path)
    parser.add_argument("--server")
    parser.add_argument("--seeds", default="1-3", type=_seeds)
    parser.add_argument("--objects", type=int, default=40)
    parser.add_argument("--alterations", type=int, default=0)
    parser.add_argument("--shape", choices=("both", "whole", "empty"), default="both")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    surgery = Surgery(arguments.objects, arguments.alterations)
    words: Counter[str] = Counter()
    seconds: list[float] = []
    with contextlib.ExitStack() as stack:
        if arguments.server:
            server = parse_target(arguments.server)
        else:
            settings = {**NOT_DURABLE, "wal_level": "logical"}
            server = stack.enter_context(temporary(embedded(18), settings=settings)).target()
        theatre = stack.enter_context(Theatre(server, arguments.whole.read_text()))
        for seed in arguments.seeds:
            started = time.perf_counter()
            with theatre.sides(seed, surgery, arguments.shape) as sides:
                if arguments.keep:
                    _keep(arguments.keep / "amputated" / str(seed), sides)
                for way, outcome in zip(("there", "back"), theatre.converge(sides), strict=True):
                    words[outcome.word] += 1
                    words["rebuilt"] += bool(outcome.rebuilt)
                    seconds.append(outcome.seconds)
                    sys.stdout.write(f"seed {seed} {way}: {_line(outcome)}\n")
                    sys.stdout.flush()
            sys.stdout.write(f"  {time.perf_counter() - started:.1f} s\n")
    slowest = max(seconds, default=0.0)
    sys.stdout.write(f"{dict(words)}; {len(seconds)} plans, the slowest took {slowest:.2f} s\n")
    return 0 if words.keys() <= {"ok", "rebuilt"} else 1


if __name__ == "__main__":
    sys.exit(main())
