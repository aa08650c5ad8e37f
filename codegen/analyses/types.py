"""Types and shapes of all values, from declarations, uses and each gate's type rule."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from codegen import dimensions, ir, shapes
from codegen.analyses.declared import allows_none, from_annotation
from codegen.analyses.documented import from_docstring
from codegen.analyses.entries import setting_types
from codegen.analyses.evidence import Evidence, collect, library_of, undecided_that_meet_arrays
from codegen.analyses.handed import promised_by_calls
from codegen.analyses.lengths import Lengths
from codegen.analyses.letters import Axis, labels_of, unite
from codegen.build.lines import Built, FormalParameter
from codegen.errors import Problems
from codegen.gates import type_rules_shape
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import is_homogeneous, joined, made_of_lists, with_item_at
from codegen.parse import Module, constant_value
from codegen.shapes import Dimension, Known, Shape, Type, is_kept

Types = dict[ir.Value, Type]
_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "floor_divide": "//"}
MOST_TURNS = 8  # until the types of what a loop carries must have settled


@dataclass
class TypeFacts:
    """What is known of every value, and how each parameter's rank was settled."""

    types: Types
    declared: set[ir.Value] = field(default_factory=set)
    optional: set[ir.Value] = field(default_factory=set)  # parameters that may be None
    proven: set[ir.Value] = field(default_factory=set)  # scalars by annotation or use
    taken: set[ir.Value] = field(default_factory=set)  # scalars by default: `x = float(x)`
    floats: set[ir.Value] = field(default_factory=set)  # written in place: checked to be float
    numbers: set[ir.Value] = field(default_factory=set)  # settings taken for numbers: `float(p)`
    cast_to: set[ir.Value] = field(default_factory=set)  # their dtype is cast to: checked too
    absent: set[ir.Value] = field(default_factory=set)  # they may be None
    promoted: list[tuple[ir.Value, ...]] = field(default_factory=list)  # one is float: checked
    assumed: set[ir.Value] = field(default_factory=set)  # ranks by their subscripts: checked
    equal: list[list[Axis]] = field(default_factory=list)  # axes that are checked to be as long
    evidence: Evidence = field(default_factory=Evidence)
    # of one function, until its operations change: see below
    carrying: dict[ir.Operation, tuple[int, ...]] = field(default_factory=dict)
    paths: dict[tuple[str, frozenset[ir.Value]], set[ir.Value]] = field(default_factory=dict)

    def __getitem__(self, value: ir.Value) -> Type:
        return self.types[value]

    def operations_changed(self) -> None:
        """Forget which paths go through the function's operations."""
        self.carrying.clear()
        self.paths.clear()


def infer_types(module: Module, built: Built, problems: Problems) -> TypeFacts:
    """Return the types of all values; problems are added where shapes cannot agree."""
    facts = TypeFacts({}, evidence=collect(built))
    built.settled, facts.numbers = setting_types(built, facts.evidence)
    undecided = _parameters(module, built, facts, problems)
    for parameter in undecided:
        facts.types[parameter] = Type("number", shapes.SCALAR)
    _written(built, facts)
    unknown: set[ir.Value] = set()
    if undecided:
        _forward(module, built, facts.types, None)
        unknown = undecided_that_meet_arrays(built, undecided, facts.types)
    for parameter in sorted(undecided, key=lambda value: value.number):
        if parameter in unknown:
            facts.types[parameter] = Type("number", shapes.unknown(f"{parameter.name}."))
            continue
        seen = facts.evidence
        counted = parameter in seen.counts | seen.bounds | seen.flags
        if parameter in seen.counts or parameter in seen.sizes & seen.numbers:
            facts.types[parameter] = Type(dtype="int", dimension=f"{parameter.name}.")
        elif parameter in seen.sizes | seen.pools:
            facts.types[parameter] = Type("tuple")  # or a number: of unknown length
        elif not counted and parameter not in seen.indices | seen.others:
            facts.taken.add(parameter)
            facts.types[parameter] = Type("number", shapes.SCALAR, "float")
    if any(labels_of(operation) for operation in ir.operations(built.function.body)):
        _forward(module, built, facts.types, None)
        facts.equal = unite(built, facts.evidence.always, facts.types)
    _forward(module, built, facts.types, problems)
    facts.absent = _absent(built, facts.types)
    return facts


