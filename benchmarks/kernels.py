"""What the gradients of the kernels cost, in numpy and compiled by numba, and what they keep.

    python -m benchmarks.kernels [NAME ...]

Prints a Markdown table: times of the forward pass and, as ratios to it, of the gradient; the same
under numba; JAX with jit, value and gradients; the bytes that the split forward pass keeps over
those of the inputs; and the gradient over one by hand, of five. All run in one process, on one
core, in turns. Without numba, or JAX, their columns are empty.
"""

from __future__ import annotations

import argparse
import copy
import importlib.util
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from benchmarks.gradient import ONE_CORE, ROOT
from benchmarks.handwritten import kernels as handwritten
from benchmarks.loops import size_of
from codegen import CodegenError, generate
from codegen.pipeline import Options, compile_source
from codegen.request import FunctionReport
from codegen.source import Source

FOLDER = ROOT / "examples" / "kernels"
BLOCK_SECONDS = 0.05
GOAL = 5.0  # times the forward pass

HEAD = """\
| kernel | forward, µs | gradient / forward | numba forward, µs | numba gradient / numba forward \
| gradient / numba gradient | JAX / numba gradient | kept / inputs | gradient / by hand |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""

Call = Callable[..., Any]


class Draw:
    """Arrays of random numbers, the same in every run."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(0)

    def __call__(self, *shape: int) -> np.ndarray:
        return self.random.uniform(0.5, 1.5, shape)

    def square(self, size: int) -> np.ndarray:
        """Return a symmetric positive definite matrix."""
        made = self(size, size)
        return made @ made.T + size * np.eye(size)

    def sparse(self, rows: int, each: int) -> tuple[np.ndarray, ...]:
        """Return a square matrix by compressed rows."""
        starts = np.arange(0, rows * each + 1, each)
        return starts, self.random.integers(0, rows, rows * each), self(rows * each)


CAVITY = (0.001, 0.05, 0.05, 1.0, 0.1)  # dt, dx, dy, rho, nu
LENET = (
    *((5, 5, 1, 6), (6,), (5, 5, 6, 16), (16,)),
    *((256, 120), (120,), (120, 84), (84,), (84, 10), (10,)),
)
ARGUMENTS: dict[str, Callable[[Draw], tuple[Any, ...]]] = {
    "adi": lambda d: (5, d(60, 60)),
    "atax": lambda d: (d(400, 500), d(500)),
    "bicg": lambda d: (d(400, 500), d(500), d(400)),
    "cavity_flow": lambda d: (5, 20, *(0.1 * d(41, 41) for _ in range(3)), *CAVITY),
    "cholesky": lambda d: (d.square(80),),
    "conv2d": lambda d: (d(4, 16, 16, 3), d(5, 5, 3, 8), d(8)),
    "correlation": lambda d: (d(200, 80),),
    "covariance": lambda d: (d(200, 80),),
    "deriche": lambda d: (0.25, d(120, 140)),
    "doitgen": lambda d: (d(20, 25, 30), d(30, 30)),
    "durbin": lambda d: (0.1 * d(200),),
    "fdtd_2d": lambda d: (20, d(60, 70), d(60, 70), d(60, 70), d(20)),
    "fir": lambda d: (d(1000), d(20)),
    "gemm": lambda d: (0.7, 0.3, d(150, 160), d(150, 170), d(170, 160)),
    "gemver": lambda d: (0.7, 0.3, d(300, 300), *(d(300) for _ in range(8))),
    "gesummv": lambda d: (0.7, 0.3, d(300, 300), d(300, 300), d(300)),
    "gramschmidt": lambda d: (d(60, 50) + 10 * np.eye(60, 50),),
    "heat_3d": lambda d: (10, d(20, 20, 20), d(20, 20, 20)),
    "horizontal_diffusion": lambda d: (d(68, 68, 20), d(64, 64, 20), d(64, 64, 20)),
    "jacobi_1d": lambda d: (100, d(2000), d(2000)),
    "jacobi_2d": lambda d: (20, d(100, 100), d(100, 100)),
    "k2mm": lambda d: (0.7, 0.3, d(80, 90), d(90, 100), d(100, 70), d(80, 70)),
    "k3mm": lambda d: (d(80, 90), d(90, 100), d(100, 70), d(70, 60)),
    "lenet": lambda d: (d(4, 28, 28, 1), *(0.1 * d(*shape) for shape in LENET)),
    "lu": lambda d: (d.square(80),),
    "ludcmp": lambda d: (d.square(60), d(60)),
    "maxpool": lambda d: (d(4, 32, 32, 8),),
    "mvt": lambda d: (d(300), d(300), d(300), d(300), d(300, 300)),
    "nbody": lambda d: (d(30), d(30, 3), d(30, 3), 5, 0.01, 1.0, 0.1),
    "seidel_2d": lambda d: (5, d(60, 60)),
    "softmax": lambda d: (d(8, 4, 64, 64),),
    "spmv": lambda d: (*d.sparse(1000, 6), d(1000)),
    "stable_sigmoid": lambda d: (d(100_000) - 1,),
    "svm_loss": lambda d: (d(500, 10), d.random.integers(0, 10, 500)),
    "symm": lambda d: (0.7, 0.3, d(40, 50), d(40, 40), d(40, 50)),
    "syr2k": lambda d: (0.7, 0.3, d(40, 40), d(40, 30), d(40, 30)),
    "syrk": lambda d: (0.7, 0.3, d(40, 40), d(40, 30)),
    "thomas": lambda d: (0.2 * d(2000), 2 + d(2000), 0.2 * d(2000), d(2000)),
    "trisolv": lambda d: (d.square(300), d(300), d(300)),
    "trmm": lambda d: (0.7, d(60, 60), d(60, 70)),
    "vertical_advection": lambda d: (
        *(d(32, 32, 20), d(32, 32, 20), 0.1 * d(33, 32, 20), d(32, 32, 20), d(32, 32, 20)),
        3.0 / 20.0,
    ),
}


