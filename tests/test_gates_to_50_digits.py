"""Scalar rules in mpmath: the slope that a gate's body gives, to 50 digits."""

from __future__ import annotations

import ast
import types
from typing import Any

import mpmath
import pytest
from mpmath import mp

from codegen.gates.declare import GateDefinition, Point
from tests.gate_programs import differentiable, literals
from tests.gate_runs import generate

DIGITS = 50
FAMILIES = ("elementwise", "trigonometric", "hyperbolic", "special", "distributions")
ELSEWHERE = ("sinc", "erfcx", "length_of")  # a series somewhere; any number of operands


def _huber(delta: Any, r: Any) -> Any:
    return r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)


def _multigammaln(a: Any, n: Any) -> Any:
    parts = mp.fsum(mp.loggamma(a - mp.mpf(i) / 2) for i in range(int(n)))
    return n * (n - 1) / 4 * mp.log(mp.pi) + parts


def _multigammaln_grad(d: Any, a: Any, n: Any) -> Any:
    """Return what the helper `_multigammaln_grad` says, in mpmath."""
    return d * mp.fsum(mp.digamma(a - mp.mpf(i) / 2) for i in range(int(n)))


def _digits(name: str) -> Any:
    return getattr(mp, name)


def _log(x: Any, base: Any = None) -> Any:
    return mp.log(x) if base is None else mp.log(x) / mp.log(base)


