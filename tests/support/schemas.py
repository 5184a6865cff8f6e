"""Random schemas for the property test: structured data, drawn by hypothesis, rendered as SQL.

A schema is drawn as a pool of objects with fixed names, each of which may be there or not and look one way or another.
Two draws share names, so that most of one is an edit of the other: columns change their type, views their text,
tables their parents. Whatever refers to something that was not drawn is left out or written without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hypothesis import strategies as st

READERS: Final = ("cases_reader", "cases_writer")

_NAMES: Final = ("a", "b", "c", "d", 'q"x')
_TABLES: Final = ("t1", "t2", "T 3")
_PLAIN: Final = ("integer", "bigint", "text", "varchar(20)", "numeric(10,2)", "boolean", "date", "text[]", "jsonb")
_OWN: Final = ("mood", "pos", "pair")
_DEFAULTS: Final = {
    "integer": ("0", "7", "f(1)"),
    "bigint": ("0", "nextval('seq')"),
    "text": ("'x'", "upper('it''s')"),
    "varchar(20)": ("'x'",),
    "numeric(10,2)": ("1.5",),
    "boolean": ("true", "false"),
    "date": ("'2026-01-01'", "current_date"),
    "text[]": ("'{}'",),
    "jsonb": ("'{}'",),
    "mood": ("'sad'",),
    "pos": ("3",),
}
_NUMBERS: Final = frozenset({"integer", "bigint", "numeric(10,2)"})


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def said(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Column:
    """One column. ``special``: '', 'identity …' or 'stored' | 'virtual' of an expression over id."""

    name: str
    type: str
    default: str = ""
    not_null: bool = False
    special: str = ""
    comment: str = ""
    storage: str = ""
    statistics: int = -1
    check: bool = False

    def sql(self) -> str:
        words = [quoted(self.name), self.type]
        if self.special.startswith("identity"):
            words.append(f"GENERATED {self.special.removeprefix('identity ')} AS IDENTITY")
        elif self.special:
            words.append(f"GENERATED ALWAYS AS (id * 2) {self.special}")
        elif self.default:
            words.append(f"DEFAULT {self.default}")
        words += ["NOT NULL"] if self.not_null else []
        words += [f"CHECK ({quoted(self.name)} > 0)"] if self.check and self.type in _NUMBERS else []
        return " ".join(words)


@dataclass(frozen=True)
class Index:
    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: bool = False


@dataclass(frozen=True)
class Table:
    """``id integer`` comes first in each table. ``part``: '', 'list' or 'range' by id; ``parent``: inherits t1."""

    name: str
    columns: tuple[Column, ...]
    key: str = ""
    unlogged: bool = False
    fillfactor: int = 0
    row_security: bool = False
    policy: str = ""
    indexes: tuple[Index, ...] = ()
    references: str = ""
    action: str = ""
    part: str = ""
    partitions: tuple[tuple[str, str], ...] = ()
    parent: bool = False
    trigger: str = ""
    comment: str = ""
    grants: tuple[tuple[str, str], ...] = ()
    owner: str = ""

    def names(self) -> list[str]:
        return ["id", *(column.name for column in self.columns)]


@dataclass(frozen=True)
class Schema:
    """What one side has."""

    moods: tuple[str, ...] = ()
    domain: str = ""
    pair: tuple[tuple[str, str], ...] = ()
    sequence: str = ""
    function: str = ""
    tables: tuple[Table, ...] = ()
    view: str = ""
    over: str = ""
    materialized: bool = False
    default_privileges: bool = False
    comments: tuple[str, ...] = field(default=())

    def types(self) -> set[str]:
        own = {"mood": self.moods, "pos": self.domain, "pair": self.pair}
        return {name for name, value in own.items() if value}


# ---- drawing -------------------------------------------------------------------------------------------------------

_some_text = st.sampled_from(("", "", "a note", "it's"))


@st.composite
def _columns(draw: st.DrawFn) -> tuple[Column, ...]:
    names = draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=4))
    found = []
    for name in names:
        type_ = draw(st.sampled_from((*_PLAIN, *_OWN)))
        default = draw(st.sampled_from(("", "", *_DEFAULTS.get(type_, ()))))
        special = ""
        if type_ in {"integer", "bigint"}:
            special = draw(st.sampled_from(("", "", "", "identity ALWAYS", "identity BY DEFAULT", "STORED", "VIRTUAL")))
        found.append(
            Column(
                name,
                type_,
                default,
                draw(st.booleans()),
                special,
                draw(_some_text),
                draw(st.sampled_from(("", "", "EXTERNAL", "MAIN"))) if type_ in {"text", "jsonb"} else "",
                draw(st.sampled_from((-1, -1, 50))),
                draw(st.booleans()) and not special,
            )
        )
    return tuple(found)


@st.composite
def _table(draw: st.DrawFn, name: str) -> Table:
    columns = draw(_columns())
    names = ["id", *(column.name for column in columns if column.special != "VIRTUAL" and column.type != "jsonb")]
    indexes = tuple(
        Index(
            f"{name} {suffix}",
            tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for suffix in draw(st.lists(st.sampled_from(("one", "two")), unique=True))
    )
    part = draw(st.sampled_from(("", "", "", "list", "range")))
    partitions = draw(
        st.lists(
            st.sampled_from(
                (("p1", "IN (1, 2)"), ("p2", "IN (3)"), ("p1", "IN (1)"))
                if part == "list"
                else (("p1", "FROM (0) TO (10)"), ("p2", "FROM (10) TO (20)"), ("p1", "FROM (0) TO (5)"))
            ),
            unique_by=lambda item: item[0],
        )
    )
    return Table(
        name,
        columns,
        draw(st.sampled_from(("", "PRIMARY KEY", "UNIQUE", "UNIQUE NULLS NOT DISTINCT"))),
        not part and draw(st.booleans()) and draw(st.booleans()),
        0 if part else draw(st.sampled_from((0, 0, 70, 90))),
        draw(st.booleans()),
        draw(
            st.sampled_from(("", "", "FOR SELECT USING (id > 0)", "USING (id > 1)", "TO cases_reader USING (id > 1)"))
        ),
        tuple(replace(index, unique=index.unique and (not part or "id" in index.columns)) for index in indexes),
        draw(st.sampled_from(("", *_TABLES))),
        draw(st.sampled_from(("", "ON DELETE CASCADE", "ON UPDATE SET NULL", "DEFERRABLE INITIALLY DEFERRED"))),
        part,
        tuple(partitions) if part else (),
        not part and name == "T 3" and draw(st.booleans()),
        draw(st.sampled_from(("", "", "AFTER INSERT", "BEFORE UPDATE OF id"))),
        draw(_some_text),
        tuple(
            (reader, draw(st.sampled_from(("SELECT", "SELECT, INSERT", "SELECT (id)", "ALL"))))
            for reader in draw(st.lists(st.sampled_from(READERS), unique=True))
        ),
        draw(st.sampled_from(("", "", "", "cases_owner"))),
    )


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Any schema."""
    moods = draw(st.sampled_from(((), ("sad", "ok"), ("sad", "fine", "ok"), ("sad",), ("ok", "sad"))))
    domain = draw(st.sampled_from(("", "integer CHECK (VALUE > 0)", "bigint CHECK (VALUE > 0)", "integer DEFAULT 5")))
    pair = draw(
        st.sampled_from(((), (("x", "integer"), ("y", "text")), (("x", "bigint"), ("y", "text")), (("x", "integer"),)))
    )
    tables = tuple(draw(_table(name)) for name in _TABLES if draw(st.booleans()) or draw(st.booleans()))
    return Schema(
        moods,
        domain,
        pair,
        draw(st.sampled_from(("", "START 1", "AS bigint INCREMENT 5 CACHE 3", "MAXVALUE 1000 CYCLE"))),
        draw(
            st.sampled_from(
                (
                    "",
                    "f(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'select 1'",
                    "f(x integer) RETURNS integer LANGUAGE sql STABLE STRICT AS 'select 2'",
                    "f(y integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'select 1'",
                    "f(x integer, z integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'select 1'",
                )
            )
        ),
        tables,
        draw(st.sampled_from(("", *_TABLES))),
        draw(st.sampled_from(("", "VIEW", "MATERIALIZED VIEW"))),
        draw(st.booleans()),
        draw(st.booleans()) and draw(st.booleans()),
    )


