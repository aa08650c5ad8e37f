"""Writes into arrays: `a[i] = v`, `a[i] += v`, `np.add.at(a, i, v)`, `a.fill(v)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import fence, ir
from codegen.build.lines import Line
from codegen.build.part_index import as_number, composed, must_be_number, of_column
from codegen.build.plain import operator_text
from codegen.build.slices import index_of
from codegen.gates.declare import GATES

if TYPE_CHECKING:
    from codegen.build.function import Builder

WHOLE = ast.Constant(value=...)


class StoreBuilder:
    """Builds the stores of one function builder: each gives a new value of the whole array."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner

    def assign(self, node: ast.stmt, target: ast.Subscript, value: ir.Value) -> None:
        """Build `a[index] = value`."""
        self.store(node, target.value, target.slice, value, "")

    def augment(self, node: ast.AugAssign, target: ast.Subscript) -> None:
        """Build `a[index] += value`."""
        if self.owner.containers.peek(target.value) is not None:
            read = ast.copy_location(ast.Subscript(target.value, target.slice), target)
            whole = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
            self.store(node, target.value, target.slice, self.owner.expressions.value(whole), "")
            return
        scales = self._scales_item(node, target)
        if self._is_computed(node) or scales:
            read = ast.copy_location(ast.Subscript(target.value, target.slice), target)
            whole = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
            self.store(node, target.value, target.slice, self.owner.expressions.value(whole), "")
            if scales:
                self.owner.built.scaled_items.add(self.owner.block.operations[-1])
            return
        value = self.owner.expressions.value(node.value)
        self.store(node, target.value, target.slice, value, operator_text(node.op))

    def whole(self, node: ast.AugAssign, target: ast.Name) -> None:
        """Build `a += value` where it writes into an array."""
        if self._is_computed(node):
            read = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            result = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
            self.store(node, target, WHOLE, self.owner.expressions.value(result), "")
            self.owner.lines[-1].updates = True
            return
        value = self.owner.expressions.value(node.value)
        self.store(node, target, WHOLE, value, operator_text(node.op))
        self.owner.lines[-1].whole = self.owner.lines[-1].updates = True

    def _is_computed(self, node: ast.AugAssign) -> bool:
        """True for `a[i] **= e`, which is `a[i] = a[i] ** e`, and the like; not for `**= 2`."""
        match node.op, node.value:
            case ast.Pow(), ast.Constant(value=int() as exponent) if exponent > 0:
                return False
        return isinstance(node.op, ast.Pow | ast.FloorDiv | ast.Mod | ast.MatMult)

    def _scales_item(self, node: ast.AugAssign, target: ast.expr) -> bool:
        """True for `hs[i] *= e` of a list: `hs[i] = hs[i] * e`, of a number and of an array."""
        while isinstance(target, ast.Subscript):
            target = target.value
        known = self.owner.scope.values.get(target.id) if isinstance(target, ast.Name) else None
        is_sum = isinstance(node.op, ast.Add | ast.Sub)
        return known in self.owner.growing.lists and not is_sum

    def several(self, node: ast.stmt, target: ast.Tuple | ast.List, value: ir.Value) -> bool:
        """Build `a[i], a[j] = x, y`: all right sides are read before anything is written."""
        owner = self.owner
        if not any(isinstance(part, ast.Subscript) for part in target.elts):
            return False
        items = owner.unpacked(target, value, len(target.elts))
        owner.has_inlined = True  # each part has a line of its own
        named = []
        for item in items:
            is_constant = isinstance(owner.built.definition.get(item), ir.Constant)
            is_named = item.name is not None or is_constant
            named.append(item if is_named else owner.own_line(node, "right", item))
        for part, item in zip(target.elts, named, strict=True):
            if isinstance(part, ast.Subscript):
                self.assign(node, part, item)
            elif isinstance(part, ast.Name):
                owner.scope.values[part.id] = owner.own_line(node, part.id, item)
            else:
                owner.refuse(
                    part, "construct", "this left side is not supported yet", "assign it on its own"
                )
        return True

    def store(
        self,
        node: ast.stmt,
        base: ast.expr,
        index: ast.expr,
        value: ir.Value,
        operator: str,
        verbatim: bool = True,
    ) -> None:
        """Build one store; the array's name means the new value from here on."""
        owner = self.owner
        chain = self._places_in_lists(base, index)
        if chain is not None:
            self._in_list(node, chain, value, operator)
            return
        while isinstance(base, ast.Subscript):
            both = of_column(base.value, base.slice, index, {})
            both = both or composed(base.slice, index, {})
            if both is None:
                break
            base, index, verbatim = base.value, both, False
        if not isinstance(base, ast.Name):
            owner.refuse(
                node, "store", "only an array with a name can be written into here",
                "give the array a name, and write name[...] = ...",
            )
        before = owner.expressions.value(base)
        if isinstance(owner.built.definition.get(before), ir.Aggregate):
            owner.containers.store(node, base, index, value)
            return
        is_global = base.id in owner.module.constants and not owner.is_local(base.id)
        if before.name is None or is_global:
            if isinstance(base, ast.Name) and base.id in owner.given_up:
                owner.give_up()
            owner.refuse(node, "store", fence.STORE.message, fence.STORE.help)
        if before in owner.growing.lists:
            if isinstance(index, ast.Slice):
                owner.refuse(
                    node, "store", f"a slice of `{base.id}` is replaced: this is not supported yet",
                    f"make a new list: {base.id} = {base.id}[:a] + [...] + {base.id}[b:]",
                )
            value = owner.growing.check_item(node, value)
        operands = [before, self._apart_from(node, value, before)]
        items: list[ir.IndexItem] = []
        parts = list(index.elts) if isinstance(index, ast.Tuple) else [index]
        parts = [self._apart(node, part, before) for part in parts]
        spelled = [owner.expressions.index_item(part, operands, items) for part in parts]
        whole: e.Expression = (
            e.Sequence("tuple", tuple(spelled)) if isinstance(index, ast.Tuple) else spelled[0]
        )
        result = owner.new_value(node, before.name)
        operation = ir.Store(tuple(operands), (result,), owner.span(node), tuple(items), operator)
        owner.append_without_spelling(operation)
        owner.scope.values[base.id] = result
        owner.growing.goes_on(before, result)
        line = Line("store", owner.span(node), (result,), e.Primal(operands[1]))
        line.index, line.operator = whole, operator
        owner.finish(line, verbatim=verbatim)

    def _places_in_lists(self, base: ast.expr, index: ast.expr) -> list[ast.expr] | None:
        """Return `C, i, j` of `C[i][j]`, where C is a list whose items are not followed."""
        parts = [index]
        while isinstance(base, ast.Subscript):
            parts.insert(0, base.slice)
            base = base.value
        if len(parts) < 2 or not isinstance(base, ast.Name):
            return None
        growing = self.owner.growing
        known = self.owner.scope.values.get(base.id)
        if known is None:
            return None
        growing.ask([known])
        is_plain = not any(isinstance(part, ast.Slice | ast.Tuple) for part in parts)
        return [base, *parts] if known in growing.lists and is_plain else None

    def _in_list(
        self, node: ast.stmt, chain: list[ast.expr], value: ir.Value, operator: str
    ) -> None:
        """Build `C[i][j] = value`: a store into the list around, which has the lists in it."""
        owner, (base, *parts) = self.owner, chain
        assert isinstance(base, ast.Name)
        before = owner.expressions.value(base)
        value = owner.growing.check_item(node, value)
        operands, items = [before, value], list[ir.IndexItem]()
        spelled = [owner.expressions.index_item(part, operands, items) for part in parts]
        result = owner.new_value(node, before.name)
        operation = ir.Store(tuple(operands), (result,), owner.span(node), tuple(items), operator)
        owner.append_without_spelling(operation)
        owner.growing.goes_on(before, result)
        for name, known in list(owner.scope.values.items()):
            if known is before:
                owner.scope.values[name] = result
        line = Line("store", owner.span(node), (result,), e.Primal(value))
        line.index, line.operator = e.Sequence("chain", tuple(spelled)), operator
        owner.finish(line)

    def _apart_from(self, node: ast.stmt, value: ir.Value, base: ir.Value) -> ir.Value:
        """Return what is stored; of `a *= a` it is what the array holds, and not the array."""
        if value is not base:
            return value
        owner = self.owner
        operation = ir.View((base,), (owner.new_value(node),), owner.span(node), (ir.Rest(),))
        return owner.append(operation, e.Subscript(e.Primal(base), e.Literal("...")))

    def _apart(self, node: ast.stmt, part: ast.expr, base: ir.Value) -> ast.expr:
        """Compute an index that reads the array itself before: `a[a > 0] = 0` changes it."""
        if part in self.owner.masks.known or not self.reads(part, base):
            return part
        name = self.before(node, part)
        read = ast.copy_location(ast.Name(name, ast.Load()), part)
        return as_number(read) if must_be_number(part) else read

    def reads(self, part: ast.expr, base: ir.Value) -> bool:
        """True if an expression reads an array, as it is or was before."""
        owner = self.owner
        names = {inner.id for inner in ast.walk(part) if isinstance(inner, ast.Name)}
        reads = {owner.scope.values[name] for name in names if name in owner.scope.values}
        return bool(self.origins(base) & {o for value in reads for o in self.origins(value)})

    def before(self, node: ast.stmt, part: ast.expr) -> str:
        """Compute an index before its statement, under the name that is returned."""
        owner = self.owner
        pending = owner.pending
        owner.pending = []
        value = owner.expressions.value(part)
        name = owner.control.fresh("at" if not isinstance(part, ast.Compare) else "mask")
        if value.name is None:
            value = owner.own_line(node, name, value)
        owner.pending = pending
        owner.has_inlined = True
        owner.scope.values[name] = value
        return name

    def call(self, node: ast.Expr, call: ast.Call) -> bool:
        """Build a call that writes into an array; False if this is none."""
        owner = self.owner
        path = owner.scope.path(call.func)
        plain = not call.keywords and not any(isinstance(a, ast.Starred) for a in call.args)
        match path, call.func, call.args:
            case "numpy.add.at", _, [base, index, value] if plain:
                given = owner.expressions.value(value)
                index = index_of(index, owner.scope)
                self.store(node, base, index, given, "at", verbatim=False)
            case "numpy.subtract.at", _, [base, index, value] if plain:
                less = ast.copy_location(ast.UnaryOp(ast.USub(), value), value)
                given = owner.expressions.value(less)
                index = index_of(index, owner.scope)
                self.store(node, base, index, given, "at", verbatim=False)
            case "numpy.copyto", _, [base, value] if plain:
                self.store(node, base, WHOLE, owner.expressions.value(value), "", verbatim=False)
            case None, ast.Attribute(base, "fill"), [value] if plain:
                self.store(node, base, WHOLE, owner.expressions.value(value), "", verbatim=False)
            case _:
                return False
        return True

    def has_written(self, now: ir.Value, given: ir.Value) -> bool:
        """True if a store on the way from `given` to `now` has written into it."""
        made = [self.owner.built.definition.get(value) for value in self.origins(now)]
        stores = [one for one in made if isinstance(one, ir.Store)]
        return any(given in self.origins(store.operands[0]) for store in stores)

    def take_over(self, name: str, value: ir.Value) -> bool:
        """Give an array that a function was handed, filled and gave back the caller's name.

        `y = fill(np.zeros(n), x)`: nothing else has a name for it.
        """
        owner, origins = self.owner, self.origins(value)
        known = {*owner.scope.values.values(), *owner.frame.handed}
        known |= {parameter.value for parameter in owner.built.parameters}
        if value not in owner.filled or known & origins:
            return False
        made = [owner.built.definition.get(one) for one in origins]
        first = [one for one in made if isinstance(one, ir.Gate | ir.View | ir.Constant)]
        is_own = [isinstance(o, ir.Gate) and not GATES[o.gate].view for o in first] == [True]
        if not is_own or len({one.name for one in origins}) > 1:
            return False
        for one in origins:
            one.name = name
        return True

    def origins(self, value: ir.Value) -> set[ir.Value]:
        """Return the values that a value is by stores: what was written into, and before that."""
        built = self.owner.built
        loops = {
            o
            for o in built.definition.values()
            if isinstance(o, ir.For | ir.While) and len(o.body.yields) == len(o.results)
        }  # one that is refused gives nothing
        given = {one.parameter: one.start for loop in loops for one in ir.carried(loop)}
        found: set[ir.Value] = set()
        stack = [value]
        while stack:
            one = stack.pop()
            if one in found:
                continue
            found.add(one)
            if one in given:
                stack.append(given[one])
            made = built.definition.get(one)
            if isinstance(made, ir.Store):
                stack.append(made.operands[0])
            elif isinstance(made, ir.If) and one not in built.spelling:
                stack += ir.arms(made, made.results.index(one))
            elif isinstance(made, ir.For | ir.While) and made in loops:
                carried = ir.carried(made)[made.results.index(one)]
                stack += [carried.start, carried.next]
        return found

    def is_store(self, value: ir.Value) -> bool:
        """True if a value comes from a store on some path."""
        definition = self.owner.built.definition
        return any(isinstance(definition.get(one), ir.Store) for one in self.origins(value))