def _absent(built: Built, types: Types) -> set[ir.Value]:
    """Return what an `if` gives that is None on one of its paths, and what such a cache holds."""
    found: set[ir.Value] = set()
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Gate) and GATES[operation.gate].may_be_none:
            found.add(operation.result)
        if isinstance(operation, ir.Gate) and operation.gate == "alias":
            found |= {operation.result} if operation.operands[0] in found else set()
    inside_out = [o for o in ir.operations(built.function.body) if isinstance(o, ir.If)]
    for operation in reversed(inside_out):
        for place, result in enumerate(operation.results):
            arms = ir.arms(operation, place)
            if types[result].kind != "none" and any(
                types[arm].kind == "none" or arm in found for arm in arms
            ):
                found.add(result)
    return found


def _parameters(
    module: Module, built: Built, facts: TypeFacts, problems: Problems
) -> set[ir.Value]:
    """Settle what is declared or shown; return the parameters that nothing is known of."""
    names = [p.name for p in built.parameters]
    stated = from_docstring(built.docstring, names)
    handed = promised_by_calls(module, built)
    undecided: set[ir.Value] = set()
    holders = {entry.base for entry in built.entries}
    for parameter in holders & set(built.parameters):
        assert parameter is not None
        facts.types[parameter.value] = Type("dict")
        facts.declared.add(parameter.value)
    for parameter in built.parameters:
        value = parameter.value
        if parameter in holders:
            continue
        declared = parameter.handed or from_annotation(
            module, parameter.promise or parameter.annotation, parameter.name
        )
        if declared is None:
            declared = stated.get(parameter.name)
        if declared is None and parameter.example is not None:
            declared = literal_type(parameter.example)
            seen = facts.evidence
            if value not in seen.indices | seen.counts | seen.flags | seen.exponents:
                declared = _example_type(declared)
            facts.types[value] = declared
            if declared.scalar:
                facts.proven.add(value)
            continue
        if declared is not None:
            _declare(module, parameter, declared, facts, problems)
            continue
        settled = _from_uses(parameter, facts.evidence)
        if value in handed and parameter.default is None:
            settled = _also(settled, handed[value])
        if _is_fraction(parameter.default) and _shows_nothing(settled, value, facts.evidence):
            facts.types[value] = Type("number", shapes.SCALAR, "float")
            facts.taken.add(value)
            continue
        if settled is None:
            undecided.add(value)
            continue
        _settle(value, settled, facts)
    return undecided


def _declare(
    module: Module,
    parameter: FormalParameter,
    declared: Type,
    facts: TypeFacts,
    problems: Problems,
) -> None:
    """Take what an annotation or a docstring says of a parameter."""
    value = parameter.value
    if declared.dtype == "complex":
        problems.add(
            "complex",
            f"`{parameter.name}` is complex, and complex numbers are not supported",
            value.span,
            "pass real and imaginary parts apart",
        )
    is_optional = _may_be_none(module, parameter)
    seen = facts.evidence
    is_label = value in seen.indices and value not in seen.numbers | seen.array
    if is_optional and declared.kind == "number" and not declared.scalar and not is_label:
        declared = Type(dtype=declared.dtype, shape=shapes.unknown(f"{parameter.name}."))
    elif declared.kind == "number" and not isinstance(declared.shape, Known):
        declared = _ranked(declared, parameter, facts)
    facts.types[value] = _with_dimension(declared, value)
    if is_optional:
        facts.optional.add(value)
    if declared.kind != "number" or declared.array or isinstance(declared.shape, Known):
        facts.declared.add(value)
    if declared.scalar and not declared.array:
        facts.proven.add(value)


