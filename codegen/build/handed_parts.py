"""Parts of arrays that a function is given and writes into: it is followed on the whole arrays.

`relax(u[1:-1])` becomes a call of a function that is given `u`, with `u[1:-1]` in the place of its
parameter's name. So does `axpy(a, a)`, where two parameters are one array.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from codegen import ir
from codegen.build.follow import Follower, Lost, Part, Parts, numbers_in, part_of
from codegen.build.part_index import as_number, items_of
from codegen.build.scope import LocalFunction
from codegen.build.writes import written_parameters

if TYPE_CHECKING:
    from codegen.build.function import Builder


def given_whole(
    owner: Builder, node: ast.Call, function: LocalFunction
) -> tuple[ast.Call, LocalFunction]:
    """Return the call and the function to build in the place of those given."""
    called = function.node
    pairs = _pairs(node, called)
    if pairs is None:
        return node, function
    written = written_parameters(called, owner.functions.known(), owner.in_place)
    given = {name: root for name, part in pairs.items() if (root := _root(owner, part))}
    values = {name: owner.scope.values[root.id] for name, root in given.items()}
    wanted = []
    for name in given:
        mates = [other for other in given if values[other] is values[name]]
        is_seen = any(other in written for other in mates)
        if not is_seen or (len(mates) == 1 and isinstance(pairs[name], ast.Name)):
            continue
        is_array = isinstance(pairs[name], ast.Name) or _has_slice(pairs[name])
        if name in written or is_array or pairs[name] in owner.followed:
            wanted.append(name)
    if not wanted:
        return node, function
    for name in wanted:
        numbers = numbers_in(pairs[name])
        if not written.get(name, False) and numbers:
            owner.built.parted.append((values[name], numbers))
    maker = _Maker(called, pairs, given, values)
    try:
        return maker.call(owner, node, function, wanted)
    except Lost as lost:
        name = lost.binding.arg if isinstance(lost.binding, ast.arg) else "what it is given"
        return owner.refuse(
            node,
            "store",
            f"`{called.name}` writes into a part of an array as `{name}`, which cannot be followed",
            "write into the array itself, or give the function a copy and store that",
            (("this is done with it", owner.span(lost.node)),),
        )


def _pairs(node: ast.Call, called: ast.FunctionDef) -> dict[str, ast.expr] | None:
    """Return the arguments by parameter, in the author's order; None where they are spread."""
    given = called.args
    names = [a.arg for a in [*given.posonlyargs, *given.args]]
    if given.vararg or given.kwarg or len(node.args) > len(names):
        return None
    if any(isinstance(a, ast.Starred) for a in node.args):
        return None
    pairs = dict(zip(names, node.args, strict=False))
    known = {*names, *(a.arg for a in given.kwonlyargs)}
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg in pairs or keyword.arg not in known:
            return None
        pairs[keyword.arg] = keyword.value
    return pairs


def _root(owner: Builder, node: ast.expr) -> ast.Name | None:
    """Return the array of this function that an argument is a part of."""
    root = part_of(node)
    if root is None or root.id not in owner.scope.values:
        return None
    value = owner.scope.values[root.id]
    is_container = isinstance(owner.built.definition.get(value), ir.Aggregate | ir.Constant)
    return None if is_container else root


def _has_slice(node: ast.expr) -> bool:
    match node:
        case ast.Subscript(base, index):
            return any(isinstance(part, ast.Slice) for part in items_of(index)) or _has_slice(base)
        case ast.Attribute(base, _):
            return _has_slice(base)
    return False


