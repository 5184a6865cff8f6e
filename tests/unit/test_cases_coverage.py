"""Each kind of fact, and each attribute that can change, is changed by a case folder."""

from __future__ import annotations

from support.cases import all_cases, known_changes

from dataio.snapshot.kinds import KINDS

ELSEWHERE = {
    "security_label": "needs a label provider, which no server here has",
    "role": "tests/integration/test_snapshot_roles.py: roles are the cluster's, not a case's",
    "membership": "as role",
}

WITHOUT = {
    "extension.version": "an extension of two versions is on no server here",
    "table.tablespace": "a tablespace is a directory of the server's",
    "constraint.index_tablespace": "as table.tablespace",
    "index.tablespace": "as table.tablespace",
    "materialized_view.tablespace": "as table.tablespace",
    "materialized_view.access_method": "as table.access_method, which a case changes",
    "index.valid": "pg_dump leaves out what is not valid",
    "range.canonical": "needs a function in C: PostgreSQL takes no other before the type is there",
    "collation.rules": "needs ICU, which the embedded server lacks",
    "collation.deterministic": "needs ICU, which the embedded server lacks",
    "aggregate.variety": "another variety has other arguments, and so another key",
    "aggregate.finalfunc_extra": "only with a polymorphic final function",
    "aggregate.mfinalfunc_extra": "only with a polymorphic final function",
    "language.handler": "PostgreSQL has one handler of its own",
    "ts_parser.start": "PostgreSQL has one parser of its own, and takes functions in C only",
    "ts_parser.gettoken": "as ts_parser.start",
    "ts_parser.end": "as ts_parser.start",
    "ts_parser.lextypes": "as ts_parser.start",
    "subscription.slot": "a slot is another server's",
    "foreign_data_wrapper.handler": "PostgreSQL has no handler of its own",
}


def _changed() -> set[str]:
    return {word for words in known_changes().values() for word in words.split()}


def test_each_case_is_listed() -> None:
    assert known_changes().keys() == {case.name for case in all_cases()}


def test_each_kind_comes_or_goes() -> None:
    changed = _changed()
    assert {kind for kind in KINDS if not {f"+{kind}", f"-{kind}"} & changed} == ELSEWHERE.keys()


def test_each_attribute_changes() -> None:
    changed = _changed()
    attributes = {f"{kind}.{name}" for kind in KINDS.keys() - ELSEWHERE.keys() for name in KINDS[kind].attributes}
    assert attributes - changed == WITHOUT.keys()
