"""Programs of numpy.linalg and scipy.linalg: unpacked tuples, kinks, what raises, is refused."""

from __future__ import annotations

import numpy as np
import pytest

import codegen
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from tests.gate_runs import (
    DIFFERENCES,
    author,
    call,
    compare,
    cotangents,
    generate,
    oracle,
    unformatted,
)

HEAD = "import numpy as np\nimport scipy.linalg\nfrom jaxtyping import Float\n\n\n"
RANDOM = np.random.default_rng(3)
A = RANDOM.normal(size=(3, 3))
S = A @ A.T + np.eye(3)
TALL = RANDOM.normal(size=(4, 3))
B = RANDOM.normal(size=3)
M = RANDOM.normal(size=(3, 2))


@pytest.fixture(autouse=True)
def _without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    unformatted(monkeypatch)


def check(text: str, *inputs: np.ndarray, tolerance: float = DIFFERENCES) -> None:
    """Compare the gradients with central differences."""
    for cotangent in cotangents(author(text)(*inputs)):
        _, found = call(text, inputs, cotangent)
        places = tuple(range(len(inputs)))
        expected, kinked = oracle(text, inputs, places, cotangent, exact=False)
        assert not kinked
        compare(found, expected, inputs, tolerance)


UNPACKED = {
    "sign, logdet = np.linalg.slogdet(x)": "sign * logdet * logdet",
    "_, logdet = np.linalg.slogdet(x @ x.T)": "logdet",
    "w, V = np.linalg.eigh(x + x.T)": "np.sum(w**3) + np.sum(V * V[0])",
    "w, V = np.linalg.eigh(x @ x.T)": "V @ np.diag(np.log(w)) @ V.T",
    "w, _ = np.linalg.eigh(x)": "np.sum(w**2)",
    "both = np.linalg.eigh(x @ x.T)": "both[0] * both[1][:, 0]",
    "U, s, Vt = np.linalg.svd(x)": "np.sum(U[0] * s) + Vt[0, 1] + np.sum(U @ Vt)",
    "_, s, _ = np.linalg.svd(x)": "np.sum(np.log(s))",
    "Q, R = np.linalg.qr(x)": "Q @ R.T + R",
    "lu, piv = scipy.linalg.lu_factor(x)": "scipy.linalg.lu_solve((lu, piv), x[0])",
    "both = scipy.linalg.lu_factor(x[::-1])": "scipy.linalg.lu_solve(both, x) * both[0]",
    "y = scipy.linalg.lu_solve(scipy.linalg.lu_factor(x), x[:, 1])": "y * y",
    "both = np.linalg.eigh(x @ x.T)  # read by name": "both.eigenvectors * both.eigenvalues",
    "w, V = np.linalg.eig(x @ x.T + np.tri(3))": "np.sum(w**3) + V * w",
    "w = np.linalg.eigvals(x @ x.T)": "w**2",
    "logdet = np.linalg.slogdet(x).logabsdet": "logdet**2",
    "s = np.linalg.svd(x).S": "s**3",
    "factor = scipy.linalg.cho_factor(x @ x.T + np.eye(3))": "scipy.linalg.cho_solve(factor, x[0])",
    "c, low = scipy.linalg.cho_factor(x @ x.T, lower=True)": "scipy.linalg.cho_solve((c, low), x)",
    "L = np.linalg.cholesky(x @ x.T)": "scipy.linalg.cho_solve((L, True), x[0])",
    "y, rest, rank, sv = np.linalg.lstsq(x, x[0], rcond=None)": "y",
}


@pytest.mark.parametrize("declared", ["", ": np.ndarray", ': Float[np.ndarray, "N N"]'])
@pytest.mark.parametrize("line", UNPACKED)
def test_tuples_may_be_unpacked(line: str, declared: str) -> None:
    text = f"{HEAD}def f(x{declared}):\n    {line}\n    return {UNPACKED[line]}\n"
    check(text, A + 0.3)


def test_tall_matrices() -> None:
    unpacked = "U, s, Vt = np.linalg.svd(x, full_matrices=False)"
    check(f"{HEAD}def f(x):\n    {unpacked}\n    return U * s + Vt[0]\n", TALL)
    check(f"{HEAD}def f(x):\n    {unpacked}\n    return Vt.T * s + U[0]\n", TALL.T.copy())
    check(f"{HEAD}def f(x):\n    Q, R = np.linalg.qr(x)\n    return Q @ R.T\n", TALL)


def test_full_matrices_have_singular_values_but_no_vectors() -> None:
    check(f"{HEAD}def f(x):\n    U, s, Vt = np.linalg.svd(x)\n    return s\n", TALL)
    text = f"{HEAD}def f(x):\n    U, s, Vt = np.linalg.svd(x)\n    return U[:, 0] * s[0]\n"
    with pytest.raises(ValueError, match="full_matrices=False"):
        generate(text)(TALL)


@pytest.mark.parametrize(
    "body",
    [
        "w, V = np.linalg.eigh(x)\n    return V[0, 0]",
        "U, s, Vt = np.linalg.svd(x)\n    return U[0, 0]",
    ],
)
def test_vectors_of_repeated_values_raise(body: str) -> None:
    with pytest.raises(np.linalg.LinAlgError, match="repeated"):
        generate(f"{HEAD}def f(x):\n    {body}\n")(np.eye(3))


