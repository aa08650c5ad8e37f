"""Products of powers are written as a person writes them."""

from __future__ import annotations

import re

import numpy as np
import pytest

import codegen

QUOTIENTS = (
    "-m / r**3",
    "m / r**2",
    "m**2 / r**2 * r",
    "r**3 / r**2 * m",
    "m / r**1.5",
    "r / (r**3 * m)",
)


@pytest.mark.parametrize("formula", QUOTIENTS)
def test_powers_of_one_base_are_cancelled(formula: str) -> None:
    text = f"def f(r: float, m: float):\n    y = {formula}\n    return y * y\n"
    made = codegen.generate(text)
    names: dict[str, object] = {}
    exec(made, names)
    r, m, step = 0.7, 1.3, 1e-30
    _, (dr, dm) = names["f_grad"](r, m)  # type: ignore[operator]

    def value(r: complex, m: complex) -> complex:
        return eval(formula, {"r": r, "m": m}) ** 2  # type: ignore[no-any-return]

    assert np.isclose(dr, value(r + step * 1j, m).imag / step, rtol=1e-12)
    assert np.isclose(dm, value(r, m + step * 1j).imag / step, rtol=1e-12)
    for line in re.findall(r"d[rm] .*", made):
        assert not re.search(r"r\*\*\d.*/ r\b|r\*\*2.*/ r\*\*3", line), line


def test_a_quotient_by_a_power_has_one_power_in_its_gradient() -> None:
    made = codegen.generate("def f(r: float, m: float):\n    y = -m / r**3\n    return y * y\n")
    assert "dr = -3 * y / r * dy\n" in made
