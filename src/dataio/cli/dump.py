"""``dataio dump``: versioned, tagged, verified dumps in a bucket or a folder."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dataio.cli import options
from dataio.cli.filled import Filled
from dataio.cli.session import Session
from dataio.cli.talk import write
from dataio.errors import UsageError, told_when_stopped
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.dumps.store import Store
    from dataio.operations.target import Place

app = typer.Typer(
    help="Make, list, verify and prune dumps, in a bucket or a folder.",
    no_args_is_help=True,
    epilog="Example: dataio dump create --store s3://bucket/catalogue --tag env=prod",
)

_STORE, _SELECT, _KEEP = "Store", "What", "Keep"


class Depth(StrEnum):
    content = "content"
    read = "read"
    restore = "restore"


StoreName = Annotated[
    str | None,
    typer.Option("--store", help="s3://bucket/prefix or a folder.", rich_help_panel=_STORE, metavar="STORE",
                 show_default=False),
]  # fmt: skip
Endpoint = Annotated[
    str | None,
    typer.Option("--s3-endpoint", help="An S3 server that is not Amazon's.", rich_help_panel=_STORE, metavar="URL",
                 show_default=False),
]  # fmt: skip
Region = Annotated[
    str | None, typer.Option("--s3-region", help="The bucket's region.", rich_help_panel=_STORE, show_default=False)
]
Profile = Annotated[
    str | None,
    typer.Option("--s3-profile", help="The profile in ~/.aws.", rich_help_panel=_STORE, show_default=False),
]
Work = Annotated[
    str | None,
    typer.Option("--work", help="Where files pass through.", rich_help_panel=_STORE, metavar="FOLDER",
                 show_default=False),
]  # fmt: skip
Which = Annotated[
    str, typer.Argument(metavar="DUMP", help="latest, a version (3), an ID (schema_v003/2026-…) or a tag (k=v).")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag, key=value.", metavar="K=V", show_default=False)]


def opened(session: Session, location: str | None = None) -> Store:
    """The store of the settings, or the one at ``location`` with the same settings of S3."""
    from dataclasses import replace

    from dataio.operations.dumps import open_store, s3_options

    settings = session.settings
    if location is not None:
        settings = replace(settings, store=location)
    return open_store(settings.store, root=settings.root, options=s3_options(settings))


@app.command(
    cls=Filled, epilog="Example: dataio dump create --target prod --store s3://bucket/catalogue --verify content"
)
def create(
    *,
    target: options.Target = None,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    tag: Tags = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, help="An object per table, by so many workers (0: one archive).")
    ] = 0,
    schema_only: Annotated[
        bool, typer.Option("--schema-only", help="No rows, but the history's.", rich_help_panel=_SELECT)
    ] = False,
    data_only: Annotated[bool, typer.Option("--data-only", help="Rows only.", rich_help_panel=_SELECT)] = False,
    table: Annotated[
        list[str] | None,
        typer.Option("--table", help="Only the rows of these (globs).", rich_help_panel=_SELECT, show_default=False),
    ] = None,
    exclude_table: Annotated[
        list[str] | None,
        typer.Option("--exclude-table", help="All but these.", rich_help_panel=_SELECT, show_default=False),
    ] = None,
    exclude_table_data: Annotated[
        list[str] | None,
        typer.Option("--exclude-table-data", help="Without the rows of these.", rich_help_panel=_SELECT,
                     show_default=False),
    ] = None,
    verify: Annotated[
        list[Depth] | None,
        typer.Option("--verify", help="content: hash every table's rows; read: read all that was stored; restore: "
                     "restore it into a scratch database.", show_default=False),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Finish a dump with --jobs that was killed after its pg_dump had ended; "
                     "where there is none, make one from the start."),
    ] = False,
    work: Work = None,
    scratch_url: options.ScratchUrl = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:  # fmt: skip
    """Dump the target, one moment of it, into the store: schema, rows, row counts, version. Prints the dump's ID."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region,
        s3_profile=s3_profile, work=work, scratch_url=scratch_url,
    )  # fmt: skip
    if schema_only and data_only:
        raise UsageError("--schema-only and --data-only contradict each other")
    from dataio.cli.dump_shown import summary
    from dataio.dumps.held import Selection
    from dataio.dumps.tags import parse_tags
    from dataio.operations.dumps import create_dump, resume_dump, unfinished_dumps

    tags = parse_tags(tag or ())
    kept = opened(session)
    place = session.place()
    work_folder = session.settings.work
    depths: list[Literal["content", "read", "restore"]] = [depth.value for depth in verify or ()]
    left = unfinished_dumps(place, kept, work=work_folder)
    if resume and not left:
        session.talk.note("no killed dump of this database can be finished: this one is made from the start")
    elif left and not resume:
        session.talk.note(
            f"{left[0].id} was killed when its pg_dump had ended: `dataio dump create --resume` finishes it"
        )
    with session.talk.progress() as on_progress:
        manifest = None
        if resume:
            manifest = resume_dump(
                place,
                kept,
                work=work_folder,
                jobs=jobs,
                depths=depths,
                scratch_url=session.settings.scratch_url,
                on_progress=on_progress,
            )
        manifest = manifest or create_dump(
            place,
            kept,
            root=session.settings.root,
            work=work_folder,
            content="schema" if schema_only else "data" if data_only else "all",
            selection=Selection(tuple(table or ()), tuple(exclude_table or ()), tuple(exclude_table_data or ())),
            tags=tags,
            jobs=jobs,
            depths=depths,
            scratch_url=session.settings.scratch_url,
            on_progress=on_progress,
        )
    for warning in manifest.warnings:
        session.talk.note(warning)
    session.talk.say(f"{summary(manifest)} in {kept.address(manifest.id)}")
    write(manifest.id)


