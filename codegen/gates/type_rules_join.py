"""Type rules of gates that put arrays, or numbers, together."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.dtypes import dtype_class
from codegen.gates.type_rules_axes import at_least, size
from codegen.shapes import Dimension, Known, Shape, Type

Statics = dict[str, Any]


def _parts(types: list[Type], statics: Statics) -> list[Type]:
    """Return the operands without a dtype that is a value."""
    parts = types[:-1] if str(statics.get("dtype")).startswith("?") else types
    for part in parts:
        if part.kind != "number":
            raise ValueError(f"a {part.kind} stands among the numbers and arrays")
    return parts


def _dtype(parts: list[Type], statics: Statics) -> str:
    classes = [part.dtype for part in parts]
    same = classes[0] if len(set(classes)) == 1 else shapes.common_dtype(*classes)
    return dtype_class(statics, same if classes else "float")


def _equal(dimensions: list[Dimension]) -> Dimension:
    """Return the dimension that all must be; a number says most."""
    numbers = [d for d in dimensions if isinstance(d, int)]
    declared = [d for d in dimensions if shapes.is_declared(d)]
    for known in (numbers, declared):
        for other in known[1:]:
            if other != known[0]:
                raise shapes.ShapeClash(known[0], other)
    return (numbers or declared or dimensions)[0]


def _known(parts: list[Type]) -> list[tuple[Dimension, ...]]:
    known = [part.shape.dimensions for part in parts if isinstance(part.shape, Known)]
    if len({len(dims) for dims in known}) > 1:
        ranks = ", ".join(str(len(dims)) for dims in known)
        raise ValueError(f"arrays of {ranks} dimensions cannot be put together")
    return known


def _array(parts: list[Type], statics: Statics, shape: Shape) -> Type:
    return Type("number", shape, _dtype(parts, statics), array=True, fresh=True)


def array(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.array([[x, y], [z, 1.0]])`: the nesting's axes, then those of the items."""
    parts = _parts(types, statics)
    paths: tuple[tuple[int, ...], ...] = statics["items"]
    if not parts:
        return Type("number", shapes.unknown(symbol), dtype_class(statics, "float"), True, True)
    outer = tuple(max(places) + 1 for places in zip(*paths, strict=False))
    total = 1
    for length in outer:
        total *= length
    if len({len(path) for path in paths}) > 1 or total != len(paths):
        raise ValueError("the lists have different lengths")
    known = _known(parts)
    if not known:
        return _array(parts, statics, shapes.unknown(symbol))
    inner = tuple(_equal(list(dims)) for dims in zip(*known, strict=True))
    return _array(parts, statics, Known((*outer, *inner)))


