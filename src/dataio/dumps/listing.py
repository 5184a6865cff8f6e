"""Which dumps there are: one listing of the store, whatever their number; no request per dump.

Version and time are in the keys; tags, fingerprint and the like in the names of label objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from dataio.dumps.errors import Damaged, DumpError, NotThere
from dataio.dumps.manifest import FILE, LABELS_FOLDER, Manifest
from dataio.dumps.store import Store
from dataio.dumps.tags import parse_label, parse_time, parse_version, version_name
from dataio.errors import UsageError

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_TAG: Final = f"{LABELS_FOLDER}tag/"
_INFO: Final = f"{LABELS_FOLDER}info/"


@dataclass(frozen=True)
class Entry:
    """A dump as the listing tells it. ``complete``: it has a manifest; else it is one in the making, or its remains.
    ``objects`` are those that a manifest names; ``size`` is of all there is.
    """

    version: int
    time: str
    size: int
    objects: int
    complete: bool
    modified: datetime  # of its newest object
    tags: Mapping[str, str] = field(default_factory=dict)
    info: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{version_name(self.version)}/{self.time}"

    @property
    def folder(self) -> str:
        return self.id + "/"

    @property
    def taken_at(self) -> datetime:
        time = parse_time(self.time)
        if time is None:
            raise DumpError(f"{self.time!r} is not the time of a dump")
        return time

    @property
    def fingerprint(self) -> str:
        return self.info.get("fingerprint", "")

    @property
    def content(self) -> str:
        """``all``, ``schema`` or ``data``."""
        return self.info.get("content", "")

    @property
    def partial(self) -> bool:
        return self.info.get("partial") == "yes"

    @property
    def rows(self) -> int | None:
        rows = self.info.get("rows", "")
        return int(rows) if rows.isdigit() else None

    @property
    def whole(self) -> bool:
        """Is it a dump of all that the database held?"""
        return self.complete and self.content in ("", "all") and not self.partial


@dataclass
class _Gathered:
    size: int = 0
    objects: int = 0
    complete: bool = False
    modified: datetime = _LONG_AGO
    tags: dict[str, str] = field(default_factory=dict)
    info: dict[str, str] = field(default_factory=dict)


def entries(store: Store, *, version: int | None = None) -> list[Entry]:
    """All dumps, finished or not, the oldest first."""
    found: dict[tuple[str, str], _Gathered] = {}
    for listed in store.list("" if version is None else f"{version_name(version)}/"):
        first, _, rest = listed.key.partition("/")
        time, _, name = rest.partition("/")
        if not name:
            continue
        dump = found.get((first, time))
        if dump is None:
            dump = found[first, time] = _Gathered()
        dump.size += listed.size
        dump.objects += name != FILE and not name.startswith(LABELS_FOLDER)
        dump.modified = max(dump.modified, listed.modified)
        if name == FILE:
            dump.complete = True
        elif name.startswith(_TAG):
            key, value = parse_label(name.removeprefix(_TAG))
            dump.tags[key] = value
        elif name.startswith(_INFO):
            encoded = name.removeprefix(_INFO).replace("/", "").replace("%2E", ".")
            dump.info.update(parse_qsl(encoded))
    made = []
    for (first, time), dump in found.items():
        number = parse_version(first)
        if number is not None and parse_time(time) is not None:
            made.append(
                Entry(number, time, dump.size, dump.objects, dump.complete, dump.modified, dump.tags, dump.info)
            )
    return sorted(made, key=lambda entry: (entry.time, entry.version))


@dataclass(frozen=True)
class Wanted:
    """Which dump: the newest of those that fit everything given. ``at``: the newest taken by then."""

    id: str = ""
    version: int | None = None
    at: datetime | None = None
    tag: tuple[str, str] | None = None
    whole: bool = False  # neither of the schema only, nor of some tables

    def describe(self) -> str:
        parts = [f"with the ID {self.id}"] if self.id else []
        parts += [f"of schema version {self.version}"] if self.version is not None else []
        parts += [f"taken by {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S} UTC"] if self.at is not None else []
        parts += [f"tagged {self.tag[0]}={self.tag[1]}"] if self.tag is not None else []
        return " and ".join(parts)

    def fits(self, entry: Entry) -> bool:
        return (
            entry.complete
            and (not self.id or self.id in (entry.id, entry.time))
            and (self.version is None or entry.version == self.version)
            and (self.at is None or entry.taken_at <= self.at)
            and (self.tag is None or entry.tags.get(self.tag[0]) == self.tag[1])
            and (not self.whole or bool(self.id) or entry.whole)
        )


def parse_wanted(text: str) -> Wanted:
    """``latest``; ``3`` or ``schema_v003``: the newest of a version; an ID or its time; ``key=value``: by tag."""
    text = text.strip().strip("/")
    if text == "latest":
        return Wanted()
    if text.isdigit() or parse_version(text) is not None:
        return Wanted(version=int(text) if text.isdigit() else parse_version(text))
    version, _, time = text.rpartition("/")
    if parse_time(time) is not None and (not version or parse_version(version) is not None):
        return Wanted(id=text)
    if "=" in text:
        key, _, value = text.partition("=")
        return Wanted(tag=(key, value))
    raise UsageError(
        f"{text!r} names no dump",
        hint="Say latest, a schema version (3), an ID (schema_v003/2026-11-22T10:00:00) or a tag (key=value).",
    )


def parse_moment(text: str) -> datetime:
    """A time for ``--at``: ISO 8601; without an offset it is UTC. Raises UsageError."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text!r} is not a time", hint="Write it as 2026-11-22T10:00:00 (UTC).") from None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def select(found: Iterable[Entry], wanted: Wanted, *, where: str) -> Entry:
    """The newest dump that fits. Raises DumpError where none does, saying what there is."""
    everything = list(found)
    fitting = [entry for entry in everything if wanted.fits(entry)]
    if fitting:
        return fitting[-1]
    complete = [entry for entry in everything if entry.complete]
    what = f"no dump {wanted.describe()}".rstrip()
    relaxed = [entry for entry in complete if replace(wanted, whole=False).fits(entry)]
    if relaxed:
        hint = (
            f"{relaxed[-1].id} is of the schema only, of the rows only, or of some tables: such a dump is taken only "
            "when named by its ID."
        )
    elif complete:
        versions = sorted({entry.version for entry in complete})
        shown = ", ".join(map(str, versions[-8:])) + (" and older ones" if len(versions) > 8 else "")
        hint = (
            f"There are {len(complete)}, of schema version {shown}; the newest is {complete[-1].id}. "
            "See `dataio dump list`."
        )
    elif everything:
        hint = f"There is {everything[-1].id}, but it is unfinished: see `dataio dump list --unfinished`."
    else:
        hint = "There is none at all: make one with `dataio dump create`, or check --store."
    raise DumpError(f"{where} has {what}", hint=hint)


def read_manifest(store: Store, dump_id: str) -> Manifest:
    """The manifest of a dump. Raises DumpError where there is none, Damaged where it is not what was written."""
    key = f"{dump_id}/{FILE}"
    try:
        raw = store.read(key)
    except NotThere:
        raise DumpError(
            f"there is no dump {dump_id} in {store.location}",
            hint="A folder without a manifest is a dump in the making, or the remains of one: it cannot be used.",
        ) from None
    manifest = Manifest.from_json(raw, where=store.address(key))
    if manifest.id != dump_id:
        raise Damaged(f"{store.address(key)} is the manifest of another dump: {manifest.id}")
    return manifest