def say_dump(session: Session, place: Place, *, before: bool) -> None:
    """``schema apply --dump-before`` and ``--dump-after``."""
    from dataio.cli.dump_shown import summary
    from dataio.operations.dumps import dump_after, dump_before

    kept = opened(session)
    settings = session.settings
    left = "nothing was changed" if before else "the database stays as it is now; only the dump after it was not made"
    with session.talk.progress() as on_progress, told_when_stopped(lambda: left):
        make = dump_before if before else dump_after
        manifest = make(place, kept, root=settings.root, work=settings.work, on_progress=on_progress)
    if manifest is None:
        session.talk.note("the database has no tables yet, so there is nothing to dump before")
    else:
        session.talk.say(f"dumped {manifest.id}: {summary(manifest)} in {kept.address(manifest.id)}")


@app.command("list", cls=Filled, epilog="Example: dataio dump list --version 3 --tag env=prod")
def list_(
    *,
    version: Annotated[
        int | None, typer.Option("--version", min=0, help="Of this schema version.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Taken at or after this time.", show_default=False)
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Taken at or before this time.", show_default=False)
    ] = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="K=V", help="With this tag.", show_default=False)] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Mark (*) those whose schema is the target's, as it is now.")
    ] = False,
    unfinished: Annotated[bool, typer.Option("--unfinished", help="Those without a manifest, too.")] = False,
    target: options.Target = None,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    format_: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List the dumps in the store, the newest last."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region,
        s3_profile=s3_profile,
    )  # fmt: skip
    from dataio.cli.dump_shown import entry_lines, with_id
    from dataio.cli.show import as_text_or_json
    from dataio.dumps.listing import parse_moment
    from dataio.dumps.tags import parse_tags
    from dataio.operations.dumps import list_dumps, live_fingerprint

    text = as_text_or_json(format_)
    wanted = next(iter(parse_tags([tag]).items())) if tag is not None else None
    fingerprint = live_fingerprint(session.place().target) if live else ""
    found = list_dumps(
        opened(session),
        version=version,
        since=parse_moment(since) if since else None,
        until=parse_moment(until) if until else None,
        tag=wanted,
        unfinished=True,
    )
    shown = [entry for entry in found if entry.complete or unfinished]
    if found and not shown:
        session.talk.note(f"{plural(len(found), 'unfinished dump')} not listed: give --unfinished")
    listed = [with_id(entry) for entry in shown] if format_ is options.Format.json else shown
    write(text("dumps", listed, lambda entries: entry_lines(entries, fingerprint)))


