"""What the schema, jobs, plans and dumps look like from outside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from dataio.api.shapes.values import IN, Moment

JobKind = Literal["plan", "drift", "verify", "apply"]
JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class MigrationOut(BaseModel):
    """An applied script."""

    number: int
    name: str
    kind: str
    from_fingerprint: str
    to_fingerprint: str
    checksum: str
    applied_at: Moment
    applied_by: str
    git_commit: str
    tool_version: str


class SchemaOut(BaseModel):
    """Where the database is."""

    database: str
    server_version: str
    version: int = Field(description="The number of the last applied migration; 0 without any.")
    label: str = Field(examples=["schema_v003"])
    fingerprint: str = Field(description="Of the live schema, in the words of its server.", examples=["pg18:9f…"])
    last: MigrationOut | None
    pending: list[str] = Field(description="Scripts that wait to be applied.")


class RelationOut(BaseModel):
    """A table or view. `rows` is the planner's estimate."""

    schema_name: str
    name: str
    kind: str
    rows: int | None
    bytes: int | None
    columns: int
    comment: str | None


class RelationDetailOut(RelationOut):
    """A table or view with all that belongs to it."""

    column_list: list[dict[str, Any]]
    constraints: list[dict[str, Any]]
    indexes: list[dict[str, Any]]
    referred_by: list[dict[str, Any]]
    triggers: list[dict[str, Any]]
    definition: str | None


class NewPlan(BaseModel):
    """What to plan: from the database to the schema files of the worker's project."""

    model_config = IN
    engine: Literal["auto", "migra", "native"] | None = None


class NewApply(BaseModel):
    """What may be applied."""

    model_config = IN
    allow: Annotated[
        list[Annotated[str, Field(max_length=100, pattern=r"^[a-z-]+(/[a-z-]+)?$")]], Field(max_length=50)
    ] = []
    confirm: Annotated[str, Field(max_length=100, pattern=r"^[!-~]+$")] | None = None


class NewVerify(BaseModel):
    """How a dump is verified; with `restore` it is restored into a scratch database, too."""

    model_config = IN
    restore: bool = False


class JobProblem(BaseModel):
    """Why a job failed."""

    error: str
    message: str
    detail: str
    hint: str


class Job(BaseModel):
    """A job and how far it is."""

    job_id: int
    kind: JobKind
    state: JobState
    attempts: int
    arguments: dict[str, Any]
    created_at: Moment | None
    started_at: Moment | None
    finished_at: Moment | None
    outcome: str | None = Field(
        description="What a plan amounts to, in a few words; null for other kinds, and until there is one.",
        examples=["3 statements, 1 hazard refused unless allowed", "nothing to change"],
    )
    problem: JobProblem | None


class JobResult(Job):
    """A job with what came of it."""

    result: dict[str, Any] | None


class PlanSummary(BaseModel):
    """What a plan amounts to."""

    empty: bool
    statements: int
    changes: int
    refused: list[str] = Field(description="Hazards that apply wants allowed by name.")
    proven: bool
    from_fingerprint: str
    to_fingerprint: str


class PlanOut(Job):
    """A plan; its document is at `documents`, once there is one."""

    summary: PlanSummary | None
    notes: list[str]
    documents: dict[str, str]


class DumpOut(BaseModel):
    """A dump in the store."""

    dump_id: str = Field(examples=["schema_v003/2026-05-04T06-00-00Z"])
    version: int
    time: str
    taken_at: Moment
    size: int
    objects: int
    content: str
    partial: bool
    rows: int | None
    fingerprint: str
    tags: dict[str, str]


class DumpDetail(DumpOut):
    """A dump with its manifest."""

    manifest: dict[str, Any]


class DumpDownload(BaseModel):
    """A link to one object of a dump."""

    name: str
    url: str
    expires_in: int
    size: int
    sha256: str
