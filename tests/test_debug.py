"""--debug: the same code with a check behind each gradient line."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from tests.random_control import without_black
from tests.random_control_programs import program
from tests.verification_cases import Case

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"
ROOTS = (
    'def f(x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "D"]):\n'
    "    s = x @ w\n    r = np.sqrt(s)\n    return np.sum(r * r)\n"
)


def run(text: str, **form: Any) -> dict[str, Any]:
    names: dict[str, Any] = {}
    output = codegen.generate(HEAD + text, filename="roots.py", debug=True, **form)
    exec(compile(output, "<debug>", "exec", dont_inherit=True), names)
    return names


def test_what_is_not_finite_names_the_forward_line_at_fault() -> None:
    gradient = run(ROOTS)["f_grad"]
    x, w = np.ones((2, 3)), np.array([1.0, -1.0, 0.0])
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"ds is not finite, at roots.py:7: r = np.sqrt"),
    ):
        gradient(x, w)
    value, _ = gradient(x, np.ones(3))
    assert value == pytest.approx(6.0)


def test_annotated_shapes_are_checked_on_entry() -> None:
    gradient = run(ROOTS)["f_grad"]
    with pytest.raises(ValueError, match="w has 2 for D, which is 3"):
        gradient(np.ones((2, 3)), np.ones(2))
    with pytest.raises(ValueError, match="x must have the dimensions N D"):
        gradient(np.ones(3), np.ones(3))


def test_a_gradient_of_another_shape_than_its_value_is_told_of() -> None:
    output = codegen.generate(HEAD + ROOTS, filename="roots.py", debug=True)
    names: dict[str, Any] = {}
    exec(output.replace("dw = x.T @ ds", "dw = (x.T @ ds)[:2]"), names)
    with pytest.raises(ValueError, match=r"dw has the shape \(2,\), not \(3,\), at roots.py:6"):
        names["f_grad"](np.ones((2, 3)), np.ones(3))


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
def test_without_its_checks_it_is_the_same_code(style: str) -> None:
    with without_black():
        plain = codegen.generate(HEAD + ROOTS, style=style)
        checked = codegen.generate(HEAD + ROOTS, style=style, debug=True)
    rows = [row for row in checked.split("\n") if not re.match(r"\s+_check_", row)]
    without = "\n".join(rows)
    for name in ("_check_gradient", "_check_shapes"):
        without = re.sub(rf"\ndef {name}\(.*?(?=\n(?:def|class) )", "", without, flags=re.S)
    assert [row for row in without.split("\n") if row] == [row for row in plain.split("\n") if row]
    assert checked.count("_check_gradient(") > 3


@pytest.mark.parametrize("seed", range(12))
def test_checks_let_what_is_right_pass(seed: int) -> None:
    made = program(seed)
    source = Source("program.py", made.text)
    try:
        with without_black():
            checked = compile_source(source, Options(debug=True))
    except codegen.CodegenError:
        pytest.skip("this program is refused")
    text = "\n".join(f"# codegen: example f(*{_spelled(call)})" for call in made.calls[:1])
    forward = made.text.replace("def f(", f"{text}\ndef f(", 1)
    answers = Case(forward, checked.text, checked.functions).answers()
    told = [line for answer in answers for line in answer.lines]
    assert not [line for line in told if "has the shape" in line], told


def _spelled(call: tuple[Any, ...]) -> str:
    np.set_printoptions(threshold=10_000)
    return repr(call).replace("array(", "np.array(").replace("float64", "np.float64")


def test_numba_compiles_no_checks() -> None:
    with pytest.raises(codegen.CodegenError, match="no checks"):
        codegen.generate(HEAD + ROOTS, debug=True, target="numba")
