"""The documentation says what is there: every command, flag, setting and exit code; the README's commands run."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from acceptance.conftest import CATALOGUE, ROOT, Cli
from dataio import errors
from dataio.cli.app import application
from dataio.settings.table import TABLE

CLI_MD = (ROOT / "docs" / "cli.md").read_text()
SETTINGS_MD = (ROOT / "docs" / "settings.md").read_text()
README = (ROOT / "README.md").read_text()


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command's name and its flags."""
    root = typer.main.get_command(application())
    for group_name, group in root.commands.items():  # type: ignore[attr-defined]
        for name, command in getattr(group, "commands", {"": group}).items():
            flags = [flag for parameter in command.params for flag in parameter.opts if flag.startswith("--")]
            yield f"{group_name} {name}".strip(), flags


COMMANDS = list(commands())


@pytest.mark.parametrize(("command", "flags"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_every_command_and_flag_is_documented(command: str, flags: list[str]) -> None:
    assert f"`dataio {command}" in CLI_MD
    undocumented = [flag for flag in flags if not re.search(rf"`{flag}\b", CLI_MD)]
    assert undocumented in ([], ["--help"])
    group, _, name = command.partition(" ")
    assert f"`dataio {command}" in README or (f"`dataio {group} " in README and f"`{name}`" in README)


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: object) -> None:
    for word in (setting.name, setting.variable, setting.flag):  # type: ignore[attr-defined]
        assert not word or f"`{word}`" in SETTINGS_MD


def test_every_exit_code_is_documented() -> None:
    codes = {
        error.exit_code for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "exit_code")
    }
    for code in codes | {0, 130}:
        assert f"| {code} |" in CLI_MD


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_make_targets_of_the_readme_are_there() -> None:
    for target in re.findall(r"^    make (\w+)$", README, re.MULTILINE):
        done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_commands_of_the_readmes_first_output_run(cli: Cli) -> None:
    """On a fresh project: the first plan, then those of the README's output as they stand there."""
    cli.cwd.chmod(0o755)
    text = CATALOGUE.read_text()
    schema = cli.cwd / "schema.sql"
    schema.write_text(text)
    shown = [shlex.split(line) for line in re.findall(r"^\$ dataio (.*)$", README, re.MULTILINE)]
    assert len(shown) == 3
    try:
        cli("schema", "plan", "create_catalogue")
        cli("schema", "apply", "--yes")
        old = "\n\n    CONSTRAINT datasets_ds_id_length "
        schema.write_text(text.replace(old, f"\n    doi  text,{old}"))
        said = "".join(f"{done.out}{done.err}" for done in (cli(*arguments) for arguments in shown))
    finally:
        cli("db", "stop")
    for line in (
        "ALTER TABLE public.datasets ADD COLUMN doi text;",
        "✓ Proof: snapshot and pg_dump equal after running this script on a copy",
        "wrote generated_migrations/002_add_doi.sql",
        "the database is at version 002",
        "✓ the schema is what the 2 scripts make",
    ):
        assert line in said
        assert line in README


def test_the_readmes_quick_start_names_commands_that_exist() -> None:
    known = {command for command, _ in COMMANDS}
    for line in re.findall(r"^dataio ((?:schema|db|dump) \w+)", README, re.MULTILINE):
        assert line in known


def test_the_demo_is_what_the_readme_shows() -> None:
    demo = Path(ROOT / "docs" / "demo.sh").read_text()
    for command in re.findall(r"^\$ (dataio .*)$", README, re.MULTILINE):
        assert f"show {command}" in demo
