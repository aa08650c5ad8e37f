"""Functions of another module of the project: called by the pair that was generated for them.

`from layers import affine_forward` becomes `from layers_split import affine_forward`, and each call
gets a name for its cache: `a, affine_cache = affine_forward(x, w, b)`. Its gate's backward body is
the call of `affine_backward`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

from codegen import shapes
from codegen.errors import CodegenError, Problem
from codegen.gates.declare import BY_KEY, GateDefinition, Statics, register, unregister
from codegen.gates.pattern import LIBRARIES, parse_pattern
from codegen.nodes import assigned_names, nodes_of
from codegen.parse import Import, Module
from codegen.request import FunctionReport, Generated, Options, Parameter
from codegen.shapes import OTHER, Type
from codegen.source import Source

Compile = Callable[[Source, Options], Generated]
LATER = (ast.Lambda, ast.IfExp, ast.BoolOp, ast.ListComp, ast.GeneratorExp, ast.DictComp)


@contextmanager
def followed(module: Module, options: Options, compile_source: Compile) -> Iterator[dict[str, str]]:
    """Let what a file imports of its neighbours be called by pairs; give their modules' texts."""
    texts: dict[str, str] = {}
    made: list[GateDefinition] = []
    libraries = dict(LIBRARIES)
    try:
        pairs: dict[str, FunctionReport] = {}
        for place, node in enumerate(module.tree.body):
            if not isinstance(node, ast.ImportFrom) or node.module not in options.neighbours:
                continue
            wanted = _wanted(module, node, options)
            if not wanted:
                continue
            reports = _reports(module, node, options, compile_source, (texts, wanted))
            module.tree.body[place] = _imported(module, node, reports, pairs)
            for report in {id(r): r for r in reports.values()}.values():
                library = f"{node.module}_split"
                LIBRARIES[library] = library
                for definition in _gates(library, report):
                    register(definition)
                    made.append(definition)
        if pairs:
            for name, function in module.functions.items():
                _Calls(module, function, pairs).rewrite(name)
        yield texts
    finally:
        for definition in made:
            unregister(definition)
        LIBRARIES.clear()
        LIBRARIES.update(libraries)


def _wanted(module: Module, node: ast.ImportFrom, options: Options) -> tuple[str, ...]:
    """Return the functions of a neighbour that are called here, and have no rule of their own."""
    try:
        tree = ast.parse(options.neighbours[str(node.module)].text)
    except SyntaxError:
        return ()
    there = {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}
    called = {
        part.func.id
        for function in module.functions.values()
        for part in nodes_of(function)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    }
    return tuple(
        alias.name
        for alias in node.names
        if alias.name in there
        and (alias.asname or alias.name) in called
        and f"{node.module}.{alias.name}" not in BY_KEY
    )


def _reports(
    module: Module,
    node: ast.ImportFrom,
    options: Options,
    compile_source: Compile,
    found: tuple[dict[str, str], tuple[str, ...]],
) -> dict[str, FunctionReport]:
    """Return the pairs that there are for the imported names."""
    name = str(node.module)
    texts, wanted = found
    if name in options.following:
        chain = " imports ".join([*options.following, name])
        _refuse(module, node, f"a cycle: {chain}", "move what both need into a third module")
    inner = replace(
        options,
        style="split",
        functions=wanted,
        wrt=None,
        of=None,
        defaults=None,
        returns="both",
        following=(*options.following, name),
    )
    made = compile_source(options.neighbours[name], inner)
    texts |= dict(made.modules)
    texts[f"{name}_split"] = made.text
    return {report.name: report for report in made.functions if report.name in wanted}


def _imported(
    module: Module,
    node: ast.ImportFrom,
    reports: dict[str, FunctionReport],
    pairs: dict[str, FunctionReport],
) -> ast.ImportFrom:
    """Return the import of the generated module; what has no pair is still the author's."""
    library = f"{node.module}_split"
    names = []
    for alias in node.names:
        report = reports.get(alias.name)
        if report is None:
            continue
        if len(report.of) > 1:
            message = f"`{alias.name}` has several outputs, which cannot be followed yet"
            _refuse(module, node, message, "define it in this file")
        if report.writes:
            message = f"`{alias.name}` writes into `{report.writes[0]}`, which is not followed here"
            _refuse(module, node, message, "define it in this file, or let it return a new array")
        own = alias.asname or alias.name
        pairs[own] = report
        shown = own if alias.asname else report.forward_name
        names.append(ast.alias(report.forward_name, own if alias.asname else None))
        module.imports.pop(own, None)
        pairs[own] = replace(report, forward_name=shown)
    if len(names) < len(node.names) and names:
        message = f"only some of these names are functions that `{node.module}` has pairs for"
        _refuse(module, node, message, "import the others in a line of their own")
    if not names:
        return node
    made = ast.copy_location(ast.ImportFrom(library, names, 0), node)
    for alias in names:
        bound = alias.asname or alias.name
        module.imports[bound] = Import(f"{library}.{alias.name}", made)
    return made


