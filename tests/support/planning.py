"""Planning in tests: SQL in, a plan out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataio.plan.model import Plan
from dataio.plan.render.sql import render
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.planner.proof import run_script
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import provider_for


def execute(target: Target, text: str) -> list[tuple[Any, ...]]:
    """Run SQL of the test itself; the rows, if any."""
    with connect(target) as connection:
        cursor = connection.execute(text.encode())
        return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Planning:
    """A target and a schema file to plan it to."""

    target: Target
    schema: Path
    cache: Path

    def plan(self, desired: str, **options: Any) -> Plan:
        """The plan from what the target holds to ``desired`` (SQL text)."""
        self.schema.write_text(desired)
        with provider_for(self.target, cache_dir=self.cache) as scratch:
            return make_plan(PlanRequest(self.target, (self.schema,), scratch, **options))

    def apply(self, plan: Plan) -> None:
        """Run the plan's script on the target with psql, as a user without dataio would."""
        failure = run_script(render(plan), self.target)
        assert failure == "", failure


def planning(database: Callable[..., Target], tmp_path: Path, current: str, **where: Any) -> Planning:
    """A fresh target that holds ``current``."""
    target = database(**where)
    execute(target, current)
    return Planning(target, tmp_path / "schema.sql", tmp_path / "cache")
