"""The Python client, against a running API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from support.api import Served

from dataio.client import ApiProblem, ChecksumDiffers, Client
from dataio.operations import sample
from dataio.progress import Progress


@pytest.fixture(scope="module")
def sampled(serve: Callable[..., Served]) -> Served:
    served = serve()
    assert sample.is_empty(served.target)
    assert sample.fill(served.target, served.root / "files") == len(sample.SAMPLES)
    assert not sample.is_empty(served.target)
    return served


def test_datasets_are_iterated_over_all_pages(sampled: Served) -> None:
    with Client(sampled.url) as catalogue:
        found = [one["ds_id"] for one in catalogue.datasets(page=3)]
        assert found == [one["ds_id"] for one in catalogue.datasets()]
        assert len(found) == len([one for one in sample.SAMPLES if one.access != "NONE"])
        assert [one["title"] for one in catalogue.datasets(q="reservoir")] == ["Reservoir levels"]
        assert {one["category"] for one in catalogue.datasets(tag=["dengue"])} == {"Epidemiology"}


def test_a_version_is_downloaded_with_progress_and_not_twice(sampled: Served, tmp_path: Path) -> None:
    seen: list[Progress] = []
    with Client(sampled.url) as catalogue:
        (version, *_) = catalogue.versions("EP0001DS0001")
        (path,) = catalogue.download("EP0001DS0001", version["version_type"], tmp_path, on_progress=seen.append)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == version["tables"][0]["sha256"]
        assert seen[-1].done == seen[-1].total == path.stat().st_size
        seen.clear()
        assert catalogue.download("EP0001DS0001", version["version_type"], tmp_path, on_progress=seen.append) == [path]
        assert seen == []
        assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_file_that_is_not_what_was_published_is_not_kept(sampled: Served, tmp_path: Path) -> None:
    damaged = next((sampled.root / "files").glob("CL0001DS0001/preprocessed/*"))
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-2] + b"!\n")
    try:
        with Client(sampled.url) as catalogue, pytest.raises(ChecksumDiffers, match="SHA-256"):
            catalogue.download("CL0001DS0001", "PREPROCESSED", tmp_path)
    finally:
        damaged.write_bytes(whole)
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_an_error_with_the_problem_document(sampled: Served, tmp_path: Path) -> None:
    with Client(sampled.url) as catalogue:
        with pytest.raises(ApiProblem, match="not download it") as refused:
            catalogue.download("EP0001DS0002", "PREPROCESSED", tmp_path)
        assert (refused.value.status, refused.value.document["title"]) == (403, "Forbidden")
        with pytest.raises(ApiProblem, match="there is no dataset"):
            catalogue.dataset("ZZ0001DS0001")
    with Client(sampled.url, key="dio_nonsense") as catalogue, pytest.raises(ApiProblem) as unknown:
        next(catalogue.datasets())
    assert unknown.value.status == 401


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://store/v1/cases.csv?signed=1", "cases.csv"),
        ("/api/v1/files/abc/weekly%20cases.csv", "weekly cases.csv"),
        ("https://store/v1/", "table-7"),
        ("https://store", "table-7"),
        ("https://store/v1/..", "table-7"),
        ("https://store/v1/%2E%2E", "table-7"),
        ("https://store/v1/..%5Ccases.csv", "table-7"),
        ("https://store/v1/a%00b", "table-7"),
        ("https://store/v1/..%2Fcases.csv", "cases.csv"),
    ],
)
def test_no_link_names_a_file_outside_the_folder(tmp_path: Path, url: str, name: str) -> None:
    content = b"week,cases\n"
    link = {"table_id": 7, "url": url, "byte_size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def answer(request: httpx.Request) -> httpx.Response:
        return (
            httpx.Response(200, json=[link])
            if request.url.path.endswith("/download")
            else httpx.Response(200, content=content)
        )

    folder = tmp_path / "a" / "b"
    with Client("https://catalogue", transport=httpx.MockTransport(answer)) as catalogue:
        assert catalogue.download("EP0001DS0001", "STANDARDISED", folder) == [folder / name]
        assert catalogue.download("EP0001DS0001", "STANDARDISED", folder) == [folder / name]
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [folder / name]
    assert (folder / name).read_bytes() == content


def test_files_whose_links_end_alike_do_not_overwrite_each_other(tmp_path: Path) -> None:
    contents = {
        "/a/cases.csv": b"week\n",
        "/b/cases.csv": b"month\n",
        "/b/Cases.CSV": b"year\n",
        "/b/deaths.csv": b"age\n",
    }
    links = [
        {"table_id": number, "url": path, "byte_size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for number, (path, body) in enumerate(contents.items(), start=1)
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        body = contents.get(request.url.path)
        return httpx.Response(200, json=links) if body is None else httpx.Response(200, content=body)

    with Client("https://catalogue", transport=httpx.MockTransport(answer)) as catalogue:
        files = catalogue.download("EP0001DS0001", "STANDARDISED", tmp_path)
    assert [file.read_bytes() for file in files] == list(contents.values())
    assert [file.name for file in files] == [
        "table-1-cases.csv", "table-2-cases.csv", "table-3-Cases.CSV", "deaths.csv",
    ]  # fmt: skip
