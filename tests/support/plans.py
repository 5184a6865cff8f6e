"""Plans for tests of what shows, stores and runs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dataio.diagram.model import Column, Diagram, Link, Table
from dataio.plan.model import (
    Action,
    Candidate,
    Change,
    Hazard,
    Lock,
    ObjectRef,
    Observation,
    Plan,
    PlannedTarget,
    Proof,
    SourceLines,
    Statement,
)

FROM = "pg18:" + "a1" * 32
TO = "pg18:" + "b2" * 32


def ref(kind: str, *path: str) -> ObjectRef:
    return ObjectRef(kind, path, f"{kind} {'.'.join(path)}")


def statement(sql: str, action: Action = "create", subject: ObjectRef | None = None, **more: Any) -> Statement:
    return Statement(sql, action, subject or ref("table", "public", "t"), more.pop("author", "native"), **more)


def plan_of(statements: Sequence[str | Statement], *, number: int | None = 1, **more: Any) -> Plan:
    """A plan that runs ``statements``; registers itself as ``number``."""
    done = tuple(statement(one) if isinstance(one, str) else one for one in statements)
    target = PlannedTarget("catalogue @ 127.0.0.1:15432", "catalogue", "18.4", 18)
    plan = Plan(target, ("schema.sql",), FROM, TO, done, number=number, name="a_change")
    return replace(plan, **more)


def everything() -> Plan:
    """A plan with something in every field."""
    dataset = "public.dataset"
    exclusive = Lock(dataset, "AccessExclusiveLock")
    old = ref("column", "public", "dataset", "old_name")
    return Plan(
        target=PlannedTarget("catalogue @ 127.0.0.1:15432", "catalogue", "16.14", 16, "prod", True, "7391"),
        sources=("schema.sql",),
        from_fingerprint=FROM,
        to_fingerprint=TO,
        statements=(
            statement(
                "CREATE TABLE public.owner (\n    owner_id integer NOT NULL,\n    name text\n)",
                subject=ref("table", "public", "owner"),
                author="migra",
                observation=Observation(seconds=0.002),
            ),
            statement(
                "ALTER TABLE public.dataset ADD CONSTRAINT dataset_owner_fkey FOREIGN KEY (owner_id) "
                "REFERENCES public.owner(owner_id) ON DELETE SET NULL (owner_id) DEFERRABLE INITIALLY DEFERRED",
                "create",
                ref("constraint", "public", "dataset", "dataset_owner_fkey"),
                observation=Observation((Lock(dataset, "ShareRowExclusiveLock"),), scanned=(dataset,)),
                hazards=(
                    Hazard("scan/table", dataset, "every row is read while the lock is held", 12400, 3250585),
                    Hazard("lock/share-row-exclusive", dataset, "blocks writes until the commit", 12400, 3250585),
                ),
            ),
            statement(
                "ALTER TABLE public.dataset ALTER COLUMN n TYPE bigint",
                "alter",
                ref("column", "public", "dataset", "n"),
                observation=Observation((exclusive,), rewritten=(dataset,)),
                hazards=(Hazard("rewrite/table", dataset, "the relation is written anew", 12400, 3250585),),
            ),
            statement(
                "ALTER TABLE public.dataset DROP COLUMN old_name",
                "drop",
                old,
                observation=Observation((exclusive,), dropped=(old,)),
                hazards=(
                    Hazard(
                        "data-loss/drop-column",
                        "public.dataset.old_name",
                        "the column and its values are gone",
                        12400,
                        3250585,
                        True,
                    ),
                ),
                lines=SourceLines("schema.sql", 3, 9),
            ),
            statement("SELECT 1", "alter", ref("enum", "public", "level"), new_transaction=True),
        ),
        changes=(
            Change(
                "alter",
                ref("column", "public", "dataset", "n"),
                (("type", "integer"), ("statistics", "")),
                (("type", "bigint"), ("statistics", "500")),
            ),
            Change("drop", old, (("type", "text"),)),
            Change(
                "create",
                ref("constraint", "public", "dataset", "dataset_owner_fkey"),
                (),
                (("type", "foreign key"), ("definition", "FOREIGN KEY (owner_id) REFERENCES public.owner(owner_id)")),
            ),
            Change("create", ref("table", "public", "owner"), (), (("persistence", "permanent"),)),
            Change(
                "alter",
                ref("view", "public", "overview"),
                (("definition", " SELECT a,\n    b\n   FROM public.dataset;"),),
                (("definition", " SELECT a,\n    b,\n    c\n   FROM public.dataset;"),),
            ),
            Change(
                "create",
                ObjectRef(
                    "comment",
                    ("column", "public", "dataset", "n"),
                    "comment on column public.dataset.n",
                ),
                (),
                (("text", "How many"),),
            ),
        ),
        candidates=(
            Candidate(("migra", "native"), "won", 5),
            Candidate(("native",), "differs", 4, "1 fact differs", ("comment on table public.owner",)),
        ),
        proof=Proof(True, True, "PostgreSQL 18.4, embedded", 0.41),
        managed=("comments", "owners"),
        ignored=("audit.*",),
        notes=("privileges are left alone: the schema names none (--manage privileges compares them)",),
        tools=(("dataio", "0.1.0"), ("scratch", "embedded, 18.4")),
        timings=(("load", 0.31), ("proof", 0.22)),
        created_at="2026-11-22T08:00:00+00:00",
        name="add_owner",
        diagram=Diagram(
            (
                Table("public", "dataset", (Column("n", "bigint", mark="~"), Column("owner_id", "integer", mark="+"))),
                Table("public", "owner", (Column("owner_id", "integer", primary=True, nullable=False),), "+"),
            ),
            (Link("dataset_owner_fkey", ("public", "dataset"), ("public", "owner"), ("owner_id",), mark="+"),),
        ),
        number=2,
        git_commit="0123abc",
    )
