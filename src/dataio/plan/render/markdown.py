"""The plan as a comment on a pull request: GitHub's and GitLab's Markdown, never longer than the forge takes.

What must give way gives way in this order: the objects' differences, one by one, the longest first; the diagram; the
middle of the script; the whole script; rows of the table, those with refused hazards last. What is gone is named, with
a link to where the whole is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from dataio.diagram.mermaid import mermaid
from dataio.diagram.model import Diagram
from dataio.plan.model import Action, Change, Hazard, Plan, SourceLines, Statement
from dataio.plan.render.markup import code, fenced, folded, prose
from dataio.plan.render.sql import phases, proof_line, target_line
from dataio.plan.render.sql import render as script_of
from dataio.plan.render.text import duration, in_the_way, refused_names, size
from dataio.plan.render.tree import Block, blocks, relation_of
from dataio.plan.script import version_label
from dataio.words import plural

LIMIT: Final = 65_536
"""What GitHub takes as a comment, in characters; counted here in bytes, of which there are never fewer."""

_SIGNS: Final[dict[Action, str]] = {"create": "+", "alter": "~", "drop": "−"}  # noqa: RUF001  (as wide as the plus)
_STRENGTH: Final = (
    "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock",
    "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock",
)  # fmt: skip
_TOLD: Final = ("type", "definition", "expression", "text", "generation")
_PARTS: Final = 8
_HAZARDS: Final = 6
_WORD: Final = re.compile(r"[a-z0-9_]{1,80}")
_HAZARD: Final = re.compile(r"[a-z-]{1,30}/[a-z-]{1,40}")
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


@dataclass(frozen=True)
class Drift:
    """How a named environment stands to its history: what differs, or why that is not known."""

    environment: str
    differences: tuple[str, ...] = ()
    unknown: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Written:
    """The scripts that a change comes with, by file name. ``agrees`` says how they stand to the plan: they do the same,
    end at the same schema by other statements (``end``), or elsewhere (``no``). ``wrong``: why they cannot be read.
    """

    files: tuple[str, ...] = ()
    agrees: Literal["same", "end", "no"] = "no"
    wrong: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What a comment says beside the plan. Addresses are the forge's own, never a plan's.

    ``whole``: where the comment is without limit; ``source``: the address of a file at the planned commit, to which
    ``FILE#L1-L2`` is added; ``sides``: what was compared, in words; ``warnings``: what the reader must know first;
    ``written``: the change's own scripts, where that is known.
    """

    whole: str = ""
    source: str = ""
    sides: str = ""
    warnings: tuple[str, ...] = ()
    drift: tuple[Drift, ...] = ()
    written: Written | None = None


@dataclass
class _Budget:
    """What may still be shown. Lowered step by step until all fits."""

    differences: int
    diagram: bool = True
    script: int | None = None  # lines at either end; None: all of it
    rows: int | None = None
    notes: list[str] = field(default_factory=list)


def render(plan: Plan, *, around: Surroundings | None = None, limit: int = LIMIT) -> str:
    """The comment's Markdown, at most ``limit`` bytes of it."""
    around = around or Surroundings()
    if plan.empty:
        return "\n\n".join(_empty(plan, around)) + "\n"
    found = blocks(plan.changes)
    differences = list(_differences(found))
    order = sorted(range(len(differences)), key=lambda index: len(differences[index][1]))

    def composed(budget: _Budget) -> str:
        kept = sorted(order[: budget.differences])
        return "\n\n".join(_sections(plan, around, found, [differences[index] for index in kept], budget)) + "\n"

    text = ""
    for budget in _steps(len(differences), len(found)):
        text = composed(budget)
        if len(text.encode()) <= limit:
            return text
    return text


def _steps(differences: int, rows: int) -> Iterator[_Budget]:
    count = differences
    yield _Budget(count)
    while count > 1:
        count = count * 3 // 4
        yield _Budget(count)
    yield _Budget(0)
    yield _Budget(0, script=400)
    for lines in (100, 40, 10):
        yield _Budget(0, diagram=False, script=lines)
    shown = rows
    while shown > 1:
        shown = shown * 3 // 4
        yield _Budget(0, diagram=False, script=0, rows=shown)


def _empty(plan: Plan, around: Surroundings) -> Iterator[str]:
    yield "### dataio: no changes"
    yield from _warnings(around)
    yield f"<p>The schema describes what {code(_target(plan))} holds already. {prose(around.sides)}</p>"
    yield from _drift(around.drift)
    yield _footer(plan)


