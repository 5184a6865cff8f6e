"""Dumps as text for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dataio.dumps.meter import human
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.dumps.listing import Entry
    from dataio.dumps.manifest import Manifest


def summary(manifest: Manifest) -> str:
    """``12 tables, 4,711 rows, 1.2 MB by pg_dump 18.4``."""
    return (
        f"{plural(len(manifest.tables), 'table')}, {plural(manifest.rows, 'row')}, {human(manifest.size)} "
        f"by pg_dump {manifest.tools['pg_dump']}"
    )


def entry_lines(found: Iterable[Entry], fingerprint: str) -> Iterable[str]:
    """A table of dumps."""
    rows = [("ID", "size", "rows", "what", "tags")]
    for entry in found:
        what = "unfinished" if not entry.complete else entry.content or "?"
        if entry.partial:
            what += ", some tables"
        mark = " *" if fingerprint and entry.fingerprint == fingerprint else ""
        tags = " ".join(f"{key}={value}" for key, value in sorted(entry.tags.items()))
        rows.append((entry.id + mark, human(entry.size), "" if entry.rows is None else f"{entry.rows:,}", what, tags))
    if len(rows) == 1:
        yield "no dumps"
        return
    yield from _columns(rows)


def link_lines(links: Mapping[str, str]) -> Iterable[str]:
    """A URL per object."""
    yield from (f"{name}  {url}" for name, url in links.items())


def with_id(dump: Entry | Manifest) -> dict[str, Any]:
    """A dump for JSON, with the ID by which other commands know it."""
    plain = {"dump_id": dump.id, **dataclasses.asdict(dump)}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in plain.items()}


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def manifest_lines(manifest: Manifest) -> Iterable[str]:
    """A manifest for people."""
    facts: list[tuple[str, Any]] = [
        ("dump", manifest.id),
        ("database", f"{manifest.database.name} (PostgreSQL {manifest.server_version}, {manifest.database.encoding})"),
        ("what", manifest.content + (", some tables" if manifest.partial else "")),
        ("schema", manifest.fingerprint or "unknown"),
        ("commit", manifest.git_commit or "unknown"),
        ("tools", ", ".join(f"{name} {version}" for name, version in manifest.tools.items())),
        (
            "size",
            f"{human(manifest.size)} in {plural(len(manifest.objects), 'object')}, {human(manifest.raw_size)} unpacked",
        ),
        ("tags", " ".join(f"{key}={value}" for key, value in manifest.tags.items()) or "none (when it was made)"),
        ("content", f"hashed by {manifest.content_algorithm}" if manifest.content_algorithm else "rows were counted"),
    ]
    yield from (f"{name + ':':<10}{value}" for name, value in facts)
    yield from (f"warning:  {warning}" for warning in manifest.warnings)
    rows = [("table", "rows", "size")]
    rows += [(t.label, "left out" if t.rows is None else f"{t.rows:,}", human(t.bytes)) for t in manifest.tables]
    yield ""
    yield from _columns(rows)
