"""Old contents are kept only where what the reverse reads may have been overwritten."""

from __future__ import annotations

import warnings

import pytest

from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD
from tests.random_control import without_black

KEPT = {
    "the entry to the left, from left to right": (
        "for i in range(1, n):\n        a[i] = a[i] * a[i - 1]",
        True,
    ),
    "the entry to the right, from left to right": (
        "for i in range(n - 1):\n        a[i] = a[i] * a[i + 1]",
        True,
    ),
    "the last entry, by a negative index in the first turn": (
        "for i in range(n):\n        a[i] = 2 * a[i - 1] * a[i - 1]",
        True,
    ),
    "all entries to the left": ("for i in range(n):\n        a[i] -= a[:i] @ a[:i]", False),
    "all entries to the left, from right to left": (
        "for i in range(n - 1, -1, -1):\n        a[i] -= a[:i] @ a[:i]",
        True,
    ),
    "all entries to the right, from right to left": (
        "for i in range(n - 1, -1, -1):\n        a[i] -= a[i + 1 :] @ a[i + 1 :]",
        False,
    ),
    "the first entry, which the first turn overwrites": (
        "for i in range(n):\n        a[i] /= a[0]",
        True,
    ),
    "the first entry, which no turn overwrites": (
        "for i in range(1, n):\n        a[i] /= a[0]",
        False,
    ),
    "even entries from odd ones": (
        "for i in range(n // 2):\n        a[2 * i] -= a[2 * i + 1] ** 2",
        False,
    ),
    "what a later loop overwrites": (
        "for i in range(n):\n        a[i] -= a[:i] @ a[:i]\n"
        "    for i in range(n):\n        a[i] = a[i] * a[i]",
        True,
    ),
    "a part that a slice overwrites": ("a[:2] *= a[0]\n    a[1:] /= a[1]", True),
    "a part beside it": ("a[2:] -= a[0] ** 2\n    a[2:] -= a[1] ** 2", False),
    "a quotient that is overwritten": ("a[2:] /= a[0]\n    a[2:] -= a[1] ** 2", True),
    "a loop in a loop": (
        "for t in range(2):\n        for i in range(1, n):\n            a[i] -= a[0] * a[0]",
        False,
    ),
    "a loop in a loop that comes back": (
        "for t in range(2):\n        for i in range(1, n):\n            a[i] -= a[:i] @ a[:i]",
        True,
    ),
    "the entry to the left, where there is one": (
        "for i in range(n):\n        a[i] = 2 * a[i]\n        if i > 0:\n"
        "            a[i] -= a[i - 1] * a[i - 1]",
        False,
    ),
    "the entry to the left, or the last": (
        "for i in range(n):\n        if i >= 0:\n            a[i] -= a[i - 1] * a[i - 1]",
        True,
    ),
    "two arms that never run in one turn": (
        "for i in range(n):\n        if i == 0:\n            a[i] -= x[i] ** 2\n"
        "        else:\n            a[i] -= a[0] * a[i - 1]",
        False,
    ),
    "the other arm, of a chain": (
        "for i in range(n):\n        if 0 < i < 3:\n            a[i] -= a[i - 1] ** 2\n"
        "        else:\n            a[i] -= a[i - 1] ** 2",
        True,
    ),
    "a while": (
        "i = 1\n    while i < n:\n        a[i] -= a[0] * a[0]\n        i = i + 1",
        True,
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_old_contents_are_kept_only_if_they_are_read_again(name: str) -> None:
    body, keeps = KEPT[name]
    text = (
        f"{HEAD}# codegen: example f(np.array([0.4, -0.7, 1.3, 0.9, -1.1, 0.6]))\n"
        f"def f(x: np.ndarray):\n    n = len(x)\n    a = 1.0 * x\n    {body}\n"
        "    return np.sum(a * a * np.arange(1.0, n + 1))\n"
    )
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "program.py"), Options())
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    assert ("_old" in made.text) == keeps, made.text
