"""Cotangents of lists of any length: how they begin, and how their items are added to.

An item may be an array that another item, or another name, is too: it is never written in place.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.adjoint.kept import or_none
from codegen.adjoint.zeros import item_of, zero
from codegen.adjoint.zeros import zeros as nested_zeros
from codegen.analyses.types import TypeFacts
from codegen.gates.type_rules_growing import is_nested, may_differ
from codegen.shapes import is_kept
from codegen.simplify import terms as t
from codegen.stage import nested_lists
from codegen.stage.program import Contribution
from codegen.stage.statements import Statement


def popped(target: ir.Value) -> e.Expression:
    """Return `dhs.pop()`."""
    return e.Call(e.Attribute(e.Cotangent(target), "pop"), ())


def zeros(value: ir.Value, facts: TypeFacts) -> e.Expression:
    """Return a list of zeros for a list: of numbers, or of arrays of each item's shape."""
    return or_none(value, nested_zeros(value, facts[value]), facts)


def statements(step: Contribution, last: ir.Value, facts: TypeFacts) -> list[Statement]:
    """Return the statements of one contribution to a list's cotangent."""
    target, term = step.target, step.term
    match step.mode:
        case "push":
            return [Statement("push", target, t.expression(term))]
        case "item":
            return _item(step, last, facts)
        case "each":
            return [Statement("=", target, _each(step, last, facts))]
        case "items" | "":
            return _items(step, last, facts)
        case "list":
            return [Statement("=", target, _of_array(step, last, facts))]
    raise AssertionError(f"{step.mode or 'all'} of a list's cotangent")


def _item(step: Contribution, last: ir.Value, facts: TypeFacts) -> list[Statement]:
    """Return `dhs[i] += t` for a number, `dhs[i] = dhs[i] + t` for an array."""
    assert step.index is not None
    begin = [Statement("=", step.target, zeros(last, facts))] if step.first else []
    term, flags = t.without_flags(step.term)
    test = t.test(flags) if flags else None
    negative, whole = t.product(term)
    whole = t.masked(term, whole)
    item = nested_lists.at(facts[last], step.index)
    if is_kept(item):
        before = e.Subscript(e.Cotangent(step.target), step.index)
        return [
            *begin,
            Statement("part=", step.target, kept_sum(before, whole), step.index, test=test),
        ]
    if item.scalar:
        form = "part-=" if negative else "part+="
        return [*begin, Statement(form, step.target, whole, step.index, test=test)]
    before = e.Subscript(e.Cotangent(step.target), step.index)
    if item.kind in ("list", "tuple"):
        added = nested_lists.total(before, whole, item, step.target, "-" if negative else "+")
        return [*begin, Statement("part=", step.target, added, step.index, test=test)]
    more = e.Binary("-" if negative else "+", before, whole)
    return [*begin, Statement("part=", step.target, more, step.index, test=test)]


def kept_sum(before: e.Expression, more: e.Expression) -> e.Expression:
    """Return the sum of two cotangents of a cache that holds caches."""
    return e.Call(e.Helper("_kept_sum"), (before, more))


def _each(step: Contribution, last: ir.Value, facts: TypeFacts) -> e.Expression:
    """Return a list of a term for each item, on top of what it held."""
    target, each = step.target, item_of(step.target)
    (item,) = facts[last].items
    if item.kind == "list":
        filled = nested_lists.filled(
            e.Primal(last), facts[last], t.expression(step.term), item_of(last)
        )
        return (
            filled
            if step.first
            else nested_lists.total(e.Cotangent(target), filled, facts[last], last)
        )
    before = e.Local(f"d{each.stem}", target)
    negative, whole = t.product(step.term)
    term = t.expression(step.term) if step.first else t.masked(step.term, whole)
    reads_item = any(node == each for node in t.parts(step.term))
    if not item.scalar and may_differ(item.shape):
        # The cotangent has the shapes of the items, and is as long as the list was here.
        shape = e.call("numpy.shape", each if step.first else before)
        term = e.Call(e.Helper("_unbroadcast"), (t.expression(step.term), shape))
        negative, reads_item = False, step.first
    elif step.first and step.term.shape != item.shape:
        term, reads_item = e.Binary("+", zero(each, item), term), True
    if step.first and not reads_item:
        return e.Binary("*", e.Sequence("list", (term,)), _length(last))
    through: list[tuple[e.Local, e.Expression]] = [(each, e.Primal(last))] if reads_item else []
    if not step.first:
        through.insert(0, (before, e.Cotangent(target)))
        term = e.Binary("-" if negative else "+", before, term)
    names, sources = zip(*through, strict=True)
    return e.Comprehension(term, names, sources)


def _of_array(step: Contribution, last: ir.Value, facts: TypeFacts) -> e.Expression:
    """Return the entries of an array along its first axis, on top of what the list held."""
    whole = t.expression(step.term)
    if step.first:
        if is_nested(facts[last]):
            return e.Call(e.Attribute(whole, "tolist"), ())
        return e.Call(e.Name("list"), (whole,))
    if is_nested(facts[last]):
        return nested_lists.total(e.Cotangent(step.target), whole, facts[last], last)
    before = e.Local(f"d{last.name}_i", step.target)
    more = e.Local(f"d{last.name}_more", step.target)
    total = e.Binary("+", before, more)
    return e.Comprehension(total, (before, more), (e.Cotangent(step.target), whole))


def _items(step: Contribution, last: ir.Value, facts: TypeFacts) -> list[Statement]:
    """Return what adds one list to all of another, or to a slice of it."""
    target, more = step.target, t.expression(step.term)
    if step.index is None and step.first:
        # A slice, np.split, what a pair gives; where regions meet, nothing reads the other again.
        is_own = isinstance(more, e.Subscript | e.Call | e.Local) or step.line.kind == "edge"
        copied = more if is_own else nested_lists.copied(more, facts[last], target)
        return [Statement("=", target, copied)]
    begin = [Statement("=", target, zeros(last, facts))] if step.first else []
    part: e.Expression = e.Cotangent(target)
    if step.index is not None:
        part = e.Subscript(part, step.index)
    total = nested_lists.total(part, more, nested_lists.at(facts[last], step.index), last)
    if step.index is None:
        return [Statement("=", target, total)]
    return [*begin, Statement("part=", target, total, step.index)]


def _length(value: ir.Value) -> e.Expression:
    return e.Call(e.Name("len"), (e.Primal(value),))
