"""Type rule of np.einsum: a letter is one length, or 1 where it is broadcast."""

from __future__ import annotations

from typing import Any

from codegen import shapes
from codegen.gates.subscripts import REST, Labels, parse, ranked
from codegen.shapes import Dimension, Known, Type, common_dtype

Statics = dict[str, Any]


def einsum(types: list[Type], statics: Statics, symbol: str) -> Type:
    """`np.einsum(subscripts, ...)`: the result's letters with the lengths that operands give."""
    for kind in types:
        if kind.kind != "number":
            raise shapes.Misfit(
                f"a {kind.kind} stands among the arrays of np.einsum",
                "make it an array: np.array(...)",
            )
    found = parse(statics["subscripts"], len(types))
    for labels, kind in zip(found.inputs, types, strict=True):
        _check_rank(labels, kind)
    found = ranked(found, [_rank(kind) for kind in types])
    _refuse_unranked(found.inputs, found.has_rest)
    lengths = label_lengths(found.inputs, types)
    dtype = common_dtype(*(kind.dtype for kind in types))
    is_view = len(types) == 1 and set(found.inputs[0]) == set(found.output)
    if REST in found.output:
        shape: shapes.Shape = shapes.unknown(symbol)
    else:
        shape = Known(tuple(lengths.get(label, f"{symbol}{label}") for label in found.output))
    return Type("number", shape, dtype, array=True, fresh=not is_view)


def _rank(kind: Type) -> int | None:
    return kind.shape.rank if isinstance(kind.shape, Known) else None


def _check_rank(labels: Labels, kind: Type) -> None:
    rank, least = _rank(kind), len([label for label in labels if label != REST])
    if rank is not None and (rank < least or (rank > least and REST not in labels)):
        raise shapes.Misfit(
            f'the letters "{"".join(labels)}" stand for an array of {rank} dimensions',
            "give every axis of it a letter, or `...` for the others",
        )


def _refuse_unranked(inputs: tuple[Labels, ...], has_rest: bool) -> None:
    """Two ellipses whose axes are not counted can be broadcast at the front only."""
    several = [REST in labels for labels in inputs].count(True) > 1
    if has_rest and several and any(REST in labels[1:] for labels in inputs):
        raise shapes.Misfit(
            "an ellipsis behind a letter needs operands of known rank",
            'annotate them: x: Float[np.ndarray, "N D"]',
        )


def label_lengths(inputs: tuple[Labels, ...], types: list[Type]) -> dict[str, Dimension]:
    """Return how long the axis of each label is in the result, as far as shapes are known."""
    found: dict[str, shapes.Shape] = {}
    for labels, kind in zip(inputs, types, strict=True):
        if isinstance(kind.shape, Known) and REST not in labels:
            for label, length in zip(labels, kind.shape.dimensions, strict=True):
                found[label] = shapes.broadcast(found.get(label, shapes.SCALAR), Known((length,)))
    return {
        label: shape.dimensions[0] for label, shape in found.items() if isinstance(shape, Known)
    }
