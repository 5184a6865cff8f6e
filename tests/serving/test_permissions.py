"""Who may do what: every endpoint, for every role, on every kind of dataset. Each cell is asserted.

An endpoint that is new and not in the tables below fails by name.
"""

from __future__ import annotations

import itertools
import re
from typing import Any, Final

import pytest
from support.api import Served, problem

V1 = "/api/v1"
ROLES: Final = ("anonymous", "viewer", "downloader", "member", "resource", "admin", "expired", "revoked")
DATASETS: Final = ("PP0001DS0001", "PP0001DS0002", "PP0001DS0003", "PP0001DS0004", "PP0001DS0005")
HIDDEN, SHOWN, OPEN, GRANTED, SHARED = DATASETS
PUBLIC: Final = {HIDDEN: "NONE", SHOWN: "VIEW", OPEN: "DOWNLOAD", GRANTED: "NONE", SHARED: "NONE"}

# What the rules of schema.sql come to, written down by hand. N: not there, V: may be seen, D: may be downloaded.
ACCESS: Final = {
    #             HIDDEN SHOWN OPEN GRANTED SHARED
    "anonymous":  "N     V     D    N       N",
    "viewer":     "N     V     D    V       N",      # VIEW on GRANTED, and NONE on OPEN, which takes nothing away
    "downloader": "N     D     D    D       N",      # DOWNLOAD on SHOWN and GRANTED
    "member":     "N     V     D    V       D",      # their group: VIEW on GRANTED, DOWNLOAD on the resource group
    "resource":   "N     D     D    N       V",      # VIEW on a resource group of SHARED, DOWNLOAD on one of SHOWN
    "admin":      "D     D     D    D       D",
}  # fmt: skip

READ: Final = {
    "/datasets/{dataset}",
    "/datasets/{dataset}/versions",
    "/datasets/{dataset}/versions/{version_type}",
    "/datasets/{dataset}/versions/{version_type}/download",
}
OPEN_TO_ALL: Final = {
    "/datasets",
    "/collections",
    "/collections/{collection_id}",
    "/categories",
    "/tags",
    "/data-owners",
    "/data-owners/{data_owner_id}",
    "/raw-datasets",
    "/raw-datasets/{raw_dataset_id}",
}
KEY_NEEDED: Final = {"/me", "/me/permissions"}
BY_LINK: Final = {"/files/{token}/{name}"}
HEALTH: Final = {"/healthz", "/readyz"}


@pytest.fixture(scope="module")
def world(api: Served) -> Served:
    """Five datasets and a key for each role."""
    folder = api.root / "files"
    folder.mkdir()
    (folder / "one.csv").write_text("a\n1\n")
    api.rows(
        "INSERT INTO buckets (name, url, is_default) VALUES ('here', %s, true)",
        [folder.as_uri()],
    )
    api.rows("INSERT INTO collections (collection_id, name, category) VALUES ('PP0001', 'Plain', 'Plain')")
    api.rows("INSERT INTO data_owners (name) VALUES ('Owner')")
    api.rows("INSERT INTO tags (name) VALUES ('seen'), ('unseen')")
    for ds_id in DATASETS:
        raw = f"raw {ds_id}"
        api.rows("SELECT add_raw_dataset(%s, 'Owner')", [raw])
        api.rows(
            "SELECT add_dataset(%s, 'PP0001', 'Owner', %s, %s, NULL, %s::access_level, %s)",
            [f"Set {ds_id}", ["unseen"] if ds_id == HIDDEN else ["seen"], [raw], PUBLIC[ds_id], ds_id],
        )
        version = api.one(
            "INSERT INTO dataset_versions (ds_id, version_type, bucket_id)"
            " SELECT %s, 'STANDARDISED', bucket_id FROM buckets RETURNING version_id",
            [ds_id],
        )
        api.rows(
            "INSERT INTO version_tables (version_id, name, object_key, byte_size, sha256)"
            " VALUES (%s, 't', 'one.csv', 4, %s)",
            [version, "0" * 64],
        )
    users = {role: api.user(f"{role}@example.org") for role in ROLES if role not in ("anonymous", "admin")}
    keys = {role: api.issue(user_id=user, expired=role == "expired") for role, user in users.items()}
    api.keys |= keys
    api.rows("UPDATE api_keys SET revoked_at = now() WHERE user_id = %s", [users["revoked"]])
    # The expired and the revoked would see everything, did their keys work.
    for user in (users["expired"], users["revoked"]):
        for ds_id in DATASETS:
            api.rows("INSERT INTO user_permissions (user_id, ds_id, access) VALUES (%s, %s, 'DOWNLOAD')", [user, ds_id])

    def allow(role: str, ds_id: str, access: str) -> None:
        statement = "INSERT INTO user_permissions (user_id, ds_id, access) VALUES (%s, %s, %s::access_level)"
        api.rows(statement, [users[role], ds_id, access])

    def resource_group(name: str, ds_id: str) -> int:
        group = api.one("INSERT INTO resource_groups (name) VALUES (%s) RETURNING resource_group_id", [name])
        api.rows("INSERT INTO resource_group_members VALUES (%s, %s)", [group, ds_id])
        return int(group)

    allow("viewer", GRANTED, "VIEW")
    allow("viewer", OPEN, "NONE")
    allow("downloader", SHOWN, "DOWNLOAD")
    allow("downloader", GRANTED, "DOWNLOAD")
    shared, shown = resource_group("shared", SHARED), resource_group("shown", SHOWN)
    group = api.one("INSERT INTO groups (name) VALUES ('team') RETURNING group_id")
    api.rows("INSERT INTO group_members (group_id, user_id) VALUES (%s, %s)", [group, users["member"]])
    api.rows("INSERT INTO group_permissions (group_id, ds_id, access) VALUES (%s, %s, 'VIEW')", [group, GRANTED])
    api.rows(
        "INSERT INTO group_permissions (group_id, resource_group_id, access) VALUES (%s, %s, 'DOWNLOAD')",
        [group, shared],
    )
    statement = "INSERT INTO user_permissions (user_id, resource_group_id, access) VALUES (%s, %s, %s::access_level)"
    api.rows(statement, [users["resource"], shared, "VIEW"])
    api.rows(statement, [users["resource"], shown, "DOWNLOAD"])
    api.keys["group"] = api.issue(group_id=group)
    return api


