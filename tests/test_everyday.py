"""What is written every day: accepted as it stands, and right."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

PROGRAMS = {
    "leapfrog: an array that each turn makes anew": (
        "# codegen: example f(np.array([1.0, 0.5, 0.3, 0.2]), 0.3)\n"
        "def f(u0, c):\n"
        "    u = u0.copy()\n    up = u0.copy()\n"
        "    for t in range(5):\n"
        "        un = np.zeros_like(u)\n"
        "        un[1:-1] = 2 * u[1:-1] - up[1:-1] + c**2 * (u[2:] - 2 * u[1:-1] + u[:-2])\n"
        "        up, u = u, un\n"
        "    return np.sum(u**2)\n"
    ),
    "the same, read in its own turn": (
        "# codegen: example f(np.array([1.0, 0.5, 0.3]))\n"
        "def f(x):\n"
        "    u = x.copy()\n    total = 0.0\n"
        "    for t in range(3):\n"
        "        new = u.copy()\n"
        "        new[0] = u[1] * u[0]\n"
        "        if u[2] > 0.1:\n"
        "            new[1:] *= u[:-1]\n"
        "        total += np.sum(new**2)\n"
        "        u = new\n"
        "    return total + np.sum(u**3)\n"
    ),
    "bubble sort": (
        "# codegen: example f(np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]))\n"
        "def f(x, w):\n"
        "    a = x.copy()\n    n = len(a)\n"
        "    for i in range(n):\n"
        "        for j in range(n - 1 - i):\n"
        "            if a[j] > a[j + 1]:\n"
        "                a[j], a[j + 1] = a[j + 1], a[j]\n"
        "    return np.sum(a * w)\n"
    ),
    "the built-in max of entries": (
        "# codegen: example f(np.array([0.5, 1.5, -2.0]), np.array([1, 1, -1]))\n"
        "def f(scores, y):\n"
        "    losses = []\n"
        "    for s, t in zip(scores, y):\n"
        "        losses.append(max(0, 1 - s * t))\n"
        "    return np.mean(losses)\n"
    ),
    "sums by group": (
        "# codegen: example f(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 0]))\n"
        "def f(x, g):\n"
        "    s = np.zeros(2)\n"
        "    for i in range(len(x)):\n"
        "        s[g[i]] += x[i] ** 2\n"
        "    return s\n"
    ),
    "a seed": (
        "# codegen: example f(np.ones(3), 0.5, 3)\n"
        "def f(x, p, seed=0):\n"
        "    rng = np.random.default_rng(seed)\n"
        "    return x * (rng.random(x.shape) > p) / (1 - p)\n"
    ),
    "a seed of all": (
        "# codegen: example f(np.ones(3), 3)\n"
        "def f(x, seed):\n    np.random.seed(seed)\n    return x * np.random.rand(3)\n"
    ),
    "a while that bound what is returned": (
        "# codegen: example f(2.3)\n"
        "def f(a):\n"
        "    x = a / 2\n"
        "    while True:\n"
        "        new = 0.5 * (x + a / x)\n"
        "        if abs(new - x) < 1e-12:\n"
        "            break\n"
        "        x = new\n"
        "    return new\n"
    ),
    "a loop that surely bound what is returned": (
        "# codegen: example newton_sqrt(2.3)\n"
        "def newton_sqrt(a):\n"
        "    x = a / 2\n"
        "    for i in range(20):\n"
        "        x_new = 0.5 * (x + a / x)\n"
        "        if abs(x_new - x) < 1e-12:\n"
        "            break\n"
        "        x = x_new\n"
        "    return x_new\n"
    ),
    "an array that a loop surely bound": (
        "# codegen: example f(np.array([.5,.2]), .3)\n"
        "def f(M, d):\n"
        "    r = np.ones(2)\n"
        "    for _ in range(5):\n"
        "        r_new = d * M * r\n"
        "        if np.linalg.norm(r_new) < 1e-8:\n"
        "            break\n"
        "        r = r_new\n"
        "    return r_new\n"
    ),
    "an index that a loop bound last": (
        "# codegen: example f(np.array([1.,2.,3.]))\n"
        "def f(x: np.ndarray):\n"
        "    for i in range(3):\n"
        "        k = i\n"
        "        y = x * (k + 1)\n"
        "    return x[k] * y[: k + 1] + k\n"
    ),
    "whole numbers that a loop bound last": (
        "# codegen: example f(np.array([1.,2.,3.]))\n"
        "# codegen: example f(np.array([1,2,3]))\n"
        "# codegen: example f(np.array([1,2,3],dtype=np.float32))\n"
        "def f(x):\n"
        "    for i in range(3):\n"
        "        y = x * (i + 1)\n"
        "    z = y * y\n"
        "    return np.sum(z) + np.sum(x * y[0])\n"
    ),
    "a text that a loop bound last": (
        "# codegen: example f(2.0)\n"
        "def f(x):\n"
        "    for i in range(2):\n"
        '        m = "relu" if i else "tanh"\n'
        "        s = x * i\n"
        '    return s * 2 if m == "relu" else s\n'
    ),
    "a product that a while bound last": (
        "# codegen: example f(np.ones((2,3)), np.ones((3,2)))\n"
        "def f(a, b):\n"
        "    while True:\n"
        "        c = a @ b\n"
        "        if c[0, 0] > 2:\n"
        "            break\n"
        "        a = a * 2\n"
        "    return np.sum(c) * c\n"
    ),
    "a loop that may return before": (
        "# codegen: example f(1.5)\n"
        "# codegen: example f(3.0)\n"
        "def f(x):\n"
        "    for i in range(1, 5):\n"
        "        y = x * i\n"
        "        if y > 4:\n"
        "            return y * x\n"
        "    return y\n"
    ),
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_right(name: str, style: str) -> None:
    text = f"import numpy as np\n\n\n{PROGRAMS[name]}"
    made = compile_source(Source("f.py", text), Options(style=style))
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_what_a_turn_makes_before_an_inner_loop_writes_into_it_is_refused() -> None:
    text = (
        "import numpy as np\n\n\ndef f(x: np.ndarray):\n    u = x.copy()\n"
        "    for t in range(3):\n        new = u * 2\n        old = u\n"
        "        for k in range(2):\n            old = new\n            new[0] = u[1] * u[0]\n"
        "        u = old\n    return np.sum(u)\n"
    )
    with pytest.raises(codegen.CodegenError, match="may show memory"):
        codegen.generate(text)


def test_labels_of_more_axes_than_they_are_read_by_raise() -> None:
    text = f"import numpy as np\n\n\n{PROGRAMS['sums by group']}"
    with pytest.raises(ValueError, match="g must have 1 dimension"):
        codegen.grad(text)(np.ones(2), np.zeros((2, 2), int))


@pytest.mark.parametrize("given", [[1.0, 2.0], (1, 2), np.array([1.0, 2.0]), np.array([1, 2])])
@pytest.mark.parametrize("style", ["joint", "split"])
def test_what_np_asarray_takes_may_be_a_list(given: Any, style: str) -> None:
    text = "import numpy as np\n\n\ndef f(x):\n    x = np.asarray(x, dtype=float)\n"
    names: dict[str, Any] = {}
    exec(codegen.generate(f"{text}    return np.sum(x**3)\n", style=style), names)
    if style == "joint":
        _, dx = names["f_grad"](given)
    else:
        dx = names["f_backward"](1.0, names["f_forward"](given)[1])
    assert dx.tolist() == [3.0, 12.0]
    assert dx.dtype == np.float64


@pytest.mark.parametrize(
    ("definition", "call", "word"),
    [
        ("f(x, k):\n    return x + k * x * 0.1", "f(np.ones(2), 2.0)", "x: np.ndarray"),
        (
            "f(w, x):\n    for m in w:\n        x = x @ m\n    return x.sum()",
            "f([np.ones((2, 2)), np.ones((2, 2))], np.ones((3, 2)))",
            "w: list[np.ndarray]",
        ),
        (
            "f(p, x):\n    m, c = p\n    return ((m * x + c) ** 2).sum()",
            "f((1.0, 2.0), np.ones(3))",
            "p: tuple[float, float]",
        ),
    ],
)
def test_what_was_only_a_guess_is_said_with_the_annotation_to_write(
    definition: str, call: str, word: str
) -> None:
    text = f"import numpy as np\n\n\n# codegen: example {call}\ndef {definition}\n"
    made = compile_source(Source("f.py", text), Options())
    (answer,) = verify(Job(None, text, made.text, made.functions))
    assert answer.status == 1
    assert f"annotate it, {word}" in "\n".join(answer.lines)
    assert "not verified" not in "\n".join(answer.lines)
    gradient = codegen.grad(text)
    with pytest.raises(TypeError, match=re.escape(f"annotate it, {word}")):
        eval(call, {"np": np, "f": gradient})


@pytest.mark.parametrize(
    "loop",
    [
        "for i in range(n):\n        y = x * i",
        "for i in range(0):\n        y = x * i",
        "for i in range(3):\n        if x > i:\n            break\n        y = x * i",
        "for i in range(3):\n        y = y + x",
        "for i in range(3):\n        y += x",
        "while x < 3:\n        y = x\n        x = x * 2",
    ],
)
def test_what_a_loop_may_not_have_bound_is_refused(loop: str) -> None:
    with pytest.raises(codegen.CodegenError, match=r"error\[undefined\]"):
        codegen.generate(f"def f(x: float, n: int):\n    {loop}\n    return y * x\n")


SHARED = """\
import math

