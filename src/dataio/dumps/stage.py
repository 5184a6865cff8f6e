"""A dump as ``pg_restore`` takes it: fetched, compared with its manifest, unpacked into local files, piece by piece.

Each piece is handed on as soon as it is there, to be loaded into a database that nobody uses yet. That all of them are
what the manifest says is known when :func:`stage` has returned, not before: nothing may take the target's place until
then.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import queue
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol, cast

from dataio.dumps.compression import decompressed
from dataio.dumps.errors import Damaged, DumpError
from dataio.dumps.fetch import arriving, discard, fetch_through, is_begun
from dataio.dumps.folder import FolderStore
from dataio.dumps.manifest import ARCHIVE_FILE, DATA_FOLDER, REST_FILE, SCHEMA_FILE, Manifest, StoredObject
from dataio.dumps.meter import Meter, RowsSeen, human
from dataio.dumps.split import ENOUGH, Cut, Splitter
from dataio.dumps.store import Store
from dataio.dumps.transfer import checked
from dataio.progress import OnProgress

_AHEAD: Final = 16  # pieces of unpacked bytes between the thread that unpacks and the one that writes
_FETCHED: Final = "fetched"
_LOCK: Final = ".lock"
_ROOM: Final = "Free some room, or name another place with --work."


@dataclass(frozen=True)
class Staged:
    """Local files of a dump. ``archive`` is a file or a folder that ``pg_restore`` reads, ``schema`` the plain text."""

    archive: Path
    schema: Path
    home: Path

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)


@dataclass(frozen=True)
class Piece:
    """The rows of some tables. ``archive`` is what ``pg_restore`` reads, ``entries`` their dump IDs there. ``files``
    are needed no longer once they are loaded.
    """

    archive: Path
    entries: frozenset[int]
    size: int
    files: tuple[Path, ...]


class Loader(Protocol):
    """Takes what is there already; never waits for it to be loaded."""

    rows: RowsSeen

    def begin(self, archive: Path) -> None:
        """The table of contents of ``archive`` is there."""
        ...

    def add(self, piece: Piece) -> None: ...


class Stale(Damaged):
    """What an earlier run had left was not whole, and is gone: from the start, it may go well."""


@contextlib.contextmanager
def passing(work: Path, manifest: Manifest) -> Iterator[Path]:
    """A folder below ``work`` for a dump to pass through, nobody else's while it is open: the one that an interrupted
    run has left, or the next one where others restore the same dump. Raises DumpError where nothing can be written.
    """
    name = manifest.id.replace("/", "-").replace(":", "")
    homes = (work / (name if number == 1 else f"{name}-{number}") for number in itertools.count(1))
    home, held = next((home, held) for home in homes if (held := _lock(home)) is not None)
    try:
        yield home
    finally:
        os.close(held)


def _lock(home: Path) -> int | None:
    """A descriptor that holds the folder, which is made; ``None`` where somebody has it."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:  # somebody has just removed it
        return None
    except OSError as error:
        raise DumpError(f"cannot write below {home}: {error.strerror}") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(held).st_ino == (home / _LOCK).stat().st_ino:  # and not that of a folder which is gone
            return held
    except OSError:
        pass
    os.close(held)
    return None


def stage(store: Store, manifest: Manifest, home: Path, *, loader: Loader, on_progress: OnProgress = None) -> Staged:
    """Fetch and unpack in ``home`` (:func:`passing`), which may hold what an interrupted run has fetched; ``loader``
    gets the pieces. What it was not given is in the archive that is returned.

    Raises Damaged where anything is not what the manifest says, Stale where that may be due to an earlier run,
    StoreError where the store or the local disk fail.
    """
    data = [stored for stored in manifest.objects if stored.name == ARCHIVE_FILE or stored.name.startswith(DATA_FOLDER)]
    if not data:
        raise Damaged(f"the manifest of {manifest.id} names no data")
    _have_room(home, manifest, local=isinstance(store, FolderStore))
    meter = Meter(on_progress, "fetch", total=sum(stored.size for stored in data))
    meter.say()
    meter.rows = loader.rows
    schema = home / SCHEMA_FILE
    schema.write_bytes(b"".join(checked(store, manifest.id + "/", manifest.object(SCHEMA_FILE))))
    staging = _Staging(store, manifest, home, loader, meter)
    archive = staging.archive() if manifest.layout == "archive" else staging.directory(data)
    meter.say(final=True)
    return Staged(archive, schema, home)


