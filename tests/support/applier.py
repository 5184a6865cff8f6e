"""A process that applies a script and lets itself be stopped anywhere: ``python -m support.applier DSN SCRIPT``.

It writes a line for every event and, before each, waits for a line on stdin, so that whoever kills it knows where.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dataio.migrations.executor import apply_script
from dataio.plan.script import parse
from dataio.postgres.conninfo import parse_target
from dataio.progress import Progress
from support.migrations import QUICK, checks


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def look(progress: Progress) -> None:
    if progress.stage == "apply":
        say(f"before {progress.detail.partition(']')[0]}]")
    elif progress.stage == "wait":
        say("waiting")


def main() -> None:
    script = parse(Path(sys.argv[2]).read_bytes().decode(), source=sys.argv[2])
    apply_script(
        parse_target(sys.argv[1]), script, checks=checks(lambda: say("reached")), limits=QUICK, on_progress=look
    )
    say("done")


if __name__ == "__main__":
    main()
