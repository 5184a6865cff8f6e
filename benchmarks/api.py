"""How fast the API is beside a bare FastAPI + psycopg endpoint that runs the same SQL: ``python benchmarks/api.py``.

A throw-away server, ``--datasets`` datasets (a third of them hidden), the API and the bare one as processes of their
own with one worker each, wrk as the load. Both answer the same bytes, which is looked at first. Rounds alternate
between the two; the median counts: requests per second, the 99th percentile, and the processor time of the process
per request, which other load on the machine changes least. Then ``--requests`` requests at the API with its memory
watched, for ``--minutes`` at most, and a restart of the database in the middle of a load. As it stands it takes less
than 8 minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.postgres.load import load_schema
from dataio.postgres.server import temporary

ROOT = Path(__file__).parents[1]
FILL = """
INSERT INTO data_owners (name) SELECT 'Owner ' || n FROM generate_series(1, 50) n;
INSERT INTO collections (collection_id, name, category)
SELECT 'BB' || lpad(n::text, 4, '0'), 'Collection ' || n, 'Category ' || n %% 12
  FROM generate_series(1, %(collections)s) n;
INSERT INTO tags (name) SELECT 'tag ' || n FROM generate_series(1, 200) n;
INSERT INTO raw_datasets (name, data_owner_id) SELECT 'raw ' || n, 1 + n %% 50 FROM generate_series(1, 500) n;
INSERT INTO buckets (name, url, is_default) VALUES ('b', 'file:///nowhere', true);
INSERT INTO datasets (ds_id, title, description, collection_id, data_owner_id, public_access, spatial_coverage,
                      temporal_coverage_start)
SELECT 'BB' || lpad((1 + n / 1000)::text, 4, '0') || 'DS' || lpad((n %% 1000)::text, 4, '0'),
       'Dataset ' || n || ' of cases by district and week', repeat('What it holds and how it was made. ', 6),
       'BB' || lpad((1 + n / 1000)::text, 4, '0'), 1 + n %% 50,
       (ARRAY['NONE', 'VIEW', 'DOWNLOAD'])[1 + n %% 3]::access_level, 'India', '2015-01-01'
  FROM generate_series(0, %(datasets)s - 1) n;
INSERT INTO dataset_tags
SELECT ds_id, 1 + (right(ds_id, 4)::int + k * 37) %% 200 FROM datasets, generate_series(0, 2) k;
INSERT INTO dataset_raw_datasets SELECT ds_id, 1 + right(ds_id, 4)::int %% 500 FROM datasets;
INSERT INTO dataset_versions (ds_id, version_type, bucket_id) SELECT ds_id, 'STANDARDISED', 1 FROM datasets;
INSERT INTO version_tables (version_id, name, object_key, byte_size, sha256)
SELECT version_id, 't' || k, 'x', 1, repeat('0', 64) FROM dataset_versions, generate_series(1, 2) k;
"""
DETAILS = """
local n = 0
request = function()
  n = (n * 1103515245 + 12345) % 2147483648
  local id = (n % {datasets})
  id = id - id % 3 + 1
  return wrk.format("GET", string.format("{path}/BB%04dDS%04d", 1 + math.floor(id / 1000), id % 1000))
end
"""


@dataclass(frozen=True)
class Figures:
    """One run of wrk: requests, and per second; milliseconds of the 99th percentile; answers that were no 2xx.

    ``worked`` is the server's processor time in milliseconds per request.
    """

    requests: int
    per_second: float
    p99: float
    failed: int
    worked: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--minutes", type=float, default=4.0)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("error: wrk is not on the PATH\nhint: apt-get install wrk")
    with temporary(embedded(18), settings={"shared_buffers": "256MB"}, tcp=False) as cluster:
        target = cluster.target("postgres")
        with connect(target) as connection:
            connection.execute("CREATE DATABASE bench")
        target = cluster.target("bench")
        load_schema(target, [ROOT / "schema.sql"])
        fill(target, options.datasets)
        with serving(target, bare=False) as ours, serving(target, bare=True) as bare:
            if options.rounds:
                same(ours.url, bare.url)
                compare(ours, bare, options)
            if options.requests:
                memory(ours, options)
            asyncio.run(restart(ours.url, cluster))


@dataclass(frozen=True)
class Server:
    """A server that is measured: its address and its process."""

    url: str
    pid: int

    def worked(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """Megabytes of memory."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


