"""IR to reverse program: what each operation adds to the cotangents of its operands.

A gate's backward body is read as source and evaluated here on terms: `out` and the operands stand
for forward values, `d` for the cotangent, so that what comes out is what will be printed.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from functools import cache
from typing import Any, TypeGuard

from codegen import expressions as e
from codegen import ir, shapes
from codegen.adjoint import (
    einsum,
    kept,
    moves,
    polynomials,
    products,
    running,
    statistics,
    weighted,
)
from codegen.adjoint.axes import cast, expanded, leads, mean_at_hand, turns_round
from codegen.adjoint.zeros import item_of
from codegen.analyses.distinct import is_distinct, names_places
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built
from codegen.frozen import changed, frozen
from codegen.gates.declare import GATES, GateDefinition
from codegen.gates.pattern import LIBRARIES, OPERATORS, library_path
from codegen.shapes import SCALAR, Known, Type
from codegen.simplify import linear, sums
from codegen.simplify import terms as t

MATH_NAMES = frozenset(
    {"exp", "log", "log1p", "log2", "log10", "expm1", "sqrt", "hypot"}
    | {"sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan"}
)
PRODUCT_WORDS = {
    **kept.WORDS,
    **einsum.WORDS,
    **polynomials.WORDS,
    **products.WORDS,
    **statistics.WORDS,
    **weighted.WORDS,
}
LINEAR = ("numpy.sum", "numpy.ravel")  # linear functions of one array
REDUCTIONS = frozenset(f"numpy.{name}" for name in ("sum", "prod", "mean", "max", "min", "ptp"))


class BodyError(AssertionError):
    """A body has what bodies do not have: a bug of ours, or of a rule of one's own."""

    def __init__(self, gate: GateDefinition, node: ast.AST) -> None:
        super().__init__(f"gate {gate.name}: {ast.dump(node)}")
        self.gate, self.node = gate, node


@frozen
class LocalLine:
    """A helper value that a body names (`at_max`), printed before what reads it."""

    name: e.Local
    term: t.Term


@frozen
class Flow:
    """What one operation adds to one operand's cotangent.

    With an `index` the term goes to that part of the cotangent: `mode` is "part" where the index
    cannot repeat, "repeats" where it may (np.add.at), "item" in a list. In mode "each" every item
    of a list gets the term, in which `item_of` the list stands for the item; in mode "list" the
    term is an array with an entry for each.
    """

    place: int
    term: t.Term
    index: e.Expression | None = None
    mode: str = ""
    locals: tuple[LocalLine, ...] = ()


