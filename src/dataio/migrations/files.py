"""The folder of numbered scripts: ``generated_migrations/NNN_slug.sql``, from 001 on without a gap.

Beside a script may be its rollback, ``NNN_slug.rollback.sql``: no script of the sequence, but one that takes it back.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import MigrationError, UsageError
from dataio.migrations.history import History, Migration
from dataio.plan.model import Plan
from dataio.plan.script import Header, Script, label, parse, version_label

_FILE: Final = re.compile(r"(?P<number>\d{3,})_(?P<slug>[a-z0-9_]+)\.sql")
_LOOKS_NUMBERED: Final = re.compile(r"\d.*\.sql", re.IGNORECASE)
_ROLLBACK: Final = ".rollback.sql"
_SLUG_LENGTH: Final = 60


@dataclass(frozen=True)
class ScriptFile:
    """One script of the folder, parsed."""

    path: Path
    number: int
    slug: str
    script: Script

    @property
    def header(self) -> Header:
        return self.script.header

    @property
    def label(self) -> str:
        """``003_add_owner``."""
        return self.path.stem

    @property
    def rollback_path(self) -> Path:
        """Where its rollback is, if there is one."""
        return rollback_path(self.path)

    def verify(self) -> None:
        """Raise :class:`~dataio.errors.MigrationError` where the file was edited after it was planned."""
        self.script.verify()

    def rollback(self) -> Script | None:
        """The script that takes this one back; ``None`` where there is none.

        Raises :class:`~dataio.errors.MigrationError` where it was edited or is another script's.
        """
        path = self.rollback_path
        if not path.exists():
            return None
        back = parse(_text(path), source=str(path))
        back.verify()
        header = back.header
        if not header.takes_back or (header.number, header.undoes) != (self.number, self.header.checksum):
            raise MigrationError(
                f"{path}: not the rollback of {self.path.name} as it is now",
                hint="Bring back both files as they were planned together.",
            )
        return back


def slug(text: str) -> str:
    """A name for a file: lower case ASCII letters, digits and ``_``; at most 60 characters.

    Raises :class:`~dataio.errors.UsageError` where nothing is left.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_text).strip("_")
    name = re.sub(r"^\d{3}(_|$)", "", name)  # who gives the number as well gets one number
    if not name:
        raise UsageError(f"{text!r} cannot name a migration", hint="Use letters and digits, e.g. add_data_owner.")
    return name[:_SLUG_LENGTH].rstrip("_")


def suggested_name(plan: Plan) -> str:
    """A name from what a plan does, for when nobody gave one: ``create_table_public_owner_and_3_more``."""
    if not plan.changes:
        return "no_change"
    first, *more = sorted(plan.changes, key=lambda change: len(change.subject.path))
    words = f"{first.action} {first.subject}"[: _SLUG_LENGTH - 15]
    return slug(f"{words} and {len(more)} more" if more else words)


def rollback_path(path: Path) -> Path:
    """``003_add_owner.rollback.sql`` beside ``003_add_owner.sql``."""
    return path.with_name(f"{path.stem}{_ROLLBACK}")


def file_name(number: int, name: str) -> str:
    return f"{label(number)}_{slug(name)}.sql"


def read(path: Path) -> ScriptFile:
    """Parse one script. Raises :class:`~dataio.errors.MigrationError` where file name and content do not make one."""
    match = _FILE.fullmatch(path.name)
    if match is None:
        raise MigrationError(
            f"{path}: not the name of a migration", hint="Migrations are named NNN_slug.sql, e.g. 003_add_owner.sql."
        )
    script = parse(_text(path), source=str(path))
    number = int(match["number"])
    if script.header.number != number:
        raise MigrationError(
            f"{path}: its header says migration {script.header.label}, its name {label(number)}",
            hint="A script cannot be renumbered by renaming it: remove it and plan again.",
        )
    return ScriptFile(path, number, match["slug"], script)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise MigrationError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MigrationError(f"{path}: not UTF-8 text") from None


def scan(folder: Path) -> tuple[ScriptFile, ...]:
    """All scripts of the folder in order of number; empty where there is no folder.

    Raises :class:`~dataio.errors.MigrationError` for a number that is there twice or missing, and for a file that
    begins with a digit and ends in ``.sql`` but is no migration. Rollbacks and other files are left alone.
    """
    if not folder.is_dir():
        return ()
    paths = sorted(path for path in folder.iterdir() if _LOOKS_NUMBERED.fullmatch(path.name) and not _is_rollback(path))
    scripts = sorted((read(path) for path in paths), key=lambda script: (script.number, script.path.name))
    check_numbers(folder, scripts)
    return tuple(scripts)


def _is_rollback(path: Path) -> bool:
    return path.name.lower().endswith(_ROLLBACK)


def stray_rollbacks(folder: Path, scripts: Sequence[ScriptFile]) -> tuple[Path, ...]:
    """Rollbacks that no script is there for."""
    known = {script.rollback_path for script in scripts}
    found = (path for path in folder.glob(f"*{_ROLLBACK}") if _LOOKS_NUMBERED.fullmatch(path.name))
    return tuple(sorted(path for path in found if path not in known)) if folder.is_dir() else ()


