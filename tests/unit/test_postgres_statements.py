"""Statements are found where psql finds them, and what ends a transaction is told from what only looks like it."""

from __future__ import annotations

import pytest

from dataio.postgres.statements import blank, ends_transaction, statements

HARMLESS = r"""-- commit;
/* begin; /* commit; */ rollback; */
insert into t values ('x; commit;', E'it\'s; commit;', "Odd; begin");
select $$ begin; commit; $$, $tag$ $$ commit; $tag$, $1;
create function f() returns int language sql begin atomic
  select case when true then 1 end;
  select 2;
end;
create or replace procedure p() language plpgsql as $body$ begin commit; end $body$;
create rule r as on insert to t do also (delete from u; delete from v);
savepoint a; rollback to a; rollback work to savepoint a; release a;
copy t (a, b) from stdin;
begin;	1
commit;	2
\.
\echo commit;
\set x 'begin;'
select 1 \gset
prepare plan as select 1; update begin_table set "end" = 1;
insert into t
values ($note$
commit;
$note$)
"""


def controls(text: str) -> list[tuple[int, str]]:
    return [(begun.line, command) for begun in statements(text) if (command := ends_transaction(begun))]


def test_nothing_of_this_ends_a_transaction() -> None:
    assert controls(HARMLESS) == []
    first = [begun.words[0] for begun in statements(HARMLESS)]
    assert first == ["insert", "select", "create", "create", "create", "savepoint", "rollback", "rollback", "release",
                     "copy", "select", "prepare", "update", "insert"]  # fmt: skip
    assert [begun.line for begun in statements(HARMLESS)][-1] == 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BEGIN;\ninsert into t values (1);\nCOMMIT;\n", [(1, "BEGIN"), (3, "COMMIT")]),
        ("select 1;\n\n  /* x\n */ Commit work", [(4, "COMMIT")]),
        ("start transaction isolation level serializable;", [(1, "START TRANSACTION")]),
        ("select 1; end; rollback; abort", [(1, "END"), (1, "ROLLBACK"), (1, "ABORT")]),
        ("select 1 \\; commit;", [(1, "COMMIT")]),
        ("select 'a'\n\\g\ncommit;", [(3, "COMMIT")]),
        ("copy t from stdin;\n1\n\\.\r\ncommit;", [(4, "COMMIT")]),
        ("prepare transaction 'x'; commit prepared 'x';", [(1, "PREPARE TRANSACTION"), (1, "COMMIT PREPARED")]),
        ("rollback and chain;", [(1, "ROLLBACK")]),
        ("create function f() returns int language sql return 1; commit;", [(1, "COMMIT")]),
    ],
)
def test_what_ends_a_transaction(text: str, found: list[tuple[int, str]]) -> None:
    assert controls(text) == found


@pytest.mark.parametrize("text", ["", " \n", "-- edit me\n\n-- CREATE TABLE t ();", "/* a /* b */ ; */\n--"])
def test_a_script_that_says_nothing(text: str) -> None:
    assert blank(text)


@pytest.mark.parametrize("text", ["SELECT 1", "-- edit me\n\\i other.sql", "/* a */ 'b'", ";"])
def test_a_script_that_says_something(text: str) -> None:
    assert not blank(text)


def test_what_never_ends() -> None:
    assert controls("select 'open\ncommit;") == []
    assert controls("/* open commit;") == []
    assert controls("select $a$ open commit;") == []
