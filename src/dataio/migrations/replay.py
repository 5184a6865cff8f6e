"""A database from ``generated_migrations/`` alone: what ``schema check`` compares, what ``db recreate`` makes."""

from __future__ import annotations

from collections.abc import Sequence

from dataio.errors import MigrationError
from dataio.migrations.executor import Applied, Limits, apply_script
from dataio.migrations.files import ScriptFile
from dataio.plan.script import version_label
from dataio.postgres.conninfo import Target
from dataio.progress import OnProgress, report


def build(
    target: Target,
    scripts: Sequence[ScriptFile],
    *,
    up_to: int | None = None,
    limits: Limits | None = None,
    on_progress: OnProgress = None,
) -> tuple[Applied, ...]:
    """Run the scripts in order against an empty database, up to version ``up_to`` where it is given.

    The history comes out as it does on every other database that they were applied to. Hazards are not asked about
    (there is nothing to lose), nor fingerprints (the caller compares the end). Raises
    :class:`~dataio.errors.MigrationError` with file, line and statement for an edited script or a failed statement.
    """
    if up_to is not None and up_to > 0 and up_to not in {script.number for script in scripts}:
        raise MigrationError(f"there is no script for {version_label(up_to)}")
    chosen = [script for script in scripts if up_to is None or script.number <= up_to]
    done = []
    for position, script in enumerate(chosen):
        report(on_progress, "replay", script.label, done=position, total=len(chosen))
        script.verify()
        allowed = {hazard.name for hazard in script.header.hazards}
        done.append(apply_script(target, script.script, allow=allowed, limits=limits))
    return tuple(done)
