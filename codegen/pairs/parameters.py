"""What a pair's parameters are, where nothing in its function says it: what its calls give."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codegen import ir
from codegen.analyses.activity import varied
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, FormalParameter
from codegen.gates.declare import GATES
from codegen.nodes import assigned_names, nodes_of
from codegen.pairs.names import Pair, names_of
from codegen.parse import Module
from codegen.shapes import Known, Type, is_kept


@dataclass(frozen=True)
class Seen:
    """A function as it is with what is known so far, and by what it is differentiated."""

    built: Built
    facts: TypeFacts
    inputs: Sequence[FormalParameter]


def arguments_of(node: ast.FunctionDef) -> list[ast.arg]:
    """Return a function's parameters, in order."""
    given = node.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def _given(pair: Pair, seen: Seen) -> Iterator[tuple[str, ir.Value]]:
    """Yield what the calls of a pair in a function give: parameters and values."""
    for operation in ir.operations(seen.built.function.body):
        if isinstance(operation, ir.Gate) and operation.gate == f"{pair.forward} 0":
            is_led = GATES[operation.gate].follows is not None
            operands = operation.operands[1:] if is_led else operation.operands
            for name, given in zip(names_of(pair.node), operands, strict=False):
                if seen.facts[given].kind != "none":
                    yield name, given


def active_in_calls(pair: Pair, looks: Iterable[Seen]) -> set[str]:
    """Return the parameters that some call gives what the gradient goes back to."""
    found: set[str] = set()
    for seen in looks:
        inputs = {parameter.value for parameter in seen.inputs}
        depends = varied(seen.built.function, inputs, seen.facts) | inputs
        found |= {name for name, given in _given(pair, seen) if given in depends}
        if pair.is_public and seen.built.node is pair.node:
            found |= {parameter.name for parameter in seen.inputs}
    return found


def promise(module: Module, pair: Pair, own: Seen, outside: list[Seen], inside: list[Seen]) -> bool:
    """Declare the parameters of which the rank is not known, as the calls have it; True if news.

    Calls in the methods of classes are not seen. At first the calls from `outside` say what they
    are, then those in the pairs too. What has been said once may be taken back, but not said again.
    """
    news = False
    for argument, parameter in zip(arguments_of(pair.node), own.built.parameters, strict=True):
        known = module.promises.get(argument)
        kind = own.facts[parameter.value]
        if is_kept(kind):
            continue
        if argument.annotation is not None or (known is None and not _is_open(parameter, own)):
            continue
        looks = outside if known is None else [*outside, *inside]
        given = [t for seen in looks for name, t in kinds_given(pair, seen) if name == argument.arg]
        if not given and parameter.value not in own.facts.taken and known is None:
            continue
        wanted = None if module.classes else _declared(given)
        if wanted is None or (known is not None and ast.dump(wanted) != ast.dump(known)):
            is_float = known is not None and {_word(wanted), _word(known)} == {"float", "int"}
            wanted = ast.Name("float", ast.Load()) if is_float else _anything(kind)
        if pair.is_public and wanted is not None and kind.scalar and _word(wanted):
            continue  # what is written out says so itself: `x = float(x)`
        if pair.is_public and not kind.scalar:
            continue  # who calls it from elsewhere may give it something else
        if known is None or ast.dump(wanted) != ast.dump(known):
            module.promises[argument] = wanted
            news = True
    return news


def _is_open(parameter: FormalParameter, own: Seen) -> bool:
    """True if a parameter is taken as a number, or of a rank that nothing shows."""
    kind = own.facts[parameter.value]
    is_unknown = kind.kind == "number" and not isinstance(kind.shape, Known)
    return parameter.value in own.facts.taken or is_unknown


def kinds_given(pair: Pair, seen: Seen) -> Iterator[tuple[str, Type]]:
    """Yield what the calls of a pair in a function give: parameters and types."""
    for name, given in _given(pair, seen):
        yield name, seen.facts[given]


