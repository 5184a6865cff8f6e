"""The plan as a document: what will be run against a database, what it does there, and the proof that it arrives.

Frozen and self-contained: no connection, no snapshot. ``dataio.plan.jsonio`` turns it into versioned JSON and back;
``dataio.plan.render`` shows it. The planner makes it, ``dataio.migrations`` applies it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from dataio.diagram.model import Diagram

FORMAT: Final = "dataio.plan/1"

Action: TypeAlias = Literal["create", "alter", "drop"]
Author: TypeAlias = Literal["migra", "native"]
Blocks: TypeAlias = Literal["", "writes", "reads and writes"]
HazardKind: TypeAlias = Literal[
    "data-loss", "rewrite", "lock", "scan", "constraint", "dependency", "privilege", "irreversible"
]


@dataclass(frozen=True)
class ObjectRef:
    """A thing in the database, by the kind and path of its fact; ``str()`` is for people."""

    kind: str
    path: tuple[str, ...]
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Lock:
    """The strongest lock that a statement took on a relation that existed before the plan.

    ``mode`` is PostgreSQL's name (``AccessExclusiveLock`` …, manual: "Explicit Locking").
    """

    relation: str
    mode: str

    @property
    def blocks_reads(self) -> bool:
        return self.mode == "AccessExclusiveLock"

    @property
    def blocks_writes(self) -> bool:
        return self.mode in {
            "ShareLock",
            "ShareRowExclusiveLock",
            "ExclusiveLock",
            "AccessExclusiveLock",
        }


@dataclass(frozen=True)
class Observation:
    """What one statement was seen to do on the copy. Relations are qualified names; only those that were there before.

    ``rewritten``: got a new filenode; ``scanned``: were read from end to end; ``dropped``: what is gone;
    ``seconds``: on the empty copy (says nothing about the target).
    """

    locks: tuple[Lock, ...] = ()
    rewritten: tuple[str, ...] = ()
    scanned: tuple[str, ...] = ()
    dropped: tuple[ObjectRef, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Hazard:
    """Something a reviewer must know before a statement runs. ``name`` is ``kind/what``: ``data-loss/drop-column``.

    ``subject`` is the relation or object it befalls; ``rows`` and ``bytes`` are the target's estimates of it, where
    known. ``refused`` says that it needs ``--allow NAME``. ``blocks``: whom a lock keeps waiting; ``seconds``: an
    estimate of how long it lasts (for ``lock``: from this statement to COMMIT), and ``basis`` where that comes from.
    """

    name: str
    subject: str
    message: str
    rows: int | None = None
    bytes: int | None = None
    refused: bool = False
    blocks: Blocks = ""
    seconds: float | None = None
    basis: str = ""

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class SourceLines:
    """Where the schema files speak of something: the file as in ``Plan.sources``, and lines from 1, both included."""

    file: str
    first: int
    last: int


@dataclass(frozen=True)
class Alone:
    """What makes a statement that runs outside of a transaction one that can be resumed. Queries give one boolean.

    ``relation``: the table it works on; ``done``: is what it does there already? ``leftover``: did an interrupted run
    leave something half made, which ``cleanup`` removes (or completes)?
    """

    relation: str
    done: str
    leftover: str = ""
    cleanup: str = ""


@dataclass(frozen=True)
class Statement:
    """One SQL statement, without its semicolon, and what is known about it.

    ``new_transaction`` splits the script: PostgreSQL must commit what came before first (a new enum value that this
    statement uses). ``lines``: the statement of the schema that it follows from, where that was observed.
    """

    sql: str
    action: Action
    subject: ObjectRef
    author: Author
    observation: Observation | None = None
    hazards: tuple[Hazard, ...] = ()
    new_transaction: bool = False
    alone: Alone | None = None
    lines: SourceLines | None = None


@dataclass(frozen=True)
class Change:
    """One object that differs, for the reader: ``+`` create, ``~`` alter, ``-`` drop.

    ``before`` and ``after`` map attribute names to text, only those that differ (all of them for create and drop).
    """

    action: Action
    subject: ObjectRef
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One way that was tried. ``outcome``: 'won', 'proven' (but dearer), or why it was out."""

    authors: tuple[Author, ...]
    outcome: Literal["won", "proven", "failed", "differs"]
    statements: int
    reason: str = ""
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """That the script, run whole on a fresh copy, ends at the desired state, by two judges that share no code."""

    snapshot_equal: bool
    dump_equal: bool
    server: str
    seconds: float

    @property
    def holds(self) -> bool:
        return self.snapshot_equal and self.dump_equal


@dataclass(frozen=True)
class PlannedTarget:
    """The database that the plan was made for. ``description`` is the header line, without secrets."""

    description: str
    database: str
    server_version: str
    major: int
    environment: str = ""
    protected: bool = False
    system_identifier: str = ""


