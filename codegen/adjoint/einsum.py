"""What np.einsum gives an operand back: an einsum of the cotangent and the other operands."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import ir
from codegen.adjoint import moves
from codegen.adjoint.axes import literal
from codegen.gates.subscripts import FREE, REST, Labels, parse, ranked, text_of
from codegen.shapes import Dimension, Known, Shape, unknown
from codegen.simplify import linear
from codegen.simplify import terms as t

if TYPE_CHECKING:
    from codegen.adjoint.pullback import Body


@dataclass(frozen=True)
class Part:
    """One factor of the sum: the labels of its axes, and its term."""

    labels: Labels
    term: t.Term
    is_other: bool = False  # another operand: an axis of it may be 1 where ours is not


def contracted(
    body: Body, node: ast.expr, _: ast.expr, subscripts: ast.expr, optimize: ast.expr
) -> t.Term:
    """Return the gradient of one operand of np.einsum."""
    facts, operands = body.pull.facts, body.operation.operands
    ranks = [_rank(facts[value].shape) for value in operands]
    found = ranked(parse(body.value(subscripts), len(operands)), ranks)
    own = found.inputs[body.place]
    made = Contraction(body, operands[body.place], body.value(optimize))
    if len(operands) == 1 and set(own) == set(found.output) and len(set(own)) == len(own):
        return made.reordered(moves.cotangent(body, node), found.output, own)
    parts = [
        (
            _cotangent(body, node, found.output)
            if place == body.place
            else _operand(body, operands[place], labels)
        )
        for place, labels in enumerate(found.inputs)
    ]
    return made.of(own, parts)


def _rank(shape: Shape) -> int | None:
    return shape.rank if isinstance(shape, Known) else None


def _cotangent(body: Body, node: ast.expr, labels: Labels) -> Part:
    """Return the cotangent; one that is one number for all entries has no axes to sum."""
    bare, _ = t.without_flags(body.pull.d)
    if bare.scalar and not bare.masks and not t.may_be_one_number(bare):
        body.pull.d_reads += 1
        return Part((), body.pull.d)
    return Part(labels, body.term(node))


def _operand(body: Body, value: ir.Value, labels: Labels) -> Part:
    """Return another operand, with an axis for each of its letters."""
    term = body.primal(value)
    if not isinstance(term.shape, Known) and REST not in labels:
        symbol = f"{body.symbol()}{value.number}"
        shape = Known(tuple(f"{symbol}{label}" for label in labels))
        factors = tuple(t.Factor(f.expression, f.power, shape, f.dtype) for f in term.factors)
        term = t.Term(term.coefficient, factors, shape)
    return Part(labels, term, is_other=True)


@dataclass
class Contraction:
    """Puts together what one operand gets."""

    body: Body
    value: ir.Value
    optimize: Any

    def __post_init__(self) -> None:
        self.wanted = self.body.pull.facts[self.value].shape

    def of(self, own: Labels, parts: list[Part]) -> t.Term:
        """Return the sum of the products of the parts, in the operand's shape."""
        lengths = self._lengths(own)
        if len(own) == 2 and own[0] == own[1] and self._has(own[0], lengths[0], parts):
            return self._diagonal(own[:1], parts)
        own, parts = self._apart(own, parts)
        there = {label for part in parts for label in part.labels}
        out = tuple(x for x, n in zip(own, lengths, strict=True) if x in there and n != 1)
        axes = dict(zip(own, lengths, strict=True))
        if REST in there and REST not in out:  # numpy does not sum it: _unbroadcast does
            axes, out = {REST: None, **axes}, (REST, *out)
        term = self._scaled(parts, out)
        term = self._with_axes(term, axes, out)
        if self._fits(own, lengths, parts):
            if out == own and not isinstance(self.wanted, Known):
                return linear.apply(term, self.wanted, lambda inner: inner)
            return term
        shape = e.ShapeOf(self.value)
        helper = e.Helper("_unbroadcast")
        return linear.apply(term, self.wanted, lambda inner: e.Call(helper, (inner, shape)))

    def reordered(self, term: t.Term, given: Labels, output: Labels) -> t.Term:
        """Return a term with its axes in another order."""
        if given == output:
            return term

        def operation(inner: e.Expression) -> e.Expression:
            if len(given) == 2 and REST not in given:
                return linear.transposed_matrix(inner)
            return _call([given], output, [inner], None)

        return moves.moved(term, self.wanted, operation)

    def _lengths(self, own: Labels) -> list[Dimension | None]:
        if isinstance(self.wanted, Known) and REST not in own:
            return list(self.wanted.dimensions)
        return [None] * len(own)

    def _apart(self, own: Labels, parts: list[Part]) -> tuple[Labels, list[Part]]:
        """Return labels of which none is there twice: an identity matrix joins those that were."""
        used = {*own, *(label for part in parts for label in part.labels)}
        free = iter(letter for letter in FREE if letter not in used)
        made: list[str] = []
        more: list[Part] = []
        for label in own:
            if label not in made:
                made.append(label)
                continue
            other = next(free)
            made.append(other)
            place = own.index(label)
            axis = place - len(own) if REST in own[:place] else place
            more.append(Part((label, other), self._identity(axis)))
        return tuple(made), [*parts, *more]

    def _identity(self, axis: int) -> t.Term:
        """Return the identity matrix of an axis, in the dtype of the gradient."""
        length = e.SizeOf(self.value, (axis,))
        made = e.call("numpy.eye", length, dtype=e.DtypeOf(self.value))
        known = self.wanted.dimensions[axis] if isinstance(self.wanted, Known) else None
        side = f"{self.body.symbol()}e{axis % 9}" if known is None else known
        return t.of(made, Known((side, side)))

    def _diagonal(self, own: Labels, parts: list[Part]) -> t.Term:
        """Return a matrix with a diagonal only."""
        term = self._scaled(parts, own)
        return linear.apply(term, self.wanted, lambda inner: e.call("numpy.diag", inner))

    def _scaled(self, parts: list[Part], out: Labels) -> t.Term:
        """Return the parts' product, with the numbers among them in front.

        Arrays that may be whole numbers are scaled first: their own products could overflow.
        """
        numbers = [part.term for part in parts if not part.labels]
        arrays = [part for part in parts if part.labels]
        number = t.ONE
        for one in numbers:
            number = t.times(number, one)
        is_product = any(part.labels != out for part in arrays)
        if not numbers or not is_product or any(_is_float(part) for part in arrays):
            return t.times(number, self._product(arrays, out))
        bare, flags = t.without_flags(number)
        least = min(arrays, key=lambda part: len(part.labels))
        scaled = t.of(t.expression(t.times(bare, least.term)), least.term.shape)
        made = [replace(part, term=scaled) if part is least else part for part in arrays]
        return t.with_masks(self._product(made, out), flags)

    def _product(self, parts: list[Part], out: Labels) -> t.Term:
        """Return the sum over what is not in `out` of the parts' product."""
        if all(part.labels == out for part in parts):
            term = t.ONE
            for part in parts:
                term = t.times(term, part.term)
            return term
        shape = self._shape(parts, out)
        is_matrix = len(out) == 2 and REST not in out
        if len(parts) == 1 and is_matrix and parts[0].labels == out[::-1]:
            return linear.apply(parts[0].term, shape, linear.transposed_matrix)
        outside, sides = t.ONE, []
        for part in parts:
            scalars, inside = linear.split(part.term)
            outside = t.times(outside, scalars)
            sides.append(t.expression(inside))
        labels = [part.labels for part in parts]
        return t.times(outside, t.of(_call(labels, out, sides, self.optimize), shape))

    def _shape(self, parts: list[Part], out: Labels) -> Shape:
        if REST in out:
            return unknown(f"{self.body.symbol()}p")
        return Known(tuple(self._longest(label, parts) for label in out))

    def _longest(self, label: str, parts: list[Part]) -> Dimension:
        """Return how long a label's axis is in a product."""
        found = [n for n in _lengths_of(label, parts) if n != 1]
        if not found:
            return 1
        is_one = all(n is not None and n == found[0] for n in found)
        return found[0] if is_one and found[0] is not None else f"{self.body.symbol()}{label}"

    def _with_axes(self, term: t.Term, lengths: dict[str, Dimension | None], out: Labels) -> t.Term:
        """Return a term with axes of length 1 for the labels that it has not.

        Those in front are left to broadcasting, unless they have length 1 themselves.
        """
        own = list(lengths)
        there = [place for place, label in enumerate(own) if label in out]
        if not there or term.scalar:
            return term
        first = there[0]
        while first and lengths[own[first - 1]] == 1:
            first -= 1
        missing = [p for p in range(first, len(own)) if p not in there]
        if not missing:
            return term
        axes = tuple(place - first for place in missing)
        if REST in own:
            rest = own.index(REST)
            axes = tuple(p - len(own) if p > rest else p - first for p in missing)
            shape: Shape = unknown(f"{self.body.symbol()}x")
        else:
            had = iter(term.shape.dimensions if isinstance(term.shape, Known) else ())
            shape = Known(
                tuple(1 if p in missing else next(had, 1) for p in range(first, len(own)))
            )
        spelled = literal(axes[0] if len(axes) == 1 else axes)
        return linear.reshape_like(
            term, shape, lambda inner: e.call("numpy.expand_dims", inner, spelled)
        )

    def _has(self, label: str, length: Dimension | None, parts: list[Part]) -> bool:
        """True if a product of the parts surely has a label's axis in its own length."""
        if any(REST in part.labels for part in parts):
            return False
        if any(part.is_other and label in part.labels for part in parts):
            return set(_lengths_of(label, parts)) == {length} != {None}
        return any(label in part.labels for part in parts)

    def _fits(self, own: Labels, lengths: list[Dimension | None], parts: list[Part]) -> bool:
        """True if the product surely has, or is broadcast to, the operand's shape."""
        if REST not in own and any(REST in part.labels for part in parts):
            return False
        others = [part for part in parts if part.is_other]
        for label, length in zip(own, lengths, strict=True):
            elsewhere = [part for part in others if label in part.labels]
            if not elsewhere or length == 1:
                continue
            found = _lengths_of(label, parts)
            if any(n is None or n not in (length, 1) for n in found):
                return False
            if length not in found and any(n != 1 for n in found):
                return False
        return True


def _is_float(part: Part) -> bool:
    return any(factor.dtype == "float" for factor in part.term.factors)


def _lengths_of(label: str, parts: list[Part]) -> list[Dimension | None]:
    """Return how long a label's axis is in each part that has it; None where it is not known."""
    found: list[Dimension | None] = []
    for part in parts:
        shape = t.whole_shape(part.term.shape)
        if label not in part.labels:
            continue
        if label == REST or REST in part.labels or not isinstance(shape, Known):
            found.append(None)
        else:
            places = [place for place, one in enumerate(part.labels) if one == label]
            found += [shape.dimensions[place] for place in places]
    return found


def _call(
    inputs: list[Labels], output: Labels, sides: list[e.Expression], optimize: Any
) -> e.Expression:
    """Return np.einsum, optimized as the author has it."""
    given: dict[str, e.Expression] = {}
    if optimize and len(sides) > 1:
        text = isinstance(optimize, str)
        given["optimize"] = e.Literal(f'"{optimize}"' if text else "True")
    return e.call("numpy.einsum", e.Literal(f'"{text_of(inputs, output)}"'), *sides, **given)


WORDS: dict[str, Callable[..., Any]] = {"contracted": contracted}
