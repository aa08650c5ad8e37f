"""Random forward functions, and what becomes of them: `python -m tests.random_verified`.

Each program is straight-line code over scalars and arrays of tracked shapes: broadcasting,
reductions, products, reads, choices, rebinding, updates, helpers, several outputs. It is generated,
run, and compared with finite differences, with all promises of a call checked, by verification.
The same seed gives the same program, for ever.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import inspect
import io
import random
import re
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import codegen.pipeline
from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import COULD_NOT, FAILED, Job
from codegen.verification.worker import verify

Shape = tuple[str, ...]

SIZES = {"N": 5, "D": 3, "M": 2, "1": 1}
SCALAR: Shape = ()
SHAPES: tuple[Shape, ...] = (
    ("N", "D"),
    ("N", "D"),
    ("D",),
    ("D", "M"),
    ("N", "1"),
    ("M", "N", "D"),
    ("N",),
    ("1", "D"),
    SCALAR,
)
NAMES = ("x", "y", "w", "b", "h", "dx", "out", "d", "f_1", "np_1", "value", "grad", "total")
LOCALS = ("a", "c", "h", "s", "t", "z", "dz", "num", "den", "out", "loss", "f", "e_1", "dout")
HELPERS = """
def _scaled(t, k=0.5):
    u = t * k
    return u + t


def _tanh(t):
    return np.tanh(t)


def _times(a, b):
    return b * a


def _both(a, b, *, c=2.0):
    p = a * b
    a = p + a
    return a * c, p - b


def _norm(z):
    return np.sqrt(np.sum(z * z) + 1.0)
"""


@dataclass
class Program:
    """One random program; `seed` makes it again, `call` is a call of its function."""

    seed: int
    text: str
    call: str


@dataclass
class Outcome:
    """What became of a program: "verified", "refused", "not verified", "failed" or "crashed"."""

    program: Program
    verdict: str
    words: str
    output: str = ""


def program(seed: int) -> Program:
    """Return the program of a seed."""
    writer = _Writer(random.Random(f"codegen {seed}"))
    text = writer.write()
    return Program(seed, text, writer.example("{}").removeprefix("# codegen: example "))


def outcome(made: Program) -> Outcome:
    """Generate a program's gradient and verify it, in this process and without black."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            generated = compile_source(Source.from_text(made.text, "program.py"), Options())
        except CodegenError as error:
            missed = _missed(made, ()) if "nothing-to-differentiate" in str(error) else ""
            return Outcome(made, "failed" if missed else "refused", missed or str(error))
        except Exception:  # noqa: BLE001 - a crash is what is looked for
            return Outcome(made, "crashed", traceback.format_exc())
        job = Job(None, made.text, generated.text, generated.functions)
        answers = list(verify(job))
    words = "\n".join(line for answer in answers for line in answer.lines)
    worst = {answer.status for answer in answers}
    if "only 0-dimensional arrays can be converted" in words:
        # a parameter without any evidence is taken as a scalar
        return Outcome(made, "taken as scalars", words, generated.text)
    if not (missed := _missed(made, generated.functions[0].wrt)) and FAILED in worst:
        return Outcome(made, "failed", words, generated.text)
    if missed:
        return Outcome(made, "failed", missed, generated.text)
    verdict = "not verified" if COULD_NOT in worst else "verified"
    return Outcome(made, verdict, words, generated.text)


def _missed(made: Program, wrt: tuple[str, ...]) -> str:
    """Return in words which inputs an output depends on though they have no gradient."""
    names: dict[str, Any] = {"np": np}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        exec(made.text, names)
        called = eval(made.call, {**names, "f": inspect.signature(names["f"]).bind})
        before = _outputs(names["f"](*copy.deepcopy(called.args)))
        for name, value in called.arguments.items():
            if name in wrt or np.asarray(value).dtype.kind != "f":
                continue
            moved = value + 1e-6 * np.random.default_rng(0).uniform(0.5, 1, np.shape(value))
            arguments = called.arguments | {name: moved if np.ndim(value) else float(moved)}
            after = _outputs(names["f"](**copy.deepcopy(arguments)))
            if any(
                not np.array_equal(*pair, equal_nan=True)
                for pair in zip(before, after, strict=True)
            ):
                return f"an output depends on {name}, which has no gradient"
    return ""


def _outputs(returned: Any) -> list[Any]:
    return [np.array(part) for part in (returned if isinstance(returned, tuple) else (returned,))]


@contextlib.contextmanager
def without_black() -> Iterator[None]:
    """Leave black out for a while: it takes longer than all else."""
    kept = codegen.pipeline.format_text
    codegen.pipeline.format_text = lambda text: text
    try:
        yield
    finally:
        codegen.pipeline.format_text = kept


