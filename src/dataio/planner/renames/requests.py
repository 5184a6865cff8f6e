"""How a rename is asked for: ``--rename KIND:old=new``, and hints in the schema files.

A hint is a comment, ``-- dataio: renamed from old_name``, on the line of the new thing or the line above it. SQL is not
parsed: the hint is about whatever new thing has its name among the words of that line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dataio.errors import UsageError
from dataio.planner.renames.pairs import Pairs, Things, former
from dataio.planner.renames.rename import ENUM_VALUE, KINDS, MOVABLE, ROUTINES, Rename, name_of, named, placed
from dataio.postgres.source import SourceFile, read_file, read_files
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Snapshot

_PART: Final = r"""(?:"(?:[^"]|"")+"|'(?:[^']|'')+'|[^\s"'.,;:()=]+)"""
_NAME: Final = rf"{_PART}(?:\.{_PART})*"
_FLAG: Final = re.compile(
    rf"(?P<kind>[a-z_-]+):(?P<old>{_NAME})(?:\((?P<arguments>.*)\))?=(?P<new>{_PART}(?:\.{_PART})?)\Z"
)
_HINT: Final = re.compile(rf"--[ \t]*dataio:[ \t]*renamed[ \t]+from[ \t]+(?P<old>{_NAME})", re.IGNORECASE)
_WORD: Final = re.compile(r"""'((?:[^']|'')*)'|"((?:[^"]|"")+)"|([^\W\d][\w$]*)""")
_ALIASES: Final[Mapping[str, frozenset[str]]] = {
    "type": frozenset({"enum", "composite", "domain", "range"}),
    "table": frozenset({"table", "foreign_table"}),
    "view": frozenset({"view", "materialized_view"}),
    "constraint": frozenset({"constraint", "domain_constraint"}),
}


def _unquoted(part: str) -> str:
    if part[0] in "\"'":
        return part[1:-1].replace(part[0] * 2, part[0])
    return part


def _parts(name: str) -> tuple[str, ...]:
    return tuple(_unquoted(part) for part in re.findall(_PART, name))


@dataclass(frozen=True)
class Asked:
    """One ``--rename``. ``old`` may leave out what is in front of the name, where that is clear without it."""

    text: str
    kinds: frozenset[str]
    old: tuple[str, ...]
    arguments: str | None
    new: tuple[str, ...]

    def means(self, key: Key, done: Sequence[Rename] = ()) -> bool:
        """Whether this is about ``key``, also under a name that something it is part of had before ``done``."""
        if key.kind not in self.kinds or (self.arguments is not None and key.path[2:] != (self.arguments,)):
            return False
        return _ends(key, self.old, done)

    def found(self, pairs: Pairs, done: Sequence[Rename]) -> list[Rename]:
        """The pairs that it may mean."""
        olds = [key for keys in pairs.gone.values() for key in keys if self.means(key, done)]
        come = {key for keys in pairs.come.values() for key in keys}
        found = (Rename(old, self._becomes(old)) for old in olds)
        return [
            one
            for one in found
            if one.new in come and (one.moves or pairs.old.place(one.old) == pairs.new.place(one.new))
        ]

    def _becomes(self, old: Key) -> Key:
        """What a thing is to be: the same under another name, in another schema where one is said."""
        new = named(old, self.new[-1])
        return new if len(self.new) == 1 else placed(new, self.new[0])

    def refusal(self, current: Snapshot, desired: Snapshot) -> UsageError:
        """Why it cannot be done."""
        old, new = Things(current), Things(desired)
        olds = sorted(key for key in old.keys if self.means(key))
        word = self.text.partition(":")[0]
        if not olds:
            why = f"the target has no {word} {'.'.join(self.old)}"
        elif len(olds) > 1:
            why = f"it may mean {', '.join(map(str, olds))}"
        elif olds[0] in new.keys:
            why = f"the schema still has {olds[0]}"
        elif self._becomes(olds[0]) in old.keys:
            why = f"the target has {self._becomes(olds[0])} already"
        else:
            why = f"the schema has no {self._becomes(olds[0])}"
        return UsageError(
            f"--rename {self.text}: {why}",
            hint="The old one must be in the target only, the new one in the schema only.",
        )


def _ends(key: Key, parts: tuple[str, ...], done: Sequence[Rename]) -> bool:
    paths = (key.path, former(key.path[:-1], done) + key.path[-1:])
    if key.kind in ROUTINES:
        paths = (key.path[:2], former(key.path[:1], done) + key.path[1:2])
    return any(path[-len(parts) :] == parts for path in paths)


