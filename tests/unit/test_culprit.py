"""Which statement a hazard is shown at, where a proposer's statements do not say what they are about."""

from __future__ import annotations

import pytest

from dataio.plan.model import ObjectRef, Statement
from dataio.planner.observed.culprit import Culprits
from dataio.snapshot.keys import SELF, Key

TEXTS = (
    "drop policy mine on core.tag",
    "revoke select on table core.tag from app_ro",
    "alter table core.tag alter column status drop default",
    "alter type core.status rename to status__old",
    "alter table core.tag alter column status type core.status using status::text::core.status",
    "alter table core.tag drop constraint tag_owner_fkey",
    "alter table core.tag add constraint tag_owner_fkey foreign key (owner) references core.owner (id) not valid",
    "alter table core.tag validate constraint tag_owner_fkey",
    "alter table audit.event attach partition audit.event_2026 for values from ('2026-01-01') to ('2027-01-01')",
    "alter table core.tag disable row level security",
    "drop table core.old",
    'create unique index "Tag name" on core.tag (name)',
    "drop type core.status__old",
)
STATEMENTS = [Statement(text, "alter", ObjectRef("statement", (), text), "migra") for text in TEXTS]


@pytest.mark.parametrize(
    ("key", "last", "beginning"),
    [
        (Key("privilege", ("table", "core", "tag", "app_ro", SELF)), False, "revoke select"),
        (Key("policy", ("core", "tag", "mine")), False, "drop policy"),
        (Key("table", ("core", "tag")), False, "alter table core.tag disable"),
        (Key("table", ("core", "old")), False, "drop table"),
        (Key("column", ("core", "tag", "status")), True, "alter table core.tag alter column status type"),
        (Key("constraint", ("core", "tag", "tag_owner_fkey")), True, "alter table core.tag validate"),
        (Key("constraint", ("core", "tag", "tag_owner_fkey")), False, "alter table core.tag drop constraint"),
        (Key("partition", ("audit", "event_2026")), True, "alter table audit.event attach"),
        (Key("index", ("core", "Tag name")), True, "create unique index"),
        (Key("sequence", ("core", "nobody_names")), False, "drop type core.status__old"),
    ],
)
def test_by_the_words_in_it(key: Key, last: bool, beginning: str) -> None:
    assert TEXTS[Culprits(STATEMENTS).of(key, last=last)].startswith(beginning)


def test_by_what_it_says_it_is_about() -> None:
    key = Key("constraint", ("core", "tag", "tag_owner_fkey"))
    about = Statement("ALTER TABLE core.tag …", "create", ObjectRef(key.kind, key.path, str(key)), "native")
    assert Culprits([*STATEMENTS, about, STATEMENTS[0]]).of(key) == len(STATEMENTS)
