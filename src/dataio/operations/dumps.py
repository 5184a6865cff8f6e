"""Dumps: making them, finding them, reading them again, moving them, letting them go.

store = open_store(settings.store, root=settings.root, options=s3_options(settings))
manifest = create_dump(place, store, root=settings.root, work=settings.work)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from dataio.dumps import retention, tagging
from dataio.dumps.compare import Compared
from dataio.dumps.create import Options, create
from dataio.dumps.errors import Damaged, NothingToDump, remark
from dataio.dumps.fetch import fetch
from dataio.dumps.folder import FolderStore
from dataio.dumps.held import Selection
from dataio.dumps.inserts import Inserted, insert
from dataio.dumps.listing import Entry, Wanted, entries, parse_wanted, read_manifest, select
from dataio.dumps.manifest import Content, Manifest
from dataio.dumps.resume import Unfinished, resume, unfinished
from dataio.dumps.retention import Decision, Policy
from dataio.dumps.store import Store
from dataio.dumps.stores import keep_out_of_git
from dataio.dumps.stores import open_store as _open_store
from dataio.dumps.verify import Verified, verify, verify_by_restore
from dataio.errors import DataioError, Refused, UsageError
from dataio.operations.git import head_commit
from dataio.operations.target import Place
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import provider_for
from dataio.progress import OnProgress
from dataio.snapshot.take import take

if TYPE_CHECKING:
    from dataio.dumps.s3 import S3Options
    from dataio.settings import Settings

Depth: TypeAlias = Literal["content", "read", "restore"]
UNFINISHED: Final = timedelta(days=1)
"""How long nothing of an unfinished dump has changed before it counts as the remains of a dead run."""


def s3_options(settings: Settings) -> S3Options | None:
    """The settings of S3, where the store is there; boto3 is not even imported for a folder."""
    if not settings.store.startswith("s3://"):
        return None
    from dataio.dumps.s3 import S3Options

    return S3Options(
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        profile=settings.s3_profile,
        addressing=settings.s3_addressing,  # type: ignore[arg-type]  # settings know the words
        encryption=settings.s3_encryption,
        kms_key=settings.s3_kms_key,
        checksum=settings.s3_checksum,  # type: ignore[arg-type]
        tagging=settings.s3_tagging,
        storage_class=settings.s3_storage_class,
        attempts=settings.s3_attempts,
    )


def open_store(location: str, *, root: Path, options: S3Options | None = None) -> Store:
    """The store at ``s3://bucket/prefix`` or in a folder. Raises UsageError; nothing is asked of a server yet."""
    return _open_store(location, root=root, options=options)


