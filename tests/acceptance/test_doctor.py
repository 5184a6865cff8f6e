"""``dataio doctor``, on a set-up that works and on one where everything is wrong: each line says what to do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from moto.server import ThreadedMotoServer
from support.s3 import KEY, SECRET, S3Server

from acceptance.conftest import Cli, Project


def test_a_set_up_that_works(small: Project) -> None:
    folder = small.folder
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    small.cli("schema", "plan", "first")
    small.cli("schema", "apply", "--yes")
    (folder / "store").mkdir()
    out = small.cli("doctor", DATAIO_STORE="store").out
    assert "✗" not in out
    for line in (
        "✓ target: ",
        "✓ pg_dump: ",
        "✓ scratch databases: ",
        "✓ scripts: 1 in generated_migrations/, the last 001_first.sql",
        "✓ schema: schema.sql loads: 1 table",
        "✓ drift: none at version 001",
        "put, read, tagged and deleted an object",
        "✓ commit: ",
    ):
        assert line in out, out
    assert list((folder / "store").rglob("doctor/*")) == []
    small.execute("CREATE TABLE by_hand ()")
    drifted = small.cli("doctor", code=1).out
    told = json.loads(small.cli("doctor", "--format", "json", code=1).out)["doctor"]
    assert [one["what"] for one in told if one["ok"] is False] == ["drift"]
    assert "✗ drift: 1 difference between the database and its history" in drifted
    assert "dataio schema drift" in drifted


def test_a_set_up_where_everything_is_wrong(cli: Cli) -> None:
    folder: Path = cli.cwd
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / ".env").write_text("DATAIO_DATABASE_URL=postgresql://other.example/db\n")
    for name in ("001_a.sql", "003_c.sql"):
        (folder / "generated_migrations" / name).write_text("SELECT 1;\n")
    (folder / "schema.sql").write_text("CREATE TABLE t (id bigint,);\n")
    (folder / "rows.sql").write_text("INSERT INTO t VALUES (1);\n")
    (folder / "old.dump").write_bytes(b"PGDMP\x01\x0e\x00")
    subprocess.run(["git", "add", "-f", "rows.sql", "old.dump"], cwd=folder, check=True)
    url = f"postgresql://bob:{SECRET}@127.0.0.1:1/db"
    out = cli("doctor", code=1, DATAIO_DATABASE_URL=url, DATAIO_STORE="s3://no-such/bucket",
              DATAIO_S3_ENDPOINT="http://127.0.0.1:1", DATAIO_S3_ATTEMPTS="1", AWS_ACCESS_KEY_ID="x",
              AWS_SECRET_ACCESS_KEY="y", DATAIO_S3_REGION="us-east-1").out  # fmt: skip
    for line in ("✗ settings: DATAIO_DATABASE_URL differs", "✗ target: ", "✗ scripts: ", "✗ schema: schema.sql:1:",
                 "✗ dump store: ", "✗ commit: about to be committed: "):  # fmt: skip
        assert line in out, (line, out)
    assert "old.dump is a dump" in out
    assert "rows.sql inserts rows" in out
    assert SECRET not in out
    hints = [line for line in out.splitlines() if line.startswith("    ")]
    assert len(hints) >= out.count("✗") - 1, out


def test_the_store_is_an_s3_server(cli: Cli) -> None:
    (cli.cwd / "schema.sql").write_text("CREATE TABLE t ();\n")
    served = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    served.start()
    server = S3Server(*served.get_host_and_port())
    store = f"s3://{server.bucket()}/x"
    out = cli("doctor", DATAIO_STORE=store, DATAIO_S3_ENDPOINT=server.endpoint, AWS_ACCESS_KEY_ID=KEY,
              AWS_SECRET_ACCESS_KEY=SECRET, DATAIO_S3_REGION="us-east-1").out  # fmt: skip
    served.stop()
    assert f"✓ dump store: {store}: put, read, tagged and deleted an object" in out
    cli("db", "stop")
