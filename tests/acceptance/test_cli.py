"""The command line itself: help, versions, streams, exit codes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.conftest import ROOT, Cli, Project, project
from dataio.postgres.conninfo import Target

COMMANDS = [
    ("schema", command)
    for command in ("plan", "apply", "rollback", "status", "history", "check", "diff", "adopt", "dump")
] + [("db", command) for command in ("start", "stop", "url", "psql", "recreate")]


@pytest.mark.parametrize("command", [(), ("schema",), ("db",), *COMMANDS], ids=" ".join)
def test_help_of_every_command_shows_an_example(cli: Cli, command: tuple[str, ...]) -> None:
    assert "Example: dataio " in re.sub(r"\s+", " ", cli(*command, "--help").out) or command == ("db", "url")


def test_version(cli: Cli) -> None:
    assert re.fullmatch(r"dataio \d+\.\d+\.\d+\n", cli("--version").out)


@pytest.mark.parametrize(
    "arguments",
    [(), ("schema",), ("nonsense",), ("schema", "plan", "--no-such-flag"), ("schema", "plan", "--engine", "magic"),
     ("schema", "diff", "only-one"), ("schema", "plan", "a", "b"), ("schema", "plan", "--lock-timeout", "1s")],
    ids=" ".join,
)  # fmt: skip
def test_usage_errors_exit_64(cli: Cli, arguments: tuple[str, ...]) -> None:
    failed = cli(*arguments, code=64)
    assert failed.out == "" or not arguments or arguments == ("schema",)
    if len(arguments) > 1:
        assert failed.err.startswith("error: ")
        assert "--help" in failed.err


def test_the_first_line_names_the_target(small: Project) -> None:
    first = small.cli("schema", "plan", "--no-write").err.splitlines()[0]
    assert re.fullmatch(rf"target: {small.target.dbname} @ .+ \(PostgreSQL 18\.\d+\)", first)


def test_format_sql_prints_the_script_and_nothing_else(small: Project) -> None:
    printed = small.cli("schema", "plan", "first", "--format", "sql").out
    assert printed == (small.folder / "generated_migrations" / "001_first.sql").read_text()
    assert printed.rstrip().endswith("COMMIT;")
    without = small.cli("schema", "plan", "--no-write", "--format", "sql").out
    assert "dataio_meta" not in without
    assert without.rstrip().endswith("COMMIT;")


def test_format_json_is_a_plan_that_apply_takes(small: Project) -> None:
    document = json.loads(small.cli("schema", "plan", "first", "--format", "json").out)
    assert document["format"] == "dataio.plan/1"
    small.cli("schema", "plan", "--out", "plan.json")
    (small.folder / "generated_migrations" / "001_first.sql").unlink()
    small.cli("schema", "apply", "plan.json", "--yes")
    assert small.execute("SELECT name FROM dataio_meta.migration") == [("first",)]


def test_psql_leaves_the_same_history(small: Project) -> None:
    small.cli("schema", "plan", "first")
    small.cli("db", "psql", "--", "-v", "ON_ERROR_STOP=1", "-qf", "generated_migrations/001_first.sql")
    assert "version: 001 (first" in small.cli("schema", "status").out
    assert "nothing to apply" in small.cli("schema", "apply", "--yes").err
    small.settled()


def test_a_script_that_others_have_is_not_replaced(small: Project) -> None:
    """It is pending here, but the remote's main branch has it: another database may have applied it."""

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments], cwd=small.folder, check=True
        )

    small.cli("schema", "plan", "first")
    git("init", "-q", "-b", "main")
    git("config", "user.email", "t@example.org")
    git("add", ".")
    git("commit", "-qm", "001 first")
    small.edit(("name text NOT NULL", "name text NOT NULL, colour text"))
    small.cli("schema", "plan", "second")  # committed, but only here
    small.edit((", colour text", ", size text"))
    git("add", ".")
    git("commit", "-qm", "001 second")
    git("clone", "-q", "--bare", ".", "origin.git")
    git("remote", "add", "origin", "origin.git")
    git("fetch", "-q", "origin")
    before = (small.folder / "generated_migrations" / "001_second.sql").read_text()
    refused = small.cli("schema", "plan", "third", code=1)
    assert "001_second.sql is pending on this database, but origin/main has it" in refused.err
    assert "hint: Apply it first" in refused.err
    assert small.files == ["001_second.rollback.sql", "001_second.sql"]
    assert (small.folder / "generated_migrations" / "001_second.sql").read_text() == before
    small.cli("schema", "apply", "--yes")
    small.cli("schema", "rollback", "--yes", "--allow", "data-loss")
    small.cli("schema", "plan", "third")  # this database took it back
    assert small.scripts == ["001_third.sql"]


