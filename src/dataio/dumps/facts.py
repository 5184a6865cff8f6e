"""What a manifest tells of a database beside its tables' rows, read in the dump's own moment."""

from __future__ import annotations

import psycopg

from dataio.dumps.errors import DumpError
from dataio.dumps.held import Held
from dataio.dumps.manifest import Database, Sequence
from dataio.dumps.properties import Properties
from dataio.dumps.sql import query
from dataio.postgres.locale import Locale
from dataio.postgres.redact import redact


class Facts:
    """Sizes of tables by OID, sequences, extensions, roles, and the database itself. Raises DumpError."""

    def __init__(self, held: Held) -> None:
        connection = held.connection
        oids = [relation.oid for relation in held.relations]
        try:
            self.sizes: dict[int, int] = dict(connection.execute(query("sizes"), [oids]).fetchall())
            self.sequences = tuple(Sequence(*row) for row in connection.execute(query("sequences")).fetchall())
            self.extensions: dict[str, str] = dict(connection.execute(query("extensions")).fetchall())
            self.roles = tuple(name for (name,) in connection.execute(query("roles")).fetchall())
            locale = Locale.of(connection)
            (public,) = connection.execute("select pg_catalog.to_regnamespace('public') is not null").fetchone() or (1,)
            properties = Properties.read(connection, held.info.database)
        except psycopg.Error as error:
            raise DumpError(f"cannot read the catalogue: {redact(str(error)).strip()}") from None
        self.database = Database(
            name=held.info.database,
            encoding=locale.encoding,
            owner=properties.owner if properties else "",
            locale_provider=locale.provider,
            collate=locale.collate,
            ctype=locale.ctype,
            locale=locale.name,
            icu_rules=locale.rules,
            properties=properties.plain() if properties else {},
            public_schema=bool(public),
        )
