"""The header of a loop's mirror: the same turns, the last one first."""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.analyses.regions import Home
from codegen.build.lines import Built
from codegen.simplify import terms as t
from codegen.stage.resolve import Resolver
from codegen.stage.statements import MirrorStatements


def bounds(operation: ir.For, built: Built) -> tuple[ir.Value | None, ir.Value, ir.Value | None]:
    """Return the start, stop and step of what a loop counts; None for 0 and for 1."""
    made = built.definition[operation.operands[0]]
    values = made.operands
    if len(values) == 1:
        return None, values[0], None
    start: ir.Value | None = values[0]
    if literal(values[0], built) == 0:
        start = None
    step = values[2] if len(values) == 3 else None
    if step is not None and literal(step, built) == 1:
        step = None
    return start, values[1], step


def literal(value: ir.Value, built: Built) -> int | None:
    """Return an int literal's number."""
    spelled = built.spelling.get(value)
    number = None if spelled is None else t.literal_value(spelled)
    return int(number) if number is not None and number.denominator == 1 else None


def header_reads(node: MirrorStatements, built: Built) -> list[e.Expression]:
    """Return what the header of a mirror reads of the forward pass."""
    match node.operation:
        case ir.If(operands=(test,)):
            return [e.Primal(test)]
        case ir.For():
            return [e.Primal(value) for value in bounds(node.operation, built) if value is not None]
    return []


def has_break(block: ir.Block) -> bool:
    """True if a turn may end its loop early."""
    for operation in block.operations:
        if isinstance(operation, ir.Exit) and operation.kind == "break":
            return True
        if isinstance(operation, ir.If) and any(has_break(inner) for inner in operation.blocks()):
            return True
    return False


def is_indexable(operation: ir.For, home: Home, built: Built) -> bool:
    """True if the turns of a loop are numbered as the entries of a list are."""
    loops = [region for region in home if region.is_loop]
    step = bounds(operation, built)[2]
    return len(loops) == 1 and step is None and not has_break(operation.body)


def turn_index(operation: ir.For, built: Built) -> e.Expression:
    """Return how many turns a loop has had before the one that its variable says."""
    turn = e.Primal(operation.body.parameters[0])
    start = bounds(operation, built)[0]
    return turn if start is None else e.Binary("-", turn, _value(start, built))


def with_header(
    node: MirrorStatements,
    built: Built,
    resolver: Resolver,
    stack: ir.Value | None,
    counter: ir.Value | None = None,
) -> bool:
    """Set a mirror's header; return False if its turns must be counted first.

    `stack` is a list with one entry for each turn; the header reads its length, or drains it.
    """
    operation = node.operation
    if isinstance(operation, ir.While):
        if counter is not None:
            node.header = _call("range", e.Primal(counter))
            return True
        if stack is not None:
            node.header = e.Primal(stack)
        return stack is not None
    assert isinstance(operation, ir.For)
    node.turn = operation.body.parameters[0]
    start, stop, step = bounds(operation, built)
    if not has_break(operation.body):
        node.header = counted(resolver.lowered(_backwards(start, stop, step, built)))
        return True
    done: e.Expression
    if counter is not None:
        done = e.Primal(counter)
    elif stack is not None:
        done = _call("len", e.Primal(stack))
    else:
        return False
    if step is None and start is None:
        node.header = _call("range", _minus_one(done), _minus(1), _minus(1))
    else:
        whole = built.spelling[operation.operands[0]]
        part = e.Subscript(resolver.lowered(whole), e.Slice(None, done, None))
        node.header = _call("reversed", part)
    return True


def _backwards(
    start: ir.Value | None, stop: ir.Value, step: ir.Value | None, built: Built
) -> e.Expression:
    first = e.Literal("0") if start is None else _value(start, built)
    last = _value(stop, built)
    if step is None:
        return _call("range", _minus_one(last), _minus_one(first), _minus(1))
    if literal(step, built) == -1:
        below, above = _plus_one(last), _plus_one(first)
        if t.literal_value(below) == 0:
            return _call("range", above)
        return _call("range", below, above)
    return _call("reversed", _call("range", first, last, _value(step, built)))


def counted(expression: e.Expression) -> e.Expression:
    """Return an expression with the literals of each sum taken together: `n - 1 - 1` is `n - 2`."""

    def leaf(node: e.Expression) -> e.Expression | None:
        rest, total, terms = node, 0, 0
        while isinstance(rest, e.Binary) and rest.operator in ("+", "-"):
            number = t.literal_value(rest.right)
            if number is None or number.denominator != 1:
                break
            total += int(number) if rest.operator == "+" else -int(number)
            rest, terms = rest.left, terms + 1
        if terms < 2:
            return None
        rest = counted(rest)
        if total == 0:
            return rest
        return e.Binary("+" if total > 0 else "-", rest, e.number(abs(total)))

    return e.rewrite(expression, leaf)


def _value(value: ir.Value, built: Built) -> e.Expression:
    number = literal(value, built)
    return e.Primal(value) if number is None else _number(number)


def _number(number: int) -> e.Expression:
    return e.number(number) if number >= 0 else _minus(-number)


def _minus(number: int) -> e.Expression:
    return e.Unary("-", e.number(number))


def _minus_one(expression: e.Expression) -> e.Expression:
    number = t.literal_value(expression)
    if number is not None:
        return _number(int(number) - 1)
    match expression:
        case e.Binary("+", left, e.Literal("1")):
            return left
    return e.Binary("-", expression, e.Literal("1"))


def _plus_one(expression: e.Expression) -> e.Expression:
    number = t.literal_value(expression)
    if number is not None:
        return _number(int(number) + 1)
    match expression:
        case e.Binary("-", left, e.Literal("1")):
            return left
    return e.Binary("+", expression, e.Literal("1"))


def _call(name: str, *arguments: e.Expression) -> e.Expression:
    return e.Call(e.Name(name), arguments)
