"""The tables and views of ``schema.sql`` as typed SQLAlchemy models, column by column.

What they say is held against a database that ``schema.sql`` was loaded into
(``tests/serving/test_models.py``):
a column that is missing here, or that has another type, default or key there, fails by name. Statements are built from
them in the modules beside this one; checks, triggers and comments are the schema's alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from sqlalchemy import BigInteger, Date, DateTime, Enum, ForeignKey, Identity, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

AccessLevel: TypeAlias = Literal["NONE", "VIEW", "DOWNLOAD"]
VersionType: TypeAlias = Literal["PREPROCESSED", "STANDARDISED"]
UpdationFrequency: TypeAlias = Literal[
    "ONCE", "DAILY", "WEEKLY", "FORTNIGHTLY", "MONTHLY", "QUARTERLY", "YEARLY", "IRREGULAR"
]
BigInt = Annotated[int, mapped_column(BigInteger)]
Moment: TypeAlias = datetime


def _enum(name: str, words: Any) -> Enum:
    return Enum(*words.__args__, name=name, create_type=False)


class Base(DeclarativeBase):
    """What all models share: how Python's types are PostgreSQL's."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: DateTime(timezone=True),
        date: Date(),
        AccessLevel: _enum("access_level", AccessLevel),
        VersionType: _enum("version_type", VersionType),
        UpdationFrequency: _enum("updation_frequency", UpdationFrequency),
    }


