"""What somebody would try: each is tried, and comes to nothing."""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import re
import secrets
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from support.api import Served, problem

from dataio.api.log import Json
from dataio.catalogue.keys import new_key

V1 = "/api/v1"
INJECTIONS = (
    "'",
    "' OR '1'='1",
    "'; DROP TABLE datasets; --",
    "1; SELECT pg_sleep(5)",
    "' || pg_sleep(5) || '",
    "%s %(ds_id)s %%",
    "$1 $$ \\' \\\\ E'\\x27'",
    '") UNION SELECT hashed_key FROM api_keys --',
)


@pytest.fixture(scope="module")
def target(serve: Callable[..., Served]) -> Served:
    served = serve(DATAIO_API_BODY_LIMIT="20000", DATAIO_API_BODY_TIMEOUT="1s", DATAIO_API_LINK_LIFETIME="2s")
    served.keys["admin"] = served.issue(user_id=served.user("admin@example.org", admin=True))
    served.keys["viewer"] = served.issue(user_id=served.user("viewer@example.org"))
    folder = served.root / "files"
    folder.mkdir()
    content = b"a,b\n1,2\n"
    (folder / "one.csv").write_bytes(content)
    (served.root / "outside.csv").write_bytes(b"not yours\n")
    (folder / "link.csv").symlink_to(served.root / "outside.csv")
    served.rows("INSERT INTO collections (collection_id, name, category) VALUES ('PP0001', 'Plain', 'Plain')")
    served.rows("INSERT INTO data_owners (name) VALUES ('Owner')")
    served.rows("INSERT INTO tags (name) VALUES ('plain')")
    served.rows("INSERT INTO buckets (name, url, is_default) VALUES ('here', %s, true)", [folder.as_uri()])
    for number in range(1, 4):
        served.rows(
            "SELECT add_dataset(%s, 'PP0001', 'Owner', '{plain}', p_public_access => 'DOWNLOAD')", [f"Set {number}"]
        )
        version = served.one(
            "INSERT INTO dataset_versions (ds_id, version_type, bucket_id)"
            " SELECT %s, 'STANDARDISED', bucket_id FROM buckets RETURNING version_id",
            [f"PP0001DS000{number}"],
        )
        key = "one.csv" if number < 3 else "link.csv"
        served.rows(
            "INSERT INTO version_tables (version_id, name, object_key, byte_size, sha256) VALUES (%s, 't', %s, 8, %s)",
            [version, key, hashlib.sha256(content).hexdigest()],
        )
    return served


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What dataio's loggers say."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(Json().format(record))

    handler = Keep()
    logging.getLogger("dataio").addHandler(handler)
    logging.getLogger("dataio.access").setLevel(logging.INFO)
    yield said
    logging.getLogger("dataio.access").setLevel(logging.WARNING)
    logging.getLogger("dataio").removeHandler(handler)


def operations(served: Served) -> list[tuple[str, str, dict[str, Any]]]:
    document = served.get(f"{V1}/openapi.json").json()
    return [(m.upper(), path, one) for path, methods in document["paths"].items() for m, one in methods.items()]


# SQL ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", INJECTIONS)
def test_sql_in_every_parameter_of_every_get(target: Served, payload: str) -> None:
    before = target.rows("SELECT * FROM datasets ORDER BY ds_id")
    tried = 0
    for method, path, operation in operations(target):
        if method != "GET" or path.endswith("/events") or path.startswith("/healthz"):
            continue
        for parameter in operation.get("parameters", ()):
            values = {"dataset": "PP0001DS0001", "version_type": "STANDARDISED", "collection_id": "PP0001"}
            where, name = parameter["in"], parameter["name"]
            if where == "path":
                values[name] = quote(payload, safe="")
            url = re.sub(r"\{(\w+)\}", lambda found, values=values: values.get(found[1], "1"), path)  # type: ignore[misc]
            query = {name: payload} if where == "query" else {}
            began = time.monotonic()
            response = target.get(url, key=target.keys["admin"], params=query)
            tried += 1
            assert response.status_code < 500, (url, query, response.text)
            assert time.monotonic() - began < 4.5, "it slept"
            assert "$scrypt$" not in response.text
    assert tried > 60
    assert target.rows("SELECT * FROM datasets ORDER BY ds_id") == before


