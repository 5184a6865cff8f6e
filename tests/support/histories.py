"""Plans between the versions that real projects' schemas went through: their packages' own migrations, step by step.

And between the states that PostgreSQL's own regression tests pass through (``--only 'regress-*'``), every forty
statements: pglast has them with its parser.

Fetches packages by ``pip download``, ``npm pack`` and ``apt-get download`` into FOLDER/packages, replays their
migrations on a PostgreSQL 18 of its own, and writes what stands after every so many of them as
FOLDER/cases/PROJECT/LEAP/{old,new}.sql, which ../shared/tools/converge.py judges, too. Then plans each leap both ways
and prints a table::

    python -m tests.support.histories FOLDER [--only GLOB] [--no-plans]

A statement that fails (an extension that is not there, say) is left out: what then stands is a schema, too. Needs node
for what migrates in JavaScript. Exits with 1 where a plan does not arrive.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from dataio.postgres.binaries import dump_binaries, embedded
from dataio.postgres.conninfo import Target
from dataio.postgres.dump import dump_schema
from dataio.postgres.process import ToolFailed, run
from dataio.postgres.server import NOT_DURABLE, temporary

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.converge import between, databases, load

_LEFT_OUT: Final = re.compile(
    r"(?im)^\s*(\\c|begin|(create|drop) (database|tablespace)|alter system|drop (role|user|group))\b.*"
)
"""What would leave the database, the server's other ones changed, or a role that a dump names gone."""

_SETS: Final = re.compile(r"(?im)^(?:set(?! local\b| transaction\b| constraints\b)|reset)\b[^;]*;")
_CONNECTS: Final = re.compile(r"(?m)^\\c\b")

COLUMNS: Final = ("states", "plans", "ok", "facts", "dump", "apply", "plan", "rebuilt")


@dataclass(frozen=True)
class Project:
    """A package, and how to read from it the SQL of each step. ``leap``: so many steps are planned at once."""

    fetch: tuple[str, ...]
    steps: Callable[[Path], list[str]]
    leap: int = 12


def _texts(root: Path, *globs: str) -> list[str]:
    """The files that match, in the order of their names."""
    return [path.read_text() for pattern in globs for path in sorted(root.glob(pattern))]


def files(*globs: str, first: str = "", **replaced: str) -> Callable[[Path], list[str]]:
    """One step a file. ``replaced``: placeholders in them."""

    def steps(root: Path) -> list[str]:
        texts = _texts(root, *globs)
        for name, value in replaced.items():
            texts = [text.replace(f":{name}", value) for text in texts]
        return [first + texts[0], *texts[1:]]

    return steps


def regression(name: str) -> Callable[[Path], list[str]]:
    """A file of PostgreSQL's regression tests, statement by statement, each run by itself; its roles stay."""

    def steps(root: Path) -> list[str]:
        (folder,) = root.glob("*/libpg_query/test/sql/postgres_regress")
        first, text = ((folder / f"{part}.sql").read_text() for part in ("test_setup", name))
        texts = [_LEFT_OUT.sub("", part) for part in _with_settings(_statements(text))]
        return [re.sub(r"(?m)^\\.*$", "", first) + "".join(texts[:1]), *texts[1:]]

    return steps


def _with_settings(statements: Iterable[str]) -> Iterator[str]:
    """Each with what the session has SET before it, until it connects anew: the role above all."""
    settings = ""
    for statement in statements:
        yield settings + statement
        if _CONNECTS.search(statement):
            settings = ""
        settings += "".join(f"{setting}\n" for setting in _SETS.findall(statement))


def _statements(text: str) -> Iterator[str]:
    """Cut after lines that end with a semicolon, but not within a body or the rows of a COPY."""
    part, quote, rows = "", "", False
    for line in text.splitlines(keepends=True):
        part += line
        if rows:
            rows = not line.startswith("\\.")
            continue
        for mark in re.findall(r"\$\w*\$", line):
            quote = {"": mark, mark: ""}.get(quote, quote)
        rows = not quote and re.match(r"(?i)copy .* from stdin", line) is not None
        if not quote and not rows and re.search(r";\s*(--.*)?$", line):
            yield part
            part = ""


