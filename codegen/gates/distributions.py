"""Gates of scipy.stats: densities, their logarithms, and what they add up to.

The slope of a cumulative probability is the density, that of its logarithm their quotient. scipy
computes in float64: what goes back to a float32 array is cast.
"""

from typing import TYPE_CHECKING

import numpy as np

from codegen.gates import type_rules_distributions as rules
from codegen.gates.declare import at, elementwise, gate
from codegen.gates.points import GRID, POSITIVE, ROW, SQUARE
from codegen.gates.words import cast, helper

if TYPE_CHECKING:  # bodies are read, not run: the generator needs no scipy
    import scipy.special
    import scipy.stats

FRACTIONS = ((0.3, 0.8, 0.55), (0.15, 0.9, 0.05))
MANY = ((2.3, 0.4, 1.1), (0.7, 5.5, 1.9))
EVERYWHERE = [
    at(GRID),
    at(0.3),
    at(-2.0, 0.4, 1.7),
    at(GRID, 0.3),
    at(GRID, ROW, 1.3),
    at(0.7, GRID, MANY),
]
ABOVE_ZERO = [at(POSITIVE), at(0.3), at(2.0, 0.4, 1.7), at(POSITIVE, -0.5, MANY)]
OUTSIDE = at((-1.5, 0.7))
SHAPED = [
    at(POSITIVE, 1.7),
    at(0.3, 2.4),
    at(2.0, 1.3, 0.4, 1.7),
    at(POSITIVE, MANY),
    at(POSITIVE, 2.4, -0.5, MANY),
]
FIXED = [at(POSITIVE, 2), at(0.3, 1), at(2.0, 3, 0.4, 1.7), at(POSITIVE, 2, -0.5, MANY)]
SHAPED2 = [
    at(FRACTIONS, 1.7, 2.4),
    at(0.3, 2.4, 0.6),
    at(1.1, 1.3, 2.2, 0.4, 1.7),
    at(FRACTIONS, MANY, POSITIVE),
    at(FRACTIONS, 2.4, 1.6, -0.5, 2.3),
]
FIXED2 = [
    at(FRACTIONS, 2, 3),
    at(0.3, 1, 2),
    at(1.1, 3, 2, 0.4, 1.7),
    at(FRACTIONS, 2, 2, -0.5, 2.3),
]
SHAPED_T = [
    at(GRID, 1.7),
    at(0.3, 4.4),
    at(-2.0, 2.5, 0.4, 1.7),
    at(GRID, MANY),
    at(GRID, 3.5, ROW, MANY),
]
FIXED_T = [at(GRID, 2), at(0.3, 5), at(-2.0, 3, 0.4, 1.7), at(GRID, 3, ROW, MANY)]


