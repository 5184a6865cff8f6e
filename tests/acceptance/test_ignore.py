"""``.dataioignore``: what is there on one side only stays as it is, and nobody calls it drift."""

from __future__ import annotations

from acceptance.conftest import Project


def test_what_the_ignore_file_names_is_left_alone(small: Project) -> None:
    (small.folder / ".dataioignore").write_text("# the cron job's\ntable:public.tmp_*\n!table:public.tmp_kept\naudit\n")
    small.execute("create table tmp_1 (a int, check (a > 0)); create schema audit; create table audit.log (id serial)")
    small.schema.write_text(small.schema.read_text() + "create table tmp_kept (a int); create table tmp_2 (a int);")
    planned = small.cli("schema", "plan", "first").out
    assert "public.tmp_kept" in planned
    assert "ignored on both sides: table:public.tmp_*, !table:public.tmp_kept, audit" in planned
    assert "CREATE TABLE public.tmp_2" not in planned
    small.cli("schema", "apply", "--yes")
    assert small.execute("select to_regclass('tmp_1')::text, to_regclass('audit.log')::text, to_regclass('tmp_2')") == [
        ("tmp_1", "audit.log", None)
    ]
    small.execute("drop table tmp_1")
    assert "drift:   none" in small.cli("schema", "status").out
    small.settled()
    dumped = small.cli("schema", "dump").out
    assert "tmp_kept" in dumped
    assert "audit" not in dumped
