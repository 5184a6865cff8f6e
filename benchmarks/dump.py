"""How fast dumps are beside the bare tools: ``python benchmarks/dump.py [--rows N] [--store s3|folder]``.

A throw-away server, a database of ``--rows`` rows in ten tables (10 million make 2 GB), an S3 server (moto) in a
process of its own. Each line is run ``--runs`` times in turn with its counterpart; the best of each counts. Memory is
the peak of the process that does it, children apart.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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

TABLES = 10
BUCKET = "benchmark"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--store", choices=["s3", "folder"], default="s3")
    arguments = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_EC2_METADATA_DISABLED": "true"}
    with (
        tempfile.TemporaryDirectory(prefix="dataio-bench-") as passing,
        temporary(embedded(18), settings={**NOT_DURABLE, "max_wal_size": "4GB", "shared_buffers": "256MB"}) as cluster,
        _store(arguments.store, Path(passing)) as (store, upload),
    ):
        work = Path(passing)
        target = cluster.target("bench")
        _fill(cluster.target(), target, arguments.rows)
        bench = Bench(target, store, upload, work, arguments.runs)
        bench.dumps()
        bench.restores()


@contextlib.contextmanager
def _store(kind: str, work: Path) -> Iterator[tuple[Callable[[], Store], Callable[[Path, str], None]]]:
    """A store, and a plain upload of a file or folder as ``aws s3 cp`` does it."""
    if kind == "folder":
        yield lambda: FolderStore(work / "store"), lambda path, key: None
        return
    import boto3

    from dataio.dumps.s3 import S3Options, S3Store

    port = 5000 + os.getpid() % 1000
    server = subprocess.Popen(
        [sys.executable, "-c", f"from moto.server import main; main(['-p', '{port}'])"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    for _ in range(100):
        with contextlib.suppress(Exception):
            client.create_bucket(Bucket=BUCKET)
            break
        time.sleep(0.1)

    def upload(path: Path, key: str) -> None:
        for file in [path] if path.is_file() else sorted(path.iterdir()):
            client.upload_file(str(file), BUCKET, f"{key}/{file.name}")

    try:
        yield lambda: S3Store(BUCKET, "dumps", S3Options(endpoint=endpoint, region="us-east-1")), upload
    finally:
        server.terminate()
        server.wait()


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
        self, target: Target, store: Callable[[], Store], upload: Callable[[Path, str], None], work: Path, runs: int
    ) -> None:
        self.target, self.store, self.upload, self.work, self.runs = target, store, upload, work, runs
        self.bin = embedded(18)
        self.memory = 0
        self.environment = target.env()

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

        self.compare("pg_dump -Fc -Z0 | zstd -1 > file", same_compression, "dump create", lambda: self.create(0), 1.10)
        self.compare("pg_dump -Fd -j2 -Z0, zstd -1, upload", parallel_and_upload, "dump create --jobs 2",
                     lambda: self.create(2), 1.10)  # fmt: skip
        self.compare(
            "pg_dump -Fc (gzip), then upload", default_and_upload, "dump create", lambda: self.create(0), 1 / 2.5
        )

    def create(self, jobs: int) -> None:
        self.measured(lambda: create(self.target, self.store(), Options(jobs=jobs), work=self.work))

    def restores(self) -> None:
        store = self.store()
        for listed in entries(store)[1:]:
            remove(store, listed)
        manifest = create(self.target, store, Options())
        bare = self.work / "restore.dump"
        self.tool("pg_dump", "-Fc", "-Z1", "-f", str(bare), "bench")

        def drop(name: str) -> None:
            with connect(self.target.with_dbname("postgres")) as connection:
                connection.execute(f"drop database if exists {name} with (force)".encode())

        def plain() -> None:
            drop("bare")
            self.tool("psql", "-qX", "-d", "postgres", "-c", "'create database bare template template0'")
            self.tool("pg_restore", "-j2", "--exit-on-error", "-d", "bare", str(bare))

        def ours() -> None:
            drop("back")
            options = RestoreOptions(analyze=False)
            back = self.target.with_dbname("back")
            self.measured(lambda: restore(back, self.store(), manifest, options, work=self.work))

        self.compare("pg_restore -j2 (local file)", plain, "restore --jobs 2 (from the store)", ours, 1.10)

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
        self, bare_name: str, bare: Callable[[], None], name: str, ours: Callable[[], None], limit: float
    ) -> None:
        self.memory = 0
        best: dict[str, float] = {}
        for _ in range(self.runs):
            for label, run in ((bare_name, bare), (name, ours)):
                begun = time.monotonic()
                run()
                best[label] = min(best.get(label, 1e9), time.monotonic() - begun)
        ratio = best[name] / best[bare_name]
        print(
            f"{bare_name:<40} {best[bare_name]:7.1f} s\n{name:<40} {best[name]:7.1f} s  "
            f"ratio {ratio:.2f} (limit {limit:.2f}: {'held' if ratio <= limit else 'MISSED'})  "
            f"peak {self.memory} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
