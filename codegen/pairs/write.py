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
from codegen.pairs.given_functions import specialise
from codegen.pairs.graph import acting, named_functions, reached, recursive
from codegen.pairs.kept import Form, forms_of, rewrite
from codegen.pairs.names import LIBRARY, Pair, all_names, named_after, results_of
from codegen.pairs.parameters import Seen
from codegen.pairs.settle import settle
from codegen.pairs.shared import shared
from codegen.pairs.wrapper import private, wrapper
from codegen.parse import Import, Module
from codegen.request import Options
from codegen.source import Span

BuildTyped = Callable[[Module, ast.FunctionDef, Problems], tuple[Built, TypeFacts]]


@contextmanager
def paired(
    module: Module, options: Options, build_typed: BuildTyped, inlined: list[str] | None
) -> Iterator[list[Pair]]:
    """Let functions that call themselves be called by pairs; give those that are private.

    So are long functions that are called more than once, where they can be: with their names added
    to `inlined`, or none of them, if that is None.
    """
    if not any(named_functions(module, node) for node in module.functions.values()):
        yield []
        return
    module.takers = specialise(module)
    roots = [name for name in _roots(module, options) if name not in module.takers]
    names = recursive(module, roots)
    forms = forms_of(module, roots) if names else []
    for form in forms:
        rewrite(module, form)
    names = [*names, *(n for form in forms for n in (form.forward, form.backward))]
    if names and options.target == "numba":
        raise _refusal(
            module,
            names[0],
            "and numba compiles no cache that holds its own kind",
            "write it with a loop, or leave --target numba out",
        )
    is_usual = options.target == "numpy" and options.jacobian is None and not module.classes
    more = shared(module, roots) if inlined is not None and is_usual else []
    state = _Known(module, options, build_typed, roots, set(names), set(more) - set(names), forms)
    if not names and not more:
        yield []
        return
    LIBRARIES[LIBRARY] = LIBRARY
    try:
        while True:
            pairs = state.settled()
            if pairs is not None:
                break
        if inlined is not None:
            inlined += sorted(state.more)
        with gates_known(pairs.values()):
            yield [p for p in pairs.values() if not (p.is_public or p.is_plain)]
    finally:
        LIBRARIES.pop(LIBRARY, None)


class _Known:
    """Tries what can be a pair, and which ones are public, until all of it holds."""

    def __init__(
        self,
        module: Module,
        options: Options,
        build_typed: BuildTyped,
        roots: list[str],
        recursive: set[str],
        more: set[str],
        forms: list[Form],
    ) -> None:
        self.module, self.options, self.build_typed = module, options, build_typed
        self.roots = roots
        self.recursive = recursive
        self.forms = forms
        self.more = more  # those that may as well be inlined
        self.plain: set[str] = set()
        self.public = {*roots} & {*recursive, *more} if options.style == "split" else set()
        self.functions = dict(module.functions)
        self.imports, self.promises = dict(module.imports), dict(module.promises)

    def settled(self) -> dict[str, Pair] | None:
        """Return the pairs with all that is known of them; None if some must not be one."""
        module = self.module
        module.functions, module.imports = dict(self.functions), dict(self.imports)
        module.promises = dict(self.promises)
        module.plain = {name: self.functions[name] for name in reached(module, self.plain)}
        names = [name for name in self.functions if name in self.recursive | self.more]
        pairs = _pairs(module, names, self.public)
        for form in self.forms:
            if form.forward in pairs:
                pairs[form.forward].keeps = form.names
                pairs[form.forward].taker = form.backward
        for name in self.plain:
            pairs[name].is_plain, pairs[name].is_public = True, False
        try:
            _rewrite(module, pairs)
            settle(module, pairs, self.build_typed, self._looks)
        except CodegenError:
            if not self.more:
                raise
            self.more = set()  # one of them is no pair
            return None
        with gates_known(pairs.values()):
            idle = {p.name for p in pairs.values() if not (p.is_plain or p.wrt or p.has_effects)}
            private = {p.name for p in pairs.values() if p.is_public and not self._is_asked_for(p)}
        unfit = {name for name in self.more if not pairs[name].is_exact} | (idle & self.more)
        self.more -= unfit
        self.plain |= idle - unfit
        self.public -= private | idle | unfit
        return None if private or idle or unfit else pairs

    def _looks(self) -> Iterator[Seen]:
        for name in self.roots:
            node, problems = self.module.functions[name], Problems(self.module.source)
            try:
                built, facts = self.build_typed(self.module, node, problems)
            except CodegenError:
                continue  # to be refused
            yield Seen(built, facts, select.candidates(self.module, built, facts, self.options))

    def _is_asked_for(self, pair: Pair) -> bool:
        """True if what is written out for a function is all that its calls ask for."""
        module, problems = self.module, Problems(self.module.source)
        built, facts = self.build_typed(module, pair.node, problems)
        span = module.source.span(pair.node)
        selection = select.select(module, built, facts, self.options, problems, span)
        if problems or selection is None:
            return False
        places = [built.returned.index(returned) for returned in selection.outputs]
        return [p.name for p in selection.inputs] == list(pair.wrt) and places == list(pair.of)


def _roots(module: Module, options: Options) -> list[str]:
    """Return the functions that are written out, and all that classes may call."""
    if module.is_script or module.classes:
        return list(module.functions)
    return [node.name for node in select.functions(module, options, Problems(module.source))]


def _rewrite(module: Module, pairs: dict[str, Pair]) -> None:
    """Give the calls of pairs lines of their own, in all functions."""
    active = acting(module)
    followed = {name: pair for name, pair in pairs.items() if not pair.is_plain}
    for name, node in module.functions.items():
        made = Calls(module, node, followed, active).rewritten()
        pair = pairs.get(name)
        if pair is None:
            module.functions[name] = made
            continue
        if pair.is_plain:
            pair.node = made
            module.imports[name] = Import(f"{LIBRARY}.{name}", ast.Import([]))
            continue
        pair.node = made if pair.is_public else private(module, made)
        module.paired[pair.node] = name
        module.functions[name] = made if pair.is_public else wrapper(module, pair, made)
        for path in (pair.forward, pair.backward):
            module.imports[path] = Import(f"{LIBRARY}.{path}", ast.Import([]))


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
        if forward == name and taken & {backward}:  # of a pair that we wrote
            forward, backward = f"{name}_forward", f"{name}_backward"
        is_public = name in public and not is_tuple and not taken & {forward, backward} - {name}
        if not is_public:
            forward, backward = f"_{forward.lstrip('_')}", f"_{backward.lstrip('_')}"
            while taken & {forward, backward}:
                forward, backward = f"{forward}_", f"{backward}_"
        taken |= {forward, backward}
        found[name] = Pair(name, node, forward, backward, results, is_tuple, is_public=is_public)
    return found


def _refusal(module: Module, name: str, why: str, help: str) -> CodegenError:
    span = module.source.span(module.functions[name])
    line = module.source.line(span.line).rstrip()
    head = Span(span.line, span.column, span.line, len(line))
    message = f"`{name}` calls itself, {why}"
    return CodegenError([Problem("recursion", message, head, help)], module.source)