def asked(text: str) -> Asked:
    """``column:public.t.a=b`` taken apart; raises UsageError where it is nothing like that."""
    match = _FLAG.match(text)
    if match is None:
        raise UsageError(
            f"--rename {text} is not understood",
            hint="Say KIND:old=new: column:public.t.a=b, table:public.a=b, enum_value:public.status.old=new.",
        )
    kind = match["kind"].replace("-", "_")
    kinds = _ALIASES.get(kind) or frozenset({kind})
    if not kinds <= KINDS:
        raise UsageError(
            f"--rename {text}: {kind} cannot be renamed", hint=f"Kinds: {', '.join(sorted(KINDS | _ALIASES.keys()))}."
        )
    new = _parts(match["new"])
    if len(new) > 1 and not kinds <= MOVABLE:
        raise UsageError(
            f"--rename {text}: {kind} cannot go to another schema by itself",
            hint=f"Give its new name alone. What can: {', '.join(sorted(MOVABLE & KINDS))}.",
        )
    return Asked(text, kinds, _parts(match["old"]), match["arguments"], new)


@dataclass(frozen=True)
class Hint:
    """One hint: the old name, and the words among which the new one stands. ``place`` is ``file:line``."""

    place: str
    old: tuple[str, ...]
    words: frozenset[str]
    literals: frozenset[str]

    def means(self, rename: Rename, done: Sequence[Rename] = ()) -> bool:
        words = self.literals if rename.new.kind == ENUM_VALUE else self.words
        return name_of(rename.new) in words and _ends(rename.old, self.old, done)

    def happened(self, current: Snapshot, desired: Snapshot) -> bool:
        """Whether the target has the new thing already, and not the old one."""
        before, after = Things(current).keys, Things(desired).keys
        for key in before & after:
            words = self.literals if key.kind == ENUM_VALUE else self.words
            was = named(key, self.old[-1])
            if key.kind in MOVABLE and len(self.old) > 1:
                was = placed(was, self.old[-2])
            if name_of(key) in words and was not in before:
                return True
        return False

    @property
    def name(self) -> str:
        return ".".join(self.old)


def hints(sources: Sequence[Path]) -> tuple[Hint, ...]:
    """The hints in schema files and what they include; raises SourceError as reading them does."""
    return tuple(hint for file in _files(sources) if "dataio:" in file.text for hint in hints_in(file.text, file.path))


def hints_in(text: str, path: Path) -> Iterator[Hint]:
    """The hints in one file's text."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if (match := _HINT.search(line)) is None:
            continue
        about = line[: match.start()]
        if not about.strip():
            about = next((below for below in lines[number + 1 :] if below.split("--")[0].strip()), "").split("--")[0]
        words, literals = _words(about)
        yield Hint(f"{path}:{number + 1}", _parts(match["old"]), words, literals)


def _words(line: str) -> tuple[frozenset[str], frozenset[str]]:
    words, literals = set(), set()
    for literal, quoted, plain in _WORD.findall(line):
        if plain:
            words.add(plain.lower())
        elif quoted:
            words.add(quoted.replace('""', '"'))
        else:
            literals.add(literal.replace("''", "'"))
    return frozenset(words), frozenset(literals)


def _files(sources: Sequence[Path]) -> Iterator[SourceFile]:
    waiting = list(read_files(sources, allow_empty=True))
    seen = set()
    while waiting:
        file = waiting.pop(0)
        if (path := file.path.resolve()) not in seen:
            seen.add(path)
            yield file
            waiting += [read_file(below) for below in file.includes if below.is_file()]


def hinted(hints: Iterable[Hint], pairs: Pairs, done: Sequence[Rename]) -> tuple[dict[Hint, list[Rename]], list[Hint]]:
    """The renames that hints accept; and the hints that may mean several, which accept none.

    Several hints that may each mean the same pairs (one column renamed alike in several tables) accept them all where
    there is a hint for each.
    """
    meant: dict[tuple[Rename, ...], list[Hint]] = {}
    for hint in hints:
        found = [rename for rename in pairs.possible(hint.old[-1]) if hint.means(rename, done)]
        if not found and len(hint.old) > 1:
            found = [rename for rename in pairs.moving() if hint.means(rename, done)]
            said = [rename for rename in found if rename.new.path[0] in hint.words]
            found = said or found
        if len(found) > 1 and len(better := [rename for rename in found if rename in pairs.likely[0]]) == 1:
            found = better
        if found:
            meant.setdefault(tuple(sorted(found)), []).append(hint)
    ends: dict[Key, int] = {}
    for found_by in meant:
        for rename in found_by:
            for key in (rename.old, rename.new):
                ends[key] = ends.get(key, 0) + 1
    accepted: dict[Hint, list[Rename]] = {}
    unclear: list[Hint] = []
    for renames, those in meant.items():
        if len(renames) == len(those) and all(ends[one.old] == ends[one.new] == 1 for one in renames):
            accepted.update({hint: [rename] for hint, rename in zip(those, renames, strict=True)})
        else:
            unclear += those
    return accepted, unclear
