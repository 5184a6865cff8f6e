"""``schema.sql`` as files on disk: which ones, in what encoding, with what a dump's header needs taken out.

Nothing here parses SQL. Looked at are whole lines of psql's own (``\\i``, ``\\connect``, ``\\restrict``), and the fixed
header that ``pg_dump`` writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from dataio.errors import SourceError
from dataio.postgres.statements import extensions

_INCLUDE: Final = re.compile(
    r"^[ \t]*\\(?P<verb>ir?|include|include_relative)[ \t]+(?P<name>'[^'\n]+'|\S+)", re.MULTILINE
)
_CONNECT: Final = re.compile(r"^[ \t]*\\(?:c|connect)(?:[ \t][^\n]*)?\r?$", re.MULTILINE)
_RESTRICT: Final = re.compile(r"^\\restrict (?P<key>[A-Za-z0-9]+)\s*$")
_HEADER: Final = re.compile(
    r"^\s*$|^--|^SET [a-z_]+ = .*;\s*$|^SELECT pg_catalog\.set_config\('[a-z_]+', '[^']*', false\);\s*$|^\\restrict "
)
_ENCODING: Final = re.compile(r"^SET client_encoding = '(?P<name>[A-Za-z0-9_\-]+)';\s*$")
# Settings in pg_dump's header that older servers do not know, with the first major version that does.
_SETTINGS: Final = {"SET transaction_timeout = 0;": 17}
_ARCHIVES: Final = {
    b"PGDMP": ("a pg_dump archive (custom format)", "Make a script of it: pg_restore --schema-only -f schema.sql FILE"),
    b"\x1f\x8b": ("compressed with gzip", "Unpack it: gunzip FILE"),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", "Unpack it: unzstd FILE"),
    b"PK\x03\x04": ("a zip archive", "Unpack it."),
    b"\xff\xfe": ("UTF-16", "Save it as UTF-8."),
    b"\xfe\xff": ("UTF-16", "Save it as UTF-8."),
}


@dataclass(frozen=True)
class SourceFile:
    """One file to load. ``text`` holds bytes that are not UTF-8 as surrogates; line endings are as in the file."""

    path: Path
    text: str
    includes: tuple[Path, ...]

    @property
    def blank(self) -> bool:
        return not self.text.strip("\ufeff \t\r\n")


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files that ``paths`` mean, in the order they are tried: folders recursively, sorted by path.

    Raises :class:`~dataio.errors.SourceError` for what is missing, not a file, or a folder without ``.sql`` files.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p
                for p in path.rglob("*.sql")
                if p.is_file() and not any(part.startswith(".") for part in p.relative_to(path).parts)
            )
            if not inside:
                raise SourceError("the folder holds no .sql file", file=str(path))
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise SourceError(
                "no such file or folder",
                file=str(path),
                hint="Name it with --schema PATH, or write one with `dataio init`.",
            )
    return list(dict.fromkeys(found))


def read_files(paths: Sequence[Path], *, allow_empty: bool = False) -> list[SourceFile]:
    """Read all files of ``paths``; those that another one includes are left out: they come with it.

    Raises :class:`~dataio.errors.SourceError` for what cannot be read, is binary or in no known encoding, connects to
    another database, or, unless ``allow_empty``, when all files together hold nothing.
    """
    files = [read_file(path) for path in find_files(paths)]
    _check_included(files)
    explicit = {path.resolve() for path in paths if not path.is_dir()}
    included = {path for file in files for path in file.includes} - explicit
    files = [file for file in files if file.path.resolve() not in included]
    if all(file.blank for file in files) and not allow_empty:
        raise SourceError(
            "the file is empty" if len(files) == 1 else "all files are empty",
            file=", ".join(str(path) for path in paths),
            hint="An empty schema would drop everything. If you want that, let the file hold a comment that says so.",
        )
    return [file for file in files if not file.blank]


def read_file(path: Path) -> SourceFile:
    """Read one file; raises as :func:`read_files` does."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", file=str(path)) from None
    for magic, (kind, hint) in _ARCHIVES.items():
        if raw.startswith(magic):
            raise SourceError(
                f"the file is not SQL text but {kind}", file=str(path), hint=hint.replace("FILE", str(path))
            )
    if (at := raw.find(b"\0")) >= 0:
        raise SourceError(
            "the file is not text: it holds a null byte",
            file=str(path),
            line=raw.count(b"\n", 0, at) + 1,
            hint="A schema file is SQL text in UTF-8.",
        )
    text = raw.decode("utf-8", "surrogateescape")
    encoding = _declared_encoding(text)
    if encoding in ("", "UTF8", "UTF-8", "UNICODE"):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            start = raw.rfind(b"\n", 0, error.start) + 1
            raise SourceError(
                f"the file is not UTF-8: byte 0x{raw[error.start]:02x}",
                file=str(path),
                line=raw.count(b"\n", 0, error.start) + 1,
                column=len(raw[start : error.start].decode("utf-8", "replace")) + 1,
                hint=f"Save it as UTF-8 (for example: iconv -f LATIN1 -t UTF-8 {path}).",
            ) from None
    if match := _CONNECT.search(text):
        raise SourceError(
            "\\connect would leave the scratch database, and the schema would be loaded elsewhere",
            file=str(path),
            line=text.count("\n", 0, match.start()) + 1,
            hint="Take the line out. A dump is free of it when made by pg_dump without --create.",
        )
    return SourceFile(path, text, tuple(_includes(path, text)))


