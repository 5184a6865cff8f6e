"""Default privileges: what objects that are made later get. They change at the end of a script.

https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataio.planner.native.rules.access.privileges import Privileges, changes, everything, held, usual
from dataio.planner.native.rules.access.roles import role_text
from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident
from dataio.snapshot.keys import SELF, Key
from dataio.snapshot.model import Fact


class DefaultPrivilegeRule(Rule):
    kind = "default_privilege"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        return self._steps(new.key, self._usual(new.key, context), held(new) or frozenset(), context, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        return self._steps(old.key, held(old) or frozenset(), self._usual(old.key, context), context, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        current, wanted = held(old) or frozenset(), held(new) or frozenset()
        return list(self._steps(new.key, current, wanted, context, "alter"))

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        return ()

    def _usual(self, key: Key, context: Context) -> Privileges:
        role, schema, type_, grantee = key.path
        return frozenset() if schema else usual(type_, grantee, role, context.b.major)

    def _steps(
        self, key: Key, current: Privileges, wanted: Privileges, context: Context, action: Action
    ) -> Iterator[Step]:
        role, schema, type_, grantee = key.path
        head = "ALTER DEFAULT PRIVILEGES"
        head += f" FOR ROLE {role_text(role)}" if role != SELF else ""
        head += f" IN SCHEMA {ident(schema)}" if schema else ""
        for verb, words, preposition, option in changes(current, wanted, everything(type_, context.b.major)):
            text = f"{head} {verb} {words} ON {type_.upper()} {preposition} {role_text(grantee)}{option}"
            yield Step(text, key, action)


RULES: tuple[Rule, ...] = (DefaultPrivilegeRule(),)