class _Maker:
    """Writes one function anew: with parameters for arrays and for the indices of its parts."""

    def __init__(
        self,
        called: ast.FunctionDef,
        pairs: dict[str, ast.expr],
        given: dict[str, ast.Name],
        values: dict[str, ir.Value],
    ) -> None:
        self.called, self.pairs, self.given, self.values = called, pairs, given, values
        self.taken = {n.id for n in ast.walk(called) if isinstance(n, ast.Name)}
        self.taken |= {n.arg for n in ast.walk(called) if isinstance(n, ast.arg)}
        self.arguments: dict[str, ast.expr] = {}  # of the new call, in the author's order
        self.bases: dict[ir.Value, str] = {}

    def call(
        self, owner: Builder, node: ast.Call, function: LocalFunction, wanted: list[str]
    ) -> tuple[ast.Call, LocalFunction]:
        """Return a call that gives whole arrays, and the function that takes them."""
        parts: Parts = {}
        for name, part in self.pairs.items():
            if name in wanted:
                parts[name] = self._part(name, part)
            else:
                self.arguments[name] = part
        keywords = [ast.keyword(name, part) for name, part in self.arguments.items()]
        made = ast.copy_location(ast.Call(node.func, [], keywords), node)
        for keyword in keywords:
            ast.copy_location(keyword, keyword.value)
        if node in owner.dropped:
            owner.dropped[made] = owner.dropped[node]
        shown = tuple((n, ast.dump(p.expression)) for n, p in parts.items() if p.expression)
        key = ("given", self.called, shown, tuple(self.arguments))
        known = owner.module.followed.get(key)
        if known is None:
            known = owner.module.followed[key] = (None, [self._function(owner, parts)])
        (definition,) = known[1]
        assert isinstance(definition, ast.FunctionDef)
        return made, LocalFunction(definition, function.scope)

    def _function(self, owner: Builder, parts: Parts) -> ast.FunctionDef:
        follower = Follower(frozenset())
        old = self.called
        made = copy.copy(old)
        made.body = follower.statements(old.body, dict(parts), {})
        owner.module.rewritten |= follower.changed
        defaults = _defaults(old.args)
        own = [*old.args.posonlyargs, *old.args.args, *old.args.kwonlyargs]
        own = [a for a in own if a.arg not in parts]
        new = [ast.copy_location(ast.arg(n), old) for n in self.arguments if n not in self.pairs]
        rest = [a for a in own if a.arg not in defaults]
        optional = [a for a in own if a.arg in defaults]
        made.args = ast.arguments(
            posonlyargs=[],
            args=[*new, *rest, *optional],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[defaults[a.arg] for a in optional],
        )
        return made

    def _part(self, name: str, node: ast.expr) -> Part:
        root, value = self.given[name], self.values[name]
        if value not in self.bases:
            self.bases[value] = self._fresh(root.id)
            self.arguments[self.bases[value]] = root
        base = self.bases[value]
        indices: set[str] = set()
        made = self._written(name, node, base, indices)
        own = self.called.args
        arguments = [*own.posonlyargs, *own.args, *own.kwonlyargs]
        binding = next(argument for argument in arguments if argument.arg == name)
        return Part(binding, made, base, frozenset(indices))

    def _written(self, name: str, node: ast.expr, base: str, indices: set[str]) -> ast.expr:
        """Return a part of an array over the function's own parameters."""
        match node:
            case ast.Name():
                return ast.copy_location(ast.Name(base, ast.Load()), node)
            case ast.Attribute(inner, word):
                whole = self._written(name, inner, base, indices)
                return ast.copy_location(ast.Attribute(whole, word, ast.Load()), node)
            case ast.Subscript(inner, index):
                whole = self._written(name, inner, base, indices)
                parts = [self._item(name, part, indices) for part in items_of(index)]
                made = parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())
                ast.copy_location(made, index)
                return ast.copy_location(ast.Subscript(whole, made, ast.Load()), node)
        raise Lost(ast.arg(name), node)

    def _item(self, name: str, node: ast.expr, indices: set[str]) -> ast.expr:
        if isinstance(node, ast.Slice):
            made = ast.Slice(
                *(
                    None if part is None else self._number(f"{name}_{word}", part, indices)
                    for word, part in (
                        ("start", node.lower), ("stop", node.upper), ("step", node.step)
                    )
                )
            )
            return ast.copy_location(made, node)
        if isinstance(node, ast.Constant) and (node.value is None or node.value is Ellipsis):
            return node
        if isinstance(node, ast.Attribute) and node.attr == "newaxis":
            return node
        return as_number(self._number(f"{name}_at", node, indices))

    def _number(self, name: str, node: ast.expr, indices: set[str]) -> ast.expr:
        match node:
            case ast.Constant() | ast.UnaryOp(ast.USub(), ast.Constant()):
                return copy.deepcopy(node)
        name = self._fresh(name)
        self.arguments[name] = node
        indices.add(name)
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def _fresh(self, wanted: str) -> str:
        while wanted in self.taken:
            wanted += "_"
        self.taken.add(wanted)
        return wanted


def _defaults(given: ast.arguments) -> dict[str, ast.expr]:
    plain = [a.arg for a in [*given.posonlyargs, *given.args]]
    found = dict(zip(plain[len(plain) - len(given.defaults) :], given.defaults, strict=True))
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return found | {a.arg: default for a, default in pairs if default is not None}