@dataclass
class _Writer:
    """Writes one program; `values` are the names at hand with their shapes."""

    rng: random.Random
    values: dict[str, Shape] = field(default_factory=dict)
    parameters: dict[str, Shape] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    locals: set[str] = field(default_factory=set)
    scalar_only: bool = False
    labels: bool = False
    sized: bool = False  # sizes stand in the text as numbers
    single: bool = False  # tried in single precision too

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def write(self) -> str:
        rng = self.rng
        self.scalar_only = self.chance(0.25)
        count = rng.randint(1, 4)
        for name in rng.sample(NAMES, count):
            if f"d{name}" in self.parameters or self.is_gradient(name):
                continue
            self.parameters[name] = SCALAR if self.scalar_only else rng.choice(SHAPES)
        self.values = dict(self.parameters)
        self.labels = not self.scalar_only and self.chance(0.3)
        self.single = not self.scalar_only and self.chance(0.3)
        for _ in range(rng.randint(1, 6)):
            self.lines.append(self.statement())
        self.lines.append(self.returned())
        return self.module()

    # the frame

    def module(self) -> str:
        rng = self.rng
        style = rng.choice(("annotated", "docstring", "arrays", "bare"))
        if self.scalar_only:
            style = rng.choice(("annotated", "bare"))
        head = ["import math", "import numpy as np"]
        signature, stated = [], []
        for name, shape in self.parameters.items():
            if style == "annotated":
                word = f'Float[np.ndarray, "{" ".join(shape)}"]' if shape else "float"
                signature.append(f"{name}: {word}")
            elif style == "arrays" and shape:
                signature.append(f"{name}: np.ndarray")
            else:
                signature.append(name)
            if style == "docstring" and shape:
                comma = "," if len(shape) == 1 else ""
                stated.append(f"    {name} : ndarray of shape ({', '.join(shape)}{comma})")
        if self.labels:
            signature.append('i: Int[np.ndarray, "N"]' if style == "annotated" else "i: np.ndarray")
        if style == "annotated" and not self.scalar_only:
            head.append("from jaxtyping import Float, Int")
        if stated:
            stated = ['    """Say the shapes.', "", *stated, '    """']
        examples = self.examples(style)
        body = [f"def f({', '.join(signature)}):", *stated, *(f"    {x}" for x in self.lines)]
        return "\n".join([*head, "", "SCALE = 0.7", HELPERS, "", *examples, *body]) + "\n"

    def examples(self, style: str) -> list[str]:
        known = style in ("annotated", "docstring") and not self.labels and not self.sized
        if known and (style == "annotated" or all(self.parameters.values())) and self.chance(0.6):
            return []
        forms = ["{}"]
        if not self.scalar_only:
            forms.append("{}.astype(np.float32)" if self.single else "np.asfortranarray({})")
        return [self.example(form) for form in forms]

    def example(self, form: str) -> str:
        drawn = []
        for at, shape in enumerate(self.parameters.values()):
            low, high = (0.3, 1.7) if self.chance(0.6) else (-1.3, 1.1)
            rng = f"np.random.default_rng({self.rng.randint(0, 99) + at})"
            sizes = tuple(SIZES[d] for d in shape)
            text = f"{rng}.uniform({low}, {high}, {sizes})"
            drawn.append(form.format(text) if shape else f"float({rng}.uniform({low}, {high}))")
        if self.labels:
            drawn.append(f"np.array([{', '.join(str(self.rng.randint(0, 2)) for _ in range(5))}])")
        return f"# codegen: example f({', '.join(drawn)})"

    # statements

    def any_shape(self) -> Shape:
        if self.scalar_only:
            return SCALAR
        return self.rng.choice([*self.values.values(), self.rng.choice(SHAPES)])

    def bind(self, shape: Shape) -> str:
        """Return a name to assign, new or used before, and note its shape."""
        if self.chance(0.35) and self.values:
            name = self.rng.choice(list(self.values))
        else:
            name = self.rng.choice(self.new_names())
        self.values[name] = shape
        self.locals.add(name)
        return name

    def new_names(self) -> list[str]:
        """Return names to assign, without what would be taken for a hand-written gradient."""
        return [name for name in LOCALS if not self.is_gradient(name)]

    def is_gradient(self, name: str) -> bool:
        """Return whether an output of this name is taken for a hand-written gradient."""
        return name[:1] == "d" and name[1:] in self.parameters

    def statement(self) -> str:
        kind = self.rng.random()
        if kind < 0.14:
            return self.update()
        if kind < 0.20:
            return self.unpacking()
        if kind < 0.24:
            text = self.expression(shape := self.any_shape(), 2)
            return f"{self.bind(shape)} = {self.bind(shape)} = {text}"
        if kind < 0.28 and SCALAR in self.values.values():
            name = next(n for n, s in self.values.items() if s == SCALAR)
            return self.rng.choice(
                (
                    f'print(f"{{{name}:.3f}}")',
                    f"assert {name} == {name}, '{name}'",
                    f"if {name} != {name}: raise ValueError('{name}')",
                )
            )
        if kind < 0.34 and len(self.values) > 1:
            # another name, or a swap
            one, other = self.rng.sample(list(self.values), 2)
            if self.values[one] == self.values[other] and self.chance(0.5):
                return f"{one}, {other} = {other}, {one}"
            shape = self.values[one]
            return f"{self.bind(shape)} = {one}"
        text = self.expression(shape := self.any_shape(), 3)
        return f"{self.bind(shape)} = {text}"

    def update(self) -> str:
        own = [n for n in self.values if n in self.locals]
        if not own:
            text = self.expression(shape := self.any_shape(), 2)
            return f"{self.bind(shape)} = 1.0 * {self.grouped(text)}"
        name = self.rng.choice(own)
        shape = self.values[name]
        operator = self.rng.choice(("+=", "-=", "*=", "+=", "/="))
        smaller = self.smaller(shape)
        text = self.expression(smaller, 2)
        if operator == "/=":
            text = f"(1.5 + {self.grouped(text)} ** 2)"
        return f"{name} {operator} {text}"

    def unpacking(self) -> str:
        shape, second = self.any_shape(), self.any_shape()
        if self.chance(0.4) and shape and not self.scalar_only:
            left, right = self.expression(shape, 1), self.expression(shape, 1)
            form = self.rng.choice(("_both({}, {})", "_both({}, b={}, c=0.3)"))
            pair = form.format(left, right)
            names = self.two_names(shape, shape)
            return f"{names} = {pair}"
        left, right = self.expression(shape, 2), self.expression(second, 2)
        return f"{self.two_names(shape, second)} = {left}, {right}"

    def two_names(self, one: Shape, other: Shape) -> str:
        first, second = self.rng.sample(self.new_names(), 2)
        self.values[first], self.values[second] = one, other
        self.locals |= {first, second}
        return f"{first}, {second}"

    def returned(self) -> str:
        parts = []
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            if self.chance(0.5):
                parts.append(self.rng.choice(list(self.values)[-3:]))
            else:
                parts.append(self.expression(self.any_shape(), 2))
        if not any(name in part for name in self.parameters for part in parts):
            parts.append(next(iter(self.parameters)))
        if not any(name in self.locals for part in parts for name in re.findall(r"\w+", part)):
            parts.append(self.rng.choice(list(self.values)))
        return f"return {', '.join(parts)}"

    # expressions

    def grouped(self, text: str) -> str:
        return text if text.isidentifier() else f"({text})"

    def smaller(self, shape: Shape) -> Shape:
        """Return a shape that broadcasts to this one."""
        if not shape or self.chance(0.4):
            return shape
        cut = shape[self.rng.randint(0, len(shape)) :]
        return tuple("1" if self.chance(0.15) else d for d in cut)

    def leaf(self, shape: Shape) -> str:
        exact = [name for name, own in self.values.items() if own == shape]
        if exact and self.chance(0.9):
            return self.rng.choice(exact)
        if not shape:
            return self.rng.choice(("0.5", "2.0", "SCALE", "3", *self.numbers()))
        if exact:
            return self.rng.choice(exact)
        sizes = ", ".join(str(SIZES[d]) for d in shape)
        self.sized = True
        dtype = self.dtype() if self.single else ""
        return self.rng.choice((f"np.ones(({sizes},){dtype})", f"np.full(({sizes},), 0.6{dtype})"))

    def dtype(self) -> str:
        """Return the argument that gives a new array the dtype of the inputs."""
        arrays = [n for n, s in self.parameters.items() if s and n not in self.locals]
        self.single = bool(arrays)
        return f", {self.rng.choice(arrays)}.dtype" if arrays else ""

    def numbers(self) -> list[str]:
        arrays = [n for n, s in self.parameters.items() if s and n not in self.locals]
        return [f"{n}.shape[0]" for n in arrays] + [f"len({n})" for n in arrays]

    def expression(self, shape: Shape, depth: int) -> str:
        """Return an expression of exactly this shape."""
        if depth <= 0 or self.chance(0.15):
            return self.leaf(shape)
        makers = [self.unary, self.binary, self.binary, self.binary, self.choice]
        if not self.scalar_only:
            makers += [self.reduced, self.product, self.reshaped, self.read, self.called]
            makers.append(self.reduced)
        return self.rng.choice(makers)(shape, depth - 1)

    def unary(self, shape: Shape, depth: int) -> str:
        inner = self.grouped(self.expression(shape, depth))
        forms = [
            "np.tanh({})",
            "np.sin({})",
            "np.cos({})",
            "np.exp(np.tanh({}))",
            "-{}",
            "{} ** 2",
            "np.sqrt({0} * {0} + 1)",
            "np.log({} ** 2 + 1.5)",
            "1 / (1 + np.exp(-{}))",
            "np.abs({})",
            "np.maximum(0, {})",
            "np.minimum({}, 0.4)",
            "2.0 / ({} ** 2 + 1)",
            "np.square({})",
            "({} ** 2 + 0.5) ** 0.5",
            "0.3 * {}",
            "{} / 4",
            "1.5 - {}",
            "np.exp(-{} ** 2)",
            "+{}",
            "0.5 ** np.tanh({})",
        ]
        if self.scalar_only:
            forms += ["math.tanh({})", "math.exp(math.sin({}))", "max({}, 0.1)", "abs({})"]
            forms.append("min(0.2, {})")
        return self.rng.choice(forms).format(inner)

    def binary(self, shape: Shape, depth: int) -> str:
        left, right = self.expression(shape, depth), self.expression(self.smaller(shape), depth)
        if self.chance(0.5):
            left, right = right, left
        left, right = self.grouped(left), self.grouped(right)
        form = self.rng.choice(
            (
                "{} * {}",
                "{} * {}",
                "{} + {}",
                "{} - {}",
                "{} / ({} ** 2 + 1.2)",
                "np.maximum({}, {})",
                "np.minimum({}, {})",
                "{} * {} * 0.5",
                "({} ** 2 + 0.7) ** np.tanh({})",
            )
        )
        return form.format(left, right)

    def test(self, shape: Shape) -> str:
        left = self.leaf(shape)
        right = self.leaf(self.smaller(shape)) if self.chance(0.5) else "0.4"
        return f"{left} {self.rng.choice('<>')} {right}"

    def choice(self, shape: Shape, depth: int) -> str:
        one, other = self.expression(shape, depth), self.expression(shape, depth)
        if self.chance(0.5) or self.scalar_only:
            test = self.test(SCALAR)
            return f"({one} if {test} else {other})"
        if self.chance(0.3):
            other = self.expression(self.smaller(shape), depth)
        test = self.test(shape)
        if self.chance(0.3):
            # what is not chosen may be infinite
            value = self.leaf(shape)
            one = f"np.sqrt({value} - 0.4)"
            test = f"{value} > 0.4"
        return f"np.where({test}, {one}, {other})"

    def reduced(self, shape: Shape, depth: int) -> str:
        word = self.rng.choice(("sum", "mean", "sum", "max", "min"))
        if not shape and self.chance(0.7):
            whole = self.expression(self.rng.choice(SHAPES), depth)
            return f"np.{word}({whole})"
        if len(shape) > 2:
            return self.binary(shape, depth)
        if "1" in shape and self.chance(0.7):
            axis = shape.index("1")
            wide = tuple(self.rng.choice("NDM") if i == axis else d for i, d in enumerate(shape))
            inner = self.expression(wide, depth)
            return f"np.{word}({inner}, axis={axis}, keepdims=True)"
        axis = self.rng.randint(0, len(shape))
        wide = (*shape[:axis], self.rng.choice("NDM"), *shape[axis:])
        inner = self.expression(wide, depth)
        if self.chance(0.3):
            axis -= len(wide)
        if self.chance(0.3):
            return f"{self.grouped(inner)}.{word}(axis={axis})"
        return f"np.{word}({inner}, axis={axis})"

    def product(self, shape: Shape, depth: int) -> str:
        inner = self.rng.choice("NDM")
        if len(shape) > 2 or "1" in shape:
            left = self.expression(shape, depth)
            return f"{self.grouped(left)} * {self.grouped(self.leaf(self.smaller(shape)))}"
        rows, columns = shape[:1], shape[1:]
        if len(shape) == 1 and self.chance(0.5):
            rows, columns = (), shape
        left = self.grouped(self.expression((*rows, inner), depth))
        right = self.grouped(self.expression((inner, *columns), depth))
        form = self.rng.choice(("{} @ {}", "{} @ {}", "np.dot({}, {})", "{}.dot({})"))
        return form.format(left, right)

    def reshaped(self, shape: Shape, depth: int) -> str:
        if not shape:
            whole = self.grouped(self.expression(self.rng.choice(SHAPES[:-1]), depth))
            return f"np.sum({whole}.reshape(-1))"
        inner = self.grouped(self.expression(shape[::-1], depth))
        if len(shape) == 2 and "1" in shape and self.chance(0.6):
            place = shape.index("1")
            inner = self.grouped(self.expression((shape[1 - place],), depth))
            return f"{inner}[:, None]" if place == 1 else f"{inner}[None]"
        if self.chance(0.3):
            self.sized = True
            return f"{inner}.T.reshape({', '.join(str(SIZES[d]) for d in shape)})"
        return f"{inner}.T"

    def read(self, shape: Shape, depth: int) -> str:
        """Return a read; of something staged, so that reads of one array add up."""
        if len(shape) > 2:
            return f"{self.grouped(self.expression(shape, depth))}[..., ::-1]"
        if self.labels and shape[:1] == ("N",) and self.chance(0.5):
            if len(shape) == 1 and self.chance(0.5):
                return f"{self.grouped(self.leaf(('N', 'D')))}[np.arange(5), i]"
            return f"{self.grouped(self.expression(('D', *shape[1:]), depth))}[i]"
        kind = self.rng.random()
        if shape and kind < 0.3:
            start = self.grouped(self.expression(shape, depth))
            return start + self.rng.choice(("[::-1]", "[...]", "[:]", "[..., ::-1]"))
        if kind < 0.7:
            base = self.grouped(self.expression((self.rng.choice("NDM"), *shape), depth))
            return base + self.rng.choice(("[0]", "[-1]", "[1]", "[0, ...]"))
        base = self.grouped(self.expression((*shape, self.rng.choice("NDM")), depth))
        return base + self.rng.choice(("[..., 0]", "[..., -1]", f"[{':, ' * len(shape)}1]"))

    def called(self, shape: Shape, depth: int) -> str:
        inner = self.expression(shape, depth)
        if not shape and self.chance(0.5):
            return f"_norm({self.expression(self.rng.choice(SHAPES[:-1]), depth)})"
        form = self.rng.choice(
            (
                "_scaled({})",
                "_scaled({}, 0.2)",
                "_scaled(k={1}, t={0})",
                "_tanh({})",
                "_times({}, {})",
                "_times(b={}, a={})",
            )
        )
        return form.format(inner, self.expression(self.smaller(shape), depth))


