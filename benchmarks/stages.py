"""Where the time of ``dataio schema plan`` goes, stage by stage.

    python benchmarks/stages.py [--runs N] [--schema FILE] [--change SQL]

Starts a throw-away PostgreSQL 18, builds the schema in a database there, and plans against it in fresh processes, as a
user does: the schema as it is, and with a change. Prints the median of N runs for each stage, and the three slowest.
"import" is what Python needs to start and import the command; stages that run side by side overlap, so they may add up
to more than the whole.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dataio.postgres.connection import connect
from dataio.postgres.load import load_schema
from dataio.postgres.server import temporary

ROOT = Path(__file__).resolve().parent.parent
CHANGE = "\nALTER TABLE public.tags ADD COLUMN colour text;\nCREATE INDEX tags_colour_idx ON public.tags (colour);\n"


def timed_plan(schema: Path, url: str, environment: Mapping[str, str]) -> dict[str, float]:
    """One plan in a process of its own: seconds by stage, ``import`` and ``whole`` among them."""
    command = [sys.executable, "-m", "dataio", "schema", "plan", "--no-write", "--format", "json"]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--target", url, "--schema", str(schema)],
        check=True,
        capture_output=True,
        text=True,
        env=dict(environment),
    )
    whole = time.perf_counter() - started
    document: dict[str, Any] = json.loads(done.stdout)
    stages = {str(name): float(seconds) for name, seconds in document["timings"]}
    return {**stages, "import": import_seconds(environment), "whole": whole}


def import_seconds(environment: Mapping[str, str]) -> float:
    """What starting Python and importing all that a plan needs takes."""
    started = time.perf_counter()
    modules = "import dataio.cli.app, dataio.operations.plan"
    subprocess.run([sys.executable, "-c", modules], check=True, env=dict(environment))
    return time.perf_counter() - started


def report(title: str, runs: list[dict[str, float]]) -> None:
    names = dict.fromkeys(name for run in runs for name in run)
    medians = {name: statistics.median(run.get(name, 0.0) for run in runs) for name in names}
    whole = medians.pop("whole")
    print(
        f"\n{title}: {whole:.2f} s, {whole - medians['import']:.2f} s after Python has started (median of {len(runs)})"
    )
    for name, seconds in medians.items():
        print(f"  {name:14}{seconds:8.3f} s")
    slowest = sorted(medians, key=medians.__getitem__, reverse=True)[:3]
    print("  slowest: " + ", ".join(f"{name} ({medians[name]:.2f} s)" for name in slowest))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--schema", type=Path, default=ROOT / "schema.sql")
    parser.add_argument("--change", default=CHANGE, help="SQL that is added to the schema")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dataio-bench-") as folder, temporary() as cluster:
        environment = {**os.environ, "DATAIO_CACHE_DIR": f"{folder}/cache"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has been compiled
        maintenance = cluster.target()
        with connect(maintenance) as connection:
            connection.execute("create database bench")
        target = maintenance.with_dbname("bench")
        load_schema(target, [arguments.schema])
        changed = Path(folder) / "changed.sql"
        changed.write_text(arguments.schema.read_text() + arguments.change)
        url = target.url(None)
        for title, schema in (("unchanged", arguments.schema), ("changed", changed)):
            first = timed_plan(schema, url, environment)
            report(f"{title}, first time", [first])
            report(f"{title}, again", [timed_plan(schema, url, environment) for _ in range(arguments.runs)])


if __name__ == "__main__":
    main()
