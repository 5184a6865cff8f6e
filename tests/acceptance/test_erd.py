"""``dataio schema erd`` as a user runs it."""

from __future__ import annotations

import subprocess

from acceptance.conftest import Cli, Project

SCHEMA = """CREATE TABLE owner (id bigint PRIMARY KEY);
CREATE TABLE part (id bigint PRIMARY KEY, owner_id bigint NOT NULL REFERENCES owner, name text UNIQUE);
CREATE TABLE log (at timestamptz);
"""


def test_erd_of_the_schema_and_of_what_changed(cli: Cli) -> None:
    schema = cli.cwd / "schema.sql"
    schema.write_text(SCHEMA)
    for command in ("init -q", "add .", "-c user.name=t -c user.email=t commit -qm one"):
        subprocess.run(["git", *command.split()], cwd=cli.cwd, check=True)
    whole = cli("schema", "erd").out
    assert 't1["log"]' in whole
    assert 't2 ||--o{ t3 : "part_owner_id_fkey"' in whole
    assert "text name UK" in whole
    schema.write_text(SCHEMA.replace("name text UNIQUE", "title text"))
    changed = cli("schema", "erd", "--since", "git:HEAD").out
    assert '"log"' not in changed
    assert 'text title "new"' in changed
    assert 'text name UK "dropped"' in changed
    around = cli("schema", "erd", "--table", "owner", "--steps", "0", "--out", "owner.svg")
    assert "wrote owner.svg: 1 table, 0 foreign keys" in around.err
    assert (cli.cwd / "owner.svg").read_text().startswith("<svg")
    assert cli("schema", "erd", "--format", "dot").out.startswith("digraph")
    assert "no table of the diagram is called ghost" in cli("schema", "erd", "--table", "ghost", code=64).err
    assert ".mmd" in cli("schema", "erd", "--out", "x.png", code=64).err


def test_erd_of_the_target(small: Project) -> None:
    url = small.target.url(None)
    small.execute("CREATE TABLE only_here (id integer)")
    drawn = small.cli("schema", "erd", "--target", url).out
    assert '"only_here"' in drawn
    assert drawn == small.cli("schema", "erd", url).out
    assert "Give one of them" in small.cli("schema", "erd", url, "-t", url, code=64).err