def versions(*globs: str) -> Callable[[Path], list[str]]:
    """Whole schemas in files, each of which takes the place of the one before."""

    def steps(root: Path) -> list[str]:
        return [f"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n{text}" for text in _texts(root, *globs)]

    return steps


def script(glob: str, mark: str) -> Callable[[Path], list[str]]:
    """One file that is cut before each line that begins with ``mark``; whole, it would be one transaction."""

    def steps(root: Path) -> list[str]:
        parts = re.split(rf"(?m)^(?={mark})", "\n".join(_texts(root, glob)))
        return [re.sub(r"(?m)^(START TRANSACTION|BEGIN|COMMIT);$", "", part) for part in parts]

    return steps


def javascript(style: str, folder: str, first: str = "") -> Callable[[Path], list[str]]:
    """What the migrations of an npm package would run, as histories.mjs takes it down."""

    def steps(root: Path) -> list[str]:
        command = ["node", str(Path(__file__).with_suffix(".mjs")), style, str(root / folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        texts: list[str] = json.loads(done.stdout)
        return [first + texts[0], *texts[1:]]

    return steps


def _synapse(root: Path) -> list[str]:
    """The oldest whole schema that the package has, and the deltas after it, those for PostgreSQL."""
    schema = root / "synapse/storage/schema"
    oldest = min(int(path.name) for path in schema.glob("main/full_schemas/*"))
    whole = _texts(schema, "common/*.sql", *(f"{part}/full_schemas/{oldest}/*.postgres" for part in ("main", "state")))
    whole += _texts(schema, f"common/full_schemas/{oldest}/*.sql")
    deltas = [path for path in schema.glob("*/delta/*/*") if path.name.endswith((".sql", ".sql.postgres"))]
    deltas = [path for path in deltas if path.parent.name.isdigit() and int(path.parent.name) > oldest]
    deltas.sort(key=lambda path: (int(path.parent.name), path.name))
    return ["\n".join(whole), *(path.read_text() for path in deltas)]


_WORKER: Final = """
CREATE SCHEMA graphile_worker;
CREATE TABLE graphile_worker.migrations (id integer PRIMARY KEY, ts timestamptz DEFAULT now(), breaking boolean);
"""
_UUID: Final = "CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';\n"

_REGRESSION: Final = """
alter_generic alter_table collate.icu.utf8 compression constraints conversion create_aggregate create_cast
create_function_sql create_index create_operator create_procedure create_table create_table_like create_type create_view
domain enum event_trigger foreign_data foreign_key generated_stored generated_virtual identity indexing inherit
insert_conflict matview multirangetypes partition_prune polymorphism privileges publication rangetypes
replica_identity rowsecurity rowtypes rules sequence stats_ext triggers tsdicts typed_table updatable_views
without_overlaps
""".split()  # noqa: SIM905 - a list of that many words reads better so
_MEDUSA: Final = ("cart", "order", "pricing", "product", "promotion")

PROJECTS: Final[dict[str, Project]] = {
    "ejabberd": Project(
        ("apt-get", "ejabberd"), versions("usr/share/ejabberd/sql/pg.sql", "usr/share/ejabberd/sql/pg.new.sql"), 1
    ),
    "flowise": Project(
        ("npm", "flowise"), javascript("typeorm", "package/dist/database/migrations/postgres", _UUID), 4
    ),
    "graphile-worker": Project(
        ("npm", "graphile-worker"),
        files("package/sql/*.sql", first=_WORKER, GRAPHILE_WORKER_SCHEMA="graphile_worker"),
        2,
    ),
    "kea": Project(("apt-get", "kea-admin"), script("usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql", "UPDATE "), 4),
    "procrastinate": Project(("pip", "procrastinate"), files("procrastinate/sql/migrations/*.sql"), 4),
    "synapse": Project(("pip", "matrix-synapse"), _synapse),
    "unleash": Project(("npm", "unleash-server"), javascript("db-migrate", "package/dist/migrations")),
    **{
        f"medusa-{module}": Project(("npm", f"@medusajs/{module}"), javascript("mikro", "package/dist/migrations"), 4)
        for module in _MEDUSA
    },
    **{f"regress-{name}": Project(("sdist", "pglast"), regression(name), 40) for name in _REGRESSION},
}


def fetched(project: Project, packages: Path) -> Path:
    """The folder with a package's files; downloaded and unpacked where that has not been done."""
    tool, name = project.fetch
    folder = packages / tool / name.replace("/", "-").lstrip("@")
    if not folder.exists():
        fresh = folder.with_name(folder.name + ".new")
        fresh.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command = {
            "pip": [*pip, "--only-binary", ":all:", name],
            "sdist": [*pip, "--no-build-isolation", "--no-binary", ":all:", name],
            "npm": ["npm", "pack", "--silent", name],
            "apt-get": ["apt-get", "download", "--quiet", name],
        }[tool]
        subprocess.run(command, check=True, cwd=fresh, stdout=subprocess.DEVNULL)
        (archive,) = fresh.iterdir()
        match archive.suffix:
            case ".whl":
                zipfile.ZipFile(archive).extractall(fresh)
            case ".deb":
                subprocess.run(["dpkg-deb", "-x", archive, fresh], check=True)
            case _:
                with tarfile.open(archive) as package:
                    package.extractall(fresh, filter="data")
        fresh.rename(folder)
    return folder


def _loads(server: Target, text: str) -> bool:
    """There are databases whose dump cannot be restored: of those one cannot ask for a plan."""
    with databases(server, 1) as (database,), suppress(ToolFailed):
        load(database, text)
        return True
    return False


def states(server: Target, project: Project, root: Path) -> Iterator[str]:
    """The schema after each leap, as pg_dump says it; one that is like the one before does not count."""
    texts, last = project.steps(root), ""
    with databases(server, 1) as (database,):
        for number, text in enumerate(texts, 1):
            run(dump_binaries(embedded(18).major), "psql", ["-X", "-q", "-f", "-"], target=database, input=text)
            if number % project.leap == 0 or number in (1, len(texts)):
                now = dump_schema(database)
                if "CREATE TABLE" in now and now != last and _loads(server, now):
                    yield now
                last = now


def leaps(found: Sequence[str]) -> dict[str, tuple[str, str]]:
    """From each state to the next, and from the first to the last."""
    pairs = {f"{number:03}-{number + 1:03}": pair for number, pair in enumerate(pairwise(found), 1)}
    if len(found) > 2:
        pairs[f"001-{len(found):03}"] = (found[0], found[-1])
    return pairs


def _keep(folder: Path, pair: tuple[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in zip(("old.sql", "new.sql"), pair, strict=True):
        (folder / name).write_text(text)


def _planned(server: Target, name: str, pair: tuple[str, str], words: Counter[str]) -> None:
    for way, texts in (("there", pair), ("back", pair[::-1])):
        with databases(server) as (first, second):
            load(first, texts[0])
            load(second, texts[1])
            outcome = between(first, second)
        words.update((outcome.word, "plans"), rebuilt=int(bool(outcome.rebuilt)))
        if outcome.word != "ok" or outcome.rebuilt:
            sys.stderr.write(f"{name} {way}: {outcome}\n")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="*")
    parser.add_argument("--no-plans", action="store_true")
    arguments = parser.parse_args()
    total: Counter[str] = Counter()
    sys.stdout.write(f"{'':18}{''.join(f'{column:>9}' for column in COLUMNS)}\n")
    with ExitStack() as stack:
        server = stack.enter_context(temporary(embedded(18), settings=NOT_DURABLE)).target()
        for name, project in PROJECTS.items():
            if not fnmatch.fnmatch(name, arguments.only):
                continue
            found = list(states(server, project, fetched(project, arguments.folder / "packages")))
            words = Counter(states=len(found))
            for leap, pair in leaps(found).items():
                _keep(arguments.folder / "cases" / name / leap, pair)
                if not arguments.no_plans:
                    _planned(server, f"{name}/{leap}", pair, words)
            total += words
            sys.stdout.write(f"{name:18}{''.join(f'{words[column]:>9}' for column in COLUMNS)}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{'all':18}{''.join(f'{total[column]:>9}' for column in COLUMNS)}\n")
    return 0 if total["ok"] == total["plans"] else 1


if __name__ == "__main__":
    sys.exit(main())
