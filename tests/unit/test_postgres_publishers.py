"""Loading a schema connects to no publisher."""

from __future__ import annotations

import pytest

from dataio.postgres.publishers import unconnected

HEAD = "create subscription s connection 'host=a options=''with (x)''' publication p"


@pytest.mark.parametrize(
    ("written", "run"),
    [
        (f"{HEAD};", f"{HEAD} WITH (connect = false);"),
        (f"{HEAD} -- why\n", f"{HEAD} WITH (connect = false) -- why\n"),
        (f"{HEAD} /* why */ ;", f"{HEAD} WITH (connect = false) /* why */ ;"),
        (f"{HEAD} with (enabled = true, binary = true);", f"{HEAD} with ( binary = true, connect = false);"),
        (f"{HEAD} with (create_slot = false);", f"{HEAD} with (connect = false);"),
        (
            f'{HEAD}, "q, with (" WITH (\n  slot_name = \'a,b\',\n  copy_data\n);',
            f'{HEAD}, "q, with (" WITH (\n  slot_name = \'a,b\', connect = false\n\n);',
        ),
        ("CREATE SUBSCRIPTION s CONNECTION $$a;b$$ PUBLICATION p;",
         "CREATE SUBSCRIPTION s CONNECTION $$a;b$$ PUBLICATION p WITH (connect = false);"),
        (
            "create subscription s -- it's\n connection 'a' publication p with (slot_name = 'x', enabled = true);",
            "create subscription s -- it's\n connection 'a' publication p with (slot_name = 'x', connect = false);",
        ),
        (f"{HEAD} with (slot_name = 'connect=off');", f"{HEAD} with (slot_name = 'connect=off', connect = false);"),
        ("alter subscription s enable;\nselect 1;", "                            \nselect 1;"),
        ('alter subscription "s"\n refresh publication;', "                      \n                     "),
    ],
)  # fmt: skip
def test_no_statement_speaks_to_a_publisher(written: str, run: str) -> None:
    assert unconnected(written) == run
    assert run.count("\n") == written.count("\n")
    assert unconnected(run) is None


@pytest.mark.parametrize(
    "text",
    [
        "create table subscription (id int);",
        f"{HEAD} with (slot_name = none, connect = false);",
        f"{HEAD} with (CONNECT=off);",
        "alter subscription enable owner to somebody;",
        "alter subscription s set publication p with (refresh = false);",
        "comment on subscription s is 'create subscription t';",
        "select 'create subscription s connection ''x'' publication p';",
    ],
)
def test_what_speaks_to_nobody_stays_as_it_is(text: str) -> None:
    assert unconnected(text) is None