class Pullback:
    """Evaluates one operation's backward body for some of its operands."""

    def __init__(
        self,
        operation: ir.Operation,
        built: Built,
        facts: TypeFacts,
        d: t.Term,
        is_staged: Callable[[ir.Value], bool],
        singular: set[ir.Value] | frozenset[ir.Value] = frozenset(),
        gathered: frozenset[ir.Value] = frozenset(),
    ) -> None:
        self.operation = operation
        self.built = built
        self.facts = facts
        self.d = d
        self.is_staged = is_staged
        self.singular = singular  # values that may be infinite where the cotangent is masked
        self.gathered = gathered  # items of calls whose cotangents have names
        self.locals: dict[str, LocalLine] = {}
        self.d_reads = 0
        self.fills = False  # the body reads d as a whole array, made for it

    def flows(self, places: list[int]) -> list[Flow]:
        """Return the flows to the operands at these places, in order."""
        if isinstance(self.operation, ir.View):
            return [self._view()]
        if isinstance(self.operation, ir.Gate) and self.operation.gate == "concatenate_of":
            return [self._split_up(self.operation)]
        if isinstance(self.operation, ir.Aggregate):
            raise AssertionError("aggregates are followed item by item")
        assert isinstance(self.operation, ir.Gate)
        return self._gate(self.operation, places)

    # gates

    def _gate(self, operation: ir.Gate, places: list[int]) -> list[Flow]:
        gate = GATES[operation.gate]
        body = Body(self, operation, gate)
        returned = body.run()
        cells = returned.elts if isinstance(returned, ast.Tuple) else [returned]
        flows = []
        result, have = operation.result, self.facts[operation.result]
        for place in places:
            cell = cells[0] if gate.variadic else cells[place]
            body.place = place
            reads, self.d_reads = self.d_reads, 0
            if isinstance(cell, ast.Constant) and cell.value is None:
                continue
            self.locals = {}
            term = body.contribution(cell)
            if isinstance(term, moves.Into):
                where = term.where
                flows.append(Flow(place, term.term, where.index, where.mode))
                continue
            if gate.kind == "elementwise" and "d" not in gate.names:
                term = t.times(term, self.d)
                self.d_reads += 1
            self.d_reads = max(reads, self.d_reads)
            operand = operation.operands[place]
            want = self.facts[operand]
            if gate.family == "pairs" and want.kind == "list":
                flows.append(Flow(place, term, mode="items", locals=self._read_by(term)))
                continue
            if want.kind in ("list", "tuple"):
                is_same = t.without_flags(term)[0].scalar or operation.gate == "builtin_sum"
                mode = "each" if is_same else "list"
                flows.append(Flow(place, term, mode=mode, locals=self._read_by(term)))
                continue
            if gate.kind == "elementwise":
                term = linear.to_shape(term, have, want, result, operand)
            else:
                term = self._guarded(term, operand)
                term = linear.fitted(term, want, result, operand, gate.broadcasts)
            flows.append(Flow(place, term, locals=self._read_by(term)))
        return flows

    def _split_up(self, operation: ir.Gate) -> Flow:
        """Return the slices of a cotangent that the items of a joined list had, as a list."""
        (value,) = operation.operands
        kind = self.facts[operation.result]
        d, flags = t.without_flags(linear.materialized(self.d, kind, operation.result))
        axis = dict(operation.statics).get("axis", 0)
        each = item_of(value)
        length: e.Expression = e.Call(e.Name("len"), (each,))
        if axis != 0:
            length = e.Subscript(e.call("numpy.shape", each), _literal(str(axis)))
        but_last = e.Subscript(e.Primal(value), e.Slice(None, _literal("-1"), None))
        ends = e.call("numpy.cumsum", e.Comprehension(length, (each,), (but_last,)))
        given = [t.expression(d), ends] + ([_literal(str(axis))] if axis != 0 else [])
        parts = t.of(e.call("numpy.split", *given), SCALAR)
        return Flow(0, t.with_masks(parts, flags), mode="items")

    def is_masked(self) -> bool:
        """True if the cotangent is 0 where the author's mask leaves entries out."""
        return self.d.guarded or any(mask.shape != SCALAR for mask in self.d.masks)

    def _guarded(self, term: t.Term, operand: ir.Value) -> t.Term:
        """Mark a term whose masks end here: what follows may be infinite where it is 0."""
        if operand in self.singular and self.is_masked() and not term.masks:
            return changed(term, guarded=True)
        return term

    def _read_by(self, term: t.Term) -> tuple[LocalLine, ...]:
        """Return the helper values that are left in a term, in the order in which they are made."""
        if not self.locals:
            return ()
        read = {node for node in t.leaves(term) if isinstance(node, e.Local)}
        found: list[LocalLine] = []
        for line in reversed(self.locals.values()):
            if line.name in read:
                found.append(line)
                read |= {node for node in t.leaves(line.term) if isinstance(node, e.Local)}
        return tuple(reversed(found))

    # reads

    def _view(self) -> Flow:
        operation = self.operation
        assert isinstance(operation, ir.View)
        base = operation.operands[0]
        spelled = self.built.spelling[operation.result]
        assert isinstance(spelled, e.Subscript)
        if self.facts[base].kind in ("list", "tuple"):
            return Flow(0, self.d, spelled.index, "item")
        if all(isinstance(i, ir.NewAxis | ir.Rest) or _is_whole(i) for i in operation.index):
            if self.d.scalar or not any(isinstance(i, ir.NewAxis) for i in operation.index):
                return Flow(0, self.d)  # all entries, in their places
            kind = self.facts[operation.result]
            whole = linear.movable(self.d, kind, operation.result)
            shape = self.facts[base].shape
            return Flow(0, moves.back(whole, shape, e.ShapeOf(base)))
        index = self._with_numbers(spelled.index)
        if turns_round(index):
            kind = self.facts[operation.result]
            turned = linear.movable(self.d, kind, operation.result)
            shape = self.facts[base].shape
            return Flow(0, linear.reshape_like(turned, shape, lambda d: e.Subscript(d, index)))
        used = [operation.operands[i.operand] for i in operation.index if isinstance(i, ir.At)]
        mode = "part" if self.never_repeats(used) else "repeats"
        return Flow(0, self.d, spelled.index, mode)

    def _with_numbers(self, index: e.Expression) -> e.Expression:
        """Return an index with its literals written out."""

        def leaf(node: e.Expression) -> e.Expression | None:
            if not isinstance(node, e.Primal):
                return None
            is_number = isinstance(self.built.definition.get(node.value), ir.Constant)
            return self.built.spelling[node.value] if is_number else None

        return e.rewrite(index, leaf)

    def never_repeats(self, indices: list[ir.Value]) -> bool:
        """True if no entry can be read twice: no index array, a mask, or distinct numbers."""
        places = [v for v in indices if not self.facts[v].scalar]
        if places and names_places(places, self.built, self.facts):
            return len(places) == len(indices)
        if any(self.facts[value].kind != "number" for value in indices):
            return False  # a list may name an entry twice
        arrays = [v for v in indices if not self.facts[v].scalar and self.facts[v].dtype != "bool"]
        if not arrays:
            return True
        try:
            met = shapes.broadcast(*(self.facts[value].shape for value in arrays))
        except shapes.ShapeClash:
            return False
        return isinstance(met, Known) and any(
            is_distinct(value, self.built, self.facts) and self.facts[value].shape == met
            for value in arrays
        )


def _is_whole(item: ir.IndexItem) -> bool:
    return isinstance(item, ir.Range) and item.lower is item.upper is item.step is None


@cache
def _number(text: str) -> t.Term:
    return t.of(e.Literal(text), SCALAR)