@elementwise(
    "scipy.stats.norm.logpdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="logpdf_{x}",
    holomorphic=False,
    points=[*EVERYWHERE, at(40.0), at(-40.0)],
)
def norm_logpdf(d, x, loc=0, scale=1):
    """Logarithm of the density of a normal number."""
    z = (x - loc) / scale
    return (
        cast(d * -z / scale, x, "float"),
        cast(d * z / scale, loc, "float"),
        cast(d * (z * z - 1) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.norm.pdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="pdf_{x}",
    holomorphic=False,
    points=EVERYWHERE,
)
def norm_pdf(d, out, x, loc=0, scale=1):
    """The density of a normal number."""
    z = (x - loc) / scale
    return (
        cast(d * out * -z / scale, x, "float"),
        cast(d * out * z / scale, loc, "float"),
        cast(d * out * (z * z - 1) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.norm.cdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="cdf_{x}",
    holomorphic=False,
    points=[*EVERYWHERE, at(-6.0)],
)
def norm_cdf(d, x, loc=0, scale=1):
    """Probability below x of a normal number."""
    density = scipy.stats.norm.pdf(x, loc, scale)
    return (
        cast(d * density, x, "float"),
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.norm.logcdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="logcdf_{x}",
    holomorphic=False,
    points=[*EVERYWHERE, at(-6.0)],
)
def norm_logcdf(d, out, x, loc=0, scale=1):
    """Logarithm of the probability below x of a normal number."""
    density = np.exp(scipy.stats.norm.logpdf(x, loc, scale) - out)
    return (
        cast(d * density, x, "float"),
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.expon.logpdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="logpdf_{x}",
    holomorphic=False,
    singular=True,
    points=ABOVE_ZERO,
)
def expon_logpdf(d, x, loc=0, scale=1):
    """Logarithm of the density of a waiting time."""
    z = (x - loc) / scale
    return (
        cast(-d / scale, x, "float"),
        cast(d / scale, loc, "float"),
        cast(d * (z - 1) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.expon.pdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="pdf_{x}",
    holomorphic=False,
    singular=True,
    points=[*ABOVE_ZERO, OUTSIDE],
)
def expon_pdf(d, out, x, loc=0, scale=1):
    """The density of a waiting time."""
    z = (x - loc) / scale
    return (
        cast(-d * out / scale, x, "float"),
        cast(d * out / scale, loc, "float"),
        cast(d * out * (z - 1) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.expon.cdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="cdf_{x}",
    holomorphic=False,
    points=ABOVE_ZERO,
)
def expon_cdf(d, x, loc=0, scale=1):
    """Probability below x of a waiting time."""
    density = scipy.stats.expon.pdf(x, loc, scale)
    return (
        cast(d * density, x, "float"),
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.expon.logcdf(x, loc=..., scale=...)",
    rule=rules.double,
    stem="logcdf_{x}",
    holomorphic=False,
    singular=True,
    points=ABOVE_ZERO,
)
def expon_logcdf(d, out, x, loc=0, scale=1):
    """Logarithm of the probability below x of a waiting time."""
    density = np.exp(scipy.stats.expon.logpdf(x, loc, scale) - out)
    return (
        cast(d * density, x, "float"),
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.gamma.logpdf(x, a, loc=..., scale=...)",
    rule=rules.double,
    stem="logpdf_{x}",
    holomorphic=False,
    singular=True,
    points=SHAPED,
)
def gamma_logpdf(d, x, a, loc=0, scale=1):
    """Logarithm of the density of a gamma-distributed number."""
    z = (x - loc) / scale
    slope = ((a - 1) / z - 1) / scale
    return (
        cast(d * slope, x, "float"),
        cast(d * (np.log(z) - scipy.special.digamma(a)), a, "float"),
        cast(d * -slope, loc, "float"),
        cast(d * (z - a) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.gamma.pdf(x, a, loc=..., scale=...)",
    rule=rules.double,
    stem="pdf_{x}",
    holomorphic=False,
    singular=True,
    points=[*SHAPED, at((-1.5, 0.7), 2.4), at((0.2, 2.7), 2.4, 0.5)],
)
def gamma_pdf(d, out, x, a, loc=0, scale=1):
    """The density of a gamma-distributed number."""
    z = np.where(out > 0, (x - loc) / scale, 1)
    slope = ((a - 1) / z - 1) / scale
    return (
        cast(d * out * slope, x, "float"),
        cast(d * out * (np.log(z) - scipy.special.digamma(a)), a, "float"),
        cast(d * out * -slope, loc, "float"),
        cast(d * out * (z - a) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.gamma.cdf(x, a, loc=..., scale=...)",
    rule=rules.double,
    stem="cdf_{x}",
    holomorphic=False,
    no_rule=("a",),
    points=FIXED,
)
def gamma_cdf(d, x, a, loc=0, scale=1):
    """Probability below x of a gamma-distributed number."""
    density = scipy.stats.gamma.pdf(x, a, loc, scale)
    return (
        cast(d * density, x, "float"),
        None,
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.gamma.logcdf(x, a, loc=..., scale=...)",
    rule=rules.double,
    stem="logcdf_{x}",
    holomorphic=False,
    no_rule=("a",),
    singular=True,
    points=FIXED,
)
def gamma_logcdf(d, out, x, a, loc=0, scale=1):
    """Logarithm of the probability below x of a gamma-distributed number."""
    density = np.exp(scipy.stats.gamma.logpdf(x, a, loc, scale) - out)
    return (
        cast(d * density, x, "float"),
        None,
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.beta.logpdf(x, a, b, loc=..., scale=...)",
    rule=rules.double,
    stem="logpdf_{x}",
    holomorphic=False,
    singular=True,
    points=SHAPED2,
)
def beta_logpdf(d, x, a, b, loc=0, scale=1):
    """Logarithm of the density of a beta-distributed number."""
    z = (x - loc) / scale
    slope = ((a - 1) / z - (b - 1) / (1 - z)) / scale
    together = scipy.special.digamma(a + b)
    return (
        cast(d * slope, x, "float"),
        cast(d * (np.log(z) - scipy.special.digamma(a) + together), a, "float"),
        cast(d * (np.log1p(-z) - scipy.special.digamma(b) + together), b, "float"),
        cast(d * -slope, loc, "float"),
        cast(d * (-1 / scale - slope * z), scale, "float"),
    )


@elementwise(
    "scipy.stats.beta.pdf(x, a, b, loc=..., scale=...)",
    rule=rules.double,
    stem="pdf_{x}",
    holomorphic=False,
    singular=True,
    points=[*SHAPED2, at((-1.5, 0.7), 2.4, 1.3), at((0.2, 0.7), 2.4, 1.3, 0.5)],
)
def beta_pdf(d, out, x, a, b, loc=0, scale=1):
    """The density of a beta-distributed number."""
    z = np.where(out > 0, (x - loc) / scale, 0.5)
    slope = ((a - 1) / z - (b - 1) / (1 - z)) / scale
    together = scipy.special.digamma(a + b)
    return (
        cast(d * out * slope, x, "float"),
        cast(d * out * (np.log(z) - scipy.special.digamma(a) + together), a, "float"),
        cast(d * out * (np.log1p(-z) - scipy.special.digamma(b) + together), b, "float"),
        cast(d * out * -slope, loc, "float"),
        cast(d * out * (-1 / scale - slope * z), scale, "float"),
    )


@elementwise(
    "scipy.stats.beta.cdf(x, a, b, loc=..., scale=...)",
    rule=rules.double,
    stem="cdf_{x}",
    holomorphic=False,
    no_rule=("a", "b"),
    points=FIXED2,
)
def beta_cdf(d, x, a, b, loc=0, scale=1):
    """Probability below x of a beta-distributed number."""
    density = scipy.stats.beta.pdf(x, a, b, loc, scale)
    return (
        cast(d * density, x, "float"),
        None,
        None,
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.beta.logcdf(x, a, b, loc=..., scale=...)",
    rule=rules.double,
    stem="logcdf_{x}",
    holomorphic=False,
    no_rule=("a", "b"),
    singular=True,
    points=FIXED2,
)
def beta_logcdf(d, out, x, a, b, loc=0, scale=1):
    """Logarithm of the probability below x of a beta-distributed number."""
    density = np.exp(scipy.stats.beta.logpdf(x, a, b, loc, scale) - out)
    return (
        cast(d * density, x, "float"),
        None,
        None,
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.t.logpdf(x, df, loc=..., scale=...)",
    rule=rules.double,
    stem="logpdf_{x}",
    holomorphic=False,
    singular=True,
    points=SHAPED_T,
)
def t_logpdf(d, x, df, loc=0, scale=1):
    """Logarithm of the density of a t-distributed number."""
    z = (x - loc) / scale
    slope = -(df + 1) * z / (df + z * z) / scale
    return (
        cast(d * slope, x, "float"),
        cast(
            d
            * (
                (
                    scipy.special.digamma((df + 1) / 2)
                    - scipy.special.digamma(df / 2)
                    - 1 / df
                    - np.log1p(z * z / df)
                    + (df + 1) * z * z / (df * (df + z * z))
                )
                / 2
            ),
            df,
            "float",
        ),
        cast(d * -slope, loc, "float"),
        cast(d * (-1 / scale - slope * z), scale, "float"),
    )


@elementwise(
    "scipy.stats.t.pdf(x, df, loc=..., scale=...)",
    rule=rules.double,
    stem="pdf_{x}",
    holomorphic=False,
    singular=True,
    points=SHAPED_T,
)
def t_pdf(d, out, x, df, loc=0, scale=1):
    """The density of a t-distributed number."""
    z = (x - loc) / scale
    slope = -(df + 1) * z / (df + z * z) / scale
    return (
        cast(d * out * slope, x, "float"),
        cast(
            d
            * out
            * (
                (
                    scipy.special.digamma((df + 1) / 2)
                    - scipy.special.digamma(df / 2)
                    - 1 / df
                    - np.log1p(z * z / df)
                    + (df + 1) * z * z / (df * (df + z * z))
                )
                / 2
            ),
            df,
            "float",
        ),
        cast(d * out * -slope, loc, "float"),
        cast(d * out * (-1 / scale - slope * z), scale, "float"),
    )


@elementwise(
    "scipy.stats.t.cdf(x, df, loc=..., scale=...)",
    rule=rules.double,
    stem="cdf_{x}",
    holomorphic=False,
    no_rule=("df",),
    points=FIXED_T,
)
def t_cdf(d, x, df, loc=0, scale=1):
    """Probability below x of a t-distributed number."""
    density = scipy.stats.t.pdf(x, df, loc, scale)
    return (
        cast(d * density, x, "float"),
        None,
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


@elementwise(
    "scipy.stats.t.logcdf(x, df, loc=..., scale=...)",
    rule=rules.double,
    stem="logcdf_{x}",
    holomorphic=False,
    no_rule=("df",),
    singular=True,
    points=FIXED_T,
)
def t_logcdf(d, out, x, df, loc=0, scale=1):
    """Logarithm of the probability below x of a t-distributed number."""
    density = np.exp(scipy.stats.t.logpdf(x, df, loc, scale) - out)
    return (
        cast(d * density, x, "float"),
        None,
        cast(-d * density, loc, "float"),
        cast(-d * density * (x - loc) / scale, scale, "float"),
    )


COUNTS = [at(3, 1.7), at(0, 2.4), at(2, POSITIVE), at(4, MANY)]


@elementwise(
    "scipy.stats.poisson.logpmf(k, mu)",
    rule=rules.double,
    stem="logpmf_{k}",
    holomorphic=False,
    singular=True,
    points=COUNTS,
)
def poisson_logpmf(d, k, mu):
    """Logarithm of the probability of k events. k is a whole number, without gradient."""
    return None, cast(d * (k / mu - 1), mu, "float")


@elementwise(
    "scipy.stats.poisson.pmf(k, mu)",
    rule=rules.double,
    stem="pmf_{k}",
    holomorphic=False,
    singular=True,
    points=COUNTS,
)
def poisson_pmf(d, out, k, mu):
    """Probability of k events. k is a whole number, without gradient."""
    return None, cast(d * out * (k / mu - 1), mu, "float")


@elementwise(
    "scipy.stats.poisson.cdf(k, mu)",
    rule=rules.double,
    stem="cdf_{k}",
    holomorphic=False,
    points=COUNTS,
)
def poisson_cdf(d, k, mu):
    """Probability of k events or fewer."""
    return None, cast(-d * scipy.stats.poisson.pmf(np.floor(k), mu), mu, "float")


@elementwise(
    "scipy.stats.poisson.logcdf(k, mu)",
    rule=rules.double,
    stem="logcdf_{k}",
    holomorphic=False,
    points=COUNTS,
)
def poisson_logcdf(d, out, k, mu):
    """Logarithm of the probability of k events or fewer."""
    share = np.exp(scipy.stats.poisson.logpmf(np.floor(k), mu) - out)
    return None, cast(-d * share, mu, "float")


COVARIANCE = ((2.2, -0.4, 0.3), (-0.4, 1.9, -0.7), (0.3, -0.7, 2.6))
NORMAL = [
    at(ROW, (0.4, 1.3, -0.9), COVARIANCE),
    at(SQUARE, ROW, COVARIANCE),
    at(GRID, ROW, COVARIANCE),
]


@gate(
    "scipy.stats.multivariate_normal.logpdf(x, mean, cov)",
    rule=rules.rows,
    stem="logpdf_{x}",
    contracts=True,
    holomorphic=False,
    points=NORMAL,
)
def multivariate_normal_logpdf(d, x, mean, cov):
    """Logarithm of the density of rows of normal numbers. cov's lower triangle is read."""
    return (
        helper("_normal_grad_x", d, x, mean, cov),
        helper("_normal_grad_mean", d, x, mean, cov),
        helper("_normal_grad_cov", d, x, mean, cov),
    )


@gate(
    "scipy.stats.multivariate_normal.pdf(x, mean, cov)",
    rule=rules.rows,
    stem="pdf_{x}",
    contracts=True,
    holomorphic=False,
    points=NORMAL,
)
def multivariate_normal_pdf(d, out, x, mean, cov):
    """Density of rows of normal numbers. cov's lower triangle is read."""
    return (
        helper("_normal_grad_x", d * out, x, mean, cov),
        helper("_normal_grad_mean", d * out, x, mean, cov),
        helper("_normal_grad_cov", d * out, x, mean, cov),
    )
