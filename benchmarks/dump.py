"""How fast dumps are beside the bare tools: ``python benchmarks/dump.py [--rows N] [--store s3|folder]``.

A throw-away server, a database of ``--rows`` rows in ten tables (10 million make 2 GB), and an S3 server in a process
of its own: versitygw where there is one (``make versitygw``), else moto, which takes much more of a core. ``--only``
runs one comparison. Each line is run ``--runs`` times in turn with its counterparts, less often when ``--minutes`` are
over; the best of each counts. "cpu" is what everybody has spent, PostgreSQL's processes included and the S3 server
named apart: on a busy machine it tells more than the wall clock. Memory is the peak of the process that does it,
children apart. A quiet machine of two cores needs seven minutes for 2 GB.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dataio.dumps.create import Options, create
from dataio.dumps.folder import FolderStore
from dataio.dumps.listing import entries
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.retention import remove
from dataio.dumps.store import Store
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.server import NOT_DURABLE, temporary

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support import versitygw

TABLES = 10
SERVER: list[int] = []  # its process
BUCKET = "benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=6.0, help="after these, nothing is run a second time")
    parser.add_argument("--store", choices=["s3", "folder"], default="s3")
    parser.add_argument("--only", choices=["dump", "jobs", "default", "restore"], help="one comparison")
    arguments = parser.parse_args()
    begun = time.monotonic()
    os.environ |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_EC2_METADATA_DISABLED": "true"}
    with (
        tempfile.TemporaryDirectory(prefix="dataio-bench-") as passing,
        temporary(embedded(18), settings={**NOT_DURABLE, "max_wal_size": "4GB", "shared_buffers": "256MB"}) as cluster,
        _store(arguments.store, Path(passing)) as (store, upload),
    ):
        work = Path(passing)
        target = cluster.target("bench")
        _fill(cluster.target(), target, arguments.rows)
        bench = Bench(
            target,
            store,
            upload,
            work,
            runs=arguments.runs,
            until=begun + 60 * arguments.minutes,
            only=arguments.only,
            postmaster=cluster.datadir,
        )
        bench.dumps()
        bench.restores()
        print(f"in {(time.monotonic() - begun) / 60:.1f} minutes")


@contextlib.contextmanager
def _store(kind: str, work: Path) -> Iterator[tuple[Callable[[], Store], Callable[[Path, str], None]]]:
    """A store, and a plain upload of a file or folder as ``aws s3 cp`` does it."""
    if kind == "folder":
        yield lambda: FolderStore(work / "store"), lambda path, key: None
        return
    import boto3

    from dataio.dumps.s3 import S3Options, S3Store

    with _server(work) as (name, endpoint):
        print(f"S3 server: {name}")
        client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)

        def upload(path: Path, key: str) -> None:
            for file in [path] if path.is_file() else sorted(path.iterdir()):
                client.upload_file(str(file), BUCKET, f"{key}/{file.name}")

        yield lambda: S3Store(BUCKET, "dumps", S3Options(endpoint=endpoint, region="us-east-1")), upload


@contextlib.contextmanager
def _server(work: Path) -> Iterator[tuple[str, str]]:
    """Name and endpoint of an S3 server, in a process of its own."""
    if versitygw.find() is not None:
        with versitygw.running("a", "b", below=work) as (host, port, process):
            SERVER[:] = [process]
            yield "versitygw", f"http://{host}:{port}"
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", f"from moto.server import main; main(['-p', '{port}'])"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    SERVER[:] = [server.pid]
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield "moto", f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _fill(server: Target, target: Target, rows: int) -> None:
    with connect(server) as connection:
        connection.execute("create database bench")
    with connect(target) as connection:
        for number in range(TABLES):
            first, last = number * rows // TABLES, (number + 1) * rows // TABLES - 1
            connection.execute(
                f"create table t{number} as select g id, md5(g::text) a, md5((g * 7)::text) b, g % 1000 c, now() + g * "
                f"interval '1 second' d, random() e from generate_series({first}::bigint, {last}) g".encode()
            )
            connection.execute(f"alter table t{number} add primary key (id)".encode())
        connection.execute("vacuum analyze")
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    print(
        f"database: {rows:,} rows in {TABLES} tables, {(row or (0,))[0] / 1e9:.2f} GB; {os.cpu_count()} cores",
        flush=True,
    )


class Bench:
    """Runs each thing beside its counterpart."""

    def __init__(
        self,
        target: Target,
        store: Callable[[], Store],
        upload: Callable[[Path, str], None],
        work: Path,
        *,
        runs: int,
        until: float,
        only: str | None,
        postmaster: Path,
    ) -> None:
        self.target, self.store, self.upload, self.work = target, store, upload, work
        self.runs, self.until, self.only = runs, until, only
        self.postmaster = int((postmaster / "postmaster.pid").read_text().splitlines()[0])
        self.bin = embedded(18)
        self.memory = 0
        self.environment = target.env()

    def cpu(self) -> tuple[float, float]:
        """Seconds that we, the tools and PostgreSQL's ended processes have spent; and those of the S3 server."""
        ours = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        server = _spent(SERVER[0])[0] if SERVER else 0.0
        return ours + sum(_spent(self.postmaster)), server

    def tool(self, *command: str, pipe: str = "") -> None:
        line = " ".join([str(self.bin.path(command[0])), *command[1:]])  # names of our own, nothing to quote
        subprocess.run(f"set -e -o pipefail; {line}{pipe}", shell=True, executable="/bin/bash",  # noqa: S602
                       env=self.environment, check=True)  # fmt: skip

    def fresh(self, name: str) -> Path:
        path = self.work / name
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True) if path.is_file() else None
        return path

    def dumps(self) -> None:
        file, folder = self.work / "bare.dump", self.work / "bare.dir"
        zstd = shutil.which("zstd") is not None

        def same_compression() -> None:
            if zstd:
                self.tool("pg_dump", "-Fc", "-Z0", "bench", pipe=f" | zstd -q -1 -f -o {file}.zst")

        def default_and_upload() -> None:
            self.tool("pg_dump", "-Fc", "-f", str(file), "bench")
            self.upload(file, "bare")

        def parallel_and_upload() -> None:
            self.fresh("bare.dir")
            self.tool("pg_dump", "-Fd", "-j2", "-Z0", "-f", str(folder), "bench")
            if zstd:
                tables = " ".join(str(path) for path in sorted(folder.glob("*.dat")))
                subprocess.run(f"echo {tables} | xargs -n1 -P2 zstd -q -1 --rm", shell=True, check=True)  # noqa: S602
            self.upload(folder, "bare.dir")

        archive = "dump create", lambda: self.create(0)
        parallel = "dump create --jobs 2", lambda: self.create(2)
        piped = "pg_dump -Fc -Z0 | zstd -1 > file", same_compression, 1.10
        default = "pg_dump -Fc (gzip), then upload", default_and_upload, 1 / 2.5
        split = "pg_dump -Fd -j2 -Z0, zstd -1, upload", parallel_and_upload, 1.10
        bare = {"dump": [piped], "default": [default]}.get(self.only or "", [piped, default])
        self.compare(["dump", "default"], bare=bare, ours=archive)
        self.compare(["jobs"], bare=[split], ours=parallel)

    def create(self, jobs: int) -> None:
        self.measured(lambda: create(self.target, self.store(), Options(jobs=jobs), work=self.work))

    def restores(self) -> None:
        if self.only not in (None, "restore"):
            return
        store = self.store()
        for listed in entries(store)[1:]:
            remove(store, listed)
        manifest = create(self.target, store, Options())
        packed, plain_file, unpacked = (self.work / f"restore.{name}" for name in ("gzip", "zst", "dump"))
        self.tool("pg_dump", "-Fc", "-f", str(packed), "bench")
        self.tool("pg_dump", "-Fc", "-Z0", "bench", pipe=f" | zstd -q -1 -f -o {plain_file}")

        def drop(name: str) -> None:
            with connect(self.target.with_dbname("postgres")) as connection:
                connection.execute(f"drop database if exists {name} with (force)".encode())

        def plain(archive: Path) -> None:
            drop("bare")
            self.tool("psql", "-qX", "-d", "postgres", "-c", "'create database bare template template0'")
            self.tool("pg_restore", "-j2", "--exit-on-error", "-d", "bare", str(archive))

        def unpack_and_restore() -> None:
            subprocess.run(["zstd", "-q", "-d", "-f", str(plain_file), "-o", str(unpacked)], check=True)  # noqa: S607
            plain(unpacked)

        def ours() -> None:
            drop("back")
            options = RestoreOptions(analyze=False)
            back = self.target.with_dbname("back")
            self.measured(lambda: restore(back, self.store(), manifest, options, work=self.work))

        bare: list[tuple[str, Callable[[], None], float]] = [
            ("pg_restore -j2 of a local archive (gzip)", partial(plain, packed), 1.10),
            ("zstd -d, pg_restore -j2 of a local one", unpack_and_restore, 1.10),
        ]
        self.compare(["restore"], bare=bare, ours=("restore --jobs 2 (from the store)", ours))

    def measured(self, function: Callable[[], object]) -> None:
        """In a process of its own: its peak of memory is its own."""
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            try:
                function()
                os.write(writer, str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024).encode())
                os._exit(0)
            except BaseException as error:
                print(error, file=sys.stderr, flush=True)
                os._exit(1)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        if os.waitpid(child, 0)[1]:
            sys.exit(1)
        self.memory = max(self.memory, int(text))

    def compare(
        self,
        kinds: list[str],
        *,
        bare: list[tuple[str, Callable[[], None], float]],
        ours: tuple[str, Callable[[], None]],
    ) -> None:
        """Each of ``bare`` (name, how, how much of its time is ours to take) beside ours."""
        if self.only is not None and self.only not in kinds:
            return
        self.memory = 0
        wall: dict[str, float] = {}
        spent: dict[str, tuple[float, float]] = {}
        for number in range(self.runs):
            if number and time.monotonic() > self.until:
                break
            for label, run in (*((name, how) for name, how, _ in bare), ours):
                before, begun = self.cpu(), time.monotonic()
                run()
                wall[label] = min(wall.get(label, 1e9), time.monotonic() - begun)
                time.sleep(0.5)  # PostgreSQL's processes end a little later
                after = self.cpu()
                spent[label] = min(spent.get(label, (1e9, 0.0)), (after[0] - before[0], after[1] - before[1]))
        for label, (cpu, server) in spent.items():
            text = f"{label:<40} {wall[label]:7.1f} s   cpu {cpu:6.1f} s, S3 {server:4.1f} s"
            print(text + (f"   peak {self.memory} MB" if label == ours[0] else ""), flush=True)
        for label, _, limit in bare:
            ratio, work = wall[ours[0]] / wall[label], spent[ours[0]][0] / spent[label][0]
            held = "held" if ratio <= limit else "MISSED"
            print(f"  {ours[0]} : {label}   {ratio:.2f} (limit {limit:.2f}: {held}), of cpu {work:.2f}", flush=True)
        held = "held" if self.memory < 200 else "MISSED"
        print(f"  memory   {self.memory} MB (limit 200 MB: {held})", flush=True)


def _spent(process: int) -> tuple[float, float]:
    """Seconds of CPU of a process, and of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    user, system, children_user, children_system = (int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15])
    return user + system, children_user + children_system


if __name__ == "__main__":
    main()
