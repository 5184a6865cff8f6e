"""Results as text for people and as JSON for programs. Nothing here decides anything."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dataio.cli.options import Format
from dataio.cli.session import shown
from dataio.cli.talk import Talk, write
from dataio.errors import UsageError
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.migrations.history import Migration, RolledBack
    from dataio.operations.apply import Pending
    from dataio.operations.check import CheckResult
    from dataio.operations.status import Status
    from dataio.plan.model import Plan

T = TypeVar("T")

_PLAN_SUFFIXES = {".sql": Format.sql, ".json": Format.json, ".md": Format.markdown}


def show_plan(talk: Talk, plan: Plan, form: Format | None, out: Path | None, *, target: str = "") -> None:
    """The plan on stdout or into ``out``, whose suffix decides where no format was asked for.

    ``target``: what ``--target`` was given, for the next command.
    """
    form = form or (_PLAN_SUFFIXES.get(out.suffix) if out else None) or Format.text
    if form is Format.text and out is None:
        _print(plan, verbose=talk.verbose, target=target)
        return
    text = _plan_text(plan, form, verbose=talk.verbose)
    if out is None:
        write(text)
    else:
        out.write_text(text, encoding="utf-8")
        talk.say(f"wrote {shown(out)}")


def _plan_text(plan: Plan, form: Format, *, verbose: bool) -> str:
    match form:
        case Format.sql:
            from dataio.plan.render.sql import render as as_sql

            return as_sql(plan)
        case Format.json:
            from dataio.plan.render.json import render as as_json

            return as_json(plan)
        case Format.markdown:
            from dataio.plan.render.markdown import render as as_markdown

            return as_markdown(plan)
        case Format.text:
            from dataio.plan.render.text import render as as_text

            return as_text(plan, verbose=verbose)


def _print(plan: Plan, *, verbose: bool, target: str) -> None:
    from rich.console import Console

    from dataio.plan.render.text import PlanText

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(PlanText(plan, verbose=verbose, header=False, target=target))


def as_text_or_json(form: Format | None) -> Callable[[str, Any, Callable[[Any], Iterable[str]]], str]:
    """How a result is written: its lines, or a JSON object under its name."""
    if form in (Format.sql, Format.markdown):
        raise UsageError(f"--format {form} is for plans", hint="Use text or json.")

    def rendered(name: str, result: Any, lines: Callable[[Any], Iterable[str]]) -> str:
        if form is Format.json:
            return json.dumps({name: _plain(result)}, indent=2, ensure_ascii=False)
        return "\n".join(lines(result))

    return rendered


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.repr}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Path) else value


def pending_lines(waiting: Pending) -> Iterable[str]:
    """What apply is about to run, with its hazards."""
    for script in waiting.scripts:
        header = script.header
        count = plural(header.statements, "statement")
        parts = f" in {plural(header.transactions, header.part)}" if header.transactions > 1 else ""
        yield f"{'roll back ' if header.takes_back else ''}{header.label} {header.name}: {count}{parts}"
        for lost in header.lost:
            yield f"  ! {lost}"
        for hazard in header.hazards:
            yield f"  {'✗' if hazard.refused else '!'} {hazard.name} {hazard.subject}: {hazard.message}"


def status_lines(status: Status) -> Iterable[str]:
    last = status.last
    applied = f" ({last.name}, applied {_when(last.applied_at)} by {last.applied_by})" if last is not None else ""
    yield (
        f"version: {status.version:03d}{applied}"
        if last is not None
        else "version: none: dataio has applied nothing here"
    )
    yield f"pending: {', '.join(status.pending) or 'none'}"
    for one in status.rolled_back:
        when = _when(one.rolled_back_at)
        yield f"         {one.number:03d} {one.name} was rolled back {when} by {one.rolled_back_by}"
    if status.drift is None:
        yield f"drift:   not checked: {status.unchecked}"
    elif not status.drift:
        yield "drift:   none"
    else:
        yield f"drift:   {plural(len(status.drift), 'difference')} between what the scripts make and what is there"
        yield from (f"  {line}" for line in status.drift)
    if status.fingerprint:
        yield f"state:   {status.fingerprint}"
    yield from (f"problem: {problem}" for problem in status.problems)
    yield from (f"next:    {step}" for step in _next_steps(status))


def _next_steps(status: Status) -> Iterable[str]:
    if status.drift:
        yield "`dataio schema drift` shows what changed by other means; its --adopt keeps that, or undo it there"
    if status.under_way:
        yield f"`dataio schema {status.under_way}` goes on from there"
    elif status.pending and not status.problems:
        yield "`dataio schema apply` runs what is pending"


def history_lines(entries: Iterable[Migration | RolledBack]) -> Iterable[str]:
    rows = [("version", "name", "kind", "when", "by", "commit"), *map(_history_row, entries)]
    if len(rows) == 1:
        yield "nothing was applied here by dataio"
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _history_row(one: Migration | RolledBack) -> tuple[str, ...]:
    from dataio.migrations.history import Migration

    if isinstance(one, Migration):
        return f"{one.number:03d}", one.name, one.kind, _when(one.applied_at), one.applied_by, one.git_commit
    return f"{one.number:03d}", one.name, "rolled back", _when(one.rolled_back_at), one.rolled_back_by, one.git_commit


def check_lines(result: CheckResult) -> Iterable[str]:
    made = "the one script makes" if result.count == 1 else f"the {result.count} scripts make"
    if result.scripts:
        yield f"✗ the schema is not what {made}: {plural(len(result.scripts), 'difference')}"
        yield from (f"  {line}" for line in result.scripts)
    else:
        yield f"✓ the schema is what {made}"
    if result.database:
        yield f"✗ the schema is not what {result.target} holds: {plural(len(result.database), 'difference')}"
        yield from (f"  {line}" for line in result.database)
    elif result.database is not None:
        yield f"✓ the schema is what {result.target} holds"


def _when(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
