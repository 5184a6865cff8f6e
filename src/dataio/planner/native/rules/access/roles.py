"""Roles and their memberships, where roles are managed.

https://www.postgresql.org/docs/current/sql-createrole.html, https://www.postgresql.org/docs/current/sql-grant.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native.step import Answer, Context, Rule, Step
from dataio.planner.native.text.options import pairs
from dataio.planner.native.text.sql import ident, literal
from dataio.snapshot.keys import PUBLIC, SELF
from dataio.snapshot.model import Fact

_ATTRIBUTES: Final = {
    "superuser": "SUPERUSER",
    "inherit": "INHERIT",
    "createrole": "CREATEROLE",
    "createdb": "CREATEDB",
    "login": "LOGIN",
    "replication": "REPLICATION",
    "bypassrls": "BYPASSRLS",
}
_DEFAULT_ON: Final = frozenset({"inherit"})


def role_text(name: str) -> str:
    """A role where a statement names one: ``CURRENT_USER`` for the own role, ``PUBLIC`` for everybody."""
    if name == SELF:
        return "CURRENT_USER"
    return "PUBLIC" if name == PUBLIC else ident(name)


class RoleRule(Rule):
    """Cluster-wide roles. Passwords are no facts: they are neither read nor written."""

    kind = "role"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        words = [
            word if new[name] else f"NO{word}"
            for name, word in _ATTRIBUTES.items()
            if bool(new[name]) != (name in _DEFAULT_ON)
        ]
        if new["limit"] not in (None, -1):
            words.append(f"CONNECTION LIMIT {new['limit']}")
        if new["valid_until"] is not None:
            words.append(f"VALID UNTIL {literal(new.text('valid_until'))}")
        yield Step(" ".join([f"CREATE ROLE {role_text(new.key.path[0])}", *words]), new.key, "create")
        yield from self._config({}, new)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP ROLE {role_text(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        words = [word if new[name] else f"NO{word}" for name, word in _ATTRIBUTES.items() if old[name] != new[name]]
        if old["limit"] != new["limit"]:
            words.append(f"CONNECTION LIMIT {-1 if new['limit'] is None else new['limit']}")
        if old["valid_until"] != new["valid_until"]:
            words.append(f"VALID UNTIL {literal(str(new['valid_until'] or 'infinity'))}")
        steps = []
        if words:
            steps.append(Step(" ".join([f"ALTER ROLE {role_text(new.key.path[0])}", *words]), new.key, "alter"))
        return [*steps, *self._config(pairs(old["config"]), new)]

    @staticmethod
    def _config(before: dict[str, str], new: Fact) -> Iterable[Step]:
        name = role_text(new.key.path[0])
        after = pairs(new["config"])
        for setting, value in after.items():
            if before.get(setting) != value:
                yield Step(f"ALTER ROLE {name} SET {setting} = {setting_value(setting, value)}", new.key, "alter")
        for setting in before:
            if setting not in after:
                yield Step(f"ALTER ROLE {name} RESET {setting}", new.key, "alter")


# GUC_LIST_QUOTE: their value is a list whose members are quoted one by one
_LISTS: Final = frozenset(
    {"search_path", "temp_tablespaces", "session_preload_libraries", "shared_preload_libraries",
     "local_preload_libraries", "unix_socket_directories"}
)  # fmt: skip


def setting_value(setting: str, value: str) -> str:
    """The value of a configuration setting as SET takes it; ``value`` as PostgreSQL stores it."""
    return value if setting.lower() in _LISTS and value else literal(value)


class MembershipRule(Rule):
    kind = "membership"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        role, member = new.key.path
        yield Step(f"GRANT {role_text(role)} TO {role_text(member)}{self._options(new, context)}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        role, member = old.key.path
        yield Step(f"REVOKE {role_text(role)} FROM {role_text(member)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        role, member = new.key.path
        grant = f"GRANT {role_text(role)} TO {role_text(member)}"
        if context.major >= 16:
            return [Step(f"{grant}{self._options(new, context)}", new.key, "alter")]
        if new["admin"]:
            return [Step(f"{grant} WITH ADMIN OPTION", new.key, "alter")]
        return [Step(f"REVOKE ADMIN OPTION FOR {role_text(role)} FROM {role_text(member)}", new.key, "alter")]

    @staticmethod
    def _options(fact: Fact, context: Context) -> str:
        if context.major < 16:
            return " WITH ADMIN OPTION" if fact["admin"] else ""
        names = ("admin", "inherit", "set")
        return " WITH " + ", ".join(
            f"{name.upper()} {'TRUE' if fact[name] else 'FALSE'}" for name in names if fact[name] is not None
        )


RULES: tuple[Rule, ...] = (RoleRule(), MembershipRule())
