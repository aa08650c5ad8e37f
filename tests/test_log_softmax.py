"""`x - np.log(sum of exp(x))` over several lines: one rule, where it is one."""

from __future__ import annotations

import numpy as np
import pytest

import codegen

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
PROGRAMS = {
    "read twice": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W - np.max(W, axis=1, keepdims=True)
    e = np.exp(u)
    Z = np.sum(e, axis=1, keepdims=True)
    L = u - np.log(Z)
    return np.sum(L[np.arange(2), y]) + np.sum(L ** 2)
""",
    "the sum and the exponentials read elsewhere": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    e = np.exp(u)
    Z = np.sum(e, axis=1, keepdims=True)
    L = u - np.log(Z)
    return np.sum(L[np.arange(2), y]) * np.sum(Z ** 2) + np.sum(e * u)
""",
    "exponentials that are changed behind it": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    e = np.exp(u)
    Z = np.sum(e, axis=1, keepdims=True)
    L = u - np.log(Z)
    e /= Z
    return np.sum(L[np.arange(2), y]) + np.sum(e ** 2)
""",
    "exponentials and sums that are written into behind it": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    e = np.exp(u)
    Z = np.sum(e, axis=1, keepdims=True)
    L = u - np.log(Z)
    e[0, 0] = 7.0
    Z[1] = np.sum(u)
    return np.sum(L[np.arange(2), y]) + np.sum(e ** 2) + np.sum(Z)
""",
    "logarithms that are written into": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    L = u - np.log(np.sum(np.exp(u), axis=1, keepdims=True))
    L[0, 1] = 3.0
    return np.sum(L[np.arange(2), y] ** 2)
""",
    "scores that are written into behind it": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    L = u - np.log(np.sum(np.exp(u), axis=1, keepdims=True))
    u[0, 1] = 3.0
    return np.sum(L[np.arange(2), y] ** 2) + np.sum(u * L)
""",
    "each row with a weight that depends on the scores": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    w = W[:, 0]
    L = W - np.log(np.sum(np.exp(W), axis=1, keepdims=True))
    return np.sum(w * L[np.arange(2), y] ** 2)
""",
    "one row in each turn": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    s = 0.0
    for i in range(2):
        u = W[i]
        u = u - np.max(u)
        L = u - np.log(np.sum(np.exp(u)))
        s -= L[y[i]] * (i + 1)
    return s
""",
    "a focal loss": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    L = W - np.log(np.sum(np.exp(W), axis=1, keepdims=True))
    l = L[np.arange(2), y]
    return -np.sum((1 - np.exp(l)) ** 2 * l)
""",
    "along the first axis": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0, 1])
    L = W - np.log(np.sum(np.exp(W), axis=0))
    return -np.sum(L[y, np.arange(3)])
""",
    "sums of the other axis": """\
def f(W: Float[np.ndarray, "N C"]):
    V = W @ W.T
    L = V - np.log(np.sum(np.exp(V), axis=1))
    return -np.sum(L[np.arange(2), np.array([1, 0])] ** 2)
""",
    "exponentials of something else": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    e = np.exp(W)
    L = u - np.log(np.sum(e, axis=1, keepdims=True))
    return -np.sum(L[np.arange(2), y] ** 2)
""",
    "a mean for the sum": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    L = u - np.log(np.mean(np.exp(u), axis=1, keepdims=True))
    return -np.sum(L[np.arange(2), y] ** 2)
""",
    "masked scores": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = np.where(W > 0, W, -20.0)
    L = u - np.log(np.sum(np.exp(u), axis=1, keepdims=True))
    return -np.sum(L[np.arange(2), np.array([1, 2])] ** 2)
""",
    "read in one of two arms": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    u = W * 1.5
    L = u - np.log(np.sum(np.exp(u), axis=1, keepdims=True))
    if W[0, 0] > 0:
        r = L[np.arange(2), y]
    else:
        r = L[:, 0]
    return -np.sum(r ** 2)
""",
    "a maximum that is read elsewhere": """\
def f(W: Float[np.ndarray, "N C"]):
    y = np.array([1, 0])
    m = np.max(W, axis=1, keepdims=True)
    u = W - m
    L = u - np.log(np.sum(np.exp(u), axis=1, keepdims=True))
    return -np.sum(L[np.arange(2), y] ** 2) + np.sum(m * u)
""",
    "an entry that is read twice": """\
def f(W: Float[np.ndarray, "N C"]):
    L = W - np.log(np.sum(np.exp(W), axis=1, keepdims=True))
    return -np.sum(L[np.array([0, 0, 1]), np.array([1, 1, 0])] ** 2)
""",
}
W = np.array([[0.3, -0.4, 1.1], [0.8, 0.5, -0.9]])
STYLES = {"joint": "f_grad", "split": "f_backward"}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("style", STYLES)
def test_gradients_agree_with_differences(name: str, style: str) -> None:
    text = HEAD + PROGRAMS[name]
    names: dict[str, object] = {}
    exec(text, names)
    exec(codegen.generate(text, style=style), names)
    f = names["f"]
    if style == "joint":
        value, gradient = names["f_grad"](W)  # type: ignore[operator]
    else:
        value, cache = names["f_forward"](W)  # type: ignore[operator]
        gradient = names["f_backward"](1.0, cache)  # type: ignore[operator]
    assert value == pytest.approx(f(W))  # type: ignore[operator]
    for place in np.ndindex(*W.shape):
        moved = [W.copy(), W.copy()]
        moved[0][place] += 1e-6
        moved[1][place] -= 1e-6
        slope = (f(moved[0]) - f(moved[1])) / 2e-6  # type: ignore[operator]
        assert gradient[place] == pytest.approx(slope, rel=1e-6, abs=1e-7)


def test_cross_entropy_takes_two_lines() -> None:
    text = HEAD + """\
# codegen: wrt=x
def loss(x: Float[np.ndarray, "N C"], y: Int[np.ndarray, "N"]):
    shifted = x - np.max(x, axis=1, keepdims=True)
    e = np.exp(shifted)
    Z = np.sum(e, axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    N = x.shape[0]
    return -np.sum(log_probs[np.arange(N), y]) / N
"""
    made = codegen.generate(text.replace("import Float", "import Float, Int"))
    back = made.partition("# backprop")[2]
    assert "dshifted = dloss / N / Z * e\n" in back
    assert "dshifted[np.arange(N), y] -= dloss / N\n" in back
    assert "zeros" not in back


def test_floats_of_single_precision_stay_single() -> None:
    gradient = codegen.grad(HEAD + PROGRAMS["each row with a weight that depends on the scores"])
    assert gradient(W.astype(np.float32))[1].dtype == np.float32
