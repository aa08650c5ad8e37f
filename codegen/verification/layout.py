"""How a written gradient function is laid out, and how its forward pass is pierced.

A pierced function is the same code with taps: `_tap("v", 0, v)` where the variable `v` is assigned,
`_tap("v", 12, v)` where the statement on line 12 reads it, and `_snapshot(30, locals())` after the
statement on line 30 of the backward pass.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass

_BACKWARD = re.compile(r"#\s*(backprop\b|backward pass)")
_STAGE = re.compile(r"#\s*\((\d+)\)\s*$")


@dataclass(frozen=True)
class Write:
    """One statement of the backward pass that writes to a cotangent."""

    statement: int  # the line of the outermost statement
    line: int  # the line that writes, inside of it
    stage: int | None  # the number of the forward line whose gradient this is


class Layout:
    '''The parts of one gradient function of a module's text.

    `writes` has, by cotangent, the backward statements that write to it, in order; `variables` the
    staged variable or parameter that each is the cotangent of; `stages` the forward line of each
    number; `last` the line of the return. Raises ValueError if there is no such function.

    >>> text = """
    ... def f_grad(x, df=1.0):
    ...     f = x * x  # (1)
    ...     # backprop f = x * x  #(1)
    ...     dx = 2 * x * df
    ...     return f, dx
    ... """
    >>> layout = Layout(text, "f_grad")
    >>> layout.variables, layout.stages, layout.writes["dx"]
    ({'dx': 'x'}, {1: 3}, [Write(statement=5, line=5, stage=1)])
    '''

    def __init__(self, text: str, name: str) -> None:
        self.tree = ast.parse(text)
        found = [n for n in self.tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
        if not found:
            raise ValueError(f"there is no function {name}")
        self.node = found[-1]
        self.last = self.node.body[-1].lineno
        self._comments = {
            token.start[0]: token.string
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.COMMENT
            and self.node.lineno <= token.start[0] <= (self.node.end_lineno or 0)
        }
        backward = (line for line, words in self._comments.items() if _BACKWARD.match(words))
        self._boundary = min(backward, default=self.last)
        body = self.node.body[1:] if ast.get_docstring(self.node) is not None else self.node.body
        self._forward = [node for node in body if node.lineno < self._boundary]
        self._backward = [node for node in body if self._boundary < node.lineno < self.last]
        self.stages = self._stages()
        self.writes = self._writes()
        arguments = self.node.args
        every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
        self._parameters = {argument.arg for argument in every}
        self.variables = self._variables()
        self.returned = {n.id for n in ast.walk(self.node.body[-1]) if isinstance(n, ast.Name)}

    def in_order_of_completion(self) -> list[str]:
        """Return the cotangents in the order in which their last terms are added."""
        return sorted(self.variables, key=lambda name: self.writes[name][-1].statement)

    def pierced(self) -> ast.Module:
        """Return the module with taps in the function; the tree is changed."""
        variables = set(self.variables.values())
        body = [
            _assign_tap(name, self.node)
            for name in sorted(self._parameters & variables)
            if _stores(self._forward, name) == 0
        ]
        body += _pierce(self._forward, variables)
        for node in self._backward:
            body += [node, *_parsed(f"_snapshot({node.lineno}, locals())", node)]
        self.node.body = [*body, self.node.body[-1]]
        return self.tree

    def _stages(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for node in self._forward:
            for inner in ast.walk(node):
                if isinstance(inner, ast.stmt):
                    lines = range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)
                    for line in lines if not hasattr(inner, "body") else ():
                        if match := _STAGE.search(self._comments.get(line, "")):
                            found[int(match[1])] = inner.lineno
        return found

    def _writes(self) -> dict[str, list[Write]]:
        found: dict[str, list[Write]] = {}
        for node in self._backward:
            for inner in ast.walk(node):
                if (name := _written(inner)) is not None:
                    line = getattr(inner, "lineno", node.lineno)
                    write = Write(node.lineno, line, self._stage_above(line))
                    found.setdefault(name, []).append(write)
        for writes in found.values():
            writes.sort(key=lambda write: (write.statement, write.line))
        return found

    def _stage_above(self, line: int) -> int | None:
        above = (n for n, words in self._comments.items() if n < line and _BACKWARD.match(words))
        match = _STAGE.search(self._comments.get(max(above, default=0), ""))
        return int(match[1]) if match else None

    def _variables(self) -> dict[str, str]:
        """Return what each cotangent belongs to, of variables that are assigned once."""
        found: dict[str, str] = {}
        for name in self.writes:
            for variable in (name[1:], name[1:].rstrip("_")):
                stores = _stores(self._forward, variable)
                known = stores == 1 or (stores == 0 and variable in self._parameters)
                if name.startswith("d") and known and not _is_stored_into(self._forward, variable):
                    found.setdefault(name, variable)
        return found


class _Reads(ast.NodeTransformer):
    """Puts a tap on every read of some variables."""

    def __init__(self, variables: set[str], line: int) -> None:
        self.variables = variables
        self.line = line

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and node.id in self.variables:
            tap = ast.parse(f"_tap({node.id!r}, {self.line}, {node.id})", mode="eval").body
            return ast.copy_location(tap, node)
        return node


def _pierce(statements: list[ast.stmt], variables: set[str]) -> list[ast.stmt]:
    pierced: list[ast.stmt] = []
    for node in statements:
        blocks = {
            field: _pierce(getattr(node, field), variables)
            for field in ("body", "orelse")
            if getattr(node, field, None)
        }
        for field in blocks:
            setattr(node, field, [])
        stored = [name for name in sorted(variables) if _stores([node], name)]
        _Reads(variables, node.lineno).visit(node)
        for field, block in blocks.items():
            setattr(node, field, block)
        ast.fix_missing_locations(node)
        pierced += [node, *(_assign_tap(name, node) for name in stored)]
    return pierced


def _assign_tap(name: str, at: ast.AST) -> ast.stmt:
    return _parsed(f"{name} = _tap({name!r}, 0, {name})", at)[0]


def _parsed(text: str, at: ast.AST) -> list[ast.stmt]:
    """Return statements that stand on the line of a node."""
    statements = ast.parse(text).body
    for statement in statements:
        for inner in ast.walk(statement):
            ast.copy_location(inner, at)
    return statements


def _stores(statements: list[ast.stmt], name: str) -> int:
    """Return how often a name may be assigned in one run; 2 stands for many."""
    count = 0
    for node in statements:
        if isinstance(node, ast.If):
            count += max(_stores(node.body, name), _stores(node.orelse, name))
        else:
            here = sum(
                isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)
                for n in ast.walk(node)
            )
            repeated = isinstance(node, (ast.For, ast.While, ast.AugAssign))
            count += 2 * here if repeated else here
    return count


def _is_stored_into(statements: list[ast.stmt], name: str) -> bool:
    nodes = (inner for node in statements for inner in ast.walk(node))
    return any(
        isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _base(node) == name
        for node in nodes
    )


def _written(node: ast.AST) -> str | None:
    """Return the name that a node itself assigns, stores into or hands to `np.add.at`."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return _base(node)
    if isinstance(node, ast.Call) and node.args and _is_ufunc_at(node.func):
        return _base(node.args[0])
    return None


def _is_ufunc_at(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "at"


def _base(node: ast.expr) -> str | None:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
