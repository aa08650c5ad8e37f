"""Where entries are, which there are and how many: whole numbers, without gradient."""

from codegen.gates import type_rules_places as rules
from codegen.gates.declare import at, gate, value
from codegen.gates.points import ROW, WIDE
from codegen.gates.type_rules_indexing import argsort
from codegen.gates.words import cast, picked


@value(
    "np.searchsorted(a, v, side='left')",
    "a.searchsorted(v, side='left')",
    rule=rules.place_in_order,
    tuples=("a", "v"),
)
def searchsorted():
    """Where v would stand among sorted entries: a whole number, which jumps."""


@value(
    "np.digitize(x, bins, right=False)",
    rule=rules.bin_of,
    tuples=("x", "bins"),
)
def digitize():
    """The number of the bin in which x is: a whole number, which jumps."""


@value("np.nonzero(x)", "x.nonzero()", rule=rules.places)
def nonzero():
    """Where entries are not 0: a row of whole numbers for each axis."""


@value("np.flatnonzero(x)", rule=rules.flat_places)
def flatnonzero():
    """Where entries are not 0, counted through the whole array."""


@value("np.argwhere(x)", rule=rules.rows_of_places)
def argwhere():
    """Where entries are not 0: a row of whole numbers for each of them."""


@value(
    "np.argpartition(x, kth, axis=-1)",
    "x.argpartition(kth, axis=-1)",
    rule=argsort,
    indices=("kth",),
)
def argpartition():
    """Where the entries of np.partition are; which is which has no slope."""


@value(
    "np.tril_indices(n, k=..., m=...)",
    "np.triu_indices(n, k=..., m=...)",
    rule=rules.two_rows,
    counts=("n", "k", "m"),
)
def triangle_indices():
    """Where the entries of a triangle are: a row of whole numbers for each axis."""


@value("np.diag_indices(n)", rule=rules.two_rows, counts=("n",))
def diag_indices():
    """Where the entries of a diagonal are: a row of whole numbers for each axis."""


@value(
    "np.unique(x, return_index=False, return_inverse=False, return_counts=False)",
    rule=rules.unique,
    no_rule=("x",),
)
def unique():
    """The different entries in order: of labels. Of numbers to differentiate it is refused."""


@value("np.histogram(x, bins=..., range=None)[0]", rule=rules.counts_of_bins, pools=("bins",))
def histogram_counts():
    """How many entries are in each bin: whole numbers, which jump."""


@value(
    "np.histogram(x, bins=..., range=None)[1]",
    rule=rules.edges_of_bins,
    pools=("bins",),
    no_rule=("x", "bins"),
)
def histogram_edges():
    """The bins' edges, between the smallest and the largest entry."""


@gate(
    "np.bincount(x, weights=..., minlength=...)",
    rule=rules.bincount,
    indices=("x",),
    counts=("minlength",),
    holomorphic=False,  # numpy takes real weights only
    points=[
        at((0, 2, 0), ROW),
        at((1, 1, 3), ROW),
        at((0, 3, 1, 3), WIDE[0], 6),
        at((1, 1, 1), ROW, 2),
    ],
)
def bincount(d, x, weights):
    """How often each whole number is there, or the sum of its weights, which have the gradient."""
    return None, cast(picked(d, x), weights, "float64"), None
