"""What a call promises besides its numbers: structure, dtypes, memory, purity, cotangents."""

from __future__ import annotations

import numpy as np
import pytest

from codegen.verification.contract import gradient_fault
from tests.verification_cases import FORK, LAYER, PAIR, SCRIPT, STAGED, Case, array, report


def faults(case: Case) -> list[str]:
    answer = case.answer()
    found = [row for row in answer.lines if ": FAILED: " in row]
    assert answer.status == (1 if found else 0), answer.lines
    return found


def test_a_gradient_that_is_an_input_shares_memory_with_it() -> None:
    case = Case(
        "import numpy as np\n\n\ndef half(x):\n    return 0.5 * np.sum(x * x)\n",
        """\
import numpy as np


def half_grad(x, dhalf=1.0):
    half = 0.5 * np.sum(x * x)

    # backprop half = 0.5 * np.sum(x * x)
    dx = x
    dx *= dhalf
    return half, dx
""",
        (report("half", [array("x", "N")], "x", "half"),),
    )
    found = faults(case)
    assert "half: FAILED: the dx returned shares memory with the x given" in found
    assert "half: x: FAILED: half_grad writes to its x" in found
    assert not faults(case.edited(("dx = x\n", "dx = x.copy()\n")))


def test_a_view_of_a_cotangent_shares_memory_with_it() -> None:
    mutant = FORK.edited(
        ("dout.astype(out.dtype)", "dout"), ("ds = 2 * s * dout", "dout *= 2 * s\n    ds = dout")
    )
    found = faults(mutant)
    assert "fork: FAILED: fork_grad writes to its dout" in found
    assert "fork: FAILED: the dy returned shares memory with the dout given" in found


def test_a_value_that_is_an_input_shares_memory_with_it() -> None:
    case = Case(
        "def same(x):\n    return x\n",
        """\
import numpy as np


def same_grad(x, dx=None):
    same = x

    # backward pass
    dx = np.ones_like(same) if dx is None else dx.copy()
    return same, dx
""",
        (report("same", [array("x", "N")], "x", "x"),),
    )
    assert faults(case) == ["same: FAILED: the x returned shares memory with the x given"]
    assert not faults(case.edited(("same = x\n", "same = x.copy()\n")))


def test_a_broadcast_gradient_is_not_writable() -> None:
    case = Case(
        "import numpy as np\n\n\ndef total(x):\n    return np.sum(x)\n",
        """\
import numpy as np


def total_grad(x, dtotal=1.0):
    total = np.sum(x)

    # backprop total = np.sum(x)
    dx = np.broadcast_to(dtotal, x.shape)
    return total, dx
""",
        (report("total", [array("x", "N")], "x", "total"),),
    )
    assert faults(case) == ["total: FAILED: the dx returned is not writable"]
    assert not faults(case.edited(("np.broadcast_to(dtotal, x.shape)", "np.full(x.shape, dtotal)")))


def test_one_gradient_is_bare_and_several_are_a_tuple() -> None:
    wrapped = PAIR.edited(("scaled), dx", "scaled), (dx,)"))
    assert any("the gradient is of type tuple, not ndarray" in row for row in faults(wrapped))
    listed = LAYER.edited(("(dx, dw, db)", "[dx, dw, db]"))
    listed = listed.edited(("return out, [", "return out, ["))
    assert any("are not a tuple of 3" in row for row in faults(listed))
    alone = STAGED.edited(("return f, (dx, dy)", "return f"))
    assert any("does not return (value, gradients)" in row for row in faults(alone))


def test_several_values_are_a_tuple() -> None:
    mutant = PAIR.edited(("return (total, scaled), dx", "return total, dx"))
    assert any("the value of pair_grad is not a tuple of 2" in row for row in faults(mutant))


def test_a_list_has_a_list_for_its_gradient() -> None:
    mutant = SCRIPT.edited(("dx = [w[0] * ddot, w[1] * ddot]", "dx = (w[0] * ddot, w[1] * ddot)"))
    assert "neuron: x: FAILED: the gradient is of type tuple, not list" in faults(mutant)


def test_all_cotangents_none_must_raise() -> None:
    mutant = PAIR.edited(('        raise ValueError("give dtotal or dscaled")', "        pass"))
    (found,) = faults(mutant)
    assert "has several outputs and takes no cotangent as zeros" in found


def test_a_cotangent_left_out_of_several_is_zero() -> None:
    mutant = PAIR.edited(("dtotal = 0.0 if", "dtotal = 1.0 if"))
    assert mutant.answer().status == 1


def test_single_precision_stays_single() -> None:
    single = FORK.reported(examples=("np.ones(3, np.float32), np.arange(3, dtype=np.float32)",))
    assert not faults(single)
    leak = single.edited(("ds = 2 * s * dout", "ds = np.float64(2) * s * dout"))
    assert "fork: y: FAILED: the gradient is float64, not float32" in faults(leak)


def test_integers_have_float_gradients_that_are_not_truncated() -> None:
    integers = FORK.reported(examples=("np.arange(1, 4), np.arange(2, 5)",))
    assert not faults(integers.edited(("(out.dtype)", "(float)")))
    truncated = integers.edited(
        ("dx += np.cos(x) * dout", "dx = dx.astype(x.dtype) + (np.cos(x) * dout).astype(x.dtype)")
    )
    assert any("fork: x: FAILED: the gradient is int64" in row for row in faults(truncated))
    rounded = integers.edited(
        ("dx += np.cos(x) * dout", "dx += (np.cos(x) * dout).astype(x.dtype)")
    )
    (found,) = [row for row in faults(rounded) if ": x: " in row]
    assert "with the dtypes of the example it deviates by" in found


def test_integers_may_be_refused_where_they_would_be_written_in_place() -> None:
    guard = "    if x.dtype.kind != 'f':\n        raise TypeError('x is written in place')\n"
    guarded = FORK.edited(("    # forward pass\n", f"{guard}    # forward pass\n"))
    assert not faults(guarded.reported(examples=("np.arange(1, 4), np.arange(2, 5)",)))
    other = guarded.edited(("is written in place", "is no float"))
    assert faults(other.reported(examples=("np.arange(1, 4), np.arange(2, 5)",)))


@pytest.mark.parametrize(
    ("gradient", "value", "words"),
    [
        (np.ones(3), np.ones((3, 1)), "the gradient has the shape (3,), not (3, 1)"),
        ([1.0], [1, 2], "the gradient has 1 entries, not 2"),
        ({"a": 1.0}, {"b": 1.0}, "the gradient has the keys ['a'], not ['b']"),
        ([np.ones(2), 1], [np.ones(2), 2.0], "the gradient[1] is int64, not float64"),
        (np.ones(2, np.float16), np.ones(2, np.float32), "the gradient is float16, not float32"),
        (1.0, 2, None),
        (np.float64(1.0), np.array(2.0), None),
        (np.ones((0, 2)), np.ones((0, 2), int), None),
    ],
)
def test_a_gradient_goes_with_its_input(gradient: object, value: object, words: str | None) -> None:
    assert gradient_fault(gradient, value) == words


def test_a_module_without_the_gradient_is_not_verified() -> None:
    (row,) = STAGED.edited(("def f_grad(", "def f_forward(")).answer().lines
    assert row == "f: not verified: there is no gradient of f in what was written"
