"""Loading ``schema.sql`` into a database with psql, and saying where it does not load.

One file is run as it is, statement by statement, so that what cannot run in a transaction works. Several files (a
folder) are each run in a transaction of their own: one that fails because something is not there *yet* leaves nothing
and is tried again after the others. Statements about the whole server are left out (server_wide.py), and none speaks to
a publisher (publishers.py). Untrusted files are run by a role of their own that owns the database and nothing else,
with psql's backslash commands refused (``\\restrict``: https://www.postgresql.org/docs/current/app-psql.html).
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from psycopg import sql

from dataio.errors import ConnectionFailed, DataioError, SourceError
from dataio.postgres import psql_errors
from dataio.postgres.binaries import Binaries, load_binaries
from dataio.postgres.connection import connect, connection_failed, server_info
from dataio.postgres.conninfo import Target
from dataio.postgres.explain import missing_role, source_error
from dataio.postgres.process import PSQL, ToolFailed, is_connection_failure, run
from dataio.postgres.psql_errors import PsqlError
from dataio.postgres.publishers import unconnected
from dataio.postgres.server_wide import blanked, refuse_included
from dataio.postgres.source import SourceFile, adapted, find_files, read_files
from dataio.postgres.sql import query
from dataio.progress import OnProgress, report

UNTRUSTED_PREFIX: Final = "dataio_untrusted_"
UNTRUSTED_STATEMENT_TIMEOUT: Final = "60s"
UNTRUSTED_TIMEOUT: Final = 300.0
UNTRUSTED_BYTES: Final = 10 << 20
"""What all files of an untrusted schema may have together."""
UNTRUSTED_CLIENT: Final = 1 << 30
"""Bytes of address space of the psql that loads it: the rows of a SELECT wait there."""

# Something is missing that another file may make: schema, table, function, type (and the like), column, row; a cast (of
# a value, of a default), the key that a view groups by or that a foreign key refers to.
_NOT_YET: Final = frozenset({"3F000", "42P01", "42883", "42704", "42703", "23503", "42846", "42804", "42803", "42830"})
# Refused inside a transaction block; an enum's new value used before it is committed.
_NO_TRANSACTION: Final = frozenset({"25001", "55P04"})
_BATCH: Final = 200


@dataclass(frozen=True)
class LoadReport:
    """What was loaded: the files in the order they went in, how many rounds that took, as whom."""

    files: tuple[Path, ...]
    rounds: int
    seconds: float
    target: Target  # connects as the role that owns what was loaded


@dataclass(frozen=True)
class _Script:
    """A file as psql gets it: ``path`` is a stand-in where the text had to be adapted."""

    file: SourceFile
    path: Path
    transactional: bool = True


@dataclass
class _Loader:
    target: Target
    binaries: Binaries
    restricted: bool
    settings: dict[str, str]
    timeout: float | None
    server: str
    on_progress: OnProgress
    origins: dict[str, Path] = field(default_factory=dict)  # stand-in → the file it stands for
    texts: dict[str, str] = field(default_factory=dict)

    def psql(self, scripts: Sequence[_Script], *, together: bool, stop: bool = True) -> tuple[int, PsqlError | None]:
        """Run scripts until one fails: how many are done, and the error of the next one.

        ``together`` gives each a transaction and a fresh session state. Raises what is not the scripts' fault.
        """
        marker = f"dataio-{secrets.token_hex(8)}"
        arguments = [*PSQL, "--output=/dev/null", "--set=VERBOSITY=verbose", "--set=ECHO=errors"]
        arguments += [f"--set=ON_ERROR_STOP={'1' if stop else '0'}"]
        if self.restricted:
            arguments += ["--command", f"\\restrict {secrets.token_hex(16)}"]
        for script in scripts:
            begin, end = (["--command", "BEGIN"], ["--command", "COMMIT"]) if script.transactional else ([], [])
            arguments += [*(begin if together else []), f"--file={script.path}", *(end if together else [])]
            if together and not self.restricted:
                arguments += ["--command", "DISCARD ALL"]
            if not self.restricted:
                arguments += ["--command", f"\\warn {marker} :DBNAME"]
        try:
            done = run(
                self.binaries,
                "psql",
                arguments,
                target=self.target,
                settings=self.settings,
                timeout=self.timeout,
                check=False,
                memory=UNTRUSTED_CLIENT if self.restricted else None,
            )
        except ToolFailed as error:
            raise SourceError(error.message, file=str(scripts[0].file.path)) from None
        return self._judge(scripts, done.stderr, done.returncode, marker)

    def _judge(
        self, scripts: Sequence[_Script], stderr: str, returncode: int, marker: str
    ) -> tuple[int, PsqlError | None]:
        if is_connection_failure(stderr):
            raise connection_failed(self.target, stderr)
        parts: list[list[str]] = [[]]
        for line in stderr.split("\n"):
            if line.startswith(marker):
                if (where := line.removeprefix(marker).strip()) != self.target.dbname:
                    raise SourceError(
                        f"the file left the scratch database for {where}",
                        file=str(scripts[len(parts) - 1].file.path),
                        hint="Take \\connect out of it.",
                    )
                parts.append([])
            else:
                parts[-1].append(line)
        for number, part in enumerate(parts[: len(scripts)]):
            if errors := psql_errors.parse("\n".join(part)):
                if returncode == 0 and len(scripts) > 1:
                    raise self.explain(scripts[number], errors[0])  # the script told psql to go on after errors
                return number, errors[0]
        if returncode:
            raise ConnectionFailed(
                f"the connection to {self.target.describe()} was lost while loading {scripts[0].file.path}",
                detail=stderr.strip(),
                hint=f"Look into the log of {self.server}.",
            )
        return len(scripts), None

    def explain(self, script: _Script, error: PsqlError) -> DataioError:
        """The error to raise: with the place in the file it is about, which may be an included one."""
        path = self.origins.get(error.file, Path(error.file)) if error.file else script.file.path
        text = self.texts.get(str(path)) or psql_errors.file_text(path)
        return source_error(error, path, text, server=self.server, restricted=self.restricted)

    def load(self, scripts: list[_Script]) -> tuple[list[_Script], int]:
        """Load all; returns them in the order that worked, and the number of rounds."""
        if len(scripts) == 1:
            report(self.on_progress, "load", str(scripts[0].file.path))
            _, error = self.psql(scripts, together=False)
            if error is not None:
                raise self.explain(scripts[0], error)
            return scripts, 1
        loaded: list[_Script] = []
        late: list[
            _Script
        ] = []  # what cannot run in a transaction comes when nothing else is left: it cannot be undone
        total, rounds = len(scripts), 0
        while scripts or late:
            rounds += 1
            if not scripts:
                scripts, late = late, []
            waiting: list[tuple[_Script, PsqlError]] = []
            before = len(loaded)
            while scripts:
                report(self.on_progress, "load", str(scripts[0].file.path), done=len(loaded), total=total)
                batch = scripts[: 1 if self.restricted else _BATCH]
                count, error = self.psql(batch, together=True)
                loaded += batch[:count]
                scripts = scripts[count:]
                if error is None:
                    continue
                failed = scripts.pop(0)
                if failed.transactional and error.sqlstate in _NO_TRANSACTION:
                    late.append(_Script(failed.file, failed.path, transactional=False))
                elif failed.transactional and error.sqlstate in _NOT_YET:
                    waiting.append((failed, error))
                else:
                    raise self.explain(failed, error)
            if waiting and len(loaded) == before and not late:
                raise self._stuck(waiting)
            if len(loaded) == before:
                scripts, late = late, []
            scripts += [script for script, _ in waiting]
        return loaded, rounds

    def _stuck(self, waiting: list[tuple[_Script, PsqlError]]) -> DataioError:
        """What to raise where no file goes on: first of all the role that no file makes, for which others may wait."""
        waiting = sorted(waiting, key=lambda one: missing_role(one[1].sqlstate, one[1].message) is None)
        first = self.explain(*waiting[0])
        if len(waiting) > 1:
            others = "\n".join(f"  {script.file.path}: {error.message}" for script, error in waiting[1:10])
            more = f"\n  … and {len(waiting) - 10} more" if len(waiting) > 10 else ""
            first.detail = "\n".join(filter(None, [first.detail, f"Files that fail as well:\n{others}{more}"]))
        return first


@contextmanager
def _loader(
    db: Target,
    paths: Sequence[Path],
    *,
    binaries: Binaries | None,
    untrusted: bool,
    on_progress: OnProgress,
    server: str,
    timeout: float | None,
    statement_timeout: str | None,
    allow_empty: bool,
) -> Iterator[tuple[_Loader, list[_Script]]]:
    if untrusted:
        refuse_large(paths)
    files = read_files(paths, allow_empty=allow_empty)
    with connect(db) as connection:
        info = server_info(connection)
    settings = {"synchronous_commit": "off", "client_min_messages": "warning"}
    if untrusted:
        db = restricted_role(db)
        timeout = timeout or UNTRUSTED_TIMEOUT
        statement_timeout = statement_timeout or UNTRUSTED_STATEMENT_TIMEOUT
    elif info.is_superuser:
        settings["lc_messages"] = "C"  # only a superuser may; others get the server's language
    if statement_timeout:
        settings["statement_timeout"] = statement_timeout
    with ExitStack() as stack:
        loader = _Loader(
            db, binaries or load_binaries(), untrusted, settings, timeout, server or db.describe(), on_progress
        )
        scripts: list[_Script] = []
        folder: Path | None = None
        for file in files:
            path = file.path
            refuse_included(file.includes)
            left = blanked(file.text)
            left = unconnected(left or file.text) or left
            shorter = file if left is None else replace(file, text=left)
            if (text := adapted(shorter, info.major, restricted=untrusted) or left) is not None:
                if folder is None:
                    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dataio-load-")))
                path = folder / f"{len(scripts)}.sql"
                path.write_bytes(text.encode("utf-8", "surrogateescape"))
                loader.origins[str(path)] = file.path
            loader.texts[str(file.path)] = file.text
            scripts.append(_Script(file, path))
        yield loader, scripts


def refuse_large(paths: Sequence[Path]) -> None:
    """Raise SourceError where an untrusted schema is larger than any schema is, before anything reads it."""
    size = sum(path.stat().st_size for path in find_files(paths))
    if size > UNTRUSTED_BYTES:
        raise SourceError(
            f"{size:,} bytes are too many for an untrusted schema (at most {UNTRUSTED_BYTES:,})",
            file=", ".join(str(path) for path in paths),
        )


def load_schema(
    db: Target,
    paths: Sequence[Path],
    *,
    binaries: Binaries | None = None,
    untrusted: bool = False,
    on_progress: OnProgress = None,
    server: str = "",
    timeout: float | None = None,
    statement_timeout: str | None = None,
    allow_empty: bool = False,
) -> LoadReport:
    """Load files and folders into the (empty) database ``db``.

    ``server`` names the scratch server in messages. ``timeout`` (seconds, the whole of psql) and ``statement_timeout``
    (PostgreSQL's notation) are unlimited unless ``untrusted``. The role of ``db`` loads; ``untrusted`` makes one
    without any rights instead, and the report's ``target`` connects as that.

    Raises :class:`~dataio.errors.SourceError` (file, line, column, excerpt), :class:`~dataio.errors.ScratchUnavailable`
    for a full disk, :class:`~dataio.errors.ConnectionFailed`.
    """
    started = time.monotonic()
    with _loader(
        db,
        paths,
        binaries=binaries,
        untrusted=untrusted,
        on_progress=on_progress,
        server=server,
        timeout=timeout,
        statement_timeout=statement_timeout,
        allow_empty=allow_empty,
    ) as (loader, scripts):
        loaded, rounds = loader.load(scripts) if scripts else ([], 0)
    return LoadReport(tuple(script.file.path for script in loaded), rounds, time.monotonic() - started, loader.target)


def missing_roles(
    db: Target, paths: Sequence[Path], *, binaries: Binaries | None = None, untrusted: bool = False
) -> tuple[str, ...]:
    """All roles that ``paths`` name and the server lacks, found by running them past every error.

    ``db`` is a throw-away database, used up by this; one that a failed load left will do.
    """
    with _loader(
        db,
        paths,
        binaries=binaries,
        untrusted=untrusted,
        on_progress=None,
        server="",
        timeout=UNTRUSTED_TIMEOUT,
        statement_timeout=None,
        allow_empty=True,
    ) as (loader, scripts):
        arguments = [
            *PSQL,
            "--output=/dev/null",
            "--set=VERBOSITY=verbose",
            "--set=ECHO=errors",
            "--set=ON_ERROR_STOP=0",
        ]
        if untrusted:
            arguments += ["--command", f"\\restrict {secrets.token_hex(16)}"]
        arguments += [f"--file={script.path}" for script in scripts]
        done = run(
            loader.binaries,
            "psql",
            arguments,
            target=loader.target,
            settings=loader.settings,
            timeout=loader.timeout,
            check=False,
        )
    found = (missing_role(error.sqlstate, error.message) for error in psql_errors.parse(done.stderr))
    return tuple(dict.fromkeys(name for name in found if name))


def restricted_role(db: Target) -> Target:
    """``db`` as a role that owns it and can do nothing else on the server, made where the given one is a superuser.

    The role is named after the database, so that :class:`~dataio.postgres.scratch.Scratch` drops both. A given role
    that is neither superuser nor may make roles is restricted enough and kept. Raises
    :class:`~dataio.errors.DataioError` when the given role has more rights than that and cannot hand them off.
    """
    with connect(db) as connection:
        info = server_info(connection)
        if not info.is_superuser:
            if info.can_createrole:
                raise DataioError(
                    f"role {info.user} may make roles: too much for an untrusted file",
                    hint="Use a server on which you are superuser (the embedded one), or a role with only CREATEDB.",
                )
            return db
        name = UNTRUSTED_PREFIX + info.database.removeprefix("dataio_scratch_")[:40]
        exists = connection.execute("select 1 from pg_catalog.pg_roles where rolname = %s", [name]).fetchone()
        password = secrets.token_urlsafe(24)
        attributes = sql.SQL(
            "{} role {} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {}"
        )
        verb = sql.SQL("alter" if exists else "create")
        # On a server of dataio's own the roles that schemas mention are mere names: it may set them as owners.
        names = connection.execute(query("nameless_roles")).fetchall() if info.cluster_name.startswith("dataio") else []
        with connection.transaction():
            connection.execute("set local log_statement = 'none'")
            connection.execute(attributes.format(verb, sql.Identifier(name), sql.Literal(password)))
            connection.execute(
                sql.SQL("alter database {} owner to {}").format(sql.Identifier(info.database), sql.Identifier(name))
            )
            for (other,) in names:
                connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(other), sql.Identifier(name)))
            if info.major < 15:
                connection.execute(sql.SQL("alter schema public owner to {}").format(sql.Identifier(name)))
    return db.with_user(name, password)
