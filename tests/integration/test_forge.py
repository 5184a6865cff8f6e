"""One comment on a pull request, on a forge with pages, limits, errors, forgers and a second bot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from support.forge import FakeForge, Fault, serving

from dataio.forge.github import GitHub
from dataio.forge.gitlab import GitLab
from dataio.forge.keep import Kept, keep, marked
from dataio.forge.model import Annotation, Forge, ForgeError

BOT = "github-actions[bot]"


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with serving(FakeForge()) as forge:
        forge.open_pull()
        yield forge


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest, fake: FakeForge) -> Forge:
    return _forge(request.param, fake)


def _forge(kind: str, fake: FakeForge, token: str = "t-bot", sleep: Callable[[float], None] = lambda _: None) -> Forge:
    made: Forge = (
        GitLab("group/o r", token=token, api=f"{fake.url}/gl", sleep=sleep)
        if kind == "gitlab"
        else GitHub("o/r", token=token, api=f"{fake.url}/gh", sleep=sleep)
    )
    fake.opened.append(made)
    return made


def put(forge: Forge, body: str | None, run: int = 0) -> Kept:
    return keep(forge, 7, body, key="plan", run=run, sleep=lambda _: None)


def test_created_updated_unchanged_deleted(forge: Forge, fake: FakeForge) -> None:
    assert put(forge, "one").outcome == "created"
    assert put(forge, "one").outcome in ("unchanged", "updated")
    assert put(forge, "two").outcome == "updated"
    assert fake.of(BOT) == [marked("two", key="plan", run=0)]
    assert put(forge, None).outcome == "deleted"
    assert put(forge, None).outcome == "none"
    assert fake.comments == []


def test_among_many_and_beside_forged_ones(forge: Forge, fake: FakeForge) -> None:
    for number in range(64):
        fake.add("alice", f"remark {number}")
    forged = fake.add("eve", marked("no changes, trust me", key="plan", run=99))
    put(forge, "one")
    for number in range(65):
        fake.add("bob", f"remark {number}")
    fake.add(BOT, "the same bot said something else")
    fake.add(BOT, marked("of another key", key="other", run=0))
    quoted = fake.add(BOT, "> " + marked("quoted", key="plan", run=0))
    before = len(fake.comments)
    assert before >= 131
    put(forge, "two")
    put(forge, "three")
    assert len(fake.comments) == before
    assert [body for body in fake.of(BOT) if body.startswith("<!-- dataio:plan key=plan ")] == [
        marked("three", key="plan", run=0)
    ]
    assert forged in fake.comments
    assert forged["body"].endswith("trust me")
    assert quoted["body"].startswith("> ")


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_two_bots_at_once_leave_one_comment(fake: FakeForge, kind: str) -> None:
    fake.pause = 0.05
    for attempt in range(5):
        fake.comments.clear()
        gate = threading.Barrier(2)
        failures: list[BaseException] = []

        def run(number: int, gate: threading.Barrier = gate, failures: list[BaseException] = failures) -> None:
            one = _forge(kind, fake)
            gate.wait()
            try:
                put(one, f"body {number}", run=1)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=run, args=(number,)) for number in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert len(fake.of(BOT)) == 1, (attempt, fake.comments)


def test_an_older_run_leaves_a_newer_one_alone(forge: Forge, fake: FakeForge) -> None:
    put(forge, "new", run=12)
    assert put(forge, "old", run=11).outcome == "newer"
    assert put(forge, None, run=11).outcome == "newer"
    assert fake.of(BOT)[0].endswith("new")
    put(forge, "newest", run=13)
    assert fake.of(BOT)[0].endswith("newest")


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done, answer lost"])
@pytest.mark.parametrize("method", ["POST", "PATCH|PUT", "DELETE", "GET"])
def test_bad_gateways_never_double(forge: Forge, fake: FakeForge, method: str, after: bool) -> None:
    for body in ("one", "two", None, "three"):
        fake.faults[:] = [Fault(f"^({method}) .*(comments|notes|graphql|user)", 502, times=2, after=after)]
        put(forge, body)
        assert len(fake.of(BOT)) == (body is not None)
    assert all(body.endswith("three") for body in fake.of(BOT))


@pytest.mark.parametrize(
    ("status", "headers", "body", "waits"),
    [
        (429, {"retry-after": "7"}, {"message": "Too Many Requests"}, 7),
        (403, {"retry-after": "3"}, {"message": "You have exceeded a secondary rate limit."}, 3),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "RESET"}, {"message": "API rate limit exceeded"}, 20),
        (503, {"retry-after": "DATE"}, {"message": "Service unavailable"}, 10),
        (429, {}, {"message": "slow down"}, 60),
    ],
)
def test_limits_are_waited_for(
    fake: FakeForge, status: int, headers: dict[str, str], body: dict[str, str], waits: int
) -> None:
    slept: list[float] = []
    forge = _forge("github", fake, sleep=slept.append)
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=11), usegmt=True)
    given = {k: v.replace("RESET", str(int(time.time()) + 20)).replace("DATE", soon) for k, v in headers.items()}
    method = "GET" if status == 503 else "POST"
    fake.faults.append(Fault(f"^{method} .*comments", status, 1, given, body))
    put(forge, "one")
    assert len(fake.of(BOT)) == 1
    assert waits - 2 <= sum(slept) <= waits + 3


def test_no_patience_without_end(fake: FakeForge) -> None:
    fake.faults.append(Fault("GET .*comments", 429, 99, {"retry-after": "3600"}, {"message": "wait"}))
    with pytest.raises(ForgeError, match="3600 s of patience") as caught:
        put(_forge("github", fake), "one")
    assert "run again later" in caught.value.hint
    fake.faults[:] = [Fault("GET .*comments", 502, 99)]
    with pytest.raises(ForgeError, match="no luck after 6 tries"):
        put(_forge("github", fake), "one")


@pytest.mark.parametrize(
    ("status", "body", "says", "hint"),
    [
        (401, {"message": "Bad credentials"}, "Bad credentials", "still valid"),
        (403, {"message": "Resource not accessible by integration"}, "not accessible", "pull-requests: write"),
        (404, {"message": "Not Found"}, "Not Found", "repository's name"),
        (422, {"message": "Bad", "errors": [{"message": "Body is too long"}]}, "Body is too long", "take it"),
        (410, "<html>gone</html>", "HTTP 410", ""),
    ],
)
def test_refusals_are_said(fake: FakeForge, status: int, body: object, says: str, hint: str) -> None:
    fake.faults.append(Fault("POST .*comments", status, 9, {}, body))
    with pytest.raises(ForgeError) as caught:
        put(_forge("github", fake), "one")
    assert says in f"{caught.value.message} {caught.value.detail}"
    assert hint in caught.value.hint
    assert "t-bot" not in str(caught.value)


def test_too_long_a_body_is_refused_by_the_fake_as_by_github(fake: FakeForge) -> None:
    with pytest.raises(ForgeError, match="422"):
        put(_forge("github", fake), "x" * 70_000)


def test_a_comment_deleted_in_between_is_made_again(forge: Forge, fake: FakeForge) -> None:
    put(forge, "one")
    fake.faults.append(Fault("^(PATCH|PUT) .*(comments|notes)", 404, 1, {}, {"message": "Not Found"}))
    fake.comments.clear()
    fake.add(BOT, marked("ghost", key="plan", run=0))
    put(forge, "two")
    assert [body.endswith("two") for body in fake.of(BOT)] == [True]


def test_a_pull_request_that_is_not_there(fake: FakeForge) -> None:
    with pytest.raises(ForgeError, match="404"):
        keep(_forge("github", fake), 8, "one", key="plan")


def test_labels_and_verdicts(forge: Forge, fake: FakeForge) -> None:
    forge.change_labels(7, {"dataio: data-loss", "dataio: lock"}, set())
    forge.change_labels(7, set(), {"dataio: lock", "dataio: never there"})
    assert fake.labels == ["dataio: data-loss"]
    lines = [Annotation("schema.sql", n, n, "warning", "lock", "blocks") for n in range(1, 121)]
    forge.report("a" * 40, "failure", "1 hazard", "summary", lines)
    if isinstance(forge, GitHub):
        assert len(fake.checks[0]["output"]["annotations"]) == 120
    assert fake.checks[0].get("conclusion", fake.checks[0].get("state")) in ("failure", "failed")
    assert forge.pull_request(7).head == "a" * 40
    assert forge.pull_request_of("a" * 40) == 7
    assert forge.pull_request_of("c" * 40) is None


def test_the_next_page_must_be_on_the_same_server(fake: FakeForge) -> None:
    link = {"link": '<https://evil.example/steal>; rel="next"'}
    fake.faults.append(Fault("GET .*comments", 200, 1, link, []))
    with pytest.raises(ForgeError, match="another server"):
        put(_forge("github", fake), "one")
