"""The command line: parse, call one operation, render, exit. One module per command group.

stdout is data, stderr is talk. Exit codes are the table of ``docs/cli.md``.
"""

from __future__ import annotations

import sys


def main() -> None:
    """The console script ``dataio``."""
    from dataio.cli.app import run

    sys.exit(run(sys.argv[1:]))
