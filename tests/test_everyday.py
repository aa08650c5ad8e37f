"""What is written every day: accepted as it stands, and right."""

from __future__ import annotations

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