def _expit(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _xlogy(x: Any, y: Any) -> Any:
    return x * mp.log(y) if x else mp.mpf(0)


def _erfcinv(x: Any) -> Any:
    return mp.erfinv(1 - x)


NUMPY = types.SimpleNamespace(
    pi=mp.pi,
    inf=mp.inf,
    log=_log,
    abs=abs,
    sign=mp.sign,
    square=lambda x: x * x,
    exp2=lambda x: mp.mpf(2) ** x,
    log2=lambda x: mp.log(x, 2),
    log10=mp.log10,
    arcsin=mp.asin,
    arccos=mp.acos,
    arctan=mp.atan,
    arcsinh=mp.asinh,
    arccosh=mp.acosh,
    arctanh=mp.atanh,
    arctan2=mp.atan2,
    absolute=abs,
    fabs=abs,
    maximum=max,
    clip=lambda x, low, high: min(max(x, low), high),
    logaddexp=lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    hypot=lambda *x: mp.sqrt(mp.fsum(v * v for v in x)),
    deg2rad=mp.radians,
    rad2deg=mp.degrees,
    i0=lambda x: mp.besseli(0, x),
    **{
        name: _digits(name)
        for name in ("exp", "expm1", "log1p", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh")
    },
    tanh=mp.tanh,
)
SPECIAL = types.SimpleNamespace(
    expit=_expit,
    logit=lambda x: mp.log(x / (1 - x)),
    log_expit=lambda x: -mp.log1p(mp.exp(-x)),
    erf=mp.erf,
    erfc=mp.erfc,
    erfcx=lambda x: mp.exp(x * x) * mp.erfc(x),
    erfinv=mp.erfinv,
    erfcinv=_erfcinv,
    ndtr=mp.ncdf,
    log_ndtr=lambda x: mp.log(mp.ncdf(x)),
    ndtri=lambda x: mp.sqrt(2) * mp.erfinv(2 * x - 1),
    gamma=mp.gamma,
    gammaln=lambda x: mp.log(abs(mp.gamma(x))),
    digamma=mp.digamma,
    psi=mp.digamma,
    polygamma=lambda n, x: mp.psi(int(n), x),
    zeta=mp.zeta,
    beta=mp.beta,
    betaln=lambda a, b: mp.log(mp.beta(a, b)),
    betainc=lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True),
    gammainc=lambda a, x: mp.gammainc(a, 0, x, regularized=True),
    gammaincc=lambda a, x: mp.gammainc(a, x, regularized=True),
    xlogy=_xlogy,
    xlog1py=lambda x, y: _xlogy(x, 1 + y),
    huber=_huber,
    multigammaln=_multigammaln,
    entr=lambda x: -x * mp.log(x),
    rel_entr=lambda x, y: x * mp.log(x / y),
    kl_div=lambda x, y: x * mp.log(x / y) - x + y,
    i0=lambda x: mp.besseli(0, x),
    i1=lambda x: mp.besseli(1, x),
    i0e=lambda x: mp.exp(-abs(x)) * mp.besseli(0, x),
    i1e=lambda x: mp.exp(-abs(x)) * mp.besseli(1, x),
    j0=lambda x: mp.besselj(0, x),
    j1=lambda x: mp.besselj(1, x),
    y0=lambda x: mp.bessely(0, x),
    y1=lambda x: mp.bessely(1, x),
    iv=mp.besseli,
    jv=mp.besselj,
    yv=mp.bessely,
)
MATH = types.SimpleNamespace(
    **{**vars(NUMPY), "lgamma": SPECIAL.gammaln, "gamma": mp.gamma, "erf": mp.erf, "erfc": mp.erfc}
)


def _distribution(logpdf: Any, cdf: Any) -> Any:
    """Return what scipy.stats has of a distribution, from what it is at loc=0, scale=1."""

    def functions(name: str) -> Any:
        def function(x: Any, *given: Any) -> Any:
            count = logpdf.__code__.co_argcount - 1
            shapes, rest = given[:count], given[count:]
            loc, scale = [*rest, *(mp.mpf(0), mp.mpf(1))[len(rest) :]]
            z = (x - loc) / scale
            if name.endswith("cdf"):
                value = cdf(z, *shapes)
                return mp.log(value) if name == "logcdf" else value
            value = logpdf(z, *shapes) - mp.log(scale)
            return value if name == "logpdf" else mp.exp(value)

        return function

    return types.SimpleNamespace(**{n: functions(n) for n in ("logpdf", "pdf", "cdf", "logcdf")})


def _poisson(name: str) -> Any:
    def function(k: Any, mu: Any) -> Any:
        value = k * mp.log(mu) - mp.loggamma(k + 1) - mu
        if name == "pmf":
            value = mp.exp(value)
        if name.endswith("cdf"):
            value = mp.gammainc(k + 1, mu, regularized=True)
            value = mp.log(value) if name == "logcdf" else value
        return value

    return function


STATS = types.SimpleNamespace(
    norm=_distribution(lambda z: -z * z / 2 - mp.log(2 * mp.pi) / 2, mp.ncdf),
    expon=_distribution(lambda z: -z, lambda z: -mp.expm1(-z)),
    gamma=_distribution(
        lambda z, a: (a - 1) * mp.log(z) - z - mp.loggamma(a),
        lambda z, a: mp.gammainc(a, 0, z, regularized=True),
    ),
    beta=_distribution(
        lambda z, a, b: (a - 1) * mp.log(z) + (b - 1) * mp.log1p(-z) - mp.log(mp.beta(a, b)),
        lambda z, a, b: mp.betainc(a, b, 0, z, regularized=True),
    ),
    t=_distribution(
        lambda z, df: (
            mp.loggamma((df + 1) / 2)
            - mp.loggamma(df / 2)
            - mp.log(df * mp.pi) / 2
            - (df + 1) / 2 * mp.log1p(z * z / df)
        ),
        lambda z, df: (
            (1 + mp.sign(z)) / 2
            - mp.sign(z) * mp.betainc(df / 2, 0.5, 0, df / (df + z * z), regularized=True) / 2
        ),
    ),
    poisson=types.SimpleNamespace(
        **{name: _poisson(name) for name in ("logpmf", "pmf", "cdf", "logcdf")}
    ),
)
NUMPY.where = lambda test, x, y: x if test else y
NUMPY.floor = mp.floor
WORDS: dict[str, Any] = {
    "np": NUMPY,
    "math": MATH,
    "scipy": types.SimpleNamespace(special=SPECIAL, stats=STATS),
    "helper": lambda name, *given: {"_multigammaln_grad": _multigammaln_grad}[name](*given),
    "cast": lambda d, *_: d,
    "d": 1,
}


def exact(text: str) -> Any:
    """Compile an expression in which every number has all digits."""
    tree = ast.parse(text, mode="eval")
    return compile(_Exact().visit(tree), "<rule>", "eval")


class _Exact(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, (int, float)) or isinstance(node.value, bool):
            return node
        call = ast.Call(ast.Name("mpf", ast.Load()), [ast.Constant(repr(node.value))], [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def cases() -> list[tuple[GateDefinition, Point]]:
    """Return the points of numbers that have no kink."""
    return [
        (gate, point)
        for gate in differentiable()
        if gate.family in FAMILIES and gate.name not in ELSEWHERE and not gate.spellings
        if gate.kind == "elementwise" and literals(gate, gate.patterns[0]) == (None,)
        for point in gate.points
        if not any(isinstance(operand, tuple) for operand in point.operands)
        if not (gate.kink and 0.0 in point.operands)
    ]


def rule(gate: GateDefinition, given: dict[str, Any]) -> list[Any]:
    """Return the local gradients that the body gives, in mpmath."""
    names = WORDS | {"mpf": mp.mpf} | given
    for name, default in gate.defaults.items():
        names.setdefault(name, eval(exact(ast.unparse(default)), names))
    for node in gate.body.body:
        if isinstance(node, ast.Assign):
            assert isinstance(node.targets[0], ast.Name)
            names[node.targets[0].id] = eval(exact(ast.unparse(node.value)), names)
        elif isinstance(node, ast.If):
            pytest.skip("the rule has cases")
        elif isinstance(node, ast.Return) and node.value is not None:
            cells = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            return [eval(exact(ast.unparse(cell)), names) for cell in cells]
    raise AssertionError(gate.name)


@pytest.mark.parametrize(
    ("gate", "point"), [pytest.param(*c, id=f"{c[0].name}-{c[1].operands}") for c in cases()]
)
def test_slopes_have_fifty_digits(gate: GateDefinition, point: Point) -> None:
    pattern = gate.patterns[0]
    own = [a.name for a in pattern.arguments if a.role in ("operand", "optional")]
    call = f"{pattern.text.split('(')[0]}({', '.join(own[: len(point.operands)])})"
    with mpmath.workdps(2 * DIGITS + 20):
        values = [mp.mpf(repr(operand)) for operand in point.operands]
        given = dict(zip(own, values, strict=False))
        forward = exact(call)
        names = WORDS | {"mpf": mp.mpf}
        out = eval(forward, names | given)
        slopes = rule(gate, given | {"out": out})
        assert len(slopes) == max(1, len(gate.operands))
        for name, slope in zip(gate.operands, slopes, strict=True):
            if slope is None or name not in given:
                continue
            true = mp.diff(lambda v, n=name: eval(forward, names | given | {n: v}), given[name])
            scale = max(abs(true), mp.mpf(10) ** -30)
            assert abs(slope - true) <= scale * mp.mpf(10) ** -DIGITS, f"by {name}"


def test_the_points_are_many() -> None:
    assert len(cases()) > 100


SERIES = {
    "sinc": ("np.sinc(x)", lambda x: mp.sinc(mp.pi * x), (1e-9, 0.0099, 0.0101, 0.3, 1.0, 40.2)),
    "erfcx": (
        "scipy.special.erfcx(x)",
        lambda x: mp.exp(x * x) * mp.erfc(x),
        (-3.0, 0.0, 5.0, 59.9, 60.1, 100.0, 1e5),
    ),
}


@pytest.mark.parametrize("name", SERIES)
def test_slopes_that_are_series_somewhere_have_the_digits_of_a_double(name: str) -> None:
    call, true, places = SERIES[name]
    gradient = generate(f"import numpy as np\nimport scipy\ndef f(x: float):\n    return {call}\n")
    for x in places:
        with mpmath.workdps(40):
            expected = mp.diff(true, mp.mpf(x))
        assert abs(gradient(x)[1] - expected) <= 1e-11 * abs(expected), x
