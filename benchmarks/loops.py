"""What the gradient of a loop costs and keeps, for ever more turns.

    python -m benchmarks.loops

Prints a Markdown table: the time of the joint gradient over that of the author's function, and the
bytes that the split forward pass keeps for each turn. Both are to be constants.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.gradient import ONE_CORE

TURNS = (10, 1_000, 100_000)
SECONDS = 0.2  # for each of the two, at least


@dataclass(frozen=True)
class Case:
    """A function with a loop, and its arguments for a number of turns."""

    name: str
    text: str
    arguments: Callable[[int], tuple[Any, ...]]


@dataclass(frozen=True)
class Measured:
    """One row: seconds of a call, and what the forward pass keeps, in bytes."""

    name: str
    turns: int
    forward: float
    gradient: float
    kept: int


def _series(turns: int) -> tuple[Any, ...]:
    return (np.cos(np.arange(float(turns))),)


def _recurrent(turns: int, width: int = 16) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    weights = random.standard_normal((width, width)) / width
    return random.standard_normal((turns, width)), np.zeros(width), weights


CASES = (
    Case(
        "h = 0.5 * h + x[t]",
        """\
import numpy as np
from jaxtyping import Float

def f(x: Float[np.ndarray, "T"]):
    h = 0.0
    for t in range(x.shape[0]):
        h = 0.5 * h + x[t]
    return h
""",
        _series,
    ),
    Case(
        "s += sin(x[t] * a)",
        """\
import math
import numpy as np
from jaxtyping import Float

def f(x: Float[np.ndarray, "T"], a: float):
    s = 0.0
    for t in range(len(x)):
        s += math.sin(x[t] * a)
    return s * s
""",
        lambda turns: (*_series(turns), 0.7),
    ),
    Case(
        "x = a * x * (1 - x)",
        """\
def f(x: float, a: float, n: int):
    for i in range(n):
        x = a * x * (1 - x)
    return x
""",
        lambda turns: (0.3, 2.5, turns),
    ),
    Case(
        "while, with an if",
        """\
import math

def f(x: float, n: int):
    i = 0
    while i < n:
        if x > 0.5:
            x = x * x
        else:
            x = math.sin(x) + 0.3
        i += 1
    return x
""",
        lambda turns: (0.7, turns),
    ),
    Case(
        "h = tanh(x[t] + h @ W), 16 wide",
        """\
import numpy as np
from jaxtyping import Float

def f(x: Float[np.ndarray, "T H"], h: Float[np.ndarray, "H"], W: Float[np.ndarray, "H H"]):
    for t in range(x.shape[0]):
        h = np.tanh(x[t] + h @ W)
    return np.sum(h * h)
""",
        _recurrent,
    ),
)


def functions(case: Case) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Return the author's function, its joint gradient and the forward pass of its split one."""
    from codegen import generate

    names: dict[str, Any] = {}
    for text in (case.text, generate(case.text), generate(case.text, style="split")):
        exec(text, names)
    return names["f"], names["f_grad"], names["f_forward"]


def measure(case: Case, turns: int, seconds: float = SECONDS) -> Measured:
    """Return the times of one call, and the bytes kept."""
    author, gradient, forward = functions(case)
    arguments = case.arguments(turns)
    _, cache = forward(*arguments)
    return Measured(
        case.name,
        turns,
        _time(author, arguments, seconds),
        _time(gradient, arguments, seconds),
        size_of(cache, {id(one) for one in arguments}),
    )


def _time(call: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> float:
    """Return the best time of one call, of several turns."""
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end or best == float("inf"):
        start = time.perf_counter()
        call(*arguments)
        best = min(best, time.perf_counter() - start)
    return best


def size_of(kept: Any, seen: set[int]) -> int:
    """Return the bytes of a cache, each object once; what is `seen` is the caller's."""
    if id(kept) in seen:
        return 0
    seen.add(id(kept))
    if isinstance(kept, np.ndarray):
        own = 0 if kept.base is None else size_of(kept.base, seen)
        return own + sys.getsizeof(kept)
    size = sys.getsizeof(kept)
    if isinstance(kept, (list, tuple)):
        size += sum(size_of(one, seen) for one in kept)
    return size


def table(rows: list[Measured]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| loop | turns | author's, µs | gradient / author's | kept a turn, bytes |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        ratio = row.gradient / row.forward
        lines.append(
            f"| `{row.name}` | {row.turns:,} | {row.forward * 1e6:,.1f} | {ratio:.1f} | "
            f"{row.kept / row.turns:,.1f} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Measure all loops on one core and print the table."""
    if any(os.environ.get(name) != "1" for name in ONE_CORE):
        environment = os.environ | dict.fromkeys(ONE_CORE, "1")
        command = [sys.executable, "-m", "benchmarks.loops"]
        return subprocess.run(command, env=environment, check=False).returncode
    print(table([measure(case, turns) for case in CASES for turns in TURNS]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
