"""What is not understood is refused by its own name, with the place and the way out."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import codegen
from codegen import fence
from codegen.errors import CodegenError
from codegen.source import Source
from tests.conftest import GOLDEN

NUMPY = "import numpy as np\n\n\n"
ARRAY = "from jaxtyping import Float\n" + NUMPY

PROGRAMS: dict[str, str] = {
    "lambda of the file": NUMPY
    + "act = lambda t: np.tanh(t) * t\n\n\ndef f(x):\n    return act(x) + 1\n",
    "call of what is made by a call": "from collections import namedtuple\n\n"
    'P = namedtuple("P", "a b")\n\n\ndef f(x):\n    p = P(x, x * 2)\n    return p.a * p.b\n',
    "object of a class of the file": "class P:\n    def __init__(self, r):\n        self.r = r\n\n"
    "    def area(self):\n        return self.r**2\n\n\n"
    "def f(x):\n    p = P(x)\n    return p.area()\n",
    "method of no array": "def f(x: float):\n    a = x.area()\n    b = x.pop()\n    return a + b\n",
    "calls of a function inside that is refused": "def f(x):\n    def add(a):\n        global z\n"
    "        return a + 1\n\n    y = add(x)\n    return add(y) * add(x)\n",
    "nothing returned, an argument updated": "def f(x, y):\n    y += 2 * x\n",
    "what two assignments at once assign": ARRAY
    + "def f(x: np.ndarray):\n    b = x.copy()\n    v = b[1:]\n    b[1:], w = v * 2, v\n"
    "    return w\n",
    "loop that stores its items": NUMPY
    + "def f(a: np.ndarray):\n    b = np.zeros(3)\n    for b[0] in a:\n        pass\n"
    "    return b\n",
    "text among the numbers": 'def f(x: float):\n    return x * f"{x}"\n',
    "libraries without their imports": "def f(x):\n    b = np.exp(x) * math.pi\n    b[0] = 1.0\n"
    "    return np.sum(b)\n",
    "dtype of an array that may be one of integers": NUMPY
    + "def f(x):\n    b = np.full_like(x, 0.5)\n    return np.sum(b * x)\n",
    "store into a number": ARRAY
    + "def f(d: float, n: int, y: np.ndarray):\n    z = -d / n\n    z[np.arange(n), y] = 3.0\n"
    "    return z * 2\n",
    "store with too many indices": ARRAY
    + 'def f(x: Float[np.ndarray, "N"]):\n    z = 2 * x\n    z[0, 1] = 3.0\n    return z * 2\n',
    "item taken out of a list": "def f(xs: list[float]):\n    hs = []\n    for x in xs:\n"
    "        hs.append(x * x)\n    return hs.pop(0) * hs[0]\n",
    "unknown function": NUMPY + "def f(x):\n    return np.fft.fft(x) + 1\n",
    "eigenvalues by scipy": "import scipy.linalg as sl\n\n\ndef f(x):\n    return sl.eigvals(x)\n",
    "distribution with its parameters": "from scipy.stats import norm\n\n\n"
    "def f(x: float, s: float):\n    return norm(0.0, s).logpdf(x)\n",
    "root of a matrix": "import scipy.linalg\n\n\ndef f(x):\n    return scipy.linalg.sqrtm(x)\n",
    "factors of a matrix": "from scipy.linalg import lu_factor, lu_solve\n\n\n"
    "def f(factors, b):\n    return lu_solve(factors, b) + lu_factor(b, True)[0]\n",
    "shape of a distribution": "from scipy.stats import gamma\n\n\n"
    "def f(x: float, a: float):\n    return gamma.cdf(x, a)\n",
    "norm of a row or a matrix": "from jaxtyping import Float\n"
    + NUMPY
    + 'def f(x: Float[np.ndarray, "N D"]):\n    return np.linalg.norm(x, ord=1)\n',
    "triangle that is not known": "from scipy.linalg import cho_solve\n\n\n"
    "def f(c, lower, b):\n    return cho_solve((c, lower), b)\n",
    "misspelt function": NUMPY + "def f(x):\n    return np.tahn(x)\n",
    "unknown method": NUMPY + "def f(x: np.ndarray):\n    return x.tobytes()\n",
    "unknown keyword": NUMPY + "def f(x):\n    return np.sum(x, where=x > 0)\n",
    "misspelt keyword": NUMPY + "def f(x):\n    return np.sum(x, keepdim=True)\n",
    "out": NUMPY + "def f(x, y):\n    return np.exp(x, out=y)\n",
    "complex number": "def f(x):\n    return x * 2j\n",
    "attribute store": NUMPY + "def f(x: np.ndarray):\n    x.flags = 1\n    return np.sum(x)\n",
    "array with another name changed": NUMPY
    + "def f(x):\n    h = np.exp(x)\n    g = h\n    h += 1\n    return np.sum(g * h)\n",
    "break outside a loop": "def f(x: float):\n    if x > 0:\n        break\n    return x\n",
    "loop over a dict": "def f(x: float, d: dict):\n    s = 0.0\n    for k, v in d.items():\n"
    "        s = s + v\n    return s * x\n",
    "loop header called wrongly": "def f(x: float, v: list[float]):\n"
    "    for i in range():\n        x = x * i\n"
    "    for i, a in enumerate(v, 1, 2):\n        x = x * a\n"
    "    for a in reversed(v, v):\n        x = x * a\n"
    "    for i in reversed(range(3)):\n        x = x * i\n    return x\n",
    "loop target": "def f(x: float, v: list[float]):\n    for i, j in range(3):\n"
    "        x = x * i\n"
    "    for i, j, k in zip(v, v):\n        x = x * i\n"
    "    for a in enumerate(v):\n        x = x * a[1]\n"
    "    for i, (j, k) in enumerate(range(3)):\n        x = x * i\n    return x\n",
    "assigned on some paths only": "def f(x: float):\n    if x > 0:\n        y = x * x\n"
    "        z = y\n    else:\n        y = x\n    return y * z\n",
    "assigned in a loop only": "def f(x: float, n: int):\n    for i in range(n):\n"
    "        y = x * i\n    while n > 0:\n        n -= 1\n        z = x\n"
    "    return y * z * i\n",
    "a path that returns nothing": "def f(x: float):\n    if x > 0:\n        return x\n"
    "    elif x < -1:\n        return -x\n    y = x * 2\n",
    "a path that returns None": "def f(x: float):\n    if x > 0:\n        return None\n"
    "    return -x\n",
    "a path of a helper that returns nothing": "def g(x):\n    if x > 0:\n        return x\n\n\n"
    "def f(x: float):\n    return g(x) * 2\n",
    "returned tuples of different lengths": "def f(x: float):\n    if x > 0:\n"
    "        return x, x * 2\n    return x, x, x\n",
    "returned tuple and value": "def f(x: float):\n    if x > 0:\n        return x, x * 2\n"
    "    return x\n",
    "returned variable that is a tuple": "def f(x: float):\n    p = x, x * x\n    if x > 0:\n"
    "        return p\n    return x, x * 2\n",
    "tuples of different lengths": "def f(x: float):\n    if x > 0:\n        p = x, x\n    else:\n"
    "        p = x, x, x\n    return p[0] * p[1]\n",
    "tuple and list": "def f(x: float):\n    if x > 0:\n        p = (x, x)\n    else:\n"
    "        p = [x, x]\n    return p[0] * p[1]\n",
    "tuple that grows": "def f(x: float):\n    p = (x, x)\n    for i in range(3):\n"
    "        p = (x, x, x)\n    return p[0] * p[1]\n",
    "number on some paths only": NUMPY + "def f(x: float, a: np.ndarray):\n    y = None\n"
    "    for i in range(3):\n        if y is None:\n            y = x\n        else:\n"
    "            y = y * x\n    z = a if x > 0 else 'none'\n    return y * np.sum(z)\n",
    "helper in the test of a while": "def g(x):\n    y = x * x\n    return y * y\n\n\n"
    "def f(x: float):\n    while g(x) < 3:\n        x = x * 2\n    return x\n",
    "helper with paths in a conditional expression": "def g(x):\n    if x > 1:\n        return x\n"
    "    else:\n        return x * x\n\n\n"
    "def f(x: float):\n    return x and (g(x) if x > 0 else x)\n",
    "tested again, of what has changed": "def f(x: float):\n    if x > 0:\n        y = x * x\n"
    "    x = x - 1\n    if x > 0:\n        x = y * x\n    return x\n",
    "returns of different lengths in a loop over a tuple": "def f(x: float, y: float):\n"
    "    for w in (x, y):\n        if w > 1:\n            return w, x\n        if w < 0:\n"
    "            return w\n    return y\n",
    "comprehension that the run settles": "def f(x: float, y: float):\n"
    "    d = {k: w for k, w in (('a', x), ('b', y)) if w > 1}\n    return x * y\n",
    "paths that go on, and return different numbers": "def f(x: float):\n    if x > 2:\n"
    "        if x > 3:\n            return x\n        x = x + 1\n"
    + "    x = x * 1.5\n" * 25
    + "    return x, x\n",
    "raise on every path": "def f(x: float):\n    if x > 0:\n        raise ValueError(x)\n"
    "    else:\n        raise KeyError(x)\n",
    "raise in every turn": "def f(x: float):\n    for i in range(3):\n        raise ValueError(x)\n"
    "    return x\n",
    "raise without an exception": "def f(x: float):\n    if x > 0:\n        y = x\n    else:\n"
    "        y = -x\n        raise\n    return y\n",
    "raise from": "def f(x: float):\n    if x > 0:\n        y = x\n    else:\n"
    "        y = -x\n        raise ValueError(x) from None\n    return y\n",
    "try": "def f(x):\n    try:\n        y = 1 / x\n    finally:\n        y = x\n    return y\n",
    "with": "def f(x):\n    with open('a') as h:\n        y = x\n    return y\n",
    "global": "def f(x):\n    global k\n    k = x\n    return x * k\n",
    "nonlocal": "k = 1.0\n\n\ndef f(x):\n    def g():\n        nonlocal x\n    return x\n",
    "yield": "def f(x):\n    yield x\n",
    "await": "def f(x):\n    return await x\n",
    "del": "def f(x):\n    y = x\n    del y\n    return x\n",
    "match": "def f(x):\n    match x:\n        case 1:\n            y = x\n    return x\n",
    "walrus": "def f(x):\n    return (y := x) * y\n",
    "star in a call": "def f(x):\n    return max(*x)\n",
    "star arguments": "def f(*args):\n    return args[0]\n",
    "double star arguments": "def f(x, **options):\n    return x\n",
    "decorator": "import functools\n\n\n@functools.cache\ndef f(x):\n    return x\n",
    "recursion": "def f(x):\n    return x * f(x - 1)\n",
    "mutual recursion": "def g(x):\n    return f(x)\n\n\ndef f(x):\n    return x * g(x - 1)\n",
    "unknown name": "def f(x):\n    return x * scale\n",
    "misspelt name": "SCALE = 2.0\n\n\ndef f(x):\n    return x * SCAL\n",
    "used before assigned": "def f(x):\n    y = z * x\n    z = x\n    return y\n",
    "not Python": "def f(x:\n    return x\n",
    "empty": "",
    "only a comment": "# nothing here\n",
    "no output": "def f(x):\n    y = x * x\n",
    "independent output": "def f(x):\n    return 3.0\n",
    "dimension names that clash": ARRAY
    + 'def f(x: Float[np.ndarray, "N D"], y: Float[np.ndarray, "M D"]):\n    return x + y\n',
    "inner dimensions that clash": ARRAY
    + 'def f(x: Float[np.ndarray, "N D"], y: Float[np.ndarray, "N K"]):\n    return x @ y\n',
    "axis out of range": ARRAY
    + 'def f(x: Float[np.ndarray, "N D"]):\n    return np.sum(x, axis=2)\n',
    "axis that is no literal": NUMPY + "def f(x, k):\n    return np.sum(np.sum(x, axis=k))\n",
    "or on numbers": "def f(x: float, y: float):\n    return (x or y) * 2\n",
    "builtin max of arrays": ARRAY
    + 'def f(x: Float[np.ndarray, "N"]):\n    return np.sum(max(x, 1.0))\n',
    "several at once": (
        "def f(x):\n    y = x * scal\n    for i in x:\n        y += bar(i)\n    return foo(y)\n"
    ),
    "module name assigned twice": "K = 1.0\nK = 2.0\n\n\ndef f(x):\n    return x * K\n",
    "module array changed": NUMPY
    + "W = np.zeros(3)\nW[0] = 5.0\n\n\ndef f(x: float):\n    return np.sum(x * W)\n",
    "module name assigned in a loop": "K = 1.0\nfor i in range(3):\n    K = K * 2\n\n\n"
    "def f(x):\n    return x * K\n",
    "module name defined in a try": "try:\n    import numpy as np\nexcept ImportError:\n"
    "    np = None\n\n\ndef f(x):\n    return np.exp(x)\n",
    "import and function of one name": "from math import exp\n\n\n"
    "def exp(x):\n    return x * x\n\n\ndef f(x):\n    return exp(x) * x\n",
    "constant drawn at random": NUMPY
    + "np.random.seed(0)\nW = np.random.randn(3)\nV = W * 2\n\n\n"
    + "def f(x: float):\n    return np.sum(x * V)\n",
    "constant of a class": "class C:\n    k = 2.0\n\n\nc = C()\nK = c.k\n\n\n"
    "def f(x: float):\n    return x * K\n",
    "default that is not carried": "def _g():\n    return 2.0\n\n\n"
    "def f(x: float, k=_g):\n    return x * x\n",
    "own name of Python hidden": "def f(w: list[float], len: float):\n    return w[0] * len\n",
    "variable named as a helper": NUMPY
    + "def sig(t):\n    return np.tanh(t)\n\n\n"
    + "def _h(x):\n    sig = x * 2\n    return sig * x\n\n\n"
    + "def f(x: float):\n    return sig(x) * _h(x)\n",
    "unknown mark": "# codegen: wtr=x\ndef f(x):\n    return x\n",
    "tabs and unicode": "def f(größe, x):\n\treturn größe * x + länge\n",
    "set": "def f(x):\n    return max({x, 1.0})\n",
    "set comprehension": "def f(x):\n    return max({x * i for i in (1, 2)})\n",
    "dict comprehension": "def f(x):\n    return {i: v for i, v in enumerate(x)}[1]\n",
    "raise": "def f(x):\n    y = x * x\n    raise ValueError(x)\n    return y\n",
    "class": "def f(x):\n    class A:\n        y = 1\n    return x\n",
    "import": "def f(x):\n    import math\n    return math.exp(x)\n",
    "import from": "def f(x):\n    from math import exp\n    return exp(x)\n",
    "import of everything": "from numpy import *\n\n\ndef f(x):\n    return exp(x)\n",
    "async function": "def f(x):\n    async def g():\n        return x\n    return x * x\n",
    "yield from": "def f(x):\n    yield from x\n",
    "try star": "def f(x):\n    try:\n        y = x\n    except* ValueError:\n        y = x\n"
    "    return y\n",
    "complex function": "def f(x):\n    return complex(x, 1.0) * x\n",
    "complex dtype": NUMPY + "def f(x):\n    return np.zeros(3, dtype=complex) * x\n",
    "call of what is not known": "def f(x, g):\n    return g(x)\n",
    "wrong number of arguments": "def g(a, b):\n    return a * b\n\n\ndef f(x):\n    return g(x)\n",
    "wrong keyword of a helper": "def g(a):\n    return a\n\n\ndef f(x):\n    return g(x, c=1)\n",
    "bitwise operator": "def f(x):\n    return x ^ 2\n",
    "shift": "def f(x):\n    return x << 1\n",
    "initial value of a reduction": NUMPY + "def f(x):\n    return np.max(x, initial=0.0)\n",
    "part of a sum": NUMPY + "def f(x: np.ndarray):\n    return x.sum(where=x > 0)\n",
    "integer dtype of a sum": NUMPY + "def f(x):\n    return np.sum(x, dtype=int) * np.mean(x)\n",
    "index along two axes": NUMPY
    + "def f(x):\n    return np.sum(x) * np.sum(np.argmax(x, axis=(0, 1)))\n",
    "method that numpy dropped": NUMPY + "def f(x: np.ndarray):\n    return x.ptp()\n",
    "builtin max of a matrix": ARRAY
    + 'def f(x: Float[np.ndarray, "N D"]):\n    return np.sum(max(x))\n',
    "builtin max of one number": "def f(x: float):\n    return max(x)\n",
    "builtin max by a key": "def f(w: list[float]):\n    return max(w, key=abs)\n",
    "builtin sum with a start": "def f(w: list[float]):\n    return sum(w, 1.0)\n",
    "mean of a list": NUMPY + "def f(w: list[float]):\n    return np.mean(w)\n",
    "inner products that clash": ARRAY
    + 'def f(x: Float[np.ndarray, "N D"], y: Float[np.ndarray, "D M"]):\n'
    + "    return np.inner(x, y)\n",
    "unknown library": "import torch\n\n\ndef f(x):\n    return torch.exp(x)\n",
    "choice between tuples": "def f(x: float, y: float):\n"
    "    a, b = (x, y) if x > 0 else (y, x, x)\n    return a * b\n",
    "choice between lists": "def f(x: list[float], y: list[float], z: float):\n"
    "    w = x if z > 0 else y\n    return w[0] * z\n",
    "choice of a list or a number": "def f(x: list[float], z: float):\n"
    "    w = x if z > 0 else z\n    return w * z\n",
    "complex parameter": "def f(x: complex):\n    return x * x\n",
    "subscripts that are not written out": NUMPY
    + "def f(a, b, s):\n    return np.einsum(s, a, b)\n",
    "subscripts as lists": NUMPY
    + "def f(a, b):\n    return np.einsum(a, [0, 1], b, [1, 2], [0, 2])\n",
    "subscripts that numpy does not take": NUMPY
    + 'def f(a, b):\n    c = np.einsum("ij,jk->iz", a, b) + np.einsum("ij,jk,l", a, b)\n'
    + '    d = np.einsum("...j,jk->jk", np.zeros((2, 3, 4)), b) + np.einsum("i", np.eye(3))\n'
    + '    return c + np.einsum("ij;jk", a, b) + d\n',
    "where einsum writes": NUMPY + 'def f(a, b, c):\n    return np.einsum("ij,jk", a, b, out=c)\n',
    "ellipsis of unknown ranks": NUMPY
    + 'def f(a, b):\n    return np.einsum("j...,j...->j...", a, b)\n',
    "unpacking of too many": "def f(x: float):\n    a, b = x, x, x\n    return a * b\n",
}


def refused(text: str, **options: object) -> str:
    with pytest.raises(CodegenError) as caught:
        codegen.generate(text, filename="forward.py", functions=["f"], **options)  # type: ignore[arg-type]
    return str(caught.value) + "\n"


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_refused_with_the_place_and_the_way_out(
    name: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"refusals/{name.replace(' ', '_')}.txt", refused(PROGRAMS[name]))


def test_an_integer_output_that_is_asked_for_is_refused(golden: Callable[[str, str], None]) -> None:
    text = "def f(x: float, n: int):\n    k = n * 2\n    return x * k, k\n"
    golden("refusals/integer_output.txt", refused(text, of=["k"]))


def test_an_unknown_output_or_input_is_refused(golden: Callable[[str, str], None]) -> None:
    text = "def f(x: float, y: float):\n    loss = x * y\n    return loss\n"
    told = refused(text, of=["los"]) + refused(text, wrt=["z"])
    golden("refusals/unknown_output_or_input.txt", told)


def test_an_unknown_function_is_refused_with_the_nearest(
    golden: Callable[[str, str], None],
) -> None:
    with pytest.raises(CodegenError) as caught:
        codegen.generate("def loss(x):\n    return x\n", functions=["lost"])
    golden("refusals/unknown_picked_function.txt", str(caught.value) + "\n")


def test_bytes_that_are_not_utf_8_are_refused(golden: Callable[[str, str], None]) -> None:
    with pytest.raises(CodegenError) as caught:
        Source.from_bytes(b"def f(x):\n    return '\xff'\n", "forward.py")
    golden("refusals/not_utf_8.txt", str(caught.value) + "\n")


def test_every_construct_of_the_fence_has_a_sentence_and_a_way_out() -> None:
    for kind, refusal in fence.REFUSED.items():
        assert issubclass(kind, ast.AST)
        assert refusal.message, kind
        assert refusal.help, kind


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(CodegenError, match="there is no style called `splt`"):
        codegen.generate("def f(x: float):\n    return x * x\n", style="splt")


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("    s = 0.0\n    for i in range(3):\n        s += x\n    return s\n", 2.0, 3.0),
        ("    while x < 1:\n        x = x * 2\n    return x\n", 0.3, 4.0),
        ("    if x > 0:\n        y = x\n    else:\n        y = -x\n    return y\n", -2.0, -1.0),
        ("    if x > 0:\n        return x\n    return -x\n", -2.0, -1.0),
        ("    if x > 0:\n        return x\n    raise ValueError(x)\n", 2.0, 1.0),
        (
            "    for i in range(9):\n        if i == 1:\n            continue\n        x = x * 2\n"
            "        if x > 9:\n            break\n    return x\n",
            1.5,
            8.0,
        ),
    ],
    ids=["for", "while", "if", "early return", "raise on a path", "break and continue"],
)
def test_control_flow_is_accepted(text: str, x: float, slope: float) -> None:
    namespace: dict[str, Any] = {}
    exec(codegen.generate(f"def f(x: float):\n{text}"), namespace)
    assert namespace["f_grad"](x)[1] == slope


@pytest.mark.parametrize(
    "path", sorted((GOLDEN / "refusals").glob("*.txt")), ids=lambda path: path.stem
)
def test_every_refusal_has_a_way_out(path: Path) -> None:
    told = path.read_text(encoding="utf-8")
    assert told.count("  help: ") == len(re.findall(r"error\[[a-z-]+\]: ", told)), told


def test_a_file_of_one_lambda_and_of_nothing_to_differentiate() -> None:
    with pytest.raises(CodegenError, match=re.escape("write it as a function: def f(x): return")):
        codegen.generate("f = lambda x: x * x\n")
    with pytest.raises(CodegenError, match="nothing-to-differentiate") as caught:
        codegen.generate("def f(x, n: int):\n    return n // 2\n")
    assert "help: write a function that returns a float" in str(caught.value)
    assert "note: <string>:1:1: skipped `f`" in str(caught.value)
