"""Functions of numpy without a rule: what to write instead."""

from __future__ import annotations

_WRITES = "it writes into its argument: "
_CHOICE = "write np.where(condition, x, y), one in another for several"
_OF_NUMBERS = "take the entries that are numbers first: x[~np.isnan(x)]"

INSTEAD_OF: dict[str, str] = {
    # joining and cutting
    "numpy.row_stack": "write np.vstack",
    "numpy.block": "put the rows together: np.concatenate([np.concatenate([a, b], axis=1), c])",
    "numpy.unstack": "write the parts: x[0], x[1], or np.moveaxis(x, 1, 0)[0] along an axis",
    "numpy.resize": "write np.tile(x, n), and a slice of it",
    "numpy.rollaxis": "write np.moveaxis(x, axis, 0)",
    "numpy.trim_zeros": "write the slice: x[1:-1]",
    "numpy.ix_": "write x[i[:, None], j]",
    "numpy.apply_along_axis": "write it with `axis=`, or as a loop over the rows",
    "numpy.vectorize": "call the function on whole arrays, or in a loop",
    "numpy.select": _CHOICE,
    "numpy.piecewise": _CHOICE,
    "numpy.choose": _CHOICE,
    "numpy.compress": "write x[mask]",
    "numpy.extract": "write x[mask]",
    # written in place
    "numpy.copyto": "write x[mask] = v[mask], or x[...] = np.where(mask, v, x)",
    "numpy.put_along_axis": _WRITES + "write x[np.arange(len(i)), i] = v, a mask, or np.where",
    "numpy.put": _WRITES + "write x[i] = v",
    "numpy.place": _WRITES + "write x[mask] = v",
    "numpy.putmask": _WRITES + "write x[mask] = v, or np.where(mask, v, x)",
    "numpy.fill_diagonal": _WRITES + "write x[np.diag_indices(n)] = v",
    ".compress": "write x[mask]",
    ".choose": _CHOICE,
    ".put": _WRITES + "write x[i] = v",
    ".sort": _WRITES + "write x = np.sort(x)",
    ".partition": _WRITES + "write x = np.partition(x, kth)",
    ".pop": "take the last item, `xs.pop()`, or make a list without one: `xs[:i] + xs[i + 1 :]`",
    ".insert": "make a list with the item: `xs[:i] + [x] + xs[i:]`",
    ".remove": "make a list without the item: `xs[:i] + xs[i + 1 :]`",
    ".clear": "make a new list: `xs = []`",
    ".reverse": "make a reversed list: `xs = xs[::-1]`",
    ".resize": _WRITES + "write x = x.reshape(shape)",
    # order and running
    "numpy.trapz": "write np.trapezoid, as numpy calls it now",
    "numpy.msort": "write np.sort(x, axis=0)",
    "numpy.sort_complex": "complex numbers are not supported",
    "numpy.lexsort": "write np.argsort of one key",
    "numpy.cumulative_sum": "write np.cumsum",
    "numpy.cumulative_prod": "write np.cumprod",
    "numpy.unwrap": "write np.cumsum of steps that are taken modulo 2 * np.pi",
    "numpy.nanprod": "write np.prod(np.where(np.isnan(x), 1, x))",
    "numpy.nancumsum": "write np.cumsum(np.where(np.isnan(x), 0, x))",
    "numpy.nancumprod": "write np.cumprod(np.where(np.isnan(x), 1, x))",
    "numpy.nanmedian": _OF_NUMBERS,
    "numpy.nanquantile": _OF_NUMBERS,
    "numpy.nanpercentile": _OF_NUMBERS,
    "numpy.nanargmax": "write np.argmax(np.where(np.isnan(x), -np.inf, x))",
    "numpy.nanargmin": "write np.argmin(np.where(np.isnan(x), np.inf, x))",
    "numpy.histogram2d": "write np.histogram, whose counts are values without gradient",
    "numpy.histogramdd": "write np.histogram, whose counts are values without gradient",
    "scipy.integrate.simpson": "write np.trapezoid(y, x)",
    "scipy.integrate.cumulative_trapezoid": "write np.cumsum((y[1:] + y[:-1]) / 2 * np.diff(x))",
    **{
        f"numpy.unique_{name}": "write np.unique, with return_counts=True and the like"
        for name in ("all", "counts", "inverse", "values")
    },
}
# By the last word of methods that all ufuncs have.
OF_UFUNCS = {
    "outer": "give x axes of its own: np.maximum(x[:, None], y)",
    "reduce": "write np.sum, np.prod, np.max, np.min, np.any or np.all with `axis=`",
    "accumulate": "write np.cumsum, np.cumprod, np.maximum.accumulate or a loop",
    "reduceat": "write np.bincount(group, weights=x), or sums of slices",
    "at": "np.add.at(x, index, value) is what is supported",
}


def instead(path: str) -> str | None:
    """Return what to write instead of a function without a rule, None where nothing is known.

    >>> instead("numpy.trapz")
    'write np.trapezoid, as numpy calls it now'
    >>> instead("numpy.hypot.outer")
    'give x axes of its own: np.maximum(x[:, None], y)'
    """
    if path in INSTEAD_OF:
        return INSTEAD_OF[path]
    library, *words = path.split(".")
    if library == "numpy" and len(words) == 2 and words[0] not in ("linalg", "random", "fft"):
        return OF_UFUNCS.get(words[1])
    return None
