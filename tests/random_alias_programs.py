"""Random programs that write into arrays by other names, by parts and through procedures.

What `tests.random_stores` checks from block 20 on. On top of the stores of `random_store_programs`:
second names, rows, columns and slices with names, loops over rows, procedures that are given parts
(also two of one array, also several deep), arrays that functions give back, arrays that change
their names. The same seed gives the same program, for ever.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from tests.random_control_programs import Program
from tests.random_store_programs import HEAD, MATRICES, SIZE, VECTORS, Writer

VIEWS = ("row", "v", "p", "part", "col")
SLICES = {
    2: ("2:4", "1::2", "-2:", ":2"),
    3: ("1:-1", "::2", ":3", "2:", ":-2"),
    4: ("1:", ":-1", ":4"),
}
PROCEDURES = {
    "_shift": "    v[1:] += q[:-1] * c",
    "_scan": "    for i in range(1, len(v)):\n        v[i] = 0.5 * v[i - 1] * c + q[i]",
    "_scale": "    v *= c\n    v[0] -= q[-1]",
    "_blend": "    v[:] = np.cos(q) * c + v",
    "_back": "    n = len(v)\n    for i in range(n - 2, -1, -1):\n        v[i] -= v[i + 1] * q[i]",
    "_last": "    w = v[1:]\n    w *= q[1:]\n    v[0] = c * w[0]",
    "_deep": "    {inner}(v[1:], q[:-1], c)\n    v[0] *= 0.5",
    "_twice": "    {inner}(v, q, 0.5)\n    {inner}(v[:-1], v[1:], c)",
    "_given": "    v[0] = q[1] * c\n    v[1:] *= c\n    return v",
}


@dataclass
class Aliased(Writer):
    """Writes one function with names for parts; `parts` are slices with their lengths."""

    parts: dict[str, int] = field(default_factory=dict)
    procedures: list[str] = field(default_factory=list)

    def statement(self, budget: int) -> None:
        """Write one statement."""
        kind = self.rng.randrange(23)
        if kind < 3:
            self.name_part()
        elif kind < 6 and self.parts:
            self.through_part()
        elif kind < 10 and self.procedures:
            self.procedure()
        elif kind == 10 and self.squares and self.depth < 4 and budget > 0:
            self.rows_of()
        elif kind == 11 and self.rng.random() < 0.25:
            self.change_names()
        elif kind > 20:
            self.whole()
        else:
            super().statement(budget)

    def body(self, budget: int) -> None:
        """Write one to three statements; slices that get names in them are not used behind."""
        kept = dict(self.parts)
        super().body(budget)
        if self.depth > 1:
            self.parts = kept

    def fresh(self) -> str | None:
        """Return a name for a part."""
        free = [n for n in VIEWS if n not in self.vectors and n not in self.parts]
        return self.rng.choice(free) if free else None

    def name_part(self) -> None:
        """Give an array, a row, a column or a slice a name."""
        name = self.fresh()
        if name is None:
            self.local()
            return
        kind = self.rng.randrange(6)
        written = [s for s in self.squares if s not in self.views]
        if kind < 3 and written:
            square = self.rng.choice(written)
            index = self.index()
            self.add(f"{name} = {square}[{self.rng.choice((index, f':, {index}'))}]")
            self.vectors.append(name)
        elif kind == 3:
            self.add(f"{name} = {self.rng.choice(self.vectors)}")
            self.vectors.append(name)
        else:
            length = self.rng.choice((2, 3, 4))
            array = self.target() or self.vectors[0]
            self.written.add(array)
            self.add(f"{name} = {array}[{self.rng.choice(SLICES[length])}]")
            self.parts[name] = length

    def equal(self, length: int) -> str:
        """Return an expression of a length, or a number."""
        same = [name for name, n in self.parts.items() if n == length]
        reads = [f"{self.rng.choice(self.vectors)}[{self.rng.choice(SLICES[length])}]"]
        one = self.rng.choice(reads * 2 + same)
        other = self.rng.choice(reads + same)
        return self.rng.choice((one, f"{one} * {other}", f"np.sin({one})", self.number(1)))

    def through_part(self) -> None:
        """Write into a slice by its name, or read it."""
        name = self.rng.choice(list(self.parts))
        length = self.parts[name]
        place = self.rng.choice([str(self.rng.randrange(length)), "-1"])
        array = self.target() or self.vectors[0]
        self.written.add(array)
        self.add(
            self.rng.choice(
                (
                    f"{name}[:] = {self.equal(length)}",
                    f"{name} {self.rng.choice('+-*')}= {self.equal(length)}",
                    f"{name}[{place}] {self.rng.choice(('', '+', '*'))}= {self.number(1)}",
                    f"{name}[1:] = {name}[:-1]",
                    f"{name}[:-1] += {name}[1:]",
                    f"{array}[{self.index()}] += np.sum({name} * {name})",
                    f"{array}[{self.index()}] -= {name}[{place}] * {self.number(0)}",
                )
            )
        )

    def procedure(self) -> None:
        """Call a procedure with arrays, rows or slices of one length."""
        called = self.rng.choice(self.procedures)
        array = self.target() or self.vectors[0]
        self.written.add(array)
        other = self.rng.choice(self.vectors)
        kind = self.rng.randrange(6)
        number = self.number(0)
        squares = [s for s in self.squares if s not in self.views]
        if called == "_given" and kind < 3:
            name = self.fresh()
            target = array if name is None or kind == 0 else name
            self.add(f"{target} = _given({array}, {other}, {number})")
            if target not in self.vectors:
                self.vectors.append(target)
        elif kind < 2:
            self.add(f"{called}({array}, {other}, {number})")
        elif kind == 2 and squares:
            square = self.rng.choice(squares)
            index = self.rng.choice((self.index(), f":, {self.index()}"))
            given = self.rng.choice((other, f"{square}[{self.index()}]"))
            self.add(f"{called}({square}[{index}], {given}, {number})")
        elif self.parts and kind == 3:
            name = self.rng.choice(list(self.parts))
            slices = SLICES[self.parts[name]]
            self.add(f"{called}({name}, {other}[{self.rng.choice(slices)}], {number})")
        else:
            slices = SLICES[self.rng.choice((3, 4))]
            one, two = self.rng.choice(slices), self.rng.choice(slices)
            given = self.rng.choice((array, other))
            self.add(f"{called}({array}[{one}], {given}[{two}], {number})")

    def whole(self) -> None:
        """Write into an array by whole arrays, also by itself, or swap entries or rows."""
        name = self.target() or self.vectors[0]
        self.written.add(name)
        other = self.rng.choice((*self.vectors, name))
        one, two = self.index(), self.index()
        choices = [
            f"{name} {self.rng.choice('+-*')}= {other}",
            f"{name} *= {name}",
            f"{name}[:] = {other}",
            f"{name}[...] = {other} * {name}",
            f"np.copyto({name}, {other})",
            f"{name} **= 2",
            f"{name}[[{one}, {two}]] = {name}[[{two}, {one}]]",
        ]
        squares = [s for s in self.squares if s not in self.views]
        if squares:
            square, both = self.rng.choice(squares), self.rng.choice(self.squares)
            choices += [
                f"{square} *= 0.5 * {both}",
                f"{square} += {name}",
                f"{square}[{one}] = {square}[{two}]",
                f"{square}[{one}] *= {name}",
                f"{square}[[{one}, {two}]] = {square}[[{two}, {one}]]",
                f"{square}[{one}][{two}] -= {self.number(1)}",
            ]
        self.add(self.rng.choice(choices))

    def rows_of(self) -> None:
        """Write a loop over the rows of a matrix."""
        written = [s for s in self.squares if s not in self.views]
        name = self.fresh()
        if name is None or not written:
            self.local()
            return
        square = self.rng.choice(written)
        counted = next(n for n in ("m", "n", "l_") if n not in {t[0] for t in self.turns})
        with_number = self.rng.random() < 0.4
        header = (
            f"{counted}, {name} in enumerate({square})" if with_number else f"{name} in {square}"
        )
        self.add(f"for {header}:")
        if with_number:
            self.turns.append((counted, 0, SIZE - 1))
        with self.inside():
            self.vectors.append(name)
            self.add(f"{name}[{self.index()}] += {self.number(1)}")
            self.body(0)
        if with_number:
            self.turns.pop()

    def change_names(self) -> None:
        """Let two arrays of the function change their names in a loop."""
        if self.depth > 1 or {"u_a", "u_b"} & set(self.vectors):
            self.local()
            return
        self.add(f"u_a = {self.vector(':')} + np.zeros({SIZE})")
        self.add(f"u_b = np.zeros({SIZE})")
        self.add(f"for step in range({self.rng.choice((1, 2, 3))}):")
        operator = self.rng.choice(("", "+"))
        inner = self.rng.choice(("u_a[:-2] + u_a[2:]", "u_a[1:-1] * u_a[2:]", "np.sin(u_a[1:-1])"))
        self.add(f"    u_b[1:-1] {operator}= 0.5 * ({inner})")
        if self.rng.random() < 0.3:
            self.add("    u_b[0] = u_a[-1] * 0.5")
        self.add("    u_a, u_b = u_b, u_a")
        self.vectors += ["u_a", "u_b"]


def program(seed: int) -> Program:
    """Return the program of a seed."""
    rng = random.Random(f"aliases {seed}")
    texts: list[str] = []
    procedures: list[str] = []
    for name in rng.sample(list(PROCEDURES), rng.choice((0, 1, 2, 3))):
        inner = [one for one in procedures if one != "_given"]
        if "{inner}" in PROCEDURES[name] and not inner:
            continue
        body = PROCEDURES[name].format(inner=rng.choice(inner) if inner else "")
        texts.append(f"def {name}(v, q, c):\n{body}\n\n\n")
        procedures.append(name)
    vectors = ["x", *rng.sample(VECTORS[1:], rng.choice((0, 1, 1, 2)))]
    squares = rng.sample(MATRICES, rng.choice((0, 1, 1, 2)))
    writer = Aliased(rng, list(vectors), list(squares), procedures=procedures)
    for name in [*vectors, *squares]:  # some parameters are only read
        if rng.random() < 0.3:
            writer.views.add(name)
    for _ in range(rng.choice((3, 4, 5, 6))):
        writer.statement(2)
    typed = [f'{n}: Float[np.ndarray, "N"]' for n in vectors]
    typed += [f'{n}: Float[np.ndarray, "N N"]' for n in squares]
    array = rng.choice(writer.vectors)
    ends = [
        f"return np.sum({array} * {array})",
        f"return np.sum(np.sin({array}))",
        f"return {array}",
    ]
    ends += [f"return np.sum({one} * {one}) + {array}[0]" for one in writer.parts]
    ends += [f"return {one}, {array}" for one in writer.parts if rng.random() < 0.3]
    if writer.squares:
        ends += [f"return np.sum({square} * {array})" for square in writer.squares]
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