def _check_included(files: Sequence[SourceFile]) -> None:
    """Read what ``files`` include, for the same errors; a missing one is psql's to report, with the place."""
    seen = {file.path.resolve() for file in files}
    waiting = [path for file in files for path in file.includes]
    while waiting:
        path = waiting.pop()
        if path not in seen and path.is_file():
            seen.add(path)
            waiting += read_file(path).includes


def _declared_encoding(text: str) -> str:
    for line in _header(text):
        if match := _ENCODING.match(line):
            return match["name"].upper()
    return ""


def _header(text: str) -> Iterable[str]:
    """The lines before a script's first real statement, as far as they look like pg_dump's header."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if not _HEADER.match(line):
            return
        yield line
        start = end + 1


def _includes(path: Path, text: str) -> Iterable[Path]:
    for match in _INCLUDE.finditer(text) if "\\i" in text else ():
        name = Path(match["name"].strip("'"))
        yield (path.parent / name if "r" in match["verb"].removeprefix("include") else name).resolve()


def adapted(file: SourceFile, server_major: int, *, restricted: bool) -> str | None:
    """The file's text with what this server or mode does not take blanked out, line numbers kept; ``None`` if nothing.

    Taken out are settings in pg_dump's header that the server is too old for; and, when psql runs ``restricted``
    already, the dump's own pair of ``\\restrict`` lines, which would be refused then.
    """
    lines = file.text.split("\n")
    changed = False
    for number, line in enumerate(_header(file.text)):
        if _SETTINGS.get(line.strip(), 0) > server_major:
            lines[number], changed = "", True
        elif restricted and (match := _RESTRICT.match(line)):
            closing = f"\\unrestrict {match['key']}"
            lines = ["" if other.rstrip() == closing else other for other in lines]
            lines[number], changed = "", True
    return "\n".join(lines) if changed else None


def source_text(paths: Sequence[Path]) -> str:
    """All text of ``paths`` in loading order, each file below a comment with its name; for people and caches."""
    return "\n".join(f"-- file: {file.path}\n{file.text}" for file in read_files(paths, allow_empty=True))


def extensions_made(paths: Sequence[Path]) -> frozenset[str]:
    """The extensions that the files make, as far as can be seen without loading them."""
    return frozenset().union(*(extensions(file.text) for file in read_files(paths, allow_empty=True)))


def source_hash(paths: Sequence[Path]) -> str:
    """SHA-256 (hex) over the names and contents of ``paths``, with what they include by ``\\i`` and ``\\ir``."""
    digest = sha256()
    seen: set[Path] = set()
    waiting = [file.path for file in read_files(paths, allow_empty=True)]
    while waiting:
        path = waiting.pop(0)
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        if not path.is_file():
            digest.update(f"missing {path.name}\0".encode())
            continue
        raw = path.read_bytes()
        digest.update(f"{path.name}\0{len(raw)}\0".encode() + raw)
        if b"\\i" in raw:
            waiting += _includes(path, raw.decode("utf-8", "surrogateescape"))
    return digest.hexdigest()
