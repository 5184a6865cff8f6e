"""The log: one line of JSON per event on stderr, without secrets."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from pydantic_core import to_json

from dataio.postgres.redact import redact

_EXTRA: Final = ("request_id", "reason")


class AccessLine(logging.LogRecord):
    """One request, for the logger ``dataio.access``. Who logs it and from where is known: a usual record looks up the
    caller's frame, its thread and process, which costs more than the rest of the line.
    """

    _BLANK: Final = vars(logging.LogRecord("dataio.access", logging.INFO, "", 0, "request", None, None))

    def __init__(self, fields: Mapping[str, Any]) -> None:
        now = time.time()
        self.__dict__ |= self._BLANK
        self.__dict__ |= {"created": now, "msecs": now % 1 * 1000, "fields": fields}


@lru_cache(maxsize=1)
def _second(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


class Json(logging.Formatter):
    """A record as JSON; messages and tracebacks lose their secrets here, whoever wrote them."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": f"{_second(int(record.created))}.{int(record.created % 1 * 1000):03d}+00:00",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, "fields", None)
        if fields is not None:  # numbers, names and a path that the gate has looked at
            return to_json({**said, **fields}).decode()
        said["message"] = redact(record.getMessage())
        said |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            said["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(said, default=str)


def configure() -> None:
    """Let dataio's own loggers write to stderr, unless whoever runs the API has configured them."""
    logger = logging.getLogger("dataio")
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