class Collection(Base):
    """Datasets that are looked after together, such as one programme's surveys."""

    __tablename__ = "collections"

    collection_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str | None]
    last_dataset_number: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class DataOwner(Base):
    """Organisations and people that data come from and who decide on their use."""

    __tablename__ = "data_owners"

    data_owner_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    website: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class DataOwnerContact(Base):
    """Whom to ask at a data owner. Personal data: shown to administrators only."""

    __tablename__ = "data_owner_contacts"

    contact_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    data_owner_id: Mapped[BigInt] = mapped_column(ForeignKey("data_owners.data_owner_id", ondelete="CASCADE"))
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    position: Mapped[str | None]
    is_primary: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class RawDataset(Base):
    """Data as their owner handed them over, before anyone here touched them."""

    __tablename__ = "raw_datasets"

    raw_dataset_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    data_owner_id: Mapped[BigInt] = mapped_column(ForeignKey("data_owners.data_owner_id", ondelete="RESTRICT"))
    description: Mapped[str | None]
    source_url: Mapped[str | None]
    licence: Mapped[str | None]
    received_on: Mapped[date | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class Tag(Base):
    """Words that datasets are found by."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("name", name="tags_name_key"),)

    tag_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))


class Dataset(Base):
    """What the catalogue is about: data made from raw datasets, described, versioned and shared."""

    __tablename__ = "datasets"

    ds_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str | None]
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.collection_id", ondelete="RESTRICT"))
    data_owner_id: Mapped[BigInt] = mapped_column(ForeignKey("data_owners.data_owner_id", ondelete="RESTRICT"))
    public_access: Mapped[AccessLevel] = mapped_column(server_default=text("'NONE'::access_level"))
    spatial_coverage: Mapped[str | None]
    spatial_resolution: Mapped[str | None]
    temporal_coverage_start: Mapped[date | None]
    temporal_coverage_end: Mapped[date | None]
    temporal_resolution: Mapped[str | None]
    additional_metadata: Mapped[Any] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class DatasetTag(Base):
    """Which dataset carries which tag."""

    __tablename__ = "dataset_tags"

    ds_id: Mapped[str] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[BigInt] = mapped_column(ForeignKey("tags.tag_id", ondelete="CASCADE"), primary_key=True)


class DatasetRawDataset(Base):
    """Which raw datasets a dataset was made from."""

    __tablename__ = "dataset_raw_datasets"

    ds_id: Mapped[str] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"), primary_key=True)
    raw_dataset_id: Mapped[BigInt] = mapped_column(
        ForeignKey("raw_datasets.raw_dataset_id", ondelete="RESTRICT"), primary_key=True
    )


class Bucket(Base):
    """Places that files are kept in: S3 buckets, or folders of this machine."""

    __tablename__ = "buckets"
    __table_args__ = (
        UniqueConstraint("name", name="buckets_name_key"),
        UniqueConstraint("url", name="buckets_url_key"),
    )

    bucket_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    region: Mapped[str | None]
    endpoint_url: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class DatasetVersion(Base):
    """The forms a dataset is offered in, at most one of each type."""

    __tablename__ = "dataset_versions"
    __table_args__ = (UniqueConstraint("ds_id", "version_type", name="dataset_versions_ds_id_version_type_key"),)

    version_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    ds_id: Mapped[str] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"))
    version_type: Mapped[VersionType]
    updation_frequency: Mapped[UpdationFrequency] = mapped_column(
        server_default=text("'IRREGULAR'::updation_frequency")
    )
    bucket_id: Mapped[BigInt] = mapped_column(ForeignKey("buckets.bucket_id", ondelete="RESTRICT"))
    description: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class VersionTable(Base):
    """The tables of a version, each kept as one file."""

    __tablename__ = "version_tables"
    __table_args__ = (UniqueConstraint("version_id", "name", name="version_tables_version_id_name_key"),)

    table_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    version_id: Mapped[BigInt] = mapped_column(ForeignKey("dataset_versions.version_id", ondelete="CASCADE"))
    name: Mapped[str]
    description: Mapped[str | None]
    object_key: Mapped[str]
    media_type: Mapped[str] = mapped_column(server_default=text("'text/csv'::text"))
    byte_size: Mapped[BigInt]
    sha256: Mapped[str]
    row_count: Mapped[BigInt | None]
    data_dictionary: Mapped[Any] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class User(Base):
    """People who use the catalogue with a key of their own."""

    __tablename__ = "users"

    user_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str]
    full_name: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class Group(Base):
    """Users who share permissions: teams, projects, and programs that come with a key of the group."""

    __tablename__ = "groups"

    group_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class GroupMember(Base):
    """Who is in which group."""

    __tablename__ = "group_members"

    group_id: Mapped[BigInt] = mapped_column(ForeignKey("groups.group_id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[BigInt] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[Moment] = mapped_column(server_default=text("now()"))


class ApiKey(Base):
    """Keys of users and groups. Only a hash is kept: a key is shown once, when it is issued."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_prefix", name="api_keys_key_prefix_key"),)

    key_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[BigInt | None] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    group_id: Mapped[BigInt | None] = mapped_column(ForeignKey("groups.group_id", ondelete="CASCADE"))
    key_prefix: Mapped[str]
    hashed_key: Mapped[str]
    label: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[Moment | None]
    last_used_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]


class ResourceGroup(Base):
    """Datasets that are shared together: one permission on the group reaches all of them."""

    __tablename__ = "resource_groups"

    resource_group_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class ResourceGroupMember(Base):
    """Which dataset is in which resource group."""

    __tablename__ = "resource_group_members"

    resource_group_id: Mapped[BigInt] = mapped_column(
        ForeignKey("resource_groups.resource_group_id", ondelete="CASCADE"), primary_key=True
    )
    ds_id: Mapped[str] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[Moment] = mapped_column(server_default=text("now()"))


