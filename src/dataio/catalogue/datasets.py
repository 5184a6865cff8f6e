"""Statements about datasets: lists, details, versions and their tables; all of them for one caller."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    Float,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from dataio.catalogue.access import Kind, visible
from dataio.catalogue.compiled import Query, compiled
from dataio.catalogue.models import (
    Bucket,
    Collection,
    DataOwner,
    Dataset,
    DatasetFull,
    DatasetSearch,
    DatasetTag,
    DatasetVersion,
    Tag,
    VersionTable,
)

Shape: TypeAlias = frozenset[str]
FILTERS: Final = frozenset({"q", "collection", "category", "owner", "tag", "after"})

_SUMMARY: Final = (
    "ds_id", "title", "description", "collection_id", "collection_name", "category", "data_owner_id", "data_owner_name",
    "public_access", "spatial_coverage", "spatial_resolution", "temporal_coverage_start", "temporal_coverage_end",
    "temporal_resolution", "tags", "versions", "data_last_modified", "last_modified",
)  # fmt: skip
_DETAIL: Final = (*_SUMMARY, "additional_metadata", "raw_datasets", "created_at")


@cache
def listing(kind: Kind, shape: Shape) -> Query:
    """A page of datasets: ``row_limit`` rows after a place, narrowed by the filters named in ``shape``.

    Parameters: those of the filters (``tag`` is an array: all of them), ``row_limit``, of ``after`` ``after_id`` and,
    with ``q``, ``after_rank``. With ``q`` the best come first, else by ``ds_id``.
    """
    page = _page(kind, shape)
    ordered = (page.c.rank.desc(), page.c.ds_id) if "q" in shape else (page.c.ds_id,)
    rank = (page.c.rank,) if "q" in shape else ()
    columns = [getattr(DatasetFull, name) for name in _SUMMARY]
    return compiled(
        select(*columns, page.c.access, *rank).join(page, page.c.ds_id == DatasetFull.ds_id).order_by(*ordered)
    )


@cache
def count(kind: Kind, shape: Shape) -> Query:
    """How many datasets the filters leave; ``row_limit`` is ``None``, or as far as one wants to count."""
    return compiled(select(func.count().label("datasets")).select_from(_page(kind, shape - {"after"})))


def _page(kind: Kind, shape: Shape) -> Any:
    seen = visible(kind)
    chosen: Select[Any] = select(Dataset.ds_id, seen.c.access).join(seen, seen.c.ds_id == Dataset.ds_id)
    if "collection" in shape or "category" in shape:
        chosen = chosen.join(Collection, Collection.collection_id == Dataset.collection_id)
    if "collection" in shape:
        wanted = bindparam("collection", type_=Text())
        chosen = chosen.where(
            or_(Collection.collection_id == func.upper(wanted), func.lower(Collection.name) == func.lower(wanted))
        )
    if "category" in shape:
        chosen = chosen.where(func.lower(Collection.category) == func.lower(bindparam("category", type_=Text())))
    if "owner" in shape:
        chosen = chosen.join(DataOwner, DataOwner.data_owner_id == Dataset.data_owner_id).where(
            func.lower(DataOwner.name) == func.lower(bindparam("owner", type_=Text()))
        )
    if "tag" in shape:
        tags = cast(bindparam("tag"), ARRAY(Text()))
        carried = (
            select(func.count())
            .select_from(DatasetTag)
            .join(Tag, Tag.tag_id == DatasetTag.tag_id)
            .where(DatasetTag.ds_id == Dataset.ds_id, Tag.name == func.any(tags))
            .scalar_subquery()
        )
        any_of_them = exists().where(
            DatasetTag.ds_id == Dataset.ds_id, DatasetTag.tag_id == Tag.tag_id, Tag.name == func.any(tags)
        )
        chosen = chosen.where(any_of_them, carried == func.cardinality(tags))
    if "q" not in shape:
        if "after" in shape:
            chosen = chosen.where(Dataset.ds_id > bindparam("after_id", type_=Text()))
        return chosen.order_by(Dataset.ds_id).limit(bindparam("row_limit", type_=BigInteger())).subquery("page")
    return _ranked(chosen, shape)


def _ranked(chosen: Select[Any], shape: Shape) -> Any:
    """The best matches first. The words are looked for as English and, for ids, as they are."""
    words = bindparam("q", type_=Text())
    query = func.websearch_to_tsquery(literal_column("'english'"), words).op("||")(
        func.websearch_to_tsquery(literal_column("'simple'"), words)
    )
    rank = cast(func.ts_rank(DatasetSearch.document, query), Float(53))
    chosen = (
        chosen.add_columns(rank.label("rank"))
        .join(DatasetSearch, DatasetSearch.ds_id == Dataset.ds_id)
        .where(DatasetSearch.document.op("@@")(query))
    )
    if "after" in shape:
        after_rank = cast(bindparam("after_rank"), Float(53))
        after_id = bindparam("after_id", type_=Text())
        chosen = chosen.where(tuple_(-rank, Dataset.ds_id) > tuple_(-after_rank, after_id))
    return (
        chosen.order_by(rank.desc(), Dataset.ds_id).limit(bindparam("row_limit", type_=BigInteger())).subquery("page")
    )


@cache
def detail(kind: Kind, *, by_last_four: bool = False) -> Query:
    """The datasets with the id ``wanted``, or whose id ends in it: at most eleven, each as the caller may see it."""
    seen = visible(kind)
    wanted = bindparam("wanted", type_=Text())
    found = select(seen.c.ds_id, seen.c.access)
    found = (
        found.join(Dataset, Dataset.ds_id == seen.c.ds_id)
        .where(func.right(Dataset.ds_id, literal_column("4")) == wanted)
        .limit(literal_column("11"))
        if by_last_four
        else found.where(seen.c.ds_id == wanted)
    )
    page = found.subquery("page")
    columns = [getattr(DatasetFull, name) for name in _DETAIL]
    return compiled(
        select(*columns, page.c.access).join(page, page.c.ds_id == DatasetFull.ds_id).order_by(page.c.ds_id)
    )


@cache
def versions(*, one: bool = False) -> Query:
    """The versions of ``ds_id`` (with ``one``: of ``version_type``), each with its tables as JSON.

    Where the tables are kept is in no answer: it is for :func:`files`.
    """
    fields = (
        "table_id",
        "name",
        "description",
        "media_type",
        "byte_size",
        "sha256",
        "row_count",
        "data_dictionary",
        "last_modified",
    )
    parts: list[Any] = []
    for field in fields:
        parts += [literal_column(f"'{field}'"), getattr(VersionTable, field)]
    tables = (
        select(
            func.coalesce(
                func.jsonb_agg(func.jsonb_build_object(*parts).op("ORDER BY")(VersionTable.name)),
                func.jsonb_build_array(),
            )
        )
        .where(VersionTable.version_id == DatasetVersion.version_id)
        .scalar_subquery()
    )
    statement = (
        select(
            DatasetVersion.ds_id,
            DatasetVersion.version_type,
            DatasetVersion.updation_frequency,
            DatasetVersion.description,
            DatasetVersion.created_at,
            DatasetVersion.last_modified,
            tables.label("tables"),
        )
        .where(DatasetVersion.ds_id == bindparam("ds_id", type_=Text()))
        .order_by(DatasetVersion.version_type)
    )
    if one:
        statement = statement.where(cast(DatasetVersion.version_type, Text) == bindparam("version_type", type_=Text()))
    return compiled(statement)


@cache
def files(*, one: bool = False) -> Query:
    """Where the tables of a version are kept: for making links, never shown. With ``one``: of the table ``name``."""
    statement = (
        select(
            VersionTable.table_id,
            VersionTable.name,
            VersionTable.object_key,
            VersionTable.media_type,
            VersionTable.byte_size,
            VersionTable.sha256,
            Bucket.bucket_id,
            Bucket.url,
            Bucket.region,
            Bucket.endpoint_url,
        )
        .join(DatasetVersion, DatasetVersion.version_id == VersionTable.version_id)
        .join(Bucket, Bucket.bucket_id == DatasetVersion.bucket_id)
        .where(
            and_(
                DatasetVersion.ds_id == bindparam("ds_id", type_=Text()),
                cast(DatasetVersion.version_type, Text) == bindparam("version_type", type_=Text()),
            )
        )
        .order_by(VersionTable.name)
    )
    if one:
        statement = statement.where(VersionTable.name == bindparam("name", type_=Text()))
    return compiled(statement)


@cache
def file_by_id() -> Query:
    """One table's file by ``table_id``, with its version: for a signed link that is followed."""
    return compiled(
        select(VersionTable.table_id, VersionTable.object_key, VersionTable.media_type, VersionTable.sha256, Bucket.url)
        .join(DatasetVersion, DatasetVersion.version_id == VersionTable.version_id)
        .join(Bucket, Bucket.bucket_id == DatasetVersion.bucket_id)
        .where(VersionTable.table_id == bindparam("table_id", type_=BigInteger()))
    )
