"""Privileges, to the exact set, with grant options and grantors.

What default privileges give to new objects is taken into account: they only change at the end of a script, so every new
object starts with what those of the current state give.

https://www.postgresql.org/docs/current/sql-grant.html, https://www.postgresql.org/docs/current/ddl-priv.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dataio.planner.native.rules.access.roles import role_text
from dataio.planner.native.side import TYPE_KINDS, Side
from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.address import by_name, grantable
from dataio.planner.native.text.sql import ident
from dataio.snapshot.keys import PUBLIC, SELF, Key, attached_to
from dataio.snapshot.model import Fact, Snapshot

Privileges = frozenset[str]

_OBJECT_TYPES: Final = {
    **dict.fromkeys(("table", "view", "materialized_view", "foreign_table"), "tables"),
    **dict.fromkeys(("function", "procedure", "aggregate"), "functions"),
    **dict.fromkeys(TYPE_KINDS, "types"),
    **dict.fromkeys(("sequence", "identity"), "sequences"),
    "schema": "schemas",
}
_EVERYTHING: Final = {
    "tables": "DELETE INSERT REFERENCES SELECT TRIGGER TRUNCATE UPDATE",
    "sequences": "SELECT UPDATE USAGE",
    "functions": "EXECUTE",
    "types": "USAGE",
    "schemas": "CREATE USAGE",
    "large objects": "SELECT UPDATE",
    "": "USAGE",
}
_PARTS: Final = frozenset({"column", "identity"})
"""What belongs to the owner of its table."""

_PUBLIC_SCHEMA: Final = Key("schema", ("public",))
"""Facts know it as initdb makes it, whoever made it."""

_TO_PUBLIC: Final = {"functions": frozenset({"EXECUTE"}), "types": frozenset({"USAGE"})}


def object_type(kind: str) -> str:
    """The word of ALTER DEFAULT PRIVILEGES for a kind; empty for those that it does not know."""
    return _OBJECT_TYPES.get(kind, "")


def everything(type_: str, major: int) -> Privileges:
    """All privileges there are on a type of object."""
    found = set(_EVERYTHING[type_].split())
    if type_ == "tables" and major >= 17:
        found.add("MAINTAIN")
    return frozenset(found)


def usual(type_: str, grantee: str, owner: str, major: int, kind: str = "") -> Privileges:
    """What a new object's grantee has without any default privileges: acldefault()."""
    if kind == "column":
        return frozenset()
    if grantee == owner:
        return everything(type_, major)
    if grantee == PUBLIC:
        return frozenset({"USAGE"}) if kind == "language" else _TO_PUBLIC.get(type_, frozenset())
    return frozenset()


def held(fact: Fact | None) -> Privileges | None:
    value = fact["privileges"] if fact is not None else None
    return frozenset(str(item) for item in value) if isinstance(value, tuple) else None


def changes(current: Privileges, wanted: Privileges, whole: Privileges) -> Iterator[tuple[str, str, str, str]]:
    """``(verb, privileges, TO or FROM, grant option)`` for each statement that turns one set into another."""
    had, has = {p.rstrip("*") for p in current}, {p.rstrip("*") for p in wanted}
    lost = had - has
    if lost:
        yield "REVOKE", _words(lost, whole), "FROM", ""
    unoptioned = {p.rstrip("*") for p in current if p.endswith("*")} & has - {
        p.rstrip("*") for p in wanted if p.endswith("*")
    }
    if unoptioned:
        yield "REVOKE GRANT OPTION FOR", _words(unoptioned, whole), "FROM", ""
    gained = {p for p in wanted - current if not p.endswith("*") and p not in had}
    if gained:
        yield "GRANT", _words(gained, whole), "TO", ""
    optioned = {p.rstrip("*") for p in wanted - current if p.endswith("*")}
    if optioned:
        yield "GRANT", _words(optioned, whole), "TO", " WITH GRANT OPTION"


def _words(privileges: set[str], whole: Privileges) -> str:
    return "ALL" if len(whole) > 1 and privileges == whole else ", ".join(sorted(privileges))


