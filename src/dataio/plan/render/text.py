"""The plan for people: what changes, what is run, what that does to the target, and how well it is proven."""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from dataio.plan.model import Action, Change, Hazard, Plan, Statement
from dataio.plan.render.sql import effects, phases, proof_line, target_line
from dataio.plan.render.tree import Block, blocks
from dataio.plan.script import version_label
from dataio.words import plural

_SIGN: Final[dict[Action, tuple[str, str]]] = {
    "create": ("+", "green"),
    "alter": ("~", "yellow"),
    "drop": ("-", "red"),
}
_TOLD: Final = (
    "type",
    "definition",
    "expression",
    "text",
    "privileges",
    "role",
    "labels",
    "version",
    "table",
    "column",
)
_SETTLED: Final = "the database is what the schema says"
_SQL_LINES: Final = 12  # of one statement, unless all are asked for
_ASCII: Final = str.maketrans({"→": ">", "✗": "x", "✓": "v", "│": "|", "…": "."})


_Line: TypeAlias = tuple[int, Text] | tuple[int, Text, int]  # indent, text, further indent where it wraps


@dataclass(frozen=True)
class PlanText:
    """A plan that a :class:`rich.console.Console` can print, at its width; unwrapped where it is no terminal.

    ``verbose`` shows statements whole, timings and the candidates. ``header`` begins with the target's line, for
    whoever has not said it already. ``next_command`` is said at the end; by default it is the ``schema apply`` that a
    numbered plan needs, with ``target`` as ``--target`` takes it, where the plan was asked for with one.
    """

    plan: Plan
    verbose: bool = False
    next_command: str | None = None
    header: bool = True
    target: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for indent, text, *hang in self._lines():
            line = Text(text.plain.translate(_ASCII), text.style) if options.ascii_only else text
            if not console.is_terminal:
                yield Text(" " * indent) + line
                continue
            room = max(options.max_width - indent - (hang[0] if hang else 0), 20)
            for number, part in enumerate(line.wrap(console, room, overflow="fold")):
                part.rstrip()
                yield Text(" " * (indent + (hang[0] if hang and number else 0))) + part

    def _lines(self) -> Iterator[_Line]:
        plan = self.plan
        if self.header:
            yield 0, Text(_clean(f"target: {target_line(plan.target)}"), "bold")
        yield 0, _versions(plan)
        yield 0, Text()
        if plan.empty:
            same = f"{plan.target.description} is what {_wanted(plan)} says" if plan.number is None else _SETTLED
            yield 0, Text(f"No changes: {_clean(same)}.", "green")
            yield from self._notes()
            return
        for block in blocks(plan.changes):
            yield from _block(block)
        yield 0, Text()
        yield 0, Text(_counts(plan), "bold")
        yield 0, Text()
        for number, statement in enumerate(plan.statements, start=1):
            yield from self._statement(number, statement)
        yield from self._load()
        yield from self._verdict()
        yield from self._notes()
        command = self.next_command if self.next_command is not None else apply_command(plan, self.target)
        if command:
            first = "mend these rows, then " if plan.violated else ""
            yield 0, Text.assemble(f"Next: {first}", (command, "bold"))

    def _statement(self, number: int, statement: Statement) -> Iterator[_Line]:
        width = len(str(len(self.plan.statements)))
        indent = width + 4
        sign, style = _SIGN[statement.action]
        if statement.alone is not None:
            yield 2, Text("Outside of transactions:", "bold")
            yield 0, Text()
        elif statement.new_transaction or (number > 1 and self.plan.statements[number - 2].alone is not None):
            why = "a phase of its own" if self.plan.online else "what follows needs the above committed"
            yield 2, Text(f"COMMIT and BEGIN: {why}", "bold")
            yield 0, Text()
        words = "; ".join([statement.author, *effects(statement.observation, on=True)])
        subject = (f"{sign} {_clean(str(statement.subject))}", style)
        yield 2, Text.assemble(f"{number:>{width}}  ", subject, (f"  ({words})", "dim")), width + 2
        lines = _clean(statement.sql).rstrip().split("\n")
        shown = lines if self.verbose or len(lines) <= _SQL_LINES + 1 else lines[:_SQL_LINES]
        for line in shown[:-1] if len(shown) == len(lines) else shown:
            yield indent, Text(line)
        if len(shown) == len(lines):
            yield indent, Text(f"{lines[-1]};")
        else:
            yield indent, Text(f"… {len(lines) - len(shown)} more lines (--verbose, --format sql)", "dim")
        for hazard in statement.hazards:
            yield indent, _hazard(hazard), 2
        yield 0, Text()

    def _load(self) -> Iterator[_Line]:
        """What goes on on the target, where that matters to whoever runs this."""
        load, found = self.plan.load, False
        if load is None:
            return
        bases = list(dict.fromkeys(hazard.basis for hazard in self.plan.hazards if hazard.seconds and hazard.basis))
        for basis in bases:
            yield 0, Text(_clean(f"Estimated: {basis}"), "dim"), 2
            found = True
        for one in load.transactions:
            holds = f", holds locks on {', '.join(one.holds)}" if one.holds else ""
            name = f" ({', '.join(part for part in (one.user, one.application) if part)})"
            text = f"Open since {one.seconds:.0f} s: pid {one.pid}{name}, {one.state}{holds}"
            yield 0, Text(_clean(text), "yellow" if one.holds else "dim"), 2
            found = True
        for replica in load.replicas:
            lag = f", {size(replica.lag_bytes)} behind" if replica.lag_bytes else ""
            yield 0, Text(_clean(f"Replayed by {replica.name} ({replica.sync or 'async'}{lag})"), "dim"), 2
            found = True
        if found:
            yield 0, Text()

    def _verdict(self) -> Iterator[_Line]:
        plan = self.plan
        asked = [check for check in plan.checks if check.rows is not None]
        if asked and not any(check.rows for check in asked):
            count = plural(len(asked), "check")
            yield 0, Text(f"✓ Rows: {count}, no row stands in the way", "green")
        for check in plan.checks:
            if check.note:
                yield 0, Text(_clean(f"! Rows: {check.name} {check.subject}: {check.note}"), "yellow"), 2
        if rows := in_the_way(plan):
            yield 0, Text(f"✗ Rows: {rows}", "bold red"), 2
        if names := refused_names(plan):
            yield 0, Text(f"Refused until allowed by name: {', '.join(names)}", "bold red")
            yield 2, Text(allow_flags(plan))
        if plan.proof is None:
            yield 0, Text("Proof: none", "red")
        else:
            took = f" in {plan.proof.seconds:.1f} s"
            mark, style = ("✓", "green") if plan.proof.holds else ("✗", "red")
            yield 0, Text(f"{mark} Proof: {proof_line(plan.proof)}{took}", style), 2
        yield from self._way_back()
        if self.verbose:
            for candidate in plan.candidates:
                reason = f": {_clean(candidate.reason)}" if candidate.reason else ""
                yield 2, Text(f"{' + '.join(candidate.authors)} {candidate.outcome}{reason}", "dim")
                for difference in candidate.differences:
                    yield 4, Text(_clean(difference), "dim")

    def _way_back(self) -> Iterator[_Line]:
        back = self.plan.rollback
        if back is None:
            return
        count = plural(len(back.statements), "statement")
        yield 0, Text(f"✓ Rollback: {count}, proven to lead back", "green")
        for lost in back.lost:
            yield 2, Text(_clean(lost), "yellow"), 2

    def _notes(self) -> Iterator[_Line]:
        for note in self.plan.notes:
            yield 0, Text(f"Note: {_clean(note)}", "dim"), 2
        if self.verbose and self.plan.timings:
            spent = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in self.plan.timings)
            yield 0, Text(f"Time: {spent}", "dim")


