"""Equal additions to one part of a cotangent are one statement."""

from __future__ import annotations

import warnings

import pytest

from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.random_control import without_black

HEAD = """\
import numpy as np
from jaxtyping import Float
"""
C, L, R = "A[1:-1]", "A[:-2]", "A[2:]"
# what is stored -> the line for the centre
STORED = {
    f"0.1 * ({L} - 2.0 * {C} + {R}) + 0.1 * ({L} - 2.0 * {C} + {R})": "dA[1:-1] -= 4 * dB_total",
    f"({L} + {C}) * 0.5 + ({C} + {R}) * 0.5": "dA[1:-1] += 2 * dB_total",
    f"{C} * {C} + np.sin({L})": "dA[1:-1] += 2 * A[1:-1] * dB[1:-1]",
    f"{L} + 0.5 * {C} + {R} + 0.5 * {C}": "dA[1:-1] += dB[1:-1]",
    f"{L} + 0.25 * {C} + np.exp({R}) + 0.25 * {C}": "dA[1:-1] += 0.5 * dB[1:-1]",
    f"{L} + {C} / 3 + {R} * {C} + {C} / 3": "dA[1:-1] += 2 * dB[1:-1] / 3",
    f"{C} - {L} - {C} + {C}": "dA[1:-1] -= dB[1:-1]",
}


@pytest.mark.parametrize("style", ["joint", "split"])
@pytest.mark.parametrize("stored", STORED)
def test_gradients_are_right(stored: str, style: str) -> None:
    text = (
        f"{HEAD}# codegen: example f(np.linspace(0.2, 1.7, 6) ** 2, np.ones(6))\n"
        'def f(A: Float[np.ndarray, "N"], B: Float[np.ndarray, "N"]):\n'
        f"    for t in range(2):\n        B[1:-1] = {stored}\n        A += 0.3 * B\n"
    )
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_source(Source.from_text(text, "p.py"), Options(("f",), style=style))
        for answer in verify(Job(None, text, made.text, made.functions)):
            assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])
    assert STORED[stored] in made.text, made.text
