"""Names for arrays and their parts, followed: `row = a[i]` and `row[j] = e` are `a[i, j] = e`.

A function's statements are written anew with the part in place of its name, so that all that comes
behind knows one name for one piece of memory. Only names that are wanted are followed; one that
does not mean one part at each of its uses is left as it is, and refused where that would be wrong.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from codegen.build.part_index import (
    as_number,
    composed,
    items_of,
    least,
    of_column,
    takes_axes,
    turned,
    turns_from,
)
from codegen.nodes import nodes_of
from codegen.parse import Module

Binding = ast.Name | ast.arg  # what a part is bound to: on the left side, or a parameter
VIEWING = ("reshape", "ravel", "swapaxes", "transpose")  # methods


@dataclass(frozen=True, eq=False)
class Part:
    """What a name stands for: an array's name, or a part of one; None where it may be another."""

    binding: Binding
    expression: ast.expr | None
    base: str = ""
    indices: frozenset[str] = frozenset()  # names in its index
    counted_on: bool = False  # it is not the part any more, since its index has changed


Parts = dict[str, Part]
Node = TypeVar("Node", bound=ast.AST)


class Lost(Exception):
    """A name that cannot be followed to one of its uses."""

    def __init__(self, binding: Binding, node: ast.AST, counted_on: bool = False) -> None:
        super().__init__()
        self.binding, self.node = binding, node
        self.counted_on = counted_on  # only its index means something else by then


def followed(
    module: Module, body: list[ast.stmt], wanted: frozenset[ast.expr]
) -> list[ast.stmt]:
    """Return statements with the wanted bindings followed, those that can be."""
    inside = {node for statement in body for node in nodes_of(statement)}
    wanted = frozenset(node for node in wanted if node in inside)
    if not wanted:
        return body
    key = (tuple(map(id, body)), wanted)
    known = module.followed.get(key)
    if known is None:
        asked: set[ast.AST] = set(wanted)
        fixed: set[ast.AST] = set()
        while True:
            names = {name for statement in body for name in _names(statement)}
            follower = Follower(frozenset(asked), module.functions, names, wanted, frozenset(fixed))
            try:
                made = follower.statements(body, {}, {})
                break
            except Lost as lost:
                if lost.counted_on and lost.binding not in fixed:
                    fixed.add(lost.binding)
                else:
                    asked.remove(lost.binding)
        module.rewritten |= follower.changed
        # The statements asked for are kept with the answer: they are known by identity.
        known = module.followed[key] = (body, made or [ast.copy_location(ast.Pass(), body[0])])
    return known[1]


def part(binding: Binding, name: str, node: ast.expr) -> Part:
    """Return what a name stands for; raise Lost where it is no part of an array by its name."""
    base, indices = part_of(node), names_in_index(node)
    if base is None or indices is None or base.id == name or name in indices:
        raise Lost(binding, binding)
    numbers = numbers_in(node)
    if numbers is not None:
        takes_axes(base, numbers)
    return Part(binding, node, base.id, indices)


def numbers_in(node: ast.expr) -> int | None:
    """Return by how many numbers a part is picked; None where a slice shows that it is one."""
    items = [item for index in _indices(node) for item in items_of(index)]
    shown = any(isinstance(item, ast.Slice | ast.Constant) and not is_whole(item) for item in items)
    return None if shown else len(items)


def with_exchanges(body: list[ast.stmt], wanted: frozenset[ast.AST]) -> list[ast.stmt]:
    """Return `spare = a`, `a = b`, `b = spare` as `a, b = b, a`, where all are wanted."""
    found = list(body)
    for place, rows in enumerate(zip(body, body[1:], body[2:], strict=False)):
        match rows:
            case (
                ast.Assign([ast.Name(spare) as one], ast.Name(a)),
                ast.Assign([ast.Name(a_) as two], ast.Name(b) as old),
                ast.Assign([ast.Name(b_) as three], ast.Name(spare_) as new),
            ) if (spare, a, b) == (spare_, a_, b_) and wanted >= {one, two, three}:
                left = ast.Tuple([two, three], ast.Store())
                right = ast.Tuple([old, ast.copy_location(ast.Name(a, new.ctx), new)], new.ctx)
                both = ast.Assign([ast.copy_location(left, two)], ast.copy_location(right, old))
                keeps = rows[0]  # the spare name may be read behind it
                found[place : place + 3] = [keeps, ast.copy_location(both, rows[1])]
                return [*found[: place + 2], *with_exchanges(found[place + 2 :], wanted)]
    return found


