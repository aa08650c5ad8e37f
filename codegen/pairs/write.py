"""What of a file becomes pairs: their gates are known while the file is compiled."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from codegen import select
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problem, Problems
from codegen.gates.pattern import LIBRARIES
from codegen.pairs.calls import Calls
from codegen.pairs.gates import gates_known
from codegen.pairs.graph import acting, recursive
from codegen.pairs.names import LIBRARY, Pair, all_names, named_after, results_of
from codegen.pairs.parameters import Seen
from codegen.pairs.settle import settle
from codegen.pairs.wrapper import private, wrapper
from codegen.parse import Import, Module
from codegen.request import Options
from codegen.source import Span

BuildTyped = Callable[[Module, ast.FunctionDef, Problems], tuple[Built, TypeFacts]]


@contextmanager
def paired(module: Module, options: Options, build_typed: BuildTyped) -> Iterator[list[Pair]]:
    """Let functions that call themselves be called by pairs; give those that are private."""
    roots = _roots(module, options)
    names = recursive(module, roots)
    if not names:
        yield []
        return
    if options.target == "numba":
        raise _refusal(
            module,
            names[0],
            "and numba compiles no cache that holds its own kind",
            "write it with a loop, or leave --target numba out",
        )
    before = dict(module.functions), dict(module.imports), dict(module.promises)
    public = set(roots) & set(names) if options.style == "split" else set()

    def looks() -> Iterator[Seen]:
        for name in roots:
            seen = _look(module, name, options, build_typed)
            if seen is not None:
                yield seen

    LIBRARIES[LIBRARY] = LIBRARY
    try:
        while True:
            pairs = _pairs(module, names, public)
            _rewrite(module, pairs)
            settle(module, pairs, build_typed, looks)
            with gates_known(pairs.values()):
                asked = {
                    pair.name
                    for pair in pairs.values()
                    if pair.is_public and not _is_asked_for(module, pair, options, build_typed)
                }
                if not asked:
                    yield [pair for pair in pairs.values() if not pair.is_public]
                    return
            public -= asked
            module.functions, module.imports = dict(before[0]), dict(before[1])
            module.promises = dict(before[2])
    finally:
        LIBRARIES.pop(LIBRARY, None)


def _roots(module: Module, options: Options) -> list[str]:
    """Return the functions that are written out, and all that classes may call."""
    if module.is_script or module.classes:
        return list(module.functions)
    return [node.name for node in select.functions(module, options, Problems(module.source))]


def _look(module: Module, name: str, options: Options, build_typed: BuildTyped) -> Seen | None:
    """Return a function that is written out, unless it is to be refused."""
    node, problems = module.functions[name], Problems(module.source)
    try:
        built, facts = build_typed(module, node, problems)
    except CodegenError:
        return None
    inputs = select.candidates(module, built, facts, options)
    return Seen(built, facts, inputs)


def _rewrite(module: Module, pairs: dict[str, Pair]) -> None:
    """Give the calls of pairs lines of their own, in all functions."""
    active = acting(module)
    for name, node in module.functions.items():
        made = Calls(module, node, pairs, active).rewritten()
        pair = pairs.get(name)
        if pair is None:
            module.functions[name] = made
            continue
        pair.node = made if pair.is_public else private(module, made)
        module.functions[name] = made if pair.is_public else wrapper(module, pair, made)
        for path in (pair.forward, pair.backward):
            module.imports[path] = Import(f"{LIBRARY}.{path}", ast.Import([]))


def _is_asked_for(module: Module, pair: Pair, options: Options, build_typed: BuildTyped) -> bool:
    """True if what is written out for a function is all that its calls ask for."""
    problems = Problems(module.source)
    built, facts = build_typed(module, pair.node, problems)
    span = module.source.span(pair.node)
    selection = select.select(module, built, facts, options, problems, span)
    if problems or selection is None:
        return False
    places = [built.returned.index(returned) for returned in selection.outputs]
    return [p.name for p in selection.inputs] == list(pair.wrt) and places == list(pair.of)


def _pairs(module: Module, names: list[str], public: set[str]) -> dict[str, Pair]:
    taken = all_names(module)
    found = {}
    for name in names:
        node = module.functions[name]
        results, is_tuple = results_of(node)
        if not results:
            raise _refusal(
                module,
                name,
                "and returns nothing, so what it writes is not followed",
                "return a new array, or write it with a loop",
            )
        forward, backward = named_after(name)
        is_public = name in public and not is_tuple and not taken & {forward, backward} - {name}
        if not is_public:
            forward, backward = f"_{forward.lstrip('_')}", f"_{backward.lstrip('_')}"
            while taken & {forward, backward}:
                forward, backward = f"{forward}_", f"{backward}_"
        taken |= {forward, backward}
        found[name] = Pair(name, node, forward, backward, results, is_tuple, is_public)
    return found


def _refusal(module: Module, name: str, why: str, help: str) -> CodegenError:
    span = module.source.span(module.functions[name])
    line = module.source.line(span.line).rstrip()
    head = Span(span.line, span.column, span.line, len(line))
    message = f"`{name}` calls itself, {why}"
    return CodegenError([Problem("recursion", message, head, help)], module.source)