@pytest.mark.parametrize("payload", INJECTIONS)
def test_sql_in_bodies_is_text(target: Served, payload: str) -> None:
    key = target.keys["admin"]
    body: dict[str, Any] = {
        "title": payload,
        "collection": "PP0001",
        "data_owner": "Owner",
        "description": payload,
        "additional_metadata": {payload: payload},
    }
    made = target.post(f"{V1}/datasets", key=key, json=body)
    assert made.status_code == 201, made.text
    assert made.json()["title"] == payload
    assert made.json()["additional_metadata"] == {payload: payload}
    wrong: tuple[dict[str, Any], ...] = (
        {"collection": payload},
        {"data_owner": payload},
        {"tags": [payload]},
        {"raw_datasets": [payload]},
    )
    for one in wrong:
        problem(target.ask("PATCH", f"{V1}/datasets/PP0001DS0001", key=key, json=one), 422)
    target.ask("DELETE", f"{V1}/datasets/{made.json()['ds_id']}", key=key)


# Keys -----------------------------------------------------------------------------------------------------------------


def test_all_wrong_keys_are_wrong_in_the_same_words(target: Served) -> None:
    real = target.keys["viewer"]
    wrong = [
        new_key().text,
        real[:-1] + ("A" if real[-1] != "A" else "B"),
        real.upper(),
        real[:20],
        "dio_" + "A" * 200,
        "' OR 1=1 --",
        target.issue(user_id=target.one("SELECT user_id FROM users WHERE not is_admin LIMIT 1"), expired=True),
    ]
    said = {problem(target.get(f"{V1}/datasets", key=one), 401)["detail"] for one in wrong}
    assert said == {"the key is unknown, expired or revoked"}
    problem(target.get(f"{V1}/me", headers={"Authorization": "Basic YTpi"}), 401)
    problem(target.get(f"{V1}/me", key=real, headers={"Authorization": f"Bearer {target.keys['admin']}"}), 401)


def test_time_does_not_tell_which_prefixes_there_are(target: Served) -> None:
    def took(key: str) -> float:
        began = time.perf_counter()
        assert target.get(f"{V1}/me", key=key).status_code == 401
        return time.perf_counter() - began

    prefix = target.keys["viewer"].rpartition("_")[0]
    there, not_there = [], []
    for _ in range(15):  # in turn, so that a busy machine is busy for both
        there.append(took(f"{prefix}_{secrets.token_hex(20)}"))
        not_there.append(took(new_key().text))
    ratio = statistics.median(there) / statistics.median(not_there)
    assert 0.6 < ratio < 1.6, ratio


def test_guessing_is_not_listened_to_for_long(serve: Callable[..., Served]) -> None:
    served = serve(DATAIO_API_FAILED_KEYS="5")
    answers = [served.get(f"{V1}/me", key=new_key().text).status_code for _ in range(8)]
    assert answers == [401] * 5 + [429] * 3
    good = served.issue(user_id=served.user("good@example.org"))
    refused = served.get(f"{V1}/me", key=good)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert served.get(f"{V1}/datasets").status_code == 200  # without a key as before


def test_keys_are_in_no_log_and_no_answer(target: Served, logged: list[str]) -> None:
    key = target.keys["viewer"]
    target.get(f"{V1}/datasets?q={key}", key=key)
    target.get(f"{V1}/datasets/{key}", key=key)
    target.post(f"{V1}/keys", key=key, json={"label": key})
    (link,) = target.get(f"{V1}/datasets/PP0001DS0001/versions/STANDARDISED/download").json()
    target.get(link["url"])
    deadline = time.monotonic() + 5  # a line is written when its answer is on its way
    while len(logged) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(logged) == 5
    token = link["url"].split("/")[-2]
    assert not any(key in line or token in line for line in logged)
    assert all(json.loads(line)["request_id"] for line in logged)


