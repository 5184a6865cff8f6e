"""A synchronous standby that is gone: COMMIT would wait for ever, and the command line says so instead of hanging."""

from __future__ import annotations

import time
from pathlib import Path

from support.planning import execute

from acceptance.conftest import project
from dataio.postgres import server
from dataio.postgres.binaries import embedded

OLD = "CREATE TABLE thing (id bigint PRIMARY KEY, n integer);\n"


def test_apply_does_not_begin_what_could_not_end(tmp_path: Path) -> None:
    with server.temporary(embedded(18), settings={"fsync": "off"}) as cluster:
        target = cluster.target("live")
        execute(cluster.target(), "CREATE DATABASE live")
        work = project(tmp_path, target, OLD)
        work.cli("schema", "plan", "thing")
        work.cli("schema", "apply", "--yes")
        execute(cluster.target(), "ALTER SYSTEM SET synchronous_standby_names = 'gone'")
        execute(cluster.target(), "SELECT pg_reload_conf()")
        time.sleep(0.3)
        work.schema.write_text(OLD.replace("n integer", "n integer NOT NULL"))
        started = time.monotonic()
        work.cli("schema", "plan", "strict")
        refused = work.cli("schema", "apply", "--yes", code=1).err
        assert time.monotonic() - started < 120
        assert "COMMIT would wait forever" in refused
        assert "Bring a standby back" in refused
        assert execute(target, "SELECT count(*) FROM dataio_meta.migration") == [(1,)]
        execute(cluster.target(), "ALTER SYSTEM RESET synchronous_standby_names")
        execute(cluster.target(), "SELECT pg_reload_conf()")
        time.sleep(0.3)
        work.cli("schema", "apply", "--yes")
