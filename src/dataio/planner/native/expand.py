"""From deltas to steps: what is created, dropped, altered and replaced, and which statement settles which facts.

A rule that answers REPLACE, or whose statement displaces other facts, pulls in what depends on them, over and over,
until nothing more moves. Dependents are dropped before and made again after, with their comments, owners and
privileges, unless their own rule knows how to adapt (a column moves to its replaced type; a table never goes for
anything).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace as with_changes

from dataio.planner.delta import diff
from dataio.planner.native.adapt import needed_again
from dataio.planner.native.adoption import adoptions
from dataio.planner.native.apart import apart
from dataio.planner.native.moved_rows import moves
from dataio.planner.native.order import RANK
from dataio.planner.native.registry import rules
from dataio.planner.native.rules.access import privileges
from dataio.planner.native.rules.columns.rebuilt import remembered
from dataio.planner.native.rules.columns.row_holders import as_text
from dataio.planner.native.rules.tables.keepers import keepers
from dataio.planner.native.rules.types.base_types import WITH_FUNCTIONS, own_functions
from dataio.planner.native.rules.types.ranges import multirange_again
from dataio.planner.native.side import MOVABLE, TYPE_KINDS, Side
from dataio.planner.native.step import Context, Replace, Step
from dataio.snapshot.keys import Key
from dataio.snapshot.model import Fact, Snapshot

Chain = Sequence[Step]

HOLDERS = frozenset({"schema", "server"})
"""Whose drop PostgreSQL refuses while anything is in them: their contents have drops of their own."""

BOUND = frozenset({"constraint", "index"})
"""What stays with all that it needs, whatever is altered of it: a foreign key with the key it was made for."""

_WHOLES = {"table": 0, "foreign_table": 1, "column": 2}
"""What takes other facts along when it is dropped, so it is asked first."""


def _aside(key: Key) -> Key:
    """The name under which a replaced type waits until nothing is of it any more."""
    return Key(key.kind, (key.path[0], f"{key.path[1][:50]}__old"))


class Expansion:
    """The decisions for one pair of snapshots. :meth:`chains` has the outcome."""

    def __init__(self, a: Snapshot, b: Snapshot, major: int, options: Mapping[str, str]) -> None:
        self.old, self.new = Side(a), Side(b)
        self._base = Context(a, b, major, b.self_role, options=options, sides=(self.old, self.new))
        deltas = diff(a, b)
        self.dropped = frozenset(delta.key for delta in deltas if delta.new is None)
        self.added = frozenset(delta.key for delta in deltas if delta.old is None)
        self.changed = [(d.old, d.new) for d in deltas if d.old is not None and d.new is not None]
        self._rules = rules()
        self.answers: dict[Key, tuple[Step, ...]] = {}
        self.moved: set[tuple[Key, Key]] = set()
        self.context = self._base
        if deltas:
            self._close()

    # ---- what moves ------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Ask the rules until no answer moves anything that stood still before."""
        replaced: frozenset[Key] = frozenset()
        while True:
            self.context = self._with(replaced)
            more = self._answers() | self._pulled_in(replaced)
            if more <= replaced:
                return
            replaced |= more

    def _with(self, replaced: frozenset[Key]) -> Context:
        context = with_changes(
            self._base, replaced=replaced, going=self.dropped | replaced, coming=self.added | replaced
        )
        return with_changes(context, apart=apart(context))

    def _answers(self) -> set[Key]:
        """Ask every rule about its changed facts; returns the keys that cannot be altered in place."""
        self.answers = {}
        refused = set()
        for old, new in self.changed:
            if old.key in self.context.replaced:
                continue
            answer = self._rules[old.key.kind].alter(old, new, self.context)
            if isinstance(answer, Replace):
                refused.add(old.key)
            else:
                self.answers[old.key] = tuple(answer)
        return refused

    def _pulled_in(self, replaced: frozenset[Key]) -> set[Key]:
        """What goes along with everything that goes or is displaced. Records in ``moved`` who adapts to what."""
        self.moved = set()
        found = set(replaced)
        todo = [*self.context.going]
        for steps in self.answers.values():
            todo.extend(self._displaced_by(steps, found))
        for old, new in self.changed:
            if old.key not in found:
                todo.extend(self._rules[old.key.kind].unties(old, new, self.context))
        for key in self.context.coming:
            again = self._rules[key.kind].remakes(self.new.facts[key], self.context)
            todo.extend(key for key in again if key in self.old.facts)
            if key.kind == "partition" and self.new.relation(*key.path) not in self.context.coming:
                todo.extend(
                    self._displaced_by(self._rules["partition"].create(self.new.facts[key], self.context), found)
                )
        seen: set[Key] = set()
        while todo:
            gone = todo.pop()
            if gone in seen:
                continue
            seen.add(gone)
            if gone in self.new.facts and gone not in self.dropped:
                found.add(gone)
            if gone in self.old.facts and not (self._is_passed_on(gone) and self._goes_with_table(gone, found)):
                todo.extend(self._rules[gone.kind].takes_along(self.old.facts[gone], self.context))
            for dependent in sorted(self.old.needed_by(gone)):
                todo.extend(self._react(dependent, gone, found))
        return found

    def _is_passed_on(self, key: Key) -> bool:
        """Whether children have a part of a table because it has."""
        check = key.kind == "constraint" and self.old.facts[key]["type"] == "check"
        return check or key.kind in {"column", "not_null"}

    def _goes_with_table(self, key: Key, found: set[Key]) -> bool:
        """Whether a part goes because its table does: then its parents' stay, and its children's."""
        table = self.old.relation(*key.path[:2])
        return table in found or table in self.dropped

    def _displaced_by(self, steps: Iterable[Step], found: set[Key]) -> Iterator[Key]:
        return (key for step in steps for key in step.displaces if key in self.old.facts and key not in found)

    def _react(self, dependent: Key, gone: Key, found: set[Key]) -> Iterator[Key]:
        """What more goes because ``dependent`` needs ``gone``."""
        if dependent not in self.new.facts or dependent not in self.old.facts or dependent in found:
            return
        if self.old.container(dependent) == gone:
            yield dependent
            return
        lets_go = dependent.kind not in BOUND and self.answers.get(dependent)
        if lets_go and not needed_again(dependent, gone, self.context):
            return  # what it becomes no longer needs it, and it becomes that in place
        rule, old, new = self._rules[dependent.kind], self.old.facts[dependent], self.new.facts[dependent]
        if dependent.kind == "column" and gone.kind in MOVABLE:  # it moves to the next type, as if it changed
            yield from rule.unties(old, new, self.context)
        answer = rule.displaced(old, new, gone, self.context)
        if isinstance(answer, Replace):
            yield dependent
            return
        steps = tuple(answer)
        if steps:
            self.moved.add((dependent, gone))
            yield from self._displaced_by(steps, found)

    # ---- what is written -------------------------------------------------------------------------------------------

    def chains(self) -> list[Chain]:
        """Chains of steps; those within one chain keep their order."""
        alters = [*self._alters()]
        settled = {key for chain in alters for step in chain for key in step.absorbs}
        alters = [chain for chain in alters if not all(step.key in settled for step in chain)]
        adopted = [(step,) for step in adoptions(self.context)]
        gone = settled.union(*(step.absorbs for (step,) in adopted))
        there = settled.union(step.key for (step,) in adopted)
        again = remembered(alters, self.context)
        chains = [*alters, *again, *adopted, *self._drops(gone), *self._creates(there), *self._beside()]
        return [*chains, *as_text((step for chain in chains for step in chain if step.rewrites), self.context)]

    def _beside(self) -> Iterator[Chain]:
        """What is made only for the time of the script."""
        yield from keepers(self.context)
        yield from moves(self.context)

    def _alters(self) -> Iterator[Chain]:
        adapting: dict[Key, list[Step]] = {}
        for dependent, gone in sorted(self.moved):
            if dependent in self.context.replaced:
                continue
            old, new = self.old.facts[dependent], self.new.facts[dependent]
            answer = self._rules[dependent.kind].displaced(old, new, gone, self.context)
            if not isinstance(answer, Replace):
                adapting.setdefault(dependent, []).extend(answer)
        for key in sorted(adapting.keys() | self.answers.keys()):
            steps = dict.fromkeys((*adapting.get(key, ()), *self.answers.get(key, ())))
            if steps:
                yield tuple(steps)

    def _drops(self, settled: set[Key]) -> Iterator[Chain]:
        absorbed = set(settled)
        movers = self._movers()
        for key in sorted(self.context.going, key=lambda key: (_WHOLES.get(key.kind, 9), RANK[key.kind], key)):
            if key in absorbed or self._goes_with_its_container(key):
                continue
            fact = self.old.facts[key]
            if key in movers:
                renamed, last = self._set_aside(fact, movers)
                absorbed.update(inner for step in renamed for inner in step.absorbs)
                yield from (renamed, last)
                continue
            chain = tuple(self._with_contents(step) for step in self._rules[key.kind].drop(fact, self.context))
            chain = tuple(with_changes(step, absorbs=step.absorbs - absorbed) for step in chain)
            absorbed.update(inner for step in chain for inner in step.absorbs)
            if chain:
                yield chain

    def _movers(self) -> dict[Key, set[Key]]:
        """Replaced types that must stay under another name for a while, with what must leave each of them first.

        Columns move from one type to the next, or leave it for one that comes only when another has gone; a type that
        stays for their sake keeps those that it needs; one whose functions come again, for a type of another name,
        makes room for them.
        """
        movers: dict[Key, set[Key]] = {}
        for dependent, gone in self.moved:
            if dependent not in self.context.replaced and self._has_next(gone):
                movers.setdefault(gone, set()).add(dependent)
        for gone in filter(self._has_next, self.context.going):
            leaving = {key for key in self.old.needed_by(gone) if self.answers.get(key) and self._waits_for_next(key)}
            if leaving:
                movers.setdefault(gone, set()).update(leaving)
        for gone in filter(self._makes_room, self.context.going):
            leaving = {key for key in self.old.needed_by(gone) if self.answers.get(key)}
            if leaving or multirange_again(gone, self.context):
                movers.setdefault(gone, set()).update(leaving)
        todo = [*movers]
        while todo:
            staying = todo.pop()
            for need in self._needs_of_whole(staying):
                if self._has_next(need) or self._makes_room(need):
                    if need not in movers:
                        todo.append(need)
                    movers.setdefault(need, set()).add(_aside(staying))
        return movers

    def _waits_for_next(self, key: Key) -> bool:
        """Whether a type that something is to be of, or one that this is made of, comes only when another has gone."""
        found = {need for need in self.new.needs(key) if need.kind in TYPE_KINDS}
        todo = [*found]
        while todo:
            inside = set().union(*(self.new.needs(part) for part in (todo[-1], *self.new.everything_in(todo.pop()))))
            more = {need for need in inside if need.kind in TYPE_KINDS} - found
            found.update(more)
            todo.extend(more)
        return any(Key(kind, one.path) in self.context.going for one in found for kind in TYPE_KINDS)

    def _has_next(self, gone: Key) -> bool:
        """Whether a type comes again, perhaps as one of another kind."""
        if gone.kind not in MOVABLE:
            return False
        kinds = TYPE_KINDS if gone.kind in TYPE_KINDS else {gone.kind}
        return gone in self.context.going and any(Key(kind, gone.path) in self.context.coming for kind in kinds)

    def _makes_room(self, gone: Key) -> bool:
        """Whether functions of a type that goes come again, for another one, or its multirange's name does."""
        if gone not in self.context.going:
            return False
        return bool(self._own_functions(gone) & self.context.coming) or multirange_again(gone, self.context)

    def _own_functions(self, key: Key) -> frozenset[Key]:
        return own_functions(key, self.context) if key.kind in WITH_FUNCTIONS else frozenset()

    @property
    def set_aside(self) -> frozenset[Key]:
        """Types whose drop is first a change of name only."""
        return frozenset(self._movers())

    def _needs_of_whole(self, key: Key) -> set[Key]:
        return set().union(*(self.old.needs(part) for part in (key, *self.old.everything_in(key)))) - {key}

    def _with_contents(self, step: Step) -> Step:
        if step.action != "drop" or step.key.kind in HOLDERS:
            contents = self.old.attachments(step.key)
        else:
            contents = self.old.everything_in(step.key)
        inner = frozenset(key for key in contents if key in self.context.going and key not in self.context.apart)
        return with_changes(step, absorbs=step.absorbs | inner)

    def _goes_with_its_container(self, key: Key) -> bool:
        if key in self.context.apart:
            return False
        above = self.old.container(key)
        while above is not None and above.kind not in HOLDERS:
            if above in self.context.going:
                return True
            above = self.old.container(above)
        return above is not None and above in self.context.going and key in set(self.old.attachments(above))

    def _set_aside(self, fact: Fact, movers: Mapping[Key, set[Key]]) -> tuple[Chain, Chain]:
        """A replaced type that columns move from: renamed first, dropped when the last has moved."""
        rule = self._rules[fact.key.kind]
        aside = Fact(_aside(fact.key), fact.values, fact.info_values)
        renamed = tuple(self._with_contents(step) for step in rule.aside(fact, aside.key.path[1], self.context))
        first = movers[fact.key] | {fact.key}
        along = {function for other in movers for function in self._own_functions(other)}
        needs = self._needs_of_whole(fact.key) - movers.keys() - along
        last = frozenset(need for need in needs if need in self.dropped)
        return renamed, tuple(
            with_changes(step, key=aside.key, action="drop", after=step.after | first, before=last)
            for step in rule.drop(aside, self.context)
        )

    def _creates(self, settled: set[Key]) -> Iterator[Chain]:
        absorbed = set(settled)
        for key in sorted(self.context.coming, key=lambda key: (RANK[key.kind], key)):
            if key in absorbed:
                continue
            fact = self.new.facts[key]
            chain = tuple(self._rules[key.kind].create(fact, self.context))
            absorbed.update(inner for step in chain for inner in step.absorbs)
            if chain:
                yield chain
        for key in sorted(self.context.coming):
            yield from ((step,) for step in privileges.beyond_defaults(self.new.facts[key], self.context))
