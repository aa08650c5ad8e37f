"""Masks that are written twice: computed once beside a store, and known to pick as many."""

from __future__ import annotations

import warnings

import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_control import without_black

HEAD = """\
import numpy as np
from jaxtyping import Float

def shifted(v):
    v += 0.3
    return v

"""
ONE = "x: Float[np.ndarray, 'N']"
TWO = f"{ONE}, z: Float[np.ndarray, 'N']"
PLAIN = {  # parameters and body: nothing is summed to a shape
    "leaky": (ONE, "    x[x < 0] = 0.1 * x[x < 0]\n    return x\n"),
    "augmented": (ONE, "    x[x < 0] *= np.sin(x[x < 0])\n    return x\n"),
    "power": (ONE, "    x[x > 0.1] **= 1 + x[x > 0.1]\n    return x\n"),
    "both sides of a band": (
        ONE,
        "    x[(x > -1) & (x < 1)] = x[(x > -1) & (x < 1)] ** 3\n    return x\n",
    ),
    "inverted": (ONE, "    m = x > 0\n    x[~m] = np.exp(x[~m])\n    return x\n"),
    "of another": (TWO, "    z[x > 0] = np.exp(-x[x > 0])\n    z[x <= 0] *= x[x <= 0]\n"),
    "named and not": (
        TWO,
        "    m = x > 0\n    z[m] = np.exp(-x[x > 0])\n    z[~m] = x[~(x > 0)]\n",
    ),
    "in a loop": (
        ONE,
        "    for t in range(3):\n        x[x < 0] = 0.5 * x[x < 0] + 0.1 * t\n        x -= 0.2\n"
        "    return x\n",
    ),
    "with a row": (
        ONE,
        "    A = np.outer(x, x)\n    A[0, A[0] < 0] = 0.1 * A[0, A[0] < 0] ** 2\n    return A\n",
    ),
}
OTHERS = {
    "after a store": (
        ONE,
        "    y = x[x > 0]\n    x *= -1\n    x[x < 0] = y * x[x < 0]\n    return x\n",
    ),
    "a mask that is changed": (
        TWO,
        "    m = x > 0\n    y = x[m]\n    m[:] = True\n    z[m] = y[0] * z[m]\n    return z\n",
    ),
    "a right side that writes": (ONE, "    x[x < 0] = np.sum(shifted(x)[x < 0])\n    return x\n"),
    "a sum of what is picked": (ONE, "    x[x < 0] = np.mean(x[x < 0])\n    return x\n"),
    "one number for many": (TWO, "    z[x > 0] = z[z == np.max(z)]\n    return z\n"),
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("name", [*PLAIN, *OTHERS])
def test_gradients_are_right(name: str, style: str) -> None:
    given, body = (PLAIN | OTHERS)[name]
    values = ["np.array([1.5, -0.4, 0.7, -2.0])", "np.array([0.9, -1.1, 2.0, 0.4])"]
    call = ", ".join(values[: given.count("Float")])
    text = f"{HEAD}# codegen: example f({call})\ndef f({given}):\n{body}"
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = compile_source(Source.from_text(text, "p.py"), Options(("f",), style=style))
        except codegen.CodegenError:
            assert name not in PLAIN
            return
        for answer in verify(Job(None, text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    if name in PLAIN:
        assert "_unbroadcast" not in made.text


def test_a_leaky_rectifier_in_place_reads_as_one_writes_it() -> None:
    given, body = PLAIN["leaky"]
    made = codegen.generate(f"{HEAD}def f({given}):\n{body}")
    assert "    mask = x < 0\n    x[mask] = 0.1 * x[mask]  # (1)\n" in made
    assert "    dx[mask] *= 0.1\n" in made
