"""How a gate is declared: one decorator, one place for everything about it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from codegen.gates.pattern import Pattern, parse_pattern
from codegen.shapes import Type

Statics = dict[str, Any]
TypeRule = Callable[[list[Type], Statics, str], Type]


@dataclass(frozen=True)
class Point:
    """Where a gate is tested: operands (nested tuples are arrays) and static arguments."""

    operands: tuple[Any, ...]
    statics: tuple[tuple[str, Any], ...] = ()
    only: str | None = None  # a pattern's text, where the point fits only that one


def at(*operands: Any, only: str | None = None, **statics: Any) -> Point:
    """Return a test point: `at(GRID, axis=0)`."""
    return Point(operands, tuple(statics.items()), only)


@dataclass(frozen=True, eq=False)
class GateDefinition:
    """All there is to know about one gate."""

    name: str
    kind: str  # "elementwise" "gate" "value" "draw"
    patterns: tuple[Pattern, ...]
    rule: TypeRule
    doc: str
    function: Callable[..., Any]
    stem: str | None = None
    broadcasts: bool = False  # the body's term may be smaller than the operand
    view: bool = False  # the result may share memory with the first operand
    read_only: bool = False  # numpy gives a view that cannot be written to
    kink: str | None = None
    remark: str | None = None  # put behind the forward line in its backprop comment
    holomorphic: bool = True
    singular: bool = False  # finite operands may give a value or a slope that is not finite
    contracts: bool = False  # operands are multiplied with the cotangent and summed
    cheap: bool = False  # computed again rather than kept, on arrays too
    entrywise: bool = False  # of a value: it works entry by entry, as elementwise gates do
    shown: tuple[str, ...] = ()  # of a gate without patterns: how it is written
    takes: tuple[str, ...] = ()  # operands of a gate without patterns, if it has several
    spellings: tuple[str, ...] = ()  # of a composite: the texts that it is recognised by
    needs: Callable[[Statics], bool] | None = None  # of its static arguments
    also: dict[str, str] = field(default_factory=dict)  # other keywords for operands
    sequences: tuple[str, ...] = ()  # operands that may be a list of numbers
    tuples: tuple[str, ...] = ()  # operands that may be a tuple of numbers without gradient
    casts: bool = False  # whole numbers that it gives have no gradient
    nested: bool = False  # a list of operands may hold lists
    counts: tuple[str, ...] = ()  # operands that are whole numbers
    sizes: tuple[str, ...] = ()  # operands that are a whole number or a tuple of them
    pools: tuple[str, ...] = ()  # operands that are a whole number or an array to draw from
    bounds: tuple[str, ...] = ()  # operands that are a number, whole or not: the ends of a range
    indices: tuple[str, ...] = ()  # operands that say which entries: numbers, arrays, lists
    neutral: tuple[str, ...] = ()  # operands of a numpy call that may as well be numbers
    of_first: bool = False  # the result has the dtype of the first operand
    no_rule: tuple[str, ...] = ()  # operands that have a slope, for which there is no rule
    points: tuple[Point, ...] = ()
    family: str = field(default="")
    source: str = ""  # the file of such a rule
    has_effects: bool = False  # a call of it stays, whether or not its value is read
    gives: int = 0  # how many gradients the first local of the body holds
    gathers: tuple[int, ...] = ()  # items of the same call whose cotangents the body takes too
    serves: tuple[tuple[str, str], ...] = ()  # what a function's body shows of what it is given
    keeps: bool = False  # its backward reads what it was given, as it is then
    in_tuple: int = 0  # how many items of the same call stand in a tuple in what it gives
    may_be_none: bool = False  # of what is taken out of a cache
    gives_list: bool = False  # the result is a list of any length
    follows: int | None = None  # the item of the same call whose body takes this one's cotangent
    tree: ast.FunctionDef | None = None  # the body of a rule that was only parsed

    @property
    def differentiable(self) -> bool:
        """False for a gate that gives values without gradient."""
        return self.kind not in ("value", "draw")

    @property
    def by_entry(self) -> bool:
        """True if the result has the broadcast shape of the operands."""
        return self.kind == "elementwise" or self.entrywise

    @cached_property
    def body(self) -> ast.FunctionDef:
        """The backward body as read from its source."""
        if self.tree is not None:
            return self.tree
        text = textwrap.dedent(inspect.getsource(self.function))
        node = ast.parse(text).body[0]
        assert isinstance(node, ast.FunctionDef)
        return node

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The body's parameters."""
        return tuple(argument.arg for argument in self.body.args.args)

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The operands, in the order of the patterns."""
        ordered: dict[str, None] = {}
        for pattern in self.patterns:
            ordered |= {a.name: None for a in pattern.arguments if a.role in OPERANDS}
        alone = (self.rest,) if self.variadic else ()
        return tuple(ordered) or self.takes or (alone if self.rest else ("x",))

    @cached_property
    def optional(self) -> frozenset[str]:
        """The operands that may be left out, or be None."""
        arguments = [a for pattern in self.patterns for a in pattern.arguments]
        return frozenset(a.name for a in arguments if a.role == "optional")

    @cached_property
    def spelled_statics(self) -> tuple[str, ...]:
        """The static arguments of a composite."""
        calls = [n for text in self.spellings for n in ast.walk(ast.parse(text, mode="eval"))]
        found = [k.arg or "" for n in calls if isinstance(n, ast.Call) for k in n.keywords]
        return tuple(dict.fromkeys(found))

    @cached_property
    def variadic(self) -> bool:
        """True if it takes any number of operands, and the body speaks of one for all."""
        several = [a for p in self.patterns for a in p.arguments if a.role in ("rest", "display")]
        return any(a.role == "display" or a.name in self.names for a in several)

    @cached_property
    def defaults(self) -> dict[str, ast.expr]:
        """What the body takes for arguments that the author's call does not have."""
        given = self.body.args
        names = [argument.arg for argument in given.args[-len(given.defaults) :]]
        return dict(zip(names, given.defaults, strict=True)) if given.defaults else {}

    @cached_property
    def rest(self) -> str:
        """The name of the operands behind the named ones."""
        arguments = [a for p in self.patterns for a in p.arguments]
        return next((a.name for a in arguments if a.role in ("rest", "display")), "")

    def role_of(self, place: int) -> str:
        """Return the name of the operand at a place."""
        return self.operands[place] if place < len(self.operands) else self.rest

    def counts_at(self, place: int) -> bool:
        """True for an operand of which a whole number has no gradient."""
        return not self.is_number(place) or self.role_of(place) in self.bounds

    def has_no_rule(self, place: int) -> bool:
        """True for an operand by which nothing may be differentiated, though there is a slope."""
        return self.role_of(place) in self.no_rule

    def is_number(self, place: int) -> bool:
        """False for an operand that is a size, an index or a source of random numbers."""
        return self.role_of(place) not in self._no_numbers

    @cached_property
    def _no_numbers(self) -> frozenset[str]:
        return frozenset((*self.counts, *self.sizes, *self.pools, *self.indices, SOURCE))

    @cached_property
    def without_gradient(self) -> frozenset[int]:
        """The positions of operands whose contribution is None in every return of the body."""
        if not self.differentiable:
            return frozenset(range(len(self.operands)))
        returns = [n.value for n in ast.walk(self.body) if isinstance(n, ast.Return)]
        rows = [r.elts if isinstance(r, ast.Tuple) else [r] for r in returns]
        none: set[int] = set()
        for place in range(len(self.operands)):
            cells = [row[place] for row in rows if place < len(row)]
            if all(isinstance(cell, ast.Constant) and cell.value is None for cell in cells):
                none.add(place)
        return frozenset(none)

    @cached_property
    def always_reads_out(self) -> bool:
        """True if the backward body reads the result whether or not it is staged."""
        return "out" in self.names and not any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "staged"
            for node in ast.walk(self.body)
        )