def main() -> int:
    """Run blocks of a thousand programs; print the acceptance rate and every message."""
    name = "python -m tests.random_verified"
    parser = argparse.ArgumentParser(prog=name, description=main.__doc__)
    parser.add_argument("--blocks", type=int, default=1, help="how many blocks of 1000 programs")
    parser.add_argument("--seed", type=int, default=0, help="the first block")
    parser.add_argument("--size", type=int, default=1000, help="how many programs a block has")
    parser.add_argument("--show", type=int, help="print one program and what becomes of it")
    options = parser.parse_args()
    with without_black():
        if options.show is not None:
            found = outcome(program(options.show))
            print(found.program.text, found.output, found.verdict, found.words, sep="\n\n")
            return 0
        bad = 0
        for block in range(options.seed, options.seed + options.blocks):
            bad += _block(range(block * 1000, block * 1000 + options.size))
    return 1 if bad else 0


def _block(seeds: range) -> int:
    """Run some programs and print what came of them; return how many failed or crashed."""
    start = time.perf_counter()
    counts: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    for seed in seeds:
        found = outcome(program(seed))
        counts[found.verdict] += 1
        if found.verdict == "refused":
            refusals[_without_place(found.words)] += 1
        elif found.verdict not in ("verified", "taken as scalars"):
            print(f"{seed}: {found.verdict}: {_last_lines(found)}", flush=True)
    for words, number in refusals.most_common():
        print(f"{number} refused: {words}")
    accepted = len(seeds) - counts["refused"]
    took = time.perf_counter() - start
    told = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    share = f"{100 * accepted / len(seeds):.1f} % accepted"
    print(f"{seeds[0]} to {seeds[-1]}: {share}: {told}; {took:.0f} s")
    return counts["failed"] + counts["crashed"]


def _without_place(words: str) -> str:
    return re.sub(r"`[^`]*`", "`...`", words.split("\n", maxsplit=1)[0].partition("error")[2])


def _last_lines(found: Outcome) -> str:
    rows = [row for row in found.words.strip().split("\n") if not row.endswith(": ok")]
    return " | ".join(row.strip() for row in rows[-3:])


if __name__ == "__main__":
    raise SystemExit(main())
