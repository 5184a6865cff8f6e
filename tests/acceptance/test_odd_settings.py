"""A server whose settings change how it writes and reads what we ask it: the same plans, scripts and dumps."""

from __future__ import annotations

import locale
from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance.conftest import Project, project
from dataio.postgres import server
from dataio.postgres.binaries import embedded
from dataio.postgres.connection import connect

ODD = {
    "fsync": "off",
    "wal_level": "replica",  # as it is by default: CREATE PUBLICATION warns
    "datestyle": "SQL, DMY",
    "intervalstyle": "sql_standard",
    "timezone": "Asia/Kathmandu",
    "bytea_output": "escape",
    "extra_float_digits": "0",
    "quote_all_identifiers": "on",
    "default_transaction_isolation": "serializable",
    "search_path": "odd, public",
    "array_nulls": "off",
    "transform_null_equals": "on",
    "check_function_bodies": "off",
}
SCHEMA = """
CREATE SCHEMA odd;
CREATE TABLE odd.thing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since date DEFAULT '2024-02-03'::date CHECK (since > '2000-02-01'::date),
    at timestamptz DEFAULT '2024-02-03 04:05:06+00'::timestamptz,
    lasts interval DEFAULT '-1 day +02:03:04'::interval,
    share double precision DEFAULT 0.30000000000000004,
    raw bytea DEFAULT '\\x4142'::bytea,
    price money DEFAULT 12.5
);
CREATE VIEW odd.since AS
SELECT id, timestamptz '2024-02-03 04:05:06+00' AS t, interval '1 day 2 hours' AS i FROM odd.thing;
CREATE PUBLICATION things FOR TABLE odd.thing;
"""


def german() -> bool:
    """Whether this machine has a locale with amounts of money that no other one can read."""
    try:
        before = locale.setlocale(locale.LC_MONETARY)
        locale.setlocale(locale.LC_MONETARY, "de_DE.UTF-8")
    except locale.Error:
        return False
    locale.setlocale(locale.LC_MONETARY, before)
    return True


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Project]:
    money = {"lc_monetary": "de_DE.UTF-8"} if german() else {}
    with server.temporary(embedded(18), settings=ODD | money) as cluster:
        yield project(tmp_path, cluster.target(), SCHEMA)


def test_plans_and_scripts_do_not_depend_on_them(odd: Project) -> None:
    odd.cli("schema", "plan", "first")
    odd.cli("schema", "apply", "--yes")
    script = (odd.folder / "generated_migrations" / "001_first.sql").read_text()
    for constant in ("'2024-02-03'::date", "'2024-02-03 04:05:06+00'::timestamp", "'-1 days +02:03:04'::interval"):
        assert constant in script
    odd.settled()
    assert "drift:   none" in odd.cli("schema", "status").out
    odd.edit(("raw bytea", "d2 date DEFAULT '2024-05-06'::date, raw bytea"), ("'2024-02-03'::date CHECK", "NULL CHECK"))
    for engine in ("migra", "native"):
        plan = odd.cli("schema", "plan", "more", "--engine", engine, "--format", "json").out
        assert "2024-05-06" in plan
        assert "06/05/2024" not in plan
    odd.cli("schema", "apply", "--yes")
    odd.settled()
    odd.execute("insert into odd.thing default values")
    assert odd.execute("select d2 = date '2024-05-06', share = 0.30000000000000004 from odd.thing") == [(True, True)]


def test_dumps_come_back(odd: Project) -> None:
    odd.cli("schema", "plan", "first")
    odd.cli("schema", "apply", "--yes")
    odd.execute("insert into odd.thing (price) values (default), (-1234.56)")
    made = ("--store", str(odd.folder / "dumps"))
    odd.cli("dump", "create", *made, "--verify", "restore")
    odd.cli("restore", "--latest", *made, "--into", "copied", "--yes")
    query = "select since, at, lasts, share, raw, price::numeric from odd.thing order by id"
    with connect(odd.target.with_dbname("copied")) as connection:
        assert connection.execute(query).fetchall() == odd.execute(query)


def test_a_database_in_another_encoding(odd: Project) -> None:
    odd.execute("""create database "sch\u00f6n" encoding 'LATIN1' locale 'C' template template0""")
    schema = SCHEMA.replace("raw", '"gr\u00f6\u00dfe"').replace("price money DEFAULT 12.5", "price numeric")
    latin = project(odd.folder / "latin", odd.target.with_dbname("sch\u00f6n"), schema)
    latin.cli("schema", "plan", "first")
    latin.cli("schema", "apply", "--yes")
    latin.settled()
    latin.execute("insert into odd.thing default values; comment on table odd.thing is '\u00e9'")
    latin.cli("schema", "drift", "--detailed-exitcode", code=2)
    latin.cli("dump", "create", "--store", str(latin.folder / "dumps"), "--verify", "restore")
    assert "built sch\u00f6n from the migrations" in latin.cli("db", "recreate", "--yes").err


@pytest.mark.skipif(not german(), reason="no locale de_DE.UTF-8 on this machine")
def test_amounts_of_money_travel_between_locales(odd: Project) -> None:
    odd.cli("schema", "plan", "first")
    odd.cli("schema", "apply", "--yes")
    odd.execute("insert into odd.thing (price) values (1234.56)")
    assert odd.execute("select price::text from odd.thing") == [("1.234,56 €",)]
    odd.edit(("raw bytea", "fee money DEFAULT '3,50'::money, raw bytea"))
    odd.cli("schema", "plan", "fee")
    odd.cli("schema", "apply", "--yes")
    odd.settled()
    made = ("--store", str(odd.folder / "dumps"))
    odd.cli("dump", "create", *made)
    odd.execute("alter system set lc_monetary = 'C'")
    odd.execute("select pg_reload_conf()")
    odd.cli("restore", "--latest", *made, "--into", "copied", "--yes")
    with connect(odd.target.with_dbname("copied")) as connection:
        assert connection.execute("select price::numeric, fee::numeric from odd.thing").fetchall() == odd.execute(
            "select 1234.56, 3.50"
        )
