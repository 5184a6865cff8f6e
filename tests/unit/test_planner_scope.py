"""What is managed, and what is ignored on both sides."""

import pytest

from dataio.errors import UsageError
from dataio.planner.judge import Entry
from dataio.planner.scope import decide
from dataio.snapshot.keys import SELF, Key
from dataio.snapshot.model import Edges, Fact, Snapshot

TABLE = Key("table", ("public", "t"))
COLUMN = Key("column", ("public", "t", "c"))
OWNER = Key("owner", ("table", "public", "t"))
COMMENT = Key("comment", ("column", "public", "t", "c"))
GRANT = Key("privilege", ("table", "public", "t", "reader", SELF))
OTHER = Key("table", ("audit", "log"))


def snapshot(owner: str = SELF, *, grant: bool = False) -> Snapshot:
    facts = [
        Fact.of(TABLE, {}),
        Fact.of(COLUMN, {"type": "text"}),
        Fact.of(OWNER, {"role": owner}),
        Fact.of(COMMENT, {"text": "x"}),
        Fact.of(OTHER, {}),
    ]
    if grant:
        facts.append(Fact.of(GRANT, {"privileges": ("SELECT",)}))
    return Snapshot({fact.key: fact for fact in facts}, Edges(), 18, "me")


AUTO = frozenset({"auto"})


def test_owners_and_privileges_are_left_alone_where_the_schema_names_none() -> None:
    scope = decide(AUTO, (), snapshot())
    assert not scope.manages("owners")
    assert not scope.manages("privileges")
    assert scope.manages("comments")
    assert OWNER not in scope.restrict(snapshot()).facts
    assert not scope.notes
    assert [note.partition(":")[0] for note in scope.left_alone(snapshot("somebody"))] == ["owners are left alone"]
    assert not scope.left_alone(snapshot())


def test_whose_the_schema_public_is_by_default_names_no_owner() -> None:
    public = Key("owner", ("schema", "public"))
    plain = snapshot()
    by_default = Snapshot({**plain.facts, public: Fact.of(public, {"role": "pg_database_owner"})}, Edges(), 18, "me")
    given_away = Snapshot({**plain.facts, public: Fact.of(public, {"role": "app"})}, Edges(), 18, "me")
    assert not decide(AUTO, (), by_default).manages("owners")
    assert decide(AUTO, (), given_away).manages("owners")


def test_a_named_owner_or_grant_makes_them_managed() -> None:
    assert decide(AUTO, (), snapshot("app")).manages("owners")
    assert decide(AUTO, (), snapshot(grant=True)).manages("privileges")


def test_all_manages_everything_but_roles() -> None:
    scope = decide(frozenset({"all"}), (), snapshot())
    assert scope.manages("owners")
    assert not scope.manages("roles")


def test_an_aspect_can_be_ignored() -> None:
    assert COMMENT not in decide(AUTO, ("comments",), snapshot()).restrict(snapshot()).facts


@pytest.mark.parametrize("glob", ["public.t", "table:public.t", "public.*", "schema:public"])
def test_an_ignored_table_takes_its_parts_along(glob: str) -> None:
    scope = decide(AUTO, (glob,), snapshot())
    kept = scope.restrict(snapshot()).facts
    assert TABLE not in kept
    assert COLUMN not in kept
    assert OTHER in kept
    assert {TABLE, COLUMN, COMMENT} <= scope.rest(snapshot()).facts.keys()


def test_ignored_objects_are_found_in_a_dump() -> None:
    scope = decide(AUTO, ("public.t",), snapshot())
    assert scope.ignores_entry(Entry("TABLE", "public", "t", ""))
    assert scope.ignores_entry(Entry("CONSTRAINT", "public", "t t_pkey", ""))
    assert scope.ignores_entry(Entry("COMMENT", "public", "COLUMN t.c", ""))
    assert scope.ignores_entry(Entry("ACL", "public", "TABLE t", ""))
    assert not scope.ignores_entry(Entry("TABLE", "public", "tt", ""))


@pytest.mark.parametrize(("manage", "ignore"), [({"everything"}, ()), ({"auto"}, ("tabel:x",))])
def test_unknown_words_are_refused(manage: set[str], ignore: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        decide(frozenset(manage), ignore, snapshot())


def test_the_last_glob_that_fits_decides() -> None:
    scope = decide(AUTO, ("public.*", "!table:public.t", "column:public.t.c"), snapshot())
    kept = scope.restrict(snapshot()).facts
    assert TABLE in kept
    assert COLUMN not in kept
    assert TABLE not in decide(AUTO, ("!public.t", "public.*"), snapshot()).restrict(snapshot()).facts
