"""Changes as a reader looks for them: what happens to a relation stands under that relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dataio.plan.model import Change, ObjectRef
from dataio.postgres.quoting import qualified

_RELATIONS: Final = frozenset(
    {"table", "view", "materialized_view", "foreign_table", "sequence", "composite", "domain"}
)
_PARTS: Final = frozenset(
    {"column", "default", "not_null", "identity", "replica_identity", "clustered_on", "partition", "inheritance",
     "constraint", "rule", "trigger", "policy", "owned_by", "attribute", "domain_constraint"}
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A relation, and what changes about it. ``head`` is None where the relation itself stays as it is.

    ``parts`` pair a change with its name, short of what the title says already.
    """

    path: tuple[str, ...]
    title: str
    head: Change | None
    parts: tuple[tuple[Change, str], ...]


def blocks(changes: Iterable[Change]) -> tuple[Block, ...]:
    """The changes by relation, in order of names; what belongs to no relation is a block of its own."""
    heads: dict[tuple[str, ...], list[Change]] = {}
    parts: dict[tuple[str, ...], list[Change]] = {}
    alone: list[Change] = []
    for change in changes:
        owner = _relation(change.subject.kind, change.subject.path)
        if owner is not None:
            parts.setdefault(owner, []).append(change)
        elif change.subject.kind in _RELATIONS:
            heads.setdefault(change.subject.path, []).append(change)
        else:
            alone.append(change)
    found = []
    for path in heads.keys() | parts.keys():
        title = qualified(*path)
        named = tuple((change, _short(change, title)) for change in parts.get(path, ()))
        # Two things of one name (a table becomes a view) are two heads; what changes about them stands under the last.
        *others, head = heads.get(path, [None])
        found += [Block(path, title, other, ()) for other in others]
        found.append(Block(path, title, head, named))
    found += [Block(change.subject.path, str(change.subject), change, ()) for change in alone]
    return tuple(sorted(found, key=lambda block: block.path))


def relation_of(subject: ObjectRef) -> tuple[str, ...]:
    """The path of the block that something stands in."""
    return _relation(subject.kind, subject.path) or subject.path


def _relation(kind: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The relation that a change belongs under; None where it has none, or is one."""
    match kind:
        case "comment" | "owner":
            kind, path = path[0], path[1:]
        case "privilege":
            kind, path = path[0], path[1:-2]
        case "security_label" | "extension_dependency":
            kind, path = path[1], path[2:]
        case _:
            return path[:2] if kind in _PARTS else None
    return path[:2] if kind in _PARTS | _RELATIONS else None


def _short(change: Change, title: str) -> str:
    return str(change.subject).replace(f"{title}.", "", 1)
