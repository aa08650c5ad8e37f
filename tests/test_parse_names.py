"""Names of the top level that do not keep what one statement gave them."""

from __future__ import annotations

import ast

import pytest

from codegen.parse_names import changed_names, free_names

CHANGED: dict[str, set[str]] = {
    "W = [1, 2]": set(),
    "import numpy as np\nW = np.sort(np.ones(3))\nnp.random.seed(0)\nprint(W)": set(),
    "W = [1, 2]\nW[0] = 3": {"W"},
    "W = [1, 2]\nW[0] += 3": {"W"},
    "W = [1, 2]\ndel W[0]": {"W"},
    "W = [1, 2]\ndel W": {"W"},
    "W = [1, 2]\nW.sort()": {"W"},
    "W = {}\nW['a']['b'] = 3": {"W"},
    "import numpy as np\nW = np.zeros(3)\nnp.add.at(W, 0, 1)": {"W"},
    "import numpy as np\nW = np.zeros(3)\nnp.exp(W, out=W)": {"W"},
    "import random\nW = [1, 2]\nrandom.shuffle(W)": {"W"},
    "W = [1, 2]\nV = W\nV[0] = 3": {"V", "W"},
    "import numpy as np\nW = np.zeros((2, 3))\nV = W.T[1:]\nU = V.reshape(-1)\nU[0] = 3": {
        "U",
        "V",
        "W",
    },
    "W = [1, 2]\nfor i in range(2):\n    W[i] = i": {"W", "i"},
    "K = 1\nif K:\n    K = 2": {"K"},
    "try:\n    import numpy as np\nexcept ImportError:\n    np = None": {"np"},
    "K = 1\nwith open('k') as f:\n    K = f": {"K", "f"},
    "K = 1\nif __name__ == '__main__':\n    K = 2": set(),
    "K = 1\ndef f():\n    global K\n    K = 2": {"K"},
    "W = [1]\ndef f():\n    W[0] = 2": {"W"},
    "W = [1]\ndef f(W):\n    W[0] = 2": set(),
    "W = [1]\ndef f():\n    W = [2]\n    W[0] = 2": set(),
    "W = [1]\ndef fill(a):\n    a[0] = 2\nfill(W)": {"W"},
    "K = (J := 3)": {"J"},
    "from math import exp\ndef exp(x):\n    return x": {"exp"},
    "def exp(x):\n    return x\nexp = exp": {"exp"},
    "class np:\n    pass\nimport numpy as np": {"np"},
}


@pytest.mark.parametrize("text", CHANGED)
def test_a_name_that_is_bound_again_or_written_into_is_found(text: str) -> None:
    assert changed_names(ast.parse(text)) == CHANGED[text]


def test_free_names_are_those_from_around() -> None:
    text = "def f(a, b=K):\n    c = a + g(b)\n    return [c * i for i in T], lambda z: z + np.pi\n"
    assert sorted(free_names(ast.parse(text).body[0])) == ["K", "T", "g", "np"]
