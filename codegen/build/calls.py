"""Calls of functions of the same file: kept as a gate, or inlined."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NoReturn

from codegen import expressions as e
from codegen import fence, ir
from codegen.build.caches import body_of, without_places
from codegen.build.containers import read_of
from codegen.build.follow import followed
from codegen.build.handed_parts import given_whole
from codegen.build.returns import Frame, returns_inside
from codegen.build.scope import LocalFunction, Scope
from codegen.build.writes import written_names
from codegen.gates.declare import BY_KEY, GATES
from codegen.nodes import assigned_names, nodes_of

if TYPE_CHECKING:
    from codegen.build.function import Builder


class CallBuilder:
    """Follows calls of same-file functions for one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.made: set[ir.Value] = set()  # values that are computed as arguments
        self.libraries: dict[str, str] = {}  # library functions among them
        self.functions: dict[str, LocalFunction] = {}  # among the arguments of the call at hand

    def call(self, node: ast.Call, function: LocalFunction) -> ir.Value:
        """Return the result of the call; a tuple result is an aggregate."""
        self._check(node, function.node)
        node, function = given_whole(self.owner, node, function)
        called = function.node
        arguments = self._arguments(node, called)
        is_plain = function.scope is None and called.name.isidentifier()
        is_plain = is_plain and node not in self.owner.dropped
        if is_plain and not self.functions and not self.libraries:
            operand = self._gate(called, arguments)
            if operand is not None:
                return self._kept(node, called, *operand)
        result = self._inlined(node, function, arguments)
        assert result is not None
        return result

    def _check(self, node: ast.Call, called: ast.FunctionDef) -> None:
        owner = self.owner
        if called.name in owner.module.rebound:
            message = f"the function `{called.name}` is defined more than once, or changed"
            owner.refuse(node, "call", message, "give each function a name of its own")
        if called.name in owner.inlining or called.name == owner.built.function.name:
            owner.refuse(
                node, "recursion", f"`{called.name}` calls itself, which is not supported yet",
                "move it to the top level of the file, and give it what it reads as arguments",
            )
        before = len(owner.problems.found)
        fence.check_function(owner.module, called, owner.problems, is_called=True)
        if len(owner.problems.found) > before:
            from codegen.build.function import Refused

            raise Refused

    def procedure(self, node: ast.Call) -> bool:
        """Build a call that stands alone, of a function that writes into its arguments."""
        owner = self.owner
        function = owner.functions.of(node.func)
        if function is None or isinstance(node.func, ast.Lambda):
            return False
        called = function.node
        if any(isinstance(part, ast.Return) and part.value for part in nodes_of(called)):
            return False
        self._check(node, called)
        node, function = given_whole(owner, node, function)
        called = function.node
        arguments = self._arguments(node, called)
        self._inlined(node, function, arguments, returns=False)
        return True

    def _arguments(self, node: ast.Call, called: ast.FunctionDef) -> dict[str, ir.Value]:
        """Evaluate the arguments in the author's order; return them by parameter."""
        owner = self.owner
        given = called.args
        positional = [*given.posonlyargs, *given.args]
        names = [a.arg for a in positional]
        by_keyword = {a.arg for a in [*given.args, *given.kwonlyargs]}
        values: dict[str, ir.Value] = {}
        functions: dict[str, LocalFunction] = {}
        libraries: dict[str, str] = {}

        def take(name: str, part: ast.expr) -> None:
            function, path = owner.functions.of(part), owner.scope.path(part)
            if function is not None:
                functions[name] = function
            elif path is not None and path in BY_KEY:
                libraries[name] = path
            else:
                values[name] = self._given(part)

        more: list[ir.Value] = []
        others: dict[str, ir.Value] = {}
        if len(node.args) > len(names) and given.vararg is None:
            message = f"`{called.name}` takes {len(names)} positional arguments"
            owner.refuse(node, "call", message, _signature(called))
        for place, part in enumerate(node.args):
            if place < len(names):
                take(names[place], part)
            else:
                more.append(owner.expressions.value(part))
        for keyword in node.keywords:
            if keyword.arg is None:
                for name in self._missing(keyword, called, values):
                    take(name, read_of(keyword.value, name))
                continue
            if keyword.arg not in by_keyword and given.kwarg is not None:
                others[repr(keyword.arg)] = owner.expressions.value(keyword.value)
                continue
            if keyword.arg not in by_keyword or keyword.arg in values:
                message = f"`{called.name}` does not take `{keyword.arg}` here"
                owner.refuse(keyword, "call", message, _signature(called))
            take(keyword.arg, keyword.value)
        defaults = _defaults(given)
        for name in [*names, *(a.arg for a in given.kwonlyargs)]:
            if name in values or name in functions or name in libraries:
                continue
            if name not in defaults:
                message = f"`{called.name}` needs the argument `{name}`"
                owner.refuse(node, "call", message, _signature(called))
            values[name] = self._default(called, name, defaults[name])
        self.functions, self.libraries = functions, libraries
        return values | self._stars(node, given, more, others)

    def _default(self, called: ast.FunctionDef, name: str, node: ast.expr) -> ir.Value:
        """Return what a parameter is that is given nothing: one object for all calls."""
        owner = self.owner
        is_changed = name in written_names(called.body, owner.functions.known())
        if is_changed and not isinstance(node, ast.Constant):
            owner.refuse(
                node,
                "store",
                f"`{name}` is changed, and Python keeps its default from call to call",
                f"write `{name}=None`, and make it anew in the function",
            )
        return self._in_scope_of_module(node)

    def _given(self, node: ast.expr) -> ir.Value:
        """Return an argument, which may be a part of an array."""
        before = self.owner.count
        value = self.owner.expressions.value(node)
        if value.number >= before:
            self.made.add(value)
        if isinstance(node, ast.Subscript):
            self.owner.built.parts_given.append((value, node))
        return value

    def _stars(
        self,
        node: ast.Call,
        given: ast.arguments,
        more: list[ir.Value],
        others: dict[str, ir.Value],
    ) -> dict[str, ir.Value]:
        """Return what `*args` and `**kwargs` hold."""
        found: dict[str, ir.Value] = {}
        aggregate = self.owner.expressions.aggregate
        if given.vararg is not None:
            found[given.vararg.arg] = aggregate(node, "tuple", more)
        if given.kwarg is not None:
            items = list(others.values())
            found[given.kwarg.arg] = aggregate(node, "dict", items, tuple(others))
        return found

    def _missing(
        self, keyword: ast.keyword, called: ast.FunctionDef, values: dict[str, ir.Value]
    ) -> list[str]:
        """Return what a dict that the function is given must hold, where it is spread by `**`."""
        owner, given = self.owner, called.args
        is_plain = not given.defaults and not any(given.kw_defaults) and given.kwarg is None
        if not is_plain or not owner.entries.is_dict(keyword.value):
            message = "`**` before a dict of unknown keys is not supported yet"
            owner.refuse(keyword, "construct", message, "write the keywords out")
        owner.has_inlined = True
        return [a.arg for a in [*given.args, *given.kwonlyargs] if a.arg not in values]

    def _in_scope_of_module(self, node: ast.expr) -> ir.Value:
        """Evaluate a default, which sees the module's names only."""
        outer = self.owner.scope
        self.owner.scope = Scope(self.owner.module, frozenset())
        try:
            return self.owner.expressions.value(node)
        finally:
            self.owner.scope = outer

    def _gate(
        self, called: ast.FunctionDef, arguments: dict[str, ir.Value]
    ) -> tuple[ir.Gate, list[ir.Value]] | None:
        """Return the gate that a one-expression helper is as a whole, and its operands here."""
        body = body_of(called)
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            return None
        given = called.args
        if given.defaults or given.kw_defaults or given.vararg or given.kwarg:
            return None
        from codegen.build.function import Builder, Refused
        from codegen.errors import Problems

        trial = Builder(self.owner.module, called.name, Problems(self.owner.module.source))
        trial.inlining = (*self.owner.inlining, self.owner.built.function.name)
        try:
            built = trial.function(called)
        except Refused:
            return None
        if trial.problems or built.constants or built.helpers or built.draws or built.returns_tuple:
            return None
        operations = built.function.body.operations
        gates = [o for o in operations if not isinstance(o, ir.Constant)]
        gate = gates[0] if len(gates) == 1 else None
        if not isinstance(gate, ir.Gate) or gate.gate in ("alias", "stop"):
            return None
        places = {p.value: p.name for p in built.parameters}
        if set(gate.operands) != set(places):
            return None
        return gate, [arguments[places[operand]] for operand in gate.operands]

    def _kept(
        self, node: ast.Call, called: ast.FunctionDef, gate: ir.Gate, operands: list[ir.Value]
    ) -> ir.Value:
        owner = self.owner
        owner.built.helpers[called.name] = None
        result = owner.new_value(node)
        names = [a.arg for a in [*called.args.posonlyargs, *called.args.args]]
        by_name = {v.name: o for v, o in zip(gate.operands, operands, strict=True)}
        spelled = e.Call(e.Name(called.name), tuple(e.Primal(by_name[name]) for name in names))
        operation = ir.Gate(tuple(operands), (result,), owner.span(node), gate.gate, gate.statics)
        return owner.append(operation, spelled)

    def _bind_arguments(
        self, node: ast.Call, called: ast.FunctionDef, arguments: dict[str, ir.Value]
    ) -> None:
        """Give nameless arguments lines of their own, before the helper's lines read them."""
        owner = self.owner
        if owner.in_arm:
            owner.refuse(
                node,
                "call",
                f"a call of `{called.name}`, which has statements, in a conditional expression "
                "is not supported yet",
                "assign the call to a name before",
            )
        for name, value in arguments.items():
            made = owner.built.definition.get(value)
            if value.name is None and not isinstance(made, (ir.Constant, ir.Aggregate)):
                owner.line_before(node, name, value)

    def _holds_loop(self, node: ast.stmt) -> bool:
        """True for `return [f(v) for v in xs]`, whose turns are lines, where lines may stand."""
        made = (ast.ListComp, ast.GeneratorExp)
        return not self.owner.in_arm and any(isinstance(part, made) for part in nodes_of(node))

    def _is_printed(self, operation: ir.Operation) -> bool:
        """True if a line stands for an operation; that of a whole tuple is never printed."""
        line = self.owner.built.line_of.get(operation)
        return line is not None and (line.kind != "assign" or line.targets != ())

    def operations_of(self, value: ir.Value) -> list[ir.Operation]:
        """Return the operations that a value's expression is made of, and no line stands for."""
        owner = self.owner
        found: list[ir.Operation] = []
        left = [value]
        while left:
            made = owner.built.definition.get(left.pop())
            if made is None or made in found or self._is_printed(made):
                continue
            for operation in [made, *(o for block in made.blocks() for o in ir.operations(block))]:
                found.append(operation)
                left += [operand for operand in operation.operands if operand.name is None]
            left += [v for block in made.blocks() for v in block.yields if v.name is None]
        return found

    def _inlined(
        self,
        node: ast.Call,
        function: LocalFunction,
        arguments: dict[str, ir.Value],
        returns: bool = True,
    ) -> ir.Value | None:
        owner, called = self.owner, function.node
        owner.built.handed.append((called, arguments))
        functions, self.functions = self.functions, {}
        libraries, self.libraries = self.libraries, {}
        for name, value in arguments.items():
            if value.name is None:
                owner.built.hints.setdefault(value, name)
        body = self._statements(node, called)
        if len(body) > 1 or not isinstance(body[0], ast.Return) or self._holds_loop(body[0]):
            self._bind_arguments(node, called, arguments)
        outer = (owner.scope, owner.left, owner.pending, owner.inlining, owner.frame)
        control = owner.control
        loop, exits = control.loop, control.exits
        control.loop = control.exits = None  # its loops and returns are its own
        owner.scope = self._scope(function, arguments, functions, body)
        owner.scope.libraries.update(libraries)
        owner.left, owner.pending = None, []
        owner.inlining = (*owner.inlining, called.name)
        known = {*outer[0].values.values(), *outer[-1].handed}
        handed = frozenset(value for value in arguments.values() if value in known)
        depth = owner.control.depth
        owner.frame = Frame(called.name, returns_inside(body), depth=depth, handed=handed)
        try:
            if returns:
                result = self._result(node, called, body)
            else:
                result = None
                owner.statements(body)
            inner = owner.pending
            written = self._written(node, arguments)
        finally:
            owner.scope, owner.left, owner.pending, owner.inlining, owner.frame = outer
            control.loop, control.exits = loop, exits
        owner.pending.extend(inner)
        owner.has_inlined = True
        self._write_back(node, written)
        owner.returned = self._computed(result, {*known, *arguments.values()})
        made = None if result is None else owner.built.definition.get(result)
        items = made.operands if isinstance(made, ir.Aggregate) else (result,)
        owner.filled = {v for v in items if v is not None and owner.stores.is_store(v)}
        return result

    def _computed(self, result: ir.Value | None, known: set[ir.Value]) -> set[ir.Value]:
        """Return what a helper has given a name and returns, if that is all that has the name."""
        made = None if result is None else self.owner.built.definition.get(result)
        items = [result] if not isinstance(made, ir.Aggregate) else [*made.operands]
        found = set()
        for value in items:
            operation = None if value is None else self.owner.built.definition.get(value)
            is_one = isinstance(operation, ir.Gate) and operation.gate not in ("alias", "stop")
            is_one = is_one or value in self.owner.growing.lists
            if value is not None and is_one and value not in known and items.count(value) == 1:
                found.add(value)
        return found

    def _statements(self, node: ast.Call, called: ast.FunctionDef) -> list[ast.stmt]:
        """Return a helper's statements, without those that only serve what its caller drops."""
        places = self.owner.dropped.get(node)
        pruned = None if places is None else without_places(self.owner.module, called, places)
        body = body_of(called) if pruned is None else pruned.body
        if pruned is not None:
            self.owner.dropped |= pruned.dropped
        return followed(self.owner.module, body, self.owner.followed)

    def _scope(
        self,
        function: LocalFunction,
        arguments: dict[str, ir.Value],
        functions: dict[str, LocalFunction],
        body: list[ast.stmt],
    ) -> Scope:
        """Return the names that a function's body sees: its own, and those around it now."""
        owner = self.owner
        own = frozenset(arguments) | frozenset(functions) | assigned_names(body)
        if function.scope is None:
            return Scope(owner.module, own, dict(arguments), functions=functions)
        around = function.scope
        stored = written_names(body, owner.functions.known()) - own
        if stored & set(around.values):
            name = min(stored & set(around.values))
            owner.refuse(
                function.node, "store", f"`{name}` is written into from a function inside this one",
                f"give `{name}` to the function as an argument",
            )
        kept = {n: v for n, v in around.values.items() if n not in own}
        return Scope(
            owner.module,
            own | around.local,
            {**kept, **arguments},
            around.script,
            {**{n: f for n, f in around.functions.items() if n not in own}, **functions},
            {n: p for n, p in around.libraries.items() if n not in own},
            dict(around.maybe),
        )

    def _written(
        self, node: ast.Call, arguments: dict[str, ir.Value]
    ) -> dict[ir.Value, ir.Value]:
        """Return what a helper has written into: what it was given, and what that is now."""
        owner = self.owner
        found: dict[ir.Value, ir.Value] = {}
        if owner.problems:
            return found  # what is refused is not whole
        for name, given in arguments.items():
            now = owner.scope.values.get(name, given)
            if now is not given and owner.stores.has_written(now, given):
                if list(arguments.values()).count(given) > 1:
                    owner.refuse(
                        node,
                        "store",
                        "an array is given twice to a function that writes into it",
                        "give it a copy: np.copy(...)",
                    )
                found[given] = now
        return found

    def _write_back(
        self, node: ast.Call, written: dict[ir.Value, ir.Value]
    ) -> None:
        """Let the caller's names mean what a helper has made of their arrays."""
        owner = self.owner
        for given, now in written.items():
            names = [name for name, value in owner.scope.values.items() if value is given]
            if not names and not self._is_made_here(given):
                owner.refuse(
                    node, "store",
                    "a function that writes into this argument needs an array with a name",
                    "give the array a name of its own before the call",
                )
            for name in names:
                owner.scope.values[name] = now

    def _is_made_here(self, value: ir.Value) -> bool:
        """True for what a call makes for the function alone: `fill(np.zeros(n), x)`."""
        made = self.owner.built.definition.get(value)
        is_new = isinstance(made, ir.Gate) and not GATES[made.gate].view
        return is_new and value in self.made

    def _result(self, node: ast.Call, called: ast.FunctionDef, body: list[ast.stmt]) -> ir.Value:
        """Build a helper's statements; return what it returns."""
        owner = self.owner
        if owner.frame.joins:
            told = len(owner.problems.found)
            owner.statements(body)
            if len(owner.problems.found) > told:
                from codegen.build.function import Refused

                raise Refused
            if owner.left != "return":
                self._returns_nothing(node, called)
            names = owner.returns.names()
            values = owner.frame.values
            for value, name in zip(values, names, strict=True):
                owner.built.hints.setdefault(value, name.strip("_") or "result")
            if owner.frame.is_tuple:
                return owner.expressions.aggregate(node, "tuple", values)
            return values[0]
        owner.statements(body[:-1])
        last = body[-1]
        if owner.left is not None or not isinstance(last, ast.Return) or last.value is None:
            self._returns_nothing(node, called)
        owner.pending = []
        return owner.expressions.value(last.value)

    def _returns_nothing(self, node: ast.Call, called: ast.FunctionDef) -> NoReturn:
        message = f"`{called.name}` returns nothing, so its call has no value"
        self.owner.refuse(node, "call", message, "return its result")


def _signature(called: ast.FunctionDef) -> str:
    """Return how a function is called, as a way out."""
    given = called.args
    plain = [a.arg for a in [*given.posonlyargs, *given.args]]
    keywords = [f"{a.arg}=..." for a in given.kwonlyargs]
    return f"it is defined as `{called.name}({', '.join([*plain, *keywords])})`"


def _defaults(given: ast.arguments) -> dict[str, ast.expr]:
    """Return the defaults by parameter."""
    names = [a.arg for a in [*given.posonlyargs, *given.args]]
    found = dict(zip(names[len(names) - len(given.defaults) :], given.defaults, strict=True))
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if default is not None:
            found[argument.arg] = default
    return found
