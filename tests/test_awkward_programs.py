"""Small programs that once came out wrong or raised: each is verified, or refused in words."""

from __future__ import annotations

import warnings

import pytest

from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_verified import without_black

NUMPY = "import numpy as np\n\n\n"
THREE = "# codegen: example f(np.array([1.0, -2.0, 3.0]))\n"

PROGRAMS: dict[str, str] = {
    "an update's cotangent is read before it changes": NUMPY
    + "def f(x):\n    '''x : ndarray of shape (N, D)'''\n"
    + "    h = x * 2\n    h *= x\n    h /= x[0] + h\n    h **= 3\n    return h\n",
    "an update that takes away what was": NUMPY
    + THREE
    + "def f(x: np.ndarray):\n    h = x * 3\n    h -= h - x * x\n    return h\n",
    "a condition reads what an update changes": NUMPY
    + "# codegen: example f(1.0, 2.0)\n"
    + "def f(x, y):\n    h = x * y\n    h /= 1.5 + np.maximum(x if x < h else y, y * y)\n"
    + "    return h\n",
    "a list under another name": "w = [2.0, -3.0]\nw2 = w\nf = w2[0] * w[1]\n",
    "a mask and a broadcast after it": NUMPY
    + "# codegen: example f(np.array([-1.0, 0.0, 2.0]), np.ones((2, 3)))\n"
    + "def f(x: np.ndarray, y: np.ndarray):\n    r = np.sqrt(x)\n    q = r * y\n"
    + "    return np.where(x > 0, q, y)\n",
    "an exponent that is a factor too": "def f(x: float, n: int):\n    return x**n * n\n",
    "a cotangent that was given": NUMPY
    + "# codegen: example f(np.ones((2, 3)), np.ones((2, 3)))\n"
    + "def f(a: np.ndarray, b: np.ndarray):\n    c = a + b\n    g = c[0]\n    return g, c\n",
    "a helper's argument without a name": NUMPY
    + "def _g(t):\n    u = t * 3.0\n    return u * t\n\n\n"
    + THREE
    + "def f(x: np.ndarray):\n    return _g(x * x)\n",
    "a helper in an arm": "def _g(t):\n    u = t * 3.0\n    return u * t\n\n\n"
    "def f(x: float, y: float):\n    return (_g(x + y) if x > 0 else x) * x\n",
    "a helper in an arm that is not taken": "import math\n\n\n"
    "def _g(t):\n    s = math.log(t)\n    return s * 2\n\n\n"
    "# codegen: example f(-1.0)\ndef f(x: float):\n    return _g(x) if x > 0 else x\n",
    "a guard in an arm that is not taken": "def _g(t):\n"
    "    if t < 0: raise ValueError('no')\n    return t * 2\n\n\n"
    "# codegen: example f(-1.0)\ndef f(x: float):\n    return _g(x) if x > 0 else x\n",
    "a draw in an arm": NUMPY
    + "def f(x: float):\n    return np.random.rand() * x if x > 0 else x\n",
    "a script's input twice": "x = 3.0\ny = 2.0\nx = 4.0\nf = x * y\n",
    "a script's output rebound": "a = 2.0\nc = a * 3\nc = c * a\n",
    "a tuple with a name": "def f(x: float, y: float):\n    t = x, y\n    a, b = t\n"
    "    return a * b * t[0]\n",
    "a tuple by a condition": "def f(x: float, y: float):\n"
    "    a, b = (x, y) if x > 0 else (y, x)\n    return a * 2 + b\n",
    "a tuple of what is computed by a condition": NUMPY
    + "# codegen: example f(2.0, 3.0)\n# codegen: example f(-2.0, 3.0)\n"
    + "def f(x: float, y: float):\n"
    + "    a, b = (x * y, y) if np.sum(x) > 0 else (y, x * x)\n    return a * 2 * b\n",
    "a tuple's name by a condition": "# codegen: example f(2.0, 3.0)\n"
    "# codegen: example f(-2.0, 3.0)\ndef f(x: float, y: float):\n    s = (y, x)\n"
    "    t = (x, y) if x > 0 else s\n    return t[0] * 2 + t[1] * t[1]\n",
    "tuples that are returned by a condition": "# codegen: example f(2.0, 3.0)\n"
    "# codegen: example f(-2.0, 3.0)\ndef f(x: float, y: float):\n    t = (y, x * y)\n"
    "    return t if x > 0 else (x, x)\n",
    "a tuple's name that is returned": "def f(x: float, y: float):\n"
    "    t = (y, x * y, y)\n    return t\n",
    "a part of a tuple": "def f(x: float, y: float):\n    t = (x * y, y, x)\n"
    "    return t[1:][0] * t[::-1][0] * t[-1]\n",
    "a number or nothing": "# codegen: example f(2.0, True)\n"
    "def f(x: float, flag: bool):\n    m = x if flag else None\n    return m * x\n",
    "an array in an arm": NUMPY
    + "# codegen: example f(np.ones(3), True)\n# codegen: example f(np.ones(3), False)\n"
    + "def f(x, flag):\n    return np.sum(x if flag else 2 * x)\n",
    "a list that is returned": "def f(x: float):\n    return [x, x * x]\n",
    "the rank decides": NUMPY
    + "# codegen: example f(np.ones((2, 3)))\n# codegen: example f(np.ones(3))\n"
    + "def f(x: np.ndarray):\n    y = np.sum(x, axis=1) if x.ndim == 2 else x\n    return y\n",
    "the rank decides between products": NUMPY
    + "# codegen: example f(np.ones((2, 3)), np.ones((3, 2)))\n"
    + "# codegen: example f(np.ones(3), np.ones(3))\n"
    + "def f(x: np.ndarray, w: np.ndarray):\n    return x @ w if x.ndim == 2 else x * w\n",
    "the rank decides between maxima": NUMPY
    + "# codegen: example f(np.ones((2, 3)))\n# codegen: example f(np.ones(3))\n"
    + "def f(x: np.ndarray):\n"
    + "    s = np.max(x, axis=1, keepdims=True) if x.ndim == 2 else np.max(x)\n"
    + "    return np.exp(x - s)\n",
    "an index that only one arm has": NUMPY
    + "# codegen: example f(np.ones(3))\n# codegen: example f(np.ones(1))\n"
    + "def f(x: np.ndarray):\n    y = x[1] if len(x) > 1 else x[0]\n    return y * y\n",
    "an item that only one arm has": "# codegen: example f([1.0, 2.0])\n"
    "# codegen: example f([1.0])\ndef f(w: list[float]):\n"
    "    y = w[1] * 2 if len(w) > 1 else w[0]\n    return y * y\n",
    "indices that only one arm takes": NUMPY
    + "# codegen: example f(np.ones((3, 2)), np.array([0, 0, 5]))\n"
    + "# codegen: example f(np.ones((3, 2)), np.array([0, 0, 1]))\n"
    + "def f(x: np.ndarray, i: np.ndarray):\n    y = x[i] if np.max(i) < 3 else x\n"
    + "    return y * 2\n",
    "a part of what an arm computes": NUMPY
    + "# codegen: example f(np.ones((3, 2)), np.ones((3, 2)), True)\n"
    + "# codegen: example f(np.ones((3, 2)), np.ones((3, 2)), False)\n"
    + "def f(x: np.ndarray, w: np.ndarray, flag: bool):\n"
    + "    y = np.exp(x * w)[1:] * w[1:] if flag else x\n    return y * 2\n",
    "a product in each arm": NUMPY
    + "# codegen: example f(np.ones((2, 3)), np.ones((3, 2)), True)\n"
    + "# codegen: example f(np.ones((2, 3)), np.ones((3, 2)), False)\n"
    + "def f(x: np.ndarray, w: np.ndarray, flag: bool):\n"
    + "    h = x @ w if flag else (x + 1) @ w\n    return np.sum(h * h)\n",
    "an arm of another shape": NUMPY
    + "# codegen: example f(np.ones((2, 3)), True)\n# codegen: example f(np.ones((2, 3)), False)\n"
    + "def f(x: np.ndarray, flag: bool):\n"
    + "    y = np.mean(x, axis=1, keepdims=True) if flag else x\n    z = x - y\n"
    + "    return z * z\n",
    "one slope is a number, the other an array": NUMPY
    + "# codegen: example f(np.ones(3), np.ones(3), True)\n"
    + "# codegen: example f(np.ones(3), np.ones(3), False)\n"
    + "def f(x, w, flag: bool):\n"
    + '    """x : ndarray of shape (N,)\n    w : ndarray of shape (N,)"""\n'
    + "    return np.sum(x * 2 if flag else x * w)\n",
    "a choice inside an arm": NUMPY
    + "# codegen: example f(np.ones(3), 1)\n# codegen: example f(np.ones(3), 2)\n"
    + "# codegen: example f(np.ones(3), 3)\n"
    + "def f(x: np.ndarray, k: int):\n"
    + "    return (np.exp(x) if k > 2 else np.tanh(x * x)) * x if k > 1 else x\n",
    "a number or an array is chosen": NUMPY
    + "# codegen: example f(np.ones(5) * 2, 0.5)\n"
    + "def f(x, w):\n    '''x : ndarray of shape (N,)'''\n"
    + "    return np.where(w > 0.4, w, np.dot(x, np.ones(5)))\n",
    "a number of math or of numpy is chosen": "import math\n"
    + NUMPY
    + "# codegen: example f(0.2, 1.0)\n# codegen: example f(0.7, 1.0)\n"
    + "def f(x, y):\n    out = math.exp(x) if x > 0.4 else np.minimum(x, y)\n"
    + "    out += y\n    return out, out * y\n",
    "math of what numpy gave": "import math\n"
    + NUMPY
    + "# codegen: example f(2.0, 3.0)\n"
    + "def f(g, b):\n    c = np.minimum(g, b)\n    out = np.maximum(g, c) if 3 > g else g\n"
    + "    return out + math.exp(math.sin(c))\n",
    "an update of what may be a number": NUMPY
    + "# codegen: example f(1.2)\n"
    + "def f(x):\n    s = (np.abs(x) if x > x else x - x) + x\n    s += s * s\n"
    + "    return s * np.minimum(x, s)\n",
    "an index that is a number too": NUMPY
    + "# codegen: example f(np.ones((4, 3)), np.array([[True, False, True]] * 4))\n"
    + "def f(x: np.ndarray, m: np.ndarray):\n    a = x[m]\n"
    + "    return np.sum(a * a) + np.sum(m * x) / np.sum(m)\n",
    "no index at all": NUMPY
    + "# codegen: example f(np.array(2.0))\n"
    + "def f(x: np.ndarray):\n    return x[()] * x\n",
    "a constant that is shadowed": "K = 2.0\n\n\ndef _h(x):\n    return x * K\n\n\n"
    "def f(x: float):\n    K = 3.0\n    return _h(x) * K\n",
    "a default that is shadowed": "K = 2.0\n\n\ndef _h(x, k=K):\n    return x * k + K\n\n\n"
    "def f(x: float):\n    K = x * 3.0\n    return _h(x) * K\n",
    "a helper's name that is a constant's": "def _h(x):\n    y = x * 2\n    return y\n\n\n"
    "y = 5.0\n\n\ndef f(x: float):\n    z = _h(x) * y\n    return z\n",
    "a helper of the gradient's name": NUMPY
    + "def f_grad(t: float):\n    return np.tanh(t)\n\n\n"
    + "def f(x: float):\n    return f_grad(x) * x\n",
    "a constant of our helper's name": NUMPY
    + "_unbroadcast = 2.0\n\n\n# codegen: example f(np.ones(3), np.ones((2, 3)))\n"
    + "def f(x, y):\n    return np.exp(x) * y * _unbroadcast\n",
    "a function of our helper's name": NUMPY
    + "def _unbroadcast(t):\n    return np.tanh(t)\n\n\n"
    + "# codegen: example f(np.ones(3), np.ones((2, 3)))\n"
    + "def f(x, y):\n    return _unbroadcast(np.exp(x) * y)\n",
    "a list of typing": "from typing import List\n\n\n# codegen: example f([1.0, 2.0], 3.0)\n"
    "def f(w: List[float], x: float):\n    return w[0] * x + w[1]\n",
    "a tuple of typing": "from typing import Tuple\n\n\n# codegen: example f((1.0, 2.0), 3.0)\n"
    "def f(w: Tuple[float, float], x: float):\n    return w[0] * x + w[1]\n",
    "a sequence": "from typing import Sequence\n\n\n# codegen: example f((1.0, 2.0), 3.0)\n"
    "def f(w: Sequence[float], x: float):\n    return w[0] * x + w[1]\n",
    "the built-in sum of a list": "# codegen: example f([1.0, 2.0], 3.0)\n"
    "def f(w: list[float], x: float):\n    return sum(w) * x + w[0]\n",
}


