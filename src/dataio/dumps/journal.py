"""What a dump with ``--jobs`` writes down while it goes, so that another process can finish it, should it be killed.

Nothing that was dumped before can be joined with another snapshot: only when ``pg_dump`` has ended well and the rows
are counted is there something to finish, the files it has written. Until then a dead dump is only remains.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from dataio.dumps.errors import Damaged, DumpError
from dataio.dumps.manifest import Manifest, StoredObject

PREFIX: Final = "dataio-dump-"
DATA: Final = "data"  # what pg_dump writes
_JOURNAL: Final = "journal.jsonl"
_DRAFT: Final = "draft.json"
_LOCK: Final = "lock"
_BEING_MADE: Final = 60.0  # seconds in which a folder may be without its lock


@dataclass(frozen=True)
class Left:
    """What a journal says. ``draft`` is the manifest without the objects that hold data; ``files`` are sizes of what
    ``pg_dump`` has written; ``stored`` what is in the store, ``rows`` those of table files by their name there.
    """

    place: Path
    store: str
    database: str
    draft: Manifest
    files: Mapping[str, int]
    stored: Mapping[str, StoredObject]
    rows: Mapping[str, int]


class Journal:
    """A folder for one dump to pass through, and the journal in it; nobody else touches it while it is open.

    A context manager: leaving it, the folder goes, unless :attr:`keep` was set.
    """

    def __init__(self, place: Path) -> None:
        self.place, self.keep = place, False
        self._lock = threading.Lock()
        self._held = os.open(place / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel lets it go whatever ends us
        except OSError:
            os.close(self._held)
            raise BlockingIOError(f"{place} is in use") from None

    @classmethod
    def new(cls, work: Path | None) -> Self:
        """Raises DumpError where nothing can be written."""
        try:
            if work is not None:
                work.mkdir(mode=0o700, parents=True, exist_ok=True)
            while True:
                with contextlib.suppress(BlockingIOError):  # somebody took it for the remains of a dead run
                    return cls(Path(tempfile.mkdtemp(prefix=PREFIX, dir=work)))
        except OSError as error:
            raise DumpError(f"cannot write below {work or tempfile.gettempdir()}: {error.strerror}") from None

    @property
    def data(self) -> Path:
        return self.place / DATA

    def draft(self, manifest: Manifest, *, store: str, database: str) -> None:
        """``pg_dump`` has ended well, the rows are counted: from now on somebody else can finish the dump."""
        files = {}
        for path in self.data.iterdir():
            with contextlib.suppress(FileNotFoundError):  # stored in this moment
                files[path.name] = path.stat().st_size
        text = {
            "store": store,
            "database": database,
            "boot": _boot(),
            "files": files,
            "manifest": manifest.to_json().decode(),
        }
        making = self.place / f".{_DRAFT}"
        making.write_text(json.dumps(text), "utf-8")
        making.replace(self.place / _DRAFT)

    def stored(self, stored: StoredObject, rows: int | None) -> None:
        """An object is in the store. Its file is removed after this, not before."""
        line = json.dumps({**dataclasses.asdict(stored), "rows": rows}) + "\n"
        with self._lock, (self.place / _JOURNAL).open("a", encoding="utf-8") as file:
            file.write(line)

    def read(self) -> Left | None:
        """What it says; ``None`` where there is nothing to be finished."""
        try:
            text = json.loads((self.place / _DRAFT).read_text("utf-8"))
            if text["boot"] != _boot():  # what was written before a crash of the machine may not be on its disk
                return None
            draft = Manifest.from_json(text["manifest"].encode(), where=str(self.place / _DRAFT))
            lines = [*self._lines()]
            stored = {line["name"]: StoredObject(**{k: v for k, v in line.items() if k != "rows"}) for line in lines}
            rows = {line["name"]: line["rows"] for line in lines if line["rows"] is not None}
            return Left(self.place, text["store"], text["database"], draft, text["files"], stored, rows)
        except (OSError, ValueError, KeyError, TypeError, Damaged, DumpError):
            return None

    def _lines(self) -> Iterator[dict[str, Any]]:
        with contextlib.suppress(FileNotFoundError):
            for line in (self.place / _JOURNAL).read_text("utf-8").splitlines():
                with contextlib.suppress(ValueError):  # the last line, cut off: its object is sent again
                    yield json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self.keep:
            shutil.rmtree(self.place, ignore_errors=True)
        os.close(self._held)


def dead(work: Path | None) -> Iterator[Journal]:
    """The folders below ``work`` whose process is gone, the newest first; each is ours while it is open."""
    base = work or Path(tempfile.gettempdir())
    with contextlib.suppress(OSError):
        found = [path for path in base.glob(f"{PREFIX}*") if path.is_dir() and path.stat().st_uid == os.geteuid()]
        for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True):
            with contextlib.suppress(OSError):
                if not (path / _LOCK).exists() and time.time() - path.stat().st_mtime < _BEING_MADE:
                    continue
                journal = Journal(path)
                journal.keep = True
                yield journal


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
