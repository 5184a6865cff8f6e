"""Which server gets the scratch databases, and why not another one.

In this order: the one the user named; the target's own, where the role may make databases and the target is not
protected; one that dataio starts from a local PostgreSQL of the target's major version; the embedded one.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final

import psycopg

from dataio.errors import ConnectionFailed, DataioError, ScratchUnavailable
from dataio.postgres.binaries import EMBEDDED_DIRS, NEWEST, SERVER_TOOLS, Binaries, all_installations, embedded
from dataio.postgres.confined import confined_scratch
from dataio.postgres.connection import ServerInfo, connect, pooled, server_info
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.embedded import IDLE_SECONDS, use_scratch_server
from dataio.postgres.locale import Locale
from dataio.postgres.scratch_server import CACHE_PREFIX, SCRATCH_PREFIX, Scratch, ScratchDatabase

__all__ = ["CACHE_PREFIX", "OLDEST", "SCRATCH_PREFIX", "Scratch", "ScratchDatabase", "provider_for"]

OLDEST: Final = 13
_ANOTHER: Final = "Name a server that has it: --scratch-url postgresql://…"


def provider_for(
    target: Target | None,
    *,
    scratch_url: str | None = None,
    protected: bool = False,
    major: int | None = None,
    needs_extensions: Iterable[str] = (),
    untrusted: bool = False,
    elsewhere: str = "",
    wants_extensions: Iterable[str] = (),
    cache_dir: Path | None = None,
    idle: float = IDLE_SECONDS,
) -> Scratch:
    """Open the best scratch server for ``target`` (``None``: there is none, only files).

    ``major`` insists on a version. ``untrusted`` keeps a stranger's SQL off the target's own server. Servers that lack
    one of ``needs_extensions`` are passed over. ``cache_dir`` and ``idle`` (seconds) are for the servers dataio starts.

    ``elsewhere``: why it must not be on the target's own server. ``wants_extensions`` choose among the PostgreSQLs of
    this machine where there is no target, whose version would.

    Raises :class:`~dataio.errors.ScratchUnavailable` with the reason for each, and
    :class:`~dataio.errors.ConnectionFailed` where the named server cannot be reached.
    """
    needs = frozenset(needs_extensions)
    refused: list[str] = []
    info = locale = None
    if target is not None:
        try:
            with ExitStack() as open_:
                connection = open_.enter_context(closing(connect(target)))
                info, locale = server_info(connection), Locale.of(connection)
                if scratch_url is None:
                    reason = elsewhere or _own_reason(
                        connection, info, protected=protected, untrusted=untrusted, major=major, needs=needs
                    )
                    if not reason:
                        open_.pop_all()  # the scratch server goes on with it
                        return Scratch(
                            target,
                            origin=f"the target's own server ({target.describe()}, PostgreSQL {info.version_text})",
                            own_server=True,
                            ours=info.cluster_name.startswith("dataio"),
                            locale=locale,
                            refused=tuple(refused),
                            ways_out="The target cannot have it either until it is installed there.",
                            connection=connection,
                        )
                    refused.append(f"the target's own server: {reason}")
        except ConnectionFailed as error:
            refused.append(f"the target's own server: {error.message}")
    if scratch_url is not None:
        return _named(scratch_url, info, locale, major, needs, untrusted=untrusted)
    wanted = major or (info.major if info is not None else None)
    candidates = _candidates(wanted, exactly=major is not None, refused=refused)
    if wanted is None and (wants := frozenset(wants_extensions)):
        candidates = _best(list(candidates), wants)
    for binaries in candidates:
        try:
            if untrusted:
                return confined_scratch(binaries, locale=locale, refused=tuple(refused))
            return _started(
                binaries,
                locale=locale,
                needs=needs,
                refused=tuple(refused),
                ways_out=_ways_out(binaries, refused, alone=target is None),
                cache_dir=cache_dir,
                idle=idle,
            )
        except DataioError as error:
            what = "the embedded server" if binaries.origin == "embedded" else "a server of our own from local programs"
            refused.append(f"{what} ({binaries.describe()}): {error}")
    lacking = f" with {', '.join(sorted(needs))}" if needs else ""
    raise ScratchUnavailable(
        f"there is nowhere to make a scratch database{lacking}",
        detail="\n".join(f"- {reason}" for reason in refused),
        hint=f"Install {', '.join(sorted(needs))} on one of these, or name a server that has it: --scratch-url postgresql://…"
        if needs
        else "Name a server where scratch databases may be made: --scratch-url postgresql://…",
    )


def _named(
    scratch_url: str,
    info: ServerInfo | None,
    locale: Locale | None,
    major: int | None,
    needs: frozenset[str],
    *,
    untrusted: bool = False,
) -> Scratch:
    target = parse_target(scratch_url)
    origin = f"the server of --scratch-url ({target.describe()}"
    with connect(target) as connection:
        named = server_info(connection)
        missing = _missing(connection, needs)
    origin += f", PostgreSQL {named.version_text})"
    reason, hint = "", "Give --scratch-url a server, and a role on it, that can make databases."
    if named.in_recovery:
        reason = "it is in recovery (a standby)"
    elif not named.can_createdb:
        reason, hint = f"role {named.user} may not make databases", f"ALTER ROLE {named.user} CREATEDB there."
    elif untrusted and (named.is_superuser or named.can_createrole):
        reason = f"role {named.user} has too many rights for an untrusted schema, whose functions would run with them"
        hint = "Leave --scratch-url out, or name a role there that may make databases and nothing else."
    elif named.major < OLDEST:
        reason = f"PostgreSQL {named.major} is older than {OLDEST}"
    elif major is not None and named.major != major:
        reason = f"it is PostgreSQL {named.major}, wanted is {major}"
    elif missing:
        reason, hint = f"it lacks {', '.join(missing)}", "Install it there, or name another server."
    if reason:
        raise ScratchUnavailable(f"no scratch database on {origin}: {reason}", hint=hint)
    same = info is not None and info.system_identifier is not None and info.system_identifier == named.system_identifier
    return Scratch(
        target,
        origin=origin,
        own_server=same,
        ours=named.cluster_name.startswith("dataio"),
        locale=locale,
        ways_out="Install it there, or name another server that has it with --scratch-url.",
    )


def _missing(connection: psycopg.Connection[Any], needs: frozenset[str]) -> list[str]:
    found = connection.execute(
        "select name::text from pg_catalog.pg_available_extensions where name = any(%s)", [list(needs)]
    )
    return sorted(needs - {name for (name,) in found.fetchall()})


def _own_reason(
    connection: psycopg.Connection[Any],
    info: ServerInfo,
    *,
    protected: bool,
    untrusted: bool,
    major: int | None,
    needs: frozenset[str],
) -> str:
    if protected:
        return "the target is marked protected"
    if untrusted:
        return "an untrusted file is never run on it"
    if info.in_recovery:
        return "it is in recovery (a standby)"
    if not info.can_createdb:
        return f"role {info.user} may not make databases (ALTER ROLE {info.user} CREATEDB)"
    if major is not None and info.major != major:
        return f"it is PostgreSQL {info.major}, wanted is {major}"
    if info.major < OLDEST:
        return f"PostgreSQL {info.major} is older than {OLDEST}"
    if pooled(connection):
        return "a pooler stands in between, and scratch databases want the server itself"
    if needs and (missing := _missing(connection, needs)):
        return f"it lacks {', '.join(missing)}"
    return ""


def _candidates(wanted: int | None, *, exactly: bool, refused: list[str]) -> Iterable[Binaries]:
    """Installations to start a server from: the local ones of the wanted major, then the nearest embedded one."""
    if wanted is not None:
        local = [
            b for b in all_installations() if b.major == wanted and b.origin != "embedded" and b.has(*SERVER_TOOLS)
        ]
        if local:
            yield from local
        else:
            refused.append(f"a local PostgreSQL {wanted}: none with initdb and postgres on this machine")
    for major in sorted(EMBEDDED_DIRS):
        if (wanted is None and major == NEWEST) or (
            wanted is not None and (major == wanted or (major > wanted and not exactly))
        ):
            try:
                yield embedded(major)
            except DataioError as error:
                refused.append(f"the embedded server: {error.message}")
            return
    refused.append(
        f"the embedded server: it comes as {' and '.join(map(str, sorted(EMBEDDED_DIRS)))}, wanted is {wanted}"
    )


def _best(candidates: list[Binaries], wants: frozenset[str]) -> list[Binaries]:
    """The first of them, or the newest installation of this machine that has more of the extensions wanted."""
    others = [b for b in all_installations() if b.major >= OLDEST and b.has(*SERVER_TOOLS) and b not in candidates]
    return sorted([*candidates, *others], key=lambda b: len(wants - b.extensions()))


def _ways_out(binaries: Binaries, refused: list[str], *, alone: bool) -> str:
    """What to do where a server that dataio starts lacks something. ``alone``: there is no target."""
    if alone:
        return (
            f"{_ANOTHER}; or install PostgreSQL's server programs with it on this machine: they are found, and chosen"
            " by the extensions that the files make."
        )
    installed = "" if binaries.origin == "embedded" else f"; or install it for {binaries.bindir}"
    own = next((reason for reason in refused if reason.startswith("the target's own server: ")), "")
    return f"{_ANOTHER}{installed}" + (f". Not taken was {own}." if own else ".")


def _started(
    binaries: Binaries,
    *,
    locale: Locale | None,
    needs: frozenset[str],
    refused: tuple[str, ...],
    ways_out: str,
    cache_dir: Path | None,
    idle: float,
) -> Scratch:
    lease = use_scratch_server(binaries, cache_dir=cache_dir, idle=idle)
    try:
        target = lease.cluster.target()
        if needs:
            with connect(target) as connection:
                if missing := _missing(connection, needs):
                    raise ScratchUnavailable(f"it lacks {', '.join(missing)}")
        embedded_one = binaries.origin == "embedded"
        which = "the embedded scratch server" if embedded_one else "a scratch server of our own"
        programs = "" if embedded_one else f" from {binaries.bindir}"
        return Scratch(
            target,
            origin=f"{which} (PostgreSQL {binaries.major}{programs}, {lease.cluster.datadir})",
            ours=True,
            locale=locale,
            refused=refused,
            ways_out=ways_out,
            on_close=lease.close,
        )
    except BaseException:
        lease.close()
        raise
