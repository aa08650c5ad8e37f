"""Classes as input: a method with forward and backward, or a loss with its gradients."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from tests.verification_cases import Case

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
AFFINE = '''class Affine:
    """A layer."""

    def __init__(self, n_in, n_out, scale=0.5):
        self.W = scale * np.random.randn(n_in, n_out)
        self.b = np.zeros(n_out)

    def forward(self, x: np.ndarray):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        return dout @ self.W.T, self.x


'''
RELU = """class Relu:
    def forward(self, x: np.ndarray):
        self.mask = x > 0
        return x * self.mask


"""
TWO = "np.linspace(-1.0, 1.3, 6).reshape(2, 3)"

# text, how an object is made, the method's arguments, the attributes with gradients
GATES = {
    "a layer": (AFFINE, "Affine(3, 4)", TWO, ["self.W", "self.b"]),
    "no attributes": (RELU, "Relu()", TWO, []),
    "objects": (
        AFFINE + RELU + """class Net:
    def __init__(self, D, H, C):
        self.first = Affine(D, H)
        self.act = Relu()
        self.last = Affine(H, C, scale=1.0)

    def hidden(self, x):
        h = self.first.forward(x)
        return self.act.forward(h)

    def forward(self, x: np.ndarray):
        h = self.hidden(x)
        return self.last.forward(h)
""",
        "Net(3, 4, 2)",
        TWO,
        ["self.first.W", "self.first.b", "self.last.W", "self.last.b"],
    ),
    "a list of objects": (
        AFFINE + RELU + """class Net:
    def __init__(self, D, H):
        self.layers = [Affine(D, H), Relu(), Affine(H, H)]

    def forward(self, x: np.ndarray):
        for layer in self.layers:
            x = layer.forward(x)
        return x
""",
        "Net(3, 4)",
        TWO,
        ["self.layers[0].W", "self.layers[0].b", "self.layers[2].W", "self.layers[2].b"],
    ),
    "one object twice": (
        AFFINE + """class Net:
    def __init__(self, D):
        self.fc = Affine(D, D)

    def __call__(self, x: np.ndarray):
        h = np.tanh(self.fc.forward(x))
        return self.fc.forward(h)
""",
        "Net(3)",
        TWO,
        ["self.fc.W", "self.fc.b"],
    ),
    "objects in objects": (
        AFFINE + """class Block:
    def __init__(self, D):
        self.inner = Affine(D, D)
        self.gain = np.ones(D)

    def __call__(self, x):
        h = np.tanh(self.inner.forward(x))
        return x + self.gain * h

class Net:
    def __init__(self, D):
        self.one = Block(D)
        self.two = Block(D)

    def forward(self, x: np.ndarray):
        x = self.one(x)
        return self.two(x)
""",
        "Net(3)",
        TWO,
        [
            *("self.one.gain", "self.one.inner.W", "self.one.inner.b"),
            *("self.two.gain", "self.two.inner.W", "self.two.inner.b"),
        ],
    ),
    "a dict of parameters": (
        """class Net:
    def __init__(self, D, H):
        self.params = {"W1": np.random.randn(D, H), "b 1": np.zeros(H)}
        self.scales = {}
        self.scales["s"] = np.ones(H)

    def forward(self, x: np.ndarray):
        W1 = self.params["W1"]
        return (np.tanh(x @ W1) + self.params["b 1"]) * self.scales["s"]
""",
        "Net(3, 4)",
        TWO,
        ['self.params["W1"]', "self.params['b 1']", 'self.scales["s"]'],
    ),
    "a dataclass": (
        """from dataclasses import dataclass


@dataclass
class Line:
    a: np.ndarray
    # of the line
    b: float = 0.5

    def forward(self, x: np.ndarray):
        return self.a * x + self.b
""",
        "Line(np.ones(3))",
        TWO,
        ["self.a"],
    ),
    "branches and loops": (
        """class Net:
    def __init__(self, D, mode="train", turns=3):
        self.W = 0.3 * np.random.randn(D, D)
        self.mode = mode
        self.turns = turns

    def forward(self, x: np.ndarray):
        for _ in range(self.turns):
            if self.mode == "train":
                x = np.tanh(x @ self.W)
            else:
                x = x @ self.W
        return x
