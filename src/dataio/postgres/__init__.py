"""Connections, PostgreSQL's own programs, the servers dataio runs itself, and scratch databases.

Start at :func:`dataio.postgres.conninfo.parse_target` (what to talk to), :func:`dataio.postgres.connection.connect`
(talk to it), :mod:`dataio.postgres.scratch` (somewhere to try things) and :mod:`dataio.postgres.load` (``schema.sql``).
"""
