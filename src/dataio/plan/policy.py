"""Which hazards an environment allows, shows or refuses, and from what size or duration on.

A rule is ``name = verdict``: the name is a hazard's (``lock/access-exclusive``) or its kind's (``lock``), the verdict
``allow``, ``show``, ``refuse``, or a limit (``5s``, ``1GB``) beyond which it is refused. The more exact name wins.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from dataio.errors import ConfigError
from dataio.plan.hazard_names import HAZARDS
from dataio.plan.model import Hazard

REFUSED_BY_DEFAULT: Final = frozenset({"data-loss", "constraint"})

KINDS: Final = ("data-loss", "rewrite", "lock", "scan", "constraint", "dependency", "privilege", "irreversible")

_TIMES: Final = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
_SIZES: Final = {"kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
_LIMIT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|kB|MB|GB|TB)")


@dataclass(frozen=True)
class Rule:
    """What becomes of the hazards called ``name``; limits in seconds and bytes."""

    name: str
    verdict: Literal["allow", "show", "refuse", "limit"]
    seconds: float | None = None
    bytes: float | None = None

    @classmethod
    def parse(cls, name: str, text: str) -> Rule:
        """Raises :class:`~dataio.errors.ConfigError` for what is no rule."""
        if name not in KINDS and name not in HAZARDS:
            near = difflib.get_close_matches(name, (*HAZARDS, *KINDS), n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            kind = name.partition("/")[0]
            among = [hazard for hazard in HAZARDS if hazard.startswith(f"{kind}/")]
            names = f"names: {', '.join(among)}" if among else "a plan shows its hazards by their names"
            raise ConfigError(f"hazards: {name!r} is no hazard", hint=f"{hint}Kinds: {', '.join(KINDS)}; {names}.")
        word = text.strip()
        if word == "allow":
            return cls(name, "allow")
        if word == "show":
            return cls(name, "show")
        if word == "refuse":
            return cls(name, "refuse")
        if (match := _LIMIT.fullmatch(word)) is None:
            raise ConfigError(f"hazards: {name} = {text!r}", hint="Use allow, show, refuse, or a limit: 5s, 1GB.")
        value, unit = float(match[1]), match[2]
        if unit in _TIMES:
            return cls(name, "limit", seconds=value * _TIMES[unit])
        return cls(name, "limit", bytes=value * _SIZES[unit])

    def refuses(self, hazard: Hazard) -> bool:
        """A figure that nobody knows counts as beyond the limit."""
        if self.verdict != "limit":
            return self.verdict == "refuse"
        if self.seconds is not None:
            return hazard.seconds is None or hazard.seconds > self.seconds
        return hazard.bytes is None or hazard.bytes > (self.bytes or 0)


@dataclass(frozen=True)
class Policy:
    """The rules of one environment; the last of equally exact ones holds."""

    rules: tuple[Rule, ...] = tuple(Rule(kind, "refuse") for kind in sorted(REFUSED_BY_DEFAULT))

    @classmethod
    def of(cls, *, refuse: Collection[str] = (), rules: Iterable[tuple[str, str]] = ()) -> Policy:
        """The default rules, ``refuse`` (names or kinds), and ``rules`` as the settings have them."""
        more = tuple(Rule(name, "refuse") for name in refuse)
        return cls((*cls().rules, *more, *(Rule.parse(name, text) for name, text in rules)))

    @property
    def limits(self) -> bool:
        """Whether figures decide anything."""
        return any(rule.verdict == "limit" for rule in self.rules)

    def rule_for(self, hazard: Hazard) -> Rule | None:
        exact = [rule for rule in self.rules if rule.name == hazard.name]
        kind = [rule for rule in self.rules if rule.name == hazard.kind]
        found = exact or kind
        return found[-1] if found else None

    def refuses(self, hazard: Hazard) -> bool:
        rule = self.rule_for(hazard)
        return rule is not None and rule.refuses(hazard)

    def allows(self, hazard: Hazard) -> bool:
        """Whether the rules allow it outright, so that a script's own refusal does not count."""
        rule = self.rule_for(hazard)
        return rule is not None and rule.verdict == "allow"

    def judged(self, hazard: Hazard) -> Hazard:
        return replace(hazard, refused=self.refuses(hazard))