# Open faults: each must start to pass before its line may go. None of them is a wrong number.
OPEN: dict[str, str] = {}


def programs() -> list[object]:
    """Return all names, those of open faults marked."""
    return [
        (
            pytest.param(name, marks=pytest.mark.xfail(reason=OPEN[name], strict=True))
            if name in OPEN
            else name
        )
        for name in PROGRAMS
    ]


@pytest.mark.parametrize("name", programs())
def test_it_is_verified_or_refused(name: str) -> None:
    text = PROGRAMS[name]
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = compile_source(Source.from_text(text, "prog.py"), Options())
        except CodegenError as error:
            codes = [problem.code for problem in error.problems]
            if "nothing-to-differentiate" in codes:
                pytest.fail(str(error))  # there is something: say what stands in the way
            return
        answers = list(verify(Job(None, text, made.text, made.functions)))
    told = "\n".join(line for answer in answers for line in answer.lines)
    assert all(answer.status == VERIFIED for answer in answers), f"{told}\n{text}\n{made.text}"


def test_a_cotangent_has_the_authors_name_without_a_version() -> None:
    text = "def f(x: float):\n    a = x * 2\n    a = a * x\n    return a\n"
    with without_black():
        made = compile_source(Source.from_text(text, "prog.py"), Options())
    assert made.functions[0].cotangents == ("da",)
    assert made.functions[0].of == ("a",)


def test_a_string_of_several_lines_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    text = "def f(x: float):\n    print('''a\n  b # c\n''', end='')\n    return x * x\n"
    names: dict[str, object] = {}
    with without_black():
        exec(compile_source(Source.from_text(text, "prog.py"), Options()).text, names)
    names["f_grad"](2.0)  # type: ignore[operator]
    assert capsys.readouterr().out == "a\n  b # c\n"
