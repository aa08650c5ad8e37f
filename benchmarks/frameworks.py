"""What a generated gradient costs, against HIPS autograd, JAX with jit and one written by hand.

    pip install -e '.[bench]'
    python -m benchmarks.frameworks

Prints a Markdown table of ratios: the time of the other over that of the generated gradient, so
that more than 1 means that the generated one is faster. All run in one process, on one core, in
turns, in float64, and are checked against each other before.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import gradient

ROOT = Path(__file__).resolve().parent.parent
BLOCK_SECONDS = 0.02
Call = Callable[[], Any]


def forward(case: gradient.Case, library: Any) -> Callable[..., Any]:
    """Return the author's function over another library's arrays; an array's sum, as by default."""
    source = (ROOT / case.forward).read_text(encoding="utf-8")
    module = types.ModuleType("forward")
    exec(compile(source, case.forward, "exec", dont_inherit=True), module.__dict__)
    module.__dict__.update(np=library, math=library)
    function = getattr(module, case.function)
    return lambda *arguments: library.sum(function(*arguments))


def runners(case: gradient.Case) -> dict[str, Call]:
    """Return a call for each way of computing the same value and gradients, checked once."""
    import autograd
    import autograd.numpy
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    arguments = case.arguments()
    ours = gradient.generated(case)
    by_hips = autograd.value_and_grad(forward(case, autograd.numpy), case.wrt)
    by_jax = jax.jit(jax.value_and_grad(forward(case, jax.numpy), case.wrt))
    on_device = jax.device_put(arguments)
    found: dict[str, Call] = {
        "ours": lambda: ours(*arguments),
        "autograd": lambda: by_hips(*arguments),
        "jax": lambda: jax.block_until_ready(by_jax(*on_device)),
    }
    by_hand = gradient.handwritten(case)
    found["by hand"] = lambda: by_hand(*arguments)
    _check(case, found)
    return found


def _check(case: gradient.Case, found: dict[str, Call]) -> None:
    value, gradients = found["ours"]()
    positions = gradients if isinstance(gradients, tuple) else (gradients,)
    for name, call in found.items():
        other, theirs = call()
        np.testing.assert_allclose(np.sum(value), np.sum(other), rtol=1e-9, err_msg=name)
        if name != "by hand":
            for own, one in zip(positions, theirs, strict=True):
                np.testing.assert_allclose(own, one, rtol=1e-7, atol=1e-9, err_msg=case.name)


def _turn(call: Call, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def row(case: gradient.Case, turns: int) -> str:
    """Measure one case; return a row of the table."""
    found = runners(case)
    for call in found.values():
        _turn(call, 3)
    calls = {name: max(1, int(BLOCK_SECONDS / _turn(call, 3))) for name, call in found.items()}
    times: dict[str, list[float]] = {name: [] for name in found}
    order = list(found)
    gc.collect()
    gc.disable()
    try:
        for _ in range(turns):
            for name in order:
                times[name].append(_turn(found[name], calls[name]))
            order.append(order.pop(0))
    finally:
        gc.enable()

    def ratio(name: str) -> str:
        if name not in times:
            return ""
        pairs = zip(times[name], times["ours"], strict=True)
        return f"{statistics.median(other / own for other, own in pairs):.2f}"

    ours = f"{min(times['ours']) * 1e6:,.1f}"
    cells = [case.name, case.size, ours, ratio("by hand"), ratio("autograd"), ratio("jax")]
    return f"| {' | '.join(cells)} |"


HEAD = """\
| function | size | generated, µs | by hand | autograd | JAX, jit |
| --- | --- | ---: | ---: | ---: | ---: |"""


def main() -> None:
    """Measure all cases in one new process, which has one core, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=21)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(HEAD)
        for case in gradient.CASES:
            print(row(case, options.turns), flush=True)
        return
    one_core = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
    environment = os.environ | dict.fromkeys(gradient.ONE_CORE, "1") | one_core
    command = [sys.executable, "-m", "benchmarks.frameworks", "--measure"]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    done = subprocess.run(
        [*command, "--turns", str(options.turns)], cwd=ROOT, env=environment, check=False
    )
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
