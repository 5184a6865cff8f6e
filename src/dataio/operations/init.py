"""``dataio init``: what a new project needs, written beside what is there, and never over it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from dataio.errors import DataioError
from dataio.migrations import history
from dataio.operations import scaffold
from dataio.operations.sql import query
from dataio.operations.target import reach
from dataio.postgres.connection import connect
from dataio.settings import Settings

Ci: TypeAlias = Literal["github", "gitlab", "none"]

_GITHUB: Final = ".github/workflows"
_GITLAB: Final = "dataio.gitlab-ci.yml"


@dataclass(frozen=True)
class Written:
    """What became of one file: ``path`` is relative to the project."""

    path: str
    outcome: Literal["wrote", "kept", "added to"]
    lines: int = 0


def init(root: Path, *, ci: Ci = "github") -> tuple[Written, ...]:
    """Write schema.sql, dataio.toml, generated_migrations/, lines of .gitignore, and the workflows of ``ci``.

    A file that is there stays as it is; of ``.gitignore`` only missing lines are added. Raises DataioError where a
    file cannot be written.
    """
    try:
        done = [
            _file(root, "schema.sql", scaffold.text("schema.sql")),
            _file(root, "dataio.toml", scaffold.text("dataio.toml")),
            _file(root, "generated_migrations/.gitkeep", ""),
            _ignored(root),
        ]
        if ci == "github":
            done += [
                _file(root, f"{_GITHUB}/{name}", scaffold.text(f"github/{name}"))
                for name in ("dataio-plan.yml", "dataio-comment.yml")
            ]
        elif ci == "gitlab":
            done.append(_file(root, _GITLAB, scaffold.text("gitlab-ci.yml")))
    except OSError as error:
        raise DataioError(f"{error.filename}: {error.strerror}", hint="Run it where files may be written.") from None
    return tuple(done)


def adoptable(settings: Settings) -> bool:
    """Whether the database that is named can be reached, and holds what no script of dataio's has made."""
    if settings.target.embedded:
        return False
    try:
        place = reach(settings.target, settings.environments, settings.root)
        with connect(place.target, read_only=True) as connection:
            return not history.read(connection).migrations and connection.execute(
                query("holds_anything")
            ).fetchone() == (True,)
    except DataioError:
        return False


def _file(root: Path, name: str, content: str) -> Written:
    path = root / name
    if name.endswith(".gitkeep") and path.parent.is_dir() and any(path.parent.iterdir()):
        return Written(f"{path.parent.name}/", "kept")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        return Written(name, "kept")
    return Written(name, "wrote", content.count("\n"))


def _ignored(root: Path) -> Written:
    path = root / ".gitignore"
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    present = {line.strip() for line in there.splitlines()}
    wanted = scaffold.text("gitignore").splitlines()
    missing = [line for line in wanted if line not in present and not line.startswith("#")]
    if not missing:
        return Written(".gitignore", "kept")
    comment = [line for line in wanted if line.startswith("#")]
    head = "" if not there or there.endswith("\n") else "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(head + ("\n" if there else "") + "\n".join([*comment, *missing]) + "\n")
    return Written(".gitignore", "added to" if there else "wrote", len(missing))
