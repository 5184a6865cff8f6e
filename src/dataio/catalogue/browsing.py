"""Statements about what stands around datasets: collections, tags, owners, raw datasets; as one caller may see it."""

from __future__ import annotations

from functools import cache

from sqlalchemy import BigInteger, Text, bindparam, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from dataio.catalogue.access import Kind, visible
from dataio.catalogue.compiled import Query, compiled
from dataio.catalogue.models import (
    ApiKey,
    Collection,
    DataOwner,
    Dataset,
    DatasetRawDataset,
    DatasetTag,
    Group,
    GroupMember,
    RawDataset,
    Tag,
    User,
)

_LIMIT = bindparam("row_limit", type_=BigInteger())


@cache
def collections(kind: Kind, *, after: bool = False, one: bool = False) -> Query:
    """Collections by id with how many datasets of each the caller may see; with ``one`` only ``wanted``."""
    seen = visible(kind)
    datasets = (
        select(func.count())
        .select_from(Dataset)
        .join(seen, seen.c.ds_id == Dataset.ds_id)
        .where(Dataset.collection_id == Collection.collection_id)
        .scalar_subquery()
    )
    statement = select(
        Collection.collection_id,
        Collection.name,
        Collection.category,
        Collection.description,
        Collection.created_at,
        Collection.last_modified,
        datasets.label("datasets"),
    ).order_by(Collection.collection_id)
    if after:
        statement = statement.where(Collection.collection_id > bindparam("after_id", type_=Text()))
    if one:
        return compiled(statement.where(Collection.collection_id == bindparam("wanted", type_=Text())))
    return compiled(statement.limit(_LIMIT))


@cache
def categories(kind: Kind) -> Query:
    """Categories with how many collections each has, and datasets that the caller may see."""
    seen = visible(kind)
    return compiled(
        select(
            Collection.category,
            func.count(Collection.collection_id.distinct()).label("collections"),
            func.count(seen.c.ds_id).label("datasets"),
        )
        .select_from(Collection)
        .outerjoin(Dataset, Dataset.collection_id == Collection.collection_id)
        .outerjoin(seen, seen.c.ds_id == Dataset.ds_id)
        .group_by(Collection.category)
        .order_by(Collection.category)
        .limit(1000)
    )


@cache
def tags(kind: Kind, *, after: bool = False, one: bool = False) -> Query:
    """Tags by name with how many datasets that the caller may see carry each."""
    seen = visible(kind)
    counted = (
        select(DatasetTag.tag_id, func.count().label("datasets"))
        .join(seen, seen.c.ds_id == DatasetTag.ds_id)
        .group_by(DatasetTag.tag_id)
        .subquery("counted")
    )
    statement = (
        select(Tag.tag_id, Tag.name, Tag.description, func.coalesce(counted.c.datasets, 0).label("datasets"))
        .outerjoin(counted, counted.c.tag_id == Tag.tag_id)
        .order_by(Tag.name)
    )
    if after:
        statement = statement.where(Tag.name > bindparam("after_name", type_=Text()))
    if one:
        return compiled(statement.where(Tag.name == bindparam("wanted", type_=Text())))
    return compiled(statement.limit(_LIMIT))


@cache
def owners(kind: Kind, *, after: bool = False, one: bool = False) -> Query:
    """Data owners by id with how many of their datasets the caller may see. No contacts."""
    seen = visible(kind)
    datasets = (
        select(func.count())
        .select_from(Dataset)
        .join(seen, seen.c.ds_id == Dataset.ds_id)
        .where(Dataset.data_owner_id == DataOwner.data_owner_id)
        .scalar_subquery()
    )
    statement = select(
        DataOwner.data_owner_id,
        DataOwner.name,
        DataOwner.description,
        DataOwner.website,
        DataOwner.created_at,
        DataOwner.last_modified,
        datasets.label("datasets"),
    ).order_by(DataOwner.data_owner_id)
    if after:
        statement = statement.where(DataOwner.data_owner_id > bindparam("after_id", type_=BigInteger()))
    if one:
        return compiled(statement.where(DataOwner.data_owner_id == bindparam("wanted", type_=BigInteger())))
    return compiled(statement.limit(_LIMIT))


