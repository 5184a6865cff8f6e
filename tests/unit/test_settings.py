"""Settings: the order of layers, targets, and what is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dataio.errors import ConfigError, UsageError
from dataio.settings import Settings, load
from dataio.settings.table import TABLE


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "generated_migrations").mkdir()
    return tmp_path


def write(project: Path, toml: str = "", dotenv: str = "") -> None:
    if toml:
        (project / "dataio.toml").write_text(toml)
    if dotenv:
        (project / ".env").write_text(dotenv)


def test_every_row_of_the_table_is_a_field() -> None:
    assert {s.name for s in TABLE} <= {f.name for f in fields(Settings)}


def test_defaults(project: Path) -> None:
    settings = load(cwd=project, environ={})
    assert settings.root == project
    assert settings.schema == (project / "schema.sql",)
    assert settings.migrations == project / "generated_migrations"
    assert settings.target.embedded
    assert (settings.engine, settings.manage) == ("auto", frozenset({"auto"}))
    assert str(settings.origin("engine")) == "default"


def test_flag_beats_environment_beats_dotenv_beats_file(project: Path) -> None:
    write(project, 'lock_timeout = "4s"\n', "DATAIO_LOCK_TIMEOUT=3s\n")
    shell = {"DATAIO_LOCK_TIMEOUT": "2s"}
    found = [
        load({"lock_timeout": "1s"}, cwd=project, environ=shell),
        load(cwd=project, environ=shell),
        load(cwd=project, environ={}),
    ]
    (project / ".env").unlink()
    found.append(load(cwd=project, environ={}))
    assert [s.lock_timeout for s in found] == ["1s", "2s", "3s", "4s"]
    assert [str(s.origin("lock_timeout")) for s in found] == [
        "--lock-timeout",
        "DATAIO_LOCK_TIMEOUT in the environment",
        "DATAIO_LOCK_TIMEOUT in .env",
        "lock_timeout in dataio.toml",
    ]


def test_a_subdirectory_belongs_to_the_project(project: Path) -> None:
    write(project, 'schema = ["db", "extra.sql"]\n')
    (project / "deep" / "er").mkdir(parents=True)
    settings = load({"migrations": "here"}, cwd=project / "deep" / "er", environ={})
    assert settings.schema == (project / "db", project / "extra.sql")
    assert settings.migrations == project / "deep" / "er" / "here"  # a flag is relative to where it was typed


def test_pyproject_serves_as_well(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.dataio]\nengine = "native"\n')
    assert load(cwd=project, environ={}).engine == "native"
    write(project, 'engine = "migra"\n')
    with pytest.raises(ConfigError, match="both"):
        load(cwd=project, environ={})


@pytest.mark.parametrize(
    ("toml", "message", "hint"),
    [
        ("lock_timout = '1s'", "unknown setting 'lock_timout' in dataio.toml", "Did you mean lock_timeout?"),
        (
            "[env.prod]\nurl-env = 'X'",
            r"unknown setting 'url-env' in dataio.toml \[env.prod\]",
            "Did you mean url_env?",
        ),
        ("engine = 'magic'", "engine in dataio.toml must be one of auto, migra, native", ""),
        ("lock_timeout = 30", "lock_timeout in dataio.toml must be a duration with its unit", ""),
        ("[env.prod]\nprotected = true", "needs url_env", ""),
        ("[env.prod]\nurl_env = 'X'\nprotected = 'yes'", "must be true or false", ""),
        ("engine = ", "dataio.toml is not valid TOML", ""),
        ("target = 'postgresql://u:sesame@h/d'", "target in dataio.toml holds a password", "url_env"),
        ("scratch_url = 'host=h password=sesame'", "scratch_url in dataio.toml holds a password", "url_env"),
        ("[env.prod]\nurl = 'postgresql://u:sesame@h/d'", "holds a password", "url_env"),
    ],
)
def test_a_file_that_makes_no_sense(project: Path, toml: str, message: str, hint: str) -> None:
    write(project, toml)
    with pytest.raises(ConfigError, match=message) as caught:
        load(cwd=project, environ={})
    assert hint in caught.value.hint
    assert "sesame" not in str(caught.value)
    assert caught.value.exit_code == 64


ENVIRONMENTS = """
target = "dev"
[env.dev]
url = "postgresql://localhost/dev"
[env.prod]
url_env = "PROD_URL"
protected = true
lock_timeout = "2s"
"""


@pytest.mark.parametrize(
    ("flag", "shell", "dotenv", "text", "origin"),
    [
        ("postgresql://f/d", {"DATABASE_URL": "postgresql://s/d"}, "", "postgresql://f/d", "--target"),
        (None, {"DATAIO_DATABASE_URL": "postgresql://1/d", "DATABASE_URL": "postgresql://2/d"}, "",
         "postgresql://1/d", "DATAIO_DATABASE_URL in the environment"),
        (None, {"DATABASE_URL": "postgresql://2/d", "PGHOST": "h"}, "", "postgresql://2/d",
         "DATABASE_URL in the environment"),
        (None, {"PGHOST": "h", "DB_HOST": "x"}, "", "", "PGHOST in the environment"),
        (None, {"DB_HOST": "x", "DB_NAME": "c", "DB_PASSWORD": "it's"}, "",
         r"host='x' dbname='c' password='it\'s'", "DB_HOST in the environment"),
        # the shell's whole layer comes before .env's, and .env before the file
        (None, {"DB_HOST": "x"}, "DATAIO_DATABASE_URL=postgresql://e/d\n", "host='x'", "DB_HOST in the environment"),
        (None, {}, "PGHOST=h\nPGPASSWORD=pw\n", "host='h' password='pw'", "PGHOST in .env"),
        (None, {"PGPASSWORD": "pw"}, "", "postgresql://localhost/dev", "target in dataio.toml"),
    ],
)  # fmt: skip
def test_the_order_of_targets(
    project: Path, flag: str | None, shell: dict[str, str], dotenv: str, text: str, origin: str
) -> None:
    write(project, ENVIRONMENTS, dotenv)
    choice = load({"target": flag}, cwd=project, environ=shell).target
    assert (choice.text, str(choice.origin)) == (text, origin)


def test_an_environment_by_name(project: Path) -> None:
    write(project, ENVIRONMENTS, "PROD_URL=postgresql://u:sesame@p/d\n")
    settings = load({"target": "prod"}, cwd=project, environ={})
    assert settings.target.environment == "prod"
    assert settings.target.protected
    assert settings.lock_timeout == "2s"
    assert str(settings.origin("lock_timeout")) == "lock_timeout in dataio.toml [env.prod]"
    assert "sesame" not in repr(settings)
    assert load(cwd=project, environ={}).target.environment == "dev"
    assert load({"target": "embedded"}, cwd=project, environ={"DATABASE_URL": "x://"}).target.embedded


def test_an_environment_that_is_not_there(project: Path) -> None:
    write(project, ENVIRONMENTS)
    with pytest.raises(UsageError, match="no environment 'prd'") as caught:
        load({"target": "prd"}, cwd=project, environ={})
    assert "prod" in caught.value.hint
    with pytest.raises(ConfigError, match="PROD_URL, which is not set"):
        load({"target": "prod"}, cwd=project, environ={})
    with pytest.raises(UsageError, match="--target is empty"):
        load({"target": ""}, cwd=project, environ={})


def test_a_dotenv_never_overrides_the_shell_and_a_contradiction_is_seen(project: Path) -> None:
    write(project, dotenv="DATABASE_URL=postgresql://u:sesame@e/d\nDATAIO_ENGINE=native\nHOME=/x\n")
    shell = {"DATABASE_URL": "postgresql://s/d", "DATAIO_ENGINE": "native", "HOME": "/root"}
    settings = load(cwd=project, environ=shell)
    assert settings.target.text == "postgresql://s/d"
    assert [(c.variable, c.names_target) for c in settings.contradictions] == [("DATABASE_URL", True)]
    assert "sesame" not in repr(settings)


def test_lists(project: Path) -> None:
    settings = load({"manage": ["owners,privileges", "comments"]}, cwd=project, environ={"DATAIO_ALLOW": "lock, scan"})
    assert settings.manage == frozenset({"owners", "privileges", "comments"})
    assert settings.allow == ("lock", "scan")
    assert load({"manage": ["all"]}, cwd=project, environ={}).manage == {"all"}
    with pytest.raises(UsageError, match="--manage must be"):
        load({"manage": ["all", "owners"]}, cwd=project, environ={})


def test_an_ignore_file_is_read_before_what_else_is_ignored(project: Path) -> None:
    (project / ".dataioignore").write_text("# of the cron job\n\n  public.tmp_*  \n!table:public.tmp_keep\n")
    settings = load({"ignore": ["comments"]}, cwd=project, environ={})
    assert settings.ignore == ("public.tmp_*", "!table:public.tmp_keep", "comments")


def test_an_ignore_file_of_another_name_must_be_there(project: Path) -> None:
    write(project, 'ignore_file = "leave-alone"\n')
    with pytest.raises(ConfigError, match="leave-alone"):
        load(cwd=project, environ={})
    (project / "leave-alone").write_text("audit.*\na, b\n")
    with pytest.raises(ConfigError, match="leave-alone:2: a comma"):
        load(cwd=project, environ={})
