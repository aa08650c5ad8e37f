"""Types and shapes of all values, from declarations, uses and each gate's type rule."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from codegen import ir, shapes
from codegen.analyses.declared import from_annotation, from_docstring
from codegen.analyses.evidence import Evidence, collect, library_of, undecided_that_meet_arrays
from codegen.build.lines import Built, FormalParameter
from codegen.errors import Problems
from codegen.gates import type_rules_shape
from codegen.gates.declare import GATES
from codegen.parse import Module
from codegen.shapes import Known, Type

Types = dict[ir.Value, Type]


@dataclass
class TypeFacts:
    """What is known of every value, and how each parameter's rank was settled."""

    types: Types
    declared: set[ir.Value] = field(default_factory=set)
    proven: set[ir.Value] = field(default_factory=set)  # scalars by annotation or use
    taken: set[ir.Value] = field(default_factory=set)  # scalars by default: `x = float(x)`
    evidence: Evidence = field(default_factory=Evidence)

    def __getitem__(self, value: ir.Value) -> Type:
        return self.types[value]


def infer_types(module: Module, built: Built, problems: Problems) -> TypeFacts:
    """Return the types of all values; problems are added where shapes cannot agree."""
    facts = TypeFacts({}, evidence=collect(built))
    undecided = _parameters(module, built, facts)
    for parameter in undecided:
        facts.types[parameter] = Type("number", shapes.SCALAR)
    _forward(module, built, facts.types, None)
    unknown = undecided_that_meet_arrays(built, undecided, facts.types)
    for parameter in sorted(undecided, key=lambda value: value.number):
        if parameter in unknown:
            facts.types[parameter] = Type("number", shapes.unknown(f"{parameter.name}."))
            continue
        seen = facts.evidence
        counted = parameter in seen.counts or parameter in seen.flags
        if parameter in seen.counts:
            facts.types[parameter] = Type(dtype="int", dimension=f"{parameter.name}.")
        elif not counted and parameter not in seen.indices | seen.others:
            facts.taken.add(parameter)
            facts.types[parameter] = Type("number", shapes.SCALAR, "float")
    _forward(module, built, facts.types, problems)
    return facts


def _parameters(module: Module, built: Built, facts: TypeFacts) -> set[ir.Value]:
    """Settle what is declared or shown; return the parameters that nothing is known of."""
    names = [p.name for p in built.parameters]
    stated = from_docstring(built.docstring, names)
    undecided: set[ir.Value] = set()
    for parameter in built.parameters:
        value = parameter.value
        declared = from_annotation(module, parameter.annotation, parameter.name)
        if declared is None:
            declared = stated.get(parameter.name)
        if declared is None and parameter.example is not None:
            declared = literal_type(parameter.example)
            facts.types[value] = declared
            if declared.scalar:
                facts.proven.add(value)
            continue
        if declared is not None:
            facts.types[value] = _with_dimension(declared, value)
            facts.declared.add(value)
            if declared.scalar and not declared.array:
                facts.proven.add(value)
            continue
        settled = _from_uses(parameter, facts.evidence)
        if settled is None:
            undecided.add(value)
            continue
        facts.types[value] = settled
        if settled.scalar:
            facts.proven.add(value)
    return undecided


def _with_dimension(declared: Type, value: ir.Value) -> Type:
    if declared.scalar and declared.dtype == "int":
        return declared.with_(dimension=f"{value.name}.")
    return declared


def _from_uses(parameter: FormalParameter, seen: Evidence) -> Type | None:
    value, name = parameter.value, parameter.name
    if isinstance(parameter.default, ast.Constant) and isinstance(
        parameter.default.value, (str, bool)
    ):
        return Type("text") if isinstance(parameter.default.value, str) else Type(dtype="bool")
    if value in seen.scalar:
        return Type("number", shapes.SCALAR)
    if value in seen.ranks:
        rank = seen.ranks[value]
        return Type("number", Known(tuple(f"{name}.{i}" for i in range(rank))), array=True)
    if value in seen.array or value in seen.meets:
        return Type("number", shapes.unknown(f"{name}."))
    if value in seen.indices and value not in seen.numbers:
        return Type("number", shapes.unknown(f"{name}."), "int")
    return None


