"""What goes wrong with dumps.

DumpError        a dump cannot be made, found or used
├── NothingToDump  the database has no tables
├── StoreError   the store could not be reached, or refused
│   ├── Unreachable   no connection, or too much to do: the same may work later
│   ├── NotThere      it has no such object
│   └── AlreadyThere  it has one already, and nothing is overwritten
└── Damaged      what is stored is not what the manifest says
"""

from __future__ import annotations

from dataio.errors import DataioError


class DumpError(DataioError):
    """A dump cannot be made, found or used."""


class NothingToDump(DumpError):
    """The database has no tables: an empty dump would pass for a backup."""


class StoreError(DumpError):
    """The store could not be reached, or refused."""


class Unreachable(StoreError):
    """There is no connection to the store, or it has too much to do: the same may work later."""


class NotThere(StoreError):
    """The store has no such object."""


class AlreadyThere(StoreError):
    """The store has an object of that name, and nothing is ever overwritten."""


class Damaged(DumpError):
    """What is stored is not what the manifest says: missing, truncated or changed."""


def remark(error: BaseException, words: str) -> None:
    """Add what becomes of things: to an error's hint; to an interruption as a note, which the command line shows."""
    if isinstance(error, DataioError):
        error.hint = f"{error.hint} {words}".strip()
    elif words:
        error.add_note(words)
