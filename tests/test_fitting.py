"""Generated gradients drive optimisers, and course code is accepted as it stands."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import codegen

ROOT = Path(__file__).resolve().parent.parent


def generated(path: str) -> ModuleType:
    """Import a module of `generated/`."""
    spec = importlib.util.spec_from_file_location("module", ROOT / "generated" / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rosenbrock_is_minimised_by_its_generated_gradient() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    rosen_grad = generated("fitting/rosenbrock_grad.py").rosen_grad
    start = np.array([-1.2, 1.0, -0.5, 0.8])
    found = optimize.minimize(rosen_grad, start, jac=True, method="BFGS")
    assert found.success
    np.testing.assert_allclose(found.x, np.ones(4), atol=1e-5)


@pytest.mark.parametrize("style", ["unannotated", "documented", "annotated"])
def test_least_squares_is_solved_in_all_three_styles(style: str) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    gradient = getattr(generated("fitting/least_squares_grad.py"), f"{style}_grad")
    random = np.random.default_rng(0)
    X = random.standard_normal((40, 3))
    y = X @ np.array([0.5, -2.0, 1.0]) + 0.7

    def objective(point: np.ndarray) -> tuple[float, np.ndarray]:
        value, (dw, db) = gradient(point[:3], point[3], X, y)
        return value, np.append(dw, db)

    found = optimize.minimize(objective, np.zeros(4), jac=True)
    np.testing.assert_allclose(found.x, [0.5, -2.0, 1.0, 0.7], atol=1e-5)


def test_an_annotation_leaves_no_helper_in_the_output() -> None:
    for name in ("least_squares", "logistic"):
        text = (ROOT / "generated" / "fitting" / f"{name}_grad.py").read_text(encoding="utf-8")
        annotated = text[text.index("def annotated_grad") :]
        assert "_unbroadcast" not in annotated
        assert "_matmul_grad" not in annotated


COURSE = '''
import numpy as np


def affine_softmax(X, W, b, y):
    """A loss with its gradient written by hand beside it, and a cache."""
    scores = X.dot(W) + b
    shifted = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    N = X.shape[0]
    loss = -np.log(probs[np.arange(N), y]).mean()
    dX = np.ones((3, 1))
    cache = (X, W, b)
    return loss, dX, cache
'''


def test_course_code_is_accepted_as_it_stands() -> None:
    random = np.random.default_rng(0)
    X, W, b = random.standard_normal((4, 3)), random.standard_normal((3, 5)), np.zeros(5)
    y = np.array([0, 4, 2, 2])
    loss, (dX, dW, db) = codegen.grad(COURSE)(X, W, b, y)
    probs = np.exp(X @ W) / np.exp(X @ W).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(loss, -np.log(probs[np.arange(4), y]).mean(), rtol=1e-12)
    probs[np.arange(4), y] -= 1
    np.testing.assert_allclose(dX, probs @ W.T / 4, rtol=1e-10)
    np.testing.assert_allclose(dW, X.T @ probs / 4, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(db, probs.sum(axis=0) / 4, rtol=1e-10, atol=1e-12)
