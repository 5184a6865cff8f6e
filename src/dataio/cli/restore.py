"""``dataio restore``: a dump brought back beside the target, compared, and put in its place."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataio.cli import options
from dataio.cli.dump import Endpoint, Profile, Region, StoreName, Work, opened
from dataio.cli.session import Session, hazard_policy
from dataio.errors import UsageError
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.dumps.manifest import Manifest
    from dataio.dumps.restore import Restored
    from dataio.dumps.store import Store

_FROM, _HOW = "Which dump", "How"


def restore(
    named: Annotated[
        str | None,
        typer.Argument(metavar="DUMP", help="The same as --dump: latest, a version (3), an ID, a tag (k=v).",
                       show_default=False),
    ] = None,
    *,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="PATH", help="The folder of a dump, or a file of pg_dump.",
                     rich_help_panel=_FROM, show_default=False),
    ] = None,
    version: Annotated[
        int | None,
        typer.Option("--version", min=0, help="The newest of a schema version.", rich_help_panel=_FROM,
                     show_default=False),
    ] = None,
    latest: Annotated[bool, typer.Option("--latest", help="The newest.", rich_help_panel=_FROM)] = False,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="The newest taken by that time.", rich_help_panel=_FROM,
                     show_default=False),
    ] = None,
    which: Annotated[
        str | None,
        typer.Option("--dump", metavar="DUMP", help="An ID (schema_v003/2026-…) or a tag (k=v).",
                     rich_help_panel=_FROM, show_default=False),
    ] = None,
    target: options.Target = None,
    store: StoreName = None,
    s3_endpoint: Endpoint = None,
    s3_region: Region = None,
    s3_profile: Profile = None,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="NAME", help="A new database on the target's server; nothing is replaced.",
                     rich_help_panel=_HOW, show_default=False),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="GLOB", help="The rows of these tables only; with --into.",
                     rich_help_panel=_HOW, show_default=False),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Workers.", rich_help_panel=_HOW)] = 2,
    no_owner: Annotated[
        bool, typer.Option("--no-owner", help="Everything becomes yours, without grants.", rich_help_panel=_HOW)
    ] = False,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="ROLE", help="Everything becomes this role's.", rich_help_panel=_HOW,
                     show_default=False),
    ] = None,
    create_roles: Annotated[
        bool, typer.Option("--create-roles", help="Make roles that are missing; without login.", rich_help_panel=_HOW)
    ] = False,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Do not keep what is replaced.", rich_help_panel=_HOW)
    ] = False,
    disconnect: Annotated[
        bool, typer.Option("--disconnect", help="End the sessions on the target.", rich_help_panel=_HOW)
    ] = False,
    no_analyze: Annotated[
        bool, typer.Option("--no-analyze", help="Leave the planner's statistics to autovacuum.", rich_help_panel=_HOW)
    ] = False,
    then_apply: Annotated[
        bool, typer.Option("--then-apply", help="Then run the pending migrations.", rich_help_panel=_HOW)
    ] = False,
    git_ref: Annotated[
        str | None,
        typer.Option("--git-ref", metavar="REF", help="The rows, in the schema of a commit.", rich_help_panel=_HOW,
                     show_default=False),
    ] = None,
    schema: options.Schema = None,
    migrations: options.Migrations = None,
    allow: options.Allow = None,
    scratch_url: options.ScratchUrl = None,
    work: Work = None,
    remove_leftovers: Annotated[
        bool, typer.Option("--remove-leftovers", help="Only drop what interrupted restores have left.")
    ] = False,
    yes: options.Yes = False,
    confirm: options.ConfirmName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:  # fmt: skip
    """Restore a dump into a new database, compare it with the manifest, and put it in the target's place when whole."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, store=store, s3_endpoint=s3_endpoint, s3_region=s3_region,
        s3_profile=s3_profile, work=work, schema=schema, migrations=migrations, allow=allow, scratch_url=scratch_url,
    )  # fmt: skip
    from dataio.dumps.restore import Options
    from dataio.operations import restore as operation

    settings, talk = session.settings, session.talk
    if remove_leftovers:
        names = operation.remove_leftovers(session.place(must_exist=False))
        talk.say("\n".join(f"dropped {name}" for name in names) if names else "there are none")
        return
    if named is not None and which is not None:
        raise UsageError("say which dump, in one way", hint=f"{named} or --dump {which}?")
    which = which if which is not None else named
    ways = [source is not None, which is not None, latest or version is not None or at is not None]
    if sum(ways) != 1:
        raise UsageError(
            "say which dump, in one way", hint="latest, --version N, --at TIME, an ID, a tag, or --from PATH."
        )
    if table and into is None:
        raise UsageError(
            "--table without --into would replace a whole database by some tables", hint="Give --into NAME."
        )
    found = _found(session, source, which, version, at)
    if table and found is None:
        raise UsageError(f"--table: {source} has no manifest, so its tables are not known")
    if then_apply and found is not None and (table or found[1].partial):
        raise UsageError("--then-apply needs all tables: without their foreign keys migrations do not fit")
    place = session.place(must_exist=False)
    what = found[1].id if found is not None else str(source)
    if into is None and place.exists:
        lost = " What is there now will be dropped." if drop_old else ""
        question = f"Replace database {place.database} by {what}?{lost}"
        if not session.confirm_change(place, question, what="replacing it", yes=yes, name=confirm):
            talk.insist("nothing was changed")
            raise typer.Exit(1)
    chosen = Options(
        jobs=jobs,
        into=into or "",
        tables=tuple(table or ()),
        no_owner=no_owner,
        owner=owner or "",
        create_roles=create_roles,
        keep=not drop_old,
        disconnect=disconnect,
        analyze=not no_analyze,
    )
    with contextlib.ExitStack() as stack, talk.progress() as on_progress:
        if git_ref is not None or schema:
            archived = stack.enter_context(
                operation.schema_archive(
                    place,
                    settings.schema if git_ref is not None else session.sources(),
                    root=settings.root,
                    migrations=settings.migrations,
                    git_ref=git_ref or "",
                    scratch_url=settings.scratch_url,
                    on_progress=on_progress,
                )
            )
            if then_apply and archived.unlike:
                raise UsageError(
                    f"--then-apply would not know what is pending after {git_ref or 'this schema'}: {archived.unlike}",
                    hint="Restore without --git-ref, or plan by hand afterwards.",
                )
            chosen = replace(chosen, schema_archive=archived.path, then=(archived.register,))
        elif found is not None and not then_apply:
            for note in operation.version_note(found[1], settings.migrations):
                talk.note(note)
        if then_apply:
            applied = operation.then_apply(
                place,
                migrations=settings.migrations,
                allow=settings.allow,
                policy=hazard_policy(settings),
                scratch_url=settings.scratch_url,
                on_progress=on_progress,
            )
            chosen = replace(chosen, then=(*chosen.then, applied))
        if found is None:
            restored = operation.restore_file(
                place, Path(str(source)).expanduser(), chosen, work=settings.work, on_progress=on_progress
            )
        else:
            restored = operation.restore_dump(place, *found, chosen, work=settings.work, on_progress=on_progress)
    for note in restored.notes:
        talk.note(note)
    talk.say(_told(restored, what))


def _found(
    session: Session, source: str | None, which: str | None, version: int | None, at: str | None
) -> tuple[Store, Manifest] | None:
    """The store and the manifest of the dump that was asked for; ``None`` for a file without one."""
    from dataio.dumps.listing import Wanted, parse_moment, parse_wanted
    from dataio.operations.dumps import find_dump
    from dataio.operations.restore import open_folder

    if source is not None:
        path = Path(source).expanduser()
        if not path.exists():
            raise UsageError(f"--from {source}: there is no such file or folder")
        return open_folder(path)
    kept = opened(session)
    if which is not None:
        wanted = parse_wanted(which)
    else:
        wanted = Wanted(version=version, at=parse_moment(at) if at is not None else None)
    return kept, find_dump(kept, replace(wanted, whole=True))


def _told(restored: Restored, what: str) -> str:
    compared = restored.compared
    how = f": {plural(compared.tables, 'table')}, {plural(compared.rows, 'row')}" if compared.tables else ""
    how += ", content compared" if compared.content else ", counted" if compared.tables else ""
    kept = f"; what was there is {restored.kept_as} now" if restored.kept_as else ""
    return f"restored {what} as {restored.database}{how}{kept}"
