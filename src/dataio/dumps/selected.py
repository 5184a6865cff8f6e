"""Some tables of a dump of all: every definition, but the rows of those tables only.

Definitions are cheap, and a table rarely stands alone: its types, functions and sequences come along, its foreign keys
do not, since what they refer to may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from dataio.dumps.manifest import Manifest, Table
from dataio.errors import UsageError

_NO_ROWS: Final = "0"  # the hash of no rows
_LEFT_OUT: Final = (" MATERIALIZED VIEW DATA ", " BLOBS ", " BLOB ", " BLOB METADATA ")
_ROWS: Final = " TABLE DATA "
_FOREIGN_KEY: Final = " FK CONSTRAINT "
_COMMENT: Final = re.compile(r" COMMENT (?P<schema>.*?) CONSTRAINT (?P<name>.*?) ON (?P<table>.*)")


def select_tables(manifest: Manifest, globs: Sequence[str]) -> Manifest:
    """What a database that holds only the rows of the tables in ``globs`` must be like: ``name`` in any schema, or
    ``schema.name``. Raises UsageError where there is no such table, or the dump has none of its rows.
    """
    chosen = _chosen(manifest, globs)
    others = {table.object for table in manifest.tables if table not in chosen}
    return replace(
        manifest,
        tables=tuple(t if t in chosen or t.rows is None else replace(t, rows=0, content=_NO_ROWS)
                     for t in manifest.tables),
        objects=tuple(stored for stored in manifest.objects if stored.name not in others),
        large_objects=0,
        large_objects_content=None,
    )  # fmt: skip


def without_the_others(listing: Iterable[str], manifest: Manifest, globs: Sequence[str]) -> list[str]:
    """Of the lines of ``pg_restore --list`` of a whole dump: all but the rows of other tables than those."""
    chosen, kept = _chosen(manifest, globs), []
    for line in listing:
        if any(words in line for words in _LEFT_OUT):
            continue
        if _ROWS in line and (table := _table(line.partition(_ROWS)[2], manifest)) is not None and table not in chosen:
            continue
        kept.append(line)
    return kept


def without_foreign_keys(listing: Iterable[str]) -> list[str]:
    """Of the lines of ``pg_restore --list``: all but foreign keys, and what is said of them."""
    lines = list(listing)
    keys = {line.partition(_FOREIGN_KEY)[2] for line in lines if _FOREIGN_KEY in line}

    def is_of_a_key(line: str) -> bool:
        said = _COMMENT.search(line)
        if said is None:
            return _FOREIGN_KEY in line
        table, _, owner = said["table"].rpartition(" ")
        return f"{said['schema']} {_unquoted(table)} {_unquoted(said['name'])} {owner}" in keys

    return [line for line in lines if not is_of_a_key(line)]


def _chosen(manifest: Manifest, globs: Sequence[str]) -> set[Table]:
    chosen: set[Table] = set()
    for glob in globs:
        found = {t for t in manifest.tables if fnmatchcase(t.label if "." in glob else t.name, glob)}
        if not found:
            near = ", ".join(table.label for table in manifest.tables[:8]) + (" …" if manifest.tables[8:] else "")
            raise UsageError(f"--table {glob}: {manifest.id} has no such table", hint=f"It has: {near}.")
        if all(table.rows is None for table in found):
            raise UsageError(f"--table {glob}: {manifest.id} was made without the rows of that table")
        chosen |= found
    return chosen


def _table(words: str, manifest: Manifest) -> Table | None:
    """Whose rows: "schema name owner", unquoted, so that the longest name that fits is meant."""
    fitting = [t for t in manifest.tables if words.startswith(_shown(f"{t.schema} {t.name} "))]
    return max(fitting, key=lambda table: len(table.label), default=None)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _shown(name: str) -> str:
    return name.replace("\n", " ").replace("\r", " ")
