"""Linear operations on terms: what is scalar stays outside, so that arrays are touched once."""

from __future__ import annotations

from collections.abc import Callable

from codegen import expressions as e
from codegen import ir, shapes
from codegen.frozen import changed
from codegen.shapes import SCALAR, Known, Shape, Type
from codegen.simplify import terms as t

Apply = Callable[[e.Expression], e.Expression]


def split(term: t.Term) -> tuple[t.Term, t.Term]:
    """Return (coefficient and scalar factors, or the flags; the rest with the masks)."""
    bare, flags = t.without_flags(term)
    if flags:
        outside, inside = split(bare)
        return t.with_masks(outside, flags), inside
    if term.masks:
        return t.ONE, term
    scalars = tuple(f for f in term.factors if f.scalar)
    arrays = tuple(f for f in term.factors if not f.scalar)
    shape = shapes.broadcast(*(f.shape for f in arrays))
    return t.Term(term.coefficient, scalars), t.Term(factors=arrays, shape=shape)


def apply(term: t.Term, shape: Shape, operation: Apply, *, moves: bool = False) -> t.Term:
    """Return a linear operation of a term, with its scalars in front.

    One that only moves entries leaves whole numbers what they are.
    """
    outside, inside = split(term)
    is_one = moves and not inside.masks and len(inside.factors) == 1
    dtype = inside.factors[0].dtype if is_one else "float"
    return t.times(outside, t.of(operation(t.expression(inside)), shape, dtype))


def movable(term: t.Term, kind: Type, value: ir.Value) -> t.Term:
    """Return a term whose entries can be moved: its product and its masks have the value's shape.

    A product that is one number for all entries stays one.
    """
    term = materialized(term, kind, value)
    computed = t.computed_shape(term.factors, ())
    if computed not in (SCALAR, kind.shape):
        product = t.Term(term.coefficient, term.factors, computed)
        whole = e.call("numpy.broadcast_to", t.expression(product), e.ShapeOf(value))
        made = changed(t.of(whole, kind.shape), guarded=term.guarded)
        term = t.with_masks(made, term.masks)
    masks = []
    for mask in term.masks:
        if mask.shape in (SCALAR, kind.shape):
            masks.append(mask)
        else:
            condition = e.call("numpy.broadcast_to", mask.condition, e.ShapeOf(value))
            masks.append(changed(mask, condition=condition, shape=kind.shape))
    return changed(term, masks=tuple(masks))


def reshape_like(term: t.Term, shape: Shape, operation: Apply) -> t.Term:
    """Return a movable term in another shape, entry by entry: its masks move along."""
    bare = changed(term, masks=(), shape=t.whole_shape(term.shape))
    if t.computed_shape(term.factors, ()) == SCALAR:
        moved = changed(bare, shape=SCALAR, settled=())  # a number is the same in every shape
    else:
        moved = apply(bare, shape, operation, moves=True)
    for mask in term.masks:
        condition = mask.condition if mask.shape == SCALAR else operation(mask.condition)
        where = SCALAR if mask.shape == SCALAR else shape
        there = changed(mask, condition=condition, shape=where)
        moved = t.with_mask(moved, there)
        if mask in term.settled:
            moved = changed(moved, settled=(*moved.settled, there))
    return changed(moved, guarded=term.guarded)


def without_kept_axes(inner: e.Expression, have: Shape, want: Shape) -> e.Expression | None:
    """Return a sum that kept its axes as one that drops them, where that is all a reshape does."""
    if not isinstance(have, Known) or not isinstance(want, Known) or want.rank == 0:
        return None
    match inner:
        case e.Call(e.Library("numpy.sum"), arguments, (("axis", axis), ("keepdims", _))):
            listed = axis.items if isinstance(axis, e.Sequence) else (axis,)
        case _:
            return None
    axes = {int(a.text) % have.rank for a in listed if isinstance(a, e.Literal)}
    left = tuple(d for place, d in enumerate(have.dimensions) if place not in axes)
    if len(axes) != len(listed) or left != want.dimensions:
        return None
    return e.Call(inner.function, arguments, (("axis", axis),))


def transposed(inner: e.Expression) -> e.Expression:
    """Return the transpose; of a transpose, the thing itself."""
    return (
        inner.base
        if isinstance(inner, e.Attribute) and inner.name == "T"
        else e.Attribute(inner, "T")
    )


def transposed_matrix(inner: e.Expression) -> e.Expression:
    """Return the transpose of at most two axes: of `x.T @ y`, `y.T @ x`."""
    match inner:
        case e.Binary("@", e.Attribute(left, "T"), right):
            return e.Binary("@", e.Attribute(right, "T"), left)
        case e.Binary("@", left, e.Attribute(right, "T")):
            return e.Binary("@", right, e.Attribute(left, "T"))
    return transposed(inner)


