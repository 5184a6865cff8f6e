"""``dataio doctor``: what works in a set-up, what does not, and what to do about it. Nothing of value is changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import DataioError
from dataio.migrations import files
from dataio.operations import commits, git
from dataio.operations.dumps import open_store, s3_options
from dataio.operations.status import status
from dataio.operations.target import Place, reach
from dataio.planner.state import Workshop
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.scratch import provider_for
from dataio.postgres.source import extensions_made
from dataio.progress import OnProgress, report
from dataio.settings import Settings
from dataio.words import plural

_PROBE: Final = b"dataio doctor was here; this may be deleted\n"


@dataclass(frozen=True)
class Finding:
    """One line: ``what`` was looked at, ``said`` what was found, ``hint`` what to do where it is not ``ok``.

    ``ok`` is None where there was nothing to look at.
    """

    what: str
    ok: bool | None
    said: str
    hint: str = ""


def examine(settings: Settings, *, on_progress: OnProgress = None) -> Iterator[Finding]:
    """Look at everything, one finding after the other; what fails is a finding, and the rest is looked at still."""
    yield from _contradictions(settings)
    place: Place | None = None
    try:
        report(on_progress, "target")
        place = reach(settings.target, settings.environments, settings.root)
        yield Finding("target", True, place.describe())
    except DataioError as error:
        yield _failed("target", error)
    if place is not None:
        found = place
        yield _tried("pg_dump", lambda: _pg_dump(found))
    report(on_progress, "scratch")
    yield _tried("scratch databases", lambda: _scratch(settings, place))
    yield _tried("scripts", lambda: _scripts(settings))
    report(on_progress, "schema")
    yield _tried("schema", lambda: _schema(settings, place))
    if place is not None:
        report(on_progress, "drift")
        yield _tried("drift", lambda: _drift(settings, found))
    report(on_progress, "store")
    yield _tried("dump store", lambda: _store(settings))
    yield _tried("commit", lambda: _commit(settings))


def _tried(what: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except DataioError as error:
        return _failed(what, error)


def _failed(what: str, error: DataioError) -> Finding:
    first = error.detail.splitlines()[0].strip() if error.detail else ""
    return Finding(what, False, error.message + (f" ({first})" if first else ""), error.hint)


def _contradictions(settings: Settings) -> Iterator[Finding]:
    for one in settings.contradictions:
        said = f"{one.variable} differs between the shell and .env; the shell's is used"
        yield Finding("settings", False, said, f"Unset {one.variable} in the shell, or make .env say the same.")
    if not settings.contradictions:
        yield Finding("settings", True, f"project {settings.root}")


def _pg_dump(place: Place) -> Finding:
    found = dump_binaries(place.major)
    return Finding("pg_dump", True, f"{found.describe()} for PostgreSQL {place.server_version}")


def _scratch(settings: Settings, place: Place | None) -> Finding:
    target = place.target if place is not None else None
    protected = place is not None and place.protected
    with provider_for(target, scratch_url=settings.scratch_url, protected=protected) as scratch:
        made = scratch.create("doctor")
        scratch.drop(made)
        passed_over = f"; not taken: {'; '.join(scratch.refused)}" if scratch.refused else ""
        return Finding("scratch databases", True, f"made and dropped one on {scratch.origin}{passed_over}")


def _scripts(settings: Settings) -> Finding:
    scripts = files.scan(settings.migrations)
    for one in scripts:
        one.verify()
    last = f", the last {scripts[-1].path.name}" if scripts else ""
    return Finding("scripts", True, f"{len(scripts)} in {git.relative(settings.migrations, settings.root)}/{last}")


def _schema(settings: Settings, place: Place | None) -> Finding:
    missing = [path for path in settings.schema if not path.exists()]
    if missing:
        name = git.relative(missing[0], settings.root)
        hint = "`dataio init` writes one, `dataio schema adopt` takes it from a database, --schema names another."
        return Finding("schema", False, f"there is no {name}", hint)
    target = place.target if place is not None else None
    protected = place is not None and place.protected
    with provider_for(
        target,
        scratch_url=settings.scratch_url,
        protected=protected,
        wants_extensions=extensions_made(settings.schema),
    ) as scratch:
        loaded = Workshop(scratch, None).desired_snapshot(settings.schema)
    names = ", ".join(str(git.relative(path, settings.root)) for path in settings.schema)
    return Finding("schema", True, f"{names} loads: {plural(sum(1 for _ in loaded.of_kind('table')), 'table')}")


def _drift(settings: Settings, place: Place) -> Finding:
    state = status(place, migrations=settings.migrations, scratch_url=settings.scratch_url)
    if state.problems:
        return Finding("drift", False, "; ".join(state.problems), "`dataio schema status` says more.")
    if state.drift is None:
        return Finding("drift", None, "not checked: dataio has applied nothing there")
    if state.drift:
        said = (
            f"{plural(len(state.drift), 'difference')} between the database and its history, {state.drift[0]} the first"
        )
        return Finding("drift", False, said, "`dataio schema drift` lists them; a plan takes them back or in.")
    waiting = f", {len(state.pending)} pending" if state.pending else ""
    return Finding("drift", True, f"none at version {state.version:03d}{waiting}")


def _store(settings: Settings) -> Finding:
    if not settings.store.startswith("s3://") and not Path(settings.store).exists():
        return Finding("dump store", None, f"{git.relative(Path(settings.store), settings.root)} does not exist yet")
    store = open_store(settings.store, root=settings.root, options=s3_options(settings))
    key = f"doctor/{secrets.token_hex(8)}"
    store.put(key, _PROBE, {"dataio-doctor": "1"})
    try:
        if store.read(key) != _PROBE:
            return Finding("dump store", False, f"{store.location}: what was put there comes back changed")
        store.set_tags(key, {"dataio-doctor": "2"})
        tags = store.tags(key)
    finally:
        store.delete([key])
    if tags.get("dataio-doctor") != "2":
        return Finding("dump store", False, f"{store.location} does not keep tags", "Set s3_tagging = false.")
    return Finding("dump store", True, f"{store.location}: put, read, tagged and deleted an object")


def _commit(settings: Settings) -> Finding:
    try:
        rows = commits.staged_rows(settings.root, migrations=settings.migrations)
    except DataioError as error:
        return Finding("commit", None, f"not looked at: {error.message}")
    if rows:
        hint = "git restore --staged takes it out; `dataio init` adds lines to .gitignore."
        return Finding("commit", False, f"about to be committed: {'; '.join(rows)}", hint)
    return Finding("commit", True, "no dump and no rows are staged")