class _On:
    """One grantee's privileges on one object, as a privilege fact's key names them."""

    def __init__(self, key: Key, context: Context) -> None:
        self.key, self.context = key, context
        self.subject = attached_to(key)
        self.grantee, self.grantor = key.path[-2], key.path[-1]
        self.type = object_type(self.subject.kind if self.subject.kind != "column" else "table")

    def usual(self, snapshot: Snapshot) -> Privileges:
        owner = snapshot.owner_of(self.subject)
        if self.grantor != owner:
            return frozenset()
        if self.grantee == PUBLIC and self.subject == _PUBLIC_SCHEMA:
            return frozenset({"USAGE"} if snapshot.major >= 15 else {"CREATE", "USAGE"})
        if self.grantee == PUBLIC and self.type == "tables" and self.subject.path[0] == "pg_catalog":
            return frozenset({"SELECT"})
        return usual(self.type, self.grantee, owner, snapshot.major, self.subject.kind)

    def at_birth(self) -> Privileges:
        """What the grantee has on the new object by the current default privileges."""
        owner = self.context.b.owner_of(self.subject)
        if self.grantor != owner or self.grantee == SELF != owner:  # the own role's are made over with the object
            return frozenset()
        given = given_by_default(self.subject, self.grantee, self.context.a)
        if self.grantee == owner != SELF:  # what was given to it, and what is made over to it
            given |= given_by_default(self.subject, SELF, self.context.a)
        return frozenset(item for item in given if f"{item}*" not in given)

    def steps(self, current: Privileges, wanted: Privileges, action: Action) -> Iterator[Step]:
        columns = f" ({ident(self.subject.path[2])})" if self.subject.kind == "column" else ""
        whole = everything(self.type, self.context.b.major) if not columns else frozenset()
        snapshot = self.context.a if action == "drop" else self.context.b
        subject, owner = grantable(by_name(self.subject, snapshot)), snapshot.owner_of(self.subject)
        for verb, words, preposition, option in changes(current, wanted, whole):
            privileges = ", ".join(f"{word}{columns}" for word in words.split(", "))
            by_another = self.grantor not in {owner, SELF}
            grantee = "SESSION_USER" if by_another and self.grantee == SELF else role_text(self.grantee)
            text = f"{verb} {privileges} ON {subject} {preposition} {grantee}{option}"
            if by_another:  # CURRENT_USER is the grantor then
                text = f"SET ROLE {role_text(self.grantor)};\n{text};\nRESET ROLE"
            displaced = self.on_columns(current, wanted) if verb != "GRANT" else frozenset()
            yield Step(
                text, self.key, action, after=self._after(action), before=self._before(action), displaces=displaced
            )

    def on_columns(self, current: Privileges, wanted: Privileges) -> frozenset[Key]:
        """The same grantee's privileges on columns, which go with a REVOKE of the like on their table."""
        lost = {item.rstrip("*") for item in current - wanted if f"{item}*" not in wanted}
        if self.type != "tables" or self.subject.kind == "column" or not lost:
            return frozenset()
        return frozenset(
            key
            for key in self.context.old.everything_in(self.context.old.resolve(self.subject))
            if key.kind == "privilege" and key.path[0] == "column" and key.path[-2:] == self.key.path[-2:]
            and lost & {item.rstrip("*") for item in held(self.context.a.facts[key]) or ()}
        )  # fmt: skip

    def _after(self, action: Action) -> frozenset[Key]:
        """What is granted is granted by the owner to be."""
        if action == "drop":
            return frozenset()
        found = {*self._owners(self.context.new), *self._of_grantor(self.context.b)}
        if self.subject.kind == "column" and (above := self.context.new.relation(*self.subject.path[:2])) is not None:
            found.add(Key("privilege", (above.kind, *above.path, self.grantee, self.grantor)))
        return frozenset(found)

    def _before(self, action: Action) -> frozenset[Key]:
        """What is revoked is revoked by the owner that was."""
        if action != "drop":
            return frozenset()
        return frozenset({*self._owners(self.context.old), *self._of_grantor(self.context.a)})

    def _owners(self, side: Side) -> Iterator[Key]:
        """Who owns it is said there: of what is part of a table, or goes with its column, by the table."""
        yield Key("owner", (self.subject.kind, *self.subject.path))
        column = self.subject if self.subject.kind in _PARTS else None
        if self.subject.kind == "sequence":
            column = side.owner_column(self.subject)
        if column is not None and (above := side.relation(*column.path[:2])) is not None:
            yield Key("owner", (above.kind, *above.path))

    def _of_grantor(self, snapshot: Snapshot) -> Iterator[Key]:
        """The privileges with grant option that a grant by another than the owner rests on."""
        if self.grantor == snapshot.owner_of(self.subject):
            return
        side = self.context.new if snapshot is self.context.b else self.context.old
        places = {self.subject}
        if self.subject.kind == "column" and (above := side.relation(*self.subject.path[:2])) is not None:
            places.add(above)
        optioned = {f"{item.rstrip('*')}*" for item in held(snapshot.facts.get(self.key)) or ()}
        for key in {key for place in places for key in side.contents(side.resolve(place)) if key.kind == "privilege"}:
            theirs = attached_to(key) in places and self.grantor == key.path[-2] != key.path[-1]
            if theirs and optioned & (held(snapshot.facts[key]) or frozenset()):
                yield key


