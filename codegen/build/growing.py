"""Lists that grow by as many items as the run decides: values of their own, not followed by item.

A list starts as one whose items are followed. Where a loop turns out to change it, or paths give it
other lengths, the function is built again with that list as one value (`Grow`).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line
from codegen.nodes import nodes_of
from codegen.source import Span

if TYPE_CHECKING:
    from codegen.build.function import Builder

LISTS = ("list", "List", "Sequence", "MutableSequence")
CHANGES = ("append", "extend", "insert", "pop", "clear", "remove")
Comprehension = ast.ListComp | ast.GeneratorExp


class Grow(Exception):
    """Lists that cannot be followed item by item: where they are made."""

    def __init__(self, places: frozenset[Span]) -> None:
        super().__init__(places)
        self.places = places


class GrowingBuilder:
    """Builds lists of unknown length for one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.places: frozenset[Span] = frozenset()  # where lists are made that grow
        self.origins: dict[ir.Value, Span] = {}  # of followed lists that are changed or go on
        self.lists: dict[ir.Value, list[ir.Value]] = {}  # a list that grows -> all it has been
        self.target: tuple[ast.expr, str] | None = None  # what an assignment gives which name
        self.around: list[list[ir.Operation]] = []  # what statements around have built so far
        self.rewriting = 0  # how many comprehensions that are loops are around

    # which lists grow

    def origin(self, value: ir.Value) -> Span | None:
        """Return where a followed list was made."""
        made = self.owner.built.definition.get(value)
        if not isinstance(made, ir.Aggregate) or made.kind != "list":
            return None
        return self.origins.get(value, made.span)

    def is_list(self, value: ir.Value) -> bool:
        """True for a list whose items are not followed, and for a parameter declared to be one."""
        if value in self.lists:
            return True
        for parameter in self.owner.built.parameters:
            if parameter.value is value and isinstance(parameter.annotation, ast.Subscript):
                word = parameter.annotation.value
                return isinstance(word, ast.Name) and word.id in LISTS
        return False

    def goes_on(self, before: ir.Value, after: ir.Value) -> None:
        """Note that a list goes on as another value."""
        if before in self.lists:
            self.lists[after] = self.lists[before]
            self.lists[after].append(after)
        origin = self.origin(before)
        if origin is not None:
            self.origins[after] = origin

    def ask(self, values: list[ir.Value]) -> None:
        """Build again with these lists as values, if some of them are followed."""
        found = {place for value in values if (place := self.origin(value)) is not None}
        more = frozenset(found) - self.places
        if more:
            raise Grow(more)

    def ask_of_numbers(self, value: ir.Value, made: ir.Aggregate) -> None:
        """Build again with a list as a value whose item is picked by the run."""
        items = [self.owner.built.definition.get(item) for item in made.operands]
        if any(isinstance(item, ir.Aggregate) for item in items):
            return
        if not all(isinstance(item, ir.Constant) for item in items):
            self.ask([value])

    def enter(self, node: ast.For | ast.While) -> None:
        """Look which followed lists a loop changes."""
        values = self.owner.scope.values
        names = dict.fromkeys(name for part in node.body for name in _changed(part))
        self.ask([values[name] for name in names if name in values])

    def settle(self, node: ast.expr, value: ir.Value) -> ir.Value:
        """Return a list that was just made as one value, if it is one that grows."""
        owner = self.owner
        made = owner.built.definition.get(value)
        if not self.places or not isinstance(made, ir.Aggregate) or made.kind != "list":
            return value
        if made.span not in self.places or made not in owner.pending:
            return value
        items = [self.check_item(node, item) for item in made.operands]
        owner.pending.remove(made)
        owner.block.operations.remove(made)
        return self.new(node, items)

    def new(self, node: ast.expr, items: list[ir.Value]) -> ir.Value:
        """Return a list that holds these items, and grows."""
        spelled = e.Sequence("list", tuple(map(e.Primal, items)))
        value = self.owner.expressions.emit(node, "growing", items, spelled)
        self.lists[value] = [value]
        return value

    def list_of(self, node: ast.Call) -> ir.Value:
        """Build `list(x)`."""
        owner, (part,) = self.owner, node.args
        if isinstance(part, ast.GeneratorExp | ast.ListComp):
            return owner.expressions.value(part)
        value = owner.expressions.value(part)
        made = owner.built.definition.get(value)
        if isinstance(made, ir.Aggregate) and made.kind != "dict":
            owner.has_inlined = True
            return owner.expressions.aggregate(node, "list", list(made.operands))
        spelled = e.Call(e.Name("list"), (e.Primal(value),))
        value = owner.expressions.emit(node, "list_of", [value], spelled)
        self.lists[value] = [value]
        return value

    def repeated(self, node: ast.BinOp, left: ast.expr, right: ast.expr) -> ir.Value:
        """Build `[x] * n`."""
        owner = self.owner
        display, count = (left, right) if isinstance(left, ast.List) else (right, left)
        assert isinstance(display, ast.List)
        if len(display.elts) != 1 or isinstance(display.elts[0], ast.Starred):
            owner.refuse(
                node, "construct", "a list of several items times a number is not supported yet",
                "write a list of one item, or a comprehension",
            )
        item = owner.expressions.value(display.elts[0])
        if item in self.lists:
            owner.refuse(
                node, "construct", "one list in all places of another is not supported yet",
                "write a comprehension: [[0.0] * m for _ in range(n)]",
            )
        item = self.check_item(display.elts[0], item)
        times = owner.expressions.value(count)
        whole: e.Expression = e.Sequence("list", (e.Primal(item),))
        sides = (whole, e.Primal(times)) if display is left else (e.Primal(times), whole)
        spelled = e.Binary("*", *sides)
        value = owner.expressions.emit(node, "repeated", [item, times], spelled)
        self.lists[value] = [value]
        return value

    def may_be_lists(self, node: ast.expr) -> bool:
        """True for `a + b` where one of them may be a list that is known to be one."""
        match node:
            case ast.List() | ast.ListComp():
                return True
            case ast.Name(name):
                value = self.owner.scope.values.get(name)
                is_list = value in self.lists
                return value is not None and (is_list or self.origin(value) is not None)
            case ast.Subscript(base, ast.Slice()):
                return self.may_be_lists(base)
            case ast.BinOp(left, ast.Add(), right):
                return self.may_be_lists(left) or self.may_be_lists(right)
        return False

    def added(self, node: ast.BinOp, left: ast.expr, right: ast.expr) -> ir.Value:
        """Build `a + b`, which puts lists together."""
        owner = self.owner
        values = [owner.expressions.value(part) for part in (left, right)]
        made = [owner.built.definition.get(value) for value in values]
        displays = [isinstance(m, ir.Aggregate) and m.kind == "list" for m in made]
        if all(displays):
            owner.has_inlined = True
            items = [v for m in made if isinstance(m, ir.Aggregate) for v in m.operands]
            return owner.expressions.aggregate(node, "list", items)
        for place, one in enumerate(made):
            if displays[place] and isinstance(one, ir.Aggregate):
                self.ask([values[place]] if values[1 - place] in self.lists else [])
                part = (left, right)[place]
                values[place] = self.new(part, [self.check_item(node, i) for i in one.operands])
        read = {id(part): one for part, one in zip((left, right), values, strict=True)}
        value = owner.expressions.gate(node, "+", [left, right], [], read)
        if values[0] in self.lists or values[1] in self.lists:
            self.lists[value] = [value]
        return value

    # changes

    def call(self, node: ast.Expr, call: ast.Call) -> bool:
        """Build `hs.append(h)`, `hs.extend(more)` and `hs.pop()`; False if this is none."""
        owner = self.owner
        match call:
            case ast.Call(ast.Attribute(ast.Name(name) as base, word), parts, []):
                known = owner.scope.values.get(name)
            case _:
                return False
        if known is None:
            return False
        if isinstance(owner.built.definition.get(known), ir.Aggregate):
            if word in ("extend", "pop"):
                self.ask([known])
            return False
        match word, parts:
            case "append", [part]:
                value = self.check_item(part, owner.expressions.value(part))
                self.change(node, base, value, "append")
            case "extend", [part] if known in self.lists:
                self._extend(node, base, part)
            case "pop", []:
                self.pop(call, base)
                owner.pending = []
            case "insert" | "clear" | "remove" | "pop" | "sort" | "reverse", _ if (
                known in self.lists
            ):
                owner.refuse(
                    node, "construct",
                    f"`.{word}` of a list whose length is not known is not supported yet",
                    "append to it, or make a new list",
                )
            case _:
                return False
        return True

    def augment(self, node: ast.AugAssign) -> bool:
        """Build `hs += more` of a list; False if it is none."""
        owner = self.owner
        base = node.target
        if not isinstance(base, ast.Name) or not isinstance(node.op, ast.Add):
            return False
        known = owner.scope.values.get(base.id)
        read = ast.copy_location(ast.Name(base.id, ast.Load()), base)
        if known is not None and known not in self.lists and self.origin(known) is not None:
            extend = ast.Call(ast.Attribute(read, "extend", ast.Load()), [node.value], [])
            made = ast.fix_missing_locations(ast.copy_location(ast.Expr(extend), node))
            assert isinstance(made.value, ast.Call)
            if owner.containers.call(made, made.value):
                return True
            self.ask([known])
        if known not in self.lists:
            return False
        self._extend(node, read, node.value)
        return True

    def check_item(self, node: ast.AST, value: ir.Value) -> ir.Value:
        """Return what an item is: a tuple in one piece. Build again where it is a list."""
        owner, made = self.owner, self.owner.built.definition.get(value)
        if not isinstance(made, ir.Aggregate):
            return value
        self.ask([value])  # a list in a list is one whose items are not followed
        parts = [owner.built.definition.get(item) for item in made.operands]
        if made.kind != "tuple" or any(isinstance(part, ir.Aggregate) for part in parts):
            owner.refuse(
                node, "construct",
                f"a {made.kind} as an item of a list of unknown length is not supported yet",
                "append each of its items to a list of its own",
            )
        if made in owner.pending:
            owner.pending.remove(made)
            owner.block.operations.remove(made)
        else:
            owner.has_inlined = True
        items = list(made.operands)
        spelled = e.Sequence("tuple", tuple(map(e.Primal, items)))
        return owner.expressions.emit(node, "packed", items, spelled)

    def change(self, node: ast.stmt, base: ast.Name, value: ir.Value, operator: str) -> None:
        """Build one store into a list; all its names mean the new value from here on."""
        owner = self.owner
        before = owner.expressions.value(base)
        if before in owner.frame.handed:
            owner.refuse(
                node, "store",
                f"`{base.id}` is changed, and it is the caller's: this is not supported yet",
                "return what is to be appended, and append it there",
            )
        self._check_reads(node, before)
        result = owner.new_value(node, before.name or base.id)
        operation = ir.Store((before, value), (result,), owner.span(node), (), operator)
        owner.append_without_spelling(operation)
        self.lists.setdefault(before, [before])  # whatever it was made of
        self.goes_on(before, result)
        for name, known in list(owner.scope.values.items()):
            if known is before:
                owner.scope.values[name] = result
        line = Line("store", owner.span(node), (result,), e.Primal(value))
        line.operator = operator
        owner.finish(line)

    def _check_reads(self, node: ast.stmt, before: ir.Value) -> None:
        """What the statement around has read of a list is evaluated before the list changes."""
        family = self.lists.get(before, [before])
        for operation in (o for pending in self.around for o in pending):
            if any(operand in family for operand in operation.operands):
                self.owner.refuse(
                    node, "construct",
                    f"`{before.name}` is read and changed in one expression",
                    "write what changes it in a line of its own",
                )

    def _extend(self, node: ast.stmt, base: ast.Name, part: ast.expr) -> None:
        """Build `hs.extend(more)`: an `append` for each item, once all of them are evaluated."""
        owner = self.owner
        if isinstance(part, ast.List | ast.Tuple):
            values = [owner.expressions.value(item) for item in part.elts]
            owner.has_inlined = True
            pairs = zip(part.elts, values, strict=True)
            values = [self.check_item(item, value) for item, value in pairs]
            for place, value in enumerate(values):
                made = owner.built.definition.get(value)
                is_plain = value.name is not None or isinstance(made, ir.Constant)
                if len(values) > 1 and not is_plain:
                    values[place] = owner.own_line(node, owner.control.fresh("item"), value)
            owner.pending = owner.pending if len(values) == 1 else []
            for value in values:
                self.change(node, base, value, "append")
            return
        name = owner.control.fresh("item")
        call = ast.Call(ast.Attribute(base, "append", ast.Load()), [ast.Name(name, ast.Load())], [])
        loop = ast.For(ast.Name(name, ast.Store()), part, [ast.Expr(call)], [])
        self._run(node, loop)

    def pop(self, node: ast.Call, base: ast.Name) -> ir.Value:
        """Return the last item, which has a name, and take it off."""
        owner = self.owner
        self._check_certain(node, "`pop`")
        before = owner.expressions.value(base)
        pending, owner.pending = owner.pending, []
        place = owner.constant(node, "-1", e.Unary("-", e.Literal("1")))
        item = owner.read(node, before, place)
        target = self.target
        name = target[1] if target is not None and target[0] is node else None
        item = owner.own_line(node, name or owner.control.fresh("last"), item)
        statement = ast.copy_location(ast.Expr(node), node)
        outer, owner.has_inlined = owner.has_inlined, True
        self.around.append(pending)
        self.change(statement, base, item, "pop")
        self.around.pop()
        owner.has_inlined = outer or name is None
        owner.pending = pending
        owner.returned.add(item)
        return item

    def truth(self, node: ast.expr, value: ir.Value) -> ir.Value:
        """Return what a test asks: of a list whether it has items."""
        if value not in self.lists:
            return value
        spelled = e.Call(e.Name("len"), (e.Primal(value),))
        return self.owner.expressions.emit(node, "length", [value], spelled)

    # comprehensions

    def comprehension(self, node: Comprehension) -> ir.Value:
        """Build `[f(x) for x in xs]` as a loop that appends."""
        owner = self.owner
        self._check_certain(node, "a comprehension of unknown length")
        first, *inner = node.generators
        direct = self.target is not None and self.target[0] is node
        wanted = self.target[1] if direct and self.target is not None else "items"
        key = owner.control.fresh(wanted) if wanted in owner.scope.values or not direct else wanted
        outer = dict(owner.scope.values)
        before, owner.pending = owner.pending, []
        self.around.append(before)
        made = self.new(node, [])
        owner.scope.values[key] = owner.own_line(node, key, made)
        targets = [part.target for part in node.generators]
        hidden = {n.id: "" for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        for name in hidden:
            hidden[name] = owner.control.fresh(name) if name in outer else name
        rename = _Renamer(hidden)
        base = ast.Name(key, ast.Load())
        call = ast.Call(ast.Attribute(base, "append", ast.Load()), [rename.of(node.elt)], [])
        body: list[ast.stmt] = [ast.Expr(call)]
        for part in reversed([first, *inner]):
            for test in reversed(part.ifs):
                body = [ast.If(rename.of(test), body, [])]
            if part is not first:
                body = [ast.For(rename.of(part.target), rename.of(part.iter), body, [])]
        self._run(node, ast.For(rename.of(first.target), first.iter, body, []))
        result = owner.scope.values[key]
        loop = owner.built.definition.get(result)
        if isinstance(loop, ir.For):
            line = owner.built.line_of[loop]
            line.display = not (first.ifs or inner)
            if direct:
                owner.comments(line, line.span.end_line)
        owner.scope.values = outer
        if direct:
            self.rename(result, wanted)
        self.around.pop()
        owner.pending, owner.has_inlined = before, True
        owner.returned.add(result)
        return result

    def _check_certain(self, node: ast.expr, what: str) -> None:
        """What is a statement of its own must run whenever the statement around it does."""
        if self.owner.in_arm or self.owner.expressions.waiting:
            self.owner.refuse(
                node, "construct",
                f"{what} in a conditional expression, `and` or `or` is not supported yet",
                "write an `if` statement",
            )

    def rename(self, value: ir.Value, name: str) -> None:
        """Give a list, under all that it has been, another name."""
        for one in self.lists[value]:
            one.name = name

    def _run(self, node: ast.AST, loop: ast.For) -> None:
        """Build a loop that stands for an expression."""
        owner = self.owner
        for part in ast.walk(loop):
            if not hasattr(part, "lineno"):
                ast.copy_location(part, node)
        ast.fix_missing_locations(loop)
        told = len(owner.problems.found)
        outer = (owner.pending, owner.returned, owner.adopted, owner.has_inlined, self.target)
        left, owner.left = owner.left, None  # `return [f(x) for x in xs]`
        self.around.append(outer[0])
        with self._rewritten():
            owner.statements([loop])
        self.around.pop()
        owner.left = left
        owner.pending, owner.returned, owner.adopted, owner.has_inlined, self.target = outer
        if len(owner.problems.found) > told:
            owner.give_up()

    @contextmanager
    def _rewritten(self) -> Iterator[None]:
        self.rewriting += 1
        try:
            yield
        finally:
            self.rewriting -= 1

    def check_source(self, node: ast.For) -> None:
        """A list that is run over must not change meanwhile."""
        names = {name for part in node.body for name in _changed(part)}
        counted = {
            part
            for call in ast.walk(node.iter)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            if call.func.id == "len"
            for part in call.args
        }  # how long it is, is asked once
        for part in ast.walk(node.iter):
            if isinstance(part, ast.Name) and part.id in names and part not in counted:
                value = self.owner.scope.values.get(part.id)
                if value in self.lists:
                    self._refuse_running(node.iter, part.id)

    def _refuse_running(self, node: ast.expr, name: str) -> NoReturn:
        self.owner.refuse(
            node, "construct", f"`{name}` changes while the loop runs over it",
            f"run over a copy, or count: for i in range(len({name}))",
        )


class _Renamer(ast.NodeTransformer):
    """Gives the variables of a comprehension, which nothing else sees, names of their own."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def of(self, node: ast.expr) -> ast.expr:
        """Return an expression with the new names."""
        if all(old == new for old, new in self.names.items()):
            return node
        changed: ast.expr = self.visit(copy.deepcopy(node))
        return changed

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Rename one."""
        name = self.names.get(node.id, node.id)
        return ast.copy_location(ast.Name(name, node.ctx), node)


def _changed(node: ast.stmt) -> Iterator[str]:
    """Yield the names of what a statement may make longer or shorter."""
    for part in nodes_of(node):
        match part:
            case ast.Call(ast.Attribute(ast.Name(name), word)) if word in CHANGES:
                yield name
            case ast.AugAssign(ast.Name(name), ast.Add()):
                yield name
