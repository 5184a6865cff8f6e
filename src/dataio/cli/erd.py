"""``dataio schema erd``: the diagram."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dataio.cli import options
from dataio.cli.session import Session, output_file, shown
from dataio.cli.talk import write
from dataio.errors import UsageError
from dataio.words import plural

if TYPE_CHECKING:
    from dataio.diagram.model import Diagram


class DiagramFormat(StrEnum):
    svg = "svg"
    mermaid = "mermaid"
    dot = "dot"


_SUFFIXES = {".svg": DiagramFormat.svg, ".mmd": DiagramFormat.mermaid, ".mermaid": DiagramFormat.mermaid,
             ".dot": DiagramFormat.dot, ".gv": DiagramFormat.dot}  # fmt: skip


def erd(
    of: Annotated[
        str | None,
        typer.Argument(metavar="[WHAT]", help="A URL, environment, .sql file, folder, or git:REF (else the schema)."),
    ] = None,
    *,
    target: options.Target = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHAT", help="Only what changed from there, and one foreign key around it.",
                     rich_help_panel="What", show_default=False),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="GLOB", help="Only these tables, and what is around them.",
                     rich_help_panel="What", show_default=False),
    ] = None,
    steps: Annotated[
        int, typer.Option("--steps", min=0, help="How many foreign keys around --table.", rich_help_panel="What")
    ] = 1,
    schema: options.Schema = None,
    scratch_url: options.ScratchUrl = None,
    untrusted: options.Untrusted = False,
    format_: Annotated[
        DiagramFormat | None, typer.Option("--format", help="How to draw it.", rich_help_panel="Output",
                                           show_default=False)
    ] = None,
    out: options.Out = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:  # fmt: skip
    """Draw the tables and their foreign keys: the schema's, a database's, or what changes between two."""
    session = Session(quiet=quiet, verbose=verbose, schema=schema, scratch_url=scratch_url)
    settings = session.settings
    if target is not None:
        if of is not None:
            raise UsageError("WHAT and --target say the same thing twice", hint="Give one of them.")
        of = target
    out_file = output_file(out, never=settings.schema)
    if out_file is not None and format_ is None and out_file.suffix not in _SUFFIXES:
        raise UsageError(f"--out {out}: no format goes by that name", hint="Use .svg, .mmd or .dot, or give --format.")
    form = format_ or (_SUFFIXES[out_file.suffix] if out_file is not None else DiagramFormat.mermaid)
    from dataio.operations.diagram import erd as draw
    from dataio.operations.sides import DiffSide, side

    def meant(text: str) -> DiffSide:
        return side(text, schema=settings.schema, root=settings.root, environments=settings.environments)

    with session.talk.progress() as on_progress:
        found = draw(
            meant(of) if of is not None else DiffSide("the schema", paths=session.sources()),
            root=settings.root,
            since=meant(since) if since is not None else None,
            tables=table or (),
            steps=steps,
            scratch_url=settings.scratch_url,
            untrusted=untrusted,
            on_progress=on_progress,
        )
    if not found:
        session.talk.note("there is no table to draw" if since is None else "no table changed")
    text = _drawn(found, form)
    if out_file is None:
        write(text)
    else:
        out_file.write_text(text, encoding="utf-8")
        session.talk.say(
            f"wrote {shown(out_file)}: {plural(len(found.tables), 'table')}, {plural(len(found.links), 'foreign key')}"
        )


def _drawn(found: Diagram, form: DiagramFormat) -> str:
    match form:
        case DiagramFormat.svg:
            from dataio.diagram.svg import svg

            return svg(found)
        case DiagramFormat.dot:
            from dataio.diagram.dot import dot

            return dot(found)
        case DiagramFormat.mermaid:
            from dataio.diagram.mermaid import mermaid

            return mermaid(found, tables=max(len(found.tables), 1), limit=10_000_000)