""",
        "Net(3)",
        TWO,
        ["self.W"],
    ),
    "names that clash": (
        """class Net:
    def __init__(self, D):
        self.h = np.random.randn(D)
        self.out = 2.0

    def x(self):
        return 1

    def forward(self, x: np.ndarray):
        h = np.tanh(x * self.h)
        dh = np.exp(h)
        return dh * h * self.out

""",
        "Net(3)",
        TWO,
        ["self.h"],
    ),
    "several outputs": (
        """class Cell:
    def __init__(self, H):
        self.W = np.random.randn(H, H)

    def forward(self, x: np.ndarray, c: np.ndarray):
        h = np.tanh(x @ self.W)
        c = c * h
        return h, c
""",
        "Cell(3)",
        f"{TWO}, {TWO} + 0.3",
        ["self.W"],
    ),
}
LOSSES = {
    "two layers": (
        """class Net:
    def __init__(self, D, H, C, std=0.8):
        self.params = {}
        self.params["W1"] = std * np.random.randn(D, H)
        self.params["b1"] = np.zeros(H)
        self.params["W2"] = std * np.random.randn(H, C)

    def loss(self, X, y=None, reg=0.1):
        W1, b1 = self.params["W1"], self.params["b1"]
        scores = np.maximum(0, X @ W1 + b1) @ self.params["W2"]
        if y is None:
            return scores
        shifted = scores - scores.max(axis=1, keepdims=True)
        p = np.exp(shifted)
        p /= p.sum(axis=1, keepdims=True)
        data = -np.log(p[np.arange(len(y)), y]).mean()
        return data + reg * np.sum(W1 * W1)

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)
""",
        "Net(3, 4, 5)",
        f"{TWO}, np.array([4, 1])",
        {"W1": 'self.params["W1"]', "b1": 'self.params["b1"]', "W2": 'self.params["W2"]'},
    ),
    "attributes and objects": (
        AFFINE + """class Model:
    def __init__(self, D, H):
        self.fc = Affine(D, H)
        self.w = np.random.randn(H)

    def scores(self, X):
        h = np.tanh(self.fc.forward(X))
        return h @ self.w

    def loss(self, X: np.ndarray, t: np.ndarray):
        error = self.scores(X) - t
        return np.mean(error**2)
