"""Random programs with control flow: what `tests.random_control` checks.

Branches, loops of all kinds, exits, early returns, rebinding, tuples, helpers. Every name that is
read is surely assigned, so that Python runs each program; values stay small; conditions compare
with numbers that data does not hit. The same seed gives the same program, for ever.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Shape = tuple[str, ...]
SCALAR: Shape = ()
NUMBER = ("int",)  # a whole number, which is not differentiated
PAIR = ("pair",)  # a tuple of two scalars
WORD = ("str",)

PARAMETERS = ("x", "y", "w", "a", "h", "dx", "x_1", "np_1", "z", "b")
LOCALS = (
    *("s", "t", "r", "y", "x", "z", "h", "a", "dx", "hs", "x_1", "i_1", "np_1", "acc", "out"),
    *("ds", "f_1", "turns", "xs", "dz", "value", "num", "state_0", "dout", "s_1", "den"),
)
COUNTS = ("k", "m", "c", "count", "k_1", "step")
TURNS = ("i", "j", "t", "i_1", "n_1", "_", "row", "dx", "k")
ITEMS = ("v", "u", "item", "x_1", "row", "dv", "s")
PAIRS = ("state", "pair", "both")
OUTER: dict[str, Shape] = {"M": ("N", "D"), "v0": ("D",), "q": ("N",)}
HELPERS = ("_g", "_step", "_both")


@dataclass
class Program:
    """One random program: its text, and the arguments of some calls of `f`."""

    seed: int
    text: str
    calls: list[tuple[Any, ...]]


@dataclass
class Helper:
    """A helper function: the kinds of its parameters, whether it gives two values."""

    name: str
    parameters: list[Shape]
    two: bool


def program(seed: int, returning: bool = False) -> Program:
    """Return the program of a seed; if `returning`, most of its loops are left by `return`."""
    rng = random.Random(f"{'returning' if returning else 'control'} {seed}")
    style = rng.choice(("scalars", "scalars", "shapes", "shapes", "arrays", "bare"))
    helpers: list[Helper] = []
    texts = []
    for name in HELPERS[: rng.choice((0, 0, 1, 1, 2, 3))]:
        helper = Helper(name, [SCALAR] * rng.choice((1, 2, 2)), rng.random() < 0.2)
        if rng.random() < 0.4:
            helper.parameters.append(NUMBER)
        writer = Writer(rng, "helper", list(helpers), returning=returning)
        texts.append(writer.helper(helper))
        helpers.append(helper)
    writer = Writer(rng, style, helpers, budget=rng.choice((2, 3, 4, 6, 9)), returning=returning)
    text = writer.function()
    head = "import math\n\nimport numpy as np\nfrom jaxtyping import Float\n"
    parts = "\n\n".join([head, *texts, text])
    return Program(seed, parts, [writer.call(number) for number in range(3)])


@dataclass
class Writer:
    """Writes one function; `kinds` are the names that surely have a value, with what they are."""

    rng: random.Random
    style: str  # "scalars" "shapes" "arrays" "bare" "helper"
    helpers: list[Helper]
    kinds: dict[str, Shape] = field(default_factory=dict)
    given: dict[str, Shape] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    indent: int = 1
    loops: int = 0  # how deep in loops
    plain: int = 0  # no helper is called here: it would be in an arm, or in a raise
    locked: set[str] = field(default_factory=set)  # what must not be assigned here
    fits: dict[str, str] = field(
        default_factory=dict
    )  # index variables: the axis they are good for
    fresh: set[str] = field(default_factory=set)  # arrays that have no other name
    budget: int = 9
    returns: list[Shape] = field(default_factory=list)
    left: bool = False  # this path is left: nothing may follow
    returning: bool = False  # loops are left by `return`, of names more often than not

    # functions

    def function(self) -> str:
        """Return `f`, the function to differentiate."""
        rng = self.rng
        names = rng.sample(PARAMETERS, rng.choice((1, 2, 2, 3)))
        kinds: dict[str, Shape] = dict.fromkeys(names, SCALAR)
        if self.style != "scalars":
            kinds |= dict(rng.sample(sorted(OUTER.items()), rng.choice((1, 1, 2, 3))))
        if rng.random() < 0.6:
            kinds["n"] = NUMBER
        if rng.random() < 0.2:
            kinds["mode"] = WORD
        self.given = dict(kinds)
        self.kinds = dict(kinds)
        self.returns = [
            self.shape() if self.style != "scalars" and self.chance(0.4) else SCALAR
            for _ in range(rng.choice((1, 1, 1, 2)))
        ]
        head = ", ".join(self.annotated(name, kind) for name, kind in kinds.items())
        for _ in range(rng.randint(1, min(5, self.budget))):
            if not self.left:
                self.statement()
        if not self.left:
            self.finish()
        return f"def f({head}):\n" + "\n".join(self.rows) + "\n"

    def helper(self, helper: Helper) -> str:
        """Return a helper function."""
        rng = self.rng
        names = rng.sample(("x", "y", "a", "t", "s", "dx"), len(helper.parameters))
        self.kinds = dict(zip(names, helper.parameters, strict=True))
        self.returns = [SCALAR] * (2 if helper.two else 1)
        self.budget = 4
        for _ in range(rng.randint(0, 3)):
            if not self.left:
                self.statement()
        if not self.left:
            self.finish()
        return f"def {helper.name}({', '.join(names)}):\n" + "\n".join(self.rows) + "\n"

    def annotated(self, name: str, kind: Shape) -> str:
        if self.style == "bare":
            return name
        if kind == SCALAR:
            return f"{name}: float"
        if kind in (NUMBER, WORD):
            return f"{name}: {kind[0]}"
        if self.style == "arrays":
            return f"{name}: np.ndarray"
        return f'{name}: Float[np.ndarray, "{" ".join(kind)}"]'

    def call(self, number: int) -> tuple[Any, ...]:
        """Return arguments; the calls differ in signs, sizes, counts and words."""
        sizes = ({"N": 4, "D": 3}, {"N": 3, "D": 3}, {"N": 2, "D": 2})[number]
        made: list[Any] = []
        for place, kind in enumerate(self.given.values()):
            if kind == NUMBER:
                made.append((3, 2, 0)[number])
            elif kind == WORD:
                made.append("aba"[number])
            elif kind == SCALAR:
                made.append(float(np.cos(1.7 * (place + 1) + 2.1 * number)))
            else:
                shape = [sizes[d] for d in kind]
                count = int(np.prod(shape))
                flat = np.cos(1.3 * np.arange(1, count + 1) + place + 2.3 * number)
                made.append(flat.reshape(shape))
        return tuple(made)

    # small helps

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def put(self, text: str) -> None:
        self.rows.append("    " * self.indent + text)

    def shape(self) -> Shape:
        """Return the shape of something to compute."""
        if self.style in ("scalars", "helper") or self.chance(0.4):
            return SCALAR
        known = [k for k in self.kinds.values() if k and k not in (NUMBER, PAIR, WORD)]
        return self.rng.choice([*known, SCALAR])

    def names_of(self, kind: Shape) -> list[str]:
        return [name for name, own in self.kinds.items() if own == kind]

    def literal(self) -> str:
        return self.rng.choice(("0.3", "0.7", "1.5", "2", "-0.4", "0.9"))

    @contextmanager
    def block(self) -> Iterator[None]:
        """Write an indented block; what it assigns is forgotten unless the caller joins it."""
        outer = (dict(self.kinds), set(self.locked), dict(self.fits), set(self.fresh), self.left)
        self.indent += 1
        try:
            yield
        finally:
            self.indent -= 1
            self.kinds, self.locked, self.fits, self.fresh, self.left = outer

    def set(self, name: str, kind: Shape) -> None:
        self.kinds[name] = kind
        self.fits.pop(name, None)
        self.fresh.discard(name)

    def target(self, kind: Shape) -> str:
        """Return a name to assign a value of this kind to: a known one, or a new one."""
        known = [n for n in self.names_of(kind) if n not in self.locked]
        if known and self.chance(0.65):
            return self.rng.choice(known)
        pool = {NUMBER: COUNTS, PAIR: PAIRS}.get(kind, LOCALS)
        free = [n for n in pool if n not in self.locked and self.kinds.get(n, kind) == kind]
        free = [n for n in free if n not in self.given] or free
        return self.rng.choice(free or ["spare"])

    # statements

    def statement(self) -> None:
        """Write one statement."""
        self.budget -= 1
        makers = [self.assign] * 6 + [self.augment] * 3
        makers += [self.swap, self.several, self.pair, self.count, self.dead]
        if self.budget > 0:
            makers += [self.branch] * 5 + [self.for_loop] * 6 + [self.while_loop] * 2
            makers += [self.inline_sum, self.growing]
        if self.loops and self.budget > -4:
            makers += [self.leave] * (9 if self.returning else 3)
        if not self.loops:
            makers += [self.early] * (2 if self.indent == 1 else 1)
        if not self.loops and self.style != "helper":
            makers += [self.guard]
        self.rng.choice(makers)()

    def block_of(self, least: int = 1, most: int = 3) -> None:
        for _ in range(self.rng.randint(least, most)):
            if self.left:
                return
            self.statement()

    def assign(self) -> None:
        shape = self.shape()
        value = self.bounded(shape, self.rng.randint(1, 3))
        name = self.target(shape)
        self.put(f"{name} = {value}")
        self.set(name, shape)
        if shape and not value.isidentifier():
            self.fresh.add(name)

    def augment(self) -> None:
        known = [n for n in self.names_of(SCALAR) if n not in self.locked]
        known += [n for n in self.fresh if n in self.kinds and n not in self.locked]
        if not known:
            return self.assign()
        name = self.rng.choice(sorted(known))
        shape = self.kinds[name]
        operator = self.rng.choice(("+=", "+=", "-=", "*=", "/="))
        value = self.expression(self.smaller(shape) if shape else SCALAR, 2)
        if operator == "/=":
            value = f"(1.5 + ({value}) ** 2)"
        elif operator == "*=":
            value = self.squashed(value, shape)
        self.put(f"{name} {operator} {value}")
        return None

    def swap(self) -> None:
        """Assign two names at once; each reads the other."""
        known = [n for n in self.names_of(SCALAR) if n not in self.locked]
        if len(known) < 2:
            return self.assign()
        one, other = self.rng.sample(known, 2)
        right = other if self.chance(0.5) else self.bounded(SCALAR, 2)
        left = one if self.chance(0.4) else self.bounded(SCALAR, 2)
        self.put(f"{one}, {other} = {right}, {left}")
        return None

    def several(self) -> None:
        """Take the two values of a helper, or two expressions."""
        two = [h for h in self.helpers if h.two]
        one, other = self.target(SCALAR), self.target(SCALAR)
        if one == other:
            return self.assign()
        right = self.called(two[0], 1) if two else ", ".join(self.bounded(SCALAR, 2) for _ in "ab")
        self.put(f"{one}, {other} = {right}")
        self.set(one, SCALAR)
        self.set(other, SCALAR)
        return None

    def pair(self) -> None:
        """Make a tuple, or take one apart."""
        known = self.names_of(PAIR)
        if known and self.chance(0.5):
            one, other = self.target(SCALAR), self.target(SCALAR)
            if one != other:
                self.put(f"{one}, {other} = {self.rng.choice(known)}")
                self.set(one, SCALAR)
                self.set(other, SCALAR)
                return
        items = ", ".join(self.bounded(SCALAR, 1) for _ in "ab")
        name = self.target(PAIR)
        self.put(f"{name} = ({items})")
        self.set(name, PAIR)

    def count(self) -> None:
        """Assign a whole number."""
        name = self.target(NUMBER)
        if name in self.given:
            return self.assign()
        known = self.names_of(NUMBER)
        right = self.rng.choice(["0", "1", "2", *(f"{n} + 1" for n in known)])
        self.put(f"{name} = {right}")
        self.set(name, NUMBER)
        return None

    def dead(self) -> None:
        """Assign something that may never be read."""
        free = [n for n in LOCALS if self.may_bind(n)]
        if not free:
            return self.assign()
        name = self.rng.choice(free)
        self.put(f"{name} = {self.rng.choice(('0.0', '1.0', '0', '1', '0.5'))}")
        self.set(name, SCALAR)
        return None

    def guard(self) -> None:
        self.plain += 1
        self.put(f"if {self.expression(SCALAR, 1)} > 1e6:")
        self.plain -= 1
        self.put("    raise ValueError('too large')")

    def early(self) -> None:
        """Return on one path."""
        self.put(f"if {self.test()}:")
        with self.block():
            self.block_of(0, 1)
            if not self.left:
                self.finish()
        if self.chance(0.3):
            self.put(f"elif {self.test()}:")
            with self.block():
                self.block_of(0, 2)
                if not self.left:
                    self.finish()

    def finish(self) -> None:
        """Return what the function returns."""
        parts = []
        share = 0.75 if self.returning else 0.5
        for shape in self.returns:
            names = self.names_of(shape)
            if names and self.chance(share):
                parts.append(self.rng.choice(names[-3:]))
            else:
                parts.append(self.expression(shape, 2))
        if not self.chance(0.75 if self.returning else 0.2) and not self.returns[0]:
            parts[0] = f"{parts[0]} * {self.leaf(SCALAR)}"
        self.put(f"return {', '.join(parts)}")
        self.left = True

    def branch(self) -> None:
        """Write an if, with elifs and an else or without."""
        ends: list[dict[str, Shape]] = []
        word = "if"
        arms = self.rng.choice((1, 1, 2, 2, 3))
        for _ in range(arms):
            self.put(f"{word} {self.test()}:")
            self.arm(ends)
            word = "elif"
        if self.chance(0.6):
            self.put("else:")
            self.arm(ends)
        else:
            ends.append(dict(self.kinds))
        if not ends:
            self.left = True
            return
        common = {
            name: kind
            for name, kind in ends[0].items()
            if all(end.get(name) == kind for end in ends)
        }
        changed = [n for n in common if any(n not in self.kinds for _ in ends)]
        self.fresh -= set(common) - (self.fresh & set(self.kinds))
        self.kinds = common
        for name in changed:
            self.fits.pop(name, None)

    def arm(self, ends: list[dict[str, Shape]]) -> None:
        with self.block():
            self.block_of()
            if not self.left:
                ends.append(dict(self.kinds))
            aliased = set(self.fresh)
        self.fresh &= aliased | (self.fresh - set(self.kinds))

    def leave(self) -> None:
        """Leave a turn: `break` or `continue` under a condition."""
        self.put(f"if {self.test()}:")
        with self.block():
            self.block_of(0, 2)
            if not self.left and self.returning and self.chance(0.75):
                self.finish()
            elif not self.left:
                self.put(self.rng.choice(("break", "continue")))

    def _loop_over(self) -> tuple[str, dict[str, Shape], dict[str, str]]:
        """Return a header, what it binds, and which of it is an index of which axis."""
        rng = self.rng
        turn = rng.choice([n for n in TURNS if self.may_bind(n)])
        item = rng.choice([n for n in ITEMS if n != turn and self.may_bind(n)])
        arrays = [n for n, k in self.kinds.items() if k and k not in (NUMBER, PAIR, WORD)]
        numbers = self.names_of(NUMBER)
        plain: dict[str, Shape] = {turn: NUMBER}
        forms: list[tuple[str, dict[str, Shape], dict[str, str]]] = [
            (f"{turn} in range({rng.choice(('0', '1', '2', '3', '3'))})", plain, {}),
            (f"{turn} in range(1, {rng.choice(('1', '3', '4'))})", plain, {}),
            (f"{turn} in range(3, 0, -1)", plain, {}),
            (f"{turn} in range(0, 4, 2)", plain, {}),
        ]
        for number in numbers:
            forms.append((f"{turn} in range({number})", plain, {}))
            forms.append((f"{turn} in range({number}, -1, -1)", plain, {}))
            forms.append((f"{turn} in range(1, {number} + 2)", plain, {}))
        for array in arrays:
            kind = self.kinds[array]
            axis, inner = kind[0], kind[1:]
            fits = {turn: axis}
            size = f"len({array})" if self.chance(0.5) else f"{array}.shape[0]"
            forms += [
                (f"{turn} in range({size})", plain, fits),
                (f"{turn} in range({size})", plain, fits),
                (f"{turn} in range(1, {size})", plain, fits),
                (f"{turn} in range({size} - 1, -1, -1)", plain, fits),
            ]
            if self.style == "arrays" and self.chance(0.8):
                continue  # what an item of it is, is not known
            forms += [
                (f"{item} in {array}", {item: inner}, {}),
                (f"{item} in reversed({array})", {item: inner}, {}),
                (f"{turn}, {item} in enumerate({array})", {turn: NUMBER, item: inner}, fits),
                (f"{turn}, {item} in enumerate({array}, 1)", {turn: NUMBER, item: inner}, {}),
            ]
            more = [n for n in arrays if self.kinds[n][0] == axis]
            second = rng.choice(more)
            other = rng.choice([n for n in ("u_1", "w_1", "dw", "b_1") if self.may_bind(n)])
            bound = {item: inner, other: self.kinds[second][1:]}
            forms.append((f"{item}, {other} in zip({array}, {second})", bound, {}))
        return rng.choice(forms)

    def may_bind(self, name: str) -> bool:
        return name not in self.locked and name not in self.given and name not in self.kinds

    def for_loop(self) -> None:
        header, bound, fits = self._loop_over()
        self.put(f"for {header}:")
        with self.block():
            self.loops += 1
            for name, kind in bound.items():
                self.set(name, kind)
            self.fits |= fits
            self.kinds.pop("_", None)
            if self.chance(0.8):
                self.locked |= set(bound)
            self.block_of(1, 4)
            self.loops -= 1
            aliased = set(self.fresh)
        self.fresh &= aliased
        for name in bound:
            self.kinds.pop(name, None)

    def while_loop(self) -> None:
        """Count, or run while something that each turn shrinks is large."""
        names = [n for n in self.names_of(SCALAR) if n not in self.locked]
        if names and self.chance(0.4):
            name = self.rng.choice(names)
            self.put(f"while abs({name}) > {self.rng.choice(('0.21', '0.47', '0.83'))}:")
            first = f"{name} = {self.rng.choice(('0.6', '0.45'))} * {name}"
            if self.chance(0.5):
                first = f"{name} *= 0.5 + 0.1 * math.sin({self.leaf(SCALAR)})"
        else:
            free = [n for n in COUNTS if self.may_bind(n)]
            if not free:
                return self.for_loop()
            name = self.rng.choice(free)
            self.put(f"{name} = {self.rng.choice('012')}")
            self.set(name, NUMBER)
            number = self.rng.choice([*self.names_of(NUMBER), "3", "2", "1"])
            if number == name or number in self.locked or number not in (*"123", *self.given):
                number = "3"
            test = f"{name} < {number}"
            if self.chance(0.3):
                self.plain += 1
                test = f"{test} and ({self.test()})"
                self.plain -= 1
            self.put(f"while {test}:")
            first = f"{name} = {name} + 1" if self.chance(0.4) else f"{name} += 1"
        with self.block():
            self.loops += 1
            self.put(first)
            self.locked.add(name)
            self.block_of(1, 3)
            self.loops -= 1
            aliased = set(self.fresh)
        self.fresh &= aliased
        return None

    def inline_sum(self) -> None:
        """A sum over a loop that is used in something not linear behind it."""
        free = [n for n in LOCALS if self.may_bind(n)]
        name = self.rng.choice(free) if free and self.chance(0.8) else self.target(SCALAR)
        self.put(f"{name} = {self.rng.choice(('0.0', '0', '1.0'))}")
        self.set(name, SCALAR)
        header, bound, fits = self._loop_over()
        if name in bound:
            return
        self.put(f"for {header}:")
        with self.block():
            for one, kind in bound.items():
                self.set(one, kind)
            self.kinds.pop("_", None)
            self.fits |= fits
            self.locked |= {*bound, name}
            term = self.squashed(self.expression(SCALAR, 2))
            self.put(f"{name} {self.rng.choice(('+=', '-=', '*='))} {term}")
        if self.chance(0.7):
            result = self.target(SCALAR)
            self.put(f"{result} = math.tanh({name}) * {name}")
            self.set(result, SCALAR)

    def growing(self) -> None:
        """A number that the first turn makes an array."""
        shape = self.shape()
        free = [n for n in LOCALS if self.may_bind(n)]
        if not shape or not free:
            return self.inline_sum()
        name = self.rng.choice(free)
        zero = f"np.zeros({self.axes(shape)})"
        if self.chance(0.2):
            zero = "0.0"
        self.put(f"{name} = {zero}")
        self.put(f"for {self.rng.choice(('i_2', 'k_2'))} in range(3):")
        with self.block():
            self.put(f"{name} = 0.5 * {name} + {self.expression(shape, 2)}")
        self.set(name, shape)
        return None

    def axes(self, shape: Shape) -> str:
        same = self.names_of(shape)
        return f"{self.rng.choice(same)}.shape" if same else "3"

    # tests

    def test(self) -> str:
        """Return a condition."""
        forms = [self.data_test] * 4
        if self.names_of(NUMBER):
            forms += [self.number_test] * 2
        if "mode" in self.kinds:
            forms += [self.word_test]
        one = self.rng.choice(forms)()
        if self.chance(0.15):
            self.plain += 1
            other = self.rng.choice(forms)()
            self.plain -= 1
            return f"{one} {self.rng.choice(('and', 'or'))} {other}"
        return f"not {one}" if self.chance(0.08) else one

    def data_test(self) -> str:
        known = self.names_of(SCALAR) + self.reads()
        left = self.rng.choice(known) if known else self.leaf(SCALAR)
        if self.chance(0.3):
            left = self.expression(SCALAR, 1)
        right = self.rng.choice(("0.113", "0.271", "-0.317", "0.613", "0.0071"))
        if self.chance(0.2):
            right = f"{self.leaf(SCALAR)} + 0.0117"
        return f"{left} {self.rng.choice('<>')} {right}"

    def number_test(self) -> str:
        name = self.rng.choice(self.names_of(NUMBER))
        return f"{name} {self.rng.choice(('<', '>', '==', '!='))} {self.rng.choice('012')}"

    def word_test(self) -> str:
        return self.rng.choice(("mode == 'a'", "mode == 'b'", "mode != 'a'"))

    # expressions

    def smaller(self, shape: Shape) -> Shape:
        if not shape or self.chance(0.5):
            return shape
        return shape[self.rng.randint(0, len(shape)) :]

    def leaf(self, shape: Shape) -> str:
        names = self.names_of(shape)
        options = list(names) * 2
        if not shape:
            if not names or self.chance(0.15):
                options += [self.literal()]
            options += self.reads()
            if self.names_of(NUMBER) and self.chance(0.4):
                number = self.rng.choice(self.names_of(NUMBER))
                options += [number, f"({number} + 1)", f"0.3 * {number}"]
            for name in self.names_of(PAIR):
                options.append(f"{name}[{self.rng.choice('01')}]")
        elif shape == ("D",):
            options += [f"M[{i}]" for i in self.index_of("N") if self.kinds.get("M")]
        if not options:
            return self.made(shape)
        return self.rng.choice(options)

    def index_of(self, axis: str) -> list[str]:
        return [n for n, own in self.fits.items() if own == axis and n in self.kinds]

    def reads(self) -> list[str]:
        """Return reads of single entries."""
        found = []
        for name, kind in self.kinds.items():
            if len(kind) == 1 and kind not in (NUMBER, PAIR, WORD):
                found += [f"{name}[{i}]" for i in [*self.index_of(kind[0]), "0", "-1"]]
            elif len(kind) == 2:
                found += [f"{name}[{i}, 1]" for i in self.index_of(kind[0])]
        return found

    def made(self, shape: Shape) -> str:
        """Return something of a shape that no name has."""
        for name, kind in self.kinds.items():
            if kind == ("N", "D") and shape == ("D",):
                return f"np.sum({name}, axis=0)"
            if kind == ("N", "D") and shape == ("N",):
                return f"np.sum({name}, axis=1)"
        return self.rng.choice(self.names_of(SCALAR) or ["0.5"])

    def expression(self, shape: Shape, depth: int) -> str:
        """Return an expression of this shape (or one that broadcasts to it)."""
        if depth <= 0 or self.chance(0.15):
            return self.leaf(shape)
        makers = [self.unary, self.unary, self.binary, self.binary, self.binary]
        if not shape and self.style not in ("scalars", "helper"):
            makers += [self.reduced] * 2
        if not shape and [h for h in self.helpers if not h.two] and not self.plain:
            makers += [self.helped] * 2
        if not shape:
            makers += [self.chosen]
        return self.rng.choice(makers)(shape, depth - 1)

    def grouped(self, text: str) -> str:
        return text if text.isidentifier() else f"({text})"

    def unary(self, shape: Shape, depth: int) -> str:
        inner = self.grouped(self.expression(shape, depth))
        forms = ["{} ** 2", "-{}", "0.4 * {}", "{} / 3", "1.2 - {}", "2.0 / ({} ** 2 + 1)"]
        library = "math" if not shape and self.style in ("scalars", "helper", "shapes") else "np"
        forms += [f"{library}.{name}({{}})" for name in ("tanh", "sin", "cos")]
        forms += [f"{library}.exp(-{{}} ** 2)", f"{library}.sqrt({{0}} * {{0}} + 0.6)"]
        if not shape and self.style in ("scalars", "helper"):
            forms += ["max({}, 0.137)", "abs({} - 0.0173)"]
        return self.rng.choice(forms).format(inner)

    def binary(self, shape: Shape, depth: int) -> str:
        left = self.grouped(self.expression(shape, depth))
        right = self.grouped(self.expression(self.smaller(shape), depth))
        forms = ("{} * {}", "{} * {}", "{} + {}", "{} - {}", "{} / ({} ** 2 + 1.2)")
        return self.rng.choice(forms).format(left, right)

    def reduced(self, _: Shape, depth: int) -> str:
        known = [k for k in self.kinds.values() if k and k not in (NUMBER, PAIR, WORD)]
        if not known:
            return self.leaf(SCALAR)
        inner = self.expression(self.rng.choice(known), depth)
        if len(inner) > 2 and self.chance(0.2) and ("v0" in self.kinds) and "v0" not in inner:
            return "v0 @ v0"
        return f"np.{self.rng.choice(('sum', 'mean'))}({inner})"

    def helped(self, _: Shape, depth: int) -> str:
        return self.called(self.rng.choice([h for h in self.helpers if not h.two]), depth)

    def called(self, helper: Helper, depth: int) -> str:
        given = [
            (
                self.expression(SCALAR, depth)
                if kind == SCALAR
                else self.rng.choice([*self.names_of(NUMBER), "2", "3"])
            )
            for kind in helper.parameters
        ]
        return f"{helper.name}({', '.join(given)})"

    def chosen(self, shape: Shape, depth: int) -> str:
        self.plain += 1
        one, other = self.expression(shape, depth), self.expression(shape, depth)
        test = self.data_test()
        self.plain -= 1
        return f"({one} if {test} else {other})"

    def squashed(self, text: str, shape: Shape = SCALAR) -> str:
        plain = not shape and self.style in ("scalars", "helper", "shapes")
        library = "math" if plain else "np"
        forms = (f"{library}.sin({text})", f"{library}.tanh({text})", f"0.4 * ({text})")
        return self.rng.choice(forms)

    def bounded(self, shape: Shape, depth: int) -> str:
        """Return an expression, mostly one that stays small however often it is taken."""
        text = self.expression(shape, depth)
        if text.isidentifier() or self.chance(0.4):
            return text
        library = "np" if shape or self.style in ("arrays", "bare") else "math"
        forms = (f"{library}.tanh({text})", f"{library}.sin({text})", f"0.5 * ({text})")
        return self.rng.choice(forms)
