"""The catalogue over HTTP: what administrators make is what others find."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import Any

import pytest
from support.api import Served, problem

V1 = "/api/v1"


def made(api: Served, path: str, body: dict[str, Any]) -> dict[str, Any]:
    response = api.post(V1 + path, key=api.keys["admin"], json=body)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    assert response.headers["location"].startswith(V1 + path)
    return found


@pytest.fixture(scope="module")
def filled(api: Served) -> Served:
    made(api, "/collections", {"collection_id": "EP0001", "name": "Dengue", "category": "Epidemiology"})
    made(api, "/collections", {"collection_id": "CL0001", "name": "Rainfall", "category": "Climate"})
    made(api, "/data-owners", {"name": "Health Department", "website": "https://health.example.org"})
    for name in ("dengue", "weekly", "rain"):
        made(api, "/tags", {"name": name})
    made(api, "/raw-datasets", {"name": "Bulletins", "data_owner": "health department", "received_on": "2026-01-31"})
    made(api, "/buckets", {"name": "here", "url": (api.root / "files").as_uri(), "is_default": True})
    for number in range(1, 8):
        made(
            api,
            "/datasets",
            {
                "title": f"Dengue cases {number}",
                "collection": "ep0001",
                "data_owner": "Health Department",
                "tags": ["dengue", "weekly"] if number % 2 else ["dengue"],
                "raw_datasets": ["Bulletins"],
                "public_access": "DOWNLOAD" if number < 6 else "NONE",
                "additional_metadata": {"round": number},
                "temporal_coverage_start": "2015-01-01",
            },
        )
    rain = {"title": "Rain", "collection": "Rainfall", "data_owner": "Health Department", "tags": ["rain"]}
    made(api, "/datasets", {**rain, "public_access": "VIEW", "ds_id": "CL0001DS0001"})
    return api


def test_a_list_is_paged_to_its_end_and_each_page_links_to_the_next(filled: Served) -> None:
    seen: list[str] = []
    path = f"{V1}/datasets?limit=2&tag=dengue"
    while path:
        response = filled.get(path)
        assert response.status_code == 200, response.text
        page = response.json()
        seen += [one["ds_id"] for one in page["items"]]
        path = page["next"]
        assert response.headers.get("link") == (f'<{path}>; rel="next"' if path else None)
    assert seen == [f"EP0001DS000{number}" for number in range(1, 6)]


def test_filters_narrow_and_search_ranks(filled: Served) -> None:
    def ids(query: str) -> list[str]:
        return [one["ds_id"] for one in filled.get(f"{V1}/datasets?{query}").json()["items"]]

    assert ids("category=climate") == ["CL0001DS0001"]
    assert ids("collection=dengue&tag=weekly&tag=dengue") == ["EP0001DS0001", "EP0001DS0003", "EP0001DS0005"]
    assert ids("owner=nobody") == []
    assert ids("q=rain")[0] == "CL0001DS0001"
    assert ids("q=0003") == ["EP0001DS0003"]
    assert ids("q=dengue -rain&limit=100") == [f"EP0001DS000{number}" for number in range(1, 6)]
    first = filled.get(f"{V1}/datasets?q=dengue&limit=3").json()
    rest = filled.get(first["next"]).json()
    found = [one["ds_id"] for page in (first, rest) for one in page["items"]]
    assert sorted(found) == [f"EP0001DS000{number}" for number in range(1, 6)]
    assert rest["next"] is None


def test_a_dataset_is_found_by_its_id_and_by_four_digits_that_fit_one(filled: Served) -> None:
    whole = filled.get(f"{V1}/datasets/ep0001ds0003").json()
    assert whole == filled.get(f"{V1}/datasets/0003").json()
    assert whole["raw_datasets"] == ["Bulletins"]
    assert whole["additional_metadata"] == {"round": 3}
    assert whole["access"] == "DOWNLOAD"
    ambiguous = problem(filled.get(f"{V1}/datasets/0001"), 409)
    assert ambiguous["candidates"] == ["CL0001DS0001", "EP0001DS0001"]
    # 0007 is hidden: not there for the public, there for administrators.
    problem(filled.get(f"{V1}/datasets/0007"), 404)
    assert filled.get(f"{V1}/datasets/0007", key=filled.keys["admin"]).json()["ds_id"] == "EP0001DS0007"


def test_an_etag_saves_the_body(filled: Served) -> None:
    first = filled.get(f"{V1}/datasets/0002")
    tag = first.headers["etag"]
    again = filled.get(f"{V1}/datasets/0002", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert filled.get(f"{V1}/datasets/0002", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_change_is_seen_and_one_that_came_too_late_is_refused(filled: Served) -> None:
    key = filled.keys["admin"]
    tag = filled.get(f"{V1}/datasets/0004", key=key).headers["etag"]
    body = {"title": "Dengue, revised", "tags": ["Weekly"], "raw_datasets": [], "collection": "Rainfall"}
    changed = filled.ask("PATCH", f"{V1}/datasets/0004", key=key, json=body, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert changed.json()["tags"] == ["weekly"]
    assert changed.json()["collection_name"] == "Rainfall"
    problem(filled.ask("PATCH", f"{V1}/datasets/0004", key=key, json=body, headers={"If-Match": tag}), 412)
    assert filled.get(f"{V1}/datasets?q=revised").json()["items"][0]["ds_id"] == "EP0001DS0004"
    unknown = problem(filled.ask("PATCH", f"{V1}/datasets/0004", key=key, json={"tags": ["nope"]}), 422)
    assert "'nope'" in unknown["detail"]
    back = {"title": "Dengue cases 4", "tags": ["dengue"], "collection": "EP0001"}
    assert filled.ask("PATCH", f"{V1}/datasets/0004", key=key, json=back).status_code == 200


def test_what_the_schemas_functions_refuse_is_said_in_their_words(filled: Served) -> None:
    key = filled.keys["admin"]
    body = {"title": "x", "collection": "nowhere", "data_owner": "Health Department"}
    assert 'no collection "nowhere"' in problem(filled.post(f"{V1}/datasets", key=key, json=body), 422)["detail"]
    body = {"title": "x", "collection": "EP0001", "data_owner": "Health Department", "ds_id": "EP0001DS0001"}
    assert "already a dataset" in problem(filled.post(f"{V1}/datasets", key=key, json=body), 409)["detail"]
    again = problem(filled.post(f"{V1}/data-owners", key=key, json={"name": "HEALTH DEPARTMENT"}), 409)
    assert "already one like it" in again["detail"]
    assert "in use" in problem(filled.ask("DELETE", f"{V1}/collections/EP0001", key=key), 409)["detail"]


def test_files_come_by_a_link_of_their_own_that_runs_out(filled: Served) -> None:
    key = filled.keys["admin"]
    content = b"week,cases\n" + b"1,2\n" * 100
    path = filled.root / "files" / "EP0001DS0001" / "cases.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    put = filled.ask("PUT", f"{V1}/datasets/0001/versions/STANDARDISED", key=key, json={"updation_frequency": "WEEKLY"})
    problem(put, 409)  # two datasets end in 0001
    where = f"{V1}/datasets/EP0001DS0001/versions/STANDARDISED"
    put = filled.ask("PUT", where, key=key, json={"updation_frequency": "WEEKLY"})
    assert put.status_code == 200, put.text
    digest = hashlib.sha256(content).hexdigest()
    table = {"name": "cases", "object_key": "EP0001DS0001/cases.csv", "byte_size": len(content), "sha256": digest}
    added = filled.post(f"{where}/tables", key=key, json=table)
    assert added.status_code == 201, added.text
    assert "object_key" not in added.json()
    version = filled.get(where).json()
    assert [(one["name"], one["sha256"]) for one in version["tables"]] == [("cases", digest)]

    (link,) = filled.get(f"{where}/download").json()
    assert link["expires_in"] == 300
    fetched = filled.get(link["url"])
    assert fetched.content == content
    assert fetched.headers["content-disposition"] == 'attachment; filename="cases.csv"'
    part = filled.get(link["url"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, content[:10])
    # The link says nothing of where the file is.
    assert not re.search(r"files/EP0001|served", link["url"])


def test_contacts_are_for_administrators(filled: Served) -> None:
    key = filled.keys["admin"]
    owner = filled.get(f"{V1}/data-owners").json()["items"][0]
    path = f"{V1}/data-owners/{owner['data_owner_id']}/contacts"
    contact = {"name": "A. Person", "email": "a@example.org", "is_primary": True}
    assert filled.post(path, key=key, json=contact).status_code == 201
    assert [one["name"] for one in filled.get(path, key=key).json()["items"]] == ["A. Person"]
    problem(filled.get(path), 401)
    assert "Person" not in filled.get(f"{V1}/data-owners").text
    problem(filled.post(path, key=key, json={"name": "B"}), 422)


def test_a_key_is_shown_once_rotated_and_revoked_at_once(filled: Served) -> None:
    admin = filled.keys["admin"]
    user = made(filled, "/users", {"email": "someone@example.org"})
    issued = made(filled, "/keys", {"user_id": user["user_id"], "label": "laptop"})
    first = issued["key"]
    assert first.startswith(issued["key_prefix"])
    assert filled.get(f"{V1}/me", key=first).json()["email"] == "someone@example.org"
    assert filled.get(f"{V1}/me", headers={"Authorization": f"Bearer {first}"}).status_code == 200
    listed = filled.get(f"{V1}/keys", key=admin)
    assert "hashed_key" not in listed.text
    assert first not in listed.text
    rotated = filled.post(f"{V1}/keys/{issued['key_id']}/rotate", key=admin)
    assert rotated.status_code == 201, rotated.text
    problem(filled.get(f"{V1}/me", key=first), 401)
    second = rotated.json()["key"]
    assert filled.get(f"{V1}/me", key=second).json()["label"] == "laptop"
    assert filled.one("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL AND label = 'laptop'") == 2
    assert filled.ask("DELETE", f"{V1}/keys/{rotated.json()['key_id']}", key=admin).status_code == 204
    problem(filled.get(f"{V1}/me", key=second), 401)
    problem(filled.get(f"{V1}/datasets", key=second), 401)


def test_the_last_administrator_stays(filled: Served) -> None:
    key = filled.keys["admin"]
    me = filled.get(f"{V1}/me", key=key).json()
    path = f"{V1}/users/{me['user_id']}"
    problem(filled.ask("PATCH", path, key=key, json={"is_admin": False}), 409)
    problem(filled.ask("DELETE", path, key=key), 409)
    assert filled.get(f"{V1}/me", key=key).json()["is_admin"]


def test_an_unknown_parameter_is_refused_with_the_nearest_known(filled: Served) -> None:
    found = problem(filled.get(f"{V1}/datasets?colection=EP0001"), 400)
    assert found["hint"] == "Did you mean collection?"


EXACT = '{"a":0.12345678901234567890123,"b":123456789012345678901234567890.5,"c":[1.10,-0.5,1e3,7],"d":1E-7,"e":1.0}'
KEPT = EXACT.replace("1e3", "1000").replace("1E-7", "0.0000001")


def test_numbers_in_json_pass_unchanged_both_ways(filled: Served) -> None:
    key, path = filled.keys["admin"], f"{V1}/datasets/EP0001DS0002"

    def sent(method: str, path: str, text: str) -> str:
        answer = filled.ask(method, path, key=key, content=text, headers={"Content-Type": "application/json"})
        assert answer.status_code < 300, answer.text
        return answer.text

    assert f'"additional_metadata":{KEPT}' in sent("PATCH", path, f'{{"additional_metadata":{EXACT}}}')
    stored = "SELECT additional_metadata::text FROM datasets WHERE ds_id = 'EP0001DS0002'"
    assert filled.one(stored).replace(" ", "") == KEPT
    read = re.findall(r'"additional_metadata":(\{.*?\})', filled.get(path).text)
    assert read == [KEPT]
    sent("PATCH", path, f'{{"additional_metadata":{read[0]}}}')
    assert filled.one(stored).replace(" ", "") == KEPT
    page = filled.get("/datasets/EP0001DS0002").text
    assert "<dd>123456789012345678901234567890.5</dd>" in page
    assert "[1.10, -0.5, 1000, 7]" in page

    filled.rows("UPDATE datasets SET additional_metadata = '{\"n\": 1e5000}' WHERE ds_id = 'EP0001DS0002'")
    assert "1" + "0" * 5000 in filled.get(path).text

    where = f"{V1}/datasets/EP0001DS0002/versions/PREPROCESSED"
    sent("PUT", where, "{}")
    table = f'{{"name":"t","object_key":"t","byte_size":1,"sha256":"{"0" * 64}","data_dictionary":[{{"factor":2.50}}]}}'
    assert '[{"factor":2.50}]' in sent("POST", f"{where}/tables", table)
    assert '[{"factor":2.50}]' in filled.get(where).text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e1001", "1e-99999999999999999999"])
def test_what_is_no_number_is_refused(filled: Served, number: str) -> None:
    headers = {"Content-Type": "application/json"}
    body = f'{{"additional_metadata":{{"n":{number}}}}}'
    path = f"{V1}/datasets/EP0001DS0002"
    problem(filled.ask("PATCH", path, key=filled.keys["admin"], content=body, headers=headers), 422)


def test_json_that_cannot_be_read_or_shown_is_refused_with_the_reason(filled: Served) -> None:
    def refused(body: bytes) -> str:
        headers = {"Content-Type": "application/json"}
        found = problem(
            filled.ask("PATCH", f"{V1}/datasets/0003", key=filled.keys["admin"], content=body, headers=headers), 422
        )
        message: str = found["errors"][0]["message"]
        return message

    assert "Expecting property name" in refused(b"{")
    assert "not UTF-8" in refused(b'{"title": "\xff"}')
    assert "NaN is no number" in refused(b'{"additional_metadata": {"n": NaN}}')
    for depth in (100, 900, 100_000):
        assert "nested more than 100 deep" in refused(
            b'{"additional_metadata":{"a":%b%b}}' % (b"[" * depth, b"]" * depth)
        )
    filled.ask("PATCH", f"{V1}/datasets/0003", key=filled.keys["admin"], json={"additional_metadata": {"round": 3}})


def test_the_type_of_a_problem_leads_to_its_description(filled: Served) -> None:
    page = filled.get("/problems").text
    for status, method, path in (
        (422, "GET", "/datasets?limit=0"),
        (404, "GET", "/nowhere"),
        (405, "DELETE", "/datasets"),
        (400, "GET", "/datasets?x=1"),
    ):
        found = problem(filled.ask(method, V1 + path), status)
        assert f'id="{found["type"].rpartition("#")[2]}"' in page
        assert found["detail"].lower() != found["title"].lower()
    large = filled.post(f"{V1}/datasets", content=b" " * (3 << 20), headers={"Content-Type": "application/json"})
    assert f'id="{problem(large, 413)["type"].rpartition("#")[2]}"' in page


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("-infinity", "2020-05-01", "until 2020"),
        ("10000-01-01", "infinity", "from 10000 on"),
        ("0044-03-15 BC", "0010-01-01", "44 BC–10"),  # noqa: RUF001
        ("-infinity", "infinity", "all time"),
    ],
)
def test_dates_that_python_has_not_are_told_in_postgresqls_words(
    filled: Served, start: str, end: str, words: str
) -> None:
    key = filled.keys["admin"]
    before = filled.rows("SELECT temporal_coverage_start FROM datasets WHERE ds_id = 'EP0001DS0001'")
    filled.rows(
        "UPDATE datasets SET temporal_coverage_start = %s::date, temporal_coverage_end = %s::date"
        " WHERE ds_id = 'EP0001DS0001'",
        [start, end],
    )
    filled.rows("UPDATE raw_datasets SET received_on = %s::date", [start])
    try:
        whole = filled.get(f"{V1}/datasets/EP0001DS0001").json()
        assert (whole["temporal_coverage_start"], whole["temporal_coverage_end"]) == (start, end)
        for query in ("limit=1", "collection=EP0001", "q=dengue&limit=100"):
            found = filled.get(f"{V1}/datasets?{query}")
            assert found.status_code == 200, found.text
            starts = {one["ds_id"]: one["temporal_coverage_start"] for one in found.json()["items"]}
            assert starts.get("EP0001DS0001", start) == start
        for listed in ("/raw-datasets", "/raw-datasets/1"):
            assert f'"received_on":"{start}"' in filled.get(V1 + listed, key=key).text
        for page in ("/", "/datasets/EP0001DS0001"):
            assert words in filled.get(page).text
    finally:
        filled.rows("UPDATE raw_datasets SET received_on = '2026-01-31'")
        filled.rows(
            "UPDATE datasets SET temporal_coverage_start = %s, temporal_coverage_end = NULL"
            " WHERE ds_id = 'EP0001DS0001'",
            [before[0]["temporal_coverage_start"]],
        )


def test_moments_that_python_has_not_are_told_in_postgresqls_words(filled: Served) -> None:
    key = filled.issue(user_id=filled.user("for-ever@example.org"))
    filled.rows("UPDATE api_keys SET expires_at = 'infinity' WHERE key_prefix = %s", [key.rpartition("_")[0]])
    assert filled.get(f"{V1}/me", key=key).json()["expires_at"] == "infinity"
    listed = filled.get(f"{V1}/keys", key=filled.keys["admin"]).json()["items"]
    assert "infinity" in [one["expires_at"] for one in listed]


def test_a_parameter_that_has_one_value_is_given_once(filled: Served) -> None:
    found = problem(filled.get(f"{V1}/datasets?limit=2&q=a&limit=3"), 422)
    assert found["detail"] == "query parameter 'limit' may be given once"
    assert found["errors"] == [{"where": "query.limit", "message": "given more than once"}]
    assert filled.get(f"{V1}/datasets?tag=dengue&tag=weekly").status_code == 200


def test_rate_limits_are_the_databases(filled: Served) -> None:
    made(filled, "/rate-limits", {"action": "read", "max_requests": 3, "window_seconds": 3600})
    time.sleep(1.1)  # limits are looked up once a second
    try:
        answers = [filled.get(f"{V1}/tags") for _ in range(5)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
        assert [one.headers["ratelimit-remaining"] for one in answers] == ["2", "1", "0", "0", "0"]
        assert problem(answers[3], 429)["title"] == "Too many requests"
        assert 1 <= int(answers[3].headers["retry-after"]) <= 3600
        assert answers[0].headers["ratelimit-limit"] == "3"
    finally:
        filled.rows("DELETE FROM rate_limits")
        time.sleep(1.1)


def test_the_process_and_the_database_are_told_apart(filled: Served) -> None:
    assert filled.get("/healthz").json() == {"status": "ok"}
    assert filled.get("/readyz").json() == {"status": "ready", "missing": []}


def test_files_of_the_project_are_not_among_the_pages(filled: Served) -> None:
    assert Path(filled.root / "schema.sql").exists()
    assert filled.get("/schema.sql").status_code == 404