def product(
    operator: str, left: t.Term, right: t.Term, shape: Shape, **keywords: e.Expression
) -> t.Term:
    """Return `left @ right` or another product, with the scalars of both in front.

    What may be whole numbers on both sides is scaled first: their own products could overflow.
    """
    outside_left, inside_left = split(left)
    outside_right, inside_right = split(right)
    whole = not (is_float(inside_left) or is_float(inside_right))
    scales_one = whole or operator == "numpy.outer"  # a vector is scaled, not a whole matrix
    if scales_one and (outside_left.factors or outside_right.factors):
        outside = t.times(outside_left, outside_right)
        bare, flags = t.without_flags(outside)
        sign = t.negate(t.ONE) if bare.coefficient < 0 and not whole else t.ONE
        bare = t.times(sign, bare)
        outside_left, outside_right = t.with_masks(sign, flags), t.ONE
        inside_left = t.of(t.expression(t.times(bare, inside_left)), inside_left.shape)
    sides = (t.expression(inside_left), t.expression(inside_right))
    made = e.Binary("@", *sides) if operator == "@" else e.call(operator, *sides, **keywords)
    return t.times(t.times(outside_left, outside_right), t.of(made, shape))


def is_float(term: t.Term) -> bool:
    """True if a term surely is no product of whole numbers."""
    return any(factor.dtype == "float" for factor in term.factors)


def materialized(term: t.Term, kind: Type, value: ir.Value) -> t.Term:
    """Return a term that has, when its flags hold, the whole shape of the value it belongs to."""
    bare, flags = t.without_flags(term)
    if bare.shape == kind.shape or term.is_zero:
        return term
    return t.with_masks(t.of(filled(bare, value), kind.shape), flags)


def whole(term: t.Term, kind: Type, value: ir.Value) -> e.Expression:
    """Return an array of the value's shape that holds the term, zeros where a flag is false."""
    bare, flags = t.without_flags(term)
    if not flags or bare.scalar or t.may_be_one_number(bare):
        return filled(term, value)
    inner = t.expression(bare) if bare.shape == kind.shape else filled(bare, value)
    return t.chosen(flags, inner, zeros(value, kind))


def zeros(value: ir.Value, kind: Type) -> e.Expression:
    """Return an array of zeros for the gradient of a value."""
    if kind.dtype == "float" and kind.array and value.name is not None:
        return e.call("numpy.zeros_like", e.Primal(value))
    return e.call("numpy.zeros", e.ShapeOf(value), e.DtypeOf(value))


def filled(term: t.Term, value: ir.Value) -> e.Expression:
    """Return an array of the value's shape that holds a term of a smaller shape."""
    if term.scalar or t.may_be_one_number(term):
        return e.call("numpy.full", e.ShapeOf(value), t.expression(term), e.DtypeOf(value))
    return e.call("numpy.broadcast_to", t.expression(term), e.ShapeOf(value))


def to_shape(term: t.Term, have: Type, want: Type, result: ir.Value, operand: ir.Value) -> t.Term:
    """Return the gradient of a broadcast: a term of the result's shape summed to the operand's.

    The term may be computed in a smaller shape than the result's; what is missing is counted.
    """
    plan = shapes.unbroadcast(have.shape, want.shape)
    if plan is not None and not plan.leading and not plan.kept:
        is_slice = term.shape != want.shape and shapes.fits(term.shape, want.shape)
        return changed(term, shape=want.shape) if is_slice else term
    term, flags = t.without_flags(term)
    return t.with_masks(_guarded(term, have, want, result, operand), flags)


def _guarded(term: t.Term, have: Type, want: Type, result: ir.Value, operand: ir.Value) -> t.Term:
    """Return the sum, marked where masks went into it."""
    summed = _summed_to(term, have, want, result, operand)
    return changed(summed, guarded=summed.guarded or bool(term.masks))


def _summed_to(term: t.Term, have: Type, want: Type, result: ir.Value, operand: ir.Value) -> t.Term:
    plan = shapes.unbroadcast(have.shape, want.shape)
    if want.shape == SCALAR:
        return _to_scalar(term, have, result)
    if plan is not None and not isinstance(term.shape, Known):
        term = materialized(term, have, result)
    if plan is None or not isinstance(term.shape, Known):
        whole = term
        if shapes.broadcast(term.shape, want.shape) != have.shape or term.scalar:
            whole = materialized(term, have, result)
        helper = e.Call(
            e.Helper("_unbroadcast"), (t.expression(split(whole)[1]), e.ShapeOf(operand))
        )
        return t.times(split(whole)[0], t.of(helper, want.shape))
    assert isinstance(have.shape, Known)
    assert isinstance(want.shape, Known)
    shift = have.shape.rank - term.shape.rank
    counted: list[int] = []
    summed: list[int] = []
    for axis in (*plan.leading, *plan.kept):
        own = axis - shift
        is_there = own >= 0 and term.shape.dimensions[own] != 1
        (summed if is_there else counted).append(axis)
    for axis in counted:
        term = t.times(t.of(e.SizeOf(result, (axis,)), SCALAR, "int"), term)
    leading = [axis - shift for axis in summed if axis in plan.leading]
    kept = [axis - shift for axis in summed if axis in plan.kept]
    # An axis of length 1 that was only counted stays in the way where it must go.
    gone = [a - shift for a in counted if a in plan.leading and a - shift >= 0]
    return _summed(term, leading + gone, kept, want.shape)


