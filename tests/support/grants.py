"""Random privileges: grants and revokes by and to several roles, default privileges, owners, things made after those.

Left out is what leaves a grant without what it rests on (pg_dump cannot restore that either): revoking from a role on a
table what it granted on the columns, or the right to use the schema from who has granted something in it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hypothesis import strategies as st

THINGS: Final = """
CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO PUBLIC;
CREATE TABLE t (a integer, b integer, c text);
CREATE TABLE s.u (a integer, b integer);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE SEQUENCE q;
CREATE TABLE n (a integer GENERATED ALWAYS AS IDENTITY, b serial);
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE TYPE e AS ENUM ('a');
CREATE DOMAIN d AS integer;
CREATE TYPE r AS (a integer);
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER far FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE away (a integer) SERVER far;
CREATE TABLE parted (a integer, b integer) PARTITION BY RANGE (a);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (1);
"""

_ROLES: Final = ("cases_owner", "cases_reader", "cases_writer")
_GRANTEES: Final = st.sampled_from((*_ROLES, "PUBLIC", "CURRENT_USER"))


class _Thing(NamedTuple):
    name: str
    privileges: tuple[str, ...]
    columns: tuple[str, ...] = ()


_TABLES: Final = (
    _Thing("TABLE t", ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"),
           ("a", "b", "c")),
    _Thing("TABLE s.u", ("SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES"), ("a", "b")),
    _Thing("TABLE v", ("SELECT", "INSERT", "UPDATE", "DELETE"), ("a", "b")),
)  # fmt: skip
_THINGS: Final = (
    *_TABLES,
    _Thing("TABLE m", ("SELECT", "MAINTAIN"), ("a",)),
    _Thing("TABLE away", ("SELECT", "INSERT"), ("a",)),
    _Thing("TABLE parted", ("SELECT", "INSERT", "UPDATE"), ("a", "b")),
    _Thing("TABLE part", ("SELECT", "UPDATE"), ("a",)),
    _Thing("TABLE n", ("SELECT", "INSERT"), ("a", "b")),
    _Thing("SEQUENCE q", ("USAGE", "SELECT", "UPDATE")),
    _Thing("SEQUENCE n_b_seq", ("USAGE", "SELECT")),
    *(_Thing(name, ("EXECUTE",)) for name in ("FUNCTION f(integer)", "PROCEDURE p()")),
    *(_Thing(name, ("USAGE",)) for name in
      ("TYPE e", "DOMAIN d", "TYPE r", "FOREIGN DATA WRAPPER w", "FOREIGN SERVER far", "LANGUAGE sql")),
)  # fmt: skip
_WITH_OWNERS: Final = (
    "TABLE t", "TABLE s.u", "VIEW v", "MATERIALIZED VIEW m", "SEQUENCE q", "FUNCTION f(integer)", "PROCEDURE p()",
    "TYPE e", "DOMAIN d", "TYPE r", "FOREIGN TABLE away", "TABLE parted", "TABLE part", "TABLE n", "SERVER far",
)  # fmt: skip
_LATER: Final = (
    "CREATE TABLE {0} (a integer, b integer)", "CREATE TABLE s.{0} (a integer)", "CREATE VIEW {0} AS SELECT 1 AS a",
    "CREATE SEQUENCE {0}_seq", "CREATE FUNCTION {0}_f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TYPE {0}_e AS ENUM ()", "CREATE SCHEMA {0}_s",
)  # fmt: skip
_BY_DEFAULT: Final = (
    ("TABLES", ("SELECT", "INSERT", "UPDATE", "ALL")), ("FUNCTIONS", ("EXECUTE",)), ("TYPES", ("USAGE",)),
    ("SEQUENCES", ("USAGE", "SELECT", "ALL")), ("SCHEMAS", ("USAGE",)),
)  # fmt: skip


@st.composite
def _on_things(draw: st.DrawFn) -> str:
    thing = draw(st.sampled_from(_THINGS) | st.sampled_from(_TABLES))
    some = st.lists(st.sampled_from(thing.privileges), min_size=1, max_size=3, unique=True)
    chosen = draw(st.just(["ALL"]) | some | some)
    if draw(st.booleans()) and thing.columns:
        columns = draw(st.lists(st.sampled_from(thing.columns), min_size=1, unique=True))
        of_columns = [one for one in chosen if one in {"ALL", "SELECT", "INSERT", "UPDATE", "REFERENCES"}]
        chosen = [f"{one} ({', '.join(columns)})" for one in of_columns] or chosen
    what, grantee = f"{', '.join(chosen)} ON {thing.name}", draw(_GRANTEES)
    if draw(st.integers(0, 2)):
        option = " WITH GRANT OPTION" if grantee != "PUBLIC" and draw(st.booleans()) else ""
        text = f"GRANT {what} TO {grantee}{option}"
    else:
        only = "" if draw(st.booleans()) or thing.columns else "GRANT OPTION FOR "
        text = f"REVOKE {only}{what} FROM {'PUBLIC' if thing.columns else grantee} CASCADE"
    by = draw(st.sampled_from(("", "", "", *_ROLES)))
    return f"SET ROLE {by}; {text}; RESET ROLE;" if by else f"{text};"


@st.composite
def _by_default(draw: st.DrawFn) -> str:
    things, privileges = draw(st.sampled_from(_BY_DEFAULT))
    where = "" if things == "SCHEMAS" else draw(st.sampled_from(("", " IN SCHEMA public", " IN SCHEMA s")))
    what, grantee = f"{draw(st.sampled_from(privileges))} ON {things}", draw(_GRANTEES)
    if not draw(st.integers(0, 2)):
        return f"ALTER DEFAULT PRIVILEGES{where} REVOKE {what} FROM {grantee};"
    option = " WITH GRANT OPTION" if grantee != "PUBLIC" and draw(st.booleans()) else ""
    return f"ALTER DEFAULT PRIVILEGES{where} GRANT {what} TO {grantee}{option};"


_OWNED: Final = st.builds(
    "ALTER {} OWNER TO {};".format, st.sampled_from(_WITH_OWNERS), st.sampled_from((*_ROLES[::2], "CURRENT_USER"))
)
_MADE: Final = st.tuples(st.sampled_from(_LATER), st.sampled_from("xyz")).map(
    lambda made: f"{made[0].format(made[1])};"
)
_STATEMENT: Final = st.one_of(_on_things(), _on_things(), _on_things(), _by_default(), _OWNED, _MADE)


def grants() -> st.SearchStrategy[tuple[list[str], list[str]]]:
    """Statements for either of two databases that have :data:`THINGS`; each may fail on what came before."""
    some = st.lists(_STATEMENT, min_size=2, max_size=60)
    return st.tuples(some, some)