import numpy as np
from jaxtyping import Float


def _g(s, t, a):
    s *= math.tanh((t - t) * (s - s))
    for _ in range(a):
            xs = max(((t if t > s + 0.0117 else s)), 0.137)
    np_1 = s * s
    return 0.4 * (s * s)


def f(np_1, x, v0, M, q, mode):
    if x < 0.271:
        dz = np.sqrt((_g(x, q[-1], 2)) * (_g(x, q[-1], 2)) + 0.6)
        dz -= _g(dz - dz, np.sqrt(np_1 * np_1 + 0.6), 3)
        np_1, x = 0.5 * (_g(x / 3, -x, 3)), np_1
    x_1 = 0.5 * ((-(q[-1])) + ((v0[-1]) ** 2))
    return M, (np.mean(M)) - (_g(x_1, x, 3))
"""


def test_a_gradient_that_two_may_share_is_copied_for_a_number_too() -> None:
    text = codegen.generate(SHARED)
    assert "+dx" in text
    names: dict[str, Any] = {}
    exec(text, names)
    v, M, q = np.array([0.3, 0.7]), np.array([0.1, 0.2]), np.array([0.4, 0.6])
    _, (du, dx, dv, _, dq) = names["f_grad"](0.5, 0.9, v, M, q, "b", df=1.0)
    assert (du, dx) == (0, 0)  # by tanh of 0
    assert np.array_equal(dv, [0, 0])
    assert np.array_equal(dq, [0, 0])


LABELS = """\
import numpy as np
from jaxtyping import Float, Int


