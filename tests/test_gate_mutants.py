"""The points of each gate notice a wrong rule: every small change of a body fails somewhere."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from codegen.gates.declare import GateDefinition
from tests.gate_mutants import Mutant, mutants, mutated
from tests.gate_programs import Program, differentiable, list_programs, programs
from tests.gate_runs import (
    author,
    call,
    compare,
    cotangents,
    expectation,
    generate,
    in_float32,
    is_computable,
    is_in_float32,
    unformatted,
)

# Gates whose body asks for numbers of entries.
BY_SIZES = ("take_along_axis",)
# Changes that change nothing, with the reason. (gate, mutant)
EQUIVALENT = {
    (
        "gradient_grad",
        "swapped: (np.gradient(d, x, axis=axis, edge_order=edge_order), None, None)",
    ): "both are None",
    **{
        (gate, f"swapped: ({body}, None, None)"): "both are None"
        for gate, body in (
            ("diag_grad", "np.diag(d, k)"),
            ("diagonal_grad", "np.diagonal(d, offset, axis1, axis2)"),
            ("take_along_axis_grad", "np.take_along_axis(d, indices, axis=axis)"),
            ("take_along_axis_grad", "np.take_along_axis(np.ravel(d), indices, axis=0)"),
            ("taken_once_grad", "np.take_along_axis(d, indices, axis=axis)"),
            ("partition_grad", "helper('_partition_grad', d, parts, x, axis)"),
            ("partition_grad", "helper('_partition_grad', np.ravel(d), parts, np.ravel(x), -1)"),
            ("running_extreme_grad", "helper('_running_extreme_of', d, x, ends, axis)"),
            ("running_extreme_of", "helper('_running_extreme_grad', d, x, ends, axis)"),
        )
    },
    ("add", "swapped: (1, 1)"): "both are 1",
    ("power", "other sign: p - 1 + (p == 0)"): "matters only where x and p are 0 (a test apart)",
    ("power", "x for out: out #2"): "the dtype of the logarithm, where precisions are mixed",
    ("append", "swapped: (own_part(d, axis), own_part(d, axis))"): "each is about its own part",
    ("hypot", "other sign: out + (out == 0)"): "matters only where x and y are 0 anyway",
    ("hypot", "other sign: out + (out == 0) #2"): "matters only where x and y are 0 anyway",
    ("hypot", "x for out: out #3"): "x / out is 0 where x is 0",
    ("length_of", "x for out: out #2"): "x / out is 0 where x is 0",
    ("arctan2", "other sign: np.hypot(x, y) + (x == 0) * (y == 0)"): "matters only at (0, 0)",
    ("float_power", "other sign: p - 1 + (p == 0)"): "as of power",
    ("float_power", "x for out: out #2"): "as of power",
    ("length_of", "other sign: out + (out == 0)"): "matters only where x is 0 anyway",
    ("dist", "other sign: out + (out == 0)"): "matters only where p and q are one anyway",
    ("dist", "other sign: out + (out == 0) #2"): "matters only where p and q are one anyway",
    **{
        ("erfcx", what): "far terms of a series, smaller than a point sees (a test apart, to 1e-11)"
        for what in (
            "left factor only: 5 * t * (1 - 7 * t)",
            "other sign: 1 - 7 * t",
            "right factor only: 7 * t",
        )
    },
    ("maximum_literal", "x for out: out #2"): "x is above the literal where out is",
    (
        "normalized",
        "swapped: ((d - mean_along(d, axis) - out * mean_along(out * d, axis)) / std, None, None)",
    ): "mean and deviation are not the program's parameters",
    (
        "log_shares",
        "swapped: (d - np.sum(d, axis=axis, keepdims=True) / total * exps, None, None)",
    ): "the exponentials and their sum are not the program's parameters",
    ("math_prod", "other sign: x + is_zero"): "what stands for a 0 cancels",
    (
        "norm",
        "other sign: expand(out, axis, keepdims) + (expand(out, axis, keepdims) == 0)",
    ): "matters only where x is 0 anyway",
    ("norm", "other sign: length + (length == 0)"): "matters only where x is 0 anyway",
    **{
        (gate, f"{change}: {text}"): "only where the tuple is unpacked: see test_linear_algebra"
        for gate, text in (
            ("eigh_values", "helper('_eigenvalues_grad', d, part(1))"),
            ("eig_values", "helper('_eig_values_grad', d, out, part(1))"),
            ("svd_values", "helper('_singular_values_grad', d, part(0), part(2))"),
        )
        for change in ("1 %", "sign")
    },
    **dict.fromkeys(
        [
            ("eigvals", "x for out: out"),
            ("eig_values", "x for out: out"),
            ("eig_values", "x for out: out #2"),
        ],
        "only whether they are real and differ is asked: see test_linear_algebra",
    ),
    ("sinc", "other sign: x + (x == 0)"): "any divisor will do where the series is taken",
    ("prod", "other sign: x + is_zero"): "one zero taken as -1 is divided out again",
    ("maximum_literal", "x for out: out"): "x > C exactly where max(x, C) > C",
    ("maximum_half", "x for out: out"): "x > C exactly where max(x, C) > C",
    ("fmax_literal", "x for out: out"): "x > C exactly where fmax(x, C) > C",
    ("fmin_literal", "x for out: out"): "x < C exactly where fmin(x, C) < C",
    ("clip", "swapped: (1, None, None)"): "there is no bound",
    ("clip", "x for out: out #2"): "x < max exactly where out < max",
    ("clip", "x for out: out #4"): "x > min exactly where out > min",
    ("clip", "x for out: out #6"): "x > min exactly where out > min, as out < max",
    ("clip", "x for out: out #7"): "x < max exactly where out < max, as out > min",
    ("minimum_literal", "x for out: out"): "x < C exactly where min(x, C) < C",
}


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def samples(gate: GateDefinition) -> list[Program]:
    """Return programs of all points in both kinds of typing, the most telling first."""
    found = [
        p
        for form, typing in (
            *(("alone", "named"), ("alone", "unannotated"), ("folded", "named")),
            *([("alone", "sized")] if gate.name in BY_SIZES else []),
        )
        for p in programs(gate, typing, (form,))
        if is_computable(p.text, p.inputs)
    ]
    found += list_programs(gate)
    found += [
        p
        for p in programs(gate, "named", ("alone",), in_float32)
        if is_computable(p.text, p.inputs) and is_in_float32(p)
    ]
    # those that differ in their text come first, as they show other branches of a body
    first = {p.text: p for p in reversed(found)}
    return [*first.values(), *(p for p in found if p is not first[p.text])]


def prepared(gate: GateDefinition) -> list[tuple[Program, Any, list[Any], float]]:
    """Return each sample with a random cotangent, what is right, and to what tolerance.

    Samples that fail with the right body, or are refused, show nothing.
    """
    rows = []
    for program in samples(gate):
        cotangent = cotangents(author(program.text)(*program.inputs))[-1]
        expected, tolerance = expectation(program, program.inputs, cotangent)
        tolerance = 1e-4 if is_in_float32(program) else tolerance
        row = (program, cotangent, expected, tolerance)
        if not notices(row):
            rows.append(row)
    assert rows, f"no point of {gate.name} passes"
    return rows


def notices(row: tuple[Program, Any, list[Any], float]) -> bool:
    """True if the gradients of a sample are now wrong in any way."""
    program, cotangent, expected, tolerance = row
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            gradient = generate(program.text)
            if not names_of_gradients(program) <= set(re.findall(r"\w+", gradient.__doc__)):
                return True
            _, found = call(program.text, program.inputs, cotangent, gradient)
            given = tuple(program.inputs[place] for place in program.wanted)
            compare(found, expected, given, tolerance)
    except Exception:  # noqa: BLE001 - a wrong body may do anything
        return True
    return False


def names_of_gradients(program: Program) -> set[str]:
    return {f"d{program.parameters[place]}" for place in program.wanted}


def survives(mutant: Mutant, rows: list[tuple[Program, Any, list[Any], float]]) -> bool:
    with mutated(mutant):
        return not any(map(notices, rows))


@pytest.mark.parametrize("gate", differentiable(), ids=lambda gate: gate.name)
def test_every_small_change_of_a_rule_is_noticed(gate: GateDefinition) -> None:
    rows = prepared(gate)
    alive = {m.what for m in mutants(gate) if survives(m, rows)}
    listed = {what for name, what in EQUIVALENT if name == gate.name}
    unnoticed, stale = sorted(alive - listed), sorted(listed - alive)
    assert not unnoticed, f"no point of {gate.name} notices: {'; '.join(unnoticed)}"
    assert not stale, f"these are noticed, so they change something: {'; '.join(stale)}"


def test_a_gate_is_restored_after_a_mutation() -> None:
    for gate in differentiable():
        before = gate.body, gate.without_gradient
        for mutant in mutants(gate):
            with mutated(mutant):
                assert gate.body is mutant.body
        assert (gate.body, gate.without_gradient) == before


def test_equivalent_changes_name_gates_that_exist() -> None:
    assert {name for name, _ in EQUIVALENT} <= {gate.name for gate in differentiable()}
    assert all(EQUIVALENT.values())