def _word(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _anything(kind: Type) -> ast.expr:
    """Return what is declared where calls differ: an array, if the function shows one."""
    array = ast.Name("numpy.ndarray", ast.Load())
    if kind.array and not kind.scalar:
        return array
    return ast.BinOp(ast.Name("float", ast.Load()), ast.BitOr(), array)


def _declared(kinds: list[Type]) -> ast.expr | None:
    """Return what a parameter is declared as that is given such values; None where they differ."""
    if all(kind.scalar for kind in kinds):
        is_whole = bool(kinds) and all(kind.dtype == "int" for kind in kinds)
        return ast.Name("int" if is_whole else "float", ast.Load())
    ranks = {kind.shape.rank if isinstance(kind.shape, Known) else None for kind in kinds}
    rank = ranks.pop()
    if rank is None or ranks or not all(kind.array for kind in kinds):
        return None
    dtypes = {kind.dtype for kind in kinds}
    return _array(dtypes.pop() if len(dtypes) == 1 else "unknown", rank)


def _array(dtype: str, rank: int) -> ast.expr:
    words = {"float": "Float", "int": "Int", "bool": "Bool"}
    array = ast.Name("numpy.ndarray", ast.Load())
    shape = ast.Constant(" ".join("_" * rank))
    return ast.Subscript(
        ast.Name(f"jaxtyping.{words.get(dtype, 'Shaped')}", ast.Load()),
        ast.Tuple([array, shape], ast.Load()),
        ast.Load(),
    )


def stated(kind: Type, is_always: bool) -> ast.expr | None:
    """Return the annotation of what a caller hands on; on some paths only, of any rank."""
    if kind.kind == "text":
        return ast.Name("str", ast.Load())
    if kind.kind in ("list", "tuple", "dict"):
        return ast.Name(kind.kind, ast.Load())
    if kind.kind != "number":
        return None
    if kind.scalar and not kind.array:
        return ast.Name(kind.dtype, ast.Load()) if kind.dtype in ("int", "bool") else None
    if not kind.array:
        return _anything(kind)
    if not is_always or not isinstance(kind.shape, Known) or kind.dtype == "unknown":
        return ast.Name("numpy.ndarray", ast.Load())
    return _array(kind.dtype, kind.shape.rank)


def promise_to_callers(
    module: Module,
    pairs: dict[str, Pair],
    own_of: dict[str, Seen],
    caller: ast.FunctionDef,
    is_pair: bool = False,
) -> None:
    """Declare what a caller hands on as it is given it, and says nothing of, as its pair has it.

    Of one that `is_pair` itself, the rank that nothing shows is that of what it is given.
    """
    assigned = assigned_names(caller.body)
    own = {argument.arg: argument for argument in arguments_of(caller)}
    regions = (ast.If, ast.For, ast.While)
    always = {
        part
        for statement in caller.body
        if not isinstance(statement, regions)
        for part in nodes_of(statement)
    }
    found = [part for part in nodes_of(caller) if isinstance(part, ast.Call)]
    for node in sorted(found, key=lambda part: part not in always):
        pair = pairs.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if pair is None:
            continue
        facts = own_of[pair.name].facts
        values = {p.name: p.value for p in own_of[pair.name].built.parameters}
        named = list(zip(values, node.args, strict=False))
        named += [(k.arg, k.value) for k in node.keywords if k.arg in values]
        for name, part in named:
            argument = own.get(part.id) if isinstance(part, ast.Name) else None
            if argument is None or argument.annotation is not None or argument.arg in assigned:
                continue
            kind = facts[values[name]]
            wanted = stated(kind, node in always)
            is_sure = kind.kind == "number" and (kind.array or kind.dtype in ("int", "bool"))
            if wanted is not None and (is_sure or not is_pair):
                module.promises.setdefault(argument, wanted)