def stack(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.stack([a, b], axis)`: one axis more."""
    parts = _parts(types, statics)
    known = _known(parts)
    if not known:
        return _array(parts, statics, shapes.unknown(symbol))
    dims = [_equal(list(column)) for column in zip(*known, strict=True)]
    (axis,) = shapes.normalized(statics.get("axis", 0), len(dims) + 1)
    return _array(parts, statics, Known((*dims[:axis], len(parts), *dims[axis:])))


def stack_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.stack(x, axis)` of a list or an array: its items along that axis."""
    x, axis = types[0], statics.get("axis", 0)
    if x.kind == "list":
        item = x.items[0] if len(x.items) == 1 else Type("number", shapes.unknown(symbol))
        length: Dimension = f"{symbol}.0"
    else:
        item, length = x, f"{symbol}.0"
        if isinstance(x.shape, Known) and x.shape.rank:
            item = x.with_(shape=Known(x.shape.dimensions[1:]))
            length = x.shape.dimensions[0]
        else:
            item = x.with_(shape=shapes.unknown(symbol))
    if item.kind != "number":
        raise shapes.Misfit(
            f"np.stack needs arrays or numbers, and these are {item.kind}s",
            "stack the items of each, one after another",
        )
    if not isinstance(item.shape, Known):
        return _array([item], statics, shapes.unknown(symbol))
    dims = item.shape.dimensions
    (place,) = shapes.normalized(axis, len(dims) + 1)
    return _array([item], statics, Known((*dims[:place], length, *dims[place:])))


def concatenate_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.concatenate(x, axis)` of a list of any length."""
    x, axis = types[0], statics.get("axis", 0)
    item = x.items[0] if len(x.items) == 1 else Type("number", shapes.unknown(symbol))
    if x.kind != "list" or item.kind != "number" or item.scalar or axis is None:
        raise shapes.Misfit(
            "np.concatenate needs a list of arrays here, and the number of an axis",
            "write the parts one by one: np.concatenate([a, b]); np.array(x) for numbers",
        )
    if not isinstance(item.shape, Known):
        return _array([item], statics, shapes.unknown(symbol))
    (place,) = shapes.normalized(axis, item.shape.rank)
    dims = list(item.shape.dimensions)
    dims[place] = f"{symbol}.{place}"
    return _array([item], statics, Known(tuple(dims)))


def concatenate(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.concatenate([a, b], axis)`: longer along one axis."""
    parts = _parts(types, statics)
    axis = statics.get("axis", 0)
    if axis is None:
        lengths = [size(p.shape, "") for p in parts]
        return _array(parts, statics, Known((_total(lengths, f"{symbol}.0"),)))
    if any(part.scalar for part in parts):
        raise ValueError("a number cannot be concatenated; write [x] for it")
    known = _known(parts)
    if not known:
        return _array(parts, statics, shapes.unknown(symbol))
    rank = len(known[0])
    (place,) = shapes.normalized(axis, rank)
    columns = [list(column) for column in zip(*known, strict=True)]
    lengths = columns[place] if len(known) == len(parts) else [""]
    along = _total(lengths, f"{symbol}.{place}")
    dims = [along if i == place else _equal(column) for i, column in enumerate(columns)]
    return _array(parts, statics, Known(tuple(dims)))


def _total(lengths: list[Dimension], symbol: str) -> Dimension:
    if len(lengths) == 1 and lengths[0]:
        return lengths[0]
    numbers = [length for length in lengths if isinstance(length, int)]
    others = [length for length in lengths if not isinstance(length, int)]
    if not others:
        return sum(numbers)
    if len(others) > 1 or not isinstance(others[0], str) or not others[0]:
        return symbol
    return shapes.longer(others[0], sum(numbers)) or symbol


def hstack(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.hstack([a, b])`: along the second axis, of one-dimensional arrays along the first."""
    raised = [_raised(part, 1, symbol) for part in _parts(types, statics)]
    known = _known(raised)
    axis = 0 if known and len(known[0]) == 1 else 1
    return concatenate(raised, {**statics, "axis": axis, "dtype": None}, symbol)


def vstack(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.vstack([a, b])`: one below the other; one-dimensional arrays are rows."""
    raised = [_raised(part, 2, symbol) for part in _parts(types, statics)]
    return concatenate(raised, {**statics, "axis": 0, "dtype": None}, symbol)


def column_stack(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.column_stack([a, b])`: side by side; one-dimensional arrays are columns."""
    columns = []
    for part in _parts(types, statics):
        if part.scalar:
            raise ValueError("a number is no column")
        is_row = isinstance(part.shape, Known) and part.shape.rank == 1
        column = Known((*part.shape.dimensions, 1)) if is_row else part.shape  # type: ignore[union-attr]
        columns.append(part.with_(shape=column))
    return concatenate(columns, {**statics, "axis": 1}, symbol)


def dstack(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.dstack([a, b])`: along the third axis; a matrix is one layer, a row one row of it."""
    raised = [_raised(part, 3, symbol) for part in _parts(types, statics)]
    return concatenate(raised, {"axis": 2}, symbol)


def along_first(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.r_[a, b]`: along the first axis; a number is a row of one entry."""
    raised = [_raised(part, 1, symbol) for part in _parts(types, statics)]
    return concatenate(raised, {"axis": 0}, symbol)


def along_last(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.c_[a, b]`: along the last axis; a row is a column, a number a column of one entry."""
    columns = []
    for part in _parts(types, statics):
        column = part.shape
        if isinstance(column, Known) and column.rank < 2:
            column = Known((*(column.dimensions or (1,)), 1))
        columns.append(part.with_(shape=column, array=True))
    return concatenate(columns, {"axis": -1}, symbol)


def append(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.append(x, values, axis)`: of two arrays or numbers."""
    return concatenate(types, {"axis": statics.get("axis")}, symbol)


def _raised(part: Type, rank: int, symbol: str) -> Type:
    return at_least(rank)([part], {}, symbol)