@pytest.mark.parametrize("call", ["eigvals(x)", "eig(x)[0]"])
def test_complex_and_repeated_eigenvalues_raise(call: str) -> None:
    f_grad = generate(f"{HEAD}def f(x):\n    return np.sum(np.linalg.{call})\n")
    with pytest.raises(np.linalg.LinAlgError, match="complex"):
        f_grad(np.array([[0.0, 1.0], [-1.0, 0.0]]))
    with pytest.raises(np.linalg.LinAlgError, match="repeated"):
        f_grad(np.eye(2))


def test_a_wide_qr_raises() -> None:
    text = f"{HEAD}def f(x):\n    Q, R = np.linalg.qr(x)\n    return np.sum(R)\n"
    with pytest.raises(ValueError, match="wide"):
        generate(text)(TALL.T)


def test_the_norm_is_smooth_where_it_is_squared() -> None:
    text = f"{HEAD}def f(x):\n    return np.linalg.norm(x) ** 2\n"
    for x in (np.zeros(3), B, np.array([1e-150, 0.0, 0.0])):
        with np.errstate(all="raise", under="ignore"):
            _, (dx,) = call(text, (x,), None)
        assert np.allclose(dx, 2 * x, rtol=1e-12, atol=0)


def test_the_norm_has_gradient_0_at_0() -> None:
    for axis in ("", ", axis=0", ", ord=3, axis=0", ", ord=1, axis=0"):
        text = f"{HEAD}def f(x):\n    return np.linalg.norm(x{axis})\n"
        with np.errstate(all="raise"):
            _, (dx,) = call(text, (np.zeros(3),), None)
        assert np.array_equal(dx, np.zeros(3))


def test_slogdet_is_finite_where_det_overflows() -> None:
    x = np.eye(200) * 1e3
    _, dx = generate(f"{HEAD}def f(x):\n    return np.linalg.slogdet(x)[1]\n")(x)
    assert np.allclose(dx, np.eye(200) / 1e3)


REFUSED = {
    "np.linalg.pinv(x, rcond=0.1)": "rcond=0.1",
    "np.linalg.lstsq(x, x[0], rcond=0.1)[0]": "rcond=0.1",
    "scipy.linalg.eigvals(x)": "scipy.linalg.eigvals ",
    "scipy.linalg.lu(x)[0]": "scipy.linalg.lu ",
    "scipy.linalg.lu_solve(x, x)": "lu_solve",
    "np.linalg.norm(x, ord=1)": "ord=1",
    "scipy.linalg.sqrtm(x)": "scipy.linalg.sqrtm ",
    "np.linalg.lstsq(x, x[0], rcond=None)[1]": "np.linalg.lstsq",
}


@pytest.mark.parametrize("expression", REFUSED)
def test_what_has_no_rule_is_refused_by_name(expression: str) -> None:
    text = f'{HEAD}def f(x: Float[np.ndarray, "N N"]):\n    return np.sum({expression})\n'
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(text)
    assert REFUSED[expression] in str(caught.value)


UNSTABLE = {
    "np.log(np.sum(np.exp(x)))": "scipy.special.logsumexp(x)",
    "np.log(np.exp(2 * x).sum())": "scipy.special.logsumexp(x)",
    "np.log(1 + np.exp(x))": "np.logaddexp(0, x)",
    "np.log(np.exp(-x) + 1)": "np.logaddexp(0, x)",
    "np.log1p(np.exp(-x))": "np.logaddexp(0, x)",
    "np.exp(x) / np.sum(np.exp(x))": "scipy.special.softmax(x)",
    "np.log(np.exp(x) + np.exp(-x))": "np.logaddexp(x, y)",
    "np.log(np.linalg.det(x))": "np.linalg.slogdet(x)[1]",
    "np.log(1 - np.exp(x))": "np.log(-np.expm1(x))",
    "np.log(scipy.special.ndtr(x))": "scipy.special.log_ndtr(x)",
    "np.log(scipy.stats.norm.pdf(x))": "scipy.stats.norm.logpdf",
    "np.log(scipy.stats.poisson.cdf(2, x))": "scipy.stats.poisson.logcdf",
    "np.log(scipy.special.gamma(x))": "scipy.special.gammaln(x)",
}


@pytest.mark.parametrize("expression", UNSTABLE)
def test_an_unstable_forward_pass_gets_a_note(expression: str) -> None:
    head = HEAD.replace("import scipy.linalg", "import scipy.special\nimport scipy.stats")
    text = f"{head}def f(x: np.ndarray):\n    return np.sum({expression})\n"
    notes = compile_source(Source("program.py", text), Options()).notes
    assert any(UNSTABLE[expression] in (note.help or "") for note in notes)


STABLE = (
    "np.log(2 - np.exp(x)) + np.log(1 + x)",
    "np.log(np.sum(np.exp(x - np.max(x))))",
    "np.log(np.exp(x - x.max(axis=0, keepdims=True)).sum(axis=0))",
    "np.log(np.sum(np.exp(x - np.max(x, axis=0)[None, :])))",
    "np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)",
)


@pytest.mark.parametrize("expression", STABLE)
def test_a_stable_forward_pass_gets_no_note(expression: str) -> None:
    text = f"{HEAD}def f(x: np.ndarray):\n    return np.sum({expression})\n"
    notes = compile_source(Source("program.py", text), Options()).notes
    assert not [note for note in notes if (note.help or "").endswith("does not")]
