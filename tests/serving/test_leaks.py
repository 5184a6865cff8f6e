"""No answer holds a field that its documented model does not declare, whatever else the rows behind it have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.api import Served

from dataio.operations import sample

V1 = "/api/v1"
NOT_JSON = {f"{V1}/plans/{{job_id}}/document", f"{V1}/jobs/{{job_id}}/events", f"{V1}/schema/history/{{number}}/script"}


@pytest.fixture(scope="module")
def filled(serve: Callable[..., Served]) -> Served:
    """The sample, and at least one row behind every endpoint that shows one."""
    served = serve()
    sample.fill(served.target, served.root / "files")
    admin = served.user("admin@example.org", admin=True)
    served.keys["admin"] = served.issue(user_id=admin)
    key = served.keys["admin"]
    group = served.post(f"{V1}/groups", key=key, json={"name": "team"}).json()["group_id"]
    resource = served.post(f"{V1}/resource-groups", key=key, json={"name": "all"}).json()["resource_group_id"]
    served.rows("INSERT INTO group_members (group_id, user_id) VALUES (%s, %s)", [group, admin])
    served.rows("INSERT INTO resource_group_members SELECT %s, ds_id FROM datasets", [resource])
    served.rows(
        "INSERT INTO user_permissions (user_id, resource_group_id, access) VALUES (%s, %s, 'VIEW')", [admin, resource]
    )
    served.rows(
        "INSERT INTO group_permissions (group_id, resource_group_id, access) VALUES (%s, %s, 'VIEW')", [group, resource]
    )
    served.rows("INSERT INTO rate_limits (action, max_requests, window_seconds) VALUES ('read', 100000, 60)")
    served.rows(
        "INSERT INTO data_owner_contacts (data_owner_id, name, email)"
        " SELECT data_owner_id, 'A', 'a@example.org' FROM data_owners"
    )
    return served


def undeclared(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    """Places in a JSON value that its schema does not name. An object without properties is free by declaration."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        kinds: dict[str, Any] = {
            "null": type(None),
            "object": dict,
            "array": list,
            "string": str,
            "integer": int,
            "number": float,
        }
        fits = [one for one in schema["anyOf"] if isinstance(value, kinds.get(one.get("type", "object"), object))]
        schema = fits[0] if fits else {}
        if "$ref" in schema:
            yield from undeclared(document, schema, value, where)
            return
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name not in schema["properties"]:
                yield f"{where}.{name}"
            else:
                yield from undeclared(document, schema["properties"][name], inner, f"{where}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from undeclared(document, schema.get("items", {}), inner, f"{where}[]")


def test_every_get_answers_declared_fields_only(filled: Served) -> None:
    document = filled.get(f"{V1}/openapi.json").json()
    ids = {
        "dataset": "EP0001DS0001",
        "version_type": filled.one("SELECT version_type::text FROM dataset_versions WHERE ds_id = 'EP0001DS0001'"),
        "collection_id": "EP0001",
        "schema_name": "public",
        "table_name": "datasets",
        "key_id": filled.one("SELECT min(key_id) FROM api_keys"),
        "user_id": filled.one("SELECT min(user_id) FROM users"),
    }
    answered: list[str] = []
    for path, methods in document["paths"].items():
        if "get" not in methods or path in NOT_JSON or not path.startswith(V1):
            continue
        url = re.sub(r"\{(\w+)\}", lambda found: str(ids.get(found[1], 1)), path)
        answer = filled.get(url, key=filled.keys["admin"])
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("application/json"):
            continue
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert list(undeclared(document, schema, answer.json(), path)) == []
        for secret in ("hashed_key", "object_key", "$scrypt$"):
            assert secret not in answer.text or path.endswith(("/schema/tables/{schema_name}/{table_name}",)), path
        answered.append(path)
    assert len(answered) > 35, answered
    for listed in (
        "keys",
        "users",
        "user-permissions",
        "group-permissions",
        "rate-limits",
        "resource-groups",
        "buckets",
    ):
        assert filled.get(f"{V1}/{listed}", key=filled.keys["admin"]).json()["items"], listed


def test_the_walk_finds_what_is_not_declared() -> None:
    document = {"components": {"schemas": {"One": {"type": "object", "properties": {"a": {"type": "integer"}}}}}}
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/One"}}
    assert list(undeclared(document, schema, [{"a": 1}, {"a": 1, "b": 2}], "x")) == ["x[].b"]
    optional = {"anyOf": [{"$ref": "#/components/schemas/One"}, {"type": "null"}]}
    assert list(undeclared(document, optional, {"c": 1}, "x")) == ["x.c"]
    assert list(undeclared(document, optional, None, "x")) == []
