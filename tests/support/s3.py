"""S3 over HTTP for tests: moto's server, and a proxy before it that misbehaves as asked."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import boto3

from dataio.dumps.s3 import S3Options, S3Store

KEY, SECRET = "testing-key", "testing-secret"
_numbers = count(1)


@dataclass
class Fault:
    """What the proxy does to requests that ``matches`` (method, path with query), the first ``times`` of them."""

    matches: Callable[[str, str], bool]
    times: int = 1
    status: int = 0  # answer this, and do not forward
    code: str = "SlowDown"
    cut_after: int = -1  # bytes of the answer's body after which the connection is dropped
    drop_request: bool = False  # close without an answer
    lose_answer: bool = False  # forward, then close without an answer
    delay: float = 0.0
    flip: bool = False  # change one byte of the request's body on the way
    without_headers: tuple[str, ...] = ()  # take these from the request
    seen: int = field(default=0, init=False)


class FaultyProxy:
    """Forwards to ``upstream`` (host, port); counts requests."""

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self.lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def handle_one_request(self) -> None:
                with suppress(ConnectionError, TimeoutError):
                    super().handle_one_request()

            def do(self) -> None:
                proxy.handle(self)

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do  # noqa: N815

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def fault_for(self, method: str, path: str) -> Fault | None:
        with self.lock:
            self.requests.append((method, path))
            for fault in self.faults:
                if fault.seen < fault.times and fault.matches(method, path):
                    fault.seen += 1
                    return fault
        return None

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        fault = self.fault_for(request.command, request.path)
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if fault is not None:
            time.sleep(fault.delay)
            if fault.drop_request:
                self._drop(request)
                return
            if fault.status:
                text = f"<?xml version='1.0'?><Error><Code>{fault.code}</Code><Message>no</Message></Error>".encode()
                request.send_response(fault.status)
                request.send_header("Content-Length", str(len(text)))
                request.send_header("Content-Type", "application/xml")
                request.end_headers()
                if request.command != "HEAD":
                    request.wfile.write(text)
                return
            if fault.flip and body:
                body = body[:-1] + bytes([body[-1] ^ 1])
        upstream = http.client.HTTPConnection(*self.upstream, timeout=30)
        try:
            gone = {"connection", "expect", *(fault.without_headers if fault else ())}
            headers = {k: v for k, v in request.headers.items() if k.lower() not in gone}
            upstream.request(request.command, request.path, body=body, headers=headers)
            answer = upstream.getresponse()
            content = answer.read()
            if fault is not None and fault.lose_answer:
                self._drop(request)
                return
            request.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    request.send_header(name, value)
            length = answer.getheader("Content-Length") if request.command == "HEAD" else str(len(content))
            request.send_header("Content-Length", length or "0")
            request.end_headers()
            if fault is not None and 0 <= fault.cut_after < len(content):
                request.wfile.write(content[: fault.cut_after])
                request.wfile.flush()
                self._drop(request)
                return
            request.wfile.write(content)
        finally:
            upstream.close()

    @staticmethod
    def _drop(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        with suppress(OSError):
            request.connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class S3Server:
    """A server of the wire protocol. ``features`` is what it was seen to support, for tests that need it."""

    host: str
    port: int
    name: str = "moto"

    @property
    def endpoint(self) -> str:
        return f"http://{self.host}:{self.port}"

    def client(self) -> Any:
        return boto3.session.Session(KEY, SECRET, region_name="us-east-1").client("s3", endpoint_url=self.endpoint)

    def bucket(self, *, versioned: bool = False) -> str:
        name = f"bucket-{next(_numbers)}-{time.monotonic_ns()}"
        client = self.client()
        client.create_bucket(Bucket=name)
        if versioned:
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def store(self, bucket: str | None = None, prefix: str = "dumps", **options: Any) -> S3Store:
        given = {"endpoint": self.endpoint, "region": "us-east-1", "attempts": 4, "addressing": "path", **options}
        return S3Store(bucket or self.bucket(), prefix, S3Options(**given))
