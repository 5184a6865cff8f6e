"""The judge that reads pg_dump: what counts as a difference and what does not."""

from dataio.planner.judge import compare, entries

HEAD = "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nSET client_encoding = 'UTF8';\n\n"


def entry(name: str, body: str, kind: str = "TABLE") -> str:
    return f"--\n-- Name: {name}; Type: {kind}; Schema: public; Owner: -\n--\n\n{body}\n\n\n"


T = entry("t", "CREATE TABLE public.t (\n    a integer,\n    b text\n);")
T_TURNED = entry("t", "CREATE TABLE public.t (\n    b text,\n    a integer\n);")
U = entry("u", "CREATE TABLE public.u (\n    a integer\n);")


def test_where_an_object_stands_does_not_matter() -> None:
    assert compare(HEAD + T + U, HEAD + U + T) == []


def test_the_order_of_columns_does_not_matter() -> None:
    assert compare(HEAD + T, HEAD + T_TURNED) == []


def test_the_order_of_grants_does_not_matter() -> None:
    one = entry("TABLE t", "GRANT SELECT ON TABLE public.t TO a;\nGRANT ALL ON TABLE public.t TO b;", "ACL")
    two = entry("TABLE t", "GRANT ALL ON TABLE public.t TO b;\nGRANT SELECT ON TABLE public.t TO a;", "ACL")
    assert compare(one, two) == []


def test_neither_does_that_of_grants_by_others() -> None:
    def acl(*lines: str) -> str:
        return entry("TABLE t", "\n".join(lines), "ACL")

    mine, theirs = "GRANT SELECT ON TABLE public.t TO a;", "GRANT INSERT ON TABLE public.t TO b;"
    session = ("SET SESSION AUTHORIZATION c;", theirs, "RESET SESSION AUTHORIZATION;")
    assert compare(acl(mine, *session), acl(*session, mine)) == []
    assert compare(acl(mine, *session), acl(mine, theirs)) != []
    assert compare(acl(*session), acl("SET SESSION AUTHORIZATION d;", *session[1:])) != []


def test_a_changed_body_is_named() -> None:
    changed = T.replace("integer", "bigint")
    assert [str(difference) for difference in compare(HEAD + changed, HEAD + T)] == ["pg_dump: differs: table public.t"]


def test_what_is_missing_and_what_is_left_over_is_named() -> None:
    found = sorted(str(difference) for difference in compare(HEAD + T, HEAD + U))
    assert found == ["pg_dump: left over: table public.t", "pg_dump: missing: table public.u"]


def test_comments_inside_a_function_are_part_of_it() -> None:
    body = "CREATE FUNCTION public.f() RETURNS void\n    LANGUAGE sql\n    AS $$\n-- {}\nselect 1\n$$;"
    one, two = (entry("f()", body.format(word), "FUNCTION") for word in ("one", "two"))
    assert len(compare(one, two)) == 1


def test_ignored_entries_are_left_out() -> None:
    assert compare(T, U, ignored=lambda found: True) == []


def test_settings_of_pg_dump_are_no_part_of_an_object() -> None:
    (found,) = entries(HEAD + "SET default_tablespace = '';\n\n" + T)
    assert found.body.startswith("CREATE TABLE")


def test_settings_of_columns_follow_the_columns_whose_order_does_not_matter() -> None:
    header = "-- Name: t; Type: TABLE; Schema: public; Owner: -\n--\n\n"
    one = "ALTER TABLE ONLY public.t ALTER COLUMN a SET STATISTICS 50;\n"
    two = "ALTER TABLE ONLY public.t ALTER COLUMN b SET STORAGE MAIN;\n"
    table = "CREATE TABLE public.t (\n    {},\n    {}\n)\nWITH (fillfactor='70', autovacuum_enabled='false');\n"
    left = header + table.format("a text", "b text") + one + two
    right = header + table.format("b text", "a text") + two + one
    assert compare(left, right) == []
    assert len(compare(left, right.replace("STATISTICS 50", "STATISTICS 60"))) == 1


def test_lists_of_columns_follow_the_order_of_the_table() -> None:
    statistics = entry("s", "CREATE STATISTICS public.s (mcv) ON {}, {} FROM public.t;", "STATISTICS")
    published = entry("p t", "ALTER PUBLICATION p ADD TABLE ONLY public.t ({}, {}) WHERE ((a > 0));")
    for text in (statistics, published):
        assert compare(text.format("a", "b"), text.format("b", "a")) == []
        assert len(compare(text.format("a", "b"), text.format("a", "c"))) == 1
