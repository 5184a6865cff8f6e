"""A database with the catalogue in it, a template per worker; the API over a copy of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Server
from psycopg import sql
from support.api import Served, serving
from support.psql import psql_file

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "schema.sql"


@pytest.fixture(scope="session")
def catalogue_template(pg18: Server) -> Iterator[str]:
    """The name of a database that ``schema.sql`` was loaded into; copy it."""
    name = f"t_api_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    psql_file(pg18.cluster.target(name), CATALOGUE, single_transaction=True)
    yield name
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def catalogue(pg18: Server, catalogue_template: str, request: pytest.FixtureRequest) -> Iterator[Target]:
    """A copy of the catalogue's database for one test module."""
    name = f"{catalogue_template}_{request.module.__name__.rpartition('.')[2]}"
    with connect(pg18.target) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(catalogue_template)
            )
        )
    yield pg18.cluster.target(name)
    with connect(pg18.target) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def serve(catalogue: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Factory: ``serve(DATAIO_API_…="…")`` starts the API over the module's database."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(**environ: str) -> Served:
            root = tmp_path_factory.mktemp("served")
            (root / "generated_migrations").mkdir()
            (root / "schema.sql").write_bytes(CATALOGUE.read_bytes())
            return stack.enter_context(serving(catalogue, root, **environ))

        yield start


@pytest.fixture(scope="module")
def api(serve: Callable[..., Served]) -> Served:
    """The API over the module's database, with an administrator's key in ``api.keys["admin"]``."""
    served = serve()
    served.keys["admin"] = served.issue(user_id=served.user("admin@example.org", admin=True))
    return served
