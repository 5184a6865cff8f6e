"""The API against its own OpenAPI document: schemathesis asks every operation, with what fits and what does not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.api import Served

V1 = "/api/v1"
# `make test-nightly`: its phase "coverage", too, which asks each operation some fifty times.
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "use_after_free",
    "ensure_resource_availability",
    "ignored_auth",
)


def go_on(served: Served) -> None:
    """Requests of the run must not end it: by a limit that they set, or by taking away the key that they carry."""
    for statement in (
        "CREATE FUNCTION generous() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.max_requests := greatest(NEW.max_requests, 1000000); RETURN NEW; END $$",
        "CREATE TRIGGER generous BEFORE INSERT OR UPDATE ON rate_limits FOR EACH ROW EXECUTE FUNCTION generous()",
        "CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON api_keys FOR EACH ROW WHEN (OLD.key_id = 1)"
        " EXECUTE FUNCTION stays()",
        "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON users FOR EACH ROW WHEN (OLD.user_id = 1)"
        " EXECUTE FUNCTION stays()",
    ):
        served.rows(statement)


def test_every_operation_keeps_its_word(serve: Callable[..., Served], tmp_path: Path) -> None:
    served = serve()
    key = served.issue(user_id=served.user("admin@example.org", admin=True))
    served.rows("INSERT INTO collections (collection_id, name, category) VALUES ('PP0001', 'Plain', 'Plain')")
    served.rows("INSERT INTO data_owners (name) VALUES ('Owner')")
    go_on(served)
    served.rows("SELECT add_dataset('One', 'PP0001', 'Owner', p_public_access => 'VIEW')")
    (tmp_path / "schemathesis.toml").write_text("")
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{served.url}{V1}/openapi.json",
            f"--header=X-API-Key: {key}",
            f"--checks={','.join(CHECKS)}",
            f"--phases={'examples,coverage,fuzzing' if NIGHTLY else 'examples,fuzzing'}",
            f"--max-examples={20 if NIGHTLY else 4}",
            "--generation-with-security-parameters=false",  # else most of it would only ever be 401
            "--generation-deterministic",
            "--exclude-path-regex=/events$",  # ends with the job, not with the request: tests of jobs have it
            "--suppress-health-check=all",
            "--no-color",
            "--workers=1",
        ],
        cwd=tmp_path,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "hypothesis")},
        capture_output=True,
        text=True,
        timeout=500 if not NIGHTLY else 3000,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    operations = sum(map(len, served.get(f"{V1}/openapi.json").json()["paths"].values()))
    tested = re.search(r"Tested: (\d+)", done.stdout)
    cases = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert tested is not None
    assert int(tested[1]) == operations - 1
    assert cases is not None
    assert int(cases[1]) > 400
    assert "Authentication failed" not in done.stdout
