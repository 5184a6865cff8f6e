"""What a server is made of is not looked through by the garbage collector again and again while it serves."""

from __future__ import annotations

import gc
from collections.abc import Callable

from support.api import Served

from dataio.api.collecting import YOUNG, settled


def test_what_exists_is_left_alone_until_the_last_application_ends() -> None:
    kept: list[list[object]] = [[]]

    def looked_at() -> bool:
        return any(one is kept for one in gc.get_objects())

    usual = gc.get_threshold()
    first, second = settled(), settled()
    with first:
        second.__enter__()
        assert not looked_at()
        assert gc.get_threshold()[0] >= YOUNG
    assert not looked_at()
    second.__exit__(None, None, None)
    assert looked_at()
    assert gc.get_threshold() == usual


def test_a_server_that_has_started_is_settled(serve: Callable[..., Served]) -> None:
    usual = gc.get_threshold()
    served = serve()
    assert served.get("/api/v1/datasets").status_code == 200
    assert gc.get_freeze_count() > 100_000 > len(gc.get_objects())
    assert usual[0] < YOUNG <= gc.get_threshold()[0]
