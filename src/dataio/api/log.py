"""The log: one line of JSON per event on stderr, without secrets."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

from dataio.postgres.redact import redact

_EXTRA: Final = ("request_id", "reason")


class Json(logging.Formatter):
    """A record as JSON; messages and tracebacks lose their secrets here, whoever wrote them."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields = getattr(record, "fields", None)
        if fields is not None:  # numbers, names and a path that the gate has looked at
            return json.dumps({**said, **fields})
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
