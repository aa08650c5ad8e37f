"""Under a mask: reductions and products that are not finite outside it, and no mask twice."""

from __future__ import annotations

import re

import numpy as np
import pytest

import codegen
from tests.gate_runs import call, unformatted

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
NAMED = 'x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "D K"], c: Float[np.ndarray, "N"]'
PLAIN = "x: np.ndarray, w: np.ndarray, c: np.ndarray"
X = np.array([[0.4, 1.7, 2.6], [0.9, 3.2, 0.5], [1.2, 0.3, 0.8]])
W = np.array([[0.2, -0.3], [1.1, 0.4], [0.9, -1.6]])


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


# (what lies in the branch, with a row for each entry of c)
BRANCHES = {
    "product": "np.log(x) @ w",
    "product of two": "np.log(x) @ (w / w)",
    "product from the left": "(w.T @ np.sqrt(x.T)).T",
    "dot": "np.dot(1 / x, w)",
    "product with a vector": "(np.log(x) @ w[:, 0])[:, None]",
    "sum": "np.sum(np.log(x), axis=1, keepdims=True)",
    "mean": "np.mean(x ** -0.5, axis=1, keepdims=True)",
    "sum of a product": "np.sum(np.log(x) * w[:, 0], axis=1)[:, None]",
    "maximum": "np.max(np.log1p(x - 1), axis=1, keepdims=True)",
    "larger of two": "np.maximum(np.log(x), w[:, 0])",
    "clipped": "np.clip(np.log(x), -0.5, w[:, 0])",
    "broadcast": "np.sqrt(x)[:, :1] * w[0]",
    "two products": "np.tanh(np.log(x) @ w) @ w.T",
    "log of a sum": "np.log(np.sum(np.exp(np.log(x)), axis=1, keepdims=True))",
}
FORMS = {
    "folded": "    return np.sum(np.where(c[:, None] > 0, {e}, 0.0))\n",
    "stage": "    s = {e}\n    return np.sum(np.where(c[:, None] > 0, s * s, 0.0))\n",
    "before": (
        "    z = 1.0 * x\n    s = {z}\n    t = 2 * s\n"
        "    return np.sum(np.where(c[:, None] > 0, t, 0.0))\n"
    ),
}


@pytest.mark.parametrize("declared", [NAMED, PLAIN], ids=["named", "plain"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("branch", BRANCHES.values(), ids=BRANCHES)
def test_rows_that_are_left_out_have_no_influence(branch: str, form: str, declared: str) -> None:
    body = FORMS[form].format(e=branch, z=re.sub(r"\bx\b", "z", branch))
    text = f"{HEAD}def f({declared}):\n{body}"
    with_zeros = np.concatenate([X, np.zeros((1, 3))])
    with np.errstate(all="ignore"):
        value, (dx, *rest) = call(text, (with_zeros, W, np.array([1.0, 2.0, 1.0, -1.0])), None)
        expected, (ex, *others) = call(text, (X, W, np.ones(3)), None)
    assert value == pytest.approx(expected)
    assert np.array_equal(dx[3], np.zeros(3))
    assert dx[:3] == pytest.approx(ex)
    for dw, ew in zip(rest, others, strict=True):
        assert dw == pytest.approx(ew)
    assert np.isfinite(ex).all()


def test_entries_that_are_not_numbers_may_be_left_out() -> None:
    text = (
        f"{HEAD}def f(x: np.ndarray, w: np.ndarray):\n"
        "    return np.sum(np.where(np.isnan(x), 0.0, x * w) ** 2)\n"
    )
    x = np.array([[0.5, np.nan], [1.5, 2.0]])
    _, (dx, dw) = call(text, (x, np.array([2.0, 3.0])), None)
    assert np.array_equal(dx, [[4.0, 0.0], [12.0, 36.0]])
    assert np.array_equal(dw, [10.0, 24.0])


def lines(body: str, declared: str) -> list[str]:
    """Return the lines of the backward pass that are no comments."""
    text = codegen.generate(f"{HEAD}def f({declared}):\n{body}")
    rows = [line.strip() for line in text.split("# backprop", 1)[1].splitlines()[1:]]
    return [row for row in rows if row and not row.startswith(("#", "return"))]


def test_a_mask_is_not_written_where_it_holds_already() -> None:
    body = "    z = np.tanh(x) @ w\n    r = np.where(z > 0, z, 0)\n    return np.sum(r * r)\n"
    assert lines(body, 'x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "D K"]') == [
        "dr = 2 * df * r",
        "dz = np.where(z > 0, dr, 0)",
        "dtanhx = dz @ w.T",
        "dw = tanhx.T @ dz",
        "dx = (1 - tanhx**2) * dtanhx",
    ]


def test_a_mask_stays_through_what_reads_no_forward_value() -> None:
    body = (
        "    t = 2 * x\n    s = np.log(t)\n    u = -s / 4\n    v = u.T\n"
        "    c = x.T > 0\n    return np.sum(np.where(c, v, 0))\n"
    )
    assert lines(body, 'x: Float[np.ndarray, "N D"]') == [
        "dv = np.where(c, df, 0)",
        "du = dv.T",
        "ds = -0.25 * du",
        "dt = np.where(c.T, ds / t, 0)",
        "dx = 2 * dt",
    ]
