"""Where a step stands when nothing forces it elsewhere: the order in which a person would write a script."""

from __future__ import annotations

from typing import Final, TypeAlias

from dataio.planner.native.side import Side
from dataio.planner.native.step import Step
from dataio.snapshot.keys import ATTACHMENTS, Key, attached_to

Place: TypeAlias = tuple[int, int, tuple[str, ...], int, tuple[str, ...], int, str]

_KINDS: Final = (
    "role membership schema extension language access_method collation shell_type base_type enum range composite"
    " attribute domain domain_constraint conversion foreign_data_wrapper server user_mapping sequence table"
    " foreign_table inheritance partition column identity default not_null owned_by constraint index replica_identity"
    " clustered_on statistics function procedure aggregate operator operator_family operator_class family_member cast"
    " transform ts_parser ts_template ts_dictionary ts_configuration view materialized_view rule trigger policy"
    " event_trigger publication publication_schema publication_table subscription owner privilege security_label"
    " extension_dependency comment default_privilege"
)
RANK: Final = {kind: number for number, kind in enumerate(_KINDS.split())}

_STORAGE: Final = frozenset(
    {"role", "schema", "extension", "language", "access_method", "collation", "shell_type", "base_type", "enum",
     "range", "composite", "attribute", "domain", "foreign_data_wrapper", "server", "sequence", "table",
     "foreign_table", "column"}
)  # fmt: skip
"""What is dropped at the end of a script; everything else is dropped at its beginning."""


def rank(step: Step, old: Side, new: Side) -> Place:
    """Phase (drop code, create and alter, drop storage), then by the thing that a part belongs to, then by the part.

    Event triggers, which may forbid what else a script does, go before all that and come after it.
    """
    key = step.key
    side = old if step.action == "drop" else new
    subject = side.resolve(attached_to(key)) if key.kind in ATTACHMENTS else key
    if subject.kind == "owned_by" and (column := side.owner_column(Key("sequence", subject.path))) is not None:
        subject = column  # reads best beside the column
    root = _root(subject, side)
    if root.kind == "event_trigger":
        awake = step.action != "drop" and side.facts[root]["enabled"] != "disabled"
        return (4 if awake else -1, 0, root.path, RANK[subject.kind], key.path, RANK[key.kind], step.sql)
    if key.kind == "default_privilege":
        return (3, RANK[root.kind], root.path, 0, key.path, int(step.action != "drop"), step.sql)
    if step.action == "drop":
        phase = 2 if key.kind in _STORAGE else 0
        return (phase, -RANK[root.kind], root.path, -RANK[subject.kind], subject.path, -RANK[key.kind], step.sql)
    place = _in_order(subject, side)
    return (1, RANK[root.kind], root.path, RANK[subject.kind], place, RANK[key.kind], step.sql)


def _in_order(key: Key, side: Side) -> tuple[str, ...]:
    """A path that sorts columns and attributes as their table or type has them: ADD COLUMN appends."""
    fact = side.facts.get(key)
    if fact is not None and key.kind in {"column", "attribute"}:
        return (*key.path[:2], f"{fact.get_info('position'):>5}", key.path[2])
    return key.path


def _root(key: Key, side: Side) -> Key:
    """The outermost thing below the schema that a fact is part of."""
    while (above := side.container(key)) is not None and above.kind not in {"schema", "server"}:
        key = above
    return key
