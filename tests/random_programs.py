"""Random straight-line programs, each compared with complex step through the interpreter.

    python -m tests.random_programs FIRST LAST

runs the seeds from FIRST up to LAST and prints how many were accepted, and every message.
"""

from __future__ import annotations

import ast
import random
import sys
import warnings
from collections import Counter
from typing import Any

import numpy as np

from codegen.build.function import build
from codegen.errors import CodegenError
from codegen.interpret.evaluate import interpret_built
from codegen.parse import parse
from codegen.pipeline import Options, compile_source
from codegen.source import Source

STEP = 1e-30
HEADS = (
    'def f(A: Float[np.ndarray, "3 4"], b: Float[np.ndarray, "4"], '
    'c: Float[np.ndarray, "3 1"], s: float):\n',
    "def f(A: np.ndarray, b: np.ndarray, c: np.ndarray, s: float):\n",
    'def f(A: Float[np.ndarray, "N D"], b: Float[np.ndarray, "D"], '
    'c: Float[np.ndarray, "N 1"], s: float):\n',
)
Shape = tuple[int, ...]


def grid(*shape: int, by: float = 1.0) -> np.ndarray:
    """Return numbers without pattern, all different."""
    count = int(np.prod(shape))
    return (np.cos(1.7 * by * np.arange(1, count + 1)) * 0.8).reshape(shape)


def scalar_program(r: random.Random) -> tuple[str, tuple[Any, ...]]:
    """Return a program on three numbers, and its arguments."""
    names = ["x", "y", "z"]
    lines: list[str] = []

    def expression(depth: int) -> str:
        if depth == 0 or r.random() < 0.2:
            return r.choice([*names, "0.7", "2", "-1.5"])
        a, b = expression(depth - 1), expression(depth - 1)
        forms = [
            f"({a} + {b})",
            f"({a} - {b})",
            f"({a} * {b})",
            f"({a} / (2.5 + ({b})**2))",
            f"math.exp(-({a})**2)",
            f"math.sin({a})",
            f"math.tanh({a})",
            f"(({a}) if {r.choice(names)} > 0.1 else ({b}))",
            f"max({a}, {b})",
            f"(-({a}))",
            f"({a})**2",
            f"abs({a})",
            f"math.hypot({a}, 0.3, {b})",
            f"math.atan2({a}, 2.5 + ({b})**2)",
            f"math.log1p(math.exp({a}))",
            f"(1 / (1 + math.exp(-({a}))))",
            f"math.log(1.5 + ({a})**2, 2 + ({b})**2)",
            f"math.pow(0.5 + ({a})**2, {b})",
            f"math.cbrt(0.5 + ({a})**2)",
            f"(({a}) % (1.1 + ({b})**2))",
            f"math.asinh({a})",
            f"float({a})",
        ]
        return r.choice(forms)

    for number in range(r.randrange(1, 6)):
        target = r.choice([*names, f"v{number}", "dx", "x_1"])
        if target in names and r.random() < 0.3:
            lines.append(f"{target} {r.choice('+-*')}= {expression(2)}")
        elif r.random() < 0.1:
            lines.append(f"x, y = {expression(1)}, {expression(1)}")
        else:
            lines.append(f"{target} = {expression(r.randrange(1, 4))}")
            if target not in names:
                names.append(target)
    returned = [
        r.choice(names) if r.random() < 0.5 else expression(2) for _ in range(r.choice([1, 1, 2]))
    ]
    lines.append("return " + ", ".join(returned))
    body = "".join(f"    {line}\n" for line in lines)
    return f"import math\n\n\ndef f(x: float, y: float, z: float):\n{body}", (0.63, -0.41, 1.27)


