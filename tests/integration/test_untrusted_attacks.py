"""What a stranger's schema.sql may try, and what becomes of it: refused or contained, in bounded time and memory.

Each attack leaves a mark in a file or a setting where it succeeds; nothing may be left.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Server
from support.plans import everything

from dataio.errors import DataioError, ScratchUnavailable, SourceError, UsageError
from dataio.operations.diff import diff
from dataio.operations.pull_request import LARGEST, contradictions, read_plan, verified
from dataio.operations.sides import DiffSide
from dataio.plan.jsonio import to_json
from dataio.plan.model import Plan, Proof
from dataio.postgres.binaries import embedded
from dataio.postgres.confined import confined_scratch
from dataio.postgres.connection import connect, server_info
from dataio.postgres.load import load_schema
from dataio.postgres.scratch import provider_for
from dataio.postgres.scratch_server import Scratch


@pytest.fixture(scope="module")
def confined() -> Iterator[Scratch]:
    with confined_scratch(embedded(18), locale=None, refused=()) as scratch:
        yield scratch


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[Path]:
    """A file that any account could make; an attack that makes it has won."""
    tmp_path.chmod(0o777)
    path = tmp_path / "owned"
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o111)
    yield path
    assert not path.exists(), "the attack succeeded"


def loading(scratch: Scratch, folder: Path, text: str, **bounds: object) -> None:
    (folder / "schema.sql").write_text(text)
    database = scratch.create("attack")
    try:
        load_schema(database.target, (folder / "schema.sql",), untrusted=True, **bounds)  # type: ignore[arg-type]
    finally:
        scratch.drop(database)


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        ("\\! touch MARK", "backslash commands"),
        ("\\copy (select 1) to program 'touch MARK'", "backslash commands"),
        ("SELECT 1 \\g |touch MARK", "backslash commands"),
        ("\\o |touch MARK", "backslash commands"),
        ("\\i /etc/passwd", "\\i"),
        ("\\unrestrict x\n\\! touch MARK", "backslash commands"),
        ("\\connect postgres postgres", "connect"),
        ("SELECT :'x' \\gexec", "backslash commands"),
        ("COPY (SELECT 1) TO PROGRAM 'touch MARK'", "permission denied"),
        ("COPY (SELECT 1) TO 'MARK'", "permission denied"),
        ("CREATE TABLE t (x text); COPY t FROM PROGRAM 'touch MARK'", "permission denied"),
        ("CREATE TABLE t (x text); COPY t FROM '/etc/passwd'", "permission denied"),
        ("DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch MARK'''; END $$", "permission denied"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
        ("SELECT lo_import('/etc/passwd')", "permission denied"),
        ("CREATE EXTENSION plpython3u", ""),
        ("CREATE LANGUAGE plperlu", ""),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc.so.6', 'system'", "permission denied"),
        ("CREATE FUNCTION f(int) RETURNS int LANGUAGE internal AS 'int4up'", "permission denied"),
        ("LOAD 'auto_explain'", ""),
        ("DO $$ BEGIN EXECUTE 'ALTER SYSTEM SET archive_command = ''touch MARK'''; END $$", "ALTER SYSTEM cannot be"),
        ("DO $$ BEGIN CREATE ROLE boss SUPERUSER; END $$", "permission denied"),
        ("DO $$ BEGIN ALTER ROLE CURRENT_USER SUPERUSER; END $$", "permission denied"),
        ("SET ROLE postgres", "permission denied"),
        ("SET SESSION AUTHORIZATION postgres", "permission denied"),
        ("DO $$ BEGIN ALTER ROLE postgres SET search_path = evil; END $$", "permission denied"),
        ("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION pg_sleep(0)", ""),
        ("DO $$ BEGIN CREATE TABLESPACE t LOCATION '/tmp'; END $$", ""),
        ("CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p", "permission denied"),
        ("DO $$ BEGIN GRANT pg_execute_server_program TO CURRENT_USER; END $$", "permission denied"),
        ("SET statement_timeout = '1s'; SELECT pg_sleep(600)", "statement timeout"),
    ],
)  # fmt: skip
def test_refused_and_said_so(confined: Scratch, tmp_path: Path, mark: Path, attack: str, says: str) -> None:
    with pytest.raises(DataioError) as caught:
        loading(confined, tmp_path, attack.replace("MARK", str(mark)) + (";\n" if attack[0] != "\\" else "\n"))
    assert says in str(caught.value), caught.value
    assert "schema.sql" in str(caught.value)


@pytest.mark.parametrize(
    "bomb",
    [
        "SELECT repeat('x', 100000000) FROM generate_series(1, 200);",
        "DO $$ DECLARE a text[] := ARRAY[repeat('x', 1000)]; BEGIN LOOP a := a || a; END LOOP; END $$;",
        "SELECT length(string_agg(repeat('x', 1000000), '')) FROM generate_series(1, 100000);",
        "SELECT count(*) FROM (SELECT repeat(md5(g::text), 40) r FROM generate_series(1, 30000000) g ORDER BY r) s;",
    ],
    ids=["client", "array", "aggregate", "sort on disk"],
)
def test_memory_and_disk_are_bounded(confined: Scratch, tmp_path: Path, bomb: str) -> None:
    """The server stands afterwards, and none of its processes was ever larger than it may be."""
    started = time.monotonic()
    with pytest.raises(DataioError):
        loading(confined, tmp_path, bomb, statement_timeout="15s", timeout=30.0)
    assert time.monotonic() - started < 60
    with connect(confined.target) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_endless_loops_end(confined: Scratch, tmp_path: Path) -> None:
    loop = "DO $$ BEGIN LOOP END LOOP; END $$;"
    with pytest.raises(SourceError, match="statement timeout"):
        loading(confined, tmp_path, loop, statement_timeout="1s")
    with pytest.raises(SourceError, match="did not finish within 2 s"):
        loading(confined, tmp_path, f"SET statement_timeout = 0;\n{loop}", timeout=2.0)


def test_the_whole_run_has_an_end(tmp_path: Path) -> None:
    """Whatever no other limit catches: the server is stopped, and the error says why."""
    started = time.monotonic()
    with (
        pytest.raises(DataioError, match=r"took longer than 4 s, and was stopped"),
        confined_scratch(embedded(18), locale=None, refused=(), seconds=4) as scratch,
    ):
        loading(scratch, tmp_path, "SET statement_timeout = 0; DO $$ BEGIN LOOP END LOOP; END $$;")
    assert time.monotonic() - started < 40


def test_large_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    big = tmp_path / "schema.sql"
    with big.open("wb") as file:
        file.truncate(100 << 20)
    (tmp_path / "empty.sql").write_text("-- nothing\n")
    sides = DiffSide("empty", paths=(tmp_path / "empty.sql",)), DiffSide("big", paths=(big,))
    started = time.monotonic()
    with pytest.raises(SourceError, match="104,857,600 bytes are too many"):
        diff(*sides, root=tmp_path, untrusted=True)
    assert time.monotonic() - started < 60


LATE = """
CREATE FUNCTION late() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch MARK''';
    EXCEPTION WHEN insufficient_privilege THEN
        NULL;
    END;
    BEGIN
        RESET ROLE;
        EXECUTE 'ALTER SYSTEM SET archive_command = ''touch MARK''';
    EXCEPTION WHEN OTHERS THEN
        NULL;
    END;
    RETURN 1;
