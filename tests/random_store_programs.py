"""Random programs that write into arrays: what `tests.random_stores` checks.

Stores of all kinds by indices of all kinds, in loops and branches, procedures, parameters that are
written to. Values stay small; every index is in range. The same seed gives the same program, for
ever.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.random_control_programs import Program

SIZE = 5
VECTORS = ("x", "b", "h", "dx", "v_1")
MATRICES = ("A", "W", "dA")
LOCALS = ("u", "y", "out", "dy", "hs", "x_1")
SQUARES = ("B", "M", "dB")
NUMBERS = ("s", "t", "c", "ds")
HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"


@dataclass
class Writer:
    """Writes one function; `vectors` and `squares` are the arrays in reach."""

    rng: random.Random
    vectors: list[str] = field(default_factory=list)
    squares: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    turns: list[tuple[str, int, int]] = field(default_factory=list)  # a name, least, most
    written: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    rows: list[str] = field(default_factory=list)
    depth: int = 1
    helpers: list[str] = field(default_factory=list)

    # numbers and indices

    def index(self) -> str:
        """Return an index that is in range for SIZE entries."""
        choices = [str(self.rng.randrange(SIZE)), str(-1 - self.rng.randrange(SIZE))]
        for name, least, most in self.turns:
            choices += [name] * 4
            if most + 1 < SIZE:
                choices.append(f"{name} + 1")
            if least - 1 >= -SIZE:
                choices += [f"{name} - 1"] * 2
            if 2 * most < SIZE:
                choices.append(f"2 * {name}")
            if least >= 0 and most < SIZE:
                choices.append(f"{SIZE - 1} - {name}")
        return self.rng.choice(choices)

    def part(self) -> tuple[str, int | None]:
        """Return a slice and its length; None where the run tells."""
        choices: list[tuple[str, int | None]] = [
            (":", SIZE), ("...", SIZE), ("1:", SIZE - 1), (":-1", SIZE - 1), ("::2", (SIZE + 1) // 2),
            ("1::2", SIZE // 2), ("::-1", SIZE), ("2:4", 2), (":3", 3), ("-2:", 2),
        ]  # fmt: skip
        for name, least, most in self.turns:
            if least >= 0 and most <= SIZE:
                choices += [(f":{name}", None), (f"{name}:", None)]
        return self.rng.choice(choices)

    def number(self, depth: int = 2) -> str:
        """Return a scalar expression."""
        choices = [f"{self.rng.uniform(-1.5, 1.5):.2f}"]
        choices += [f"{self.rng.choice(self.vectors)}[{self.index()}]" for _ in range(3)]
        if self.squares:
            square = self.rng.choice(self.squares)
            choices += [f"{square}[{self.index()}, {self.index()}]" for _ in range(2)]
        choices += self.numbers
        if depth == 0:
            return self.rng.choice(choices)
        kind = self.rng.randrange(8)
        one, two = self.number(depth - 1), self.number(depth - 1)
        if kind < 3:
            return f"{one} {'+-*'[kind]} {two}"
        if kind == 3:
            return f"np.sin({one})"
        if kind == 4:
            return f"{one} / (2.0 + ({two}) ** 2)"
        if kind == 5:
            part, _ = self.part()
            return f"np.sum({self.rng.choice(self.vectors)}[{part}])"
        if kind == 6:
            part, _ = self.part()
            first, second = self.rng.choice(self.vectors), self.rng.choice(self.vectors)
            return f"{first}[{part}] @ {second}[{part}]"
        return one

    def vector(self, part: str, depth: int = 1) -> str:
        """Return an expression of the length that a slice gives, or that broadcasts to it."""
        plain = [f"{name}[{part}]" for name in self.vectors]
        plain += [f"{s}[{self.index()}, {part}]" for s in self.squares if part != "..."]
        plain += [f"{s}[{part}, {self.index()}]" for s in self.squares if part != "..."]
        one = self.rng.choice(plain)
        if depth == 0:
            return one
        kind = self.rng.randrange(7)
        other = self.vector(part, 0)
        if kind < 3:
            return f"{one} {'+-*'[kind]} {other}"
        if kind == 3:
            return f"np.cos({one})"
        if kind == 4:
            return f"{one} * ({self.number(0)})"
        if kind == 5:
            return self.number(1)
        return one

    # statements

    def add(self, text: str) -> None:
        """Add a line."""
        self.rows.append("    " * self.depth + text)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Indent; what is assigned inside is not used behind."""
        kept = (list(self.vectors), list(self.squares), list(self.numbers))
        self.depth += 1
        yield
        self.depth -= 1
        self.vectors, self.squares, self.numbers = kept

    def target(self) -> str | None:
        """Return an array that may be written into."""
        free = [name for name in self.vectors if name not in self.views]
        return self.rng.choice(free) if free else None

    def statement(self, budget: int) -> None:
        """Write one statement."""
        kind = self.rng.randrange(16)
        name = self.target()
        if name is None or kind == 15:
            self.local()
            return
        self.written.add(name)
        if kind < 4:
            operator = self.rng.choice(("", "", "+", "-", "*", "/"))
            value = self.number()
            if operator == "/":
                value = f"(1.5 + ({value}) ** 2)"
            self.add(f"{name}[{self.index()}] {operator}= {value}")
        elif kind < 7:
            part, _ = self.part()
            operator = self.rng.choice(("", "", "+", "-", "*"))
            self.add(f"{name}[{part}] {operator}= {self.vector(part)}")
        elif kind == 7:
            self.add(
                f"{name}[1:] = {name}[:-1]"
                if self.rng.random() < 0.5
                else f"{name}[:-1] += {name}[1:]"
            )
        elif kind == 8:
            self.add(f"np.add.at({name}, np.array([0, 2, 2, 1]), {self.number(1)})")
        elif kind == 9:
            self.add(
                self.rng.choice(
                    (
                        f"{name}[[1, 3]] = {name}[[3, 1]]",
                        f"{name}[0], {name}[2] = {name}[2], {name}[0]",
                        f"{name}[np.array([0, 3])] *= {self.number(1)}",
                        f"{name}[{name} > 0.123] = {self.number(1)}",
                        f"{name}[{name} < 0.321] *= {self.number(0)}",
                    )
                )
            )
        elif kind == 10:
            self.add(
                self.rng.choice(
                    (
                        f"{name}.fill({self.number(1)})",
                        f"np.copyto({name}, {self.vector(':')})",
                        f"{name}[:] = {self.number(1)}",
                        f"{name} += {self.vector(':')}",
                        f"{name} *= {self.number(1)}",
                    )
                )
            )
        elif kind == 11 and self.squares:
            square = self.rng.choice(
                [s for s in self.squares if s not in self.views] or self.squares
            )
            if square in self.views:
                self.local()
                return
            self.written.add(square)
            part, _ = self.part()
            choices = [
                f"{square}[{self.index()}, {self.index()}] += {self.number()}",
                f"{square}[{self.index()}, {self.index()}] -= {self.number()}",
                f"{square}[{self.index()}] = {self.vector(':')}",
                f"{square}[:, {self.index()}] *= {self.number(1)}",
            ]
            if part != "...":
                choices.append(f"{square}[{self.index()}, {part}] -= {self.vector(part)}")
            self.add(self.rng.choice(choices))
        elif kind == 12 and self.helpers:
            helper = self.rng.choice(self.helpers)
            others = [one for one in self.vectors if one != name]
            if not others:
                self.local()
                return
            self.add(f"{helper}({name}, {self.rng.choice(others)})")
        elif kind < 15 and budget > 0 and self.depth < 4:
            self.region(budget)
        else:
            self.local()

    def region(self, budget: int) -> None:
        """Write a loop or a branch."""
        if self.rng.random() < 0.3:
            self.add(f"if {self.number(0)} > 0.17:")
            with self.inside():
                self.body(budget - 1)
            if self.rng.random() < 0.6:
                self.add("else:")
                with self.inside():
                    self.body(budget - 1)
            return
        name = next(n for n in ("i", "j", "k", "l") if n not in {t[0] for t in self.turns})
        outer = [t for t in self.turns if t[1] >= 0 and t[2] < SIZE]
        choices = [
            (f"range({SIZE})", 0, SIZE - 1), ("range(1, 5)", 1, 4), ("range(4)", 0, 3),
            ("range(4, -1, -1)", 0, 4), ("range(3, 0, -1)", 1, 3), ("range(0, 5, 2)", 0, 4),
            ("range(2)", 0, 1), ("range(len(x))", 0, SIZE - 1),
        ]  # fmt: skip
        for turn, _, most in outer:
            choices += [
                (f"range({turn})", 0, max(most - 1, 0)),
                (f"range({turn}, {SIZE})", 0, SIZE - 1),
            ]
        header, least, most = self.rng.choice(choices)
        self.add(f"for {name} in {header}:")
        self.turns.append((name, least, most))
        with self.inside():
            self.body(budget - 1)
            if self.rng.random() < 0.12:
                self.add(f"if {self.number(0)} > 0.9:")
                self.add("    break")
        self.turns.pop()

    def body(self, budget: int) -> None:
        """Write one to three statements."""
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            self.statement(budget)

    def local(self) -> None:
        """Make a new array, a number or a view."""
        kind = self.rng.randrange(6)
        if kind < 2:
            free = [n for n in LOCALS if n not in self.vectors and n not in self.written]
            if free and self.depth == 1:
                name = self.rng.choice(free)
                made = self.rng.choice(
                    (
                        f"np.zeros({SIZE})", "np.zeros_like(x)", f"np.full({SIZE}, {self.number(0)})",
                        f"{self.vector(':', 0)}.copy()", f"{self.vector(':')} + x", f"np.ones({SIZE})",
                        "np.empty_like(x)",
                    )
                )  # fmt: skip
                self.add(f"{name} = {made}")
                if "empty" in made:
                    self.add(f"{name}[:] = {self.number(0)}")
                self.vectors.append(name)
                return
        if kind == 2:
            free = [n for n in NUMBERS if n not in self.numbers]
            if free:
                name = self.rng.choice(free)
                self.add(f"{name} = {self.number()}")
                self.numbers.append(name)
                return
        name = self.target() or self.vectors[0]
        self.written.add(name)
        self.add(f"{name}[{self.index()}] += {self.number()}")


