"""Links by which a file can be fetched without a key, for a short time: presigned by S3, signed by us for folders."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from dataio.api.problems import Problem, not_found
from dataio.api.signing import Signer
from dataio.dumps.store import Store
from dataio.operations.dumps import open_store, s3_options
from dataio.settings import Settings
from dataio.settings.values import seconds

FILES: Final = "/api/v1/files"


@dataclass(frozen=True)
class LocalFile:
    """A file of this machine that a link leads to."""

    path: Path
    media_type: str
    name: str
    sha256: str = ""


class Links:
    """Makes links to the files of versions and dumps, and follows its own."""

    def __init__(self, settings: Settings, signer: Signer) -> None:
        self._settings, self._signer = settings, signer
        self.lifetime = int(seconds(settings.api_link_lifetime))

    async def to_table(self, file: Mapping[str, Any]) -> str:
        """A link to a table's file, a row of :func:`dataio.catalogue.datasets.files`."""
        if file["url"].startswith("s3://"):
            return await asyncio.to_thread(_presigned, self._settings, file, self.lifetime)
        token = self._signer.sign("table", [file["table_id"], file["sha256"]], lifetime=self.lifetime)
        return f"{FILES}/{token}/{file_name(file)}"

    async def to_dump(self, key: str) -> str:
        """A link to an object of the store of dumps."""
        if self._settings.store.startswith("s3://"):
            return await asyncio.to_thread(_presigned_dump, self._settings, key, self.lifetime)
        token = self._signer.sign("dump", key, lifetime=self.lifetime)
        return f"{FILES}/{token}/{safe_name(key.rpartition('/')[2])}"

    def read(self, token: str) -> tuple[int, str] | str | None:
        """What a link is to: a table (its id and the checksum it had), a dump's object, or nothing any more."""
        table = self._signer.read("table", token)
        if isinstance(table, list) and len(table) == 2:
            return int(table[0]), str(table[1])
        dump = self._signer.read("dump", token)
        return dump if isinstance(dump, str) else None

    def local_table(self, row: Mapping[str, Any]) -> LocalFile:
        """The file of a table that is kept in a folder of this machine. Raises Problem 404 and 502."""
        root = Path(unquote(urlsplit(row["url"]).path))
        return LocalFile(inside(root, row["object_key"]), row["media_type"], file_name(row), row["sha256"])

    def local_dump(self, key: str) -> LocalFile:
        """An object of the store of dumps, where that is a folder. Raises Problem 404 and 502."""
        if "://" in self._settings.store:
            raise not_found("file")
        name = safe_name(key.rpartition("/")[2])
        return LocalFile(inside(Path(self._settings.store), key), "application/octet-stream", name)


def inside(root: Path, key: str) -> Path:
    """The file ``key`` below ``root``. Raises Problem 502 for one that leads out of it, by whatever way, or is gone."""
    base = os.path.realpath(root)
    path = os.path.realpath(os.path.join(base, key.lstrip("/")))  # noqa: PTH118 - before anything is a Path
    if "\0" in key or os.path.commonpath([base, path]) != base or not Path(path).is_file():
        raise Problem(502, "the file is not where the catalogue says it is", hint="An administrator must look into it.")
    return Path(path)


_EXTENSIONS: Final = {"text/csv": ".csv", "application/json": ".json", "application/vnd.apache.parquet": ".parquet"}


def file_name(file: Mapping[str, Any]) -> str:
    """What the file is called where it arrives: as it is stored, without anything that a path or header could mind."""
    name = safe_name(str(file["object_key"]).rpartition("/")[2])
    return name if "." in name else name + _EXTENSIONS.get(file["media_type"], "")


def safe_name(text: str) -> str:
    """Letters, digits, dots, dashes and underscores; never empty, never hidden."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).lstrip("._-")[:100] or "file"


def _presigned(settings: Settings, file: Mapping[str, Any], lifetime: int) -> str:
    where = (file["url"], file["region"], file["endpoint_url"])
    return _bucket(settings.s3_profile, settings.s3_addressing, *where).link(file["object_key"], seconds=lifetime)


@lru_cache(maxsize=64)
def _bucket(profile: str | None, addressing: str, url: str, region: str | None, endpoint: str | None) -> Store:
    """An open store; making its client takes a second, a link a millisecond."""
    from dataio.dumps.s3 import S3Options

    options = S3Options(endpoint=endpoint, region=region, profile=profile, addressing=addressing)  # type: ignore[arg-type]
    return open_store(url, root=Path("/"), options=options)


def _presigned_dump(settings: Settings, key: str, lifetime: int) -> str:
    return _dump_store(settings.store, settings.root, settings).link(key, seconds=lifetime)


_stores: dict[str, Store] = {}


def _dump_store(location: str, root: Path, settings: Settings) -> Store:
    if location not in _stores:
        _stores[location] = open_store(location, root=root, options=s3_options(settings))
    return _stores[location]
