"""A wrong gradient is FAILED, with its line; a right one is ok, with its deviation."""

from __future__ import annotations

import re

import pytest

from tests.verification_cases import FORK, LAYER, PAIR, SCRIPT, STAGED, Case, report, scalar

ALL = [STAGED, LAYER, FORK, SCRIPT, PAIR]


def line_of(case: Case, text: str) -> str:
    """Return a line of the gradient as a report shows it."""
    rows = enumerate(case.gradient.split("\n"), 1)
    number = next(number for number, row in rows if row.strip() == text)
    return f"the first gradient line that disagrees: {number}: {text}"


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.reports[0].name)
def test_a_right_gradient_is_ok_for_each_input(case: Case) -> None:
    answer = case.answer()
    assert answer.status == 0, answer.lines
    name = case.reports[0].name
    shown = [re.match(rf"{name}: (\w+): largest deviation (\S+) from", row) for row in answer.lines]
    assert [match and match[1] for match in shown] == list(case.reports[0].wrt)
    assert all(float(match[2]) < 1e-9 for match in shown if match)
    assert all(row.endswith("central differences, tolerance 1e-06: ok") for row in answer.lines)


@pytest.mark.parametrize(
    ("case", "old", "new", "wrong"),
    [
        (STAGED, "dden = -f / den * df", "dden = f / den * df", "x y"),
        (STAGED, "dnum = df / den", "dnum = 1.01 * df / den", "x y"),
        (STAGED, "dxpy = 2 * xpy * dden", "dxpy = 2 * dden", "x y"),
        (STAGED, "dx += dnum", "dx -= dnum", "x"),
        (STAGED, "dy += (1 - sigy) * sigy * dsigy", "dy += (1 + sigy) * sigy * dsigy", "y"),
        (STAGED, "dy = dxpy", "dy = -dxpy", "y"),
        (LAYER, "dw = x.T @ dout_raw", "dw = 0.99 * x.T @ dout_raw", "w"),
        (LAYER, "db = np.sum(dout_raw, axis=0)", "db = np.mean(dout_raw, axis=0)", "b"),
        (SCRIPT, "ddot = (1 - f) * f * df", "ddot = (1 - f) * df", "w x"),
        (SCRIPT, "dx = [w[0] * ddot, w[1] * ddot]", "dx = [w[1] * ddot, w[0] * ddot]", "x"),
        (PAIR, "dx += 2 * dtotal * x", "dx += dtotal * x", "x"),
    ],
)
def test_a_wrong_line_is_failed_and_shown(case: Case, old: str, new: str, wrong: str) -> None:
    mutant = case.edited((old, new))
    answer = mutant.answer()
    name = case.reports[0].name
    assert answer.status == 1
    failed = [row.split(": ")[1] for row in answer.lines if row.endswith("FAILED")]
    assert failed == wrong.split()
    assert answer.lines[-1] == f"{name}: {line_of(mutant, new)}"


def test_a_lost_term_is_shown_at_the_last_line_of_its_name() -> None:
    mutant = STAGED.edited(("    dx += dnum\n", ""))
    assert mutant.answer().lines[-1] == f"f: {line_of(mutant, 'dx = dxpy')}"


def test_gradients_returned_in_the_wrong_order_are_shown_at_the_return() -> None:
    mutant = STAGED.edited(("return f, (dx, dy)", "return f, (dy, dx)"))
    answer = mutant.answer()
    assert answer.status == 1
    assert answer.lines[-1] == f"f: {line_of(mutant, 'return f, (dy, dx)')}"


def test_a_shared_accumulator_is_shown_at_the_line_that_spoils_it() -> None:
    mutant = FORK.edited(("dx = ds.copy()", "dx = ds"))
    answer = mutant.answer()
    assert answer.status == 1
    assert "fork: FAILED: the dx and dy returned share memory" in answer.lines
    assert any(row.startswith("fork: y: ") and row.endswith("FAILED") for row in answer.lines)
    assert answer.lines[-1] == f"fork: {line_of(mutant, 'dx += np.cos(x) * dout')}"


