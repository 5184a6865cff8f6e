"""The plan as JSON, both ways, and its published schema."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from support.plans import everything, plan_of

from dataio.errors import UsageError
from dataio.plan.jsonio import SCHEMA_FILE, from_json, json_schema, schema_text, to_json
from dataio.plan.render.json import render


def test_a_plan_comes_back_equal() -> None:
    plan = everything()
    assert from_json(to_json(plan)) == plan
    assert render(plan) == to_json(plan)


def test_the_published_schema_is_the_current_one() -> None:
    assert SCHEMA_FILE.read_text() == schema_text(), "python -m dataio.plan.jsonio writes it anew"


@pytest.mark.parametrize("plan", [everything(), plan_of([]), plan_of(["SELECT 1"], number=None)])
def test_documents_fit_the_schema(plan: Any) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(to_json(plan)), schema, cls=jsonschema.Draft202012Validator)


def test_the_schema_refuses_other_fields() -> None:
    document = json.loads(to_json(everything()))
    document["statements"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json_schema())


def _broken(**changes: Any) -> str:
    return json.dumps({**json.loads(to_json(everything())), **changes})


def _without(name: str) -> str:
    document = json.loads(to_json(everything()))
    del document[name]
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "my.json:1:2: not JSON"),
        ("[]", "not a plan of dataio"),
        ("{}", "not a plan of dataio"),
        (_broken(format="dataio.plan/9"), "its format is dataio.plan/9, and this dataio reads dataio.plan/1"),
        (_broken(number="2"), "number: Input should be a valid integer"),
        (_broken(extra=1), "unknown field extra"),
        (_without("target"), "target: Field required"),
        (_broken(statements=[{"sql": "x"}]), "statements[0].action: Field required"),
        (_broken(hazards=[]), "unknown field hazards"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_json(text, source="my.json")
    assert message in str(caught.value)
    assert caught.value.exit_code == 64


def test_an_unknown_field_deep_inside_is_named() -> None:
    document = json.loads(to_json(everything()))
    document["statements"][3]["hazards"][0]["surprise"] = True
    with pytest.raises(UsageError, match=r"statements\[3\]\.hazards\[0\]\.surprise"):
        from_json(json.dumps(document))
