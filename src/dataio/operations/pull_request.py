"""``dataio pr comment``: the plan of a pull request, and the one comment that says it.

Nothing that a pull request's own workflow made is believed: its plan is validated, its words are escaped, its number
and its commit come from the event; and what it says can be planned again (:func:`verified`).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dataio.errors import ConfigError, DataioError, UsageError
from dataio.forge.github import GitHub
from dataio.forge.gitlab import GitLab
from dataio.forge.keep import Outcome, keep
from dataio.forge.model import Annotation, Conclusion, Forge, ForgeError, Level
from dataio.migrations.files import ScriptFile, scan, suggested_name
from dataio.operations import git
from dataio.operations.git import Hunk
from dataio.operations.status import status
from dataio.operations.target import reach
from dataio.plan.jsonio import from_json
from dataio.plan.model import Plan, SourceLines
from dataio.plan.render.markdown import Drift, Surroundings, Written, render, without_times
from dataio.plan.render.sql import render as script_of
from dataio.plan.script import Script, parse
from dataio.progress import OnProgress, report
from dataio.settings import Environment, Origin, TargetChoice
from dataio.settings.forge import ForgeEnvironment
from dataio.words import is_plain_name

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a plan document that are read at all: ten times what a plan of 400 tables takes."""

GITHUB: Final = "https://api.github.com"
GITLAB: Final = "https://gitlab.com/api/v4"
_LABEL: Final = "dataio: "
_SUMMARY: Final = 900_000  # GitHub takes a MiB per step


@dataclass(frozen=True)
class Commented:
    """What became of the comment on ``number``, and what could not be done beside it."""

    number: int
    outcome: Outcome
    notes: tuple[str, ...] = ()


def read_plan(path: Path) -> Plan:
    """A plan document from anywhere: bounded, valid, or refused. Raises UsageError."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UsageError(f"{path}: {size:,} bytes are no plan (at most {LARGEST:,})")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8, so not a plan") from None
    return from_json(text, source=str(path))


def contradictions(document: Plan, again: Plan) -> tuple[str, ...]:
    """Where a document says something else than what was planned again, in words; empty where they agree.

    Times, versions of tools, and descriptions of servers may differ; what the database would go through may not.
    """
    one, other = without_times(document), without_times(again)
    said = []
    for name in ("from_fingerprint", "to_fingerprint", "changes", "diagram", "managed", "ignored"):
        if getattr(one, name) != getattr(other, name):
            said.append(name.replace("_", " "))
    ours = [(s.sql, s.action, s.subject, s.new_transaction, s.observation) for s in other.statements]
    theirs = [(s.sql, s.action, s.subject, s.new_transaction, s.observation) for s in one.statements]
    said += ["statements"] if ours != theirs else []
    said += ["hazards"] if one.hazards != other.hazards else []
    holds = [plan.proof is not None and plan.proof.holds for plan in (one, other)]
    said += ["proof"] if holds[0] != holds[1] else []
    return tuple(said)


def verified(document: Plan, again: Plan) -> tuple[Plan, tuple[str, ...]]:
    """The plan to show, which is what was planned again, with a warning where the document says otherwise."""
    wrong = contradictions(document, again)
    if not wrong:
        return again, ()
    warning = (
        f"The plan that the pull request's workflow uploaded differs from what dataio planned again in: "
        f"{', '.join(wrong)}. Shown is what was planned again."
    )
    return again, (warning,)


def named(plan: Plan, written: Written | None = None) -> Plan:
    """The plan with a name: its own, that of the change's script, or the one that its script would get."""
    if plan.name or plan.empty:
        return plan
    if written is not None and len(written.files) == 1:
        return replace(plan, name=Path(written.files[0]).stem.partition("_")[2])
    return replace(plan, name=suggested_name(plan))


