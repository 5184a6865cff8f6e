"""A small typed client of the API: iterate datasets, download a version with progress and checksum.

with Client("https://catalogue.example.org", key="dio_…") as catalogue:
    for dataset in catalogue.datasets(q="dengue"):
        print(dataset["ds_id"], dataset["title"])
    catalogue.download("EP0001DS0042", "STANDARDISED", Path("data"))
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urljoin

import httpx

from dataio.client.answers import DatasetDetail, DatasetSummary, Download, Version, VersionType
from dataio.errors import DataioError
from dataio.progress import OnProgress, report

_CHUNK: Final = 1 << 18


class ApiProblem(DataioError):
    """The API refused. ``status`` is HTTP's, ``document`` the problem document (RFC 9457)."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        super().__init__(
            f"{document.get('title', 'the API failed')}: {document.get('detail', f'HTTP {status}')}",
            hint=str(document.get("hint", "")),
        )
        self.status = status
        self.document = document


class ChecksumDiffers(DataioError):
    """A file arrived, and is not the one that the catalogue describes. It was removed."""


class Client:
    """One catalogue. ``key`` may be left out for what is public. Raises ApiProblem, and httpx's own errors."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._url = url.rstrip("/")
        self._client = httpx.Client(base_url=self._url, headers=headers, timeout=timeout, transport=transport)
        self._plain = httpx.Client(timeout=timeout, transport=transport)  # links need no key, and must not get one

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()
        self._plain.close()

    def datasets(
        self,
        *,
        q: str | None = None,
        collection: str | None = None,
        category: str | None = None,
        owner: str | None = None,
        tag: Sequence[str] = (),
        page: int = 100,
    ) -> Iterator[DatasetSummary]:
        """All datasets that fit and that the key may see; the next page is fetched when it is needed."""
        given = {"q": q, "collection": collection, "category": category, "owner": owner}
        query: list[tuple[str, str | int | float | bool | None]] = [(n, v) for n, v in given.items() if v is not None]
        query += [("tag", one) for one in tag]
        query.append(("limit", page))
        path: str | None = str(httpx.URL("/api/v1/datasets", params=httpx.QueryParams(query)))
        while path:
            found = self._get(path)
            yield from found["items"]
            path = found["next"]

    def dataset(self, dataset: str) -> DatasetDetail:
        """One dataset, by full id or last four digits."""
        found: DatasetDetail = self._get(f"/api/v1/datasets/{dataset}")
        return found

    def versions(self, dataset: str) -> list[Version]:
        """The versions of a dataset with their tables."""
        found: list[Version] = self._get(f"/api/v1/datasets/{dataset}/versions")
        return found

    def download(
        self, dataset: str, version: VersionType, folder: Path | str, *, on_progress: OnProgress = None
    ) -> list[Path]:
        """Fetch every file of a version into ``folder``; where they are.

        A file appears when it is whole and its SHA-256 is the catalogue's; one that is there already, and right, is not
        fetched again.

        Raises ChecksumDiffers beside what all methods raise.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        links: list[Download] = self._get(f"/api/v1/datasets/{dataset}/versions/{version}/download")
        urls = [urljoin(self._url + "/", link["url"]) for link in links]
        names = _file_names(links, urls)
        return [
            self._fetch(link, url, target / name, on_progress)
            for link, url, name in zip(links, urls, names, strict=True)
        ]

    def _fetch(self, link: Download, url: str, path: Path, on_progress: OnProgress) -> Path:
        name = path.name
        if path.exists() and path.stat().st_size == link["byte_size"] and _digest(path) == link["sha256"]:
            return path
        part = path.with_name(f".{name}.part")
        digest, done = hashlib.sha256(), 0
        with self._plain.stream("GET", url) as response:
            if response.status_code != 200:
                response.read()
                raise _problem(response)
            with part.open("wb") as file:
                for chunk in response.iter_bytes(_CHUNK):
                    file.write(chunk)
                    digest.update(chunk)
                    done += len(chunk)
                    report(on_progress, "download", name, done=done, total=link["byte_size"])
        if digest.hexdigest() != link["sha256"]:
            part.unlink()
            raise ChecksumDiffers(
                f"{name} arrived with the SHA-256 {digest.hexdigest()} instead of {link['sha256']}",
                hint="Download it again; if it stays so, the file in the bucket is not the one that was published.",
            )
        part.replace(path)
        return path

    def _get(self, path: str) -> Any:
        response = self._client.get(path)
        if response.status_code != 200:
            raise _problem(response)
        return response.json()


def _problem(response: httpx.Response) -> ApiProblem:
    try:
        document = response.json()
    except ValueError:
        document = {}
    return ApiProblem(response.status_code, document if isinstance(document, dict) else {})


def _file_names(links: Sequence[Download], urls: Sequence[str]) -> list[str]:
    """A name for each link's file: that of :func:`_file_name`, with the table's number before it where several links
    end alike (to a file system that knows no capitals, too).
    """
    names = [_file_name(link, url) for link, url in zip(links, urls, strict=True)]
    often = Counter(name.casefold() for name in names)
    return [
        f"table-{link['table_id']}-{name}" if often[name.casefold()] > 1 else name
        for link, name in zip(links, names, strict=True)
    ]


def _file_name(link: Download, url: str) -> str:
    """The last part of the link's path; where that is no name of a file, one by the table's number."""
    last = httpx.URL(url).path.rpartition("/")[2]
    plain = last not in ("", ".", "..") and "\\" not in last and last.isprintable()
    return last if plain else f"table-{link['table_id']}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


__all__ = ["ApiProblem", "ChecksumDiffers", "Client", "DatasetDetail", "DatasetSummary", "Version", "VersionType"]
