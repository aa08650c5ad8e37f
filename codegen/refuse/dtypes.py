"""Arrays written in place whose dtype is that of a parameter: it is checked when it runs.

numpy cuts off what is written into an array of whole numbers, which has no slope.
"""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built


def check_dtypes(built: Built, facts: TypeFacts, active: set[ir.Value]) -> None:
    """Note the parameters of which one must be a float array, or stores would be cut off."""
    sources = _sources(built)
    for operation in ir.operations(built.function.body):
        if not isinstance(operation, ir.Store) or operation.result not in active:
            continue
        base, stored = operation.operands[0], operation.operands[1:2]
        if facts[base].kind != "number" or any(facts[v].dtype in ("int", "bool") for v in stored):
            continue
        found: set[ir.Value] = set()
        left = [base]
        while left:
            value = left.pop()
            if value not in found and facts[value].dtype == "unknown":
                found.add(value)
                left += sources.get(value, [])
        among = tuple(p.value for p in built.parameters if p.value in found)
        if among and among not in facts.promoted:
            facts.promoted.append(among)


def _sources(built: Built) -> dict[ir.Value, list[ir.Value]]:
    """Return for each value what its dtype may come from."""
    found: dict[ir.Value, list[ir.Value]] = {}
    for operation in ir.operations(built.function.body):
        match operation:
            case ir.For() | ir.While():
                for one in ir.carried(operation):
                    for value in (one.parameter, one.result, *([one.tested] if one.tested else [])):
                        found[value] = [one.start, one.next]
            case ir.If():
                for place, result in enumerate(operation.results):
                    found[result] = ir.arms(operation, place)
            case _:
                for result in operation.results:
                    found[result] = list(operation.operands)
    return found
