"""Types of single values: their limits are those of the schema, so that the documentation tells them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

LARGEST_ID: Final = 2**63 - 1
_LINE: Final = r"^[^\u0000]*[^\u0000 \t\r\n][^\u0000]*$"


def _only_text(value: Any) -> Any:
    if isinstance(value, str) or value is None:
        return value
    raise ValueError("must be a text")


Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=_LINE)]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\u0000]*$")]
Short = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\u0000]*$")]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$"), Field(examples=["a@b.org"])]
Website = Annotated[str, StringConstraints(max_length=1000, pattern=r"^https?://[!-~]+$")]
TagName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[a-z0-9]([a-z0-9 _-]*[a-z0-9])?$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[date, BeforeValidator(_only_text), Field(strict=False)]
Time = Annotated[AwareDatetime, BeforeValidator(_only_text), Field(strict=False)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Count = Annotated[int, Field(ge=0, le=LARGEST_ID)]
DatasetId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{8}[0-9]{4}$"), Field(examples=["EP0001DS0042"])]
CollectionId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{4}$"), Field(examples=["EP0001"])]

PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
DatasetPath = Annotated[
    str,
    Path(
        pattern=r"^([A-Za-z0-9]{8}[0-9]{4}|[0-9]{4})$",
        description="The 12 characters of a dataset's id, or its last four digits.",
        examples=["EP0001DS0042"],
    ),
]
CollectionPath = Annotated[str, Path(pattern=r"^[A-Z]{2}[0-9]{4}$", examples=["EP0001"])]

IN: Final = ConfigDict(extra="forbid", strict=True)
_BEYOND: Final = "Outside of the years 1 to 9999 as PostgreSQL writes it: `infinity`, `10000-01-01`, `0044-03-15 BC`."
Moment = Annotated[datetime | str, Field(union_mode="left_to_right", description=_BEYOND)]
DayShown = Annotated[date | str, Field(union_mode="left_to_right", description=_BEYOND)]


def omitted() -> Any:
    """The default of a field that may be left out, but not be null."""
    return Field(None)
