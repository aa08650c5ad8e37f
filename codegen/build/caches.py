"""The author's own cache: what only fills it is left out, since the output keeps its own."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codegen.build.returns import returns_of
from codegen.build.scope import Scope
from codegen.nodes import nodes_of
from codegen.parse import Module

CACHE = "cache"
FILLING = ("append", "extend", "insert", "update")
# methods that only compute, and what of numpy does not
COMPUTING = (
    "astype", "copy", "dot", "flatten", "get", "items", "keys", "max", "mean", "min", "ravel",
    "reshape", "squeeze", "std", "sum", "transpose", "values", "var",
)
BUILTINS = ("dict", "float", "int", "len", "list", "max", "min", "range", "tuple", "zip")
WRITING = ("at", "copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask")
FRESH = (ast.Tuple, ast.List, ast.Dict, ast.ListComp, ast.DictComp, ast.BinOp, ast.Constant)
MAKING = ("dict", "list", "numpy.empty", "numpy.zeros", "numpy.empty_like", "numpy.zeros_like")


@dataclass
class Pruned:
    """A function's statements without its cache, and which of the values its calls give it drops.

    The statements that stay are the very nodes of the tree: others know them by identity.
    """

    body: list[ast.stmt]
    dropped: dict[ast.Call, frozenset[int]] = field(default_factory=dict)


def without_cache(module: Module, node: ast.FunctionDef) -> Pruned:
    """Return the body of a function that is differentiated; `return out, cache` stays as it is."""
    body = body_of(node)
    returns = _returns(body)
    tuples = [node.value for node in returns if isinstance(node.value, ast.Tuple)]
    if len(tuples) < len(returns) or not any(_has_more(one) for one in tuples):
        return Pruned(body)
    seeds = [part for one in tuples for part in one.elts if _is_cache(part)]
    own = frozenset(parameters_of(node))
    pruner = _Pruner(module, body, own, seeds, frozenset([node.name]))
    if CACHE not in pruner.dead:
        return Pruned(body)
    pruned = pruner.pruned()
    nothing = ast.Assign([ast.Name(CACHE, ast.Store())], ast.Constant(None))
    ast.copy_location(nothing, pruned.body[0])
    return Pruned([ast.fix_missing_locations(nothing), *pruned.body], pruned.dropped)


def without_places(
    module: Module,
    called: ast.FunctionDef,
    places: frozenset[int],
    asked: frozenset[str] = frozenset(),
) -> Pruned | None:
    """Return the body of a called function without what only serves the values at some places.

    None where it does not return a tuple with these places on every path.
    """
    body = body_of(called)
    returns = _returns(body)
    tuples = [node.value for node in returns if isinstance(node.value, ast.Tuple)]
    sizes = {len(one.elts) for one in tuples}
    if len(tuples) < len(returns) or len(sizes) != 1 or max(places) >= sizes.pop():
        return None
    seeds = [part for one in tuples for place, part in enumerate(one.elts) if place in places]
    own = frozenset(parameters_of(called))
    pruner = _Pruner(module, body, own, seeds, asked | {called.name})
    if not all(pruner.is_pure(part) for part in seeds):
        return None
    return pruner.pruned(places)


def _returns(body: list[ast.stmt]) -> list[ast.Return]:
    return [found for node in body for found in returns_of(node)]


def _is_cache(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == CACHE


def _has_more(node: ast.Tuple) -> bool:
    cached = [_is_cache(part) for part in node.elts]
    return any(cached) and not all(cached)


class _Pruner:
    """Finds the names that nothing but a cache reads, and takes out what assigns them."""

    def __init__(
        self,
        module: Module,
        body: list[ast.stmt],
        own: frozenset[str],
        seeds: list[ast.expr],
        asked: frozenset[str],
    ) -> None:
        self.module, self.body, self.asked = module, body, asked
        self.nodes = [part for node in body for part in nodes_of(node)]
        assigned = _names(self.nodes, ast.Store) - own
        own |= {part.name for part in self.nodes if isinstance(part, ast.FunctionDef)}
        self.scope = Scope(module, own | assigned)
        self.served = {id(part) for seed in seeds for part in ast.walk(seed)}
        self.dead = self._fed(seeds, assigned)
        while alive := self._alive():
            self.dead -= alive

    def _fed(self, seeds: list[ast.expr], assigned: frozenset[str]) -> frozenset[str]:
        """Return the names that a cache is made of, and those that they are made of."""
        found: frozenset[str] = frozenset()
        more = _names((p for seed in seeds for p in ast.walk(seed)), ast.Load) & assigned
        while more - found:
            found |= more
            for node in self.nodes:
                if isinstance(node, ast.stmt) and self._filled(node) & found:
                    more |= _names(nodes_of(node), ast.Load) & assigned
        return found

    def _filled(self, node: ast.stmt) -> frozenset[str]:
        """Return the names that a statement fills: it assigns them, or appends to them."""
        match node:
            case ast.Assign(targets):
                return frozenset().union(*map(_targets, targets))
            case ast.AugAssign(target) | ast.AnnAssign(target):
                return _targets(target)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), word))) if word in FILLING:
                return frozenset([name])
        return frozenset()

    def _alive(self) -> frozenset[str]:
        """Return the names among the dead that something reads which stays, or is not ours."""
        read: set[str] = set()
        written: set[str] = set()
        shared: set[str] = set()
        left = list(self.body)
        while left:
            node = left.pop()
            if isinstance(node, ast.For | ast.While | ast.If):
                heads = [node.iter, node.target] if isinstance(node, ast.For) else [node.test]
                read |= self._read(heads)
                read |= _names(heads, ast.Store)
                left += [*node.body, *node.orelse]
                continue
            kept = self._kept(node)
            if kept is None:
                written |= self._written(node)
                shared |= self._shared(node)
            else:
                read |= self._read([kept])
                read |= _names(ast.walk(kept), ast.Store)
        return (frozenset(read) | (frozenset(written) & frozenset(shared))) & self.dead

    def _read(self, nodes: Iterable[ast.AST]) -> set[str]:
        return {
            part.id
            for node in nodes
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Store)
            if id(part) not in self.served
        }

    def _written(self, node: ast.stmt) -> frozenset[str]:
        """Return the names that a statement fills in place, not by an assignment."""
        match node:
            case ast.Assign(targets):
                return frozenset(
                    p.value.id
                    for target in targets
                    for p in ast.walk(target)
                    if isinstance(p, ast.Subscript) and isinstance(p.value, ast.Name)
                )
            case ast.AugAssign() | ast.Expr():
                return self._filled(node)
        return frozenset()

    def _shared(self, node: ast.stmt) -> frozenset[str]:
        """Return the names that may mean something that is not the cache's alone."""
        match node:
            case ast.Assign([ast.Name()], value) if isinstance(value, FRESH):
                return frozenset()
            case ast.Assign([ast.Name()], ast.Call(function)) if self._name_of(function) in MAKING:
                return frozenset()
            case ast.Assign():
                return frozenset(_names(ast.walk(node), ast.Store))
        return frozenset()

    def _name_of(self, function: ast.expr) -> str | None:
        if isinstance(function, ast.Name) and self.scope.is_builtin(function.id):
            return function.id
        return self.scope.path(function)

    def is_pure(self, node: ast.AST) -> bool:
        """True for an expression that does nothing but compute."""
        return all(self._is_pure(part) for part in ast.walk(node))

    def _is_pure(self, node: ast.AST) -> bool:
        match node:
            case ast.Call(function):
                path = self._name_of(function)
                if path is None:
                    return isinstance(function, ast.Attribute) and function.attr in COMPUTING
                if path in BUILTINS:
                    return True
                parts = path.split(".")
                is_known = parts[0] in ("numpy", "math", "scipy") and "random" not in parts
                has_out = any(k.arg in ("out", None) for k in node.keywords)
                return is_known and parts[-1] not in WRITING and not has_out
            case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
        return True

    # what stays

    def _kept(self, node: ast.stmt) -> ast.stmt | None:
        """Return a simple statement as it stays: itself, a shorter one, or None."""
        filled = self._filled(node)
        if not filled & self.dead:
            return node
        match node:
            case ast.Assign([ast.Tuple(left)], ast.Tuple(right)) if len(left) == len(right):
                pairs = [*zip(left, right, strict=True)]
                stay = [p for p in pairs if not self._is_dead(p[0]) or not self.is_pure(p[1])]
                if not stay:
                    return None
                if len(stay) == len(pairs):
                    return node
                targets = _joined(node, [one for one, _ in stay], ast.Store())
                values = _joined(node, [one for _, one in stay], ast.Load())
                return ast.copy_location(ast.Assign([targets], values), node)
            case ast.Assign([ast.Tuple(left)], ast.Call(ast.Name(name)) as call) if (
                name in self.module.functions and name not in self.scope.local
            ):
                places = frozenset(i for i, part in enumerate(left) if self._is_dead(part))
                stay_left = [part for i, part in enumerate(left) if i not in places]
                if not places or not stay_left or not self._can_drop(name, places):
                    return node
                return ast.copy_location(
                    ast.Assign([_joined(node, stay_left, ast.Store())], call), node
                )
        return None if filled <= self.dead and self.is_pure(_without_filling(node)) else node

    def _can_drop(self, name: str, places: frozenset[int]) -> bool:
        """True if a function of the file can be followed without the values at some places."""
        if name in self.asked or name in self.module.rebound:
            return False
        called = self.module.functions[name]
        return without_places(self.module, called, places, self.asked) is not None

    def _is_dead(self, target: ast.expr) -> bool:
        names = _targets(target)
        return bool(names) and names <= self.dead

    def pruned(self, places: frozenset[int] = frozenset()) -> Pruned:
        """Return the statements that stay; what is returned at `places` is left out."""
        dropped: dict[ast.Call, frozenset[int]] = {}
        return Pruned(list(self._statements(self.body, places, dropped)), dropped)

    def _statements(
        self,
        body: list[ast.stmt],
        places: frozenset[int],
        dropped: dict[ast.Call, frozenset[int]],
    ) -> Iterator[ast.stmt]:
        for node in body:
            match node:
                case ast.For() | ast.While() | ast.If():
                    inner = list(self._statements(node.body, places, dropped))
                    other = list(self._statements(node.orelse, places, dropped))
                    if inner == node.body and other == node.orelse:
                        yield node
                        continue
                    if not inner and not other and self._is_idle(node):
                        continue
                    changed = copy.copy(node)
                    changed.body = inner or [ast.copy_location(ast.Pass(), node.body[0])]
                    changed.orelse = other
                    yield changed
                case ast.Return(ast.Tuple(parts)) if places:
                    stay = [part for place, part in enumerate(parts) if place not in places]
                    yield ast.copy_location(ast.Return(_joined(node, stay, ast.Load())), node)
                case _:
                    kept = self._kept(node)
                    if kept is not None and kept is not node and isinstance(kept, ast.Assign):
                        self._note(node, kept, dropped)
                    if kept is not None:
                        yield kept

    def _is_idle(self, node: ast.For | ast.While | ast.If) -> bool:
        """True for a statement that does nothing else once its body is empty."""
        if isinstance(node, ast.If):
            return self.is_pure(node.test)
        if isinstance(node, ast.While):
            return False
        names = _targets(node.target)
        inside = {id(part) for part in nodes_of(node)}
        behind = (part for part in self.nodes if id(part) not in inside)
        return self.is_pure(node.iter) and not names & _names(behind, ast.Load)

    def _note(
        self, node: ast.stmt, kept: ast.Assign, dropped: dict[ast.Call, frozenset[int]]
    ) -> None:
        """Note the places of what a call gives that its caller drops."""
        match node:
            case ast.Assign([ast.Tuple(left)], ast.Call() as call) if kept.value is call:
                dropped[call] = frozenset(i for i, part in enumerate(left) if self._is_dead(part))