def _also(settled: Type | None, handed: Type) -> Type:
    """Return what uses show and what a called function states, together."""
    if isinstance(handed.shape, Known) or settled is None or settled.kind != "number":
        return handed
    return settled.with_(array=settled.array or handed.array)


def _example_type(literal: Type) -> Type:
    """Return the type of a script's input: `x = 3` stands for any number."""
    if literal.kind in ("list", "tuple"):
        return literal.with_(items=tuple(_example_type(item) for item in literal.items))
    return Type("number") if literal.dtype == "int" else literal


def _may_be_none(module: Module, parameter: FormalParameter) -> bool:
    default = parameter.default
    is_none = isinstance(default, ast.Constant) and default.value is None
    return is_none or allows_none(module, parameter.promise or parameter.annotation)


def _settle(value: ir.Value, settled: Type, facts: TypeFacts) -> None:
    """Take what the uses of a parameter show, and what must be checked for it to hold."""
    seen = facts.evidence
    facts.types[value] = settled
    rank = (
        None if value in seen.ranks or settled.kind != "number" else _rank_by_entries(value, seen)
    )
    if isinstance(settled.shape, Known) and settled.shape.rank == rank:
        facts.assumed.add(value)
    if settled.scalar and value in seen.proven | seen.counts:
        facts.proven.add(value)
    elif settled.scalar and settled.dtype == "unknown":
        # Shown on some paths only: `x = float(x)` shows it on all.
        facts.types[value] = settled.with_(dtype="float")
        facts.taken.add(value)


def _is_fraction(default: ast.expr | None) -> bool:
    """True for a default such as `1e-5`: nobody counts, picks or asks for a size with it."""
    if isinstance(default, ast.UnaryOp):
        default = default.operand
    return isinstance(default, ast.Constant) and isinstance(default.value, float)


def _shows_nothing(settled: Type | None, value: ir.Value, seen: Evidence) -> bool:
    """True if the uses show no more than that a parameter stands in an array's arithmetic."""
    if value in seen.indices | seen.others | seen.counts | seen.flags:
        return False
    return settled is None or (
        value in seen.meets and value not in seen.array and not isinstance(settled.shape, Known)
    )


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
    if value in seen.dicts:
        return Type("dict")
    if value in seen.sources:
        return shapes.OTHER
    if value in seen.scalar:
        return Type("number", shapes.SCALAR)
    if value in seen.ranks:
        rank = seen.ranks[value]
        return Type("number", Known(tuple(f"{name}.{i}" for i in range(rank))), array=True)
    if _rank_by_entries(value, seen) is not None:
        rank = seen.subscripts[value]
        return Type("number", Known(tuple(f"{name}.{i}" for i in range(rank))), array=True)
    if _is_tested(value, seen):
        return Type("number", shapes.SCALAR)
    if value in seen.array or value in seen.meets:
        return Type("number", shapes.unknown(f"{name}."))
    if value in seen.indices:
        # One that is a number too may be a mask: `x[m] * m`.
        dtype = "int" if value not in seen.numbers else "unknown"
        return Type("number", shapes.unknown(f"{name}."), dtype)
    return None


def _written(built: Built, facts: TypeFacts) -> None:
    """An array that is written in place must be floating: where it is not known, it is checked."""
    for returned in built.written:
        parameter = next(p.value for p in built.parameters if p.name == returned.name)
        kind = facts.types.get(parameter)
        if kind is not None and kind.kind == "number" and kind.dtype == "unknown":
            facts.types[parameter] = kind.with_(dtype="float", array=True)
            facts.floats.add(parameter)


def _rank_by_entries(value: ir.Value, seen: Evidence) -> int | None:
    """Return the rank of an array one of whose entries `a[i, j]` is picked, if it has no more."""
    most = seen.subscripts.get(value, 0)
    is_tested = most > 0 and seen.tested.get(value) == most
    return most if is_tested or (most > 1 and most in seen.entries.get(value, set())) else None


