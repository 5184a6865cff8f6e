"""Jobs: real workers, real plans; one that is killed in the middle."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from support.api import Served, problem, serving

from dataio.plan.jsonio import from_json
from dataio.plan.render import markdown

V1 = "/api/v1"


@pytest.fixture(scope="module")
def queue(serve: Callable[..., Served]) -> Served:
    """The API without a worker of its own, and a schema that has one more column than the database."""
    served = serve()
    served.keys["admin"] = served.issue(user_id=served.user("admin@example.org", admin=True))
    text = (served.root / "schema.sql").read_text()
    served.root.chmod(0o755)
    old = "    spatial_coverage         text,\n"
    (served.root / "schema.sql").write_text(text.replace(old, old + "    doi text,\n"))
    return served


Worker = Callable[..., subprocess.Popen[bytes]]


def dataio(queue: Served, *arguments: str) -> None:
    """Run dataio in the project's folder."""
    environ = {**os.environ, "DATAIO_DATABASE_URL": queue.target.url(None), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "dataio", *arguments],
        cwd=queue.root, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def worker(queue: Served) -> Iterator[Worker]:
    """Factory: ``worker("--once")`` starts ``dataio worker``."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, **more: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "DATAIO_DATABASE_URL": queue.target.url(None), **more}
        process = subprocess.Popen(
            [sys.executable, "-m", "dataio", "worker", "--stalled-after", "3s", *arguments],
            cwd=queue.root, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def until(look: Callable[[], Any], *, seconds: float = 120) -> Any:
    """What ``look`` gives as soon as it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def started(queue: Served) -> int:
    answer = queue.post(f"{V1}/plans", key=queue.keys["admin"], json={})
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "queued"
    return int(answer.json()["job_id"])


def job(queue: Served, job_id: int) -> dict[str, Any]:
    found: dict[str, Any] = queue.get(f"{V1}/jobs/{job_id}", key=queue.keys["admin"]).json()
    return found


def said(queue: Served, job_id: int) -> int:
    return int(queue.one("SELECT count(*) FROM dataio_meta.job_event WHERE job_id = %s", [job_id]))


def starts(queue: Served, job_id: int) -> int:
    return int(
        queue.one(
            "SELECT count(*) FROM dataio_meta.procrastinate_events WHERE job_id = %s AND type = 'started'", [job_id]
        )
    )


def _begun(queue: Served, job_id: int, times: int) -> bool:
    return starts(queue, job_id) == times and said(queue, job_id) > 0


def over(queue: Served, job_id: int) -> dict[str, Any] | None:
    found = job(queue, job_id)
    return found if found["state"] in ("succeeded", "failed") else None


