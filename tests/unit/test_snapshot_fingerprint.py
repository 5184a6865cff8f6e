"""The canonical form is fixed: what was written into scripts and history tables must stay comparable."""

from __future__ import annotations

import hashlib

from dataio.snapshot import Fact, Key, Snapshot
from dataio.snapshot.fingerprint import digest
from dataio.snapshot.model import Edges, Value


def _facts(*facts: Fact) -> dict[Key, Fact]:
    return {fact.key: fact for fact in facts}


TABLE = Fact.of(
    Key("table", ("public", 'T"ü')),
    {"persistence": "permanent", "options": ("fillfactor=70",), "row_security": False, "force_row_security": True},
)
COMMENT = Fact.of(Key("comment", ("table", "public", 'T"ü')), {"text": "one\ntwo"})
SCHEMA = Fact.of(Key("schema", ("public",)), {})


def test_canonical_form() -> None:
    canonical = (
        b'["comment",[[["table","public","T\\"\\u00fc"],["one\\ntwo"]]]]\n'
        b'["schema",[[["public"],[]]]]\n'
        b'["table",[[["public","T\\"\\u00fc"],["permanent",null,null,["fillfactor=70"],false,true,null,null]]]]\n'
    )
    assert digest(_facts(TABLE, SCHEMA, COMMENT)) == hashlib.sha256(canonical).hexdigest()


def test_major_version_and_order() -> None:
    snapshot = Snapshot(_facts(TABLE, COMMENT), Edges(), 17, "someone")
    assert snapshot.fingerprint == "pg17:" + digest(_facts(COMMENT, TABLE))


def test_attributes_count_and_info_does_not() -> None:
    key = Key("column", ("public", "t", "a"))
    one = Fact.of(key, {"type": "integer"}, {"position": 1})
    assert digest(_facts(one)) == digest(_facts(Fact.of(key, {"type": "integer"}, {"position": 2})))
    assert digest(_facts(one)) != digest(_facts(Fact.of(key, {"type": "bigint"}, {"position": 1})))


def test_names_of_inherited_not_nulls_do_not_count() -> None:
    key = Key("not_null", ("public", "t", "a"))

    def named(name: str | None, *, is_local: bool) -> str:
        return digest(_facts(Fact.of(key, {"name": name, "validated": True, "is_local": is_local})))

    assert named("a", is_local=False) == named(None, is_local=False)
    assert named("a", is_local=True) != named("b", is_local=True)


def test_a_domain_reads_as_before_its_comment_was_read() -> None:
    key = Key("domain", ("public", "d"))
    given: dict[str, Value] = {"type": "integer", "not_null": True, "not_null_name": "n"}
    before = b'["domain",[[["public","d"],["integer",null,null,true,"n"]]]]\n'
    assert digest(_facts(Fact.of(key, given))) == hashlib.sha256(before).hexdigest()
    assert digest(_facts(Fact.of(key, {**given, "not_null_comment": "said"}))) != hashlib.sha256(before).hexdigest()