def _is_tested(value: ir.Value, seen: Evidence) -> bool:
    """True for what a condition compares: one number, if nothing shows an array or a count."""
    other = seen.flags | seen.others | seen.indices | seen.exponents
    other = other | seen.counts | seen.bounds | seen.sizes | seen.pools
    return seen.compared.shows_number(value) and value not in other


def _ranked(declared: Type, parameter: FormalParameter, facts: TypeFacts) -> Type:
    """Return a declared array with the rank that its uses show."""
    value, seen = parameter.value, facts.evidence
    rank = seen.ranks.get(value)
    if rank is None:
        rank = _rank_by_entries(value, seen)
        if rank is None:
            return declared
        facts.assumed.add(value)
    dimensions = tuple(f"{parameter.name}.{place}" for place in range(rank))
    return declared.with_(shape=Known(dimensions))


def literal_type(node: ast.expr) -> Type:
    """Return the type of a literal: a number, or a list, tuple or dict of them."""
    if isinstance(node, (ast.List, ast.Tuple)):
        kind = "list" if isinstance(node, ast.List) else "tuple"
        return Type(
            kind, items=tuple(literal_type(item) for item in node.elts), dimension=len(node.elts)
        )
    if isinstance(node, ast.Dict):
        return Type("dict", items=tuple(literal_type(item) for item in node.values))
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
        if isinstance(operation, ir.For | ir.While):
            _forward_loop(module, built, operation, types, problems)
            continue
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
            types[result] = _numbered(result, _of_entry(result, settled, module, built), built)
            _guarded(result, built, types)


def _guarded(value: ir.Value, built: Built, types: Types) -> None:
    """Give a value of unknown rank the shape that a guard behind it makes sure of."""
    own, same = types[value], types.get(built.same_shapes.get(value, value))
    if own.kind != "number" or isinstance(own.shape, Known) or same is None:
        return
    if isinstance(same.shape, Known):
        types[value] = own.with_(shape=same.shape)


def _of_entry(result: ir.Value, settled: Type, module: Module, built: Built) -> Type:
    """Return what is known of a dict's entry: what its annotation says, or any number."""
    if result in built.settled:
        return built.settled[result]
    entry = next((one for one in built.entries if one.value is result), None)
    if entry is None:
        return settled
    if any(other.base is entry for other in built.entries):
        return Type("dict")
    declared = from_annotation(module, entry.annotation, entry.key)
    if declared is not None:
        return declared.with_(fresh=False)
    return Type("number", shapes.unknown(f"{entry.key}."))


def _forward_loop(
    module: Module,
    built: Built,
    operation: ir.For | ir.While,
    types: Types,
    problems: Problems | None,
) -> None:
    """Go round until what a turn is given holds for every turn."""
    carried = ir.carried(operation)
    if isinstance(operation, ir.For):
        types[operation.body.parameters[0]] = _numbered(
            operation.body.parameters[0], Type(dtype="int"), built
        )
    given = {one.parameter: types[one.start].with_(dimension=None) for one in carried}
    for turn in range(MOST_TURNS):
        settled = turn == MOST_TURNS - 1
        types.update(given)
        types.update({one.tested: given[one.parameter] for one in carried if one.tested})
        _forward_block(module, built, operation.body, types, None)
        wider = {
            one.parameter: (
                shapes.OTHER if settled else _join(types[one.start], types[one.next], one.parameter)
            )
            for one in carried
        }
        if wider == given:
            break
        given = wider
    if isinstance(operation, ir.While):
        _forward_block(module, built, operation.test, types, problems)
    _forward_block(module, built, operation.body, types, problems)
    for one in carried:
        types[one.result] = _join(types[one.start], types[one.next], one.result)