def given_back(node: ast.FunctionDef) -> str | None:
    """Return the parameter that a function returns as it is, or written into; else None."""
    returns = [one for one in nodes_of(node) if isinstance(one, ast.Return)]
    match returns:
        case [ast.Return(ast.Name(name))] if node.body[-1] is returns[0]:
            is_given = name in [a.arg for a in node.args.args]
            return name if is_given and name not in _bound(node.body)[0] else None
    return None


def part_of(node: ast.expr) -> ast.Name | None:
    """Return the array that an expression may show a part of: `a` of `a[i].T`."""
    match node:
        case ast.Name():
            return node
        case ast.Subscript(base, _) | ast.Attribute(base, "T"):
            return part_of(base)
        case ast.Call(ast.Attribute(base, word), _, []) if word in VIEWING:
            return part_of(base)
    return None


def names_in_index(node: ast.expr) -> frozenset[str] | None:
    """Return the names that the indices of a part read; None if they do more than count."""
    found: set[str] = set()
    for index in _indices(node):
        for inner in _outermost_reads(index):
            if inner is None:
                return None
            found.add(inner)
    return frozenset(found)


def _indices(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Subscript(base, index):
            yield from _indices(base)
            yield index
        case ast.Attribute(base, _):
            yield from _indices(base)
        case ast.Call(ast.Attribute(base, _), arguments, _):
            yield from _indices(base)
            yield from arguments


def is_whole(node: ast.expr) -> bool:
    """True for a number that is written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _outermost_reads(node: ast.expr) -> Iterator[str | None]:
    """Yield the names of numbers that an index counts with; None for anything else."""
    match node:
        case ast.Constant():
            return
        case ast.Name(name):
            yield name
        case ast.Attribute(ast.Name(name), "newaxis" | "shape" | "size"):
            yield name
        case ast.Subscript(ast.Attribute(ast.Name(name), "shape"), ast.Constant()):
            yield name
        case ast.Call(ast.Name("len"), [ast.Name(name)], []):
            yield name
        case ast.BinOp(left, _, right):
            yield from _outermost_reads(left)
            yield from _outermost_reads(right)
        case ast.UnaryOp(_, operand):
            yield from _outermost_reads(operand)
        case ast.Slice(lower, upper, step):
            for bound in (lower, upper, step):
                if bound is not None:
                    yield from _outermost_reads(bound)
        case ast.Tuple(items):
            for item in items:
                yield from _outermost_reads(item)
        case _:
            yield None


@dataclass
class Follower:
    """Writes statements anew; raises Lost where a name cannot be followed."""

    wanted: frozenset[ast.AST]
    functions: Mapping[str, ast.FunctionDef] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # that are taken
    exchanged: frozenset[ast.AST] = frozenset()  # names that arrays may change
    fixed: frozenset[ast.AST] = frozenset()  # names whose index is kept, since it changes
    changed: set[ast.stmt] = field(default_factory=set)  # statements that are not the author's

    def statements(
        self, body: list[ast.stmt], parts: Parts, bounds: dict[str, int]
    ) -> list[ast.stmt]:
        """Return a block with the names in `parts` followed; `parts` is as it is behind it then."""
        found: list[ast.stmt] = []
        for node in with_exchanges(body, self.exchanged):
            found += self._statement(node, parts, bounds)
        return found

    def _statement(
        self, node: ast.stmt, parts: Parts, bounds: dict[str, int]
    ) -> list[ast.stmt]:
        match node:
            case ast.For() | ast.While():
                return [self._loop(node, parts, bounds)]
            case ast.If():
                return [self._branch(node, parts, bounds)]
            case ast.Assign([target], value) if self._is_wanted(target):
                return self._binding(node, target, value, parts, bounds)
        rewritten = node
        if any(name in parts for name in _names(node)):
            rewritten = self._rewritten(node, parts, bounds)
        if rewritten is not node:
            self.changed.add(rewritten)
        known = _assigned(node, bounds)
        _rebind(*_bound([node]), parts, bounds)
        bounds |= known
        return [rewritten]

    def _is_wanted(self, target: ast.expr) -> bool:
        targets = target.elts if isinstance(target, ast.Tuple) else [target]
        return any(one in self.wanted for one in targets)

    def _first(self, target: ast.expr) -> Binding:
        """Return the first name of a left side that is to be followed."""
        names = [one for one in nodes_of(target) if isinstance(one, ast.Name)]
        return next(one for one in names if one in self.wanted)

    def _binding(
        self,
        node: ast.Assign,
        target: ast.expr,
        value: ast.expr,
        parts: Parts,
        bounds: dict[str, int],
    ) -> list[ast.stmt]:
        """Return what is left of `row, n = a[i], len(a)` without the names that are followed."""
        made = self._reads(value, parts, bounds)
        targets, values = [target], [made]
        if isinstance(target, ast.Tuple):
            targets = target.elts
            values = made.elts if isinstance(made, ast.Tuple) else []
        if len(values) != len(targets):
            raise Lost(self._first(target), node)
        found: list[ast.stmt] = []
        new: Parts = {}
        left: list[tuple[ast.expr, ast.expr]] = []
        for one, given in zip(targets, values, strict=True):
            if one not in self.wanted or not isinstance(one, ast.Name):
                left.append((one, given))
                continue
            shown = given
            if isinstance(given, ast.Call) and part_of(given) is None:
                found.append(ast.copy_location(ast.Expr(given), node))
                shown = self._given_back(one, given)
            if one in self.fixed:
                shown = self._with_fixed_index(one.id, shown, found)
            new[one.id] = part(one, one.id, shown)
        if left:
            whole = copy.copy(node)
            whole.targets, whole.value = [left[0][0]], left[0][1]
            if len(left) > 1:
                whole.targets = [_tuple(target, [one for one, _ in left], ast.Store())]
                whole.value = _tuple(value, [given for _, given in left], ast.Load())
            found.append(whole)
        self.changed.update(found)
        _rebind(*_bound([node]), parts, bounds)
        for name, one_part in new.items():
            if ({one_part.base} | one_part.indices) & _bound([node])[0]:
                raise Lost(one_part.binding, node)
            parts[name] = one_part
        return found

    def _with_fixed_index(
        self, name: str, node: ast.expr, found: list[ast.stmt]
    ) -> ast.expr:
        """Return a part whose indices have names that do not change: `row_at = i`."""

        def fix(word: str, index: ast.expr | None) -> ast.expr | None:
            if index is None or isinstance(index, ast.Constant) or least(index, {}) is not None:
                return index
            fresh = self._new(f"{name}_{word}")
            target = ast.copy_location(ast.Name(fresh, ast.Store()), index)
            found.append(ast.copy_location(ast.Assign([target], index), index))
            return ast.copy_location(ast.Name(fresh, ast.Load()), index)

        match node:
            case ast.Subscript(base, index):
                items: list[ast.expr] = []
                for item in items_of(index):
                    made = item
                    if isinstance(item, ast.Slice):
                        bounds = (item.lower, item.upper, item.step)
                        words = ("start", "stop", "step")
                        made = ast.Slice(*map(fix, words, bounds))
                    else:
                        made = fix("at", item) or item
                    items.append(ast.copy_location(made, item))
                whole = items[0]
                if isinstance(index, ast.Tuple):
                    whole = _tuple(index, items, ast.Load())
                base = self._with_fixed_index(name, base, found)
                return ast.copy_location(ast.Subscript(base, whole, ast.Load()), node)
        return node

    def _given_back(self, binding: Binding, call: ast.Call) -> ast.expr:
        """Return what a function is given that it writes into and gives back."""
        called = self.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        name = None if called is None else given_back(called)
        if called is None or name is None:
            raise Lost(binding, call)
        given = dict(zip([a.arg for a in called.args.args], call.args, strict=False))
        given |= {k.arg: k.value for k in call.keywords if k.arg is not None}
        if name not in given or any(isinstance(a, ast.Starred) for a in call.args):
            raise Lost(binding, call)
        return given[name]

    def _loop(
        self, node: ast.For | ast.While, parts: Parts, bounds: dict[str, int]
    ) -> ast.stmt:
        if isinstance(node, ast.For) and self._is_wanted(node.target):
            return self._rows(node, parts, bounds)
        made = copy.copy(node)
        lowest = None
        if isinstance(node, ast.For) and isinstance(made, ast.For):
            made.iter = self._reads(node.iter, parts, bounds)
            lowest = turns_from(node, bounds)
        counted = {n: low for n, low in bounds.items() if _stays_above(n, low, node)}
        _rebind(*_bound([node]), parts, bounds, again=True)
        bounds |= counted
        inner, known = dict(parts), dict(bounds)
        if lowest is not None and isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            known |= {n: lowest for n in [node.target.id] if not _is_bound(n, node.body)}
        if isinstance(node, ast.While) and isinstance(made, ast.While):
            made.test = self._reads(node.test, parts, bounds)
        made.body = self.statements(node.body, inner, known) or [_nothing(node)]
        made.orelse = self.statements(node.orelse, dict(parts), dict(bounds))
        _lose(inner, parts)
        return self._kept(node, made)

    def _rows(self, node: ast.For, parts: Parts, bounds: dict[str, int]) -> ast.stmt:
        """Return `for row in a:` as a loop over the numbers of rows."""
        match node.target, node.iter:
            case ast.Name() as row, array:
                number = self._fresh()
            case ast.Tuple([ast.Name(number), ast.Name() as row]), ast.Call(
                ast.Name("enumerate"), [array], []
            ):
                pass
            case _:
                raise Lost(self._first(node.target), node)
        array = self._reads(array, parts, bounds)
        made = copy.copy(node)
        made.target = ast.copy_location(ast.Name(number, ast.Store()), row)
        made.iter = array
        for name in ("len", "range"):
            call = ast.Call(ast.Name(name, ast.Load()), [made.iter], [])
            made.iter = ast.fix_missing_locations(ast.copy_location(call, node.iter))
        new, updated = _bound([node])
        _rebind(new, updated, parts, bounds, again=True)
        inner, known = dict(parts), dict(bounds)
        if not _is_bound(number, node.body):
            known[number] = 0
        index: ast.expr = as_number(ast.copy_location(ast.Name(number, ast.Load()), row))
        if isinstance(array, ast.Attribute):
            index = turned(array.value, index) or index
            array = array.value
        whole = ast.copy_location(ast.Subscript(array, index, ast.Load()), row)
        inner[row.id] = one = part(row, row.id, whole)
        if one.base in new or one.indices & (_bound(node.body)[0] | updated):
            raise Lost(row, node)
        made.body = self.statements(node.body, inner, known) or [_nothing(node)]
        made.orelse = self.statements(node.orelse, dict(parts), dict(bounds))
        _lose(inner, parts)
        self.changed.add(made)
        return made

    def _fresh(self) -> str:
        """Return a name for the number of a row that nothing in the function has."""
        return self._new(next((name for name in ("i", "j", "k") if name not in self.names), "i_"))

    def _new(self, wanted: str) -> str:
        while wanted in self.names:
            wanted += "_"
        self.names.add(wanted)
        return wanted

    def _branch(self, node: ast.If, parts: Parts, bounds: dict[str, int]) -> ast.stmt:
        made = copy.copy(node)
        made.test = self._reads(node.test, parts, bounds)
        ways = [dict(parts), dict(parts)]
        known = [dict(bounds), dict(bounds)]
        made.body = self.statements(node.body, ways[0], known[0]) or [_nothing(node)]
        made.orelse = self.statements(node.orelse, ways[1], known[1])
        bounds.clear()
        bounds |= {n: lowest for n, lowest in known[0].items() if known[1].get(n) == lowest}
        parts.clear()
        for name in dict.fromkeys([*ways[0], *ways[1]]):
            one, other = ways[0].get(name), ways[1].get(name)
            known_part = one or other
            assert known_part is not None
            parts[name] = known_part if one is other else Part(known_part.binding, None)
        return self._kept(node, made)

    def _kept(self, node: ast.stmt, made: ast.stmt) -> ast.stmt:
        """Return the author's statement where nothing in it is new; note a new header."""
        fields = dict(ast.iter_fields(node))
        new = {name for name, value in ast.iter_fields(made) if not _is_same(fields[name], value)}
        if new & {"test", "iter"}:
            self.changed.add(made)
        return made if new else node

    def _rewritten(self, node: ast.stmt, parts: Parts, bounds: dict[str, int]) -> ast.stmt:
        for inner in nodes_of(node):
            if isinstance(inner, ast.FunctionDef | ast.Lambda | ast.comprehension):
                self._refuse_captured(inner, parts)
        match node:
            case ast.AugAssign(ast.Name(name), operator, value) if name in parts:
                target = copy.deepcopy(self._part(node.target, parts))
                if not _is_storable(target):
                    raise Lost(parts[name].binding, node)
                assert isinstance(target, ast.Name | ast.Subscript)
                target.ctx = ast.Store()
                made = ast.AugAssign(target, operator, self._reads(value, parts, bounds))
                return ast.copy_location(made, node)
        rewritten = self._reads(node, parts, bounds)
        assert isinstance(rewritten, ast.stmt)
        return rewritten

    def _refuse_captured(self, node: ast.AST, parts: Parts) -> None:
        """A function sees a name when it is called; one that it binds itself hides another."""
        names = _names(node)
        for name, one in parts.items():
            is_read = not isinstance(node, ast.comprehension) and name in names
            hidden = _names(node.target) if isinstance(node, ast.comprehension) else set()
            if is_read or hidden & {name, one.base, *one.indices}:
                raise Lost(one.binding, node)

    def _part(self, node: ast.AST, parts: Parts) -> ast.expr:
        assert isinstance(node, ast.Name)
        found = parts[node.id]
        if found.expression is None:
            raise Lost(found.binding, node, found.counted_on)
        return found.expression

    def _reads(self, node: Node, parts: Parts, bounds: dict[str, int]) -> Node:
        """Return a node with the parts in place of their names; itself if none is in it."""
        made: ast.AST = node
        if isinstance(node, ast.Name):
            if node.id in parts and isinstance(node.ctx, ast.Load):
                made = _placed(copy.deepcopy(self._part(node, parts)), node)
        elif isinstance(node, ast.Subscript):
            made = self._subscript(node, parts, bounds)
        else:
            for name, value in ast.iter_fields(node):
                new: object = value
                if isinstance(value, ast.AST):
                    new = self._reads(value, parts, bounds)
                elif isinstance(value, list):
                    new = [
                        self._reads(v, parts, bounds) if isinstance(v, ast.AST) else v
                        for v in value
                    ]
                    if all(a is b for a, b in zip(new, value, strict=True)):
                        new = value
                if new is not value:
                    made = copy.copy(node) if made is node else made
                    setattr(made, name, new)
        return made  # type: ignore[return-value]

    def _subscript(
        self, node: ast.Subscript, parts: Parts, bounds: dict[str, int]
    ) -> ast.Subscript:
        base = self._reads(node.value, parts, bounds)
        index = self._reads(node.slice, parts, bounds)
        if base is node.value and index is node.slice:
            return node
        if base is node.value:
            return ast.copy_location(ast.Subscript(base, index, node.ctx), node)
        is_read = isinstance(node.ctx, ast.Load)
        array, whole = base, None
        match base:
            case ast.Attribute(inner, "T"):
                array, whole = inner, turned(inner, index)
            case ast.Subscript(inner, outer):
                array, whole = inner, of_column(inner, outer, index, bounds)
                whole = whole or composed(outer, index, bounds, is_read)
        made = ast.Subscript(base, index, node.ctx)
        if whole is not None:
            made = ast.Subscript(array, whole, node.ctx)
        if not is_read and not isinstance(made.value, ast.Name):
            root = part_of(node.value)
            assert root is not None
            raise Lost(parts[root.id].binding, node)
        return ast.copy_location(made, node)


def _lose(inner: Parts, parts: Parts) -> None:
    """Note what a loop's body may have made of names, behind the loop."""
    for name, one in inner.items():
        if parts.get(name) is not one:
            parts[name] = Part(one.binding, None)


def _tuple(node: ast.AST, parts: list[ast.expr], context: ast.expr_context) -> ast.expr:
    return ast.copy_location(ast.Tuple(parts, context), node)


def _is_storable(node: ast.expr) -> bool:
    """True for what `x += e` may stand for: `a`, `a[i]`."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
    )


def _nothing(node: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Pass(), node)


def _placed(made: ast.expr, node: ast.expr) -> ast.expr:
    """Return what stands for a name where the name stands; the author's numbers stay his."""
    for inner in ast.walk(made):
        if not isinstance(inner, ast.Constant):
            ast.copy_location(inner, node)
    return made


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
    return one is other


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in nodes_of(node) if isinstance(one, ast.Name)}


