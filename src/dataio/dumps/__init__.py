"""Dumps: versioned, tagged, verified, restored.

A dump is a folder of objects in a :class:`~dataio.dumps.store.Store` (an S3 bucket, a local folder)::

    PREFIX/schema_v003/2026-11-22T10:00:00/manifest.json   written last: without it there is no dump
                                          /schema.sql      pg_dump --schema-only, written first
                                          /globals.sql     roles and tablespaces, without passwords
                                          /data.dump.zst   pg_dump --format=custom, compressed by us; or
                                          /data/…          pg_dump --format=directory, an object per table
                                          /labels/…        empty; their names hold what a listing must know

:mod:`~dataio.dumps.create` makes one, :mod:`~dataio.dumps.catalogue` finds it, :mod:`~dataio.dumps.verify` reads it
again, :mod:`~dataio.dumps.restore` brings it back, :mod:`~dataio.dumps.retention` says which may go.
"""