NEW_COLUMN: Final = "NOT NULL of a new column"
"""The rule of a check about a column that is not there yet."""


@dataclass(frozen=True)
class RowCheck:
    """A question to the rows of the target before anything runs: which of them would make the plan fail?

    ``name`` is the hazard that they are, ``rule`` what they violate, ``sql`` a query that reads their keys. ``rows``:
    how many there were when it was asked (``None``: it was not, and ``note`` says why), ``keys``: some of them. A
    ``note`` beside ``rows`` says why there may be more.
    """

    name: str
    subject: str
    rule: str
    sql: str
    rows: int | None = None
    keys: tuple[str, ...] = ()
    note: str = ""

    @property
    def of_new_column(self) -> bool:
        """Whether there is nothing yet that could be mended: the column is added by the plan, without a value."""
        return self.rule == NEW_COLUMN

    @property
    def violations(self) -> str:
        least = "at least " if self.note else ""
        return f"{least}{self.rows:,} row{'' if self.rows == 1 else 's'} violate{'s' if self.rows == 1 else ''}"


@dataclass(frozen=True)
class OpenTransaction:
    """A transaction that was open on the target when it was planned: locks of ours would queue behind its own.

    ``seconds``: its age; ``holds``: the relations of this plan that it holds locks on. Never what it runs.
    """

    pid: int
    user: str
    application: str
    state: str
    seconds: float
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replica:
    """A standby or subscriber that was connected: it replays every lock and every rewrite. ``lag_bytes``: behind."""

    name: str
    state: str
    sync: str
    lag_bytes: int | None = None


@dataclass(frozen=True)
class Load:
    """What went on on the target when it was planned.

    ``transactions``: those open for long; ``writes``: rows written per second to relations that the plan touches, on
    average since the statistics were reset; ``waits_for_sync``: COMMIT waits for a synchronous standby.
    """

    transactions: tuple[OpenTransaction, ...] = ()
    replicas: tuple[Replica, ...] = ()
    writes: tuple[tuple[str, float], ...] = ()
    waits_for_sync: bool = False


@dataclass(frozen=True)
class Rollback:
    """A proven way back from where a plan ends to where it started. ``lost`` says which data it cannot bring back.

    ``checks``: what is asked of the rows before it runs.
    """

    statements: tuple[Statement, ...]
    lost: tuple[str, ...] = ()
    checks: tuple[RowCheck, ...] = ()
    proof: Proof | None = None

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        return tuple(hazard for statement in self.statements for hazard in statement.hazards)

    @property
    def authors(self) -> tuple[Author, ...]:
        return tuple(dict.fromkeys(statement.author for statement in self.statements))


@dataclass(frozen=True)
class Plan:
    """A proven way from one state of a database to another. Empty where the two are equal (``statements == ()``).

    Fingerprints are canonical: ``pg18:sha256…`` names the major version of the server that spoke for both sides.
    ``managed`` lists which of owners, privileges, comments … were compared, ``ignored`` the globs
    of what was not; ``tools`` maps tool names to versions; ``timings`` maps stages to seconds.
    ``load``: what went on there; ``checks``: what was asked of its rows;
    ``online``: in phases that keep nobody waiting for long.
    ``diagram``: the changed tables and one foreign key around them.
    ``rollback`` is there where the plan has a number and a way back could be proven.
    """

    target: PlannedTarget
    sources: tuple[str, ...]
    from_fingerprint: str
    to_fingerprint: str
    statements: tuple[Statement, ...] = ()
    changes: tuple[Change, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    proof: Proof | None = None
    managed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    timings: tuple[tuple[str, float], ...] = ()
    created_at: str = ""
    name: str = ""
    number: int | None = None
    git_commit: str = ""
    diagram: Diagram = field(default=Diagram())
    load: Load | None = None
    checks: tuple[RowCheck, ...] = ()
    rollback: Rollback | None = None
    online: bool = False
    format: str = field(default=FORMAT)

    @property
    def empty(self) -> bool:
        return not self.statements

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        return tuple(hazard for statement in self.statements for hazard in statement.hazards)

    @property
    def refused(self) -> tuple[Hazard, ...]:
        """The hazards that stand in the way until they are allowed by name, or until rows are mended."""
        return tuple(hazard for hazard in self.hazards if hazard.refused)

    @property
    def violated(self) -> tuple[RowCheck, ...]:
        """The checks that found rows: what fails when it runs, whatever is allowed."""
        return tuple(check for check in self.checks if check.rows)

    @property
    def authors(self) -> tuple[Author, ...]:
        return tuple(dict.fromkeys(statement.author for statement in self.statements))