@st.composite
def edits(draw: st.DrawFn, schema: Schema) -> Schema:
    """The schema with one to four of its parts drawn anew."""
    other = draw(schemas())
    fields = ("moods", "domain", "pair", "sequence", "function", "view", "over", "materialized", "default_privileges")
    changed: dict[str, Any] = {
        name: getattr(other, name) for name in draw(st.lists(st.sampled_from(fields), unique=True, max_size=3))
    }
    mine = {table.name: table for table in schema.tables}
    for table in other.tables:
        match draw(st.sampled_from(("keep", "drop", "take", "mix"))):
            case "drop":
                mine.pop(table.name, None)
            case "take":
                mine[table.name] = table
            case "mix" if table.name in mine:
                parts = draw(st.lists(st.sampled_from(_MIXED), unique=True, min_size=1))
                taken: dict[str, Any] = {part: getattr(table, part) for part in parts}
                mine[table.name] = replace(mine[table.name], **taken)
    return replace(schema, **changed, tables=tuple(mine[name] for name in _TABLES if name in mine))


_MIXED: Final = (
    "columns", "key", "unlogged", "fillfactor", "row_security", "policy", "indexes", "references", "action",
    "partitions", "parent", "trigger", "comment", "grants", "owner",
)  # fmt: skip


@st.composite
def transitions(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """An old and a new schema: mostly an edit, at times two that have nothing to do with each other."""
    old = draw(schemas())
    return old, draw(edits(old) if draw(st.integers(0, 3)) else schemas())


# ---- writing -------------------------------------------------------------------------------------------------------


def render(schema: Schema) -> str:
    """The schema as SQL that PostgreSQL 18 takes, in an order in which it can be run."""
    return "".join(f"{statement};\n" for statement in _Rendering(schema).statements())


class _Rendering:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.unlogged = {table.name for table in schema.tables if table.unlogged}
        self.tables = [self._possible(table) for table in schema.tables]
        self.by_name = {table.name: table for table in self.tables}

    def _possible(self, table: Table) -> Table:
        """Without what PostgreSQL would refuse, or what refers to what is not there."""
        own = self.schema.types()
        columns = tuple(
            replace(column, default=self._default(column))
            for column in table.columns
            if column.type not in _OWN or column.type in own
        )
        if any(other.parent for other in self.schema.tables) and table.name in {"t1", "T 3"}:
            # children and parents: only what may be merged, and no identity, which is never inherited
            columns = tuple(replace(c, special="" if c.special.startswith("identity") else c.special) for c in columns)
        if table.part:
            columns = tuple(replace(c, special="" if c.special.startswith("identity") else c.special) for c in columns)
        seen_identity = False
        kept = []
        for column in columns:
            identity = column.special.startswith("identity")
            kept.append(replace(column, special="") if identity and seen_identity else column)
            seen_identity = seen_identity or identity
        names = {"id", *(column.name for column in kept)}
        indexes = tuple(index for index in table.indexes if names.issuperset(index.columns))
        indexes = tuple(
            index
            for index in indexes
            if not any(c.name in index.columns and (c.type in {"jsonb"} or c.special == "VIRTUAL") for c in kept)
        )
        parted = bool(table.part)
        return replace(
            table,
            columns=tuple(kept),
            indexes=indexes,
            unlogged=table.unlogged and not parted,
            fillfactor=0 if parted else table.fillfactor,
            partitions=table.partitions if parted else (),
        )

    def _default(self, column: Column) -> str:
        if "f(1)" in column.default and not self.schema.function:
            return ""
        if "nextval" in column.default and not self.schema.sequence:
            return ""
        if column.default not in ("", *_DEFAULTS.get(column.type, ())):
            return ""
        return (
            "'sad'"
            if column.default == "'sad'" and "sad" in self.schema.moods
            else ("" if column.default == "'sad'" else column.default)
        )

    def statements(self) -> Iterator[str]:
        schema = self.schema
        if schema.moods:
            yield f"CREATE TYPE mood AS ENUM ({', '.join(said(mood) for mood in schema.moods)})"
        if schema.domain:
            yield f"CREATE DOMAIN pos AS {schema.domain}"
        if schema.pair:
            yield f"CREATE TYPE pair AS ({', '.join(f'{name} {type_}' for name, type_ in schema.pair)})"
        if schema.sequence:
            yield f"CREATE SEQUENCE seq {schema.sequence}"
        if schema.function:
            yield f"CREATE FUNCTION {schema.function}"
        yield "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'"
        for table in self.tables:
            yield from self._table(table)
        for table in self.tables:
            yield from self._reference(table)
        yield from self._views()
        if schema.default_privileges:
            yield "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO cases_reader"

    def _table(self, table: Table) -> Iterator[str]:
        name = quoted(table.name)
        body = ["id integer NOT NULL", *(column.sql() for column in table.columns)]
        body += [f"{table.key} (id)"] if table.key else []
        ending = f" PARTITION BY {table.part} (id)" if table.part else ""
        above = self.by_name.get("t1")
        if table.parent and above is not None and not above.part and above.unlogged == table.unlogged:
            # The parent's columns are declared here, too: no command takes such a declaration back.
            shared = {column.name for column in above.columns}
            own = [column for column in table.columns if column.name not in shared]
            body = ["id integer NOT NULL", *(column.sql() for column in (*above.columns, *own))]
            body += [f"{table.key} (id)"] if table.key else []
            ending = " INHERITS (t1)"
        ending += f" WITH (fillfactor = {table.fillfactor})" if table.fillfactor else ""
        yield f"CREATE {'UNLOGGED ' * table.unlogged}TABLE {name} ({', '.join(body)}){ending}"
        for part, bound in table.partitions:
            yield f"CREATE TABLE {quoted(f'{table.name} {part}')} PARTITION OF {name} FOR VALUES {bound}"
        for index in table.indexes:
            columns = ", ".join(quoted(column) for column in index.columns)
            where = " WHERE id > 0" if index.where else ""
            yield f"CREATE {'UNIQUE ' * index.unique}INDEX {quoted(index.name)} ON {name} ({columns}){where}"
        yield from self._column_settings(table)
        if table.row_security:
            yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        if table.policy:
            yield f"CREATE POLICY p ON {name} {table.policy}"
        if table.trigger:
            yield f"CREATE TRIGGER tr {table.trigger} ON {name} FOR EACH ROW EXECUTE FUNCTION note()"
        if table.comment:
            yield f"COMMENT ON TABLE {name} IS {said(table.comment)}"
        for reader, words in table.grants:
            yield f"GRANT {words} ON {name} TO {reader}"
        if table.owner:
            yield f"ALTER TABLE {name} OWNER TO {table.owner}"

    def _column_settings(self, table: Table) -> Iterator[str]:
        name = quoted(table.name)
        inherited = (
            {column.name for column in self.by_name["t1"].columns} if table.parent and "t1" in self.by_name else set()
        )
        for column in table.columns:
            if column.name in inherited:
                continue
            head = f"ALTER TABLE {name} ALTER {quoted(column.name)}"
            if column.comment:
                yield f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {said(column.comment)}"
            if column.storage:
                yield f"{head} SET STORAGE {column.storage}"
            if column.statistics >= 0 and column.special != "VIRTUAL":
                yield f"{head} SET STATISTICS {column.statistics}"

    def _reference(self, table: Table) -> Iterator[str]:
        other = self.by_name.get(table.references)
        if other is None or not other.key or (other.unlogged and not table.unlogged):
            return
        text = (
            f"ALTER TABLE {quoted(table.name)} ADD CONSTRAINT ref FOREIGN KEY (id) REFERENCES {quoted(other.name)} (id)"
        )
        yield f"{text} {table.action}".rstrip()

    def _views(self) -> Iterator[str]:
        table = self.by_name.get(self.schema.view)
        if table is None:
            return
        columns = ", ".join(quoted(name) for name in table.names())
        kind = "MATERIALIZED VIEW" if self.schema.materialized else "VIEW"
        yield f"CREATE {kind} v AS SELECT {columns} FROM {quoted(table.name)} WHERE id > 0"
        yield f"COMMENT ON {kind} v IS 'seen'"
        if self.schema.materialized:
            yield "CREATE INDEX v_id ON v (id)"
        if self.schema.over:
            yield f"CREATE {self.schema.over} over AS SELECT count(*) AS n, max(id) AS top FROM v"
            yield "GRANT SELECT ON over TO cases_writer"
