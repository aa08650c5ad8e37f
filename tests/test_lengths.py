"""Lengths of slices and masks: what is known is not asked at run time, and what is not known is."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from tests.gate_runs import run

HEAD = "import numpy as np\nfrom jaxtyping import Bool, Float\n\nArray = np.ndarray\n\n\n"
MATRIX = 'def f(A: Float[Array, "N N"], x: Float[Array, "N"], n: int):\n    B = np.zeros_like(A)\n'

# Bodies whose slices surely fit each other.
FIT = {
    "the turn of a loop": """\
    for i in range(len(x)):
        B[i, :i] = A[:i, i] * x[:i]
""",
    "up to the turn, and behind it": """\
    for i in range(len(x)):
        B[: i + 1, i] += A[i, : i + 1]
        B[i + 1 :, i] -= 2 * A[i, i + 1 :]
""",
    "a window": """\
    for i in range(len(x) - n + 1):
        B[i : i + n, 0] += A[0, i : i + n] * x[i : i + n]
""",
    "counted down": """\
    for i in range(len(x) - 1, 0, -1):
        B[i:, 0] += A[i:, i] * x[i:][::-1]
""",
    "equal bounds of equal axes": """\
    B[n:-1, 0] = A[0, n:-1] * x[n:-1]
    B[::2, 1] = A[1, ::2]
""",
    "a mask": """\
    m = x > 0.5
    B[m, 0] = A[0, m] * x[m]
""",
}
# Where one side may have one entry, which counts for all of the other.
BROADCAST = {
    "bounds that differ": ("    B[:n, 0] = A[0, : n - 1] * 3\n", 2),
    "an axis of another name": ("    B[:, 0] = A[0, 1:n]\n", 2),
    "a window that may leave the axis": (
        "    for i in range(len(x)):\n        B[:, i] = A[i, i : i + n] * 3\n",
        1,
    ),
    "masks that differ": ("    B[x > 0, 0] = A[0, x > 0.8]\n", 2),
    "a negative bound": ("    for i in range(2):\n        B[:, i] = A[0, i - n :]\n", 1),
}


def both(body: str, n: int) -> str:
    """Check the gradient against central differences, and return its text."""
    forward = HEAD + MATRIX + body + "    return B * np.sin(A) + x\n"
    text = codegen.generate(forward, filename="f.py")
    rng = np.random.default_rng(3)
    A, x = rng.normal(size=(4, 4)), np.array([0.3, 0.9, -0.4, 0.7])
    seed = rng.normal(size=(4, 4))
    _, (dA, dx) = run(text)["f_grad"](A, x, n, seed)
    author = run(forward)["f"]

    def loss(*inputs: np.ndarray) -> float:
        return float(np.sum(seed * author(*inputs, n)))

    step = 1e-6
    for place, (array, ours) in enumerate(((A, dA), (x, dx))):
        for index in np.ndindex(array.shape):
            moved = [A.copy(), x.copy()], [A.copy(), x.copy()]
            moved[0][place][index] += step
            moved[1][place][index] -= step
            slope = (loss(*moved[0]) - loss(*moved[1])) / (2 * step)
            assert ours[index] == pytest.approx(slope, abs=1e-7)
    return text


@pytest.mark.parametrize("name", FIT)
def test_what_surely_fits_needs_no_helper(name: str) -> None:
    assert "_unbroadcast" not in both(FIT[name], 2)


@pytest.mark.parametrize("name", BROADCAST)
def test_what_may_be_broadcast_is_summed(name: str) -> None:
    body, n = BROADCAST[name]
    assert "_unbroadcast" in both(body, n)


def test_a_dimension_may_be_declared_as_another_less_a_number() -> None:
    text = HEAD + (
        'def f(x: Float[Array, "N"], inner: Float[Array, "N-2"]):\n    return x[1:-1] * inner\n'
    )
    assert "_unbroadcast" not in codegen.generate(text)
