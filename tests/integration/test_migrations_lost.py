"""The connection is lost at COMMIT: what became of it is found out, not guessed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from support.migrations import QUICK, Proxy, checks, past, script_for, script_of, state
from support.plans import plan_of, statement

from dataio.errors import MigrationError
from dataio.migrations.executor import apply_script
from dataio.postgres.conninfo import Target
from dataio.progress import Progress

Database = Callable[..., Target]

CREATE = ["CREATE TABLE public.a (x integer)", "CREATE TABLE public.b (y integer)"]


def test_committed_but_never_told(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    seen: list[Progress] = []
    with Proxy(target) as proxy:
        proxy.mode = "after"
        applied = apply_script(proxy.target, script, checks=checks(), limits=QUICK, on_progress=seen.append)
    assert proxy.cuts == 1
    assert (applied.already, applied.verified) == (False, True)
    assert "was committed, as the history shows" in applied.notes[0]
    assert any(progress.stage == "reconnect" for progress in seen)
    assert past(target).version == 1
    assert state(target) == script.header.to_fingerprint


def test_never_committed(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    with Proxy(target) as proxy:
        proxy.mode = "before"
        with pytest.raises(
            MigrationError, match="lost while migration 001 was being committed, and it was not"
        ) as caught:
            apply_script(proxy.target, script, checks=checks(), limits=QUICK)
        assert "Nothing was changed" in caught.value.hint
        assert past(target).version == 0
        assert state(target) == script.header.from_fingerprint
        assert apply_script(proxy.target, script, checks=checks(), limits=QUICK).verified


def test_the_server_is_not_seen_again(database: Database) -> None:
    target = database()
    script = script_for(target, CREATE)
    with Proxy(target) as proxy:
        proxy.mode = "deaf"
        started = time.monotonic()
        with pytest.raises(MigrationError, match="cannot be found out") as caught:
            apply_script(proxy.target, script, checks=checks(), limits=replace(QUICK, reconnect=0.5))
        assert time.monotonic() - started < 5
    assert "applying again is safe either way" in caught.value.hint
    assert apply_script(target, script, checks=checks()).already


def test_terminated_while_it_commits(database: Database) -> None:
    target = database()
    before = state(target)
    script = script_of(
        plan_of(
            [
                "CREATE TABLE public.n (i int)",
                "CREATE FUNCTION public.die() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON public.n DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION public.die()",
                "INSERT INTO public.n VALUES (1)",
            ]
        )
    )
    with pytest.raises(MigrationError, match="was being committed, and it was not"):
        apply_script(target, script, limits=QUICK)
    assert state(target) == before
    assert past(target).version == 0


def test_the_server_is_still_committing(database: Database) -> None:
    """The COMMIT goes on without us: it is waited for before anything is said."""
    target = database()
    script = script_of(
        plan_of(
            [
                "CREATE TABLE public.n (i int)",
                "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON public.n DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION public.slow()",
                "SET client_connection_check_interval = 0",
                "INSERT INTO public.n VALUES (1)",
            ]
        )
    )
    with Proxy(target) as proxy:
        proxy.mode = "after"
        proxy.linger = 3.0
        applied = apply_script(proxy.target, script, limits=QUICK)
    assert "was committed, as the history shows" in applied.notes[0]
    assert past(target).version == 1


def test_lost_between_the_transactions_of_a_script(database: Database) -> None:
    target = database()
    plan = plan_of([CREATE[0], statement(CREATE[1], new_transaction=True)])
    with Proxy(target) as proxy:
        proxy.mode = "after"
        applied = apply_script(proxy.target, script_of(plan), limits=QUICK)
    assert "transaction 1 of 2 of migration 001 was committed" in applied.notes[0]
    assert applied.statements == 2
    assert past(target).version == 1