class Body:
    """Evaluates the source of a backward body."""

    def __init__(self, pull: Pullback, operation: ir.Gate, gate: GateDefinition) -> None:
        self.pull = pull
        self.operation = operation
        self.gate = gate
        self.statics = dict(operation.statics)
        self.assigned: dict[str, ast.expr] = {}
        self.place = 0  # of the operand whose contribution is asked for
        self.raw = False  # inside `expand`, which fills the cotangent itself

    def run(self) -> ast.expr:
        """Follow the body's statements; return the expression that it returns."""
        returned = self._run(self.gate.body.body)
        if returned is None:
            raise AssertionError(f"the body of gate {self.gate.name} returns nothing")
        return returned

    def _run(self, statements: list[ast.stmt]) -> ast.expr | None:
        for node in statements:
            match node:
                case ast.Expr(ast.Constant()):
                    continue
                case ast.Assign([ast.Name(name)], value):
                    self.assigned[name] = value
                case ast.If(test, body, orelse):
                    returned = self._run(body if self.value(test) else orelse)
                    if returned is not None:
                        return returned
                case ast.Return(value) if value is not None:
                    return value
                case _:
                    raise BodyError(self.gate, node)
        return None

    def contribution(self, node: ast.expr) -> t.Term | moves.Into:
        """Return the term of one returned expression."""
        if isinstance(node, ast.Name) and node.id == "d":
            self.pull.d_reads += 1
            return self.pull.d  # handed on as it is: it may be broadcast later
        result = self.value(node)
        return result if isinstance(result, moves.Into) else self._as_term(result, node)

    def value(self, node: ast.expr) -> Any:
        """Return a term, or a plain value for what is known when generating."""
        match node:
            case ast.Constant(value):
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    return _number(repr(value))
                return value
            case ast.Name(name):
                return self._name(name)
            case ast.UnaryOp(ast.USub(), operand):
                return t.negate(self.term(operand))
            case ast.BinOp():
                return self._binary(node)
            case ast.Tuple(items):
                return tuple(self.known(item) for item in items)
            case ast.Compare(left, [operator], [right]):
                return self._compare(left, operator, right)
            case ast.BoolOp(operator, values):
                decide = all if isinstance(operator, ast.And) else any
                return decide(self.value(v) for v in values)
            case ast.IfExp(test, then, otherwise):
                return self.value(then if self.value(test) else otherwise)
            case ast.Attribute(ast.Name(base), ("inf" | "pi") as name) if base in LIBRARIES:
                library = "math" if self._speaks_math() else LIBRARIES[base]
                return t.of(e.Library(f"{library}.{name}"), SCALAR)
            case ast.Attribute(base, "T"):
                return self._transposed(moves.cotangent(self, base))
            case ast.Call():
                return self._call(node)
        raise BodyError(self.gate, node)

    def term(self, node: ast.expr) -> t.Term:
        """Return a term."""
        return self._as_term(self.value(node), node)

    def _as_term(self, result: Any, node: ast.expr) -> t.Term:
        if isinstance(result, (int, float)) and not isinstance(result, bool):
            return t.of(e.number(result), SCALAR)
        if not isinstance(result, t.Term):
            raise BodyError(self.gate, node)
        return result

    def _name(self, name: str) -> Any:
        pull = self.pull
        if name in self.assigned:
            return self._local(name)
        if name == "d":
            pull.d_reads += 1
            if self.raw or self.gate.kind == "elementwise":
                return pull.d
            kind = pull.facts[self.operation.result]
            whole = linear.materialized(pull.d, kind, self.operation.result)
            pull.fills = pull.fills or whole is not pull.d
            return whole
        if name == "out":
            return self.primal(self.operation.result)
        if name in self.gate.operands:
            place = self.place if self.gate.variadic else self.gate.operands.index(name)
            operands = self.operation.operands
            if place < len(operands) and pull.facts[operands[place]].kind != "none":
                return self.primal(operands[place])
            return self._default(name)
        if name in self.statics:
            given = self.statics[name]
            if name.isupper():
                return changed(t.of(_literal(str(given)), SCALAR), pinned=str(given))
            return given
        if name in self.gate.defaults:
            return self._default(name)
        raise BodyError(self.gate, ast.Name(name))

    def _default(self, name: str) -> Any:
        """Return what stands for an argument that was left out, or given as None."""
        given = self.gate.defaults.get(name)
        return None if given is None else self.value(given)

    def _local(self, name: str) -> t.Term:
        known = self.pull.locals.get(name)
        if known is None:
            term = self.term(self.assigned[name])
            if not term.factors and not term.masks:
                return term  # a number needs no name
            known = LocalLine(e.Local(name, self.operation.result), term)
            self.pull.locals[name] = known
        dtype = known.term.factors[0].dtype if len(known.term.factors) == 1 else "float"
        return t.of(known.name, known.term.shape, dtype)

    def primal(self, value: ir.Value) -> t.Term:
        kind = self.pull.facts[value]
        made = self.pull.built.definition.get(value)
        if isinstance(made, ir.Constant):
            spelled = self.pull.built.spelling[value]
            if t.literal_value(spelled) is not None:
                return t.of(spelled, SCALAR)
        is_length = isinstance(made, ir.Gate) and made.gate == "length" and value.name is None
        if is_length and isinstance(kind.dimension, int):
            return t.of(e.number(kind.dimension), SCALAR)  # of a list written out
        if isinstance(made, ir.Gate) and made.gate == "negative" and self._is_folded(value):
            return t.negate(self.primal(made.operands[0]))  # `-d / -x` is `d / x`
        if self._is_share(made) and kind.scalar and self._is_folded(value):
            return t.times(*(self.primal(part) for part in made.operands))  # `2 * (0.5 * reg)`
        if self.gate.contracts and self._is_multiple(made) and self._is_folded(value):
            return t.times(*(self.primal(part) for part in made.operands))  # `alpha * A @ B`
        if isinstance(made, ir.Gate) and kind.scalar and self._is_folded(value):
            size = str(dict(made.statics).get("C")) if made.gate == "power_literal" else ""
            if (t.literal_value(e.Literal(size or "0")) or 0) > 1:  # what is divided by it cancels
                raised = e.Binary("**", e.Primal(made.operands[0]), e.Literal(size))
                return t.of(raised, kind.shape, kind.dtype)
        read: e.Expression = e.Primal(value)
        if self.gate.contracts and value in self.pull.singular and self.pull.is_masked():
            # Each entry that is not finite meets a 0, or the forward pass was not finite.
            is_finite = e.call("numpy.isfinite", read)
            read = e.call("numpy.where", is_finite, read, e.Literal("0"))
        return t.of(read, kind.shape, kind.dtype)

    def _is_multiple(self, made: ir.Operation | None) -> TypeGuard[ir.Gate]:
        """True for a number, with a name or a literal, times an array that has a name."""
        if not isinstance(made, ir.Gate) or made.gate != "multiply":
            return False
        facts, numbers = self.pull.facts, [o for o in made.operands if self.pull.facts[o].scalar]
        arrays = [o for o in made.operands if not facts[o].scalar]
        definition = self.pull.built.definition
        return (
            len(numbers) == len(arrays) == 1
            and arrays[0].name is not None
            and (numbers[0].name is not None or isinstance(definition.get(numbers[0]), ir.Constant))
        )

    def _is_share(self, made: ir.Operation | None) -> TypeGuard[ir.Gate]:
        """True for a product with a number written out."""
        return (
            isinstance(made, ir.Gate)
            and made.gate == "multiply"
            and any(
                isinstance(self.pull.built.definition.get(part), ir.Constant)
                and t.literal_value(self.pull.built.spelling[part]) is not None
                for part in made.operands
            )
        )

    def _is_folded(self, value: ir.Value) -> bool:
        """True for a nameless float that is spelled out where it is read."""
        return self.pull.facts[value].dtype == "float" and not self.pull.is_staged(value)

    def _binary(self, node: ast.BinOp) -> t.Term:
        left, right = self.term(node.left), self.term(node.right)
        match node.op:
            case ast.Mult():
                return t.times(left, right)
            case ast.Div():
                return t.times(left, t.inverse(right))
            case ast.Add():
                return sums.add([left, right])
            case ast.Sub():
                return sums.add([left, t.negate(right)])
            case ast.Pow():
                return self._power(left, right)
            case ast.FloorDiv() | ast.BitAnd() | ast.BitOr():
                word = OPERATORS[type(node.op)]
                made = e.Binary(word, t.expression(left), t.expression(right))
                kind = "float" if word == "//" else "bool"
                return t.of(made, shapes.broadcast(left.shape, right.shape), kind)
            case ast.MatMult():
                rule = GATES["matmul"].rule
                shape = rule([_type(left), _type(right)], {}, self.symbol()).shape
                return linear.product("@", left, right, shape)
        raise BodyError(self.gate, node)

    def _power(self, base: t.Term, exponent: t.Term) -> t.Term:
        if not exponent.factors:
            if exponent.coefficient == 1:
                return base
            if exponent.is_zero:
                return t.ONE
        made = e.Binary("**", t.expression(base), t.expression(exponent))
        return t.of(made, shapes.broadcast(base.shape, exponent.shape))

    def _compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Any:
        a, b = self.value(left), self.value(right)
        if isinstance(operator, ast.Is):
            return a is b
        if isinstance(operator, ast.IsNot):
            return a is not b
        if not _is_term(a) or not _is_term(b):
            return _decided(_known(a), operator, _known(b))
        if not a.factors and not b.factors:
            return t.ONE if _decided(a.coefficient, operator, b.coefficient) else t.ZERO
        made = e.Comparison(_side(a), (OPERATORS[type(operator)],), (_side(b),))
        return t.of(made, shapes.broadcast(a.shape, b.shape), "bool")

    def _transposed(self, term: t.Term) -> t.Term:
        shape = term.shape
        operation = linear.transposed
        if isinstance(shape, Known):
            shape = Known(shape.dimensions[::-1])
            operation = linear.transposed_matrix if shape.rank <= 2 else operation
        return linear.reshape_like(term, shape, lambda inner: operation(self._unfolded(inner)))

    def _unfolded(self, inner: e.Expression) -> e.Expression:
        """Return a nameless transpose as it is written, so that `k.T.T` is `k`."""
        if not isinstance(inner, e.Primal) or self.pull.is_staged(inner.value):
            return inner
        made = self.pull.built.definition.get(inner.value)
        if isinstance(made, ir.Gate) and made.gate == "transpose" and not made.statics:
            return e.Attribute(e.Primal(made.operands[0]), "T")
        return inner

    def symbol(self) -> str:
        """Return a name for a shape that comes up in this body."""
        return f"v{self.operation.result.number}.d"

    # calls

    def _call(self, node: ast.Call) -> Any:
        match node.func:
            case ast.Name(word) if word in running.WORDS:
                return running.WORDS[word](self, *node.args)
            case ast.Name(word) if word in moves.WORDS:
                return moves.WORDS[word](self, *node.args)
            case ast.Name(word) if word in PRODUCT_WORDS:
                return PRODUCT_WORDS[word](self, *node.args)
            case ast.Name(word):
                return getattr(self, f"_word_{word}")(*node.args)
            case ast.Attribute(ast.Name("np"), name) if name in moves.MOVES:
                return moves.library(self, f"numpy.{name}", node)
            case ast.Attribute(ast.Name(base), "reshape") if base in LIBRARIES:
                return self._reshaped(self.term(node.args[0]), self.value(node.args[1]))
            case ast.Attribute() if (path := library_path(node.func)) is not None:
                if self.gate.gathers:
                    return self._gone_back(path, node)
                return self.called(path, node)
            case ast.Attribute(base, "reshape"):
                return moves.reshaped(self, base, self.value(node.args[0]))
        raise BodyError(self.gate, node)

    def _reshaped(self, term: t.Term, shape: e.ShapeOf) -> t.Term:
        kind = self.pull.facts[shape.value]
        if term.scalar:
            return term

        def reshape(inner: e.Expression) -> e.Expression:
            if isinstance(inner, e.Primal) and not self.pull.facts[inner.value].array:
                return e.call("numpy.reshape", inner, shape)
            return e.Call(e.Attribute(inner, "reshape"), (shape,))

        return linear.reshape_like(term, kind.shape, reshape)

    def called(self, path: str, node: ast.Call) -> t.Term:
        """Return the term of a library's function."""
        if path == "numpy.where":
            return self._where(*(self.term(a) for a in node.args))
        keywords = {k.arg or "": self.known(k.value) for k in node.keywords}
        arguments, flags = _without_flags([self.value(a) for a in node.args])
        return t.with_masks(self._library_call(path, arguments, keywords), flags)

    def _library_call(self, path: str, arguments: list[Any], keywords: dict[str, Any]) -> t.Term:
        terms = [a for a in arguments if isinstance(a, t.Term)]
        if keywords.get("keepdims") and leads(keywords.get("axis"), terms[0].shape):
            del keywords["keepdims"]  # it broadcasts by itself
        keywords = {k: v for k, v in keywords.items() if v is not None and v is not False}
        statics = {k: _known(v) for k, v in keywords.items()}
        shape = self._shape(path, terms, statics)
        all_scalar = all(term.scalar for term in terms)
        if all_scalar and path in REDUCTIONS:
            return terms[0] if path != "numpy.ptp" else t.ZERO
        meets_array = all_scalar and (
            keywords.pop("dtype", None) is not None or path.startswith("scipy.")
        )
        meets_array = meets_array and not self.pull.facts[self.operation.result].scalar
        spelled = tuple((k, moves.static(v)) for k, v in keywords.items())

        def call(*parts: e.Expression) -> e.Expression:
            rest = tuple(moves.static(a) for a in arguments[len(parts) :])
            return e.Call(e.Library(path), (*parts, *rest), spelled)

        if all_scalar and self._speaks_math():
            scalar = _in_python(path, terms, self._is_of_math())
            if scalar is not None:
                return scalar
        if path == "numpy.ravel" and isinstance(terms[0].shape, Known) and terms[0].shape.rank == 1:
            return terms[0]
        if path in ("numpy.outer", "numpy.tensordot"):
            return linear.product(path, terms[0], terms[1], shape, **dict(spelled))
        if path in LINEAR:
            bool_sum = "dtype" in keywords
            return (
                t.of(call(t.expression(terms[0])), shape)
                if bool_sum
                else linear.apply(terms[0], shape, call)
            )
        made: e.Expression = call(*(t.expression(a) for a in terms))
        if meets_array:
            made = e.Call(e.Name("float"), (made,))  # a Python number takes the other's dtype
        return t.of(made, shape)

    def _speaks_math(self) -> bool:
        """True if the author's own line has `math`, or the file has no numpy at all."""
        return self._is_of_math() or not self.pull.built.has_numpy

    def _is_of_math(self) -> bool:
        spelled = self.pull.built.spelling[self.operation.result]
        return any(
            isinstance(node, e.Library) and node.path.startswith("math.")
            for node in spelled.leaves()
        )

    def _shape(self, path: str, terms: list[t.Term], statics: dict[str, Any]) -> shapes.Shape:
        kinds = [_type(a) for a in terms]
        if path == "numpy.outer":
            sides = [k.shape.dimensions if isinstance(k.shape, Known) else ("?.",) for k in kinds]
            return Known((*sides[0], *sides[1]))
        if path in ("numpy.tensordot", "numpy.ravel"):
            return shapes.unknown(self.symbol() + "p")
        from codegen.gates.declare import BY_KEY

        for _, gate in BY_KEY.get(path, []):
            if path in REDUCTIONS and self._reduces_alike(terms[0], statics):
                return self.pull.facts[self.operation.result].shape
            return gate.rule(kinds, statics, self.symbol()).shape
        return shapes.broadcast(*(k.shape for k in kinds))

    def _reduces_alike(self, term: t.Term, statics: dict[str, Any]) -> bool:
        """True if a reduction takes the axes from an operand's shape that the gate itself takes."""
        if not {"axis", "keepdims"} <= set(self.statics):
            return False
        if statics.get("axis") != self.statics["axis"]:
            return False
        if bool(statics.get("keepdims")) != bool(self.statics["keepdims"]):
            return False
        return term.shape == self.pull.facts[self.operation.operands[0]].shape

    def _where(self, condition: t.Term, then: t.Term, otherwise: t.Term) -> t.Term:
        if not condition.factors:
            return otherwise if condition.is_zero else then
        if then.masks and then.masks == otherwise.masks:
            bare = [
                changed(arm, masks=(), shape=t.computed_shape(arm.factors, ()))
                for arm in (then, otherwise)
            ]
            chosen = t.with_masks(self._where(condition, *bare), then.masks)
            settled = tuple(m for m in then.settled if m in otherwise.settled)
            return changed(chosen, settled=settled)
        shape = shapes.broadcast(condition.shape, then.shape, otherwise.shape)
        test = t.expression(condition)
        if shape == SCALAR:
            return t.of(e.Conditional(test, t.expression(then), t.expression(otherwise)), shape)
        return t.of(e.call("numpy.where", test, _side(then), _side(otherwise)), shape)

    def _word_staged(self, node: ast.expr) -> bool:
        assert isinstance(node, ast.Name)
        assert node.id == "out"
        return self.pull.is_staged(self.operation.result)

    def _word_handed_out(self, out: ast.expr, node: ast.expr) -> bool:
        """True where reading x spares a copy of what is returned, which no cache may share."""
        returned = {one.value for one in self.pull.built.returned}
        return self.operand(out) in returned and self.pull.is_staged(self.operand(node))

    def _word_rank(self, node: ast.expr) -> int | None:
        shape = self.pull.facts[self.operand(node)].shape
        return shape.rank if isinstance(shape, Known) else None

    def known(self, node: ast.expr) -> Any:
        """Return what a node is, a number as a number."""
        return _known(self.value(node))

    def operand(self, node: ast.expr) -> ir.Value:
        """Return the value that a word is about: an operand, the result or what `d` belongs to."""
        assert isinstance(node, ast.Name)
        if node.id in ("d", "out"):
            return self.operation.result
        if self.gate.variadic:
            return self.operation.operands[self.place]
        return self.operation.operands[self.gate.operands.index(node.id)]

    def _word_axes_but(self, node: ast.expr, *places: ast.expr) -> tuple[int, ...]:
        shape = self.pull.facts[self.operand(node)].shape
        assert isinstance(shape, Known)
        gone = {_known(self.value(place)) % shape.rank for place in places}
        return tuple(axis for axis in range(shape.rank) if axis not in gone)

    def _word_same_shape(self, *nodes: ast.expr) -> bool:
        return len({self.pull.facts[self.operand(node)].shape for node in nodes}) == 1

    def _word_expand(self, node: ast.expr, axis: ast.expr, keepdims: ast.expr) -> t.Term:
        self.raw, outer = True, self.raw
        term = self.term(node)
        self.raw = outer
        axes = self.value(axis)
        base = self.pull.facts[self.operation.operands[0]].shape
        bare, _ = t.without_flags(term)
        if self.value(keepdims) or (bare.scalar and not bare.masks) or leads(axes, base):
            return term
        result = self.operation.result
        term = linear.movable(term, self.pull.facts[result], result)
        return expanded(term, axes, base, self.symbol() + "e")

    def _word_mean_along(self, node: ast.expr, axis: ast.expr) -> t.Term:
        """Return the mean of a term, which broadcasts against the result."""
        result = self.operation.result
        term = linear.materialized(self.term(node), self.pull.facts[result], result)
        axes, shape = self.value(axis), self.pull.facts[result].shape
        keepdims = not leads(axes, shape)
        symbol = self.symbol() + "m"
        given = {} if axes is None else {"axis": moves.static(axes)}
        given |= {"keepdims": e.Literal("True")} if keepdims else {}
        bare, flags = t.without_flags(term)
        made = e.call("numpy.mean", t.expression(bare), **given)
        return t.with_masks(t.of(made, shapes.reduced(shape, axes, keepdims, symbol)), flags)

    def _word_centered(self, node: ast.expr, axis: ast.expr) -> t.Term:
        x, axes = self.term(node), self.known(axis)
        value = self.operand(node)
        return sums.add([x, t.negate(self._mean(value, x, axes))])

    def _mean(self, value: ir.Value, x: t.Term, axes: object) -> t.Term:
        """Return the mean of an operand, the author's where there is one."""
        for made in mean_at_hand(self.pull.built, value, axes, x.shape):
            if made.result.name is not None and self.pull.is_staged(made.result):
                term = self.primal(made.result)
                if made.static("keepdims") or leads(axes, x.shape):
                    return term
                return expanded(term, axes, x.shape, self.symbol() + "m")
        if x.scalar:
            return x
        keepdims = not leads(axes, x.shape)
        shape = shapes.reduced(x.shape, axes, keepdims, self.symbol() + "m")
        given = {} if axes is None else {"axis": moves.static(axes)}
        given |= {"keepdims": e.Literal("True")} if keepdims else {}
        return t.of(e.call("numpy.mean", t.expression(x), **given), shape)

    def _word_cast(self, node: ast.expr, like: ast.expr, given: ast.expr) -> t.Term:
        term = self.term(node)
        if self.value(given) is None or term.is_zero:
            return term
        value = self.operand(like)
        kind = self.pull.facts[value]
        if kind.kind != "number" or (kind.scalar and not kind.array):
            return term  # a number takes any dtype
        return cast(term, value)

    def _word_count(self, node: ast.expr, axis: ast.expr) -> t.Term:
        value = self.operand(node)
        axes = self.known(axis)
        shape = self.pull.facts[value].shape
        if axes is None and not (isinstance(shape, Known) and shape.rank < 1):
            return t.of(e.SizeOf(value), SCALAR, "int")
        if axes == ():
            return t.ONE
        if isinstance(shape, Known):
            axes = shapes.normalized(axes, shape.rank)
            sizes = [shape.dimensions[a] for a in axes]
            if all(isinstance(s, int) for s in sizes):
                product = 1
                for size in sizes:
                    product *= int(size)  # type: ignore[arg-type]
                return t.of(e.number(product), SCALAR, "int")
        elif not isinstance(axes, tuple):
            axes = (axes,)
        return t.of(e.SizeOf(value, axes), SCALAR, "int")

    def _word_shape(self, node: ast.expr) -> e.ShapeOf:
        return e.ShapeOf(self.operand(node))

    def _word_dtype(self, node: ast.expr) -> e.DtypeOf:
        return e.DtypeOf(self.operand(node))

    def _word_under(self, condition: ast.expr, node: ast.expr) -> t.Term:
        return self._under(condition, node, True)

    def _word_under_not(self, condition: ast.expr, node: ast.expr) -> t.Term:
        return self._under(condition, node, False)

    def _under(self, condition: ast.expr, node: ast.expr, when: bool) -> t.Term:
        test = self.term(condition)
        return t.with_mask(self.term(node), t.Mask(t.expression(test), when, False, test.shape))

    def _word_listed(self, node: ast.expr) -> bool:
        return self.pull.facts[self.operand(node)].kind in ("list", "tuple")

    def _word_cho_solved(self, c: ast.expr, lower: ast.expr, node: ast.expr) -> t.Term:
        return self._solved("cho_solve", [c, lower], node)

    def _word_lu_solved(self, lu: ast.expr, pivots: ast.expr, node: ast.expr) -> t.Term:
        return self._solved("lu_solve", [lu, pivots], node, trans=e.Literal("1"))

    def _solved(
        self, name: str, factor: list[ast.expr], node: ast.expr, **keywords: e.Expression
    ) -> t.Term:
        """Return a solution by a factor, which scipy takes as a tuple."""
        term, flags = t.without_flags(self.term(node))
        parts = tuple(moves.static(self.value(part)) for part in factor)
        given = (e.Sequence("tuple", parts), t.expression(term))
        made = e.Call(e.Library(f"scipy.linalg.{name}"), given, tuple(keywords.items()))
        return t.with_masks(t.of(made, self.pull.facts[self.operation.result].shape), flags)

    def _word_part(self, place: ast.expr) -> t.Term:
        parts = self.pull.built.parts[self.operation.result]
        return self.primal(parts[self.known(place)])

    def _word_given(self, local: ast.expr, place: ast.expr, operand: ast.expr) -> t.Term:
        """Return one of several gradients that a call gives, with its operand's shape."""
        kind = self.pull.facts[self.operand(operand)]
        whole = t.expression(self.term(local))
        index = e.Literal(str(self.known(place)))
        return t.of(e.Subscript(whole, index), kind.shape)

    def _gone_back(self, path: str, node: ast.Call) -> t.Term:
        """Return what the backward of a pair gives.

        Where a cotangent's flags do not hold it is 0, and so is what comes of it, if it is finite.
        """
        arguments, flags = _without_flags([self.value(a) for a in node.args])
        call = e.Call(e.Library(path), tuple(t.expression(term) for term in arguments))
        given = [self.pull.facts[operand] for operand in self.operation.operands]
        if self.gate.singular and flags and all(kind.scalar for kind in given):
            zero = e.Literal("0.0")
            none = zero if self.gate.gives == 1 else e.Sequence("tuple", (zero,) * self.gate.gives)
            return t.of(t.chosen(flags, call, none), SCALAR)
        whole = tuple(t.expression(self.value(a)) for a in node.args)
        return t.of(e.Call(e.Library(path), call.arguments if self._is_named() else whole), SCALAR)

    def _is_named(self) -> bool:
        """True if the cotangent has a name, which stands for 0 where its flags do not hold."""
        bare, _ = t.without_flags(self.pull.d)
        return len(bare.factors) == 1 and isinstance(bare.factors[0].expression, e.Cotangent)

    def _word_gradient(self, local: ast.expr, place: ast.expr, operand: ast.expr) -> t.Term:
        """Return what a pair's backward gives for an operand: its gradient, or one of several."""
        kind = self.pull.facts[self.operand(operand)]
        whole = t.expression(self.term(local))
        if self.gate.gives > 1:
            whole = e.Subscript(whole, e.Literal(str(self.known(place))))
        return t.of(whole, kind.shape)

    def _word_cotangent(self, place: ast.expr) -> t.Term:
        """Return the cotangent of an item of this call; None where an array's is not known."""
        if len(self.gate.gathers) < 2:
            return self.term(ast.Name("d", ast.Load()))
        item = self.pull.built.parts[self.operation.result][self.known(place)]
        kind = self.pull.facts[item]
        if item in self.pull.gathered:
            return t.of(e.Cotangent(item), kind.shape, "float")
        return t.of(e.Literal("0.0" if kind.scalar else "None"), kind.shape, "float")

    def _word_unpacked(self) -> bool:
        parts = self.pull.built.parts.get(self.operation.result, ())
        return bool(parts) and all(part.name is not None for part in parts)

    def _word_infinite(self, node: ast.expr) -> bool:
        number = self.value(node)
        return isinstance(number, float) and math.isinf(number)

    def _word_item(self, node: ast.expr) -> t.Term:
        return t.of(item_of(self.operand(node)), SCALAR)

    def _word_count_of(self, node: ast.expr, value: ast.expr) -> t.Term:
        if self.gate.variadic:
            given = tuple(t.expression(self.primal(o)) for o in self.operation.operands)
            items: e.Expression = e.Sequence("list", given)
        else:
            items = e.Primal(self.operand(node))
        sought = (t.expression(self.term(value)),)
        return t.of(e.Call(e.Attribute(items, "count"), sought), SCALAR, "int")

    def _word_helper(self, name: ast.expr, *nodes: ast.expr) -> t.Term:
        assert isinstance(name, ast.Constant)
        arguments, flags = _without_flags([self.value(node) for node in nodes])
        parts = [_argument(argument) for argument in arguments]
        call = e.Call(e.Helper(str(name.value)), tuple(parts))
        return t.with_masks(t.of(call, shapes.unknown(self.symbol() + "h")), flags)


