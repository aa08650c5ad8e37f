"""Names of the top level that may not hold what their one statement gave them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codegen.nodes import nodes_of

# Methods that change the object they are called on, and functions that change their first argument.
_METHODS = (
    "append clear extend fill insert itemset partition pop put remove resize reverse setdefault "
    "setfield setflags sort update byteswap"
)
_FUNCTIONS = "at copyto fill_diagonal place put put_along_axis putmask setattr shuffle"
_CHANGING_METHODS, _CHANGING_FUNCTIONS = frozenset(_METHODS.split()), frozenset(_FUNCTIONS.split())
_BODIES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPOUND: tuple[type[ast.stmt], ...] = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith),
    *(ast.Try, ast.TryStar, ast.Match),
)

CHANGING = (ast.Subscript, ast.Attribute, ast.Call, ast.NamedExpr, ast.Name)


def changed_names(tree: ast.Module) -> set[str]:
    """Return the names that are bound by more than one kind of statement, or changed afterwards.

    `W[0] = 1`, `W.sort()`, `for i in ...: W[i] = i`, `global W` in a function, an import and a
    function of one name. What stands under `if __name__ == "__main__":` is not looked at.

    >>> sorted(changed_names(ast.parse("A = [2, 1]; B = [3]; C = A; C.sort()")))
    ['A', 'C']
    """
    found: set[str] = set()
    kinds: dict[str, type] = {}
    for node in tree.body:
        for name, kind in _bound(node):
            if kinds.setdefault(name, kind) is not kind:
                found.add(name)
    for node in tree.body:
        if isinstance(node, _BODIES):
            found |= _changed_by_body(node, kinds)
        elif isinstance(node, COMPOUND):
            if not is_main(node):
                found |= set(conditional_names(node))
                found |= _changed(node, kinds)
        else:
            found |= _changed(node, kinds)
            found |= _given_away(node, kinds)
    return _with_other_names(found, tree, kinds)


def conditional_names(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a compound statement of the top level binds, perhaps."""
    for part in nodes_of(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            yield part.id
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.split(".")[0] for alias in part.names)
        elif isinstance(part, _BODIES):
            yield part.name


def is_main(node: ast.stmt) -> bool:
    """True for `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)


def _bound(node: ast.stmt) -> Iterator[tuple[str, type]]:
    match node:
        case ast.Import(names) | ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name.split(".")[0], ast.Import
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name, ast.FunctionDef
        case ast.ClassDef(name=name):
            yield name, ast.ClassDef
        case ast.Assign() | ast.AnnAssign():
            for target in _targets(node):
                for part in nodes_of(target):
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                        yield part.id, ast.Assign


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _changed_by_body(node: ast.AST, kinds: dict[str, type]) -> set[str]:
    """Return the names of the top level that a function changes when it is called."""
    parts = list(nodes_of(node))
    outside = {name for part in parts if isinstance(part, ast.Global) for name in part.names}
    local = {p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}
    local |= {p.arg for p in parts if isinstance(p, ast.arg)}
    return outside | (_changed(node, kinds) - local)


def _changed(node: ast.AST, kinds: dict[str, type]) -> set[str]:
    """Return the names of objects that are written into."""
    found: set[str | None] = set()
    for part in nodes_of(node):
        if not isinstance(part, CHANGING):
            continue
        match part:
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                found.add(_root(part))
            case ast.Attribute(ctx=ast.Store() | ast.Del()):
                found.add(_root(part))
            case ast.NamedExpr(target=ast.Name(name)) | ast.Name(name, ast.Del()):
                found.add(name)
            case ast.Call(ast.Attribute(base, word)) if word in _CHANGING_METHODS:
                if kinds.get(_root(base) or "") is not ast.Import:  # `np.sort(x)` is a function
                    found.add(_root(base))
        match part:
            case ast.Call(ast.Attribute(attr=word) | ast.Name(word), [first, *_]):
                if word in _CHANGING_FUNCTIONS:
                    found.add(_root(first))
        if isinstance(part, ast.Call):
            found |= {_root(k.value) for k in part.keywords if k.arg == "out"}
    return {name for name in found if name is not None}


def _given_away(node: ast.stmt, kinds: dict[str, type]) -> set[str]:
    """Return what a function of the file is given that is called for its effect: `fill(W)`."""
    match node:
        case ast.Expr(ast.Call(ast.Name(function), arguments)):
            if kinds.get(function) is ast.FunctionDef:
                return {name for name in map(_root, arguments) if name is not None}
    return set()


def _with_other_names(found: set[str], tree: ast.Module, kinds: dict[str, type]) -> set[str]:
    """Add the names that may show the same memory: `V = W`, `V = W[1:]`, `V = W.reshape(3)`."""
    links = []
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            value = node.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                value = value.func.value
            other = _root(value)
            if other is not None and kinds.get(other) is ast.Assign:
                links += [{name, other} for name, _ in _bound(node)]
    while more := {name for link in links if link & found for name in link} - found:
        found |= more
    return found


def _root(node: ast.expr) -> str | None:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def free_names(node: ast.AST) -> list[str]:
    """Return the names that a statement, function or expression reads from around it, in order.

    >>> free_names(ast.parse("K = [scale(i) for i in range(N)]").body[0])
    ['scale', 'range', 'N']
    """
    parts = list(nodes_of(node))
    inner = {p.arg for p in parts if isinstance(p, ast.arg)}
    scopes = (*_BODIES, ast.comprehension, ast.NamedExpr)
    for part in parts:
        if isinstance(part, scopes):
            stored = (p for p in nodes_of(part) if isinstance(p, ast.Name))
            inner |= {p.id for p in stored if isinstance(p.ctx, ast.Store)}
    read = [p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Load)]
    return [name for name in dict.fromkeys(read) if name not in inner]
