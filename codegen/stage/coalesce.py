"""Which values, and which cotangents, may share one name: those that never hold at the same time.

A program with regions is a tree of atoms. From its end backwards it is known at each atom what is
still read; what is defined there while another is still to be read must not have its name. Then
each move, in order, makes one name of its two ends if nothing stands against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir

Symbol = e.Primal | e.Cotangent


@dataclass(eq=False)
class Atom:
    """One statement: what it defines and reads; `moves` and `copies` are (target, source).

    Both ends of either hold the same; only of moves it is asked to make one name.
    """

    defines: tuple[Symbol, ...] = ()
    reads: tuple[Symbol, ...] = ()
    moves: tuple[tuple[Symbol, Symbol], ...] = ()
    copies: tuple[tuple[Symbol, Symbol], ...] = ()
    leaves: str = ""  # "break" "continue" "raise"


@dataclass(eq=False)
class Choice:
    """An `if`: what its test reads, and its arms."""

    reads: tuple[Symbol, ...]
    arms: list[list[Item]]


@dataclass(eq=False)
class Repeat:
    """A loop: what its header reads and defines in each turn, and its body."""

    reads: tuple[Symbol, ...]
    defines: tuple[Symbol, ...]
    body: list[Item]


Item = Atom | Choice | Repeat


@dataclass
class Names:
    """Symbols that have one name: each stands for its class by the first of them."""

    parent: dict[Symbol, Symbol] = field(default_factory=dict)
    members: dict[Symbol, set[Symbol]] = field(default_factory=dict)

    def of(self, symbol: Symbol) -> Symbol:
        """Return the symbol that stands for all that share a name with this one."""
        return self.parent.get(symbol, symbol)

    def join(self, keep: Symbol, other: Symbol) -> None:
        """Give two classes one name."""
        keep, other = self.of(keep), self.of(other)
        mine = self.members.setdefault(keep, {keep})
        theirs = self.members.pop(other, {other})
        mine |= theirs
        for symbol in theirs:
            self.parent[symbol] = keep


def coalesce(
    program: list[Item],
    last: Iterable[Symbol],
    order: dict[Symbol, int],
    shared: Iterable[list[Symbol]],
    together: Iterable[list[Symbol]] = (),
    updated: Iterable[tuple[ir.Value, ir.Value]] = (),
) -> Names:
    """Return which symbols share names; `last` are read behind the end.

    `order` ranks symbols: of two that are joined the lower one stands for both. `shared` are groups
    that had one name in the author's text: they have it again where they can. What is `together` is
    one array: it has one name whatever happens. The cotangents of what is `updated` share a name
    where the values do.
    """
    pairs = list(_moves(program))
    groups = list(shared)
    interesting = {symbol for pair in pairs for symbol in pair}
    interesting |= {symbol for group in groups for symbol in group}
    arrays = list(together)
    interesting |= {symbol for group in arrays for symbol in group}
    values = list(updated)
    interesting |= {e.Cotangent(value) for pair in values for value in pair}
    walk = _Liveness(interesting)
    walk.block(program, frozenset(last) & walk.interesting, {"raise": frozenset()})
    names = Names()
    for group in arrays:
        for symbol in group[1:]:
            names.join(group[0], symbol)
    for target, source in pairs:
        if alike(target, source):
            _try(target, source, names, walk, order)
    for group in sorted(groups, key=lambda group: isinstance(group[0], e.Cotangent)):
        for place, symbol in enumerate(group):
            for other in group[:place]:
                if _one_primal(other, symbol, names) and _try(other, symbol, names, walk, order):
                    break
    for old, new in values:
        if names.of(e.Primal(old)) == names.of(e.Primal(new)):
            _try(e.Cotangent(old), e.Cotangent(new), names, walk, order)
    return names


def _try(one: Symbol, two: Symbol, names: Names, walk: _Liveness, order: dict[Symbol, int]) -> bool:
    """Join two classes if nothing stands against it."""
    left, right = names.of(one), names.of(two)
    if left == right:
        return True
    ours, theirs = names.members.get(left, {left}), names.members.get(right, {right})
    if any(b in walk.against[a] for a in ours for b in theirs):
        return False
    first, second = sorted((left, right), key=lambda s: order.get(s, 1 << 60))
    names.join(first, second)
    return True


def _one_primal(one: Symbol, two: Symbol, names: Names) -> bool:
    """True for cotangents only where what they are of has one name: `dx_1` is no name for dx_2."""
    if not isinstance(one, e.Cotangent):
        return True
    return names.of(e.Primal(one.value)) == names.of(e.Primal(two.value))


def alike(left: Symbol, right: Symbol) -> bool:
    """True if the author has one name for both, or none for one of them."""
    if type(left) is not type(right):
        return False
    names = {left.value.name, right.value.name}
    return len(names) == 1 or None in names


def _moves(program: list[Item]) -> Iterator[tuple[Symbol, Symbol]]:
    for item in program:
        match item:
            case Atom():
                yield from item.moves
            case Choice():
                for arm in item.arms:
                    yield from _moves(arm)
            case Repeat():
                yield from _moves(item.body)


@dataclass
class _Liveness:
    interesting: set[Symbol]
    against: dict[Symbol, set[Symbol]] = field(default_factory=lambda: defaultdict(set))

    def block(
        self, items: list[Item], live: frozenset[Symbol], exits: dict[str, frozenset[Symbol]]
    ) -> frozenset[Symbol]:
        """Return what is live before these items, given what is live behind them."""
        for item in reversed(items):
            match item:
                case Atom():
                    live = self._atom(item, exits[item.leaves] if item.leaves else live)
                case Choice():
                    before = [self.block(arm, live, exits) for arm in item.arms]
                    live = frozenset().union(*before) | self._seen(item.reads)
                case Repeat():
                    live = self._repeat(item, live)
        return live

    def _seen(self, symbols: Iterable[Symbol]) -> frozenset[Symbol]:
        return frozenset(symbol for symbol in symbols if symbol in self.interesting)

    def _define(self, symbol: Symbol, live: frozenset[Symbol], source: Symbol | None) -> None:
        if symbol not in self.interesting:
            return
        for other in live:
            if other != symbol and other != source:
                self.against[symbol].add(other)
                self.against[other].add(symbol)

    def _atom(self, atom: Atom, live: frozenset[Symbol]) -> frozenset[Symbol]:
        sources = dict((*atom.moves, *atom.copies))
        for symbol in atom.defines:
            self._define(symbol, live | self._seen(atom.defines), sources.get(symbol))
        return (live - set(atom.defines)) | self._seen(atom.reads)

    def _repeat(self, item: Repeat, live: frozenset[Symbol]) -> frozenset[Symbol]:
        header = live | self._seen(item.reads)
        while True:
            exits = {"break": live, "continue": header, "raise": frozenset[Symbol]()}
            inside = self.block(item.body, header, exits)
            for symbol in item.defines:
                self._define(symbol, inside, None)
            again = header | (inside - set(item.defines))
            if again == header:
                return header
            header = again
