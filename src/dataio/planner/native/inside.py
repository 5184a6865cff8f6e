"""What is inside the values of a type: elements, attributes, bounds, what a domain is over.

Columns can hold values of a type without being of it: ``d[]``, a composite with an attribute of type ``d``, a domain
over ``d``, a range of ``d``. https://www.postgresql.org/docs/current/datatype.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

from dataio.planner.native.casts import bare
from dataio.planner.native.text.sql import ident, qualified
from dataio.snapshot.model import Fact, Snapshot

_WORD: Final = "range"


class Inside:
    """The types of one snapshot, by ``format_type`` text."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def domains(self) -> dict[str, Fact]:
        return {qualified(*fact.key.path): fact for fact in self._snapshot.of_kind("domain")}

    @cached_property
    def enums(self) -> dict[str, Fact]:
        return {qualified(*fact.key.path): fact for fact in self._snapshot.of_kind("enum")}

    @cached_property
    def attributes(self) -> dict[str, list[Fact]]:
        """The attributes of each composite type."""
        found: dict[str, list[Fact]] = {}
        for fact in self._snapshot.of_kind("attribute"):
            found.setdefault(qualified(*fact.key.path[:2]), []).append(fact)
        return found

    @cached_property
    def ranges(self) -> dict[str, str]:
        """What each range type is of."""
        return {qualified(*fact.key.path): fact.text("subtype") for fact in self._snapshot.of_kind("range")}

    @cached_property
    def multiranges(self) -> dict[str, str]:
        """The range type of each multirange type."""
        found = {}
        for fact in self._snapshot.of_kind("range"):
            schema, name = fact.key.path
            usual = name.replace(_WORD, f"multi{_WORD}", 1) if _WORD in name else f"{name}_multi{_WORD}"
            found[str(fact["multirange"] or qualified(schema, usual))] = qualified(schema, name)
        return found

    def holds(self, value: str, type_text: str, wanted: str, meets: Callable[[str], str]) -> str | None:
        """SQL that is true where ``value``, of a type, is or holds a value of type ``wanted`` that ``meets`` something.

        ``meets`` makes the condition for one such value. ``None`` where there cannot be any.
        """
        return self._holds(value, bare(type_text), wanted, meets, 0)

    def _holds(self, value: str, name: str, wanted: str, meets: Callable[[str], str], depth: int) -> str | None:
        if name == wanted:
            return meets(value)
        found = [
            template.format(inner)
            for template, part, inner_name in self._parts(value, name, f"d_in_{depth}")
            if (inner := self._holds(part, inner_name, wanted, meets, depth + 1)) is not None
        ]
        if not found:
            return None
        return found[0] if len(found) == 1 else f"({' OR '.join(found)})"

    def _parts(self, value: str, name: str, alias: str) -> Iterator[tuple[str, str, str]]:
        """For each part of a value: what stands around the condition, the part, and its type."""
        if name.endswith("[]"):
            yield _each(value, alias), alias, name.removesuffix("[]")
        elif name in self.domains:
            yield "{}", value, bare(self.domains[name].text("type"))
        elif name in self.attributes:
            for fact in self.attributes[name]:
                yield "{}", f"({value}).{ident(fact.key.path[2])}", bare(fact.text("type"))
        elif name in self.ranges:
            for bound in ("lower", "upper"):
                yield "{}", f"pg_catalog.{bound}({value})", bare(self.ranges[name])
        elif name in self.multiranges:
            yield _each(value, alias), alias, self.multiranges[name]

    def within(self, type_text: str, wanted: str) -> bool:
        """Whether values of a type can hold those of another inside of them, where ``ALTER DOMAIN`` cannot look."""
        name = bare(type_text)
        while name in self.domains and name != wanted:
            name = bare(self.domains[name].text("type"))
        return name != wanted and self.holds("", name, wanted, lambda _: "") is not None


def _each(value: str, alias: str) -> str:
    text = value.replace("{", "{{").replace("}", "}}")
    return f"EXISTS (SELECT FROM pg_catalog.unnest({text}) AS {alias} WHERE {{}})"