def access(role: str, ds_id: str) -> str:
    return ACCESS[role].split()[DATASETS.index(ds_id)]


def key_of(world: Served, role: str) -> str | None:
    return world.keys.get(role)


def operations(world: Served) -> list[tuple[str, str]]:
    document = world.get(f"{V1}/openapi.json").json()
    return sorted((method.upper(), path) for path, methods in document["paths"].items() for method in methods)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("ds_id", DATASETS)
def test_a_dataset_and_what_hangs_on_it(world: Served, role: str, ds_id: str) -> None:
    key = key_of(world, role)
    for path in sorted(READ):
        url = V1 + path.format(dataset=ds_id, version_type="STANDARDISED")
        response = world.get(url, key=key)
        if role in ("expired", "revoked"):
            problem(response, 401)
        elif access(role, ds_id) == "N":
            problem(response, 404)
        elif path.endswith("/download") and access(role, ds_id) == "V":
            problem(response, 403)
        else:
            assert response.status_code == 200, (path, response.text)
    if role not in ("expired", "revoked") and access(role, ds_id) != "N":
        word = {"V": "VIEW", "D": "DOWNLOAD"}[access(role, ds_id)]
        assert world.get(f"{V1}/datasets/{ds_id}", key=key).json()["access"] == word
        assert world.get(f"{V1}/datasets/{ds_id[-4:]}", key=key).json()["ds_id"] == ds_id


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
@pytest.mark.parametrize("ds_id", DATASETS)
def test_a_dataset_is_changed_by_administrators_alone(world: Served, role: str, ds_id: str) -> None:
    """Every endpoint with a dataset in its path that is not for reading it: not even that it exists is told."""
    key = key_of(world, role)
    refusal = 401 if role in ("anonymous", "expired", "revoked") else 403
    before = world.rows("SELECT * FROM datasets_full_view ORDER BY ds_id")
    asked = 0
    for method, path in operations(world):
        if not re.search(r"\{(dataset|ds_id)\}", path) or (method == "GET" and path.removeprefix(V1) in READ):
            continue
        url = _filled(re.sub(r"\{(dataset|ds_id)\}", ds_id, path))
        body: dict[str, Any] = {} if method in ("GET", "DELETE") else {"json": {}}
        problem(world.ask(method, url, key=key, **body), refusal)
        asked += 1
    assert asked >= 8
    assert world.rows("SELECT * FROM datasets_full_view ORDER BY ds_id") == before


@pytest.mark.parametrize("ds_id", DATASETS)
def test_an_administrator_may_change_each_dataset(world: Served, ds_id: str) -> None:
    key = world.keys["admin"]
    path = f"{V1}/datasets/{ds_id}"
    was = world.get(path, key=key).json()
    changed = world.ask("PATCH", path, key=key, json={"title": f"New {ds_id}"})
    assert changed.status_code == 200, changed.text
    assert world.get(path, key=key).json()["title"] == f"New {ds_id}"
    assert world.ask("PATCH", path, key=key, json={"title": was["title"]}).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_lists_hold_what_may_be_seen_and_nothing_else(world: Served, role: str) -> None:
    key = key_of(world, role)
    if role in ("expired", "revoked"):
        for path in ("/datasets", "/tags", "/collections", "/categories", "/data-owners", "/raw-datasets"):
            problem(world.get(V1 + path, key=key), 401)
        return
    seen = [ds_id for ds_id in DATASETS if access(role, ds_id) != "N"]
    listed = {one["ds_id"]: one["access"] for one in world.get(f"{V1}/datasets?limit=100", key=key).json()["items"]}
    assert listed == {ds_id: {"V": "VIEW", "D": "DOWNLOAD"}[access(role, ds_id)] for ds_id in seen}
    searched = world.get(f"{V1}/datasets?q=set&limit=100", key=key).json()["items"]
    assert {one["ds_id"] for one in searched} == set(seen)
    assert world.get(f"{V1}/collections/PP0001", key=key).json()["datasets"] == len(seen)
    assert world.get(f"{V1}/categories", key=key).json()[0]["datasets"] == len(seen)
    assert world.get(f"{V1}/data-owners", key=key).json()["items"][0]["datasets"] == len(seen)
    tags = {one["name"]: one["datasets"] for one in world.get(f"{V1}/tags", key=key).json()["items"]}
    assert tags == {"seen": len([one for one in seen if one != HIDDEN]), "unseen": int(HIDDEN in seen)}
    raw = {one["name"] for one in world.get(f"{V1}/raw-datasets", key=key).json()["items"]}
    assert raw == {f"raw {ds_id}" for ds_id in seen}


