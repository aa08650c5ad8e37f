"""What the course's layers cost: generated backward passes and losses against textbooks' by hand.

    python -m benchmarks.layers

Prints a Markdown table of ratios: of the backward pass alone, and of forward and backward
together, where the forward pass beside the one by hand is the author's. Of a loss, value and
gradient are one. Both run in the same process, on one core, in turns.
"""

from __future__ import annotations

import argparse
import copy
import gc
import importlib
import importlib.util
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.gradient import BLOCK_SECONDS, ONE_CORE, ROOT, _turn

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """A layer of the examples (or a loss), and arguments of one size."""

    file: str
    name: str
    size: str
    arguments: Callable[[], Arguments]

    @property
    def backward(self) -> str:
        return self.name.replace("forward", "backward")

    @property
    def is_loss(self) -> bool:
        return self.file == "losses"


def _random(*shape: int) -> Any:
    return np.random.default_rng(list(shape)).standard_normal(shape)


def _rnn(gates: int, D: int, H: int) -> Arguments:
    return _random(D, gates * H) / D**0.5, _random(H, gates * H) / H**0.5, _random(gates * H)


def _labels(count: int, *shape: int) -> Any:
    return np.random.default_rng(0).integers(0, count, shape)


def _step(N: int, D: int, H: int) -> Arguments:
    return (_random(N, D), _random(N, H), *_rnn(1, D, H))


def _sequence(gates: int, N: int, T: int, D: int, H: int) -> Arguments:
    return (_random(N, T, D), _random(N, H), *_rnn(gates, D, H))


def _normalized(param: dict[str, Any], *shape: int) -> Arguments:
    channels = shape[1]
    return _random(*shape), 1 + 0.1 * _random(channels), _random(channels), param


def _grouped(N: int, C: int, H: int, W: int, G: int) -> Arguments:
    return _random(N, C, H, W), 1 + 0.1 * _random(1, C, 1, 1), _random(1, C, 1, 1), G, {}


def _affine(N: int, D: int, M: int) -> Arguments:
    return _random(N, D), _random(D, M), _random(M)


def _conv(N: int, C: int, size: int, F: int) -> Arguments:
    param = {"stride": 1, "pad": 1}
    return _random(N, C, size, size), _random(F, C, 3, 3), _random(F), param


def _regularized(N: int, D: int = 200, C: int = 10) -> Arguments:
    return 0.01 * _random(D, C), _random(N, D), _labels(C, N), 0.1


def _pool() -> dict[str, int]:
    return {"pool_height": 2, "pool_width": 2, "stride": 2}


CASES = (
    Case("affine", "affine_forward", "N 100, D 3072, M 100", lambda: _affine(100, 3072, 100)),
    Case("affine", "relu_forward", "500 x 1000", lambda: (_random(500, 1000),)),
    Case("affine", "affine_relu_forward", "N 100, D 3072, M 100", lambda: _affine(100, 3072, 100)),
    Case(
        "dropout",
        "dropout_forward",
        "500 x 1000",
        lambda: (_random(500, 1000), {"mode": "train", "p": 0.5}),
    ),
    Case(
        "embedding",
        "word_embedding_forward",
        "N 50, T 20, V 1000, D 128",
        lambda: (_labels(1000, 50, 20), _random(1000, 128)),
    ),
    Case(
        "embedding",
        "temporal_affine_forward",
        "N 50, T 20, D 128, M 256",
        lambda: (_random(50, 20, 128), _random(128, 256), _random(256)),
    ),
    Case("recurrent", "rnn_step_forward", "N 50, D 64, H 128", lambda: _step(50, 64, 128)),
    Case(
        "recurrent",
        "rnn_forward",
        "N 50, T 20, D 64, H 128",
        lambda: _sequence(1, 50, 20, 64, 128),
    ),
    Case(
        "recurrent",
        "lstm_step_forward",
        "N 50, D 64, H 128",
        lambda: (_random(50, 64), _random(50, 128), _random(50, 128), *_rnn(4, 64, 128)),
    ),
    Case(
        "recurrent",
        "lstm_forward",
        "N 50, T 20, D 64, H 128",
        lambda: _sequence(4, 50, 20, 64, 128),
    ),
    Case("normalization", "layernorm_forward", "500 x 1000", lambda: _normalized({}, 500, 1000)),
    Case(
        "normalization",
        "batchnorm_forward",
        "500 x 1000, train",
        lambda: _normalized({"mode": "train"}, 500, 1000),
    ),
    Case(
        "normalization",
        "batchnorm_forward",
        "500 x 1000, test",
        lambda: _normalized({"mode": "test"}, 500, 1000),
    ),
    Case(
        "normalization",
        "spatial_batchnorm_forward",
        "N 50, C 32, 16 x 16",
        lambda: _normalized({"mode": "train"}, 50, 32, 16, 16),
    ),
    Case(
        "normalization",
        "spatial_groupnorm_forward",
        "N 50, C 32, 16 x 16, G 4",
        lambda: _grouped(50, 32, 16, 16, 4),
    ),
    Case("convolution", "conv_forward_naive", "N 2, C 3, 16 x 16, F 4", lambda: _conv(2, 3, 16, 4)),
    Case(
        "convolution",
        "max_pool_forward_naive",
        "N 50, C 32, 16 x 16",
        lambda: (_random(50, 32, 16, 16), _pool()),
    ),
    Case("losses", "svm_loss", "N 500, C 100", lambda: (_random(500, 100), _labels(100, 500))),
    Case("losses", "softmax_loss", "N 500, C 100", lambda: (_random(500, 100), _labels(100, 500))),
    Case(
        "losses",
        "temporal_softmax_loss",
        "N 50, T 20, V 500",
        lambda: (_random(50, 20, 500), _labels(500, 50, 20), _labels(2, 50, 20) > 0),
    ),
    Case("losses", "svm_loss_naive", "N 100, D 200, C 10", lambda: _regularized(100)),
    Case("losses", "svm_loss_vectorized", "N 500, D 200, C 10", lambda: _regularized(500)),
    Case("losses", "softmax_loss_naive", "N 100, D 200, C 10", lambda: _regularized(100)),
    Case("losses", "softmax_loss_vectorized", "N 500, D 200, C 10", lambda: _regularized(500)),
)


