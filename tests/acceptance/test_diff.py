"""``dataio schema diff``: renames, the bare diff of two databases, and the order of columns."""

from __future__ import annotations

from collections.abc import Callable

from acceptance.conftest import Project
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target


def test_a_rename_that_is_asked_for(small: Project) -> None:
    new = small.folder / "new.sql"
    new.write_text(small.schema.read_text().replace("name text", "title text"))
    sides = ("schema", "diff", "schema.sql", "new.sql", "--format", "sql")
    assert "DROP COLUMN name" in small.cli(*sides).out
    renamed = small.cli(*sides, "--rename", "column:public.thing.name=title").out
    assert "ALTER TABLE public.thing RENAME COLUMN name TO title;" in renamed
    assert "DROP" not in renamed
    assert "--rename" in small.cli(*sides, "--rename", "column:public.thing.nme=title", code=64).err


def test_a_bare_diff_is_the_proven_one_without_its_proof(small: Project, database: Callable[..., Target]) -> None:
    other = database()
    small.execute(small.schema.read_text() + "; create view v as select name from thing;")
    with connect(other) as connection:
        connection.execute("create table thing (name varchar(20) default 'x', id bigint primary key)")
        connection.execute("create view v as select name from thing")
    urls = (small.target.url(None), other.url(None))
    bare = small.cli("schema", "diff", *urls, "--no-prove", "--format", "sql").out
    proven = small.cli("schema", "diff", *urls, "--format", "sql", "--engine", "native").out
    statements = [line for line in proven.splitlines() if not line.startswith("--")]
    assert [line for line in bare.splitlines() if not line.startswith("--")] == statements
    assert "-- proof: none" in bare
    shown = small.cli("schema", "diff", *urls, "--no-prove", "--detailed-exitcode", code=2)
    assert "Proof: none" in shown.out
    assert "what they lose is not known" in shown.out
    assert "compares two databases" in small.cli("schema", "diff", urls[0], "schema.sql", "--no-prove", code=64).err


def test_the_order_of_columns_is_reported_and_not_planned(small: Project, database: Callable[..., Target]) -> None:
    other = database()
    small.execute("create table thing (name text not null, id bigint primary key)")
    with connect(other) as connection:
        connection.execute(small.schema.read_text().encode())
    said = "public.thing (is name, id; the schema says id, name)"
    planned = small.cli("schema", "plan", "--detailed-exitcode")
    assert "No changes" in planned.out
    assert said in planned.out
    assert small.scripts == []
    for extra in ((), ("--no-prove",)):
        assert said in small.cli("schema", "diff", small.target.url(None), other.url(None), *extra).out


def test_a_split_dump_is_a_schema_that_plans_empty(small: Project) -> None:
    small.execute(small.schema.read_text() + "; create view v as select name from thing; create schema other;")
    said = small.cli("schema", "dump", "--split", "schema").err
    assert "wrote 3 files into schema" in said
    files = sorted(
        path.relative_to(small.folder / "schema").as_posix() for path in small.folder.glob("schema/**/*.sql")
    )
    assert files == ["other/schema.sql", "public/tables/thing.sql", "public/views/v.sql"]
    assert "No changes" in small.cli("schema", "plan", "--schema", "schema", "--detailed-exitcode").out
    small.cli("schema", "dump", "--split", "schema", "--out", "x.sql", code=64)


def test_files_are_compared_in_words_that_fit_files(small: Project) -> None:
    role = f"r_nowhere_{small.target.dbname}"
    (small.folder / "b.sql").write_text(f"{small.schema.read_text()}CREATE TABLE b (); GRANT SELECT ON b TO {role};\n")
    said = small.cli("schema", "diff", "schema.sql", "b.sql").out
    assert said.startswith("from schema.sql to b.sql, pg18:")
    assert "No changes: b.sql is what b.sql says." in small.cli("schema", "diff", "b.sql", "b.sql").out
    for words in ("live", "target", "left alone"):
        assert words not in said
