"""Transitions nobody wrote down: the states of case folders crossed, merged, and leaned upon by more objects.

``old`` of one case becomes ``new`` of another; several cases share a database, each in a schema of its own; on each
table stand views, a materialized view, functions, a policy, a trigger, a child; and there are rows. As a program, over
suites of cases (``SUITE/CASE/{old,new}.sql``)::

    python -m tests.support.stress CASES --server CONNINFO [--seeds 1-50] [--count 4] [--straight] [--no-rows]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.dump import dump_schema
from dataio.postgres.process import ToolFailed
from dataio.snapshot.wording import settled
from support.cases import drop_subscriptions, ensure_roles, row_counts
from support.converge import Outcome, between, databases, load

ROLES: Final = ("stress_reader", "stress_owner")

_RELATIONS: Final = """
select n.nspname, c.relname, c.relkind, c.relispartition, c.oid::int8 from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                  and d.deptype = 'e') and not relname ~ '^dep_'
order by 1, 2
"""

_COLUMNS: Final = """
select attname, format_type(atttypid, null), attidentity = '' and attgenerated = '',
    (select array_agg(enumlabel::text order by enumsortorder) from pg_enum
     where enumtypid = coalesce(nullif(t.typelem, 0), t.oid)), t.typelem <> 0 and t.typlen = -1, t.typtype
