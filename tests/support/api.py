"""The API as a program meets it: uvicorn on a free port of this machine, over a real database, asked with httpx."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import uvicorn
from fastapi import FastAPI
from psycopg.rows import dict_row

from dataio.api.application import create_app
from dataio.catalogue.keys import new_key
from dataio.postgres.conninfo import Target
from dataio.settings import load

SECRET = "a secret for tests, of no use to anybody else"


@dataclass
class Served:
    """A running API: ``api.get("/api/v1/datasets", key=api.keys["viewer"])``."""

    url: str
    target: Target
    app: FastAPI
    root: Path
    keys: dict[str, str] = field(default_factory=dict)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60.0))

    def ask(self, method: str, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:
        headers = {**(more.pop("headers", None) or {}), **({"X-API-Key": key} if key else {})}
        if cookies := more.pop("cookies", None):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        answer = self.client.request(method, self.url + path, headers=headers, **more)
        self.client.cookies.clear()  # a browser is what a test says it is
        return answer

    def get(self, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:
        return self.ask("GET", path, key=key, **more)

    def post(self, path: str, *, key: str | None = None, **more: Any) -> httpx.Response:
        return self.ask("POST", path, key=key, **more)

    def rows(self, statement: str, values: Any = None) -> list[dict[str, Any]]:
        """Run a statement of the test's own."""
        with psycopg.connect(self.target.dsn(), autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, values: Any = None) -> Any:
        """The first value of the first row."""
        return next(iter(self.rows(statement, values)[0].values()))

    def issue(self, *, user_id: int | None = None, group_id: int | None = None, expired: bool = False) -> str:
        """A key for a user or group, as the API would issue it."""
        key = new_key()
        self.rows(
            "INSERT INTO api_keys (user_id, group_id, key_prefix, hashed_key, created_at, expires_at)"
            " VALUES (%s, %s, %s, %s, now() - interval '2 days',"
            " CASE WHEN %s THEN now() - interval '1 day' END)",
            [user_id, group_id, key.prefix, key.hashed, expired],
        )
        return key.text

    def user(self, email: str, *, admin: bool = False) -> int:
        return int(self.one("INSERT INTO users (email, is_admin) VALUES (%s, %s) RETURNING user_id", [email, admin]))


@contextlib.contextmanager
def serving(target: Target, root: Path, **environ: str) -> Iterator[Served]:
    """Serve ``target`` from the directory ``root`` until the block ends."""
    settings = load(
        cwd=root,
        environ={
            "DATAIO_DATABASE_URL": target.url(None),
            "DATAIO_API_SECRET": SECRET,
            "DATAIO_API_WORKER": "false",
            "DATAIO_API_FAILED_KEYS": "1000000",
            **environ,
        },
    )
    app = create_app(settings)
    logging.getLogger("dataio.access").setLevel(logging.WARNING)  # a failed test shows what matters
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the API did not start"
        served = Served(f"http://127.0.0.1:{listening.getsockname()[1]}", target, app, root)
        with served.client:
            yield served
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the API did not stop"


def problem(response: httpx.Response, status: int) -> Mapping[str, Any]:
    """The problem document of a response, which must be one."""
    assert response.status_code == status, f"{response.status_code} instead of {status}: {response.text[:500]}"
    assert response.headers["content-type"] == "application/problem+json"
    found: Mapping[str, Any] = response.json()
    assert found["status"] == status
    assert found["request_id"] == response.headers["x-request-id"]
    return found