class ArrayProgram:
    """Draws expressions of known shapes over three arrays and a number."""

    def __init__(self, r: random.Random) -> None:
        self.r = r
        self.shapes: dict[str, Shape] = {"A": (3, 4), "b": (4,), "c": (3, 1), "s": ()}

    def expression(self, depth: int) -> tuple[str, Shape]:
        """Return an expression and its shape."""
        r = self.r
        if depth == 0 or r.random() < 0.15:
            name = r.choice([*self.shapes, "0.7"])
            return name, self.shapes.get(name, ())
        for _ in range(20):
            a, shape = self.expression(depth - 1)
            kinds = [self.binary, self.unary, self.reduced, self.cut, self.moved, self.joined]
            made = r.choice(kinds)(a, shape, depth)
            if made is not None:
                return made
        name = r.choice(list(self.shapes))
        return name, self.shapes[name]

    def binary(self, a: str, shape: Shape, depth: int) -> tuple[str, Shape] | None:
        """Return an elementwise operation, a product or a choice of two expressions."""
        b, other = self.expression(depth - 1)
        if self.r.random() < 0.25:
            if len(shape) == 2 and len(other) in (1, 2) and other[0] == shape[1]:
                return f"({a} @ {b})", (shape[0], *other[1:])
            return None
        try:
            met = np.broadcast_shapes(shape, other)
        except ValueError:
            return None
        forms = [
            f"({a} + {b})",
            f"({a} - {b})",
            f"({a} * {b})",
            f"({a} / (2.5 + ({b})**2))",
            f"np.maximum({a}, {b})",
            f"np.where({a} > 0.1, {a}, {b})",
            f"np.hypot({a}, {b})",
            f"np.arctan2({a}, 2.5 + ({b})**2)",
            f"np.logaddexp({a}, {b})",
            f"np.fmin({a}, {b})",
            f"np.clip({a}, {b}, 0.9)",
            f"np.remainder({a}, 1.1 + ({b})**2)",
            f"np.power(0.5 + ({a})**2, {b})",
        ]
        return self.r.choice(forms), met

    def unary(self, a: str, shape: Shape, _: int) -> tuple[str, Shape] | None:
        """Return an elementary function."""
        forms = [
            f"np.exp(-({a})**2)",
            f"np.sin({a})",
            f"np.tanh({a})",
            f"np.maximum(0, {a})",
            f"np.log1p(np.exp({a}))",
            f"(1 / (1 + np.exp(-({a}))))",
            f"np.clip({a}, -0.31, 0.43)",
            f"np.arctan({a})",
            f"np.cbrt(0.5 + ({a})**2)",
            f"np.where({a} > 0.2, np.log({a} - 0.2), 0.0)",
            f"(np.sign({a}) * ({a}))",
            f"np.sqrt(np.square({a}) + 0.1)",
        ]
        return self.r.choice(forms), shape

    def reduced(self, a: str, shape: Shape, _: int) -> tuple[str, Shape] | None:
        """Return a reduction along an axis."""
        if not shape:
            return None
        axis, keep = self.r.randrange(len(shape)), self.r.random() < 0.5
        left = [1 if keep and i == axis else n for i, n in enumerate(shape) if keep or i != axis]
        name = self.r.choice(["sum", "mean", "max"])
        keepdims = ", keepdims=True" if keep else ""
        return f"np.{name}({a}, axis={axis}{keepdims})", tuple(left)

    def cut(self, a: str, shape: Shape, _: int) -> tuple[str, Shape] | None:
        """Return a transpose, a row or a slice."""
        if not shape or a == "0.7":
            return None
        forms = [(f"np.sum({a})", ())]
        if len(shape) == 2:
            forms += [
                (f"({a}).T", shape[::-1]),
                (f"({a})[{self.r.randrange(shape[0])}]", shape[1:]),
            ]
        if shape[0] > 1:
            forms.append((f"({a})[1:]", (shape[0] - 1, *shape[1:])))
        return self.r.choice(forms)

    def moved(self, a: str, shape: Shape, _: int) -> tuple[str, Shape] | None:
        """Return the entries in another shape or order, or some of them."""
        if a == "0.7":
            return None
        rank, r = len(shape), self.r
        count = int(np.prod(shape))
        forms = [
            (f"np.ravel({a})", (count,)),
            (f"np.reshape({a}, (-1, 1))", (count, 1)),
            (f"np.atleast_2d({a})", np.atleast_2d(np.empty(shape)).shape),
            (f"np.expand_dims({a}, -1)", (*shape, 1)),
            (f"np.broadcast_to({a}, {(2, *shape)})", (2, *shape)),
            (f"np.copy({a})", shape),
            (f"np.squeeze({a})", tuple(n for n in shape if n != 1)),
        ]
        if rank and count:
            last = r.randrange(-shape[-1], shape[-1])
            order = tuple(r.sample(range(rank), rank))
            i, j = r.randrange(rank), r.randrange(-rank, 0)
            swapped = np.swapaxes(np.empty(shape), i, j).shape
            entries = [r.randrange(count) for _ in range(3)]
            rows = [r.randrange(shape[0]) for _ in range(3)]
            forms += [
                (f"np.transpose({a}, {order})", tuple(shape[axis] for axis in order)),
                (f"np.swapaxes({a}, {i}, {j})", swapped),
                (f"np.moveaxis({a}, {i}, {j})", np.moveaxis(np.empty(shape), i, j).shape),
                (f"np.take({a}, {last}, axis=-1)", shape[:-1]),
                (f"np.take({a}, {entries})", (3,)),
                (f"np.array({a})[{rows}]", (3, *shape[1:])),
                (f"np.array({a})[::-1]", shape),
                (f"np.array({a})[None, ..., {last}]", (1, *shape[:-1])),
                (f"np.array({a})[...]", shape),
            ]
        if rank == 1:
            forms.append((f"np.diag({a}, {r.randrange(-1, 2)})", np.diag(np.empty(shape)).shape))
            forms[-1] = (f"np.diag({a})", (count, count))
        if rank > 1:
            k = r.randrange(-1, 2)
            forms += [(f"np.tril({a}, {k})", shape), (f"np.triu({a}, {k})", shape)]
            forms.append((f"np.trace({a}, {k})", shape[2:]))
        if rank == 2:
            k = r.randrange(0, 2)
            forms.append((f"np.diag({a}, {k})", np.diag(np.empty(shape), k).shape))
        made, result = r.choice(forms)
        return (made, result) if 0 < np.prod(result) <= 200 and len(result) <= 4 else None

    def joined(self, a: str, shape: Shape, depth: int) -> tuple[str, Shape] | None:
        """Return two or three arrays put together."""
        r = self.r
        parts, shapes = [a], [shape]
        for _ in range(r.randrange(1, 3)):
            part, other = (a, shape) if r.random() < 0.3 else self.expression(depth - 1)
            parts.append(part)
            shapes.append(other)
        axis = r.choice(["", ", axis=0", ", axis=-1", ", axis=1", ", axis=None"])
        name = r.choice(["concatenate", "stack", "hstack", "vstack", "array"])
        if name in ("hstack", "vstack", "array"):
            axis = ""
        if name == "stack" and "None" in axis:
            return None
        zeros = [np.zeros(one) for one in shapes]
        try:
            given = {"axis": ast.literal_eval(axis.split("=")[1])} if axis else {}
            result = getattr(np, name)(zeros, **given)
        except ValueError:
            return None
        made = f"np.{name}([{', '.join(parts)}]{axis})"
        return None if result.size > 200 else (made, result.shape)