def render(
    plan: Plan, *, width: int | None = None, color: bool = False, verbose: bool = False, next_command: str | None = None
) -> str:
    """The text of a plan: wrapped at ``width`` where it is given, coloured where asked and ``NO_COLOR`` is not set."""
    out = io.StringIO()
    colored = color and not os.environ.get("NO_COLOR")
    console = Console(
        file=out,
        width=width or 10_000,
        force_terminal=width is not None,
        color_system="standard" if colored else None,
        no_color=not colored,
        highlight=False,
        legacy_windows=False,
    )
    console.print(PlanText(plan, verbose=verbose, next_command=next_command), soft_wrap=width is None)
    return out.getvalue()


def _versions(plan: Plan) -> Text:
    marks = _short(plan.from_fingerprint)
    if plan.empty:
        where = _clean(plan.target.description) + "," if plan.number is None else version_label(plan.number - 1)
        return Text(f"{where} {marks}", "dim")
    marks += f" → {_short(plan.to_fingerprint)}"
    if plan.number is None:
        return Text(f"{plan.name or _clean(f'from {plan.target.description} to {_wanted(plan)}')}, {marks}", "dim")
    names = f"{version_label(plan.number - 1)} → {version_label(plan.number)}"
    return Text.assemble((names, "bold"), f"  {plan.name}" if plan.name else "", (f"  {marks}", "dim"))


def _wanted(plan: Plan) -> str:
    return ", ".join(plan.sources) or "the other database"


def _short(fingerprint: str) -> str:
    """``pg18:1f0c2ab94d7e``: enough of a fingerprint to tell two apart."""
    major, _, digest = fingerprint.partition(":")
    return f"{major}:{digest[:12]}"


