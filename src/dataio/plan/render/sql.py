"""The plan as the script that is run: by ``dataio schema apply``, by the proof, and by plain ``psql -f``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from psycopg import sql

from dataio import __version__
from dataio.errors import MigrationError
from dataio.plan import sql as templates
from dataio.plan.model import Observation, Plan, PlannedTarget, Proof, Statement
from dataio.plan.script import (
    LOCK,
    LONG,
    Header,
    blank_checksum,
    checksum,
    label,
    marker_tag,
    one_line,
    seal,
    write_header,
)


def render(plan: Plan) -> str:
    """The whole script of a plan. With a ``number`` it registers itself in ``dataio_meta``, without one it does not.

    The same plan gives the same text (no times in it). An empty plan gives the header alone.
    """
    segments = phases(plan.statements)
    header = Header(
        number=plan.number,
        name=one_line(plan.name),
        kind="plan",
        from_fingerprint=plan.from_fingerprint,
        to_fingerprint=plan.to_fingerprint,
        target=target_line(plan.target),
        managed=plan.managed,
        ignored=plan.ignored,
        authors=plan.authors,
        tools=plan.tools,
        git_commit=plan.git_commit,
        statements=len(plan.statements),
        transactions=len(segments),
        hazards=tuple(hazard for hazard in plan.hazards if hazard.kind != "constraint"),
        checks=plan.checks,
        proof=proof_line(plan.proof),
        online=plan.online,
        database=plan.target.database if plan.number is not None else "",
        system=plan.target.system_identifier if plan.number is not None else "",
    )
    return script(header, segments)


def render_rollback(plan: Plan, *, undoes: str = "") -> str:
    """The script that takes a numbered plan back; ``undoes`` is the checksum of its script, where that is another text.

    Raises :class:`~dataio.errors.MigrationError` for a plan without a rollback.
    """
    back = plan.rollback
    if back is None or plan.number is None:
        raise MigrationError("the plan has no rollback")
    segments = split(back.statements) or ((),)
    header = Header(
        number=plan.number,
        name=one_line(plan.name),
        kind="rollback",
        from_fingerprint=plan.to_fingerprint,
        to_fingerprint=plan.from_fingerprint,
        target=target_line(plan.target),
        managed=plan.managed,
        ignored=plan.ignored,
        authors=back.authors,
        tools=plan.tools,
        git_commit=plan.git_commit,
        statements=len(back.statements),
        transactions=len(segments),
        hazards=back.hazards,
        checks=back.checks,
        proof=proof_line(back.proof),
        undoes=undoes or checksum(render(plan)),
        lost=back.lost,
    )
    return script(header, segments)


def baseline(header: Header, statements: Sequence[Statement]) -> str:
    """A script that makes a whole schema from nothing: what ``schema adopt`` registers without running it.

    ``header`` needs ``number``, ``name`` and ``to_fingerprint``; kind, counts and checksum are put in here.
    """
    if header.number is None:
        raise MigrationError("a baseline needs a number")
    segments = split(statements) or ((),)
    values = {**vars(header), "kind": "baseline", "statements": len(statements), "transactions": len(segments)}
    return script(Header(**values), segments)


def split(statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], ...]:
    """The statements by transaction: a new one starts where PostgreSQL must commit first; one alone is by itself."""
    segments: list[list[Statement]] = []
    for statement in statements:
        if not segments or statement.new_transaction or statement.alone or segments[-1][-1].alone:
            segments.append([])
        segments[-1].append(statement)
    return tuple(tuple(segment) for segment in segments)


def phases(statements: Sequence[Statement]) -> tuple[tuple[Statement, ...], ...]:
    """As :func:`split`, but begun and ended by a transaction: the first makes the history, the last writes it."""
    segments = split(statements)
    if segments and segments[0][0].alone:
        segments = ((), *segments)
    if segments and segments[-1] and segments[-1][0].alone:
        segments = (*segments, ())
    return segments


def proof_line(proof: Proof | None) -> str:
    """How well a plan is proven, in one line without times."""
    if proof is None:
        return "none"
    verdicts = ((proof.snapshot_equal, "snapshot"), (proof.dump_equal, "pg_dump"))
    equal, unequal = ([name for holds, name in verdicts if holds is wanted] for wanted in (True, False))
    words = [f"{' and '.join(equal)} equal"] if equal else []
    words += [f"{' and '.join(unequal)} DIFFERENT"] if unequal else []
    return f"{', '.join(words)} after running this script on a copy ({proof.server})"


def target_line(target: PlannedTarget) -> str:
    """``catalogue @ 127.0.0.1:15432 (PostgreSQL 16.14, env prod, protected)``."""
    words = [f"PostgreSQL {target.server_version}"] if target.server_version else []
    words += [f"env {target.environment}"] if target.environment else []
    words += ["protected"] if target.protected else []
    if "(PostgreSQL " in target.description or not words:
        return target.description
    return f"{target.description} ({', '.join(words)})"


def script(header: Header, segments: Sequence[Sequence[Statement]]) -> str:
    """Header and transactions as one text, sealed with its checksum."""
    tag = marker_tag(statement.sql for segment in segments for statement in segment)
    return seal("\n".join([*write_header(header, tag=tag), "", *_body(header, segments, tag)]) + "\n")


_WHY_SPLIT: Final = "what follows needs the above committed; dataio_meta keeps how far this script got"


_MONEY: Final = "::money"


def _body(header: Header, segments: Sequence[Sequence[Statement]], tag: str) -> Iterator[str]:
    if not segments:
        yield "-- Nothing to do: the database is what the schema says."
        return
    number = 0
    for place, segment in enumerate(segments, start=1):
        if segment and segment[0].alone is not None:
            number += 1
            yield from _alone(header, segment[0], place, number, tag)
            continue
        why = f" {LONG}" if is_long(segment) else "" if place == 1 else f" {_WHY_SPLIT}"
        yield f"-- [{tag}begin]{why}" if place == 1 else f"\n-- [{tag}begin]{why}"
        yield "BEGIN;\n"
        yield f"-- [{tag}guard]"
        yield templates.fill("settings")
        if any(_MONEY in statement.sql for statement in segment):
            yield "SET LOCAL lc_monetary = 'C';  -- amounts are written so"
        if header.number is not None:
            yield _guard(header, header.number, place)
        for statement in segment:
            number += 1
            yield f"\n-- [{tag}{number}/{header.statements}] {one_line(describe(statement))}"
            yield terminated(statement.sql)
        if header.number is not None:
            yield f"\n-- [{tag}record]"
            yield _record(header, header.number, place, len(segments))
        yield f"\n-- [{tag}commit]"
        yield "COMMIT;"


def is_long(segment: Sequence[Statement]) -> bool:
    """Whether a transaction of an online plan reads a table, and blocks nobody while it does."""
    seen = [statement.observation for statement in segment if statement.observation is not None]
    blocks = any(lock.blocks_writes for observation in seen for lock in observation.locks)
    return not blocks and any(observation.scanned for observation in seen)


def _alone(header: Header, statement: Statement, place: int, number: int, tag: str) -> Iterator[str]:
    """A statement outside of transactions: psql runs it as it stands, apply reads its comments, too."""
    alone = statement.alone
    if alone is None:
        raise MigrationError(f"{statement.subject}: not a statement that runs alone")
    yield f"\n-- [{tag}alone] what follows runs outside of a transaction"
    if header.number is not None:
        yield f"-- [{tag}guard]"
        yield _guard(header, header.number, place, alone=True)
    yield f"\n-- [{tag}{number}/{header.statements}] {one_line(describe(statement))}"
    for key in ("done", "leftover", "cleanup"):
        if text := getattr(alone, key):
            yield f"-- {key}: {text}"
    yield terminated(statement.sql)
    if header.number is not None:
        yield f"\n-- [{tag}record]"
        yield templates.fill("record_segment", number=header.number, segment=place, checksum=blank_checksum())


def describe(statement: Statement) -> str:
    """``alter column public.t.c (native; AccessExclusiveLock; rewrites public.t)``."""
    notes: list[str] = [statement.author, *effects(statement.observation)]
    return f"{statement.action} {statement.subject} ({'; '.join(notes)})"


def effects(observation: Observation | None, *, on: bool = False) -> Iterator[str]:
    """What a statement was seen to do, in few words: its locks (with what is locked, if ``on``), rewrites, scans."""
    if observation is None:
        return
    if observation.locks:
        by_mode: dict[str, list[str]] = {}
        for lock in observation.locks:
            by_mode.setdefault(lock.mode, []).append(lock.relation)
        yield ", ".join(f"{mode} on {', '.join(names)}" if on else mode for mode, names in by_mode.items())
    if observation.rewritten:
        yield f"rewrites {', '.join(observation.rewritten)}"
    if observation.scanned:
        yield f"reads all of {', '.join(observation.scanned)}"


def terminated(text: str) -> str:
    """The statement with its semicolon, which a comment at its end must not swallow."""
    text = text.rstrip()
    return text + ("\n;" if "--" in text.rpartition("\n")[2] else ";")


def _guard(header: Header, number: int, place: int, *, alone: bool = False) -> str:
    common: dict[str, str | int] = {
        "lock_class": LOCK[0],
        "lock_object": LOCK[1],
        "number": number,
        "label": label(number),
        "checksum": blank_checksum(),
    }
    if alone:
        return templates.fill("guard_alone", **common, segment=place, previous=place - 1)
    if place > 1:
        return templates.fill("guard_next", **common, segment=place, previous=place - 1)
    if header.takes_back:
        meta = sql.SQL(templates.text("meta_rollback"))
        return templates.fill("rollback_guard", **common, undoes=header.undoes, meta=meta)
    first = header.kind == "baseline" or number == 1
    return templates.fill(
        "guard", **common, meta=sql.SQL(templates.text("meta")), predecessor=None if first else number - 1
    )


def _record(header: Header, number: int, place: int, places: int) -> str:
    if place < places:
        return templates.fill("record_segment", number=number, segment=place, checksum=blank_checksum())
    if header.takes_back:
        return templates.fill(
            "rollback_record",
            number=number,
            checksum=blank_checksum(),
            git_commit=header.git_commit,
            tool_version=f"dataio {__version__}",
        )
    row = templates.fill(
        "record",
        number=number,
        name=header.name,
        kind=header.kind,
        from_fingerprint=header.from_fingerprint,
        to_fingerprint=header.to_fingerprint,
        checksum=blank_checksum(),
        git_commit=header.git_commit,
        tool_version=f"dataio {__version__}",
    )
    return row if places == 1 else f"{row}\n{templates.fill('record_last', number=number)}"
