"""What goes when an extension goes: ALTER … DEPENDS ON EXTENSION.

https://www.postgresql.org/docs/current/sql-alterfunction.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.address import address
from dataio.planner.native.text.sql import ident
from dataio.snapshot.keys import Key, attached_to
from dataio.snapshot.model import Fact


def depends(key: Key, action: Action, *, no: bool = False) -> Step:
    subject = address(attached_to(key))
    return Step(f"ALTER {subject} {'NO ' if no else ''}DEPENDS ON EXTENSION {ident(key.path[0])}", key, action)


class ExtensionDependencyRule(Rule):
    kind = "extension_dependency"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield depends(new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield depends(old.key, "drop", no=True)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return ()


RULES: tuple[Rule, ...] = (ExtensionDependencyRule(),)