def _sections(
    plan: Plan, around: Surroundings, found: Sequence[Block], differences: Sequence[tuple[str, str]], budget: _Budget
) -> Iterator[str]:
    yield _title(plan)
    yield from _warnings(around)
    yield _summary(plan, around)
    yield _verdict(plan)
    yield _table(plan, around, found, budget.rows)
    if budget.diagram and plan.diagram:
        names = plural(len(plan.diagram.tables), "table")
        drawing = fenced(mermaid(plan.diagram), "mermaid")
        yield folded(f"Diagram: the changed tables and what refers to them ({names})", drawing, opened=True)
    if differences:
        body = "\n\n".join(f"<p>{title}</p>\n\n{fenced(text, 'diff')}" for title, text in differences)
        yield folded(f"Before and after ({len(differences)})", body)
    yield from _script(plan, budget.script)
    left = _left_out(plan, found, differences, budget)
    if left:
        where = f' <a href="{_address(around.whole)}">All of it is here.</a>' if _address(around.whole) else ""
        yield f"<p><em>Left out, for this comment's size: {left}.</em>{where}</p>"
    yield from _drift(around.drift)
    yield _next(plan, around.written)
    yield _footer(plan)


def _title(plan: Plan) -> str:
    hazards = len(refused_names(plan))
    state = f": {plural(hazards, 'hazard')} to allow" if hazards else ""
    versions = ""
    if plan.number is not None:
        versions = f", {version_label(plan.number - 1)} → {version_label(plan.number)}"
    return f"### dataio: the schema changes{versions}{state}"


def _target(plan: Plan) -> str:
    return target_line(plan.target)


def _warnings(around: Surroundings) -> Iterator[str]:
    for warning in around.warnings:
        yield f"<p><strong>⚠ {prose(warning)}</strong></p>"


def _summary(plan: Plan, around: Surroundings) -> str:
    counts = {action: sum(change.action == action for change in plan.changes) for action in _SIGNS}
    signs = " ".join(f"{_SIGNS[action]}{count}" for action, count in counts.items())
    transactions = len(phases(plan.statements))
    place = "one transaction" if transactions == 1 else plural(transactions, "phase" if plan.online else "transaction")
    statements = plural(len(plan.statements), "statement")
    sides = f" · {prose(around.sides)}" if around.sides else ""
    return f"<p><strong>{signs}</strong> · {statements} in {place} · {code(_target(plan))}{sides}</p>"


def _verdict(plan: Plan) -> str:
    proof = plan.proof
    mark = "✓" if proof is not None and proof.holds else "✗"
    took = f" in {proof.seconds:.1f} s" if proof is not None else ""
    lines = [f"{mark} Proof: {prose(proof_line(proof))}{took}"]
    if rows := in_the_way(plan):
        lines.append(f"✗ {rows}")
    if names := ", ".join(code(name) for name in refused_names(plan)):
        lines.append(f"✗ Refused until allowed by name: {names}")
    return f"<p>{'<br>'.join(lines)}</p>"


def _table(plan: Plan, around: Surroundings, found: Sequence[Block], rows: int | None) -> str:
    about: dict[tuple[str, ...], list[Statement]] = {}
    for statement in plan.statements:
        about.setdefault(relation_of(statement.subject), []).append(statement)
    shown = list(found)
    if rows is not None and len(shown) > rows:
        urgent = sorted(range(len(found)), key=lambda index: (not _refuses(about.get(found[index].path, ())), index))
        shown = [found[index] for index in sorted(urgent[:rows])]
    lines = ["<table>", "<tr><th>Object</th><th>What</th><th>Hazards</th><th>Lock</th><th>Rows</th></tr>"]
    for block in shown:
        statements = about.get(block.path, [])
        same = {(one.name, one.subject, one.message): one for statement in statements for one in statement.hazards}
        hazards = list(same.values())
        place = next((one.lines for one in statements if one.lines is not None), None)
        cells = [
            f"{_sign(block)} {_linked(code(block.title), place, around.source)}",
            "<br>".join(_parts(block, plan.diagram)),
            "<br>".join(_hazards(hazards)),
            _lock(statements),
            _rows(hazards),
        ]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _refuses(statements: Sequence[Statement]) -> bool:
    return any(hazard.refused for statement in statements for hazard in statement.hazards)


