"""Random programs with lists that grow, shrink and are made anew: for `tests.random_control`.

A list holds numbers or arrays of one shape. Each keeps a least length, by which items are picked;
what would make it shorter stands under a test of its length. The same seed gives the same program.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.random_control_programs import Program

LISTS = ("hs", "xs", "rows", "dhs", "items", "acc")
TURNS = ("i", "j", "t", "k")
ITEMS = ("v", "u", "h", "row")
MOST = 9  # statements in one block, all in all


@dataclass
class List:
    """A list of the program: how short it may be, and whether it is one list or made anew."""

    name: str
    least: int
    grows: bool


@dataclass
class Writer:
    """Writes one program."""

    rng: random.Random
    arrays: bool
    rows: list[str] = field(default_factory=list)
    lists: list[List] = field(default_factory=list)
    numbers: list[str] = field(default_factory=lambda: ["x", "y"])
    turns: list[str] = field(default_factory=list)
    depth: int = 1
    budget: int = 10
    busy: set[str] = field(default_factory=set)  # lists that a loop runs over

    def put(self, text: str) -> None:
        """Add a row at the depth of the block being written."""
        self.rows.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write what follows into a block; what it names is not known behind it."""
        self.put(head)
        self.depth += 1
        before = (list(self.lists), list(self.numbers), list(self.turns))
        count = len(self.rows)
        yield
        if len(self.rows) == count:
            self.put("pass")
        self.lists, self.numbers, self.turns = before
        self.depth -= 1

    # expressions

    def number(self, deep: int = 1) -> str:
        """Return an expression of what the lists hold: small, whatever goes in."""
        rng = self.rng
        sin = "np.sin" if self.arrays else "math.sin"
        leaves = list(self.numbers)
        for one in self.lists:
            if one.least:
                leaves += [f"{one.name}[{rng.randrange(one.least)}]", f"{one.name}[-1]"]
        leaf = rng.choice(leaves)
        if deep == 0:
            return leaf
        other = self.number(deep - 1)
        forms = [f"{sin}({leaf} * {other})", f"{sin}({leaf}) + 0.3 * {other}", f"0.5 * {leaf}"]
        forms += [f"{leaf} * {sin}({other})", leaf]
        if self.turns:
            forms.append(f"{sin}({leaf} + {rng.choice(self.turns)})")
        if self.lists and rng.random() < 0.3:
            one = rng.choice(self.lists)
            forms.append(f"{sin}(0.2 * sum({one.name})) * {other}" if one.least else leaf)
            forms.append(f"{other} * len({one.name}) * 0.1")
        return rng.choice(forms)

    def test(self) -> str:
        """Return a condition that data does not sit on."""
        forms = [f"{self._scalar()} > 0.1234", "n > 1"]
        forms += [f"{turn} % 2 == 0" for turn in self.turns]
        forms += [f"len({one.name}) > {self.rng.randrange(4)}" for one in self.lists]
        return self.rng.choice(forms)

    def _scalar(self) -> str:
        name = self.rng.choice(self.numbers)
        return f"np.sum({name})" if self.arrays else name

    # statements

    def made(self) -> tuple[str, int]:
        """Return what makes a list, and how short it may be."""
        rng = self.rng
        forms = [
            ("[]", 0),
            (f"[{self.number()}]", 1),
            (f"[{self.number()}, {self.number()}]", 2),
            (f"[{self._of_turn('q')} for q in range(n)]", 0),
            (f"[{self.number()}] * n", 0),
        ]
        for one in self.lists:
            forms += self._of(one)
        return rng.choice(forms)

    def _of(self, one: List) -> list[tuple[str, int]]:
        name = one.name
        sin = "np.sin" if self.arrays else "math.sin"
        forms = [
            (f"[{sin}(w) * {self.number(0)} for w in {name}]", one.least),
            (f"{name}[:]", one.least),
            (f"list({name})", one.least),
            (f"{name} + [{self.number()}]", one.least + 1),
            (f"{name}[::-1]", one.least),
            (f"[w * 0.5 for w in {name} if {self._scalar()} > 0.1]", 0),
            (f"[w + 0.1 * u for w, u in zip({name}, {name}[1:])]", 0),
        ]
        if one.least:
            forms.append((f"{name}[1:] + [{self.number()}]", one.least))
        return forms

    def _of_turn(self, turn: str) -> str:
        self.turns.append(turn)
        text = self.number()
        self.turns.pop()
        return text

    def statement(self) -> None:
        """Write one statement."""
        rng = self.rng
        self.budget -= 1
        ways = [self.new, self.assign, self.assign, self.change, self.change, self.change]
        if self.depth < 4 and self.budget > 0:
            ways += [self.loop, self.loop, self.loop, self.choice]
        rng.choice(ways)()

    def new(self) -> None:
        """Make a list; inside of a block one under a name of its own."""
        name = self.rng.choice(LISTS)
        if any(one.name == name for one in self.lists):
            self.change()
            return
        text, least = self.made()
        self.put(f"{name} = {text}")
        self.lists.append(List(name, least, self.rng.random() < 0.7))

    def assign(self) -> None:
        """Assign a number."""
        name = self.rng.choice((*self.numbers, "s"))
        self.put(f"{name} = {self.number(2)}")
        if name not in self.numbers:
            self.numbers.append(name)

    def change(self) -> None:
        """Change a list, or make it anew."""
        free = [one for one in self.lists if one.name not in self.busy]
        if not free:
            self.assign()
            return
        one = self.rng.choice(free)
        if one.grows:
            self._grow(one)
            return
        fitting = [text for text, least in self._of(one) if least >= one.least]
        self.put(f"{one.name} = {self.rng.choice(fitting)}")

    def _grow(self, one: List) -> None:
        rng, name = self.rng, one.name
        match rng.choice(("append", "append", "append", "extend", "pop", "store", "add")):
            case "append":
                self.put(f"{name}.append({self.number(2)})")
            case "extend":
                self.put(f"{name}.extend([{self.number()}, {self.number()}])")
            case "pop":
                with self.block(f"if len({name}) > {one.least}:"):
                    self.put(f"s = {name}.pop()" if "s" in self.numbers else f"{name}.pop()")
            case "store" if one.least:
                self.put(f"{name}[{rng.randrange(one.least)}] = {self.number()}")
            case "add" if one.least and not self.arrays:
                self.put(f"{name}[-1] += {self.number()}")
            case _:
                self.put(f"{name} += [{self.number()}]")

    def choice(self) -> None:
        """Write an `if`."""
        with self.block(f"if {self.test()}:"):
            self.several()
        if self.rng.random() < 0.4:
            with self.block("else:"):
                self.several()

    def several(self) -> None:
        """Write some statements."""
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            self.statement()

    def loop(self) -> None:
        """Write a loop that counts, runs over lists, or empties one."""
        rng = self.rng
        turn = next(name for name in TURNS if name not in self.turns)
        item = next((name for name in ITEMS if name not in self.numbers), None)
        free = [one for one in self.lists if one.grows and one.name not in self.busy]
        way = rng.choice(("range", "range", "list", "enumerate", "zip", "while"))
        if way == "while" and free:
            one = rng.choice(free)
            with self.block(f"while len({one.name}) > {one.least + 1}:"):
                self.put(f"s = {self._safe()} + {one.name}.pop()")
                self.put(f"{one.name}[-1] = 0.5 * {one.name}[-1]")
            return
        if way == "range" or not self.lists or item is None:
            with self.block(f"for {turn} in range(n):"):
                self.turns.append(turn)
                self._body()
            return
        one, other = rng.choice(self.lists), rng.choice(self.lists)
        heads = {
            "enumerate": (f"for {turn}, {item} in enumerate({one.name}):", [one]),
            "zip": (f"for {item}, {item}_1 in zip({one.name}, {other.name}):", [one, other]),
        }
        head, run = heads.get(way, (f"for {item} in {one.name}:", [one]))
        before = set(self.busy)
        with self.block(head):
            self.numbers.append(item)
            if way == "enumerate":
                self.turns.append(turn)
            self.busy |= {each.name for each in run}
            self._body()
        self.busy = before

    def _safe(self) -> str:
        return "0.5 * s" if "s" in self.numbers else "x"

    def _body(self) -> None:
        self.several()
        if self.rng.random() < 0.25:
            with self.block(f"if {self.test()}:"):
                self.put(self.rng.choice(("break", "continue")))
            self.statement()

    def function(self) -> str:
        """Return the program's text."""
        kind = 'Float[np.ndarray, "N"]' if self.rng.random() < 0.5 else "np.ndarray"
        kind = kind if self.arrays else "float"
        self.put("s = x * 1.0")
        self.numbers.append("s")
        self.new()
        while self.budget > 0:
            self.statement()
        total = ["s * x", "y", *(f"{self._total(one)}" for one in self.lists)]
        whole = " + ".join(total)
        self.put(f"return np.sum({whole})" if self.arrays else f"return {whole}")
        head = f"def f(x: {kind}, y: {kind}, n: int):"
        return "\n".join([head, *self.rows]) + "\n"

    def _total(self, one: List) -> str:
        if one.least and self.arrays and self.rng.random() < 0.4:
            return f"np.sum(np.stack({one.name}) ** 2)"
        if not self.arrays and self.rng.random() < 0.3:
            return f"np.sum(np.array({one.name}) ** 2)"
        return f"sum({one.name}) * y"


def program(seed: int) -> Program:
    """Return the program of a seed."""
    rng = random.Random(f"lists {seed}")
    writer = Writer(rng, rng.random() < 0.4, budget=rng.choice((4, 6, 8, 11)))
    text = writer.function()
    head = "import math\n\nimport numpy as np\nfrom jaxtyping import Float\n\n\n"
    calls = []
    for number, turns in enumerate((0, 3, 2)):
        draws = np.random.default_rng(1000 * seed + number)
        given = [draws.normal(size=3) if writer.arrays else float(draws.normal()) for _ in "xy"]
        calls.append((*given, turns))
    return Program(seed, head + text, calls)
