"""A function, a script or an inlined helper, statement by statement."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from codegen import expressions as e
from codegen import fence, ir
from codegen.build.calls import CallBuilder
from codegen.build.expression import ExpressionBuilder
from codegen.build.kinks import cancel
from codegen.build.lines import Built, FormalParameter, Line, Returned, Target
from codegen.build.plain import NotPlain, operator_text, plain
from codegen.build.scope import Scope, assigned_names
from codegen.errors import CodegenError, Problem, Problems
from codegen.parse import MARK, Module
from codegen.source import Span


class Refused(Exception):
    """A statement that was given up on; its problem is already noted."""


class Builder:
    """Builds one function. What it gives is in `built`; problems are collected."""

    def __init__(self, module: Module, name: str, problems: Problems) -> None:
        self.module = module
        self.problems = problems
        self.block = ir.Block()
        self.built = Built(
            ir.Function(name, self.block), [], {}, {}, {}, [], [], False, None, {}, {}, {}, []
        )
        self.built.has_numpy = any(
            found.path.split(".")[0] in ("numpy", "scipy") for found in module.imports.values()
        )
        self.scope = Scope(module, frozenset())
        self.expressions = ExpressionBuilder(self)
        self.calls = CallBuilder(self)
        self.pending: list[ir.Operation] = []  # operations of the statement being built
        self.return_node: ast.stmt | None = None
        self.inlining: tuple[str, ...] = ()
        self.refused: frozenset[ast.stmt] = frozenset()  # by the fence
        self.has_inlined = False  # the statement being built holds a call that was inlined

    # what the parts need

    def span(self, node: ast.AST) -> Span:
        """Return the place of a node."""
        return self.module.source.span(node)

    def segment(self, node: ast.AST) -> str:
        """Return the author's text of a node."""
        return self.module.source.segment(self.span(node))

    def refuse(self, node: ast.AST, code: str, message: str, help: str | None = None) -> NoReturn:
        """Note a problem and give the statement up."""
        self.problems.add(code, message, self.span(node), help)
        raise Refused

    def did_you_mean(self, name: str, known: list[str]) -> str | None:
        """Return a hint for a misspelt name."""
        near = difflib.get_close_matches(name, sorted(set(known)), 1)
        return f"did you mean `{near[0]}`?" if near else None

    def new_value(self, node: ast.AST | None, name: str | None = None) -> ir.Value:
        """Return a fresh value."""
        number = len(self.built.definition) + len(self.built.parameters)
        return ir.Value(number, name, None if node is None else self.span(node))

    def append(self, operation: ir.Operation, spelled: e.Expression) -> ir.Value:
        """Add an operation with one result to the block; return the result."""
        self.block.operations.append(operation)
        self.pending.append(operation)
        self.built.definition[operation.result] = operation
        self.built.spelling[operation.result] = spelled
        return operation.result

    @contextmanager
    def in_block(self) -> Iterator[ir.Block]:
        """Build into a block of its own for a while."""
        outer = self.block
        self.block = ir.Block()
        try:
            yield self.block
        finally:
            self.block = outer

    def constant(self, node: ast.AST, text: str, spelled: e.Expression) -> ir.Value:
        """Return a constant's value."""
        result = self.new_value(node)
        return self.append(ir.Constant((), (result,), self.span(node), text), spelled)

    def module_constant(self, node: ast.Name) -> ir.Value:
        """Return the value of a name of the module's top level, which must not change."""
        name = node.id
        if name in self.module.rebound:
            self.refuse(
                node,
                "module-name",
                f"the module-level name `{name}` is assigned more than once",
                "give each value a name of its own, or pass it as an argument",
            )
        self.built.constants[name] = None
        result = self.new_value(node)
        operation = ir.Constant((), (result,), self.span(node), f"module:{name}")
        return self.append(operation, e.Name(name))

    def element(self, base: ir.Value, parts: list[ast.expr]) -> ir.Value | None:
        """Return the item of a tuple or list display read at a literal place, if it is one."""
        made = self.built.definition.get(base)
        if not isinstance(made, ir.Aggregate) or len(parts) != 1:
            return None
        try:
            place = ast.literal_eval(parts[0])
        except ValueError:
            return None
        if not isinstance(place, int) or not -len(made.operands) <= place < len(made.operands):
            return None
        self.has_inlined = True
        return made.operands[place]

    def call_function(self, node: ast.Call, name: str) -> ir.Value:
        """Return the value of a call of a same-file function."""
        return self.calls.call(node, name)

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
        return None

    # a whole function

    def function(self, node: ast.FunctionDef) -> Built:
        """Build a function definition."""
        self.refused = fence.check_function(self.module.source, node, self.problems)
        self.built.node = node
        body = node.body
        self.built.docstring = ast.get_docstring(node, clean=True)
        if self.built.docstring is not None:
            body = body[1:]
        self._parameters(node.args, assigned_names(body))
        self.statements(body)
        if self.return_node is None and not self.problems:
            self.problems.add(
                "no-output",
                f"`{node.name}` returns nothing",
                self._head(node),
                "return the value to differentiate",
            )
        return self.built

    def _head(self, node: ast.FunctionDef) -> Span:
        span = self.span(node)
        line = self.module.source.line(span.line)
        return Span(span.line, span.column, span.line, len(line.rstrip()))

    def _parameters(self, given: ast.arguments, assigned: frozenset[str]) -> None:
        plain_arguments = [*given.posonlyargs, *given.args]
        defaults: list[ast.expr | None] = [None] * (len(plain_arguments) - len(given.defaults))
        defaults += given.defaults
        rows = [
            (argument, default, "positional" if i < len(given.posonlyargs) else "plain")
            for i, (argument, default) in enumerate(zip(plain_arguments, defaults, strict=True))
        ]
        rows += [
            (argument, default, "keyword")
            for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        ]
        names = [argument.arg for argument, _, _ in rows]
        self.scope = Scope(self.module, frozenset(names) | assigned)
        for argument, default, kind in rows:
            value = ir.Value(len(self.built.parameters), argument.arg, self.span(argument))
            self.block.parameters.append(value)
            self.scope.values[argument.arg] = value
            self.built.parameters.append(
                FormalParameter(argument.arg, value, kind, argument.annotation, default)
            )

    # statements

    def statements(self, body: list[ast.stmt]) -> None:
        """Build statements in order; one that is refused does not hide the others."""
        for node in body:
            if self.return_node is not None:
                return  # what stands behind a return never runs
            self.pending = []
            self.has_inlined = False
            try:
                if node in self.refused:
                    raise Refused
                self.statement(node)
            except Refused:
                self._define_anyway(node)

    def _define_anyway(self, node: ast.stmt) -> None:
        """Give the names of a refused statement some value, so that they are not missed too."""
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                self.scope.values[part.id] = self.constant(part, "None", e.Literal("None"))
        if isinstance(node, ast.Return):
            self.return_node = node

    def statement(self, node: ast.stmt) -> None:
        """Build one statement."""
        match node:
            case ast.Assign(targets, value):
                self._assign(node, targets, value)
            case ast.AnnAssign(target, annotation, value=None):
                return
            case ast.AnnAssign(target, annotation, value) if value is not None:
                self._assign(node, [target], value, self.segment(annotation))
            case ast.AugAssign():
                self._augment(node)
            case ast.Return():
                self._return(node)
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
            case ast.Expr(value):
                self.expressions.value(value)  # refuses what it does not know; else no effect
            case _:
                what = type(node).__name__
                self.refuse(node, "construct", f"this statement ({what}) is not supported")

    def _assign(
        self,
        node: ast.stmt,
        targets: list[ast.expr],
        value: ast.expr,
        annotation: str | None = None,
    ) -> None:
        result = self.expressions.value(value)
        line = Line("assign", self.span(node), annotation=annotation)
        marks = self.module.marks.get(line.span.end_line, [])
        line.stopped = any(mark.kind == "stop" for mark in marks)
        patterns = [self._bind(target, result, line) for target in targets]
        if not any(self._is_unseen(pattern) for pattern in patterns):
            line.targets = tuple(patterns)
            line.expression = self._definition_of(patterns[0], result)
        self._finish(line)

    def _is_unseen(self, pattern: Target) -> bool:
        """True for a name of a whole tuple, whose items are followed one by one instead."""
        if isinstance(pattern, ir.Value):
            return pattern.name is None
        return any(self._is_unseen(part) for part in pattern)

    def _bind(self, target: ast.expr, value: ir.Value, line: Line) -> Target:
        match target:
            case ast.Name(name):
                named = self.named(target, name, value, line.stopped)
                self.scope.values[name] = named
                return named
            case ast.Tuple(parts) | ast.List(parts):
                if any(isinstance(part, ast.Starred) for part in parts):
                    self.refuse(target, "construct", "`*` in an unpacking is not supported yet")
                items = self._unpacked(target, value, len(parts))
                # All right sides are read before any name is bound: `a, b = b, a`.
                return tuple(self._bind(p, i, line) for p, i in zip(parts, items, strict=True))
        return self.refuse(target, "store", fence.STORE.message, fence.STORE.help)

    def _unpacked(self, target: ast.expr, value: ir.Value, count: int) -> list[ir.Value]:
        made = self.built.definition.get(value)
        if isinstance(made, ir.Aggregate):
            if len(made.operands) != count:
                self.refuse(
                    target,
                    "unpack",
                    f"{len(made.operands)} values cannot be unpacked to {count} names",
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
        is_new = made in self.pending and value.name is None and not isinstance(made, ir.Constant)
        if is_new and not stopped and not isinstance(made, ir.Aggregate):
            value.name = name
            return value
        if isinstance(made, ir.Aggregate):
            return value  # its items are followed one by one
        result = self.new_value(node, name)
        gate = "stop" if stopped else "alias"
        operation = ir.Gate((value,), (result,), self.span(node), gate)
        return self.append(operation, e.Primal(value))

    def _definition_of(self, pattern: Target, result: ir.Value) -> e.Expression:
        if isinstance(pattern, ir.Value):
            return self.built.spelling[pattern]
        made = self.built.definition.get(result)
        if isinstance(made, ir.Aggregate):
            # Each item's own definition where the item got its name here, else the item.
            items = zip(pattern, made.operands, strict=True)
            return e.Sequence("tuple", tuple(self._definition_of(p, i) for p, i in items))
        return e.Primal(result)

    def _augment(self, node: ast.AugAssign) -> None:
        if not isinstance(node.target, ast.Name):
            self.refuse(node, "store", fence.STORE.message, fence.STORE.help)
        name = node.target.id
        read = ast.copy_location(ast.Name(name, ast.Load()), node.target)
        whole = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
        result = self.expressions.value(whole)
        result = self.named(node.target, name, result)
        self.scope.values[name] = result
        spelled = self.built.spelling[result]
        line = Line("augment", self.span(node), (result,), spelled)
        line.operator = operator_text(node.op)
        if isinstance(spelled, e.Binary):
            line.operand = spelled.right
        self._finish(line)

    def _return(self, node: ast.Return) -> None:
        self.return_node = node
        is_none = isinstance(node.value, ast.Constant) and node.value.value is None
        if node.value is None or is_none:
            self.refuse(
                node, "no-output", "nothing is returned here", "return the value to differentiate"
            )
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        self.built.returns_tuple = isinstance(node.value, ast.Tuple)
        own = self.built.function.name
        displays = (ast.Tuple, ast.List)
        expressions = [
            p for p in parts if not self._is_variable(p) and not isinstance(p, displays)
        ]
        for part in parts:
            self.pending = []
            value = self.expressions.value(part)
            made = self.built.definition.get(value)
            if isinstance(made, ir.Aggregate) and len(parts) == 1 and made.kind == "tuple":
                self._return_items(node, made)
            elif isinstance(made, ir.Aggregate):
                # A cache, say: it cannot be picked, so nobody asks for its name on paper.
                name = part.id if isinstance(part, ast.Name) else None
                self.built.returned.append(Returned(value, name, self.span(part)))
            elif part in expressions or any(r.value is value for r in self.built.returned):
                number = expressions.index(part) + 1 if part in expressions else len(parts)
                name = own if len(expressions) == 1 else f"{own}_{number}"
                value = self.named(part, name, value)
                line = Line("assign", self.span(node), (value,), self.built.spelling[value])
                self._finish(line, verbatim=False)
                self.built.returned.append(Returned(value, None, self.span(part)))
            else:
                self.built.returned.append(Returned(value, value.name, self.span(part)))
        self.built.function.body.yields = [r.value for r in self.built.returned]

    def _is_variable(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name):
            return False
        value = self.scope.values.get(node.id)
        made = None if value is None else self.built.definition.get(value)
        return value is not None and (value.name is not None or isinstance(made, ir.Aggregate))

    def _return_items(self, node: ast.Return, made: ir.Aggregate) -> None:
        """Return the items of a tuple that a helper (or a variable) gives."""
        self.built.returns_tuple = True
        line = Line("assign", self.span(node))
        own = self.built.function.name
        named = [
            item if item.name else self.named(node, f"{own}_{number}", item)
            for number, item in enumerate(made.operands, start=1)
        ]
        line.targets = (tuple(named),)
        spelled = (self._item_text(a, b) for a, b in zip(named, made.operands, strict=True))
        line.expression = e.Sequence("tuple", tuple(spelled))
        self._finish(line, verbatim=False)
        for value in named:
            self.built.returned.append(Returned(value, None, self.span(node)))

    def _item_text(self, named: ir.Value, item: ir.Value) -> e.Expression:
        return self.built.spelling[named] if named is item else e.Primal(item)

    def _effect(
        self, node: ast.stmt, kind: str, expression: ast.expr, detail: ast.expr | None
    ) -> None:
        spelled = self._carried(expression)
        more = None if detail is None else self._carried(detail)
        self._effect_line(node, kind, spelled, more)

    def _guard(self, node: ast.If, test: ast.expr, raised: ast.Raise) -> None:
        spelled = self._carried(test)
        if raised.exc is None:
            self.refuse(raised, "construct", "`raise` needs an exception here")
        if raised.cause is not None:
            self.refuse(raised.cause, "construct", "`raise ... from` is not supported yet")
        self._effect_line(node, "guard", spelled, self._carried(raised.exc))

    def _carried(self, node: ast.expr) -> e.Expression:
        try:
            return plain(node, self.carried_leaf, self.segment)
        except NotPlain as error:
            what = type(error.node).__name__
            message = f"{what} in print, assert or raise is not supported yet"
            self.refuse(error.node, "construct", message)

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
        self._finish(line)

    # lines

    def _finish(self, line: Line, verbatim: bool = True) -> None:
        """Add the line with its comments, and note which operations it stands for."""
        source = self.module.source
        line.inlined = bool(self.inlining)
        if verbatim and not line.inlined and not self.has_inlined:
            line.verbatim = source.segment(line.span)
        line.comment = self._end_comment(line.span.end_line)
        line.above = self._comments_above(line.span.line)
        self.built.lines.append(line)
        for operation in self.pending:
            self.built.line_of[operation] = line
        self.pending = []

    def finish_inlined(self, line: Line) -> None:
        """Add a line that the author wrote as an argument of an inlined call."""
        line.inlined = True
        self.built.lines.append(line)
        for operation in self.pending:
            self.built.line_of[operation] = line
        self.pending = []

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


def build(module: Module, node: ast.FunctionDef) -> Built:
    """Return a function in IR; raise CodegenError with all that is refused in it."""
    problems = Problems(module.source)
    builder = Builder(module, node.name, problems)
    try:
        built = builder.function(node)
        cancel(built)
    except RecursionError:
        problem = Problem("construct", "an expression is nested too deeply", builder.span(node))
        raise CodegenError([problem], module.source) from None
    _refuse_shadowed(builder)
    problems.raise_if_any()
    return built


def _refuse_shadowed(builder: Builder) -> None:
    """A constant of the file and a variable of one name: an inlined helper would mix them up."""
    built = builder.built
    for value in [*built.definition, *(p.value for p in built.parameters)]:
        if value.name in built.constants:
            builder.problems.add(
                "module-name",
                f"`{value.name}` is a variable here and a constant of the file in a helper",
                value.span,
                "give the variable another name",
            )
            return