def body_of(node: ast.FunctionDef) -> list[ast.stmt]:
    """Return a function's statements without its docstring."""
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def parameters_of(node: ast.FunctionDef) -> list[str]:
    """Return the names that a function is given."""
    given = node.args
    stars = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs, *stars]]


def _joined(node: ast.stmt, parts: list[ast.expr], context: ast.expr_context) -> ast.expr:
    if len(parts) == 1:
        return parts[0]
    return ast.copy_location(ast.Tuple(parts, context), node)


def _names(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> frozenset[str]:
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    )


def _targets(node: ast.expr) -> frozenset[str]:
    """Return the names that a target assigns or fills; of what is no name or item, nothing."""
    match node:
        case ast.Name(name) | ast.Subscript(ast.Name(name)):
            return frozenset([name])
        case ast.Tuple(parts) | ast.List(parts):
            return frozenset().union(*map(_targets, parts))
    return frozenset()


def _without_filling(node: ast.stmt) -> ast.AST:
    """Return what a statement computes: what is assigned, what is appended."""
    match node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name()), _, _) as call):
            return ast.copy_location(ast.Tuple([*call.args], ast.Load()), node)
        case ast.Assign(targets, value):
            parts = [part for target in targets for part in ast.walk(target)]
            indices = [part.slice for part in parts if isinstance(part, ast.Subscript)]
            return ast.copy_location(ast.Tuple([value, *indices], ast.Load()), node)
        case ast.AugAssign(_, _, value) | ast.AnnAssign(_, _, value) if value is not None:
            return value
    return node
