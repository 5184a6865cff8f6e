"""A commit says what it does to the schema: by a hook in a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from acceptance.conftest import Cli


def git(cli: Cli, *arguments: str, code: int | None = 0) -> str:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["git", *arguments], cwd=cli.cwd, capture_output=True, text=True, check=False,
        env={**os.environ, **who, "PATH": path, "GIT_CONFIG_GLOBAL": "/dev/null"},
    )  # fmt: skip
    assert code is None or done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_the_hook_lets_through_what_is_whole(cli: Cli) -> None:
    git(cli, "init", "-q")
    cli("schema", "check", "--install-hook")
    cli("schema", "check", "--install-hook")
    schema, script = cli.cwd / "schema.sql", cli.cwd / "generated_migrations" / "001_add_thing.sql"
    schema.write_text("CREATE TABLE thing ();\n")
    git(cli, "add", "schema.sql")
    assert "changed without a script" in git(cli, "commit", "-m", "thing", code=1)
    script.write_text("-- a script\n")
    git(cli, "add", ".")
    assert "does not name the script: 001 add_thing" in git(cli, "commit", "-m", "thing", code=1)
    git(cli, "commit", "-m", "001 add thing")
    cli("schema", "check", "--commit", "HEAD")
    script.with_name("002_more.sql").write_text("-- a script\n")
    (cli.cwd / "rows.sql").write_text("BEGIN;\nINSERT INTO thing DEFAULT VALUES;\n")
    (cli.cwd / "all.dump").write_bytes(b"PGDMP\x01\x0f")
    git(cli, "add", ".")
    said = git(cli, "commit", "-m", "002: more", code=1)
    assert "002_more.sql came without a change of the schema" in said
    assert "rows.sql inserts rows" in said
    assert "all.dump is a dump" in said
    git(cli, "commit", "--no-verify", "-m", "002: more")
    assert "all.dump is a dump" in cli("schema", "check", "--commit", "HEAD", code=2).out
    assert "neither a file nor a commit" in cli("schema", "check", "--commit", "nowhere", code=64).err


def test_another_hook_stays(cli: Cli) -> None:
    git(cli, "init", "-q")
    hook = cli.cwd / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    assert "is there already" in cli("schema", "check", "--install-hook", code=64).err
    assert hook.read_text() == "#!/bin/sh\n"
