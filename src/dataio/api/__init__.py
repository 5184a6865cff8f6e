"""The API and its pages: ``fastapi dev src/dataio/api``, ``dataio api``, or any ASGI server with ``dataio.api:app``.

Importing this is cheap: the application is made when ``app`` is asked for, by the settings of the directory one is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    app: FastAPI

__all__ = ["app"]


def __getattr__(name: str) -> FastAPI:
    if name == "app":
        from dataio.api.application import create_app

        made = create_app()
        globals()["app"] = made
        return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), "app"]