def create_dump(
    place: Place,
    store: Store,
    *,
    root: Path,
    work: Path,
    content: Content = "all",
    selection: Selection | None = None,
    tags: Mapping[str, str] | None = None,
    jobs: int = 0,
    depths: Iterable[Depth] = (),
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Manifest:
    """Dump the database of ``place`` into ``store``; the manifest, which is there as soon as this returns.

    ``jobs`` > 0 is the directory layout. Of ``depths``, "content" hashes every table while dumping, "read" reads all
    that was stored once more, "restore" restores it into a scratch database. Raises Refused where git would track the
    dump, DumpError, StoreError, ToolFailed and ConnectionFailed, and Damaged where what was stored does not stand the
    test; the store is as it was then.
    """
    if isinstance(store, FolderStore):
        keep_out_of_git(store.root, root=root)
    wanted = set(depths)
    if "restore" in wanted:
        _refuse_rows_only(content, "such a dump")
    options = Options(
        content=content,
        selection=selection or Selection(),
        tags=dict(tags or {}),
        jobs=jobs,
        hashes=bool(wanted & {"content", "restore"}),
    )
    manifest = create(
        place.target,
        store,
        options,
        fingerprint=lambda connection: take(connection).fingerprint,
        git_commit=head_commit(root),
        work=work,
        on_progress=on_progress,
    )
    _verify_new(place, store, manifest, wanted, work, scratch_url, on_progress)
    return manifest


def unfinished_dumps(place: Place, store: Store, *, work: Path) -> list[Unfinished]:
    """Dumps of ``place`` with ``jobs`` whose process was killed, and which :func:`resume_dump` can finish; the newest
    first. Local remains of other dead dumps are removed.
    """
    return unfinished(store, work, database=place.target.describe())


def resume_dump(
    place: Place,
    store: Store,
    *,
    work: Path,
    jobs: int = 2,
    depths: Iterable[Depth] = (),
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Manifest | None:
    """Finish the newest of :func:`unfinished_dumps`: of the moment at which it was begun. ``None`` where there is none.

    Raises as :func:`create_dump`; where the store fails, it may be tried again.
    """
    manifest = resume(store, work, database=place.target.describe(), jobs=jobs, on_progress=on_progress)
    if manifest is not None:
        _verify_new(place, store, manifest, set(depths), work, scratch_url, on_progress)
    return manifest


def _verify_new(
    place: Place,
    store: Store,
    manifest: Manifest,
    wanted: set[Depth],
    work: Path,
    scratch_url: str | None,
    on_progress: OnProgress,
) -> None:
    if not wanted & {"read", "restore"}:
        return
    try:
        verify_dump(
            store,
            manifest,
            work=work,
            by_restore="restore" in wanted,
            place=place,
            scratch_url=scratch_url,
            on_progress=on_progress,
        )
    except Damaged as error:  # it must not pass for a dump; any other failure says nothing about it
        retention.remove_by_id(store, manifest.id)
        remark(error, "It was removed.")
        raise
    except BaseException as error:
        remark(error, f"The dump {manifest.id} is in the store, and was not verified to its end.")
        raise


def _refuse_rows_only(content: Content, what: str) -> None:
    if content == "data":
        raise UsageError(f"{what} cannot be restored alone, and so not be verified by that: it holds rows only")


def live_fingerprint(target: Target) -> str:
    """The fingerprint of a live schema, in the words of its own server."""
    with connect(target, read_only=True) as connection:
        return take(connection).fingerprint


def list_dumps(
    store: Store,
    *,
    version: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    tag: tuple[str, str] | None = None,
    unfinished: bool = False,
) -> list[Entry]:
    """The dumps in ``store``, the oldest first, by one listing and no request per dump."""
    return [
        entry
        for entry in entries(store, version=version)
        if (entry.complete or unfinished)
        and (since is None or entry.taken_at >= since)
        and (until is None or entry.taken_at <= until)
        and (tag is None or entry.tags.get(tag[0]) == tag[1])
    ]


def find_dump(store: Store, wanted: Wanted | str) -> Manifest:
    """The manifest of the newest dump that fits. Raises DumpError where none does."""
    if isinstance(wanted, str):
        wanted = parse_wanted(wanted)
    if wanted.id.count("/") == 1:  # no listing is needed, nor the right to list
        return read_manifest(store, wanted.id)
    found = entries(store, version=wanted.version)
    if wanted.version is not None and not any(wanted.fits(entry) for entry in found):
        found = entries(store)  # so that the message tells what there is
    return read_manifest(store, select(found, wanted, where=store.location).id)


def verify_dump(
    store: Store,
    manifest: Manifest,
    *,
    work: Path,
    by_restore: bool = False,
    place: Place | None = None,
    scratch_url: str | None = None,
    on_progress: OnProgress = None,
) -> Verified:
    """Read a dump again; with ``by_restore`` restore it into a scratch database and compare that, too.

    The scratch server is that of ``place``, or another one of the dump's version. Raises Damaged with all its faults.
    """
    if by_restore:
        _refuse_rows_only(manifest.content, manifest.id)
    verified = verify(store, manifest, on_progress=on_progress)
    if not by_restore:
        return verified
    restored = _restored_in_scratch(
        store, manifest, work=work, place=place, scratch_url=scratch_url, on_progress=on_progress
    )
    return Verified(verified.dump, verified.objects, verified.bytes, restored)


def _restored_in_scratch(
    store: Store,
    manifest: Manifest,
    *,
    work: Path,
    place: Place | None,
    scratch_url: str | None,
    on_progress: OnProgress,
) -> Compared:
    target = place.target if place is not None and place.major == manifest.server_major else None
    protected = place.protected if place is not None else False
    major = manifest.server_major if target is None and scratch_url is None else None
    with provider_for(
        target, scratch_url=scratch_url, protected=protected, major=major, needs_extensions=manifest.extensions
    ) as scratch:
        scratch.ensure_roles(manifest.roles)
        database = scratch.create("verify")
        try:
            return verify_by_restore(store, manifest, database.target, work=work, on_progress=on_progress)
        finally:
            scratch.drop(database)


def tag_dump(
    store: Store, wanted: Wanted | str, *, add: Mapping[str, str], remove: Iterable[str] = (), move: bool = False
) -> tuple[Entry, dict[str, str], list[str]]:
    """Give a dump tags, or take them; with ``move`` other dumps lose the same ones first.

    The dump, its tags now, and the IDs of the dumps that lost one.
    """
    if isinstance(wanted, str):
        wanted = parse_wanted(wanted)
    found = entries(store)
    entry = select(found, wanted, where=store.location)
    tags = tagging.change_tags(store, entry, add=add, remove=remove)
    losers = []
    if move:
        for other in found:
            same = [key for key, value in add.items() if other.tags.get(key) == value]
            if same and other.id != entry.id and other.complete:
                tagging.change_tags(store, other, add={}, remove=same)
                losers.append(other.id)
    return entry, tags, losers


def fetch_dump(store: Store, manifest: Manifest, into: Store, *, root: Path, on_progress: OnProgress = None) -> str:
    """Copy a dump into another store; its address there. An interrupted download goes on. Raises Refused for a folder
    that git would track.
    """
    if isinstance(into, FolderStore):
        keep_out_of_git(into.root, root=root)
    return fetch(store, manifest, into, on_progress=on_progress)


def prune_plan(store: Store, policy: Policy | None, *, unfinished: bool = False) -> Decision:
    """What would go, and what would stay and why. ``policy`` None: of the finished dumps nothing goes."""
    before = datetime.now(UTC) - UNFINISHED if unfinished else None
    return retention.decide(entries(store), policy, unfinished_before=before)


def prune_dumps(store: Store, decision: Decision, *, on_progress: OnProgress = None) -> int:
    """Remove what :func:`prune_plan` named; how many uploads that never ended were taken back beside it."""
    for entry in (*decision.remove, *decision.unfinished):
        retention.remove(store, entry, on_progress=on_progress)
    return retention.abandon_uploads(store, older_than=UNFINISHED) if decision.unfinished else 0


def dump_before(
    place: Place, store: Store, *, root: Path, work: Path, jobs: int = 0, on_progress: OnProgress = None
) -> Manifest | None:
    """The dump that ``schema apply --dump-before`` insists on: made, and read again; ``None`` where the database has no
    tables yet. Raises Refused where it cannot be made, so that nothing is applied.
    """
    try:
        return create_dump(place, store, root=root, work=work, jobs=jobs, depths=("read",), on_progress=on_progress)
    except NothingToDump:
        return None
    except Refused:
        raise
    except DataioError as error:
        raise Refused(
            f"nothing was applied, because the dump before it failed: {error.message}",
            detail=error.detail,
            hint=error.hint,
        ) from error


def dump_after(
    place: Place, store: Store, *, root: Path, work: Path, jobs: int = 0, on_progress: OnProgress = None
) -> Manifest:
    """The dump of ``schema apply --dump-after``: of the new version. Raises as :func:`create_dump`."""
    return create_dump(place, store, root=root, work=work, jobs=jobs, on_progress=on_progress)


def insert_data(target: Target, folder: Path, *, on_progress: OnProgress = None) -> Inserted:
    """Run a folder of data inserts in one transaction. Raises SourceError with file and line."""
    return insert(target, folder, on_progress=on_progress)
