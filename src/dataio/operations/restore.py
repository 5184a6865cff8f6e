"""``dataio restore``: a dump from a store, a folder or a file, brought back beside the target and put in its place."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from dataio.dumps import swap
from dataio.dumps.errors import DumpError
from dataio.dumps.folder import FolderStore
from dataio.dumps.foreign import restore_foreign
from dataio.dumps.listing import read_manifest
from dataio.dumps.manifest import FILE, Manifest
from dataio.dumps.restore import Options, Restored, restore
from dataio.dumps.store import Store
from dataio.operations import apply as applying
from dataio.operations.git import checkout
from dataio.operations.target import Place
from dataio.plan.policy import Policy
from dataio.postgres.binaries import dump_binaries
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
) -> Callable[[Target], None]:
    """For ``Options.then``: bring the restored database up to today's schema by the pending scripts."""

    def run_pending(target: Target) -> None:
        restored = replace(place, target=target, database=target.dbname, exists=True)
        waiting = applying.pending(restored, migrations=migrations)
        if waiting.scripts:
            applying.apply(
                restored, waiting, allow=allow, policy=policy, scratch_url=scratch_url, on_progress=on_progress
            )

    return run_pending


@contextlib.contextmanager
def schema_archive(
    place: Place,
    sources: Sequence[Path],
    *,
    root: Path,
    git_ref: str = "",
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Iterator[Path]:
    """An archive of the schema that ``sources`` make (as they are at ``git_ref``), for ``Options.schema_archive``.

    Raises SourceError, UsageError for a ref that git does not know, ScratchUnavailable.
    """
    with tempfile.TemporaryDirectory(prefix="dataio-schema-") as passing:
        folder = Path(passing)
        files = checkout(root, git_ref, sources, folder / "tree") if git_ref else list(sources)
        report(on_progress, "load", f"the schema of {git_ref}" if git_ref else "the schema")
        target = place.target if place.exists else None
        with provider_for(
            target, scratch_url=scratch_url, protected=place.protected, major=place.major if target is None else None
        ) as scratch:
            database = scratch.create("schema")
            try:
                load_schema(database.target, files, server=scratch.origin)
                archive = folder / "schema.dump"
                run(
                    dump_binaries(scratch.major),
                    "pg_dump",
                    ["--format=custom", "--schema-only", "--no-password", f"--file={archive}"],
                    target=database.target,
                )
            finally:
                scratch.drop(database)
        yield archive


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