def test_the_first_script_of_a_filled_database_says_what_it_lacks(small: Project) -> None:
    small.execute("CREATE TABLE older (id bigint)")
    small.schema.write_text(f"{small.schema.read_text()}CREATE TABLE older (id bigint);\n")
    assert "the database holds what no script makes" in small.cli("schema", "plan", "first").err
    told = json.loads(small.cli("schema", "check", "--offline", "--format", "json", code=2).out)["check"]
    assert (told["scripts"], told["database"]) == (["- table public.older: only in the schema"], None)
    checked = small.cli("schema", "check", "--offline", code=2).out
    assert checked.splitlines() == [
        "✗ the schema is not what the one script makes: 1 difference",
        "  - table public.older: only in the schema",
    ]


def test_an_applied_script_that_was_edited_is_named_by_all(small: Project) -> None:
    small.cli("schema", "plan", "first")
    small.cli("schema", "apply", "--yes")
    path = small.folder / "generated_migrations" / "001_first.sql"
    path.write_text(path.read_text() + "\n-- a word more\n")
    why = "001_first.sql: edited since it was planned"
    refused = small.cli("schema", "apply", "--yes", code=1).err
    assert "error: 1 applied script is another one now" in refused
    assert why in refused
    assert "Bring back the scripts as they were applied" in refused
    assert f"problem: {why}" in small.cli("schema", "status").out
    small.cli("schema", "status", "--detailed-exitcode", code=2)


def test_scripts_that_do_not_run_from_the_start_are_said_to_have_failed_on_a_copy(
    small: Project, tmp_path: Path, database: Callable[..., Target]
) -> None:
    """The second one was planned elsewhere, after another first one."""
    text = small.schema.read_text()
    other = project(tmp_path / "other", database(), f"{text}CREATE TABLE more (id bigint);\n")
    for where, name in ((other, "first"), (small, "first"), (other, "tidy")):
        where.cli("schema", "plan", name)
        where.cli("schema", "apply", "--yes", "--allow", "data-loss")
        where.schema.write_text(text)
    (other.folder / "generated_migrations" / "002_tidy.sql").rename(
        small.folder / "generated_migrations" / "002_tidy.sql"
    )
    failed = small.cli("schema", "check", "--offline", code=1).err
    assert "error: the scripts do not run from the first to the last on an empty scratch database: " in failed
    assert "002_tidy.sql:" in failed
    assert "hint: No database of yours was touched." in failed
    assert "rolled back" not in failed


def test_the_first_script_of_an_empty_database_says_nothing_of_that(small: Project) -> None:
    assert "no script makes" not in small.cli("schema", "plan", "first").err


def test_this_repository_keeps_the_rule_of_the_house(cli: Cli) -> None:
    """Whoever changes schema.sql here plans a script, too."""
    scripts = str(ROOT / "generated_migrations")
    said = cli("schema", "check", "--offline", "--schema", str(ROOT / "schema.sql"), "--migrations", scripts).out
    assert said.startswith("✓ the schema is what the ")


