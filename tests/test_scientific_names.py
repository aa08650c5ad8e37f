"""Every name in scientific_names.py has a gradient that is right, or is refused by that name."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from tests.gate_runs import DIFFERENCES, author, call, compare, cotangents, oracle, unformatted
from tests.scientific_names import NAMES, REFUSED, WITHOUT_RULE

HEAD = "import numpy as np\nimport scipy.linalg\nimport scipy.special\nimport scipy.stats\n\n\n"
INPUTS = {
    "x": np.array([[2.2, -0.4, 0.3], [-0.4, 1.9, -0.7], [0.3, -0.7, 2.6]]),
    "v": np.array([0.7, -1.4, 0.55]),
    "p": np.array([0.3, 0.8, 0.55]),
}


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def program(expression: str) -> tuple[str, tuple[np.ndarray, ...]]:
    """Return a program on those of x, v and p that the expression reads, and their values."""
    read = [
        n for n in INPUTS if f"({n}" in expression or f" {n}" in expression or f"={n}" in expression
    ]
    parameters = ", ".join(f"{name}: np.ndarray" for name in read)
    text = f"{HEAD}def f({parameters}):\n    return np.negative({expression})\n"
    return text, tuple(INPUTS[name] for name in read)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_has_a_gradient(name: str) -> None:
    text, inputs = program(NAMES[name])
    for cotangent in cotangents(author(text)(*inputs)):
        _, found = call(text, inputs, cotangent)
        expected, _ = oracle(text, inputs, tuple(range(len(inputs))), cotangent, exact=False)
        if name == "scipy.special.softmax" and cotangent is None:
            continue  # the sum is 1 whatever x is
        compare(found, expected, inputs, DIFFERENCES)


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_without_a_rule_is_refused(name: str) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(program(REFUSED[name])[0])
    assert f"{name} has no gradient rule" in str(caught.value)
    assert "help:" in str(caught.value)


@pytest.mark.parametrize("name", WITHOUT_RULE)
def test_an_argument_without_a_rule_is_refused(name: str) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(program(WITHOUT_RULE[name])[0])
    assert name.rsplit(".", maxsplit=1)[-1] in str(caught.value)


IMPORTS = {
    "from scipy.special import gammaln": ("gammaln", "digamma(x)", "import digamma"),
    "from scipy import special": ("special.gammaln", "special.digamma(x)", "import special"),
    "import scipy.special as sp": ("sp.gammaln", "sp.digamma(x)", "import scipy.special as sp"),
    "import scipy.special": ("scipy.special.gammaln", "scipy.special.digamma(x)", "import scipy"),
    "from scipy.special import gammaln, psi as digamma": ("gammaln", "digamma(x)", "digamma"),
}


@pytest.mark.parametrize("line", IMPORTS)
def test_what_the_gradient_needs_is_imported_as_the_author_imports(line: str) -> None:
    function, slope, imported = IMPORTS[line]
    text = codegen.generate(f"{line}\n\n\ndef f(x: float):\n    return {function}(x)\n")
    assert f"dx = {slope} * df" in text
    assert imported in text
    assert "numpy" not in text


def test_an_imported_name_gives_way_to_the_author() -> None:
    head = "from scipy.special import gammaln\n\n\n"
    text = codegen.generate(
        f"{head}def f(x: float):\n    digamma = x * x\n    return gammaln(digamma) * digamma\n"
    )
    assert "from scipy.special import digamma as digamma_" in text
    assert "digamma_(digamma)" in text
