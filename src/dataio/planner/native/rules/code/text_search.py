"""Text search parsers, templates, dictionaries and configurations.

https://www.postgresql.org/docs/current/sql-createtsconfig.html, …-sql-altertsconfig.html and their kin
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from dataio.planner.native.step import REPLACE, Action, Answer, Context, Rule, Step
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact


class ParserRule(Rule):
    kind = "ts_parser"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        names = ("start", "gettoken", "end", "headline", "lextypes")
        parts = ", ".join(f"{name.upper()} = {new[name]}" for name in names if new[name])
        yield Step(f"CREATE TEXT SEARCH PARSER {qualified(*new.key.path)} ({parts})", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP TEXT SEARCH PARSER {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


class TemplateRule(Rule):
    kind = "ts_template"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        parts = ", ".join(f"{name.upper()} = {new[name]}" for name in ("init", "lexize") if new[name])
        yield Step(f"CREATE TEXT SEARCH TEMPLATE {qualified(*new.key.path)} ({parts})", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP TEXT SEARCH TEMPLATE {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        return REPLACE


_OPTION: Final = re.compile(r"""\s*("(?:[^"]|"")*"|[^\s=",]+)\s*=\s*(E?'(?:[^'\\]|''|\\.)*'|[^\s,]+)\s*(?:,|\Z)""")


def dictionary_options(fact: Fact) -> dict[str, str]:
    """The options of a dictionary, names and values as pg_ts_dict writes them (quoted)."""
    return dict(_OPTION.findall(str(fact["options"] or "")))


class DictionaryRule(Rule):
    kind = "ts_dictionary"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        template = new["template"]
        parts = [f"TEMPLATE = {qualified(*map(str, template))}"] if isinstance(template, tuple) else []
        parts += [f"{name} = {value}" for name, value in dictionary_options(new).items()]
        listed = ", ".join(parts)
        yield Step(f"CREATE TEXT SEARCH DICTIONARY {qualified(*new.key.path)} ({listed})", new.key, "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP TEXT SEARCH DICTIONARY {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["template"] != new["template"]:
            return REPLACE
        before, after = dictionary_options(old), dictionary_options(new)
        # All are named, so that they stand in the desired order: an option that is set again moves to the end.
        changes = [name for name in before if name not in after]
        changes += [f"{name} = {value}" for name, value in after.items()]
        sql = f"ALTER TEXT SEARCH DICTIONARY {qualified(*new.key.path)} ({', '.join(changes)})"
        return [Step(sql, new.key, "alter")]


def mappings(fact: Fact) -> dict[str, tuple[str, ...]]:
    """``{token type: dictionaries}``."""
    value = fact["mappings"]
    entries = value if isinstance(value, tuple) else ()
    return {str(entry[0]): tuple(map(str, entry[1:])) for entry in entries if isinstance(entry, tuple)}


class ConfigurationRule(Rule):
    kind = "ts_configuration"

    def create(self, new: Fact, context: Context) -> Iterable[Step]:
        parser = new["parser"]
        name = qualified(*map(str, parser)) if isinstance(parser, tuple) else ""
        sql = f"CREATE TEXT SEARCH CONFIGURATION {qualified(*new.key.path)} (PARSER = {name})"
        yield Step(sql, new.key, "create")
        yield from self._map(new.key, "ADD", mappings(new), "create")

    def drop(self, old: Fact, context: Context) -> Iterable[Step]:
        yield Step(f"DROP TEXT SEARCH CONFIGURATION {qualified(*old.key.path)}", old.key, "drop")

    def alter(self, old: Fact, new: Fact, context: Context) -> Answer:
        if old["parser"] != new["parser"]:
            return REPLACE
        before, after = mappings(old), mappings(new)
        still = {name for names in after.values() for name in names}
        remade = {qualified(*key.path) for key in context.replaced if key.kind == "ts_dictionary"} & still
        loose = {token for token, names in before.items() if remade & {*names}}  # as displaced() leaves them
        gone = [token for token in before if token not in after and token not in loose]
        different = {token: names for token, names in after.items() if before.get(token) != names}
        changed = {token: names for token, names in different.items() if token in before and token not in loose}
        added = {token: names for token, names in different.items() if token not in changed}
        return [
            *self._unmap(new.key, gone, "alter"),
            *self._map(new.key, "ALTER", changed, "alter"),
            *self._map(new.key, "ADD", added, "alter"),
        ]

    def displaced(self, old: Fact, new: Fact, gone: Key, context: Context) -> Answer:
        """A dictionary takes its mappings along, and nothing else."""
        if gone.kind != "ts_dictionary":
            return REPLACE
        name = qualified(*gone.path)
        before, after = mappings(old), mappings(new)
        tokens = [token for token, names in before.items() if name in names]
        back = {token: after[token] for token in tokens if after.get(token) == before[token]}
        if gone not in context.replaced:
            return () if old.values != new.values else REPLACE
        return [*self._unmap(old.key, tokens, "drop"), *self._map(new.key, "ADD", back, "create")]

    @staticmethod
    def _map(key: Key, verb: str, wanted: dict[str, tuple[str, ...]], action: Action) -> Iterable[Step]:
        tokens_of: dict[tuple[str, ...], list[str]] = {}
        for token, names in wanted.items():
            tokens_of.setdefault(names, []).append(token)
        for names, tokens in tokens_of.items():
            listed = ", ".join(ident(token) for token in tokens)
            sql = f"ALTER TEXT SEARCH CONFIGURATION {qualified(*key.path)} {verb} MAPPING FOR {listed}"
            yield Step(f"{sql} WITH {', '.join(names)}", key, action)

    @staticmethod
    def _unmap(key: Key, tokens: Iterable[str], action: Action) -> Iterable[Step]:
        listed = ", ".join(ident(token) for token in tokens)
        if listed:
            sql = f"ALTER TEXT SEARCH CONFIGURATION {qualified(*key.path)} DROP MAPPING FOR {listed}"
            yield Step(sql, key, action)


RULES: tuple[Rule, ...] = (ParserRule(), TemplateRule(), DictionaryRule(), ConfigurationRule())
