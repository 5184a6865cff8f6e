"""Comments and security labels, on anything.

https://www.postgresql.org/docs/current/sql-comment.html, https://www.postgresql.org/docs/current/sql-security-label.html
"""

from __future__ import annotations

from collections.abc import Iterable

from dataio.planner.native.step import Action, Answer, Context, Rule, Step
from dataio.planner.native.text.address import address, by_name, text_or_null
from dataio.planner.native.text.sql import ident
from dataio.snapshot.keys import Key, attached_to
from dataio.snapshot.model import Fact, Snapshot


class CommentRule(Rule):
    kind = "comment"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._set(new.key, new.text("text"), "create", context.b)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield self._set(old.key, None, "drop", context.a)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._set(new.key, new.text("text"), "alter", context.b)]

    def _set(self, key: Key, text: str | None, action: Action, snapshot: Snapshot) -> Step:
        subject = address(by_name(attached_to(key), snapshot))
        return Step(f"COMMENT ON {subject} IS {text_or_null(text)}", key, action)


class SecurityLabelRule(Rule):
    kind = "security_label"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        yield self._set(new.key, new.text("label"), "create", context.b)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield self._set(old.key, None, "drop", context.a)

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return [self._set(new.key, new.text("label"), "alter", context.b)]

    def _set(self, key: Key, label: str | None, action: Action, snapshot: Snapshot) -> Step:
        subject = address(by_name(attached_to(key), snapshot))
        return Step(f"SECURITY LABEL FOR {ident(key.path[0])} ON {subject} IS {text_or_null(label)}", key, action)


RULES: tuple[Rule, ...] = (CommentRule(), SecurityLabelRule())
