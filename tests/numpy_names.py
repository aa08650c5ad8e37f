"""Every name of joining, cutting, order and running sums that is promised, and how.

For each a call on `x`, a square matrix, or `v` and `w`, rows of one length.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    # joining and cutting
    "np.dstack": "np.dstack([x, 2 * x])",
    "np.column_stack": "np.column_stack([x, v, w])",
    "np.append": "np.append(v, w)",
    "np.split": "np.split(x, 3, axis=1)[1]",
    "np.array_split": "np.array_split(v, 2)[0]",
    "np.hsplit": "np.hsplit(np.ravel(v), 3)[2]",
    "np.vsplit": "np.vsplit(x, 3)[0]",
    "np.dsplit": "np.dsplit(x[None], 3)[0]",
    "np.pad constant": "np.pad(x, 1)",
    "np.pad edge": "np.pad(x, 1, mode='edge')",
    "np.pad reflect": "np.pad(v, 2, mode='reflect')",
    "np.pad wrap": "np.pad(v, 2, mode='wrap')",
    "np.roll": "np.roll(x, 1, axis=0)",
    "np.repeat": "np.repeat(v, 2)",
    "np.tile": "np.tile(v, 2)",
    "np.flip": "np.flip(x, axis=0)",
    "np.flipud": "np.flipud(x)",
    "np.fliplr": "np.fliplr(x)",
    "np.rot90": "np.rot90(x)",
    "np.diagonal": "np.diagonal(x)",
    "x.diagonal": "x.diagonal(1)",
    "np.diagflat": "np.diagflat(v)",
    "np.kron": "np.kron(x, v)",
    "np.meshgrid": "np.meshgrid(v, w)[0] * np.meshgrid(v, w)[1]",
    "np.take_along_axis": "np.take_along_axis(x, np.argsort(x, axis=0), axis=0)",
    "np.insert": "np.insert(v, 1, w)",
    "np.delete": "np.delete(v, 1)",
    "np.broadcast_arrays": "np.broadcast_arrays(v, x)[0] * x",
    "np.r_": "np.r_[v, 1.0, w]",
    "np.c_": "np.c_[v, w]",
    # order and running
    "np.sort": "np.sort(v)",
    "np.partition": "np.partition(v, 1)",
    "np.median": "np.median(v)",
    "np.percentile": "np.percentile(v, 30)",
    "np.quantile": "np.quantile(v, 0.3)",
    "np.cumsum": "np.cumsum(v)",
    "x.cumsum": "x.cumsum(axis=1)",
    "np.cumprod": "np.cumprod(v)",
    "x.cumprod": "x.cumprod(1)",
    "np.diff": "np.diff(v)",
    "np.ediff1d": "np.ediff1d(v)",
    "np.gradient": "np.gradient(v)",
    "np.trapezoid": "np.trapezoid(v, w)",
    "np.interp": "np.interp(v, np.cumsum(w * w), v)",
    "np.convolve": "np.convolve(v, w)",
    "np.correlate": "np.correlate(v, w, mode='full')",
    "np.nansum": "np.nansum(v)",
    "np.nanmean": "np.nanmean(v)",
    "np.nanvar": "np.nanvar(v)",
    "np.nanstd": "np.nanstd(v)",
    "np.nanmax": "np.nanmax(v)",
    "np.nanmin": "np.nanmin(v)",
    "np.maximum.accumulate": "np.maximum.accumulate(v)",
    "np.minimum.accumulate": "np.minimum.accumulate(v)",
    "np.maximum.reduce": "np.maximum.reduce(x)",
    "np.minimum.reduce": "np.minimum.reduce(x)",
    "np.logaddexp.reduce": "np.logaddexp.reduce(x)",
    "np.add.reduce": "np.add.reduce(x)",
    "np.add.accumulate": "np.add.accumulate(x)",
    "np.multiply.reduce": "np.multiply.reduce(x)",
    "np.multiply.accumulate": "np.multiply.accumulate(x)",
    "np.add.outer": "np.add.outer(v, w)",
    "np.multiply.outer": "np.multiply.outer(v, x)",
    "np.subtract.outer": "np.subtract.outer(v, w)",
    # values without gradient, beside what has one
    "np.searchsorted": "np.sum(v) * x[np.searchsorted(np.array([0.0, 1.0]), v)]",
    "np.unique": "v * np.sum(np.unique(np.array([1, 2, 1])))",
    "np.nonzero": "x[np.nonzero(x > 0)]",
    "np.bincount": "np.bincount(np.array([0, 1, 0]), weights=v)",
    "np.digitize": "v * np.digitize(v, [0.0, 1.0])",
    "np.histogram": "v * np.max(np.histogram(v, bins=2)[0])",
    # keywords of reductions
    "np.sum dtype=": "np.sum(x, dtype=np.float64)",
    "np.mean dtype=": "np.mean(x, 0, dtype=float)",
    "np.prod dtype=": "x.prod(axis=0, dtype=float)",
    "np.var dtype=": "x.var(0, dtype=float, ddof=1)",
    "np.std dtype=": "np.std(x, axis=1, dtype=float)",
    "np.cumsum dtype=": "np.cumsum(v, dtype=float)",
    "np.cumprod dtype=": "np.cumprod(v, dtype=float)",
}
# Functions without a rule, and keywords of reductions.
REFUSED: dict[str, str] = {
    "np.put_along_axis": "np.put_along_axis(x, np.argsort(x, axis=0), 1.0, 0)",
    "np.trapz": "np.trapz(v)",
    "np.row_stack": "np.row_stack([v, w])",
    "np.block": "np.block([[x, x]])",
    "np.unstack": "np.unstack(x)[0]",
    "np.resize": "np.resize(v, 5)",
    "np.select": "np.select([v > 0], [v])",
    "np.piecewise": "np.piecewise(v, [v > 0], [0, 1])",
    "np.choose": "np.choose([0, 1, 0], [v, w])",
    "np.compress": "np.compress([True], v)",
    "np.extract": "np.extract(v > 0, v)",
    "np.nanprod": "np.nanprod(v)",
    "np.nancumsum": "np.nancumsum(v)",
    "np.nanmedian": "np.nanmedian(v)",
    "np.unwrap": "np.unwrap(v)",
    "np.maximum.outer": "np.maximum.outer(v, w)",
    "np.hypot.reduce": "np.hypot.reduce(v)",
    "np.logaddexp.accumulate": "np.logaddexp.accumulate(v)",
    "np.add.reduceat": "np.add.reduceat(v, [0, 1])",
    "the method `.partition`": "x.partition(1)",
    "the method `.sort`": "x.sort()",
    "scipy.integrate.simpson": "scipy.integrate.simpson(v)",
    "np.diff of another order than 1": "np.diff(v, n=2)",
    **{
        f"np.{name} with `{word}=`": f"np.{name}(x, {word}={given})"
        for name in ("sum", "prod", "max", "min", "nansum", "nanmax", "nanmin")
        for word, given in (("initial", "1.0"), ("where", "x > 0"))
    },
    **{
        f"np.{name} with `where=`": f"np.{name}(x, where=x > 0)"
        for name in ("mean", "var", "std", "nanmean", "nanvar", "nanstd", "any", "all")
    },
    **{
        f"np.{name}.reduce with `initial=`": f"np.{name}.reduce(x, initial=1.0)"
        for name in ("add", "multiply", "maximum", "minimum", "logaddexp")
    },
    **{
        f"{name} with `{word}=`": f"x.{name}({word}={given})"
        for name in ("sum", "prod", "max", "min")
        for word, given in (("initial", "1.0"), ("where", "x > 0"), ("out", "v"))
    },
}