# Cursors and links ----------------------------------------------------------------------------------------------------


def test_forged_cursors(target: Served) -> None:
    following = target.get(f"{V1}/datasets?limit=1").json()["next"]
    cursor = re.search(r"after=([^&]+)", following)
    assert cursor is not None
    good = cursor[1]
    assert target.get(f"{V1}/datasets?limit=1&after={good}").status_code == 200
    for place in range(0, len(good), 3):
        swapped = "A" if good[place] != "A" else "B"
        problem(target.get(f"{V1}/datasets?limit=1&after={good[:place]}{swapped}{good[place + 1 :]}"), 400)
    for other in ("tags", "collections", "data-owners"):
        problem(target.get(f"{V1}/{other}?after={good}"), 400)
    problem(target.get(f"{V1}/datasets?limit=1&q=set&after={good}"), 400)  # other filters
    for nonsense in ("", "x", ".", "e30.e30", "WyJhIl0", "\u00e9", "A" * 1999):
        problem(target.get(f"{V1}/datasets", params={"after": nonsense}), 400)


def test_forged_and_old_links(target: Served) -> None:
    (link,) = target.get(f"{V1}/datasets/PP0001DS0001/versions/STANDARDISED/download").json()
    assert target.get(link["url"]).content == b"a,b\n1,2\n"
    head, name = link["url"].rsplit("/", 1)
    for place in range(len(f"{V1}/files/"), len(head), 4):
        swapped = "A" if head[place] != "A" else "B"
        forged = f"{head[:place]}{swapped}{head[place + 1 :]}/{name}"
        assert target.get(forged).status_code in (403, 404, 422), forged
    following = target.get(f"{V1}/datasets?limit=1").json()["next"].partition("after=")[2]
    problem(target.get(f"{V1}/files/{following}/x.csv"), 403)  # signed by us, for something else
    time.sleep(2.5)
    assert "run out" in problem(target.get(link["url"]), 403)["detail"]


def test_a_link_to_a_file_that_changed_since_leads_nowhere(target: Served) -> None:
    (link,) = target.get(f"{V1}/datasets/PP0001DS0002/versions/STANDARDISED/download").json()
    target.rows("UPDATE version_tables SET sha256 = %s WHERE table_id = %s", ["1" * 64, link["table_id"]])
    problem(target.get(link["url"]), 403)


# Paths ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "object_key",
    ["../outside.csv", "/etc/passwd", "a/../../outside.csv", "a/./../b", "..", "a\\..\\b", "a//b", "~root/x", "a\0b"],
)
def test_a_file_outside_of_the_bucket_cannot_be_named(target: Served, object_key: str) -> None:
    body = {"name": "x", "object_key": object_key, "byte_size": 1, "sha256": "0" * 64}
    path = f"{V1}/datasets/PP0001DS0001/versions/STANDARDISED/tables"
    problem(target.post(path, key=target.keys["admin"], json=body), 422)


def test_a_link_in_the_bucket_that_leads_out_of_it_is_not_followed(target: Served) -> None:
    (link,) = target.get(f"{V1}/datasets/PP0001DS0003/versions/STANDARDISED/download").json()
    found = problem(target.get(link["url"]), 502)
    assert str(target.root) not in found["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../base.py",
        "/assets/%2e%2e/base.py",
        "/assets/..%2fbase.py",
        "/assets/fonts/..%2f..%2fbase.py",
        "/assets//etc/passwd",
    ],
)
def test_assets_are_assets_only(target: Served, path: str) -> None:
    url = urlsplit(target.url)
    connection = http.client.HTTPConnection(str(url.hostname), url.port)  # httpx would tidy the path
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 404
    assert b"Jinja2" not in answer.read()
    connection.close()


