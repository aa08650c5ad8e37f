"""What a generated gradient costs, against one written by hand.

    python -m benchmarks.gradient

Prints a Markdown table of ratios. Both run in the same process, on one core, in turns: what else
the machine does meets both. The control is the hand-written one against itself, so its distance
from 1.00 is the noise.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
ONE_CORE = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
BLOCK_SECONDS = 0.01  # one turn: long against the clock, short against the machine's moods

Gradient = Callable[..., tuple[Any, tuple[Any, ...]]]
Size = tuple[str, Callable[[], tuple[Any, ...]]]


@dataclass(frozen=True)
class Case:
    """A forward function, the gradient written for it by hand, and arguments of one size."""

    name: str
    size: str
    forward: str  # a file, relative to the project
    function: str
    handwritten: str  # a module
    arguments: Callable[[], tuple[Any, ...]]
    wrt: tuple[int, ...]  # which arguments have gradients


@dataclass(frozen=True)
class Compared:
    """Times of one call by hand, and of the generated gradient as ratios to it."""

    case: Case
    seconds: float
    ratio: float  # the median over all turns
    ratio_of_best: float
    control: float


def _staged() -> tuple[Any, ...]:
    return 3.0, -4.0


def _staged_array(length: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    # away from the pole of 1 / den
    return random.uniform(1.0, 2.0, length), random.uniform(0.0, 1.0, length)


def _two_layer(N: int, D: int, H: int, C: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    return (
        random.standard_normal((N, D)),
        random.integers(0, C, N),
        0.1 * random.standard_normal((D, H)),
        0.1 * random.standard_normal(H),
        0.1 * random.standard_normal((H, C)),
        0.1 * random.standard_normal(C),
        0.05,
    )


def _attention(length: int, width: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    weights = (0.3 * random.standard_normal((width, width)) for _ in range(3))
    return (random.standard_normal((length, width)), *weights)


def _layernorm(rows: int, columns: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    data = random.standard_normal((rows, columns))
    return data, random.uniform(0.5, 1.5, columns), random.standard_normal(columns)


def _logistic(rows: int, columns: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    data = random.standard_normal((rows, columns))
    labels = (random.uniform(size=rows) < 0.5).astype(float)
    return 0.1 * random.standard_normal(columns), 0.3, data, labels


_STAGED = ("examples/staged.py", "f", "benchmarks.handwritten.staged")
_STAGED_ARRAY = ("benchmarks/forward/staged_array.py", "f", "benchmarks.handwritten.staged_array")
_TWO_LAYER = ("examples/two_layer.py", "loss", "benchmarks.handwritten.two_layer")


def _network(name: str, path: str, function: str, wrt: tuple[int, ...], *sizes: Size) -> list[Case]:
    """Return the cases of one function of the examples, which is one of our golden files."""
    module = f"benchmarks.handwritten.{name}"
    return [Case(name, size, path, function, module, made, wrt) for size, made in sizes]


CASES = (
    Case("staged", "two floats", *_STAGED, _staged, (0, 1)),
    Case("staged, arrays", "10", *_STAGED_ARRAY, lambda: _staged_array(10), (0, 1)),
    Case("staged, arrays", "1,000,000", *_STAGED_ARRAY, lambda: _staged_array(1_000_000), (0, 1)),
    Case(
        "two_layer",
        "N 5, D 4, H 10, C 3",
        *_TWO_LAYER,
        lambda: _two_layer(5, 4, 10, 3),
        (2, 3, 4, 5),
    ),
    Case(
        "two_layer",
        "N 200, D 3072, H 100, C 10",
        *_TWO_LAYER,
        lambda: _two_layer(200, 3072, 100, 10),
        (2, 3, 4, 5),
    ),
    *_network(
        "attention",
        "examples/networks/attention.py",
        "attention",
        (0, 1, 2, 3),
        ("T 8, D 4", lambda: _attention(8, 4)),
        ("T 512, D 64", lambda: _attention(512, 64)),
    ),
    *_network(
        "layernorm",
        "examples/networks/layernorm.py",
        "layernorm",
        (0, 1, 2),
        ("N 4, D 5", lambda: _layernorm(4, 5)),
        ("N 1024, D 512", lambda: _layernorm(1024, 512)),
    ),
    *_network(
        "logistic",
        "examples/fitting/logistic.py",
        "annotated",
        (0, 1),
        ("N 20, D 3", lambda: _logistic(20, 3)),
        ("N 20000, D 100", lambda: _logistic(20_000, 100)),
    ),
)


def handwritten(case: Case) -> Gradient:
    """Return the gradient that was written by hand."""
    gradient: Gradient = getattr(importlib.import_module(case.handwritten), f"{case.function}_grad")
    return gradient


def generated(case: Case) -> Gradient:
    """Generate the gradient and return it, as if its file had been imported."""
    from codegen import generate

    path = ROOT / case.forward
    text = generate(path.read_text(encoding="utf-8"), filename=path.name)
    namespace: dict[str, Any] = {"__name__": f"{path.stem}_grad"}
    exec(compile(text, f"{path.stem}_grad.py", "exec"), namespace)
    gradient: Gradient = namespace[f"{case.function}_grad"]
    return gradient


def assert_same(case: Case) -> None:
    """Raise an AssertionError unless both give the same value and the same gradients."""
    arguments = case.arguments()
    value, gradients = generated(case)(*arguments)
    expected_value, expected = handwritten(case)(*arguments)
    np.testing.assert_allclose(value, expected_value, rtol=1e-9)
    assert len(gradients) == len(expected), f"{case.name}: {len(gradients)} gradients"
    for own, by_hand in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(own, by_hand, rtol=1e-9, atol=1e-12)


def _turn(gradient: Gradient, arguments: tuple[Any, ...], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        gradient(*arguments)
    return (time.process_time() - start) / calls


def compare(case: Case, turns: int) -> Compared:
    """Check that both agree, then time them in turns."""
    assert_same(case)
    arguments = case.arguments()
    by_hand, ours = handwritten(case), generated(case)
    runners = {"hand": by_hand, "ours": ours, "control": by_hand}
    for gradient in runners.values():  # the interpreter specialises code while it warms up
        _turn(gradient, arguments, 5)
    calls = max(1, int(BLOCK_SECONDS / _turn(by_hand, arguments, 5)))
    times: dict[str, list[float]] = {name: [] for name in runners}
    order = list(runners)
    gc.collect()
    gc.disable()
    try:
        for _ in range(turns):
            for name in order:
                times[name].append(_turn(runners[name], arguments, calls))
            order.append(order.pop(0))  # nobody always comes first
    finally:
        gc.enable()

    def ratio(name: str) -> float:
        pairs = zip(times[name], times["hand"], strict=True)
        return statistics.median(one / other for one, other in pairs)

    best = min(times["ours"]) / min(times["hand"])
    return Compared(case, min(times["hand"]), ratio("ours"), best, ratio("control"))


def table(rows: list[Compared]) -> str:
    """Return the rows as Markdown."""
    lines = [
        "| function | size | by hand, µs | generated / by hand | of the best turns | control |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row.case.name} | {row.case.size} | {row.seconds * 1e6:,.1f} | {row.ratio:.2f} "
        f"| {row.ratio_of_best:.2f} | {row.control:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure all cases in one new process, which has one core, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=61)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(table([compare(case, options.turns) for case in CASES]))
        return
    # numpy reads these when it is imported, so only a new process obeys
    environment = os.environ | dict.fromkeys(ONE_CORE, "1")
    command = (sys.executable, "-m", "benchmarks.gradient", "--measure")
    turns = ("--turns", str(options.turns))
    done = subprocess.run([*command, *turns], cwd=ROOT, env=environment, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
