"""Who proposes statements: migra, the native rules, and migra completed by them.

This is the only module that imports migra. migra is given two databases and asked for its opinion; nothing it says is
believed before it was replayed.
"""

from __future__ import annotations

import warnings
from typing import Final

from dataio.plan.model import ObjectRef, Statement
from dataio.planner.native.moved_rows import OPTION
from dataio.planner.native.propose import propose, statements
from dataio.postgres.conninfo import Target
from dataio.postgres.redact import redact
from dataio.snapshot.model import Snapshot

_SESSION: Final = " ".join(
    f"-c {setting}"
    for setting in (
        "search_path=", "datestyle=ISO", "intervalstyle=postgres", "timezone=UTC", "quote_all_identifiers=off",
        "extra_float_digits=1", "bytea_output=hex", "lc_monetary=C", "xmlbinary=base64", "array_nulls=on",
    )
)  # fmt: skip


class ProposerFailed(Exception):
    """A proposer gave up; the text says why. Never leaves the planner: the candidate is out, with this reason."""


def migra(current: Target, desired: Target, *, privileges: bool) -> list[Statement]:
    """What migra would run on ``current`` to make it ``desired``; raises :class:`ProposerFailed`.

    Both connections have an empty search_path, so that every name in the statements is qualified, and what else the
    snapshot's sessions have, so that constants mean the same on every server.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from migra import Migration
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool

            engines = [
                create_engine(side.with_parameters(options=_SESSION).url(), poolclass=NullPool)
                for side in (current, desired)
            ]
            with engines[0].connect() as left, engines[1].connect() as right:
                migration = Migration(left, right)
                migration.set_safety(False)
                migration.add_all_changes(privileges=privileges)
                texts = [str(text).strip() for text in migration.statements]
        except Exception as error:
            raise ProposerFailed(f"{type(error).__name__}: {_first_line(redact(str(error)))}") from error
    return [_migra_statement(text) for text in texts if text]


def native(current: Snapshot, desired: Snapshot, *, major: int, move_rows: bool = False) -> list[Statement]:
    """What the native rules run; raises :class:`ProposerFailed`.

    ``move_rows``: a table that becomes partitioned, or plain, keeps its rows.
    """
    try:
        return statements(propose(current, desired, major=major, options={OPTION: "yes"} if move_rows else {}))
    except Exception as error:
        raise ProposerFailed(f"{type(error).__name__}: {redact(str(error))}") from error


def _migra_statement(text: str) -> Statement:
    label = _first_line(text)
    return Statement(text.rstrip(";").rstrip(), "alter", ObjectRef("statement", (), label), "migra")


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 100 else f"{line[:99]}…"