# Bodies and slowness --------------------------------------------------------------------------------------------------


def test_large_bodies_are_refused_declared_or_not(target: Served) -> None:
    key = target.keys["admin"]
    big = json.dumps({"name": "x" * 30_000})
    problem(target.post(f"{V1}/groups", key=key, content=big, headers={"Content-Type": "application/json"}), 413)

    def chunks() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 1000

    problem(target.post(f"{V1}/groups", key=key, content=chunks()), 413)
    wrong = target.post(f"{V1}/groups", key=key, content=b"\xff\xfe", headers={"Content-Type": "application/json"})
    assert wrong.status_code in (400, 422)


def _raw(target: Served, data: bytes) -> socket.socket:
    url = urlsplit(target.url)
    connection = socket.create_connection((str(url.hostname), url.port or 0), timeout=10)
    connection.sendall(data)
    return connection


def test_a_slow_body_is_given_up_and_others_are_served_meanwhile(target: Served) -> None:
    head = (
        f"POST {V1}/groups HTTP/1.1\r\nHost: x\r\nX-API-Key: {target.keys['admin']}\r\nContent-Length: 1000\r\n\r\n{{"
    )
    slow = [_raw(target, head.encode()) for _ in range(40)]
    began = time.monotonic()
    assert target.get(f"{V1}/datasets").status_code == 200
    assert time.monotonic() - began < 1.0
    answer = slow[0].recv(4096)
    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 5
    for one in slow:
        one.close()


