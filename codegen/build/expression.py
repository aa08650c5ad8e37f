"""An expression of the author to operations, one for each gate."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codegen import expressions as e
from codegen import fence, ir
from codegen.build import recognise, unfollowed
from codegen.build.apart import apart
from codegen.build.factors import FACTORED
from codegen.build.fixed import known_static
from codegen.build.instead import instead
from codegen.build.kept import kept_call
from codegen.build.margins import PAD, padded
from codegen.build.match import NO_RULE, Mismatch, find, is_number, nearest
from codegen.build.operands import OperandBuilder
from codegen.build.part_index import axes_taken, must_be_matrix, must_be_number
from codegen.build.plain import constant_text, operator_text, plain
from codegen.build.unrolled import unrolled
from codegen.gates.declare import BY_KEY, GATES
from codegen.gates.pattern import LIBRARIES, OPERATORS
from codegen.parse import constant_value

if TYPE_CHECKING:
    from codegen.build.function import Builder

TEXT = "use f-strings in print, and in keys of numbers that are known before the run"
IMPORTS = {
    "np": "write `import numpy as np` at the top of the file",
    "numpy": "write `import numpy` at the top of the file",
    "math": "write `import math` at the top of the file",
    "scipy": "write `import scipy` at the top of the file",
}
NOT_SUPPORTED = (
    "python -m codegen --list-gates shows what is supported; "
    "CONTRIBUTING.md says how to add a gate"
)
# What the items of tuples are called.
FIELDS = {
    "numpy.linalg.slogdet": ("sign", "logabsdet"),
    "numpy.linalg.eig": ("eigenvalues", "eigenvectors"),
    "numpy.linalg.eigh": ("eigenvalues", "eigenvectors"),
    "numpy.linalg.svd": ("U", "S", "Vh"),
    "numpy.linalg.qr": ("Q", "R"),
}
# What to write for a static argument that is no axis.
LITERALS = {"optimize": "write optimize=True: numpy finds the order of the products"}
INFINITIES = ("numpy.inf", "math.inf")
CONSTANT_PATHS = {"pi", "e", "inf", "nan", "newaxis", "tau", "euler_gamma"}
NUMPY_WORDS = {"//": "numpy.floor_divide", "%": "numpy.remainder"}
TYPE_NAMES = ("float", "int", "bool", "complex", "str")


class ExpressionBuilder:
    """Builds expressions into the block that the function builder is at."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner
        self.operands = OperandBuilder(owner)
        self.waiting = 0  # how many operands deep that may never be evaluated

    def value(self, node: ast.expr) -> ir.Value:
        """Return the value of an expression, with its operations appended."""
        number = self.owner.containers.counted(node)
        if number is not None:
            return number
        if isinstance(node, (ast.BinOp, ast.Call)):
            found = recognise.composite(node, self._names())
            if found is not None:
                return self._composite(node, found)
        return self.owner.growing.settle(node, self._part(node))

    def _part(self, node: ast.expr) -> ir.Value:
        known = self.owner.masks.known.get(node)
        if known is not None:
            return known
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()) if is_number(node):
                return self._number(node)
            case ast.UnaryOp(operator, operand):
                return self.gate(node, OPERATORS[type(operator)], [operand], [])
            case ast.BinOp(left, ast.Mult(), right) if isinstance(left, ast.List) or isinstance(
                right, ast.List
            ):
                return self.owner.growing.repeated(node, left, right)
            case ast.BinOp(left, ast.Add(), right) if self.owner.growing.may_be_lists(node):
                return self.owner.growing.added(node, left, right)
            case ast.BinOp(left, operator, right):
                return self.gate(node, OPERATORS[type(operator)], [left, right], [])
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp(operator, values):
                operands = [self.value(values[0]), *self._later(values[1:])]
                word = "and" if isinstance(operator, ast.And) else "or"
                spelled = e.Boolean(word, tuple(e.Primal(v) for v in operands))
                return self.emit(node, "boolean", operands, spelled, {"operator": word})
            case ast.IfExp():
                return self._conditional(node)
            case ast.Call():
                return self._call(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Tuple() | ast.List():
                return self.owner.containers.sequence(node)
            case ast.Dict():
                return self.owner.containers.mapping(node)
            case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
                return self.owner.containers.comprehension(node)
            case ast.JoinedStr():
                return self.owner.refuse(
                    node, "construct", "text is not a number", TEXT
                )
        message = f"this expression ({type(node).__name__}) is not supported yet"
        return self.owner.refuse(node, "construct", message, NOT_SUPPORTED)

    # leaves

    def _constant(self, node: ast.Constant) -> ir.Value:
        text = constant_text(node, self.owner.segment)
        return self.owner.constant(node, text, e.Literal(text))

    def _number(self, node: ast.UnaryOp) -> ir.Value:
        assert isinstance(node.operand, ast.Constant)
        text = constant_text(node.operand, self.owner.segment)
        sign = operator_text(node.op)
        if sign == "+":
            return self.owner.constant(node, text, e.Literal(text))
        return self.owner.constant(node, f"-{text}", e.Unary("-", e.Literal(text)))

    def _name(self, node: ast.Name) -> ir.Value:
        name, scope = node.id, self.owner.scope
        if name in scope.values:
            value = scope.values[name]
            if must_be_matrix(node):
                self.owner.built.matrices.append(value)
            numbers = axes_taken(node)
            if numbers is not None:
                self.owner.built.parted.append((value, numbers))
            if isinstance(self.owner.built.definition.get(value), ir.Aggregate):
                self.owner.has_inlined = True  # a tuple's name is not on paper, its items are
            if value.name not in (None, name):
                self.owner.has_inlined = True  # an array that another name stands for on paper
            return value
        if name in scope.functions:
            return self.owner.refuse(
                node,
                "construct",
                f"the function `{name}` used as a value is not supported yet",
                "call it here, or hand it to a function of this file",
            )
        if name in scope.maybe:
            return self.owner.refuse(
                node,
                "undefined",
                f"`{name}` may be undefined here: it is assigned on some paths only",
                f"assign `{name}` before the `if` or the loop too",
                (("it is assigned here", scope.maybe[name]),),
            )
        if name in scope.local:
            return self.owner.refuse(
                node, "undefined", f"`{name}` is used before it is assigned", "assign it first"
            )
        path = scope.path(node)
        if path is not None:
            return self.owner.constant(node, path, e.Library(path))
        if name in scope.module.constants:
            return self.owner.module_constant(node)
        if name in scope.module.functions:
            return self.owner.refuse(
                node,
                "construct",
                f"the function `{name}` used as a value is not supported yet",
                "call it here",
            )
        if scope.is_builtin(name):
            return self.owner.constant(node, name, e.Name(name))
        if name in scope.module.helpers:
            message = f"the helper `{name}` is no value"
            return self.owner.refuse(node, "construct", message, "call it here")
        known = [*scope.values, *scope.module.constants, *scope.module.functions]
        return self.owner.refuse(
            node,
            "undefined",
            f"`{name}` is not defined",
            IMPORTS.get(name)
            or self.owner.did_you_mean(name, known)
            or "assign it first, or make it a parameter",
        )

    # composites and operators

    def _names(self) -> recognise.Names:
        owner = self.owner
        return recognise.Names(
            owner.scope.path, owner.scope.values.get, owner.built.definition.get
        )

    def _composite(self, node: ast.expr, found: recognise.Found) -> ir.Value:
        values: dict[int, ir.Value] = {}
        operands = []
        for nodes in (*found.places.values(), found.reads):
            if nodes:
                operands.append(self.value(nodes[0]))
                values |= {id(place): operands[-1] for place in nodes}
        spelled = self.spell(node, values, {})
        return self.emit(node, found.gate.name, operands, spelled, found.statics)

    def _compare(self, node: ast.Compare) -> ir.Value:
        if len(node.ops) == 1 and type(node.ops[0]) in OPERATORS:
            sides = [node.left, node.comparators[0]]
            return self.gate(node, OPERATORS[type(node.ops[0])], sides, [])
        operands = [self.value(node.left), self.value(node.comparators[0])]
        operands += self._later(node.comparators[1:])
        words = tuple(operator_text(o) for o in node.ops)
        rights = tuple(e.Primal(v) for v in operands[1:])
        spelled = e.Comparison(e.Primal(operands[0]), words, rights)
        return self.emit(node, "test", operands, spelled, {"operators": words})

    def _later(self, nodes: list[ast.expr]) -> list[ir.Value]:
        """Return values that Python evaluates only if those before do not decide."""
        self.waiting += 1
        try:
            return [self.value(node) for node in nodes]
        finally:
            self.waiting -= 1

    def _conditional(self, node: ast.IfExp) -> ir.Value:
        known = self.owner.tests.known(node.test)
        if known is not None:
            return self.value(node.body if known else node.orelse)
        test = self.value(node.test)
        then, otherwise = self._items_of(node.body), self._items_of(node.orelse)
        if then is None or otherwise is None:
            return self._choice(node, test, node.body, node.orelse)
        kinds = {kind for kind, _ in (then, otherwise)}
        if len(kinds) > 1 or len(then[1]) != len(otherwise[1]):
            return self._refuse_tuple(node)
        items = [
            self._choice(node, test, *pair) for pair in zip(then[1], otherwise[1], strict=True)
        ]
        return self.aggregate(node, kinds.pop(), items)

    def _items_of(self, node: ast.expr) -> tuple[str, list[ast.expr | ir.Value]] | None:
        """Return the kind and the items of a tuple or list, if it is a display or a name of one."""
        match node:
            case ast.Tuple(items) | ast.List(items):
                return "tuple" if isinstance(node, ast.Tuple) else "list", [*items]
            case ast.Name(name) if name in self.owner.scope.values:
                made = self.owner.built.definition.get(self._name(node))
                if isinstance(made, ir.Aggregate) and made.kind != "dict":
                    return made.kind, [*made.operands]
        return None

    def _choice(
        self,
        node: ast.IfExp,
        test: ir.Value,
        then: ast.expr | ir.Value,
        otherwise: ast.expr | ir.Value,
    ) -> ir.Value:
        arms = []
        blocks = []
        for part in (then, otherwise):
            with self.owner.in_block() as block:
                arm = part if isinstance(part, ir.Value) else self.value(part)
                block.yields.append(arm)
            if isinstance(self.owner.built.definition.get(arm), ir.Aggregate):
                return self._refuse_tuple(node)
            arms.append(arm)
            blocks.append(block)
        result = self.owner.new_value(node)
        operation = ir.If((test,), (result,), self.owner.span(node), blocks[0], blocks[1])
        spelled = e.Conditional(e.Primal(test), e.Primal(arms[0]), e.Primal(arms[1]))
        return self.owner.append(operation, spelled)

    def _refuse_tuple(self, node: ast.IfExp) -> ir.Value:
        return self.owner.refuse(
            node,
            "construct",
            "a choice between these tuples or lists is not supported yet",
            "choose each item under a name of its own: `a = x if test else y`",
        )

    def aggregate(
        self, node: ast.AST, kind: str, items: list[ir.Value], keys: tuple[str, ...] = ()
    ) -> ir.Value:
        """Return a tuple, list or dict of values."""
        result = self.owner.new_value(node)
        operation = ir.Aggregate(tuple(items), (result,), self.owner.span(node), kind, keys)
        parts = tuple(e.Primal(v) for v in items)
        spelled: e.Expression = e.Sequence(kind, parts)
        if kind == "dict":
            spelled = e.Mapping(tuple(e.Literal(key) for key in keys), parts)
        return self.owner.append(operation, spelled)

    # calls

    def _call(self, node: ast.Call) -> ir.Value:
        node = self.owner.containers.spread(node)
        if any(isinstance(a, ast.Starred) for a in node.args):
            return self._sized_by_shape(node)
        path = self.owner.scope.path(node.func)
        if path is not None:
            return self._library_call(node, path)
        match node.func:
            case ast.Name() | ast.Lambda() if self.owner.functions.of(node.func) is not None:
                function = self.owner.functions.of(node.func)
                assert function is not None
                return self.owner.call_function(node, function)
            case ast.Name(name) if self.owner.scope.is_builtin(name):
                if name == "float" and _is_infinity(node):
                    shown = (e.Literal(self.owner.segment(node.args[0])),)
                    return self.owner.constant(node, "math.inf", e.Call(e.Name(name), shown))
                reduced = self.owner.containers.reduced(node)
                if reduced is not None:
                    return reduced
                if name == "list" and len(node.args) == 1 and not node.keywords:
                    return self.owner.growing.list_of(node)
                if name in BY_KEY:
                    return self.gate(node, name, node.args, node.keywords)
                if name == "divmod" and len(node.args) == 2 and not node.keywords:
                    return self._divmod(node, e.Binary)
                return self._unknown(node, name)
            case ast.Name(name) if name in self.owner.scope.module.helpers:
                return self.gate(node, name, node.args, node.keywords)
            case ast.Name(name):
                if name in self.owner.given_up:
                    self.owner.give_up()
                module, is_local = self.owner.scope.module, name in self.owner.scope.local
                if is_local or name in module.constants:
                    bound = None if is_local else module.constants[name]
                    return self.owner.refuse(node.func, "call", *unfollowed.of_name(name, bound))
                if name in module.classes and name not in self.owner.scope.values:
                    return self.owner.refuse(node.func, "call", *unfollowed.of_class(name))
                self._name(node.func)
            case ast.Attribute(base, name):
                if name == "pop" and isinstance(base, ast.Name) and not node.args:
                    known = self.owner.scope.values.get(base.id)
                    self.owner.growing.ask([] if known is None else [known])
                    if known in self.owner.growing.lists and not node.keywords:
                        return self.owner.growing.pop(node, base)
                self._give_up_of(base)
                if f".{name}" in BY_KEY:
                    made = self.gate(node, f".{name}", [base, *node.args], node.keywords)
                    return self._looked_up(node, made) if name == "get" else made
                return self._unknown(node, f".{name}")
        message = "what is called here is not known before the run"
        return self.owner.refuse(node, "call", message, "call a function by its name")

    def _give_up_of(self, base: ast.expr) -> None:
        """Say nothing of what is read off a name whose own statement is refused.

        A name that nothing defines, `np` without its import, is refused for itself.
        """
        if isinstance(base, ast.Name) and base.id in self.owner.given_up:
            self.owner.give_up()
        if isinstance(base, ast.Name) and base.id in IMPORTS:
            scope = self.owner.scope
            if base.id not in {*scope.values, *scope.local, *scope.maybe}:
                self._name(base)

    def _looked_up(self, node: ast.Call, value: ir.Value) -> ir.Value:
        made = self.owner.built.definition.get(value)
        if not isinstance(made, ir.Gate) or made.gate != "get" or not node.args:
            return value
        return self.owner.settings.read(node, made.operands[0], node.args[0], value)

    def _sized_by_shape(self, node: ast.Call) -> ir.Value:
        """Return a call like `np.random.rand(*x.shape)`."""
        path = self.owner.scope.path(node.func)
        inner = [a.value if isinstance(a, ast.Starred) else a for a in node.args]
        if path is None and isinstance(node.func, ast.Attribute):
            path = f".{node.func.attr}"
            inner.insert(0, node.func.value)
        takes_sizes = any(
            a.role == "rest" and a.name in gate.sizes
            for pattern, gate in BY_KEY.get(str(path), [])
            for a in pattern.arguments
        )
        if not takes_sizes or len(node.args) > 1 or not fence.is_unpacked_shape(node.args[0]):
            message = "`*` in a call is not supported yet"
            return self.owner.refuse(node, "construct", message, "write the arguments one by one")
        assert path is not None
        return self.gate(node, path, inner, node.keywords)

    def _library_call(self, node: ast.Call, path: str) -> ir.Value:
        if path == "numpy.divmod" and len(node.args) == 2 and not node.keywords:
            return self._divmod(node, lambda word, *sides: e.call(NUMPY_WORDS[word], *sides))
        if path in FACTORED:
            return FACTORED[path](self, node)
        kept = kept_call(self, node, path)
        if kept is not None:
            return kept
        value = padded(self, node) if path == PAD else apart(self, node, path)
        value = value or unrolled(self, node, path)
        if value is not None:
            return value
        if f"{path}[0]" in BY_KEY and not _is_one_array(node):
            return self._items(node, path)
        if path in BY_KEY:
            return self.gate(node, path, node.args, node.keywords)
        return self._unknown(node, path)

    def _items(self, node: ast.Call, path: str) -> ir.Value:
        """Return the tuple that a call gives: a gate for each item, on values read once."""
        given = {id(part): self.value(part) for part in self._numbers_in(node, f"{path}[0]")}
        items: list[ir.Value] = []
        while (key := f"{path}[{len(items)}]") in BY_KEY:
            items.append(self.gate(node, key, node.args, node.keywords, given))
            made_by = self.owner.built.definition[items[-1]]
            if isinstance(made_by, ir.Gate) and GATES[made_by.gate].gives_list:
                self.owner.growing.lists[items[-1]] = [items[-1]]
        lasting = any(gate.has_effects for _, gate in BY_KEY[f"{path}[0]"])
        self.owner.built.draws = self.owner.built.draws or lasting
        made = [self.owner.built.spelling[item] for item in items]
        call = made[0].base if isinstance(made[0], e.Subscript) else made[0]
        gate = BY_KEY[f"{path}[0]"][0][1]
        whole = list(items)
        if gate.in_tuple:  # `(a, b), cache`
            whole[: gate.in_tuple] = [self.aggregate(node, "tuple", items[: gate.in_tuple])]
        result = self.aggregate(node, "tuple", whole)
        self.owner.built.calls[result] = call
        self.owner.built.parts |= dict.fromkeys(items, tuple(items))
        return result

    def _numbers_in(self, node: ast.Call, key: str) -> list[ast.expr]:
        """Return the arguments of a call that are operands."""
        match = find(key, node.args, node.keywords, self.operands.is_display)
        return [] if isinstance(match, Mismatch) else [*match.operands.values()]

    def _divmod(self, node: ast.Call, spell: Callable[..., e.Expression]) -> ir.Value:
        """Return (x // y, x % y), which is what it means: two gates on values read once."""
        x, y = (self.value(part) for part in node.args)
        items = [
            self.emit(node, gate, [x, y], spell(word, e.Primal(x), e.Primal(y)), {})
            for gate, word in (("floor_divide", "//"), ("remainder", "%"))
        ]
        return self.aggregate(node, "tuple", items)

    def _unknown(self, node: ast.Call, path: str) -> ir.Value:
        written = self.owner.segment(node.func)
        if path.startswith("."):
            written = f"the method `{path}`"
        if "." in path.lstrip(".") and path.split(".", maxsplit=1)[0] not in LIBRARIES.values():
            way_out = f'write a rule of your own, `@codegen.rule("{path}(x)")`: see docs/rules.md'
            return self.owner.refuse(node, "no-gate", f"{written} has no gradient rule", way_out)
        known = NO_RULE.get(path) or instead(path)
        near = None if known else nearest(path)
        if near is not None and path.startswith(".") and not near.startswith("."):
            near = near if near.endswith(path) else None  # a method is no other function
        way_out = known or NOT_SUPPORTED
        if near is not None and near != path:
            shown = near.replace("numpy.", "np.") if not near.startswith(".") else f"x{near}"
            way_out = f"did you mean `{shown}`? {NOT_SUPPORTED}"
        return self.owner.refuse(node, "no-gate", f"{written} has no gradient rule", way_out)

    def gate(
        self,
        node: ast.expr,
        key: str,
        arguments: list[ast.expr],
        keywords: list[ast.keyword],
        read: dict[int, ir.Value] | None = None,
    ) -> ir.Value:
        """Return the value of the gate that a call or an operator is.

        `read` are the values of the arguments, where they are built already.
        """
        if key not in BY_KEY:
            word = key.removesuffix("x").strip()
            return self.owner.refuse(
                node, "no-gate", f"the operator `{word}` has no gradient rule", NOT_SUPPORTED
            )
        keeps = [k for k in keywords if key == ".astype" and _is_copy_or_not(k)]
        keywords = [k for k in keywords if k not in keeps]
        match = find(key, arguments, keywords, self.operands.is_display)
        if isinstance(match, Mismatch):
            return self.owner.refuse(
                match.node or node, "no-gate", match.message, match.help or NOT_SUPPORTED
            )
        gate = "astype_or_kept" if any(not ast.literal_eval(k.value) for k in keeps) else ""
        statics: dict[str, Any] = {}
        static_values: dict[int, e.Expression] = {}
        extra: list[ir.Value] = []
        for argument in match.pattern.arguments:
            if argument.role == "literal":
                literal = match.literals[argument.name]
                statics[argument.name] = self._literal_text(literal)
            elif argument.role == "static":
                given = match.statics.get(argument.name)
                if given is None:
                    statics[argument.name] = ast.literal_eval(argument.default or "None")
                else:
                    statics[argument.name] = self._static(
                        given, argument.name, extra, static_values
                    )
            elif argument.role == "numbers":
                statics[argument.name] = self.operands.numbers(match.numbers, argument.name)
            elif argument.role == "text":
                given = match.statics[argument.name]
                statics[argument.name] = self.operands.text(given, argument.name, match.pattern)
        # Evaluated in the author's order, handed over in the gate's.
        taken = [*match.operands.values(), *match.rest]
        parts = [part for part in arguments if part in taken]
        parts += [k.value for k in keywords if k.value in match.operands.values()]
        values = read or {id(part): self.value(part) for part in parts}
        operands = self.operands.ordered(node, match, values, statics)
        operands += [values[id(part)] for part in match.rest]
        if match.gate.family == "pairs":
            self.owner.growing.ask(operands)  # what it is given is a list of any length
        spelled = self.spell(node, values, static_values)
        if match.pattern.kind == "item":
            spelled = e.Subscript(spelled, e.Literal(key.rpartition("[")[2].rstrip("]")))
        return self.emit(node, gate or match.gate.name, [*operands, *extra], spelled, statics)

    def _is_builtin_infinity(self, node: ast.Call) -> bool:
        is_float = isinstance(node.func, ast.Name) and node.func.id == "float"
        return is_float and self.owner.scope.is_builtin("float") and _is_infinity(node)

    def _literal_text(self, node: ast.expr) -> str:
        if isinstance(node, ast.UnaryOp):
            assert isinstance(node.operand, ast.Constant)
            sign = "-" if isinstance(node.op, ast.USub) else ""
            return sign + constant_text(node.operand, self.owner.segment)
        assert isinstance(node, ast.Constant)
        return constant_text(node, self.owner.segment)

    def _static(
        self, node: ast.expr, name: str, extra: list[ir.Value], spelled: dict[int, e.Expression]
    ) -> Any:
        """Return a static argument as a literal, or the text of a dtype."""
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError):
            pass
        if name == "dtype" and "complex" in self.owner.segment(node):
            return self.owner.refuse(
                node, "complex", "complex numbers are not supported", "use a float dtype"
            )
        bare = node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            bare = node.operand
        if (self.owner.scope.path(bare) or "") in INFINITIES:
            return math.inf if bare is node else -math.inf
        if isinstance(node, ast.Call) and self._is_builtin_infinity(node):
            return float(ast.literal_eval(node.args[0]))
        if name == "dtype":
            path = self.owner.scope.path(node)
            if path is not None:
                return path
            if isinstance(node, ast.Name) and node.id in TYPE_NAMES:
                return node.id
            value = self.value(node)
            extra.append(value)
            spelled[id(node)] = e.Primal(value)
            return "?"
        text = known_static(node, self.owner)
        if text is not None:
            spelled[id(node)] = e.Literal(text)
            self.owner.has_inlined = True  # the name may be another's by then, or have no line
            return ast.literal_eval(text)
        if isinstance(node, ast.Name) and node.id not in self.owner.scope.local:
            constant = constant_value(self.owner.scope.module, node.id)
            if constant is not None:
                try:
                    literal = ast.literal_eval(constant)
                except ValueError:
                    literal = None
                if literal is not None:
                    self.owner.built.constants[node.id] = None
                    return literal
        return self.owner.refuse(
            node,
            "static",
            f"`{name}` must be a literal here",
            LITERALS.get(name, f"write {name}=0, {name}=(0, 1) or the like"),
        )

    def literal_or_refused(
        self, node: ast.expr, name: str, spelled: dict[int, e.Expression] | None = None
    ) -> Any:
        """Return a static argument, which must be a literal, or a name that stands for one."""
        return self._static(node, name, [], {} if spelled is None else spelled)

    def spell(
        self,
        node: ast.expr,
        values: dict[int, ir.Value],
        statics: dict[int, e.Expression] | None = None,
    ) -> e.Expression:
        """Return the author's text of a call, over the values of its parts."""
        statics = statics or {}

        def leaf(part: ast.expr) -> e.Expression | None:
            if id(part) in values:
                return e.Primal(values[id(part)])
            if id(part) in statics:
                return statics[id(part)]
            if isinstance(part, ast.Name) and part.id in self.owner.scope.module.helpers:
                return e.Helper(part.id)
            path = self.owner.scope.path(part)
            return e.Library(path) if path is not None else None

        return plain(node, leaf, self.owner.segment)

    def emit(
        self,
        node: ast.AST,
        gate: str,
        operands: list[ir.Value],
        spelled: e.Expression,
        statics: dict[str, Any] | None = None,
    ) -> ir.Value:
        """Append a gate; return its result."""
        statics = statics or {}
        if GATES[gate].kind == "draw":
            return self._draw(node, gate, operands, spelled, statics)
        result = self.owner.new_value(node)
        operation = ir.Gate(
            tuple(operands), (result,), self.owner.span(node), gate, tuple(statics.items())
        )
        return self.owner.append(operation, spelled)

    def _draw(
        self,
        node: ast.AST,
        gate: str,
        operands: list[ir.Value],
        spelled: e.Expression,
        statics: dict[str, Any],
    ) -> ir.Value:
        if self.owner.in_arm or self.waiting:
            what = "an operand of `and` or `or`" if self.waiting else "a conditional expression"
            return self.owner.refuse(
                node,
                "construct",
                f"a random draw in {what} is not supported yet",
                "draw it before, under a name",
            )
        result = self.owner.new_value(node)
        self.owner.built.draws = True
        span = self.owner.span(node)
        given = tuple(statics.items())
        operation = ir.Effect(tuple(operands), (result,), span, "draw", gate, given)
        return self.owner.append(operation, spelled)

    # reads

    def _attribute(self, node: ast.Attribute) -> ir.Value:
        path = self.owner.scope.path(node)
        if isinstance(node.value, ast.Call):  # what is read off a call at once: np.finfo(...).eps
            key = f"{self.owner.scope.path(node.value.func)}.{node.attr}"
            if key in BY_KEY:
                return self.gate(node, key, node.value.args, node.value.keywords)
        if path is not None:
            last = path.rsplit(".", 1)[-1]
            if last in CONSTANT_PATHS or (path.startswith("numpy.") and path.count(".") == 1):
                return self.owner.constant(node, path, e.Library(path))
            return self.owner.refuse(node, "no-gate", f"{path} is not known", NOT_SUPPORTED)
        field = self._field(node)
        if field is not None:
            return field
        self._give_up_of(node.value)
        if f".{node.attr}" in BY_KEY and any(
            pattern.kind == "attribute" for pattern, _ in BY_KEY[f".{node.attr}"]
        ):
            return self.gate(node, f".{node.attr}", [node.value], [])
        return self.owner.refuse(
            node, "no-gate", f"the attribute `.{node.attr}` has no gradient rule", NOT_SUPPORTED
        )

    def _field(self, node: ast.Attribute) -> ir.Value | None:
        """Return the item that `np.linalg.eigh(x).eigenvalues` names, None for other attributes."""
        if not any(node.attr in names for names in FIELDS.values()):
            return None
        scope = self.owner.scope
        match node.value:
            case ast.Call(func) if f"{scope.path(func)}" in FIELDS:
                whole = self.value(node.value)
            case ast.Name(name) if name in scope.values:
                whole = scope.values[name]
            case _:
                return None
        made = self.owner.built.definition.get(whole)
        match self.owner.built.calls.get(whole), made:
            case e.Call(e.Library(path)), ir.Aggregate() if node.attr in FIELDS.get(path, ()):
                return made.operands[FIELDS[path].index(node.attr)]
        return None

    def _put_together(self, node: ast.Subscript, path: str) -> ir.Value:
        """Return `np.r_[x, 0.0, y]`."""
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in parts:
            is_text = isinstance(part, ast.Constant) and isinstance(part.value, str)
            if is_text or isinstance(part, ast.Slice):
                what = "text" if is_text else "a slice"
                self.owner.refuse(
                    part,
                    "no-gate",
                    f"np.{path.removeprefix('numpy.')} with {what} has no gradient rule",
                    "write np.arange(a, b) for a:b, and np.concatenate or np.stack with their axis",
                )
        given = [self.value(part) for part in parts]
        items = tuple(e.Primal(value) for value in given)
        index = items[0] if len(items) == 1 else e.Sequence("tuple", items)
        ((_, gate),) = BY_KEY[path]
        operands = [self.operands.as_array(value) for value in given]
        return self.emit(node, gate.name, operands, e.Subscript(e.Library(path), index))

    def _subscript(self, node: ast.Subscript) -> ir.Value:
        path = self.owner.scope.path(node.value)
        if path in BY_KEY and BY_KEY[path][0][0].kind == "read":
            return self._put_together(node, path)
        base = self.value(node.value)
        element = self.owner.element(node, base) or self.owner.entries.read(node, base)
        if element is not None:
            return element
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        operands = [base]
        items: list[ir.IndexItem] = []
        named = self._tuple_items(node.slice)
        if named is not None:
            items += [ir.At(place) for place in range(1, len(named) + 1)]
            operands += named
            spelled: list[e.Expression] = [e.Primal(value) for value in named]
        else:
            spelled = [self.index_item(part, operands, items) for part in parts]
        is_tuple = named is not None or isinstance(node.slice, ast.Tuple)
        index = e.Sequence("tuple", tuple(spelled)) if is_tuple else spelled[0]
        result = self.owner.new_value(node)
        operation = ir.View(tuple(operands), (result,), self.owner.span(node), tuple(items))
        made = self.owner.append(operation, e.Subscript(e.Primal(base), index))
        if isinstance(node.slice, ast.Slice) and self.owner.growing.is_list(base):
            self.owner.growing.lists[made] = [made]  # a slice of a list is a list of its own
        return self.owner.settings.read(node, base, node.slice, made)

    def _tuple_items(self, node: ast.expr) -> list[ir.Value] | None:
        """Return the items of a tuple with a name: `at = i, j; x[at]` is `x[i, j]`."""
        if not isinstance(node, ast.Name) or node.id not in self.owner.scope.values:
            return None
        made = self.owner.built.definition.get(self.owner.scope.values[node.id])
        if not isinstance(made, ir.Aggregate) or made.kind != "tuple":
            return None
        self.owner.has_inlined = True
        return list(made.operands)

    def index_item(
        self, node: ast.expr, operands: list[ir.Value], items: list[ir.IndexItem]
    ) -> e.Expression:
        """Return one item of an index as text; its operands are added to those given."""

        def operand(part: ast.expr | None) -> tuple[int | None, e.Expression | None]:
            if part is None:
                return None, None
            operands.append(self.value(part))
            if must_be_number(part):
                self.owner.built.counted.append(operands[-1])
            return len(operands) - 1, e.Primal(operands[-1])

        match node:
            case ast.Slice(lower, upper, step):
                bounds = [operand(part) for part in (lower, upper, step)]
                items.append(ir.Range(*(position for position, _ in bounds)))
                return e.Slice(*(spelled for _, spelled in bounds))
            case ast.Constant(value=None):
                items.append(ir.NewAxis())
                return e.Literal("None")
            case ast.Constant(value=value) if value is Ellipsis:
                items.append(ir.Rest())
                return e.Literal("...")
        if self.owner.scope.path(node) == "numpy.newaxis":
            items.append(ir.NewAxis())
            return e.Library("numpy.newaxis")
        position, spelled = operand(node)
        assert position is not None
        assert spelled is not None
        items.append(ir.At(position))
        return spelled


def _is_copy_or_not(keyword: ast.keyword) -> bool:
    """True for `copy=True` and `copy=False`."""
    is_flag = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, bool)
    return keyword.arg == "copy" and is_flag


def _is_one_array(node: ast.Call) -> bool:
    """True for a call like np.linalg.svd(x, compute_uv=False), which gives no tuple."""
    return any(
        keyword.arg == "compute_uv"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is False
        for keyword in node.keywords
    )


def _is_infinity(node: ast.Call) -> bool:
    """True for `float("inf")`, `float("-inf")` and `float("nan")`."""
    match node:
        case ast.Call(args=[ast.Constant(value=str() as text)], keywords=[]):
            return text.lower().lstrip("+-") in ("inf", "infinity", "nan")
    return False
