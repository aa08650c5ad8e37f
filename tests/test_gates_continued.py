"""Gates that numpy does not take complex numbers for: complex step through the interpreter.

Central differences, the oracle of test_gates for them, see six digits; this sees ten.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from codegen.build.function import build
from codegen.gates.declare import GateDefinition
from codegen.interpret.evaluate import interpret_built
from codegen.parse import parse
from codegen.source import Source
from codegen.verification.oracle import complex_step
from tests import gate_kinks
from tests.gate_programs import Program, differentiable, programs
from tests.gate_runs import EXACT, author, call, compare, cotangents, is_computable, unformatted

# Gates that the interpreter does not continue, with the reason.
REAL_ONLY = {
    "arange_from": "numpy counts its entries with the imaginary parts",
    "full_like": "it has the dtype of its first operand, and no imaginary part",
    "trapezoid_grad": "what it adds to has a real dtype",
    **dict.fromkeys(
        ("trapezoid_grad_x", "quantile_grad"),
        "the interpreter takes what they carry for a function of the file, and it is in numpy",
    ),
    **dict.fromkeys(
        ("vdot", "var", "std", "nanvar", "nanstd", "cov", "corrcoef", "normalized"),
        "numpy conjugates",
    ),
}
# Families that take real numbers only, or conjugate; test_gates_to_50_digits sees more of scipy's.
REAL_FAMILIES = (
    *("special", "special_axes", "distributions"),
    *("matrices", "decompositions", "scipy_linalg"),
)
GATES = [
    g
    for g in differentiable()
    if not g.holomorphic and g.name not in REAL_ONLY and g.family not in REAL_FAMILIES
]


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def slopes(program: Program, cotangent: Any) -> list[Any]:
    """Return the gradients of a program by complex step through the interpreter."""
    module = parse(Source.from_text(program.text, "program.py"))
    built = build(module, module.functions["f"])

    def function(*moved: Any) -> Any:
        arguments = list(program.inputs)
        for place, value in zip(program.wanted, moved, strict=True):
            arguments[place] = value
        return interpret_built(built, arguments)[0]

    weights = cotangent if cotangent is None or np.ndim(cotangent) else float(cotangent)
    return complex_step(function, [program.inputs[place] for place in program.wanted], weights)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_gradients_agree_with_complex_step(gate: GateDefinition) -> None:
    ran = 0
    for program in programs(gate, "named", ("alone",)):
        at_kink = gate_kinks.slopes(program.gate, program.literal, program.point) is not None
        if at_kink or not is_computable(program.text, program.inputs):
            continue
        if gate.name == "maximum_half" and np.any(np.asarray(program.inputs[0]) == 0):
            continue  # the branches that the interpreter takes do not meet as the gate's do
        for cotangent in cotangents(author(program.text)(*program.inputs)):
            _, found = call(program.text, program.inputs, cotangent)
            given = tuple(program.inputs[place] for place in program.wanted)
            compare(found, slopes(program, cotangent), given, EXACT)
            ran += 1
    assert ran
