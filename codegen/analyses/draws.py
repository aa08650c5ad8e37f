"""Random draws: their parameters get no gradient, so nothing that is differentiated may be one."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems


def refuse_parameters(
    built: Built,
    facts: TypeFacts,
    depends: set[ir.Value],
    useful: set[ir.Value],
    problems: Problems,
) -> None:
    """Add a problem for each draw that a gradient would have to pass.

    `depends` are the values that depend on what is differentiated, `useful` those that the outputs
    depend on. Whole numbers are drawn with slope 0.
    """
    for operation in ir.operations(built.function.body):
        if not isinstance(operation, ir.Effect) or operation.kind != "draw":
            continue
        (result,) = operation.results
        if result not in useful or facts[result].dtype == "int":
            continue
        for operand in operation.operands:
            kind = facts[operand]
            if operand in depends and kind.kind == "number" and kind.dtype != "int":
                name = f"`{operand.name}`" if operand.name else "an input"
                problems.add(
                    "no-gate",
                    f"what is drawn depends on {name}, and a random draw has no gradient",
                    operation.span,
                    "draw standard numbers and scale them: mean + deviation * "
                    "np.random.standard_normal(...); or leave the input out with --wrt",
                )
                break
