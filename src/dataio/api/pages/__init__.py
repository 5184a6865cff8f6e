"""The pages: Jinja2 templates, their own assets, nothing from outside, no build step.

base       templates, filters, who looks at a page, forms and their tokens
session    signing in and out
catalogue  browse and search, datasets, collections
schema     the explorer, tables, history
work       plans, drift, dumps, jobs
reference  the API, described; what problems mean
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from dataio.api.pages import base, catalogue, reference, schema, session, work


class _Assets(StaticFiles):
    """Assets may be kept: their addresses carry a digest of what is in them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI) -> None:
    """Put the pages onto the application."""
    app.mount("/assets", _Assets(directory=Path(__file__).with_name("static")), name="assets")
    for module in (session, catalogue, schema, work, reference):
        app.router.routes.extend(module.router.routes)
    page: Any = base.problem_page
    app.state.problem_page = page
