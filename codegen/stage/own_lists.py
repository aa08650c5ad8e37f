"""Cotangents of lists of any length: how they begin, and how their items are added to.

An item may be an array that another item, or another name, is too: it is never written in place.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.adjoint import item_of
from codegen.analyses.types import TypeFacts
from codegen.simplify import terms as t
from codegen.stage.program import Contribution
from codegen.stage.statements import Statement


def popped(target: ir.Value) -> e.Expression:
    """Return `dhs.pop()`."""
    return e.Call(e.Attribute(e.Cotangent(target), "pop"), ())


def zeros(value: ir.Value, facts: TypeFacts) -> e.Expression:
    """Return a list of zeros for a list: of numbers, or of arrays of each item's shape."""
    (item,) = facts[value].items
    if item.scalar:
        return e.Binary("*", e.Sequence("list", (e.Literal("0.0"),)), _length(value))
    each = e.Local(f"{value.name}_i", value)
    if item.array and item.dtype == "float":
        zero = e.call("numpy.zeros_like", each)
    else:
        dtype = e.call("numpy.result_type", each, e.Literal("1.0"))
        zero = e.call("numpy.zeros", e.call("numpy.shape", each), dtype)
    return e.Comprehension(zero, (each,), (e.Primal(value),))


def statements(step: Contribution, last: ir.Value, facts: TypeFacts) -> list[Statement]:
    """Return the statements of one contribution to a list's cotangent."""
    target, term = step.target, step.term
    match step.mode:
        case "push":
            return [Statement("push", target, t.expression(term))]
        case "item":
            return _item(step, last, facts)
        case "each":
            return [Statement("=", target, _each(step, last))]
        case "list":
            return [Statement("=", target, _of_array(step, last))]
    raise AssertionError(f"{step.mode or 'all'} of a list's cotangent")


def _item(step: Contribution, last: ir.Value, facts: TypeFacts) -> list[Statement]:
    """Return `dhs[i] += t` for a number, `dhs[i] = dhs[i] + t` for an array."""
    assert step.index is not None
    begin = [Statement("=", step.target, zeros(last, facts))] if step.first else []
    term, flags = t.without_flags(step.term)
    test = t.test(flags) if flags else None
    negative, whole = t.product(term)
    whole = t.masked(term, whole)
    if facts[last].items[0].scalar:
        form = "part-=" if negative else "part+="
        return [*begin, Statement(form, step.target, whole, step.index, test=test)]
    before = e.Subscript(e.Cotangent(step.target), step.index)
    more = e.Binary("-" if negative else "+", before, whole)
    return [*begin, Statement("part=", step.target, more, step.index, test=test)]


def _each(step: Contribution, last: ir.Value) -> e.Expression:
    """Return a list of a term for each item, on top of what it held."""
    target, each = step.target, item_of(step.target)
    reads_item = any(node == each for node in t.parts(step.term))
    if step.first and not reads_item:
        return e.Binary("*", e.Sequence("list", (t.expression(step.term),)), _length(last))
    through: list[tuple[e.Local, e.Expression]] = [(each, e.Primal(last))] if reads_item else []
    term = t.expression(step.term)
    if not step.first:
        before = e.Local(f"d{each.stem}", target)
        through.insert(0, (before, e.Cotangent(target)))
        negative, whole = t.product(step.term)
        term = e.Binary("-" if negative else "+", before, t.masked(step.term, whole))
    names, sources = zip(*through, strict=True)
    return e.Comprehension(term, names, sources)


def _of_array(step: Contribution, last: ir.Value) -> e.Expression:
    """Return the entries of an array along its first axis, on top of what the list held."""
    whole = t.expression(step.term)
    if step.first:
        return e.Call(e.Name("list"), (whole,))
    before = e.Local(f"d{last.name}_i", step.target)
    more = e.Local(f"d{last.name}_more", step.target)
    total = e.Binary("+", before, more)
    return e.Comprehension(total, (before, more), (e.Cotangent(step.target), whole))


def _length(value: ir.Value) -> e.Expression:
    return e.Call(e.Name("len"), (e.Primal(value),))
