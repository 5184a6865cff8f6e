"""From result rows to facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import psycopg

from dataio.snapshot.addresses import Addresses, pack
from dataio.snapshot.keys import ATTACHMENTS, PUBLIC, SELF, Key, attached_to
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Fact, Value
from dataio.snapshot.wording import settled

Cursor: TypeAlias = psycopg.Cursor[tuple[Any, ...]]

_JSON_OIDS: Final = frozenset({114, 3802})
_ROLE_PARTS: Final[Mapping[str, tuple[int, ...]]] = {"user_mapping": (1,), "default_privilege": (0, 3)}
_SYSTEM: Final = frozenset({"pg_catalog", "information_schema"})


class Vanished(Exception):
    """PostgreSQL no longer has the words for something that the transaction still sees: another session dropped it."""


class Reader:
    """Collects the facts of one snapshot. Equal paths and attribute tuples are kept once."""

    def __init__(
        self,
        addresses: Addresses,
        self_role: str,
        ignored_schemas: frozenset[str],
        like: Mapping[Key, Fact] = MappingProxyType({}),
    ) -> None:
        """``like``: facts of another snapshot. Those that are equal here are not kept a second time."""
        self._like = like
        self.facts: Final[dict[Key, Fact]] = {}
        self.wording: Final[dict[tuple[Key, str], str]] = {}
        self.notes: Final[list[str]] = []
        self._addresses = addresses
        self._self_role = self_role
        self._ignored = ignored_schemas | _SYSTEM
        self._strings: dict[str, str] = {}
        self._paths: dict[tuple[str, ...], tuple[str, ...]] = {}

    def role(self, name: str) -> str:
        """A role's name as facts have it."""
        return SELF if name == self._self_role else name

    def is_ignored(self, key: Key) -> bool:
        """Whether the key is of something in a schema that is left out."""
        if key.kind in ATTACHMENTS:
            # what was granted on PostgreSQL's own objects counts
            target = attached_to(key)
            return self.is_ignored(target) and not (key.kind == "privilege" and _schema(target) == "pg_catalog")
        return _schema(key) in self._ignored

    def interned(self, value: Value) -> Value:
        """One and the same tuple for equal lists of names: those of tables and columns come back again and again."""
        if not isinstance(value, tuple):
            return value
        names = tuple(self._strings.setdefault(name, name) for name in value if isinstance(name, str))
        return self._paths.setdefault(names, names) if len(names) == len(value) else value

    def add(self, fact: Fact) -> None:
        self.facts[fact.key] = fact

    def read(self, kind_name: str, cursor: Cursor) -> None:
        """Add the facts of one kind's query; known addresses are noted for ignored schemas, too."""
        kind = KINDS[kind_name]
        layout = _Layout(kind_name, cursor)
        known = self._addresses.exact
        catalog = self._addresses.catalogs.get(kind.catalog) if kind.catalog else None
        in_schema = _schema_part(kind_name)
        role_parts = _ROLE_PARTS.get(kind_name)
        attributes, info, convert = layout.attributes, layout.info, layout.convert
        intern, intern_path = self._strings.setdefault, self._paths.setdefault
        # Per kind: across kinds (1,) and (True,) would be one.
        intern_values = dict[tuple[Value, ...], tuple[Value, ...]]().setdefault
        intern_info = dict[tuple[Value, ...], tuple[Value, ...]]().setdefault
        make, facts, like = tuple.__new__, self.facts, self._like.get
        for row in rows(cursor):
            raw_path = row[layout.path]
            if role_parts:
                for i in role_parts:
                    raw_path[i] = self.role(raw_path[i])
            path = tuple([intern(part, part) for part in raw_path])
            key: Key = make(Key, (kind_name, intern_path(path, path)))
            if (other := like(key)) is not None:
                key = other.key
            objid = row[layout.objid]
            if objid is not None:
                of = catalog if layout.classid is None else row[layout.classid]
                if of is None:
                    raise KeyError(f"{kind_name} has an address but no catalogue")
                known[of].setdefault(pack(objid, row[layout.objsubid] or 0), key)
            if in_schema is not None and path[in_schema] in self._ignored:
                if path[in_schema] in _SYSTEM:
                    self.notes.append(f"left out, as pg_dump does: {key}")
                continue
            values = attributes(row)
            if convert:
                values = self._converted(key, values, convert)
            more = info(row)
            if other is not None and other.values == values and other.info_values == more:
                facts[key] = other
            else:
                facts[key] = Fact(key, intern_values(values, values), intern_info(more, more))

    def _converted(
        self, key: Key, values: tuple[Any, ...], convert: tuple[tuple[int, Callable[..., Value]], ...]
    ) -> tuple[Value, ...]:
        changed = list(values)
        for i, function in convert:
            if changed[i] is not None:
                changed[i] = function(self, key, changed[i], changed)
            elif KINDS[key.kind].attributes[i] == "definition":
                raise Vanished(f"{key} is gone")
        return tuple(changed)


