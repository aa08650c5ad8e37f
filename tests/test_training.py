"""The example that trains a net of generated layers: its gradients, and that it learns."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "examples" / "training" / "train_digits.py"


@pytest.fixture(scope="module")
def training() -> ModuleType:
    spec = importlib.util.spec_from_file_location("train_digits", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_gradients_of_the_net_are_right(training: ModuleType) -> None:
    rng = np.random.default_rng(0)
    p = training.parameters(rng)
    x, y = rng.uniform(size=(4, 8, 8, 1)), np.array([3, 0, 9, 1])
    _, gradients = training.loss_and_gradients(p, x, y)
    for name, value in p.items():
        direction = rng.normal(size=value.shape)
        step = 1e-6
        above, below = ({**p, name: value + s * step * direction} for s in (1, -1))
        change = (
            training.loss_and_gradients(above, x, y)[0]
            - training.loss_and_gradients(below, x, y)[0]
        )
        expected = np.sum(gradients[name] * direction)
        assert change / (2 * step) == pytest.approx(expected, rel=1e-5), name


def test_the_net_learns(training: ModuleType) -> None:
    rng = np.random.default_rng(0)
    p = training.parameters(rng)
    x, y = rng.uniform(size=(16, 8, 8, 1)), np.arange(16) % 10
    losses = []
    for _ in range(60):
        loss, gradients = training.loss_and_gradients(p, x, y)
        losses.append(loss)
        for name in p:
            p[name] -= 0.1 * gradients[name]
    assert losses[-1] < 0.5 * losses[0]
