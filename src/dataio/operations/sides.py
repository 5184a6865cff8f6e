"""What ``dataio schema diff`` compares: a live database, schema files, or the schema at a git ref."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dataio.errors import UsageError
from dataio.postgres.conninfo import Target, parse_target
from dataio.settings import Environment
from dataio.words import is_plain_name


@dataclass(frozen=True)
class DiffSide:
    """One of the two: a database (``target``), or files (``paths``), at a git ``ref`` where one is named."""

    label: str
    target: Target | None = None
    paths: tuple[Path, ...] = ()
    ref: str = ""
    environment: str = ""
    protected: bool = False


def side(
    text: str, *, schema: Sequence[Path], root: Path, environments: Mapping[str, Environment], cwd: Path | None = None
) -> DiffSide:
    """What ``text`` means: ``git:REF``, an environment, a file or folder, else a URL or libpq string.

    ``schema`` are the files that a git ref is asked for. Raises UsageError where it is none of these.
    """
    if text.startswith("git:"):
        return DiffSide(text, paths=tuple(schema), ref=text.removeprefix("git:") or "HEAD")
    if (environment := environments.get(text)) is not None:
        if environment.url is None:
            raise UsageError(f"environment {text} reads its URL from {environment.url_env}, which is not set")
        return DiffSide(text, target=parse_target(environment.url), environment=text, protected=environment.protected)
    path = (cwd or Path.cwd()) / Path(text).expanduser()
    if "://" not in text and path.exists():
        return DiffSide(text, paths=(path,))
    if "://" in text or "=" in text:
        target = parse_target(text)
        return DiffSide(target.describe(), target=target)
    shown = repr(text) if is_plain_name(text.replace("/", "")) else "one of the two sides"
    known = f"; environments: {', '.join(sorted(environments))}" if environments else ""
    raise UsageError(
        f"{shown} is no file, folder, environment or URL",
        hint=f"Use a postgresql:// URL, a .sql file, a folder, or git:REF{known}.",
    )