SOURCE = "rng"  # the operand of draws that is no number but where they come from
OPERANDS = ("operand", "optional", "display")
GATES: dict[str, GateDefinition] = {}
BY_KEY: dict[str, list[tuple[Pattern, GateDefinition]]] = {}


def register(definition: GateDefinition) -> None:
    """Let a gate be known."""
    if definition.name in GATES:
        raise ValueError(f"two gates are called {definition.name}")
    GATES[definition.name] = definition
    for pattern in definition.patterns:
        entries = BY_KEY.setdefault(pattern.key, [])
        for other, gate in entries:
            if _shape_of(other) == _shape_of(pattern):
                raise ValueError(f"{pattern.text} is claimed by {gate.name} and {definition.name}")
        entries.append((pattern, definition))
        entries.sort(key=lambda entry: -entry[0].specificity)


def unregister(definition: GateDefinition) -> None:
    """Let a gate be unknown again."""
    del GATES[definition.name]
    for pattern in definition.patterns:
        BY_KEY[pattern.key] = [one for one in BY_KEY[pattern.key] if one[1] is not definition]
        if not BY_KEY[pattern.key]:
            del BY_KEY[pattern.key]


def _shape_of(pattern: Pattern) -> tuple[object, ...]:
    operands = tuple(a.role for a in pattern.arguments if a.role not in ("static", "numbers"))
    return (pattern.kind, operands)


def _declare(
    kind: str, patterns: Sequence[str], rule: TypeRule, options: dict[str, Any]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        doc = inspect.getdoc(function)
        if not doc:
            raise ValueError(f"gate {function.__name__} has no docstring")
        for name in ("points", "spellings"):
            options[name] = tuple(options.get(name, ()))
        register(
            GateDefinition(
                name=function.__name__.rstrip("_"),
                kind=kind,
                patterns=tuple(parse_pattern(text) for text in patterns),
                rule=rule,
                doc=doc,
                function=function,
                family=function.__module__.rsplit(".", 1)[-1],
                **options,
            )
        )
        return function

    return decorate


def elementwise(
    *patterns: str, rule: TypeRule, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a gate that works entry by entry.

    The body takes `out` and the operands (those it reads, by the pattern's names) and returns the
    local gradient, or a tuple of them, one for each operand. The core multiplies by the cotangent
    and sums to the operand's shape. A body that also takes `d`, the cotangent, returns the product
    itself.
    """
    return _declare("elementwise", patterns, rule, options)


def gate(
    *patterns: str, rule: TypeRule, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a gate with a free backward body: from `d`, the operands' cotangents."""
    return _declare("gate", patterns, rule, options)


def value(
    *patterns: str, rule: TypeRule, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation whose result has no gradient: a shape, a mask, an index."""
    return _declare("value", patterns, rule, options)


def draw(
    *patterns: str, rule: TypeRule, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a random draw: made once, in its place in the forward pass, without gradient."""
    return _declare("draw", patterns, rule, options)