def literal_type(node: ast.expr) -> Type:
    """Return the type of a literal: a number, or a list of them."""
    if isinstance(node, (ast.List, ast.Tuple)):
        kind = "list" if isinstance(node, ast.List) else "tuple"
        return Type(
            kind, items=tuple(literal_type(item) for item in node.elts), dimension=len(node.elts)
        )
    value = ast.literal_eval(node)
    if isinstance(value, bool):
        return Type(dtype="bool")
    if isinstance(value, int):
        return Type(dtype="int", dimension=value)
    if isinstance(value, float):
        return Type(dtype="float")
    return Type("none" if value is None else "text")


def _forward(module: Module, built: Built, types: Types, problems: Problems | None) -> None:
    _forward_block(module, built, built.function.body, types, problems)


def _forward_block(
    module: Module, built: Built, block: ir.Block, types: Types, problems: Problems | None
) -> None:
    for operation in block.operations:
        for inner in operation.blocks():
            _forward_block(module, built, inner, types, problems)
        try:
            results = _results(module, built, operation, types)
        except (ValueError, IndexError) as error:
            if problems is not None:
                problems.add("shape", str(error), operation.span, _shape_help(error))
            symbol = f"v{operation.results[0].number}." if operation.results else ""
            results = [Type("number", shapes.unknown(symbol)) for _ in operation.results]
        for result, settled in zip(operation.results, results, strict=True):
            types[result] = _numbered(result, settled)


def _shape_help(error: Exception) -> str | None:
    if isinstance(error, shapes.NotTaken):
        return error.way_out
    if isinstance(error, shapes.ShapeClash):
        return "use one name for dimensions that are equal, or 1 for one that is broadcast"
    if isinstance(error, IndexError):
        return "name an axis that the array has"
    return None


def _numbered(value: ir.Value, settled: Type) -> Type:
    """Give an int without a known size a symbol, for where it is used as a dimension."""
    if settled.scalar and settled.dtype == "int" and settled.dimension is None:
        return settled.with_(dimension=f"v{value.number}.n")
    return settled


def _results(module: Module, built: Built, operation: ir.Operation, types: Types) -> list[Type]:
    operands = [types[value] for value in operation.operands]
    match operation:
        case ir.Constant(text=text):
            return [_constant(module, text)]
        case ir.Gate(gate=gate, statics=statics):
            symbol = f"v{operation.result.number}."
            settled = GATES[gate].rule(operands, dict(statics), symbol)
            return [_by_library(settled, library_of(built.spelling[operation.result]))]
        case ir.View(index=index):
            return [type_rules_shape.view(operands, index, f"v{operation.result.number}.")]
        case ir.Aggregate(kind=kind):
            return [Type(kind, items=tuple(operands), dimension=len(operands))]
        case ir.If(then=then, otherwise=otherwise):
            pairs = zip(then.yields, otherwise.yields, operation.results, strict=True)
            return [_join(types[a], types[b], r) for a, b, r in pairs]
        case ir.Effect():
            return [
                Type("number", shapes.unknown(f"v{r.number}."), "float") for r in operation.results
            ]
    raise AssertionError(f"no type rule for {type(operation).__name__}")


def _by_library(settled: Type, library: str | None) -> Type:
    """Numpy gives its own objects, `math` a Python number of whatever it takes."""
    if settled.kind != "number" or library not in ("numpy", "math"):
        return settled
    if library == "math":
        return settled.with_(shape=shapes.SCALAR, array=False)
    return settled.with_(array=True)


def _join(left: Type, right: Type, result: ir.Value) -> Type:
    if left.kind != right.kind:
        return shapes.OTHER
    shape = left.shape if left.shape == right.shape else shapes.unknown(f"v{result.number}.")
    dtype = left.dtype if left.dtype == right.dtype else "unknown"
    return Type(left.kind, shape, dtype, left.array and right.array, False)


def _constant(module: Module, text: str) -> Type:
    if text.startswith("module:"):
        return _module_constant(module, text.removeprefix("module:"))
    if "." in text and text.split(".", maxsplit=1)[0] in ("numpy", "math"):
        last = text.rsplit(".", 1)[-1]
        return Type(dtype="float") if last in ("pi", "e", "inf", "nan", "tau") else shapes.OTHER
    try:
        return literal_type(ast.parse(text, mode="eval").body)
    except (ValueError, SyntaxError):
        return shapes.OTHER


def _module_constant(module: Module, name: str) -> Type:
    node = module.constants[name]
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        try:
            return literal_type(node.value)
        except ValueError:
            path = None
            if isinstance(node.value, ast.Attribute):
                from codegen.build.scope import Scope

                path = Scope(module, frozenset()).path(node.value)
            if path is not None:
                return _constant(module, path)
    return Type("number", shapes.unknown(f"{name}."))
