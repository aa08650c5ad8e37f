"""Dicts of numbers that a function is given: each entry that is read is an input of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.build.containers import NotLiteral
from codegen.build.lines import FormalParameter
from codegen.nodes import nodes_of
from codegen.parse import Module

if TYPE_CHECKING:
    from codegen.build.function import Builder


class EntryBuilder:
    """Follows the entries of dict parameters for one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.settings: frozenset[str] = frozenset()  # dicts of options, which have no gradient

    def start(self, node: ast.FunctionDef) -> None:
        """Note which parameters are options rather than numbers."""
        self.settings = frozenset(settings(node, self.owner.module, frozenset()))
        self.owner.built.settings = self.settings

    def is_dict(self, node: ast.expr) -> bool:
        """True for a name that may stand for a dict of numbers that the function is given."""
        if isinstance(node, ast.Subscript):
            return self.is_dict(node.value) and self.key(node.slice) is not None
        return self._holder(node) is not None

    def _holder(self, node: ast.expr) -> FormalParameter | None:
        """Return the parameter, or the entry, that an expression is."""
        owner = self.owner
        match node:
            case ast.Name(name) if name in owner.scope.values:
                value = self._itself(owner.scope.values[name])
                known = [*owner.built.parameters, *owner.built.entries]
                found = next((p for p in known if p.value is value), None)
                return None if found is None or found.name in self.settings else found
            case ast.Subscript(base, index):
                return self._entry(self._holder(base), self.key(index))
        return None

    def _itself(self, value: ir.Value) -> ir.Value:
        """Return what a second name stands for: `q = params`."""
        made = self.owner.built.definition.get(value)
        while isinstance(made, ir.Gate) and made.gate == "alias":
            value = made.operands[0]
            made = self.owner.built.definition.get(value)
        return value

    def _entry(self, base: FormalParameter | None, key: str | None) -> FormalParameter | None:
        found = (one for one in self.owner.built.entries if (one.base, one.key) == (base, key))
        return None if base is None or key is None else next(found, None)

    def key(self, node: ast.expr) -> str | None:
        """Return the text that an index is, if that is known."""
        try:
            key = self.owner.containers.literal(node)
        except NotLiteral:
            return None
        return key if isinstance(key, str) else None

    def read(self, node: ast.Subscript, base: ir.Value) -> ir.Value | None:
        """Return `params["W"]`, the same value wherever it is read; None for anything else."""
        owner = self.owner
        key = self.key(node.slice)
        known = [*owner.built.parameters, *owner.built.entries]
        base = self._itself(base)
        holder = next((p for p in known if p.value is base), None)
        if key is not None and holder is None:
            owner.refuse(
                node, "construct", "which dict is read here is not known",
                "read the entry under a name of its own before, from the dict that has it",
            )
        if key is None or holder is None or holder.name in self.settings:
            return None
        known_entry = self._entry(holder, key)
        if known_entry is not None:
            return known_entry.value
        value = owner.new_value(node)
        text = quoted(key)
        at = owner.new_value(node)
        constant = ir.Constant((), (at,), owner.span(node), text)
        read = ir.View((base, at), (value,), owner.span(node), (ir.At(1),))
        outermost = owner.built.function.body
        outermost.operations += [constant, read]
        for operation in (constant, read):
            owner.built.definition[operation.result] = operation
            if owner.block is outermost and not owner.inlining:
                owner.pending.append(operation)
        owner.built.spelling[at] = e.Literal(text)
        owner.built.spelling[value] = e.Subscript(e.Primal(base), e.Literal(text))
        owner.built.hints[value] = key
        annotation = _annotation(owner.module, holder.annotation, key)
        entry = FormalParameter(f"{holder.name}[{text}]", value, "entry", annotation)
        entry.base, entry.key = holder, key
        owner.built.entries.append(entry)
        return value


def quoted(key: str) -> str:
    """Return a key as it is written in the output: `"W"`."""
    return f'"{key}"' if key.isidentifier() else repr(key)


def _annotation(module: Module, node: ast.expr | None, key: str) -> ast.expr | None:
    """Return what an annotation says of one entry: of a `dict[str, X]` or a TypedDict."""
    match node:
        case ast.Subscript(_, ast.Tuple([_, item])):
            return item
        case ast.Name(name):
            for part in module.tree.body:
                if isinstance(part, ast.ClassDef) and part.name == name:
                    return _field(part, key)
    return None


def _field(node: ast.ClassDef, key: str) -> ast.expr | None:
    for part in node.body:
        match part:
            case ast.AnnAssign(ast.Name(name), annotation) if name == key:
                return annotation
    return None


def settings(node: ast.FunctionDef, module: Module, asked: frozenset[str]) -> set[str]:
    """Return the parameters that a function uses as options: a mode, `.get`, a write."""
    given = node.args
    names = {a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
    found = set(_options(node)) & names
    for part in nodes_of(node):
        match part:
            case ast.Call(ast.Name(called), arguments) if called in module.functions:
                if called in asked:
                    continue
                inner = module.functions[called]
                theirs = settings(inner, module, asked | {node.name})
                taken = [a.arg for a in [*inner.args.posonlyargs, *inner.args.args]]
                pairs = [*zip(taken, arguments, strict=False)]
                pairs += [(k.arg, k.value) for k in part.keywords if k.arg is not None]
                found |= {a.id for n, a in pairs if n in theirs and isinstance(a, ast.Name)} & names
    return found


def _options(node: ast.FunctionDef) -> Iterator[str]:
    texts = _compared_with_text(node)
    for part in nodes_of(node):
        match part:
            case ast.Call(ast.Attribute(ast.Name(name), "get" | "setdefault" | "pop" | "update")):
                yield name
            case ast.Subscript(ast.Name(name), ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Assign([ast.Name(target)], ast.Subscript(ast.Name(name))) if target in texts:
                yield name
            case ast.Compare(left, _, rights):
                if any(_is_text(side) for side in (left, *rights)):
                    yield from _bases((left, *rights))
                if any(isinstance(o, ast.In | ast.NotIn) for o in part.ops) and _is_text(left):
                    yield from (side.id for side in rights if isinstance(side, ast.Name))


def _bases(nodes: tuple[ast.expr, ...]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Subscript(ast.Name(name)):
                yield name


def _compared_with_text(node: ast.FunctionDef) -> set[str]:
    found = set()
    for part in nodes_of(node):
        if isinstance(part, ast.Compare):
            sides = [part.left, *part.comparators]
            if any(_is_text(side) for side in sides):
                found |= {side.id for side in sides if isinstance(side, ast.Name)}
    return found


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.Constant(str()):
            return True
        case ast.Tuple([first, *_]) | ast.List([first, *_]) | ast.Set([first, *_]):
            return _is_text(first)
    return False