def _have_room(home: Path, manifest: Manifest, *, local: bool) -> None:
    free = shutil.disk_usage(home).free
    needed = manifest.raw_size + (0 if local else manifest.size)
    if free < needed:
        raise DumpError(
            f"restoring {manifest.id} needs {human(needed)} for passing files, and {home} has {human(free)}",
            hint=_ROOM,
        )


class _Staging:
    """One run of :func:`stage`."""

    def __init__(self, store: Store, manifest: Manifest, home: Path, loader: Loader, meter: Meter) -> None:
        self.store, self.manifest, self.home, self.loader, self.meter = store, manifest, home, loader, meter
        self.folder = manifest.id + "/"
        self.fetched = home / _FETCHED

    def where(self, stored: StoredObject) -> str:
        return self.store.address(self.folder + stored.name)

    def archive(self) -> Path:
        """An archive, cut apart while it arrives: what is loaded of it was not compared yet."""
        stored = self.manifest.object(ARCHIVE_FILE)
        path = self.fetched / stored.name
        resumed = False
        if isinstance(self.store, FolderStore):
            chunks = checked(self.store, self.folder, stored, meter=self.meter)
        elif path.exists():
            resumed = True
            chunks = checked(FolderStore(self.fetched), "", stored, meter=self.meter)
        else:
            resumed = is_begun(path)
            chunks = arriving(self.store, self.folder, stored, path, meter=self.meter)
        pieces = _Pieces(self.home, self.loader)
        try:
            write(
                decompressed(chunks, where=self.where(stored)), pieces, size=stored.raw_size, where=self.where(stored)
            )
        except Damaged as error:
            discard(path)
            if resumed:
                raise Stale(
                    error.message, detail=error.detail, hint="Run it again: what was fetched is gone."
                ) from None
            raise
        return pieces.rest

    def directory(self, data: list[StoredObject]) -> Path:
        """An object per table: each is compared, then loaded."""
        archive = self.home / "data"
        archive.mkdir(mode=0o700, parents=True, exist_ok=True)
        rest = self.manifest.object(REST_FILE)
        self._whole(rest, lambda pieces: _untar(pieces, archive, where=self.where(rest)))
        self.loader.begin(archive)

        def unpack(group: list[StoredObject]) -> None:
            paths = []
            for stored in group:
                path = archive / stored.name.removeprefix(DATA_FOLDER).removesuffix(".zst")
                self._whole(stored, lambda pieces, stored=stored, path=path: write(  # type: ignore[misc]
                    pieces, _File(path), size=stored.raw_size, where=self.where(stored)))  # fmt: skip
                paths.append(path)
            entries = frozenset(int(path.stem) for path in paths)
            self.loader.add(Piece(archive, entries, sum(stored.raw_size or 0 for stored in group), tuple(paths)))

        with ThreadPoolExecutor(2, thread_name_prefix="dataio-unpack") as pool:
            for _ in pool.map(unpack, _groups([stored for stored in data if stored is not rest])):
                pass
        return archive

    def _whole(self, stored: StoredObject, unpack: Callable[[Iterator[bytes]], None]) -> None:
        """Give ``unpack`` an object's content; when this returns, it was whole."""
        path = self.fetched / stored.name

        def consume(chunks: Iterator[bytes]) -> None:
            unpack(decompressed(chunks, where=self.where(stored)))

        if isinstance(self.store, FolderStore):
            consume(checked(self.store, self.folder, stored, meter=self.meter))
            return
        if path.exists():
            try:
                consume(checked(FolderStore(self.fetched), "", stored))
            except Damaged:
                discard(path)
            else:
                self.meter.add(stored.size)
                return
        fetch_through(self.store, self.folder, stored, path, consume, meter=self.meter)