def array_program(r: random.Random) -> tuple[str, tuple[Any, ...]]:
    """Return a program on three arrays and a number, and its arguments."""
    program = ArrayProgram(r)
    lines = []
    for number in range(r.randrange(1, 5)):
        expression, shape = program.expression(r.randrange(1, 4))
        target = f"v{number}" if r.random() < 0.7 else r.choice(list(program.shapes))
        lines.append(f"{target} = {expression}")
        program.shapes[target] = shape
    expression, _ = program.expression(2)
    lines.append(f"return {expression if r.random() < 0.3 else f'np.sum({expression})'}")
    body = "".join(f"    {line}\n" for line in lines)
    head = f"import numpy as np\nfrom jaxtyping import Float\n\n\n{r.choice(HEADS)}"
    return head + body, (grid(3, 4), grid(4, by=1.3), grid(3, 1, by=0.7), 0.37)


def program(seed: int) -> tuple[str, tuple[Any, ...]]:
    """Return the program of a seed and its arguments."""
    r = random.Random(seed)
    return (scalar_program if seed % 2 else array_program)(r)


def steps(argument: Any) -> list[Any]:
    """Return the argument with each entry moved by an imaginary step."""
    if not isinstance(argument, np.ndarray):
        return [argument + STEP * 1j]
    moved = []
    for place in np.ndindex(argument.shape):
        copy = argument.astype(complex)
        copy[place] += STEP * 1j
        moved.append(copy)
    return moved


