"""What each kind of job does. A handler takes plain arguments, says how far it is, and returns what JSON can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from dataio.errors import Refused, UsageError
from dataio.progress import OnProgress, report

if TYPE_CHECKING:
    from dataio.operations.jobs.queue import Handler
    from dataio.operations.target import Place
    from dataio.settings import Settings

KINDS: Final = ("plan", "drift", "verify", "apply")


def handlers(settings: Settings) -> dict[str, Handler]:
    """All kinds of jobs, by the settings of the project that the worker runs in."""
    workbench = _Workbench(settings)
    return {
        "plan": workbench.plan,
        "drift": workbench.drift,
        "verify": workbench.verify,
        "apply": workbench.apply,
    }


class _Workbench:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def _place(self) -> Place:
        from dataio.operations.target import reach

        return reach(self.settings.target, self.settings.environments, self.settings.root)

    def plan(self, arguments: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
        """A plan from the database to schema.sql; nothing is written. ``allow`` is not asked for: nothing runs."""
        from dataio.operations.plan import plan
        from dataio.plan.jsonio import to_json
        from dataio.plan.policy import Policy

        settings = self.settings
        for path in settings.schema:
            if not path.exists():
                raise UsageError(f"there is no {path.name} where the worker runs", hint="DATAIO_SCHEMA names it.")
        planned = plan(
            self._place(),
            sources=settings.schema,
            migrations=settings.migrations,
            root=settings.root,
            write=False,
            scratch_url=settings.scratch_url,
            manage=settings.manage,
            ignore=settings.ignore,
            engine=arguments.get("engine") or settings.engine,
            policy=Policy.of(refuse=settings.refuse, rules=settings.hazards),
            on_progress=on_progress,
        )
        drawn = None if planned.plan.empty else self._drawn(on_progress)
        return {"plan": json.loads(to_json(planned.plan)), "notes": list(planned.notes), "drawing": drawn}

    def _drawn(self, on_progress: OnProgress) -> dict[str, Any] | None:
        """What changes, as a diagram: the changed tables and one foreign key around them."""
        from dataio.diagram.drawing import drawing
        from dataio.operations.diagram import erd
        from dataio.operations.sides import DiffSide

        settings = self.settings
        diagram = erd(
            DiffSide("the schema", paths=settings.schema),
            root=settings.root,
            since=DiffSide("the database", target=self._place().target),
            scratch_url=settings.scratch_url,
            on_progress=on_progress,
        )
        return asdict(drawing(diagram, title="What changes")) if diagram else None

    def drift(self, _: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
        """What differs between the database and what its history says it should be."""
        from dataio.operations.status import status

        found = status(
            self._place(),
            migrations=self.settings.migrations,
            scratch_url=self.settings.scratch_url,
            on_progress=on_progress,
        )
        return {
            "version": found.version,
            "fingerprint": found.fingerprint,
            "drift": None if found.drift is None else list(found.drift),
            "pending": list(found.pending),
            "problems": list(found.problems),
        }

    def verify(self, arguments: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
        """Read a dump again, every byte; with ``restore`` restore it into a scratch database, too."""
        from dataio.operations import dumps

        settings = self.settings
        store = dumps.open_store(settings.store, root=settings.root, options=dumps.s3_options(settings))
        manifest = dumps.find_dump(store, str(arguments["dump"]))
        report(on_progress, "verify", manifest.id)
        found = dumps.verify_dump(
            store,
            manifest,
            work=settings.work,
            by_restore=bool(arguments.get("restore")),
            place=self._place() if arguments.get("restore") else None,
            scratch_url=settings.scratch_url,
            on_progress=on_progress,
        )
        return {"dump": manifest.id, "objects": found.objects, "bytes": found.bytes}

    def apply(self, arguments: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
        """Apply the pending scripts, where the settings of this worker allow that over HTTP."""
        from dataio.operations.apply import apply, pending, summary
        from dataio.plan.policy import Policy

        settings = self.settings
        if not settings.api_apply:
            raise Refused("this worker does not apply scripts that were asked for over HTTP", hint="DATAIO_API_APPLY=1")
        place = self._place()
        place.confirm(arguments.get("confirm"), what="applying scripts")
        outcome = apply(
            place,
            pending(place, migrations=settings.migrations),
            allow=(*settings.allow, *arguments.get("allow", ())),
            policy=Policy.of(refuse=settings.refuse, rules=settings.hazards),
            lock_timeout=settings.lock_timeout,
            statement_timeout=settings.statement_timeout,
            scratch_url=settings.scratch_url,
            on_progress=on_progress,
        )
        return {"version": outcome.version, "applied": [summary(one) for one in outcome.applied]}
