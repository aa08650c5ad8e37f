"""What a function that is called by a pair may not do."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, FormalParameter, root_of
from codegen.errors import Problems
from codegen.gates.type_rules_growing import holds_numbers
from codegen.pairs.names import Pair
from codegen.parse import Module


def refuse(module: Module, pair: Pair, built: Built, facts: TypeFacts, problems: Problems) -> None:
    """Add problems for what a call of a pair would not do as the author's call does."""
    span = module.source.span(pair.node)
    if built.written or built.is_presumed:
        name = built.written[0].name
        problems.add(
            "recursion",
            f"`{pair.name}` calls itself, and writes into `{name}`, which it is given",
            built.written[0].span,
            "return a new array, or write it with a loop",
        )
    for parameter in built.parameters:
        if parameter.value in built.changed:
            problems.add(
                "recursion",
                f"`{pair.name}` calls itself, and writes into the dict `{parameter.name}`",
                parameter.value.span or span,
                "return what it writes",
            )
    for returned in built.returned:
        if holds_numbers(facts[returned.value]) and not pair.is_tuple:
            continue  # a list of any length
        if facts[returned.value].kind != "number":
            kind = facts[returned.value].kind
            what = f"a {kind}" if kind in ("list", "tuple", "dict") else "what is not known here"
            help_ = "return an array, or several numbers: `return a, b`"
            if kind == "other" and not pair.is_tuple:
                help_ = "annotate it: `-> np.ndarray`, or `-> list[float]`"
            problems.add(
                "recursion",
                f"`{pair.name}` calls itself, and returns {what}",
                returned.span,
                help_,
            )
    if len(built.returned) != len(pair.results):
        problems.add(
            "recursion",
            f"`{pair.name}` calls itself, and returns a tuple in another",
            span,
            "return all values side by side: `return a, b, c`",
        )


def refuse_containers(
    pair: Pair, reaching: list[FormalParameter], facts: TypeFacts, problems: Problems
) -> None:
    """Add a problem for each list or dict that a gradient would go back to."""
    for parameter in reaching:
        root = root_of(parameter)
        kind = facts[root.value].kind
        if kind == "number" and parameter.kind != "entry":
            continue
        if holds_numbers(facts[root.value]):
            continue  # a list of numbers or arrays, or of such lists
        problems.add(
            "recursion",
            f"`{pair.name}` calls itself, and is given the {kind} `{root.name}`",
            root.value.span,
            "give it an array, or the items as arguments",
        )


def refuse_other_cache(module: Module, pair: Pair, problems: Problems) -> None:
    """Add a problem for a call that gives a backward what its own forward has not kept."""
    problems.add(
        "recursion",
        f"`{pair.name}` calls itself, and is given something else than its forward keeps",
        module.source.span(pair.node),
        "give it the cache that its forward returns, as it is",
    )


def refuse_endless(module: Module, owns: dict[str, Built], pairs: dict[str, Pair]) -> None:
    """Refuse functions that call themselves whatever they are given."""
    by_gate = {f"{pair.forward} 0": name for name, pair in pairs.items()}
    always = {
        name: {
            by_gate[operation.gate]
            for operation in built.function.body.operations
            if isinstance(operation, ir.Gate) and operation.gate in by_gate
        }
        for name, built in owns.items()
    }
    problems = Problems(module.source)
    for name, pair in pairs.items():
        found: set[str] = set()
        left = list(always[name])
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += always[one]
        if name in found:
            line = module.source.line(pair.node.lineno).rstrip()
            problems.add(
                "recursion",
                f"`{name}` calls itself on every path, so it never returns",
                module.source.span(pair.node)._replace(
                    end_line=pair.node.lineno, end_column=len(line)
                ),
                "return without a call where there is nothing left to do: `if n == 0: return 1.0`",
            )
    problems.raise_if_any()
