"""Type rules: what a gate's result is, from what its operands are.

Each takes the operands' types, the static arguments and a symbol that names unknown shapes, and
raises ValueError (with what is wrong, for the user) where numpy would raise.
"""

from __future__ import annotations

import math
from typing import Any

from codegen import shapes
from codegen.shapes import Dimension, Known, Shape, Type, common_dtype

Statics = dict[str, Any]


def _elementwise(types: list[Type], dtype: str) -> Type:
    shape = shapes.broadcast(*(t.shape for t in types))
    array = any(t.array for t in types)
    return Type("number", shape, dtype, array, fresh=True)


def same(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Elementwise; ints stay ints."""
    return _elementwise(types, common_dtype(*(t.dtype for t in types)))


def same_as_literal(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Elementwise with a literal C: ints stay ints, unless the literal is a float."""
    dtypes = (*(t.dtype for t in types), _literal_dtype(statics))
    return _elementwise(types, common_dtype(*dtypes))


def _literal_dtype(statics: Statics) -> str:
    return "int" if str(statics.get("C", "0")).lstrip("+-").isdigit() else "float"


def floating(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Elementwise; the result is float whatever goes in."""
    return _elementwise(types, "float")


def polygamma(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`polygamma(n, x)`: an array of numpy's, of numbers too."""
    return _elementwise(types, "float").with_(array=True)


def bessel(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.i0(x)`: an array of numpy's, of numbers too."""
    return _elementwise(types, "float").with_(array=True)


def integral(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Elementwise; the result is an integer."""
    return _elementwise(types, "int")


def comparison(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Elementwise; the result is a mask. Comparing other things (text, None) gives a bool too."""
    numbers = [t for t in types if t.kind == "number"]
    return _elementwise(numbers if len(numbers) == len(types) else [], "bool")


def power(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x**p`: float if either is, int for ints (a negative literal power makes a scalar float)."""
    dtype = common_dtype(*(t.dtype for t in types))
    literal = str(statics.get("C", ""))
    if dtype == "int" and literal and not literal.isdigit():
        dtype = "float"
    return _elementwise(types, dtype)


def clipped(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.clip(x, min, max)`, where a bound may be None."""
    return same([t for t in types if t.kind != "none"], statics, symbol)


def replaced(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.nan_to_num(x)`: a copy."""
    if not statics.get("copy", True):
        raise shapes.Misfit("np.nan_to_num with copy=False writes into x", "leave `copy=` out")
    return same(types, statics, symbol)


def choice(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`where(condition, x, y)`."""
    return _elementwise(types, common_dtype(*(t.dtype for t in types[1:])))


def alias(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The very same object under another name."""
    return types[0].with_(fresh=False)


def copy(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The same contents in memory of its own."""
    return types[0].with_(fresh=True)


def to_float(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`float(x)`: a Python float, or an error on arrays."""
    return Type("number", shapes.SCALAR, "float", fresh=True)


def rounded(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The built-in `round(x)`: an int, or a number of so many digits."""
    if statics.get("ndigits") is None:
        return to_int(types, statics, symbol)
    return Type("number", shapes.SCALAR, types[0].dtype, fresh=True)


def to_int(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`int(x)`, `len(x)`, `x.ndim`: a Python int."""
    return Type("number", shapes.SCALAR, "int", fresh=True)


def softmax(types: list[Type], statics: Statics, symbol: str) -> Type:
    """An array divided by its sums: always numpy's, as the sums are."""
    return _elementwise(types[:1], "float").with_(array=True)


def product_of(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`math.prod` of an array of one axis, or of a tuple of ints."""
    x = types[0]
    dtype = common_dtype(*(item.dtype for item in x.items)) if x.kind != "number" else x.dtype
    return Type("number", shapes.SCALAR, dtype, fresh=True)


def builtin_extreme(types: list[Type], statics: Statics, symbol: str) -> Type:
    """The built-in `max(x, y)` or `min(x, y)`, which is for scalars."""
    if any(t.shape != shapes.SCALAR for t in types):
        message = "the built-in max and min are for scalars"
        raise shapes.Misfit(
            message, "np.maximum and np.minimum take arrays; annotate a number as float"
        )
    dtypes = (*(t.dtype for t in types), _literal_dtype(statics))
    return Type("number", shapes.SCALAR, common_dtype(*dtypes), fresh=True)


def _contract(left: Dimension, right: Dimension) -> None:
    """Raise where two dimensions that are summed over surely differ."""
    declared = shapes.is_declared(left) and shapes.is_declared(right)
    if left != right and (declared or (isinstance(left, int) and isinstance(right, int))):
        raise shapes.ShapeClash(left, right)


def matmul(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`x @ y` for every pair of ranks that numpy takes."""
    x, y = types
    dtype = common_dtype(x.dtype, y.dtype)
    if not isinstance(x.shape, Known) or not isinstance(y.shape, Known):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    left, right = x.shape.dimensions, y.shape.dimensions
    if not left or not right:
        raise shapes.Misfit("@ needs arrays of one dimension or more", "write `*` for a number")
    _contract(left[-1], right[-1] if len(right) == 1 else right[-2])
    batch = shapes.broadcast(Known(left[:-2]), Known(right[:-2]))
    assert isinstance(batch, Known)
    rows = left[-2:-1] if len(left) > 1 else ()
    columns = right[-1:] if len(right) > 1 else ()
    return Type("number", Known((*batch.dimensions, *rows, *columns)), dtype, True, True)


def dot(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.dot`: as `@` up to two dimensions; scalars multiply."""
    x, y = types
    if x.shape == shapes.SCALAR or y.shape == shapes.SCALAR:
        return _elementwise(types, common_dtype(x.dtype, y.dtype)).with_(array=True)
    known = isinstance(x.shape, Known) and isinstance(y.shape, Known)
    if known and x.shape.rank <= 2 and y.shape.rank <= 2:  # type: ignore[union-attr]
        return matmul(types, statics, symbol)
    dtype = common_dtype(x.dtype, y.dtype)
    if not known:
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    left, right = x.shape.dimensions, y.shape.dimensions  # type: ignore[union-attr]
    _contract(left[-1], right[-1] if len(right) == 1 else right[-2])
    rest = right[:-1] if len(right) == 1 else (*right[:-2], right[-1])
    return Type("number", Known((*left[:-1], *rest)), dtype, array=True, fresh=True)


def inner(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.inner`: over the last axes; scalars multiply."""
    x, y = types
    dtype = common_dtype(x.dtype, y.dtype)
    if x.shape == shapes.SCALAR or y.shape == shapes.SCALAR:
        return _elementwise(types, dtype).with_(array=True)
    if not isinstance(x.shape, Known) or not isinstance(y.shape, Known):
        return Type("number", shapes.unknown(symbol), dtype, array=True, fresh=True)
    left, right = x.shape.dimensions, y.shape.dimensions
    _contract(left[-1], right[-1])
    return Type("number", Known((*left[:-1], *right[:-1])), dtype, array=True, fresh=True)


def outer(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.outer`: a matrix, whatever the ranks."""
    sizes = [_size(t.shape, f"{symbol}{place}") for place, t in enumerate(types)]
    dtype = common_dtype(*(t.dtype for t in types))
    return Type("number", Known(tuple(sizes)), dtype, array=True, fresh=True)


def _size(shape: Shape, symbol: str) -> Dimension:
    """Return the number of entries of a shape, or the symbol where it has no name."""
    if not isinstance(shape, Known) or not all(isinstance(d, int) for d in shape.dimensions):
        is_row = isinstance(shape, Known) and shape.rank == 1
        return shape.dimensions[0] if is_row else symbol  # type: ignore[union-attr]
    return math.prod(d for d in shape.dimensions if isinstance(d, int))


def vdot(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.vdot`: a number."""
    dtype = common_dtype(*(t.dtype for t in types))
    return Type("number", shapes.SCALAR, dtype, array=True, fresh=True)


def text(types: list[Type], statics: Statics, symbol: str) -> Type:
    """Something that is no number: a dtype, a string."""
    return shapes.OTHER


def boolean(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`and`, `or`: only on truth values, since on numbers they give one of the two."""
    for t in types:
        if t.kind == "number" and t.dtype in ("float", "unknown"):
            word = statics["operator"]
            message = f"`{word}` on numbers gives one of them"
            raise shapes.Misfit(message, "write `a if test else b`")
    return Type("number", shapes.SCALAR, "bool")


def test_result(types: list[Type], statics: Statics, symbol: str) -> Type:
    """A chained comparison, `is`, `in`: a truth value."""
    return Type("number", shapes.SCALAR, "bool")


def looked_up(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`settings.get(key, default)`: what the default is, by kind."""
    if len(types) < 3 or types[2].kind != "number":
        return types[2] if len(types) > 2 and types[2].kind == "text" else shapes.OTHER
    return Type("number", types[2].shape, types[2].dtype)
