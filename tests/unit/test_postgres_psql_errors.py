"""psql's stderr as errors with a place."""

from __future__ import annotations

from dataio.postgres.psql_errors import locate, parse

SCHEMA = """-- a comment
create table t (a int); create table u (
  a int,
\tb nosuchtype default 'äöü 日本', ccccccccccccccccccccccccccccccccccccccccccccccccccccccc int
);
"""


def test_an_error_with_its_place() -> None:
    stderr = (
        "psql:schema.sql:1: NOTICE:  00000: table exists\n"
        "LOCATION:  x\n"
        'psql:schema.sql:5: ERROR:  42704: type "nosuchtype" does not exist\n'
        "LINE 3:  b nosuchtype default 'äöü 日本', cccccccccccccccccccccccc...\n"
        "           ^\n"
        "DETAIL:  one\ntwo\n"
        "HINT:  a hint\n"
        "LOCATION:  typenameType, parse_type.c:270\n"
        "psql:schema.sql:5: STATEMENT:  create table u (\n"
        "  a int,\n"
        "\tb nosuchtype default 'äöü 日本', ccccccccccccccccccccccccccccccccccccccccccccccccccccccc int\n"
        ");\n"
    )
    (error,) = parse(stderr)
    assert (error.sqlstate, error.message) == ("42704", 'type "nosuchtype" does not exist')
    assert (error.detail, error.hint) == ("one\ntwo", "a hint")
    place = locate(error, SCHEMA)
    assert place is not None
    assert (place.line, place.column) == (4, 4)
    assert SCHEMA.split("\n")[3][3:].startswith("nosuchtype")
    assert place.excerpt().split("\n")[1].endswith("  ^")


def test_the_column_of_a_statement_that_is_not_the_first_on_its_line() -> None:
    stderr = (
        "psql:s.sql:1: FEHLER:  42703: Spalte »nix« existiert nicht\nLINE 1: select nix;\n               ^\n"
        "psql:s.sql:1: STATEMENT:  select nix;\n"
    )
    (error,) = parse(stderr)
    place = locate(error, "select 1; select nix;\n")
    assert place is not None
    assert (place.line, place.column) == (1, 18)


def test_a_long_line_is_cut_on_both_sides() -> None:
    columns = ", ".join(f"column_number_{n} int" for n in range(40))
    line = f"create table t ({columns}, broken nosuchtype, {columns});"
    stderr = (
        "psql:s.sql:1: ERROR:  42704: no\n"
        "LINE 1: ... column_number_38 int, column_number_39 int, broken nosuchtyp...\n"
        "                                                               ^\n"
        f"psql:s.sql:1: STATEMENT:  {line}\n"
    )
    place = locate(parse(stderr)[0], line)
    assert place is not None
    assert place.column == line.index("nosuchtype") + 1
    assert len(place.excerpt().split("\n")[0]) < 120
    assert place.excerpt().split("\n")[0].index("nosuchtype") == place.excerpt().split("\n")[1].index("^")


def test_psqls_own_errors() -> None:
    (error,) = parse("psql:a b.sql:7: error: missing.sql: No such file or directory\n")
    assert (error.file, error.line, error.sqlstate) == ("a b.sql", 7, "")
    place = locate(error, "\n" * 6 + "\\i missing.sql\n")
    assert place is not None
    assert place.text == "\\i missing.sql"


def test_nothing_to_say() -> None:
    assert parse("psql:s.sql:1: WARNING:  01000: careful\nLOCATION:  x\n") == []
    assert parse("") == []


def test_a_warning_is_no_error_whatever_its_sqlstate_and_language() -> None:
    warning = 'psql:s.sql:1: {}:  55000: "wal_level" is insufficient\nHINT:  Set it.\nLOCATION:  x\n'
    error = "psql:s.sql:2: {}:  42601: no\npsql:s.sql:2: STATEMENT:  nix\n"
    for words in (("WARNING", "ERROR"), ("WARNUNG", "FEHLER"), ("AVERTISSEMENT", "ERREUR")):
        assert [one.line for one in parse(warning.format(words[0]) + error.format(words[1]))] == [2]
