"""Calls that take factors as a tuple: `cho_solve((c, lower), b)`, `lu_solve(factors, b)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir

if TYPE_CHECKING:
    from codegen.build.expression import ExpressionBuilder

CHO_SOLVE = "scipy.linalg.cho_solve"
LU_SOLVE = "scipy.linalg.lu_solve"
LU_HELP = "write lu, pivots = lu_factor(a), then lu_solve((lu, pivots), b)"
HELP = "write cho_solve((c, True), b), or cho_solve(factor, b) with factor = cho_factor(a)"


def cho_solve(builder: ExpressionBuilder, node: ast.Call) -> ir.Value:
    """Return the solution by a Cholesky factor, whose triangle is known when generating."""
    owner = builder.owner
    if len(node.args) != 2 or node.keywords:
        return owner.refuse(node, "no-gate", "cho_solve takes a factor and right sides", HELP)
    factor, lower = _factor(builder, node.args[0])
    if factor is None or lower is None:
        message = "it is not known before the run which triangle cho_solve reads"
        return owner.refuse(node.args[0], "no-gate", message, HELP)
    right = builder.value(node.args[1])
    given = e.Sequence("tuple", (e.Primal(factor), e.Literal(str(lower))))
    spelled = e.Call(e.Library(CHO_SOLVE), (given, e.Primal(right)))
    return builder.emit(node, "cho_solve", [factor, right], spelled, {"lower": lower})


def lu_solve(builder: ExpressionBuilder, node: ast.Call) -> ir.Value:
    """Return the solution by the factors of scipy.linalg.lu_factor."""
    owner = builder.owner
    if len(node.args) != 2 or node.keywords:
        return owner.refuse(node, "no-gate", "lu_solve takes factors and right sides", LU_HELP)
    factor = builder.value(node.args[0])
    made = owner.built.definition.get(factor)
    if not isinstance(made, ir.Aggregate) or len(made.operands) != 2:
        message = "what lu_solve is given is not known to come from lu_factor"
        return owner.refuse(node.args[0], "no-gate", message, LU_HELP)
    right = builder.value(node.args[1])
    given = e.Sequence("tuple", tuple(e.Primal(item) for item in made.operands))
    spelled = e.Call(e.Library(LU_SOLVE), (given, e.Primal(right)))
    return builder.emit(node, "lu_solve", [*made.operands, right], spelled)


def _factor(builder: ExpressionBuilder, node: ast.expr) -> tuple[ir.Value | None, bool | None]:
    built = builder.owner.built
    match node:
        case ast.Tuple([part, ast.Constant(bool() as lower)]):
            return builder.value(part), lower
        case ast.Tuple([part, _]):
            items: tuple[ir.Value, ...] = (builder.value(part),)
        case _:
            made = built.definition.get(builder.value(node))
            items = made.operands if isinstance(made, ir.Aggregate) else ()
    gate = built.definition.get(items[0]) if items else None
    if isinstance(gate, ir.Gate) and gate.gate == "cho_factor":
        return items[0], bool(gate.static("lower"))
    return None, None


FACTORED = {CHO_SOLVE: cho_solve, LU_SOLVE: lu_solve}
