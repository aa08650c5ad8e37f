"""What a function that is called by a pair may not do."""

from __future__ import annotations

from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import Problems
from codegen.pairs.names import Pair
from codegen.parse import Module


def refuse(
    module: Module, pair: Pair, built: Built, facts: TypeFacts, problems: Problems
) -> None:
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
        if parameter.value in built.changed or facts[parameter.value].kind == "dict":
            problems.add(
                "recursion",
                f"`{pair.name}` calls itself, and is given the dict `{parameter.name}`",
                parameter.value.span or span,
                "give it the entries as arguments",
            )
    for returned in built.returned:
        if facts[returned.value].kind != "number":
            problems.add(
                "recursion",
                f"`{pair.name}` calls itself, and returns a {facts[returned.value].kind}",
                returned.span,
                "return an array, or several numbers: `return a, b`",
            )
    if len(built.returned) != len(pair.results):
        problems.add(
            "recursion",
            f"`{pair.name}` calls itself, and returns a tuple in another",
            span,
            "return all values side by side: `return a, b, c`",
        )