def fitted(
    term: t.Term, want: Type, result: ir.Value, operand: ir.Value, broadcasts: bool
) -> t.Term:
    """Return what a free body gives an operand, in the operand's shape.

    A term of lower rank is broadcast later. One of higher rank comes from a batched product: its
    last two axes are the operand's, and the batch is summed. Where ranks are not known,
    `broadcasts` tells whether the body leaves it to numpy to broadcast the term, or gives it whole.
    """
    term, flags = t.without_flags(term)
    return t.with_masks(_fitted(term, want, result, operand, broadcasts), flags)


def _fitted(
    term: t.Term, want: Type, result: ir.Value, operand: ir.Value, broadcasts: bool
) -> t.Term:
    have, shape = term.shape, want.shape
    if t.may_be_one_number(term):
        return term
    if not isinstance(have, Known) or not isinstance(shape, Known):
        return term if broadcasts or have == SCALAR else _whole(term, shape)
    if have.rank < shape.rank or any(
        h == 1 != s for h, s in zip(have.dimensions[-shape.rank :], shape.dimensions, strict=True)
    ):
        return term
    core = min(2, shape.rank)
    batch = have.dimensions[: have.rank - core]
    aligned = Known((*batch, *shape.dimensions[shape.rank - core :]))
    return to_shape(changed(term, shape=aligned), Type(shape=aligned), want, result, operand)


def _whole(term: t.Term, shape: Shape) -> t.Term:
    """Return a term that is known to have a shape when it is computed."""
    factors = term.factors
    if len([f for f in factors if not f.scalar]) == 1:
        factors = tuple(f if f.scalar else changed(f, shape=shape) for f in factors)
    return changed(term, factors=factors, shape=shape)


def _to_scalar(term: t.Term, have: Type, result: ir.Value) -> t.Term:
    if term.scalar and not term.masks:
        return t.times(t.of(e.SizeOf(result), SCALAR, "int"), term)
    whole = materialized(term, have, result)
    return _dot(whole) or apply(whole, SCALAR, lambda inner: e.call("numpy.sum", inner))


def _dot(term: t.Term) -> t.Term | None:
    """Return the sum of a product of two vectors as `x @ y`, which needs no third."""
    bare, flags = t.without_flags(term)
    outside, inside = split(bare)
    if bare.masks or len(inside.factors) != 2:
        return None
    left, right = inside.factors
    shape = left.shape
    is_vector = isinstance(shape, Known) and shape.rank == 1 and shape == right.shape
    is_plain = all(f.power == 1 and f.dtype == "float" for f in inside.factors)
    if not is_vector or not is_plain:
        return None
    made = e.Binary("@", left.expression, right.expression)
    return t.with_masks(t.times(outside, t.of(made, SCALAR)), flags)


def _summed(term: t.Term, leading: list[int], kept: list[int], want: Shape) -> t.Term:
    if not leading and not kept:
        return term
    outside, inside = _pull(term, leading + kept, bool(leading))
    expression = t.expression(inside)
    if kept:
        expression = e.call("numpy.sum", expression, axis=_axes(kept), keepdims=e.Literal("True"))
    if leading:
        expression = e.call("numpy.sum", expression, axis=_axes(leading))
    shape = _shape_after(inside.shape, leading, kept) or want
    return t.times(outside, t.of(expression, shape))


def _shape_after(shape: Shape, leading: list[int], kept: list[int]) -> Shape | None:
    if not isinstance(shape, Known):
        return None
    dimensions = enumerate(shape.dimensions)
    return Known(tuple(1 if i in kept else d for i, d in dimensions if i not in leading))


def _pull(term: t.Term, axes: list[int], drops: bool) -> tuple[t.Term, t.Term]:
    """Take the factors that are constant along the summed axes out of the sum."""
    if term.masks:
        return t.ONE, term
    assert isinstance(term.shape, Known)
    rank = term.shape.rank
    outside: list[t.Factor] = []
    inside: list[t.Factor] = []
    for factor in term.factors:
        if factor.scalar or _is_constant(factor.shape, axes, rank, drops):
            outside.append(factor)
        else:
            inside.append(factor)
    inner_shape = shapes.broadcast(*(f.shape for f in inside))
    if inner_shape != term.shape:
        # The rest would not span the axes that are summed.
        outside = [f for f in term.factors if f.scalar]
        inside = [f for f in term.factors if not f.scalar]
    outer_shape = shapes.broadcast(*(f.shape for f in outside))
    return (
        t.Term(term.coefficient, tuple(outside), outer_shape),
        t.Term(factors=tuple(inside), shape=term.shape),
    )


def _is_constant(shape: Shape, axes: list[int], rank: int, drops: bool) -> bool:
    if not isinstance(shape, Known):
        return False
    shift = rank - shape.rank
    if drops and shape.rank > rank - len(axes):
        return False
    return all(axis < shift or shape.dimensions[axis - shift] == 1 for axis in axes)


def _axes(axes: list[int]) -> e.Expression:
    ordered = sorted(axes)
    if len(ordered) == 1:
        return e.number(ordered[0])
    return e.Sequence("tuple", tuple(e.number(axis) for axis in ordered))