@pytest.mark.parametrize("role", ROLES)
def test_every_other_endpoint(world: Served, role: str) -> None:
    """What only needs a key, what needs an administrator's, and what needs none; of all that the OpenAPI names."""
    key = key_of(world, role)
    asked = 0
    for method, path in operations(world):
        short = path.removeprefix(V1)
        if (method == "GET" and short in READ) or short in HEALTH | BY_LINK:
            continue
        url = _filled(path)
        body: dict[str, Any] = {} if method in ("GET", "DELETE") else {"json": {}}
        if short.endswith("/events") or (role == "admin" and short in ("/schema/drift", "/plans")):
            continue  # these would run: the tests of jobs have them
        response = world.ask(method, url, key=key, **body)
        asked += 1
        where = f"{role}: {method} {path} -> {response.status_code}"
        if role in ("expired", "revoked"):
            assert response.status_code == 401, where
        elif method == "GET" and short in OPEN_TO_ALL:
            assert response.status_code in (200, 404), where
        elif short in KEY_NEEDED:
            assert response.status_code == (401 if role == "anonymous" else 200), where
        elif role == "anonymous":
            assert response.status_code == 401, where
        elif role == "admin":
            assert response.status_code < 500, where
            assert response.status_code != 401, where
            assert response.status_code != 403 or short == "/schema/apply", where
        else:
            assert response.status_code == 403, where
    assert asked > 70


def test_a_key_of_a_group_has_what_the_group_has(world: Served) -> None:
    key = world.keys["group"]
    listed = {one["ds_id"]: one["access"] for one in world.get(f"{V1}/datasets", key=key).json()["items"]}
    assert listed == {SHOWN: "VIEW", OPEN: "DOWNLOAD", GRANTED: "VIEW", SHARED: "DOWNLOAD"}
    me = world.get(f"{V1}/me", key=key).json()
    assert (me["user_id"], me["groups"], me["is_admin"]) == (None, ["team"], False)


def test_the_way_of_a_permission_is_told(world: Served) -> None:
    found = {one["ds_id"]: one for one in world.get(f"{V1}/me/permissions", key=world.keys["member"]).json()["items"]}
    assert found.keys() == {SHOWN, OPEN, GRANTED, SHARED}
    assert found[SHARED]["grants"] == [
        {"access": "DOWNLOAD", "granted_to": "group", "granted_through": "resource group"}
    ]
    assert found[OPEN]["grants"] == []


def test_what_the_api_shows_is_what_the_function_says(world: Served) -> None:
    """The three ways to look at datasets against ``effective_access()``, for every user."""
    users = {one["email"].partition("@")[0]: one["user_id"] for one in world.rows("SELECT email, user_id FROM users")}
    for role, ds_id in itertools.product(ACCESS, DATASETS):
        said = world.one("SELECT effective_access(%s, %s)::text", [users.get(role), ds_id])
        assert said[0] == access(role, ds_id), (role, ds_id)


def test_what_is_taken_away_is_gone_at_once(world: Served) -> None:
    key = world.keys["member"]
    user = world.one("SELECT user_id FROM users WHERE email = 'member@example.org'")
    world.rows("DELETE FROM group_members WHERE user_id = %s", [user])
    try:
        problem(world.get(f"{V1}/datasets/{SHARED}", key=key), 404)
    finally:
        world.rows("INSERT INTO group_members (group_id, user_id) SELECT group_id, %s FROM groups", [user])
    world.rows("UPDATE users SET is_active = false WHERE user_id = %s", [user])
    try:
        problem(world.get(f"{V1}/datasets/{OPEN}", key=key), 401)
    finally:
        world.rows("UPDATE users SET is_active = true WHERE user_id = %s", [user])


def _filled(path: str) -> str:
    """A path with keys in it that are of the right form and lead nowhere; the collection is there."""
    values = {
        "dataset": "ZZ9999DS9999",
        "ds_id": "ZZ9999DS9999",
        "version_type": "STANDARDISED",
        "collection_id": "PP0001",
        "version": "schema_v999",
        "time": "2020-01-01T00:00:00",
        "schema_name": "nowhere",
        "table_name": "nothing",
        "number": "999",
    }
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "999999"), path)
