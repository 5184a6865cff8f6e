"""What servers were seen to support is what docs/dumps.md says; and a dump on a real server, with bytes that flip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.s3 import Fault, FaultyProxy, S3Server
from support.store_features import seen

from dataio.dumps.errors import StoreError

DOCS = Path(__file__).parents[3] / "docs" / "dumps.md"


def documented(column: int) -> dict[str, bool]:
    """A column of the table in the documentation."""
    lines = DOCS.read_text("utf-8").partition("| | moto | versitygw |\n")[2].splitlines()[1:]
    rows = [line.strip("| ").split(" | ") for line in lines[: lines.index("")]]
    return {row[0]: row[column] == "yes" for row in rows}


@pytest.mark.parametrize(("server", "column"), [("s3", 1), ("real", 2)])
def test_what_servers_support_is_documented(request: pytest.FixtureRequest, server: str, column: int) -> None:
    assert seen(request.getfixturevalue(server)) == documented(column)


@pytest.fixture
def through(real: S3Server) -> Iterator[FaultyProxy]:
    proxy = FaultyProxy((real.host, real.port))
    yield proxy
    proxy.close()


def test_a_byte_that_flips_on_its_way_is_noticed(real: S3Server, through: FaultyProxy) -> None:
    """A server that compares checksums refuses it; nothing stays. (moto would take it: there, reading again tells.)"""
    store = real.store(endpoint=through.endpoint)
    through.faults = [Fault(lambda method, path: method == "PUT" and "tagging" not in path, times=10_000, flip=True)]
    with pytest.raises(StoreError, match=r"checksum|digest|SHA256"):
        store.put("small", b"body", {})
    with pytest.raises(StoreError, match=r"checksum|digest|SHA256"), store.writer("big", {}) as writer:  # noqa: PT012
        for _ in range(20):
            writer.write(bytes(1 << 20))
        writer.commit()
    through.faults = []
    assert list(store.list()) == []
