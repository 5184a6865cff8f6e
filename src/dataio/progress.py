"""What an operation says while it works. The lowest room but for errors: whoever takes long may report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Progress:
    """One event: ``stage`` is what is being done ("load", "replay" …), ``detail`` what it is at now.

    ``done`` and ``total`` count the same thing; ``None`` where nobody knows. Never holds a password.
    """

    stage: str
    detail: str = ""
    done: int | None = None
    total: int | None = None


OnProgress: TypeAlias = Callable[[Progress], None] | None


def report(
    on_progress: OnProgress, stage: str, detail: str = "", *, done: int | None = None, total: int | None = None
) -> None:
    """Call ``on_progress`` where there is one."""
    if on_progress is not None:
        on_progress(Progress(stage, detail, done, total))