def check_numbers(folder: Path, scripts: Sequence[ScriptFile]) -> None:
    """Each number once, none missing, from 001 or from a baseline."""
    if not scripts:
        return
    expected = 1 if scripts[0].header.kind != "baseline" else scripts[0].number
    for script in scripts:
        if script.number < expected:
            names = ", ".join(one.path.name for one in scripts if one.number == script.number)
            raise MigrationError(
                f"{folder}: number {label(script.number)} is there more than once: {names}",
                hint="Two branches planned at once. Keep the one that was applied, remove the other and plan again.",
            )
        if script.number > expected:
            last = script.number - 1
            missing = label(expected) if last == expected else f"{label(expected)} to {label(last)}"
            raise MigrationError(
                f"{folder}: {missing} missing before {script.path.name}",
                hint="Fetch the missing scripts from version control.",
            )
        expected += 1


def pending(scripts: Sequence[ScriptFile], history: History) -> tuple[ScriptFile, ...]:
    """What is still to be applied, in order.

    Raises :class:`~dataio.errors.MigrationError` where the database and the folder do not tell one story: the
    database is ahead of the folder, was never given the scripts before a baseline, or an applied script is another one
    now, or was edited.
    """
    known = {script.number: script for script in scripts}
    changed = [
        f"{known[applied.number].path.name}: {why}"
        for applied in history.migrations
        if applied.number in known and (why := _changed(known[applied.number], applied))
    ]
    if changed:
        raise MigrationError(
            f"{len(changed)} applied script{'s are' if len(changed) > 1 else ' is'} another one now",
            detail="\n".join(changed),
            hint="Bring back the scripts as they were applied; changes go into a new migration.",
        )
    last = scripts[-1].number if scripts else 0
    if history.version > last:
        raise MigrationError(
            f"the database is at {version_label(history.version)}, the scripts end at {version_label(last)}",
            hint="Fetch the newer scripts from version control.",
        )
    found = tuple(script for script in scripts if script.number > history.version)
    if found and history.migrations and found[0].number != history.version + 1:
        raise MigrationError(
            f"{found[0].path.name} does not follow on {version_label(history.version)}",
            hint="The scripts in between were replaced by a baseline: apply those to this database first.",
        )
    return found


def _changed(here: ScriptFile, applied: Migration) -> str:
    """How a script differs from what was applied under its number; nothing where it does not."""
    if here.header.checksum != applied.checksum:
        return f"applied {applied.applied_at:%Y-%m-%d %H:%M} with {applied.checksum}"
    try:
        here.verify()
    except MigrationError as error:
        return error.message.removeprefix(f"{here.script.source}: ")
    return ""


def next_slot(scripts: Sequence[ScriptFile], history: History) -> tuple[int, ScriptFile | None]:
    """The number of the script to be planned, and the pending script that it replaces, if one is there.

    Raises :class:`~dataio.errors.MigrationError` where more than one is pending: replacing several would throw away
    what another database may have applied.
    """
    waiting = pending(scripts, history)
    if len(waiting) > 1:
        raise MigrationError(
            f"{len(waiting)} scripts are pending on this database: {', '.join(one.path.name for one in waiting)}",
            hint="Apply them first (dataio schema apply); the plan then starts from there.",
        )
    if waiting:
        return waiting[0].number, waiting[0]
    return history.version + 1, None


def write(folder: Path, number: int, name: str, text: str, *, replaces: ScriptFile | None = None) -> Path:
    """Write a script whole or not at all, and remove the pending one that it replaces; returns its path.

    Raises :class:`~dataio.errors.MigrationError` where another script has the number, or the folder cannot be written.
    """
    path = folder / file_name(number, name)
    found = folder.glob(f"{label(number)}_*.sql") if folder.is_dir() else ()
    others = [other.name for other in found if not _is_rollback(other)]
    if replaces is not None:
        others = [other for other in others if other != replaces.path.name]
    if others:
        raise MigrationError(f"{folder}: there is a migration {label(number)} already: {', '.join(others)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(path, text)
        if replaces is not None and replaces.path.name != path.name:
            replaces.path.unlink(missing_ok=True)
        if replaces is not None:
            replaces.rollback_path.unlink(missing_ok=True)
    except OSError as error:
        raise MigrationError(f"{path}: cannot be written: {error.strerror}") from None
    return path


def write_rollback(script: Path, text: str) -> Path:
    """Write the rollback of the script at ``script`` beside it, whole or not at all; returns its path."""
    path = rollback_path(script)
    try:
        _write_whole(path, text)
    except OSError as error:
        raise MigrationError(f"{path}: cannot be written: {error.strerror}") from None
    return path


def discard(script: ScriptFile) -> None:
    """Remove a pending script that nothing needs any more (the schema went back to what is applied)."""
    script.path.unlink(missing_ok=True)
    script.rollback_path.unlink(missing_ok=True)


def _write_whole(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def labels(scripts: Iterable[ScriptFile]) -> str:
    """``003_add_owner, 004_drop_name`` for messages."""
    return ", ".join(script.label for script in scripts)
