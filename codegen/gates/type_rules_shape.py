"""Type rules of gates that change a shape, make arrays or read an index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codegen import dimensions, ir, shapes
from codegen.gates.dtypes import dtype_class
from codegen.gates.type_rules_growing import of_any_item
from codegen.shapes import Dimension, Known, Shape, Type, common_dtype

Statics = dict[str, Any]
# How long the slice at a place of an index is on an axis of a size, or how much a mask takes.
Length = Callable[[int, Dimension | None], Dimension | None]


def _dimension(item: Type, symbol: str) -> Dimension:
    return item.dimension if item.dimension is not None else symbol


def sizes(types: list[Type], symbol: str) -> Shape:
    """Return the shape that ints, or one tuple of ints, stand for."""
    items = list(types)
    if len(items) == 1 and items[0].kind in ("tuple", "list"):
        if not items[0].items or not isinstance(items[0].dimension, int):
            whole = items[0].shape  # of `x.shape`
            return shapes.unknown(symbol) if isinstance(whole, Known) else whole
        items = list(items[0].items)
    elif len(items) == 1 and not items[0].scalar:
        return shapes.unknown(symbol)
    dimensions = [_dimension(item, f"{symbol}.{i}") for i, item in enumerate(items)]
    return Known(tuple(f"{symbol}.{i}" if d == -1 else d for i, d in enumerate(dimensions)))


def reshape(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.reshape(2, -1)`."""
    shape = sizes(types[1:], symbol)
    given = types[0].shape
    if isinstance(shape, Known) and isinstance(given, Known):
        shape = _filled(shape, given, f"{symbol}.")
    return types[0].with_(shape=shape, array=True, fresh=False)


def _filled(shape: Known, given: Known, left_out: str) -> Known:
    """Return the shape with what -1 stands for, where the other sizes tell."""
    places = [i for i, d in enumerate(shape.dimensions) if str(d).startswith(left_out)]
    if len(places) != 1:
        return shape
    rest: Dimension | None = 1
    whole: Dimension | None = 1
    for place, size in enumerate(shape.dimensions):
        if place != places[0] and rest is not None:
            rest = dimensions.arithmetic("*", rest, size)
    for size in given.dimensions:
        whole = None if whole is None else dimensions.arithmetic("*", whole, size)
    if rest is None or whole is None:
        return shape
    left = dimensions.arithmetic("//", whole, rest)
    if left is None or "//" in str(left):
        return shape
    return Known(tuple(left if i == places[0] else d for i, d in enumerate(shape.dimensions)))


def shape_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A tuple of ints, one for each axis where the rank is known."""
    shape = types[0].shape
    if not isinstance(shape, Known):
        return Type("tuple", shape, items=(Type(dtype="int"),))
    items = [Type(dtype="int", dimension=d) for d in shape.dimensions]
    return Type("tuple", items=tuple(items), dimension=len(items))


def broadcast_shapes(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.broadcast_shapes(x.shape, y.shape)`: a shape, as `shape_of` gives it."""
    met = shapes.broadcast(*(sizes([t], f"{symbol}s{i}") for i, t in enumerate(types)))
    return shape_of([Type(shape=met)], statics, symbol)


def dtype_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.dtype`: no number, but the class of x's numbers is remembered."""
    return Type("other", dtype=types[0].dtype)


def result_type(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.result_type(x, 1.0)`: the dtype of arithmetic on all of them."""
    return Type("other", dtype=common_dtype(*(t.dtype for t in types)))


def length(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The first dimension."""
    x = types[0]
    known: Dimension | None = None
    if x.kind in ("tuple", "list"):
        known = x.dimension
    elif x.kind == "number" and isinstance(x.shape, Known) and x.shape.rank:
        known = x.shape.dimensions[0]
    return Type(dtype="int", dimension=known)


