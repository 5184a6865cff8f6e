"""What the API answers, as types: the fields of its OpenAPI document. Dates and times are texts in ISO 8601."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

AccessLevel: TypeAlias = Literal["NONE", "VIEW", "DOWNLOAD"]
VersionType: TypeAlias = Literal["PREPROCESSED", "STANDARDISED"]


class VersionSummary(TypedDict):
    """A version as lists show it; ``tables`` is how many it has."""

    version_type: VersionType
    updation_frequency: str
    last_modified: str
    tables: int


class DatasetSummary(TypedDict):
    """A dataset as lists show it. ``access`` is what you may do with it, ``public_access`` what anyone may."""

    ds_id: str
    title: str
    description: str | None
    collection_id: str
    collection_name: str
    category: str
    data_owner_id: int
    data_owner_name: str
    public_access: AccessLevel
    access: AccessLevel
    spatial_coverage: str | None
    spatial_resolution: str | None
    temporal_coverage_start: str | None
    temporal_coverage_end: str | None
    temporal_resolution: str | None
    tags: list[str]
    versions: list[VersionSummary]
    data_last_modified: str | None
    last_modified: str


class DatasetDetail(DatasetSummary):
    """Everything about a dataset but its files."""

    additional_metadata: dict[str, Any]
    raw_datasets: list[str]
    created_at: str


class VersionTable(TypedDict):
    """A table of a version: one file."""

    table_id: int
    name: str
    description: str | None
    media_type: str
    byte_size: int
    sha256: str
    row_count: int | None
    data_dictionary: list[Any]
    last_modified: str


class Version(TypedDict):
    """A form that a dataset is offered in, with its tables."""

    ds_id: str
    version_type: VersionType
    updation_frequency: str
    description: str | None
    created_at: str
    last_modified: str
    tables: list[VersionTable]


class Download(TypedDict):
    """A link to one file, good for ``expires_in`` seconds and without a key."""

    table_id: int
    name: str
    url: str
    expires_in: int
    byte_size: int
    sha256: str
    media_type: str
