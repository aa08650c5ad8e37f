"""Products along axes and statistics of products: gradients as an expert writes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from tests.gate_runs import unformatted

HEAD = "import numpy as np\nfrom jaxtyping import Float\n\n\n"


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def declared(shapes: str) -> str:
    """Return the parameters a, b, ... with these shapes."""
    rows = [shape.strip() for shape in shapes.split(",")]
    return ", ".join(
        f'{name}: Float[np.ndarray, "{row}"]' for name, row in zip("abcd", rows, strict=False)
    )


WRITTEN = {
    ("np.tensordot(a, b, axes=1)", "N D, D M"): ("da = dC @ b.T", "db = a.T @ dC"),
    ("np.tensordot(a, b, axes=(0, 0))", "N D, N M"): ("da = b @ dC.T", "db = a @ dC"),
    ("np.tensordot(a, b, axes=((1,), (1,)))", "N D, M D"): ("da = dC @ b", "db = dC.T @ a"),
    ("np.tensordot(a, b)", "N D, N D"): ("da = dC * b", "db = dC * a"),
    ("np.tensordot(a, b, axes=0)", "N, D"): ("da = dC @ b", "db = a @ dC"),
    ("np.tensordot(a, b, 1)", "B N D, D M"): (
        "da = np.tensordot(dC, b, axes=(2, 1))",
        "db = np.tensordot(a, dC, axes=((0, 1), (0, 1)))",
    ),
    ("np.tensordot(a, b, axes=([1, 2], [0, 1]))", "B N D, N D M"): (
        "da = np.tensordot(dC, b, axes=(1, 2))",
        "db = np.tensordot(a, dC, axes=(0, 0))",
    ),
    ("np.cross(a, b)", "N 3, N 3"): ("da = np.cross(b, dC)", "db = np.cross(dC, a)"),
    ("np.cross(a, b)", "N 3, 3"): (
        "da = np.cross(b, dC)",
        "db = np.sum(np.cross(dC, a), axis=0)",
    ),
    ("np.average(a, weights=b)", "N D, N D"): (
        "total = np.sum(b)",
        "da = dC / total * b",
        "db = dC / total * (a - C)",
    ),
    ("np.average(a, 0, b)", "N D, N"): (
        "da = dC * np.expand_dims(b, 1) / total",
        "db = np.sum(dC * (a - C), axis=1) / total",
    ),
    ("np.average(a, axis=(-2, -1), weights=b)", "B N D, N D"): (
        "da = np.expand_dims(dC, (-2, -1)) * b / total",
    ),
    ("np.average(a)", "N D"): ("da = np.full(a.shape, dC / a.size, a.dtype)",),
    ("np.cov(a)", "N D"): (
        "drows = (dC + dC.T) @ (a - np.mean(a, axis=1, keepdims=True)) / (a.shape[1] - 1)",
        "da = np.asarray(drows, a.dtype)",
    ),
    ("np.cov(a, rowvar=False, bias=True)", "N D"): (
        "dcolumns = (a - np.mean(a, axis=0)) @ (dC + dC.T) / a.shape[0]",
    ),
    ("np.cov(a, b)[0, 1]", "N, N"): ("first = a - np.mean(a)", "free = a.shape[0] - 1"),
    ("np.corrcoef(a, rowvar=False)", "N D"): (
        "unit = columns / length",
        "dunit = unit @ (dC + dC.T)",
        "along = np.sum(unit * dunit, axis=0)",
        "da = np.asarray((dunit - along * unit) / length, a.dtype)",
    ),
    ("np.linalg.multi_dot([a, b, c])", "N D, D M, M K"): (
        "da = np.linalg.multi_dot([dC, c.T, b.T])",
        "db = np.linalg.multi_dot([a.T, dC, c.T])",
        "dc = np.linalg.multi_dot([b.T, a.T, dC])",
    ),
    ("np.linalg.multi_dot([a, b])", "N D, D M"): ("da = dC @ b.T", "db = a.T @ dC"),
    ("np.linalg.multi_dot([a, b, c])", "N, N D, D"): (
        "da = dC * (b @ c)",
        "db = dC * np.outer(a, c)",
        "dc = dC * (a @ b)",
    ),
    ("np.linalg.multi_dot([a, b, c])", "N D, D M, M"): (
        "da = np.outer(dC, b @ c)",
        "db = np.outer(a.T @ dC, c)",
        "dc = np.linalg.multi_dot([b.T, a.T, dC])",
    ),
    ("np.polyval(a, b)", "K, N"): (
        "da = np.asarray(np.vander(b, a.shape[0]).T @ dC, a.dtype)",
        "db = np.asarray(np.polyval(np.polyder(a), b) * dC, b.dtype)",
    ),
    ("np.vander(a, 4)", "N"): (
        "da = np.asarray(np.sum(dC[:, :-1] * C[:, 1:] * np.arange(3, 0, -1), axis=1), a.dtype)",
    ),
    ("np.vander(a, increasing=True)", "N"): (
        "da = np.asarray("
        "np.sum(dC[:, 1:] * C[:, :-1] * np.arange(1, C.shape[1]), axis=1), a.dtype)",
    ),
    ("np.cross(a, b, axis=0)", "3 N, 3 N"): (
        "da = np.cross(b, dC, axis=0)",
        "db = np.cross(dC, a, axis=0)",
    ),
}


@pytest.mark.parametrize(("call", "shapes"), WRITTEN)
def test_a_gradient_is_written_as_an_expert_writes_it(call: str, shapes: str) -> None:
    text = codegen.generate(HEAD + f"def f({declared(shapes)}):\n    C = {call}\n    return C\n")
    lines = [line.strip() for line in text.splitlines()]
    for line in WRITTEN[call, shapes]:
        assert line in lines, text


@pytest.mark.parametrize("call", ["np.cov(a)", "np.corrcoef(a)", "np.cov(a, b)[0, 1]"])
def test_float32_goes_through_what_numpy_computes_in_float64(call: str) -> None:
    for shapes in ("N D, N D", ""):
        head = f"def f({declared(shapes) if shapes else 'a, b'}):\n"
        text = HEAD + head + f"    return np.sum({call}) + np.sum(b)\n"
        rng = np.random.default_rng(0)
        a, b = (rng.normal(size=(3, 5)).astype(np.float32) for _ in "ab")
        namespace: dict[str, object] = {}
        exec(codegen.generate(text), namespace)
        _, gradients = namespace["f_grad"](a, b)  # type: ignore[operator]
        assert {gradient.dtype for gradient in gradients} == {np.dtype(np.float32)}


@pytest.mark.parametrize("declaration", ["a, b", 'a: Float[np.ndarray, "N D"], b'])
def test_a_cross_product_of_two_numbers_raises(declaration: str) -> None:
    namespace: dict[str, object] = {}
    text = HEAD + f"def f({declaration}):\n    return np.cross(a, b)\n"
    exec(codegen.generate(text), namespace)
    f_grad = namespace["f_grad"]
    with (
        pytest.warns(DeprecationWarning, match="2-dimensional vectors"),
        pytest.raises(ValueError, match="3-dimensional vectors"),
    ):
        f_grad(np.ones((2, 2)), np.ones((2, 2)))  # type: ignore[operator]


@pytest.mark.parametrize("declaration", ["x", 'x: Float[np.ndarray, "N"]'])
def test_what_is_not_finite_has_no_gradient(declaration: str) -> None:
    namespace: dict[str, object] = {}
    line = "y = np.nan_to_num(x, nan=0.5, posinf=2.0, neginf=-2.0)\n    return np.sum(y * y * y)"
    exec(codegen.generate(HEAD + f"def f({declaration}):\n    {line}\n"), namespace)
    x = np.array([3.0, np.nan, np.inf, -np.inf, 0.5])
    with np.errstate(all="raise"):
        value, dx = namespace["f_grad"](x)  # type: ignore[operator]
    assert value == 27.25
    assert np.array_equal(dx, [27.0, 0.0, 0.0, 0.0, 0.75])


def test_coefficients_of_several_polynomials_raise() -> None:
    namespace: dict[str, object] = {}
    exec(codegen.generate(HEAD + "def f(p, x):\n    return np.polyval(p, x)\n"), namespace)
    with pytest.raises(ValueError, match="must stand in one row"):
        namespace["f_grad"](np.ones((3, 1)), np.ones(2))  # type: ignore[operator]


REFUSED = {
    ("np.cross(a, b)", "N 2, N 2"): "vectors of three numbers, and not of 2",
    ("np.tensordot(a, b, axes=((0,), (0, 1)))", "N D, N D"): "no pair of as many axes",
    ("np.average(a, weights=b, returned=True)[0]", "N D, N D"): "with `returned=` has no gradient",
    ("np.average(a, axis=(1, 0), weights=b)", "N D, D N"): "turns the weights' axes round",
    ("np.average(a, axis=1, weights=b)", "B N D, N D"): "weights of 2 dimensions do not fit",
    ("np.cov(a, aweights=b)", "N D, D"): "with `aweights=` has no gradient rule",
    ("np.cov(a, fweights=b)", "N D, D"): "with `fweights=` has no gradient rule",
    ("np.cov(a)", "B N D"): "stand in a row or a matrix, not in 3 dimensions",
    ("np.cov(a, ddof=0.5)", "N D"): "is no whole number",
    ("np.corrcoef(a)", "N"): "correlation of one variable with itself is 1",
    ("np.linalg.multi_dot(a)", "N D"): "arrays must be a list or tuple written out",
    ("np.linalg.multi_dot([a])", "N D"): "takes two arrays or more",
    ("np.linalg.multi_dot([a, b])", "B N D, D M"): "not an array of 3 dimensions",
    ("np.nan_to_num(a, copy=False)", "N D"): "copy=False writes into x",
    ("np.polyval(a, b)", "K M, N"): "coefficients stand in a row, not in 2 dimensions",
    ("np.vander(a, 3)", "N D"): "np.vander takes a row",
    ('np.einsum("ij,jk", a, b, optimize=a)', "N D, D M"): "write optimize=True",
    ("np.tensordot(a, b, axes=1.5)", "N D, D N"): "no number of axes",
    ("np.tensordot(a, b, axes=1)", "N D, M D"): "dimensions D and M clash",
    ("np.tensordot(a, b, axes=a.ndim)", "N D, M D"): "`axes` must be a literal here",
}


@pytest.mark.parametrize(("call", "shapes"), REFUSED)
def test_what_cannot_be_done_is_refused(call: str, shapes: str) -> None:
    text = HEAD + f"def f({declared(shapes)}):\n    return {call}\n"
    with pytest.raises(codegen.CodegenError, match=REFUSED[call, shapes]) as caught:
        codegen.generate(text)
    assert "help: " in str(caught.value)


SMALL = {
    'np.einsum("i,ij,j->", a, b, x)': ((3,), (3, 2), (2,)),
    'np.einsum("ij,j,k->", b, x, a)': ((3,), (3, 2), (2,)),
    'np.einsum("ij,jk->", b, x)': ((3,), (3, 2), (2, 2)),
    'np.einsum("ii,j->", b, x)': ((3,), (2, 2), (2,)),
    "np.linalg.multi_dot([a, b, x])": ((3,), (3, 2), (2,)),
    "(b @ x) @ a": ((3,), (3, 2), (2,)),
    "np.dot(a, np.dot(b, x))": ((3,), (3, 2), (2,)),
    "np.sum(np.outer(a, b @ x))": ((3,), (3, 2), (2,)),
    "np.tensordot(b, x, axes=1) @ a": ((3,), (3, 2), (2,)),
    "np.sum(np.polyval(x, a))": ((3,), (3, 2), (9,)),
    "np.average(x, weights=a)": ((3,), (3, 2), (3,)),
}


@pytest.mark.parametrize("call", SMALL)
@pytest.mark.parametrize("kind", [np.uint8, np.int64])
@pytest.mark.parametrize("how", ["", "np.ndarray", "Int"])
def test_whole_numbers_do_not_overflow(call: str, kind: type, how: str) -> None:
    largest = 200 if kind is np.uint8 else 3_000_000_000 if "polyval" in call else 2_000_000_000
    a, b, x = (np.full(shape, largest) for shape in SMALL[call])
    rows = [" ".join("_" * len(shape)) for shape in SMALL[call]]
    kinds = [f'{how}[np.ndarray, "{row}"]' for row in rows] if how == "Int" else [how] * 3
    kinds[2] = kinds[2].replace("Int", "Float")
    declared = [
        f"{name}: {kind}" if kind else name for name, kind in zip("abx", kinds, strict=True)
    ]
    head = HEAD.replace("Float", "Float, Int")
    text = head + f"# codegen: wrt=x\ndef f({', '.join(declared)}):\n    return {call}\n"
    namespace: dict[str, object] = {}
    exec(codegen.generate(text), namespace)
    small = [array.astype(kind) for array in (a, b)]
    f_grad = namespace["f_grad"]
    with np.errstate(over="raise"):
        _, found = f_grad(*small, x * 1e-9)  # type: ignore[operator]
        _, expected = f_grad(a * 1.0, b * 1.0, x * 1e-9)  # type: ignore[operator]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_coefficients_may_stand_in_a_list() -> None:
    text = HEAD + (
        'def f(x: Float[np.ndarray, "N"], c: float):\n    return np.polyval([c, 2.0, x[0]], x)\n'
    )
    names: dict[str, Any] = {}
    exec(codegen.generate(text), names)
    x, weights = np.array([0.3, -0.7, 1.1]), np.array([0.5, 1.2, -0.3])
    _, (dx, dc) = names["f_grad"](x, 1.7, weights)
    expected = weights * (2 * 1.7 * x + 2.0)
    expected[0] += np.sum(weights)
    np.testing.assert_allclose(dx, expected, rtol=1e-12)
    assert dc == pytest.approx(np.sum(weights * x**2), rel=1e-12)
