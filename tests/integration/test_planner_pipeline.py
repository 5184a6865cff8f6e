"""A plan is a claim, and claims are proven: the pipeline from two states to a script."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.planning import execute, planning

from dataio.errors import ScratchUnavailable, SourceError, Unproven
from dataio.plan.model import ObjectRef, Statement
from dataio.planner import pipeline, proof, proposers, state
from dataio.planner.judge import DumpDifference
from dataio.planner.pipeline import PlanRequest, make_plan
from dataio.postgres.conninfo import Target
from dataio.postgres.scratch import provider_for
from dataio.postgres.server import NOT_DURABLE, temporary
from dataio.snapshot.model import Snapshot
from dataio.snapshot.store import SnapshotStore
from dataio.snapshot.take import take

Database = Callable[..., Target]

OLD = "create table t (id integer primary key, name text, note text);"
NEW = OLD + "create table u (id integer primary key, t integer references t);"


def test_equal_states_need_no_plan(database: Database, tmp_path: Path) -> None:
    plan = planning(database, tmp_path, OLD).plan(OLD)
    assert plan.empty
    assert plan.from_fingerprint == plan.to_fingerprint


def test_a_plan_leads_there_and_the_next_is_empty(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD)
    plan = work.plan(NEW)
    assert plan.proof is not None
    assert plan.proof.holds
    work.apply(plan)
    again = work.plan(NEW)
    assert again.empty
    assert again.from_fingerprint == plan.to_fingerprint


def test_planning_writes_nothing_to_the_target(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD)
    before = execute(work.target, "select count(*), max(oid) from pg_class")
    work.plan(NEW)
    assert execute(work.target, "select count(*), max(oid) from pg_class") == before


@pytest.mark.parametrize("engine", ["migra", "native", "auto"])
def test_every_engine_is_proven_the_same_way(database: Database, tmp_path: Path, engine: str) -> None:
    plan = planning(database, tmp_path, OLD).plan(NEW + "comment on table u is 'x';", engine=engine)
    assert plan.proof is not None
    assert plan.proof.holds
    winners = [candidate for candidate in plan.candidates if candidate.outcome == "won"]
    assert len(winners) == 1


def test_native_completes_what_migra_does_not_see(database: Database, tmp_path: Path) -> None:
    plan = planning(database, tmp_path, OLD).plan(OLD + "comment on table t is 'x';", engine="migra")
    assert plan.authors == ("native",)
    assert [statement.sql for statement in plan.statements] == ["COMMENT ON TABLE public.t IS 'x'"]


def test_a_dropped_column_is_refused_until_allowed(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD + "insert into t values (1, 'a', 'b'); analyze t;")
    plan = work.plan("create table t (id integer primary key, name text);")
    assert [(hazard.name, hazard.subject, hazard.rows) for hazard in plan.refused] == [
        ("data-loss/drop-column", "public.t.note", 1)
    ]


def test_a_dropped_table_is_refused(database: Database, tmp_path: Path) -> None:
    plan = planning(database, tmp_path, NEW).plan(OLD)
    assert [hazard.name for hazard in plan.refused] == ["data-loss/drop-table"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("alter table t alter column id type bigint", {"rewrite/table", "lock/access-exclusive"}),
        ("alter table t alter column name set not null", {"scan/table", "lock/access-exclusive"}),
        ("create index on t (name)", {"lock/share"}),
        ("alter table t add check (id > 0) not valid", {"lock/access-exclusive"}),
        ("comment on table t is 'x'", set()),
    ],
)
def test_hazards_are_what_the_replay_saw(database: Database, tmp_path: Path, change: str, names: set[str]) -> None:
    plan = planning(database, tmp_path, OLD).plan(f"{OLD} {change};", engine="native")
    assert names <= {hazard.name for hazard in plan.hazards}
    assert not {hazard.name for hazard in plan.hazards} - names - {"scan/table"}


def test_a_narrowing_cast_is_data_loss(database: Database, tmp_path: Path) -> None:
    old = "create table t (a varchar(20), b numeric(12,4), c bigint, d integer, e text, f varchar(10));"
    new = "create table t (a varchar(10), b numeric(12,2), c integer, d bigint, e varchar(5), f varchar(20));"
    plan = planning(database, tmp_path, old).plan(new)
    assert {hazard.subject for hazard in plan.refused} == {"public.t.a", "public.t.b", "public.t.c", "public.t.e"}
    assert {hazard.name for hazard in plan.refused} == {"data-loss/narrow-type"}


def test_columns_that_hold_rows_of_a_table_keep_them_while_it_is_written_anew(
    database: Database, tmp_path: Path
) -> None:
    person = "create type mood as enum ({}); create table person (id {}, name text, feels mood, {} integer);"
    holders = """
    create table audit (was person, all_of_them person[]); create table copies (it audit);
    """
    old = person.format("'sad', 'ok', 'glad'", "integer", "gone") + holders
    work = planning(database, tmp_path, old)
    execute(
        work.target,
        """insert into person values (1, 'a "b", c', 'sad', 3), (2, null, 'glad', null);
        insert into audit select p, array[p, null] from person p; insert into copies select a from audit a""",
    )
    work.apply(work.plan(person.format("'sad', 'glad'", "bigint", "more") + holders))
    rows = execute(work.target, "select (it).was::text, (it).all_of_them[1]::text from copies order by 1")
    direct = execute(work.target, "select was::text, all_of_them[1]::text from audit order by 1")
    one, two = '(1,"a ""b"", c",sad,)', "(2,,glad,)"
    assert rows == direct == [(one, one), (two, two)]


def without(kind: str, snapshot: Snapshot) -> Snapshot:
    return snapshot.filtered(lambda key: key.kind != kind)


def test_the_dump_judge_catches_what_the_snapshot_is_blind_to(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot that sees no triggers plans none; pg_dump does."""
    work = planning(database, tmp_path, OLD)
    body = "create function f() returns trigger language plpgsql as $$ begin return new; end $$;"
    new = NEW + body + "create trigger g before insert on t for each row execute function f();"
    assert work.plan(new, engine="native").proof is not None

    whole = take

    def blind(*arguments: Any, **options: Any) -> Snapshot:
        return without("trigger", whole(*arguments, **{**options, "check_complete": False}))

    for module in ("pipeline", "work", "state", "observed.replay"):
        monkeypatch.setattr(f"dataio.planner.{module}.take", blind)
    with pytest.raises(Unproven, match=r"pg_dump: missing: trigger public\.t g") as caught:
        work.plan(new, engine="native")
    assert caught.value.exit_code == 5


