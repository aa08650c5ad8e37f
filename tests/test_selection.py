"""Which inputs are differentiated by default, and what a user is told of the others."""

from __future__ import annotations

import pytest

from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.request import Generated
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

NUMPY = "import numpy as np\n\n\n"

# A program, the inputs that are differentiated, and the notes on the others.
PROGRAMS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "an index": (
        "# codegen: example f(np.ones(3), 1)\ndef f(x, i):\n    return np.sum(x) * x[i] * i\n",
        ("x",),
        ("f: no gradient for i, which serves as an index",),
    ),
    "an index that is computed": (
        "# codegen: example f(np.ones(3), 1)\n"
        "def f(x: np.ndarray, i: int):\n    return x[i - 1] * i\n",
        ("x",),
        ("f: no gradient for i, which serves as an index",),
    ),
    "a mask": (
        "# codegen: example f(np.ones(3), np.array([True, False, True]))\n"
        "def f(x, m):\n    return np.sum(x[m]) * m\n",
        ("x",),
        ("f: no gradient for m, which serves as an index",),
    ),
    "labels": (
        "# codegen: example f(np.ones((3, 2)), np.array([1, 0, 1]), 2.0)\n"
        "def f(p: np.ndarray, y: np.ndarray, w):\n"
        "    return np.mean(p[np.arange(3), y]) * np.mean(y) * w\n",
        ("p", "w"),
        ("f: no gradient for y, which serves as an index",),
    ),
    "counts": (
        "# codegen: example f(np.ones(5), 2, 3)\n"
        "def f(x, n, m):\n    return np.sum(x[: n + 1]) * n / m + np.sum(np.zeros((2, m)))\n",
        ("x",),
        ("f: no gradient for n, m, which serve as counts",),
    ),
    "a flag": (
        "# codegen: example f(np.ones(3), True)\n"
        "def f(x, flag):\n    return np.sum(x if flag else 2 * x) * flag\n",
        ("x",),
        ("f: no gradient for flag, which serves as a flag",),
    ),
    "a float that is tested": (
        "# codegen: example f(2.0, 3.0)\n"
        "def f(x: float, y: float):\n    return x * y if x else y\n",
        ("x", "y"),
        (),
    ),
    "what may be None": (
        "# codegen: example f(2.0, 3.0)\n# codegen: example f(2.0, None)\n"
        "def f(x: float, k: float | None):\n    return x * k if k is not None else x\n",
        ("x", "k"),
        (),
    ),
    "defaults that are computed": (
        "# codegen: example f(2.0)\nA = 2.0\n\n\ndef f(x: float, m=A):\n    return x * m\n",
        ("x",),
        ("f: no gradient for m, which has a default",),
    ),
    "literal defaults": (
        "# codegen: example f(2.0)\ndef f(x, reg=0.0, eps=1e-5):\n    return x * reg + x * eps\n",
        ("x",),
        ("f: no gradient for reg, eps, which have literal defaults",),
    ),
    "a dict": (
        "# codegen: example f({'a': 2.0, 'mode': 'relu'}, 3.0)\n"
        "def f(p, x):\n    return p['a'] * x if p['mode'] == 'relu' else x\n",
        ("x",),
        ("f: no gradient for p, a dict, which has no gradient yet",),
    ),
    "a dict of settings": (
        "# codegen: example f({'mode': 'relu'}, 3.0)\n"
        "def f(p: dict, x: float):\n    return x * x if p['mode'] == 'relu' else x\n",
        ("x",),
        (),
    ),
    "a list of what is not said": (
        "# codegen: example f([2.0], 3.0)\ndef f(w: list, x: float):\n    return w[0] * x\n",
        ("x",),
        ("f: no gradient for w, a list of unknown items",),
    ),
    "an index that is no number": (
        "# codegen: example f(np.ones(3), [0, 0, 1])\n"
        "def f(x: np.ndarray, i: list[int]):\n    return np.sum(x[i] ** 2)\n",
        ("x",),
        (),
    ),
}


def compiled(text: str, wrt: tuple[str, ...] | None = None) -> Generated:
    return compile_source(Source.from_text(NUMPY + text, "prog.py"), Options(wrt=wrt))


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_serves_as_something_else_is_left_out_and_named(name: str) -> None:
    text, inputs, notes = PROGRAMS[name]
    made = compiled(text)
    assert made.functions[0].wrt == inputs
    told = tuple(note.message for note in made.notes if "no gradient" in note.message)
    assert told == notes
    answers = list(verify(Job(None, NUMPY + text, made.text, made.functions)))
    assert [answer.status for answer in answers] == [VERIFIED], answers


def test_a_mask_that_is_asked_for_has_a_gradient_where_it_is_a_number() -> None:
    text = "def f(x: np.ndarray, m: np.ndarray):\n    return np.sum(x[m]) + np.sum(m * x)\n"
    assert compiled(text).functions[0].wrt == ("x",)
    assert compiled(text, ("x", "m")).functions[0].wrt == ("x", "m")


def test_a_note_says_how_to_ask() -> None:
    (note,) = compiled(PROGRAMS["counts"][0]).notes[:1]
    assert note.help == "--wrt x,n,m asks for it"


def test_a_function_of_nothing_but_indices_is_refused() -> None:
    with pytest.raises(CodegenError, match="nothing to differentiate"):
        compiled("TABLE = np.ones(3)\n\n\ndef f(i):\n    return TABLE[i] * i\n")


def test_a_returned_tuple_within_a_tuple_is_differentiated_when_asked_for() -> None:
    text = "def f(x: float):\n    a = x * x\n    b = 2 * x\n    return a, (b, x)\n"
    made = compile_source(Source.from_text(text, "prog.py"), Options(of=("b",)))
    assert made.notes == ()
    assert made.functions[0].of == ("b",)


def test_one_of_the_arrays_that_a_procedure_writes_is_picked_once() -> None:
    text = (
        "import numpy as np\n\n\ndef f(A: np.ndarray, x: np.ndarray):\n    A *= 2.0\n    x *= A\n"
    )
    made = compile_source(Source.from_text(text, "prog.py"), Options(of=("x",)))
    assert made.functions[0].cotangents == ("dx",)
    assert made.text.count("dx: np.ndarray | None = None") == 1