def _counts(plan: Plan) -> str:
    words: dict[Action, str] = {"create": "to create", "alter": "to change", "drop": "to drop"}
    counts = [(sum(change.action == action for change in plan.changes), word) for action, word in words.items()]
    objects = ", ".join(f"{count} {word}" for count, word in counts if count) or "no objects"
    transactions = len(phases(plan.statements))
    place = "one transaction" if transactions == 1 else f"{transactions} transactions"
    if plan.online:
        place = f"{plural(transactions, 'phase')}, online"
    authors = " and ".join(plan.authors)
    return f"{objects}: {plural(len(plan.statements), 'statement')} by {authors}, in {place}"


def _block(block: Block) -> Iterator[_Line]:
    if block.head is not None:
        yield from _change(2, block.head, str(block.head.subject))
    else:
        yield 4, Text(_clean(block.title))
    for change, name in block.parts:
        yield from _change(6, change, name)


def _change(indent: int, change: Change, name: str) -> Iterator[_Line]:
    sign, style = _SIGN[change.action]
    line = Text.assemble((f"{sign} {_clean(name)}", style))
    if change.action != "alter":
        told = dict(change.after or change.before)
        value = next((told[key] for key in _TOLD if told.get(key)), "")
        if value and "\n" not in value.strip():
            line.append(f"  {_clean(value).strip()}", "dim")
        yield indent, line
        return
    before, after = dict(change.before), dict(change.after)
    names = list(dict.fromkeys([*before, *after]))
    pairs = [(key, _clean(before.get(key, "")), _clean(after.get(key, ""))) for key in names]
    short = [f"{key}: {old or '(none)'} → {new or '(none)'}" for key, old, new in pairs if not _long(old, new)]
    if short:
        line.append(f"  {'; '.join(short)}")
    yield indent, line
    for key, old, new in pairs:
        if _long(old, new):
            yield indent + 4, Text(f"{key}:", "dim")
            yield from ((indent + 4, text) for text in _difference(old, new))


def _long(old: str, new: str) -> bool:
    return "\n" in old.strip() or "\n" in new.strip() or len(old) + len(new) > 120


def _difference(old: str, new: str) -> Iterator[Text]:
    """The lines that differ, with one line around them."""
    lines = difflib.unified_diff(old.strip().split("\n"), new.strip().split("\n"), n=1, lineterm="")
    for line in list(lines)[3:]:
        style = {"+": "green", "-": "red"}.get(line[:1], "dim")
        yield Text("…" if line.startswith("@@") else line, style)


def _hazard(hazard: Hazard) -> Text:
    mark, style = ("✗", "red") if hazard.refused else ("!", "yellow")
    figures = [plural(hazard.rows, "row")] if hazard.rows is not None else []
    figures += [size(hazard.bytes)] if hazard.bytes is not None else []
    figures += [duration(hazard.seconds)] if hazard.seconds else []
    about = f" ({', '.join(figures)})" if figures else ""
    refused = " REFUSED" if hazard.refused else ""
    return Text(f"{mark} {hazard.name} {_clean(hazard.subject)}: {_clean(hazard.message)}{about}{refused}", style)


def duration(seconds: float) -> str:
    """An estimate for people: ``about 0.3 s``, ``about 4 min``."""
    if seconds < 0.1:
        return "under 0.1 s"
    if seconds < 120:
        return f"about {seconds:.2g} s" if seconds < 10 else f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 7200 else f"about {seconds / 3600:.1f} h"


def size(count: int) -> str:
    """Bytes as ``pg_size_pretty`` says them, one digit after the point: ``3.1 MB`` (1 kB = 1024 bytes)."""
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 1024 or unit == "TB":
            break
        value /= 1024
    return f"{value:.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.1f} {unit}"


def refused_names(plan: Plan) -> Sequence[str]:
    """The names of hazards that must be allowed, once each, in the order in which they come.

    Not of those that are rows in the way: allowing them only lets the script fail.
    """
    rows = {(check.name, check.subject) for check in plan.violated}
    names = (hazard.name for hazard in plan.refused if (hazard.name, hazard.subject) not in rows)
    return list(dict.fromkeys(names))


def in_the_way(plan: Plan) -> str:
    """What a reviewer must know of rows that violate what the plan makes; empty where there are none."""
    if not plan.violated:
        return ""
    rows = plural(sum(check.rows or 0 for check in plan.violated), "row")
    return f"{rows} in the way, of {plural(len(plan.violated), 'check')}: the script fails until they are mended"


def allow_flags(plan: Plan) -> str:
    """What to add to ``schema apply``: ``--allow data-loss/drop-column --allow …``; empty where nothing is refused."""
    return " ".join(f"--allow {name}" for name in refused_names(plan))


def apply_command(plan: Plan, target: str = "") -> str:
    """How a numbered plan is applied to ``target``, as ``--target`` takes it; empty for one without a number."""
    if plan.number is None or plan.empty:
        return ""
    where = f"--target {target}" if target else ""
    return " ".join(part for part in ("dataio schema apply", where, allow_flags(plan)) if part)


def _clean(text: str) -> str:
    """Text without what a terminal would obey: an object may be called anything."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)
