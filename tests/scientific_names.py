"""Every name of linear algebra, special functions and distributions that is promised, and how.

For each a call on `x`, a square matrix, `v`, a row, or `p`, a row between 0 and 1.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    # numpy.linalg
    "np.linalg.inv": "np.linalg.inv(x)",
    "np.linalg.pinv": "np.linalg.pinv(x)",
    "np.linalg.solve": "np.linalg.solve(x, v)",
    "np.linalg.lstsq": "np.linalg.lstsq(x, v, rcond=None)[0]",
    "np.linalg.det": "np.linalg.det(x)",
    "np.linalg.slogdet": "np.linalg.slogdet(x)[1]",
    "np.linalg.norm": "np.linalg.norm(x)",
    "np.linalg.cholesky": "np.linalg.cholesky(x)",
    "np.linalg.eig": "np.linalg.eig(x)[0]",
    "np.linalg.eigvals": "np.linalg.eigvals(x)",
    "np.linalg.eigh": "np.linalg.eigh(x)[0]",
    "np.linalg.eigvalsh": "np.linalg.eigvalsh(x)",
    "np.linalg.svd": "np.linalg.svd(x)[1]",
    "np.linalg.svdvals": "np.linalg.svdvals(x)",
    "np.linalg.qr": "np.linalg.qr(x)[1]",
    "np.linalg.matrix_power": "np.linalg.matrix_power(x, 3)",
    "np.linalg.matrix_rank": "x * np.linalg.matrix_rank(x)",
    "np.linalg.trace": "np.linalg.trace(x)",
    # scipy.linalg
    "scipy.linalg.solve_triangular": "scipy.linalg.solve_triangular(x, v, lower=True)",
    "scipy.linalg.cho_factor": "scipy.linalg.cho_factor(x)[0]",
    "scipy.linalg.cho_solve": "scipy.linalg.cho_solve((x, True), v)",
    "scipy.linalg.lu_factor": "scipy.linalg.lu_factor(x)[0]",
    "scipy.linalg.lu_solve": "scipy.linalg.lu_solve(scipy.linalg.lu_factor(x), v)",
    "scipy.linalg.solve": "scipy.linalg.solve(x, v)",
    "scipy.linalg.inv": "scipy.linalg.inv(x)",
    "scipy.linalg.det": "scipy.linalg.det(x)",
    "scipy.linalg.cholesky": "scipy.linalg.cholesky(x)",
    "scipy.linalg.expm": "scipy.linalg.expm(x)",
    # scipy.special
    **{
        f"scipy.special.{name}": f"scipy.special.{name}(p)"
        for name in (
            *("expit", "logit", "log_expit", "logsumexp", "softmax", "log_softmax"),
            *("erf", "erfc", "erfinv", "erfcinv", "erfcx", "ndtr", "log_ndtr", "ndtri"),
            *("gammaln", "gamma", "digamma", "psi", "entr"),
            *("i0", "i0e", "i1", "j0", "j1", "y0", "y1"),
        )
    },
    **{
        f"scipy.special.{name}": f"scipy.special.{name}(p, 2.0)"
        for name in ("beta", "betaln", "xlogy", "xlog1py", "rel_entr", "kl_div", "huber")
    },
    "scipy.special.polygamma": "scipy.special.polygamma(1, p)",
    "scipy.special.multigammaln": "scipy.special.multigammaln(p + 1, 2)",
    "scipy.special.betainc": "scipy.special.betainc(2, 3, p)",
    "scipy.special.gammainc": "scipy.special.gammainc(2, p)",
    "scipy.special.gammaincc": "scipy.special.gammaincc(2, p)",
    # scipy.stats
    **{
        f"scipy.stats.{name}.{function}": f"scipy.stats.{name}.{function}({given})"
        for name, given in (
            ("norm", "v, loc=p, scale=0.5"),
            ("expon", "p, loc=-1.0, scale=0.5"),
            ("gamma", "p, 2, scale=0.5"),
            ("beta", "p, 2, 3"),
            ("t", "v, 4, loc=p"),
        )
        for function in ("logpdf", "pdf", "cdf", "logcdf")
    },
    **{
        f"scipy.stats.poisson.{function}": f"scipy.stats.poisson.{function}(2, p)"
        for function in ("logpmf", "pmf", "cdf", "logcdf")
    },
    "scipy.stats.multivariate_normal.logpdf": "scipy.stats.multivariate_normal.logpdf(v, p, x)",
    "scipy.stats.multivariate_normal.pdf": "scipy.stats.multivariate_normal.pdf(v, p, x)",
}

# Calls that are refused, each by its name.
REFUSED: dict[str, str] = {
    "scipy.linalg.lu": "scipy.linalg.lu(x)",
    "scipy.linalg.sqrtm": "scipy.linalg.sqrtm(x)",
    "scipy.linalg.logm": "scipy.linalg.logm(x)",
    "scipy.stats.multivariate_normal.cdf": "scipy.stats.multivariate_normal.cdf(v, p, x)",
    "scipy.stats.multivariate_normal.logcdf": "scipy.stats.multivariate_normal.logcdf(v, p, x)",
}
# Arguments whose slope has no rule: their call is refused when they are differentiated by.
WITHOUT_RULE: dict[str, str] = {
    "scipy.special.betainc": "scipy.special.betainc(p, 3, 0.5)",
    "scipy.special.gammainc": "scipy.special.gammainc(p, 0.5)",
    "scipy.special.gammaincc": "scipy.special.gammaincc(p, 0.5)",
    "scipy.stats.gamma.cdf": "scipy.stats.gamma.cdf(0.5, p)",
    "scipy.stats.beta.cdf": "scipy.stats.beta.cdf(0.5, p, 2)",
    "scipy.stats.t.logcdf": "scipy.stats.t.logcdf(0.5, p)",
    "np.linalg.lstsq": "np.linalg.lstsq(x, v, rcond=None)[1]",
    "scipy.special.logsumexp": "scipy.special.logsumexp(p, b=v)",
    "scipy.special.multigammaln": "scipy.special.multigammaln(p, d=2)",
}
