"""Type rules of gates that run along an axis, put in order, repeat, turn or pad."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from codegen import dimensions, shapes
from codegen.gates.type_rules_axes import size
from codegen.gates.type_rules_reduce import average, total
from codegen.shapes import Dimension, Known, Shape, Type

Statics = dict[str, Any]
Item = TypeVar("Item")


def _made(x: Type, shape: Shape) -> Type:
    return x.with_(shape=shape, array=True, fresh=True, dimension=None)


def _view(x: Type, shape: Shape) -> Type:
    return _made(x, shape).with_(fresh=False)


def _flat(x: Type, symbol: str) -> Shape:
    return Known((size(x.shape, f"{symbol}.0"),))


def turned(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Entries in another order along axes."""
    x = types[0]
    if isinstance(x.shape, Known) and statics.get("axis") is not None:
        shapes.normalized(statics["axis"], x.shape.rank)
    return _view(x, x.shape)


def turned_of(rank: int) -> Any:
    """Return the rule of what turns the axis number `rank` - 1."""

    def rule(types: list[Type], statics: Statics, symbol: str) -> Type:
        x = types[0]
        if isinstance(x.shape, Known) and x.shape.rank < rank:
            raise ValueError(f"an array of {rank} dimensions or more is needed")
        return _view(x, x.shape)

    return rule


