"""Lists, tuples and dicts whose items are known when the text is read: followed item by item."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from codegen import expressions as e
from codegen import ir
from codegen.build.comprehensions import has_known_turns, turns
from codegen.build.turns import with_flags

if TYPE_CHECKING:
    from codegen.build.function import Builder

Item = ir.Value | list["Item"]
Comprehension = ast.ListComp | ast.GeneratorExp | ast.DictComp
MOST_TURNS = 64  # of a loop that is written out
MOST_LINES = 500
# functions that give several arrays, followed one by one: see build/apart.py
SEVERAL = frozenset(
    f"numpy.{name}"
    for name in (
        *("split", "array_split", "hsplit", "vsplit", "dsplit"),
        *("meshgrid", "broadcast_arrays"),
    )
)
KEYS = (str, int, bool, type(None))


class NotLiteral(Exception):
    """An expression is no literal when the text is read."""


class ContainerBuilder:
    """Follows containers for one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.unrolling = 0  # how many loops that are written out are around

    # what is known

    def peek(self, node: ast.expr) -> ir.Aggregate | None:
        """Return the container that an expression is, without building anything."""
        owner = self.owner
        match node:
            case ast.Name(name) if name in owner.scope.values:
                made = owner.built.definition.get(owner.scope.values[name])
                return made if isinstance(made, ir.Aggregate) else None
            case ast.Subscript(base, index):
                around = self.peek(base)
                item = None if around is None else self.item(around, index)
                made = None if item is None else owner.built.definition.get(item)
                return made if isinstance(made, ir.Aggregate) else None
        return None

    def item(self, made: ir.Aggregate, index: ast.expr) -> ir.Value | None:
        """Return the item at a literal place or key; None if there is none."""
        try:
            key = self.literal(index)
        except NotLiteral:
            return None
        if made.kind == "dict":
            return dict(zip(made.keys, made.operands, strict=True)).get(repr(key))
        count = len(made.operands)
        if isinstance(key, bool) or not isinstance(key, int) or not -count <= key < count:
            return None
        return made.operands[key]

    def literal(self, node: ast.expr) -> object:
        """Return what an expression of literals and known names is; raise NotLiteral."""
        owner = self.owner
        match node:
            case ast.Constant(value) if isinstance(value, KEYS):
                return value
            case ast.Name(name) if name in owner.scope.values:
                made = owner.built.definition.get(owner.scope.values[name])
                if isinstance(made, ir.Constant):
                    try:
                        return ast.literal_eval(made.text)
                    except ValueError:
                        raise NotLiteral from None
            case ast.JoinedStr(parts):
                return "".join(self._text(part) for part in parts)
            case ast.UnaryOp(ast.USub(), operand):
                number = self.literal(operand)
                if isinstance(number, int):
                    return -number
            case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
                a, b = self.literal(left), self.literal(right)
                if isinstance(a, str) and isinstance(b, str) and isinstance(operator, ast.Add):
                    return a + b
                if isinstance(a, int) and isinstance(b, int):
                    return a + b if isinstance(operator, ast.Add) else a - b
            case ast.Call(ast.Name("str"), [part], []) if owner.scope.is_builtin("str"):
                return str(self.literal(part))
            case ast.Call(ast.Name("len"), [part], []) if owner.scope.is_builtin("len"):
                made = self.peek(part)
                if made is not None:
                    return len(made.operands)
        raise NotLiteral

    def counted(self, node: ast.expr) -> ir.Value | None:
        """Return the number that `i + 1` is in a turn that is written out; else None."""
        if not self.unrolling or not isinstance(node, ast.BinOp):
            return None
        try:
            value = self.literal(node)
        except NotLiteral:
            return None
        return self._number(node, value) if isinstance(value, int) else None

    def _text(self, part: ast.expr) -> str:
        match part:
            case ast.Constant(str() as text):
                return text
            case ast.FormattedValue(value, -1, None):
                return str(self.literal(value))
        raise NotLiteral

    def is_known(self, node: ast.expr) -> bool:
        """True if it is known now what an iteration over an expression gives."""
        builtin = self.owner.scope.is_builtin
        match node:
            case ast.Name() | ast.Subscript():
                return self.peek(node) is not None
            case ast.Tuple(parts) | ast.List(parts):
                stars = [part.value for part in parts if isinstance(part, ast.Starred)]
                return all(self.is_known(part) for part in stars)
            case ast.Call(ast.Attribute(base, "items" | "keys" | "values"), [], []):
                made = self.peek(base)
                return isinstance(base, ast.Dict) or (made is not None and made.kind == "dict")
            case ast.Call(ast.Name("range"), parts, []) if builtin("range"):
                return self._range(parts) is not None
            case ast.Call(ast.Name("enumerate"), [first, *more], keywords) if builtin("enumerate"):
                return self.is_known(first) and self._start(more, keywords) is not None
            case ast.Call(ast.Name("zip"), [_, *_] as parts, []) if builtin("zip"):
                return all(self.is_known(part) for part in parts)
            case ast.Call(ast.Name("reversed" | "list" | "tuple"), [first], []):
                return self.is_known(first)
            case ast.ListComp() | ast.GeneratorExp():
                return has_known_turns(self, node)
            case ast.Call(function):
                return self.owner.scope.path(function) in SEVERAL
        return False

    def _range(self, parts: list[ast.expr]) -> range | None:
        try:
            numbers = [self.literal(part) for part in parts]
        except NotLiteral:
            return None
        whole = [number for number in numbers if type(number) is int]
        if not 1 <= len(numbers) <= 3 or len(whole) < len(numbers) or whole[2:] == [0]:
            return None
        return range(*whole)

    def _start(self, more: list[ast.expr], keywords: list[ast.keyword]) -> int | None:
        given = [*more, *(k.value for k in keywords if k.arg == "start")]
        if not given and not keywords:
            return 0
        if len(given) != 1 or len(given) != len(more) + len(keywords):
            return None
        try:
            start = self.literal(given[0])
        except NotLiteral:
            return None
        return start if type(start) is int else None

    def items(self, node: ast.expr) -> list[Item]:
        """Return what an iteration gives, one after another; ask `is_known` before."""
        owner = self.owner
        owner.has_inlined = True
        match node:
            case ast.Call(ast.Attribute(base, word), [], []):
                made = owner.built.definition[owner.expressions.value(base)]
                assert isinstance(made, ir.Aggregate)
                keys = self._keys(node, made)
                if word == "keys":
                    return keys
                if word == "values":
                    return list(made.operands)
                return [[key, item] for key, item in zip(keys, made.operands, strict=True)]
            case ast.Call(ast.Name("range"), parts, []):
                numbers = self._range(parts)
                assert numbers is not None
                self._check_turns(node, len(numbers))
                return [self._number(node, number) for number in numbers]
            case ast.Call(ast.Name("enumerate"), [first, *more], keywords):
                start = self._start(more, keywords)
                assert start is not None
                found = self.items(first)
                return [[self._number(node, start + n), item] for n, item in enumerate(found)]
            case ast.Call(ast.Name("zip"), parts, []):
                return [list(row) for row in zip(*map(self.items, parts), strict=False)]
            case ast.Call(ast.Name("reversed"), [first], []):
                return self.items(first)[::-1]
            case ast.Call(ast.Name("list" | "tuple"), [first], []):
                return self.items(first)
        value = owner.expressions.value(node)
        made = owner.built.definition[value]
        assert isinstance(made, ir.Aggregate)
        return self._keys(node, made) if made.kind == "dict" else list(made.operands)

    def _keys(self, node: ast.AST, made: ir.Aggregate) -> list[Item]:
        return [self.owner.constant(node, key, e.Literal(key)) for key in made.keys]

    def _number(self, node: ast.AST, number: int) -> ir.Value:
        return self.owner.constant(node, str(number), e.number(number))

    def _check_turns(self, node: ast.AST, count: int) -> None:
        if count > MOST_TURNS:
            self.owner.refuse(
                node, "construct", f"{count} items are too many to be written out",
                "use a numpy array and a loop, or whole arrays",
            )

    # displays

    def mapping(self, node: ast.Dict) -> ir.Value:
        """Return the value of a dict display."""
        found: dict[str, ir.Value] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            if key is None:
                made = self.peek(part)
                if made is None or made.kind != "dict":
                    self._unknown(part, "a dict is spread here whose keys are not known")
                found |= dict(zip(made.keys, made.operands, strict=True))
                self.owner.has_inlined = True
            else:
                found[self._key(key)] = self.owner.expressions.value(part)
        return self.owner.expressions.aggregate(node, "dict", list(found.values()), tuple(found))

    def _key(self, node: ast.expr) -> str:
        try:
            return repr(self.literal(node))
        except NotLiteral:
            return self._unknown(node, "a dict's key must be a literal here")

    def _unknown(self, node: ast.AST, message: str) -> NoReturn:
        self.owner.refuse(node, "construct", message, "write the entries one by one")

    def sequence(self, node: ast.Tuple | ast.List) -> ir.Value:
        """Return the value of a list or tuple display."""
        kind = "tuple" if isinstance(node, ast.Tuple) else "list"
        found: list[ir.Value] = []
        for part in node.elts:
            if not isinstance(part, ast.Starred):
                found.append(self.owner.expressions.value(part))
            elif self.is_known(part.value):
                found += [self._whole(part, item) for item in self.items(part.value)]
            else:
                message = "`*` before something of unknown length is not supported yet"
                self.owner.refuse(part, "construct", message, "write the items one by one")
        return self.owner.expressions.aggregate(node, kind, found)

    def comprehension(self, node: Comprehension) -> ir.Value:
        """Return the list or dict of a comprehension over items that are known."""
        owner = self.owner
        is_list = not isinstance(node, ast.DictComp)
        if is_list and len(node.generators) > 1 and not has_known_turns(self, node):
            assert not isinstance(node, ast.DictComp)
            return owner.growing.comprehension(node)
        rows = None
        if not is_list or self.is_known(node.generators[0].iter):
            rows = turns(self, node)
        if rows is None and not isinstance(node, ast.DictComp) and is_list:
            return owner.growing.comprehension(node)
        if rows is None:
            owner.refuse(
                node, "construct",
                "a comprehension whose `if` only the run can settle is not supported yet",
                "write it with whole arrays: np.sum, @, np.where",
            )
        outer = dict(owner.scope.values)
        keys: list[str] = []
        found: list[ir.Value] = []
        for names in rows:
            owner.scope.values = names
            if isinstance(node, ast.DictComp):
                key = self._key(node.key)
                if key in keys:
                    self._unknown(node.key, f"the key {key} comes twice")
                keys.append(key)
                found.append(owner.expressions.value(node.value))
            else:
                found.append(owner.expressions.value(node.elt))
        owner.scope.values = outer
        kind = "dict" if isinstance(node, ast.DictComp) else "list"
        return owner.expressions.aggregate(node, kind, found, tuple(keys))

    # arguments

    def spread(self, node: ast.Call) -> ast.Call:
        """Return a call with what `*` and `**` stand for written out, where that is known."""
        arguments: list[ast.expr] = []
        given = list(node.args)
        while given:
            part = given.pop(0)
            if isinstance(part, ast.Starred) and isinstance(part.value, ast.Tuple | ast.List):
                given = [*part.value.elts, *given]
                continue
            made = self.peek(part.value) if isinstance(part, ast.Starred) else None
            if not isinstance(part, ast.Starred) or made is None:
                arguments.append(part)
                continue
            count = len(made.operands)
            keys = [ast.literal_eval(k) for k in made.keys] or list(range(count))
            if made.kind == "dict":
                arguments += [ast.copy_location(ast.Constant(key), part) for key in keys]
            else:
                arguments += [read_of(part.value, key) for key in keys]
        keywords: list[ast.keyword] = []
        for keyword in node.keywords:
            made = None if keyword.arg else self.peek(keyword.value)
            if made is None or made.kind != "dict":
                keywords.append(keyword)
                continue
            for text in made.keys:
                key = ast.literal_eval(text)
                if not isinstance(key, str):
                    self._unknown(keyword.value, "the keys of keywords must be text")
                read = read_of(keyword.value, key)
                keywords.append(ast.copy_location(ast.keyword(key, read), keyword.value))
        if arguments == node.args and keywords == node.keywords:
            return node
        self.owner.has_inlined = True
        return ast.copy_location(ast.Call(node.func, arguments, keywords), node)

    def reduced(self, node: ast.Call) -> ir.Value | None:
        """Return `len(xs)`, `sum(xs)`, `max(xs)` of known items; None for anything else."""
        match node:
            case ast.Call(ast.Name("len"), [first], []):
                made = self.peek(first)
                if made is None:
                    return None
                self.owner.has_inlined = True
                return self._number(node, len(made.operands))
            case ast.Call(
                ast.Name("sum"), [ast.ListComp() | ast.GeneratorExp() | ast.Call() as first], []
            ) if self.is_known(first):
                return self._total(node, first)
            case ast.Call(ast.Name("max" | "min") as function, [ast.Name() as first], []):
                made = self.peek(first)
                if made is None or made.kind == "dict" or len(made.operands) < 2:
                    return None
                count = len(made.operands)
                parts: list[ast.expr] = [read_of(first, place) for place in range(count)]
                whole = ast.copy_location(ast.Call(function, parts, []), node)
                return self.owner.expressions.value(whole)
        return None

    def _total(self, node: ast.Call, first: ast.expr) -> ir.Value:
        owner = self.owner
        items = self.items(first)
        if not all(isinstance(item, ir.Value) for item in items):
            owner.refuse(node, "construct", "a sum of tuples is not supported", "sum the items")
        values = [item for item in items if isinstance(item, ir.Value)]
        if not values:
            return self._number(node, 0)
        total = values[0]
        if len(values) == 1:  # `sum` gives a new object, 0 + x
            return owner.expressions.emit(
                node, "positive", [total], e.Unary("+", e.Primal(total))
            )
        for item in values[1:]:
            spelled = e.Binary("+", e.Primal(total), e.Primal(item))
            total = owner.expressions.emit(node, "add", [total, item], spelled)
        return total

    # loops

    def unroll(self, node: ast.For) -> bool:
        """Write a loop over known items out, turn by turn; False if it stays a loop."""
        owner = self.owner
        if not self.must_unroll(node):
            return False
        items = self.items(node.iter)
        self._check_turns(node, len(items))
        owner.pending = []
        before = len(owner.lines)
        has_arms = any(isinstance(p, ast.If | ast.For | ast.While) for p in node.body)
        for item in items:
            with self.turn():
                lined = self._lined(node.target, item)
                if has_arms:
                    self._name_parts(node.target, lined)
                self.bind(node.target, lined)
                owner.statements(node.body)
            if len(owner.lines) - before > MOST_LINES:
                owner.refuse(
                    node, "construct", "this loop is too long to be written out",
                    "loop over an array: np.array(...)",
                )
        if node.orelse:
            with self.turn():
                owner.statements(node.orelse)
        return True

    def unroll_left(self, node: ast.For, rest: list[ast.stmt]) -> bool:
        """Write a loop out that may be left early, with `rest` behind it; False for another."""
        from codegen.build.control import may_leave

        owner = self.owner
        leaving = next((p for p in [*node.body, *node.orelse] if may_leave(p)), None)
        if leaving is None or not self.must_unroll(node):
            return False
        items = self.items(node.iter)
        self._check_turns(node, len(items))
        lined = [self._lined(node.target, item) for item in items]
        for item in lined:
            self._name_parts(node.target, item)  # no arm of a later turn computes them
        rows = with_flags(owner, node, [partial(self.bind, node.target, item) for item in lined])
        if rows is None:
            owner.refuse(
                leaving, "construct", "the paths return different numbers of values, or nothing",
                "return as many values on every path",
            )
        owner.pending = []
        with self.turn():
            owner.statements([*rows, *rest])
        return True

    def must_unroll(self, node: ast.For) -> bool:
        """True for a loop over known items that is written out.

        That is not one over numbers, unless it picks or grows a container with them.
        """
        if not self.is_known(node.iter):
            return False
        if not _counts(node.iter):
            return True
        parts = [part for inner in node.body for part in ast.walk(inner)]
        return any(self._needs_literal(part) for part in parts)

    def _needs_literal(self, part: ast.AST) -> bool:
        match part:
            case ast.Subscript(base, index):
                if self.owner.entries.is_dict(base):
                    return isinstance(index, ast.JoinedStr)
                return isinstance(index, ast.Name | ast.BinOp | ast.JoinedStr) and (
                    self.peek(base) is not None
                )
            case ast.Call(ast.Attribute(ast.Name() as base, "append" | "extend" | "insert"), _, []):
                return self.peek(base) is not None
        return False

    def is_container(self, node: ast.expr) -> bool:
        """True for a container of known items, and for a dict that the function is given."""
        return self.peek(node) is not None or self.owner.entries.is_dict(node)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Build in a turn that is written out, where its numbers are known."""
        self.unrolling += 1
        try:
            yield
        finally:
            self.unrolling -= 1

    def bind(self, target: ast.expr, item: Item) -> None:
        """Let the names of a target mean an item."""
        owner = self.owner
        match target:
            case ast.Name(name):
                owner.scope.values[name] = self._whole(target, item)
            case ast.Tuple(parts) | ast.List(parts):
                if isinstance(item, ir.Value):
                    items: list[Item] = [*owner.unpacked(target, item, len(parts))]
                else:
                    items = item
                if len(items) != len(parts):
                    message = f"{len(items)} values cannot be unpacked to {len(parts)} names"
                    owner.refuse(target, "unpack", message, "give each value one name")
                for part, one in zip(parts, items, strict=True):
                    self.bind(part, one)
            case _:
                owner.refuse(
                    target, "construct", "this target is not supported here", "use plain names"
                )

    def _whole(self, node: ast.AST, item: Item) -> ir.Value:
        if isinstance(item, ir.Value):
            return item
        parts = [self._whole(node, part) for part in item]
        return self.owner.expressions.aggregate(node, "tuple", parts)

    def _lined(self, target: ast.expr, item: Item) -> Item:
        """Give a nameless item a line of its own, before the turn that reads it."""
        if isinstance(item, list):
            parts = [target] * len(item)
            if isinstance(target, ast.Tuple | ast.List):
                parts = target.elts
            return [self._lined(part, one) for part, one in zip(parts, item, strict=False)]
        made = self.owner.built.definition.get(item)
        if item.name is None and made is not None and not isinstance(
            made, ir.Constant | ir.Aggregate
        ):
            name = target.id if isinstance(target, ast.Name) else "item"
            self.owner.line_before(target, name, item)
        return item

    def _name_parts(self, target: ast.expr, item: Item) -> None:
        """Give the nameless items of a tuple lines of their own."""
        made = self.owner.built.definition.get(item) if isinstance(item, ir.Value) else None
        if not isinstance(made, ir.Aggregate):
            return
        parts = [target] * len(made.operands)
        if isinstance(target, ast.Tuple | ast.List) and len(target.elts) == len(parts):
            parts = target.elts
        for part, operand in zip(parts, made.operands, strict=True):
            self._lined(part, operand)
            self._name_parts(part, operand)

    # changes

    def store(
        self, node: ast.stmt, base: ast.Name, index: ast.expr, value: ir.Value
    ) -> None:
        """Build `d["key"] = value` and `xs[0] = value`."""
        owner = self.owner
        before = owner.scope.values[base.id]
        made = owner.built.definition[before]
        assert isinstance(made, ir.Aggregate)
        try:
            key = self.literal(index)
        except NotLiteral:
            owner.growing.ask([before])
            owner.refuse(
                node, "store", f"which item of `{base.id}` is replaced is not known here",
                "use a literal, or make an array of it: np.array(...)",
            )
        items, keys = list(made.operands), list(made.keys)
        text = repr(key)
        place_or_key = key % len(items) if isinstance(key, int) and items else key
        value = self._kept(node, base.id, value, place_or_key)
        if made.kind == "dict" and text not in keys:
            keys.append(text)
            items.append(value)
        else:
            found = self.item(made, index)
            if made.kind == "tuple" or found is None:
                owner.refuse(
                    node, "store", f"`{base.id}` has no item {text} that can be replaced",
                    "assign an item of a list or dict",
                )
            place = keys.index(text) if made.kind == "dict" else int(str(key)) % len(items)
            items[place] = value
        self._replace(node, base.id, before, made.kind, items, tuple(keys))

    def call(self, node: ast.Expr, call: ast.Call) -> bool:
        """Build `xs.append(value)` and its like; False if this is none."""
        owner = self.owner
        match call:
            case ast.Call(
                ast.Attribute(ast.Name(name) as base, word),
                parts,
                [],
            ):
                made = self.peek(base)
            case _:
                return False
        if made is None or word not in ("append", "extend", "insert", "update"):
            return False
        items, keys = list(made.operands), list(made.keys)
        match made.kind, word, parts:
            case "list", "append", [part]:
                items.append(self._kept(node, name, owner.expressions.value(part), len(items)))
            case "list", "extend", [part] if self.is_known(part):
                for item in self.items(part):
                    whole = self._whole(part, item)
                    items.append(self._kept(node, name, whole, len(items)))
            case "list", "insert", [at, part]:
                place = int(self._key(at))
                value = owner.expressions.value(part)
                items.insert(place, self._kept(node, name, value, place))
            case "dict", "update", [part] if (other := self._mapping_of(part)) is not None:
                kept = {key: self._kept(node, name, v, key.strip("'")) for key, v in other.items()}
                found = dict(zip(keys, items, strict=True)) | kept
                keys, items = list(found), list(found.values())
            case _:
                return False
        self._replace(node, name, owner.scope.values[name], made.kind, items, tuple(keys))
        return True

    def _mapping_of(self, node: ast.expr) -> dict[str, ir.Value] | None:
        made = self.peek(node)
        if isinstance(node, ast.Dict):
            found = self.owner.built.definition[self.mapping(node)]
            made = found if isinstance(found, ir.Aggregate) else None
        if made is None or made.kind != "dict":
            return None
        return dict(zip(made.keys, made.operands, strict=True))

    def _kept(self, node: ast.stmt, name: str, value: ir.Value, place: object) -> ir.Value:
        """Give a nameless item a line here, where it is computed."""
        owner = self.owner
        made = owner.built.definition.get(value)
        if value.name is not None or isinstance(made, ir.Constant | ir.Aggregate):
            return value
        owner.control.name_items(node)  # what it reads of items stands before it
        return owner.own_line(node, f"{name}_{place}", value)

    def _replace(
        self,
        node: ast.stmt,
        name: str,
        before: ir.Value,
        kind: str,
        items: list[ir.Value],
        keys: tuple[str, ...],
    ) -> None:
        """Let all names of a container mean what it is now."""
        owner = self.owner
        definition = owner.built.definition
        holders = [
            other
            for other, value in owner.scope.values.items()
            if isinstance(made := definition.get(value), ir.Aggregate) and self._holds(made, before)
        ]
        if holders or self._is_handed(before):
            held = f"`{holders[0]}` holds it too" if holders else "it is the caller's"
            owner.refuse(
                node, "store", f"`{name}` is changed, and {held}: this is not supported yet",
                "make a new list or dict",
            )
        owner.pending = [o for o in owner.pending if o in owner.settled]
        result = owner.expressions.aggregate(node, kind, items, keys)
        owner.growing.goes_on(before, result)
        owner.pending = []
        for other, value in list(owner.scope.values.items()):
            if value is before:
                owner.scope.values[other] = result

    def _is_handed(self, value: ir.Value) -> bool:
        """True if the caller of a helper that is being inlined has a container too."""
        given = [self.owner.built.definition.get(one) for one in self.owner.frame.handed]
        return value in self.owner.frame.handed or any(
            self._holds(one, value) for one in given if isinstance(one, ir.Aggregate)
        )

    def _holds(self, made: ir.Aggregate, value: ir.Value) -> bool:
        inner = [self.owner.built.definition.get(item) for item in made.operands]
        return value in made.operands or any(
            self._holds(one, value) for one in inner if isinstance(one, ir.Aggregate)
        )


def _counts(node: ast.expr) -> bool:
    """True for a range, or `enumerate`, `zip` and `reversed` of nothing but ranges."""
    match node:
        case ast.Call(ast.Name("range"), _, []):
            return True
        case ast.Call(ast.Name("enumerate" | "zip" | "reversed"), [_, *_] as parts):
            return all(_counts(part) for part in parts)
    return False


def read_of(base: ast.expr, key: str | int) -> ast.Subscript:
    """Return `base[key]`, at the place of `base`."""
    index = ast.copy_location(ast.Constant(key), base)
    return ast.copy_location(ast.Subscript(base, index, ast.Load()), base)
