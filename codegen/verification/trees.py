"""Numbers in lists, tuples and dicts: how they are walked, copied and put together again."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

# A number, an array, or a list, tuple or dict of trees; anything else is a leaf like a number.
Tree = Any


def leaves(tree: Tree, path: str = "") -> list[tuple[str, Any]]:
    """Return (path, leaf) for each leaf, in order; the path is how Python would index it.

    >>> leaves([1.0, (2.0, {"b": 3.0})])
    [('[0]', 1.0), ('[1][0]', 2.0), ("[1][1]['b']", 3.0)]
    """
    if isinstance(tree, dict):
        return [pair for key in tree for pair in leaves(tree[key], f"{path}[{key!r}]")]
    if isinstance(tree, (list, tuple)):
        return [pair for at, item in enumerate(tree) for pair in leaves(item, f"{path}[{at}]")]
    return [(path, tree)]


def map_leaves(function: Callable[[Any], Any], tree: Tree) -> Tree:
    """Return a tree of the same structure with the function's value in place of each leaf.

    >>> map_leaves(lambda leaf: 2 * leaf, [1.0, (2.0,)])
    [2.0, (4.0,)]
    """
    if isinstance(tree, dict):
        return {key: map_leaves(function, item) for key, item in tree.items()}
    if isinstance(tree, (list, tuple)):
        items = [map_leaves(function, item) for item in tree]
        if hasattr(tree, "_make"):  # a named tuple
            return tree._make(items)
        return items if isinstance(tree, list) else tuple(items)
    return function(tree)


def as_float64(leaf: Any) -> Any:
    """Return a real number as a float, a real array as a new float64 array, all else as it is.

    Booleans are flags and masks, not numbers to differentiate.

    >>> as_float64(2), as_float64(True), as_float64(np.ones(2, np.float32)).dtype
    (2.0, True, dtype('float64'))
    """
    if is_array(leaf):
        return leaf.astype(np.float64) if leaf.dtype.kind in "iuf" else leaf
    if isinstance(leaf, (int, float, np.integer, np.floating)) and not isinstance(leaf, bool):
        return float(leaf)
    return leaf


def is_array(leaf: Any) -> bool:
    """Tell an array from a number; mypy narrows nothing here, on purpose: leaves are Any."""
    return isinstance(leaf, np.ndarray)


def flatten(tree: Tree, dtype: Any = np.float64) -> Any:
    """Return all entries of all leaves, in order, as one vector.

    >>> flatten([1, np.array([[2.0, 3.0]])])
    array([1., 2., 3.])
    """
    parts = [np.ravel(np.asarray(leaf)).astype(dtype) for _, leaf in leaves(tree)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def unflatten(entries: Iterable[float], like: Tree) -> Tree:
    """Return a vector's entries in the structure of a tree: floats, and float64 arrays.

    >>> unflatten([1.0, 2.0, 3.0], [0, np.zeros(2)])
    [1.0, array([2., 3.])]
    """
    rest = iter(np.asarray(entries, np.float64).tolist())

    def take(leaf: Any) -> Any:
        if not is_array(leaf):
            return next(rest)
        return np.array(list(itertools.islice(rest, leaf.size)), np.float64).reshape(leaf.shape)

    return map_leaves(take, like)


def copied(tree: Tree) -> Tree:
    """Return a tree with new arrays and containers, in the memory order of the old ones.

    >>> x = np.ones(2)
    >>> copied([x])[0] is x
    False
    """
    return map_leaves(lambda leaf: leaf.copy("K") if is_array(leaf) else leaf, tree)


def restore(tree: Tree, before: Tree) -> None:
    """Write the entries of a copy of a tree back into the tree, where it can be written to.

    Both must have the same structure.

    >>> x = [1.0, np.zeros(2)]
    >>> restore(x, [2.0, np.ones(2)])
    >>> x
    [2.0, array([1., 1.])]
    """
    if is_array(tree):
        if tree.flags.writeable:
            np.copyto(tree, before)
    elif isinstance(tree, (list, tuple, dict)):
        for key in range(len(tree)) if isinstance(tree, (list, tuple)) else tree:
            restore(tree[key], before[key])
            if not is_array(tree[key]) and not isinstance(tree, tuple):
                tree[key] = before[key]


def aligned(tree: Tree, like: Tree) -> Tree:
    """Return a tree with the entries of its dicts in the order of another tree's.

    >>> aligned({"b": 1.0, "a": 2.0}, {"a": 0, "b": 0})
    {'a': 2.0, 'b': 1.0}
    """
    if isinstance(tree, dict) and isinstance(like, dict) and tree.keys() == like.keys():
        return {key: aligned(tree[key], like[key]) for key in like}
    return tree


def mismatch(actual: Tree, expected: Tree, path: str = "") -> str | None:
    """Return in words the first place where two trees differ in structure or in shape.

    Lists and tuples are told apart; a number and a 0-d array are not.

    >>> mismatch([1.0], (1.0,))
    'is of type list, not tuple'
    >>> mismatch([np.ones(2)], [np.ones((2, 1))])
    '[0] has the shape (2,), not (2, 1)'
    >>> mismatch([1.0], [2.0]) is None
    True
    """
    for kind in (list, tuple, dict):
        if isinstance(expected, kind) != isinstance(actual, kind):
            types = f"{type(actual).__name__}, not {type(expected).__name__}"
            return f"{path} is of type {types}".lstrip()
    if isinstance(expected, (list, tuple)):
        if len(actual) != len(expected):
            return f"{path} has {len(actual)} entries, not {len(expected)}".lstrip()
        both = zip(actual, expected, strict=True)
        pairs = [(f"{path}[{at}]", a, e) for at, (a, e) in enumerate(both)]
    elif isinstance(expected, dict):
        if list(actual) != list(expected):
            return f"{path} has the keys {list(actual)}, not {list(expected)}".lstrip()
        pairs = [(f"{path}[{key!r}]", actual[key], expected[key]) for key in expected]
    else:
        if np.shape(actual) != np.shape(expected):
            return f"{path} has the shape {np.shape(actual)}, not {np.shape(expected)}".lstrip()
        return None
    found = (mismatch(a, e, where) for where, a, e in pairs)
    return next((words for words in found if words is not None), None)
