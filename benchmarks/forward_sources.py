"""Forward files of any length, for the generator to be measured on."""

from __future__ import annotations

FLAVOURS = ("scalar", "array")

_WORDS = (
    "gain",
    "flux",
    "rate",
    "pull",
    "mass",
    "tone",
    "wave",
    "heat",
    "load",
    "slope",
    "ridge",
    "sum_of_parts",
    "left_edge",
)

# Each keeps its values near 1, so that 10,000 of them in a row neither overflow nor die out:
# a is the stage before, b an older one, x and y are inputs.
_SCALAR = (
    "0.4 * {a} + 0.5 * {b}",
    "math.sin({a}) * {b}",
    "1.0 / (1 + math.exp(-{a}))",
    "0.5 * ({a} - {b}) + x",
    "math.tanh({a} + {b}) - 0.1 * {a}",
    "{a} * {b} / (1 + {a}**2)",
    "{a}**2 / (1 + {a}**2) - 0.5 * {b}",
    "math.cos({a}) * x + 0.25 * {b}",
    "0.3 * math.sqrt(1 + {a}**2 + y**2)",
)
_ARRAY = (
    "0.4 * {a} + 0.5 * {b}",
    "np.sin({a}) * {b}",
    "1.0 / (1 + np.exp(-{a}))",
    "0.5 * ({a} - {b}) + x",
    "np.tanh({a} + y) - 0.1 * {b}",
    "np.maximum(0, {a}) + 0.2 * {b}",
    "{a} - np.mean({a}, axis=1, keepdims=True)",
    "0.2 * ({a} @ W) + 0.25 * {b}",
    "0.3 * np.sqrt(1 + {a}**2 + {b}**2)",
)
_SCALAR_HEAD = """\
import math


def f(x, y):
    start = x * y
"""
_ARRAY_HEAD = """\
import numpy as np
from jaxtyping import Float

Array = np.ndarray


def f(x: Float[Array, "N D"], y: Float[Array, "D"], W: Float[Array, "D D"]) -> float:
    start = x * y
"""


def forward_source(flavour: str, stages: int) -> str:
    """Return a forward file whose function f has that many stages, each read by a later one."""
    head, forms = {"scalar": (_SCALAR_HEAD, _SCALAR), "array": (_ARRAY_HEAD, _ARRAY)}[flavour]
    names = ["start"]
    lines = []
    for number in range(1, stages):
        turn, word = divmod(number - 1, len(_WORDS))
        name = f"{_WORDS[word]}{turn}" if turn else _WORDS[word]
        # 13 words, 9 forms and a stride of 7: no two neighbourhoods are the same for long
        older = names[max(0, number - 2 - 7 * number % 23)]
        lines.append(f"    {name} = {forms[number % len(forms)].format(a=names[-1], b=older)}\n")
        names.append(name)
    last = names[-1]
    result = last if flavour == "scalar" else f"np.sum({last} * {last})"
    return f"{head}{''.join(lines)}    return {result}\n"
