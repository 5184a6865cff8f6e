"""SQL that ships with dataio."""

from __future__ import annotations

from pathlib import Path

import dataio

ROOT = Path(dataio.__file__).parent


def test_it_is_plain_ascii() -> None:
    """A server in another encoding refuses whatever it has no character for, in a comment as elsewhere."""
    files = [*ROOT.rglob("*.sql")]
    assert len(files) > 100
    assert [str(path) for path in files if not path.read_bytes().isascii()] == []
