"""Every product that is promised by name has a gradient that agrees with central differences."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.gate_runs import DIFFERENCES, author, call, compare, cotangents, oracle, unformatted

# Each a call on `x` and `y`, square matrices of three, and `v` and `w`, rows.
NAMES: dict[str, str] = {
    "np.einsum": 'np.einsum("ij,jk->ik", x, y)',
    "np.einsum implicit": 'np.einsum("ij,jk", x, y)',
    "np.einsum ellipsis": 'np.einsum("...j,j->...", x, v)',
    "np.einsum repeated": 'np.einsum("ii,ij->j", x, y)',
    "np.einsum summed": 'np.einsum("ij->j", x)',
    "np.einsum three": 'np.einsum("i,ij,j->", v, x, w)',
    "np.einsum optimize": 'np.einsum("ij,jk,kl->il", x, y, x, optimize="optimal")',
    "np.tensordot": "np.tensordot(x, y)",
    "np.tensordot of one axis": "np.tensordot(x, y, 1)",
    "np.tensordot of pairs": "np.tensordot(x, y, axes=([0, 1], [1, 0]))",
    "np.cross": "np.cross(v, w)",
    "np.cross axis": "np.cross(x, y, axis=0)",
    "np.cross axes": "np.cross(x, y, 0, 1, 1)",
    "np.linalg.cross": "np.linalg.cross(x, v)",
    "np.linalg.multi_dot": "np.linalg.multi_dot([x, y, v])",
    "np.average": "np.average(x, axis=0)",
    "np.average weights": "np.average(x, weights=y * y)",
    "np.average along": "np.average(x, 1, v * v)",
    "np.cov": "np.cov(x)",
    "np.cov of two": "np.cov(v, w)",
    "np.cov of columns": "np.cov(x, rowvar=False, ddof=0)",
    "np.corrcoef": "np.corrcoef(x)",
    "np.corrcoef of two": "np.corrcoef(v, w)",
    "np.polyval": "np.polyval(v, w)",
    "np.vander": "np.vander(v, 4)",
    "np.vander increasing": "np.vander(v, increasing=True)",
    "np.logaddexp2": "np.logaddexp2(x, v)",
    "np.copysign": "np.copysign(x, w)",
    "np.nan_to_num": "np.nan_to_num(x)",
}
INPUTS = {
    "x": np.array([[2.2, -0.4, 0.3], [-0.4, 1.9, -0.7], [0.3, -0.7, 2.6]]),
    "y": np.array([[0.4, 1.2, -0.8], [1.1, -0.5, 0.3], [0.7, 0.9, -1.2]]),
    "v": np.array([0.7, -1.4, 0.55]),
    "w": np.array([0.4, 1.3, -0.9]),
}


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["", ": np.ndarray"])
def test_a_name_has_a_gradient(name: str, kind: str) -> None:
    read = [one for one in INPUTS if re.search(rf"\b{one}\b", NAMES[name])]
    parameters = ", ".join(f"{one}{kind}" for one in read)
    text = f"import numpy as np\n\n\ndef f({parameters}):\n    return np.negative({NAMES[name]})\n"
    inputs = tuple(INPUTS[one] for one in read)
    wanted = tuple(place for place, one in enumerate(read) if (name, one) != ("np.copysign", "w"))
    for cotangent in cotangents(author(text)(*inputs)):
        _, found = call(text, inputs, cotangent)
        expected, _ = oracle(text, inputs, wanted, cotangent, exact=False)
        compare(found, expected, tuple(inputs[place] for place in wanted), DIFFERENCES)