def _groups(data: list[StoredObject]) -> list[list[StoredObject]]:
    """The largest first; small ones together, so that one run of ``pg_restore`` takes them."""
    groups: list[list[StoredObject]] = []
    size = ENOUGH
    for stored in sorted(data, key=lambda stored: (-(stored.raw_size or 0), stored.name)):
        if size >= ENOUGH:
            groups.append([])
            size = 0
        groups[-1].append(stored)
        size += stored.raw_size or 0
    return groups


class Sink(Protocol):
    """Where unpacked bytes go."""

    def take(self, data: bytes) -> None: ...

    def end(self) -> None: ...

    def close(self) -> None:
        """Always called, last."""
        ...


class _File:
    def __init__(self, path: Path) -> None:
        try:
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0)
        except OSError as error:
            raise DumpError(f"cannot write {path}: {error.strerror}", hint=_ROOM) from None

    def take(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def end(self) -> None:
        pass

    def close(self) -> None:
        self._file.close()


class _Pieces:
    """An archive, cut apart; each piece but the last goes to the loader when it is whole."""

    def __init__(self, home: Path, loader: Loader) -> None:
        self._home, self._loader, self._splitter = home / "pieces", loader, Splitter()
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.rest = home / "data.dump"
        self._file: _File | None = None
        self._path = self.rest
        self._entries: list[int] = []
        self._size = self._number = 0
        self._begun = False

    def take(self, data: bytes) -> None:
        for cut in self._splitter.feed(data):
            self._put(cut)

    def end(self) -> None:
        for cut in self._splitter.end():
            self._put(cut)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _put(self, cut: Cut) -> None:
        if not self._begun and self._splitter.head:
            self._begun = True
            head = self._home / "head.dump"
            head.write_bytes(self._splitter.head)
            self._loader.begin(head)
        if cut.begins:
            self._hand_on()
            self._number += 1
            self._path = self.rest if cut.rest else self._home / f"{self._number:05d}.dump"
            self._file = _File(self._path)
        self._entries += cut.entries
        self._size += len(cut.data)
        if self._file is not None:
            self._file.take(cut.data)

    def _hand_on(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._loader.add(Piece(self._path, frozenset(self._entries), self._size, (self._path,)))
        self._entries, self._size = [], 0


def write(pieces: Iterable[bytes], sink: Sink, *, size: int | None, where: str) -> None:
    """Write unpacked bytes, in a thread of its own: unpacking and writing take turns at two cores."""
    waiting: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
    failed: list[Exception] = []
    written = 0

    def run() -> None:
        nonlocal written
        try:
            while (piece := waiting.get()) is not None:
                sink.take(piece)
                written += len(piece)
        except Exception as error:
            failed.append(error)
            while waiting.get() is not None:
                pass

    thread = threading.Thread(target=run, name="dataio-write", daemon=True)
    thread.start()
    try:
        try:
            for piece in pieces:
                waiting.put(piece)
                if failed:
                    break
        finally:
            waiting.put(None)
            thread.join()
        if failed:
            raise failed[0]
        if size is not None and written != size:
            raise Damaged(f"{where} unpacks to {written:,} bytes, the manifest says {size:,}")
        sink.end()
    except OSError as error:
        raise DumpError(f"cannot write what {where} unpacks to: {error.strerror or error}", hint=_ROOM) from None
    finally:
        sink.close()


class _Reader:
    """Pieces as the file that tarfile wants to read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        parts, have = [self._rest], len(self._rest)
        while have < size and (piece := next(self._pieces, b"")):
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        self._rest = data[size:]
        return data[:size]


def _untar(pieces: Iterator[bytes], into: Path, *, where: str) -> None:
    try:
        with tarfile.open(fileobj=cast(IO[bytes], _Reader(pieces)), mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if not member.isfile() or PurePosixPath(member.name).name != member.name or content is None:
                    raise Damaged(f"{where} holds {member.name!r}, which does not belong there")
                with os.fdopen(os.open(into / member.name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    shutil.copyfileobj(content, file)
    except tarfile.TarError as error:
        raise Damaged(f"{where} is damaged: {error}") from None
    except OSError as error:
        raise DumpError(f"cannot write below {into}: {error.strerror}", hint="Free some room.") from None
    for _ in pieces:  # to the end, where the checksum is
        pass
