"""What an annotation promises of a parameter. What it does not say for sure is no evidence."""

from __future__ import annotations

import ast
import re

from codegen import shapes
from codegen.build.scope import Scope
from codegen.dimensions import normal
from codegen.parse import Module, constant_value
from codegen.shapes import Dimension, Known, Shape, Type

_ARRAYS = ("numpy.ndarray", "numpy.typing.NDArray", "jaxtyping.Array")
_ARRAY_LIKE = ("numpy.typing.ArrayLike", "jaxtyping.ArrayLike")
KEPT = "__pairs__.pack "  # and the name of a function: the cache that it puts together
_ABSTRACT = re.compile(r"^(?:typing|typing_extensions|collections\.abc)\.(?P<name>\w+)$")
_SEQUENCES = ("list", "List", "Sequence", "MutableSequence")
_TUPLES = ("tuple", "Tuple")
_DICTS = ("dict", "Dict", "Mapping", "MutableMapping")
_JAXTYPING = re.compile(r"^jaxtyping\.(?P<dtype>[A-Z][a-zA-Z]*?)(?P<bits>\d*)$")
_DTYPES = {
    "Float": "float",
    "BFloat": "float",
    "Int": "int",
    "UInt": "int",
    "Integer": "int",
    "Bool": "bool",
    "Complex": "complex",
}
# "generic", "number" and "inexact" say nothing.
_NUMPY_DTYPES = {
    "float": "floating float16 float32 float64 float96 float128 float_ "
    "half single double longdouble",
    "int": "integer signedinteger unsignedinteger int8 int16 int32 int64 int_ intc intp "
    "uint8 uint16 uint32 uint64 uint uintc uintp byte short long longlong "
    "ubyte ushort ulong ulonglong",
    "bool": "bool bool_",
    "complex": "complexfloating complex64 complex128 complex256 complex_ "
    "csingle cdouble clongdouble",
}
_BY_NAME = {
    f"numpy.{word}": dtype for dtype, words in _NUMPY_DTYPES.items() for word in words.split()
} | {word: word for word in ("float", "int", "bool", "complex")}
_BY_NAME |= {"numbers.Real": "unknown", "numbers.Integral": "int", "numbers.Complex": "complex"}


def from_annotation(module: Module, node: ast.expr | None, name: str) -> Type | None:
    """Return the type that an annotation states, or None if it states none for sure.

    A dtype of "complex" is for the caller to refuse.
    """
    node = _resolved(module, node)
    if node is None:
        return None
    members = _members(module, node)
    if members is not None:
        return _union(module, members, name)
    if isinstance(node, ast.Subscript):
        return _subscripted(module, node, name)
    return _plain(_path(module, node), name)


def allows_none(module: Module, node: ast.expr | None) -> bool:
    """True if an annotation takes None beside what it states."""
    node = _resolved(module, node)
    members = None if node is None else _members(module, node)
    return members is not None and any(_is_none(module, part) for part in members)


def is_sequence(module: Module, node: ast.expr | None) -> bool:
    """True for `Sequence[float]`: a list or a tuple."""
    node = _resolved(module, node)
    if isinstance(node, ast.Subscript):
        node = node.value
    return node is not None and _word(_path(module, node)).endswith("Sequence")


def _resolved(module: Module, node: ast.expr | None) -> ast.expr | None:
    """Return what an annotation is, behind quotes and names: `Vector = list[float]`."""
    seen: set[str] = set()
    while True:
        match node:
            case ast.Constant(str() as text):
                try:
                    node = ast.parse(text.strip(), mode="eval").body
                except SyntaxError:
                    return None
                continue
            case ast.Name(name) if name not in seen:
                value = constant_value(module, name)
                if value is not None:
                    seen.add(name)
                    node = value
                    continue
        return node


def _path(module: Module, node: ast.expr) -> str | None:
    """Return the full name: "numpy.ndarray", "typing.List"; Python's own have a short one."""
    path = Scope(module, frozenset()).path(node)
    if path is not None:
        return path
    if isinstance(node, ast.Constant) and node.value is None:
        return "None"
    return node.id if isinstance(node, ast.Name) else None


def _word(path: str | None) -> str:
    """Return the short name of a container: "List" of typing.List; "" for none."""
    if path is None or "." not in path:
        return path or ""
    abstract = _ABSTRACT.match(path)
    return abstract["name"] if abstract is not None else ""


def _plain(path: str | None, name: str) -> Type | None:
    if path is not None and path.startswith(KEPT):
        return shapes.kept(path.removeprefix(KEPT))
    if path in _BY_NAME:
        return Type("number", shapes.SCALAR, _BY_NAME[path])
    if path in _ARRAYS or path in _ARRAY_LIKE:
        # A list is like an array, and has no `.shape`.
        return Type("number", shapes.unknown(name), "unknown", array=path in _ARRAYS)
    if path in ("str", "bytes"):
        return Type("text")
    word = _word(path)
    if word in _SEQUENCES:
        return Type("list")
    if word in _TUPLES:
        return Type("tuple")
    return Type("dict") if word in _DICTS else None


# unions


def _members(module: Module, node: ast.expr) -> list[ast.expr] | None:
    """Return the parts of `A | B`, `Union[A, B]` or `Optional[A]`; None for anything else."""
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            parts = [left, right]
        case ast.Subscript(value, inside) if _word(_path(module, value)) in ("Optional", "Union"):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            if _word(_path(module, value)) == "Optional":
                parts = [*parts, ast.Constant(None)]
        case _:
            return None
    found: list[ast.expr] = []
    for part in parts:
        resolved = _resolved(module, part)
        below = None if resolved is None else _members(module, resolved)
        found += [part] if below is None else below
    return found


