"""What stands in the cache that a backward pass of ours is given: what its forward pass puts there.

In what we wrote ourselves, `f_forward` and `f_backward` of one file belong together, so that the
types of a cache's items, and which of their lengths agree, are read off the forward pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from codegen import ir, shapes
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problems
from codegen.parse import Module
from codegen.shapes import Dimension, Known, Shape, Type, Unknown

CACHE = "cache"
BuildTyped = Callable[..., tuple[Built, TypeFacts]]
KINDS = ("number", "tuple", "list", "text")


def state_caches(module: Module, build_typed: BuildTyped) -> None:
    """Note for each backward pass what it is given, where its forward pass shows it."""
    for name, node in module.functions.items():
        forward = module.functions.get(name.replace("_backward", "_forward", 1))
        if forward is None or forward is node or not node.args.args:
            continue
        *cotangents, cache = node.args.args
        if cache.arg == CACHE and cache.annotation is None:
            outputs, kind = _given_back(module, forward, build_typed)
            if kind is None or len(outputs) != len(cotangents):
                continue
            module.handed[cache] = kind
            for argument, output in zip(cotangents, outputs, strict=True):
                if argument.annotation is None and output is not None:
                    module.handed[argument] = output


def _given_back(
    module: Module, node: ast.FunctionDef, build_typed: BuildTyped
) -> tuple[list[Type | None], Type | None]:
    """Return the types of a forward pass's arrays (None: no array surely), and of its cache."""
    try:
        built, facts = build_typed(module, node, Problems(module.source), keeps_cache=True)
    except CodegenError:
        return [], None  # it is told where the forward pass itself is compiled
    if not built.returned or built.returned[-1].name != CACHE:
        return [], None
    *outputs, last = built.returned
    made = built.definition.get(last.value)
    if not isinstance(made, ir.Aggregate):
        return [], None
    arrays = [facts[one.value] for one in outputs]
    known = [_theirs(a.with_(dtype="float")) if a.array and not a.scalar else None for a in arrays]
    items = []
    for place, value in enumerate(made.operands):
        kind = _theirs(facts[value])
        if kind is None or value in facts.absent:  # on some paths only
            kind = Type("number", shapes.unknown(f"cache_{place}."))
        items.append(kind)
    return known, Type("tuple", items=tuple(items), dimension=len(items))


def _theirs(kind: Type) -> Type | None:
    """Return a type with the forward pass's own names for lengths set apart from other ones."""
    items = [_theirs(item) for item in kind.items]
    if kind.kind not in KINDS or any(item is None for item in items):
        return None
    return kind.with_(
        shape=_shape(kind.shape),
        fresh=False,
        items=tuple(item for item in items if item is not None),
        dimension=None if kind.dimension is None else _dimension(kind.dimension),
    )


def _shape(shape: Shape) -> Shape:
    if isinstance(shape, Unknown):
        parts = (_known(p) if isinstance(p, Known) else _renamed(p) for p in shape.parts)
        return Unknown(frozenset(parts))
    return _known(shape)


def _known(shape: Known) -> Known:
    return Known(tuple(map(_dimension, shape.dimensions)))


def _dimension(dimension: Dimension) -> Dimension:
    if isinstance(dimension, int):
        return dimension
    if isinstance(dimension, str):
        return _renamed(dimension)
    return frozenset(map(_renamed, dimension))


def _renamed(dimension: str) -> str:
    """`v5..0` and `x.` are of values of the forward pass; `N` is what annotations say."""
    return re.sub(r"(\w+)\.", r"cache_\1.", dimension)
