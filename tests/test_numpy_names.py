"""Every name in numpy_names.py has a gradient that is right, or is refused by that name."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

import codegen
from tests.gate_runs import DIFFERENCES, author, call, compare, cotangents, oracle, unformatted
from tests.numpy_names import NAMES, REFUSED

HEAD = "import numpy as np\nimport scipy.integrate\n\n\n"
INPUTS = {
    "x": np.array([[2.2, -0.4, 0.3], [-1.4, 1.9, -0.7], [0.6, -0.9, 2.6]]),
    "v": np.array([0.7, -1.4, 0.55]),
    "w": np.array([0.4, 1.3, -0.9]),
}


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def program(expression: str) -> tuple[str, tuple[np.ndarray, ...]]:
    """Return a program on those of x, v and w that the expression reads, and their values."""
    words = re.findall(r"(?<![\w.])[vwx]\b", expression)
    read = [name for name in INPUTS if name in words]
    parameters = ", ".join(f"{name}: np.ndarray" for name in read)
    text = f"{HEAD}def f({parameters}):\n    return np.negative({expression})\n"
    return text, tuple(INPUTS[name] for name in read)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_has_a_gradient(name: str) -> None:
    text, inputs = program(NAMES[name])
    for cotangent in cotangents(author(text)(*inputs)):
        _, found = call(text, inputs, cotangent)
        expected, _ = oracle(text, inputs, tuple(range(len(inputs))), cotangent, exact=False)
        compare(found, expected, inputs, DIFFERENCES)
        singles = tuple(one.astype(np.float32) for one in inputs)
        single = None if cotangent is None else np.asarray(cotangent, np.float32)
        if np.asarray(author(text)(*singles)).dtype != np.float32:
            continue  # numpy promotes it: by whole numbers, or always
        _, found = call(text, singles, single)
        compare(found, expected, singles, 1e-3)


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_without_a_rule_is_refused(name: str) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(program(REFUSED[name])[0])
    assert f"{name} has no gradient rule" in str(caught.value)
    assert all(problem.help for problem in caught.value.problems)
    assert "--list-gates" not in str(caught.value)


def test_what_refusals_say_is_golden(golden: Callable[[str, str], None]) -> None:
    told = []
    for expression in REFUSED.values():
        with pytest.raises(codegen.CodegenError) as caught:
            codegen.generate(program(expression)[0], filename="forward.py")
        told.append(str(caught.value))
    golden("refusals/names_of_numpy.txt", "\n".join(told))
