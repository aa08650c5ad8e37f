"""What numba cannot compile, with the place: in the author's lines, and in what goes back through them."""

from __future__ import annotations

from collections.abc import Iterator

from codegen import expressions as e
from codegen import ir
from codegen.errors import Problems
from codegen.parse import Module
from codegen.shapes import Known, Type
from codegen.source import Span
from codegen.stage.paper import Paper, lines_in
from codegen.stage.statements import Statement, groups_in
from codegen.templating import has_own_helper
from codegen.text_axes import with_plain_axes
from codegen.text_numba_table import ATTRIBUTES, BUILTINS, MATH, METHODS, NUMPY, UFUNCS
from codegen.text_numba_words import in_numba_words

LISTED = "docs/numba.md says what numba compiles"
WAYS_OUT = {
    "np.add.at": "add in a loop over the index",
    "np.matmul": "write `a @ b`",
    "np.max with `axis`": "take the largest in a loop over the axis",
    "np.mean with `axis`": "write `np.sum(x, axis=0) / x.shape[0]`",
    "np.min with `axis`": "take the smallest in a loop over the axis",
    "np.sum with `keepdims`": "write `np.expand_dims(np.sum(x, axis=1), 1)`",
    "np.result_type": "annotate the arrays as floats: x: Float[np.ndarray, ...]",
}


def refuse_uncompiled(module: Module, paper: Paper, problems: Problems) -> None:
    """Note down each place of a function that numba does not compile."""
    found: dict[tuple[Span | None, str], str] = {}
    for parameter in paper.selection.inputs:
        if paper.facts[parameter.value].kind != "number" or parameter.base is not None:
            words = f"the gradient of `{parameter.name}`, which is no array"
            found[parameter.value.span, words] = "pass an array, or leave it out of --wrt"
    for operation, span in _on_paper(paper):
        kinds = [paper.facts.types[value] for value in operation.operands]
        for result in operation.results:
            spelled = paper.built.spelling.get(result)
            for words in () if spelled is None else _uncompiled(spelled, kinds, module):
                found[span, words] = _way_out(words)
    rows = {span.line for span, _ in found if span is not None}
    for statement, span in _backward(paper):
        statement = with_plain_axes(statement, paper.facts)
        for part in statement.parts():
            lowered = in_numba_words(paper.resolver.lowered(part))
            for words in () if span.line in rows else _uncompiled(lowered, [], module):
                found[span, f"{words}, which the gradient of this needs"] = _way_out(words)
    for (span, words), way_out in found.items():
        problems.add("numba", f"numba does not compile {words}", span, way_out)


def _way_out(words: str) -> str:
    way_out = WAYS_OUT.get(words)
    return LISTED if way_out is None else f"{way_out}; {LISTED}"


def _on_paper(paper: Paper) -> Iterator[tuple[ir.Operation, Span]]:
    """Yield the operations of lines that are printed, with their places."""
    rows = {line.span.line for line in lines_in(paper)}
    for operation in ir.operations(paper.built.function.body):
        line = paper.built.line_of.get(operation)
        span = operation.span or (None if line is None else line.span)
        if span is not None and (span.line in rows or (line and line.span.line in rows)):
            yield operation, span


def _backward(paper: Paper) -> Iterator[tuple[Statement, Span]]:
    """Yield the backward statements, with the places of the lines that they go back through."""
    for group in groups_in(paper.nodes):
        for statement in group.statements:
            if group.line is not None:
                yield statement, group.line.span


def _uncompiled(expression: e.Expression, kinds: list[Type], module: Module) -> Iterator[str]:
    """Yield what an expression has that numba does not compile, in words."""
    for node in e.walk(expression):
        words = _of_node(node, module)
        if words is not None:
            yield words
    match expression:
        case e.Binary("@", _, _) | e.Call(e.Library("numpy.dot"), _, _):
            ranks = [k.shape.rank for k in kinds if isinstance(k.shape, Known)]
            if any(rank > 2 for rank in ranks):
                yield "products of arrays of more than two dimensions"
        case e.Call(e.Library(path), _, _) if path.startswith("numpy.linalg."):
            ranks = [k.shape.rank for k in kinds if isinstance(k.shape, Known)]
            if any(rank > 2 for rank in ranks):
                yield "stacks of matrices"


def _of_node(node: e.Expression, module: Module) -> str | None:
    match node:
        case e.Call(e.Library(path), arguments, keywords):
            return _of_library(path, len(arguments), [name for name, _ in keywords])
        case e.Call(e.Attribute(_, method), arguments, keywords):
            return _of_method(method, len(arguments), [name for name, _ in keywords])
        case e.Call(e.Name(name), _, _):
            known = name in BUILTINS or name in module.functions
            return None if known else f"`{name}(...)`"
        case e.Helper(name):
            return None if has_own_helper(name, "numba") else f"`{name}`"
        case e.Mapping():
            return "dicts"
        case e.FormattedString():
            return "f-strings"
    return None


def _of_library(path: str, count: int, keywords: list[str]) -> str | None:
    library, _, name = path.partition(".")
    short = f"np.{name}" if library == "numpy" else path
    if library == "math":
        return None if name in MATH else short
    if library != "numpy":
        return short
    if name in UFUNCS:
        return f"{short} with `{keywords[0]}`" if keywords else None
    if name not in NUMPY:
        return short
    return _of_parameters(short, NUMPY[name].split(), count, keywords)


def _of_method(method: str, count: int, keywords: list[str]) -> str | None:
    if method in ATTRIBUTES:
        return None
    if method not in METHODS:
        return f"`.{method}()`"
    return _of_parameters(f"`.{method}()`", METHODS[method].split(), count, keywords)


def _of_parameters(short: str, known: list[str], count: int, keywords: list[str]) -> str | None:
    """Say which argument a function does not take in compiled code, if there is one."""
    for keyword in keywords:
        if keyword not in known:
            return f"{short} with `{keyword}`"
    if count > len(known):
        return f"{short} with {'an axis' if known == ['a'] else 'so many arguments'}"
    return None