def rolled(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.roll(x, shift, axis)`."""
    if types[1].kind != "number" or not types[1].scalar or isinstance(statics.get("axis"), tuple):
        raise shapes.Misfit(
            "np.roll along several axes has no gradient rule",
            "roll once for each axis: np.roll(np.roll(x, s, axis=0), t, axis=1)",
        )
    return _made(types[0], turned(types, statics, symbol).shape)


def quarter_turned(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.rot90(x, k)`: an odd number of quarter turns swaps the sides."""
    x, k = types[0], statics.get("k", 1)
    if not isinstance(x.shape, Known):
        return _view(x, shapes.unknown(symbol))
    dims = list(x.shape.dimensions)
    one, other = statics.get("axes", (0, 1))
    shapes.normalized((one, other), len(dims))
    if k % 2:
        dims[one], dims[other] = dims[other], dims[one]
    return _view(x, Known(tuple(dims)))


def running(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.cumsum(x, axis)`: as many entries as there are, in one row without an axis."""
    x = types[0]
    made = total(types, {"dtype": statics.get("dtype")}, symbol)
    if statics.get("axis") is None:
        return _made(made, _flat(x, symbol))
    return _made(made, turned(types, statics, symbol).shape)


def ordered(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.sort(x, axis)`."""
    if statics.get("axis", -1) is None:
        return _made(types[0], _flat(types[0], symbol))
    made = turned(types, {"axis": statics.get("axis", -1)}, symbol)
    return _made(types[0], made.shape)


def quantile(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.quantile(x, q, axis)` for one number q."""
    q, axis = statics.get("q", 0.5), statics.get("axis")
    if isinstance(q, (list, tuple)):
        raise shapes.Misfit(
            "several quantiles at once have no gradient rule",
            "take them one by one, and np.stack them",
        )
    if isinstance(axis, tuple):
        raise shapes.Misfit(
            "an order statistic over several axes has no gradient rule",
            "reshape the array first, so that the axes are one",
        )
    return average(types, {k: v for k, v in statics.items() if k != "q"}, symbol)


def difference(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.diff(x, n, axis)`: one entry less."""
    x, n = types[0], statics.get("n", 1)
    if n != 1:
        raise shapes.Misfit(
            "np.diff of another order than 1 has no gradient rule",
            "write np.diff(np.diff(x)) for n=2",
        )
    if not isinstance(x.shape, Known):
        return _made(x, shapes.unknown(symbol))
    (axis,) = shapes.normalized(statics.get("axis", -1), x.shape.rank)
    dims = list(x.shape.dimensions)
    dims[axis] = shorter(dims[axis], f"{symbol}.{axis}")
    return _made(x, Known(tuple(dims)))


def flat_difference(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.ediff1d(x)`: one entry less than there are."""
    total = size(types[0].shape, "")
    return _made(types[0], Known((shorter(total, f"{symbol}.0") if total else f"{symbol}.0",)))


def shorter(length: Dimension, symbol: str) -> Dimension:
    """Return a length less one, in the words of a slice `x[1:]`."""
    if isinstance(length, int):
        return max(length - 1, 0)
    found = dimensions.arithmetic("-", length, 1) if isinstance(length, str) else None
    return symbol if found is None else found


def repeated(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.repeat(x, repeats, axis)`."""
    x, times, axis = types[0], statics["repeats"], statics.get("axis")
    if not isinstance(times, int):
        raise shapes.Misfit(
            "np.repeat with a count for each entry has no gradient rule",
            "repeat by an index: x[[0, 0, 1]]",
        )
    if axis is None:
        flat = size(x.shape, "")
        long = flat * times if isinstance(flat, int) else f"{symbol}.0"
        return _made(x, Known((long,)))
    if not isinstance(x.shape, Known):
        return _made(x, shapes.unknown(symbol))
    (place,) = shapes.normalized(axis, x.shape.rank)
    dims = list(x.shape.dimensions)
    own = dims[place]
    dims[place] = own * times if isinstance(own, int) else f"{symbol}.{place}"
    return _made(x, Known(tuple(dims)))


def tiled(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.tile(x, reps)`."""
    x, reps = types[0], statics["reps"]
    if not isinstance(x.shape, Known):
        return _made(x, shapes.unknown(symbol))
    times = reps if isinstance(reps, tuple) else (reps,)
    rank = max(len(times), x.shape.rank)
    times = (1,) * (rank - len(times)) + times
    dims = (1,) * (rank - x.shape.rank) + x.shape.dimensions
    made = [
        d if n == 1 else d * n if isinstance(d, int) else f"{symbol}.{i}"
        for i, (d, n) in enumerate(zip(dims, times, strict=True))
    ]
    return _made(x, Known(tuple(made)))


def padded(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.pad(x, pad_width, mode)`: longer at both ends."""
    x, width, mode = types[0], statics["pad_width"], statics.get("mode", "constant")
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap"):
        raise shapes.Misfit(
            f"np.pad with mode='{mode}' has no gradient rule",
            "the modes that have one are constant, edge, reflect, symmetric, wrap",
        )
    if not isinstance(x.shape, Known):
        return _made(x, shapes.unknown(symbol))
    made: list[Dimension] = []
    sides = margins(width, x.shape.rank)
    if len(sides) != x.shape.rank:
        raise ValueError(f"{len(sides)} margins are given for {x.shape.rank} dimensions")
    for axis, (dimension, ends) in enumerate(zip(x.shape.dimensions, sides, strict=True)):
        more = sum(ends)
        if not more:
            made.append(dimension)
        else:
            is_known = isinstance(dimension, int)
            made.append(dimension + more if is_known else f"{symbol}.{axis}")  # type: ignore[operator]
    return _made(x, Known(tuple(made)))


def padded_by(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.pad(x, ((0, 0), (p, p)), mode)`: longer by what the run knows."""
    x, width = types[0], types[1]
    if statics["mode"] != "constant" or not isinstance(x.shape, Known):
        padded([x], {"pad_width": 0, "mode": statics["mode"]}, symbol)
        rank = x.shape.rank if isinstance(x.shape, Known) else None
        made = tuple(f"{symbol}.{axis}" for axis in range(rank or 0))
        return _made(x, shapes.unknown(symbol) if rank is None else Known(made))
    sides = pairs(width, x.shape.rank, lambda kind: kind.items or None)
    if sides is None:
        return _made(x, Known(tuple(f"{symbol}.{axis}" for axis in range(x.shape.rank))))
    if len(sides) != x.shape.rank:
        raise ValueError(f"{len(sides)} margins are given for {x.shape.rank} dimensions")
    longer: list[Dimension] = []
    for axis, (dimension, ends) in enumerate(zip(x.shape.dimensions, sides, strict=True)):
        total: Dimension | None = dimension
        for one in ends:
            more = one.dimension
            known = total is not None and more is not None
            total = dimensions.arithmetic("+", total, more) if known else None  # type: ignore[arg-type]
        longer.append(f"{symbol}.{axis}" if total is None else total)
    return _made(x, Known(tuple(longer)))


def pairs(
    given: Item, rank: int, items_of: Callable[[Item], Sequence[Item] | None]
) -> list[tuple[Item, Item]] | None:
    """Return the margins of each axis, of what np.pad is given; None if its items are not known.

    `items_of` gives the items of a tuple or list, and None for a number.
    """
    items = items_of(given)
    if items is None:
        return None
    if len(items) == 1:
        inner = items_of(items[0])
        one = [items[0]] if inner is None else list(inner)
        return [(one[0], one[-1])] * rank
    rows = [items_of(item) for item in items]
    if all(row is None for row in rows):
        return [(items[0], items[-1])] * rank if len(items) == 2 else None
    if any(row is None or len(row) not in (1, 2) for row in rows):
        return None
    return [(row[0], row[-1]) for row in rows if row]


def margins(given: Any, rank: int) -> list[tuple[int, int]]:
    """Return how many entries np.pad adds before and behind, for each axis.

    >>> margins(1, 2), margins((1, 2), 1), margins(((1, 0), (0, 2)), 2)
    ([(1, 1), (1, 1)], [(1, 2)], [(1, 0), (0, 2)])
    """
    if isinstance(given, int):
        return [(given, given)] * rank
    if len(given) == 1:
        given = given[0] if isinstance(given[0], (tuple, list)) else (given[0], given[0])
    if all(isinstance(one, int) for one in given):
        return [(given[0], given[1])] * rank
    pairs = [one if isinstance(one, (tuple, list)) else (one, one) for one in given]
    return [(one[0], one[-1]) for one in pairs]


def convolved(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.convolve(x, v, mode)` of two rows."""
    mode = statics.get("mode", "full")
    if mode not in ("full", "same", "valid"):
        raise ValueError(f"there is no mode '{mode}'")
    dtype = shapes.common_dtype(*(t.dtype for t in types))
    return Type("number", Known((f"{symbol}.0",)), dtype, array=True, fresh=True)
