"""A function, a script or an inlined helper, statement by statement."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from codegen import expressions as e
from codegen import fence, ir
from codegen.build import unstable
from codegen.build.apart import slopes_of_axes
from codegen.build.caches import body_of, without_cache
from codegen.build.calls import CallBuilder
from codegen.build.carry import obstacle
from codegen.build.containers import ContainerBuilder
from codegen.build.control import ControlBuilder, may_leave
from codegen.build.entries import EntryBuilder
from codegen.build.exchange import check_exchanges, exchange
from codegen.build.expression import ExpressionBuilder
from codegen.build.follow import followed
from codegen.build.growing import Grow, GrowingBuilder
from codegen.build.items import join_items
from codegen.build.kinks import cancel
from codegen.build.lines import Built, FormalParameter, Line, Returned, Target
from codegen.build.local_functions import LocalFunctionBuilder
from codegen.build.masks import Masks
from codegen.build.plain import NotPlain, operator_text, plain
from codegen.build.returns import Frame, ReturnBuilder, one_choice, returns_inside
from codegen.build.same_tests import TestBuilder
from codegen.build.scope import LocalFunction, Scope
from codegen.build.settings import SettingBuilder
from codegen.build.stops import StopBuilder
from codegen.build.stores import StoreBuilder
from codegen.build.turns import Turn
from codegen.build.writes import written_parameters
from codegen.errors import CodegenError, Problem, Problems
from codegen.nodes import assigned_names, nodes_of
from codegen.parse import MARK, Module
from codegen.parse_names import free_names
from codegen.source import Span

SEEDING = ("numpy.random.seed", "random.seed")


class Refused(Exception):
    """A statement that was given up on; its problem is already noted."""


class Builder:
    """Builds one function. What it gives is in `built`; problems are collected."""

    def __init__(self, module: Module, name: str, problems: Problems) -> None:
        self.module = module
        self.problems = problems
        self.block = ir.Block()
        self.lines: list[Line] = []  # of the region being built
        self.left: str | None = None  # how the region being built was left: "return", "break"
        self.in_arm = 0  # depth of conditional expressions around
        self.count = 0  # values made
        self.last_statement: ast.stmt | None = None  # of the function
        self.built = Built(
            ir.Function(name, self.block), self.lines, {}, {}, {}, [], [], False, None, {}, {},
            {}, [],
        )
        self.built.has_numpy = any(
            found.path.split(".")[0] in ("numpy", "scipy") for found in module.imports.values()
        )
        self.scope = Scope(module, frozenset())
        self.expressions = ExpressionBuilder(self)
        self.calls = CallBuilder(self)
        self.control = ControlBuilder(self)
        self.tests = TestBuilder(self)
        self.returns = ReturnBuilder(self)
        self.stores = StoreBuilder(self)
        self.masks = Masks(self)
        self.containers = ContainerBuilder(self)
        self.growing = GrowingBuilder(self)
        self.entries = EntryBuilder(self)
        self.settings = SettingBuilder(self)
        self.stops = StopBuilder(self)
        self.functions = LocalFunctionBuilder(self)
        self.frame = Frame(name)
        self.pending: list[ir.Operation] = []  # operations of the statement being built
        self.settled: set[ir.Operation] = set()  # those whose line is known before it ends
        self.inlining: tuple[str, ...] = ()
        self.refused: frozenset[ast.stmt] = frozenset()  # by the fence
        self.given_up: set[str] = set()  # names that a refused statement assigns
        self.has_inlined = False  # the statement being built holds a call that was inlined
        self.in_place: frozenset[ast.AugAssign] = frozenset()  # those that write into an array
        self.followed: frozenset[ast.expr] = frozenset()  # they name what is written
        self.copied: frozenset[tuple[Span, str]] = frozenset()  # by loops, as each turn begins
        self.returned: set[ir.Value] = set()  # what an inlined call has computed and gives back
        self.adopted: set[ir.Value] = set()  # those of it that got the caller's names
        self.filled: set[ir.Value] = set()  # arrays that it has written into and gives back
        self.is_pruned = False  # what only fills the author's cache is left out
        self.quiet: set[ast.stmt] = set()  # made here: the comments at their place are others'
        self.is_quiet = False
        self.dropped: dict[ast.Call, frozenset[int]] = {}  # places of what calls give to a cache

    # what the parts need

    def span(self, node: ast.AST) -> Span:
        """Return the place of a node."""
        return self.module.source.span(node)

    def span_of(self, value: ir.Value) -> Span:
        """Return the place of a value, or of the function's head."""
        assert self.built.node is not None
        return value.span or self._head(self.built.node)

    def segment(self, node: ast.AST) -> str:
        """Return the author's text of a node."""
        return self.module.source.segment(self.span(node))

    def refuse(
        self,
        node: ast.AST,
        code: str,
        message: str,
        help: str,
        related: tuple[tuple[str, Span], ...] = (),
    ) -> NoReturn:
        """Note a problem and give the statement up."""
        self.problems.add(code, message, self.span(node), help, related)
        raise Refused

    def give_up(self) -> NoReturn:
        """Give a statement up whose problem is told elsewhere."""
        raise Refused

    def did_you_mean(self, name: str, known: list[str]) -> str | None:
        """Return a hint for a misspelt name."""
        near = difflib.get_close_matches(name, sorted(set(known)), 1)
        return f"did you mean `{near[0]}`?" if near else None

    def new_value(self, node: ast.AST | None, name: str | None = None) -> ir.Value:
        """Return a fresh value."""
        self.count += 1
        return ir.Value(self.count - 1, name, None if node is None else self.span(node))

    def region_value(self, node: ast.AST, name: str | None) -> ir.Value:
        """Return a fresh value that a region is given or gives."""
        return self.new_value(node, name)

    def append(self, operation: ir.Operation, spelled: e.Expression) -> ir.Value:
        """Add an operation with one result to the block; return the result."""
        self.block.operations.append(operation)
        self.pending.append(operation)
        self.built.definition[operation.result] = operation
        self.built.spelling[operation.result] = spelled
        return operation.result

    def append_without_spelling(self, operation: ir.Operation) -> None:
        """Add an operation whose result is no expression: a store."""
        self.block.operations.append(operation)
        self.pending.append(operation)
        self.built.definition[operation.result] = operation

    def is_local(self, name: str) -> bool:
        """True if the function assigns a name, or is given it."""
        return name in self.scope.local

    def append_region(
        self, operation: ir.Operation, line: Line, bodies: tuple[list[Line], ...]
    ) -> None:
        """Add a statement with regions to the block, and its line."""
        self.block.operations.append(operation)
        for result in operation.results:
            self.built.definition[result] = operation
        line.operation, line.bodies = operation, bodies
        self.built.line_of[operation] = line
        self.lines.append(line)
        self.pending = []

    def read(self, node: ast.AST, base: ir.Value, at: ir.Value) -> ir.Value:
        """Return `base[at]`."""
        operation = ir.View((base, at), (self.new_value(node),), self.span(node), (ir.At(1),))
        return self.append(operation, e.Subscript(e.Primal(base), e.Primal(at)))

    @contextmanager
    def in_block(self) -> Iterator[ir.Block]:
        """Build an arm of a conditional expression into a block of its own."""
        outer = self.block
        self.block = ir.Block()
        self.in_arm += 1
        try:
            yield self.block
        finally:
            self.block = outer
            self.in_arm -= 1

    def constant(self, node: ast.AST, text: str, spelled: e.Expression) -> ir.Value:
        """Return a constant's value."""
        result = self.new_value(node)
        return self.append(ir.Constant((), (result,), self.span(node), text), spelled)

    def module_constant(self, node: ast.Name) -> ir.Value:
        """Return the value of a name of the module's top level, which must not change."""
        name = node.id
        reason = None if name in self.built.constants else obstacle(self.module, name)
        if reason is not None:
            self.refuse(node, "module-name", reason, fence.REBOUND.help)
        self.built.constants[name] = None
        result = self.new_value(node)
        operation = ir.Constant((), (result,), self.span(node), f"module:{name}")
        return self.append(operation, e.Name(name))

    def element(self, node: ast.Subscript, base: ir.Value) -> ir.Value | None:
        """Return what is read of a tuple or list display at a literal place, if it is that."""
        made = self.built.definition.get(base)
        if not isinstance(made, ir.Aggregate):
            return None
        place = _literal_slice(node.slice)
        if place is not None and made.kind != "dict":
            self.has_inlined = True
            return self.expressions.aggregate(node, made.kind, list(made.operands[place]))
        item = self.containers.item(made, node.slice)
        if item is None and made.kind == "dict":
            self.refuse(
                node, "construct", "this dict has no such entry, or which one is not known here",
                "read it by a literal key that it has: " + ", ".join(made.keys),
            )
        if item is None and made.kind == "list":
            self.growing.ask_of_numbers(base, made)
        self.has_inlined = self.has_inlined or item is not None
        return item

    def call_function(self, node: ast.Call, function: LocalFunction) -> ir.Value:
        """Return the value of a call of a same-file function."""
        return self.calls.call(node, function)

    def carried_leaf(self, part: ast.expr) -> e.Expression | None:
        """Spell names in text that is carried over (print, assert, raise)."""
        path = self.scope.path(part)
        if path is not None:
            return e.Library(path)
        if isinstance(part, ast.Name):
            if part.id in self.module.functions and part.id not in self.scope.local:
                self.refuse(
                    part,
                    "construct",
                    f"`{part.id}` inside print, assert or raise is not supported yet",
                    "assign its result to a name first",
                )
            if self.scope.is_builtin(part.id):
                return e.Name(part.id)
            return e.Primal(self.expressions.value(part))
        if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name):
            is_local = self.is_local(part.value.id)
            base = self.expressions.value(part.value) if is_local else None
            item = None if base is None else self.element(part, base)
            return None if item is None else e.Primal(item)
        return None

    # a whole function

    def function(self, node: ast.FunctionDef) -> Built:
        """Build a function definition."""
        self.refused = fence.check_function(self.module, node, self.problems)
        self.built.node = node
        method = self.module.methods.get(node)
        if method is not None:
            self.built.is_loss = method.is_loss
            self.built.shown = f"{method.owner.name}.{method.node.name}"
        self.built.docstring = ast.get_docstring(node, clean=True)
        body = body_of(node)
        if self.is_pruned:
            pruned = without_cache(self.module, node)
            body, self.dropped = pruned.body, pruned.dropped
        body = followed(self.module, body, self.followed)
        self._parameters(node.args, assigned_names(body))
        self.entries.start(node)
        self.frame.joins = returns_inside(
            [part for part in body if not (isinstance(part, ast.If) and self._is_exit(part))]
        )
        self.last_statement = body[-1] if body else None
        self.statements(body)
        if not self.problems:
            check_exchanges(self)
            self._written()
        if self.left is None and not self.built.written and not self.problems:
            self._presumed()
        if self.left is None and self.built.written and not self.problems:
            self.built.returned = list(self.built.written)
            self.built.returns_tuple = len(self.built.returned) > 1
            self.built.function.body.yields = [r.value for r in self.built.returned]
            self.built.is_procedure = True
        elif self.left != "return" and not self.problems:
            what = "raises on every path" if self.left == "raise" else "returns nothing"
            self.no_output(node, what)
        elif self.frame.joins and not self.problems:
            self.returns.finish()
        return self.built

    def _written(self) -> None:
        """Note the parameters that are written into, and what they are in the end."""
        arrays = [array for made in self.built.exchanged for array in made.arrays]
        changed = {origin for array in arrays for origin in self.stores.origins(array)}
        for parameter in self.built.parameters:
            if parameter.value in changed:
                continue  # which array the caller has is not known: it is picked by no name
            now = self.scope.values.get(parameter.name)
            if now is None or now is parameter.value:
                continue
            if parameter.value in self.stores.origins(now) and self.stores.is_store(now):
                span = now.span or Span(1, 0, 1, 0)
                self.built.written.append(Returned(now, parameter.name, span))

    def _presumed(self) -> None:
        """Take `x += e` for a write into what the function is given, until types are known."""
        assert self.built.node is not None
        names = written_parameters(self.built.node, self.functions.known(), None)
        for parameter in self.built.parameters:
            if parameter.name in names:
                now = self.scope.values[parameter.name]
                span = now.span or Span(1, 0, 1, 0)
                self.built.written.append(Returned(now, parameter.name, span))
        self.built.is_presumed = bool(self.built.written)

    def no_output(self, node: ast.FunctionDef, what: str, way_out: str = "return") -> None:
        """Note that a function gives nothing to differentiate."""
        self.problems.add(
            "no-output",
            f"`{node.name}` {what}",
            self._head(node),
            f"{way_out} the value to differentiate",
        )

    def _head(self, node: ast.FunctionDef) -> Span:
        span = self.span(node)
        line = self.module.source.line(span.line)
        return Span(span.line, span.column, span.line, len(line.rstrip()))

    def _parameters(self, given: ast.arguments, assigned: frozenset[str]) -> None:
        method = None if self.built.node is None else self.module.methods.get(self.built.node)
        attributes = {} if method is None else method.attributes
        plain_arguments = [*given.posonlyargs, *given.args]
        defaults: list[ast.expr | None] = [None] * (len(plain_arguments) - len(given.defaults))
        defaults += given.defaults
        rows = [
            (argument, default, "positional" if i < len(given.posonlyargs) else "plain")
            for i, (argument, default) in enumerate(zip(plain_arguments, defaults, strict=True))
        ]
        rows += [
            (argument, default, "attribute" if argument.arg in attributes else "keyword")
            for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        ]
        names = [argument.arg for argument, _, _ in rows]
        self.scope = Scope(self.module, frozenset(names) | assigned)
        for argument, default, kind in rows:
            self._check_default(argument, default)
            value = self.new_value(argument, argument.arg)
            self.block.parameters.append(value)
            self.scope.values[argument.arg] = value
            parameter = FormalParameter(argument.arg, value, kind, argument.annotation, default)
            parameter.promise = self.module.promises.get(argument)
            parameter.handed = self.module.handed.get(argument)
            self.built.parameters.append(parameter)

    def _check_default(self, argument: ast.arg, default: ast.expr | None) -> None:
        """A default is printed again in the output, where its names must mean the same."""
        for name in [] if default is None or self.inlining else free_names(default):
            reason = obstacle(self.module, name)
            if reason is None and name in self.module.functions:
                reason = f"the function `{name}` is not carried into the output"
            if reason is not None:
                message = f"the default of `{argument.arg}`: {reason}"
                way_out = "write a literal default"
                self.problems.add("default", message, self.span(argument), way_out)
                return

    # statements

    def statements(self, body: list[ast.stmt]) -> None:
        """Build statements in order; one that is refused does not hide the others."""
        taken = 0  # statements that stand in arms of an `if` before
        for place, node in enumerate(body):
            if self.left is not None:
                return  # what stands behind a return never runs
            if place < taken:
                continue
            self.pending = []
            self.has_inlined = node in self.module.rewritten
            self.is_quiet = node in self.quiet
            self.returned, self.adopted, self.filled = set(), set(), set()
            try:
                if node in self.refused:
                    raise Refused
                if isinstance(node, ast.If) and self._is_exit(node):
                    self._exit(node)
                    continue
                if isinstance(node, ast.If) and not fence.is_guard(node):
                    # What stands behind an `if` that leaves goes on in the arm that does not.
                    if may_leave(node):
                        self.control.if_statement(node, body[place + 1 :])
                        return
                    taken = place + 1 + self.tests.reach(node, body[place + 1 :])
                    self.control.if_statement(node, body[place + 1 : taken])
                elif isinstance(node, ast.For) and self.containers.unroll_left(
                    node, body[place + 1 :]
                ):
                    return
                elif isinstance(node, ast.For) and self.containers.unroll(node):
                    continue
                elif isinstance(node, ast.For | ast.While):
                    if self.control.loop_statement(node, body[place + 1 :]):
                        return
                else:
                    self.statement(node)
            except Refused:
                self._define_anyway(node)

    def _define_anyway(self, node: ast.stmt) -> None:
        """Give the names of a refused statement some value, so that they are not missed too."""
        for part in nodes_of(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                self.scope.values[part.id] = self.constant(part, "None", e.Literal("None"))
                self.given_up.add(part.id)
        if isinstance(node, ast.FunctionDef):
            self.given_up.add(node.name)
        if isinstance(node, ast.Return) or may_leave(node):
            self.left = "return"

    def statement(self, node: ast.stmt) -> None:  # noqa: C901 - one line for each kind
        """Build one statement."""
        match node:
            case ast.FunctionDef():
                self.functions.define(node)
            case Turn():
                node.bind()
            case ast.stmt() if self.stops.split(node):
                return
            case ast.Assign() if self.functions.assign(node):
                return
            case ast.Assign() if not self.stops.is_stopped(node) and exchange(self, node):
                return
            case ast.Assign(targets, value):
                self._assign(node, targets, value)
            case ast.AnnAssign(target, annotation, value=None):
                return
            case ast.AnnAssign(target, annotation, value) if value is not None:
                self._assign(node, [target], value, self.segment(annotation))
            case ast.AugAssign():
                self._augment(node)
            case ast.Return() if self.frame.joins:
                self.returns.inside(node)
            case ast.Return():
                self.returns.last(node)
            case ast.Break():
                self.control.leave(node, "break")
            case ast.Continue():
                self.control.leave(node, "continue")
            case ast.Raise():
                self._raise(node)
            case ast.Assert(test, message):
                self._effect(node, "assert", test, message)
            case ast.If(test=test) if fence.is_guard(node):
                raised = node.body[0]
                assert isinstance(raised, ast.Raise)
                self._guard(node, test, raised)
            case ast.Expr(ast.Constant()) | ast.Pass():
                return
            case ast.Expr(ast.Call(ast.Name("print")) as call) if self.scope.is_builtin("print"):
                self._effect(node, "print", call, None)
            case ast.Expr(ast.Call(function) as call) if self.scope.path(function) in SEEDING:
                self._effect(node, "call", call, None)
            case ast.Expr(ast.Call() as call) if self.stores.call(node, call):
                return
            case ast.Expr(ast.Call() as call) if self.containers.call(node, call):
                return
            case ast.Expr(ast.Call() as call) if self.growing.call(node, call):
                return
            case ast.Expr(ast.Call() as call) if self.calls.procedure(call):
                return
            case ast.Expr(value):
                self._expression(node, value)
            case _:
                what = type(node).__name__
                words = f"this statement ({what}) is not supported"
                self.refuse(node, "construct", words, "write an assignment, or leave it out")

    def _expression(self, node: ast.Expr, value: ast.expr) -> None:
        """Refuse what is not known in a statement that only computes; else leave it out."""
        if isinstance(value, ast.Call) and str(self.scope.path(value.func)).endswith(".shuffle"):
            self.refuse(
                node,
                "store",
                "`shuffle` writes into its argument",
                "read it in a drawn order: `x = x[np.random.permutation(len(x))]`",
            )
        self.expressions.value(value)
        if any(isinstance(o, ir.Effect) for o in self.pending):
            self.refuse(
                node, "construct", "what is drawn here has no name", "assign it: `unused = ...`"
            )

    def _assign(
        self,
        node: ast.stmt,
        targets: list[ast.expr],
        value: ast.expr,
        annotation: str | None = None,
    ) -> None:
        is_named = [isinstance(target, ast.Name) for target in targets] == [True]
        self.settings.direct = value if is_named else None
        self.growing.target = (value, targets[0].id) if isinstance(targets[0], ast.Name) else None
        count = len(targets[0].elts) if isinstance(targets[0], ast.Tuple | ast.List) else 0
        if any(isinstance(target, ast.Subscript) for target in targets):
            with self.masks.shared(node, targets[0], value):
                self._assign_stores(node, targets, self.expressions.value(value))
            return
        result = slopes_of_axes(self.expressions, value, count) or self.expressions.value(value)
        match targets:
            case [ast.Tuple() | ast.List() as pattern] if self.stores.several(
                node, pattern, result
            ):
                return
        if is_named and self._is_itself(targets[0], result):
            return
        line = Line("assign", self.span(node), annotation=annotation)
        line.stopped = self.stops.is_stopped(node)
        patterns = [self.bind(target, result, line) for target in targets]
        if len(targets) == 1:
            self._forget(targets[0], result)
        region = self._region_that_assigns(patterns[0], result) if len(patterns) == 1 else None
        if region is not None:
            self.take_pending(self.built.line_of[region])
            return
        left = [self._left_to_assign(pattern, result) for pattern in patterns]
        assigned = [one for one in left if one is not None]
        if not assigned:
            self.take_pending(line)
            return
        seen = [self._seen(target, part) for target, part in assigned]
        if all(one is not None for one in seen):
            line.targets = tuple(one[0] for one in seen if one is not None)
            line.expression = seen[0][1] if seen[0] is not None else None
            self.has_inlined = self.has_inlined or seen != assigned
        self.finish(line)

    def _is_itself(self, target: ast.expr, value: ir.Value) -> bool:
        """True for `a = scale(a)` where the function returns the array that it has written into."""
        assert isinstance(target, ast.Name)
        return self.scope.values.get(target.id) is value and self.stores.is_store(value)

    def _left_to_assign(
        self, pattern: Target, result: ir.Value
    ) -> tuple[Target, e.Expression] | None:
        """Return what is assigned to what, without what lines of an inlined call assign already."""
        if isinstance(pattern, ir.Value):
            if pattern in self.adopted or (pattern is result and self._is_region_result(result)):
                return None
            return pattern, self.definition_of(pattern, result)
        made = self.built.definition.get(result)
        if not isinstance(made, ir.Aggregate):
            return pattern, self.definition_of(pattern, result)
        pairs = zip(pattern, made.operands, strict=True)
        left = [one for one in (self._left_to_assign(p, i) for p, i in pairs) if one is not None]
        if [one for one, _ in left] == list(pattern):
            return pattern, self.definition_of(pattern, result)
        if len(left) < 2:
            return left[0] if left else None
        return tuple(t for t, _ in left), e.Sequence("tuple", tuple(part for _, part in left))

    def _region_that_assigns(self, pattern: Target, result: ir.Value) -> ir.Operation | None:
        """Return the operation of a helper's last statement, if its arms assign all the names."""
        if isinstance(pattern, ir.Value):
            is_given = pattern is result and self._is_region_result(result)
            return self.built.definition[result] if is_given else None
        made = self.built.definition.get(result)
        if not isinstance(made, ir.Aggregate) or not pattern:
            return None
        found = [
            self._region_that_assigns(part, item)
            for part, item in zip(pattern, made.operands, strict=True)
        ]
        return None if any(one is None for one in found) else found[0]

    def _assign_stores(
        self, node: ast.stmt, targets: list[ast.expr], value: ir.Value
    ) -> None:
        """Build `a[i] = b[j] = name = value`, from left to right."""
        self.has_inlined = self.has_inlined or len(targets) > 1  # each has a line of its own
        if len(targets) > 1 and value.name is None:
            made = self.built.definition[value]
            if not isinstance(made, ir.Constant):
                value = self.own_line(node, "right", value)
        for target in targets:
            if isinstance(target, ast.Subscript):
                if not self.settings.write(node, target.value, target.slice, value):
                    self.stores.assign(node, target, value)
            elif isinstance(target, ast.Name):
                self.scope.values[target.id] = self.own_line(node, target.id, value)
            else:
                self.refuse(target, "store", fence.STORE.message, fence.STORE.help)

    def _forget(self, target: ast.expr, value: ir.Value) -> None:
        """Take a tuple that was only unpacked out of the block: nothing holds its items."""
        made = self.built.definition.get(value)
        if not isinstance(target, (ast.Tuple, ast.List)) or not isinstance(made, ir.Aggregate):
            return
        if made not in self.pending:
            return
        for part, item in zip(target.elts, made.operands, strict=True):
            self._forget(part, item)
        self.pending.remove(made)
        at = len(self.block.operations) - 1
        while self.block.operations[at] is not made:
            at -= 1
        del self.block.operations[at]

    def _seen(
        self, pattern: Target, expression: e.Expression
    ) -> tuple[Target, e.Expression] | None:
        """Return what is left without names of whole tuples, whose items are followed instead."""
        if isinstance(pattern, ir.Value):
            return (pattern, expression) if pattern.name is not None else None
        if not isinstance(expression, e.Sequence):
            found = [self._seen(part, expression) for part in pattern]
            return None if None in found else (pattern, expression)
        pairs = zip(pattern, expression.items, strict=True)
        left = [one for one in (self._seen(p, i) for p, i in pairs) if one is not None]
        if len(left) == len(pattern):
            return pattern, expression
        if len(left) < 2:
            return left[0] if left else None
        return tuple(t for t, _ in left), e.Sequence("tuple", tuple(part for _, part in left))

    def bind(self, target: ast.expr, value: ir.Value, line: Line) -> Target:
        """Give a value, or its items, the names of an assignment's left side."""
        match target:
            case ast.Name(name):
                named = self.named(target, name, value, line.stopped)
                self.scope.values[name] = named
                line.names[named] = target
                return named
            case ast.Tuple(parts) | ast.List(parts):
                if any(isinstance(part, ast.Starred) for part in parts):
                    message = "`*` in an unpacking is not supported yet"
                    self.refuse(target, "construct", message, "name the items one by one")
                items = self.unpacked(target, value, len(parts))
                self._line_for_repeated(parts, items)
                # All right sides are read before any name is bound: `a, b = b, a`.
                return tuple(self.bind(p, i, line) for p, i in zip(parts, items, strict=True))
        way_out = "bind a name, and store it in a line of its own: b[0] = name"
        return self.refuse(target, "store", "what is bound here must be a name", way_out)

    def _line_for_repeated(self, parts: list[ast.expr], items: list[ir.Value]) -> None:
        """Compute before what a helper gives and reads as well: `return a, a**2`."""
        for place, item in enumerate(items):
            made = self.built.definition.get(item)
            if item.name is not None or isinstance(made, ir.Constant | ir.Aggregate):
                continue
            others = [*items[:place], *items[place + 1 :]]
            if any(item is other or self._is_part(item, other) for other in others):
                part = parts[place]
                self.line_before(part, part.id if isinstance(part, ast.Name) else "item", item)

    def _is_part(self, value: ir.Value, whole: ir.Value) -> bool:
        """True if a nameless expression reads a value."""
        made = self.built.definition.get(whole)
        if made is None or whole.name is not None:
            return False
        inner = [made, *(o for block in made.blocks() for o in ir.operations(block))]
        read = [v for o in inner for v in (*o.operands, *(y for b in o.blocks() for y in b.yields))]
        return value in read or any(self._is_part(value, v) for v in read)

    def unpacked(self, target: ast.expr, value: ir.Value, count: int) -> list[ir.Value]:
        """Return the items that a value is unpacked to."""
        made = self.built.definition.get(value)
        if isinstance(made, ir.Aggregate):
            if len(made.operands) != count:
                self.refuse(
                    target,
                    "unpack",
                    f"{len(made.operands)} values cannot be unpacked to {count} names",
                    "give each value one name",
                )
            return list(made.operands)
        items = []
        for place in range(count):
            at = self.constant(target, str(place), e.Literal(str(place)))
            result = self.new_value(target)
            operation = ir.View((value, at), (result,), self.span(target), (ir.At(1),))
            spelled = e.Subscript(e.Primal(value), e.Primal(at))
            items.append(self.append(operation, spelled))
        return items

    def named(self, node: ast.AST, name: str, value: ir.Value, stopped: bool = False) -> ir.Value:
        """Return the value under the author's name: itself if it is new, else an alias of it."""
        made = self.built.definition.get(value)
        if self._is_region_result(value) and value.name is None and not stopped:
            value.name = name  # of a helper with statements: its last lines assign the name
            return value
        is_new = made in self.pending and value.name is None and not isinstance(made, ir.Constant)
        if is_new and not stopped and not isinstance(made, ir.Aggregate):
            value.name = name
            return value
        if value in self.returned and name and not stopped:
            self.returned.remove(value)
            self.adopted.add(value)
            if value in self.growing.lists:
                self.growing.rename(value, name)
            value.name = name  # the helper's own name of it is not needed beside the caller's
            return value
        if name and not stopped and self.stores.take_over(name, value):
            self.adopted.add(value)
            return value
        if isinstance(made, ir.Aggregate):
            if stopped and made.operands:
                self.stops.refuse(node)
            for place, item in enumerate(made.operands):
                if isinstance(self.built.definition.get(item), ir.If):
                    self.built.hints.setdefault(item, f"{name}_{place}")
            return value  # its items are followed one by one
        result = self.new_value(node, name)
        gate = "stop" if stopped else "alias"
        operation = ir.Gate((value,), (result,), self.span(node), gate)
        return self.append(operation, e.Primal(value))

    def _is_region_result(self, value: ir.Value) -> bool:
        made = self.built.definition.get(value)
        return isinstance(made, ir.If | ir.For | ir.While) and value not in self.built.spelling

    def definition_of(self, pattern: Target, result: ir.Value) -> e.Expression:
        """Return the right side that gives what a pattern names."""
        if isinstance(pattern, ir.Value):
            return self.built.spelling.get(pattern, e.Primal(result))
        made = self.built.definition.get(result)
        if isinstance(made, ir.Aggregate):
            if result in self.built.calls and pattern == self._whole(result):
                return self.built.calls[result]
            # Each item's own definition where the item got its name here, else the item.
            items = zip(pattern, made.operands, strict=True)
            parts = tuple(self.definition_of(p, i) for p, i in items)
            return one_choice(parts) or e.Sequence("tuple", parts)
        return e.Primal(result)

    def _whole(self, value: ir.Value) -> Target:
        """Return the pattern that names all that stands in a tuple."""
        made = self.built.definition.get(value)
        if not isinstance(made, ir.Aggregate):
            return value
        return tuple(self._whole(item) for item in made.operands)

    def _augment(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Subscript):
            if not self.settings.augment(node, node.target):
                with self.masks.shared(node, node.target, node.value):
                    self.stores.augment(node, node.target)
            return
        if not isinstance(node.target, ast.Name):
            self.refuse(node, "store", fence.ATTRIBUTE_STORE.message, fence.ATTRIBUTE_STORE.help)
        if self.growing.augment(node):
            return
        if node in self.in_place:
            self.stores.whole(node, node.target)
            return
        name = node.target.id
        read = ast.copy_location(ast.Name(name, ast.Load()), node.target)
        whole = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
        result = self.expressions.value(whole)
        result = self.named(node.target, name, result)
        self.scope.values[name] = result
        spelled = self.built.spelling[result]
        line = Line("augment", self.span(node), (result,), spelled)
        line.operator = operator_text(node.op)
        line.node, line.handed = node, self.frame.handed
        if isinstance(spelled, e.Binary):
            line.operand = spelled.right
        self.finish(line)

    def _effect(
        self, node: ast.stmt, kind: str, expression: ast.expr, detail: ast.expr | None
    ) -> None:
        spelled = self._carried(expression)
        more = None if detail is None else self._carried(detail)
        self._effect_line(node, kind, spelled, more)

    def _guard(self, node: ast.If, test: ast.expr, raised: ast.Raise) -> None:
        spelled = self._carried(test)
        if raised.exc is None:
            message = "`raise` needs an exception here"
            self.refuse(raised, "construct", message, "write `raise ValueError(...)`")
        if raised.cause is not None:
            message = "`raise ... from` is not supported yet"
            self.refuse(raised.cause, "construct", message, "leave `from ...` out")
        self._effect_line(node, "guard", spelled, self._carried(raised.exc))

    def _is_exit(self, node: ast.If) -> bool:
        """True for `if y is None: return scores` in a loss: what it returns has no gradient."""
        match node.test, node.body, node.orelse:
            case ast.Compare(ast.Name(), [ast.Is()], [ast.Constant(None)]), [ast.Return()], []:
                return self.built.is_loss and self.block is self.built.function.body
        return False

    def _exit(self, node: ast.If) -> None:
        returned = node.body[0]
        assert isinstance(returned, ast.Return)
        value = returned.value or ast.copy_location(ast.Constant(None), returned)
        self._effect_line(node, "exit", self._carried(node.test), self._carried(value))

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is None:
            message = "`raise` needs an exception here"
            self.refuse(node, "construct", message, "write `raise ValueError(...)`")
        if node.cause is not None:
            message = "`raise ... from` is not supported yet"
            self.refuse(node.cause, "construct", message, "leave `from ...` out")
        if self.block is self.built.function.body:
            self.refuse(
                node, "construct", "`raise` here leaves nothing to differentiate",
                "write it as a guard: `if test: raise ...`",
            )
        self._effect_line(node, "raise", self._carried(node.exc), None)
        self.left = "raise"

    def _carried(self, node: ast.expr) -> e.Expression:
        try:
            return plain(node, self.carried_leaf, self.segment)
        except NotPlain as error:
            what = type(error.node).__name__
            message = f"{what} in print, assert or raise is not supported yet"
            self.refuse(error.node, "construct", message, "assign it to a name before")

    def _effect_line(
        self,
        node: ast.stmt,
        kind: str,
        spelled: e.Expression,
        detail: e.Expression | None,
    ) -> None:
        reads = [*e.primals(spelled), *(e.primals(detail) if detail is not None else ())]
        operation = ir.Effect(tuple(dict.fromkeys(reads)), (), self.span(node), kind)
        self.block.operations.append(operation)
        self.pending.append(operation)
        line = Line(kind, self.span(node), (), spelled, detail=detail)
        self.finish(line)

    # lines

    @property
    def is_rewritten(self) -> bool:
        """True inside a helper or a loop that is written out: its text stands elsewhere."""
        return bool(self.inlining) or self.containers.unrolling + self.growing.rewriting > 0

    def finish(self, line: Line, verbatim: bool = True) -> None:
        """Add the line with its comments, and note which operations it stands for."""
        line.inlined = self.is_rewritten
        if verbatim and not line.inlined and not self.has_inlined:
            line.verbatim = self.module.source.segment(line.span)
        self.comments(line, line.span.end_line)
        self.finish_plain(line)

    def comments(self, line: Line, row: int) -> None:
        """Note a line's comments: above it, and at the end of a row."""
        if self.is_quiet or self.growing.rewriting:
            return
        line.comment = self._end_comment(row)
        line.above = self._comments_above(line.span.line)

    def finish_plain(self, line: Line) -> None:
        """Add a line of its own; the pending operations are what it stands for."""
        self.lines.append(line)
        self.take_pending(line)

    def take_pending(self, line: Line) -> None:
        """Note which operations a line stands for."""
        for operation in self.pending:
            if operation not in self.settled:
                self.built.line_of[operation] = line
        self.pending = []

    def finish_header(self, line: Line, node: ast.expr) -> None:
        """Prepare the line of a statement with regions; it is added with them."""
        line.inlined = self.is_rewritten
        if not line.inlined and not self.has_inlined and self._is_as_written(node):
            line.verbatim = self.segment(node)
        self.comments(line, self.span(node).end_line)
        self.take_pending(line)

    def _is_as_written(self, node: ast.expr) -> bool:
        """False for the header of a copied statement in which a call was taken out."""
        if not self.module.rewritten:
            return True
        try:
            written = ast.parse(f"({self.segment(node)})", mode="eval").body
        except SyntaxError:
            return False
        return ast.dump(written) == ast.dump(node)

    def finish_inlined(self, line: Line) -> None:
        """Add a line that the author wrote as an argument of an inlined call."""
        line.inlined = True
        self.finish_plain(line)

    def line_before(self, node: ast.AST, name: str, value: ir.Value) -> None:
        """Give a nameless value a name, and a line before the first that reads it."""
        self._line_for_read_part(node, value, self._first_reader(value))
        place = self._first_reader(value)
        value.name = name
        if value not in self.built.spelling:
            return  # of a helper with several returns: each of them assigns it
        line = Line("assign", self.span(node), (value,), self.built.spelling[value])
        own = self.calls.operations_of(value)
        rest = [operation for operation in self.pending if operation not in own]
        self.pending = own
        self.finish_inlined(line)
        self.settled.update(own)
        self.pending = rest
        if place is not None:
            self.lines.insert(place, self.lines.pop())

    def _first_reader(self, value: ir.Value) -> int | None:
        """Return the place of the first line that reads a value which has no name yet."""
        return next((i for i, line in enumerate(self.lines) if self._reads(line, value)), None)

    def _line_for_read_part(self, node: ast.AST, value: ir.Value, place: int | None) -> None:
        """Name a part of a value that a line has read where the value itself is not there yet."""
        for operation in self.calls.operations_of(value):
            for one in operation.results:
                if one is value or one.name is not None or operation not in self.built.line_of:
                    continue
                first = self._first_reader(one)
                if first is not None and (place is None or first < place):
                    self.line_before(node, self.built.hints.get(one, "part"), one)
                    return self._line_for_read_part(node, value, place)
        return None

    def _reads(self, line: Line, value: ir.Value) -> bool:
        """True if a line, or one in its regions, reads a value that has no name yet."""
        if any(self._reads(inner, value) for body in line.bodies for inner in body):
            return True
        if line.kind == "assign" and line.targets == ():
            # Items of a tuple or list: what they are made of may get lines here.
            of_line = [o for o, one in self.built.line_of.items() if one is line]
            return any(isinstance(o, ir.Gate) and value in o.operands for o in of_line)
        parts = [part for part in (line.expression, line.detail, line.index) if part is not None]
        left = [v for part in parts for v in e.primals(part)]
        while left:
            one = left.pop()
            if one is value:
                return True
            if one.name is None and one in self.built.spelling:
                left += e.primals(self.built.spelling[one])
        return False

    def own_line(self, node: ast.AST, name: str, value: ir.Value) -> ir.Value:
        """Give a nameless value a name and a line: at the region's end, or where it is read."""
        made = self.built.definition.get(value)
        place = None
        if value.name is None:
            place = self._first_reader(value)
        self.pending = [] if made is None else self.calls.operations_of(value)
        if made is not None and made not in self.pending and made not in self.built.line_of:
            self.pending.append(made)
        named = self.named(node, name, value)
        if named not in self.built.spelling or named in self.adopted:
            self.pending = []
            return named  # of a helper with several returns: each of them assigns it
        line = Line("assign", self.span(node), (named,), self.built.spelling[named])
        line.inlined = True
        self.finish_plain(line)
        if place is not None and named is value:
            self.lines.insert(place, self.lines.pop())
        return named

    def _end_comment(self, row: int) -> str | None:
        comment = self.module.comments.get(row)
        if comment is None or comment.alone:
            return None
        match = MARK.search(comment.text)
        text = comment.text if match is None else comment.text[: match.start()].rstrip()
        return text or None

    def _comments_above(self, row: int) -> tuple[str, ...]:
        found: list[str] = []
        row -= 1
        while row in self.module.comments and self.module.comments[row].alone:
            if MARK.search(self.module.comments[row].text) is None:
                found.insert(0, self.module.comments[row].text)
            row -= 1
        return tuple(found)


def _literal_slice(node: ast.expr) -> slice | None:
    """Return what a literal slice picks: `1:`."""
    if not isinstance(node, ast.Slice):
        return None
    parts = (node.lower, node.upper, node.step)
    try:
        bounds = [None if part is None else ast.literal_eval(part) for part in parts]
    except ValueError:
        return None
    return slice(*bounds) if all(type(b) in (int, type(None)) for b in bounds) else None


def build(
    module: Module,
    node: ast.FunctionDef,
    in_place: frozenset[ast.AugAssign] = frozenset(),
    keeps_cache: bool = False,
    follow: frozenset[ast.expr] = frozenset(),
    copied: frozenset[tuple[Span, str]] = frozenset(),
) -> Built:
    """Return a function in IR; raise CodegenError with all that is refused in it.

    `in_place` are the statements such as `x += e` that write into an array: only types tell.
    `follow` are those that name an array, or a part of one, which is written into.
    `copied` are loops with names of arrays that are to be copied as a turn begins.
    `keeps_cache`: what it returns as `cache` is asked for, and not left out.
    """
    problems = Problems(module.source)
    places: frozenset[Span] = frozenset()
    try:
        while True:
            builder = Builder(module, node.name, problems)
            builder.in_place, builder.is_pruned = in_place, not keeps_cache
            builder.followed, builder.growing.places = follow, places
            builder.copied = copied
            try:
                built = builder.function(node)
                break
            except Grow as found:
                places |= found.places
                problems = Problems(module.source)
        cancel(built)
        join_items(built)
        unstable.note(built)
    except RecursionError:
        message = "an expression is nested too deeply"
        way_out = "give its parts names of their own"
        problem = Problem("construct", message, builder.span(node), way_out)
        raise CodegenError([problem], module.source) from None
    _refuse_shadowed(builder)
    problems.raise_if_any()
    ir.renumber(built.function)
    return built


def refuse_no_output(module: Module, node: ast.FunctionDef) -> None:
    """Refuse a function that returns nothing, and writes into none of its arguments."""
    problems = Problems(module.source)
    written = written_parameters(node, {}, None)
    names = [arg.arg for arg in node.args.args if arg.arg in written]
    way_out = f"annotate what it writes into, {names[0]}: np.ndarray; or return" if names else None
    Builder(module, node.name, problems).no_output(node, "returns nothing", way_out or "return")
    problems.raise_if_any()


def _refuse_shadowed(builder: Builder) -> None:
    """A name of the file and a variable of one name: an inlined helper would mix them up."""
    built = builder.built
    for value in [*built.definition, *(p.value for p in built.parameters)]:
        if value.name in built.constants or value.name in built.helpers:
            what = "constant" if value.name in built.constants else "function"
            builder.problems.add(
                "module-name",
                f"`{value.name}` is a variable here and a {what} of the file in a helper",
                value.span,
                "give the variable another name",
            )
            return
