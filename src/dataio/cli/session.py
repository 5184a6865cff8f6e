"""What nearly every command does first: settle the settings, reach the target, say which one it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataio.cli.talk import Talk
from dataio.errors import ConfigError, UsageError, told_when_stopped
from dataio.settings import Settings, load

if TYPE_CHECKING:
    from dataio.operations.target import Place
    from dataio.plan.policy import Policy


class Session:
    """One command's talk, settings and target. ``flags`` maps setting names to what the command line gave."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, **flags: Any) -> None:
        self.talk = Talk(quiet=quiet, verbose=verbose)
        self.settings: Settings = load(flags)
        for contradiction in self.settings.contradictions:
            self.talk.warn(f"{contradiction.variable} differs between the shell and .env; the shell's is used")

    @property
    def names_target(self) -> bool:
        """Whether anything named a target, or the development database is only what is left."""
        return self.settings.target.origin.layer != "default"

    @property
    def named_target(self) -> str:
        """What ``--target`` was given, to be said again in a command; a URL, which may hold a password, by its word."""
        choice = self.settings.target
        if choice.origin.layer != "flag":
            return ""
        return choice.environment or "URL"

    def place(self, *, must_exist: bool = True) -> Place:
        """Reach the target and say which it is: ``target: catalogue @ 127.0.0.1:15432 (PostgreSQL 16.14)``."""
        from dataio.operations.target import reach

        settings = self.settings
        place = reach(settings.target, settings.environments, settings.root, must_exist=must_exist)
        self.talk.say(f"target: {place.describe()}")
        return place

    def sources(self) -> tuple[Path, ...]:
        """The schema's files and folders, which must be there."""
        for path in self.settings.schema:
            if not path.exists():
                origin = self.settings.origin("schema")
                raise UsageError(
                    f"there is no {shown(path)} (from {origin})",
                    hint="Write one, take it from a database with `dataio schema adopt`, or name it with --schema.",
                )
        return self.settings.schema

    @told_when_stopped(lambda: "nothing was changed")
    def confirm_change(self, place: Place, question: str, *, what: str, yes: bool, name: str | None) -> bool:
        """Ask before the target changes. A protected target wants its name, typed here or given with --confirm.

        Raises UsageError where shell and .env name different targets, and no flag says which is meant.
        """
        doubtful = [one.variable for one in self.settings.contradictions if one.names_target]
        if doubtful and self.settings.target.origin.layer == "environment" and name is None:
            raise UsageError(
                f"{doubtful[0]} leads to one database in the shell and to another in .env",
                hint=f"Say which is meant: --target, or --confirm {place.database} for the shell's.",
            )
        if place.protected:
            if name is None and self.talk.can_ask():
                name = self.talk.ask(f"{question} This target is protected. Type the database's name to go on:")
            place.confirm(name, what=what)
            return True
        if name is not None and name != place.database:
            raise UsageError(f"--confirm names {name!r}, but the target is {place.database!r}")
        return self.talk.confirm(question, yes=yes or name is not None)


def hazard_policy(settings: Settings) -> Policy:
    """Which hazards the settings refuse, for the environment that is the target."""
    from dataio.plan.policy import Policy

    return Policy.of(refuse=settings.refuse, rules=settings.hazards)


def shown(path: Path) -> str:
    """A path as the user would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def output_file(out: str | None, *, never: tuple[Path, ...] = ()) -> Path | None:
    """Where ``--out`` leads; its folder must exist."""
    if out is None:
        return None
    path = Path(out).expanduser().absolute()
    if not path.parent.is_dir():
        raise ConfigError(f"--out {out}: there is no folder {path.parent}")
    if path in never:
        raise ConfigError(f"--out {out} would overwrite a source of the schema")
    return path
