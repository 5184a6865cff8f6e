"""What a plan says beside its statements, so that nobody is surprised by what they do, or leave out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dataio.plan.model import Statement
from dataio.snapshot.keys import SELF, Key, attached_to
from dataio.snapshot.model import Snapshot

_NAMED: Final = 5
_OWNED: Final = frozenset({"table", "foreign_table", "view", "materialized_view"})


def rows_in_schema(tables: Sequence[str]) -> str:
    """On the tables that the schema files put rows into."""
    more = f" and {len(tables) - _NAMED} more" if len(tables) > _NAMED else ""
    return (
        f"the schema files put rows into {', '.join(tables[:_NAMED])}{more}: rows are no part of the schema, and no"
        " plan brings them to a database; their place is a file in seeds/, which dataio schema apply runs"
    )


def of_statements(statements: Sequence[Statement], now: Snapshot, goal: Snapshot) -> tuple[str, ...]:
    """On what ``statements``, which lead from ``now`` to ``goal``, do that the schema does not say in so many words."""
    return (*_made_disabled(statements), *_withheld(statements, now, goal))


def of_owner(now: Snapshot, goal: Snapshot, live: Snapshot, role: str) -> tuple[str, ...]:
    """On new relations in schemas where all that is there belongs to others than ``role``, who connects.

    ``live`` is all that the target holds. For plans that leave owners alone.
    """
    made = [key for key in goal.facts if key.kind in _OWNED and key not in now.facts]
    schemas = {key.path[0] for key in made}
    owners = {
        (fact.key.path[1], fact.text("role"))
        for fact in live.of_kind("owner")
        if fact.key.path[0] in _OWNED and fact.key.path[1] in schemas
    }
    theirs = {schema: {name for known, name in owners if known == schema} for schema in schemas}
    strange = sorted(str(key) for key in made if theirs[key.path[0]] and SELF not in theirs[key.path[0]])
    if not strange:
        return ()
    others = sorted({name for names in theirs.values() for name in names} - {SELF})
    what = f"{', '.join(strange[:_NAMED])}{f' and {len(strange) - _NAMED} more' if len(strange) > _NAMED else ''}"
    return (
        f"{role}, who connects, will own {what}; what is there already belongs to {', '.join(others)}: where that is"
        " not meant, connect as that role, or let the schema say who owns it (--manage owners)",
    )


def _made_disabled(statements: Sequence[Statement]) -> tuple[str, ...]:
    """A note on new subscriptions: their slots are the publisher's to have, and nobody is asked for one."""
    made = [one.subject.path[0] for one in statements if one.sql.startswith("CREATE SUBSCRIPTION ")]
    if not made:
        return ()
    return (
        f"made disabled, and without a slot on the publisher: subscription {', '.join(made)}; when it has the slot,"
        " ALTER SUBSCRIPTION … ENABLE and REFRESH PUBLICATION",
    )


def _withheld(statements: Sequence[Statement], now: Snapshot, goal: Snapshot) -> tuple[str, ...]:
    """A note on new objects that default privileges would open, and that the schema keeps to itself."""
    revoked = [one for one in statements if one.subject.kind == "privilege" and one.sql.startswith("REVOKE ")]
    things = [attached_to(Key("privilege", one.subject.path)) for one in revoked]
    names = [str(key) for key in dict.fromkeys(things) if key in goal.facts and key not in now.facts]
    if not names:
        return ()
    return (
        f"default privileges would give more of {', '.join(names)} than the schema does: that is revoked; where that is"
        " not meant, ALTER DEFAULT PRIVILEGES has to stand before CREATE in the schema",
    )