""",
        "Model(3, 4)",
        f"{TWO}, np.array([0.3, -0.2])",
        {"fc.W": "self.fc.W", "fc.b": "self.fc.b", "w": "self.w"},
    ),
}


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "classes"}
    exec(compile(text, "<classes>", "exec", dont_inherit=True), names)
    return names


def made(names: dict[str, Any], text: str) -> Any:
    np.random.seed(7)
    return eval(text, names)


def gradient_place(attribute: str) -> str:
    text = re.sub(r"\.params(\[.*)$", r".grads\1", attribute)
    if text != attribute:
        return text
    return re.sub(r"\.(\w+)(\[['\"].*)?$", r".d\1\2", attribute)


def numerical(value: Any, array: Any, step: float = 1e-6) -> Any:
    found = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        old = array[place]
        array[place] = old + step
        above = value()
        array[place] = old - step
        found[place] = (above - value()) / (2 * step)
        array[place] = old
    return found


def weighted(value: Any, weights: Any) -> float:
    if isinstance(value, tuple):
        return sum(weighted(v, w) for v, w in zip(value, weights, strict=True))
    return float(np.sum(value * weights))


@pytest.mark.parametrize("name", GATES)
def test_backward_gives_the_gradients_of_inputs_and_attributes(name: str) -> None:
    text, maker, arguments, attributes = GATES[name]
    author, ours = run(HEAD + text), run(codegen.generate(HEAD + text, style="gate"))
    theirs, own = made(author, maker), made(ours, maker)
    method = "forward" if hasattr(theirs, "forward") else "__call__"
    inputs = eval(f"[{arguments}]", author)
    value = getattr(theirs, method)(*inputs)
    rng = np.random.default_rng(0)
    several = isinstance(value, tuple)
    seeds = [rng.normal(size=np.shape(v)) for v in (value if several else (value,))]
    before = [array.copy() for array in inputs]
    given = getattr(own, method)(*inputs)
    back = own.backward(*seeds)
    again = own.backward(*seeds)
    pairs = zip(given, value, strict=True) if several else [(given, value)]
    for one, other in pairs:
        np.testing.assert_array_equal(one, other)
    gradients = back if isinstance(back, tuple) else (back,)

    def judged() -> float:
        result = getattr(theirs, method)(*inputs)
        return weighted(result, tuple(seeds) if several else seeds[0])

    for array, gradient in zip(inputs, gradients, strict=True):
        np.testing.assert_allclose(gradient, numerical(judged, array), rtol=1e-6, atol=1e-8)
    for attribute in attributes:
        array = eval(attribute, {"self": theirs})
        gradient = eval(gradient_place(attribute), {"self": own})
        np.testing.assert_allclose(gradient, numerical(judged, array), rtol=1e-6, atol=1e-8)
        np.testing.assert_array_equal(array, eval(attribute, {"self": own}))
    for array, old in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(array, old)
    repeated = again if isinstance(again, tuple) else (again,)
    for one, other in zip(gradients, repeated, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_gives_its_gradients_by_key(name: str) -> None:
    text, maker, arguments, keys = LOSSES[name]
    author, ours = run(HEAD + text), run(codegen.generate(HEAD + text))
    theirs, own = made(author, maker), made(ours, maker)
    inputs = eval(f"[{arguments}]", author)
    loss, grads = own.loss(*inputs)
    assert loss == pytest.approx(theirs.loss(*inputs), rel=1e-14)
    assert list(grads) == list(keys)
    for key, attribute in keys.items():
        array = eval(attribute, {"self": theirs})
        expected = numerical(lambda: theirs.loss(*inputs), array)
        np.testing.assert_allclose(grads[key], expected, rtol=1e-6, atol=1e-8)


def test_a_loss_without_labels_gives_the_scores_as_in_the_course() -> None:
    text, maker, arguments, _ = LOSSES["two layers"]
    author, ours = run(HEAD + text), run(codegen.generate(HEAD + text))
    theirs, own = made(author, maker), made(ours, maker)
    X = eval(f"[{arguments}]", author)[0]
    np.testing.assert_array_equal(own.loss(X), theirs.loss(X))
    np.testing.assert_array_equal(own.predict(X), theirs.predict(X))


@pytest.mark.parametrize("name", ["a layer", "a dict of parameters", "objects"])
def test_float32_stays_float32(name: str) -> None:
    text, maker, arguments, attributes = GATES[name]
    ours = run(codegen.generate(HEAD + text, style="gate"))
    own = made(ours, maker)
    for attribute in attributes:
        place = {"self": own, "np": np}
        exec(f"{attribute} = {attribute}.astype(np.float32)", place)
    inputs = [array.astype(np.float32) for array in eval(f"[{arguments}]", ours)]
    out = own.forward(*inputs)
    dx = own.backward(np.ones_like(out))
    assert out.dtype == dx.dtype == np.float32
    for attribute in attributes:
        assert eval(gradient_place(attribute), {"self": own}).dtype == np.float32


def test_the_shapes_that_init_shows_leave_no_helper() -> None:
    text = AFFINE.replace("x: np.ndarray", 'x: Float[np.ndarray, "N n_in"]')
    output = codegen.generate(HEAD + text, style="gate")
    assert "_matmul_grad" not in output
    assert "dW = x.T @ dout" in output
    assert "self.dW = dW" in output


def test_shapes_of_objects_are_in_the_words_of_their_owner() -> None:
    net = """class Net:
    def __init__(self, D, H):
        self.one = Affine(D, H)
        self.two = Affine(n_out=7, n_in=H)

    def forward(self, x: Float[np.ndarray, "N D"]):
        h = np.tanh(self.one.forward(x))
        return self.two.forward(h)