def _is_none(module: Module, node: ast.expr) -> bool:
    resolved = _resolved(module, node)
    return resolved is not None and _path(module, resolved) in ("None", "types.NoneType")


def _union(module: Module, members: list[ast.expr], name: str) -> Type | None:
    kinds = [from_annotation(module, part, name) for part in members if not _is_none(module, part)]
    known = [kind for kind in kinds if kind is not None]
    if not known or len(known) < len(kinds):
        return None
    first = known[0]
    same = all(kind == first for kind in known)
    if not all(kind.kind == "number" for kind in known):
        return first if same else None  # a list or an array: the uses decide
    dtypes = {kind.dtype for kind in known}
    dtype = "complex" if "complex" in dtypes else dtypes.pop() if len(dtypes) == 1 else "unknown"
    if all(kind.scalar and not kind.array for kind in known):
        return Type("number", shapes.SCALAR, dtype)
    if same and (len(known) == len(members) or first.dtype in ("int", "bool")):
        return first  # labels, or a mask, or None
    return Type("number", shapes.unknown(name), dtype)  # None and a number have no `.shape`


# subscripts


def _subscripted(module: Module, node: ast.Subscript, name: str) -> Type | None:
    path = _path(module, node.value) or ""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    word = _word(path)
    if path == "numpy.typing.NDArray":
        return _array(module, shapes.unknown(name), parts[-1])
    if path == "numpy.ndarray":
        return _array(module, _shape_of(module, parts[0], name), parts[-1])
    if _JAXTYPING.match(path) is not None:
        return _jaxtyping(module, path, parts, name)
    if path in _BY_NAME:  # np.floating[Any]
        return _plain(path, name)
    if word == "Annotated":
        return from_annotation(module, parts[0], name)
    if word == "Literal":
        return _literal(parts)
    if word in _DICTS:
        return Type("dict", items=_items(module, parts[1:], name))
    if word in _SEQUENCES:
        return Type("list", items=_items(module, parts[:1], name))
    if word not in _TUPLES:
        return None
    if isinstance(parts[-1], ast.Constant) and parts[-1].value is Ellipsis:
        return Type("tuple", items=_items(module, parts[:1], name))
    return Type("tuple", items=_items(module, parts, name), dimension=len(parts))


def _items(module: Module, parts: list[ast.expr], name: str) -> tuple[Type, ...]:
    """Return the types of items; none if one of them is not known."""
    found = [from_annotation(module, part, f"{name}.{i}") for i, part in enumerate(parts)]
    known = tuple(item for item in found if item is not None)
    return known if len(known) == len(found) else ()


def _literal(parts: list[ast.expr]) -> Type | None:
    values = [part.value if isinstance(part, ast.Constant) else part for part in parts]
    if all(isinstance(value, str) for value in values):
        return Type("text")
    kinds = {type(value) for value in values}
    if kinds == {bool} or kinds == {int}:
        return Type("number", shapes.SCALAR, kinds.pop().__name__)
    return None


def _array(module: Module, shape: Shape, dtype: ast.expr) -> Type:
    """Return the type of `np.ndarray[tuple[int, int], np.dtype[np.float64]]`."""
    if isinstance(dtype, ast.Subscript) and _path(module, dtype.value) == "numpy.dtype":
        dtype = dtype.slice
    if isinstance(dtype, ast.Subscript):
        dtype = dtype.value  # np.floating[Any]
    found = _BY_NAME.get(_path(module, dtype) or "", "unknown")
    return Type("number", shape, found, array=True)


def _shape_of(module: Module, node: ast.expr, name: str) -> Shape:
    """Return the rank that `tuple[int, int]` states."""
    if isinstance(node, ast.Subscript) and _word(_path(module, node.value)) in _TUPLES:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if all(isinstance(part, ast.Name) and part.id == "int" for part in parts):
            return Known(tuple(f"{name}.{i}" for i in range(len(parts))))
    return shapes.unknown(name)


def _jaxtyping(module: Module, path: str, parts: list[ast.expr], name: str) -> Type | None:
    match = _JAXTYPING.match(path)
    if match is None or len(parts) != 2:
        return None
    text = parts[1]
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    holder = _resolved(module, parts[0])
    is_array = holder is None or _path(module, holder) not in _ARRAY_LIKE
    dtype = _DTYPES.get(match["dtype"], "unknown")
    return Type("number", _jaxtyping_shape(text.value, name), dtype, array=is_array)


def words_of_shape(module: Module, node: ast.expr | None) -> tuple[str | int, ...] | None:
    """Return the dimensions of a jaxtyping annotation as they are written: ("N", "*S")."""
    match _resolved(module, node):
        case ast.Subscript(value, ast.Tuple([_, ast.Constant(str() as text)])):
            if _JAXTYPING.match(_path(module, value) or ""):
                return tuple(int(word) if word.isdigit() else word for word in text.split())
    return None


def _jaxtyping_shape(text: str, name: str) -> Shape:
    words = text.split()
    if any(word == "..." or word.lstrip("#?").startswith("*") for word in words):
        return shapes.unknown(name)
    return Known(tuple(_jaxtyping_dimension(word, f"{name}.{i}") for i, word in enumerate(words)))


def _jaxtyping_dimension(word: str, fresh: str) -> Dimension:
    word = word.rsplit("=", maxsplit=1)[-1]
    if word.isdigit():
        return int(word)
    computed = None if word == "_" else normal(word)  # `4*H`, `N-4`
    return fresh if computed is None else computed