def _gates(library: str, report: FunctionReport) -> Iterator[GateDefinition]:
    """Return the gates of what a call gives: the value, and the cache."""
    arguments = ", ".join(p.name + ("=..." if p.has_default else "") for p in report.parameters)
    name = report.forward_name
    call = f"{library}.{name}({arguments})"
    names = [p.name for p in report.parameters]
    several = len(report.wrt) > 1
    back = f"{library}.{report.backward_name}(d, part(1))"
    cells = [
        (
            "None"
            if p not in report.wrt
            else (f"given(grads, {report.wrt.index(p)}, {p})" if several else back)
        )
        for p in names
    ]
    taken = ", ".join(["d", *names])
    lines = [f"def pair({taken}):"]
    lines += [f"    grads = {back}"] if several else []
    lines += [f"    return {', '.join(cells)}"]
    for place, (kind, rule, body) in enumerate(
        [("gate", _value, "\n".join(lines)), ("value", _cache, "def cache():\n    pass")]
    ):
        node = ast.parse(body).body[0]
        assert isinstance(node, ast.FunctionDef)
        yield GateDefinition(
            name=f"{library} {name} {place}",
            kind=kind,
            patterns=(parse_pattern(f"{call}[{place}]"),),
            rule=rule,
            doc=f"A call of {library}.{name}.",
            function=_no_function,
            tree=node,
            holomorphic=False,
            family="neighbours",
            keeps=True,
            has_effects=report.has_effects,
            gives=len(report.wrt) if several else 0,
        )


def _value(types: list[Type], statics: Statics, symbol: str) -> Type:
    return Type("number", shapes.unknown(symbol), "float", fresh=True)


def _cache(types: list[Type], statics: Statics, symbol: str) -> Type:
    return OTHER


def _no_function() -> None:
    """Stand in for bodies, which are trees."""


def _refuse(module: Module, node: ast.AST, message: str, help: str) -> NoReturn:
    raise CodegenError([Problem("follow", message, module.source.span(node), help)], module.source)


def _stated(parameter: Parameter) -> ast.expr | None:
    """Return an annotation that says of which rank and kind a declared array is."""
    kinds = {"float": "Float", "int": "Int", "bool": "Bool"}
    if parameter.kind != "array" or not parameter.declared or not parameter.shape:
        return None
    if parameter.dtype not in kinds:
        return None
    array = ast.Name("numpy.ndarray", ast.Load())
    words = ast.Constant(" ".join("_" for _ in parameter.shape))
    parts = ast.Tuple([array, words], ast.Load())
    return ast.Subscript(
        ast.Name(f"jaxtyping.{kinds[parameter.dtype]}", ast.Load()), parts, ast.Load()
    )