@app.command(cls=Filled, epilog="Example: dataio dump show latest --format json")
def show(
    which: Which = "latest",
    *,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    link: Annotated[
        int | None,
        typer.Option("--link", metavar="SECONDS", min=1, help="A URL per object that anybody may read for so long.",
                     show_default=False),
    ] = None,
    format_: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:  # fmt: skip
    """Show what a dump holds, from its manifest."""
    session = Session(
        quiet=quiet, verbose=verbose, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region, s3_profile=s3_profile
    )
    from dataio.cli.dump_shown import link_lines, manifest_lines, with_id
    from dataio.cli.show import as_text_or_json
    from dataio.dumps.manifest import FILE
    from dataio.operations.dumps import find_dump

    text = as_text_or_json(format_)
    kept = opened(session)
    manifest = find_dump(kept, which)
    if link is not None:
        names = [*(stored.name for stored in manifest.objects), FILE]
        links = {name: kept.link(f"{manifest.id}/{name}", seconds=link) for name in names}
        write(text("links", links, link_lines))
        return
    shown = with_id(manifest) if format_ is options.Format.json else manifest
    write(text("dump", shown, manifest_lines))


@app.command(cls=Filled, epilog="Example: dataio dump tag latest blessed=yes --move")
def tag(
    which: Which,
    tags: Annotated[list[str] | None, typer.Argument(metavar="K=V…", help="Tags to give it.")] = None,
    *,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="K", help="A tag to take from it.", show_default=False)
    ] = None,
    move: Annotated[bool, typer.Option("--move", help="Take the same tags from all other dumps.")] = False,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Give a dump tags, take them, or move them here from other dumps."""
    session = Session(
        quiet=quiet, verbose=verbose, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region, s3_profile=s3_profile
    )
    from dataio.dumps.tags import parse_tags
    from dataio.operations.dumps import tag_dump

    if not tags and not remove:
        raise UsageError("there is nothing to do", hint="Give key=value, or --remove key.")
    entry, own, losers = tag_dump(opened(session), which, add=parse_tags(tags or ()), remove=remove or (), move=move)
    for loser in losers:
        session.talk.say(f"taken from {loser}")
    session.talk.say(f"{entry.id}: {' '.join(f'{k}={v}' for k, v in sorted(own.items())) or 'no tags of its own'}")


@app.command(cls=Filled, epilog="Example: dataio dump verify latest --restore")
def verify(
    which: Which = "latest",
    *,
    restore: Annotated[
        bool, typer.Option("--restore", help="Restore it into a scratch database and compare that, too.")
    ] = False,
    target: options.Target = None,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    scratch_url: options.ScratchUrl = None,
    work: Work = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Read a dump again and compare every size, checksum and tag; with --restore its rows as well."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region,
        s3_profile=s3_profile, scratch_url=scratch_url, work=work,
    )  # fmt: skip
    from dataio.operations.dumps import find_dump, verify_dump

    kept = opened(session)
    manifest = find_dump(kept, which)
    place = session.place() if restore and target is not None else None
    with session.talk.progress() as on_progress:
        verified = verify_dump(
            kept,
            manifest,
            work=session.settings.work,
            by_restore=restore,
            place=place,
            scratch_url=session.settings.scratch_url,
            on_progress=on_progress,
        )
    from dataio.dumps.meter import human

    session.talk.say(
        f"{manifest.id}: {plural(verified.objects, 'object')}, {human(verified.bytes)}, all as the manifest says"
    )
    if verified.restored is not None:
        how = "rows and content" if verified.restored.content else "row counts"
        session.talk.say(
            f"restored: {plural(verified.restored.tables, 'table')}, {plural(verified.restored.rows, 'row')},"
            f" {how} as the manifest says"
        )


@app.command(cls=Filled, epilog="Example: dataio dump fetch 3 --to ./from_prod")
def fetch(
    which: Which = "latest",
    *,
    to: Annotated[str, typer.Option("--to", metavar="STORE", help="A folder, or another s3://bucket/prefix.")],
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Copy a dump into a folder or another bucket; an interrupted download goes on where it stopped."""
    session = Session(
        quiet=quiet, verbose=verbose, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region, s3_profile=s3_profile
    )
    from pathlib import Path

    from dataio.operations.dumps import fetch_dump, find_dump

    kept = opened(session)
    into = opened(session, to if "://" in to else str(Path(to).expanduser().absolute()))
    manifest = find_dump(kept, which)
    with session.talk.progress() as on_progress:
        place = fetch_dump(kept, manifest, into, root=session.settings.root, on_progress=on_progress)
    write(place)


@app.command(cls=Filled, epilog="Example: dataio dump prune --keep-last 3 --keep-daily 7 --keep-monthly 12 --yes")
def prune(
    *,
    keep_last: Annotated[int, typer.Option("--keep-last", min=0, rich_help_panel=_KEEP, help="The newest.")] = 0,
    keep_daily: Annotated[int, typer.Option("--keep-daily", min=0, rich_help_panel=_KEEP, help="One a day.")] = 0,
    keep_weekly: Annotated[int, typer.Option("--keep-weekly", min=0, rich_help_panel=_KEEP, help="One a week.")] = 0,
    keep_monthly: Annotated[int, typer.Option("--keep-monthly", min=0, rich_help_panel=_KEEP, help="One a month.")] = 0,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Remains of runs that died over a day ago go, too.")
    ] = False,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show which dumps may go, per schema version, and with --yes remove them. The newest of a version always stays."""
    session = Session(
        quiet=quiet, verbose=verbose, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region, s3_profile=s3_profile
    )
    from dataio.dumps.meter import human
    from dataio.dumps.retention import Policy
    from dataio.operations.dumps import prune_dumps, prune_plan

    policy = Policy(keep_last, keep_daily, keep_weekly, keep_monthly)
    kept = opened(session)
    decision = prune_plan(kept, policy if policy != Policy() or not unfinished else None, unfinished=unfinished)
    for entry, reason in decision.keep:
        write(f"keep    {entry.id}  {reason}")
    for entry in decision.remove:
        write(f"remove  {entry.id}  {human(entry.size)}")
    for entry in decision.unfinished:
        write(f"remove  {entry.id}  {human(entry.size)}, unfinished")
    going = len(decision.remove) + len(decision.unfinished)
    dumps = plural(going, "dump")
    if not going:
        session.talk.say("nothing may go")
        return
    if not yes:
        session.talk.say(f"{dumps}, {human(decision.freed)}, would go; --yes removes {'it' if going == 1 else 'them'}")
        return
    with session.talk.progress() as on_progress:
        uploads = prune_dumps(kept, decision, on_progress=on_progress)
    session.talk.say(f"removed {dumps}, {human(decision.freed)}")
    if uploads:
        session.talk.say(f"took back {plural(uploads, 'upload')} that never ended")
