"""Each hazard of a plan, seen for real: with two sessions a statement blocks exactly whom the plan said it would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from support.planning import planning

from dataio.errors import ConfigError
from dataio.plan.model import Hazard, Plan
from dataio.plan.policy import Policy
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

OLD = """
create extension if not exists btree_gist;
create type colour as enum ('red', 'green');
create domain positive as integer;
create table p (id integer primary key);
create table t (id integer primary key, n integer, name varchar(10), big integer, c colour, d positive, p integer);
create index t_name on t (name);
create table part (id integer, k integer) partition by list (k);
create table part_1 partition of part for values in (1);
create table loose (id integer, k integer);
create materialized view m as select id, n from t;
create unique index on m (id);
create view v as select id, n from t;
insert into p select generate_series(1, 100);
insert into t select i, i, 'x', i, 'red', i, i from generate_series(1, 100) i;
analyze;
"""
OLD_BARE = OLD.replace("create extension if not exists btree_gist;\n", "")


@dataclass(frozen=True)
class Case:
    """A change of the schema, by replacing text of it or adding to it, and what it blocks of each relation."""

    name: str
    old: str
    new: str
    blocks: dict[str, str]
    also: frozenset[str] = frozenset()


def add(name: str, text: str, blocks: dict[str, str], *also: str) -> Case:
    return Case(name, "", text, blocks, frozenset(also))


def swap(name: str, old: str, new: str, blocks: dict[str, str], *also: str) -> Case:
    return Case(name, old, new, blocks, frozenset(also))


ALL, WRITES = "reads and writes", "writes"
CASES = [
    add("index", "create index t_n on t (n);", {"public.t": WRITES}, "lock/share"),
    add("unique", "alter table t add unique (n);", {"public.t": ALL}, "lock/access-exclusive"),
    add("check", "alter table t add check (n > 0);", {"public.t": ALL}, "scan/table"),
    add("foreign key", "alter table t add foreign key (p) references p;", {"public.t": WRITES, "public.p": WRITES},
        "lock/share-row-exclusive"),
    add("not null", "alter table t alter n set not null;", {"public.t": ALL}, "scan/table"),
    add("default", "alter table t alter n set default 5;", {"public.t": ALL}),
    swap("wider varchar", "name varchar(10)", "name varchar(20)", {"public.t": ALL}),
    swap("bigger integer", "big integer", "big bigint", {"public.t": ALL}, "rewrite/table"),
    swap("new column", "d positive", "d positive, extra text", {"public.t": ALL}),
    swap("volatile column", "p integer)", "p integer, u uuid default gen_random_uuid())", {"public.t": ALL},
         "rewrite/table"),
    swap("dropped column", ", big integer", "", {"public.t": ALL}, "data-loss/drop-column"),
    swap("dropped index", "create index t_name on t (name);", "", {"public.t": ALL}, "dependency/drop-index"),
    add("trigger", "create function f() returns trigger language plpgsql as 'begin return new; end';"
        "create trigger g before insert on t for each row execute function f();", {"public.t": WRITES}),
    add("row security", "alter table t enable row level security;", {"public.t": ALL}),
    add("policy", "create policy pol on t using (true);", {"public.t": ALL}),
    add("statistics", "create statistics st on id, n from t;", {}),
    add("comment", "comment on table t is 'x';", {}),
    swap("attach", "create table loose (id integer, k integer);",
         "create table loose partition of part for values in (2);", {"public.loose": ALL}),
    swap("detach", "create table part_1 partition of part for values in (1);",
         "create table part_1 (id integer, k integer);", {"public.part": ALL, "public.part_1": ALL}),
    add("storage parameter", "alter table t set (fillfactor = 80);", {}),
    add("unlogged", "alter table loose set unlogged;", {"public.loose": ALL}, "rewrite/table"),
    swap("enum value", "('red', 'green')", "('red', 'green', 'blue')", {}, "irreversible/add-enum-value"),
    add("replica identity", "alter table t replica identity full;", {"public.t": ALL}),
    add("cluster", "alter table t cluster on t_name;", {}),
    swap("view", "select id, n from t;\ninsert", "select id, n + 1 as n from t;\ninsert", {"public.v": ALL}),
]  # fmt: skip


def probe(target: Target, relation: str) -> str:
    """What another session cannot do with a relation now: as a hazard says it."""
    with connect(target) as other:
        other.execute("set lock_timeout = '40ms'")
        reads = _blocked(other, "LOCK TABLE {} IN ACCESS SHARE MODE", relation)
        writes = _blocked(other, "LOCK TABLE {} IN ROW EXCLUSIVE MODE", relation)
        if not reads:
            other.execute(sql.SQL("select from {} limit 1").format(sql.SQL(relation)))
    return {(False, False): "", (False, True): "writes", (True, True): "reads and writes"}[reads, writes]


def _blocked(connection: psycopg.Connection[Any], text: str, relation: str) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL(text).format(sql.SQL(relation)))
    except psycopg.errors.LockNotAvailable:
        return True
    return False


def foretold(plan: Plan) -> dict[str, str]:
    """Whom the plan says each relation's locks block: the strongest of all statements."""
    found: dict[str, str] = {}
    for hazard in plan.hazards:
        if hazard.kind == "lock" and found.get(hazard.subject) != ALL:
            found[hazard.subject] = hazard.blocks
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_statements_block_exactly_whom_the_plan_says(database: Database, tmp_path: Path, case: Case) -> None:
    work = planning(database, tmp_path, OLD_BARE)
    new = OLD_BARE.replace(case.old, case.new) if case.old else OLD_BARE + case.new
    assert new != OLD_BARE
    plan = work.plan(_schema_only(new), engine="native")
    told = foretold(plan)
    assert told == case.blocks
    assert case.also <= {hazard.name for hazard in plan.hazards}
    with connect(work.target, autocommit=False) as session:
        for statement in plan.statements:
            assert not statement.new_transaction
            session.execute(statement.sql.encode())
        relations = ["public.t", "public.p", "public.part", "public.part_1", "public.loose"]
        relations += ["public.v"] if "public.t" not in told else []  # LOCK TABLE of a view locks what it reads as well
        assert {name: blocks for name in relations if (blocks := probe(work.target, name))} == told
        session.rollback()