def _bound(body: list[ast.stmt]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that statements bind anew, and those that they may change in place."""
    new: set[str] = set()
    updated: set[str] = set()
    for statement in body:
        for node in nodes_of(statement):
            match node:
                case ast.AugAssign(ast.Name(name)) | ast.Call(ast.Attribute(ast.Name(name), _)):
                    updated.add(name)  # a list may grow by a method
        targets = {id(n.target) for n in nodes_of(statement) if isinstance(n, ast.AugAssign)}
        new |= {
            node.id
            for node in nodes_of(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            if id(node) not in targets
        }
    return frozenset(new), frozenset(updated)


def _assigned(node: ast.stmt, bounds: dict[str, int]) -> dict[str, int]:
    """Return the least that the number may be that a statement assigns, by its name."""
    match node:
        case ast.Assign([ast.Name(name)], value):
            lowest = least(value, bounds)
        case ast.AugAssign(ast.Name(name) as target, operator, value):
            lowest = least(ast.BinOp(target, operator, value), bounds)
        case _:
            return {}
    return {} if lowest is None else {name: lowest}


def _stays_above(name: str, low: int, node: ast.stmt) -> bool:
    """True if nothing that a loop does to a number brings it below `low`: `k = k + 1`."""
    bindings = [
        one
        for one in nodes_of(node)
        if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
    ]
    steps = [_assigned(one, {name: low}) for one in nodes_of(node) if isinstance(one, ast.stmt)]
    return sum(found.get(name, low - 1) >= low for found in steps) == len(bindings)


def _is_bound(name: str, body: list[ast.stmt]) -> bool:
    new, updated = _bound(body)
    return name in new | updated


def _rebind(
    new: frozenset[str],
    updated: frozenset[str],
    parts: Parts,
    bounds: dict[str, int],
    again: bool = False,
) -> None:
    """Forget what statements change: names that they bind, and parts of which these are.

    In a loop that comes round `again` a name that is bound may be either.
    """
    for name in (*new, *updated):
        bounds.pop(name, None)
    for name, one in list(parts.items()):
        is_other = one.base in new or (again and name in new)
        if is_other or one.indices & (new | updated):
            counted_on = not is_other and (one.expression is not None or one.counted_on)
            parts[name] = Part(one.binding, None, counted_on=counted_on)
        elif name in new:
            del parts[name]
