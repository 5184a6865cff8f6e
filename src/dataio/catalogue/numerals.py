"""JSON whose numbers stay as they were written, both ways: ``0.12345678901234567890123`` is in no float.

What a float (or an int) writes in the very same words is one, for speed; any other number is a :class:`Numeral`. No
JSON writer takes numbers as text, so it writes them as strings with a mark that nobody else knows (:func:`marked`), and
what it wrote loses marks and quotes again (:func:`unmarked`).
"""

from __future__ import annotations

import json
import re
import secrets
from numbers import Number
from typing import Any, Final, NoReturn

_MARK: Final = secrets.token_hex(16)
_MARKED: Final = re.compile(rf'"{_MARK}([^"]+)"'.encode())
_LONGEST_INT: Final = 4000  # digits; Python makes no int of more than 4300
_LARGEST_EXPONENT: Final = 1000
_DEEPEST: Final = 100  # pydantic writes no more than 255


class Numeral:
    """A number of JSON by its text. No dataclass: pydantic would write its fields."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


Number.register(Numeral)


def loads(text: str | bytes) -> Any:
    """JSON as PostgreSQL tells it. Raises ValueError."""
    return _DECODER.decode(text if isinstance(text, str) else text.decode())


def loads_given(text: bytes) -> Any:
    """JSON that somebody sent. Raises json.JSONDecodeError, also for ``NaN`` and ``Infinity``, which are no JSON, for
    exponents that would have PostgreSQL write thousands of digits, and for what is nested deeper than can be shown.
    """
    try:
        value = json.loads(text, parse_float=_short, parse_int=_integer, parse_constant=_refuse)
    except UnicodeDecodeError:
        raise json.JSONDecodeError("it is not UTF-8", "", 0) from None
    except RecursionError:
        raise _too_deep() from None
    if _deeper(value, _DEEPEST):
        raise _too_deep()
    return value


def dumps(value: Any) -> str:
    """The JSON text of what was loaded here."""
    return unmarked(json.dumps(value, default=marked).encode()).decode()


def marked(value: Any) -> str:
    """What a JSON writer is to write for a value that it does not know. Raises TypeError for all but numerals."""
    if isinstance(value, Numeral):
        return _MARK + value.text
    raise TypeError(f"{type(value).__name__} is not of JSON")


def unmarked(text: bytes) -> bytes:
    """Written JSON with its numerals as numbers."""
    return _MARKED.sub(rb"\1", text) if _MARK.encode() in text else text


def _too_deep() -> json.JSONDecodeError:
    return json.JSONDecodeError(f"it is nested more than {_DEEPEST} deep", "", 0)


def _deeper(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    return not most or any(_deeper(one, most - 1) for one in (value.values() if isinstance(value, dict) else value))


def _fraction(text: str) -> float | Numeral:
    value = float(text)
    return value if repr(value) == text else Numeral(text)


def _integer(text: str) -> int | Numeral:
    return int(text) if text != "-0" and len(text) <= _LONGEST_INT else Numeral(text)


def _short(text: str) -> float | Numeral:
    exponent = text.lower().partition("e")[2]
    if len(exponent) > 5 or abs(int(exponent or 0)) > _LARGEST_EXPONENT:
        _refuse(text[:50])
    return _fraction(text)


def _refuse(text: str) -> NoReturn:
    raise json.JSONDecodeError(f"{text} is no number that can be kept", text, 0)


_DECODER: Final = json.JSONDecoder(parse_float=_fraction, parse_int=_integer)  # making one takes longer than reading
