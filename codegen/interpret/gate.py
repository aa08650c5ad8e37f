"""A gate evaluated by its name: from the first of its patterns that takes the operands."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from codegen import ir
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.pattern import LIBRARIES, Pattern
from codegen.interpret import library as lib
from codegen.interpret.expression import Read, literal
from codegen.verify import fitting

Operands = Sequence[Any]


def gate(operation: ir.Gate, read: Read) -> Any:
    """Return a gate's result; raises what numpy or Python raise.

    What has no pattern (another name, a recognised composite, a chain of comparisons) is evaluated
    here. Operands are read as Python does: those of `and` and `or` one by one.
    """
    statics = dict(operation.statics)
    match operation.gate:
        case "boolean":
            return _boolean(str(statics["operator"]), operation.operands, read)
        case "test":
            return _test(statics["operators"], operation.operands, read)
    operands = [read(operand) for operand in operation.operands]
    match operation.gate:
        case "alias" | "stop":
            return operands[0]
        case "maximum_half":
            return lib.function("numpy.maximum")(operands[0], literal(str(statics["C"])))
        case "cho_solve":
            factor = operands[0], statics["lower"]
            return lib.function("scipy.linalg.cho_solve")(factor, operands[1])
        case "lu_solve":
            return lib.function("scipy.linalg.lu_solve")(tuple(operands[:2]), operands[2])
        case "shifted" | "normalized" | "log_shares" | "log_shares_of":
            return _last_line(operation.gate, operands)
        case "astype_or_kept":
            given = operands[-1] if statics["dtype"] == "?" else statics["dtype"]
            dtype = _dtype(given) if isinstance(given, str) else given
            return lib.method(operands[0], "astype")(dtype)
        case "pad_by":
            return lib.function("numpy.pad")(operands[0], operands[1], **statics)
        case "least":
            return min(operands)
        case "growing":
            return operands
    definition = GATES[operation.gate]
    if definition.spellings:
        return _spelled(definition, operands, statics)
    pattern = fitting(definition, len(operands), statics)
    if pattern is None:
        raise TypeError(f"the gate {operation.gate} takes no {len(operands)} operands")
    return _pattern(pattern, operands, statics)


def _boolean(operator: str, operands: tuple[ir.Value, ...], read: Read) -> Any:
    for operand in operands[:-1]:
        value = read(operand)
        if lib.truth(value) == (operator == "or"):
            return value
    return read(operands[-1])


def _test(operators: Any, operands: tuple[ir.Value, ...], read: Read) -> Any:
    left = read(operands[0])
    result: Any = True
    for place, (word, operand) in enumerate(zip(operators, operands[1:], strict=True)):
        right = read(operand)
        result = lib.operation(word)(left, right)
        if place < len(operators) - 1 and not lib.truth(result):
            return result
        left = right
    return result


def _spelled(definition: GateDefinition, operands: Operands, statics: Mapping[str, Any]) -> Any:
    """Return a composite's value by the first of its spellings."""
    tree = ast.parse(definition.spellings[0], mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            node.value = ast.copy_location(ast.Constant(statics[node.arg or ""]), node.value)
    names = dict(zip(definition.operands, map(np.asarray, operands), strict=False))
    return eval(compile(tree, definition.name, "eval"), {"np": np, **names})


def _pattern(pattern: Pattern, operands: Operands, statics: Mapping[str, Any]) -> Any:
    left = list(operands)
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for argument in pattern.arguments:
        match argument.role:
            case "operand":
                positional.append(left.pop(0))
            case "optional" if left and keywords:
                keywords[argument.name] = left.pop(0)
            case "optional" if left:
                positional.append(left.pop(0))
            case "literal":
                positional.append(literal(str(statics[argument.name])))
            case "rest" | "display":
                extra = sum(1 for value in statics.values() if value == "?")
                items = [left.pop(0) for _ in range(len(left) - extra)]
                positional += items if argument.role == "rest" else [items]
            case _ if argument.name in statics:
                given = statics[argument.name]
                keywords[argument.name] = left.pop(0) if given == "?" else given
    if isinstance(keywords.get("dtype"), str):
        keywords["dtype"] = _dtype(keywords["dtype"])
    match pattern.kind:
        case "operator" if len(positional) == 1:
            return lib.UNARY[pattern.key.removesuffix("x").strip()](*positional)
        case "operator":
            return lib.operation(pattern.key)(*positional)
        case "attribute":
            return getattr(positional[0], pattern.key[1:])
        case "method":
            return lib.method(positional[0], pattern.key[1:])(*positional[1:], **keywords)
        case "read":
            return lib.library(pattern.key)[tuple(positional[0])]
    key, _, item = pattern.key.partition("[")
    is_library = key.split(".")[0] in LIBRARIES.values()
    found = lib.function(key) if is_library else lib.builtin(key)
    result = found(*positional, **keywords)
    return result[int(item.rstrip("]"))] if item else result


def _dtype(text: str) -> Any:
    if "." in text:
        return lib.library(text)
    return {"float": float, "int": int, "bool": bool, "complex": complex}.get(text, text)


def _last_line(name: str, operands: list[Any]) -> Any:
    """Return what the last of several lines computes, of which one gate was made."""
    match name:
        case "normalized":
            return (operands[0] - operands[1]) / operands[2]
        case "log_shares":
            return operands[0] - lib.function("numpy.log")(operands[2])
    return operands[0] - operands[1]