# codegen: example f(np.ones((3, 2)) * 0.3, np.array([0, 1, 1]))
def f(x: Float[np.ndarray, "N D"], y: Int[np.ndarray, "N"] | None = None):
    s = np.sin(x)
    if y is not None:
        s = s[np.arange(x.shape[0]), y]
    return np.sum(s * s)


def g(x: Float[np.ndarray, "N"], k: Int[np.ndarray, "N"] | None = None):
    if k is not None:
        x = x * np.sin(k)
    return np.sum(x * x)
"""


def test_labels_that_may_be_missing_have_the_shape_that_is_stated() -> None:
    made = compile_source(Source.from_text(LABELS, "f.py"), Options(functions=("f",)))
    assert "np.add.at" not in made.text
    for answer in verify(Job(None, LABELS, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)
    names: dict[str, Any] = {}
    exec(codegen.generate(LABELS, wrt=("x",), functions=("f",)), names)
    x = np.linspace(0.1, 0.6, 6).reshape(3, 2)
    assert np.allclose(names["f_grad"](x)[1], np.sin(2 * x))
    # what is also differentiated by may be None, and has a gradient then too
    exec(codegen.generate(LABELS, wrt=("x", "k"), functions=("g",)), names)
    assert np.allclose(names["g_grad"](x[0])[1][0], 2 * x[0])


PIVOTS = """\
import numpy as np


# codegen: example gauss(np.array([[0.1, 2.0, 1.0], [4.0, 3.0, 0.2], [0.5, 5.2, 2.0]]), np.ones(3))
def gauss(A, b):
    n = len(b)
    M = np.zeros((n, n + 1))
    M[:, :n] = A
    M[:, n] = b
    for k in range(n):
        piv = k
        for i in range(k + 1, n):
            if abs(M[i, k]) > abs(M[piv, k]):
                piv = i
        if piv != k:
            tmp = M[k].copy()
            M[k] = M[piv]
            M[piv] = tmp
        M[k] = M[k] / M[k, k]
        for i in range(n):
            if i != k:
                M[i] -= M[i, k] * M[k]
    return M[:, n]
