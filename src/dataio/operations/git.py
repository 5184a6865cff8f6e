"""What git knows: the commit a plan was made at, and the schema files as they were at some ref."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from dataio.errors import ToolMissing, UsageError


def head_commit(directory: Path) -> str:
    """The commit that ``directory`` stands at, with ``+`` where tracked files differ from it; "" outside of git."""
    try:
        commit = _git(directory, "rev-parse", "--short=12", "HEAD").decode().strip()
        changed = _git(directory, "status", "--porcelain", "--untracked-files=no").strip()
    except (UsageError, ToolMissing):
        return ""
    return commit + ("+" if changed else "")


def checkout(directory: Path, ref: str, paths: Sequence[Path], into: Path) -> list[Path]:
    """Write ``paths`` (files or folders under ``directory``) as they are at ``ref`` into the folder ``into``.

    Returns where they are now, in the same order. Raises UsageError for an unknown ref or a path it does not hold.
    """
    top = Path(_git(directory, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    if ref.startswith("-"):
        raise UsageError(f"{ref!r} is not a git ref")
    _git(directory, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", failure=f"git knows no commit {ref!r}")
    relative = []
    for path in paths:
        try:
            relative.append(path.resolve().relative_to(top.resolve()))
        except ValueError:
            raise UsageError(f"{path} is outside of the git repository {top}") from None
    names = [str(path) for path in relative]
    missing = f"{', '.join(names)} is not in {ref}"
    archive = _git(top, "archive", "--format=tar", ref, "--", *names, failure=missing)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            inside = PurePosixPath(member.name)
            if not member.isfile() or inside.is_absolute() or ".." in inside.parts:
                continue
            content = tar.extractfile(member)
            if content is not None:
                destination = into / inside
                destination.parent.mkdir(parents=True, exist_ok=True)
                destination.write_bytes(content.read())
    return [into / path for path in relative]


def _git(directory: Path, *arguments: str, failure: str = "") -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(directory), *arguments],  # noqa: S607  (the user's own git)
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        raise ToolMissing("git is not on this machine's PATH") from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise UsageError(failure or f"git {arguments[0]}: {words}", detail=words if failure else "")
    return done.stdout


def tracks(directory: Path, path: Path) -> bool:
    """Whether git has ``path`` under control."""
    try:
        return bool(_git(directory, "ls-files", "--", str(path)).strip())
    except (UsageError, ToolMissing):
        return False


def relative(path: Path, root: Path) -> Path:
    """``path`` as seen from the project, where it is inside: the same on every machine."""
    try:
        return path.relative_to(root)
    except ValueError:
        return path
