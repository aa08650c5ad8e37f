"""Random programs with lists in lists: for `tests.random_control`.

Each list of rows keeps how many rows, and how many numbers in a row, it has at least, by which
entries are picked. The same seed gives the same program.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.random_control_programs import Program

NAMES = ("A", "B", "rows", "table", "dA", "grid")
TURNS = ("i", "j", "t", "k")


@dataclass
class Rows:
    """A list of rows: how many there are at least, and how short each may be."""

    name: str
    least: int
    width: int
    is_own: bool = True
    is_table: bool = False  # its entries are written, and nothing else sees its rows


@dataclass
class Writer:
    """Writes one program."""

    rng: random.Random
    rows: list[str] = field(default_factory=list)
    lists: list[Rows] = field(default_factory=list)
    flat: list[tuple[str, int]] = field(default_factory=list)  # rows with a name, and their width
    numbers: list[str] = field(default_factory=lambda: ["x", "y"])
    turns: list[str] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    depth: int = 1
    budget: int = 8

    def put(self, text: str) -> None:
        """Add a row at the depth of the block being written."""
        self.rows.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write what follows into a block; what it names is not known behind it."""
        self.put(head)
        self.depth += 1
        before = (list(self.lists), list(self.flat), list(self.numbers), list(self.turns))
        count = len(self.rows)
        yield
        if len(self.rows) == count:
            self.put("pass")
        self.lists, self.flat, self.numbers, self.turns = before
        self.depth -= 1

    def number(self, deep: int = 1) -> str:
        """Return an expression that stays small."""
        rng = self.rng
        leaves = list(self.numbers)
        for one in self.lists:
            if one.least and one.width:
                place = rng.choice([str(rng.randrange(one.least)), "-1"])
                leaves += [f"{one.name}[{place}][{rng.randrange(one.width)}]"] * 2
        leaves += [f"{name}[{rng.randrange(width)}]" for name, width in self.flat if width]
        leaf = rng.choice(leaves)
        if deep == 0:
            return leaf
        other = self.number(deep - 1)
        forms = [f"math.sin({leaf} * {other})", f"0.5 * {leaf} + 0.3 * {other}", leaf]
        forms += [f"math.sin({leaf}) * {other}"]
        forms += [f"0.1 * sum({name})" for name, _ in self.flat]
        for one in self._seen():
            forms.append(f"0.1 * len({one.name}) * {leaf}")
            if one.least:
                forms.append(f"0.2 * sum({one.name}[-1]) * {other}")
        if self.turns:
            forms.append(f"math.sin({leaf} + {rng.choice(self.turns)})")
        return rng.choice(forms)

    def _seen(self) -> list[Rows]:
        """Return the lists whose rows anything may read."""
        return [one for one in self.lists if not one.is_table]

    def row(self) -> tuple[str, int]:
        """Return a row, and how short it may be."""
        rng = self.rng
        forms = [
            (f"[{self.number()}, {self.number()}]", 2),
            (f"[{self.number()}]", 1),
            (f"[{self.number()}] * n", 0),
            (f"[math.sin({self.number(0)} + p) for p in range(n)]", 0),
        ]
        for name, width in self.flat:
            forms += [(f"{name}[:1] + [{self.number()}]", 1), (f"[0.5 * w for w in {name}]", width)]
            forms += [(f"{name}[:1] + {name}[2:]", min(width, 1)), (name, width)]
        for one in self._seen():
            if one.least:
                forms += [(f"{one.name}[0][:]", one.width), (f"{one.name}[-1] + [x]", 1)]
                forms += [(f"{one.name}[-1]", one.width), (f"{one.name}[0]", one.width)]
        return rng.choice(forms)

    def made(self) -> tuple[str, int, int]:
        """Return what makes a list of rows, how few there may be, and how short they are."""
        rng = self.rng
        text, width = self.row()
        other, more = self.row()
        forms = [
            ("[]", 0, 0),
            (f"[{text}, {other}]", 2, min(width, more)),
            (f"[{text} for _ in range(n)]", 0, width),
            (f"[[{self.number()}] * 3 for _ in range(n + 1)]", 1, 3),
            (f"[[{self.number(0)} * p * q for q in range(2)] for p in range(n + 1)]", 1, 2),
        ]
        for one in self._seen():
            name, least, width = one.name, one.least, one.width
            forms += [
                (f"[r[:] for r in {name}]", least, width),
                (f"[[math.sin(w) * x for w in r] for r in {name}]", least, width),
                (f"[r[:1] + r[2:] for r in {name}[1:]]", max(least - 1, 0), min(width, 1)),
                (f"[[w + 0.1 * u for w, u in zip(r, {name}[0])] for r in {name}]", least, width),
                (f"{name} + [{text}]", least + 1, 0),
                (f"{name}[1:] + {name}[:1]", least, width),
                (f"{name}[::-1]", least, width),
                (f"list({name})", least, width),
                (f"[r for r in {name} if sum(r) > 0.1]", 0, width),
            ]
        return rng.choice(forms)

    def statement(self) -> None:
        """Write one statement."""
        rng = self.rng
        self.budget -= 1
        ways = [self.new, self.assign, self.assign, self.change, self.change, self.change]
        if self.depth < 4 and self.budget > 0:
            ways += [self.loop, self.loop, self.loop, self.choice]
        rng.choice(ways)()

    def new(self) -> None:
        """Make a list of rows."""
        name = self.rng.choice(NAMES)
        if any(one.name == name for one in self.lists):
            self.assign()
            return
        if self.rng.random() < 0.3:
            around = self.rng.choice([one.name for one in self.lists if not one.is_table])
            forms = [(f"[[{self.number()}] * 3 for _ in range(n + 1)]", 1, 3)]
            forms += [(f"[[w * x for w in r] for r in {around}]", 0, 0)]
            forms += [("[r[:] for r in M]", 2, 2)]
            text, least, width = self.rng.choice(forms)
            self.put(f"{name} = {text}")
            self.lists.append(Rows(name, least, width, is_table=True))
            return
        text, least, width = self.made()
        self.put(f"{name} = {text}")
        self.lists.append(Rows(name, least, width))

    def assign(self) -> None:
        """Assign a number, or a row."""
        if self.lists and self.rng.random() < 0.2:
            text, width = self.row()
            self.put(f"own = {text}")
            self.flat = [one for one in self.flat if one[0] != "own"] + [("own", width)]
            return
        name = self.rng.choice((*self.numbers[2:], "s"))
        self.put(f"{name} = {self.number(2)}")
        if name not in self.numbers:
            self.numbers.append(name)

    def change(self) -> None:
        """Change a list of rows, or what is in it."""
        rng = self.rng
        free = [one for one in self.lists if one.is_own and one.name not in self.busy]
        if not free:
            self.assign()
            return
        one = rng.choice(free)
        ways = ("append", "append", "pop", "extend")
        match rng.choice(("store", "store", "add") if one.is_table else ways):
            case "append":
                text, width = self.row()
                self.put(f"{one.name}.append({text})")
                one.width = min(one.width, width) if one.least else 0
            case "extend":
                self.put(f"{one.name} += [[{self.number()}, x, y]]")
                one.width = min(one.width, 3) if one.least else 0
            case _ if one.is_table and not (one.least and one.width):
                self.assign()
            case "store":
                entry = f"{one.name}[{rng.randrange(one.least)}][{rng.randrange(one.width)}]"
                self.put(f"{entry} = {self.number()}")
            case "add":
                entry = f"{one.name}[-1][{rng.randrange(one.width)}]"
                self.put(f"{entry} {rng.choice(('+=', '-=', '*='))} {self.number()}")
            case "pop":
                with self.block(f"if len({one.name}) > {one.least}:"):
                    self.put(f"s = s + 0.5 * sum({one.name}.pop())")

    def choice(self) -> None:
        """Write an `if`."""
        with self.block(f"if {self.number(0)} > 0.1234:"):
            self.several()
        if self.rng.random() < 0.4:
            with self.block("else:"):
                self.several()

    def several(self) -> None:
        """Write some statements."""
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            self.statement()

    def loop(self) -> None:
        """Write a loop that counts, or runs over rows and what is in them."""
        rng = self.rng
        turn = next(name for name in TURNS if name not in self.turns)
        before = set(self.busy)
        if not self.lists or rng.random() < 0.35:
            with self.block(f"for {turn} in range(n):"):
                self.turns.append(turn)
                self.several()
            return
        one = rng.choice(self._seen())
        row, v = f"row_{turn}", f"v_{turn}"
        heads = [
            (f"for {row} in {one.name}:", False),
            (f"for {turn}, {row} in enumerate({one.name}):", True),
            (f"for {row}, {turn} in zip({one.name}, range(n)):", True),
            (f"for {row} in {one.name}[1:]:", False),
            (f"for {row} in reversed({one.name}):", False),
        ]
        head, counts = rng.choice(heads)
        with self.block(head):
            self.busy.add(one.name)
            self.flat.append((row, one.width))
            if counts:
                self.turns.append(turn)
            if rng.random() < 0.5:
                with self.block(f"for {v} in {row}:"):
                    self.numbers.append(v)
                    self.several()
            else:
                self.several()
            if rng.random() < 0.2:
                with self.block(f"if {self.number(0)} > 0.9:"):
                    self.put(rng.choice(("break", "continue")))
        self.busy = before

    def function(self) -> str:
        """Return the program's text."""
        self.lists.append(Rows("M", 2, 2, is_own=False))
        self.put("s = x * 1.0")
        self.numbers.append("s")
        self.new()
        while self.budget > 0:
            self.statement()
        total = [f"sum([sum(r) ** 2 for r in {one.name}]) * y" for one in self.lists]
        total += [f"sum({name})" for name, _ in self.flat]
        self.put(f"return {' + '.join(['s * x', 'y', *total])}")
        head = "def f(M: list[list[float]], x: float, y: float, n: int):"
        return "\n".join([head, *self.rows]) + "\n"


def program(seed: int) -> Program:
    """Return the program of a seed."""
    rng = random.Random(f"rows {seed}")
    writer = Writer(rng, budget=rng.choice((4, 6, 8, 11)))
    text = writer.function()
    head = "import math\n\nimport numpy as np\nfrom jaxtyping import Float\n\n\n"
    calls = []
    for number, turns in enumerate((0, 3, 2)):
        draws = np.random.default_rng(1000 * seed + number)
        matrix = draws.normal(size=(2 + number, 2 + turns)).tolist()
        calls.append((matrix, float(draws.normal()), float(draws.normal()), turns))
    return Program(seed, head + text, calls)
