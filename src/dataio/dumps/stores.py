"""From ``--store s3://bucket/prefix`` or a folder to an open store; and keeping dumps out of git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from dataio.dumps.folder import FolderStore
from dataio.dumps.store import Store
from dataio.errors import Refused, UsageError

if TYPE_CHECKING:
    from dataio.dumps.s3 import S3Options

DEFAULT: Final = ".dataio/dumps"


def open_store(location: str, *, root: Path, options: S3Options | None = None) -> Store:
    """The store at ``location``: ``s3://bucket/prefix`` or a folder, relative to the project's ``root``.

    Raises :class:`~dataio.errors.UsageError` for what is neither.
    """
    if location.startswith("s3://"):
        from dataio.dumps.s3 import S3Store

        parts = urlsplit(location)
        if not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc:
            raise UsageError(f"{location} is not of the form s3://bucket/prefix")
        return S3Store(parts.netloc, parts.path, options)
    if "://" in location:
        raise UsageError(
            f"--store {location.partition('://')[0]}:// is unknown", hint="Use s3://bucket/prefix or a folder."
        )
    if not location.strip():
        raise UsageError("--store is empty", hint="Use s3://bucket/prefix or a folder.")
    return FolderStore(Path(os.path.normpath(root / Path(location).expanduser())))


def keep_out_of_git(folder: Path, *, root: Path) -> None:
    """Raise :class:`~dataio.errors.Refused` where git would track what is written into ``folder``.

    The project's own ``.dataio`` gets a ``.gitignore`` instead.
    """
    own = root / ".dataio"
    if folder == own or own in folder.parents:
        ignore = own / ".gitignore"
        if not ignore.exists():
            own.mkdir(exist_ok=True)
            ignore.write_text("# databases and dumps of this machine\n*\n", "utf-8")
    if would_be_tracked(folder):
        here = _in_repository(folder)
        raise Refused(
            f"git would track what is written to {folder}: dumps hold data, and data stay out of git",
            hint="Name a folder of its own, which .gitignore names too, or a place outside of the repository."
            if here == "."
            else f"Add it to .gitignore, or name a place outside of the repository. (Here: /{here}/)",
        )


def would_be_tracked(folder: Path) -> bool:
    """Is ``folder`` (it may not exist yet) in a git work tree, and not ignored there?"""
    repository = _repository(folder)
    if repository is None:
        return False
    probe = str(folder / "manifest.json")
    try:
        done = subprocess.run(
            ["git", "-C", str(repository), "check-ignore", "--quiet", "--no-index", probe],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:  # no git on this machine, but a repository: only what plainly ignores everything counts
        return not any(_ignores_all(parent) for parent in (folder, *folder.parents) if repository in parent.parents)
    return done.returncode != 0


def _repository(folder: Path) -> Path | None:
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def _in_repository(folder: Path) -> str:
    repository = _repository(folder)
    return str(folder.relative_to(repository)) if repository is not None else str(folder)


def _ignores_all(folder: Path) -> bool:
    try:
        return "*" in (folder / ".gitignore").read_text("utf-8").split()
    except OSError:
        return False
