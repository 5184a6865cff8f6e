"""The flags that several commands share, once each."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer


class Format(StrEnum):
    text = "text"
    sql = "sql"
    json = "json"
    markdown = "markdown"


class EngineName(StrEnum):
    auto = "auto"
    migra = "migra"
    native = "native"


_WHERE, _WHAT, _TALK = "Where", "What", "Output"


def _option(*names: str, help: str, panel: str, metavar: str | None = None) -> typer.models.OptionInfo:  # noqa: A002
    info: typer.models.OptionInfo = typer.Option(
        *names, help=help, rich_help_panel=panel, metavar=metavar, show_default=False
    )
    return info


Target: TypeAlias = Annotated[
    str | None,
    _option("--target", "-t", help="The database: a URL or an environment of dataio.toml.", panel=_WHERE,
            metavar="URL|ENV"),
]  # fmt: skip
Schema: TypeAlias = Annotated[
    list[str] | None,
    _option("--schema", "-s", help="Schema file or folder; may be given several times.", panel=_WHERE, metavar="PATH"),
]
Migrations: TypeAlias = Annotated[
    str | None,
    _option("--migrations", help="The folder of numbered scripts.", panel=_WHERE, metavar="FOLDER"),
]
ScratchUrl: TypeAlias = Annotated[
    str | None,
    _option("--scratch-url", help="A server where scratch databases may be made.", panel=_WHERE, metavar="URL"),
]
Manage: TypeAlias = Annotated[
    list[str] | None,
    _option("--manage", help="auto, all, or owners,privileges,comments,roles …", panel=_WHAT, metavar="WHAT"),
]
Ignore: TypeAlias = Annotated[
    list[str] | None,
    _option("--ignore", help="Leave these out of both sides: aspects, or globs such as table:public.tmp_*.",
            panel=_WHAT, metavar="WHAT"),
]  # fmt: skip
Rename: TypeAlias = Annotated[
    list[str] | None,
    _option("--rename", help="Rename instead of drop and create: column:public.t.a=b, table:public.a=b …", panel=_WHAT,
            metavar="KIND:OLD=NEW"),
]  # fmt: skip
MoveRows: TypeAlias = Annotated[
    bool,
    _option("--move-rows", help="A table that becomes partitioned, or plain, keeps its rows: they are copied.",
            panel=_WHAT),
]  # fmt: skip
Engine: TypeAlias = Annotated[EngineName | None, _option("--engine", help="Who proposes the statements.", panel=_WHAT)]
Untrusted: TypeAlias = Annotated[
    bool,
    _option("--untrusted", help="The schema is a stranger's: load it without superuser rights or meta-commands.",
            panel=_WHAT),
]  # fmt: skip
Allow: TypeAlias = Annotated[
    list[str] | None,
    _option("--allow", help="Run a refused hazard, by name (data-loss/drop-column) or kind (data-loss).", panel=_WHAT,
            metavar="HAZARD"),
]  # fmt: skip
LockTimeout: TypeAlias = Annotated[
    str | None, _option("--lock-timeout", help="How long to wait for a lock (10s).", panel=_WHAT, metavar="TIME")
]
StatementTimeout: TypeAlias = Annotated[
    str | None,
    _option("--statement-timeout", help="How long one statement may run (0: as long as it takes).", panel=_WHAT,
            metavar="TIME"),
]  # fmt: skip
Online: TypeAlias = Annotated[
    bool | None,
    _option("--online/--no-online", help="In phases that keep nobody waiting for long.", panel=_WHAT),
]
Wait: TypeAlias = Annotated[
    str | None,
    _option("--wait", help="How long to wait for old transactions, outside of the lock queue.", panel=_WHAT,
            metavar="TIME"),
]  # fmt: skip
NoDataChecks: TypeAlias = Annotated[
    bool, _option("--no-data-checks", help="Do not count the rows that stand in the way.", panel=_WHAT)
]
Yes: TypeAlias = Annotated[bool, _option("--yes", "-y", help="Do not ask.", panel=_TALK)]
ConfirmName: TypeAlias = Annotated[
    str | None,
    _option("--confirm", help="The database's name, which a protected target wants.", panel=_TALK, metavar="DATABASE"),
]
OutputFormat: TypeAlias = Annotated[Format | None, _option("--format", help="How to show it.", panel=_TALK)]
Out: TypeAlias = Annotated[
    str | None, _option("--out", "-o", help="Write it to a file instead of stdout.", panel=_TALK, metavar="FILE")
]
DetailedExitcode: TypeAlias = Annotated[
    bool, _option("--detailed-exitcode", help="Exit 2 where there are differences.", panel=_TALK)
]
Quiet: TypeAlias = Annotated[bool, _option("--quiet", "-q", help="Only errors on stderr.", panel=_TALK)]
Verbose: TypeAlias = Annotated[
    bool, _option("--verbose", "-v", help="Say what is being done; tracebacks on errors.", panel=_TALK)
]