def test_a_killed_workers_plan_is_taken_up_again_once(queue: Served, worker: Worker) -> None:
    job_id = started(queue)
    first = worker()
    until(lambda: said(queue, job_id) > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert job(queue, job_id)["state"] == "running"  # so far nobody knows
    worker("--name", "second")
    worker("--name", "third")  # two that could both take it
    found = until(lambda: over(queue, job_id), seconds=180)
    assert found["state"] == "succeeded", found["problem"]
    assert found["attempts"] == 2 or starts(queue, job_id) == 2
    assert starts(queue, job_id) == 2
    plan = queue.get(f"{V1}/plans/{job_id}", key=queue.keys["admin"]).json()
    assert plan["summary"]["statements"] == 1
    assert plan["summary"]["proven"]
    listed = queue.get(f"{V1}/jobs?kind=plan", key=queue.keys["admin"]).json()["items"]
    (mine,) = [one for one in listed if one["job_id"] == job_id]
    assert (mine["state"], mine["outcome"]) == ("succeeded", "1 statement") == (plan["state"], plan["outcome"])
    key = queue.keys["admin"]
    texts = {kind: queue.get(url, key=key) for kind, url in plan["documents"].items()}
    assert all(one.status_code == 200 for one in texts.values())
    assert json.loads(texts["json"].text)["statements"][0]["sql"].startswith("ALTER TABLE")
    for kind in ("text", "sql", "markdown", "html"):
        assert "ADD COLUMN doi text" in texts[kind].text, kind
    assert texts["markdown"].text == markdown.render(from_json(texts["json"].text, source="json"), limit=10**9)


def test_a_job_that_takes_two_workers_with_it_has_failed(queue: Served, worker: Worker) -> None:
    job_id = started(queue)
    for name, before in (("first", 0), ("second", 1)):
        process = worker("--name", name)
        until(functools.partial(_begun, queue, job_id, before + 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
    worker("--name", "undertaker")
    found = until(lambda: over(queue, job_id), seconds=60)
    assert found["state"] == "failed"
    assert found["problem"]["message"] == "two workers died over this job"
    assert starts(queue, job_id) == 2
    assert found["outcome"] is None
    problem(queue.get(f"{V1}/plans/{job_id}/document", key=queue.keys["admin"]), 409)


def test_a_job_outlives_the_api_and_tells_its_story_from_any_point(queue: Served) -> None:
    key = queue.keys["admin"]
    with serving(queue.target, queue.root) as first:
        job_id = int(first.post(f"{V1}/schema/drift", key=key).json()["job_id"])
    with serving(queue.target, queue.root, DATAIO_API_WORKER="true") as second:
        events = list(_events(second, job_id, key))
        assert events[-1][1] == "end"
        assert events[-1][2]["state"] == "succeeded"
        progress = [number for number, name, _ in events if name == "progress"]
        assert progress == sorted(progress)
        if progress:
            later = list(_events(second, job_id, key, after=progress[0]))
            assert [number for number, name, _ in later if name == "progress"] == progress[1:]
    assert job(queue, job_id)["state"] == "succeeded"


def _events(served: Served, job_id: int, key: str, *, after: int = 0) -> Iterator[tuple[int, str, dict[str, Any]]]:
    headers = {"X-API-Key": key, "Last-Event-ID": str(after)}
    with httpx.stream("GET", f"{served.url}{V1}/jobs/{job_id}/events", headers=headers, timeout=120) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        number, name = 0, ""
        for line in answer.iter_lines():
            field, _, value = line.partition(": ")
            if field == "id":
                number = int(value)
            elif field == "event":
                name = value
            elif field == "data":
                yield number, name, json.loads(value)


def test_a_plan_that_cannot_be_made_says_why(queue: Served, worker: Worker) -> None:
    path = queue.root / "schema.sql"
    text = path.read_text()
    path.write_text(text + "\nCREATE TABLE broken (;\n")
    try:
        job_id = started(queue)
        worker("--once").wait(120)
    finally:
        path.write_text(text)
    found = job(queue, job_id)
    assert found["state"] == "failed"
    assert found["problem"]["error"] == "SourceError"
    assert "syntax error" in found["problem"]["message"]


def test_nothing_is_applied_over_http_unless_a_setting_says_so(queue: Served, worker: Worker) -> None:
    assert "not applied" in problem(queue.post(f"{V1}/schema/apply", key=queue.keys["admin"], json={}), 403)["detail"]
    schema = queue.root / "schema.sql"
    text = schema.read_text()
    schema.unlink()
    dataio(queue, "schema", "adopt", "--yes")
    schema.write_text(text)
    dataio(queue, "schema", "plan", "doi")
    with serving(queue.target, queue.root, DATAIO_API_APPLY="true") as allowed:
        job_id = int(allowed.post(f"{V1}/schema/apply", key=queue.keys["admin"], json={}).json()["job_id"])
        worker("--once", DATAIO_API_APPLY="true").wait(240)  # the worker has a word in it, too
        found = over(queue, job_id)
        assert found is not None
        assert found["state"] == "succeeded", found["problem"]
        history = allowed.get(f"{V1}/schema/history", key=queue.keys["admin"]).json()
        assert history[0]["name"] == "doi"
        script = allowed.get(f"{V1}/schema/history/{history[0]['number']}/script", key=queue.keys["admin"])
        assert "ADD COLUMN doi text" in script.text
    assert queue.one("SELECT count(*) FROM information_schema.columns WHERE column_name = 'doi'") >= 1


def test_dumps_are_listed_shown_and_fetched_and_a_killed_verify_is_taken_up_once(queue: Served, worker: Worker) -> None:
    key = queue.keys["admin"]
    queue.rows("INSERT INTO tags (name) SELECT 'tag ' || n FROM generate_series(1, 50000) n")
    dataio(queue, "dump", "create")
    (dump,) = queue.get(f"{V1}/dumps", key=key).json()
    where = f"{V1}/dumps/{dump['dump_id']}"
    assert queue.get(where, key=key).json()["manifest"]["objects"]
    problem(queue.get(f"{V1}/dumps/schema_v999/2020-01-01T00-00-00Z", key=key), 404)
    files = queue.get(f"{where}/download", key=key).json()
    assert files
    for one in files:
        content = queue.get(one["url"]).content
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["size"], one["sha256"])
    job_id = int(queue.post(f"{where}/verify", key=key, json={"restore": True}).json()["job_id"])
    first = worker("--name", "first")
    until(functools.partial(_begun, queue, job_id, 1))
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert job(queue, job_id)["state"] == "running"
    worker("--name", "second")
    worker("--name", "third")
    found = until(lambda: over(queue, job_id), seconds=180)
    assert found["state"] == "succeeded", found["problem"]
    assert starts(queue, job_id) == 2


def test_the_queue_is_no_part_of_the_schema(queue: Served) -> None:
    names = [one["name"] for one in queue.get(f"{V1}/schema/tables", key=queue.keys["admin"]).json()]
    assert "datasets" in names
    assert not [name for name in names if "procrastinate" in name or name.startswith("job_")]
