"""``dataio schema dump``: the live schema as one file or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session, output_file, shown
from dataio.cli.talk import write
from dataio.errors import UsageError
from dataio.words import plural


def dump(
    *,
    target: options.Target = None,
    scratch_url: options.ScratchUrl = None,
    manage: options.Manage = None,
    ignore: options.Ignore = None,
    out: options.Out = None,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            metavar="FOLDER",
            help="Write a folder per schema and a file per object.",
            rich_help_panel="Output",
            show_default=False,
        ),
    ] = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Print the live schema as a tidy schema.sql that plans empty against its source."""
    session = Session(
        quiet=quiet, verbose=verbose, target=target, scratch_url=scratch_url, manage=manage, ignore=ignore
    )
    settings = session.settings
    if out is not None and split is not None:
        raise UsageError("--out names one file, --split a folder of many: give one of them")
    out_file = output_file(out)
    from dataio.operations.dump import dump as make
    from dataio.operations.split_folder import check_folder, write_folder

    folder = Path(split).expanduser().absolute() if split is not None else None
    if folder is not None:
        check_folder(folder)
    place = session.place()
    with session.talk.progress() as on_progress:
        written = make(
            place,
            split=folder is not None,
            scratch_url=settings.scratch_url,
            manage=settings.manage,
            ignore=settings.ignore,
            on_progress=on_progress,
        )
    for note in written.notes:
        session.talk.note(note)
    if folder is not None:
        replaced = write_folder(folder, written.files)
        for name in replaced.changed:
            session.talk.say(f"changed {shown(folder / name)}")
        for name in replaced.removed:
            session.talk.say(f"removed {shown(folder / name)}")
        session.talk.say(f"wrote {plural(len(written.files), 'file')} into {shown(folder)}")
    elif out_file is None:
        write(written.text)
    else:
        out_file.write_text(written.text, encoding="utf-8")
        session.talk.say(f"wrote {shown(out_file)}")