def _sign(block: Block) -> str:
    return _SIGNS[block.head.action] if block.head is not None else "~"


def _linked(text: str, place: SourceLines | None, source: str) -> str:
    """The text as a link to the lines of the schema, where the forge says at which address files are."""
    base = _address(source)
    if place is None or not base or re.fullmatch(r"[\w./ -]+", place.file) is None or ".." in place.file:
        return text
    return f'<a href="{base}/{place.file.replace(" ", "%20")}#L{place.first}-L{place.last}">{text}</a>'


def _parts(block: Block, drawn: Diagram) -> Iterator[str]:
    parts = [(change, name) for change, name in block.parts]
    if block.head is not None and (block.head.action == "alter" or not parts):
        columns = next((len(one.columns) for one in drawn.tables if one.key == block.path), 0)
        kind = block.head.subject.kind.replace("_", " ") + (f" ({columns} columns)" if columns else "")
        parts.insert(0, (block.head, kind))
    for change, name in parts[:_PARTS]:
        yield f"{_SIGNS[change.action]} {_described(change, name)}"
    if len(parts) > _PARTS:
        yield f"… and {len(parts) - _PARTS} more"


def _described(change: Change, name: str) -> str:
    if change.action == "alter":
        before, after = dict(change.before), dict(change.after)
        pairs = [(key, before.get(key, ""), after.get(key, "")) for key in dict.fromkeys([*before, *after])]
        short = [
            f"{prose(key)} {code(old or '(none)', longest=40)} → {code(new or '(none)', longest=40)}"
            for key, old, new in pairs
            if "\n" not in old + new and len(old) + len(new) <= 80
        ]
        long = [prose(key) for key, old, new in pairs if "\n" in old + new or len(old) + len(new) > 80]
        return f"{code(name, longest=80)}: {', '.join([*short, *long])}" if pairs else code(name, longest=80)
    told = dict(change.after or change.before)
    value = next((told[key] for key in _TOLD if told.get(key)), "")
    return f"{code(name, longest=80)} {code(value, longest=60)}" if value else code(name, longest=80)


def _hazards(hazards: Sequence[Hazard]) -> Iterator[str]:
    for hazard in sorted(hazards, key=lambda one: not one.refused)[:_HAZARDS]:
        figures = [duration(hazard.seconds)] if hazard.seconds else []
        figures += [size(hazard.bytes)] if hazard.bytes and hazard.kind in ("rewrite", "scan") else []
        about = f" ({', '.join(figures)})" if figures else ""
        yield f"{'✗' if hazard.refused else '⚠'} {code(hazard.name)} {prose(hazard.message, longest=160)}{about}"
    if len(hazards) > _HAZARDS:
        yield f"… and {len(hazards) - _HAZARDS} more"


def _lock(statements: Sequence[Statement]) -> str:
    modes = {lock.mode for one in statements if one.observation is not None for lock in one.observation.locks}
    known = [mode for mode in _STRENGTH if mode in modes]
    return known[-1].removesuffix("Lock") if known else ""


def _rows(hazards: Sequence[Hazard]) -> str:
    rows = [hazard.rows for hazard in hazards if hazard.rows is not None]
    return f"{max(rows):,}" if rows else ""