def _schema_part(kind: str) -> int | None:
    """Where a kind's path names the schema that the thing is in, or is."""
    parts = KINDS[kind].parts
    return 0 if kind == "schema" else parts.index("schema") if "schema" in parts else None


def _schema(key: Key) -> str | None:
    part = _schema_part(key.kind)
    return None if part is None else key.path[part]


class _Layout:
    """Where a query's result has what, and which attributes need more than the driver does."""

    def __init__(self, kind_name: str, cursor: Cursor) -> None:
        kind = KINDS[kind_name]
        description = cursor.description or []
        index = {column.name: i for i, column in enumerate(description)}
        missing = {"objid", "objsubid", "path", *kind.attributes, *kind.info} - index.keys()
        if missing:
            raise KeyError(f"sql/{kind_name}.sql gives no {', '.join(sorted(missing))}")
        self.objid = index["objid"]
        self.objsubid = index["objsubid"]
        self.path = index["path"]
        self.classid = index.get("classid")  # where a kind lives in more than one catalogue
        self.attributes = _getter([index[name] for name in kind.attributes])
        self.info = _getter([index[name] for name in kind.info], structured=[
            name for name in kind.info if _is_structured(cursor, index[name])
        ] != [])  # fmt: skip
        self.convert: tuple[tuple[int, Callable[..., Value]], ...] = tuple(
            (i, function)
            for i, name in enumerate(kind.attributes)
            if (function := _conversion(kind_name, name, _is_structured(cursor, index[name]))) is not None
        )


def _getter(indexes: list[int], *, structured: bool = False) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    if structured:
        return lambda row: tuple(_tupled(row[i]) for i in indexes)
    if not indexes:
        return lambda row: ()
    if len(indexes) == 1:
        only = indexes[0]
        return lambda row: (row[only],)
    return itemgetter(*indexes)


def _is_structured(cursor: Cursor, column: int) -> bool:
    """Whether a column holds lists: an array type's registry entry is its element type's."""
    code = cursor.description[column].type_code if cursor.description else 0
    info = cursor.adapters.types.get(code)
    return code in _JSON_OIDS or (info is not None and info.array_oid == code)


def _conversion(kind: str, attribute: str, structured: bool) -> Callable[..., Value] | None:
    if kind == "policy" and attribute == "roles":
        return _roles
    if structured:
        return _lists
    if attribute in KINDS[kind].expressions:
        return {"function": _body, "procedure": _body}.get(kind, _wording)(attribute)
    return None


def _tupled(value: Any) -> Value:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


def _lists(reader: Reader, key: Key, value: Any, values: list[Any]) -> Value:
    return reader.interned(_tupled(value)) if value else ()


def _roles(reader: Reader, key: Key, value: list[str], values: list[Any]) -> Value:
    return tuple(sorted((reader.role(name) for name in value), key=lambda name: (name != PUBLIC, name)))


def _wording(attribute: str) -> Callable[..., Value]:
    def convert(reader: Reader, key: Key, value: str, values: list[Any]) -> Value:
        if "(ARRAY[" not in value or (text := settled(value)) == value:
            return value
        reader.wording[key, attribute] = value
        return text

    return convert


def _body(attribute: str) -> Callable[..., Value]:
    """Of routines, only what PostgreSQL deparses: a body given as a string is the user's own words."""
    atomic = {name: KINDS[name].attribute_index["atomic"] for name in ("function", "procedure")}
    convert_deparsed = _wording(attribute)

    def convert(reader: Reader, key: Key, value: str, values: list[Any]) -> Value:
        if attribute == "definition" and not values[atomic[key.kind]]:
            return value
        return convert_deparsed(reader, key, value, values)

    return convert


def rows(cursor: Cursor, at_once: int = 1000) -> Iterator[tuple[Any, ...]]:
    """All rows: faster than one by one, smaller than all at once."""
    while chunk := cursor.fetchmany(at_once):
        yield from chunk


def packed_arrays(cursor: Cursor) -> Iterator[tuple[Any, ...]]:
    """Rows that carry ``array_agg`` columns, those without any element left out."""
    return (row for row in cursor if None not in row)
