"""Arrays that turns write into and make anew: right where nobody sees it, else refused."""

from __future__ import annotations

import numpy as np
import pytest

import codegen

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\ndef f(x: Float[np.ndarray, 'N']):\n"
RIGHT = {
    "two at once": """\
    h, k = x * x, x + 1.0
    for i in range(3):
        h[0] += k[1]
        k[1] += h[0] * x[i]
        h, k = np.sin(k), np.cos(h)
    return np.sum(h * k)
""",
    "a row with a name": """\
    h = np.outer(x, x)
    total = 0.0
    for i in range(3):
        row = h[1]
        row += x
        total += np.sum(h)
        h = np.sin(h)
    return total + np.sum(h)
""",
    "made anew in the end": """\
    h = np.zeros_like(x)
    total = 0.0
    for i in range(3):
        h[i] += x[i] * x[0]
        total += np.sum(h * h * x)
        h = np.sin(h + x)
    return total + np.sum(h)
""",
    "no turns": """\
    h = x * x
    for i in range(int(x.shape[0]) - 3):
        h[i] = 2.0
        h = h * x
    return np.sum(h * x)
""",
    "while": """\
    h = np.zeros_like(x)
    i = 0
    while i < 3:
        h[i] += np.sin(x[i])
        h = h + x * h
        i += 1
    return np.sum(h * h)
""",
    "on one path": """\
    h = np.zeros_like(x)
    for i in range(3):
        if x[i] > 0:
            h[i] += x[i] ** 2
        h = h * x + 1.0
    return np.sum(h * h)
""",
}
# Right as well, and not followed yet: what a turn ends with was written into.
NOT_YET = {
    "made anew in between": """\
    h = x * x
    total = 0.0
    for i in range(3):
        h[i] *= 2.0
        h = h * x
        h[0] = h[1] * h[2]
        total += np.sum(h)
    return total * np.sum(h)
""",
    "one in another": """\
    h = np.zeros_like(x)
    total = 0.0
    for i in range(2):
        h[i] = x[i] * x[0]
        for j in range(3):
            h[j] += x[j] ** 2
            total += np.sum(h * x)
            h = np.cos(h) * x
        h = h * h
    return total + np.sum(h)
""",
    "another array on one path": """\
    h = np.ones_like(x)
    for i in range(3):
        h[i] += x[i] ** 2
        if x[i] > 0:
            h = h * x
    return np.sum(h * h)
""",
}
SEEN = {
    "a loop over it": """\
    h = x * x
    total = 0.0
    for u in h:
        total += u
        h[1] += u
        h = h * x
    return total + np.sum(h)
""",
    "a row of before the loop": """\
    h = np.outer(x, x)
    total = 0.0
    row = h[1]
    for i in range(3):
        total += np.sum(row * x)
        h[1] += row
        h = np.sin(h)
    return total + np.sum(h)
""",
    "what the turn before made": """\
    h = np.zeros_like(x)
    before = h
    total = 0.0
    for i in range(3):
        h[i] += x[i]
        total += np.sum(before * x)
        h = np.sin(h) * x
        before = h
    return total + np.sum(h)
""",
    "a list of what turns made": """\
    h = np.zeros_like(x)
    hs = []
    for i in range(3):
        h[i] += x[i]
        h = np.sin(h) * x
        hs.append(h)
    return np.sum(hs[0] * hs[1] * h)
""",
    "what it was in the beginning": """\
    h = x * x
    first = h
    for i in range(3):
        h[i] += x[i]
        h = np.sin(h) * x
    return np.sum(first * h)
""",
    "an array of another name": """\
    g = x * x
    h = np.zeros_like(x)
    for i in range(3):
        h[i] += x[i]
        h = g
    return np.sum(g * h)
""",
    "the caller's": """\
    h = x
    for i in range(3):
        h[i] += x[i]
        h = h * h
    return np.sum(x * h)
""",
}
POINTS = [np.array([0.3, -0.8, 0.5]), np.array([-0.3, 0.4, 1.1])]


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("x", POINTS)
def test_a_turn_writes_into_what_is_its_own(name: str, x: np.ndarray) -> None:
    names: dict[str, object] = {}
    text = HEAD + RIGHT[name]
    exec(text, names)
    exec(codegen.generate(text), names)
    f, f_grad = names["f"], names["f_grad"]
    value, found = f_grad(x.copy())  # type: ignore[operator]
    assert value == pytest.approx(f(x.copy()))  # type: ignore[operator]
    slopes = [(f(x + h) - f(x - h)) / 2e-6 for h in 1e-6 * np.eye(3)]  # type: ignore[operator]
    np.testing.assert_allclose(found, slopes, rtol=1e-6, atol=1e-8)
    assert f_grad(x.astype(np.float32))[1].dtype == np.float32  # type: ignore[operator]


@pytest.mark.parametrize("name", SEEN | NOT_YET)
def test_what_is_seen_under_another_name_is_refused(name: str) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(HEAD + (SEEN | NOT_YET)[name])
    assert {problem.code for problem in caught.value.problems} == {"store"}
