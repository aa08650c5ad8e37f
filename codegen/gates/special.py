"""Gates of scipy.special, entry by entry, and those that math and numpy have beside them."""

from typing import TYPE_CHECKING

import numpy as np

from codegen.gates import rules
from codegen.gates.declare import at, elementwise, gate
from codegen.gates.points import ABOVE_ONE, GRID, POSITIVE, ROW, UNIT, ZEROS
from codegen.gates.rules import floating
from codegen.gates.words import cast, helper

if TYPE_CHECKING:  # bodies are read, not run: the generator needs no scipy
    import scipy.special

EVERYWHERE = [at(GRID), at(0.3), at(-2.0), at(ZEROS)]
FRACTIONS = ((0.3, 0.8, 0.55), (0.15, 0.9, 0.05))
MANY = ((2.3, 0.4, 1.1), (0.7, 5.5, 1.9))
MANY_ABOVE = ((2.3, 1.4, 1.1), (0.7, 5.5, 1.9))
ABOVE_ZERO = [at(POSITIVE), at(0.3), at(12.5)]
TWO = [at(POSITIVE, MANY), at(0.3, 1.7), at(MANY, 0.6), at((0.7, 2.4, 0.55), POSITIVE)]


# logistic functions


@elementwise(
    "scipy.special.expit(x)",
    rule=floating,
    stem="sig{x}",
    holomorphic=False,
    points=[*EVERYWHERE, at(-40.0)],
)
def expit(out):
    """Squash to (0, 1). The slope is (1 - out) * out, so the forward value is reused."""
    return (1 - out) * out


@elementwise(
    "scipy.special.logit(x)",
    rule=floating,
    stem="logit_{x}",
    holomorphic=False,
    singular=True,
    points=[at(FRACTIONS), at(0.3), at(1e-4)],
)
def logit(x):
    """log(x / (1 - x)), the inverse of expit. The slope is infinite at 0 and 1."""
    return 1 / (x * (1 - x))


@elementwise(
    "scipy.special.log_expit(x)",
    rule=floating,
    stem="logsig_{x}",
    holomorphic=False,
    points=[*EVERYWHERE, at(-40.0), at(12.0)],
)
def log_expit(x):
    """log(expit(x)), finite for x of any size. The slope is expit(-x)."""
    return scipy.special.expit(-x)


# the error function and the normal distribution


@elementwise("scipy.special.erf(x)", rule=floating, stem="erf_{x}", points=EVERYWHERE)
def erf(x):
    """Error function: the integral of 2 / sqrt(pi) * exp(-t**2) from 0 to x."""
    return 2 / np.pi**0.5 * np.exp(-(x**2))


@elementwise("scipy.special.erfc(x)", rule=floating, stem="erfc_{x}", points=[*EVERYWHERE, at(6.0)])
def erfc(x):
    """1 - erf(x), exact where it is small."""
    return -2 / np.pi**0.5 * np.exp(-(x**2))


@elementwise(
    "math.erf(x)",
    rule=floating,
    stem="erf_{x}",
    holomorphic=False,
    points=[at(0.3), at(-2.0), at(0.0)],
)
def math_erf(x):
    """Error function of a number."""
    return 2 / np.pi**0.5 * np.exp(-(x**2))


@elementwise(
    "math.erfc(x)",
    rule=floating,
    stem="erfc_{x}",
    holomorphic=False,
    points=[at(0.3), at(-2.0), at(0.0)],
)
def math_erfc(x):
    """1 - erf(x) of a number, exact where it is small."""
    return -2 / np.pi**0.5 * np.exp(-(x**2))


@elementwise(
    "scipy.special.erfcx(x)",
    rule=floating,
    stem="erfcx_{x}",
    points=[*EVERYWHERE, at(5.0), at(60.5)],
)
def erfcx(out, x):
    """exp(x**2) * erfc(x), which does not underflow. The slope is a series where x is large.

    There 2 * x * out - 2 / sqrt(pi) cancels; the series is DLMF 7.12.1, differentiated.
    """
    t = 0.5 / np.maximum(x, 60) ** 2
    return np.where(
        x < 60,
        2 * x * out - 2 / np.pi**0.5,
        -2 / np.pi**0.5 * t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t))),
    )


@elementwise(
    "scipy.special.erfinv(x)",
    rule=floating,
    stem="erfinv_{x}",
    holomorphic=False,
    singular=True,
    points=[at(UNIT), at(0.3), at(0.0)],
)
def erfinv(out):
    """The inverse of erf. The slope is infinite at -1 and 1."""
    return np.pi**0.5 / 2 * np.exp(out**2)


