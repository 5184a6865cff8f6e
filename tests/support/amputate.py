"""Two databases that each lack something else: random objects dropped with CASCADE from copies of one database.

As a program: ``python -m tests.support.amputate SQLFILE --server CONNINFO [--seeds 1,2,3] [--objects 40]``.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.dump import dump_schema
from support.converge import Outcome, between, databases, load

_OBJECTS = """
select format('%s %s', case type
                when 'foreign-data wrapper' then 'foreign data wrapper' when 'text search configuration' then type
                when 'table column' then 'table' else type end, identity) as object
from (
    select (pg_identify_object(classid, objid, 0)).* from (
        select 'pg_class'::regclass as classid, oid as objid from pg_class
            where relkind in ('r','p','v','m','S','f','i')
        union all select 'pg_proc'::regclass, oid from pg_proc
        union all select 'pg_type'::regclass, t.oid from pg_type t
            where typtype in ('e','d','r') or typtype = 'c'
                and (select relkind from pg_class c where c.oid = typrelid) = 'c'
        union all select 'pg_operator'::regclass, oid from pg_operator
        union all select 'pg_opclass'::regclass, oid from pg_opclass
        union all select 'pg_opfamily'::regclass, oid from pg_opfamily
        union all select 'pg_collation'::regclass, oid from pg_collation
        union all select 'pg_conversion'::regclass, oid from pg_conversion
        union all select 'pg_ts_config'::regclass, oid from pg_ts_config
        union all select 'pg_ts_dict'::regclass, oid from pg_ts_dict
        union all select 'pg_statistic_ext'::regclass, oid from pg_statistic_ext
        union all select 'pg_namespace'::regclass, oid from pg_namespace where nspname !~ '^pg_'
        union all select 'pg_cast'::regclass, oid from pg_cast
        union all select 'pg_publication'::regclass, oid from pg_publication
        union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
    ) o where objid >= 16384
) i
where identity not like 'pg\\_toast.%'
union all
select format('constraint %I on %s', conname, conrelid::regclass) from pg_constraint
where conrelid >= 16384 and contype <> 'n' and conparentid = 0 and coninhcount = 0
union all
select format('column %I of %s', attname, attrelid::regclass) from pg_attribute a join pg_class c on c.oid = attrelid
where attrelid >= 16384 and attnum > 0 and not attisdropped and relkind in ('r', 'p') and attinhcount = 0
  and relnamespace <> 'pg_toast'::regnamespace
union all
select format('trigger %I on %s', tgname, tgrelid::regclass) from pg_trigger
where not tgisinternal and tgparentid = 0
union all
select format('default of %I of %s', attname, attrelid::regclass) from pg_attribute a
where atthasdef and attgenerated = '' and attrelid >= 16384
union all
select format('rule %I on %s', rulename, ev_class::regclass) from pg_rewrite
where ev_class >= 16384 and rulename <> '_RETURN'
union all
select format('policy %I on %s', polname, polrelid::regclass) from pg_policy
order by 1
"""


_AGAIN: tuple[LiteralString, ...] = (
    "drop database {} with (force)",
    "create database {} template template0 strategy file_copy",
)


def _statement(item: str) -> str:
    kind, _, rest = item.partition(" ")
    if kind == "constraint":
        name, _, table = rest.partition(" on ")
        return f"alter table {table} drop constraint {name} cascade"
    if kind == "column":
        name, _, table = rest.partition(" of ")
        return f"alter table {table} drop column {name} cascade"
    if kind == "default":
        name, _, table = rest.removeprefix("of ").partition(" of ")
        return f"alter table {table} alter column {name} drop default"
    if item.startswith("operator class") or item.startswith("operator family"):
        return f"drop {item} cascade"
    return f"drop {item} cascade"


def amputate(target: Target, objects: int, chance: random.Random) -> list[str]:
    """Drop that many random objects with all that depends on them; what could not be dropped does not count."""
    done: list[str] = []
    with connect(target) as connection:
        items = [item for (item,) in connection.execute(_OBJECTS).fetchall()]
        chance.shuffle(items)
        for item in items:
            if len(done) == objects:
                break
            try:
                connection.execute(sql.SQL(_statement(item)))  # an identity that PostgreSQL gave
                done.append(_statement(item))
            except psycopg.Error:
                continue
    return done


def amputated(server: Target, whole: str, objects: int, seed: int) -> Outcome:
    """Plan between two amputations of the database that the SQL text ``whole`` makes."""
    chance = random.Random(seed)
    with databases(server, 3) as (first, second, rump):
        for target in (first, second):
            load(rump, whole)
            amputate(rump, objects, chance)
            load(target, dump_schema(rump))  # CASCADE can leave what no statements make
            with connect(server) as connection:
                again = [sql.SQL(text).format(sql.Identifier(str(rump.dbname))) for text in _AGAIN]
                for statement in again:
                    connection.execute(statement)
        return between(first, second)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("whole", type=Path)
    parser.add_argument("--server", required=True)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--objects", type=int, default=40)
    arguments = parser.parse_args()
    for seed in arguments.seeds.split(","):
        outcome = amputated(parse_target(arguments.server), arguments.whole.read_text(), arguments.objects, int(seed))
        why = "\n  ".join(outcome.why)
        sys.stdout.write(f"seed {seed}: {outcome.word} {outcome.rebuilt} {len(outcome.steps)} steps\n  {why}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
