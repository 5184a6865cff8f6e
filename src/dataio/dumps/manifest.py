"""The manifest of a dump: what it was made from, what it holds, and the checksums by which that is known to be so.

``manifest.json`` is written last and never again. Its ``checksum`` covers all the rest of it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal, Self, TypeAlias

from dataio.dumps.errors import Damaged, DumpError
from dataio.dumps.tags import object_tags, parse_time, version_name

FORMAT: Final = "dataio.dump/1"
FILE: Final = "manifest.json"
SCHEMA_FILE: Final = "schema.sql"
GLOBALS_FILE: Final = "globals.sql"
ARCHIVE_FILE: Final = "data.dump.zst"
DATA_FOLDER: Final = "data/"
REST_FILE: Final = "data/toc.tar.zst"  # of the directory layout: all but the rows of tables
LABELS_FOLDER: Final = "labels/"

Layout: TypeAlias = Literal["archive", "directory"]
Content: TypeAlias = Literal["all", "schema", "data"]


@dataclass(frozen=True)
class StoredObject:
    """One object. ``name`` is relative to the dump; ``raw_size`` is what it has when uncompressed."""

    name: str
    size: int
    sha256: str
    raw_size: int | None = None
    checksum: str = ""  # the store's own, as the store gave it: "sha256:…", "crc32:…"

    @property
    def compressed(self) -> bool:
        return self.name.endswith(".zst")


@dataclass(frozen=True)
class Table:
    """A table with rows of its own. ``rows`` is None where the dump leaves its rows out."""

    schema: str
    name: str
    rows: int | None
    bytes: int = 0
    content: str | None = None  # the order-free hash of its rows, by Manifest.content_algorithm
    object: str | None = None  # in the directory layout: the object that holds its rows

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Sequence:
    """A sequence; ``last_value`` is None where it was never used, ``direction`` 1 or -1, and 0 for one that cycles."""

    schema: str
    name: str
    last_value: int | None
    direction: int = 1


@dataclass(frozen=True)
class Database:
    """The database that was dumped, with what ``pg_dump`` does not write of it: see dataio.dumps.properties."""

    name: str
    encoding: str
    owner: str
    locale_provider: str = ""
    collate: str = ""
    ctype: str = ""
    locale: str = ""
    icu_rules: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    public_schema: bool = True


@dataclass(frozen=True)
class Manifest:
    """A whole dump. ``version`` 0 is a database without a history; ``time`` is the snapshot's, UTC."""

    version: int
    time: str
    layout: Layout
    content: Content
    tools: Mapping[str, str]  # dataio, pg_dump, zstd
    server_version: str
    server_major: int
    database: Database
    fingerprint: str
    git_commit: str
    tags: Mapping[str, str]
    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]
    large_objects: int
    large_objects_content: str | None
    content_algorithm: str | None
    extensions: Mapping[str, str]
    roles: tuple[str, ...]
    objects: tuple[StoredObject, ...]
    partial: bool = False  # not all tables, or not all rows: see selection
    selection: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)  # of pg_dump's session; a restore's must be the same

    @property
    def id(self) -> str:
        """``schema_v003/2026-11-22T10:00:00``."""
        return f"{version_name(self.version)}/{self.time}"

    @property
    def taken_at(self) -> datetime:
        time = parse_time(self.time)
        if time is None:
            raise Damaged(f"the manifest's time {self.time!r} is not one")
        return time

    @property
    def size(self) -> int:
        """Bytes stored."""
        return sum(stored.size for stored in self.objects)

    @property
    def raw_size(self) -> int:
        """Bytes when uncompressed: the room that a restore needs on local disk."""
        return sum(stored.raw_size or stored.size for stored in self.objects)

    @property
    def rows(self) -> int:
        return sum(table.rows or 0 for table in self.tables)

    @property
    def pg_dump_major(self) -> int:
        return int(self.tools["pg_dump"].partition(".")[0])

    def object_tags(self) -> dict[str, str]:
        """The tags that each object got."""
        return object_tags(self.version, self.time, self.tags)

    def object(self, name: str) -> StoredObject:
        """The object called ``name``; raises DumpError where the dump has none."""
        for stored in self.objects:
            if stored.name == name:
                return stored
        raise DumpError(f"the dump {self.id} has no {name}")

    def to_json(self) -> bytes:
        body = {"format": FORMAT, **_plain(self)}
        return _text({**body, "checksum": _checksum(body)})

    @classmethod
    def from_json(cls, raw: bytes, *, where: str) -> Self:
        """Read a manifest. Raises :class:`~dataio.dumps.errors.Damaged` where it is not what was written, and DumpError
        for a newer format; ``where`` names it in messages.
        """
        try:
            body = json.loads(raw)
            format_ = body["format"]
        except (ValueError, KeyError, TypeError):
            raise Damaged(f"{where} is not a manifest: it is damaged or something else") from None
        if format_ != FORMAT:
            raise DumpError(
                f"{where} is of format {format_!r}; this dataio reads {FORMAT!r}",
                hint="A newer dataio made it: upgrade dataio and try again.",
            )
        checksum = body.pop("checksum", "")
        if checksum != _checksum(body):
            raise Damaged(f"{where} was changed after it was written: its checksum does not fit its content")
        del body["format"]
        try:
            return cls(
                **{
                    **body,
                    "database": Database(**body["database"]),
                    "tables": tuple(Table(**part) for part in body["tables"]),
                    "sequences": tuple(Sequence(**part) for part in body["sequences"]),
                    "objects": tuple(StoredObject(**part) for part in body["objects"]),
                    "roles": tuple(body["roles"]),
                    "warnings": tuple(body["warnings"]),
                    "selection": {key: tuple(value) for key, value in body["selection"].items()},
                }
            )
        except (TypeError, KeyError, AttributeError) as error:
            raise Damaged(f"{where} lacks or adds a part: {error}") from None


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _text(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _checksum(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + sha256(canonical.encode()).hexdigest()
