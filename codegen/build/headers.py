"""What a `for` runs over: ranges, arrays, lists, `enumerate`, `zip` and `reversed` of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from codegen import expressions as e
from codegen import ir
from codegen.build.iterated import follow_writes
from codegen.build.lines import Line, Target
from codegen.build.ranges import plain
from codegen.build.rest_of_list import rest_of_list

if TYPE_CHECKING:
    from codegen.build.function import Builder

WRAPPERS = ("enumerate", "zip", "reversed")


@dataclass
class Source:
    """One thing that a header runs over. kind: "range" "sequence" "reversed" "count" "several"."""

    kind: str
    node: ast.expr
    values: list[ir.Value] = field(default_factory=list)  # range: bounds; sequence: the base
    parts: list[Source] = field(default_factory=list)
    length: ir.Value | None = None
    name: str | None = None  # the author's, of what an array is read by
    first: int = 0  # the place in a list that the first turn reads


@dataclass
class Header:
    """A header: the range that is counted, the number of a turn, what is bound in each turn."""

    iterable: ir.Value
    item: ir.Value
    source: Source
    target: ast.expr
    spelled: e.Expression
    pattern: Target


class HeaderBuilder:
    """Builds the headers of `for` loops for one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.body: list[ast.stmt] = []  # of the loop whose header is built

    def header(self, loop: ast.For) -> Header:
        """Evaluate what a loop runs over, before its first turn."""
        owner, target, node = self.owner, loop.target, loop.iter
        self.body = loop.body
        source = self._source(node)
        name = _counter_name(source, target)
        name = None if name == "_" else name  # the mirror needs a name for it
        item = owner.region_value(target, name)
        bounds = source.values if source.kind == "range" else [self._length(source)]
        iterable = owner.expressions.emit(node, "range", bounds, _range(bounds))
        return Header(iterable, item, source, target, _spelled(source), item)

    def _source(self, node: ast.expr, is_whole: bool = False) -> Source:
        owner = self.owner
        if owner.scope.is_builtin("range"):
            node = plain(node)
        match node:
            case ast.Call(ast.Name("range"), args, []) if owner.scope.is_builtin("range"):
                if not 1 <= len(args) <= 3 or any(isinstance(a, ast.Starred) for a in args):
                    message = "`range` takes one to three numbers"
                    owner.refuse(node, "call", message, "write range(start, stop, step)")
                return Source("range", node, [owner.expressions.value(a) for a in args])
            case ast.Call(
                ast.Name(name), [first, *more], keywords
            ) if name in WRAPPERS and owner.scope.is_builtin(name):
                return self._wrapped(node, name, first, more, keywords)
            case ast.Call(ast.Attribute(_, "items" | "keys" | "values")):
                owner.refuse(
                    node,
                    "construct",
                    "a loop over a dict is not supported yet",
                    "write its entries out one by one",
                )
        rest = None if is_whole else rest_of_list(owner, node, self.body)
        if rest is not None:
            base = owner.expressions.value(rest[0])
            return Source("sequence", node, [base], first=rest[1])
        base = owner.expressions.value(node)
        if isinstance(owner.built.definition.get(base), ir.Aggregate):
            owner.growing.ask([base])
            owner.refuse(
                node,
                "construct",
                "a loop over a tuple or list of values is not supported yet",
                "write its turns out, or make an array of it: np.array(...)",
            )
        own = node.id if isinstance(node, ast.Name) else None
        return Source("sequence", node, [base], name=own)

    def _wrapped(
        self,
        node: ast.Call,
        name: str,
        first: ast.expr,
        more: list[ast.expr],
        keywords: list[ast.keyword],
    ) -> Source:
        owner = self.owner
        if name == "zip" and not keywords:
            return Source("several", node, parts=[self._source(part) for part in (first, *more)])
        if name == "reversed" and not more and not keywords:
            source = self._source(first, is_whole=True)
            if source.kind == "sequence":
                length = self._length(source)
                return Source("reversed", node, source.values, length=length, name=source.name)
            owner.refuse(
                node,
                "construct",
                "`reversed` of this is not supported yet",
                "write a range that counts down: range(n - 1, -1, -1)",
            )
        if name == "enumerate":
            starts = [*more, *(k.value for k in keywords if k.arg == "start")]
            if len(starts) <= 1 and len(starts) == len(more) + len(keywords):
                values = [owner.expressions.value(part) for part in starts]
                counted = Source("count", node, values)
                return Source("several", node, parts=[counted, self._source(first)])
        forms = {"enumerate": "enumerate(x, start)", "zip": "zip(x, y)", "reversed": "reversed(x)"}
        message = f"`{name}` is not called like this"
        return owner.refuse(node, "call", message, f"write {forms[name]}")

    def _length(self, source: Source) -> ir.Value:
        """Return how many turns a source is good for."""
        emit, node = self.owner.expressions.emit, source.node
        match source.kind:
            case "sequence" | "reversed":
                base = source.values[0]
                spelled: e.Expression = e.Call(e.Name("len"), (e.Primal(base),))
                length = emit(node, "length", [base], spelled)
                if not source.first:
                    return length
                first = self.owner.constant(node, str(source.first), e.number(source.first))
                spelled = e.Binary("-", e.Primal(length), e.Primal(first))
                return emit(node, "subtract", [length, first], spelled)
            case "range":
                made = emit(node, "range", source.values, _range(source.values))
                return emit(node, "length", [made], e.Call(e.Name("len"), (e.Primal(made),)))
        lengths = [self._length(part) for part in source.parts if part.kind != "count"]
        if len(lengths) == 1:
            return lengths[0]
        spelled = e.Call(e.Name("min"), tuple(e.Primal(value) for value in lengths))
        return emit(node, "least", lengths, spelled)

    # in the body

    def bind(self, node: ast.stmt, header: Header) -> None:
        """Bind the targets to what a turn has for them."""
        if header.source.kind == "range":
            if not isinstance(header.target, ast.Name):
                self._refuse_unpacking(header.target)
            self.owner.scope.values[header.target.id] = header.item
            return
        if isinstance(node, ast.For):
            follow_writes(self.owner, node, header.source)
        header.pattern = self._bound(node, header.target, header.source, header.item)

    def _bound(self, node: ast.stmt, target: ast.expr, source: Source, turn: ir.Value) -> Target:
        owner = self.owner
        if source.kind == "several":
            parts = source.parts
            if not isinstance(target, ast.Tuple | ast.List) or len(target.elts) != len(parts):
                owner.refuse(
                    target,
                    "unpack",
                    f"{len(parts)} values are given to this in each turn",
                    "give each of them a name",
                )
            pairs = zip(target.elts, parts, strict=True)
            return tuple(self._bound(node, t, part, turn) for t, part in pairs)
        owner.pending = []
        value = self._item(source, turn)
        if value is turn:
            if not isinstance(target, ast.Name):
                self._refuse_unpacking(target)
            owner.scope.values[target.id] = turn
            return turn
        line = Line("item", owner.span(node))
        pattern = owner.bind(target, value, line)
        line.targets = (pattern,)
        line.expression = owner.definition_of(pattern, value)
        owner.finish_plain(line)
        return pattern

    def _refuse_unpacking(self, target: ast.expr) -> NoReturn:
        message = "a number is given to this in each turn"
        self.owner.refuse(target, "unpack", message, "write one plain name here")

    def _item(self, source: Source, turn: ir.Value) -> ir.Value:
        owner, node = self.owner, source.node
        emit = owner.expressions.emit
        match source.kind:
            case "range":
                return self._in_range(source, turn)
            case "count":
                if not source.values:
                    return turn
                start = source.values[0]
                return emit(
                    node, "add", [start, turn], e.Binary("+", e.Primal(start), e.Primal(turn))
                )
            case "reversed":
                assert source.length is not None
                last = owner.constant(node, "1", e.Literal("1"))
                spelled = e.Binary("-", e.Primal(source.length), e.Literal("1"))
                end = emit(node, "subtract", [source.length, last], spelled)
                at = emit(
                    node, "subtract", [end, turn], e.Binary("-", e.Primal(end), e.Primal(turn))
                )
                return owner.read(node, source.values[0], at)
        if source.first:
            first = owner.constant(node, str(source.first), e.number(source.first))
            spelled = e.Binary("+", e.Primal(turn), e.Primal(first))
            turn = emit(node, "add", [turn, first], spelled)
        return owner.read(node, source.values[0], turn)

    def _in_range(self, source: Source, turn: ir.Value) -> ir.Value:
        """Return the item of a range that is one of several: start + turn * step."""
        owner, node, bounds = self.owner, source.node, source.values
        emit = owner.expressions.emit
        if len(bounds) == 1:
            return turn
        value = turn
        if len(bounds) == 3:
            spelled = e.Binary("*", e.Primal(turn), e.Primal(bounds[2]))
            value = emit(node, "multiply", [turn, bounds[2]], spelled)
        spelled = e.Binary("+", e.Primal(bounds[0]), e.Primal(value))
        return emit(node, "add", [bounds[0], value], spelled)


