"""Online plans: the same end as the plain plan, proven by the same judges, and nobody kept waiting on the way."""
# ruff: noqa: E501 - statements read best whole

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Server
from support.planning import execute, planning

from dataio.plan.model import Plan
from dataio.plan.render.sql import render
from dataio.plan.script import parse
from dataio.postgres.conninfo import Target

Database = Callable[..., Target]

P = "create table p (id integer primary key);"
T = P + "create table t (id integer primary key, n integer, k integer, name varchar(10), p integer);"
REFERRED = (
    "create table whole (k integer, id integer not null) partition by list (k);"
    "create table part (k integer, id integer constraint part_pkey primary key);"
    "create table refs (n integer, id integer constraint f references part) partition by list (n);"
    "create table refs_1 partition of refs for values in (1) partition by list (id);"
    "create table refs_1_1 partition of refs_1 for values in (1);"
)
PARTS = (
    "create table parts (id integer, k integer) partition by list (k);"
    "create table parts_1 partition of parts for values in (1);"
    "create table parts_2 partition of parts for values in (2);"
)


@dataclass(frozen=True)
class Case:
    """``sql``: what the statements begin with, phase by phase (transactions joined by ``;``)."""

    name: str
    old: str
    new: str
    phases: tuple[str, ...]
    old_servers: bool = True


CASES = [
    Case("index", T, T + "create index t_n on t (n);", ("CREATE INDEX CONCURRENTLY t_n",)),
    Case("unique index", T, T + "create unique index t_n on t (n);", ("CREATE UNIQUE INDEX CONCURRENTLY t_n",)),
    Case("index with a comment", T, T + "create index t_n on t (n); comment on index t_n is 'x'; create table z (a int);",
         ("CREATE TABLE", "CREATE INDEX CONCURRENTLY", "COMMENT ON INDEX")),
    Case("index replaced", T + "create index t_n on t (n);", T + "create index t_n on t (n, k);",
         ("CREATE INDEX CONCURRENTLY t_n_dataio_new", "DROP INDEX public.t_n; ALTER INDEX public.t_n_dataio_new RENAME")),
    Case("index dropped", T + "create index t_n on t (n);", T, ("DROP INDEX CONCURRENTLY public.t_n",)),
    Case("index of a partitioned table", PARTS, PARTS + "create index parts_id on parts (id);",
         ("CREATE INDEX parts_id ON ONLY", "CREATE INDEX CONCURRENTLY parts_1_id_idx",
          "ALTER INDEX public.parts_id ATTACH PARTITION public.parts_1_id_idx",
          "CREATE INDEX CONCURRENTLY parts_2_id_idx",
          "ALTER INDEX public.parts_id ATTACH PARTITION public.parts_2_id_idx")),
    Case("unique", T, T + "alter table t add constraint u unique (n, k) deferrable;",
         ("CREATE UNIQUE INDEX CONCURRENTLY u", "ALTER TABLE public.t ADD CONSTRAINT u UNIQUE USING INDEX u DEFERRABLE")),
    Case("unique replaced", T + "alter table t add constraint u unique (n);", T + "alter table t add constraint u unique (k);",
         ("CREATE UNIQUE INDEX CONCURRENTLY u_dataio_new",
          "ALTER TABLE public.t DROP CONSTRAINT u; ALTER TABLE public.t ADD CONSTRAINT u UNIQUE USING INDEX u_dataio_new")),
    Case("check", T, T + "alter table t add constraint c check (n > 0);",
         ("ALTER TABLE public.t ADD CONSTRAINT c CHECK ((n > 0)) NOT VALID", "ALTER TABLE public.t VALIDATE CONSTRAINT c")),
    Case("foreign key", T, T + "alter table t add constraint f foreign key (p) references p;",
         ("ALTER TABLE public.t ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES public.p(id) NOT VALID",
          "ALTER TABLE public.t VALIDATE CONSTRAINT f")),
    Case("wider varchar and default", T, T.replace("varchar(10)", "varchar(20) default 'x'"),
         ("ALTER TABLE public.t ALTER COLUMN name TYPE character varying(20); "
          "ALTER TABLE public.t ALTER COLUMN name SET DEFAULT",)),
    Case("detach", PARTS, PARTS.replace("create table parts_1 partition of parts for values in (1);",
                                        "create table parts_1 (id integer, k integer);"),
         ("ALTER TABLE public.parts DETACH PARTITION public.parts_1 CONCURRENTLY", "ALTER TABLE public.parts_1 DROP CONSTRAINT")),
    Case("detach what a partitioned table refers to", REFERRED + "alter table whole attach partition part for values in (1);", REFERRED,
         ("ALTER TABLE public.refs DROP CONSTRAINT f",
          "ALTER TABLE public.whole DETACH PARTITION public.part CONCURRENTLY",
          "ALTER TABLE public.refs ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES public.part(id) NOT VALID",
          "ALTER TABLE public.refs VALIDATE CONSTRAINT f", "ALTER TABLE public.part DROP CONSTRAINT")),
    Case("attach", PARTS + "create table parts_3 (id integer, k integer); create table parts_d partition of parts default;",
         PARTS + "create table parts_3 partition of parts for values in (3); create table parts_d partition of parts default;",
         ("ALTER TABLE public.parts_3 ADD CONSTRAINT parts_3_dataio_bound CHECK", "ALTER TABLE public.parts_3 VALIDATE",
          "ALTER TABLE public.parts_d ADD CONSTRAINT parts_3_dataio_bound CHECK (NOT", "ALTER TABLE public.parts_d VALIDATE",
          "ALTER TABLE public.parts ATTACH PARTITION public.parts_3; ALTER TABLE public.parts_3 DROP CONSTRAINT parts_3; "
          "ALTER TABLE public.parts_d DROP CONSTRAINT parts_3")),
    Case("unique of a partitioned table", PARTS, PARTS + "alter table parts add constraint u unique (k, id);",
         ("ALTER TABLE ONLY public.parts ADD CONSTRAINT u UNIQUE (k, id)",
          "CREATE UNIQUE INDEX CONCURRENTLY parts_1_k_id_key",
          "ALTER TABLE public.parts_1 ADD CONSTRAINT parts_1_k_id_key UNIQUE USING INDEX parts_; ALTER INDEX public.u ATTACH",
          "CREATE UNIQUE INDEX CONCURRENTLY parts_2_k_id_key",
          "ALTER TABLE public.parts_2 ADD CONSTRAINT parts_2_k_id_key UNIQUE USING INDEX parts_; ALTER INDEX public.u ATTACH")),
    Case("foreign key of a partitioned table", P + PARTS, P + PARTS + "alter table parts add constraint f foreign key (id) references p;",
         ("ALTER TABLE public.parts ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES public.p(id) NOT VALID",
          "ALTER TABLE public.parts VALIDATE CONSTRAINT f")),
    Case("validate", T + "alter table t add constraint c check (n > 0) not valid;",
         T + "alter table t add constraint c check (n > 0);", ("ALTER TABLE public.t VALIDATE CONSTRAINT c",)),
]  # fmt: skip

