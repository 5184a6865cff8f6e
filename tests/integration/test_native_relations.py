"""Relations between relations: partitions, inheritance and what belongs together across them, both ways.

Each pair converges by facts and by pg_dump, from the first to the second and back, and no table is made again.
"""

from __future__ import annotations

import pytest
from conftest import Server
from support.converge import converge

PARTED = "create table p (a int not null, b text) partition by list (a);\n"
CHILD = "create table p1 partition of p for values in (1);\n"
FAMILY = "create table base (a int not null, b text);\ncreate table child (c int) inherits (base);\n"

PAIRS = {
    "index of the parent, partition's named by PostgreSQL": (
        PARTED + CHILD,
        PARTED + CHILD + "create index i on p (b)",
    ),
    "index of the parent, partition's named by hand": (
        PARTED + CHILD,
        PARTED + CHILD + "create index mine on p1 (b); create index i on p (b)",
    ),
    "new partition under a parent with keys and indexes": (
        PARTED + "alter table p add primary key (a); create index i on p (b)",
        PARTED + "alter table p add primary key (a); create index i on p (b);\n" + CHILD,
    ),
    "new partition whose index has a name of its own": (
        PARTED + "create index i on p (b)",
        PARTED + "create table p1 (a int not null, b text); create index mine on p1 (b); create index i on p (b);"
        " alter table p attach partition p1 for values in (1)",
    ),
    "a table attached that keeps a lookalike of the parent's index to itself": (
        PARTED + "create table p1 (a int not null, b text); create index z on p1 (b); create index i on p (b)",
        PARTED + CHILD + "create index i on p (b); create index z on p1 (b)",
    ),
    "an index that not every partition has": (
        PARTED + CHILD + "create table p2 partition of p for values in (2)",
        PARTED + CHILD + "create table p2 partition of p for values in (2);"
        " create index i on only p (b); create index i1 on p1 (b); alter index i attach partition i1",
    ),
    "a partition's key under a parent's unique index": (
        PARTED + CHILD,
        PARTED + "create unique index u on only p (a); create table p1 (a int not null, b text, primary key (a));"
        " alter table p attach partition p1 for values in (1); alter index u attach partition p1_pkey",
    ),
    "a key of a partition, as of its parent": (
        PARTED + CHILD + "alter table only p add constraint k unique (a); create unique index k1 on p1 (a)",
        PARTED + CHILD + "alter table only p add constraint k unique (a); alter table p1 add constraint k1 unique (a);"
        " alter index k attach partition k1",
    ),
    "partitions that others refer to": (
        PARTED + "alter table p add primary key (a); create table r (a int references p)",
        PARTED + "alter table p add primary key (a); create table r (a int references p);\n" + CHILD,
    ),
    "partitioned tables that refer to themselves": (
        "",
        "create table p (a int primary key, b int references p) partition by list (a);\n" + CHILD,
    ),
    "a partition of another parent": (
        PARTED + CHILD + "create table q (like p) partition by list (a)",
        PARTED + "create table q (like p) partition by list (a); create table p1 partition of q for values in (1)",
    ),
    "a column of parents that children have, too": (
        FAMILY,
        "create table base (a int not null, b text, d int default 5 not null);\n"
        "create table child (c int) inherits (base)",
    ),
    "a column of the parent that a child had before": (
        "create table base (a int); create table child (a int, b int) inherits (base)",
        "create table base (a int, b int); create table child (a int, b int) inherits (base)",
    ),
    "a child's own column that becomes only its parent's": (
        "create table base (a int); create table child (b int) inherits (base)",
        "create table base (a int, b int); create table child () inherits (base)",
    ),
    "checks that children inherit": (
        FAMILY,
        FAMILY + "alter table base add constraint k check (a > 0); alter table only base add constraint l"
        " check (a > 1) no inherit",
    ),
    "a check that is merged into the child's": (
        FAMILY + "alter table child add constraint k check (a > 0)",
        FAMILY + "alter table child add constraint k check (a > 0); alter table base add constraint k check (a > 0)",
    ),
    "several parents": (
        "create table x (a int); create table y (b int); create table z (a int, b int)",
        "create table x (a int); create table y (b int); create table z (a int, b int) inherits (x, y)",
    ),
    "defaults of children": (
        FAMILY + "alter table base alter b set default 'x'",
        FAMILY + "alter table only base alter b set default 'y'; alter table child alter b set default 'z'",
    ),
    "a NOT NULL that a partition calls otherwise": (
        "create table p (a int) partition by list (a);\n" + CHILD,
        "create table p (a int constraint n not null) partition by list (a);"
        " create table p1 (a int constraint m not null); alter table p attach partition p1 for values in (1)",
    ),
    "identity on a partitioned table": (
        PARTED + CHILD,
        PARTED + CHILD + "alter table p alter a add generated always as identity",
    ),
    "bounds of a sequence that its value lies outside of": (
        "create sequence s start 100",
        "create sequence s minvalue 2 maxvalue 9 start 3",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("way", ["there", "back"])
def test_it_converges(pg18: Server, name: str, way: str) -> None:
    old, new = PAIRS[name] if way == "there" else PAIRS[name][::-1]
    outcome = converge(pg18.target, old, new)
    assert outcome.word == "ok", str(outcome)
    assert outcome.rebuilt == [], str(outcome)
