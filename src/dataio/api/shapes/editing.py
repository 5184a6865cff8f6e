"""What administrators send and see: each table's row, what makes one, what changes one."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from dataio.api.shapes.values import (
    IN,
    CollectionId,
    Count,
    DatasetId,
    Day,
    DayShown,
    Email,
    Id,
    Moment,
    Name,
    Sha256,
    Short,
    TagName,
    Text,
    Time,
    Website,
    omitted,
)
from dataio.catalogue.models import AccessLevel, UpdationFrequency

Names = Annotated[list[Name], Field(max_length=100)]


class New(BaseModel):
    """What makes a row."""

    model_config = IN


class Patch(BaseModel):
    """What changes a row: only what is given."""

    model_config = IN


def _one_of(given: BaseModel, *names: str) -> None:
    if sum(getattr(given, name) is not None for name in names) != 1:
        raise ValueError(f"exactly one of {' and '.join(names)} must be given")


# Datasets -------------------------------------------------------------------------------------------------------------


class _Coverage(BaseModel):
    spatial_coverage: Short | None = None
    spatial_resolution: Short | None = None
    temporal_coverage_start: Day | None = None
    temporal_coverage_end: Day | None = None
    temporal_resolution: Short | None = None


class NewDataset(_Coverage):
    """A dataset by the names of what it belongs to; its id is made from the collection unless given."""

    model_config = IN
    title: Name
    collection: Name = Field(description="Id or name.", examples=["EP0001"])
    data_owner: Name = Field(description="Name.", examples=["Health Department"])
    tags: Names = Field(default=[], description="Names.")
    raw_datasets: Names = Field(default=[], description="Names.")
    description: Text | None = None
    public_access: AccessLevel = "NONE"
    ds_id: DatasetId | None = None
    additional_metadata: dict[str, Any] = Field(default={})


class DatasetPatch(_Coverage):
    """Changes to a dataset; lists replace what was there."""

    model_config = IN
    title: Name = omitted()
    collection: Name = omitted()
    data_owner: Name = omitted()
    tags: Names = omitted()
    raw_datasets: Names = omitted()
    description: Text | None = None
    public_access: AccessLevel = omitted()
    additional_metadata: dict[str, Any] = omitted()


class VersionPut(BaseModel):
    """A version of a dataset; ``bucket_id`` is the default bucket unless given."""

    model_config = IN
    updation_frequency: UpdationFrequency = "IRREGULAR"
    description: Text | None = None
    bucket_id: Id | None = None


class NewTable(New):
    """A table of a version: its file must be in the version's bucket."""

    name: Name
    description: Text | None = None
    object_key: Annotated[
        str, Field(max_length=1000, pattern=r"^[A-Za-z0-9_=-][A-Za-z0-9._=-]*(/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*$")
    ]
    media_type: Annotated[str, Field(max_length=100, pattern=r"^[a-z]+/[a-z0-9.+-]+$")] = "text/csv"
    byte_size: Count
    sha256: Sha256
    row_count: Count | None = None
    data_dictionary: Annotated[list[dict[str, Any]], Field(max_length=2000)] = []


# Around datasets ------------------------------------------------------------------------------------------------------


class NewCollection(New):
    collection_id: CollectionId
    name: Name
    category: Name
    description: Text | None = None


class CollectionPatch(Patch):
    name: Name = omitted()
    category: Name = omitted()
    description: Text | None = None


class NewTag(New):
    name: TagName
    description: Text | None = None


class TagPatch(Patch):
    name: TagName = omitted()
    description: Text | None = None


class TagRow(BaseModel):
    tag_id: int
    name: str
    description: str | None
    created_at: Moment


class NewDataOwner(New):
    name: Name
    description: Text | None = None
    website: Website | None = None


class DataOwnerPatch(Patch):
    name: Name = omitted()
    description: Text | None = None
    website: Website | None = None


class DataOwnerRow(BaseModel):
    data_owner_id: int
    name: str
    description: str | None
    website: str | None
    created_at: Moment
    last_modified: Moment


class CollectionRow(BaseModel):
    collection_id: str
    name: str
    category: str
    description: str | None
    created_at: Moment
    last_modified: Moment


class NewContact(New):
    name: Name
    email: Email | None = None
    phone: Short | None = None
    position: Short | None = None
    is_primary: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.email is None and self.phone is None:
            raise ValueError("email or phone must be given")
        return self


class ContactPatch(Patch):
    name: Name = omitted()
    email: Email | None = None
    phone: Short | None = None
    position: Short | None = None
    is_primary: bool = omitted()


class ContactRow(BaseModel):
    contact_id: int
    data_owner_id: int
    name: str
    email: str | None
    phone: str | None
    position: str | None
    is_primary: bool
    created_at: Moment
    last_modified: Moment


class NewRawDataset(New):
    name: Name
    data_owner: Name = Field(description="Name.")
    description: Text | None = None
    source_url: Short | None = None
    licence: Short | None = None
    received_on: Day | None = None


