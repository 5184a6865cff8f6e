"""A local folder as a store: objects are files, tags lie beside them in ``.tags/``.

Files are written under another name, synced, and linked into place, so that a file that can be seen is whole. Only the
owner may read them: dumps hold everybody's data.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from dataio.dumps.errors import AlreadyThere, NotThere, StoreError
from dataio.dumps.store import Listed, Stored

CHUNK: Final = 1 << 20
PART: Final = ".part"
TAGS: Final = ".tags"


class FolderStore:
    """A :class:`~dataio.dumps.store.Store` in ``root``, which is made when the first object is written."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def __repr__(self) -> str:
        return f"FolderStore({str(self.root)!r})"

    @property
    def location(self) -> str:
        return str(self.root)

    def address(self, key: str) -> str:
        return str(self.root / key)

    def _path(self, key: str) -> Path:
        parts = key.split("/")
        if not key or any(part in ("", ".", "..") or part.startswith(".") for part in parts):
            raise StoreError(f"{key!r} cannot be the name of an object in a folder")
        return self.root.joinpath(*parts)

    def put(self, key: str, body: bytes, tags: Mapping[str, str]) -> Stored:
        with self.writer(key, tags) as writer:
            writer.write(body)
            return writer.commit()

    def writer(self, key: str, tags: Mapping[str, str], *, expected: int = 0) -> FolderWriter:
        path = self._path(key)
        with _mapped(f"cannot write {path}"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(path.parent).free
        if expected and free < expected // 20:  # not even at the best compression that data ever shows
            raise StoreError(
                f"cannot write {path}: the disk has {free >> 20} MB left", hint="Free some, or name another --store."
            )
        return FolderWriter(self, key, path, tags)

    def read(self, key: str) -> bytes:
        path = self._path(key)
        with _mapped(f"cannot read {path}"):
            return path.read_bytes()

    def chunks(self, key: str, *, offset: int = 0) -> Iterator[bytes]:
        path = self._path(key)
        with _mapped(f"cannot read {path}"), path.open("rb", buffering=0) as file:
            file.seek(offset)
            while chunk := file.read(CHUNK):
                yield chunk

    def look(self, key: str) -> Listed:
        path = self._path(key)
        with _mapped(f"cannot look at {path}"):
            return _listed(key, path.stat())

    def list(self, prefix: str = "") -> Iterator[Listed]:
        folder = self.root.joinpath(*prefix.split("/")[:-1])
        with _mapped(f"cannot list {folder}"):
            yield from self._walk(folder, "".join(part + "/" for part in prefix.split("/")[:-1]), prefix)

    def _walk(self, folder: Path, above: str, prefix: str) -> Iterator[Listed]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        for entry in entries:
            key = above + entry.name
            if entry.name.startswith(".") or not (key.startswith(prefix) or prefix.startswith(key + "/")):
                continue
            if entry.is_dir():
                yield from self._walk(folder / entry.name, key + "/", prefix)
            else:
                with contextlib.suppress(FileNotFoundError):  # it was removed in the meantime
                    yield _listed(key, entry.stat())

    def tags(self, key: str) -> dict[str, str]:
        self.look(key)
        path = self._tags_path(key)
        with _mapped(f"cannot read {path}"):
            try:
                found: dict[str, str] = json.loads(path.read_text("utf-8"))
            except FileNotFoundError:
                return {}
            except ValueError:
                raise StoreError(f"{path} is damaged") from None
            return found

    def set_tags(self, key: str, tags: Mapping[str, str]) -> None:
        self.look(key)
        self._write_tags(key, tags)

    def _write_tags(self, key: str, tags: Mapping[str, str]) -> None:
        path = self._tags_path(key)
        with _mapped(f"cannot write {path}"):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            making = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
            making.write_text(json.dumps(tags, ensure_ascii=False, sort_keys=True), "utf-8")
            making.replace(path)

    def _tags_path(self, key: str) -> Path:
        path = self._path(key)
        return path.parent / TAGS / f"{path.name}.json"

    def delete(self, keys: Iterable[str]) -> None:
        parents: set[Path] = set()
        for key in keys:
            path = self._path(key)
            with _mapped(f"cannot remove {path}"):
                path.unlink(missing_ok=True)
                self._tags_path(key).unlink(missing_ok=True)
                parents.add(path.parent)
        for parent in sorted(parents, key=lambda path: -len(path.parts)):
            self._remove_empty(parent)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.root and self.root in folder.parents:
            with contextlib.suppress(OSError):
                (folder / TAGS).rmdir()
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent

    def abandon(self, prefix: str, *, before: datetime) -> int:
        folder = self.root.joinpath(*prefix.split("/")[:-1])
        with _mapped(f"cannot tidy {folder}"):
            stale = [path for path in folder.rglob(f".*{PART}") if path.stat().st_mtime < before.timestamp()]
            for path in stale:
                path.unlink(missing_ok=True)
                self._remove_empty(path.parent)
        return len(stale)

    def link(self, key: str, *, seconds: int) -> str:
        self.look(key)
        return self._path(key).as_uri()


class FolderWriter:
    """A file in the making; see :class:`~dataio.dumps.store.Writer`."""

    def __init__(self, store: FolderStore, key: str, path: Path, tags: Mapping[str, str]) -> None:
        self._store, self._key, self._path, self._tags = store, key, path, tags
        self._making = path.with_name(f".{path.name}.{secrets.token_hex(6)}{PART}")
        self._size = 0
        with _mapped(f"cannot write {path}"):
            self._file: BinaryIO | None = os.fdopen(
                os.open(self._making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0
            )

    def write(self, data: bytes | memoryview) -> None:
        with _mapped(f"cannot write {self._path}"):
            view = memoryview(data)
            while view and self._file is not None:
                view = view[self._file.write(view) :]
        self._size += len(data)

    def commit(self) -> Stored:
        with _mapped(f"cannot write {self._path}"):
            if self._file is None:
                raise StoreError(f"{self._path} was written already")
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            self._store._write_tags(self._key, self._tags)  # first: an object that can be seen has its tags
            try:
                os.link(self._making, self._path)
            except FileExistsError:
                raise AlreadyThere(f"{self._path} is there already") from None
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK):
                    raise
                if self._path.exists():  # a file system without hard links: nearly as good
                    raise AlreadyThere(f"{self._path} is there already") from None
                self._making.rename(self._path)
            _sync_folder(self._path.parent)
        return Stored(self._size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        with contextlib.suppress(OSError):
            self._making.unlink(missing_ok=True)
        self._store._remove_empty(self._path.parent)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system takes it
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _listed(key: str, status: os.stat_result) -> Listed:
    return Listed(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


@contextlib.contextmanager
def _mapped(what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotThere(f"{what}: it is not there") from None
    except OSError as error:
        hint = ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = "Free some room, or name another --store. What was begun has been taken back."
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            hint = "Give this user the right to write there, or name another --store."
        raise StoreError(f"{what}: {error.strerror or error}", hint=hint) from None
