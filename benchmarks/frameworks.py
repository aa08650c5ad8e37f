"""What a generated gradient costs, against HIPS autograd, JAX with jit and one written by hand.

    pip install -e '.[bench]'
    python -m benchmarks.frameworks

Prints a Markdown table of ratios: the time of the other over that of the generated gradient, so
that more than 1 means that the generated one is faster. All run in one process, on one core, in
turns, in float64, and are checked against each other before.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import re
import statistics
import subprocess
import sys
import time
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import gradient

ROOT = Path(__file__).resolve().parent.parent
BLOCK_SECONDS = 0.02
Call = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """A forward function, which of its arguments are differentiated, and arguments of one size."""

    name: str
    size: str
    forward: str  # a file, relative to the project
    function: str
    wrt: tuple[int, ...]
    arguments: Callable[[], tuple[Any, ...]]
    handwritten: gradient.Case | None = None


def _from(case: gradient.Case) -> Case:
    return Case(case.name, case.size, case.forward, case.function, case.wrt, case.arguments, case)


CASES = tuple(map(_from, gradient.CASES))


SCIPY = ("logsumexp", "gammaln", "ndtr")  # names of scipy.special that the examples import
IN_PLACE = ("beam",)  # neither autograd nor JAX takes an array that is written in place


def _science() -> tuple[Case, ...]:
    """Return the scientific examples, at the calls that stand above them."""
    return tuple(
        _of_example(path)
        for path in sorted((ROOT / "examples" / "science").glob("*.py"))
        if path.stem not in IN_PLACE
    )


def _of_example(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    call = re.search(r"# codegen: example (.*)", text)
    asked = re.search(r"# codegen: wrt=(\S+)", text)
    assert call is not None
    node = ast.parse(call[1], mode="eval").body
    assert isinstance(node, ast.Call)
    name = ast.unparse(node.func)
    definitions = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    names = [a.arg for a in next(n for n in definitions if n.name == name).args.args]
    wrt = tuple(n for n, a in enumerate(names) if asked is None or a in asked[1].split(","))
    arguments = tuple(eval(ast.unparse(part), {"np": np}) for part in node.args)
    where = str(path.relative_to(ROOT))
    return Case(path.stem, "as in its file", where, name, wrt, lambda: arguments)


def forward(case: Case, library: Any, special: Any) -> Callable[..., Any]:
    """Return the author's function over another library's arrays; an array's sum, as by default."""
    source = (ROOT / case.forward).read_text(encoding="utf-8")
    module = types.ModuleType("forward")
    exec(compile(source, case.forward, "exec", dont_inherit=True), module.__dict__)
    found = {name: getattr(special, name, None) for name in SCIPY if name in module.__dict__}
    if found.get("ndtr", special) is None:  # autograd has it under another name
        found["ndtr"] = importlib.import_module("autograd.scipy.stats").norm.cdf
    module.__dict__.update(found, np=library, math=library)
    function = getattr(module, case.function)
    return lambda *arguments: library.sum(function(*arguments))


def generated(case: Case) -> Callable[..., Any]:
    """Return the gradient as it is generated."""
    from codegen import generate

    path = ROOT / case.forward
    text = generate(path.read_text(encoding="utf-8"), filename=path.name)
    namespace: dict[str, Any] = {"__name__": f"{path.stem}_grad"}
    exec(compile(text, f"{path.stem}_grad.py", "exec"), namespace)
    found: Callable[..., Any] = namespace[f"{case.function}_grad"]
    return found


def runners(case: Case) -> dict[str, Call]:
    """Return a call for each way of computing the same value and gradients, checked once."""
    import autograd
    import autograd.numpy
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    arguments = case.arguments()
    ours = generated(case)
    special = importlib.import_module("autograd.scipy.special")
    by_hips = autograd.value_and_grad(forward(case, autograd.numpy, special), case.wrt)
    traced = forward(case, jax.numpy, importlib.import_module("jax.scipy.special"))
    static = tuple(n for n, a in enumerate(arguments) if isinstance(a, int))
    by_jax = jax.jit(jax.value_and_grad(traced, case.wrt), static_argnums=static)
    on_device = [a if isinstance(a, int) else jax.device_put(a) for a in arguments]
    found: dict[str, Call] = {
        "ours": lambda: ours(*arguments),
        "autograd": lambda: by_hips(*arguments),
        "jax": lambda: jax.block_until_ready(by_jax(*on_device)),
    }
    if case.handwritten is not None:
        by_hand = gradient.handwritten(case.handwritten)
        found["by hand"] = lambda: by_hand(*arguments)
    _check(case, found)
    return found


def _check(case: Case, found: dict[str, Call]) -> None:
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


def row(case: Case, turns: int) -> str:
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
        for case in (*CASES, *_science()):
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