@cache
def raw_datasets(kind: Kind, *, after: bool = False, one: bool = False) -> Query:
    """Raw datasets by id: those that a dataset is made from which the caller may see; for administrators all."""
    statement = (
        select(
            RawDataset.raw_dataset_id,
            RawDataset.name,
            RawDataset.data_owner_id,
            DataOwner.name.label("data_owner_name"),
            RawDataset.description,
            RawDataset.source_url,
            RawDataset.licence,
            RawDataset.received_on,
            RawDataset.created_at,
            RawDataset.last_modified,
        )
        .join(DataOwner, DataOwner.data_owner_id == RawDataset.data_owner_id)
        .order_by(RawDataset.raw_dataset_id)
    )
    if kind != "admin":
        seen = visible(kind)
        statement = statement.where(
            exists().where(
                DatasetRawDataset.raw_dataset_id == RawDataset.raw_dataset_id, DatasetRawDataset.ds_id == seen.c.ds_id
            )
        )
    if after:
        statement = statement.where(RawDataset.raw_dataset_id > bindparam("after_id", type_=BigInteger()))
    if one:
        return compiled(statement.where(RawDataset.raw_dataset_id == bindparam("wanted", type_=BigInteger())))
    return compiled(statement.limit(_LIMIT))


@cache
def me() -> Query:
    """Who ``caller_user`` or ``caller_group`` is, and the key ``caller_key`` that was shown."""
    user, group = bindparam("caller_user", type_=BigInteger()), bindparam("caller_group", type_=BigInteger())
    groups = (
        select(func.array_agg(Group.name.op("ORDER BY")(Group.name)))
        .select_from(Group)
        .where(
            or_(
                Group.group_id == group,
                exists().where(GroupMember.group_id == Group.group_id, GroupMember.user_id == user),
            )
        )
        .scalar_subquery()
    )
    return compiled(
        select(
            ApiKey.key_id,
            ApiKey.key_prefix,
            ApiKey.label,
            ApiKey.expires_at,
            User.user_id,
            User.email,
            User.full_name,
            func.coalesce(User.is_admin, False).label("is_admin"),
            func.coalesce(groups, cast([], ARRAY(Text()))).label("groups"),
        )
        .select_from(ApiKey)
        .outerjoin(User, User.user_id == user)
        .where(ApiKey.key_id == bindparam("caller_key", type_=BigInteger()))
    )


@cache
def my_permissions(kind: Kind, *, after: bool = False) -> Query:
    """Every dataset that the caller may see with what they may do and the ways it comes to them, by id."""
    seen = visible(kind)
    grants = func.public.dataset_grants(
        cast(bindparam("caller_user"), BigInteger), cast(bindparam("caller_group"), BigInteger)
    ).table_valued("ds_id", "access", "granted_to", "granted_through", name="grants")
    through = (
        select(
            grants.c.ds_id.label("ds_id"),
            func.jsonb_agg(
                func.jsonb_build_object(
                    "access", grants.c.access, "granted_to", grants.c.granted_to,
                    "granted_through", grants.c.granted_through,
                )
            ).label("grants"),
        )
        .group_by(grants.c.ds_id)
        .subquery("through")
    )  # fmt: skip
    statement = (
        select(
            Dataset.ds_id,
            Dataset.title,
            seen.c.access,
            Dataset.public_access,
            func.coalesce(through.c.grants, func.jsonb_build_array()).label("grants"),
        )
        .join(seen, seen.c.ds_id == Dataset.ds_id)
        .outerjoin(through, through.c.ds_id == Dataset.ds_id)
        .order_by(Dataset.ds_id)
        .limit(_LIMIT)
    )
    if after:
        statement = statement.where(Dataset.ds_id > bindparam("after_id", type_=Text()))
    return compiled(statement)
