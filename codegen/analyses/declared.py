"""What an annotation or a docstring line promises of a parameter."""

from __future__ import annotations

import ast
import re

from codegen import shapes
from codegen.build.scope import Scope
from codegen.parse import Module
from codegen.shapes import Dimension, Known, Shape, Type

_SCALARS = {"float": "float", "int": "int", "bool": "bool"}
_ARRAYS = {
    "numpy.ndarray",
    "numpy.typing.NDArray",
    "numpy.typing.ArrayLike",
    "jaxtyping.Array",
}
_JAXTYPING = re.compile(r"^jaxtyping\.(?P<dtype>[A-Z][a-zA-Z]*?)(?P<bits>\d*)$")
_DTYPES = {"Float": "float", "BFloat": "float", "Int": "int", "UInt": "int", "Bool": "bool"}
_LINE = re.compile(r"^\s*[-*]?\s*(?P<names>\w+(?:\s*,\s*\w+)*)\s*:\s*(?P<rest>.+)$")
_SHAPE = re.compile(r"\bshape\b\s*(?:is|of|:|=)?\s*`{0,2}[(\[](?P<inside>[^)\]]*)[)\]]", re.I)
_LEADING = re.compile(r"^[(](?P<inside>[^)]*)[)]\s*(?:nd)?array", re.I)
_ARRAY_WORD = re.compile(r"\b(?:np\.|numpy\.)?(?:nd)?array(?:_like|-like)?\b", re.I)


def from_annotation(module: Module, node: ast.expr | None, name: str) -> Type | None:
    """Return the type that an annotation states, or None if it states none that is known."""
    if node is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return None
    path = _path(module, node)
    if path in _SCALARS:
        return Type("number", shapes.SCALAR, _SCALARS[path])
    if path in _ARRAYS:
        return Type("number", shapes.unknown(name), "unknown", array=True)
    if path in ("str", "dict", "None"):
        return Type("dict" if path == "dict" else "text")
    if path in ("list", "tuple"):
        return Type(path)
    if isinstance(node, ast.Subscript):
        return _subscripted(module, node, name)
    return None


def _path(module: Module, node: ast.expr) -> str | None:
    path = Scope(module, frozenset()).path(node)
    if path is not None:
        return path
    if isinstance(node, ast.Constant) and node.value is None:
        return "None"
    if not isinstance(node, ast.Name):
        return None
    constant = module.constants.get(node.id)
    if isinstance(constant, ast.Assign) and node.id not in module.rebound:
        return _path(module, constant.value)  # Array = np.ndarray
    return node.id


def _subscripted(module: Module, node: ast.Subscript, name: str) -> Type | None:
    path = _path(module, node.value) or ""
    if path in _ARRAYS:
        return Type("number", shapes.unknown(name), "unknown", array=True)
    match = _JAXTYPING.match(path)
    if match is not None and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        text = node.slice.elts[1]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            dtype = _DTYPES.get(match["dtype"], "unknown")
            return Type("number", _jaxtyping_shape(text.value, name), dtype, array=True)
    if path == "list":
        item = from_annotation(module, node.slice, f"{name}.item")
        return None if item is None else Type("list", items=(item,))
    if path == "tuple" and isinstance(node.slice, ast.Tuple):
        items = [
            from_annotation(module, part, f"{name}.{i}") for i, part in enumerate(node.slice.elts)
        ]
        if all(item is not None for item in items):
            return Type("tuple", items=tuple(item for item in items if item is not None))
    return None


def words_of_shape(module: Module, node: ast.expr | None) -> tuple[str | int, ...] | None:
    """Return the dimensions of a jaxtyping annotation as they are written: ("N", "*S")."""
    match node:
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
    return word if word.isidentifier() and word != "_" else fresh


def from_docstring(docstring: str | None, names: list[str]) -> dict[str, Type]:
    """Return what lines such as `x : ndarray of shape (N, D)` state of the parameters.

    >>> types = from_docstring("- w: weights, of shape (D, M)", ["w"])
    >>> types["w"].shape
    Known(dimensions=('D', 'M'))
    """
    found: dict[str, Type] = {}
    for line in (docstring or "").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        stated = _stated(match["rest"])
        if stated is None:
            continue
        for name in re.split(r"\s*,\s*", match["names"]):
            if name in names and name not in found:
                found[name] = _named(stated, name)
    return found


def _named(stated: Type, name: str) -> Type:
    return (
        stated.with_(shape=shapes.unknown(name)) if stated.shape == shapes.unknown("") else stated
    )


def _stated(rest: str) -> Type | None:
    rest = rest.strip().lstrip("`")
    shape = _SHAPE.search(rest) or _LEADING.match(rest)
    if shape is not None:
        dimensions = _docstring_dimensions(shape["inside"])
        if dimensions is None:
            return Type("number", shapes.unknown(""), "unknown", array=True)
        dtype = "int" if re.match(r"(?:nd)?array of ints?\b|ints?\b", rest) else "unknown"
        return Type("number", Known(dimensions), dtype, array=True)
    word = re.match(r"(\w+)`{0,2}\s*(?:[,.;(]|$)", rest)
    if word is not None and word[1] in _SCALARS:
        return Type("number", shapes.SCALAR, _SCALARS[word[1]])
    if _ARRAY_WORD.match(rest):
        return Type("number", shapes.unknown(""), "unknown", array=True)
    return None


def _docstring_dimensions(inside: str) -> tuple[Dimension, ...] | None:
    words = [word.strip() for word in inside.split(",") if word.strip()]
    if any("..." in word or word.startswith("*") for word in words):
        return None
    result: list[Dimension] = []
    for word in words:
        if word.isdigit():
            result.append(int(word))
        elif word.isidentifier():
            result.append(word)
        else:
            return None
    return tuple(result)
