"""Every hazard there is, by name; ``docs/hazards/`` has a page for each."""

from __future__ import annotations

from typing import Final

HAZARDS: Final = (
    "data-loss/drop-column",
    "data-loss/drop-table",
    "data-loss/drop-schema",
    "data-loss/drop-enum-value",
    "data-loss/narrow-type",
    "rewrite/table",
    "lock/access-exclusive",
    "lock/exclusive",
    "lock/share-row-exclusive",
    "lock/share",
    "scan/table",
    "constraint/not-null",
    "constraint/check",
    "constraint/unique",
    "constraint/primary-key",
    "constraint/exclude",
    "constraint/foreign-key",
    "constraint/cast",
    "constraint/enum-value",
    "constraint/domain",
    "constraint/partition-bound",
    "dependency/rename",
    "dependency/drop-index",
    "dependency/detach-partition",
    "dependency/extension-version",
    "privilege/revoke",
    "privilege/drop-policy",
    "privilege/alter-policy",
    "privilege/row-security",
    "irreversible/add-enum-value",
    "irreversible/drop-enum",
    "irreversible/drop-sequence",
)
