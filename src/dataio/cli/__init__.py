"""The command line: parse, call one operation, render, exit. One module per command group.

stdout is data, stderr is talk. Exit codes are the table of ``docs/cli.md``.
"""

from __future__ import annotations

import codecs
import gc
import io
import sys
from typing import Final

_OBJECTS: Final = 100_000
"""So many new objects before garbage is looked for: importing makes most of them, and none of that is garbage."""


def main() -> None:
    """The console script ``dataio``."""
    gc.set_threshold(_OBJECTS)
    _write_utf8()
    from dataio.cli.app import run

    code = run(sys.argv[1:])
    gc.freeze()  # the process ends: nothing is looked through once more
    sys.exit(code)


def _write_utf8() -> None:
    """What is printed may be a script: UTF-8 whatever the locale; a terminal of another encoding shows what it can."""
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper) and codecs.lookup(out.encoding).name != "utf-8":
        if out.isatty():
            out.reconfigure(errors="backslashreplace")
        else:
            out.reconfigure(encoding="utf-8")
