"""``dataio restore``: a dump from a store, a folder or a file, brought back beside the target and put in its place."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dataio.dumps import swap
from dataio.dumps.errors import DumpError
from dataio.dumps.folder import FolderStore
from dataio.dumps.foreign import restore_foreign
from dataio.dumps.listing import read_manifest
from dataio.dumps.manifest import FILE, Manifest
from dataio.dumps.restore import Options, Restored, restore
from dataio.dumps.store import Store
from dataio.migrations import files, history
from dataio.migrations.files import ScriptFile
from dataio.operations import apply as applying
from dataio.operations.git import checkout, holds
from dataio.operations.state import Observatory
from dataio.operations.target import Place
from dataio.plan.policy import Policy
from dataio.plan.script import label
from dataio.postgres.binaries import dump_binaries
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.load import load_schema
from dataio.postgres.process import run
from dataio.postgres.scratch import provider_for
from dataio.progress import OnProgress, report


def open_folder(path: Path) -> tuple[Store, Manifest] | None:
    """A dump by the folder that holds its manifest, or by the manifest itself; ``None`` for what is no dump of ours.

    Raises DumpError and Damaged for one that cannot be used.
    """
    folder = path.parent if path.name == FILE else path
    if not (folder / FILE).is_file():
        return None
    store = FolderStore(folder.absolute().parent.parent)
    manifest = Manifest.from_json((folder / FILE).read_bytes(), where=str(folder / FILE))
    if manifest.id != f"{folder.absolute().parent.name}/{folder.absolute().name}":
        raise DumpError(
            f"{folder} holds the dump {manifest.id}, and was renamed or moved out of {manifest.id.partition('/')[0]}/",
            hint=f"Move it to …/{manifest.id}, and name that.",
        )
    return store, read_manifest(store, manifest.id)


def restore_dump(
    place: Place,
    store: Store,
    manifest: Manifest,
    options: Options,
    *,
    work: Path,
    on_progress: OnProgress = None,
) -> Restored:
    """Restore a dump of ours; see :func:`dataio.dumps.restore.restore`."""
    return restore(place.target, store, manifest, options, work=work, on_progress=on_progress)


def restore_file(place: Place, path: Path, options: Options, *, work: Path, on_progress: OnProgress = None) -> Restored:
    """Restore what ``pg_dump`` wrote without us (custom, directory, plain; zst and gz too): there is no manifest to
    compare it with, which a note says.
    """
    return restore_foreign(place.target, path, options, work=work, on_progress=on_progress)


def then_apply(
    place: Place,
    *,
    migrations: Path,
    allow: Collection[str] = (),
    policy: Policy | None = None,
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Callable[[Target], Sequence[str]]:
    """For ``Options.then``: bring the restored database up to today's schema by the pending scripts."""

    def run_pending(target: Target) -> Sequence[str]:
        restored = replace(place, target=target, database=target.dbname, exists=True)
        waiting = applying.pending(restored, migrations=migrations)
        if not waiting.scripts:
            return ["nothing was pending"]
        applying.apply(restored, waiting, allow=allow, policy=policy, scratch_url=scratch_url, on_progress=on_progress)
        return [f"then applied {script.header.label} {script.header.name}" for script in waiting.scripts]

    return run_pending


def version_note(manifest: Manifest, migrations: Path) -> Sequence[str]:
    """What is to be said of a dump that is newer than the project's scripts."""
    scripts = files.scan(migrations)
    if not scripts or manifest.version <= scripts[-1].number:
        return []
    known = scripts[-1].header.label
    return [f"the dump is of version {label(manifest.version)}, and {migrations.name} goes to {known} only"]


@dataclass(frozen=True)
class Archived:
    """A schema for ``Options.schema_archive``. ``scripts`` make it; where none do, ``unlike`` says why."""

    path: Path
    scripts: tuple[ScriptFile, ...]
    unlike: str = ""

    def register(self, target: Target) -> Sequence[str]:
        """For ``Options.then``: give the restored database the history that the scripts would have left."""
        if not self.scripts:
            return [f"the database has no history of migrations: {self.unlike}"]
        with connect(target) as connection:
            for one in self.scripts:
                history.register(connection, one.script)
        return [f"the schema is that of version {self.scripts[-1].header.label}, which was registered as its history"]


@contextlib.contextmanager
def schema_archive(
    place: Place,
    sources: Sequence[Path],
    *,
    root: Path,
    migrations: Path,
    git_ref: str = "",
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Iterator[Archived]:
    """An archive of the schema that ``sources`` make (as they and ``migrations`` are at ``git_ref``).

    Raises SourceError, MigrationError, UsageError for a ref that git does not know, ScratchUnavailable.
    """
    with tempfile.TemporaryDirectory(prefix="dataio-schema-") as passing:
        folder = Path(passing)
        found = list(sources)
        if git_ref:
            wanted = [*sources, *([migrations] if holds(root, git_ref, [migrations]) else [])]
            found = checkout(root, git_ref, wanted, folder / "tree")
            migrations = found[len(sources)] if len(wanted) > len(sources) else folder / "none"
        report(on_progress, "load", f"the schema of {git_ref}" if git_ref else "the schema")
        target = place.target if place.exists else None
        with provider_for(
            target, scratch_url=scratch_url, protected=place.protected, major=place.major if target is None else None
        ) as scratch:
            database = scratch.create("schema")
            try:
                load_schema(database.target, found[: len(sources)], server=scratch.origin)
                made = Archived(folder / "schema.dump", *_made_by(database.target, place, scratch.major, migrations))
                run(
                    dump_binaries(scratch.major),
                    "pg_dump",
                    ["--format=custom", "--schema-only", "--no-password", f"--file={made.path}"],
                    target=database.target,
                )
            finally:
                scratch.drop(database)
        yield made


def _made_by(target: Target, place: Place, major: int, migrations: Path) -> tuple[tuple[ScriptFile, ...], str]:
    """The scripts that make what is in ``target``; none, and why."""
    scripts = files.scan(migrations)
    if not scripts:
        return (), "there are no scripts beside its schema"
    built = replace(place, target=target, database=target.dbname, major=major, exists=True)
    last = scripts[-1].header
    with connect(target, read_only=True) as connection:
        got = Observatory(built, scripts).checks().current(connection, last)
    if got == last.to_fingerprint:
        return scripts, ""
    return (), f"its schema is not what the scripts up to {last.label} make (dataio schema check)"


def leftovers(place: Place) -> list[swap.Leftover]:
    """Databases that interrupted restores have left on the target's server."""
    with contextlib.closing(swap.maintenance(place.target)) as connection:
        return swap.leftovers(connection)


def remove_leftovers(place: Place) -> list[str]:
    """Drop them; their names."""
    with contextlib.closing(swap.maintenance(place.target)) as connection:
        found = swap.leftovers(connection)
        for left in found:
            swap.drop(connection, left.name)
    return [left.name for left in found]