def test_detailed_exitcode(small: Project) -> None:
    small.cli("schema", "plan", "--no-write")
    small.cli("schema", "plan", "--no-write", "--detailed-exitcode", code=2)
    small.cli("schema", "plan", "first")
    small.cli("schema", "status", "--detailed-exitcode", code=2)
    small.cli("schema", "apply", "--yes")
    small.cli("schema", "status", "--detailed-exitcode")
    small.cli("schema", "plan", "--detailed-exitcode")


def test_quiet_says_nothing_on_stderr(small: Project) -> None:
    assert small.cli("schema", "plan", "first", "--quiet").err == ""
    assert small.cli("schema", "apply", "--yes", "--quiet").err == ""


def test_apply_without_a_terminal_wants_yes(small: Project) -> None:
    small.cli("schema", "plan", "first")
    refused = small.cli("schema", "apply", code=64)
    assert "hint: Give --yes to go on." in refused.err
    assert small.execute("SELECT to_regclass('public.thing')") == [(None,)]


def test_diff_between_files_refs_and_databases(small: Project) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "schema.sql"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], cwd=small.folder, check=True)
    small.edit(("name text NOT NULL", "name text NOT NULL, colour text"))
    for before in ("git:main", "git:HEAD"):
        plan = small.cli("schema", "diff", before, "schema.sql").out
        assert "colour" in plan
        assert "1 statement" in plan
    small.cli("schema", "diff", "schema.sql", "schema.sql", "--detailed-exitcode")
    url = small.target.url(None)
    assert "DROP" not in small.cli("schema", "diff", url, "schema.sql", "--format", "sql").out
    assert "DROP TABLE" in small.cli("schema", "diff", "schema.sql", url, "--format", "sql").out
    small.cli("schema", "diff", "git:nonsense", "schema.sql", code=64)
    small.cli("schema", "diff", "nonsense", "schema.sql", code=64)


def test_interrupt_is_quiet_and_exits_130(small: Project) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dataio", "schema", "plan", "--no-write", "--verbose"],
        cwd=small.folder,
        env=_environment(small),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As a terminal would start it: a shell's background jobs, and what they start, ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stderr is not None
    for _ in range(2):
        process.stderr.readline()  # the target's line, and the first stage: it is at work
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    left = small.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dataio' AND pid <> pg_backend_pid()"
        f" AND datname = '{small.target.dbname}'"
    )
    assert left == [(0,)]


@pytest.mark.parametrize("arguments", [("schema", "plan", "--help"), ("schema", "plan", "--no-write")], ids=" ".join)
def test_where_nobody_reads_on_it_ends_without_a_word(small: Project, arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dataio", *arguments, "--quiet"],
        cwd=small.folder,
        env=_environment(small),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 128 + signal.SIGPIPE


def _environment(made: Project) -> dict[str, str]:
    import os

    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | made.cli.env | {"NO_COLOR": "1"}


def test_development_database(cli: Cli, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    try:
        started = cli("db", "start")
        assert started.out.startswith("postgresql://")
        assert cli("db", "url").out == started.out
        printed = cli("db", "psql", "--", "-Atc", "select current_database(), 1 + 1")
        assert printed.out == "dataio|2\n"
        assert "no other target is named" in printed.err
        assert (tmp_path / ".dataio" / ".gitignore").read_text() == "*\n"
    finally:
        cli("db", "stop")
    assert "nothing was running" in cli("db", "stop").err


def test_debug_shows_where_without_secrets(small: Project) -> None:
    failed = small.cli("schema", "plan", "--schema", "no.sql", "--verbose", code=64)
    assert "Traceback" in failed.err


def test_python_m_and_the_console_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("dataio")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.startswith("dataio ")


def test_a_command_line_is_parsed_without_heavy_imports() -> None:
    """`dataio --help` and every command begin without drivers and frameworks: they cost half a second."""
    code = (
        "import sys; from dataio.cli.app import run; code = run(['schema', 'plan', '--help']);"
        "heavy = {'psycopg', 'sqlalchemy', 'migra', 'pydantic', 'asyncio'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
