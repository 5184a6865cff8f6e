"""The stretch of time that a dataset covers, in a few words and on a little axis from 1980 to 2028."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

_FROM, _PER_YEAR, _WIDTH, _LEAST = 1980, 2.5, 120.0, 4.0
_OPEN: Final = frozenset({None, "infinity", "-infinity"})


@dataclass(frozen=True)
class Coverage:
    """``words`` for reading; the bar begins at ``x`` and is ``width`` long, of 120."""

    words: str
    x: float
    width: float


def coverage(dataset: Mapping[str, Any]) -> Coverage | None:
    """What a dataset covers; ``None`` where it does not say. Dates are as the database gives them."""
    first, last = dataset["temporal_coverage_start"], dataset["temporal_coverage_end"]
    if first is None and last is None:
        return None
    x = 0.0 if first in _OPEN else min(max((_year(first) - _FROM) * _PER_YEAR, 0.0), _WIDTH - _LEAST)
    end = _WIDTH if last in _OPEN else min(max((_year(last) + 1 - _FROM) * _PER_YEAR, x + _LEAST), _WIDTH)
    return Coverage(_words(first, last), x, end - x)


def _words(first: date | str | None, last: date | str | None) -> str:
    if first in _OPEN:
        if last in _OPEN:
            return "all time" if last is not None else "until today"
        return f"until {_year_words(last)}"
    a = _year_words(first)
    if last in _OPEN:
        return f"{a} – today" if last is None else f"from {a} on"  # noqa: RUF001
    b = _year_words(last)
    return a if a == b else f"{a}–{b}"  # noqa: RUF001


def _year(value: Any) -> int:
    """The year of a date, or of PostgreSQL's words for one that Python has not: ``10000-01-01``, ``0044-03-15 BC``."""
    if isinstance(value, date):
        return value.year
    year = int(str(value).partition("-")[0])
    return -year if str(value).endswith(" BC") else year


def _year_words(value: Any) -> str:
    year = _year(value)
    return str(year) if year > 0 else f"{-year} BC"
