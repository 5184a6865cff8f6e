"""Who asks, and the rule of who may see what: ``dataset_access()`` of the schema, as something to join with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, FromClause, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import ENUM

from dataio.catalogue.models import AccessLevel, Dataset

Kind: TypeAlias = Literal["anyone", "admin", "known"]
ACCESS: Final = ENUM("NONE", "VIEW", "DOWNLOAD", name="access_level", create_type=False)


@dataclass(frozen=True)
class Caller:
    """Who asks. A user with all their groups, a group with a key of its own, or (all ``None``) anyone.

    ``key_id`` is the key that was shown.
    """

    key_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None
    is_admin: bool = False

    @property
    def kind(self) -> Kind:
        """Which of the three ways to look at datasets is theirs."""
        if self.is_admin:
            return "admin"
        return "anyone" if self.user_id is None and self.group_id is None else "known"

    @property
    def values(self) -> dict[str, int | None]:
        """The parameters that :func:`visible` needs."""
        return {"caller_user": self.user_id, "caller_group": self.group_id} if self.kind == "known" else {}


ANYONE: Final = Caller()


def visible(kind: Kind) -> FromClause:
    """``ds_id`` and ``access`` of the datasets that a caller may see, as a subquery.

    The rule is ``dataset_access()``. For anyone and for administrators it comes down to a column and to a constant,
    which PostgreSQL can plan better than the function; ``tests/serving/test_permissions.py`` holds them equal.
    """
    if kind == "admin":
        return select(Dataset.ds_id, _level("DOWNLOAD").label("access")).subquery("visible")
    if kind == "anyone":
        return (
            select(Dataset.ds_id, Dataset.public_access.label("access"))
            .where(Dataset.public_access > _level("NONE"))
            .subquery("visible")
        )
    granted = func.public.dataset_access(
        cast(bindparam("caller_user"), BigInteger), cast(bindparam("caller_group"), BigInteger)
    ).table_valued("ds_id", "access")
    return select(granted.c.ds_id, granted.c.access).where(granted.c.access > _level("NONE")).subquery("visible")


def _level(level: AccessLevel) -> ColumnElement[AccessLevel]:
    return literal_column(f"'{level}'::public.access_level", ACCESS)
