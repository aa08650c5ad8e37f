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
from codegen.shapes import Known, Type


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
    return found


def promise(module: Module, pair: Pair, own: Seen, looks: Iterable[Seen]) -> bool:
    """Declare the parameters that nothing is known of; True if that is news.

    They are numbers, unless a call gives something else. What was once more is never less.
    """
    built, facts = own.built, own.facts
    kinds: dict[str, list[Type]] = {}
    for seen in looks:
        for name, given in _given(pair, seen):
            kinds.setdefault(name, []).append(seen.facts[given])
    news = False
    for argument, parameter in zip(arguments_of(pair.node), built.parameters, strict=True):
        known = module.promises.get(argument)
        is_open = parameter.value in facts.taken or argument in module.promises
        if argument.annotation is not None or not is_open:
            continue
        wanted = _annotation(kinds.get(argument.arg, []))
        if pair.is_public and isinstance(wanted, ast.Name):
            continue  # what is written out says so itself: `x = float(x)`
        if known is not None and _rank(wanted) < _rank(known):
            continue
        if known is None or ast.dump(wanted) != ast.dump(known):
            module.promises[argument] = wanted
            news = True
    return news


def _annotation(kinds: list[Type]) -> ast.expr:
    """Return what parameters are declared as that are given such values."""
    number = ast.Name("float", ast.Load())
    if any(not kind.scalar for kind in kinds):
        return ast.BinOp(number, ast.BitOr(), ast.Name("numpy.ndarray", ast.Load()))
    if kinds and all(kind.dtype == "int" for kind in kinds):
        return ast.Name("int", ast.Load())
    return number


def _rank(node: ast.expr) -> int:
    """Return a number that grows with what an annotation leaves open."""
    if isinstance(node, ast.BinOp):
        return 2
    return 1 if isinstance(node, ast.Name) and node.id == "float" else 0


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
    array = ast.Name("numpy.ndarray", ast.Load())
    if not kind.array:
        return ast.BinOp(ast.Name("float", ast.Load()), ast.BitOr(), array)
    words = {"float": "Float", "int": "Int", "bool": "Bool"}
    if not is_always or not isinstance(kind.shape, Known) or kind.dtype not in words:
        return array
    shape = ast.Constant(" ".join("_" for _ in kind.shape.dimensions))
    return ast.Subscript(
        ast.Name(f"jaxtyping.{words[kind.dtype]}", ast.Load()),
        ast.Tuple([array, shape], ast.Load()),
        ast.Load(),
    )


def promise_to_callers(
    module: Module, pairs: dict[str, Pair], own_of: dict[str, Seen], caller: ast.FunctionDef
) -> None:
    """Declare what a caller hands on as it is given it, and says nothing of, as its pair has it."""
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
            wanted = stated(facts[values[name]], node in always)
            if wanted is not None:
                module.promises.setdefault(argument, wanted)
