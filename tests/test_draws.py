"""Random draws: made once, in the author's order, and never again by the backward pass."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from tests.gate_runs import author, run

HEAD = "import random\n\nimport numpy as np\nfrom jaxtyping import Float\n\n\n"
X = np.array([[0.3, -1.2, 2.1], [-0.7, 1.6, 0.45]])

# The body of a function of x, of shape (N, D)
PROGRAMS: dict[str, str] = {
    "read by both passes": "return np.sum(x * np.random.randn(2, 3))",
    "in a line of its own": "e = np.random.rand(x.shape[0], 1)\nreturn np.sum((x + e) ** 2)",
    "in a mask": "mask = (np.random.rand(*x.shape) < 0.5) / 0.5\nreturn np.sum(x * mask)",
    "in a mask without a name": "return np.sum(x * (np.random.rand(2, 3) < 0.5))",
    "two in a line": "return np.sum(x * np.random.rand(2, 3) + np.random.randn(3) * x)",
    "two in a line, one in its mask": (
        "m = np.random.rand(2, 1) * 2 < np.random.uniform(0, 2, 3)\n"
        "return np.sum(m * x) * np.random.rand()"
    ),
    "an order": "i = np.random.permutation(2)\nreturn np.sum(x[i] * np.arange(6.0).reshape(2, 3))",
    "an order without a name": "return np.sum(x[np.random.permutation(2)][0] ** 2)",
    "of whole numbers": "i = np.random.randint(0, 2, 5)\nreturn np.sum(x[i] ** 2)",
    "a choice": "i = np.random.choice(3, 2, replace=False)\nreturn np.sum(x[:, i] ** 2)",
    "from a source": (
        "rng = np.random.default_rng(0)\ne = rng.normal(size=x.shape)\n"
        "u = rng.uniform(1, 2)\nreturn np.sum((x + u * e) ** 2)"
    ),
    "from a source without a name": (
        "return np.sum(np.random.default_rng(3).standard_normal(3) * x)"
    ),
    "from an old source": (
        "rs = np.random.RandomState(1)\nreturn np.sum(x * rs.randn(3)) + np.sum(rs.rand(3) * x)"
    ),
    "seeded": "np.random.seed(5)\nreturn np.sum(x * np.random.normal(0.0, 2.0, x.shape))",
    "that is not used": "unused = np.random.rand(7)\nreturn np.sum(x * np.random.rand(3))",
    "for nothing that is returned": (
        "y = np.random.rand(3) * 2\nz = x * x\nreturn np.sum(z * np.random.rand())"
    ),
    "of Python": (
        "e = random.gauss(0, 1) * random.randint(1, 6)\nreturn np.sum(x * random.random() + e * x)"
    ),
    "of other kinds": (
        "a = np.random.standard_normal((2, 3)) + np.random.exponential(size=3)\n"
        "b = np.random.binomial(1, 0.5, size=x.shape) * np.random.poisson(2.0)\n"
        "return np.sum(a * x * x + b * x)"
    ),
    "scaled": "e = 0.5 + 2.0 * np.random.standard_normal(x.shape)\nreturn np.sum(x * e)",
}


def program(body: str, declared: str = ': Float[np.ndarray, "N D"]') -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"{HEAD}def f(x{declared}):\n{lines}"


def seeded(function: Any, *arguments: Any) -> Any:
    """Return what a function gives from known sources, and the next number of each."""
    random.seed(1)
    np.random.seed(2)
    returned = function(*arguments)
    return returned, random.random(), np.random.rand()


@pytest.mark.parametrize("declared", ["", ": np.ndarray", ': Float[np.ndarray, "N D"]'])
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_drawn_once_and_in_order(name: str, declared: str) -> None:
    text = program(PROGRAMS[name], declared)
    f, f_grad = author(text), run(codegen.generate(text))["f_grad"]
    theirs, *theirs_next = seeded(f, X)
    (ours, gradient), *ours_next = seeded(f_grad, X)
    assert np.array_equal(ours, theirs)
    assert ours_next == theirs_next, "not drawn as often"
    step, slopes = 1e-6, np.zeros_like(X)
    for place in np.ndindex(X.shape):
        ends = []
        for sign in (step, -step):
            moved = X.copy()
            moved[place] += sign
            ends.append(seeded(f, moved)[0])
        slopes[place] = (ends[0] - ends[1]) / (2 * step)
    assert gradient == pytest.approx(slopes, rel=1e-6, abs=1e-8)


def test_a_source_may_be_a_parameter() -> None:
    text = HEAD + "def f(x: np.ndarray, rng):\n    return np.sum(x * rng.normal(size=x.shape))\n"
    value, gradient = run(codegen.generate(text))["f_grad"](X, np.random.default_rng(4))
    drawn = np.random.default_rng(4).normal(size=X.shape)
    assert np.array_equal(gradient, drawn)
    assert value == np.sum(X * drawn)


def test_a_mask_that_only_multiplies_stays_in_its_line() -> None:
    text = program("mask = (np.random.rand(*x.shape) < 0.5) / 0.5\nreturn np.sum(x * mask)")
    assert "    mask = (np.random.rand(*x.shape) < 0.5) / 0.5\n" in codegen.generate(text)


def test_an_order_never_repeats() -> None:
    text = program("i = np.random.permutation(len(x))\nreturn np.sum(x[i] ** 2)")
    made = codegen.generate(text)
    assert "np.add.at" not in made


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return np.sum(np.random.normal(x, 1.0))", "nothing"),
        ("return np.sum(x) + np.sum(np.random.normal(x, 1.0))", "depends on `x`, and a random"),
        ("y = x * 2\nreturn np.sum(y) * np.sum(np.random.permutation(y))", "depends on `y`"),
        ("np.random.shuffle(x)\nreturn np.sum(x)", "`shuffle` writes into its argument"),
        ("np.random.rand(3)\nreturn np.sum(x)", "what is drawn here has no name"),
        (
            "return np.sum(x) if np.sum(x) > 0 and np.random.rand() > 0.5 else np.sum(x * x)",
            "in an operand of `and` or `or`",
        ),
        ("return np.random.rand() * np.sum(x) if x.size > 3 else np.sum(x)", "conditional"),
        ("return np.sum(x * np.random.wald(1.0, 2.0))", "np.random.wald has no gradient rule"),
    ],
)
def test_what_a_draw_would_hide_is_refused(body: str, said: str) -> None:
    with pytest.raises(CodegenError, match=said):
        codegen.generate(program(body))


def test_a_parameter_of_a_draw_may_be_left_out() -> None:
    text = (
        HEAD + "def f(x: np.ndarray, mean: float):\n"
        "    return np.sum(x * np.random.normal(mean, 1.0, x.shape))\n"
    )
    with pytest.raises(CodegenError, match="leave the input out with --wrt"):
        codegen.generate(text)
    assert "np.random.normal(mean, 1.0, x.shape)" in codegen.generate(text, wrt=["x"])
