"""Publications, what is in them, and subscriptions.

https://www.postgresql.org/docs/current/sql-createpublication.html,
https://www.postgresql.org/docs/current/sql-createsubscription.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dataio.planner.native import wording
from dataio.planner.native.adapt import Adapting
from dataio.planner.native.relations.inheriting import links_down
from dataio.planner.native.step import REPLACE, Answer, Context, Rule, Step
from dataio.planner.native.text.constraint_text import in_parentheses
from dataio.planner.native.text.options import pairs, value_text
from dataio.planner.native.text.sql import ident, literal, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Value

_ALL: Final = ("insert", "update", "delete", "truncate")


def _names(value: Value) -> list[str]:
    return [str(name) for name in value] if isinstance(value, tuple) else []


def _parameters(fact: Fact) -> dict[str, str]:
    """The parameters of a publication that are not as by default."""
    found = {}
    published = _names(fact["publish"])
    if set(published) != set(_ALL):
        found["publish"] = literal(", ".join(name for name in _ALL if name in published))
    if fact["via_root"]:
        found["publish_via_partition_root"] = "true"
    if fact["generated"] not in (None, "none"):
        found["publish_generated_columns"] = str(fact["generated"])
    return found


_DEFAULTS: Final = {
    "publish": literal(", ".join(_ALL)),
    "publish_via_partition_root": "false",
    "publish_generated_columns": "none",
}


def _with(parameters: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in parameters.items())


def _table(fact: Fact, context: Context) -> str:
    """A table as FOR TABLE and ADD TABLE name it, with its columns and row filter."""
    _, schema, table = fact.key.path
    text = _alone(schema, table, context)
    columns = _names(fact["columns"])
    if columns:
        text += f" ({', '.join(ident(name) for name in columns)})"
    if fact["where"] is not None:
        text += f" WHERE {in_parentheses(wording.text(fact, 'where', context))}"
    return text


def _alone(schema: str, table: str, context: Context) -> str:
    """A table without the children that it has before or after: each is in a publication, or not, by itself."""
    links = (*links_down(context.old, (schema, table)), *links_down(context.new, (schema, table)))
    only = "ONLY " if any(link.kind == "inheritance" for link, _ in links) else ""
    return f"{only}{qualified(schema, table)}"


class PublicationRule(Rule):
    kind = "publication"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        inner = [fact for fact in context.b.children(new.key) if fact.key not in context.apart]
        tables = [_table(fact, context) for fact in inner if fact.key.kind == "publication_table"]
        schemas = [ident(fact.key.path[1]) for fact in inner if fact.key.kind == "publication_schema"]
        text = f"CREATE PUBLICATION {ident(new.key.path[0])}"
        if new["all_tables"]:
            text += " FOR ALL TABLES"
        elif tables or schemas:
            listed = [f"TABLE {', '.join(tables)}"] if tables else []
            listed += [f"TABLES IN SCHEMA {', '.join(schemas)}"] if schemas else []
            text += f" FOR {', '.join(listed)}"
        parameters = _parameters(new)
        if parameters:
            text += f" WITH ({_with(parameters)})"
        absorbed = frozenset(fact.key for fact in inner if fact.key.kind.startswith("publication_"))
        yield Step(text, new.key, "create", absorbs=absorbed)

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP PUBLICATION {ident(old.key.path[0])}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["all_tables"] != new["all_tables"]:
            return REPLACE
        before, after = {**_DEFAULTS, **_parameters(old)}, {**_DEFAULTS, **_parameters(new)}
        changed = {name: value for name, value in after.items() if before[name] != value}
        return [Step(f"ALTER PUBLICATION {ident(new.key.path[0])} SET ({_with(changed)})", new.key, "alter")]


class PublicationTableRule(Adapting):
    kind = "publication_table"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        sql = f"ALTER PUBLICATION {ident(new.key.path[0])} ADD TABLE {_table(new, context)}"
        yield Step(sql, new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        publication, schema, table = old.key.path
        if Key("table", (schema, table)) in context.going:
            return  # it leaves the publication by itself
        sql = f"ALTER PUBLICATION {ident(publication)} DROP TABLE {_alone(schema, table, context)}"
        yield Step(sql, old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


class PublicationSchemaRule(Rule):
    kind = "publication_schema"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        publication, schema = new.key.path
        yield Step(f"ALTER PUBLICATION {ident(publication)} ADD TABLES IN SCHEMA {ident(schema)}", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        publication, schema = old.key.path
        if Key("schema", (schema,)) in context.going:
            return  # it leaves the publication by itself
        yield Step(f"ALTER PUBLICATION {ident(publication)} DROP TABLES IN SCHEMA {ident(schema)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return ()


class SubscriptionRule(Rule):
    """Made without connecting to the publisher, and disabled: slots and the running state are not ours."""

    kind = "subscription"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        name = new.key.path[0]
        parameters = {"connect": "false"}
        if new["slot"] != name:
            parameters["slot_name"] = literal(str(new["slot"])) if new["slot"] is not None else "NONE"
        parameters |= {setting: value_text(value) for setting, value in pairs(new["settings"]).items()}
        sql = (
            f"CREATE SUBSCRIPTION {ident(name)} CONNECTION {literal(str(new['conninfo'] or ''))}"
            f" PUBLICATION {self._publications(new)} WITH ({_with(parameters)})"
        )
        yield Step(sql, new.key, "create")

    @staticmethod
    def _publications(fact: Fact) -> str:
        return ", ".join(ident(name) for name in _names(fact["publications"]))

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        name = ident(old.key.path[0])
        if old["slot"] is not None:  # else DROP would connect to the publisher, and not within a transaction
            yield Step(f"ALTER SUBSCRIPTION {name} DISABLE", old.key, "drop")
            yield Step(f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)", old.key, "drop")
        yield Step(f"DROP SUBSCRIPTION {name}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        changes = []
        if old["conninfo"] != new["conninfo"]:
            changes.append(f"CONNECTION {literal(str(new['conninfo'] or ''))}")
        if old["publications"] != new["publications"]:
            changes.append(f"SET PUBLICATION {self._publications(new)} WITH (refresh = false)")
        settings: dict[str, str] = {}
        if old["slot"] != new["slot"]:
            settings["slot_name"] = literal(str(new["slot"])) if new["slot"] is not None else "NONE"
        before, after = pairs(old["settings"]), pairs(new["settings"])
        for setting in {**before, **after}:
            if before.get(setting) != after.get(setting):
                value = after.get(setting, _setting_default(setting, context))
                if value is None:
                    return REPLACE
                settings[setting] = value_text(value)
        if "two_phase" in settings and context.major < 18:
            return REPLACE
        if settings:
            changes.append(f"SET ({_with(settings)})")
        return [Step(f"ALTER SUBSCRIPTION {ident(new.key.path[0])} {change}", new.key, "alter") for change in changes]


_SETTING_DEFAULTS: Final = {
    "binary": "false",
    "synchronous_commit": "off",
    "two_phase": "false",
    "disable_on_error": "false",
    "password_required": "true",
    "run_as_owner": "false",
    "origin": "any",
    "failover": "false",
}


def _setting_default(setting: str, context: Context) -> str | None:
    if setting == "streaming":
        return "parallel" if context.major >= 18 else "off"
    return _SETTING_DEFAULTS.get(setting)


RULES: tuple[Rule, ...] = (PublicationRule(), PublicationTableRule(), PublicationSchemaRule(), SubscriptionRule())