NOT_NULL_18 = (
    "ALTER TABLE public.t ADD CONSTRAINT t_n_not_null NOT NULL n NOT VALID",
    "ALTER TABLE public.t VALIDATE CONSTRAINT t_n_not_null",
)
NOT_NULL_15 = (
    "ALTER TABLE public.t ADD CONSTRAINT t_n_dataio_not_null CHECK (n IS NOT NULL) NOT VALID",
    "ALTER TABLE public.t VALIDATE CONSTRAINT t_n_dataio_not_null",
    "ALTER TABLE public.t ALTER COLUMN n SET NOT NULL; ALTER TABLE public.t DROP CONSTRAINT t_n_dataio_not_null",
)


def phases(plan: Plan) -> list[list[str]]:
    """The statements of each phase, as the script has them."""
    script = parse(render(plan))
    return [
        [
            " ".join(line for line in chunk.sql.split("\n") if not line.startswith("--")).strip()
            for chunk in segment
            if chunk.role == "statement"
        ]
        for segment in script.segments
    ]


def check_phases(plan: Plan, expected: tuple[str, ...]) -> None:
    assert plan.proof is not None
    assert plan.proof.holds
    got = [phase for phase in phases(plan) if phase]
    wanted = [phase.split("; ") for phase in expected]
    assert [len(phase) for phase in got] == [len(phase) for phase in wanted], got
    for statements, beginnings in zip(got, wanted, strict=True):
        for statement, beginning in zip(statements, beginnings, strict=True):
            assert statement.startswith(beginning)


def long_blocks(plan: Plan) -> list[str]:
    """What reads or writes a relation while it blocks somebody."""
    found = []
    for statement in plan.statements:
        seen = statement.observation
        if seen and (seen.scanned or seen.rewritten) and any(lock.blocks_writes for lock in seen.locks):
            found.append(statement.sql)
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_phases(database: Database, tmp_path: Path, case: Case) -> None:
    work = planning(database, tmp_path, case.old)
    plan = work.plan(case.new, online=True)
    check_phases(plan, case.phases)
    assert not long_blocks(plan)
    work.apply(plan)
    assert work.plan(case.new).empty