def written(plan: Plan, root: Path, migrations: Path, *, base: str, head: str) -> Written:
    """The scripts that ``head`` ("": the files here) has and ``base`` has not, beside the plan between the two."""
    try:
        before = {script.script.text for script in _scripts(root, migrations, base)}
        found = _scripts(root, migrations, head) if head else scan(migrations)
        new = [script for script in found if script.script.text not in before]
        ours = _statements(parse(script_of(plan)))
    except DataioError as error:
        return Written(wrong=error.message)
    if not new:
        return Written()
    files = tuple(script.path.name for script in new)
    if [one for script in new for one in _statements(script.script)] == ours:
        return Written(files, "same")
    return Written(files, "end" if new[-1].header.to_fingerprint == plan.to_fingerprint else "no")


def _scripts(root: Path, migrations: Path, ref: str) -> tuple[ScriptFile, ...]:
    """The scripts at a commit. Raises UsageError where they cannot be read."""
    if not git.holds(root, ref, [migrations]):
        return ()
    with tempfile.TemporaryDirectory(prefix="dataio-pr-") as folder:
        (there,) = git.checkout(root, ref, [migrations], Path(folder))
        try:
            return scan(there)
        except DataioError as error:
            raise UsageError(error.message.replace(f"{folder}/", "")) from None


def _statements(script: Script) -> list[str]:
    """The statements without the comments on what each does, which depends on the database it was planned for."""
    return [
        "\n".join(line for line in chunk.sql.strip().splitlines() if not line.startswith("--"))
        for chunk in script.statements
    ]


def forge_of(known: ForgeEnvironment, *, api: str = "") -> Forge:
    """The forge that the environment names. Raises ConfigError for what is missing."""
    missing = [what for what, value in (("a token", known.token), ("a repository", known.repository)) if not value]
    if missing:
        names = "GITLAB_TOKEN and CI_PROJECT_PATH" if known.kind == "gitlab" else "GITHUB_TOKEN and GITHUB_REPOSITORY"
        raise ConfigError(
            f"a comment needs {' and '.join(missing)}", hint=f"Set {names}; --dry-run prints without a forge."
        )
    address = api or known.api
    if known.kind == "gitlab":
        return GitLab(known.repository, token=known.token, api=address or GITLAB)
    return GitHub(known.repository, token=known.token, api=address or GITHUB, graphql=known.graphql)


def number_of(forge: Forge, known: ForgeEnvironment, given: int | None) -> int | None:
    """The pull request: given, or the event's; of a ``workflow_run`` the one whose head the run was about.

    ``None`` where that one was closed or has moved on: then there is nothing to say. Raises UsageError without any.
    """
    number = given or known.number
    if number is None and known.from_workflow_run:
        return forge.pull_request_of(known.head)
    if number is None:
        raise UsageError("which pull request?", hint="Give --number, or run in a workflow that a pull request started.")
    return number


def comment(
    forge: Forge,
    plan: Plan,
    around: Surroundings,
    *,
    number: int,
    key: str = "plan",
    run: int = 0,
    author: str = "",
    labels: bool = False,
    check: bool = False,
    on_progress: OnProgress = None,
) -> Commented:
    """Make the one comment say the plan; with no changes it is deleted.

    ``labels`` and ``check`` put labels by hazard and a verdict beside it; what the token may not do there is a note.
    Raises :class:`~dataio.forge.model.ForgeError`.
    """
    report(on_progress, "comment", f"#{number}")
    request = forge.pull_request(number)
    nothing = plan.empty and not around.warnings and not any(one.differences for one in around.drift)
    body = None if nothing else render(plan, around=around, limit=forge.limit - 200)
    kept = keep(forge, number, body, key=key, run=run, author=author)
    notes = []
    if kept.outcome != "newer":
        if labels:
            wanted = {_LABEL + hazard.kind for hazard in plan.hazards}
            present = {label for label in request.labels if label.startswith(_LABEL)}
            notes += _tried(lambda: forge.change_labels(number, wanted - present, present - wanted), "labels")
        if check:
            verdict: Conclusion = "success" if plan.empty else "neutral" if not plan.refused else "failure"
            title = f"{len(plan.refused)} hazards to allow" if plan.refused else "nothing that needs to be allowed"
            summary = render(plan, around=around, limit=60_000)
            said = annotated(plan)
            notes += _tried(lambda: forge.report(request.head, verdict, title, summary, said), "check")
    return Commented(number, kept.outcome, tuple(notes))


