"""Renames as a user meets them: a note, a flag, a hint, a question on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from acceptance.conftest import Project

RENAMED = ("name text NOT NULL", "title text NOT NULL")


@pytest.fixture
def filled(small: Project) -> Project:
    small.cli("schema", "plan")
    small.cli("schema", "apply", "--yes")
    small.execute("INSERT INTO thing VALUES (1, 'one')")
    return small


def applied(project: Project) -> None:
    project.cli("schema", "apply", "--yes")
    assert project.execute("SELECT title FROM thing") == [("one",)]


def test_a_note_says_how_and_the_flag_does_it(filled: Project) -> None:
    filled.edit(RENAMED)
    plan = filled.cli("schema", "plan")
    note = " ".join(plan.out.split())
    assert "column public.thing.name is dropped and public.thing.title added" in note
    assert "say --rename column:public.thing.name=title" in note
    assert "data-loss/drop-column" in plan.out
    filled.cli("schema", "apply", "--yes", code=3)
    plan = filled.cli("schema", "plan", "--rename", "column:public.thing.name=title")
    assert "dependency/rename" in plan.out
    assert "data-loss" not in plan.out
    applied(filled)
    filled.settled()


def test_a_hint_does_it_and_may_stay(filled: Project) -> None:
    filled.edit(("name text NOT NULL", "\n-- dataio: renamed from name\ntitle text NOT NULL"))
    assert "RENAME COLUMN name TO title" in filled.cli("schema", "plan", "--format", "sql").out
    applied(filled)
    filled.settled()
    assert "renamed from" not in filled.cli("schema", "plan").out


@pytest.mark.parametrize("flag", ["column:public.thing.nothing=title", "column:title", "role:a=b"])
def test_a_rename_that_is_none_is_a_usage_error(filled: Project, flag: str) -> None:
    filled.edit(RENAMED)
    assert f"--rename {flag}" in filled.cli("schema", "plan", "--rename", flag, code=64).err


@pytest.mark.parametrize(("answer", "renames"), [("y", True), ("", False)])
def test_a_terminal_is_asked(filled: Project, answer: str, renames: bool) -> None:
    filled.edit(RENAMED)
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    out = Path(filled.folder / "plan.sql")
    with out.open("w") as file:
        done = subprocess.run(
            [sys.executable, "-m", "dataio", "schema", "plan", "--format", "sql"],
            cwd=filled.folder, env=os.environ | filled.cli.env, stdin=theirs, stdout=file, stderr=theirs, timeout=300,
            check=False,
        )  # fmt: skip
    os.close(theirs)
    told = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0, told
    assert "column public.thing.name is dropped and public.thing.title added. Is that a rename? [y/N]" in told
    assert ("RENAME COLUMN" in out.read_text()) is renames