def cast(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.astype(dtype)`; the dtype may be that of another array."""
    dtype = dtype_class(statics, "unknown")
    return Type("number", types[0].shape, dtype, array=True, fresh=True)


def _not_known(place: int, size: Dimension | None) -> Dimension | None:
    """Nothing is known of a length."""
    return None


def cast_or_kept(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x.astype(dtype, copy=False)`: what has the dtype already is given back."""
    return cast(types, statics, symbol).with_(fresh=False)


def view(
    types: list[Type], index: tuple[ir.IndexItem, ...], symbol: str, length: Length = _not_known
) -> Type:
    """`base[index]`, by int, slice, ellipsis, newaxis, integer arrays and masks."""
    base = types[0]
    types = [base, *(as_index(t, f"{symbol}i{n}") for n, t in enumerate(types[1:]))]
    if base.kind in ("tuple", "list"):
        return _item(types, index, symbol)
    if base.kind == "dict":
        return _any_of(base.items, symbol)
    if base.kind != "number":
        return shapes.OTHER
    result = base.with_(array=True, fresh=_is_copy(types, index), dimension=None)
    if all(isinstance(item, ir.Rest) for item in index):
        return result  # x[()], x[...]: all of it, whatever the rank
    flags = [types[i.operand] for i in index if isinstance(i, ir.At)]
    flagged = any(k.scalar and k.dtype == "bool" for k in flags)  # an axis more: x[True]
    if flagged:
        return result.with_(shape=shapes.unknown(symbol))
    if not isinstance(base.shape, Known):
        known = _part_of_unknown(base.shape, index, types)
        return result.with_(shape=shapes.unknown(symbol if known is None else known))
    dims = list(base.shape.dimensions)
    used = sum(_axes_of(item, types) for item in index)
    if used > len(dims):
        message = f"too many indices: the array has {len(dims)} dimensions"
        raise shapes.Misfit(message, "leave an index out, or correct the annotation")
    if any(
        isinstance(i, ir.At)
        and types[i.operand].shape != shapes.SCALAR
        and not isinstance(types[i.operand].shape, Known)
        for i in index
    ):
        return result.with_(shape=shapes.unknown(symbol))
    return result.with_(shape=_indexed(dims, types, index, used, symbol, length))


def _part_of_unknown(
    base: shapes.Unknown, index: tuple[ir.IndexItem, ...], types: list[Type]
) -> str | None:
    """Return a name for the shape of a part, the same for all parts of that shape.

    `a[:-2]`, `a[1:-1]` and `a[2:]` have two entries less than a, or none, and the axes behind are
    those of a; so have all `a[i]`. None where an index is no number and no slice by literals.
    """
    if len(base.parts) > 1:
        return None
    names: list[str] = []
    for item in index:
        if isinstance(item, ir.At) and types[item.operand].scalar:
            if types[item.operand].dtype != "int":
                return None
            names.append("i")
        elif isinstance(item, ir.Range):
            bounds = [None if p is None else types[p].dimension for p in (item.lower, item.upper)]
            given = [p for p in (item.lower, item.upper) if p is not None]
            if item.step is not None or any(not isinstance(types[p].dimension, int) for p in given):
                return None
            names.append(_name_of_slice(bounds[0] or 0, bounds[1]))
        else:
            return None
    while names and names[-1] == "-0":
        del names[-1]
    return f"{shapes.show(base)}[{','.join(names)}]"


def _name_of_slice(lower: Dimension, upper: Dimension | None) -> str:
    """Return how many entries less than the axis a slice has, or its bounds."""
    assert isinstance(lower, int)
    assert upper is None or isinstance(upper, int)
    if lower >= 0 and (upper is None or upper < 0):
        return f"-{lower - (upper or 0)}"
    return f"{lower}:{'' if upper is None else upper}"


def as_index(kind: Type, symbol: str) -> Type:
    """Return what a list of indices is as an array: `x[[0, 1]]`."""
    if kind.kind not in ("list", "tuple"):
        return kind
    flat = isinstance(kind.dimension, int) and all(item.scalar for item in kind.items)
    shape = Known((kind.dimension,)) if flat and kind.dimension else shapes.unknown(symbol)
    dtype = kind.items[0].dtype if kind.items else "int"
    return Type("number", shape, dtype, array=True)


def _is_copy(types: list[Type], index: tuple[ir.IndexItem, ...]) -> bool:
    """True if an index surely is an array; one of unknown rank may be an int: a view."""
    kinds = [types[i.operand] for i in index if isinstance(i, ir.At)]
    return any(
        (isinstance(k.shape, Known) and k.shape.rank > 0)
        or (k.array and not k.scalar)
        or k.dtype == "bool"
        for k in kinds
    )


def is_advanced(types: list[Type], index: tuple[ir.IndexItem, ...]) -> bool:
    """True if an index is an array or list, so that the result is a copy."""
    return any(isinstance(i, ir.At) and not types[i.operand].scalar for i in index)


def _axes_of(item: ir.IndexItem, types: list[Type]) -> int:
    if isinstance(item, ir.Range):
        return 1
    if not isinstance(item, ir.At):
        return 0
    kind = types[item.operand]
    if kind.dtype == "bool":
        return kind.shape.rank if isinstance(kind.shape, Known) else 1
    return 1


def _indexed(
    dims: list[Dimension],
    types: list[Type],
    index: tuple[ir.IndexItem, ...],
    used: int,
    symbol: str,
    length: Length,
) -> Known:
    result: list[Dimension] = []
    arrays: list[Shape] = []
    place: int | None = None  # where the broadcast index arrays' dimensions go
    apart = False
    axis = 0
    previous_advanced = False
    has_array = is_advanced(types, index)
    rest = len(dims) - used
    for number, item in enumerate(index):
        is_at = isinstance(item, ir.At)
        if isinstance(item, ir.NewAxis):
            result.append(1)
        elif isinstance(item, ir.Rest):
            result.extend(dims[axis : axis + rest])
            axis += rest
            rest = 0
        elif isinstance(item, ir.Range):
            own = f"{symbol}.{number}"
            taken = _sliced(dims[axis], item, types)
            if taken is None:
                taken = length(number, dims[axis])
            if taken is None or (isinstance(taken, str) and "[" in taken):  # not by a size
                taken = _clipped(item, types, str(taken or own)) or taken
            result.append(own if taken is None else taken)
            axis += 1
        elif isinstance(item, ir.At):
            kind = types[item.operand]
            if kind.dtype == "bool":
                rank = kind.shape.rank if isinstance(kind.shape, Known) else 1
                counted = kind.dimension if isinstance(kind.dimension, str) else None
                count = length(number, None) if counted is None else counted
                arrays.append(Known((f"{symbol}.{number}" if count is None else count,)))
                axis += rank
            else:
                arrays.append(kind.shape)
                axis += 1
            if has_array:
                apart = apart or (place is not None and not previous_advanced)
                place = len(result) if place is None else place
        previous_advanced = is_at
    result.extend(dims[axis:])
    if not has_array:
        return Known(tuple(result))
    met = shapes.broadcast(*arrays)
    assert isinstance(met, Known)
    assert place is not None
    at = 0 if apart else place
    return Known((*result[:at], *met.dimensions, *result[at:]))


def _sliced(size: Dimension, item: ir.Range, types: list[Type]) -> Dimension | None:
    """Return the length of a slice by literals: `x[1:]` and `x[:-1]` both have N-1 entries."""
    bounds = [None if p is None else types[p].dimension for p in (item.lower, item.upper)]
    literal = all(
        p is None or isinstance(b, int)
        for p, b in zip((item.lower, item.upper), bounds, strict=True)
    )
    if item.step is not None or isinstance(size, frozenset):
        return None
    if isinstance(size, int) and literal:
        lower, upper = bounds
        assert not isinstance(lower, str | frozenset)
        assert not isinstance(upper, str | frozenset)
        return len(range(size)[slice(lower, upper)])
    if any(
        p is not None and b is None for p, b in zip((item.lower, item.upper), bounds, strict=True)
    ):
        return None
    return dimensions.sliced(size, bounds[0], bounds[1])


def _clipped(item: ir.Range, types: list[Type], symbol: str) -> Dimension | None:
    """Return the length of `x[i : i + K]`, which is K unless x ends before."""
    if item.lower is None or item.upper is None or item.step is not None:
        return None
    lower, upper = (types[p].dimension for p in (item.lower, item.upper))
    if lower is None or upper is None:
        return None
    length = dimensions.arithmetic("-", upper, lower)
    if length is None or (isinstance(length, int) and length < 1):
        return None
    return shapes.clipped(length, symbol)


def _items(base: Type, item: ir.Range, types: list[Type]) -> Type:
    """Return a slice of a tuple or list: `x.shape[1:]`."""
    places = (item.lower, item.upper, item.step)
    bounds = [None if place is None else types[place].dimension for place in places]
    known = [bound if isinstance(bound, int) else None for bound in bounds]
    literal = all(
        place is None or bound is not None for place, bound in zip(places, known, strict=True)
    )
    if not literal or not isinstance(base.dimension, int) or len(base.items) != base.dimension:
        same = all(item == base.items[0] for item in base.items)
        return Type(base.kind, items=base.items[:1] if same else (), fresh=True)
    items = base.items[slice(known[0], known[1], known[2])]
    return Type(base.kind, items=items, dimension=len(items))


def _item(types: list[Type], index: tuple[ir.IndexItem, ...], symbol: str) -> Type:
    base = types[0]
    if len(index) == 1 and isinstance(index[0], ir.At):
        place = types[index[0].operand].dimension
        if isinstance(place, int) and isinstance(base.dimension, int):
            if not -len(base.items) <= place < len(base.items):
                message = f"there is no item {place}"
                raise shapes.Misfit(message, f"it has {len(base.items)} items, counted from 0")
            found = base.items[place]
            if base.kind == "tuple" and found.kind == "number" and not found.scalar:
                return of_any_item(Type("list", items=(found,)), symbol)
            return found
        return _any_of(base.items, symbol)
    if len(index) == 1 and isinstance(index[0], ir.Range):
        return _items(base, index[0], types)
    raise shapes.Misfit(f"a {base.kind} is indexed by one int or slice", "write `w[0][1]`")


def _any_of(items: tuple[Type, ...], symbol: str) -> Type:
    """Return the type of an item whose place is not known."""
    if len(items) == 1 and items[0].kind == "number" and not items[0].scalar:
        return of_any_item(Type("list", items=items), symbol)
    if items and all(item.scalar and item.dtype == "int" for item in items):
        return Type(dtype="int", dimension=f"{symbol}.0")
    if items and all(item == items[0] for item in items):
        return items[0]
    if any(item.kind != "number" for item in items):
        return shapes.OTHER
    if items and all(item.scalar and not item.array for item in items):
        return Type("number")
    return Type("number", shapes.unknown(symbol))