class _Calls:
    """Gives the calls of one function's statements lines of their own, with their caches."""

    def __init__(
        self, module: Module, function: ast.FunctionDef, pairs: dict[str, FunctionReport]
    ) -> None:
        self.module = module
        self.function = function
        self.pairs = pairs
        given = {a.arg for a in nodes_of(function) if isinstance(a, ast.arg)}
        self.taken = set(assigned_names(function.body)) | given
        self.caches: set[str] = set()  # the author's names for what is ours now

    def rewrite(self, name: str) -> None:
        """Rewrite the function, if it has such calls."""
        if not any(self._is_pair(node) for node in nodes_of(self.function)):
            return
        made = copy.copy(self.function)
        made.body = self._block(self.function.body)
        self._refuse_read_caches()
        self._promise()
        self.module.functions[name] = made

    def _promise(self) -> None:
        """Take what the other module declares of a parameter that is handed on as declared here."""
        assigned = assigned_names(self.function.body)
        given = self.function.args
        own = {a.arg: a for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
        regions = (ast.If, ast.For, ast.While)
        always = {
            part
            for statement in self.function.body
            if not isinstance(statement, regions)
            for part in nodes_of(statement)
        }
        found = sorted(nodes_of(self.function), key=lambda part: part not in always)
        for node in filter(self._is_pair, found):
            assert isinstance(node, ast.Call)
            assert isinstance(node.func, ast.Name)
            report = self.pairs[node.func.id]
            named = [(p, part) for p, part in zip(report.parameters, node.args, strict=False)]
            by_name = {p.name: p for p in report.parameters}
            named += [(by_name[k.arg], k.value) for k in node.keywords if k.arg in by_name]
            for parameter, part in named:
                argument = own.get(part.id) if isinstance(part, ast.Name) else None
                if argument is None or argument.annotation is not None or argument.arg in assigned:
                    continue
                stated = _stated(parameter)
                if stated is not None and node not in always:
                    stated = ast.Name("numpy.ndarray", ast.Load())  # on another path of any rank
                if stated is not None:
                    self.module.promises.setdefault(argument, stated)

    def _returns_cache(self, node: ast.Call, wanted: bool) -> None:
        """Refuse a call whose result is taken as something else than what the author returns."""
        assert isinstance(node.func, ast.Name)
        report = self.pairs.get(node.func.id)
        if report is None:
            report = next(r for r in self.pairs.values() if r.forward_name == node.func.id)
        if (report.picked is not None) != wanted:
            what = "a value and a cache" if report.picked is not None else "one value"
            _refuse(
                self.module,
                node,
                f"`{report.name}` returns {what}",
                "take it as it is returned: `out, cache = ...`, or `out = ...`",
            )

    def _refuse_read_caches(self) -> None:
        """What stands in a cache is ours: it may only be handed on as a whole."""
        if not self.caches:
            return
        handed: set[ast.AST] = set()
        for node in nodes_of(self.function):
            match node:
                case ast.Assign([ast.Name(name)], ast.Tuple(items)):
                    parts = [i for i in items if isinstance(i, ast.Name) and i.id in self.caches]
                    if parts:
                        self.caches.add(name)
                        handed.update(parts)
                case ast.Return(ast.Tuple([_, *items])):
                    for item in items:
                        inner = item.elts if isinstance(item, ast.Tuple) else [item]
                        handed.update(inner)
        for node in nodes_of(self.function):
            is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            if is_read and node not in handed and getattr(node, "id", "") in self.caches:
                _refuse(
                    self.module,
                    node,
                    f"`{ast.unparse(node)}` is a cache, whose contents are not yours",
                    "hand it on as a whole: `return out, cache`",
                )

    def _is_pair(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in self.pairs
            and node.func.id not in self.taken
        )

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for node in body:
            found += self._statement(node)
        return found

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if not any(self._is_pair(part) for part in nodes_of(node)):
            return [node]
        if isinstance(node, ast.If | ast.For | ast.While):
            return self._region(node)
        match node:
            case ast.Assign([ast.Tuple([_, cache])], value) if self._is_pair(value):
                assert isinstance(value, ast.Call)
                self._returns_cache(value, True)
                if isinstance(cache, ast.Name):
                    self.caches.add(cache.id)
                before, call = self._parts(value, inside=True)
                assert isinstance(call, ast.Call)
                made = ast.copy_location(ast.Assign(node.targets, call), node)
                return self._mark([*before, made])
            case ast.Assign([ast.Name(name)], value) if self._is_pair(value):
                assert isinstance(value, ast.Call)
                self._returns_cache(value, False)
                before, call = self._parts(value, inside=True)
                assert isinstance(call, ast.Call)
                return self._mark([*before, self._pair(node, name, call)])
        before, made_node = self._parts(node, inside=False)
        assert isinstance(made_node, ast.stmt)
        return self._mark([*before, made_node])

    def _region(self, node: ast.If | ast.For | ast.While) -> list[ast.stmt]:
        header = node.iter if isinstance(node, ast.For) else node.test
        if any(self._is_pair(part) for part in nodes_of(header)):
            _refuse(
                self.module,
                header,
                "a call of another module's function in a header",
                "assign it to a name before",
            )
        fields = dict(ast.iter_fields(node))
        fields |= {"body": self._block(node.body), "orelse": self._block(node.orelse)}
        return [ast.copy_location(type(node)(**fields), node)]

    def _mark(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        self.module.rewritten.update(statements)
        return statements

    def _pair(self, node: ast.AST, name: str, call: ast.Call) -> ast.stmt:
        """Return `name, cache = call`."""
        assert isinstance(call.func, ast.Name)
        stem = call.func.id.removesuffix("_forward")
        names = [ast.Name(name, ast.Store()), ast.Name(self._free(f"{stem}_cache"), ast.Store())]
        target = ast.Tuple([ast.copy_location(n, node) for n in names], ast.Store())
        made = ast.Assign([ast.copy_location(target, node)], call)
        return ast.copy_location(made, node)

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def _parts(self, node: ast.AST, inside: bool) -> tuple[list[ast.stmt], ast.AST]:
        """Take the calls inside a node out, and rename the pair that is called."""
        before: list[ast.stmt] = []
        owner = self

        class Taker(ast.NodeTransformer):
            def generic_visit(self, part: ast.AST) -> ast.AST:
                if isinstance(part, LATER) and any(map(owner._is_pair, nodes_of(part))):
                    _refuse(
                        owner.module,
                        part,
                        "a call of another module's function that may not run",
                        "assign it to a name before",
                    )
                return super().generic_visit(part)

            def visit_Call(self, part: ast.Call) -> ast.AST:
                is_pair = owner._is_pair(part)
                made = self.generic_visit(part)
                if not is_pair:
                    return made
                assert isinstance(made, ast.Call)
                assert isinstance(made.func, ast.Name)
                shown = owner.pairs[made.func.id].forward_name
                made.func = ast.copy_location(ast.Name(shown, ast.Load()), made.func)
                if part is node and inside:
                    return made
                owner._returns_cache(part, False)
                name = owner._free(shown.removesuffix("_forward") + "_out")
                before.append(owner._pair(part, name, made))
                return ast.copy_location(ast.Name(name, ast.Load()), part)

        own = copy.deepcopy(node)
        if inside:
            node = own
        return before, Taker().visit(own)