def _argument(item: Any) -> e.Expression:
    """Return a helper's argument; a whole number stays one."""
    if isinstance(item, float) and math.isinf(item):
        return e.Library("numpy.inf") if item > 0 else e.Unary("-", e.Library("numpy.inf"))
    number = _known(item)
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    return e.number(number) if is_whole else moves.static(item)


def _without_flags(arguments: list[Any]) -> tuple[list[Any], list[t.Mask]]:
    """Take the cotangent's flags off a call that is linear in it, to stand around the call."""
    bare: list[Any] = []
    flags: dict[t.Mask, None] = {}
    for argument in arguments:
        if not isinstance(argument, t.Term):
            bare.append(argument)
            continue
        term, found = t.without_flags(argument)
        bare.append(term)
        flags |= dict.fromkeys(found)
    return bare, list(flags)


def _in_python(path: str, terms: list[t.Term], of_math: bool) -> t.Term | None:
    """Return a numpy function of a scalar in Python's own words.

    What goes into a function of math may be an array of no dimensions, whose comparisons are
    numpy's and have no minus.
    """
    name = path.removeprefix("numpy.")
    if name == "float_power":
        return t.of(e.call("math.pow", *(t.expression(term) for term in terms)), SCALAR)
    if name == "sign":
        x = t.expression(terms[0])
        zero = (e.Literal("0"),)
        if of_math:
            return t.of(e.call("math.copysign", e.Comparison(x, ("!=",), zero), x), SCALAR)
        signs = e.Binary("-", e.Comparison(x, (">",), zero), e.Comparison(x, ("<",), zero))
        return t.of(signs, SCALAR)
    if name in MATH_NAMES:
        return t.of(e.call(f"math.{name}", *(t.expression(term) for term in terms)), SCALAR)
    return None


def _type(term: t.Term) -> Type:
    dtype = term.factors[0].dtype if len(term.factors) == 1 and term.coefficient == 1 else "float"
    return Type("number", term.shape, dtype, array=True)


def _literal(text: str) -> e.Expression:
    return e.Unary("-", e.Literal(text[1:])) if text.startswith("-") else e.Literal(text)


def _is_term(item: Any) -> bool:
    return isinstance(item, t.Term)


def _side(term: t.Term) -> e.Expression:
    """Return one side of a comparison, a literal as the author wrote it."""
    if term.is_zero:
        return e.Literal("0")
    return _literal(term.pinned) if term.pinned and not term.factors else t.expression(term)


def _decided(left: Any, operator: ast.cmpop, right: Any) -> bool:
    word = OPERATORS[type(operator)]
    if word == "!=":
        return bool(left != right)
    return bool(left == right if word == "==" else left > right if word == ">" else left < right)


def _known(item: Any) -> Any:
    """Return a number of the body as a number, for tests that are settled when generating."""
    if isinstance(item, t.Term) and not item.factors:
        number = item.coefficient
        return int(number) if number.denominator == 1 else float(number)
    return item