def program(seed: int) -> Program:
    """Return the program of a seed."""
    rng = random.Random(f"stores {seed}")
    texts, helpers = [], []
    for name in ("_scale", "_mix")[: rng.choice((0, 0, 1, 2))]:
        inner = Writer(rng, ["x", "q"], views={"q"})
        inner.body(1)
        if rng.random() < 0.3 and helpers:
            inner.add(f"{helpers[0]}(x, q)")
        texts.append(f"def {name}(x, q):\n" + "\n".join(inner.rows) + "\n\n\n")
        helpers.append(name)
    vectors = ["x", *rng.sample(VECTORS[1:], rng.choice((0, 1, 1, 2)))]
    squares = rng.sample(MATRICES, rng.choice((0, 1, 1, 2)))
    writer = Writer(rng, list(vectors), list(squares), helpers=helpers)
    for name in [*vectors, *squares]:  # some parameters are only read
        if rng.random() < 0.4:
            writer.views.add(name)
    for _ in range(rng.choice((2, 3, 3, 4, 5))):
        writer.statement(2)
    typed = [f'{n}: Float[np.ndarray, "N"]' for n in vectors]
    typed += [f'{n}: Float[np.ndarray, "N N"]' for n in squares]
    if rng.random() < 0.15:
        typed = [f"{n}: np.ndarray" for n in (*vectors, *squares)]
    array = rng.choice(writer.vectors)
    ends = [
        f"return np.sum({array} * {array})",
        f"return np.sum(np.sin({array}))",
        f"return {array}",
    ]
    if writer.squares:
        square = rng.choice(writer.squares)
        ends += [f"return np.sum({square} * {array})", f"return {square} @ {array}"]
    writer.depth = 1
    writer.add(rng.choice(ends))
    text = f"{HEAD}{''.join(texts)}def f({', '.join(typed)}):\n" + "\n".join(writer.rows) + "\n"
    data = np.random.default_rng(seed)
    calls = [
        tuple(
            np.round(data.uniform(-1.2, 1.2, (SIZE,) if n in vectors else (SIZE, SIZE)), 4)
            for n in (*vectors, *squares)
        )
        for _ in range(2)
    ]
    return Program(seed, text, calls)