@dataclass(frozen=True)
class Measured:
    """Seconds of one call of each; numba's are None where it cannot compile."""

    name: str
    seconds: dict[str, float]
    kept: float  # bytes, over those of the inputs

    def ratio(self, one: str, other: str) -> float | None:
        """Return how much longer one takes than the other."""
        if one not in self.seconds or other not in self.seconds:
            return None
        return self.seconds[one] / self.seconds[other]


def _leaves(tree: Any) -> list[Any]:
    if isinstance(tree, (tuple, list)):
        return [leaf for part in tree for leaf in _leaves(part)]
    return [tree]


@dataclass(frozen=True)
class Kernel:
    """A kernel's functions, and arguments and cotangents of the size that is measured."""

    text: str
    report: FunctionReport
    forward: Call
    gradient: Call
    arguments: tuple[Any, ...]
    seeds: list[Any]

    @property
    def parameters(self) -> list[str]:
        return [parameter.name for parameter in self.report.parameters]

    def given_again(self) -> list[Any]:
        """A forward pass that writes into its arguments is measured with the copies it needs."""
        return [one.copy() if isinstance(one, np.ndarray) else one for one in self.arguments]

    def expect(self, result: Any) -> None:
        """Raise an AssertionError unless a value and gradients are those of the gradient."""
        expected = _leaves(self.gradient(*self.arguments, *self.seeds))
        for mine, other in zip(_leaves(result), expected, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-7, atol=1e-9)


