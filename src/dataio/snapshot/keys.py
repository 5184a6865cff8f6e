"""Keys: which thing a fact is about, what that is part of or attached to, and what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from dataio.postgres.quoting import ident, qualified
from dataio.snapshot.kinds import KINDS

SELF: Final = "@self"
"""Stands for the role that loaded or connected, so that owner names differ between databases without noise."""

PUBLIC: Final = "@public"
"""Stands for the pseudo-role PUBLIC as a grantee."""


class Key(NamedTuple):
    """Which thing a fact is about, e.g. ``Key("column", ("public", "dataset", "ds_id"))``.

    ``path`` has the parts that :data:`~dataio.snapshot.kinds.KINDS` names for ``kind``. Attachments (``owner``,
    ``privilege``, ``comment``, ``security_label``) carry the kind and path of what they are attached to in theirs.
    """

    kind: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return describe(self)


RELATION_KINDS: Final = frozenset(
    {"table", "view", "materialized_view", "foreign_table", "sequence", "index", "composite"}
)

ATTACHMENTS: Final = frozenset({"owner", "privilege", "comment", "security_label", "extension_dependency"})

_RELATION_PART: Final = frozenset(
    {"column", "default", "not_null", "identity", "replica_identity", "clustered_on", "partition", "inheritance",
     "constraint", "rule", "trigger", "policy"}
)  # fmt: skip


def attached_to(key: Key) -> Key:
    """What an attachment is attached to. The key may name no fact (a column of a view, the index of a constraint).

    Raises ValueError for a key that is no attachment.
    """
    match key.kind:
        case "owner" | "comment":
            return Key(key.path[0], key.path[1:])
        case "privilege":
            return Key(key.path[0], key.path[1:-2])
        case "security_label" | "extension_dependency":
            return Key(key.path[1], key.path[2:])
    raise ValueError(f"{key.kind} is no attachment")


def parent(key: Key, relations: Mapping[tuple[str, str], Key]) -> Key | None:
    """What a fact is part of: a column's table, a comment's object, a table's schema; ``None`` at the top."""
    kind, path = key
    if kind in ATTACHMENTS:
        return attached_to(key)
    if kind in _RELATION_PART:
        return relations.get((path[0], path[1]))
    match kind:
        case "owned_by":
            return Key("sequence", path)
        case "attribute":
            return Key("composite", path[:2])
        case "domain_constraint":
            return Key("domain", path[:2])
        case "family_member":
            return Key("operator_family", path[:3])
        case "publication_table" | "publication_schema":
            return Key("publication", path[:1])
        case "user_mapping":
            return Key("server", path[:1])
        case "default_privilege" | "transform" | "cast" | "membership":
            return None
    return Key("schema", path[:1]) if KINDS[kind].parts[0] == "schema" else None


_LABELS: Final = {
    "not_null": "not-null of column",
    "default": "default of column",
    "identity": "identity of column",
    "partition": "partition",
    "owned_by": "owner column of sequence",
    "clustered_on": "cluster mark of",
    "replica_identity": "replica identity of",
    "base_type": "type",
    "composite": "type",
    "enum": "enum",
    "ts_parser": "text search parser",
    "ts_template": "text search template",
    "ts_dictionary": "text search dictionary",
    "ts_configuration": "text search configuration",
}


def describe(key: Key) -> str:
    """A key for people: ``column public.dataset.ds_id``, ``comment on table public."Odd one"``; quoted as SQL does."""
    kind, path = key
    label = _LABELS.get(kind, kind.replace("_", " "))
    match kind:
        case "comment":
            return f"comment on {describe(attached_to(key))}"
        case "owner":
            return f"owner of {describe(attached_to(key))}"
        case "privilege":
            by = f", granted by {_role(path[-1])}" if path[-1] != SELF else ""
            return f"privileges of {_role(path[-2])} on {describe(attached_to(key))}{by}"
        case "security_label":
            return f"security label ({ident(path[0])}) on {describe(attached_to(key))}"
        case "extension_dependency":
            return f"dependency on extension {ident(path[0])} of {describe(attached_to(key))}"
        case "function" | "procedure" | "aggregate":
            return f"{label} {qualified(*path[:2])}({path[2]})"
        case "operator":
            return f"operator {ident(path[0])}.{path[1]} ({path[2]}, {path[3]})"
        case "operator_family" | "operator_class":
            return f"{label} {qualified(*path[:2])} using {ident(path[2])}"
        case "family_member":
            return f"{label} {qualified(*path[:3])}.{'.'.join(path[3:])}"
        case "cast":
            return f"cast ({path[0]} as {path[1]})"
        case "inheritance":
            return f"inheritance of {qualified(*path[:2])} from {qualified(*path[2:])}"
        case "default_privilege":
            where = f" in schema {ident(path[1])}" if path[1] else ""
            return f"default privileges of {_role(path[0])}{where} on {path[2]} for {_role(path[3])}"
        case "transform":
            return f"transform for {path[0]} language {ident(path[1])}"
        case "user_mapping":
            return f"user mapping for {_role(path[1])} on server {ident(path[0])}"
    return f"{label} {qualified(*path)}"


def _role(name: str) -> str:
    return name.removeprefix("@") if name in (SELF, PUBLIC) else ident(name)