def _tried(act: Callable[[], None], what: str) -> list[str]:
    try:
        act()
    except ForgeError as error:
        if error.status not in (403, 404):
            raise
        return [f"no {what}: {error.message}"]
    return []


def located(plan: Plan, hunks: Sequence[Hunk]) -> Plan:
    """The plan with the changed lines of the schema that each statement follows from: those of the hunk that names its
    subject, or of the one that names its relation, or of the only one. Else the statement stays without lines.
    """
    statements = []
    for statement in plan.statements:
        names = statement.subject.path[::-1]
        places = (hunk for name in names for hunk in hunks if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", hunk.text))
        hunk = next(places, hunks[0] if len(hunks) == 1 else None)
        lines = SourceLines(hunk.path, hunk.first, hunk.last) if hunk is not None else None
        statements.append(replace(statement, lines=lines))
    return replace(plan, statements=tuple(statements))


def annotated(plan: Plan) -> list[Annotation]:
    """Each hazard at the lines of the schema that it comes from (its first line, where those are not known)."""
    found = []
    for statement in plan.statements:
        lines = statement.lines
        for hazard in statement.hazards:
            path = lines.file if lines is not None else (plan.sources[0] if plan.sources else "schema.sql")
            first, last = (lines.first, lines.last) if lines is not None else (1, 1)
            level: Level = "failure" if hazard.refused else "warning"
            found.append(Annotation(path, first, last, level, hazard.name, f"{hazard.subject}: {hazard.message}"))
    return found


def workflow_commands(plan: Plan) -> list[str]:
    """The annotations as GitHub's workflow commands, one line each; nothing in them ends a line or starts another."""
    lines = []
    for one in annotated(plan):
        kind = "error" if one.level == "failure" else "warning"
        place = f"file={_property(one.path)},line={one.first},endLine={one.last},title={_property(one.title)}"
        lines.append(f"::{kind} {place}::{_escaped(one.message)}")
    return lines


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def summary(plan: Plan, around: Surroundings) -> str:
    """What goes into the job's summary: the comment, nearly without limit."""
    return render(plan, around=replace(around, whole=""), limit=_SUMMARY)


def drift_of(
    names: Sequence[str],
    environments: Mapping[str, Environment],
    *,
    root: Path,
    migrations: Path,
    scratch_url: str | None,
    on_progress: OnProgress = None,
) -> tuple[Drift, ...]:
    """How named environments stand to their histories; one that cannot be reached is said, and stops nothing."""
    found = []
    for name in names:
        environment = environments.get(name)
        if environment is None:
            known = ", ".join(sorted(environments)) or "none"
            shown = repr(name) if is_plain_name(name) else "of that name"
            raise UsageError(f"there is no environment {shown} (known: {known})")
        if environment.url is None:
            found.append(Drift(name, unknown=f"{environment.url_env} is not set"))
            continue
        choice = TargetChoice(environment.url, Origin("flag", "--drift"), name, environment.protected)
        try:
            place = reach(choice, environments, root)
            state = status(place, migrations=migrations, scratch_url=scratch_url, on_progress=on_progress)
        except DataioError as error:
            found.append(Drift(name, unknown=error.message))
            continue
        unknown = "" if state.drift is not None else "; ".join(state.problems) or "dataio has applied nothing there"
        found.append(Drift(name, state.drift or (), unknown, state.version))
    return tuple(found)
