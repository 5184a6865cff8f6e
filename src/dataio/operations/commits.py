"""``dataio schema check --commit``: does a commit say what it does to the schema, and bring what belongs to it?

Made for a ``commit-msg`` hook (what is staged, and the message's file) and for CI (a revision).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import UsageError
from dataio.operations import git

_SCRIPT: Final = re.compile(r"(\d{3,})_(.+?)\.sql")
_ARCHIVE: Final = b"PGDMP"
_COMPRESSED: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")
_PLAIN_DUMP: Final = re.compile(rb"^-- PostgreSQL database (cluster )?dump", re.MULTILINE)
_ROWS: Final = re.compile(rb"^\s*(INSERT\s+INTO\s|COPY\s[^;]*\sFROM\s+stdin\b)", re.MULTILINE | re.IGNORECASE)
_DUMP_NAMES: Final = re.compile(r"\.(dump|pgdump|backup)(\.(gz|zst|bz2|xz))?$|\.sql\.(gz|zst|bz2|xz)$", re.IGNORECASE)
_LOOKED_AT: Final = 1 << 20  # bytes of each file

HOOK: Final = '#!/bin/sh\n# made by: dataio schema check --install-hook\nexec dataio schema check --commit "$1"\n'


@dataclass(frozen=True)
class CommitCheck:
    """What is wrong with a commit, one line each; nothing where it is right."""

    problems: tuple[str, ...]

    @property
    def passes(self) -> bool:
        return not self.problems


def check_commit(
    what: str, *, root: Path, schema: Sequence[Path], migrations: Path, seeds: Sequence[Path] = ()
) -> CommitCheck:
    """Check what is staged with the message in the file ``what``, or the commit that ``what`` names.

    ``seeds`` are folders where rows belong. Raises UsageError where ``what`` is neither, or this is no repository.
    """
    message_file = Path(what)
    if message_file.is_file():
        message = message_file.read_text(encoding="utf-8", errors="replace")
        commit = git.staged(root)
    else:
        commit = git.commit(root, what)
        message = commit.message
    said = "\n".join(line for line in message.splitlines() if not line.startswith("#"))
    return CommitCheck(tuple(_problems(commit, said, schema, migrations, seeds)))


def staged_rows(root: Path, *, migrations: Path, seeds: Sequence[Path] = ()) -> tuple[str, ...]:
    """Dumps and inserts among what is staged, one line each. Raises UsageError outside of a repository."""
    return tuple(_rows(git.staged(root), migrations, seeds))


def install_hook(root: Path) -> Path:
    """Write the ``commit-msg`` hook of the repository. Raises UsageError where another one is there."""
    path = git.hooks_folder(root) / "commit-msg"
    if path.exists() and path.read_text(errors="replace") != HOOK:
        raise UsageError(
            f"{path} is there already", hint='Add a line to it: dataio schema check --commit "$1" || exit 1'
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HOOK, encoding="utf-8")
    path.chmod(0o755)
    return path


def _problems(
    commit: git.Commit, message: str, schema: Sequence[Path], migrations: Path, seeds: Sequence[Path]
) -> Iterator[str]:
    scripts = [path for path in commit.changed if path.parent == migrations and not path.stem.endswith(".rollback")]
    scripts = [path for path in scripts if _SCRIPT.fullmatch(path.name)]
    touched = [path for path in commit.changed if any(path == one or one in path.parents for one in schema)]
    if touched and not scripts:
        yield f"{_names(touched)} changed without a script in {migrations.name}: dataio schema plan NAME writes it"
    if scripts and not touched:
        yield f"{_names(scripts)} came without a change of the schema: a script is what a change of the schema plans"
    for path in scripts:
        match = _SCRIPT.fullmatch(path.name)
        if match is not None and path in commit.written:
            number, name = match.groups()
            words = re.sub(r"[_\W]+", " ", message).lower()
            if not re.search(rf"(?<!\d){number}(?!\d)", message) or re.sub(r"[_\W]+", " ", name).lower() not in words:
                yield f"the message does not name the script: {number} {name}"
    yield from (f"{row}: rows do not belong into the repository" for row in _rows(commit, migrations, seeds))


def _rows(commit: git.Commit, migrations: Path, seeds: Sequence[Path]) -> Iterator[str]:
    for path in commit.written:
        if path.parent == migrations or any(one in path.parents for one in seeds):
            continue
        if problem := _holds_rows(path, commit.content(path, _LOOKED_AT)):
            yield f"{path.name} {problem}"


def _holds_rows(path: Path, content: bytes) -> str:
    if content.startswith(_ARCHIVE) or (content.startswith(_COMPRESSED) and _DUMP_NAMES.search(path.name)):
        return "is a dump"
    if path.suffix == ".sql" and _ROWS.search(content):
        return "is a dump with rows" if _PLAIN_DUMP.search(content) else "inserts rows"
    return ""


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)
