"""The command line: parse, call one operation, render, exit. One module per command group.

stdout is data, stderr is talk. Exit codes are the table of ``docs/cli.md``.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

_OBJECTS: Final = 100_000
"""So many new objects before garbage is looked for: importing makes most of them, and none of that is garbage."""


def main() -> None:
    """The console script ``dataio``."""
    gc.set_threshold(_OBJECTS)
    from dataio.cli.app import run

    code = run(sys.argv[1:])
    gc.freeze()  # the process ends: nothing is looked through once more
    sys.exit(code)
