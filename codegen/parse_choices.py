"""`y = g(x) if t else z` as an `if`, where `g` has statements: they run on their own path only."""

from __future__ import annotations

import ast
import copy
from typing import TypeVar

from codegen.nodes import nodes_of

NAME = "chosen"
Statement = TypeVar("Statement", bound=ast.stmt)
# What may be evaluated more than once, later, or not at all: nothing is taken out of it.
CLOSED = (
    ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.BoolOp,
    ast.NamedExpr, ast.While,
)  # fmt: skip


def write_out(functions: dict[str, ast.FunctionDef]) -> set[ast.stmt]:
    """Put functions whose conditional expressions call such functions in place of those written.

    Returns the statements that are not the author's any more.
    """
    found: set[ast.stmt] = set()
    long = _with_statements({name: [node] for name, node in functions.items()}, set())
    for name, node in functions.items():
        parts = nodes_of(node)
        if any(isinstance(part, ast.IfExp) for part in parts):
            writer = _Writer(long, {p.id for p in parts if isinstance(p, ast.Name)}, found)
            functions[name] = writer.inside(node)
    return found


def _with_statements(functions: dict[str, list[ast.FunctionDef]], known: set[str]) -> set[str]:
    """Return the functions that are more than one `return`, and those that call such ones."""
    found = set(known)
    while True:
        more = {
            name
            for name, nodes in functions.items()
            if name not in found and any(_is_long(node, found) for node in nodes)
        }
        if not more:
            return found
        found |= more


def _is_long(node: ast.FunctionDef, long: set[str]) -> bool:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    is_one = len(body) == 1 and isinstance(body[0], ast.Return)
    return not is_one or _calls(body[0], {*long, node.name})


def _calls(node: ast.AST, long: set[str]) -> bool:
    return any(
        isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in long
        for part in nodes_of(node)
    )


class _Writer:
    """Writes a function anew; `long` are the functions with statements, `taken` its names."""

    def __init__(self, long: set[str], taken: set[str], rewritten: set[ast.stmt]) -> None:
        self.long, self.taken, self.rewritten = long, taken, rewritten

    def inside(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Return a function with the statements that its choices are."""
        inner: dict[str, list[ast.FunctionDef]] = {}
        for part in nodes_of(node):
            if isinstance(part, ast.FunctionDef) and part is not node:
                inner.setdefault(part.name, []).append(part)
        outer, self.long = self.long, _with_statements(inner, self.long)
        if any(isinstance(p, ast.IfExp) and self._is_chosen(p) for p in nodes_of(node)):
            node = copy.copy(node)
            node.body = self._block(node.body)
        self.long = outer
        return node

    def _is_chosen(self, node: ast.IfExp) -> bool:
        return _calls(node.body, self.long) or _calls(node.orelse, self.long)

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [made for node in body for made in self._statement(node)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        match node:
            case ast.FunctionDef():
                return [self.inside(node)]
            case ast.Assign(_, ast.IfExp() as choice) | ast.Return(ast.IfExp() as choice):
                pass
            case ast.AugAssign(ast.Name(), _, ast.IfExp() as choice):
                pass
            case ast.AnnAssign(ast.Name(), _, ast.IfExp() as choice):
                pass
            case _:
                return self._parts(node)
        return [self._if(node, choice)] if self._is_chosen(choice) else self._parts(node)

    def _if(self, node: ast.stmt, choice: ast.IfExp) -> ast.If:
        """Return the statement once for each of its values, in an `if`."""
        arms: list[list[ast.stmt]] = []
        for part in (choice.body, choice.orelse):
            arm = copy.copy(node)
            arm.value = part  # type: ignore[attr-defined]
            arms.append(self._statement(self._marked(arm)))
        return self._marked(ast.copy_location(ast.If(choice.test, arms[0], arms[1]), node))

    def _parts(self, node: ast.stmt) -> list[ast.stmt]:
        """Rewrite the statements inside one, and take what is chosen in it out of it."""
        before: list[ast.stmt] = []
        made = copy.copy(node)
        for field, value in ast.iter_fields(node):
            if field in ("body", "orelse") and isinstance(node, ast.If | ast.For | ast.While):
                setattr(made, field, self._block(value))
            elif isinstance(value, ast.expr) and not isinstance(node, CLOSED):
                setattr(made, field, self._taken_out(value, before))
        if before or node in self.rewritten:
            self.rewritten.add(made)
        return [*before, made]

    def _taken_out(self, node: ast.expr, before: list[ast.stmt]) -> ast.expr:
        """Return an expression with names for the choices in it that are statements before it."""
        if isinstance(node, CLOSED):
            return node
        if isinstance(node, ast.IfExp):
            if not self._is_chosen(node):
                return node
            name = self._free()
            target = ast.copy_location(ast.Name(name, ast.Store()), node)
            assigned = ast.copy_location(ast.Assign([target], node), node)
            before += self._statement(self._marked(assigned))
            return ast.copy_location(ast.Name(name, ast.Load()), node)
        made = copy.copy(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(made, field, self._taken_out(value, before))
            elif isinstance(value, list):
                setattr(made, field, [self._part(one, before) for one in value])
        return made

    def _part(self, node: ast.AST, before: list[ast.stmt]) -> ast.AST:
        if isinstance(node, ast.keyword):
            value = self._taken_out(node.value, before)
            return ast.copy_location(ast.keyword(node.arg, value), node)
        return self._taken_out(node, before) if isinstance(node, ast.expr) else node

    def _free(self) -> str:
        name, number = NAME, 1
        while name in self.taken:
            name, number = f"{NAME}_{number}", number + 1
        self.taken.add(name)
        return name

    def _marked(self, node: Statement) -> Statement:
        self.rewritten.add(node)
        return node