@elementwise(
    "scipy.special.erfcinv(x)",
    rule=floating,
    stem="erfcinv_{x}",
    holomorphic=False,
    singular=True,
    points=[at(FRACTIONS), at(0.3), at(1.6)],
)
def erfcinv(out):
    """The inverse of erfc. The slope is infinite at 0 and 2."""
    return -(np.pi**0.5) / 2 * np.exp(out**2)


@elementwise(
    "scipy.special.ndtr(x)", rule=floating, stem="ndtr_{x}", points=[*EVERYWHERE, at(-6.0)]
)
def ndtr(x):
    """The probability that a normal number is below x."""
    return np.exp(-(x**2) / 2) / (2 * np.pi) ** 0.5


@elementwise(
    "scipy.special.log_ndtr(x)",
    rule=floating,
    stem="logndtr_{x}",
    holomorphic=False,
    points=[*EVERYWHERE, at(-40.0), at(12.0)],
)
def log_ndtr(x):
    """The logarithm of ndtr. The slope is the ratio of density and probability, far out too."""
    return (2 / np.pi) ** 0.5 / scipy.special.erfcx(-x / 2**0.5)


@elementwise(
    "scipy.special.ndtri(x)",
    rule=floating,
    stem="ndtri_{x}",
    holomorphic=False,
    singular=True,
    points=[at(FRACTIONS), at(0.3), at(1e-4)],
)
def ndtri(out):
    """The inverse of ndtr. The slope is infinite at 0 and 1."""
    return (2 * np.pi) ** 0.5 * np.exp(out**2 / 2)


# gamma and beta functions


@elementwise(
    "scipy.special.gammaln(x)",
    rule=floating,
    stem="gammaln_{x}",
    holomorphic=False,
    singular=True,
    points=[*ABOVE_ZERO, at(-1.4)],
)
def gammaln(x):
    """Logarithm of the gamma function. The slope is digamma(x)."""
    return scipy.special.digamma(x)


@elementwise(
    "math.lgamma(x)",
    rule=floating,
    stem="gammaln_{x}",
    holomorphic=False,
    singular=True,
    points=[at(0.3), at(12.5), at(-1.4)],
)
def math_lgamma(x):
    """Logarithm of the gamma function of a number; its slope is in scipy."""
    return scipy.special.digamma(x)


@elementwise(
    "scipy.special.gamma(x)",
    rule=floating,
    stem="gamma_{x}",
    holomorphic=False,
    singular=True,
    points=[at(POSITIVE), at(0.3), at(-1.4)],
)
def gamma_function(out, x):
    """Gamma function: (x - 1)! of whole numbers."""
    return out * scipy.special.digamma(x)


@elementwise(
    "math.gamma(x)",
    rule=floating,
    stem="gamma_{x}",
    holomorphic=False,
    singular=True,
    points=[at(0.3), at(4.5), at(-1.4)],
)
def math_gamma(out, x):
    """Gamma function of a number; its slope is in scipy."""
    return out * scipy.special.digamma(x)


@elementwise(
    "scipy.special.digamma(x)",
    "scipy.special.psi(x)",
    rule=floating,
    stem="psi_{x}",
    holomorphic=False,
    singular=True,
    points=ABOVE_ZERO,
)
def digamma(x):
    """The slope of gammaln."""
    return scipy.special.zeta(2, x)


@elementwise(
    "scipy.special.polygamma(n, x)",
    rule=rules.polygamma,
    stem="psi_{x}",
    counts=("n",),
    holomorphic=False,
    singular=True,
    points=[at(1, POSITIVE), at(2, 0.3), at(1, 2.5), at(0, POSITIVE), at(2, MANY)],
)
def polygamma(d, n, x):
    """The n-th derivative of digamma."""
    return None, cast(scipy.special.polygamma(n + 1, x) * d, x, "float")


@gate(
    "scipy.special.multigammaln(a, n)",
    rule=rules.polygamma,
    stem="gammaln_{a}",
    counts=("n",),
    holomorphic=False,
    singular=True,
    points=[at(MANY_ABOVE, 2), at(1.7, 1), at(3.5, 3)],
)
def multigammaln(d, a, n):
    """Logarithm of the gamma function of n dimensions: of the Wishart distribution."""
    return helper("_multigammaln_grad", d, a, n), None


@elementwise(
    "scipy.special.beta(a, b)",
    rule=floating,
    stem="beta_{a}_{b}",
    holomorphic=False,
    singular=True,
    points=TWO,
)
def beta_function(out, a, b):
    """Beta function: gamma(a) * gamma(b) / gamma(a + b)."""
    together = scipy.special.digamma(a + b)
    return (
        out * (scipy.special.digamma(a) - together),
        out * (scipy.special.digamma(b) - together),
    )