def _differences(found: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Each object's attributes before and after, as a diff; the title is HTML."""
    for block in found:
        changes = [block.head] if block.head is not None else []
        changes += [change for change, _ in block.parts]
        lines: list[str] = []
        for change in changes:
            before, after = _stated(change.before), _stated(change.after)
            if before != after:
                lines += [f"@@ {change.subject} @@"]
                lines += [line for line in difflib.ndiff(before, after) if not line.startswith("?")]
        if lines:
            yield f"{_sign(block)} {code(block.title)}", "\n".join(lines)


def _stated(attributes: Sequence[tuple[str, str]]) -> list[str]:
    lines = []
    for key, value in attributes:
        first, *rest = (value or "(none)").strip("\n").split("\n")
        lines += [f"{key}: {first}", *(f"  {line}" for line in rest)]
    return lines


def _script(plan: Plan, ends: int | None) -> Iterator[str]:
    lines = script_of(plan).rstrip("\n").split("\n")
    if ends == 0:
        return
    title = f"Script ({len(lines)} lines)"
    if ends is not None and len(lines) > 2 * ends:
        lines = [*lines[:ends], "", f"-- … {len(lines) - 2 * ends} lines are left out here …", "", *lines[-ends:]]
    yield folded(title, fenced("\n".join(lines), "sql"))


def _left_out(plan: Plan, found: Sequence[Block], differences: Sequence[object], budget: _Budget) -> str:
    whole = sum(1 for _ in _differences(found))
    parts = [f"{plural(whole - len(differences), 'object')} before and after"] if len(differences) < whole else []
    parts += ["the diagram"] if plan.diagram and not budget.diagram else []
    if budget.script == 0:
        parts.append("the script")
    elif budget.script is not None and len(script_of(plan).split("\n")) > 2 * budget.script:
        parts.append("the middle of the script")
    if budget.rows is not None and budget.rows < len(found):
        parts.append(f"{plural(len(found) - budget.rows, 'object')} of the table")
    return ", ".join(parts)


def _drift(environments: Sequence[Drift]) -> Iterator[str]:
    if not environments:
        return
    rows = ["<table>", "<tr><th>Environment</th><th>Version</th><th>Drift</th></tr>"]
    for one in environments:
        version = f"{one.version:03d}" if one.version is not None else ""
        if one.unknown:
            state = f"not checked: {prose(one.unknown, longest=200)}"
        elif one.differences:
            shown = "<br>".join(code(line, longest=160) for line in one.differences[:5])
            more = f"<br>… and {len(one.differences) - 5} more" if len(one.differences) > 5 else ""
            state = f"✗ {plural(len(one.differences), 'difference')}<br>{shown}{more}"
        else:
            state = "✓ none"
        rows.append(f"<tr><td>{code(one.environment)}</td><td>{version}</td><td>{state}</td></tr>")
    yield "\n".join([*rows, "</table>"])


def _next(plan: Plan, written: Written | None) -> str:
    """What to do with it. Commands are copied into shells: only names that are plain words stand in them."""
    name = plan.name if _WORD.fullmatch(plan.name) else ""
    allowed = " ".join(f"--allow {hazard}" for hazard in refused_names(plan) if _HAZARD.fullmatch(hazard))
    apply = f"dataio schema apply {allowed}".rstrip()
    commands = [apply] if plan.number is not None else ["# after the merge", apply]
    if plan.number is None and (written is None or written.agrees == "no"):
        again = " again" if written is not None and written.files else ""
        unless = ", unless it is there" if written is None else ""
        write = f"# write the script{again}, and commit it with the schema{unless}"
        commands = [write, f"dataio schema plan {name}".rstrip(), *commands]
    return f"{_on_scripts(written)}<p>What to do next:</p>\n\n{fenced(chr(10).join(commands), 'sh')}"


def _on_scripts(written: Written | None) -> str:
    """How the change's own scripts stand to the plan."""
    if written is None or not (written.files or written.wrong):
        return ""
    if written.wrong:
        return f"<p>Its scripts cannot be read: {prose(written.wrong)}</p>\n\n"
    one = len(written.files) == 1
    state = {
        "same": "does the same." if one else "do the same together.",
        "end": f"{'ends' if one else 'end'} at the same schema by other statements: they are what will be applied.",
        "no": f"{'ends' if one else 'end'} at another schema than this plan.",
    }[written.agrees]
    names = ", ".join(code(name) for name in written.files[:10])
    return f"<p>{'Its script' if one else 'Its scripts'} {names} {state}</p>\n\n"


def _footer(plan: Plan) -> str:
    tools = ", ".join(f"{name} {version}" for name, version in plan.tools)
    commit = f" at {code(plan.git_commit)}" if plan.git_commit else ""
    ends = f"{code(plan.from_fingerprint[:17])} → {code(plan.to_fingerprint[:17])}"
    return f"<p><sub>{ends}{commit} · {prose(tools)}</sub></p>"


def _address(text: str) -> str:
    """An address that may stand in an attribute; nothing else does."""
    return text if _ADDRESS.fullmatch(text) else ""


def without_times(plan: Plan) -> Plan:
    """The plan without what differs from one planning to the next: two plans of one change compare equal."""
    proof = replace(plan.proof, seconds=0.0) if plan.proof is not None else None
    statements = tuple(
        replace(one, observation=replace(one.observation, seconds=0.0)) if one.observation is not None else one
        for one in plan.statements
    )
    return replace(plan, proof=proof, statements=statements, timings=(), created_at="")
