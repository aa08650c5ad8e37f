"""Calls that give several arrays, how many is known here: `np.split(x, 3)`, `np.meshgrid(x, y)`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.build.containers import MOST_TURNS, NotLiteral

if TYPE_CHECKING:
    from codegen.build.expression import ExpressionBuilder

Given = dict[str, ast.expr]
SPLITS = {"split": None, "array_split": None, "hsplit": 1, "vsplit": 0, "dsplit": 2}
COUNTED = "write how many parts there are, np.split(x, 3), or where they begin, np.split(x, [2, n])"


def _split(name: str, builder: ExpressionBuilder, node: ast.Call) -> ir.Value:
    """Return the parts of `np.split(x, 3, axis)` or `np.split(x, [2, n], axis)`."""
    words = ["ary", "indices_or_sections", *(["axis"] if SPLITS[name] is None else [])]
    given = _arguments(builder, node, name, words, 2)
    axis = SPLITS[name]
    if axis is None:
        axis = _whole(builder, given["axis"], "axis") if "axis" in given else 0
    places = given["indices_or_sections"]
    base = builder.value(given["ary"])
    try:
        count = builder.owner.containers.literal(places)
    except NotLiteral:
        cuts = _cuts(builder, places, name)
        return _finished(builder, node, _between(builder, node, name, base, cuts, axis))
    if type(count) is not int or not 0 < count <= MOST_TURNS:
        return builder.owner.refuse(places, "no-gate", f"np.{name} of so many parts", COUNTED)
    statics = {"count": count, "axis": axis, "name": name}
    call = builder.spell(node, {id(given["ary"]): base})
    items = [
        builder.emit(
            node, "section", [base], e.Subscript(call, e.number(place)), {"place": place, **statics}
        )
        for place in range(count)
    ]
    return _finished(builder, node, items, call)


def _cuts(builder: ExpressionBuilder, node: ast.expr, name: str) -> list[ir.Value]:
    """Return the places where parts begin, written out in a list."""
    if builder.operands.is_display(node):
        made = builder.owner.built.definition.get(builder.value(node))
        if isinstance(made, ir.Aggregate):
            return list(made.operands)
    return builder.owner.refuse(
        node, "no-gate", f"it is not known here how many parts np.{name} gives", COUNTED
    )


def _between(
    builder: ExpressionBuilder,
    node: ast.Call,
    name: str,
    base: ir.Value,
    cuts: list[ir.Value],
    axis: int,
) -> list[ir.Value]:
    """Return slices from each place to the next, along an axis."""
    if name == "hsplit":
        builder.owner.refuse(
            node,
            "no-gate",
            "np.hsplit at places has no gradient rule",
            "write np.split(x, [2, 5], axis=1)",
        )
    items = []
    for place in range(len(cuts) + 1):
        operands = [base]
        bounds: list[tuple[int | None, e.Expression | None]] = []
        for at in (place - 1, place):
            if not 0 <= at < len(cuts):
                bounds.append((None, None))
                continue
            operands.append(cuts[at])
            bounds.append((len(operands) - 1, e.Primal(cuts[at])))
        (lower, before), (upper, behind) = bounds
        whole, around = ir.Range(None, None, None), e.Slice(None, None, None)
        index: list[ir.IndexItem] = [whole] * axis
        spelled: list[e.Expression] = [around] * axis
        if axis < 0:
            index, spelled = [ir.Rest()], [e.Literal("...")]
        index.append(ir.Range(lower, upper, None))
        spelled.append(e.Slice(before, behind, None))
        index += [whole] * (-axis - 1)
        spelled += [around] * (-axis - 1)
        at_once = spelled[0] if len(spelled) == 1 else e.Sequence("tuple", tuple(spelled))
        result = builder.owner.new_value(node)
        operation = ir.View(tuple(operands), (result,), builder.owner.span(node), tuple(index))
        builder.owner.append(operation, e.Subscript(e.Primal(base), at_once))
        items.append(result)
    return items


def _meshgrid(builder: ExpressionBuilder, node: ast.Call) -> ir.Value:
    """Return the arrays of `np.meshgrid(x, y)`: each row, copied along the others."""
    keywords = {k.arg or "**": k.value for k in node.keywords}
    indexing = keywords.pop("indexing", None)
    sparse = keywords.pop("sparse", None)
    if keywords or not node.args:
        return builder.owner.refuse(
            node,
            "no-gate",
            "np.meshgrid takes rows, `indexing=` and `sparse=` here",
            "write np.meshgrid(x, y, indexing='ij')",
        )
    statics = {
        "indexing": _text(builder, indexing, ("xy", "ij")) if indexing else "xy",
        "sparse": _flag(builder, sparse) if sparse else False,
    }
    rows = [builder.value(part) for part in node.args]
    call = builder.spell(node, dict(zip(map(id, node.args), rows, strict=True)))
    items = []
    for place, row in enumerate(rows):
        others = rows[:place] + rows[place + 1 :]
        spelled = e.Subscript(call, e.number(place))
        items.append(
            builder.emit(node, "mesh", [row, *others], spelled, {"place": place, **statics})
        )
    return _finished(builder, node, items, call, "tuple")


def _broadcast_arrays(builder: ExpressionBuilder, node: ast.Call) -> ir.Value:
    """Return the arrays of `np.broadcast_arrays(x, y)`."""
    if node.keywords or not node.args:
        return builder.owner.refuse(
            node,
            "no-gate",
            "np.broadcast_arrays takes arrays only",
            "write np.broadcast_arrays(x, y)",
        )
    arrays = [builder.value(part) for part in node.args]
    call = builder.spell(node, dict(zip(map(id, node.args), arrays, strict=True)))
    items = []
    for place, array in enumerate(arrays):
        others = arrays[:place] + arrays[place + 1 :]
        spelled = e.Subscript(call, e.number(place))
        items.append(builder.emit(node, "broadcast", [array, *others], spelled))
    return _finished(builder, node, items, call, "tuple")


def slopes_of_axes(builder: ExpressionBuilder, node: ast.expr, count: int) -> ir.Value | None:
    """Return the arrays of `gy, gx = np.gradient(y, h)`, one for each axis; None for other text.

    How many axes there are is known from the names only: of one axis it is no list.
    """
    if count < 2 or not isinstance(node, ast.Call) or not node.args:
        return None
    words = {keyword.arg: keyword.value for keyword in node.keywords}
    if builder.owner.scope.path(node.func) != "numpy.gradient" or set(words) - {"edge_order"}:
        return None
    steps = node.args[1:]
    if len(steps) not in (0, 1, count) or any(isinstance(part, ast.Starred) for part in node.args):
        message = f"np.gradient takes no step, one or {count} for {count} axes"
        return builder.owner.refuse(node, "no-gate", message, "write np.gradient(y, dy, dx)")
    order = _whole(builder, words["edge_order"], "edge_order") if words else 1
    values = [builder.value(part) for part in node.args]
    call = builder.spell(node, dict(zip(map(id, node.args), values, strict=True)))
    items = []
    for axis in range(count):
        step = values[1:2] if len(steps) == 1 else values[1 + axis : 2 + axis]
        statics = {"axis": axis, "edge_order": order}
        spelled = e.Subscript(call, e.number(axis))
        items.append(builder.emit(node, "gradient", [values[0], *step], spelled, statics))
    return _finished(builder, node, items, call)


def _finished(
    builder: ExpressionBuilder,
    node: ast.Call,
    items: list[ir.Value],
    call: e.Expression | None = None,
    kind: str = "list",
) -> ir.Value:
    result = builder.aggregate(node, kind, items)
    if call is not None:
        builder.owner.built.calls[result] = call
    return result


def _arguments(
    builder: ExpressionBuilder, node: ast.Call, name: str, words: list[str], needed: int
) -> Given:
    """Return a call's arguments by name."""
    signature = f"it is np.{name}({', '.join(words)})"
    given = dict(zip(words, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg not in words or keyword.arg in given:
            message = f"np.{name} does not take `{keyword.arg}=` here"
            builder.owner.refuse(keyword, "no-gate", message, signature)
        given[keyword.arg or ""] = keyword.value
    if len(node.args) > len(words) or any(word not in given for word in words[:needed]):
        builder.owner.refuse(node, "no-gate", f"np.{name} needs {needed} arguments", signature)
    return given


def _whole(builder: ExpressionBuilder, node: ast.expr, word: str) -> int:
    try:
        number = ast.literal_eval(node)
    except ValueError:
        number = None
    if type(number) is not int:
        builder.owner.refuse(node, "static", f"`{word}` must be a literal here", f"write {word}=0")
    return number


def _text(builder: ExpressionBuilder, node: ast.expr, known: tuple[str, ...]) -> str:
    if isinstance(node, ast.Constant) and node.value in known:
        return str(node.value)
    return builder.owner.refuse(
        node, "static", "`indexing` must be a literal here", "write indexing='ij' or 'xy'"
    )


def _flag(builder: ExpressionBuilder, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return node.value
    return builder.owner.refuse(
        node, "static", "`sparse` must be a literal here", "write sparse=True"
    )


APART: dict[str, Callable[[ExpressionBuilder, ast.Call], ir.Value]] = {
    **{f"numpy.{name}": partial(_split, name) for name in SPLITS},
    "numpy.meshgrid": _meshgrid,
    "numpy.broadcast_arrays": _broadcast_arrays,
}


def apart(builder: ExpressionBuilder, node: ast.Call, path: str) -> ir.Value | None:
    """Return the list of arrays that a call gives; None for other calls."""
    build = APART.get(path)
    return None if build is None else build(builder, node)