def test_the_snapshot_catches_what_the_dump_judge_is_blind_to(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that leaves a fact undone is refused by the snapshot even when pg_dump says nothing."""
    work = planning(database, tmp_path, OLD)

    def agreeable(*_: Any, **__: Any) -> list[DumpDifference]:
        return []

    def forgetful(plan: Any) -> str:
        return "begin; create table u (id integer primary key, t integer); commit;"

    monkeypatch.setattr(proof, "compare", agreeable)
    monkeypatch.setattr(pipeline, "render", forgetful)
    with pytest.raises(Unproven, match=r"missing: constraint public\.u\.u_t_fkey"):
        work.plan(NEW, engine="native")


def test_a_broken_rule_cannot_get_out(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> list[Statement]:
        return [Statement("create table u (id integer)", "create", ObjectRef("table", ("public", "u"), "u"), "native")]

    monkeypatch.setattr(proposers, "native", broken)
    with pytest.raises(Unproven) as caught:
        planning(database, tmp_path, OLD).plan(NEW, engine="native")
    assert caught.value.exit_code == 5
    assert "public.u.u_t_fkey" in caught.value.detail


def test_a_statement_that_fails_takes_only_its_candidate_down(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> list[Statement]:
        return [Statement("create table t (id integer)", "create", ObjectRef("statement", (), "x"), "migra")]

    monkeypatch.setattr(proposers, "migra", failing)
    remade = "create table t (id integer primary key, name text, note text) partition by range (id);"
    plan = planning(database, tmp_path, OLD).plan(remade)
    assert [candidate.outcome for candidate in plan.candidates] == ["failed", "won"]
    assert "already exists" in plan.candidates[0].reason


def test_migra_is_asked_only_where_it_could_do_better(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD)
    assert [one.authors for one in work.plan(NEW).candidates] == [("native",)]
    rewritten = work.plan("create table t (id bigint primary key, note text);")  # nobody can do without either
    assert [one.authors for one in rewritten.candidates] == [("native",)]
    remade = work.plan("create table t (id integer primary key, name text) partition by range (id);")
    assert [one.authors for one in remade.candidates] == [("migra",), ("native",)]


def test_ignored_objects_are_neither_made_nor_dropped(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, OLD + "create table mine (id integer);")
    plan = work.plan(NEW + "create table theirs (id integer);", ignore=("public.mine", "table:public.theirs"))
    work.apply(plan)
    tables = execute(
        work.target,
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
    )
    assert [name for (name,) in tables] == ["mine", "t", "u"]
    assert work.plan(NEW, ignore=("public.mine",)).empty


def test_an_in_list_on_varchar_plans_empty_after_a_dump_and_restore(database: Database, tmp_path: Path) -> None:
    schema = "create table t (s varchar(10) check (s in ('a', 'b')), k varchar default 'x');"
    work = planning(database, tmp_path, "")
    work.apply(work.plan(schema))
    assert work.plan(schema).empty
    from dataio.postgres.dump import copy_schema

    restored = database()
    copy_schema(work.target, restored)
    again = planning(database, tmp_path, "")
    assert type(again)(restored, again.schema, again.cache).plan(schema).empty


@pytest.mark.parametrize("server", ["pg15", "pg16"])
def test_one_schema_has_one_fingerprint_on_every_version(
    server: str, request: pytest.FixtureRequest, database: Database, tmp_path: Path
) -> None:
    from dataio.planner.state import Workshop, current

    prints = set()
    for on in (None, request.getfixturevalue(server)):
        target = database(on) if on is not None else database()
        execute(target, NEW + "create view v as select id, name from t where name is not null;")
        with provider(tmp_path / "cache") as scratch:
            prints.add(current(target, partial(Workshop, scratch), 18).fingerprint)
    assert len(prints) == 1


def provider(cache: Path) -> Any:
    from dataio.postgres.scratch import provider_for

    return provider_for(None, major=18, cache_dir=cache)


def test_the_copy_has_the_extension_versions_of_the_target(pg15: Any, database: Database, tmp_path: Path) -> None:
    """pg_dump leaves them to the server that it is loaded into."""
    old = "create extension pg_trgm version '1.3'; create table t (a text);"
    new = "create extension pg_trgm version '1.4'; create table t (a text);"
    work = planning(database, tmp_path, old, on=pg15)
    plan = work.plan(new, engine="native")
    assert [statement.sql for statement in plan.statements] == ["ALTER EXTENSION pg_trgm UPDATE TO '1.4'"]


def test_what_was_planned_serves_as_the_copy_of_what_was_applied(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = planning(database, tmp_path, OLD)
    store = SnapshotStore(tmp_path / "store")
    work.apply(work.plan(NEW, store=store))

    def never(*_: Any, **__: Any) -> str:
        raise AssertionError("the target was dumped, although its copy is there")

    with monkeypatch.context() as patched:
        patched.setattr(state, "dump_schema", never)
        work.apply(work.plan(NEW + "create table v (id integer);", store=store))


def test_the_wording_is_planned_for_who_asks_for_all(database: Database, tmp_path: Path) -> None:
    """PostgreSQL keeps an IN list in one wording, and reads its own words in another: no change, but pg_dump tells."""
    one = "create table t (s varchar); create index t_idx on t (s) where s in ('a', 'b');"
    other = "create table t (s varchar); create index t_idx on t (s) where s::text = any (array[%s, %s]);"
    other %= "'a'::varchar::text", "'b'::varchar::text"
    work = planning(database, tmp_path, other)
    assert work.plan(one).empty
    for schema in (one, other):
        plan = work.plan(schema, manage=frozenset({"all"}))
        assert [statement.sql.split()[0] for statement in plan.statements] == ["DROP", "CREATE"]
        work.apply(plan)
        assert work.plan(schema, manage=frozenset({"all"})).empty


def test_too_many_locks_for_one_transaction_is_no_fault_of_the_rules(tmp_path: Path) -> None:
    """PostgreSQL's default has room for the locks of six thousand things; this server has it for a few hundred."""
    few = {**NOT_DURABLE, "max_locks_per_transaction": "10", "max_connections": "15"}
    schema = tmp_path / "schema.sql"
    schema.write_text("".join(f"create table t{i} (n integer);\n" for i in range(1500)))
    with temporary(settings=few) as cluster, provider_for(cluster.target()) as scratch:
        assert scratch.own_server
        with pytest.raises(ScratchUnavailable, match="no room for a transaction of 1500 statements") as failed:
            make_plan(PlanRequest(cluster.target(), (schema,), scratch))
    assert "max_locks_per_transaction" in (failed.value.hint or "")


def test_subscriptions_are_on_the_copy_too_and_let_go_of_it(database: Database, tmp_path: Path) -> None:
    """They are the cluster's: CREATE DATABASE leaves them out, and DROP DATABASE refuses where there are some."""
    made = "create subscription {} connection 'dbname=nowhere' publication p with (connect = false);"
    kept, gone, added = names = [f"{name}_{os.getpid()}" for name in ("kept", "gone", "added")]
    work = planning(database, tmp_path, OLD + made.format(kept) + made.format(gone))
    try:
        wanted = NEW + made.format(kept).replace("false", "false, binary = true") + made.format(added)
        plan = work.plan(wanted, manage=frozenset({"all"}))
        assert plan.proof is not None
        assert plan.proof.holds
        work.apply(plan)
        assert work.plan(wanted, manage=frozenset({"all"})).empty
        of = execute(work.target, "select subname, subslotname from pg_subscription s join pg_database d"
                                  " on d.oid = subdbid and datname = current_database() order by 1")  # fmt: skip
        assert of == [(added, added), (kept, kept)]
        strays = "select datname from pg_database d join pg_subscription on d.oid = subdbid"
        mine = f"datname ~ '^dataio_scratch' and subname ~ '_{os.getpid()}$'"
        assert execute(work.target, f"{strays} where {mine}") == []
    finally:
        for name in names:
            for words in ("disable", "set (slot_name = none)"):
                with suppress(psycopg.errors.UndefinedObject):
                    execute(work.target, f"alter subscription {name} {words}")
            execute(work.target, f"drop subscription if exists {name}")


def test_what_pg_dump_cannot_restore_is_completed_on_the_copy(database: Database, tmp_path: Path) -> None:
    """It comments on a child's check before that is there, and takes a language without a library for an extension."""
    old = """
    create function handler() returns language_handler language c as 'plpgsql', 'plpgsql_call_handler';
    create language pl handler handler;
    create table p (d date); create table child () inherits (p);
    alter table p add constraint recent check (d > '2020-01-01') not valid;
    comment on constraint recent on child is 'rows of before';
    """
    work = planning(database, tmp_path, old)
    plan = work.plan(old + "alter table p add column note text;")
    work.apply(plan)
    assert [statement.sql for statement in plan.statements] == ["ALTER TABLE public.p ADD COLUMN note text"]


def test_a_copy_that_cannot_be_completed_tells_what_pg_dump_could_not_restore(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = """
    create table p (d date); create table child () inherits (p);
    alter table p add constraint recent check (d > '2020-01-01') not valid;
    comment on constraint recent on child is 'rows of before';
    """
    work = planning(database, tmp_path, old)
    monkeypatch.setattr(state, "propose", lambda *_, **__: [])
    with pytest.raises(SourceError, match='constraint "recent" for table "child" does not exist'):
        work.plan(old + "alter table p add column note text;")


def test_who_will_own_what_is_new_is_said_where_all_else_is_anothers(database: Database, tmp_path: Path) -> None:
    old = "create table t (a integer);"
    work = planning(database, tmp_path, old)
    assert not [note for note in work.plan(f"{old} create table u (a integer);").notes if "will own" in note]
    execute(work.target, "alter table t owner to pg_monitor")
    plan = work.plan(f"{old} create table u (a integer); create view v as select 1 as one;")
    [note] = [note for note in plan.notes if "will own" in note]
    assert note.startswith("postgres, who connects, will own table public.u, view public.v; what is there already ")
    assert "belongs to pg_monitor" in note
    owned = f"{old} alter table t owner to pg_monitor; create table u (a integer);"
    assert not [note for note in work.plan(owned).notes if "will own" in note]


def test_what_default_privileges_do_not_open_is_said(database: Database, tmp_path: Path) -> None:
    late = "alter default privileges grant select on tables to pg_monitor;"
    work = planning(database, tmp_path, f"create table t (a integer); {late}")
    [note] = [note for note in work.plan(f"create table n (a integer); create table t (a integer); {late}").notes
              if "default privileges" in note]  # fmt: skip
    assert note.startswith("default privileges would give more of table public.n than the schema does")
    early = work.plan(f"create table t (a integer); {late} create table n (a integer);")
    assert not any("default privileges" in note for note in early.notes)


def test_a_plan_speaks_to_no_publisher(database: Database, tmp_path: Path) -> None:
    """Where nobody listens, CREATE SUBSCRIPTION fails as soon as it connects."""
    made = "create subscription s connection 'dbname=x host=127.0.0.1 port=1' publication p with (binary = true);"
    plan = planning(database, tmp_path, OLD).plan(
        f"{OLD} {made} alter subscription s enable;", manage=frozenset({"all"})
    )
    assert [statement.sql for statement in plan.statements] == [
        "CREATE SUBSCRIPTION s CONNECTION 'dbname=x host=127.0.0.1 port=1' PUBLICATION p"
        " WITH (connect = false, binary = true)"
    ]
    assert any(note.startswith("made disabled") and "subscription s;" in note for note in plan.notes)
