"""Every gate, pattern and point, through the whole compiler and against independent oracles."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.gates.declare import GateDefinition
from tests.gate_programs import (
    FORMS,
    TYPINGS,
    Program,
    differentiable,
    list_programs,
    programs,
    taken_as_scalars,
)
from tests.gate_runs import (
    EXACT,
    author,
    call,
    check_value,
    compare,
    cotangents,
    expectation,
    generate,
    in_float32,
    is_computable,
    is_in_float32,
    oracle,
    unformatted,
)

Value = Any
Inputs = tuple[Value, ...]

GATES = differentiable()
each_gate = pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
each_typing = pytest.mark.parametrize("typing", TYPINGS)

# Programs that are refused in a typing, by the gate's own words.
REFUSED = {
    ("full_like", "unannotated"): "not known to be float",
    ("full_like", "array"): "not known to be float",
}
# Gates between 0 and 1.
AT_ENDS = ("logit", "erfinv", "ndtri", "betainc", "beta_pdf")
# Gates that no integer array goes through, with the reason.
NO_INTEGERS = {
    "full": "its points have no array",
    "full_like": "it takes its dtype from an array that must be known to be float",
    "array": "without annotations its items are taken as numbers",
    "linspace": "without annotations its ends are taken as numbers",
    **dict.fromkeys(
        ("logit", "erfinv", "ndtri", "betainc"), "their slopes at the ends are infinite"
    ),
}
# Gates that raise for whole numbers, with the reason.
ONLY_FLOATS = {"gradient_grad": "it adds fractions to an array of its cotangent's dtype"}

# Gates whose backward pass raises where numpy warns of a slice with no entries, with the reason.
NOT_OVER_NOTHING = dict.fromkeys(
    ("std", "nanstd"), "it looks for the range of the entries, and there are none"
)


# Gates whose points cannot lose entries, with the reason.
NEVER_EMPTY = {
    "lu_solve": "its pivots are written out, for three rows",
    "cov": "where there are no variables, numpy leaves out y",
    "corrcoef": "where there are no variables, numpy leaves out y",
    **dict.fromkeys(
        ("diag_grad", "diagonal_grad", "kron_grad_left", "kron_grad_right"),
        "the shape of what they give is written out",
    ),
    "quantile_grad": "there is no quantile of nothing, and so no cotangent of one",
}

# Gates whose gradient is 0 in truth under a cotangent of ones: in float32 only rounding is left.
VANISHING = {"softmax": "the sum is 1 whatever x is"}


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def check(program: Program, inputs: Inputs, tolerance: float | None = None) -> None:
    """Compare value and gradients, with the default and a random cotangent."""
    for cotangent in cotangents(author(program.text)(*inputs)):
        if tolerance is not None and cotangent is None and program.gate in VANISHING:
            continue
        value, found = call(program.text, inputs, cotangent)
        check_value(program.text, inputs, value, tolerance or 1e-14)
        expected, allowed = expectation(program, inputs, cotangent)
        given = tuple(inputs[place] for place in program.wanted)
        compare(found, expected, given, tolerance or allowed)


def check_all(
    gate: GateDefinition,
    typing: str,
    given: Iterable[Program],
    make: Callable[[Program], Inputs] = lambda program: program.inputs,
    tolerance: float | None = None,
    floor: int = 1,
) -> None:
    """Check all programs that can be computed, and report together all that fail."""
    failed, ran = [], 0
    for program in given:
        inputs = make(program)
        if not is_computable(program.text, inputs):
            continue
        ran += 1
        try:
            if (gate.name, typing) in REFUSED and program.form != "inner":
                with pytest.raises(codegen.CodegenError, match=REFUSED[gate.name, typing]):
                    generate(program.text)
                continue
            with np.errstate(divide="raise", invalid="raise", over="raise"):
                check(program, inputs, tolerance)
        except Exception as error:  # noqa: BLE001 - a generated function may raise anything
            failed.append(f"{program.label}\n    {type(error).__name__}: {error}")
    if failed:
        listed = "\n".join(failed[:12])
        pytest.fail(f"{len(failed)} of {ran} programs are wrong:\n{listed}", pytrace=False)
    assert ran >= floor, f"only {ran} programs of {gate.name} can be computed"


@each_gate
@each_typing
def test_gradients_agree_with_the_oracle_at_every_point(gate: GateDefinition, typing: str) -> None:
    forms = FORMS if typing in ("unannotated", "named") else ("alone",)
    check_all(gate, typing, programs(gate, typing, forms))


@pytest.mark.parametrize(
    "gate", [gate for gate in GATES if gate.sequences], ids=lambda gate: gate.name
)
def test_a_list_of_numbers_has_a_list_of_gradients(gate: GateDefinition) -> None:
    check_all(gate, "list", list_programs(gate))


# other kinds of numbers


@each_gate
@pytest.mark.parametrize("typing", ["unannotated", "named", "array"])
def test_float32_goes_in_and_comes_out(gate: GateDefinition, typing: str) -> None:
    given = programs(gate, typing, ("alone", "folded"), in_float32)
    computable = (p for p in given if is_computable(p.text, p.inputs))
    check_all(gate, typing, filter(is_in_float32, computable), tolerance=1e-4, floor=0)


@each_gate
@pytest.mark.parametrize("typing", ["named", "array"])
def test_float32_arrays_of_no_dimensions_keep_their_dtype(
    gate: GateDefinition, typing: str
) -> None:
    def single(operand: Value) -> Value:
        return operand if _is_mask(operand) else np.array(operand, np.float32)

    given = programs(gate, typing, ("alone", "folded"), single)
    check_all(gate, typing, given, tolerance=1e-4, floor=0)


@each_gate
@each_typing
def test_numbers_may_be_arrays_of_no_dimensions(gate: GateDefinition, typing: str) -> None:
    def zero_dimensional(operand: Value) -> Value:
        return np.array(operand) if typing != "unannotated" else operand

    def make(program: Program) -> Inputs:
        return tuple(np.array(v) if np.ndim(v) == 0 else v for v in program.inputs)

    given = programs(gate, typing, ("alone", "folded"), zero_dimensional)
    check_all(gate, typing, (p for p in given if _has_scalar(p)), make, floor=0)


@each_gate
@pytest.mark.parametrize("typing", ["unannotated", "named", "array"])
def test_integers_get_float64_gradients(gate: GateDefinition, typing: str) -> None:
    """Whole numbers: ten times the points', or where that is out of the domain, those next to it.

    What is declared as an integer and gives one has nothing to differentiate.
    """
    if gate.name in ONLY_FLOATS:
        return

    def whole(scale: float) -> Callable[[Value], Value]:
        return lambda v: _whole(v * scale) if _is_array(v) and not _is_mask(v) else v

    def fits(program: Program) -> bool:
        if not any(np.asarray(v).dtype.kind == "i" for v in program.inputs):
            return False
        if (
            typing == "named"
            and gate.name == "power"
            and np.asarray(program.inputs[1]).dtype.kind == "i"
        ):
            return False  # see test_a_whole_exponent_has_no_gradient
        return _same_in_floats(program) and not (
            typing == "named" and _value(program).dtype.kind == "i"
        )

    given = []
    for coarse, fine in zip(
        programs(gate, typing, ("alone", "folded"), whole(10.0)),
        programs(gate, typing, ("alone", "folded"), whole(1.0)),
        strict=True,
    ):
        given += [coarse] if fits(coarse) else [fine] if fits(fine) else []
    if gate.name in AT_ENDS:
        return
    check_all(gate, typing, given, floor=0)
    if typing == "unannotated" and any(
        isinstance(o, tuple) for p in gate.points for o in p.operands
    ):
        assert given or gate.name in NO_INTEGERS, "no point can be computed in integers"


def test_a_whole_exponent_has_no_gradient() -> None:
    text = (
        "import numpy as np\nfrom jaxtyping import Float, Int\n\n\n"
        'def f(x: Float[np.ndarray, "N"], p: Int[np.ndarray, "N"]):\n    return x**p\n'
    )
    _, (dx,) = call(text, (np.array([2.0, -3.0, 0.0, 0.0]), np.array([3, 2, 0, 1])), None)
    assert np.array_equal(dx, [12.0, -6.0, 0.0, 1.0])


@pytest.mark.parametrize("function", ["power", "float_power"])
def test_the_exponent_gets_a_gradient_only_where_the_base_is_positive(function: str) -> None:
    text = f"import numpy as np\n\n\ndef f(x, p):\n    return np.{function}(x, p)\n"
    inputs = np.array([2.0, 0.0, -3.0, 0.0]), np.array([3.0, 2.0, 2.0, 0.0])
    with np.errstate(divide="raise", invalid="raise"):
        _, (dx, dp) = call(text, inputs, None)
    assert dx == pytest.approx(np.array([12.0, 0.0, -6.0, 0.0]))
    assert dp == pytest.approx(np.array([8 * np.log(2.0), 0.0, 0.0, 0.0]))


# other kinds of arrays


LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fortran": np.asfortranarray,
    "every second": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "backwards": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "read-only": lambda a: _read_only(a.copy()),
}


@each_gate
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("typing", ["unannotated", "named"])
def test_the_layout_in_memory_does_not_matter(
    gate: GateDefinition, layout: str, typing: str
) -> None:
    def make(program: Program) -> Inputs:
        return tuple(LAYOUTS[layout](v) if np.ndim(v) else v for v in program.inputs)

    arrays = (p for p in programs(gate, typing, ("alone",)) if any(map(np.ndim, p.inputs)))
    check_all(gate, typing, arrays, make, floor=0)


@each_gate
@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("typing", ["unannotated", "named", "anonymous", "array"])
def test_empty_arrays_have_empty_gradients(gate: GateDefinition, size: int, typing: str) -> None:
    """Every dimension of one size has no entries."""
    if gate.name in NEVER_EMPTY:
        return

    def empty(operand: Value) -> Value:
        if not _is_array(operand):
            return operand
        picked = [slice(0 if n == size else n) for n in operand.shape]
        return operand[tuple(picked)].copy()

    given = [
        p
        for p in programs(gate, typing, ("alone", "folded"), empty)
        if any(map(_is_empty, p.inputs)) and is_computable(p.text, p.inputs)
    ]
    if gate.name in NOT_OVER_NOTHING:
        given = [p for p in given if not _warns(p)]
    # the built-in sum of nothing is the int 0
    check_all(gate, typing, (p for p in given if _value(p).dtype.kind == "f"), floor=0)


@each_gate
@pytest.mark.parametrize("typing", ["unannotated", "named", "array"])
def test_one_array_may_be_given_twice(gate: GateDefinition, typing: str) -> None:
    def make(program: Program) -> Inputs:
        first = program.inputs[program.wanted[0]]
        return tuple(
            first if place in program.wanted else v for place, v in enumerate(program.inputs)
        )

    given = (
        p
        for p in programs(gate, typing, ("alone",))
        if len(p.wanted) > 1
        and p.holomorphic
        and len({np.shape(p.inputs[place]) for place in p.wanted}) == 1
    )
    check_all(gate, typing, given, make, floor=0)


# literals and scalars


LITERALS = ("0", "2", "3", "0.5", "-1", "-2", "2.5")
WITH_LITERALS = [
    *(f"{literal} {operator} x" for literal in LITERALS for operator in "+-*/"),
    *(f"{literal} ** x" for literal in LITERALS if float(literal) > 0),
    *(f"x {operator} {literal}" for literal in LITERALS for operator in ("+", "-", "*", "**")),
    *(f"x / {literal}" for literal in LITERALS if literal != "0"),
]


@pytest.mark.parametrize("expression", WITH_LITERALS)
@pytest.mark.parametrize("annotation", ["", ": float", ': Float[np.ndarray, "N"]'])
def test_an_operand_may_be_a_literal(expression: str, annotation: str) -> None:
    text = (
        "import numpy as np\nfrom jaxtyping import Float\n\n\n"
        f"def f(x{annotation}):\n    return {expression}\n"
    )
    x = np.array([0.4, 1.7]) if "ndarray" in annotation else 0.4
    for cotangent in cotangents(author(text)(x)):
        value, found = call(text, (x,), cotangent)
        check_value(text, (x,), value, 1e-14)
        expected, _ = oracle(text, (x,), (0,), cotangent, exact=True)
        compare(found, expected, (x,), EXACT)


@each_gate
def test_what_is_taken_as_a_scalar_raises_on_arrays(gate: GateDefinition) -> None:
    from tests.gate_programs import build, patterns, points

    for pattern in patterns(gate):
        fitting = [p for p in points(gate, pattern) if not any(map(np.ndim, p.operands))]
        if not taken_as_scalars(pattern) or not fitting:
            continue
        literal = "2" if any(a.role == "literal" for a in pattern.arguments) else None
        program = build(gate, pattern, fitting[0], literal, "unannotated", "alone")
        with pytest.raises((TypeError, ValueError)):
            generate(program.text)(*(np.full(3, v) for v in program.inputs))


def _is_array(value: Value) -> bool:
    return isinstance(value, np.ndarray)


def _is_mask(value: Value) -> bool:
    return np.asarray(value).dtype == bool


def _is_empty(value: Value) -> bool:
    return _is_array(value) and value.size == 0


def _has_scalar(program: Program) -> bool:
    return any(np.ndim(v) == 0 for v in program.inputs)


def _warns(program: Program) -> bool:
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        author(program.text.replace("np.nan", "np."))(*program.inputs)  # nanstd warns less often
    return bool(noted)


def _value(program: Program) -> np.ndarray:
    return np.asarray(author(program.text)(*program.inputs))


def _whole(value: Value) -> Value:
    return (np.sign(value) * np.ceil(np.abs(value))).astype(int)


def _same_in_floats(program: Program) -> bool:
    """True if the author's function computes the same in integers and in floats."""
    floats = tuple(v * 1.0 if not _is_mask(v) else v for v in program.inputs)
    if not is_computable(program.text, program.inputs) or not is_computable(program.text, floats):
        return False
    function = author(program.text)
    return bool(np.allclose(function(*program.inputs), function(*floats), rtol=1e-12))


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