def _shape_help(error: Exception) -> str:
    if isinstance(error, shapes.Misfit):
        return error.help
    if isinstance(error, shapes.ShapeClash):
        return "use one name for dimensions that are equal, or 1 for one that is broadcast"
    if isinstance(error, IndexError):
        return "name an axis that the array has"
    return "python -m codegen --list-gates shows what is supported"


def _numbered(value: ir.Value, settled: Type, built: Built) -> Type:
    """Give an int without a known size a symbol, for where it is used as a dimension.

    A mask gets one for how many entries it picks.
    """
    is_mask = settled.kind == "number" and settled.dtype == "bool" and not settled.scalar
    is_count = settled.scalar and settled.dtype == "int"
    if settled.dimension is None and (is_mask or is_count):
        return settled.with_(dimension=f"v{built.first_masks.get(value, value).number}.n")
    return settled


def _results(module: Module, built: Built, operation: ir.Operation, types: Types) -> list[Type]:
    operands = [types[value] for value in operation.operands]
    match operation:
        case ir.Constant(text=text):
            return [_constant(module, text)]
        case ir.Gate():
            return [_of_gate(operation, operands, built)]
        case ir.View(index=index):
            length = Lengths(built, types, operation.operands, index)
            symbol = f"v{operation.result.number}."
            return [type_rules_shape.view(operands, index, symbol, length)]
        case ir.Store():
            return [_stored(operation, operands)]
        case ir.Aggregate(kind=kind):
            return [Type(kind, items=tuple(operands), dimension=len(operands))]
        case ir.If():
            rows = [ir.arms(operation, place) for place in range(len(operation.results))]
            return [
                _joined([types[arm] for arm in row], result)
                for row, result in zip(rows, operation.results, strict=True)
            ]
        case ir.Exit():
            return []
        case ir.Effect(kind="draw", gate=gate, statics=statics):
            return [GATES[gate].rule(operands, dict(statics), f"v{operation.result.number}.")]
        case ir.Effect():
            return []
    raise AssertionError(f"no type rule for {type(operation).__name__}")


def _of_gate(operation: ir.Gate, operands: list[Type], built: Built) -> Type:
    gate, result = operation.gate, operation.result
    if gate == "boolean" and result in built.conditions:
        return Type(dtype="bool")  # `if n and x > 0.5:`
    symbol = f"v{result.number}."
    given = dict(operation.statics)
    if given.get("dtype") == "?":  # a value, the last operand
        given["dtype"] = f"?{operands[-1].dtype}"
    whole = made_of_lists(gate, operands, symbol)
    if whole is not None:
        return whole
    settled = GATES[gate].rule(operands, given, symbol)
    if gate in _OPERATORS and settled.scalar and settled.dtype == "int":
        settled = settled.with_(dimension=_computed(gate, operands))
    if operands and _is_update(operation, built, operands[0]):
        settled = settled.with_(shape=operands[0].shape)
    return _by_library(settled, library_of(built.spelling[result]))


def _stored(operation: ir.Store, operands: list[Type]) -> Type:
    """Return what an array, or a list, is behind a store into it."""
    base = operands[0]
    if base.kind == "list" and operation.operator != "pop":
        symbol = f"v{operation.result.number}."
        return with_item_at(base, operands[1], len(operation.index) or 1, symbol)
    if base.dtype == "bool":
        base = base.with_(dimension=None)  # a mask picks others from here on
    return base.with_(array=True) if base.kind == "number" else base


def _is_update(operation: ir.Operation, built: Built, kind: Type) -> bool:
    """True for `x += e` on an array: numpy writes into it, so its shape stays what it was."""
    line = built.line_of.get(operation)
    if line is None or line.kind != "augment" or line.values() != list(operation.results):
        return False
    return kind.array and isinstance(kind.shape, Known) and kind.shape.rank > 0


