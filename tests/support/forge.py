"""A forge on localhost: GitHub's and GitLab's APIs as far as the bot uses them, with their limits, pages and errors."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

DOCS = "https://docs.github.com/rest"


@dataclass
class Fault:
    """What happens to requests whose "METHOD path" matches: an error instead of, or (``after``) on top of the work."""

    matches: str
    status: int
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    after: bool = False
    seen: int = 0


@dataclass
class FakeForge:
    """Its state, open to the test. ``users`` maps tokens to logins (a login that ends in [bot] has no /user)."""

    users: dict[str, str] = field(default_factory=lambda: {"t-bot": "github-actions[bot]", "t-eve": "eve"})
    comments: list[dict[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    url: str = ""
    may_check: bool = True
    pause: float = 0.0
    opened: list[Any] = field(default_factory=list)  # clients, closed with the server
    _ids: int = 1000
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, author: str, body: str) -> dict[str, Any]:
        with self.lock:
            self._ids += 1
            one = {"id": self._ids, "body": body, "user": {"login": author}, "author": {"username": author}}
            self.comments.append(one)
            return one

    def of(self, author: str) -> list[str]:
        return [one["body"] for one in self.comments if one["user"]["login"] == author]

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def trouble(request: Request, call_next: Any) -> Response:
            line = f"{request.method} {request.url.path}"
            request.state.user = user = self._user(request)
            self.log.append(line)
            fault = next((one for one in self.faults if one.seen < one.times and re.search(one.matches, line)), None)
            if fault is not None:
                fault.seen += 1
                if fault.after:
                    await call_next(request)
                body = fault.body if fault.body is not None else "<html><body>Bad Gateway</body></html>"
                if isinstance(body, str):
                    return Response(body, fault.status, fault.headers, media_type="text/html")
                return JSONResponse(body, fault.status, fault.headers)
            if user is None:
                return JSONResponse({"message": "Bad credentials", "documentation_url": DOCS, "status": "401"}, 401)
            found: Response = await call_next(request)
            return found

        self._github(app)
        self._gitlab(app)
        return app

    def _user(self, request: Request) -> str | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.users.get(token or request.headers.get("private-token", ""))

    def _page(self, request: Request, items: list[Any]) -> tuple[list[Any], int | None]:
        size, page = int(request.query_params.get("per_page", 30)), int(request.query_params.get("page", 1))
        more = page + 1 if page * size < len(items) else None
        return items[(page - 1) * size : page * size], more

    def _github(self, app: FastAPI) -> None:
        missing = {"message": "Not Found", "documentation_url": DOCS, "status": "404"}
        base = "/gh/repos/o/r"

        def linked(request: Request, items: list[Any]) -> JSONResponse:
            shown, more = self._page(request, items)
            answer = JSONResponse(shown)
            if more:
                following = request.url.include_query_params(page=more)
                answer.headers["link"] = f'<{following}>; rel="next", <{following}>; rel="last"'
            return answer

        @app.get("/gh/user")
        def user(request: Request) -> Any:
            if request.state.user.endswith("[bot]"):
                return JSONResponse({"message": "Resource not accessible by integration", "status": "403"}, 403)
            return {"login": request.state.user}

        @app.post("/gh/graphql")
        def graphql(request: Request) -> Any:
            return {"data": {"viewer": {"login": request.state.user.removesuffix("[bot]")}}}

        @app.get(base + "/pulls/{number}")
        def pull(number: int) -> Any:
            return self.pulls.get(number) or JSONResponse(missing, 404)

        @app.get(base + "/commits/{sha}/pulls")
        def pulls_of(request: Request, sha: str) -> Any:
            return linked(request, [one for one in self.pulls.values() if one["head"]["sha"] == sha])

        @app.get(base + "/issues/{number}/comments")
        def comments(request: Request, number: int) -> Any:
            return linked(request, list(self.comments)) if number in self.pulls else JSONResponse(missing, 404)

        @app.post(base + "/issues/{number}/comments", status_code=201)
        async def create(request: Request, number: int) -> Any:
            body = (await request.json())["body"]
            if len(body) > 65536:
                problem = {"resource": "IssueComment", "code": "unprocessable", "field": "data",
                           "message": "Body is too long (maximum is 65536 characters)"}  # fmt: skip
                return JSONResponse({"message": "Validation Failed", "errors": [problem], "status": "422"}, 422)
            if number not in self.pulls:
                return JSONResponse(missing, 404)
            if self.pause:
                time.sleep(self.pause)
            return self.add(request.state.user, body.replace("\n", "\r\n"))

        def one(request: Request, number: int) -> dict[str, Any] | None:
            mine = (one for one in self.comments if one["id"] == number)
            return next(mine, None)

        @app.patch(base + "/issues/comments/{number}")
        async def update(request: Request, number: int) -> Any:
            found = one(request, number)
            if found is None:
                return JSONResponse(missing, 404)
            if found["user"]["login"] != request.state.user:
                return JSONResponse({"message": "Must have admin rights to Repository.", "status": "403"}, 403)
            found["body"] = (await request.json())["body"]
            return found

        @app.delete(base + "/issues/comments/{number}")
        def delete(request: Request, number: int) -> Any:
            found = one(request, number)
            if found is None:
                return JSONResponse(missing, 404)
            with self.lock:
                self.comments.remove(found)
            return Response(status_code=204)

        @app.post(base + "/issues/{number}/labels")
        async def label(request: Request, number: int) -> Any:
            self.labels = sorted({*self.labels, *(await request.json())["labels"]})
            return [{"name": name} for name in self.labels]

        @app.delete(base + "/issues/{number}/labels/{name:path}")
        def unlabel(number: int, name: str) -> Any:
            if name not in self.labels:
                return JSONResponse({"message": "Label does not exist", "status": "404"}, 404)
            self.labels.remove(name)
            return []

        @app.post(base + "/check-runs", status_code=201)
        async def check(request: Request) -> Any:
            if not self.may_check:
                return JSONResponse({"message": "Resource not accessible by integration", "status": "403"}, 403)
            run = await request.json()
            if len(run["output"].get("annotations", ())) > 50:
                return JSONResponse({"message": "Invalid request. No more than 50 annotations", "status": "422"}, 422)
            self.checks.append(run | {"id": len(self.checks)})
            return self.checks[-1]

        @app.patch(base + "/check-runs/{number}")
        async def more_of_check(request: Request, number: int) -> Any:
            self.checks[number]["output"]["annotations"] += (await request.json())["output"]["annotations"]
            return self.checks[number]

    def _gitlab(self, app: FastAPI) -> None:
        base = "/gl/projects/{project:path}"
        missing = {"message": "404 Not found"}

        @app.get("/gl/user")
        def user(request: Request) -> Any:
            return {"username": request.state.user}

        @app.get(base + "/merge_requests/{number}")
        def merge_request(project: str, number: int) -> Any:
            one = self.pulls.get(number)
            if one is None:
                return JSONResponse(missing, 404)
            return {"iid": number, "sha": one["head"]["sha"], "diff_refs": {"base_sha": one["base"]["sha"]},
                    "state": "opened", "labels": self.labels}  # fmt: skip

        @app.put(base + "/merge_requests/{number}")
        async def change(request: Request, project: str, number: int) -> Any:
            asked = await request.json()
            add, remove = (set(filter(None, asked.get(key, "").split(","))) for key in ("add_labels", "remove_labels"))
            self.labels = sorted((set(self.labels) | add) - remove)
            return {}

        @app.get(base + "/merge_requests/{number}/notes")
        def notes(request: Request, response: Response, project: str, number: int) -> Any:
            shown, more = self._page(request, list(self.comments))
            response.headers["x-next-page"] = str(more or "")
            return shown

        @app.post(base + "/merge_requests/{number}/notes", status_code=201)
        async def create(request: Request, project: str, number: int) -> Any:
            return self.add(request.state.user, (await request.json())["body"])

        @app.put(base + "/merge_requests/{number}/notes/{note}")
        async def update(request: Request, project: str, number: int, note: int) -> Any:
            found = next((one for one in self.comments if one["id"] == note), None)
            if found is None:
                return JSONResponse(missing, 404)
            found["body"] = (await request.json())["body"]
            return found

        @app.delete(base + "/merge_requests/{number}/notes/{note}")
        def delete(project: str, number: int, note: int) -> Any:
            found = next((one for one in self.comments if one["id"] == note), None)
            if found is None:
                return JSONResponse(missing, 404)
            self.comments.remove(found)
            return Response(status_code=204)

        @app.get(base + "/repository/commits/{sha}/merge_requests")
        def requests_of(project: str, sha: str) -> Any:
            return [{"iid": number, "sha": sha, "state": "opened"} for number, one in self.pulls.items()
                    if one["head"]["sha"] == sha]  # fmt: skip

        @app.post(base + "/statuses/{sha}", status_code=201)
        async def status(request: Request, project: str, sha: str) -> Any:
            self.checks.append(await request.json() | {"sha": sha})
            return {}

    def open_pull(self, number: int = 7, head: str = "a" * 40, base: str = "b" * 40) -> None:
        self.pulls[number] = {"number": number, "state": "open", "head": {"sha": head}, "base": {"sha": base},
                              "labels": []}  # fmt: skip


@contextmanager
def serving(forge: FakeForge) -> Iterator[FakeForge]:
    """The forge on a free port of this machine, for as long as the block runs."""
    config = uvicorn.Config(forge.app(), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    forge.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield forge
    for client in forge.opened:
        client.close()
    server.should_exit = True
    thread.join(10)