def _schema_only(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(("insert", "analyze")))


@pytest.mark.parametrize(("writer", "reader"), [("lock/share", False), ("lock/access-exclusive", True)])
def test_a_statement_waits_for_whom_it_would_block(
    database: Database, tmp_path: Path, writer: str, reader: bool
) -> None:
    """The other way round: a session that holds what the lock conflicts with keeps the statement waiting."""
    work = planning(database, tmp_path, "create table t (id integer primary key, n integer);")
    change = "create index t_n on t (n);" if writer == "lock/share" else "alter table t alter n set not null;"
    plan = work.plan("create table t (id integer primary key, n integer);" + change, engine="native")
    assert writer in {hazard.name for hazard in plan.hazards}
    for held, conflicts in (("select from t", reader), ("insert into t values (1, 1)", True)):
        with connect(work.target, autocommit=False) as holder, connect(work.target) as session:
            holder.execute(held.encode())
            session.execute("set lock_timeout = '50ms'")
            if conflicts:
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    session.execute(plan.statements[0].sql.encode())
            else:
                with session.transaction(force_rollback=True):
                    session.execute(plan.statements[0].sql.encode())


def test_figures_come_from_the_target(database: Database, tmp_path: Path) -> None:
    text = "create table t (id integer primary key, n integer, pad text);"
    fill = "insert into t select i, i, repeat('x', 900) from generate_series(1, 4000) i; analyze t;"
    work = planning(database, tmp_path, text + fill)
    plan = work.plan(text.replace("n integer", "n bigint not null"), engine="native")
    by_name = {hazard.name: hazard for hazard in plan.hazards}
    rewrite, lock = by_name["rewrite/table"], by_name["lock/access-exclusive"]
    with connect(work.target) as connection:
        row = connection.execute("select pg_total_relation_size('t')").fetchone()
    assert row is not None
    assert (rewrite.rows, rewrite.bytes) == (4000, row[0])
    assert rewrite.seconds is not None
    assert 0 < rewrite.seconds <= (lock.seconds or 0)
    assert "of public.t were read at" in rewrite.basis
    assert lock.blocks == ALL


def test_a_small_scan_holds_nobody_up_in_the_estimate(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, "create table t (id integer primary key, n integer);")
    plan = work.plan("create table t (id integer primary key, n integer default 5);", engine="native")
    assert [(hazard.name, hazard.seconds) for hazard in plan.hazards] == [("lock/access-exclusive", 0.0)]


def test_old_transactions_are_told_with_the_locks_that_queue_behind_them(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dataio.planner.observed.figures.LONG", 0.0)
    work = planning(database, tmp_path, "create table t (id integer primary key, n integer);")
    with connect(work.target, autocommit=False, application_name="a report") as holder:
        holder.execute("select from t")
        plan = work.plan("create table t (id integer primary key, n integer not null);", engine="native")
    assert plan.load is not None
    [one] = plan.load.transactions
    assert (one.application, one.state, one.holds) == ("a report", "idle in transaction", ("public.t",))
    [lock] = [hazard for hazard in plan.hazards if hazard.kind == "lock"]
    assert f"queue behind pid {one.pid}" in lock.message


def test_a_hazard_that_is_none_is_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        Policy.of(rules=[("lock/nothing", "refuse")])
    assert "names: lock/access-exclusive, " in caught.value.hint
    assert "docs/" not in caught.value.hint


@pytest.mark.parametrize("name", ["lok/share", "lock/shared", "data-loss/drop-tabel"])
def test_a_policy_with_a_name_that_is_none_is_refused(name: str) -> None:
    """A typo must not let through what it was meant to refuse."""
    with pytest.raises(ConfigError, match="is no hazard") as caught:
        Policy.of(rules=[(name, "refuse")])
    assert "Did you mean" in caught.value.hint


def test_a_policy_refuses_by_name_by_kind_and_from_a_limit_on() -> None:
    small = Hazard("lock/share", "public.t", "", bytes=10, seconds=0.1)
    unknown = Hazard("lock/share", "public.t", "")
    assert not Policy().refuses(small)
    assert Policy().refuses(Hazard("data-loss/drop-table", "public.t", ""))
    policy = Policy.of(rules=[("lock", "refuse"), ("lock/share", "5s"), ("data-loss", "show")])
    assert not policy.refuses(small)
    assert policy.refuses(unknown)
    assert policy.refuses(Hazard("lock/exclusive", "public.t", ""))
    assert not policy.refuses(Hazard("data-loss/drop-table", "public.t", ""))
    assert Policy.of(rules=[("rewrite", "1GB")]).refuses(Hazard("rewrite/table", "t", "", bytes=2 << 30))
