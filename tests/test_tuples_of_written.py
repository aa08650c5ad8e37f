"""Tuples of arrays and lists that are written into: right once nothing writes any more."""

from __future__ import annotations

import numpy as np
import pytest

import codegen

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\ndef f(x: Float[np.ndarray, 'N']):\n"
RIGHT = {
    "written before": """\
    y = np.zeros_like(x)
    y[0] = x[1] * x[0]
    pair = (x, y)
    a, b = pair
    return np.sum(a * b**2) + np.sum(b * x)
""",
    "a list that grew before": """\
    parts = []
    for i in range(x.shape[0]):
        parts.append(np.sin(x[i]))
    pair = (x, parts)
    a, b = pair
    mine = list(b)
    s = 0.0
    for i in range(a.shape[0]):
        s += mine.pop() * a[i] ** 2 + b[i]
    return s
""",
    "of each turn": """\
    s = 0.0
    for i in range(x.shape[0]):
        y = np.zeros_like(x)
        y[i] = x[i] ** 2
        pair = (y, x)
        a, b = pair
        s += np.sum(a * b)
    return s
""",
}
REFUSED = {
    "written behind": """\
    y = x * x
    pair = (x, y)
    y[0] = 2 * x[1]
    return np.sum(pair[1] * x)
""",
    "written in a turn to come": """\
    y = x * x
    s = 0.0
    for i in range(x.shape[0]):
        pair = (x, y)
        y[i] = x[i] ** 3
        s += np.sum(pair[1])
    return s
""",
    "before it in the turn": """\
    y = x * x
    s = 0.0
    for i in range(x.shape[0]):
        y[i] = x[i] ** 3
        pair = (x, y)
        s += np.sum(pair[1])
    return s
""",
    "a list that grows behind": """\
    hs = []
    for i in range(2):
        hs.append(x[i])
    pair = (x, hs)
    for i in range(2):
        hs.append(x[i] ** 2)
    return pair[1][-1]
""",
    "another name of a list that shrinks": """\
    hs = []
    for i in range(3):
        hs.append(x[i])
    other = hs
    for i in range(2):
        hs.pop()
    return other[-1]
""",
    "another name by which a list shrinks": """\
    hs = []
    for i in range(3):
        hs.append(x[i] ** 2)
    pair = (x, hs)
    a, other = pair
    for i in range(2):
        other.pop()
    return hs[-1] * a[0]
""",
}
X = np.array([0.3, -0.7, 1.2])


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_not_written_any_more_may_stand_in_a_tuple(name: str) -> None:
    names: dict[str, object] = {}
    text = HEAD + RIGHT[name]
    exec(text, names)
    exec(codegen.generate(text), names)
    f, f_grad = names["f"], names["f_grad"]
    value, found = f_grad(X.copy())  # type: ignore[operator]
    steps = [1e-6 * e for e in np.eye(3)]
    slopes = [(f(X + h) - f(X - h)) / 2e-6 for h in steps]  # type: ignore[operator]
    np.testing.assert_allclose(value, f(X))  # type: ignore[operator]
    np.testing.assert_allclose(found, slopes, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_written_behind_is_right_or_refused(name: str) -> None:
    names: dict[str, object] = {}
    text = HEAD + REFUSED[name]
    exec(text, names)
    with pytest.raises(codegen.CodegenError):
        codegen.generate(text)