from pg_attribute a join pg_type t on t.oid = a.atttypid
where attrelid = %s and attnum > 0 and not attisdropped order by attnum
"""

# What leans on a relation {rel} whose column is {col}; {dep} names start a name that is the relation's own.
_ON_TABLES: Final = (
    "create view {v} as select * from {rel}",
    "create view {v2} with (security_barrier) as select * from {v} where true",
    "comment on view {v2} is 'on a view'",
    "comment on column {v}.{col} is 'of a view'",
    "grant select on {v2} to stress_reader with grant option",
    "alter view {v2} owner to stress_owner",
    "create materialized view {m} as select {col}, count(*) as n from {rel} group by 1",
    "create unique index {mi} on {m} ({col})",
    "grant select on {m} to stress_reader",
    "create function {f}() returns setof {rel} stable language sql as $$ select * from {rel} $$",
    "create function {fa}() returns bigint language sql begin atomic select count({col}) from {rel}; end",
    "create function {fr}(r {rel}) returns text language sql as $$ select r::text $$",
    "create policy dep_p on {rel} using ({col} is not null)",
    "create index {i} on {rel} ({col}) where {col} is not null",
    "create trigger dep_t before update of {col} on {rel} for each row when (new.{col} is distinct from old.{col})"
    " execute function dep_note()",
    "create rule dep_r as on delete to {rel} where old.{col} is null do instead nothing",
    "alter table {rel} add constraint {c} check ({col} is not null or true)",
    "create statistics {s} (mcv) on {col}, {last} from {rel}",
    "grant select ({col}), update ({col}) on {rel} to stress_reader",
    "comment on column {rel}.{col} is 'leaned upon'",
    "create table {ch} () inherits ({rel})",
)
_ON_VIEWS: Final = (
    "create view {v} as select * from {rel}",
    "create view {v2} as select {col} from {v}",
    "create materialized view {m} as select {col}, count(*) as n from {rel} group by 1",
    "create unique index {mi} on {m} ({col})",
    "create function {f}() returns setof {rel} stable language sql as $$ select * from {rel} $$",
    "create function {fa}() returns bigint language sql begin atomic select count({col}) from {rel}; end",
    "grant select ({col}) on {rel} to stress_reader",
    "comment on column {rel}.{col} is 'leaned upon'",
)

_VALUES: Final = {
    "integer": ("1", "2", "3"), "bigint": ("1", "2", "3"), "smallint": ("1", "2", "3"), "numeric": ("1", "2", "3"),
    "real": ("1", "2", "3"), "double precision": ("1", "2", "3"), "boolean": ("true", "false", "true"),
    "text": ("'1'", "'2'", "'3'"), "character varying": ("'1'", "'2'", "'3'"), "character": ("'1'", "'2'", "'3'"),
    "date": ("'2026-01-01'", "'2026-01-02'", "'2024-01-03'"), "uuid": ("gen_random_uuid()",) * 3,
    "timestamp without time zone": ("'2026-01-01'", "'2024-01-02'", "'2026-01-03'"),
    "timestamp with time zone": ("'2026-01-01'", "'2024-01-02'", "'2026-01-03'"),
    "jsonb": ("'1'", "'2'", "'3'"), "json": ("'1'", "'2'", "'3'"), "bytea": ("'1'", "'2'", "'3'"),
    "interval": ("'1 h'", "'2 h'", "'3 h'"), "time without time zone": ("'1:00'", "'2:00'", "'3:00'"),
}  # fmt: skip


_IN_THE_WAY: Final = (
    r"contains null values|is violated by some row|reached maximum value|could not create (unique|exclusion)"
    r"|violates (check|foreign key|unique)|invalid input (syntax|value)|out of range|value too long"
    r"|no partition of relation|partition constraint|cannot cast|multiple primary|is violated by"
)


def setup_of(case: Path) -> str:
    path = case / "setup.sql"
    return path.read_text() if path.exists() else ""


def roles_of(case: Path) -> list[str]:
    path = case / "meta.json"
    return list(json.loads(path.read_text()).get("roles", ())) if path.exists() else []


def fill(target: Target, states: Sequence[tuple[str, str]]) -> int:
    """Load states (setup, text), each into the schema ``public``, which is then put aside under a name of its own.

    Returns how many could be loaded.
    """
    loaded = 0
    for number, (setup, text) in enumerate(states):
        try:
            load(target, setup)
            load(target, text)
            loaded += 1
        except ToolFailed:
            pass
        with connect(target) as connection:
            if len(states) > 1:
                name = sql.Identifier(f"s{number}")
                with suppress(psycopg.Error):
                    connection.execute(sql.SQL("alter schema public rename to {}").format(name))
                with suppress(psycopg.Error):
                    connection.execute("create schema public")
    return loaded


def lean(target: Target, seed: int, share: float) -> int:
    """Put more objects on a share of the relations, the same ones for the same seed and names."""
    made = 0
    with connect(target) as connection:
        connection.execute("create schema dep")
        connection.execute("set search_path = dep")
        connection.execute("create function dep_note() returns trigger language plpgsql as 'begin return new; end'")
        for schema, name, kind, is_partition, oid in connection.execute(_RELATIONS).fetchall():
            columns = [row[0] for row in connection.execute(_COLUMNS, [oid]).fetchall()]
            if not columns:
                continue
            own = random.Random(f"{seed} {schema}.{name}")
            statements = _ON_VIEWS if kind in "vm" else _ON_TABLES
            column = sorted(columns)[own.randrange(len(columns))]
            words = {"rel": sql.Identifier(schema, name), "col": sql.Identifier(column)}
            words["last"] = sql.Identifier(sorted(columns)[-1])
            for short in ("v", "v2", "m", "mi", "f", "fa", "fr", "i", "c", "s", "ch"):
                words[short] = sql.Identifier(f"dep_{short}_{schema}_{name}"[:60])
            for statement in statements:
                if own.random() > share or (is_partition and "inherits" in statement):
                    continue
                with suppress(psycopg.Error):
                    connection.execute(sql.SQL(statement).format(**words))
                    made += 1
    return made


def rows(target: Target) -> int:
    """Three rows for each table that takes them, in as many rounds as foreign keys need."""
    done: set[tuple[int, int]] = set()
    with connect(target) as connection:
        tables = [row for row in connection.execute(_RELATIONS).fetchall() if row[2] in "rp"]
        connection.execute("set session_replication_role = replica")
        for _ in range(2):
            for schema, name, _, _, oid in tables:
                columns = connection.execute(_COLUMNS, [oid]).fetchall()
                for number in range(3):
                    if (oid, number) in done:
                        continue
                    with suppress(psycopg.Error):
                        connection.execute(_insert(schema, name, columns, number).encode())
                        done.add((oid, number))
    return len(done)


def _insert(schema: str, name: str, columns: Sequence[Any], number: int) -> str:
    names, values = [], []
    for column, type_, writable, labels, is_array, _ in columns:
        if not writable:
            continue
        if labels:
            value = "'" + str(labels[number % len(labels)]).replace("'", "''") + "'"
        else:
            value = _VALUES.get(type_.removesuffix("[]"), ("default",) * 3)[number]
        if is_array and value != "default":
            value = f"array[{value}]::{type_}"
        names.append('"' + column.replace('"', '""') + '"')
        values.append(value)
    table = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
    if not names:
        return f"insert into {table} default values"
    return f"insert into {table} ({', '.join(names)}) values ({', '.join(values)})"


def _kinds(target: Target) -> dict[str, str]:
    """Whether tables are partitioned: what PostgreSQL offers no change of."""
    with connect(target) as connection:
        return {f"{row[0]}.{row[1]}": row[2] for row in connection.execute(_RELATIONS).fetchall()}


def stress(
    server: Target, cases: Sequence[Path], seed: int, *, count: int, share: float, seeded: bool, straight: bool
) -> tuple[Outcome, list[tuple[str, str]], str, str]:
    """One transition of chance. Returns what became of it, the cases in it and both dumps."""
    chance = random.Random(seed)
    pairs = [(chance.choice(cases), chance.choice(cases)) for _ in range(count)]
    if straight:
        pairs = [(one, one) for one, _ in pairs]
    back = [chance.random() < 0.5 for _ in pairs]
    ensure_roles(server, {role for pair in pairs for case in pair for role in roles_of(case)} | set(ROLES))
    names = [(f"{a.parent.name}/{a.name}", f"{b.parent.name}/{b.name}") for a, b in pairs]
    ways = [("new.sql", "old.sql") if way else ("old.sql", "new.sql") for way in back]
    with databases(server, 2) as (first, second):
        try:
            sides = (
                (first, [(setup_of(a), (a / way[0]).read_text()) for (a, _), way in zip(pairs, ways, strict=True)]),
                (second, [(setup_of(b), (b / way[1]).read_text()) for (_, b), way in zip(pairs, ways, strict=True)]),
            )
            for target, states in sides:
                if fill(target, states) < (count if count == 1 else 1):
                    return Outcome("invalid"), names, "", ""
                if share:
                    lean(target, seed, share)
            old, new = dump_schema(first), dump_schema(second)
            if seeded:
                rows(first)
            before = row_counts(first)
            kinds = (_kinds(first), _kinds(second))
            outcome = between(first, second)
            if outcome.word == "apply" and seeded and re.search(_IN_THE_WAY, outcome.why[0]):
                outcome.word = "rows in the way"
            outcome.rebuilt = [name for name in outcome.rebuilt if kinds[0].get(name) == kinds[1].get(name)]
            if outcome.word == "dump" and settled(dumped := dump_schema(first)) != dumped:
                outcome.word = "wording"
            if outcome.word == "ok":
                after = row_counts(first)
                lost = [oid for oid, number in before.items() if oid in after and after[oid] < number]
                if lost and sum(after.values()) < sum(before.values()):
                    outcome.word, outcome.why = "lostrows", [str(lost)]
            return outcome, names, old, new
        finally:
            drop_subscriptions(first)
            drop_subscriptions(second)


def _seeds(text: str) -> Iterator[int]:
    first, _, last = text.partition("-")
    yield from range(int(first), int(last or first) + 1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--server", required=True)
    parser.add_argument("--seeds", default="1-10")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.6)
    parser.add_argument("--no-rows", action="store_true")
    parser.add_argument("--straight", action="store_true")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    cases = sorted(path.parent for folder in arguments.cases for path in folder.glob("**/new.sql"))
    cases = [case for case in cases if case.parent.name != "postgres"]
    words: Counter[str] = Counter()
    for seed in _seeds(arguments.seeds):
        try:
            outcome, names, old, new = stress(
                parse_target(arguments.server), cases, seed, count=arguments.count, share=arguments.share,
                seeded=not arguments.no_rows, straight=arguments.straight,
            )  # fmt: skip
        except (psycopg.Error, ToolFailed) as error:
            outcome, names, old, new = Outcome("harness", [str(error)]), [], "", ""
        words[outcome.word] += 1
        if outcome.word not in {"ok", "invalid", "rows in the way"} or outcome.rebuilt:
            why = "\n  ".join(outcome.why)
            sys.stdout.write(f"seed {seed}: {outcome.word} {outcome.rebuilt} {names}\n  {why}\n")
            if arguments.keep:
                folder = arguments.keep / f"{seed}"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "old.sql").write_text(old)
                (folder / "new.sql").write_text(new)
                (folder / "plan.sql").write_text(outcome.script)
        sys.stdout.flush()
    sys.stdout.write(f"{dict(words)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