END $$;
CREATE MATERIALIZED VIEW m AS SELECT public.late() AS x;
CREATE TABLE t (x int DEFAULT public.late() CHECK (x > public.late() - 9));
CREATE INDEX ON t ((x + 1));
"""


def test_code_that_waits_for_a_superuser_waits_in_vain(tmp_path: Path, mark: Path) -> None:
    """The replay and the proof run the schema's functions again: nobody with rights may be there."""
    old, new = tmp_path / "old.sql", tmp_path / "new.sql"
    old.write_text(LATE.replace("MARK", str(mark)).partition("CREATE TABLE")[0])
    new.write_text(LATE.replace("MARK", str(mark)))
    plan = diff(DiffSide("old", paths=(old,)), DiffSide("new", paths=(new,)), root=tmp_path, untrusted=True)
    assert plan.proof is not None
    assert plan.proof.holds
    assert [change.subject.label for change in plan.changes if change.subject.kind == "table"] == ["table public.t"]


def test_the_role_has_no_rights_and_roles_of_a_schema_can_be_named(confined: Scratch, tmp_path: Path) -> None:
    assert not confined.info.is_superuser
    assert not confined.info.can_createrole
    confined.ensure_roles(["app_reader"])
    schema = "GRANT CREATE ON SCHEMA public TO app_reader; CREATE TABLE t (); ALTER TABLE t OWNER TO app_reader;"
    loading(confined, tmp_path, schema)


def test_a_named_server_is_not_worked_as_a_superuser(pg18: Server, role: Callable[..., str]) -> None:
    url = pg18.target.url(None)
    with pytest.raises(ScratchUnavailable, match="too many rights for an untrusted schema"):
        provider_for(None, scratch_url=url, untrusted=True)
    plain = pg18.cluster.target(user=role("login createdb"))
    with provider_for(None, scratch_url=plain.url(None), untrusted=True) as scratch, connect(scratch.target) as there:
        assert not server_info(there).is_superuser


def test_the_secrets_of_the_process_are_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens leave the environment when they are read: no program started later has them."""
    from dataio.settings.forge import forge_environment

    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    assert forge_environment().token == "ghs_secret"
    assert "GITHUB_TOKEN" not in os.environ
    assert "ghs_secret" not in repr(forge_environment({"GITHUB_TOKEN": "ghs_secret"}))


# Documents ------------------------------------------------------------------------------------------------------------


def lies() -> list[tuple[str, Plan, str]]:
    honest = everything()
    harmless = tuple(replace(one, hazards=()) for one in honest.statements)
    other = (replace(honest.statements[0], sql="DROP TABLE public.dataset"), *honest.statements[1:])
    return [
        ("hides hazards", replace(honest, statements=harmless), "hazards"),
        ("runs something else", replace(honest, statements=other), "statements"),
        ("shows other changes", replace(honest, changes=honest.changes[:1]), "changes"),
        ("claims a proof", replace(honest, proof=Proof(True, False, "x", 0.1)), "proof"),
        ("is of other commits", replace(honest, to_fingerprint="pg18:" + "0" * 64), "to fingerprint"),
        ("says there is nothing", replace(honest, statements=(), changes=()), "statements"),
        ("draws something else", replace(honest, diagram=replace(honest.diagram, links=())), "diagram"),
    ]


@pytest.mark.parametrize(("lie", "document", "told"), lies(), ids=[lie for lie, *_ in lies()])
def test_a_document_that_lies_is_caught(lie: str, document: Plan, told: str) -> None:
    honest = everything()
    assert contradictions(honest, honest) == ()
    assert told in contradictions(document, honest)
    shown, warnings = verified(document, honest)
    assert shown == honest
    assert told in warnings[0]


def test_documents_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(to_json(everything()).replace("data-loss/drop-column", "x\\u0000y"))
    with pytest.raises(UsageError, match="NUL"):
        read_plan(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_plan(path)
    path.write_text("[" * 100_000)
    with pytest.raises(UsageError, match="not JSON"):
        read_plan(path)
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UsageError, match="bytes are no plan"):
        read_plan(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_plan(tmp_path / "gone.json")