def check(seed: int) -> str:
    """Return "ok", "refused: ..." or "skipped" for a seed; raise AssertionError if it is wrong."""
    text, arguments = program(seed)
    namespace: dict[str, Any] = {}
    try:
        exec(text, namespace)
        value = namespace["f"](*arguments)
    except (ValueError, TypeError, ArithmeticError, IndexError):
        return "skipped"  # the author's own program fails
    source = Source.from_text(text, "f.py")
    try:
        made = compile_source(source, Options())
    except CodegenError as error:
        return f"refused: {error.problems[0].code}: {error.problems[0].message}"
    built = build(module := parse(source), module.functions["f"])
    values = value if isinstance(value, tuple) else (value,)
    for ours, theirs in zip(interpret_built(built, list(arguments)), values, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, err_msg=text)
    report = made.functions[0]
    picked = list(report.picked) if report.picked is not None else [0]
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=np.shape(values[i])) if np.shape(values[i]) else 1.5 for i in picked]
    output: dict[str, Any] = {}
    exec(made.text, output)
    cotangents = dict(zip(report.cotangents, weights, strict=True))
    _, gradients = output[report.gradient_name](*arguments, **cotangents)
    gradients = gradients if len(report.wrt) > 1 else (gradients,)
    names = [parameter.name for parameter in report.parameters]
    for wrt, gradient in zip(report.wrt, gradients, strict=True):
        place = names.index(wrt)
        slopes = []
        for moved in steps(arguments[place]):
            there = interpret_built(built, [*arguments[:place], moved, *arguments[place + 1 :]])
            pairs = zip((there[i] for i in picked), weights, strict=True)
            slopes.append(sum(np.sum(np.imag(v) * w) for v, w in pairs) / STEP)
        expected = np.reshape(slopes, np.shape(arguments[place]))
        assert np.shape(gradient) == expected.shape, f"{wrt}\n{text}\n{made.text}"
        largest = np.max(np.abs(expected), initial=1e-300)
        off = np.max(np.abs(gradient - expected), initial=0.0)
        assert (
            off <= 1e-9 * largest + 1e-15
        ), f"{wrt}: {gradient}, not {expected}\n{text}\n{made.text}"
    return "ok"


def main(first: int, last: int) -> None:
    """Run a block of seeds without black and print what became of them."""
    from codegen import pipeline

    pipeline.format_text = lambda text: text  # type: ignore[attr-defined]
    found: Counter[str] = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in range(first, last):
            try:
                found[check(seed)] += 1
            except Exception as error:  # noqa: BLE001 - every failure is to be listed
                found[f"FAILED {type(error).__name__}"] += 1
                print(f"seed {seed}: {error!r}")
    for answer, count in found.most_common():
        print(f"{count:7d} {answer}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