@elementwise(
    "scipy.special.betaln(a, b)",
    rule=floating,
    stem="betaln_{a}_{b}",
    holomorphic=False,
    singular=True,
    points=TWO,
)
def betaln(a, b):
    """Logarithm of the beta function."""
    together = scipy.special.digamma(a + b)
    return scipy.special.digamma(a) - together, scipy.special.digamma(b) - together


@elementwise(
    "scipy.special.betainc(a, b, x)",
    rule=floating,
    stem="betainc_{x}",
    holomorphic=False,
    singular=True,
    no_rule=("a", "b"),
    points=[at(2, 3, FRACTIONS), at(1, 2, 0.3), at(3, 2, 0.9)],
)
def betainc(a, b, x):
    """Regularized incomplete beta function: the slope is the density of the beta distribution."""
    return (
        None,
        None,
        cast(
            np.exp(
                scipy.special.xlogy(a - 1, x)
                + scipy.special.xlog1py(b - 1, -x)
                - scipy.special.betaln(a, b)
            ),
            x,
            "float",
        ),
    )


@elementwise(
    "scipy.special.gammainc(a, x)",
    rule=floating,
    stem="gammainc_{x}",
    holomorphic=False,
    singular=True,
    no_rule=("a",),
    points=[at(2, POSITIVE), at(1, 0.3), at(3, 2.6)],
)
def gammainc(d, a, x):
    """Regularized incomplete gamma function: the slope is the density of the gamma distribution."""
    return None, cast(
        np.exp(scipy.special.xlogy(a - 1, x) - x - scipy.special.gammaln(a)) * d, x, "float"
    )


@elementwise(
    "scipy.special.gammaincc(a, x)",
    rule=floating,
    stem="gammaincc_{x}",
    holomorphic=False,
    singular=True,
    no_rule=("a",),
    points=[at(2, POSITIVE), at(1, 0.3), at(3, 2.6)],
)
def gammaincc(d, a, x):
    """1 - gammainc(a, x), exact where it is small."""
    return None, -cast(
        np.exp(scipy.special.xlogy(a - 1, x) - x - scipy.special.gammaln(a)) * d, x, "float"
    )


# entropies


SOME = ((0.4, 0.0, 2.6), (0.15, 3.2, 0.9))
WEIGHTED = [at(GRID, POSITIVE), at(SOME, POSITIVE), at(ROW, 0.4), at(0.7, MANY)]


@elementwise(
    "scipy.special.xlogy(x, y)",
    rule=floating,
    stem="{x}log{y}",
    singular=True,
    holomorphic=False,
    points=[*WEIGHTED, at(0.3, 1.7), at((0.0, 0.5), (1.0, 2.0))],
)
def xlogy(x, y):
    """x * log(y), and 0 where x is 0. The slope of y is 0 where both are 0."""
    return np.log(y), x / (y + (x == 0))


@elementwise(
    "scipy.special.xlog1py(x, y)",
    rule=floating,
    stem="{x}log1p{y}",
    singular=True,
    holomorphic=False,
    points=[*WEIGHTED, at(0.3, -0.7), at((0.0, 0.5), (0.0, 2.0))],
)
def xlog1py(x, y):
    """x * log(1 + y), and 0 where x is 0. The slope of y is 0 at x = 0, y = -1."""
    return np.log1p(y), x / (1 + y + (x == 0))


@elementwise(
    "scipy.special.entr(x)",
    rule=floating,
    stem="entr_{x}",
    singular=True,
    holomorphic=False,
    points=[at(POSITIVE), at(0.3), at(1e-4)],
)
def entr(x):
    """-x * log(x). The slope is infinite at 0."""
    return -1 - np.log(x)


@elementwise(
    "scipy.special.rel_entr(x, y)",
    rule=floating,
    stem="relentr_{x}_{y}",
    singular=True,
    holomorphic=False,
    points=TWO,
)
def rel_entr(x, y):
    """x * log(x / y). The slope of x is infinite at 0."""
    return np.log(x / y) + 1, -x / y


@elementwise(
    "scipy.special.kl_div(x, y)",
    rule=floating,
    stem="kl_{x}_{y}",
    singular=True,
    holomorphic=False,
    points=TWO,
)
def kl_div(x, y):
    """x * log(x / y) - x + y. The slope of x is infinite at 0."""
    return np.log(x / y), 1 - x / y