class UserPermission(Base):
    """What a user may do with a dataset or with all datasets of a resource group.

    The highest level that reaches a dataset counts; NONE takes nothing away.
    """

    __tablename__ = "user_permissions"
    __table_args__ = (
        UniqueConstraint("user_id", "ds_id", name="user_permissions_user_id_ds_id_key"),
        UniqueConstraint("user_id", "resource_group_id", name="user_permissions_user_id_resource_group_id_key"),
    )

    permission_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[BigInt] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    ds_id: Mapped[str | None] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"))
    resource_group_id: Mapped[BigInt | None] = mapped_column(
        ForeignKey("resource_groups.resource_group_id", ondelete="CASCADE")
    )
    access: Mapped[AccessLevel]
    granted_by: Mapped[BigInt | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"))
    granted_at: Mapped[Moment] = mapped_column(server_default=text("now()"))


class GroupPermission(Base):
    """What every member of a group may do with a dataset or with all datasets of a resource group.

    The highest level that reaches a dataset counts; NONE takes nothing away.
    """

    __tablename__ = "group_permissions"
    __table_args__ = (
        UniqueConstraint("group_id", "ds_id", name="group_permissions_group_id_ds_id_key"),
        UniqueConstraint("group_id", "resource_group_id", name="group_permissions_group_id_resource_group_id_key"),
    )

    permission_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    group_id: Mapped[BigInt] = mapped_column(ForeignKey("groups.group_id", ondelete="CASCADE"))
    ds_id: Mapped[str | None] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"))
    resource_group_id: Mapped[BigInt | None] = mapped_column(
        ForeignKey("resource_groups.resource_group_id", ondelete="CASCADE")
    )
    access: Mapped[AccessLevel]
    granted_by: Mapped[BigInt | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"))
    granted_at: Mapped[Moment] = mapped_column(server_default=text("now()"))


class RateLimit(Base):
    """How many requests are allowed in a stretch of time: for a user, a group's members, or everyone else."""

    __tablename__ = "rate_limits"
    __table_args__ = (
        UniqueConstraint("action", "group_id", name="rate_limits_group_id_action_key"),
        UniqueConstraint("action", "user_id", name="rate_limits_user_id_action_key"),
    )

    rate_limit_id: Mapped[BigInt] = mapped_column(Identity(always=True), primary_key=True)
    action: Mapped[str]
    user_id: Mapped[BigInt | None] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    group_id: Mapped[BigInt | None] = mapped_column(ForeignKey("groups.group_id", ondelete="CASCADE"))
    max_requests: Mapped[int]
    window_seconds: Mapped[int] = mapped_column(server_default=text("60"))
    created_at: Mapped[Moment] = mapped_column(server_default=text("now()"))
    last_modified: Mapped[Moment] = mapped_column(server_default=text("now()"))


class RateLimitCounter(Base):
    """Requests counted in the current windows; emptied by a crash and by purge_rate_limit_counters()."""

    __tablename__ = "rate_limit_counters"

    subject: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    resets_at: Mapped[Moment] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column(server_default=text("1"))


class DatasetSearch(Base):
    """What datasets are found by. Kept by triggers; never written by hand."""

    __tablename__ = "dataset_search"

    ds_id: Mapped[str] = mapped_column(ForeignKey("datasets.ds_id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[Any] = mapped_column(TSVECTOR)


class DatasetFull(Base):
    """Datasets with the names of everything around them: the view ``datasets_full_view``."""

    __tablename__ = "datasets_full_view"
    __table_args__ = ({"info": {"view": True}},)

    ds_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    description: Mapped[str | None]
    collection_id: Mapped[str | None]
    collection_name: Mapped[str | None]
    category: Mapped[str | None]
    data_owner_id: Mapped[BigInt | None]
    data_owner_name: Mapped[str | None]
    public_access: Mapped[AccessLevel | None]
    spatial_coverage: Mapped[str | None]
    spatial_resolution: Mapped[str | None]
    temporal_coverage_start: Mapped[date | None]
    temporal_coverage_end: Mapped[date | None]
    temporal_resolution: Mapped[str | None]
    additional_metadata: Mapped[Any | None] = mapped_column(JSONB)
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    raw_datasets: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    versions: Mapped[Any | None] = mapped_column(JSONB)
    data_last_modified: Mapped[Moment | None]
    created_at: Mapped[Moment | None]
    last_modified: Mapped[Moment | None]


class TagCount(Base):
    """Tags and how many datasets carry each: the view ``tag_counts``."""

    __tablename__ = "tag_counts"
    __table_args__ = ({"info": {"view": True}},)

    tag_id: Mapped[BigInt] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    description: Mapped[str | None]
    datasets: Mapped[BigInt | None]