def kernel(name: str) -> Kernel:
    """Return a kernel with its generated gradient."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    report = compile_source(Source(f"{name}.py", text), Options()).functions[0]
    arguments = ARGUMENTS[name](Draw())
    forward = _defined(text)[report.name]
    given = copy.deepcopy(arguments)
    returned = forward(*given)
    names = [parameter.name for parameter in report.parameters]
    outputs = (
        _leaves(returned) if returned is not None else [given[names.index(n)] for n in report.of]
    )
    seeds = [np.ones_like(output) if np.ndim(output) else 1.0 for output in outputs]
    gradient = _defined(generate(text))[report.gradient_name]
    return Kernel(text, report, forward, gradient, arguments, seeds)


def kept(name: str, wrt: tuple[str, ...] | None = None) -> float:
    """Return the bytes that the split forward pass keeps, over those of the inputs."""
    one = kernel(name)
    made = _defined(generate(one.text, style="split", wrt=wrt))
    _, cache = made[one.report.forward_name](*one.arguments)
    inputs = sum(part.nbytes for part in one.arguments if isinstance(part, np.ndarray))
    return size_of(cache, {id(part) for part in one.arguments}) / inputs


def runners(name: str) -> dict[str, Call]:
    """Return calls without arguments by their column, checked against each other."""
    one = kernel(name)
    given = (*one.arguments, *one.seeds)
    calls: dict[str, Call] = {
        "forward": lambda: one.forward(*one.given_again()),
        "gradient": lambda: one.gradient(*given),
    }
    if importlib.util.find_spec("numba") is not None:
        import numba

        try:
            compiled = _defined(generate(one.text, target="numba"))[one.report.gradient_name]
        except CodegenError:
            pass
        else:
            names = _defined(one.text)
            made = {key: f for key, f in names.items() if isinstance(f, FunctionType)}
            names |= {key: numba.njit(function) for key, function in made.items()}
            jitted = names[one.report.name]
            jitted(*one.given_again())
            one.expect(compiled(*given))
            calls["numba forward"] = lambda: jitted(*one.given_again())
            calls["numba gradient"] = lambda: compiled(*given)
    for column, call in (("jax", jax_call(name, one)), ("by hand", by_hand(name, one))):
        if call is not None:
            one.expect(call())
            calls[column] = call
    return calls


def by_hand(name: str, one: Kernel) -> Call | None:
    """Return the gradient that an expert wrote; None where there is none."""
    made = getattr(handwritten, f"{name}_grad", None)
    return None if made is None else lambda: made(*one.arguments, *one.seeds)


def jax_call(name: str, one: Kernel) -> Call | None:
    """Return the value and gradients in JAX; None where there is no version, or no JAX."""
    if importlib.util.find_spec("jax") is None:
        return None
    from benchmarks import kernels_jax

    if name not in kernels_jax.FUNCTIONS:
        return None
    places = [one.parameters.index(part) for part in one.report.wrt]
    return kernels_jax.gradient(name, places, one.arguments, one.seeds)


def _defined(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "kernel"}
    exec(compile(text, "kernel.py", "exec"), names)
    return names


def measure(name: str, turns: int = 9) -> Measured:
    """Return the least of several turns, in each of which all are timed: others may be at work."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba, of products of slices
        calls = runners(name)
        counts = {column: _count(call) for column, call in calls.items()}
        times: dict[str, list[float]] = {column: [] for column in calls}
        for _ in range(turns):
            for column, call in calls.items():
                times[column].append(_turn(call, counts[column]))
    seconds = {column: min(row) for column, row in times.items()}
    return Measured(name, seconds, kept(name))


def _count(call: Call) -> int:
    call()
    return max(1, int(BLOCK_SECONDS / _turn(call, 1)))


def _turn(call: Call, count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - start) / count


def _shown(number: float | None, scale: float = 1.0, digits: int = 1) -> str:
    return "" if number is None else f"{number * scale:,.{digits}f}"


def _row(row: Measured) -> str:
    cells = [
        _shown(row.seconds["forward"], 1e6),
        _shown(row.ratio("gradient", "forward")),
        _shown(row.seconds.get("numba forward"), 1e6),
        _shown(row.ratio("numba gradient", "numba forward")),
        _shown(row.ratio("gradient", "numba gradient")),
        _shown(row.ratio("jax", "numba gradient")),
        f"{row.kept:.2f}",
        _shown(row.ratio("gradient", "by hand"), digits=2),
    ]
    return f"| {row.name} | {' | '.join(cells)} |"


def table(rows: list[Measured]) -> str:
    """Return the rows as Markdown."""
    return "\n".join([HEAD, *map(_row, rows)])


def goals(rows: list[Measured]) -> str:
    """Return which kernels are above the goal, in numpy and in numba."""
    lines = []
    for words, one, other in (
        ("numpy", "gradient", "forward"),
        ("numba", "numba gradient", "numba forward"),
    ):
        ratios = [(row.name, row.ratio(one, other)) for row in rows]
        above = [f"{name} {ratio:.1f}" for name, ratio in ratios if ratio and ratio > GOAL]
        lines.append(
            f"in {words}, at most {GOAL:g} times the forward pass: {', '.join(above) or 'all'}"
        )
    return "\n".join(lines)


def main() -> int:
    """Measure the kernels on one core, and print the table and the goals."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=sorted(ARGUMENTS))
    names: Iterable[str] = parser.parse_args().names
    if any(os.environ.get(variable) != "1" for variable in ONE_CORE):
        flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        environment = os.environ | dict.fromkeys(ONE_CORE, "1") | {"XLA_FLAGS": flags}
        command = [sys.executable, "-m", "benchmarks.kernels", *names]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    print(HEAD)
    rows = []
    for name in names:
        rows.append(measure(name))
        print(_row(rows[-1]), flush=True)
    print(f"\n{goals(rows)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
