"""Archives without a manifest: what ``pg_dump`` wrote on its own, restored with the same care, nothing compared."""

from __future__ import annotations

import contextlib
import gzip
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Final, cast

from dataio.dumps.compression import decompressed
from dataio.dumps.errors import DumpError
from dataio.dumps.manifest import Database, Manifest
from dataio.dumps.restore import Options, Restored, restore_staged
from dataio.dumps.stage import Staged
from dataio.postgres.binaries import load_binaries
from dataio.postgres.conninfo import Target
from dataio.postgres.process import PSQL, ToolFailed
from dataio.postgres.redact import redact
from dataio.progress import OnProgress

_CHUNK: Final = 1 << 20
_CUSTOM: Final = b"PGDMP"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_GZIP: Final = b"\x1f\x8b"
_RESTRICT: Final = re.compile(rb"^\\(?:un)?restrict \w+$", re.MULTILINE)
_NOTE: Final = "there is no manifest, so nothing could be compared: what PostgreSQL took is what the file held"


def restore_foreign(
    target: Target, path: Path, options: Options, *, work: Path, on_progress: OnProgress = None
) -> Restored:
    """Restore a file or folder of ``pg_dump``: custom, directory or plain format, as it is or in zstd or gzip.

    Raises as restoring a dump of ours does; DumpError for what is none of these.
    """
    if not path.exists():
        raise DumpError(f"there is no {path}")
    if not path.is_dir() and not path.is_file():  # to open a pipe would wait for whoever writes it
        raise DumpError(
            f"{path} is neither a file nor a folder", hint="Write what comes out of the pipe to a file first."
        )
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="foreign-", dir=work))
    try:
        archive = path if path.is_dir() else _unpacked(path, home)
        major, script = _kind(archive, path)
        manifest = _manifest(path.name, major)
        staged = Staged(archive, archive, home)
        if script:
            options = replace(options, script=_psql)
        restored = restore_staged(target, manifest, staged, options, compare_it=False, on_progress=on_progress)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return replace(restored, notes=(*restored.notes, _NOTE))


def _unpacked(path: Path, home: Path) -> Path:
    with path.open("rb") as file:
        head = file.read(5)
    if head.startswith(_GZIP):
        out = home / "data"
        with gzip.open(path, "rb") as source, out.open("wb") as into:
            try:
                shutil.copyfileobj(cast(IO[bytes], source), into, _CHUNK)
            except (OSError, EOFError) as error:
                raise DumpError(f"{path} is damaged: {error}") from None
        return out
    if head.startswith(_ZSTD):
        out = home / "data"
        with out.open("wb") as into:
            for piece in decompressed(_chunks(path), where=str(path)):
                into.write(piece)
        return out
    return path


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _kind(archive: Path, path: Path) -> tuple[int, bool]:
    """The oldest major version whose ``pg_restore`` reads it, and whether it is a plain script."""
    file = archive / "toc.dat" if archive.is_dir() else archive
    if not file.is_file():
        hint = ""
        if archive.is_dir() and any(archive.glob("schema_v*/*/manifest.json")):
            hint = f"It is a store of dumps: --store {path} --latest takes its newest."
        raise DumpError(f"{path} is no dump: it has neither a manifest.json nor a toc.dat", hint=hint)
    with file.open("rb") as opened:
        head = opened.read(8)
    if head.startswith(_CUSTOM):
        minor = head[6] if len(head) > 6 else 0
        return {16: 17, 15: 16}.get(minor, 13) if minor <= 16 else 18, False
    if archive.is_dir() or b"\0" in head or not head:
        raise DumpError(f"{path} is no dump of PostgreSQL")
    return 13, True


def _manifest(name: str, major: int) -> Manifest:
    return Manifest(
        version=0,
        time="",
        layout="archive",
        content="all",
        tools={"pg_dump": str(major)},
        server_version="",
        server_major=major,
        database=Database(name=name, encoding="UTF8", owner=""),
        fingerprint="",
        git_commit="",
        tags={},
        tables=(),
        sequences=(),
        large_objects=0,
        large_objects_content=None,
        content_algorithm=None,
        extensions={},
        roles=(),
        objects=(),
    )


def _psql(database: Target, script: Path) -> None:
    """A plain script through psql, which stops at the first error and runs no programs: it is restricted to SQL. What
    newer versions of ``pg_dump`` write for the same purpose would be one restriction too many.
    """
    arguments = [*PSQL, "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    arguments += ["--command", f"\\restrict {secrets.token_hex(16)}", "--file=-"]
    with tempfile.TemporaryFile() as errors:
        loader = subprocess.Popen(
            [str(load_binaries().path("psql")), *arguments, *database.arguments()],
            env={**database.env(), "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        with loader:
            assert loader.stdin is not None  # noqa: S101  (it is a pipe)
            try:
                with contextlib.suppress(BrokenPipeError), loader.stdin as pipe:
                    for piece in _unrestricted(script):
                        pipe.write(piece)
            except BaseException:
                loader.kill()
                raise
        errors.seek(0)
        text = redact(errors.read().decode("utf-8", "replace")).strip()
    if loader.returncode:
        first = next(iter(text.splitlines()), f"exit code {loader.returncode}").replace("psql:<stdin>", str(script))
        raise ToolFailed(f"psql failed: {first}", returncode=loader.returncode, stderr=text[-4000:])


def _unrestricted(script: Path) -> Iterator[bytes]:
    """The script, in whole lines, without the lines that restrict psql; their numbers stay."""
    with script.open("rb") as file:
        while lines := file.readlines(_CHUNK):
            yield _RESTRICT.sub(b"", b"".join(lines))
