"""The folder of ``dataio schema dump --split``: nobody else's files are in it, and what is replaced there is named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import UsageError
from dataio.migrations.schema_split import MARK

_VERSION_CONTROL: Final = frozenset({".git", ".gitkeep", ".gitignore", ".gitattributes", ".hg", ".hgignore", ".svn"})


@dataclass(frozen=True)
class Replaced:
    """What a dump changed of an earlier one, by paths relative to the folder: the texts may have been edited since."""

    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def check_folder(folder: Path) -> None:
    """Raise UsageError unless a split dump may be written here: nothing is there, or what an earlier one wrote."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--split {folder} is a file", hint="Name a folder.")
    for path in _files(folder):
        if path.suffix != ".sql" or path.is_symlink() or not _begins_with_mark(path):
            raise UsageError(
                f"--split {folder}: {path.relative_to(folder)} was not written by a dump",
                hint="Name an empty folder, or one that an earlier --split has filled.",
            )


def write_folder(folder: Path, files: Mapping[str, str]) -> Replaced:
    """Put a split schema into ``folder``, in the place of one that was there. Raises as :func:`check_folder` does."""
    check_folder(folder)
    old = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    removed = sorted(old.keys() - files.keys())
    changed = sorted(name for name in old.keys() & files.keys() if old[name].read_bytes() != files[name].encode())
    for name in removed:
        old[name].unlink()
    for name in (*changed, *(files.keys() - old.keys())):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name], encoding="utf-8")
    return Replaced(tuple(changed), tuple(removed))


def _files(folder: Path) -> Iterator[Path]:
    """All files below, and links to folders, but those of version control."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _VERSION_CONTROL)
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place) / name for name in sorted({*names, *links} - _VERSION_CONTROL))


def _begins_with_mark(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MARK)) == MARK.encode()
    except OSError:
        return False
