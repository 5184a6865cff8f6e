"""psql's errors as ours: the place, the words, and what to do where PostgreSQL's own hint does not say."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from dataio.errors import DataioError, ScratchUnavailable, SourceError
from dataio.postgres import psql_errors
from dataio.postgres.psql_errors import PsqlError
from dataio.postgres.redact import redact

# The control file's path says which extension is missing whatever language the server speaks; PostgreSQL 16 and newer
# no longer always give it.
_CONTROL: Final = re.compile(r"/extension/(?P<name>[^/\s\"]+?)(?:--[^/\s\"]*)?\.control")
_QUOTED: Final = re.compile(r"[\"«„“'](?P<name>[^\"»”“']+)[\"»”“']")
_MISSING_ROLE: Final = re.compile(r"(?:^|: )role \"(?P<name>.+)\" does not exist$")


OUT_OF_MEMORY: Final = "53200"
_ICU: Final = "support for ICU collations"
MORE_LOCKS: Final = (
    "Each object that is made or dropped is locked until COMMIT: raise max_locks_per_transaction there (it wants a "
    "restart of the server), or make the change in parts."
)


def source_error(error: PsqlError, path: Path, text: str, *, server: str, restricted: bool = False) -> DataioError:
    """``error`` about the file ``path`` with ``text``; ``server`` is the scratch server's description.

    A :class:`~dataio.errors.SourceError`, or :class:`~dataio.errors.ScratchUnavailable` for what is the server's fault.
    """
    if error.sqlstate == "53100":
        return ScratchUnavailable(
            f"the disk of the scratch server is full ({server})",
            detail=_words(error),
            hint="Free some space there, or use another server: --scratch-url postgresql://…",
        )
    place = psql_errors.locate(error, text) if text else None
    extension = missing_extension(error)
    return SourceError(
        redact(error.message.partition("\n")[0]),
        file=_shown(path),
        line=place.line if place else error.line or None,
        column=place.column if place else None,
        sqlstate=error.sqlstate,
        detail="\n".join(part for part in (redact(place.excerpt()) if place else "", _words(error)) if part),
        hint=_hint(error, extension, server, restricted=restricted),
        lacks=f"the extension {extension}" if extension else _ICU if _without_icu(error) else "",
    )


def _without_icu(error: PsqlError) -> bool:
    return error.sqlstate == "0A000" and "ICU" in error.message


def _words(error: PsqlError) -> str:
    """PostgreSQL's further words: the rest of its message, DETAIL, HINT, and where in a function it happened."""
    rest = error.message.partition("\n")[2]
    parts = [rest, *(f"{name}: {error.fields[name]}" for name in ("DETAIL", "HINT", "CONTEXT") if name in error.fields)]
    if error.internal:
        parts.append(f"QUERY: {error.fields['QUERY']}")
    return redact("\n".join(part for part in parts if part))


def _hint(error: PsqlError, extension: str | None, server: str, *, restricted: bool) -> str:
    if extension is not None:
        return lacking(f"the extension {extension}", server)
    if _without_icu(error):
        return lacking(_ICU, server)
    if not error.sqlstate and restricted:
        return "In an untrusted file only SQL is run: psql's backslash commands (\\i, \\!, \\copy …) are refused."
    if error.sqlstate == "42501" and restricted:
        return "An untrusted file is loaded by a role without rights on the server; what needs a superuser cannot load."
    if error.sqlstate == "42501":
        return (
            f"The role of the target may not do that, and it is the one that loads the file on {server}. Give it what "
            "it lacks (GRANT), connect as another role (--target), or name a server where a superuser of yours makes "
            "scratch databases: --scratch-url postgresql://…"
        )
    if error.sqlstate == "57014" and restricted:
        return "An untrusted file gets limited time for each statement."
    if error.sqlstate == OUT_OF_MEMORY:
        return MORE_LOCKS
    if missing_role(error.sqlstate, error.message):
        return (
            "Make the role on that server (CREATE ROLE … NOLOGIN), have the plan make it (schema plan --manage roles), "
            "or take the name out of the file."
        )
    return ""


def lacking(what: str, server: str, ways_out: str = "Install it there, or leave it out of the file.") -> str:
    """The hint for something that a server lacks."""
    return f"The server lacks {what}: {server}. {ways_out}"


def missing_extension(error: PsqlError) -> str | None:
    """The extension that a CREATE EXTENSION did not find on the server."""
    if error.sqlstate not in ("0A000", "58P01", "22023", "42704"):
        return None
    for text in (error.message, error.detail):
        if match := _CONTROL.search(text):
            return match["name"]
    if error.sqlstate == "0A000" and "extension" in error.statement.lower() and "ICU" not in error.message:
        match = _QUOTED.search(error.message)
        return match["name"] if match else None
    return None


def missing_role(sqlstate: str, message: str) -> str | None:
    """The role that an error says does not exist; ``None`` for other errors."""
    if sqlstate != "42704":
        return None
    match = _MISSING_ROLE.search(message.partition("\n")[0])
    return match["name"] if match else None


def _shown(path: Path) -> str:
    """``path`` as people like to read it: relative where it is below the working directory."""
    if not path.is_absolute():
        return os.path.normpath(path)
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
