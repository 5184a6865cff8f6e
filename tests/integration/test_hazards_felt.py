"""What a hazard says about others is what they feel: two sessions, one that changes the schema, and one that uses it.

Before, while and after a plan's statements run in one session, another one asks something. While they run it waits
exactly where the plan says that reads are blocked; afterwards it meets what the hazard is about.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from conftest import Server
from support.planning import execute, planning
from test_hazards_live import ALL, CASES, probe
from test_row_checks import CASES as ROWS

from dataio.plan.hazard_names import HAZARDS
from dataio.plan.model import Lock, ObjectRef, Statement
from dataio.planner.observed.figures import measure
from dataio.planner.observed.hazards import Sides, assess
from dataio.planner.observed.replay import Observer
from dataio.planner.renames.requests import asked
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target
from dataio.snapshot.take import take

Database = Callable[..., Target]


@dataclass(frozen=True)
class Effect:
    """``ask``: what another session asks, ``before`` and ``after``: its answers, or the error that it meets.

    ``waits``: whether it has to wait while the statements' transaction is open; ``gone``: and that is because what it
    reads is dropped or renamed, of which no lock hazard tells. ``moves``: a figure of the server that must not stay.
    """

    hazard: str
    old: str
    new: str
    ask: str
    before: Any
    after: Any
    waits: bool = True
    gone: bool = False
    rename: str = ""
    server: int = 18
    moves: str = ""

    @property
    def reads(self) -> set[str]:
        """The tables of the question."""
        words = self.ask.replace("public.", "").split()
        return {f"public.{after}" for word, after in itertools.pairwise(words) if word == "from"}


T = "create table t (id integer primary key, n integer, name text); "
FILL = "insert into t select i, i, 'name ' || i from generate_series(1, 20) i; "
E = "create type e as enum ('a', 'b'); create table u (v {}); "
ROLE = "grant select on t to pg_monitor; "
POLICY = "create policy mine on t to pg_monitor using (id = 1); "
PARTS = "create table p (i integer) partition by list (i); create table p1 "
RLS = T + "alter table t enable row level security; " + POLICY + ROLE

EFFECTS = [
    Effect("data-loss/drop-column", T + FILL, T.replace(", n integer", ""), "select sum(n) from t", 210,
           psycopg.errors.UndefinedColumn),
    Effect("data-loss/drop-table", T + FILL, "", "select count(*) from t", 20, psycopg.errors.UndefinedTable,
           gone=True),
    Effect("data-loss/drop-schema", "create schema s; create table s.x (i integer); insert into s.x values (1);", "",
           "select count(*) from s.x", 1, psycopg.errors.UndefinedTable, gone=True),
    Effect("data-loss/drop-enum-value", E.format("e"), E.format("e").replace("'a', 'b'", "'a'"),
           "select 'b'::e::text", "b", psycopg.errors.InvalidTextRepresentation, waits=False),
    Effect("data-loss/narrow-type",
           "create table w (at timestamp(3)); insert into w values ('2026-01-01 00:00:00.123');",
           "create table w (at timestamp(0));", "select at::text from w", "2026-01-01 00:00:00.123",
           "2026-01-01 00:00:00"),
    Effect("rewrite/table", T + FILL, T.replace("n integer", "n bigint"),
           "select count(*) from t", 20, 20, moves="select pg_relation_filenode('t')"),
    Effect("scan/table", T + FILL, T.replace("n integer", "n integer check (n > 0)"),
           "select count(*) from t", 20, 20, moves="select seq_scan from pg_stat_user_tables"),
    Effect("dependency/rename", T + FILL, T.replace("table t", "table tt"), "select count(*) from t", 20,
           psycopg.errors.UndefinedTable, gone=True, rename="table:public.t=tt"),
    Effect("dependency/drop-index", T + FILL + "create index t_n on t (n);", T,
           "explain (format json, costs off) select n from t where n = 5", "Bitmap Heap Scan", "Seq Scan"),
    Effect("dependency/detach-partition", PARTS + "partition of p for values in (1); insert into p values (1), (1);",
           PARTS + "(i integer);", "select count(*) from p", 2, 0),
    Effect("dependency/extension-version", "create extension pg_trgm schema public version '1.3';",
           "create extension pg_trgm schema public version '1.4';",
           "select to_regproc('public.strict_word_similarity_op') is not null, extversion from pg_extension"
           " where extname = 'pg_trgm'", (False, "1.3"), (True, "1.4"), waits=False, server=15),
    Effect("privilege/revoke", T + FILL + ROLE, T + "grant insert on t to pg_monitor;", "select count(*) from t", 20,
           psycopg.errors.InsufficientPrivilege, waits=False),
    Effect("privilege/drop-policy", RLS + FILL, RLS.replace(POLICY, ""), "select count(*) from t", 1, 0),
    Effect("privilege/alter-policy", RLS + FILL, RLS.replace("id = 1", "id < 4"), "select count(*) from t", 1, 3),
    Effect("privilege/row-security", RLS + FILL, RLS.replace("enable row", "disable row"),
           "select count(*) from t", 1, 20),
    Effect("irreversible/add-enum-value", E.format("e"), E.format("e").replace("'a', 'b'", "'a', 'b', 'c'"),
           "select 'c'::e::text", psycopg.errors.InvalidTextRepresentation, "c", waits=False),
    Effect("irreversible/drop-enum", "create type e as enum ('a');", "", "select 'a'::e::text", "a",
           psycopg.errors.UndefinedObject, waits=False),
    Effect("irreversible/drop-sequence", "create sequence s start 7; select nextval('s');", "",
           "select last_value from s", 7, psycopg.errors.UndefinedTable, gone=True),
]  # fmt: skip

ROLES = {"privilege/revoke", "privilege/drop-policy", "privilege/alter-policy", "privilege/row-security"}

ELSEWHERE = {
    "lock/access-exclusive": "test_hazards_live.test_statements_block_exactly_whom_the_plan_says",
    "lock/share-row-exclusive": "test_hazards_live.test_statements_block_exactly_whom_the_plan_says",
    "lock/share": "test_hazards_live.test_statements_block_exactly_whom_the_plan_says",
    "lock/exclusive": "test_the_one_lock_that_no_plan_takes_by_itself",
}


def test_every_hazard_is_observed() -> None:
    """By a test here, or one of the tables of the others."""
    rows = {f"constraint/{one.name}" for one in ROWS}
    assert {one.hazard for one in EFFECTS} | ELSEWHERE.keys() | rows == set(HAZARDS)
    assert ELSEWHERE.keys() - {"lock/exclusive"} <= {name for case in CASES for name in _locks(case.blocks, case.also)}


def _locks(blocks: dict[str, str], also: frozenset[str]) -> set[str]:
    return {*also, *(["lock/access-exclusive"] if ALL in blocks.values() else [])}


@pytest.mark.parametrize("one", EFFECTS, ids=[one.hazard for one in EFFECTS])
def test_another_session_feels_what_the_hazard_says(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest, one: Effect
) -> None:
    server: Server = request.getfixturevalue(f"pg{one.server}")
    work = planning(lambda: database(server), tmp_path, one.old)
    renames = (asked(one.rename),) if one.rename else ()
    plan = work.plan(one.new, engine="native", renames=renames)
    assert one.hazard in {hazard.name for hazard in plan.hazards}
    if not one.gone:
        assert one.waits is any(hazard.blocks == ALL for hazard in plan.hazards if hazard.subject in one.reads)
    figure = _figure(work.target, one.moves)
    with connect(work.target) as other, connect(work.target, autocommit=False) as session:
        other.execute("select set_config('lock_timeout', '60ms', false), set_config('enable_seqscan', 'off', false)")
        if one.hazard in ROLES:
            other.execute("set role pg_monitor")
        assert answer(other, one.ask) == one.before
        for statement in plan.statements:
            session.execute(statement.sql.encode())
        assert answer(other, one.ask) == (psycopg.errors.LockNotAvailable if one.waits else one.before)
        session.commit()
        assert answer(other, one.ask) == one.after
    assert (_figure(work.target, one.moves) != figure) is bool(one.moves)


def answer(session: psycopg.Connection[Any], question: str) -> Any:
    """The first row of the answer (its only value, the node of a query plan), or the class of the error."""
    try:
        row = session.execute(question.encode()).fetchone()
    except psycopg.Error as error:
        return type(error)
    assert row is not None
    if isinstance(row[0], list):
        return row[0][0]["Plan"]["Node Type"]
    return row[0] if len(row) == 1 else row


def _figure(target: Target, question: str) -> Any:
    if not question:
        return None
    with connect(target) as connection:
        connection.execute("select pg_stat_force_next_flush()")
        return answer(connection, question)


def test_the_one_lock_that_no_plan_takes_by_itself(database: Database, tmp_path: Path) -> None:
    """EXCLUSIVE is taken by no DDL that the rules write; a hook may take it, and it is told as all others are."""
    target = database()
    execute(target, T)
    statement = Statement(
        "LOCK TABLE public.t IN EXCLUSIVE MODE", "alter", ObjectRef("table", ("public", "t"), "t"), "native"
    )
    with connect(target, autocommit=False) as session, connect(target, read_only=True) as scratch:
        observer = Observer(session)
        [seen] = observer.run([statement], commit=False).statements
        assert seen.observation is not None
        assert seen.observation.locks == (Lock("public.t", "ExclusiveLock"),)
        with connect(target, read_only=True) as reading:
            snapshot = take(reading)
        [told] = assess([seen], Sides(snapshot, snapshot, [], scratch), measure(scratch, {"public.t"}))
        assert [(hazard.name, hazard.blocks) for hazard in told.hazards] == [("lock/exclusive", "writes")]
        assert probe(target, "public.t") == "writes"
        session.rollback()


# ---- statements that run alone ---------------------------------------------------------------------------------------

PARTS = (
    "create table parts (id integer, k integer) partition by list (k);"
    "create table parts_1 partition of parts for values in (1);"
    "create table parts_2 partition of parts for values in (2);"
)
APART = PARTS.replace("parts_1 partition of parts for values in (1)", "parts_1 (id integer, k integer)")
ALONE = {
    "index": (T + FILL, T + "create index t_n on t (n);", {"public.t": "ShareUpdateExclusiveLock"}),
    "index dropped": (T + "create index t_n on t (n);", T, {"public.t": "ShareUpdateExclusiveLock"}),
    "detach": (PARTS, APART, {"public.parts": "ShareUpdateExclusiveLock", "public.parts_1": "AccessExclusiveLock"}),
    "backfill": (T + FILL, T.replace("name text", "name text, u uuid default gen_random_uuid()"),
                 {"public.t": "RowExclusiveLock"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_what_runs_alone_blocks_exactly_whom_the_plan_says(database: Database, tmp_path: Path, name: str) -> None:
    """At each place where such a statement stands still: first for a writer, then for a reader of what it needs."""
    old, new, locks = ALONE[name]
    work = planning(database, tmp_path, old)
    plan = work.plan(new, online=True)
    place, lone = next((i, one) for i, one in enumerate(plan.statements) if one.alone is not None)
    assert lone.observation is not None
    assert lone.alone is not None
    assert {lock.relation: lock.mode for lock in lone.observation.locks} == locks
    told = {hazard.subject: hazard.blocks for hazard in lone.hazards if hazard.kind == "lock"}
    assert told == {relation: ALL for relation, mode in locks.items() if mode == "AccessExclusiveLock"}
    with connect(work.target) as session:
        for statement in plan.statements[:place]:
            session.execute(statement.sql.encode())
        with _standing_still(work.target, session, lone, "row exclusive"):
            assert not {one for one in locks if probe(work.target, f"only {one}")}
        work = planning(database, tmp_path, old)
        if told:
            with connect(work.target) as again, _standing_still(work.target, again, lone, "access share", *told):
                assert {relation: probe(work.target, relation) for relation in told} == told
                assert not {one for one in locks.keys() - told.keys() if probe(work.target, f"only {one}")}


@contextlib.contextmanager
def _standing_still(
    target: Target, session: psycopg.Connection[Any], lone: Statement, mode: str, *relations: str
) -> Iterator[None]:
    """A lone statement at work, kept waiting by a lock that another session holds; it is let go and ends."""
    assert lone.alone is not None
    with connect(target, autocommit=False) as holder, connect(target) as watcher:
        for relation in relations or (lone.alone.relation,):
            holder.execute(f"lock table only {relation} in {mode} mode".encode())
        if "DO $dataio$" in lone.sql:
            holder.execute(f"update {lone.alone.relation} set n = n where id = 1".encode())
        worker = threading.Thread(target=lambda: session.execute(lone.sql.encode()))
        worker.start()
        until = time.monotonic() + 20
        waits = "select %s = any(pg_blocking_pids(%s))"
        while not answer_to(watcher, waits, [holder.info.backend_pid, session.info.backend_pid]):
            assert worker.is_alive()
            assert time.monotonic() < until
            time.sleep(0.01)
        try:
            yield
        finally:
            holder.rollback()
            worker.join()


def answer_to(session: psycopg.Connection[Any], question: str, values: list[Any]) -> Any:
    row = session.execute(question.encode(), values).fetchone()
    return row[0] if row else None
