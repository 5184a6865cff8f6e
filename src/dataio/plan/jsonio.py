"""The plan as JSON, both ways, with a version and a schema.

``plan.schema.json`` beside this module is what :func:`json_schema` returns: published, so that other tools can rely on
it; a test keeps the two equal (``python -m dataio.plan.jsonio`` writes it anew).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from dataio.errors import UsageError
from dataio.plan.model import FORMAT, Plan

SCHEMA_FILE: Final = Path(__file__).with_name("plan.schema.json")
_SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FAMILY: Final = FORMAT.partition("/")[0]


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def to_json(plan: Plan) -> str:
    """The document as indented JSON with a newline at its end; :func:`from_json` gives back an equal plan."""
    return _adapter().dump_json(plan, indent=2).decode() + "\n"


def from_json(text: str, *, source: str = "the plan") -> Plan:
    """Read a plan. ``source`` names the file in messages.

    Raises :class:`~dataio.errors.UsageError` for what is no JSON, no plan, a plan of another version, or a plan with
    missing, mistyped or unknown fields, each named by its place in the document.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{source}:{error.lineno}:{error.colno}: not JSON: {error.msg}", hint=_HINT) from None
    except RecursionError:
        raise UsageError(f"{source}: not JSON that anybody could read: it nests too deep", hint=_HINT) from None
    _check_version(document, source)
    try:
        plan = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        problems = [f"{_place(problem['loc'])}: {problem['msg']}" for problem in error.errors(include_url=False)]
        raise UsageError(
            f"{source}: not a valid plan: {problems[0]}", detail="\n".join(problems[:20]) if problems[1:] else ""
        ) from None
    if _NUL.search(text):
        raise UsageError(f"{source}: not a valid plan: it holds a NUL character, which no text in PostgreSQL can")
    unknown = list(_unknown(document, json.loads(_adapter().dump_json(plan))))
    if unknown:
        raise UsageError(f"{source}: not a valid plan: unknown field {', '.join(unknown)}")
    return plan


_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_HINT: Final = "A plan is written by `dataio schema plan --format json --out FILE`."


def _check_version(document: Any, source: str) -> None:
    version = document.get("format") if isinstance(document, dict) else None
    if version == FORMAT:
        return
    if isinstance(version, str) and version.startswith(f"{_FAMILY}/"):
        raise UsageError(
            f"{source}: its format is {version}, and this dataio reads {FORMAT}",
            hint="Plan again with this version of dataio, or use the one that wrote the plan.",
        )
    raise UsageError(f'{source}: not a plan of dataio ("format" is not "{FORMAT}")', hint=_HINT)


def _place(location: tuple[int | str, ...]) -> str:
    """``statements[2].hazards[0].name``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".") or "document"


def _unknown(given: Any, known: Any, place: tuple[int | str, ...] = ()) -> list[str]:
    """Fields of the document that the plan does not have: better refused than silently left out."""
    if isinstance(given, dict) and isinstance(known, dict):
        extra = [_place((*place, key)) for key in given.keys() - known.keys()]
        shared = sorted(known.keys() & given.keys())
        return sorted(extra) + [x for key in shared for x in _unknown(given[key], known[key], (*place, key))]
    if isinstance(given, list) and isinstance(known, list):
        return [x for i, pair in enumerate(zip(given, known, strict=False)) for x in _unknown(*pair, (*place, i))]
    return []


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document; it has no fields but those named."""
    schema = _adapter().json_schema()
    for definition in (schema, *schema.get("$defs", {}).values()):
        if definition.get("type") == "object":
            definition["additionalProperties"] = False
    schema["properties"]["format"] = {"const": FORMAT, "title": "Format", "description": "The version of the document."}
    schema["required"] = sorted({*schema.get("required", ()), "format"})
    return {
        "$schema": _SCHEMA_DIALECT,
        "title": "A plan of dataio",
        **{k: v for k, v in schema.items() if k != "title"},
    }


def schema_text() -> str:
    """What ``plan.schema.json`` holds."""
    return json.dumps(json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
