"""The SQL of this room, one statement per file."""

from typing import Final

from dataio.packaged import queries

query: Final = queries(__name__)