"""


@pytest.mark.parametrize("style", ["joint", "split"])
def test_rows_at_a_place_that_is_kept_may_be_swapped(style: str) -> None:
    made = compile_source(Source.from_text(PIVOTS, "f.py"), Options(style=style))
    for answer in verify(Job(None, PIVOTS, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


POPPED = {
    "a number that is returned": (
        "f(0.5, 0.7)",
        "f(a, b):\n    s = [a]\n    s.append(b)\n    s.append(a * b)\n"
        "    s.append(s.pop() - s.pop())\n    return s.pop()\n",
    ),
    "returned and read": (
        "f(0.5, 0.7)",
        "f(a, b):\n    s = []\n    s.append(a * b)\n    y = s.pop()\n    return y + y * a, y\n",
    ),
    "an array of the caller's": (
        "f(np.array([0.5, 0.7]), np.ones(2))",
        "f(a: np.ndarray, b: np.ndarray):\n    s = [a]\n    s.append(b)\n"
        "    y = s.pop()\n    z = s.pop()\n    return y, z\n",
    ),
    "the item of a list that is read": (
        "f(np.array([0.5, 0.7]), 3)",
        "f(x: np.ndarray, n: int):\n    hs = [x]\n    for _ in range(n):\n"
        "        hs.append(2 * hs[-1])\n    return hs[0]\n",
    ),
    "the item of a list of the caller's": (
        "f([np.array([0.5, 0.7]), np.ones(2)])",
        "f(xs: list[np.ndarray]):\n    hs = list(xs)\n    y = hs.pop()\n    return y\n",
    ),
    "the item of a tuple in a list": (
        "f([np.array([0.5, 0.7]), np.ones(2)])",
        "f(xs: list[np.ndarray]):\n    hs = []\n    for x in xs:\n"
        "        hs.append((x, 2 * x))\n    a, b = hs.pop()\n    return a\n",
    ),
    "a stack that a loop reduces": (
        "f([0.5, 0.7, 0.2])",
        "f(xs: list[float]):\n    s = []\n    for x in xs:\n        s.append(x * x)\n"
        "        if len(s) > 1:\n            q = s.pop()\n            s.append(q * s.pop())\n"
        "    return s.pop()\n",
    ),
}


@pytest.mark.parametrize("name", POPPED)
@pytest.mark.parametrize("style", ["joint", "split"])
def test_what_is_taken_off_a_list_may_be_the_result(name: str, style: str) -> None:
    call, definition = POPPED[name]
    text = f"import numpy as np\n\n\n# codegen: example {call}\ndef {definition}"
    made = compile_source(Source.from_text(text, "f.py"), Options(style=style))
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)


AXES = """\
import numpy as np


# codegen: example softmax(np.linspace(0.1, 0.9, 12).reshape(3, 4))
def softmax(x: np.ndarray, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


# codegen: example f(np.linspace(0.1, 0.9, 12).reshape(3, 4))
def f(x: np.ndarray, axis=None, keepdims=False):
    for _ in range(2):
        x = x + np.mean(x**2, axis=axis)
    ax = 0
    x = softmax(x, ax) * x
    ax = 1
    return np.sum(softmax(9 * x, axis=ax) * x, axis=axis, keepdims=keepdims)
"""


@pytest.mark.parametrize("style", ["joint", "split"])
def test_an_axis_may_be_a_name_that_stands_for_a_literal(style: str) -> None:
    made = compile_source(Source.from_text(AXES, "f.py"), Options(style=style))
    answers = list(verify(Job(None, AXES, made.text, made.functions)))
    assert len(answers) == 2
    for answer in answers:
        assert answer.status == VERIFIED, "\n".join(answer.lines)


def test_another_axis_than_the_default_raises() -> None:
    gradient = codegen.grad(AXES.partition("# codegen: example f")[0])
    x = np.ones((3, 4))
    assert gradient(x, -1)[1].shape == (3, 4)
    with pytest.raises(ValueError, match="the gradient is written for axis=-1"):
        gradient(x, axis=0)


@pytest.mark.parametrize(
    "body",
    [
        "ax = 0\n    for _ in range(2):\n        x = x * np.sum(x, axis=ax)\n        ax = 1",
        "if x[0, 0] > 0:\n        axis = 1\n    x = np.sum(x, axis=axis)",
        "x = np.sum(x, axis=n)",
    ],
)
def test_an_axis_that_the_run_decides_is_refused(body: str) -> None:
    text = f"import numpy as np\n\n\ndef f(x: np.ndarray, n, axis=0):\n    {body}\n    return x\n"
    with pytest.raises(codegen.CodegenError, match="`axis` must be a literal here"):
        codegen.generate(text)


EDGES = """\
import numpy as np
from jaxtyping import Int


# codegen: example f(np.array([1.0, 2.0, 4.0]), {given})
def f(x, edges{annotation}):
    out = np.zeros_like(x)
    for i, j in edges:
        out[i] += x[j] ** 2
    return out
"""


def test_an_index_that_may_be_an_array_says_what_to_annotate() -> None:
    with pytest.raises(codegen.CodegenError, match="if `i` is a number, annotate"):
        codegen.generate(EDGES.format(annotation="", given="..."))


@pytest.mark.parametrize(
    ("annotation", "given"),
    [
        (": list[tuple[int, int]]", "[(0, 1), (0, 2)]"),
        (': Int[np.ndarray, "E 2"]', "np.array([[0, 1], [0, 2]])"),
    ],
)
def test_the_annotations_that_it_names_work(annotation: str, given: str) -> None:
    text = EDGES.format(annotation=annotation, given=given)
    made = compile_source(Source.from_text(text, "f.py"), Options())
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join(answer.lines)