def _computed(gate: str, operands: list[Type]) -> Dimension | None:
    """Return the size that whole numbers give: `N * T`."""
    left, right = operands[0].dimension, operands[1].dimension
    if left is None or right is None or any(o.dtype != "int" for o in operands):
        return None
    return dimensions.arithmetic(_OPERATORS[gate], left, right)


def _is_own(kind: Type) -> bool:
    """True for memory that nothing else holds, or a Python number, which has none."""
    return kind.fresh or (kind.scalar and not kind.array)


def _joined(kinds: list[Type], result: ir.Value) -> Type:
    if len(kinds) == 1:
        return kinds[0].with_(dimension=None)
    lists = [kind for kind in kinds if is_homogeneous(kind)]
    if len(lists) == 1 and any(kind.kind == "none" for kind in kinds):
        return lists[0].with_(fresh=False)
    return _join(kinds[0], kinds[1], result)


def _by_library(settled: Type, library: str | None) -> Type:
    """Numpy gives its own objects, `math` a Python number of whatever it takes."""
    if settled.kind != "number" or library not in ("numpy", "math"):
        return settled
    if library == "math":
        return settled.with_(shape=shapes.SCALAR, array=False)
    if settled.scalar and settled.dtype == "int":
        return settled  # np.size and np.ndim give Python's own
    return settled.with_(array=True)


def _join(left: Type, right: Type, result: ir.Value) -> Type:
    """Return what is known of a value that is the one or the other."""
    if "none" in (left.kind, right.kind) and "number" in (left.kind, right.kind):
        # Only the number may be used; where None was chosen, the use would have raised.
        number = left if left.kind == "number" else right
        shape = number.shape if number.scalar else shapes.unknown(f"v{result.number}.")
        return Type("number", shape, number.dtype, items=number.items)
    if left.kind != right.kind:
        return shapes.OTHER
    if is_homogeneous(left) and is_homogeneous(right):
        return joined(left, right, f"v{result.number}.")
    if left.kind != "number":
        return left if left == right else Type(left.kind)
    if is_kept(left) or is_kept(right):
        return left if left == right else shapes.OTHER
    shape = _either(left.shape, right.shape, f"v{result.number}.")
    array = left.array and right.array
    dtype = left.dtype
    if left.dtype != right.dtype:
        # A Python 0 that a float is added to is a float for all that matters.
        plain = (
            shape == shapes.SCALAR and not array and {left.dtype, right.dtype} == {"int", "float"}
        )
        dtype = "float" if plain else "unknown"
    return Type("number", shape, dtype, array, _is_own(left) and _is_own(right))


def _either(left: Shape, right: Shape, symbol: str) -> Shape:
    """Return the shape of what has the one or the other: of one rank, where both have it."""
    if left == right:
        return left
    if not isinstance(left, Known) or not isinstance(right, Known) or left.rank != right.rank:
        return shapes.unknown(symbol)
    pairs = enumerate(zip(left.dimensions, right.dimensions, strict=True))
    return Known(tuple(a if a == b else f"{symbol}{place}" for place, (a, b) in pairs))


def _constant(module: Module, text: str) -> Type:
    if text.startswith("module:"):
        return _module_constant(module, text.removeprefix("module:"))
    if "." in text and text.split(".", maxsplit=1)[0] in ("numpy", "math"):
        last = text.rsplit(".", 1)[-1]
        numbers = ("pi", "e", "inf", "nan", "tau", "euler_gamma")
        return Type(dtype="float") if last in numbers else shapes.OTHER
    try:
        return literal_type(ast.parse(text, mode="eval").body)
    except (ValueError, SyntaxError):
        return shapes.OTHER


def _module_constant(module: Module, name: str) -> Type:
    value = constant_value(module, name)
    if value is not None:
        try:
            return literal_type(value)
        except ValueError:
            path = None
            if isinstance(value, ast.Attribute):
                from codegen.build.scope import Scope

                path = Scope(module, frozenset()).path(value)
            if path is not None:
                return _constant(module, path)
    return Type("number", shapes.unknown(f"{name}."))