class RawDatasetPatch(Patch):
    name: Name = omitted()
    description: Text | None = None
    source_url: Short | None = None
    licence: Short | None = None
    received_on: Day | None = None


class RawDatasetRow(BaseModel):
    raw_dataset_id: int
    name: str
    data_owner_id: int
    description: str | None
    source_url: str | None
    licence: str | None
    received_on: DayShown | None
    created_at: Moment
    last_modified: Moment


class NewBucket(New):
    name: Name
    url: Annotated[
        str,
        Field(
            max_length=500,
            pattern=r"^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[!-~]*)?|file:///[!-~]+)$",
            examples=["s3://bucket/prefix"],
        ),
    ]
    region: Short | None = None
    endpoint_url: Website | None = None
    is_default: bool = False


class BucketPatch(Patch):
    name: Name = omitted()
    region: Short | None = None
    endpoint_url: Website | None = None
    is_default: bool = omitted()


class BucketRow(BaseModel):
    bucket_id: int
    name: str
    url: str
    region: str | None
    endpoint_url: str | None
    is_default: bool
    created_at: Moment
    last_modified: Moment


# People ---------------------------------------------------------------------------------------------------------------


class NewUser(New):
    email: Email
    full_name: Short | None = None
    is_admin: bool = False


class UserPatch(Patch):
    email: Email = omitted()
    full_name: Short | None = None
    is_admin: bool = omitted()
    is_active: bool = omitted()


class UserRow(BaseModel):
    user_id: int
    email: str
    full_name: str | None
    is_admin: bool
    is_active: bool
    created_at: Moment
    last_modified: Moment


class NewGroup(New):
    name: Name
    description: Text | None = None


class GroupPatch(Patch):
    name: Name = omitted()
    description: Text | None = None


class GroupRow(BaseModel):
    group_id: int
    name: str
    description: str | None
    created_at: Moment
    last_modified: Moment


class ResourceGroupRow(BaseModel):
    resource_group_id: int
    name: str
    description: str | None
    created_at: Moment
    last_modified: Moment


class GroupMemberRow(BaseModel):
    group_id: int
    user_id: int
    added_at: Moment


class ResourceGroupMemberRow(BaseModel):
    resource_group_id: int
    ds_id: str
    added_at: Moment


class _NewPermission(New):
    ds_id: DatasetId | None = None
    resource_group_id: Id | None = None
    access: AccessLevel

    @model_validator(mode="after")
    def _one_object(self) -> Self:
        _one_of(self, "ds_id", "resource_group_id")
        return self


class NewUserPermission(_NewPermission):
    user_id: Id


class NewGroupPermission(_NewPermission):
    group_id: Id


class PermissionPatch(Patch):
    access: AccessLevel


class UserPermissionRow(BaseModel):
    permission_id: int
    user_id: int
    ds_id: str | None
    resource_group_id: int | None
    access: AccessLevel
    granted_by: int | None
    granted_at: Moment


class GroupPermissionRow(BaseModel):
    permission_id: int
    group_id: int
    ds_id: str | None
    resource_group_id: int | None
    access: AccessLevel
    granted_by: int | None
    granted_at: Moment


class NewRateLimit(New):
    action: Annotated[str, Field(max_length=50, pattern=r"^[a-z][a-z_]*$", examples=["read", "write", "download"])]
    user_id: Id | None = None
    group_id: Id | None = None
    max_requests: Annotated[int, Field(ge=1, le=2_000_000_000)]
    window_seconds: Annotated[int, Field(ge=1, le=86400)] = 60

    @model_validator(mode="after")
    def _user_or_group(self) -> Self:
        if self.user_id is not None and self.group_id is not None:
            raise ValueError("at most one of user_id and group_id may be given")
        return self


class RateLimitPatch(Patch):
    max_requests: Annotated[int, Field(ge=1, le=2_000_000_000)] = omitted()
    window_seconds: Annotated[int, Field(ge=1, le=86400)] = omitted()


class RateLimitRow(BaseModel):
    rate_limit_id: int
    action: str
    user_id: int | None
    group_id: int | None
    max_requests: int
    window_seconds: int
    created_at: Moment
    last_modified: Moment


class NewKey(New):
    user_id: Id | None = None
    group_id: Id | None = None
    label: Short | None = None
    expires_at: Time | None = None

    @model_validator(mode="after")
    def _user_or_group(self) -> Self:
        _one_of(self, "user_id", "group_id")
        return self


class KeyRow(BaseModel):
    """A key without what makes it one."""

    key_id: int
    user_id: int | None
    group_id: int | None
    key_prefix: str
    label: str | None
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    revoked_at: Moment | None


class IssuedKey(KeyRow):
    """A key just issued. ``key`` is shown this once; only its hash is kept."""

    key: str = Field(examples=["dio_4fT9…"])
