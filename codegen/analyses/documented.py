"""What a docstring line promises of a parameter: `x : ndarray of shape (N, D)`."""

from __future__ import annotations

import re

from codegen import shapes
from codegen.dimensions import normal
from codegen.shapes import Dimension, Known, Type

_SCALARS = ("float", "int", "bool")
_LINE = re.compile(r"^\s*[-*]?\s*(?P<names>\w+(?:\s*,\s*\w+)*)\s*:\s*(?P<rest>.+)$")
_SHAPE = re.compile(r"\bshape\b\s*(?:is|of|:|=)?\s*`{0,2}[(\[](?P<inside>[^)\]]*)[)\]]", re.I)
_LEADING = re.compile(r"^[(](?P<inside>[^)]*)[)]\s*(?:nd)?array", re.I)
_ARRAY_WORD = re.compile(r"\b(?:np\.|numpy\.)?(?:nd)?array(?:_like|-like)?\b", re.I)

_WHOLE = re.compile(
    r"(?:an? )?(?:numpy )?(?:(?:nd)?array of (?P<of>ints?|integers|bools?|booleans)"
    r"|(?P<first>ints?|integers?|bools?|booleans?))\b",
    re.I,
)
_LIKE = re.compile(r"array[_-]like\b", re.I)
_OR = re.compile(r"[`\s]*,?\s*or\b", re.I)


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
    is_array = _LIKE.match(rest) is None  # a list is like an array, and has no `.shape`
    shape = _SHAPE.search(rest) or _LEADING.match(rest)
    if shape is not None:
        dimensions = _docstring_dimensions(shape["inside"])
        if _OR.match(rest[shape.end() :]):  # `shape (N,) or (N, D)`, `shape (N,) or None`
            return Type("number", shapes.unknown(""), "unknown")
        if dimensions is None:
            return Type("number", shapes.unknown(""), "unknown", array=is_array)
        return Type("number", Known(dimensions), _dtype(rest), array=is_array)
    word = re.match(r"(\w+)`{0,2}\s*(?:[,.;(]|$)", rest)
    if word is not None and word[1] in _SCALARS:
        return Type("number", shapes.SCALAR, word[1])
    array = _ARRAY_WORD.match(rest)
    if array is None:
        return None
    is_array = is_array and _OR.match(rest[array.end() :]) is None  # `ndarray or float`
    return Type("number", shapes.unknown(""), "unknown", array=is_array)


def _dtype(rest: str) -> str:
    """Return the class of an array's numbers: `array of ints`, `Boolean array`."""
    match = _WHOLE.match(rest)
    word = "" if match is None else (match["of"] or match["first"]).lower()
    return "unknown" if not word else "bool" if word.startswith("bool") else "int"


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
            computed = normal(word)  # `4H`
            if computed is None:
                return None
            result.append(computed)
    return tuple(result)
