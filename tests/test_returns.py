"""--returns grad: the gradients alone, without what only the value needs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from tests.verification_cases import Case

LOSS = """import numpy as np
from jaxtyping import Float


def loss(w: Float[np.ndarray, "D"], X: Float[np.ndarray, "N D"], t: Float[np.ndarray, "N"]):
    error = X @ w - t
    data = 0.5 * np.sum(error**2)
    penalty = 0.05 * np.sum(w * w)
    total = data + penalty
    return total
"""


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "<returns>", "exec", dont_inherit=True), names)
    return names


def test_only_what_the_gradients_need_is_computed() -> None:
    output = codegen.generate(LOSS, returns="grad")
    forward = output.partition("# forward pass")[2].partition("# backprop")[0]
    assert forward.split() == ["error", "=", "X", "@", "w", "-", "t", "#", "(1)"]
    assert "# backprop total = data + penalty\n" in output


def test_the_gradients_are_those_that_come_with_the_value() -> None:
    rng = np.random.default_rng(0)
    w, X, t = rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5)
    both = run(codegen.generate(LOSS))["loss_grad"]
    alone = run(codegen.generate(LOSS, returns="grad"))["loss_grad"]
    for one, other in zip(both(w, X, t, 0.7)[1], alone(w, X, t, 0.7), strict=True):
        np.testing.assert_array_equal(one, other)
    only = run(codegen.generate(LOSS, returns="grad", wrt=["w"]))["loss_grad"]
    np.testing.assert_array_equal(only(w, X, t), both(w, X, t)[1][0])


PROGRAMS = (
    "def f(x: np.ndarray):\n    return np.tanh(x) * x\n",
    "def f(x: float):\n    y = np.exp(x)\n    z = np.log(1 + y)\n    return z * z\n",
    "def f(x: float, y: float):\n    s = x * y\n    return s, s * s\n",
    "def f(x: float, y: float):\n    if x > 0:\n        z = x * y\n    else:\n        z = y\n"
    "    w = z * z\n    return w\n",
    "def f(x: np.ndarray):\n    s = 0.0\n    for v in x:\n        s = s + np.sin(v)\n"
    "    t = s * 2.0\n    return t\n",
    "def f(x: np.ndarray):\n    x[0] = 2.0 * x[1]\n    total = np.sum(x * x)\n    return total\n",
    "def f(x: float):\n    print('seen', x)\n    y = x * x\n    return 3.0 * y\n",
)


@pytest.mark.parametrize("text", PROGRAMS)
def test_verify_checks_gradients_alone(text: str) -> None:
    text = f"import numpy as np\n\n\n{text}"
    if "x: np.ndarray" in text:
        text = text.replace("def f", "# codegen: example f(np.linspace(0.3, 2.0, 4))\ndef f")
    made = compile_source(Source("f.py", text), Options(returns="grad"))
    assert [answer.status for answer in Case(text, made.text, made.functions).answers()] == [0]
    assert "f, " not in made.text.rpartition("return")[2]


def test_a_class_gives_its_gradients_alone_too() -> None:
    text = (
        "import numpy as np\n\n\nclass Model:\n    def __init__(self, D):\n"
        "        self.w = np.ones(D)\n\n    def loss(self, x: np.ndarray):\n"
        "        return np.sum(self.w * x)\n"
    )
    model = run(codegen.generate(text, returns="grad"))["Model"](3)
    np.testing.assert_array_equal(model.loss(np.arange(3.0))["w"], np.arange(3.0))


@pytest.mark.parametrize("style", ["split", "gate"])
def test_other_styles_return_them_apart_anyway(style: str) -> None:
    with pytest.raises(codegen.CodegenError, match="apart anyway"):
        codegen.generate(LOSS, returns="grad", style=style)
