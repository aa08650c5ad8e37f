"""Calls of pairs get lines of their own, with a name for their cache."""

from __future__ import annotations

import ast
import copy
from typing import NoReturn

from codegen.errors import CodegenError, Problem
from codegen.nodes import assigned_names, nodes_of
from codegen.pairs.graph import acts
from codegen.pairs.names import Pair
from codegen.parse import Module

BEFORE = "assign it to a name in a line of its own before"


def later(node: ast.AST) -> list[ast.AST]:
    """Return the parts of an expression that may not run, or run more than once."""
    match node:
        case ast.IfExp(_, body, orelse):
            return [body, orelse]
        case ast.BoolOp(_, values):
            return [*values[1:]]
        case ast.Compare(_, _, others):
            return [*others[1:]]
        case ast.Lambda() | ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
            return [node]
    return []


def stem_of(pair: Pair) -> str:
    """Return what the names of a call's results and cache begin with."""
    if pair.is_imported:
        return pair.forward.removesuffix("_forward")
    return pair.name.strip("_")


class Calls:
    """Rewrites one function's statements."""

    def __init__(
        self,
        module: Module,
        function: ast.FunctionDef,
        pairs: dict[str, Pair],
        acting: set[str],
    ) -> None:
        self.module = module
        self.function = function
        given = {part.arg for part in nodes_of(function) if isinstance(part, ast.arg)}
        self.taken = set(assigned_names(function.body)) | given
        self.acting = acting
        self.pairs = {name: pair for name, pair in pairs.items() if name not in self.taken}
        self.caches: set[str] = set()  # the author's names for what is ours now

    def rewritten(self) -> ast.FunctionDef:
        """Return the function with such lines; itself if it has no such calls."""
        if not any(self._is_pair(node) for node in nodes_of(self.function)):
            return self.function
        made = copy.copy(self.function)
        made.body = self._block(self.function.body)
        return made

    def _refuse(self, node: ast.AST, pair: Pair, message: str, help: str) -> NoReturn:
        span = self.module.source.span(node)
        code = "follow" if pair.is_imported else "recursion"
        raise CodegenError([Problem(code, message, span, help)], self.module.source)

    def _in(self, node: ast.AST) -> Pair:
        """Return the first pair that is called in a node."""
        return self.pairs[self._called(self._calls(node)[0])]

    def _is_pair(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in self.pairs
        )

    def _holds(self, node: ast.AST | None) -> bool:
        return node is not None and any(map(self._is_pair, nodes_of(node)))

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [made for node in body for made in self._statement(node)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if not self._holds(node):
            return [node]
        match node:
            case ast.FunctionDef():
                return [self._inner(node)]
            case ast.Assign([ast.Name(name)], ast.Lambda() as function):
                body = ast.copy_location(ast.Return(function.body), function.body)
                inner = ast.FunctionDef(name, function.args, [body], [], None, None)
                return [self._inner(ast.copy_location(inner, node))]
            case ast.If() | ast.For() | ast.While():
                return self._region(node)
            case ast.Return(ast.IfExp() as choice) if self._in_arms(choice):
                return self._chosen(node, choice)
            case ast.Assign([ast.Name()], ast.IfExp() as choice) if self._in_arms(choice):
                return self._chosen(node, choice)
            case ast.Assign([target], ast.Call() as call) if self._has_cache(call):
                return self._with_cache(node, target, call)
            case ast.Assign([ast.Name(name)], ast.Call() as call) if self._is_pair(call):
                pair = self.pairs[self._called(call)]
                if not pair.is_tuple:
                    before, made = self._taken_out(call, inside=True)
                    cache = f"{stem_of(pair) if pair.is_imported else name}_cache"
                    return self._mark([*before, self._line(node, [name], self._free(cache), made)])
            case ast.Assign([ast.Tuple(parts)], ast.Call() as call) if self._is_pair(call):
                pair = self.pairs[self._called(call)]
                names = [part.id for part in parts if isinstance(part, ast.Name)]
                if pair.is_tuple and len(names) == len(parts) == len(pair.results):
                    before, made = self._taken_out(call, inside=True)
                    cache = self._free(f"{stem_of(pair)}_cache")
                    return self._mark([*before, self._line(node, names, cache, made)])
                if not pair.is_tuple and pair.is_imported:
                    self._refuse(
                        call,
                        pair,
                        f"`{pair.name}` returns one value",
                        "take it as it is returned: `out = ...`",
                    )
        before, made = self._taken_out(node, inside=False)
        assert isinstance(made, ast.stmt)
        return self._mark([*before, made])

    def _has_cache(self, call: ast.Call) -> bool:
        return self._is_pair(call) and self.pairs[self._called(call)].has_cache

    def _with_cache(self, node: ast.stmt, target: ast.expr, call: ast.Call) -> list[ast.stmt]:
        """Take the author's name for his cache for ours."""
        pair = self.pairs[self._called(call)]
        match target:
            case ast.Tuple([*parts, ast.Name(cache)]) if len(parts) == len(pair.results):
                names = [part.id for part in parts if isinstance(part, ast.Name)]
                if len(names) == len(parts):
                    cache = self._free(f"{stem_of(pair)}_cache") if cache == "_" else cache
                    self.caches.add(cache)
                    before, made = self._taken_out(call, inside=True)
                    return self._mark([*before, self._line(node, names, cache, made)])
        return self._refuse_as_returned(call, pair)

    def _refuse_as_returned(self, node: ast.AST, pair: Pair) -> NoReturn:
        outs = ", ".join(name or "out" for name in pair.results)
        values = "a value" if len(pair.results) == 1 else "values"
        message = f"`{pair.name}` returns {values} and a cache"
        self._refuse(node, pair, message, f"take it as it is returned: `{outs}, cache = ...`")

    def _inner(self, function: ast.FunctionDef) -> ast.FunctionDef:
        """Rewrite a function inside this one, which is inlined where it is called."""
        self.taken |= set(assigned_names(function.body))
        made = copy.copy(function)
        made.body = self._block(function.body)
        self.module.rewritten.add(made)
        return made

    def _called(self, call: ast.Call) -> str:
        assert isinstance(call.func, ast.Name)
        return call.func.id

    def _in_arms(self, choice: ast.IfExp) -> bool:
        return self._holds(choice.body) or self._holds(choice.orelse)

    def _chosen(self, node: ast.Return | ast.Assign, choice: ast.IfExp) -> list[ast.stmt]:
        """Write a conditional expression with such a call in it as a statement."""
        arms: list[list[ast.stmt]] = []
        for part in (choice.body, choice.orelse):
            arm = copy.copy(node)
            arm.value = part
            ast.copy_location(arm, part)
            arms.append(self._mark(self._statement(arm)))
        before: list[ast.stmt] = []
        test: ast.AST = choice.test
        if self._holds(test):
            before, test = self._taken_out(test, inside=False)
        assert isinstance(test, ast.expr)
        made = ast.copy_location(ast.If(test, arms[0], arms[1]), node)
        return self._mark([*before, made])

    def _region(self, node: ast.If | ast.For | ast.While) -> list[ast.stmt]:
        header = node.iter if isinstance(node, ast.For) else node.test
        fields = dict(ast.iter_fields(node))
        before: list[ast.stmt] = []
        if self._holds(header):
            if isinstance(node, ast.While):
                pair = self._in(header)
                message = f"a call of `{pair.name}`, {pair.said}, in the header of a `while`"
                self._refuse(
                    header, pair, message, "write `while True:`, and `break` behind the call"
                )
            before, made = self._taken_out(header, inside=False)
            fields["iter" if isinstance(node, ast.For) else "test"] = made
        fields |= {"body": self._block(node.body), "orelse": self._block(node.orelse)}
        made = ast.copy_location(type(node)(**fields), node)
        return self._mark([*before, made]) if before else [made]

    def _mark(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        self.module.rewritten.update(statements)
        return statements

    def _line(self, node: ast.AST, names: list[str], cache: str, call: ast.AST) -> ast.stmt:
        """Return `a, b, cache = call`."""
        assert isinstance(call, ast.expr)
        parts: list[ast.expr] = [
            ast.copy_location(ast.Name(name, ast.Store()), node) for name in [*names, cache]
        ]
        if self._is_nested(call):  # `(a, b), cache = call`
            inner = ast.Tuple(parts[:-1], ast.Store())
            parts = [ast.copy_location(inner, node), parts[-1]]
        target = ast.copy_location(ast.Tuple(parts, ast.Store()), node)
        return ast.copy_location(ast.Assign([target], call), node)

    def _is_nested(self, call: ast.expr) -> bool:
        name = (
            call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        )
        return any(pair.is_nested and pair.forward == name for pair in self.pairs.values())

    def _free(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def _taken_out(self, node: ast.AST, inside: bool) -> tuple[list[ast.stmt], ast.AST]:
        """Take the calls inside a node out (itself not, if `inside`), and rename what is called."""
        before: list[ast.stmt] = []
        owner = self

        class Taker(ast.NodeTransformer):
            def generic_visit(self, part: ast.AST) -> ast.AST:
                if any(map(owner._holds, later(part))):
                    pair = owner._in(part)
                    message = f"a call of {pair.said}, which may not run, or run more than once"
                    owner._refuse(part, pair, message, BEFORE)
                return super().generic_visit(part)

            def visit_Call(self, part: ast.Call) -> ast.AST:
                is_pair = owner._is_pair(part)
                made = self.generic_visit(part)
                if not is_pair:
                    return made
                assert isinstance(made, ast.Call)
                pair = owner.pairs[owner._called(made)]
                made.func = ast.copy_location(ast.Name(pair.forward, ast.Load()), made.func)
                if part is own and inside:
                    return made
                if pair.has_cache:
                    owner._refuse_as_returned(part, pair)
                stem = stem_of(pair)
                words = [f"{stem}_{name or 'out'}" for name in pair.results]
                names = [owner._free(word) for word in words]
                before.append(owner._line(part, names, owner._free(f"{stem}_cache"), made))
                read: list[ast.expr] = [
                    ast.copy_location(ast.Name(name, ast.Load()), part) for name in names
                ]
                if not pair.is_tuple:
                    return read[0]
                return ast.copy_location(ast.Tuple(read, ast.Load()), part)

        own = copy.deepcopy(node)
        made = Taker().visit(own)
        kept = node if inside else None
        others = nodes_of(copy.deepcopy(made))[1 if inside else 0 :]
        late = next((part for part in others if self._acts(part)), None)
        if late is not None and any(
            c is not kept and self._called(c) in self.acting for c in self._calls(node)
        ):
            pair = self._in(node)
            message = f"this and a call of {pair.said} act one after the other"
            self._refuse(late, pair, message, BEFORE)
        return before, made

    def _acts(self, node: ast.AST) -> bool:
        match node:
            case ast.Call(ast.Name(name)) if name in self.acting:
                return True
        return acts(node)

    def _calls(self, node: ast.AST) -> list[ast.Call]:
        return [p for p in nodes_of(node) if isinstance(p, ast.Call) and self._is_pair(p)]
