"""Plans between random amputations of PostgreSQL's own regression database arrive, there and back.

A few fixed seeds run by default; ``AMPUTATIONS=all`` (make test-nightly) runs many. A seed that fails can be looked at
with ``python -m tests.support.amputate`` (see there) and ``--keep``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from conftest import Server
from support.amputate import Shape, Surgery, Theatre

WHOLE: Final = Path(__file__).parents[2].parent / "shared" / "cases" / "postgres" / "regression-from-empty" / "new.sql"

DROPS: Final = Surgery(objects=40)
ALTERATIONS: Final = Surgery(objects=10, alterations=60)
FEW: Final[list[tuple[int, Surgery, Shape]]] = [
    (1, DROPS, "both"),
    (2, ALTERATIONS, "both"),
    (3, DROPS, "empty"),
    (4, Surgery(objects=150), "whole"),
]
MANY: Final[list[tuple[int, Surgery, Shape]]] = [
    *((seed, DROPS, "both") for seed in range(100, 140)),
    *((seed, Surgery(objects=1), "both") for seed in range(200, 210)),
    *((seed, Surgery(objects=5), "whole") for seed in range(300, 310)),
    *((seed, Surgery(objects=150), "both") for seed in range(400, 410)),
    *((seed, DROPS, "whole") for seed in range(500, 510)),
    *((seed, DROPS, "empty") for seed in range(600, 605)),
    *((seed, ALTERATIONS, "both") for seed in range(700, 740)),
]
CASES: Final = (MANY if os.environ.get("AMPUTATIONS") == "all" else FEW) if WHOLE.exists() else []


@pytest.fixture(scope="module")
def theatre(pg18: Server) -> Iterator[Theatre]:
    with Theatre(pg18.target, WHOLE.read_text()) as made:
        yield made


@pytest.mark.parametrize(("seed", "surgery", "shape"), CASES)
def test_amputated(theatre: Theatre, seed: int, surgery: Surgery, shape: Shape) -> None:
    with theatre.sides(seed, surgery, shape) as sides:
        there, back = theatre.converge(sides)
    assert [there.word, back.word] == ["ok", "ok"], f"{there}\n\n{back}"
    assert [there.rebuilt, back.rebuilt] == [[], []]
    assert there.steps
    assert back.steps
