"""Finite differences of the author's function at one point, and whether they can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.verification.author import Arguments, Author
from codegen.verification.oracle import Estimate, estimates
from codegen.verification.trees import Tree, as_float64, flatten, is_array, map_leaves, unflatten

TOLERANCE = 1e-6
TRUST = 0.1 * TOLERANCE  # what finite differences may be off by, for them to judge
MOST_ENTRIES = 200
LOST = "its gradients are lost in the rounding of its value"


class Probe:
    """Finite differences at one point, in float64, by all entries of the inputs or a sample.

    `samples` has, for each input of `report.wrt`, the flat indices of the entries looked at.
    """

    def __init__(self, author: Author, arguments: Arguments) -> None:
        self.author = author
        self.arguments = in_float64(arguments, author.report.wrt)
        self.trees = [self.arguments[name] for name in author.report.wrt]
        self.samples = [sample(flatten(tree).size) for tree in self.trees]

    def estimates(self, cotangents: Sequence[list[Tree]]) -> list[Estimate]:
        """Return an estimate for each cotangent, which has a tree for each picked output.

        The gradients are vectors: the entries of `samples`.
        """
        starts = [
            flatten(tree)[sample] for tree, sample in zip(self.trees, self.samples, strict=True)
        ]
        return estimates(self._outputs, starts, cotangents, TRUST)

    def sampled(self) -> dict[str, str]:
        """Return in words, by input, of how many entries only a sample is looked at.

        Inputs that are looked at whole are left out.
        """
        sizes = [flatten(tree).size for tree in self.trees]
        rows = zip(self.author.report.wrt, self.samples, sizes, strict=True)
        return {
            name: f"{sample.size} of {size} entries"
            for name, sample, size in rows
            if sample.size < size
        }

    def _outputs(self, *vectors: NDArray[np.float64]) -> list[Tree]:
        arguments = dict(self.arguments)
        rows = zip(self.author.report.wrt, self.trees, self.samples, vectors, strict=True)
        for name, tree, sample, vector in rows:
            entries = flatten(tree)
            entries[sample] = vector
            arguments[name] = unflatten(entries, tree)
        return self.author.outputs(arguments)


def in_float64(arguments: Arguments, wrt: Sequence[str]) -> Arguments:
    """Return arguments in double precision: the inputs in `wrt`, and all other float arrays.

    Counts, labels and flags stay as they are; so does everything if it is float64 already, with
    the memory layout it has.

    >>> in_float64({"x": 3, "n": 3}, ["x"])
    {'x': 3.0, 'n': 3}
    """

    def convert(leaf: Any) -> Any:
        if is_array(leaf) and leaf.dtype == np.float64:
            return leaf
        return as_float64(leaf)

    def convert_float(leaf: Any) -> Any:
        return convert(leaf) if is_array(leaf) and leaf.dtype.kind == "f" else leaf

    return {
        name: map_leaves(convert if name in wrt else convert_float, tree)
        for name, tree in arguments.items()
    }


def distrust(estimate: Estimate, wrt: Sequence[str]) -> str | None:
    """Return in words why an estimate cannot judge a gradient; None if it can."""
    sizes = [float(np.max(np.abs(entries), initial=0.0)) for entries in estimate.gradients]
    if max(estimate.noise, default=0.0) > TRUST * max(sizes, default=0.0):
        return LOST
    rows = zip(wrt, estimate.errors, sizes, estimate.noise, strict=True)
    for name, errors, size, noise in rows:
        worst = float(np.max(errors, initial=0.0))
        if worst == np.inf:
            return f"it has no finite value around the {name} tried"
        if worst > TRUST * size + noise:
            return f"finite differences by {name} disagree at two step sizes: a kink, or noise"
    return None


def sample(size: int) -> NDArray[np.int64]:
    """Return the entries to look at: all, or some drawn with a fixed seed, in order.

    >>> sample(3), sample(10**4).size
    (array([0, 1, 2]), 200)
    """
    if size <= MOST_ENTRIES:
        return np.arange(size, dtype=np.int64)
    chosen = np.random.default_rng(0).choice(size, MOST_ENTRIES, replace=False)
    return np.sort(chosen).astype(np.int64)