def test_a_missing_sum_over_a_broadcast_axis_is_a_wrong_shape() -> None:
    mutant = LAYER.edited(("db = np.sum(dout_raw, axis=0)", "db = dout_raw"))
    answer = mutant.answer()
    assert answer.status == 1
    assert "layer: b: FAILED: the gradient has the shape (3, 5), not (5,)" in answer.lines
    assert answer.lines[-1] == f"layer: {line_of(mutant, 'db = dout_raw')}"


def test_a_gradient_that_is_right_only_for_the_default_cotangent_is_failed() -> None:
    mutant = LAYER.edited(("dout_raw = (out > 0) * dout", "dout_raw = (out > 0) * 1.0"))
    assert mutant.answer().status == 1


def test_a_gradient_that_is_not_a_number_is_failed() -> None:
    mutant = STAGED.edited(("dnum = df / den", "dnum = math.nan"))
    answer = mutant.answer()
    assert answer.status == 1
    assert "f: x: largest deviation inf" in answer.lines[0]


def test_another_value_is_failed() -> None:
    mutant = STAGED.edited(("f = num / den  # (5)", "f = num / den + 1e-6  # (5)"))
    answer = mutant.answer()
    assert answer.status == 1
    assert any(
        row.startswith("f: FAILED: the value f deviates from f's by ") for row in answer.lines
    )


def test_line_numbers_count_the_header_of_the_written_file() -> None:
    mutant = STAGED.edited(("dden = -f", "dden = f"))
    (answer,) = mutant.answers(header_lines=4)
    number = mutant.gradient.split("\n").index("    dden = f / den * df") + 1
    assert answer.lines[-1].endswith(f"disagrees: {number + 4}: dden = f / den * df")


def test_a_gradient_that_raises_is_failed_at_its_line() -> None:
    mutant = STAGED.edited(("dnum = df / den", "dnum = df / (den - den)"))
    answer = mutant.answer()
    assert answer.status == 1
    number = mutant.gradient.split("\n").index("    dnum = df / (den - den)") + 1
    assert f"line {number}: dnum = df / (den - den)" in answer.lines[0]
    assert "f_grad raises ZeroDivisionError" in answer.lines[0]


def test_a_module_that_cannot_be_imported_is_failed() -> None:
    (answer,) = STAGED.edited(("import math", "import no_such_module")).answers()
    assert answer.status == 1
    assert "importing what was written raises" in answer.lines[0]


def test_a_loop_is_verified_though_its_lines_are_not_located() -> None:
    case = Case(
        "def power(x):\n    p = 1.0\n    for i in range(5):\n        p = p * x\n    return p\n",
        """\
def power_grad(x, dp=1.0):
    # forward pass
    p = 1.0
    ps = [p]
    for i in range(5):
        p = p * x  # (1)
        ps.append(p)

    # backward pass
    dx = 0.0
    for i in range(4, -1, -1):
        # backprop p = p * x  #(1)
        dx += ps[i] * dp
        dp = x * dp
    return p, dx
""",
        (report("power", [scalar("x")], "x", "p"),),
    )
    assert case.answer().status == 0
    wrong = case.edited(("dx += ps[i] * dp", "dx += ps[i + 1] * dp")).answer()
    assert wrong.status == 1
    right_lines = ("dp = x * dp", "return p, dx")
    assert not any(line in row for row in wrong.lines for line in right_lines)


def test_random_draws_are_the_same_in_every_evaluation() -> None:
    case = Case(
        """\
import numpy as np


def dropout(x):
    mask = np.random.rand(*x.shape) < 0.5
    return np.sum(x * x * mask)
""",
        """\
import numpy as np


def dropout_grad(x, ddropout=1.0):
    mask = np.random.rand(*x.shape) < 0.5
    dropout = np.sum(x * x * mask)

    # backprop dropout = np.sum(x * x * mask)
    dx = 2 * x * mask * ddropout
    return dropout, dx
""",
        (),
    )
    known = report("dropout", [LAYER.reports[0].parameters[0]], "x", "dropout", draws_random=True)
    case = Case(case.forward, case.gradient, (known,))
    assert case.answer().status == 0
    assert case.reported(draws_random=False).answer().status != 0