def fill(target: Target, datasets: int) -> None:
    began = time.monotonic()
    values = {"datasets": datasets, "collections": datasets // 1000 + 2}
    with psycopg.connect(target.dsn(), autocommit=True) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers: nothing here searches
        cursor.execute(FILL.encode(), values)
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")
    print(f"{datasets:,} datasets made in {time.monotonic() - began:.0f} s", flush=True)


@contextlib.contextmanager
def serving(target: Target, *, bare: bool) -> Iterator[Server]:
    """One process of uvicorn."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "BENCHMARK_DSN": target.dsn(),
            "DATAIO_DATABASE_URL": target.url(None),
            "DATAIO_API_SECRET": "of no use but for a benchmark, long enough",
            "DATAIO_API_WORKER": "false",
            "PYTHONPATH": str(ROOT / "benchmarks"),
        }
        (Path(folder) / "generated_migrations").mkdir()
        app = "api_bare:app" if bare else "dataio.api:app"
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"],
            cwd=folder,
            env=environ,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}" + ("" if bare else "/api/v1")
            _until_up(f"{url}/datasets?limit=1")
            yield Server(url, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _until_up(url: str) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.2)
    sys.exit(f"error: nothing answers at {url}")


def same(ours: str, bare: str) -> None:
    """Both answer the same: a dataset byte by byte, a list but for ``next``, which is signed here and an id there."""
    one, other = (httpx.get(f"{url}/datasets/BB0001DS0001").content for url in (ours, bare))
    listed, beside = (httpx.get(f"{url}/datasets?limit=20").content.partition(b'],"next":')[0] for url in (ours, bare))
    if not (one == other and listed == beside and len(listed) > 1000):
        sys.exit("error: the two do not answer the same")
    print(f"both answer the same bytes: {len(one):,} of a dataset, {len(listed):,} of a page of 20")


def wrk(server: Server, url: str, *, seconds: int, connections: int, script: str = "") -> Figures:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            *(["-s", file.name] if script else []),
            url,
        ]
        before = server.worked()
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        worked = server.worked() - before
    requests = re.search(r"(\d+) requests in", text)
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if requests is None or per_second is None or p99 is None:
        sys.exit(f"error: wrk said {text}")
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    return Figures(
        requests=int(requests[1]),
        per_second=float(per_second[1]),
        p99=float(p99[1]) * scale,
        failed=int(failed[1]) if failed else 0,
        worked=worked * 1000 / max(int(requests[1]), 1),
    )


def compare(ours: Server, bare: Server, options: argparse.Namespace) -> None:
    after = f"BB{options.datasets // 2000:04d}DS0500"
    follow = _cursor(ours.url)
    cases = (
        ("list, first page", f"{ours.url}/datasets?limit=20", f"{bare.url}/datasets?limit=20", False),
        (
            "list, further on",
            ours.url.removesuffix("/api/v1") + follow,
            f"{bare.url}/datasets?limit=20&after_id={after}",
            False,
        ),
        ("detail, by id", f"{ours.url}/datasets", f"{bare.url}/datasets", True),
    )
    print(f"\n{'':18} {'API':>8} {'bare':>8}   ratio   {'p99 API':>9} {'p99 bare':>9}   ratio   processor time")
    for name, our_url, bare_url, detail in cases:
        runs: dict[str, list[Figures]] = {"ours": [], "bare": []}
        for _ in range(options.rounds):
            for who, server, url in (("ours", ours, our_url), ("bare", bare, bare_url)):
                path = "/" + url.split("/", 3)[3]
                script = DETAILS.format(datasets=options.datasets, path=path) if detail else ""
                runs[who].append(
                    wrk(server, url, seconds=options.seconds, connections=options.connections, script=script)
                )
        a, b = (statistics.median(one.per_second for one in runs[who]) for who in ("ours", "bare"))
        p, q = (statistics.median(one.p99 for one in runs[who]) for who in ("ours", "bare"))
        v, w = (statistics.median(one.worked for one in runs[who]) for who in ("ours", "bare"))
        failed = sum(one.failed for one in runs["ours"])
        print(
            f"{name:18} {a:6.0f}/s {b:6.0f}/s  {b / a:5.2f}x  {p:6.1f} ms {q:6.1f} ms  {p / q:5.2f}x"
            f"   {v:.2f} ms {w:.2f} ms  {v / w:.2f}x" + (f"  {failed} FAILED" if failed else "")
        )


def _cursor(ours: str) -> str:
    """The address of a page some way into the list."""
    path: str = httpx.get(f"{ours}/datasets?limit=100").json()["next"]
    for _ in range(20):
        path = httpx.get(ours.removesuffix("/api/v1") + path).json()["next"]
    return path.replace("limit=100", "limit=20")


def memory(ours: Server, options: argparse.Namespace) -> None:
    """Resident memory while so many requests are answered: after a tenth of them, a quarter, half, all."""
    print(f"\nmemory over {options.requests:,} requests", flush=True)
    marks = [options.requests * part // 100 for part in (10, 25, 50, 100)]
    script = DETAILS.format(datasets=options.datasets, path="/api/v1/datasets")
    seen: list[float] = []
    done = failed = 0
    until = time.monotonic() + options.minutes * 60
    while len(seen) < len(marks) and time.monotonic() < until:
        figures = wrk(ours, f"{ours.url}/datasets", seconds=5, connections=options.connections, script=script)
        done, failed = done + figures.requests, failed + figures.failed
        while len(seen) < len(marks) and done >= marks[len(seen)]:
            seen.append(ours.resident())
            print(f"  after {done:7,}: {seen[-1]:.1f} MB", flush=True)
    if len(seen) < len(marks):
        print(f"  {options.minutes:g} minutes were over after {done:,}: {ours.resident():.1f} MB")
    if len(seen) > 1:
        print(f"  {seen[-1] - seen[0]:+.1f} MB since the first {marks[0]:,}; {failed} requests failed")


async def restart(ours: str, cluster: object) -> None:
    """Stop and start the database in the middle of a load; what was answered, and when it was good again."""
    seen: Counter[int] = Counter()
    back: list[float] = []
    began = time.monotonic()
    up_at = 0.0

    async def ask(client: httpx.AsyncClient) -> None:
        nonlocal up_at
        while time.monotonic() - began < 14:
            try:
                status = (await client.get(f"{ours}/datasets?limit=5")).status_code
            except httpx.HTTPError:
                status = 0
            seen[status] += 1
            if status == 200 and up_at and not back:
                back.append(time.monotonic() - up_at)
            await asyncio.sleep(0.01)

    async def bounce() -> None:
        nonlocal up_at
        await asyncio.sleep(3)
        await asyncio.to_thread(cluster.stop)  # type: ignore[attr-defined]
        await asyncio.sleep(3)
        await asyncio.to_thread(cluster.start, {"shared_buffers": "256MB"})  # type: ignore[attr-defined]
        up_at = time.monotonic()

    async with httpx.AsyncClient(timeout=20) as client:
        await asyncio.gather(bounce(), *(ask(client) for _ in range(8)))
    answers = ", ".join(f"{count} times {status or 'no answer'}" for status, count in sorted(seen.items()))
    print(
        f"\nthe database restarted in the middle: {answers}; good again {back[0]:.1f} s after it was"
        if back
        else "NOT BACK"
    )


if __name__ == "__main__":
    main()
