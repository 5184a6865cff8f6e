"""A dump and a restore lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Server
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from support.dumping import content_of

from dataio.dumps.create import Options, create
from dataio.dumps.listing import entries, read_manifest
from dataio.dumps.restore import Options as RestoreOptions
from dataio.dumps.restore import restore
from dataio.dumps.store import Store
from dataio.dumps.verify import verify
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.take import take

EVERYTHING = (Path(__file__).parent / "everything.sql").read_text("utf-8")


def there_and_back(target: Target, store: Store, work: Path, **options: Any) -> Target:
    """Dump, verify, restore as another database; that one."""
    manifest = create(target, store, Options(hashes=True, **options), work=work)
    assert read_manifest(store, manifest.id) == manifest
    verify(store, manifest)
    other = target.with_dbname(f"{target.dbname}_back")
    restored = restore(other, store, manifest, RestoreOptions(analyze=False), work=work)
    assert restored.database == other.dbname
    assert restored.compared.rows == manifest.rows
    return other


@pytest.fixture
def dropped(database: Callable[..., Target]) -> Any:
    """Drops what restores made."""
    made: list[Target] = []
    yield made.append
    for target in made:
        with connect(target.with_dbname("postgres")) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(target.dbname)))


@pytest.mark.parametrize(("server", "jobs"), [("pg18", 0), ("pg18", 2), ("pg15", 0)])
def test_every_type_and_kind(
    request: pytest.FixtureRequest,
    database: Callable[..., Target],
    store: Store,
    tmp_path: Path,
    dropped: Callable[[Target], None],
    server: str,
    jobs: int,
) -> None:
    target = database(request.getfixturevalue(server))
    with connect(target) as connection:
        # The embedded server is built without libxml.
        text = EVERYTHING if server == "pg15" else EVERYTHING.replace("'<a>x</a>'", "null")
        connection.execute(text.encode())
    back = there_and_back(target, store, tmp_path / "work", jobs=jobs)
    dropped(back)
    assert content_of(back) == content_of(target)
    with connect(target) as old, connect(back) as new:
        assert take(new).fingerprint == take(old).fingerprint
        for question in (
            "select count(*) from summary",
            "select oid, lo_get(oid) from pg_largeobject_metadata order by 1",
            "select * from pg_sequences order by 1, 2",
            "select relname, relrowsecurity from pg_class where relnamespace = 'public'::regnamespace order by 1",
        ):
            assert new.execute(question.encode()).fetchall() == old.execute(question.encode()).fetchall(), question
        assert new.execute("insert into keyed (v) values ('next') returning id").fetchone() == (4,)


def test_other_versions(
    pg15: Server,
    pg16: Server,
    pg18: Server,
    database: Callable[..., Target],
    store: Store,
    tmp_path: Path,
    dropped: Callable[[Target], None],
) -> None:
    """Up and down: PostgreSQL 15 and 18 dumped, each restored on all three."""
    for source in (pg15, pg18):
        target = database(source)
        with connect(target) as connection:
            connection.execute("create table t (id int generated always as identity, v text)")
            connection.execute("insert into t (v) select md5(g::text) from generate_series(1, 1000) g")
        manifest = create(target, store, Options(hashes=True))
        for onto in (pg15, pg16, pg18):
            other = onto.cluster.target(f"{target.dbname}_on_{onto.major}")
            dropped(other)
            assert restore(other, store, manifest, work=tmp_path).compared.content
            assert content_of(other) == content_of(target)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "EUC_JP"])
def test_encodings(
    pg18: Server, store: Store, tmp_path: Path, dropped: Callable[[Target], None], encoding: str
) -> None:
    target = pg18.cluster.target(f"enc_{encoding}_{id(store)}".lower())
    dropped(target)
    pg18.execute(f"create database {target.dbname} template template0 encoding '{encoding}' locale 'C'")
    with connect(target) as connection:
        connection.execute("create table t (v text)")
        text = {"LATIN1": "façade ÿ", "SQL_ASCII": "plain", "EUC_JP": "日本語"}[encoding]
        connection.execute("insert into t values (%s)", [text])
        if encoding == "SQL_ASCII":
            connection.execute(rb"insert into t values (E'\xff\xfe')")
    back = there_and_back(target, store, tmp_path / "work")
    dropped(back)
    with connect(target) as old, connect(back) as new:
        for connection in (old, new):
            connection.execute("set client_encoding = 'SQL_ASCII'")
        question = "select v::bytea from t order by 1" if encoding == "SQL_ASCII" else "select v from t order by 1"
        assert new.execute(question.encode()).fetchall() == old.execute(question.encode()).fetchall()
        assert new.info.encoding == old.info.encoding


_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), _TEXT),
        st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
        st.one_of(st.none(), st.binary(max_size=60)),
        st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=True, places=6), st.just(Decimal("NaN"))),
        st.one_of(st.none(), st.lists(st.one_of(st.none(), _TEXT), max_size=4)),
    ),
    max_size=12,
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tables=st.dictionaries(
        _TEXT.filter(lambda text: 0 < len(text.encode()) < 60), _ROWS, min_size=4, max_size=8
    ),  # several at once: what costs are the databases
    jobs=st.sampled_from([0, 1]),
)
def test_any_rows_under_any_name(
    tables: dict[str, list[tuple[Any, ...]]],
    jobs: int,
    tmp_path: Path,
    pg18: Server,
    s3: Any,
) -> None:
    from uuid import uuid4

    from dataio.dumps.folder import FolderStore

    work = tmp_path / uuid4().hex
    target = pg18.cluster.target(f"prop_{uuid4().hex[:12]}")
    back = target.with_dbname(f"{target.dbname}_back")
    pg18.execute(f"create database {target.dbname} template template0 strategy file_copy")
    try:
        with connect(target) as connection:
            for name, rows in tables.items():
                table = sql.Identifier(name)
                connection.execute(
                    sql.SQL("create table {} (a text, b float8, c bytea, d numeric, {} text[])").format(table, table)
                )
                escaped = sql.Identifier(name.replace("%", "%%"))  # psycopg's, beside parameters
                with connection.cursor() as cursor:
                    cursor.executemany(sql.SQL("insert into {} values (%s, %s, %s, %s, %s)").format(escaped), rows)
        manifest = create(target, FolderStore(work / "store"), Options(hashes=True, jobs=jobs), work=work)
        restored = restore(
            back, FolderStore(work / "store"), manifest, RestoreOptions(analyze=False, jobs=1), work=work
        )
        assert restored.compared.rows == sum(map(len, tables.values()))
        assert content_of(back) == content_of(target)
        assert len(entries(FolderStore(work / "store"))) == 1
    finally:
        for database_ in (target, back):
            pg18.execute(f"drop database if exists {database_.dbname} with (force)")
