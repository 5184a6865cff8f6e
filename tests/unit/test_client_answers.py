"""The client's types are those of the API's models, field by field."""

from __future__ import annotations

from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from dataio.api.shapes import catalogue as shapes
from dataio.catalogue import models
from dataio.client import answers

PAIRS: tuple[tuple[type, type[BaseModel]], ...] = (
    (answers.VersionSummary, shapes.VersionSummary),
    (answers.DatasetSummary, shapes.DatasetSummary),
    (answers.DatasetDetail, shapes.DatasetDetail),
    (answers.VersionTable, shapes.VersionTableOut),
    (answers.Version, shapes.Version),
    (answers.Download, shapes.Download),
)


def optional(kind: object) -> bool:
    return NoneType in get_args(kind)


@pytest.mark.parametrize(("typed", "model"), PAIRS, ids=lambda one: one.__name__)
def test_a_type_has_the_fields_of_its_model(typed: type, model: type[BaseModel]) -> None:
    said, real = get_type_hints(typed), {name: field.annotation for name, field in model.model_fields.items()}
    assert said.keys() == real.keys()
    for name in said:
        assert optional(said[name]) == optional(real[name]), name
        assert (get_origin(said[name]) is list) == (get_origin(real[name]) is list), name


def test_enums_are_the_models() -> None:
    assert get_args(answers.AccessLevel) == get_args(models.AccessLevel)
    assert get_args(answers.VersionType) == get_args(models.VersionType)
