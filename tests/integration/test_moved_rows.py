"""Tables that become partitioned, and plain again, with their rows in place: ``--move-rows``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.planning import Planning, execute, planning

from dataio.plan.model import Plan
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

PLAIN = """
create function stop() returns trigger language plpgsql as $$ begin return null; end $$;
create table place (id integer primary key);
create table t (
    id bigint generated always as identity, at date not null, place integer references place, note text,
    twice bigint generated always as (id * 2) stored, primary key (id, at)
);
create index on t (at);
create table detail (t bigint, at date, foreign key (t, at) references t);
create view v as select id, at from t;
create trigger stops before insert on t for each row execute function stop();
comment on table t is 'the table';
create materialized view m as select count(*) as n from v;
alter table t enable row level security;
alter table t force row level security;
create policy nobody on t using (false);
"""
PARTITIONED = PLAIN.replace("primary key (id, at)\n)", "primary key (id, at)\n) partition by range (at)").replace(
    "create index on",
    """create table t_2025 partition of t for values from ('2025-01-01') to ('2026-01-01');
    create table t_2026 partition of t for values from ('2026-01-01') to ('2027-01-01');
    create index on""",
)
ROWS = """
insert into place values (1);
alter table t disable trigger stops;
insert into t (at, place, note) values ('2025-05-01', 1, 'a'), ('2026-05-01', null, 'b'), ('2026-06-01', 1, 'gone');
delete from t where note = 'gone';
insert into detail values (1, '2025-05-01');
alter table t enable trigger stops;
"""
HELD = "select id, at::text, place, note, twice from t order by id"


def there(database: Database, tmp_path: Path, old: str, new: str, rows: str = ROWS) -> tuple[Planning, Plan]:
    """A filled target, planned and brought to ``new``, with the rows that it had."""
    work = planning(database, tmp_path, old)
    execute(work.target, rows)
    before = execute(work.target, HELD)
    plan = work.plan(new, move_rows=True)
    assert plan.refused == ()
    work.apply(plan)
    assert execute(work.target, HELD) == before
    assert work.plan(new, move_rows=True).empty
    return work, plan


@pytest.mark.parametrize(("old", "new"), [(PLAIN, PARTITIONED), (PARTITIONED, PLAIN)], ids=["partitioned", "plain"])
def test_rows_and_positions_move(database: Database, tmp_path: Path, old: str, new: str) -> None:
    work, plan = there(database, tmp_path, old, new)
    assert "rewrite/table" in {hazard.name for hazard in plan.hazards}
    execute(work.target, "alter table t disable trigger stops; insert into t (at) values ('2026-07-01')")
    assert execute(work.target, "select max(id) from t") == [(4,)]  # 3 was taken once
    assert execute(work.target, "select count(*) from detail join t on t.id = detail.t") == [(1,)]
    assert execute(work.target, "select n from m") == [(2,)]
    assert execute(work.target, "select relname from pg_class where relname like '%\\_\\_rows%'") == []


def test_partitions_that_stay_keep_their_rows_where_they_are(database: Database, tmp_path: Path) -> None:
    by_range = "create table t (id serial, at date not null, place integer, note text, twice integer)"
    old = f"{by_range} partition by range (at); create table a partition of t for values from ('2025-01-01')"
    old += " to ('2026-01-01'); create table b partition of t for values from ('2026-01-01') to ('2027-01-01');"
    new = f"{by_range} partition by list (at); create table a partition of t for values in ('2025-05-01');"
    new += " create table rest partition of t default;"
    rows = "insert into t (at, note) values ('2025-05-01', 'a'), ('2026-05-01', 'b'), ('2026-06-01', 'c')"
    oid = "select 'a'::regclass::oid"
    work = planning(database, tmp_path, old)
    execute(work.target, rows)
    before, was = execute(work.target, HELD), execute(work.target, oid)
    work.apply(work.plan(new, move_rows=True))
    assert execute(work.target, HELD) == before
    assert execute(work.target, oid) == was
    assert execute(work.target, "select count(*) from rest") == [(2,)]
    assert execute(work.target, "insert into t (at) values ('2030-01-01') returning id") == [(4,)]


def test_types_change_on_the_way_and_what_goes_is_refused(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, "create table t (id integer, at text, note text, old text)")
    execute(work.target, "insert into t values (1, '2025-05-01', 'a', 'b')")
    new = "create table t (id bigint, at date, note text, fresh text default 'f') partition by range (at);"
    plan = work.plan(new + "create table d partition of t default", move_rows=True)
    assert [(one.name, one.subject) for one in plan.refused if one.name == "data-loss/drop-column"] == [
        ("data-loss/drop-column", "public.t.old")
    ]
    work.apply(plan)
    assert execute(work.target, "select id, at::text, note, fresh from t") == [(1, "2025-05-01", "a", "f")]


def test_without_the_request_the_rows_go_and_that_is_refused(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, PLAIN)
    plan = work.plan(PARTITIONED)
    refused = [hazard for hazard in plan.refused if hazard.name == "data-loss/drop-table"]
    assert [hazard.subject for hazard in refused] == ["public.t"]
    assert "--move-rows" in refused[0].message


def test_a_row_that_fits_no_partition_leaves_all_as_it_was(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, PLAIN)
    execute(work.target, ROWS.replace("2025-05-01", "1999-05-01"))
    before = execute(work.target, HELD)
    plan = work.plan(PARTITIONED, move_rows=True)
    with pytest.raises(AssertionError, match="no partition of relation"):
        work.apply(plan)
    assert execute(work.target, HELD) == before
