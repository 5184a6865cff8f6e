"""Random types that change all at once, and what is of them: an enum, domain, composite and range, routines, columns.

Statements that PostgreSQL does not take (a default that is no label, a routine that is there already) are left out.
The partitioned table over the enum is made anew where that is: a partition key's type stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hypothesis import strategies as st

_LABELS: Final = ("a", "b", "c", "d", "e", "f")
_TYPES: Final = ("integer", "bigint", "text", "numeric", "boolean", "date", "hue", "dom", "pair", "hue[]", "integer[]",
                 "text[]", "dom[]")  # fmt: skip
_ALL: Final = st.sampled_from(_TYPES)
_IMMUTABLE: Final = st.sampled_from(("IMMUTABLE", "IMMUTABLE STRICT"))


@st.composite
def _routine(draw: st.DrawFn, name: str) -> str:
    arguments, out = [], False
    for number in range(draw(st.integers(0, 3))):
        mode = draw(st.sampled_from(("", "", "", "OUT ", "INOUT ", "VARIADIC ")))
        type_ = draw(st.sampled_from(("integer[]", "text[]")) if mode == "VARIADIC " else _ALL)
        default = " DEFAULT NULL" if not mode and draw(st.integers(0, 2)) == 0 else ""
        arguments.append(f"{mode}{draw(st.sampled_from(('', f'x{number} ', f'y{number} ')))}{type_}{default}")
        out = out or mode in {"OUT ", "INOUT "}
        if mode == "VARIADIC ":
            break
    sets = ("void", "SETOF integer", "SETOF text", "TABLE (a integer, b text)", "SETOF pair")
    returns = "" if out else f" RETURNS {draw(_ALL | st.sampled_from(sets))}"
    language, body = draw(st.sampled_from((("sql", "SELECT NULL"), ("plpgsql", "begin end"))))
    words = [
        draw(st.sampled_from(("VOLATILE", "STABLE", "IMMUTABLE"))),
        draw(st.sampled_from(("", "STRICT"))),
        draw(st.sampled_from(("", "SECURITY DEFINER"))),
        draw(st.sampled_from(("", "LEAKPROOF"))),
        draw(st.sampled_from(("", "PARALLEL SAFE", "PARALLEL RESTRICTED"))),
        draw(st.sampled_from(("", "", "COST 10", "COST 500"))),
        draw(st.sampled_from(("", "", "SET search_path = public", "SET work_mem = 100", "SET datestyle = iso"))),
    ]
    if "SETOF" in returns or "TABLE" in returns:
        words.append(draw(st.sampled_from(("", "ROWS 5"))))
    return f"CREATE FUNCTION {name}({', '.join(arguments)}){returns} LANGUAGE {language} {' '.join(words)} AS '{body}';"


def _uses(column: str, label: str) -> tuple[str, ...]:
    """What may use a column that is an enum."""
    return (
        f"CREATE INDEX ON t ({column}) WHERE {column} = '{label}';",
        f"CREATE INDEX ON t (of_hue({column}));",
        f"ALTER TABLE t ADD CONSTRAINT not_{column} CHECK ({column} <> '{label}');",
        f"CREATE VIEW v_{column} AS SELECT {column}, {column} = '{label}' AS so FROM t;",
        f"CREATE VIEW w_{column} AS SELECT of_hue({column}) AS z FROM t;",
        f"CREATE MATERIALIZED VIEW m_{column} AS SELECT {column} FROM t;",
        f"CREATE POLICY p_{column} ON t USING ({column} IN ('{label}'));",
        f"CREATE TRIGGER g_{column} BEFORE UPDATE ON t FOR EACH ROW WHEN (new.{column} = '{label}')"
        " EXECUTE FUNCTION fires();",
        f"CREATE RULE r_{column} AS ON DELETE TO t WHERE old.{column} = '{label}' DO ALSO NOTHING;",
        f"CREATE STATISTICS s_{column} ON {column}, id FROM t;",
        f"CREATE FUNCTION f_{column}() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t"
        f" WHERE {column} = '{label}'; END;",
    )


_DEFAULTS: Final = {
    "hue": (" DEFAULT '{}'",),
    "hue[]": (" DEFAULT ARRAY['{}']::hue[]",),
    "integer": (" DEFAULT 1", " GENERATED ALWAYS AS IDENTITY", " DEFAULT im(1)::text::integer",
                " GENERATED ALWAYS AS (1 + 1) STORED"),
    "text": (" DEFAULT im(2)::text",),
}  # fmt: skip
_MAYBE: Final = (
    "CREATE VIEW of_im AS SELECT im(id) AS x FROM t;",
    "CREATE VIEW of_of_im AS SELECT * FROM of_im;",
    "CREATE INDEX ON t ((im(id)));",
    "CREATE FUNCTION of_row(t) RETURNS integer LANGUAGE sql AS 'SELECT 1';",
    "CREATE TABLE holds (p pair, ps pair[], d dom[]);",
    "CREATE TABLE typed OF pair;",
    "CREATE TRIGGER always BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fires();",
    "CREATE FUNCTION adds(integer, hue) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
    " CREATE AGGREGATE sums(hue) (SFUNC = adds, STYPE = integer);",
    "CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT;",
    "COMMENT ON TYPE hue IS 'of a thing';",
    "GRANT USAGE ON TYPE hue TO cases_reader;",
    "GRANT EXECUTE ON FUNCTION im(integer) TO cases_reader;",
)


@st.composite
def _types(draw: st.DrawFn) -> list[str]:
    labels = draw(st.lists(st.sampled_from(_LABELS), min_size=1, unique=True))
    listed = ", ".join(f"'{label}'" for label in labels)
    base = draw(st.sampled_from(("integer", "text", "hue", "bigint", "numeric(10,2)", "varchar(5)")))
    checks = (
        "", " CHECK (value IS NOT NULL)", " NOT NULL",
        " CONSTRAINT k CHECK (value IS NOT NULL) CONSTRAINT k2 CHECK (value::text <> 'x')",
    )  # fmt: skip
    check = "" if base == "hue" else draw(st.sampled_from(checks))
    parts = draw(st.lists(st.sampled_from("pqs"), min_size=1, unique=True))
    attributes = [f"{part} {draw(st.sampled_from(('integer', 'text', 'hue', 'dom', 'hue[]')))}" for part in parts]
    subtype = draw(st.sampled_from(("integer", "numeric", "date", "text")))
    made = [
        f"CREATE TYPE hue AS ENUM ({listed});",
        f"CREATE DOMAIN dom AS {base}{check};",
        f"CREATE TYPE pair AS ({', '.join(attributes)});",
        f"CREATE TYPE span AS RANGE (SUBTYPE = {subtype});",
        "CREATE TABLE parted (h hue, x integer) PARTITION BY LIST (h);",
        f"CREATE TABLE part PARTITION OF parted FOR VALUES IN ('{draw(st.sampled_from(_LABELS))}');",
    ]
    for name in draw(st.lists(st.sampled_from(("f1", "f1", "f2", "f3")), max_size=5)):
        made.append(draw(_routine(name)))
    result = draw(st.sampled_from(("integer", "text", "hue")))
    argument, of_hue = draw(st.sampled_from(("x ", "y ", ""))), draw(st.sampled_from(("integer", "text")))
    made += [
        f"CREATE FUNCTION im({argument}integer) RETURNS {result} LANGUAGE sql {draw(_IMMUTABLE)}"
        f" AS 'SELECT NULL::{result}';",
        f"CREATE FUNCTION of_hue(hue) RETURNS {of_hue} LANGUAGE sql IMMUTABLE AS 'SELECT NULL::{of_hue}';",
        f"CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql {draw(st.sampled_from(('', 'SECURITY DEFINER')))}"
        " AS 'begin return new; end';",
    ]
    return [*made, *draw(_table(labels)), *draw(st.lists(st.sampled_from(_MAYBE), unique=True))]


@st.composite
def _table(draw: st.DrawFn, labels: list[str]) -> list[str]:
    names = draw(st.lists(st.sampled_from(("c1", "c2", "c3", "c4", "c5", "c6")), min_size=2, unique=True))
    columns, uses = ["id integer"], []
    for name in names:
        type_ = draw(_ALL | st.sampled_from(("span", "hue", "hue", "dom", "pair")))
        default = draw(st.sampled_from(("", *_DEFAULTS.get(type_, ())))).format(draw(st.sampled_from(labels)))
        columns.append(f"{name} {type_}{default}{draw(st.sampled_from(('', '', ' NOT NULL')))}")
        if type_ == "hue":
            some = st.lists(st.sampled_from(_uses(name, draw(st.sampled_from(labels)))), max_size=4, unique=True)
            uses += draw(some)
        elif type_ == "dom":
            uses += draw(st.lists(st.sampled_from((f"CREATE INDEX ON t ({name});",
                                                   f"CREATE VIEW d_{name} AS SELECT {name} FROM t;",
                                                   f"CREATE VIEW e_{name} AS SELECT {name}::text AS x FROM t;")),
                                  max_size=2, unique=True))  # fmt: skip
    return [f"CREATE TABLE t ({', '.join(columns)});", *uses]


@st.composite
def types(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Statements for two databases; of the second, some or none are those of the first."""
    old, new = draw(_types()), draw(_types())
    alike = draw(st.booleans())
    return old, [*_mixed(draw, old, new)] if alike else new


def _mixed(draw: st.DrawFn, old: list[str], new: list[str]) -> Iterator[str]:
    for number, statement in enumerate(new):
        yield old[number] if number < len(old) and draw(st.booleans()) else statement
