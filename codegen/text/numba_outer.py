"""Updates of a matrix by an outer product: loops, where numba would make a matrix between.

`dW += np.outer(x[t], dh)` in each turn of a loop is a matrix made, filled, read and freed. The
vectors must not share memory with the matrix, as in `numba_scaled`.
"""

from __future__ import annotations

from codegen import expressions as e
from codegen.stage.paper import Paper
from codegen.stage.statements import Statement
from codegen.text.numba_scaled import ARITHMETIC, is_apart, rank_of


def outer_added(
    statement: Statement, value: e.Expression, paper: Paper
) -> tuple[e.Expression, e.Expression] | None:
    """Return the vectors of `x += np.outer(u, v)`, or None."""
    if statement.form not in ("+=", "part+=") or statement.target is None:
        return None
    if rank_of(statement.target, statement.index, paper) != 2:
        return None
    match value:
        case e.Call(e.Library("numpy.outer"), (left, right), ()):
            sides = (left, right)
            if all(isinstance(one, ARITHMETIC) or is_apart(one, statement, paper) for one in sides):
                return sides
    return None