def _load(folder: str, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / folder / "layers" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def runners(case: Case) -> dict[str, list[Callable[[], Any]]]:
    """Return what is timed, by kind: the generated one, then the one by hand."""
    by_hand = importlib.import_module("benchmarks.handwritten.layers")
    theirs = _load("examples", case.file)
    arguments = case.arguments()
    if case.is_loss:
        both = [_load("generated", "losses_grad"), by_hand]
        made = [getattr(one, f"{case.name}_grad") for one in both]
        return {"both": [lambda f=f: f(*arguments) for f in made]}  # type: ignore[misc]
    generated = _load("generated", f"{case.file}_split")
    pairs = [
        (getattr(generated, case.name), getattr(generated, case.backward)),
        (getattr(theirs, case.name), getattr(by_hand, case.backward)),
    ]
    found: dict[str, list[Callable[[], Any]]] = {"backward": [], "both": []}
    for forward, backward in pairs:
        # each call starts from the same settings
        np.random.seed(0)
        *outputs, cache = forward(*copy.deepcopy(arguments))
        dout = [_random(*np.shape(out)) for out in outputs]
        found["backward"].append(lambda b=backward, d=dout, c=cache: b(*d, c))  # type: ignore[misc]

        def pair(f: Any = forward, b: Any = backward, d: Any = dout) -> Any:
            *_, kept = f(*arguments)
            return b(*d, kept)

        found["both"].append(pair)
    return found


def assert_same(case: Case) -> None:
    """Raise an AssertionError unless both give the same gradients."""
    kinds = runners(case)
    ours, by_hand = [run() for run in kinds.get("backward", kinds["both"])]
    ours, by_hand = ([*r] if isinstance(r, tuple) else [r] for r in (ours, by_hand))
    assert len(ours) == len(by_hand), f"{case.name}: {len(ours)} gradients"
    for one, other in zip(ours, by_hand, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-11, err_msg=case.name)


def ratio(pair: list[Callable[[], Any]], turns: int) -> tuple[float, float]:
    """Return the seconds by hand, and the median ratio of the generated one's to them."""
    for run in pair:
        _turn(run, (), 3)
    calls = max(1, int(BLOCK_SECONDS / _turn(pair[1], (), 3)))
    times: list[list[float]] = [[], []]
    gc.collect()
    gc.disable()
    try:
        for turn in range(turns):
            for place in (0, 1) if turn % 2 else (1, 0):
                times[place].append(_turn(pair[place], (), calls))
    finally:
        gc.enable()
    return min(times[1]), statistics.median(a / b for a, b in zip(*times, strict=True))


def table(turns: int, names: list[str]) -> str:
    """Return the rows as Markdown."""
    lines = [
        "| layer | size | by hand, µs | backward / by hand | forward and backward / by hand |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for case in CASES:
        if names and case.name not in names:
            continue
        assert_same(case)
        kinds = runners(case)
        seconds, both = ratio(kinds["both"], turns)
        alone = f"{ratio(kinds['backward'], turns)[1]:.2f}" if "backward" in kinds else ""
        name = case.name.removesuffix("_forward").replace("_forward_", "_")
        lines.append(f"| {name} | {case.size} | {seconds * 1e6:,.1f} | {alone} | {both:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure all cases in one new process, which has one core, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=31)
    parser.add_argument("--only", nargs="*", default=[], help="names of forward functions")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(table(options.turns, options.only))
        return
    environment = os.environ | dict.fromkeys(ONE_CORE, "1")
    command = [sys.executable, "-m", "benchmarks.layers", "--measure"]
    command += ["--turns", str(options.turns), "--only", *options.only]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
