"""Parsing connections, and never showing their passwords."""

from __future__ import annotations

import pickle

import pytest

from dataio.errors import ConnectionFailed, UsageError
from dataio.postgres.connection import connection_failed
from dataio.postgres.conninfo import Target, parse_target
from dataio.postgres.redact import redact, remember_secret

SECRET = "p@ss/w:rd-äöü"


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("postgresql://ann@db.example:6543/catalogue", "catalogue @ db.example:6543"),
        ("postgres://db.example/catalogue", "catalogue @ db.example:5432"),
        ("postgresql+psycopg://ann@127.0.0.1:15432/catalogue", "catalogue @ 127.0.0.1:15432"),
        ("host=db.example port=5433 dbname=catalogue user=ann", "catalogue @ db.example:5433"),
        ("postgresql:///catalogue?host=/tmp/x", "catalogue @ /tmp/x"),
        ("postgresql://[::1]:5444/catalogue", "catalogue @ [::1]:5444"),
        ("service=prod", "service prod"),
        ("service=prod dbname=other", "other @ service prod"),
        ("host=db.example user=ann", "ann @ db.example:5432"),
    ],
)
def test_describe(text: str, described: str) -> None:
    assert parse_target(text).describe() == described


def test_empty_means_libpqs_own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("PGDATABASE", "thing")
    target = parse_target("")
    assert target.describe() == "thing @ elsewhere:5432"
    assert target.env()["PGHOST"] == "elsewhere"


def test_password_is_kept_apart() -> None:
    target = Target({"host": "h", "user": "u", "dbname": "d"}, {"password": SECRET})
    again = parse_target(target.url(None))
    assert again == target
    assert parse_target(target.url()) == target
    assert hash(again) == hash(target)
    assert pickle.loads(pickle.dumps(target)) == target
    for shown in (repr(target), str(target), target.describe(), target.url(hide_password=True), str(target.conninfo)):
        assert SECRET not in shown
        assert "p%40ss" not in shown
    assert target.env()["PGPASSWORD"] == SECRET
    assert target.has_password
    assert not target.with_user("other").has_password
    assert target.with_dbname("e").dsn().count("password") == 1


def test_socket_url_roundtrip() -> None:
    target = Target({"host": "/tmp/some where", "port": "5433", "user": "a b", "dbname": "d/e"})
    assert parse_target(target.url(None)) == target


def test_a_named_host_beats_the_shells_hostaddr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "10.0.0.1")
    assert "PGHOSTADDR" not in parse_target("host=h").env()


@pytest.mark.parametrize(
    "text",
    [
        "mysql://u:hunter22@h/d",
        "host=h passwort=hunter22",
        "postgresql://u:hunter22@[::1/d",
        "postgresql://u:hun%zzhunter22@h/d",
        "postgresql://u:hun@hunter22@h:5432/d",
        "postgresql://u:hun?x@hunter22@h:5432/d",
        "postgresql://u:hunter22/hun@h:5432/d",
        "postgresql://u:12/hunter22@h:5432/d",
        "postgresql://u:12/hunter22?x=y@h:5432/d",
        "postgresql://u@h:hunter22/d",
        "u:hunter22@h:5432/d",
        "u:hunter22://x@h:5432/d",
        "postgres:/u:hunter22@h:5432/d",
        "postgres:/u:hunter22@h:5432/d?sslmode=require",
        'u:hun"hunter22=x@h/d',
        "a\0=b",
    ],
)
def test_unparsable_says_so_without_the_password(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_target(text)
    assert "hunter22" not in str(caught.value)
    assert "\0" in text or "%40 for @" in caught.value.hint


@pytest.mark.parametrize("text", ["postgresql://u:a?b:c@h/d", "postgresql:///d?user=ann@example&host=@socket", "d.e-f"])
def test_what_needs_no_escape_is_taken(text: str) -> None:
    assert parse_target(text).dbname in ("d", "d.e-f")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:s3cret!@h/d failed",
        "postgresql+psycopg://ann:s3cret!@h/d",
        "postgres://ann:s3cret!@x@h",
        "host=h password=s3cret! user=x",
        "host=h password='s3cret! with \\' blank' user=x",
        "PGPASSWORD=s3cret! psql",
        '{"password": "s3cret!"}',
        "?password=s3cret!&sslmode=require",
        "DB_PASSWORD: s3cret!",
        "ALTER ROLE x PASSWORD 's3cret!'",
    ],
)
def test_redact(text: str) -> None:
    assert "s3cret!" not in redact(text)
    assert "***" in redact(text)


def test_redact_leaves_other_text_alone() -> None:
    text = 'psql:a.sql:3: ERROR: password authentication failed for user "ann" at postgresql://h:5432/d, see a@b'
    assert redact(text) == text


def test_remembered_secrets_are_removed_anywhere() -> None:
    remember_secret("correct-horse")
    assert redact("said correct-horse aloud") == "said *** aloud"
    remember_secret("a")
    assert redact("a cat") == "a cat"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('FATAL:  password authentication failed for user "u"', "wrong password for role u"),
        ("fe_sendauth: no password supplied", "role u needs a password"),
        ('FATAL:  database "d" does not exist', "database d does not exist"),
        ('could not translate host name "h" to address', "the host name h cannot be resolved"),
        ("connection refused\n\tIs the server running", "nothing listens on h:5432"),
        ("something PostgreSQL says in Japanese", "cannot connect to d @ h:5432"),
    ],
)
def test_reasons(text: str, reason: str) -> None:
    target = Target({"host": "h", "user": "u", "dbname": "d"}, {"password": SECRET})
    error = connection_failed(target, f"{text} {SECRET}")
    assert isinstance(error, ConnectionFailed)
    assert reason in error.message
    assert SECRET not in str(error)