"""
    output = codegen.generate(HEAD + AFFINE + net, functions=["Net"], style="gate")
    assert "_matmul" not in output
    assert "_unbroadcast" not in output
    run(output)["Net"](3, 4)  # the class that it needs is carried


def test_the_authors_own_backward_pass_and_its_cache_are_replaced() -> None:
    output = codegen.generate(HEAD + AFFINE, style="gate")
    assert output.count("def backward") == 1
    assert "dout @ self.W.T, self.x" not in output


def test_verify_calls_a_class_by_its_example() -> None:
    text = f"{HEAD}# codegen: example Affine(3, 4).forward(np.ones((2, 3)))\n{AFFINE}"
    made = compile_source(Source("layer.py", text), Options(style="gate"))
    answers = Case(text, made.text, made.functions).answers()
    assert [answer.status for answer in answers] == [0]
    wrong = made.text.replace("self.db = db", "self.db = 1.01 * db")
    answers = Case(text, wrong, made.functions).answers()
    assert [answer.status for answer in answers] == [1]


REFUSED = {
    "a base class": (
        "class A:\n    pass\nclass B(A):\n"
        "    def forward(self, x: np.ndarray):\n        return x\n",
        "inherits",
    ),
    "another name for self": (
        "class A:\n    def forward(this, x: np.ndarray):\n        return x * this.W\n",
        "call it `self`",
    ),
    "a static method": (
        "class A:\n    @staticmethod\n    def forward(x: np.ndarray):\n        return 2 * x\n",
        "without a decorator",
    ),
    "state": (
        "class A:\n    def __init__(self):\n        self.n = 0\n"
        "    def forward(self, x: np.ndarray):\n        self.n += 1\n        return x * self.W\n",
        "state that the method changes",
    ),
    "a store into an attribute": (
        "class A:\n    def forward(self, x: np.ndarray):\n        self.W[0] = 1.0\n"
        "        return x * self.W\n",
        "a store into an attribute",
    ),
    "a store by a method": (
        "class A:\n    def forward(self, x: np.ndarray):\n        self.W.fill(1.0)\n"
        "        return x * self.W\n",
        "",
    ),
    "a store by a function": (
        "def g(a):\n    a[0] = 2.0\n"
        "class A:\n    def forward(self, x: np.ndarray):\n        g(self.W)\n"
        "        return x * self.W\n",
        "written in place",
    ),
    "self as a value": (
        "def g(a):\n    return a\nclass A:\n    def forward(self, x: np.ndarray):\n"
        "        return g(self) * x\n",
        "`self` itself",
    ),
    "a property": (
        "class A:\n    @property\n    def W(self):\n        return 2.0\n"
        "    def forward(self, x: np.ndarray):\n        return x * self.W\n",
        "is a method",
    ),
    "recursion": (
        "class A:\n    def forward(self, x: np.ndarray):\n"
        "        return self.forward(x) * self.W\n",
        "calls itself",
    ),
    "all entries of a dict": (
        "class A:\n    def __init__(self):\n        self.params = {'W': np.ones(3)}\n"
        "    def loss(self, x: np.ndarray):\n"
        "        return np.sum(x) + sum(np.sum(w) for w in self.params.values())\n",
        "used as a whole",
    ),
    "slots": (
        "class A:\n    __slots__ = ('W',)\n    def forward(self, x: np.ndarray):\n"
        "        return x * self.W\n",
        "__slots__",
    ),
    "split style": (AFFINE, "split style is for functions"),
    "no method": ("class A:\n    def other(self, x):\n        return x\n", "no method"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_followed_is_refused(name: str) -> None:
    text, words = REFUSED[name]
    style = "split" if name == "split style" else "gate"
    asked = ["A"] if name == "no method" else None
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(HEAD + text, functions=asked, style=style)
    assert words in str(caught.value)
    assert all(problem.help for problem in caught.value.problems)


def test_grad_is_of_functions_and_says_so_of_a_class() -> None:
    with pytest.raises(ValueError, match="one function to differentiate, and it has: none"):
        codegen.grad(HEAD + AFFINE)


def test_an_attribute_taken_for_a_number_must_be_one() -> None:
    text = (
        "class Scale:\n    def __init__(self, n, scale=0.5):\n        self.scale = scale\n\n"
        "    def forward(self, x: np.ndarray):\n        return x * self.scale\n"
    )
    scale = run(codegen.generate(HEAD + text, style="gate"))["Scale"]
    x = np.arange(3.0)
    for number in (0.5, 2, np.float32(0.5)):
        np.testing.assert_array_equal(scale(3, number).forward(x), x * number)
    with pytest.raises(TypeError, match=r"self\.scale must be a number"):
        scale(3, np.ones((2, 3))).forward(x)