def test_half_a_head_keeps_nobody_else_waiting(target: Served) -> None:
    slow = [_raw(target, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") for _ in range(100)]
    assert target.get(f"{V1}/datasets").status_code == 200
    for one in slow:
        one.close()


# Browsers -------------------------------------------------------------------------------------------------------------


def signed_in(target: Served, role: str) -> tuple[dict[str, str], str]:
    """Cookies and form token of a browser that signed in."""
    page = target.get("/sign-in")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token is not None
    cookies = dict(page.cookies)
    done = target.post(
        "/sign-in",
        data={"csrf": token[1], "key": target.keys[role], "next": "/"},
        cookies=cookies,
        follow_redirects=False,
    )
    assert done.status_code == 303, done.text
    cookies = {"dataio_session": done.cookies["dataio_session"]}
    home = target.get("/", cookies=cookies)
    mine = re.search(r'name="csrf" value="([^"]+)"', home.text)
    assert mine is not None
    return cookies, mine[1]


def post(target: Served, path: str, cookies: dict[str, str], data: dict[str, str], **headers: str) -> int:
    answer = target.post(path, cookies=cookies, data=data, headers=headers, follow_redirects=False)
    return answer.status_code


def test_a_form_of_another_site_changes_nothing(target: Served) -> None:
    cookies, token = signed_in(target, "admin")
    jobs = len(target.get(f"{V1}/jobs", key=target.keys["admin"]).json()["items"])
    _, other = signed_in(target, "viewer")
    assert post(target, "/drift", cookies, {}) == 403
    assert post(target, "/drift", cookies, {"csrf": "x"}) == 403
    assert post(target, "/drift", cookies, {"csrf": other}) == 403
    assert post(target, "/drift", cookies, {"csrf": token}, Origin="https://evil.example") == 403
    assert post(target, "/drift", cookies, {"csrf": token}, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert post(target, "/drift", {}, {"csrf": token}) in (303, 401, 403)
    assert post(target, "/sign-in", {}, {"key": target.keys["admin"]}) == 403  # no login in another's name either
    assert len(target.get(f"{V1}/jobs", key=target.keys["admin"]).json()["items"]) == jobs
    # A session's cookie is no key for the API: what a page could be made to send there does nothing.
    problem(target.post(f"{V1}/schema/drift", cookies=cookies), 401)
    assert post(target, "/drift", cookies, {"csrf": token}) == 303


def test_pages_of_administrators_are_closed_to_others(target: Served) -> None:
    cookies, token = signed_in(target, "viewer")
    pages = (
        "/schema",
        "/schema/tables/public/users",
        "/plans",
        "/plans/1",
        "/history",
        "/history/1",
        "/drift",
        "/dumps",
        "/dumps/schema_v001/2020-01-01T00:00:00",
        "/jobs/1",
        "/jobs/1/events",
    )
    for path in pages:
        assert target.get(path, cookies=cookies, follow_redirects=False).status_code == 403, path
        assert target.get(path, follow_redirects=False).status_code in (303, 401), path
    for path in ("/plans", "/drift"):
        assert post(target, path, cookies, {"csrf": token}) == 403


def test_a_session_is_not_forged_and_ends_with_its_key(target: Served) -> None:
    cookies, _ = signed_in(target, "viewer")
    session = cookies["dataio_session"]
    forged = session[:-2] + ("AA" if not session.endswith("AA") else "BB")
    assert "Sign out" not in target.get("/", cookies={"dataio_session": forged}).text
    assert "Sign out" in target.get("/", cookies=cookies).text
    target.rows(
        "UPDATE api_keys SET revoked_at = now() WHERE key_prefix = %s", [target.keys["viewer"].rpartition("_")[0]]
    )
    assert "Sign out" not in target.get("/", cookies=cookies).text
    target.rows("UPDATE api_keys SET revoked_at = NULL")
    assert target.keys["viewer"] not in session


def test_cookies_and_headers_are_strict(target: Served) -> None:
    page = target.get("/sign-in")
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    assert (
        "access-control-allow-origin"
        not in target.get(f"{V1}/datasets", headers={"Origin": "https://evil.example"}).headers
    )


# Headers and markup ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    ["x\r\nSet-Cookie: a=b", "x%0d%0aSet-Cookie: a=b", "//evil.example", "/\\evil.example", "https://evil.example"],
)
def test_nothing_gets_into_headers(target: Served, payload: str) -> None:
    page = target.get("/sign-in", params={"next": payload})
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token is not None
    done = target.post("/sign-in", data={"csrf": token[1], "key": target.keys["viewer"], "next": payload},
                       cookies=dict(page.cookies), follow_redirects=False)  # fmt: skip
    assert done.headers["location"].startswith("/")
    assert not done.headers["location"].startswith(("//", "/\\"))
    assert all(value.startswith("dataio_session=") for value in done.headers.get_list("set-cookie"))
    listed = target.get(f"{V1}/datasets", params={"limit": 1, "q": f"set {payload}"})
    assert "set-cookie" not in listed.headers
    odd = target.get(f"{V1}/datasets", headers={"X-Request-ID": "a b;<script>"})
    assert re.fullmatch(r"[0-9a-f]{16}", odd.headers["x-request-id"])


def test_markup_in_the_catalogue_is_text_on_pages(target: Served) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    key = target.keys["admin"]
    body = {"title": evil, "collection": "PP0001", "data_owner": "Owner", "description": evil, "public_access": "VIEW",
            "additional_metadata": {evil: evil, "list": [evil]}}  # fmt: skip
    made = target.post(f"{V1}/datasets", key=key, json=body).json()
    target.rows(f'CREATE TABLE public."{evil.replace(chr(34), "")}" (id int PRIMARY KEY)')
    cookies, _ = signed_in(target, "admin")
    try:
        for path in ("/", f"/datasets/{made['ds_id']}", f"/?q={quote(evil)}", f"/?category={quote(evil)}", "/schema"):
            text = target.get(path, cookies=cookies).text
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path
    finally:
        target.rows(f'DROP TABLE public."{evil.replace(chr(34), "")}"')
        target.ask("DELETE", f"{V1}/datasets/{made['ds_id']}", key=key)
