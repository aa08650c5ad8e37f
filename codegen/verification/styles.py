"""Gradient functions of split and gate style, called as those of joint style are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from codegen.request import FunctionReport
from codegen.verification.author import Author
from codegen.verification.objects import method_gradient
from codegen.verification.trees import copied, map_leaves, mismatch


def as_joint(report: FunctionReport, names: dict[str, Any]) -> Callable[..., Any] | None:
    """Return a function that takes inputs and cotangents; None if the module lacks one.

    The backward pass is called twice: it must give the same answer and leave its cache alone.
    """
    if report.of_class is not None:
        return method_gradient(report, names)
    if report.jacobian is not None:
        return _from_columns(report, names)
    if report.style == "joint":
        return names.get(report.gradient_name)
    first = names.get(report.forward_name)
    if first is None:
        return None

    def call(*arguments: Any, **keywords: Any) -> Any:
        given = [keywords.pop(name, None) for name in report.cotangents]
        if report.style == "gate":
            gate = first()
            value = gate.forward(*arguments, **keywords)
            backward = gate.backward
        else:
            *values, cache = first(*arguments, **keywords)
            value = tuple(values) if len(values) > 1 else values[0]

            def backward(*cotangents: Any) -> Any:
                return names[report.backward_name](*cotangents, cache)

        if len(given) == 1 and given[0] is None:
            given = [_ones(value)]
        once = copied({"": backward(*given)})[""]
        again = backward(*given)
        if not _same(once, again):
            raise AssertionError(f"{report.backward_name} called twice gives two answers")
        return value, again

    return call


def _from_columns(report: FunctionReport, names: dict[str, Any]) -> Callable[..., Any] | None:
    """Return what a cotangent gives back through a Jacobian by columns."""
    jacobian = names.get(report.gradient_name)
    if jacobian is None:
        return None
    (name,) = report.cotangents

    def call(*arguments: Any, **keywords: Any) -> Any:
        cotangent = keywords.pop(name, None)
        found = jacobian(*arguments, **keywords)
        given = np.ones(found.shape[:-1]) if cotangent is None else cotangent
        sums = np.tensordot(given, found, np.ndim(given))
        return tuple(float(one) for one in sums) if len(sums) > 1 else float(sums[0])

    return call


def with_value(author: Author, gradients: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that gives the author's value before the gradients."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        given = dict(keywords)
        for name in author.report.cotangents:
            given.pop(name, None)
        bound = author.signature.bind_partial(
            *arguments[: len(author.signature.parameters)], **given
        )
        bound.apply_defaults()
        outputs = author.outputs(dict(bound.arguments))
        value = outputs[0] if author.report.picked is None else tuple(outputs)
        return value, gradients(*arguments, **keywords)

    return call


def _ones(value: Any) -> Any:
    def one(leaf: Any) -> Any:
        if isinstance(leaf, (np.ndarray, np.generic)) and np.ndim(leaf):
            return np.ones(np.shape(leaf), np.result_type(leaf, 1.0))
        return 1.0

    return map_leaves(one, value)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    return mismatch(left, right) is None and bool(np.array_equal(left, right, equal_nan=True))
