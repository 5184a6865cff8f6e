"""A real Chromium for tests: what a page looks like and does, with nothing from outside.

``browser`` is one Chromium per test module (Playwright's loop runs in the thread that started it, and would forbid
``asyncio.run`` to every later test if it stayed for the whole session); ``page`` is a new page in a context of its own,
which reaches files, data and this machine, and fails the test for a request that goes anywhere else.
``npm_file`` finds a file of ``tests/web/node_modules`` (``make web`` puts it there).

Where Chromium or the packages are missing the tests are skipped, by name; ``.ci/run`` installs both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

WEB: Final = Path(__file__).parents[1] / "web"
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def chromium() -> str | None:
    """The Chromium of this machine: ``CHROMIUM``, or one on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def npm_file(name: str) -> Path:
    """A file under ``tests/web/node_modules``: ``npm_file("mermaid/dist/mermaid.min.js")``. Skips without packages."""
    if not (WEB / "node_modules").is_dir():
        pytest.skip("no npm packages in tests/web (make web)")
    path = WEB / "node_modules" / name
    assert path.exists(), f"{name} is not in tests/web/node_modules: run make web"
    return path


class Guard:
    """Lets a page reach files, data and this machine; what else it asked for is aborted and kept in ``outside``."""

    def __init__(self) -> None:
        self.outside: list[str] = []

    def __call__(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in {"file", "data", "blob", "about"} or url.hostname in _LOCAL:
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Factory: ``new_page(width=1280, height=800, **context)`` makes a page; ``context`` goes to Playwright
    (``color_scheme="dark"``, ``java_script_enabled=False``, ``device_scale_factor=2``).
    """
    guard = Guard()
    contexts = []

    def make(width: int = 1280, height: int = 800, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.route("**/*", guard)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not guard.outside, f"the page asked for {guard.outside}"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page, 1280 by 800."""
    return new_page()
