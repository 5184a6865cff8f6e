"""PostgreSQL words some expressions in two ways; facts hold one."""

import pytest

from dataio.snapshot.wording import settled

FIRST = "CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))"
SECOND = "CHECK (((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))"


def test_both_wordings_of_an_in_list_are_one() -> None:
    assert settled(FIRST) == SECOND
    assert settled(SECOND) == SECOND


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("(ARRAY['x,)]''('::character varying])::text[]", "ARRAY[('x,)]''('::character varying)::text]"),
        ('(ARRAY[f(a, b[1]), c])::public."T y"[]', 'ARRAY[(f(a, b[1]))::public."T y", (c)::public."T y"]'),
        ("(ARRAY[1, 2])::numeric(10,2)[]", "ARRAY[(1)::numeric(10,2), (2)::numeric(10,2)]"),
        (
            "(ARRAY[E'\\'', 'b'])::character varying(3)[]",
            "ARRAY[(E'\\'')::character varying(3), ('b')::character varying(3)]",
        ),
    ],
)
def test_elements_are_read_past_quotes_and_brackets(first: str, second: str) -> None:
    assert settled(first) == second


@pytest.mark.parametrize(
    "text",
    ["ARRAY['a'::text]", "'(ARRAY[1])::text[]'::text", "(ARRAY[1])::text", "(ARRAY[1, 2] || x)::text[]", "(ARRAY["],
)
def test_what_is_no_cast_of_an_array_stays(text: str) -> None:
    assert settled(text) == text
