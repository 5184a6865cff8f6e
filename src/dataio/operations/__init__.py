"""One function per use case: explicit arguments, typed results, progress events. The library's API.

    plan, apply, status, history, check, diff, adopt, dump, recreate, and the development database

Each takes a :class:`~dataio.operations.target.Place` where it works on a database, prints nothing, and raises
:class:`~dataio.errors.DataioError` with the exit code of ``docs/cli.md``. Import what you need from its module:
``from dataio.operations.plan import plan``.
"""
