"""What numba cannot compile, with the place: of the author's lines, and of their reverse."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from codegen import expressions as e
from codegen import ir
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Line
from codegen.build.scope import Scope
from codegen.errors import Problems
from codegen.parse import Module
from codegen.shapes import Known
from codegen.source import Span
from codegen.spell import adding
from codegen.stage.paper import Paper, lines_in
from codegen.stage.statements import Statement, groups_in
from codegen.templating import has_own_helper
from codegen.text.axes import with_plain_axes
from codegen.text.numba_table import (
    ATTRIBUTES,
    BUILTINS,
    HELPERS,
    MATH,
    METHODS,
    NUMPY,
    OF_NUMBERS,
    UFUNCS,
)
from codegen.text.numba_words import in_numba_words

MASK = "a mask of several axes as an index"
JOINING = ("stack", "concatenate", "hstack", "vstack", "column_stack")
LISTED = "docs/numba.md says what numba compiles"
WAYS_OUT = {
    "a list as an index": "make it an array: x[np.array([0, 1])]",
    MASK: "write np.where, or a loop over the first axis",
    "np.add.at": "add in a loop over the index",
    "np.array of an array": "write `x.copy()`",
    "np.asarray with `dtype=float`": "write `np.float64` for `float`",
    "np.stack of an array": "it is one array already: write `x.copy()`",
    "np.array of a list": "write `np.stack((x, y))`",
    "np.asarray of a list": "write `np.stack((x, y))`",
    "products of ints": "make them floats: x.astype(np.float64)",
    "`.astype()` with keywords": "write `x.astype(np.float64)`",
    "np.matmul": "write `a @ b`",
    "np.max with `axis`": "take the largest in a loop over the axis",
    "np.mean with `axis`": "write `np.sum(x, axis=0) / x.shape[0]`",
    "np.min with `axis`": "take the smallest in a loop over the axis",
    "np.sum with `keepdims`": "write `np.expand_dims(np.sum(x, axis=1), 1)`",
    "np.result_type": "annotate the arrays as floats: x: Float[np.ndarray, ...]",
}


def refuse_uncompiled(module: Module, paper: Paper, problems: Problems) -> None:
    """Note down each place of a function that numba does not compile."""
    words = _Words(module, paper.facts)
    found: dict[tuple[Span | None, str], str] = {}
    for parameter in paper.built.parameters:
        kind = paper.facts[parameter.value].kind
        if kind == "dict":
            found[parameter.value.span, "dicts"] = "pass the entries one by one"
        elif kind != "number" and parameter in paper.selection.inputs:
            what = f"the gradient of `{parameter.name}`, which is a {kind}"
            found[parameter.value.span, what] = "pass an array, or leave it out of --wrt"
    for returned in paper.selection.outputs:
        output = paper.facts[returned.value]
        if not output.scalar and not (output.array and output.dtype == "float"):
            what = "the cotangent of what may hold ints"
            found[returned.span, what] = WAYS_OUT["np.result_type"]
    for part, span in _forward(module, paper):
        for what in words.uncompiled(part):
            found[span, what] = _way_out(what)
    rows = {span.line for span, _ in found if span is not None}
    for part, span in _backward(paper):
        for what in () if span.line in rows else words.uncompiled(part):
            found[span, f"{what}, which the gradient of this needs"] = _way_out(what)
    for (place, what), way_out in found.items():
        problems.add("numba", f"numba does not compile {what}", place, way_out)
    for store in _overlapping(paper):
        problems.add(
            "numba",
            "numba reads entries that this update has changed already, where numpy does not",
            store.span,
            "copy the right side: a[1:] += a[:-1].copy()",
        )


def _overlapping(paper: Paper) -> Iterator[ir.Store]:
    """Yield updates of a part of an array by another part, as it stands: `a[1:] += a[:-1]`."""
    for line in lines_in(paper):
        value = line.expression.value if isinstance(line.expression, e.Primal) else None
        if line.kind != "store" or line.operator not in ("+", "-", "*", "/") or value is None:
            continue
        store = paper.built.definition.get(line.values()[0])
        spelled = paper.built.spelling.get(value)
        is_same = isinstance(spelled, e.Subscript) and spelled.index == line.index
        shown = paper.cells.views.get(value)
        if isinstance(store, ir.Store) and shown is paper.cells.of(store.result) and not is_same:
            yield store


def _way_out(words: str) -> str:
    name = words.removesuffix("(...)` of an array").removeprefix("`")
    way_out = WAYS_OUT.get(words)
    if words.endswith(" of a list") and way_out is None:
        way_out = f"give a tuple: {words.split(maxsplit=1)[0]}((x, y))"
    if name in OF_NUMBERS:
        way_out = f"write `{OF_NUMBERS[name]}`"
    return LISTED if way_out is None else f"{way_out}; {LISTED}"


def _forward(module: Module, paper: Paper) -> Iterator[tuple[e.Expression, Span]]:
    """Yield what the printed lines say, with the places."""
    for name in paper.built.helpers:
        yield from _of_helper(module, name)
    for line in lines_in(paper):
        if line.index is not None and line.operator == "at":
            yield e.call("numpy.add.at"), line.span
        elif line.index is not None:
            for index in (line.index, paper.resolver.lowered(line.index)):
                yield e.Subscript(e.Name("_"), index), line.span
    for operation, span in _on_paper(paper):
        for spelled in (paper.built.spelling.get(result) for result in operation.results):
            if spelled is not None:
                yield spelled, span
            if isinstance(spelled, e.Subscript):
                yield e.Subscript(spelled.base, paper.resolver.lowered(spelled.index)), span


def _of_helper(module: Module, name: str) -> Iterator[tuple[e.Expression, Span]]:
    """Yield the calls in a function of the file that stays a call."""
    node = module.functions[name]
    scope = Scope(module, frozenset(argument.arg for argument in node.args.args))
    for call in ast.walk(node):
        path = scope.path(call.func) if isinstance(call, ast.Call) else None
        if path is not None:
            assert isinstance(call, ast.Call)
            arguments = (e.Name("_"),) * len(call.args)
            keywords = tuple((word.arg or "", e.Name("_")) for word in call.keywords)
            yield e.Call(e.Library(path), arguments, keywords), module.source.span(call)


def _on_paper(paper: Paper) -> Iterator[tuple[ir.Operation, Span]]:
    """Yield the operations of lines that are printed, with their places."""
    rows = {line.span.line for line in lines_in(paper)}
    for operation in ir.operations(paper.built.function.body):
        line = paper.built.line_of.get(operation)
        span = operation.span or (None if line is None else line.span)
        if span is not None and (span.line in rows or (line and line.span.line in rows)):
            yield operation, span


def _backward(paper: Paper) -> Iterator[tuple[e.Expression, Span]]:
    """Yield what the backward statements say, with the places of the lines they go back through.

    What belongs to no line, as zeros to add to, has the place of the value that it is the
    gradient of.
    """
    made: list[tuple[Line | None, Statement]] = [(None, one) for one in paper.zeros]
    made += [(g.line, statement) for g in groups_in(paper.nodes) for statement in g.statements]
    for line, statement in made:
        target = None if statement.target is None else statement.target.span
        span = target if line is None else line.span
        if span is None:
            continue
        plain = with_plain_axes(statement, paper.facts)
        is_added = statement.index is not None and statement.form == "at"
        if is_added and not adding(statement.index or e.Literal("..."))[0]:
            yield e.call("numpy.add.at"), span
        if plain.index is not None:
            yield e.Subscript(e.Name("_"), plain.index), span
        for part in plain.parts():
            yield in_numba_words(paper.resolver.lowered(part)), span


@dataclass(frozen=True)
class _Words:
    """Says in words what of an expression numba does not compile."""

    module: Module
    facts: TypeFacts

    def uncompiled(self, expression: e.Expression) -> Iterator[str]:
        """Yield each thing."""
        for node in e.walk(expression):
            words = self._of_node(node)
            if words is not None:
                yield words

    def _of_node(self, node: e.Expression) -> str | None:
        match node:
            case e.Binary("@", left, right):
                return self._of_product((left, right))
            case e.Call(e.Library(path), arguments, keywords):
                return self._of_library(path, arguments, keywords)
            case e.Call(e.Attribute(_, "clip"), bounds, _) if all(map(self._is_none, bounds)):
                return "`.clip()` without bounds"
            case e.Call(e.Attribute(_, "astype"), _, (_, *_)):
                return "`.astype()` with keywords"
            case e.Call(e.Attribute(_, method), arguments, keywords) if method in METHODS:
                return _of_parameters(f"`.{method}()`", METHODS[method], len(arguments), keywords)
            case e.Call(e.Name(name), arguments, _):
                if name in OF_NUMBERS and self._has_array(arguments):
                    return f"`{name}(...)` of an array"
                if any(map(self._is_list_of_arrays, arguments)):
                    return f"`{name}(...)` of a list of arrays"
                known = name in BUILTINS or name in self.module.functions
                return None if known else f"`{name}(...)`"
            case e.Attribute(_, name):
                return None if name in METHODS or name in ATTRIBUTES else f"`.{name}`"
            case e.Helper(name):
                compiles = name in HELPERS or has_own_helper(name, "numba")
                return None if compiles else f"`{name}`"
            case e.Subscript(e.Library(path), _):
                return path.replace("numpy.", "np.")  # np.r_, np.c_
            case e.Subscript(_, index):
                return self._of_index(index)
            case e.Mapping():
                return "dicts"
            case e.FormattedString():
                return "f-strings"
        return None

    def _of_library(
        self,
        path: str,
        arguments: tuple[e.Expression, ...],
        keywords: tuple[tuple[str, e.Expression], ...],
    ) -> str | None:
        library, _, name = path.partition(".")
        short = f"np.{name}" if library == "numpy" else path
        if library == "math":
            if name not in MATH:
                return short
            return None if len(arguments) == MATH[name] else f"{short} of {len(arguments)} numbers"
        if library != "numpy":
            return short
        if name in UFUNCS:
            return f"{short} with `{keywords[0][0]}`" if keywords else None
        if name not in NUMPY:
            return short
        if name == "dot":
            return self._of_product(arguments)
        ranks = [rank for rank in map(self._rank, arguments[:1]) if rank is not None]
        if name.startswith("linalg.") and any(rank > 2 for rank in ranks):
            return "stacks of matrices"
        if name in ("array", "float64") and any(ranks):
            return f"{short} of an array"
        given = self._of_given(name, arguments, ranks)
        if given is not None:
            return f"{short} {given}"
        if name == "linalg.norm" and any(_is_text(one) for one in dict(keywords).values()):
            return f"{short} by a name"
        if name in ("array", "asarray") and ("dtype", e.Name("float")) in keywords:
            return f"{short} with `dtype=float`"
        return _of_parameters(short, NUMPY[name], len(arguments), keywords)

    def _of_given(
        self, name: str, arguments: tuple[e.Expression, ...], ranks: list[int]
    ) -> str | None:
        """Say which operands a function does not take, though it takes others."""
        if name == "clip" and 0 in ranks:
            return "of a number"
        if name == "clip" and all(self._is_none(one) for one in arguments[1:]):
            return "without bounds"
        if name == "trace" and any(rank > 2 for rank in ranks):
            return "of more than two axes"
        if name == "vdot" and any(rank > 1 for rank in ranks):
            return "of more than one axis"
        if name in ("full", "full_like") and self._has_array(arguments[1:2]):
            return "with an array to fill in"
        if name in JOINING and self._has_array(arguments[:1]):
            return "of an array"
        joined = name in JOINING and any(map(self._is_list, arguments[:1]))
        return "of a list" if joined or any(map(self._is_list_of_arrays, arguments[:1])) else None

    def _is_list(self, node: e.Expression) -> bool:
        return isinstance(node, e.Primal) and self.facts.types[node.value].kind == "list"

    def _is_list_of_arrays(self, node: e.Expression) -> bool:
        if not isinstance(node, e.Primal) or not self._is_list(node):
            return False
        return not all(item.scalar for item in self.facts.types[node.value].items)

    def _of_index(self, index: e.Expression) -> str | None:
        is_tuple = isinstance(index, e.Sequence) and index.kind == "tuple"
        for item in index.items if isinstance(index, e.Sequence) and is_tuple else (index,):
            if isinstance(item, e.Sequence):
                return "a list as an index"
            if isinstance(item, e.Call) and item.function == e.Library("numpy.eye"):
                return MASK
            kind = self.facts.types.get(item.value) if isinstance(item, e.Primal) else None
            if kind is not None and kind.dtype == "bool" and (self._rank(item) or 0) > 1:
                return MASK
        return None

    def _of_product(self, sides: tuple[e.Expression, ...]) -> str | None:
        kinds = [self.facts.types.get(s.value) for s in sides if isinstance(s, e.Primal)]
        if any(kind is not None and kind.dtype in ("int", "bool") for kind in kinds):
            return "products of ints"
        ranks = [rank for rank in map(self._rank, sides) if rank is not None]
        return "products of arrays of more than two axes" if any(r > 2 for r in ranks) else None

    def _rank(self, node: e.Expression) -> int | None:
        """Return the number of axes of a value, where it is known."""
        if isinstance(node, (e.Primal, e.Cotangent)) and node.value in self.facts.types:
            kind = self.facts.types[node.value]
            if kind.kind == "number" and isinstance(kind.shape, Known):
                return kind.shape.rank
        return None

    def _is_none(self, node: e.Expression) -> bool:
        if isinstance(node, e.Primal):
            return self.facts.types[node.value].kind == "none"
        return node == e.Literal("None")

    def _has_array(self, arguments: tuple[e.Expression, ...]) -> bool:
        return any(self._rank(argument) for argument in arguments)


def _is_text(node: e.Expression) -> bool:
    return isinstance(node, e.Literal) and node.text[:1] in "'\""


def _of_parameters(
    short: str, parameters: str, count: int, keywords: tuple[tuple[str, e.Expression], ...]
) -> str | None:
    """Say which argument a function does not take in compiled code, if there is one."""
    known = parameters.split()
    for keyword, _ in keywords:
        if keyword not in known:
            return f"{short} with `{keyword}`"
    if count > len(known):
        return f"{short} with {'an axis' if known == ['a'] else 'so many arguments'}"
    return None
