"""What a call of a gradient function promises besides its numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.pipeline import FunctionReport
from codegen.verification.trees import Tree, aligned, is_array, leaves, mismatch

Named = dict[str, Tree]


@dataclass(frozen=True)
class Fault:
    """A promise that was not kept: by the gradient of an input, or (None) by the call."""

    input: str | None
    words: str


@dataclass(frozen=True)
class Call:
    """One call of a gradient function: what went in, copies from before, and what came out."""

    report: FunctionReport
    arguments: Named
    cotangents: Named
    arguments_before: Named
    cotangents_before: Named
    returned: Any

    def parts(self) -> tuple[list[Tree], list[Tree]] | Fault:
        """Return the values, one for each picked output, and the gradients, one for each input."""
        returned, report = self.returned, self.report
        name = report.gradient_name
        if not isinstance(returned, tuple) or len(returned) != 2:
            return Fault(None, f"{name} does not return (value, gradients)")
        value, gradients = returned
        values, count = [value], len(report.of)
        if count > 1 or (report.picked is not None and isinstance(value, tuple)):
            values = [leaf for _, leaf in leaves(value)]
            if len(values) != count and isinstance(value, tuple) and len(value) == count:
                values = list(value)  # one of them may be a list
            if not isinstance(value, (tuple, list, dict)) or len(values) != count:
                return Fault(None, f"the value of {name} is not a tuple of {count}")
        if len(report.wrt) == 1:
            return values, self._aligned([gradients])
        if not isinstance(gradients, tuple) or len(gradients) != len(report.wrt):
            return Fault(None, f"the gradients of {name} are not a tuple of {len(report.wrt)}")
        return values, self._aligned(list(gradients))

    def _aligned(self, gradients: list[Tree]) -> list[Tree]:
        given = [self.arguments[name] for name in self.report.wrt]
        return [aligned(tree, like) for tree, like in zip(gradients, given, strict=True)]


def faults(call: Call) -> list[Fault]:
    """Return what is wrong with a call, but for the numbers; [] if nothing is."""
    parts = call.parts()
    if isinstance(parts, Fault):
        return [parts]
    values, gradients = parts
    found = list(_changed(call))
    promoted = any(np.result_type(leaf) == np.float64 for leaf in _numpy_leaves(values))
    for name, gradient in zip(call.report.wrt, gradients, strict=True):
        words = gradient_fault(gradient, call.arguments_before[name], promoted)
        if words is not None:
            found.append(Fault(name, words))
    return found + list(_memory(call, values, gradients))


def _numpy_leaves(values: list[Tree]) -> list[Any]:
    return [leaf for tree in values for _, leaf in leaves(tree) if hasattr(leaf, "dtype")]


def gradient_fault(gradient: Tree, value: Tree, promoted: bool = False) -> str | None:
    """Return in words how a gradient does not go with its input's structure, shapes and dtypes.

    Where numpy promoted the forward pass to double precision, the gradient of a float32 input may
    be in it too (docs/decisions/0004-mixed-precision.md).

    >>> gradient_fault(np.ones(2, int), np.ones(2))
    'the gradient is int64, not float64'
    """
    words = mismatch(gradient, value)
    if words is not None:
        return f"the gradient {words}"
    for (path, ours), (_, theirs) in zip(leaves(gradient), leaves(value), strict=True):
        dtype = np.asarray(ours).dtype
        wanted = np.asarray(theirs).dtype
        if wanted.kind != "f" or (promoted and dtype == np.float64):
            wanted = np.dtype(np.float64)
        # A scalar's gradient need not have the scalar's precision, which Python drops anyway.
        if dtype != wanted if is_array(theirs) else dtype.kind != "f":
            return f"the gradient{path} is {dtype}, not {wanted}"
    return None


def _changed(call: Call) -> Iterator[Fault]:
    name = call.report.gradient_name
    both = ((call.arguments, call.arguments_before), (call.cotangents, call.cotangents_before))
    for now, before in both:
        for key in before:
            if key in call.report.changed:
                continue  # compared with what the author's function leaves there
            if not _same(now[key], before[key]):
                yield Fault(key if key in call.report.wrt else None, f"{name} writes to its {key}")


def _same(now: Tree, before: Tree) -> bool:
    if mismatch(now, before) is not None:
        return False
    pairs = zip(leaves(now), leaves(before), strict=True)
    return all(_same_leaf(a, b) for (_, a), (_, b) in pairs)


def _same_leaf(now: Any, before: Any) -> bool:
    if is_array(before) and before.dtype.kind in "biufc":
        return bool(np.array_equal(now, before, equal_nan=before.dtype.kind in "fc"))
    # An object that is neither an array nor a number is no input that generated code writes to.
    return now is before or not isinstance(before, (int, float)) or bool(now == before)


def _memory(call: Call, values: list[Tree], gradients: list[Tree]) -> Iterator[Fault]:
    report = call.report
    results = [*zip(report.of, values, strict=True)]
    results += [
        (f"d{name}", gradient) for name, gradient in zip(report.wrt, gradients, strict=True)
    ]
    given = [*call.arguments.items(), *call.cotangents.items()]
    for name, tree in results:
        for path, leaf in leaves(tree):
            if is_array(leaf) and not leaf.flags.writeable:
                yield Fault(None, f"the {name}{path} returned is not writable")
        for other, their in given:
            if _share(tree, their):
                yield Fault(None, f"the {name} returned shares memory with the {other} given")
    for (name, tree), (other, their) in itertools.combinations(results, 2):
        if _share(tree, their):
            yield Fault(None, f"the {name} and {other} returned share memory")
    for name, tree in results:
        own = [leaf for _, leaf in leaves(tree)]
        if any(_share(a, b) for a, b in itertools.combinations(own, 2)):
            yield Fault(None, f"entries of the {name} returned share memory")


def _share(one: Tree, other: Tree) -> bool:
    if _containers(one) & _containers(other):
        return True
    pairs = itertools.product(leaves(one), leaves(other))
    return any(
        is_array(a) and is_array(b) and np.may_share_memory(a, b) and np.shares_memory(a, b)
        for (_, a), (_, b) in pairs
    )


def _containers(tree: Tree) -> set[int]:
    """Return the identities of the lists and dicts in a tree: they can be written to."""
    if isinstance(tree, dict):
        return {id(tree)}.union(*(_containers(item) for item in tree.values()))
    if isinstance(tree, (list, tuple)):
        own = {id(tree)} if isinstance(tree, list) else set()
        return own.union(*(_containers(item) for item in tree))
    return set()