@pytest.mark.parametrize(("major", "expected"), [(18, NOT_NULL_18), (15, NOT_NULL_15)])
def test_not_null(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest, major: int, expected: tuple[str, ...]
) -> None:
    server: Server = request.getfixturevalue(f"pg{major}")
    work = planning(lambda: database(server), tmp_path, T)
    plan = work.plan(T.replace("n integer", "n integer not null"), online=True)
    check_phases(plan, expected)
    assert not long_blocks(plan)


def test_a_partitioned_foreign_key_before_18(database: Database, tmp_path: Path, pg15: Server) -> None:
    """NOT VALID is not for the parent there, but it is for the partitions, whose keys the parent's takes over."""
    work = planning(lambda: database(pg15), tmp_path, P + PARTS)
    new = P + PARTS + "alter table parts add constraint f foreign key (id) references p;"
    plan = work.plan(new, online=True)
    check_phases(plan, (
        "ALTER TABLE public.parts_1 ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES public.p(id) NOT VALID",
        "ALTER TABLE public.parts_1 VALIDATE CONSTRAINT f",
        "ALTER TABLE public.parts_2 ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES public.p(id) NOT VALID",
        "ALTER TABLE public.parts_2 VALIDATE CONSTRAINT f",
        "ALTER TABLE public.parts ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES public.p(id)",
    ))  # fmt: skip
    assert not long_blocks(plan)
    work.apply(plan)
    assert work.plan(new).empty


def test_a_primary_key_of_a_partitioned_table(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, PARTS)
    new = PARTS + "alter table parts add constraint k primary key (k, id);"
    plan = work.plan(new, online=True)
    assert [phase[0] for phase in phases(plan) if phase and phase[0].startswith("CREATE")] == [
        f"CREATE UNIQUE INDEX CONCURRENTLY parts_{i}_pkey ON public.parts_{i} USING btree (k, id);" for i in (1, 2)
    ]
    assert not long_blocks(plan)
    work.apply(plan)
    assert work.plan(new).empty


def test_a_primary_key_comes_with_its_not_nulls(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, "create table t (a integer, b integer);")
    plan = work.plan("create table t (a integer, b integer, constraint k primary key (a, b));", online=True)
    assert [phase[0].split(" (")[0] for phase in phases(plan) if phase][-2:] == [
        "CREATE UNIQUE INDEX CONCURRENTLY k ON public.t USING btree",
        "ALTER TABLE public.t ADD CONSTRAINT k PRIMARY KEY USING INDEX k;",
    ]
    assert not long_blocks(plan)


def test_a_volatile_default_is_filled_in_batches(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T)
    execute(work.target, "insert into t (id, n) select i, i from generate_series(1, 20000) i")
    new = T.replace("p integer)", "p integer, u uuid not null default gen_random_uuid())")
    plan = work.plan(new, online=True)
    check_phases(plan, (
        "ALTER TABLE public.t ADD COLUMN u uuid; ALTER TABLE public.t ALTER COLUMN u SET DEFAULT gen_random_uuid()",
        "DO $dataio$",
        "ALTER TABLE public.t ADD CONSTRAINT t_u_not_null NOT NULL u NOT VALID",
        "ALTER TABLE public.t VALIDATE CONSTRAINT t_u_not_null",
    ))  # fmt: skip
    assert not long_blocks(plan)
    work.apply(plan)
    assert execute(work.target, "select count(distinct u), count(*) from t") == [(20000, 20000)]


def test_what_has_no_way_online_stays_and_says_what_it_does(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T)
    plan = work.plan(T.replace("n integer", "n bigint"), online=True)
    assert "rewrite/table" in {hazard.name for hazard in plan.hazards}
    assert len(phases(plan)) == 1
    [note] = [note for note in plan.notes if "not online" in note]
    assert note.startswith("column public.t.n: not online: public.t is written anew under a lock that blocks reads and")


def test_locks_of_statements_that_run_alone_are_observed(database: Database, tmp_path: Path) -> None:
    work = planning(database, tmp_path, T)
    plan = work.plan(T + "create index t_n on t (n);", online=True)
    [statement] = plan.statements
    assert statement.observation is not None
    assert [(lock.relation, lock.mode) for lock in statement.observation.locks] == [
        ("public.t", "ShareUpdateExclusiveLock")
    ]
    assert {hazard.kind for hazard in plan.hazards} == {"scan"}