def given_by_default(subject: Key, grantee: str, snapshot: Snapshot) -> Privileges:
    """What default privileges of the own role give to a grantee on a new object."""
    type_ = object_type(subject.kind)
    everywhere = snapshot.facts.get(Key("default_privilege", (SELF, "", type_, grantee)))
    base = held(everywhere)
    if base is None:
        base = usual(type_, grantee, SELF, snapshot.major, subject.kind)
    if len(subject.path) > 1 and subject.kind != "schema":
        base |= (
            held(snapshot.facts.get(Key("default_privilege", (SELF, subject.path[0], type_, grantee)))) or frozenset()
        )
    return base


def beyond_defaults(new: Fact, context: Context) -> Iterator[Step]:
    """What default privileges give to a new object, and the desired state does not."""
    type_ = object_type(new.key.kind)
    if not type_:
        return
    schema = new.key.path[0] if new.key.kind != "schema" else ""
    grantees = {
        fact.key.path[3]
        for fact in context.a.of_kind("default_privilege")
        if fact.key.path[0] == SELF and fact.key.path[1] in ("", schema) and fact.key.path[2] == type_
    }
    owner = context.b.owner_of(new.key)
    if new.key == _PUBLIC_SCHEMA:
        grantees.add(PUBLIC)
    for grantee in sorted({owner if grantee == SELF else grantee for grantee in grantees}):
        key = Key("privilege", (new.key.kind, *new.key.path, grantee, owner))
        if key not in context.b.facts:
            about = _On(key, context)
            yield from about.steps(about.at_birth(), about.usual(context.b), "create")


class PrivilegeRule(Rule):
    kind = "privilege"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        about = _On(new.key, context)
        fresh = context.new.resolve(about.subject) in context.coming
        current = about.at_birth() if fresh and about.subject.kind != "column" else about.usual(context.b)
        return about.steps(current, held(new) or frozenset(), "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        about = _On(old.key, context)
        return about.steps(held(old) or frozenset(), about.usual(context.a), "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        about = _On(new.key, context)
        return list(about.steps(held(old) or frozenset(), held(new) or frozenset(), "alter"))

    def takes_along(self, old: Fact, context: Context) -> Iterable[Key]:
        """What the grantee granted further on the strength of it, and has on columns."""
        about = _On(old.key, context)
        yield from about.on_columns(held(old) or frozenset(), about.usual(context.a))
        subject = context.old.resolve(attached_to(old.key))
        for key in context.old.everything_in(subject):
            if key.kind == "privilege" and key.path[-1] == old.key.path[-2] and key != old.key:
                yield key


RULES: tuple[Rule, ...] = (PrivilegeRule(),)
