"""What git knows: the commit a plan was made at, and the schema files as they were at some ref."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from dataio.errors import ToolMissing, UsageError

_HUNK: Final = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_LARGEST: Final = 50 << 20


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
    listed = _git(top, "ls-tree", "-r", "-l", "-z", ref, "--", *names).decode(errors="replace").split("\0")
    size = sum(int(word) for line in listed if len(parts := line.partition("\t")[0].split()) == 4
               for word in parts[3:] if word.isdigit())  # fmt: skip
    if size > _LARGEST:
        raise UsageError(f"{', '.join(names)} at {ref} has {size:,} bytes: that is no schema (at most {_LARGEST:,})")
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


def published(directory: Path, path: Path) -> str:
    """The remote's main branch that has ``path``, as this clone last saw it (``origin/main``); "" where none has it.

    A main branch is what the remote's HEAD points at, or is called main or master.
    """
    main = [f"refs/remotes/*/{name}" for name in ("HEAD", "main", "master")]
    try:
        top = Path(_git(directory, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
        name = str(path.resolve().relative_to(top.resolve()))
        for ref in _git(top, "for-each-ref", "--format=%(refname:lstrip=2)", *main).decode().split():
            if _git(top, "ls-tree", "--name-only", f"refs/remotes/{ref}", "--", name).strip():
                return ref
    except (UsageError, ToolMissing, ValueError):
        return ""
    return ""


def another_author(directory: Path, path: Path) -> str:
    """Who committed ``path`` last, where that is somebody else than who works here; "" where git does not say."""
    try:
        author, email = (
            _git(directory, "log", "-1", "--format=%an%x00%ae", "--", str(path)).decode().strip().split("\0")
        )
        mine = _git(directory, "config", "user.email").decode().strip()
    except (UsageError, ToolMissing, ValueError):
        return ""
    return "" if email == mine else author


def merge_base(directory: Path, one: str, other: str) -> str:
    """The commit that two histories parted at. Raises UsageError where git does not know one, or they never met."""
    for ref in (one, other):
        if ref.startswith("-"):
            raise UsageError(f"{ref!r} is not a git ref")
        verified = f"{ref}^{{commit}}"
        _git(directory, "rev-parse", "--verify", "--quiet", verified, failure=f"git knows no commit {ref!r}")
    failure = f"{one} and {other} have no history in common"
    return _git(directory, "merge-base", one, other, failure=failure).decode().strip()


def holds(directory: Path, ref: str, paths: Sequence[Path]) -> bool:
    """Whether ``ref`` has any of ``paths``."""
    top = Path(_git(directory, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    inside = [path.resolve() for path in paths if path.resolve().is_relative_to(top.resolve())]
    names = [str(path.relative_to(top.resolve())) for path in inside]
    return bool(names and _git(top, "ls-tree", "--name-only", ref, "--", *names).strip())


@dataclass(frozen=True)
class Hunk:
    """Lines that a change touches: ``first`` to ``last`` as they are after it, and its text, what went included."""

    path: str
    first: int
    last: int
    text: str


def hunks(directory: Path, base: str, head: str, paths: Sequence[Path]) -> tuple[Hunk, ...]:
    """What differs in ``paths`` from ``base`` to ``head`` ("": the files as they are here), hunk by hunk."""
    refs = [base, head] if head else [base]
    names = [str(path) for path in paths]
    text = _git(directory, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "-U0", *refs, "--", *names)
    found: list[Hunk] = []
    path = ""
    for line in text.decode(errors="replace").splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/")
        elif match := _HUNK.match(line):
            first, count = int(match[1]), int(match[2] or 1)
            found.append(Hunk(path, max(first, 1), max(first + count - 1, first, 1), ""))
        elif found and line[:1] in "+-" and not line.startswith("---"):
            found[-1] = replace(found[-1], text=f"{found[-1].text}{line[1:]}\n")
    return tuple(hunk for hunk in found if hunk.path != "/dev/null")


def relative(path: Path, root: Path) -> Path:
    """``path`` as seen from the project, where it is inside: the same on every machine."""
    try:
        return path.relative_to(root)
    except ValueError:
        return path


@dataclass(frozen=True)
class Commit:
    """What a commit changes: absolute paths, ``written`` those that are there after it."""

    top: Path
    changed: tuple[Path, ...]
    written: tuple[Path, ...]
    message: str
    tree: str  # what `git show TREE:path` takes: "" is the index

    def content(self, path: Path, limit: int) -> bytes:
        """The beginning of a file as the commit has it."""
        return _git(self.top, "show", f"{self.tree}:{path.relative_to(self.top).as_posix()}")[:limit]


def staged(directory: Path) -> Commit:
    """What the next commit would be. Raises UsageError outside of a repository."""
    return _changes(directory, "diff", "--cached", "--name-status", "--no-renames", "-z", tree="", message="")


def commit(directory: Path, revision: str) -> Commit:
    """A commit that is there. Raises UsageError where git knows none of that name."""
    if revision.startswith("-"):
        raise UsageError(f"{revision!r} is neither a file nor a commit")
    found = _git(
        directory, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}",
        failure=f"{revision!r} is neither a file nor a commit that git knows",
    ).decode().strip()  # fmt: skip
    message = _git(directory, "log", "-1", "--format=%B", found).decode(errors="replace")
    shown = (
        "diff-tree",
        "--root",
        "--no-commit-id",
        "--name-status",
        "--no-renames",
        "-r",
        "-m",
        "--first-parent",
        "-z",
    )
    return _changes(directory, *shown, found, tree=found, message=message)


def hooks_folder(directory: Path) -> Path:
    """Where the repository's hooks are."""
    return (directory / _git(directory, "rev-parse", "--git-path", "hooks").decode().strip()).absolute()


def _changes(directory: Path, *arguments: str, tree: str, message: str) -> Commit:
    top = Path(_git(directory, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    words = _git(top, *arguments).decode(errors="surrogateescape").split("\0")
    pairs = [(status, top / name) for status, name in zip(words[::2], words[1::2], strict=False)]
    written = tuple(path for status, path in pairs if status != "D")
    return Commit(top, tuple(path for _, path in pairs), written, message, tree)
