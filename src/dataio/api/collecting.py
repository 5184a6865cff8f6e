"""The garbage collector of a process that serves: what is there when it starts is not looked through again.

A full collection looks at every object of the process, its modules and the application among them. That takes 60 ms
and more, in which nobody is answered: these are the slowest of a hundred requests. What a request makes is freed when
the last reference to it goes, nearly all of it without the collector.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from typing import Final

YOUNG: Final = 10_000  # so many objects made and not freed, and the collector looks; Python's own 700 are one request's
_serving: list[tuple[int, int, int]] = []


@contextlib.contextmanager
def settled() -> Iterator[None]:
    """Take what exists out of the collector's sight, and let it look at the rest less often; as before at the end."""
    usual = gc.get_threshold() if not _serving else _serving[0]
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *usual[1:])
    _serving.append(usual)
    try:
        yield
    finally:
        _serving.pop()
        if not _serving:  # the last application of this process
            gc.set_threshold(*usual)
            gc.unfreeze()
