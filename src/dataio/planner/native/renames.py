"""Constraints and indexes that are the same but for their name are renamed, not built again."""

from __future__ import annotations

from dataio.planner.native.step import Step
from dataio.snapshot.model import Snapshot


def rename_by_content(a: Snapshot, b: Snapshot) -> tuple[list[Step], Snapshot]:
    """Steps that rename, and ``a`` as it is after them."""
    return [], a
