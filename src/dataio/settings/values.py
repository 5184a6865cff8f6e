"""Reading one setting's value.

Each parser takes what a layer gave (text, or what TOML holds) and the directory that paths are relative to; it raises
ValueError with the reason, without echoing the value where that may be a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

ENGINES: Final = ("auto", "migra", "native")

Parser: TypeAlias = Callable[[Any, Path], Any]


def as_text(value: Any, _base: Path) -> str:
    if isinstance(value, str):
        return value.strip()
    raise ValueError("must be a text")


def as_names(value: Any, _base: Path) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise ValueError("must be a list of names")
    return tuple(name for part in parts for name in (n.strip() for n in part.split(",")) if name)


def as_path(value: Any, base: Path) -> Path:
    text = as_text(value, base)
    if not text:
        raise ValueError("must not be empty")
    return Path(os.path.normpath(base / Path(text).expanduser()))


def as_paths(value: Any, base: Path) -> tuple[Path, ...]:
    parts = value if isinstance(value, list | tuple) else value.split(os.pathsep) if isinstance(value, str) else None
    if not parts:
        raise ValueError("must be a path or a list of paths")
    return tuple(as_path(str(part), base) for part in parts)


def as_engine(value: Any, base: Path) -> str:
    text = as_text(value, base)
    if text not in ENGINES:
        raise ValueError(f"must be one of {', '.join(ENGINES)}")
    return text


def as_manage(value: Any, base: Path) -> frozenset[str]:
    names = frozenset(as_names(value, base))
    if len(names) > 1 and "all" in names:
        raise ValueError("must be all, auto, or a list of aspects")
    return names or frozenset({"auto"})


def as_duration(value: Any, base: Path) -> str:
    text = str(value).strip() if isinstance(value, int) and not isinstance(value, bool) else as_text(value, base)
    if text != "0" and not re.fullmatch(r"\d+(\.\d+)?\s*(us|ms|s|min|h|d)", text):
        raise ValueError("must be a duration with its unit (500ms, 10s, 5min), or 0 for none")
    return text.replace(" ", "")


def as_rules(value: Any, base: Path) -> tuple[tuple[str, str], ...]:
    """A table of names and verdicts, or ``name=verdict,name=verdict``."""
    if isinstance(value, dict):
        if not all(isinstance(text, str) for text in value.values()):
            raise ValueError("must be a table of texts")
        return tuple((str(name), text) for name, text in value.items())
    pairs = [part.partition("=") for part in as_names(value, base)]
    if not all(mark for _, mark, _ in pairs):
        raise ValueError("must be a table, or name=verdict,…")
    return tuple((name.strip(), text.strip()) for name, _, text in pairs)


def as_url(value: Any, base: Path) -> str:
    text = as_text(value, base)
    if not text:
        raise ValueError("must not be empty")
    return text


def as_store(value: Any, base: Path) -> str:
    """A bucket as it is, a folder as an absolute path: it is relative to where the setting stands."""
    text = as_url(value, base)
    return text if "://" in text else str(as_path(text, base))


def one_of(*words: str) -> Parser:
    def parse(value: Any, base: Path) -> str:
        text = as_text(value, base)
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return parse


def as_truth(value: Any, base: Path) -> bool:
    if isinstance(value, bool):
        return value
    text = as_text(value, base).lower()
    if text not in {"true", "yes", "1", "on", "false", "no", "0", "off"}:
        raise ValueError("must be true or false")
    return text in {"true", "yes", "1", "on"}


def as_count(value: Any, base: Path) -> int:
    number = value if isinstance(value, int) and not isinstance(value, bool) else as_text(value, base)
    if not str(number).isdigit() or int(number) < 1:
        raise ValueError("must be a number from 1 on")
    return int(number)


_UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "": 1.0}


def seconds(duration: str) -> float:
    """A duration that :func:`as_duration` accepted, in seconds."""
    found = re.fullmatch(r"([\d.]+)([a-z]*)", duration)
    if found is None:
        raise ValueError(f"{duration} is not a duration")
    return float(found[1]) * _UNITS[found[2]]