@elementwise(
    "scipy.special.huber(delta, r)",
    rule=floating,
    stem="huber_{r}",
    holomorphic=False,
    points=[at(1.0, GRID), at(0.5, -0.3), at(0.4, 1.3), at(MANY, GRID), at(POSITIVE, 0.6)],
)
def huber(delta, r):
    """r**2 / 2 up to delta, a line beyond: the slope is r, cut off at delta."""
    return np.maximum(np.maximum(r - delta, -r - delta), 0), np.clip(r, -delta, delta)


# Bessel functions


@elementwise(
    "scipy.special.i0(x)", rule=floating, stem="i0_{x}", holomorphic=False, points=EVERYWHERE
)
def i0(x):
    """Modified Bessel function of order 0."""
    return scipy.special.i1(x)


@elementwise("np.i0(x)", rule=rules.bessel, stem="i0_{x}", holomorphic=False, points=EVERYWHERE)
def numpy_i0(x):
    """Modified Bessel function of order 0; its slope is in scipy."""
    return scipy.special.i1(x)


@elementwise(
    "scipy.special.i0e(x)",
    rule=floating,
    stem="i0e_{x}",
    kink="0 at 0",
    holomorphic=False,
    points=[at(GRID), at(0.3), at(-2.0), at(40.0), at(0.0)],
)
def i0e(out, x):
    """exp(-abs(x)) * i0(x). The slope is 0 at 0."""
    return scipy.special.i1e(x) - np.sign(x) * out


@elementwise(
    "scipy.special.i1(x)", rule=floating, stem="i1_{x}", holomorphic=False, points=EVERYWHERE
)
def i1(x):
    """Modified Bessel function of order 1."""
    return (scipy.special.i0(x) + scipy.special.iv(2, x)) / 2


@elementwise(
    "scipy.special.j0(x)", rule=floating, stem="j0_{x}", holomorphic=False, points=EVERYWHERE
)
def j0(x):
    """Bessel function of the first kind, of order 0."""
    return -scipy.special.j1(x)


@elementwise(
    "scipy.special.j1(x)", rule=floating, stem="j1_{x}", holomorphic=False, points=EVERYWHERE
)
def j1(x):
    """Bessel function of the first kind, of order 1."""
    return (scipy.special.j0(x) - scipy.special.jv(2, x)) / 2


@elementwise(
    "scipy.special.y0(x)",
    rule=floating,
    stem="y0_{x}",
    holomorphic=False,
    singular=True,
    points=ABOVE_ZERO,
)
def y0(x):
    """Bessel function of the second kind, of order 0."""
    return -scipy.special.y1(x)


@elementwise(
    "scipy.special.y1(x)",
    rule=floating,
    stem="y1_{x}",
    holomorphic=False,
    singular=True,
    points=[*ABOVE_ZERO, at(ABOVE_ONE)],
)
def y1(x):
    """Bessel function of the second kind, of order 1."""
    return (scipy.special.y0(x) - scipy.special.yv(2, x)) / 2


# what slopes are made of


@elementwise(
    "scipy.special.zeta(n, x)",
    rule=floating,
    stem="zeta_{x}",
    counts=("n",),
    holomorphic=False,
    singular=True,
    points=[at(2, POSITIVE), at(3, 0.3), at(2, 2.5)],
)
def zeta(n, x):
    """Hurwitz zeta function: of whole n the slopes of digamma are made of it."""
    return None, -n * scipy.special.zeta(n + 1, x)


ORDERS = [at(2, POSITIVE), at(3, 0.3), at(0, 2.5), at(1, POSITIVE)]


@elementwise(
    "scipy.special.iv(v, x)",
    rule=floating,
    stem="iv_{x}",
    no_rule=("v",),
    holomorphic=False,
    points=ORDERS,
)
def iv(v, x):
    """Modified Bessel function of order v."""
    return None, (scipy.special.iv(v - 1, x) + scipy.special.iv(v + 1, x)) / 2


@elementwise(
    "scipy.special.jv(v, x)",
    rule=floating,
    stem="jv_{x}",
    no_rule=("v",),
    holomorphic=False,
    points=ORDERS,
)
def jv(v, x):
    """Bessel function of the first kind, of order v."""
    return None, (scipy.special.jv(v - 1, x) - scipy.special.jv(v + 1, x)) / 2


@elementwise(
    "scipy.special.yv(v, x)",
    rule=floating,
    stem="yv_{x}",
    no_rule=("v",),
    holomorphic=False,
    singular=True,
    points=ORDERS,
)
def yv(v, x):
    """Bessel function of the second kind, of order v."""
    return None, (scipy.special.yv(v - 1, x) - scipy.special.yv(v + 1, x)) / 2
