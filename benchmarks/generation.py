"""How long the generator takes, and how much memory, for 100, 1,000 and 10,000 stages.

    python -m benchmarks.generation

Prints a Markdown table. Our part and black's are timed apart. Each row is measured in a process of
its own, where nothing measured before counts as its memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.forward_sources import FLAVOURS, forward_source

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 1_000, 10_000)
GOAL_GROWTH, GOAL_SECONDS, GOAL_MEGABYTES = 12.0, 10.0, 500.0  # at 10,000 stages


@dataclass(frozen=True)
class Measured:
    """One row: the best times of all repetitions, and the peaks of the whole process."""

    flavour: str
    stages: int
    ours: float  # seconds
    black: float  # seconds
    baseline_megabytes: float  # before the first repetition: Python, numpy, black, the gates
    ours_megabytes: float  # before black first sees the text
    peak_megabytes: float


def peak_megabytes() -> float:
    """Return the most memory that this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there, kilobytes here


@contextmanager
def black_replaced(replacement: Callable[[str], str]) -> Iterator[None]:
    """Put another function in the place of codegen.render.format_text, wherever it is known."""
    from codegen import render

    original = render.format_text
    holders = [
        module
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "codegen" and vars(module).get("format_text") is original
    ]
    for module in holders:
        module.format_text = replacement  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in holders:
            module.format_text = original  # type: ignore[attr-defined]


def measure(flavour: str, stages: int, repeat: int) -> Measured:
    """Generate the gradient of a forward file several times, and keep the best of each part."""
    from codegen.pipeline import Options, compile_source
    from codegen.render import format_text
    from codegen.source import Source

    # imports and first uses are not what is measured
    compile_source(Source.from_text(forward_source(flavour, 20), "warm_up.py"), Options())

    text = forward_source(flavour, stages)
    formatting: list[float] = []
    before_black: list[float] = []

    def timed_format(page: str) -> str:
        before_black.append(peak_megabytes())
        start = time.perf_counter()
        try:
            return format_text(page)
        finally:
            formatting.append(time.perf_counter() - start)

    baseline = peak_megabytes()
    ours, black = [], []
    with black_replaced(timed_format):
        for _ in range(repeat):
            formatting.clear()
            start = time.perf_counter()
            compile_source(Source.from_text(text, f"{flavour}.py"), Options())
            total = time.perf_counter() - start
            black.append(sum(formatting))
            ours.append(total - sum(formatting))
    return Measured(
        flavour,
        stages,
        min(ours),
        min(black),
        baseline,
        before_black[0] if before_black else peak_megabytes(),
        peak_megabytes(),
    )


def measure_apart(flavour: str, stages: int, repeat: int) -> Measured:
    """Measure in a new process."""
    command = (sys.executable, "-m", "benchmarks.generation", "--measure")
    numbers = (flavour, str(stages), str(repeat))
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*command, *numbers], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )
    return Measured(**json.loads(done.stdout))


def table(rows: list[Measured]) -> str:
    """Return the rows as Markdown; growth compares our time with the row before."""
    lines = [
        "| flavour | stages | ours, s | black, s | growth of ours | peak before black, MB "
        "| peak, MB | of that at the start, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    before: Measured | None = None
    for row in rows:
        same = before is not None and before.flavour == row.flavour
        growth = f"{row.ours / before.ours:.1f}" if same and before else ""
        lines.append(
            f"| {row.flavour} | {row.stages:,} | {row.ours:.3f} | {row.black:.3f} | {growth} "
            f"| {row.ours_megabytes:.0f} | {row.peak_megabytes:.0f} "
            f"| {row.baseline_megabytes:.0f} |"
        )
        before = row
    return "\n".join(lines)


def goals(rows: list[Measured]) -> str:
    """Return, for each flavour that was measured at 10,000 stages, which goals are met."""
    by_size = {(row.flavour, row.stages): row for row in rows}
    lines = []
    for flavour in FLAVOURS:
        small, large = by_size.get((flavour, 1_000)), by_size.get((flavour, 10_000))
        if small is None or large is None:
            continue
        growth = large.ours / small.ours
        parts = (
            ("10,000 to 1,000 stages", growth, GOAL_GROWTH, "times"),
            ("time of ours", large.ours, GOAL_SECONDS, "s"),
            ("peak memory before black", large.ours_megabytes, GOAL_MEGABYTES, "MB"),
        )
        lines += [
            f"- {flavour}, {name}: {value:.1f} {unit}, goal at most {goal:g} {unit}: "
            f"{'met' if value <= goal else 'NOT MET'}"
            for name, value, goal, unit in parts
        ]
    return "\n".join(lines)


def main() -> None:
    """Measure all sizes, each in its own process, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="STAGES")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        flavour, stages, repeat = options.measure
        print(json.dumps(asdict(measure(flavour, int(stages), int(repeat)))))
        return
    rows = [
        measure_apart(flavour, stages, options.repeat)
        for flavour in FLAVOURS
        for stages in options.sizes
    ]
    print(table(rows))
    print()
    print(goals(rows))


if __name__ == "__main__":
    main()
