"""Loading files as a user would: with psql, stopping at the first error."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from dataio.postgres.binaries import load_binaries
from dataio.postgres.conninfo import Target


def psql_file(target: Target, paths: Path | Iterable[Path], *, single_transaction: bool = False) -> None:
    """Run the files in order in one psql; fails with psql's own words, warnings included."""
    files = [paths] if isinstance(paths, Path) else list(paths)
    command = [str(load_binaries().path("psql")), "--no-psqlrc", "--quiet", "--no-password"]
    command += ["--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    command += ["--single-transaction"] if single_transaction else []
    command += [f"--file={path}" for path in files]
    done = subprocess.run(
        [*command, *target.arguments()], env=target.env(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