def _range(bounds: list[ir.Value]) -> e.Expression:
    return e.Call(e.Name("range"), tuple(e.Primal(value) for value in bounds))


def _spelled(source: Source) -> e.Expression:
    """Return what the header runs over, of values: what costs or draws is evaluated once."""
    match source.kind:
        case "range":
            return _range(source.values)
        case "sequence":
            whole = e.Primal(source.values[0])
            if not source.first:
                return whole
            return e.Subscript(whole, e.Slice(e.number(source.first), None, None))
        case "reversed":
            return e.Call(e.Name("reversed"), (e.Primal(source.values[0]),))
    first, *others = source.parts
    if first.kind == "count":
        start = tuple(e.Primal(value) for value in first.values)
        return e.Call(e.Name("enumerate"), (*map(_spelled, others), *start))
    return e.Call(e.Name("zip"), tuple(map(_spelled, source.parts)))


def _counter_name(source: Source, target: ast.expr) -> str | None:
    """Return the author's name for the number of a turn, if there is one."""
    if source.kind == "range" and isinstance(target, ast.Name):
        return target.id
    if source.kind == "several" and isinstance(target, ast.Tuple | ast.List):
        for part, name in zip(source.parts, target.elts, strict=False):
            plain_range = part.kind == "range" and len(part.values) == 1
            if (part.kind == "count" and not part.values) or plain_range:
                return name.id if isinstance(name, ast.Name) else None
    return None
