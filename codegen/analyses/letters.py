"""Which axes of parameters have one letter in np.einsum, and so one length.

numpy also takes an axis of length 1 there, and broadcasts it. That is checked on entry for
parameters of which nothing is declared, so that their gradients need no sum for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codegen import ir
from codegen.build.lines import Built
from codegen.gates.subscripts import REST, Labels, parse
from codegen.shapes import Dimension, Known, Misfit, Type, is_declared

Axis = tuple[ir.Value, int]
Types = dict[ir.Value, Type]


def labels_of(operation: ir.Operation) -> tuple[Labels, ...]:
    """Return the letters of the operands' axes; nothing for what is no np.einsum."""
    if not isinstance(operation, ir.Gate) or operation.gate not in ("einsum", "einsum_of_one"):
        return ()
    try:
        return parse(str(operation.static("subscripts")), len(operation.operands)).inputs
    except Misfit:
        return ()  # the type rule says so


def unite(built: Built, always: set[ir.Operation], types: Types) -> list[list[Axis]]:
    """Give parameters' axes of one letter one dimension; return those to be checked on entry.

    Letters that stand twice in one operand are numpy's to check.
    """
    sums = [
        list(zip(labels_of(operation), operation.operands, strict=False))
        for operation in ir.operations(built.function.body)
        if operation in always
    ]
    parameters = [p.value for p in built.parameters if p.value in types]
    given = [row for rows in sums for row in rows if row[1] in parameters]
    within = [met for row in given for met in _met([row], types)]
    for group in _joined(within):
        _replace(group, parameters, types)
    between = [met for rows in sums for met in _met(rows, types)]
    found = [_replace(group, parameters, types) for group in _joined(between)]
    return [axes for axes in found if len(axes) > 1]


def _met(rows: list[tuple[Labels, ir.Value]], types: Types) -> Iterator[set[Dimension]]:
    """Yield the dimensions of each letter; none of a letter that is broadcast from 1."""
    found: dict[str, set[Dimension]] = {}
    for labels, value in rows:
        kind = types[value]
        if REST in labels or not isinstance(kind.shape, Known) or kind.shape.rank != len(labels):
            continue
        for label, dimension in zip(labels, kind.shape.dimensions, strict=True):
            several = dimension if isinstance(dimension, frozenset) else {dimension}
            found.setdefault(label, set()).update(several)
    yield from (dims for dims in found.values() if 1 not in dims and len(dims) > 1)


def _joined(met: Iterable[set[Dimension]]) -> list[set[Dimension]]:
    """Return sets that have something in common as one."""
    groups: list[set[Dimension]] = []
    for dims in met:
        apart = [group for group in groups if not group & dims]
        groups = [*apart, dims.union(*(group for group in groups if group & dims))]
    return groups


def _replace(group: set[Dimension], parameters: list[ir.Value], types: Types) -> list[Axis]:
    """Give the axes of a group one dimension; return an axis of each that they had."""
    declared = [d for d in group if isinstance(d, int) or is_declared(d)]
    if len(declared) > 1:
        return []  # the type rule tells
    axes: dict[Dimension, Axis] = {}
    for value in parameters:
        for place, dimension in enumerate(_dimensions(types[value])):
            if dimension in group:
                axes.setdefault(dimension, (value, place))
    wanted = declared[0] if declared else next(iter(axes), None)
    if wanted is None:
        return []
    for value in parameters:
        dims = _dimensions(types[value])
        if group.intersection(dims):
            named = tuple(wanted if d in group else d for d in dims)
            types[value] = types[value].with_(shape=Known(named))
    return list(axes.values())


def _dimensions(kind: Type) -> tuple[Dimension, ...]:
    return kind.shape.dimensions if isinstance(kind.shape, Known) else ()
