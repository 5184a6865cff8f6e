"""``dataio api`` and ``dataio worker`` as a user runs them: on a bare project, with and without a database."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from conftest import Server
from psycopg import sql

from dataio.postgres.connection import connect

from .conftest import CATALOGUE, ROOT, Cli

Start = Callable[..., tuple[str, subprocess.Popen[bytes]]]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture
def start(cli: Cli) -> Iterator[Start]:
    """Factory: ``start(*command, **environ)`` starts a server in the project; its address and process."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*command: str, **environ: str) -> tuple[str, subprocess.Popen[bytes]]:
        port = free_port()
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=cli.cwd,
            env={**os.environ, **cli.env, **environ, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        return f"http://127.0.0.1:{port}", process

    yield begin
    for process in running:
        process.terminate()
    for process in running:
        process.wait(30)


def until(url: str, status: int, *, seconds: float = 60) -> httpx.Response:
    deadline = time.monotonic() + seconds
    seen: object = None
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(url, timeout=10)
        except httpx.TransportError as error:
            seen = error
        else:
            seen = answer.text
            if answer.status_code == status:
                return answer
        time.sleep(0.1)
    raise AssertionError(f"{url} was not {status}: {seen}")


def test_a_bare_project_serves_a_sample_and_makes_its_first_administrator(cli: Cli, start: Start) -> None:
    cli.cwd.chmod(0o755)
    (cli.cwd / "schema.sql").write_text(CATALOGUE.read_text())
    try:
        dataio = (sys.executable, "-m", "dataio", "api")
        url, process = start(*dataio, DATAIO_API_SAMPLE="1", DATAIO_API_WORKER="false")
        until(f"{url}/healthz", 200, seconds=180)
        until(f"{url}/readyz", 200)
        assert httpx.get(f"{url}/api/v1/datasets?q=dengue").json()["items"][0]["ds_id"].startswith("EP0001DS")
        made = cli("api", "create-admin", "you@example.org", "--name", "You")
        key = made.out.strip()
        assert re.fullmatch(r"dio_[A-Za-z0-9]{12}_[A-Za-z0-9]{43}", key)
        assert key not in made.err
        assert httpx.get(f"{url}/api/v1/me", headers={"X-API-Key": key}).json()["is_admin"]
        assert (cli.cwd / ".dataio" / "api-secret").stat().st_mode & 0o777 == 0o600
        again = cli("api", "create-admin", "YOU@example.org")
        assert "already" in again.err
        cli("api", "create-admin", "nobody", code=64)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM  # as every command ends that was told to
        cli("worker", "--once", "--stalled-after", "soon", code=64)
        cli("worker", "--once")
    finally:
        cli("db", "stop")


def test_a_project_with_scripts_starts_at_their_version(cli: Cli) -> None:
    """So that the next plan and apply go on from there."""
    cli.cwd.chmod(0o755)
    shutil.copy(CATALOGUE, cli.cwd)
    shutil.copytree(ROOT / "generated_migrations", cli.cwd / "generated_migrations", dirs_exist_ok=True)
    try:
        cli("api", "create-admin", "you@example.org")
        said = cli("schema", "status").out
        assert "pending: none" in said
        assert "drift:   none" in said
        assert "No changes" in cli("schema", "plan").out
    finally:
        cli("db", "stop")


@pytest.mark.parametrize("how", ["run", "dev"])
def test_the_fastapi_command_finds_the_application(cli: Cli, start: Start, how: str) -> None:
    """And without a database it lives, says what is missing, and answers 503."""
    fastapi = str(Path(sys.executable).with_name("fastapi"))
    url, _ = start(
        fastapi, how, str(ROOT / "src" / "dataio" / "api"), "--host", "127.0.0.1",
        DATAIO_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", DATAIO_API_WORKER="false",
    )  # fmt: skip
    until(f"{url}/healthz", 200, seconds=180)
    assert httpx.get(f"{url}/docs").headers["location"] == "/reference"  # the command points there
    missing = until(f"{url}/readyz", 503).json()["missing"]
    assert missing[0].startswith("database: ")
    refused = httpx.get(f"{url}/api/v1/datasets", timeout=20)
    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["type"] == "/problems#service-unavailable"


def test_a_database_that_restarts_gives_503s_and_is_found_again(cli: Cli, start: Start, pg18: Server) -> None:
    """Not the server itself, which other tests use: all sessions on one database are ended, and none is let in."""
    name = f"t_restart_{os.getpid()}"
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        target = pg18.cluster.target(name)
        try:
            with connect(target) as filled:
                filled.execute(CATALOGUE.read_bytes())
            url, _ = start(
                sys.executable, "-m", "dataio", "api", DATAIO_DATABASE_URL=target.url(None), DATAIO_API_WORKER="false"
            )
            until(f"{url}/api/v1/datasets", 200)
            connection.execute(sql.SQL("alter database {} allow_connections false").format(sql.Identifier(name)))
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
            until(f"{url}/readyz", 503)
            assert httpx.get(f"{url}/api/v1/datasets", timeout=20).status_code == 503
            connection.execute(sql.SQL("alter database {} allow_connections true").format(sql.Identifier(name)))
            until(f"{url}/api/v1/datasets", 200, seconds=40)
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_importing_the_api_is_cheap() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, dataio.api; print(sorted({'fastapi', 'sqlalchemy'} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"
    assert "app" in dir(__import__("dataio.api").api)
