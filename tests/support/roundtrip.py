"""A schema dumped, as one text and split, and loaded into an empty database: does it plan empty against its source?"""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from dataio.migrations.schema_split import split_schema
from dataio.migrations.schema_text import schema_text
from dataio.planner.delta import diff
from dataio.planner.native.propose import propose, statements
from dataio.postgres.conninfo import Target
from dataio.postgres.load import load_schema
from dataio.snapshot.model import Snapshot
from support.converge import databases, snapshot


def round_trip(source: Target, server: Target, folder: Path) -> list[str]:
    """What differs, one line each, after the dumps of ``source`` were loaded into empty databases of ``server``.

    The split files go in in an order of chance, the same each time.
    """
    wanted = snapshot(source)
    with databases(server) as (first, second):
        steps = statements(propose(snapshot(first), wanted, major=wanted.major))
        one = folder / "schema.sql"
        one.write_text(schema_text(steps, wanted, title="x"))
        split = folder / "split"
        shutil.rmtree(split, ignore_errors=True)
        for name, text in split_schema(steps, wanted).items():
            path = split / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        several = sorted(split.rglob("*.sql"))
        random.Random(1).shuffle(several)
        return [*_loaded("one file", first, [one], wanted), *_loaded("split", second, several, wanted)]


def _loaded(what: str, into: Target, files: Sequence[Path], wanted: Snapshot) -> list[str]:
    load_schema(into, files, allow_empty=True)
    return [f"{what}: {delta}" for delta in diff(snapshot(into), wanted)]
