"""What is managed and what is left alone, taken out of both sides alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from dataio.errors import UsageError
from dataio.planner.judge import Entry
from dataio.snapshot.keys import ATTACHMENTS, SELF, Key, attached_to, parent
from dataio.snapshot.kinds import KINDS
from dataio.snapshot.model import Snapshot

ASPECTS: Final[dict[str, frozenset[str]]] = {
    "owners": frozenset({"owner"}),
    "privileges": frozenset({"privilege", "default_privilege"}),
    "comments": frozenset({"comment"}),
    "security_labels": frozenset({"security_label"}),
    "publications": frozenset({"publication", "publication_table", "publication_schema"}),
    "subscriptions": frozenset({"subscription"}),
    "roles": frozenset({"role", "membership"}),
    "wording": frozenset(),
}
"""Words that ``--manage`` and ``--ignore`` take, and the kinds of facts they stand for.

``wording`` has no facts of its own: it is how PostgreSQL words an expression that it words in two ways, and changes by
itself when it reads its own words again (:mod:`dataio.snapshot.wording`). Only who asks for all gets plans for that.
"""

NOT_NULL_NAMES: Final = "not_null_names"
"""What is ignored where the target's version gives NOT NULL no name (before 18) and the scratch server's does."""

_NAMED_SINCE: Final = 18
_PUBLIC: Final = (Key("owner", ("schema", "public")), "pg_database_owner")
"""Whose the schema public is where nobody said anything (since PostgreSQL 15)."""

_ASKED_FOR: Final = ("owners", "privileges")
_NEVER_BY_DEFAULT: Final = frozenset({"roles", "wording"})


@dataclass(frozen=True)
class Scope:
    """Which facts are compared. ``aspects`` are the managed words of :data:`ASPECTS`; ``ignored`` are globs.

    A glob is ``name`` (any kind, ``schema.name`` with ``*`` and ``?``) or ``kind:name``; one that begins with ``!``
    takes things in again. The last one that fits a thing, or what that is part of, decides.
    """

    aspects: frozenset[str]
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    """Aspects that are left alone because the desired state says nothing of them."""

    def left_alone(self, current: Snapshot) -> tuple[str, ...]:
        """Notes on what ``current`` has that nobody asked for and the desired state says nothing of."""
        return tuple(
            f"{aspect} are left alone: the schema names none, and there are some (--manage {aspect} compares them)"
            for aspect in self.unasked
            if _named(aspect, current)
        )

    def manages(self, aspect: str) -> bool:
        return aspect in self.aspects

    def restrict(self, snapshot: Snapshot) -> Snapshot:
        """The part of a snapshot that is compared."""
        return snapshot.derived((self.aspects, self.ignored), lambda: self._part(snapshot))

    def _part(self, snapshot: Snapshot) -> Snapshot:
        left_out = frozenset().union(*(kinds for word, kinds in ASPECTS.items() if word not in self.aspects))
        if not left_out and not self.ignored:
            return snapshot
        if self.ignored:
            kept = snapshot.filtered(lambda key: key.kind not in left_out and not self._ignores(key, snapshot))
        else:
            kept = snapshot.filtered(lambda key: key.kind not in left_out)
        if not self.manages("owners") and self.manages("privileges"):
            kept = kept.rekeyed(_as_own(snapshot))
        if not self.manages("comments"):
            kept = _uncommented(kept)
        return _without_names(kept) if NOT_NULL_NAMES in self.ignored else kept

    def planned(self, snapshot: Snapshot) -> Snapshot:
        """The part that is planned: what is compared, in PostgreSQL's very words where those are managed.

        Fingerprints and proofs are of :meth:`restrict`: a copy made from a dump does not have the words of its source.
        """
        compared = self.restrict(snapshot)
        return compared.verbatim() if self.manages("wording") else compared

    def rest(self, snapshot: Snapshot) -> Snapshot:
        """The ignored objects: what a plan must not touch. (Aspects that are not managed may change with objects.)"""
        return snapshot.filtered(lambda key: self._ignores(key, snapshot))

    def _ignores(self, key: Key, snapshot: Snapshot) -> bool:
        if not self.ignored:
            return False
        things = []
        current: Key | None = key
        while current is not None:
            things.append((current.kind, current.path))
            current = parent(current, snapshot.relations)
        return self._ignores_any(things)

    def _ignores_any(self, things: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
        """Whether a thing is ignored, given as itself and all that it is part of: the last glob that fits decides."""
        ignored = False
        for glob in self.ignored:
            wanted = not glob.startswith("!")
            if wanted != ignored and any(_fits(glob.removeprefix("!"), kind, path) for kind, path in things):
                ignored = wanted
        return ignored

    def ignores_name(self, kind: str, path: tuple[str, ...]) -> bool:
        """Whether a thing itself (not what it is part of) is named by the globs."""
        return self._ignores_any([(kind, path)])

    def ignores_entry(self, entry: Entry) -> bool:
        """The same for an object of a dump: itself, or what it hangs on (``TABLE t``, ``t t_pkey``, ``COLUMN t.c``)."""
        if not self.ignored:
            return False
        name = entry.name
        kind = entry.type.lower().replace(" ", "_")
        if entry.type in ("COMMENT", "ACL", "SECURITY LABEL"):
            first, _, name = entry.name.partition(" ")
            kind = first.lower()
        bare = name.partition("(")[0]
        names = {name, bare, bare.partition(" ")[0], bare.partition(".")[0]}
        schema = () if entry.schema == "-" else (entry.schema,)
        things = [(kind, (*schema, part)) for part in names]
        return self._ignores_any([*things, ("schema", schema)] if schema else things)


def _fits(glob: str, kind: str, path: tuple[str, ...]) -> bool:
    name = ".".join(path)
    wanted, colon, pattern = glob.partition(":")
    if colon and wanted in KINDS:
        return kind == wanted and fnmatchcase(name, pattern)
    return kind not in ATTACHMENTS and fnmatchcase(name, glob)


def _as_own(snapshot: Snapshot) -> dict[Key, Key]:
    """Where nobody minds who owns a thing, its owner is the own role: in what it grants, and in what it has itself.

    What is compared is then the same whoever looks at it.
    """
    found: dict[Key, Key] = {}
    for fact in snapshot.of_kind("privilege"):
        owner = snapshot.owner_of(attached_to(fact.key))
        *subject, grantee, grantor = fact.key.path
        if grantor == owner != SELF:
            own = Key("privilege", (*subject, SELF if grantee == owner else grantee, SELF))
            if own not in snapshot.facts and Key("privilege", (*subject, SELF, owner)) not in snapshot.facts:
                found[fact.key] = own
    return found


def _uncommented(snapshot: Snapshot) -> Snapshot:
    """Without the comments that are no facts of their own: on what NOT NULL of a domain is."""
    said = [fact for fact in snapshot.of_kind("domain") if fact["not_null_comment"] is not None]
    if not said:
        return snapshot
    facts = {**snapshot.facts, **{fact.key: fact.replace(not_null_comment=None) for fact in said}}
    return Snapshot(facts, snapshot.edges, snapshot.major, snapshot.self_role, snapshot.notes, snapshot.wording)


def _without_names(snapshot: Snapshot) -> Snapshot:
    """NOT NULL as it is before PostgreSQL 18: a mark on the column."""
    facts = {
        key: fact.replace(name=None, no_inherit=False, validated=True, is_local=True, inherited=0)
        if key.kind == "not_null"
        else fact
        for key, fact in snapshot.facts.items()
    }
    return Snapshot(facts, snapshot.edges, snapshot.major, snapshot.self_role, snapshot.notes, snapshot.wording)


def across(ignore: tuple[str, ...], *, target: int, scratch: int) -> tuple[str, ...]:
    """What is ignored, and what a target of one major version cannot have that a scratch server of another does."""
    if target < _NAMED_SINCE <= scratch and NOT_NULL_NAMES not in ignore:
        return (*ignore, NOT_NULL_NAMES)
    return ignore


def decide(manage: frozenset[str], ignore: tuple[str, ...], desired: Snapshot) -> Scope:
    """The scope of one run.

    ``manage`` holds ``auto``, ``all`` or words of :data:`ASPECTS`: ``auto`` manages owners and privileges only where
    the desired state names any. ``ignore`` holds words of :data:`ASPECTS` and globs. Raises UsageError on other words.
    """
    unknown = manage - ASPECTS.keys() - {"auto", "all"}
    if unknown:
        words = ", ".join(sorted({"auto", "all", *ASPECTS}))
        raise UsageError(f"--manage does not know {', '.join(sorted(unknown))}", hint=f"It takes: {words}.")
    notes: list[str] = []
    unasked = [] if "all" in manage else [one for one in _ASKED_FOR if one not in manage and not _named(one, desired)]
    aspects = set(ASPECTS) - _NEVER_BY_DEFAULT - set(unasked)
    if "all" in manage:
        aspects.add("wording")
    aspects |= manage & ASPECTS.keys()
    left = sorted(word for word in ignore if word in ASPECTS)
    aspects.difference_update(left)
    globs = tuple(word for word in ignore if word not in ASPECTS)
    for glob in globs:
        kind, colon, _ = glob.removeprefix("!").partition(":")
        if colon and kind not in KINDS:
            raise UsageError(f"ignore {glob}: there is no kind {kind}", hint=f"Kinds: {', '.join(sorted(KINDS))}.")
    if left or globs:
        notes.append(f"ignored on both sides: {', '.join([*left, *globs])}")
    unasked = [aspect for aspect in unasked if aspect not in left]
    return Scope(frozenset(aspects), globs, tuple(notes), tuple(unasked))


def _named(aspect: str, desired: Snapshot) -> bool:
    if aspect == "owners":
        return any(fact["role"] != SELF and (fact.key, fact["role"]) != _PUBLIC for fact in desired.of_kind("owner"))
    return any(True for kind in ASPECTS[aspect] for _ in desired.of_kind(kind))
