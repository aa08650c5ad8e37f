"""The Jacobian of a model that is elementwise in its data: a column for each scalar parameter.

The reverse program of the sum of a model has for each parameter the sum of what its entries give.
With every parameter taken for an array as long as the data, no sum is written, and what would be
summed is the column. The code runs on numbers all the same, as all of its operations broadcast.
"""

from __future__ import annotations

import ast

from codegen import expressions as e
from codegen import ir
from codegen.analyses.activity import varied
from codegen.analyses.declared import from_annotation
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problem, Problems
from codegen.gates.declare import GATES
from codegen.parse import Module
from codegen.stage.paper import Paper, lines_in
from codegen.stage.statements import groups_in

ENTRIES = "N"
HELP = "write a model of one array and numbers: `def f(x: np.ndarray, a: float, b: float)`"


def parameters(
    module: Module, node: ast.FunctionDef | None, wrt: tuple[str, ...] | None
) -> tuple[str, ...]:
    """Let all parameters be arrays of one length; return those that have columns.

    These are all but the data: the first parameter, and those that are declared arrays.
    """
    if node is None:
        message = "a script has no columns: it is no function of its data"
        raise CodegenError([Problem("jacobian", message, None, HELP)], module.source)
    array = ast.Name("numpy.ndarray", ast.Load())
    parts = ast.Tuple([array, ast.Constant(ENTRIES)], ast.Load())
    annotation = ast.Subscript(ast.Name("jaxtyping.Float", ast.Load()), parts, ast.Load())
    others = []
    for place, argument in enumerate([*node.args.posonlyargs, *node.args.args]):
        kind = from_annotation(module, argument.annotation, argument.arg)
        module.promises[argument] = annotation
        if place and (kind is None or kind.kind != "number" or kind.scalar):
            others.append(argument.arg)
    if not others:
        message = f"`{node.name}` has no parameter but its data"
        raise CodegenError(
            [Problem("jacobian", message, module.source.span(node), HELP)], module.source
        )
    return tuple(others) if wrt is None else wrt


def check_elementwise(built: Built, problems: Problems) -> None:
    """Add a problem for each operation that mixes the entries of its operands."""
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Effect) and operation.kind == "draw":
            message = "a model that draws random numbers has no Jacobian: each call draws anew"
            problems.add("jacobian", message, operation.span, "draw before, and pass what is drawn")
        if isinstance(operation, ir.Constant | ir.Effect):
            continue
        if isinstance(operation, ir.Gate):
            gate = GATES[operation.gate]
            if gate.kind in ("elementwise", "value") and not _makes_shapes(operation):
                continue
            what = f"`{operation.gate}`"
        else:
            what = type(operation).__name__.lower()
        problems.add(
            "jacobian",
            f"{what} is not elementwise in the data, so the Jacobian has no columns",
            operation.span,
            "write the model with elementwise functions and np.where, or leave --jacobian out",
        )
    if len(built.returned) != 1:
        span = built.returned[0].span if built.returned else None
        problems.add("jacobian", "columns are of one output", span, "return one array")


def _makes_shapes(operation: ir.Gate) -> bool:
    """True for values that depend on how many entries there are: `len`, `np.argmax`, `x.size`."""
    return GATES[operation.gate].kind == "value" and operation.gate not in COMPARISONS


COMPARISONS = frozenset(
    {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "not", "and", "or"}
    | {"invert", "xor", "isnan", "isinf", "isfinite", "signbit", "sign", "boolean", "test"}
)


def check_statements(paper: Paper, problems: Problems) -> None:
    """Refuse code that asks for the shape or dtype of what is a number when it runs."""
    wrt = set(paper.selection.inputs)
    data = {p.value for p in paper.built.parameters if p not in wrt}
    arrays = data | varied(paper.built.function, data, paper.facts)
    for line in lines_in(paper):
        made = paper.built.definition.get(line.values()[0]) if line.kind == "augment" else None
        if made is not None and made.operands[0] not in arrays:
            message = "an update in place of what is a number when it runs"
            problems.add("jacobian", message, line.span, "write `a = a + ...`")
    for group in groups_in(paper.nodes):
        for statement in group.statements:
            asked = [node for part in statement.parts() for node in e.walk(part)]
            if any(_asks(node, arrays) for node in asked):
                span = None if group.line is None else group.line.span
                message = "a gradient here asks for a shape or dtype, which a number does not have"
                problems.add("jacobian", message, span, "write it with np.where")


def settle_updates(paper: Paper) -> None:
    """Write `da = da + x` where da may be a number, or an array of no dimensions, before."""
    wrt = set(paper.selection.inputs)
    data = {p.value for p in paper.built.parameters if p not in wrt}
    arrays = data | varied(paper.built.function, data, paper.facts)
    whole: set[ir.Value] = set()  # whose cotangents surely are as long as the data
    for group in groups_in(paper.nodes):
        for statement in group.statements:
            target = statement.target
            if target is None or statement.form not in ("=", "+=", "-=", "rebind"):
                continue
            if statement.form in ("+=", "-=") and target not in whole:
                sign, statement.form = statement.form[0], "rebind"
                own = e.Cotangent(target)
                statement.expression = e.Binary(sign, own, statement.expression)
            nodes = e.walk(statement.expression)
            if any(
                (isinstance(node, e.Primal) and node.value in arrays)
                or (isinstance(node, e.Cotangent) and node.value in whole)
                for node in nodes
            ):
                whole.add(target)
            elif statement.form == "=":
                whole.discard(target)


def _asks(node: e.Expression, arrays: set[ir.Value]) -> bool:
    match node:
        case e.ShapeOf(value) | e.DtypeOf(value):
            return value not in arrays
        case e.Attribute(e.Primal(value), "shape" | "dtype"):
            return value not in arrays
        case e.Attribute(_, "shape" | "dtype") | e.Helper():
            return True
    return False
