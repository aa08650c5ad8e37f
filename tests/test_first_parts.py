"""Parts of a gradient that are given what they get: `dx[t] = ...`, where nothing was added before.

Each program is held to central differences, by itself; what may be touched twice stays `+=`.
"""

from __future__ import annotations

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

HEAD = "import math\nimport numpy as np\nfrom jaxtyping import Float\n\n\n"
CALL = "f(np.sin(np.arange(8.0) + 0.3))"
MATRIX = "f(np.sin(np.arange(24.0) + 0.3).reshape(3, 8))"

# body, call, whether parts are assigned, whether parts are added
PROGRAMS = {
    "each turn its entry": ("for t in range(8):\n    s += math.sin(x[t])", CALL, True, False),
    "backwards": ("for t in range(7, -1, -1):\n    s += s * x[t]", CALL, True, False),
    "each turn and the next": ("for t in range(7):\n    s += x[t] * x[t + 1]", CALL, True, True),
    "windows apart": (
        "for t in range(4):\n    s += np.prod(x[2 * t : 2 * t + 2])",
        CALL,
        True,
        False,
    ),
    "windows that overlap": (
        "for t in range(6):\n    s += np.prod(x[t : t + 3])",
        CALL,
        False,
        True,
    ),
    "steps of three": (
        "for t in range(0, 6, 3):\n    s += np.prod(x[t : t + 3])",
        CALL,
        True,
        False,
    ),
    "steps of two, three wide": (
        "for t in range(0, 5, 2):\n    s += np.prod(x[t : t + 3])",
        CALL,
        False,
        True,
    ),
    "from the end": ("for t in range(8):\n    s += x[-t] * s", CALL, False, True),
    "below the start": ("for t in range(8):\n    s += x[t - 4] * (t + 1)", CALL, False, True),
    "the same in every turn": ("for t in range(3):\n    s += s * x[2]", CALL, False, True),
    "in every turn of an outer loop": (
        "for k in range(2):\n    for t in range(8):\n        s += s * x[t]",
        CALL,
        False,
        True,
    ),
    "rows by two loops": (
        "for i in range(3):\n    for j in range(8):\n        s += s * x[i, j] * 0.3",
        MATRIX,
        True,
        False,
    ),
    "columns in every row's turn": (
        "for i in range(3):\n    for j in range(8):\n        s += s * x[0, j] * 0.3",
        MATRIX,
        False,
        True,
    ),
    "numbers of a list": ("for t in [1, 3, 1]:\n    s += x[t] * (s + t)", CALL, True, True),
    "a while loop": (
        "t = 0\nwhile t < 6:\n    s += math.sin(x[t])\n    t += 1 + (t == 2)",
        CALL,
        False,
        True,
    ),
    "two loops": (
        "for t in range(8):\n    s += s * x[t]\nfor t in range(8):\n    s += s * x[t]",
        CALL,
        None,
        True,
    ),
    "in one arm": (
        "for t in range(8):\n    if t != 3:\n        s += s * math.sin(x[t])",
        CALL,
        True,
        False,
    ),
    "twice in a turn": (
        "for t in range(8):\n    s += s * math.sin(x[t])\n    s += math.cos(x[t]) * s",
        CALL,
        None,
        True,
    ),
    "the whole, too": (
        "for t in range(8):\n    s += s * x[t]\ns *= np.sum(x * x)",
        CALL,
        False,
        True,
    ),
    "the whole, before": (
        "s = np.sum(x * x)\nfor t in range(8):\n    s += s * math.sin(x[t])",
        CALL,
        None,
        None,
    ),
    "halves": (
        "n = x.shape[0] // 2\ns = np.prod(x[:n]) * np.sum(np.exp(x[n:]))",
        CALL,
        None,
        None,
    ),
    "thirds of a size": (
        "H = x.shape[0]\na = np.outer(x, x).ravel()[: 3 * H]\n"
        "s = np.prod(a[:H]) * np.sum(np.exp(a[H : 2 * H])) * np.sum(np.sin(a[2 * H :]))",
        CALL,
        True,
        False,
    ),
    "parts that overlap": (
        "H = x.shape[0]\na = np.outer(x, x).ravel()\n"
        "s = np.sum(a[: 2 * H] ** 3) * np.sum(np.exp(a[H : 3 * H])) * np.sum(np.sin(a[2 * H :]))",
        CALL,
        None,
        True,
    ),
    "an array that each turn makes": (
        "for k in range(3):\n    a = np.exp(s * x)\n    s = s * a[0] * np.sin(a[1]) + a[2]",
        CALL,
        True,
        None,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_gradient_is_right_and_parts_are_assigned_where_nothing_was(name: str) -> None:
    body, call, assigns, adds = PROGRAMS[name]
    axes = "N M" if call is MATRIX else "N"
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    head = f"def f(x: Float[np.ndarray, {axes!r}]):\n    s = 1.0\n"
    text = f"{HEAD}# codegen: example {call}\n{head}{lines}    return s\n"
    made = compile_source(Source.from_text(text, "f.py"), Options())
    (answer,) = verify(Job(None, text, made.text, made.functions))
    assert answer.status == VERIFIED, "\n".join(answer.lines)
    backward = codegen.generate(text).partition("backward pass")[2] or made.text
    rows = [row.strip() for row in backward.split("\n") if row.strip().startswith(("dx[", "da["))]
    if assigns is not None:
        assert any("] = " in row for row in rows) == assigns, made.text
    if adds is not None:
        assert any("] += " in row or "] -= " in row for row in rows) == adds, made.text
