"""What the catalogue tells: datasets, versions, and what stands around them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dataio.api.shapes.values import DayShown, Moment
from dataio.catalogue.models import AccessLevel, UpdationFrequency, VersionType


class VersionSummary(BaseModel):
    """A version as lists show it."""

    version_type: VersionType
    updation_frequency: UpdationFrequency
    last_modified: Moment
    tables: int = Field(description="How many tables it has.")


class DatasetSummary(BaseModel):
    """A dataset as lists show it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ds_id": "EP0001DS0042",
                    "title": "Dengue cases by district and week",
                    "description": "Weekly counts as reported.",
                    "collection_id": "EP0001",
                    "collection_name": "Dengue surveillance",
                    "category": "Epidemiology",
                    "data_owner_id": 1,
                    "data_owner_name": "Health Department",
                    "public_access": "VIEW",
                    "access": "DOWNLOAD",
                    "spatial_coverage": "Karnataka",
                    "spatial_resolution": "district",
                    "temporal_coverage_start": "2015-01-01",
                    "temporal_coverage_end": None,
                    "temporal_resolution": "week",
                    "tags": ["dengue", "weekly"],
                    "versions": [
                        {
                            "version_type": "STANDARDISED",
                            "updation_frequency": "WEEKLY",
                            "last_modified": "2026-05-04T06:00:00Z",
                            "tables": 2,
                        }
                    ],
                    "data_last_modified": "2026-05-04T06:00:00Z",
                    "last_modified": "2026-04-01T12:00:00Z",
                }
            ]
        }
    )
    ds_id: str
    title: str
    description: str | None
    collection_id: str
    collection_name: str
    category: str
    data_owner_id: int
    data_owner_name: str
    public_access: AccessLevel = Field(description="What anyone may do with it.")
    access: AccessLevel = Field(description="What you may do with it.")
    spatial_coverage: str | None
    spatial_resolution: str | None
    temporal_coverage_start: DayShown | None
    temporal_coverage_end: DayShown | None
    temporal_resolution: str | None
    tags: list[str]
    versions: list[VersionSummary]
    data_last_modified: Moment | None = Field(description="When the data of any version last changed.")
    last_modified: Moment = Field(description="When the description last changed.")


class DatasetDetail(DatasetSummary):
    """Everything about a dataset but its files."""

    additional_metadata: dict[str, Any]
    raw_datasets: list[str] = Field(description="The names of the raw datasets it was made from.")
    created_at: Moment


class VersionTableOut(BaseModel):
    """A table of a version: one file."""

    table_id: int
    name: str
    description: str | None
    media_type: str
    byte_size: int
    sha256: str
    row_count: int | None
    data_dictionary: list[Any] = Field(description="One object per column: name, type, description, unit.")
    last_modified: Moment


class Version(BaseModel):
    """A form that a dataset is offered in, with its tables."""

    ds_id: str
    version_type: VersionType
    updation_frequency: UpdationFrequency
    description: str | None
    created_at: Moment
    last_modified: Moment
    tables: list[VersionTableOut]


class Download(BaseModel):
    """A link to one file, good for a short time and without a key: treat it as one."""

    table_id: int
    name: str
    url: str = Field(examples=["/api/v1/files/eyJ…/cases.csv"])
    expires_in: int = Field(description="Seconds.")
    byte_size: int
    sha256: str = Field(description="To check the download against.")
    media_type: str


class CollectionOut(BaseModel):
    """A collection, with how many of its datasets you may see."""

    collection_id: str
    name: str
    category: str
    description: str | None
    created_at: Moment
    last_modified: Moment
    datasets: int


class CategoryOut(BaseModel):
    """A category, with how many of its datasets you may see."""

    category: str
    collections: int
    datasets: int


class TagOut(BaseModel):
    """A tag, with how many datasets that you may see carry it."""

    tag_id: int
    name: str
    description: str | None
    datasets: int


class DataOwnerOut(BaseModel):
    """A data owner, with how many of their datasets you may see. Contacts are for administrators, elsewhere."""

    data_owner_id: int
    name: str
    description: str | None
    website: str | None
    created_at: Moment
    last_modified: Moment
    datasets: int


class RawDatasetOut(BaseModel):
    """Data as their owner handed them over."""

    raw_dataset_id: int
    name: str
    data_owner_id: int
    data_owner_name: str
    description: str | None
    source_url: str | None
    licence: str | None
    received_on: DayShown | None
    created_at: Moment
    last_modified: Moment


class Me(BaseModel):
    """Who the key says you are. ``user_id`` is null for a group's own key."""

    user_id: int | None
    email: str | None
    full_name: str | None
    is_admin: bool
    groups: list[str]
    key_id: int
    key_prefix: str
    label: str | None
    expires_at: Moment | None


class Grant(BaseModel):
    """One permission that reaches a dataset, and the way it takes."""

    access: AccessLevel
    granted_to: str = Field(examples=["user", "group"])
    granted_through: str = Field(examples=["dataset", "resource group"])


class MyPermission(BaseModel):
    """What you may do with one dataset: the highest of its public level and of every grant."""

    ds_id: str
    title: str
    access: AccessLevel
    public_access: AccessLevel
    grants: list[Grant]
