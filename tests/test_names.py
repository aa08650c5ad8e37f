"""The author's names win: what is ours in the output gives way by a trailing underscore."""

from __future__ import annotations

import ast
import warnings

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_verified import without_black

NUMPY = "import numpy as np\n\n\n"
PAIR = "# codegen: example f(np.ones(3), np.ones((2, 3)))\n"

# Programs, and names that their output must define (or import) at its top level.
PROGRAMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a constant of the gradient's name": (
        "f_grad = 2.0\n\n\ndef f(x: float):\n    return x * f_grad * x\n",
        ("f_grad", "f_grad_"),
    ),
    "a constant of the gradient's name that is not carried": (
        "f_grad = 2.0\n\n\ndef f(x: float):\n    return x * x\n",
        ("f_grad",),
    ),
    "a function of the gradient's name": (
        NUMPY
        + "def f_grad(t: float):\n    return np.tanh(t)\n\n\n"
        + "def f(x: float):\n    return f_grad(x) * x\n",
        ("np", "f_grad", "f_grad_grad", "f_grad_"),
    ),
    "a hand-written gradient": (
        "def f(x: float):\n    return x * x\n\n\n"
        "def f_grad(x: float):  # codegen: skip\n    return 2 * x\n",
        ("f_grad",),
    ),
    "a parameter of a helper's name": (
        NUMPY + PAIR + "def f(_unbroadcast, y):\n    return np.exp(_unbroadcast) * y\n",
        ("np", "_unbroadcast_", "f_grad"),
    ),
    "a variable of a helper's name": (
        NUMPY
        + PAIR
        + "def f(x, y):\n    _unbroadcast = np.exp(x) * y\n    return _unbroadcast * x\n",
        ("np", "_unbroadcast_", "f_grad"),
    ),
    "a helper that calls a helper": (
        NUMPY
        + "_unbroadcast = 2.0\n\n\n# codegen: example f(np.ones((2, 3)), np.ones((3, 3)))\n"
        + "def f(x, y):\n    return x @ y * _unbroadcast\n",
        (
            "np",
            "_unbroadcast",
            "_unbroadcast_",
            "_matmul_grad_left",
            "_matmul_grad_right",
            "f_grad",
        ),
    ),
    "parameters of libraries' names": (
        "# codegen: example f(2.0, 3.0)\ndef f(math: float, y: float):\n    return math ** y\n\n\n"
        "# codegen: example g(2.0, 3.0)\ndef g(x: float, y: float):\n    return x ** y\n",
        ("math_", "f_grad", "g_grad"),
    ),
    "a constant of a library's name": (
        "math = 2.0\n\n\n# codegen: example f(2.0, 3.0)\n"
        "def f(x: float, n: float):\n    return (x * math) ** n\n",
        ("math_", "math", "f_grad"),
    ),
    "numpy under its own name": (
        "import numpy\n\n\n# codegen: example f(numpy.ones(3), numpy.ones((2, 3)))\n"
        "def f(np, y):\n    return numpy.exp(np) * y\n",
        ("numpy", "_unbroadcast", "f_grad"),
    ),
    "a helper's variable of a library's name": (
        NUMPY
        + "def _h(x):\n    np = x * 2\n    return np * x\n\n\n"
        + "def f(x: float):\n    return np.exp(x) * _h(x)\n",
        ("np_", "f_grad"),
    ),
    "cotangents of constants' and imports' names": (
        "import numpy as np\nfrom math import tau as dy\n\n\ndx = 2.0\ndf = 3.0\n\n\n"
        "def f(x: float, y: float):\n    return x * dx * df * np.sin(y * dy)\n",
        ("np", "dy", "dx", "df", "f_grad"),
    ),
    "outputs of constants' names": (
        "f_1 = 2.0\nf_2 = 3.0\n\n\ndef f(x: float):\n    return x * f_1, x * f_2 * x\n",
        ("f_1", "f_2", "f_grad"),
    ),
    "a class in an annotation": (
        "class Config:\n    pass\n\n\ndef f(x: float, c: Config = None) -> 'Config':\n"
        "    return x * x\n",
        ("f_grad",),
    ),
    "a constant that a function makes": (
        "def _make(n):\n    return [i * 2.0 for i in range(n)]\n\n\nTABLE = _make(3)\n"
        "K = TABLE[1]\n\n\n# codegen: example f(2.0)\ndef f(x: float):\n    return x * K * x\n",
        ("np", "_make", "TABLE", "K", "f_grad"),
    ),
    "constants that are assigned together": (
        "import numpy as np\n\nK, AXIS = 2.0, 1\nL = M = 3.0\n\n\n"
        "# codegen: example f(np.ones((2, 3)))\n"
        "def f(x: np.ndarray):\n    return np.sum(x * K * M, axis=AXIS) * L\n",
        ("np", "K", "AXIS", "L", "M", "f_grad"),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_has_the_name_of_something_else(name: str) -> None:
    text, expected = PROGRAMS[name]
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "prog.py"), Options())
        answers = list(verify(Job(None, text, made.text, made.functions)))
    told = "\n".join(line for answer in answers for line in answer.lines)
    assert all(answer.status == VERIFIED for answer in answers), f"{told}\n{made.text}"
    assert tuple(_defined(made.text)) == expected, made.text


def _defined(text: str) -> list[str]:
    found = []
    for node in ast.parse(text).body:
        match node:
            case ast.Import(names) | ast.ImportFrom(names=names):
                found += [alias.asname or alias.name for alias in names]
            case ast.FunctionDef(name=name):
                found.append(name)
            case ast.Assign(targets=targets):
                parts = (part for target in targets for part in ast.walk(target))
                found += [part.id for part in parts if isinstance(part, ast.Name)]
    return found


def test_a_gradient_that_gave_way_is_told_and_found() -> None:
    text = PROGRAMS["a constant of the gradient's name"][0]
    made = compile_source(Source.from_text(text, "prog.py"), Options())
    assert [note.message for note in made.notes] == [
        "the output carries the file's `f_grad`, so the gradient of `f` is `f_grad_`"
    ]
    assert made.functions[0].gradient_name == "f_grad_"
    assert codegen.grad(text)(3.0) == (18.0, 12.0)


def test_a_class_in_an_annotation_is_left_out() -> None:
    made = codegen.generate(PROGRAMS["a class in an annotation"][0])
    assert "def f_grad(x: float, c=None, df=1.0):" in made
