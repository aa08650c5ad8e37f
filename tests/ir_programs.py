"""Functions written in the IR by hand: what the builder will have to make of loops and stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from codegen import ir

ALL = ir.Range(None, None, None)


class Writer:
    """Writes one function: each method appends an operation and returns what it defines."""

    def __init__(self, name: str, *parameters: str) -> None:
        self.made = 0
        self.block = ir.Block()
        self.function = ir.Function(name, self.block)
        self.block.parameters = [self.value(parameter) for parameter in parameters]

    def value(self, name: str | None = None) -> ir.Value:
        self.made += 1
        return ir.Value(self.made - 1, name)

    @contextmanager
    def region(self, *parameters: str) -> Iterator[ir.Block]:
        outer, self.block = self.block, ir.Block([self.value(name) for name in parameters])
        yield self.block
        self.block = outer

    def add(self, operation: ir.Operation) -> Any:
        self.block.operations.append(operation)
        results = operation.results
        return results[0] if len(results) == 1 else results

    def constant(self, text: str) -> ir.Value:
        return self.add(ir.Constant((), (self.value(),), None, text))

    def gate(self, gate: str, *operands: ir.Value, name: str | None = None, **statics: Any) -> Any:
        result = self.value(name)
        return self.add(ir.Gate(operands, (result,), None, gate, tuple(statics.items())))

    def view(self, base: ir.Value, *index: Any, name: str | None = None) -> ir.Value:
        items, used = self._index(index, 1)
        return self.add(ir.View((base, *used), (self.value(name),), None, items))

    def store(
        self, base: ir.Value, index: tuple[Any, ...], value: ir.Value, operator: str = ""
    ) -> ir.Value:
        items, used = self._index(index, 2)
        result = self.value(base.name)
        return self.add(ir.Store((base, value, *used), (result,), None, items, operator))

    def _index(self, index: tuple[Any, ...], place: int) -> tuple[tuple[Any, ...], list[ir.Value]]:
        items: list[Any] = []
        used: list[ir.Value] = []

        def operand(value: ir.Value | None) -> int | None:
            if value is None:
                return None
            used.append(value)
            return place + len(used) - 1

        for part in index:
            if isinstance(part, ir.Value):
                items.append(ir.At(place + len(used)))
                used.append(part)
            elif isinstance(part, slice):
                items.append(ir.Range(operand(part.start), operand(part.stop), operand(part.step)))
            else:
                items.append(part)
        return tuple(items), used

    def results(self, *names: str | None) -> tuple[ir.Value, ...]:
        return tuple(self.value(name) for name in names)

    def leave(self, kind: str) -> None:
        self.add(ir.Exit((), (), None, kind))

    def fail(self, *reads: ir.Value) -> None:
        self.add(ir.Effect(reads, (), None, "raise"))


def lu() -> ir.Function:
    """Factor A in place, as targets/lu.py does: stores through index maps, nested loops."""
    w = Writer("lu", "A")
    (A,) = w.block.parameters
    N = w.view(w.gate("shape_of", A), w.constant("0"), name="N")
    rows = w.gate("arange", N)
    with w.region("i", "A") as outer:
        i, A_i = outer.parameters
        below = w.gate("arange", i)
        with w.region("j", "A") as first:
            j, a = first.parameters
            dot = w.gate("matmul", w.view(a, i, slice(None, j)), w.view(a, slice(None, j), j))
            a = w.store(a, (i, j), dot, "-")
            first.yields = [w.store(a, (i, j), w.view(a, j, j), "/")]
        lower = w.add(ir.For((below, A_i), w.results("A"), None, first))
        above = w.gate("arange_from", i, N)
        with w.region("j", "A") as second:
            j, a = second.parameters
            dot = w.gate("matmul", w.view(a, i, slice(None, i)), w.view(a, slice(None, i), j))
            second.yields = [w.store(a, (i, j), dot, "-")]
        outer.yields = [w.add(ir.For((above, lower), w.results("A"), None, second))]
    w.block.yields = [w.add(ir.For((rows, A), w.results("A"), None, outer))]
    return w.function


def rnn() -> ir.Function:
    """A recurrent net over time, as targets/rnn.py: the state and a sum are carried."""
    w = Writer("rnn", "x", "h", "Wx", "Wh", "b")
    x, h, Wx, Wh, b = w.block.parameters
    total = w.constant("0.0")
    steps = w.gate("arange", w.view(w.gate("shape_of", x), w.constant("0")))
    with w.region("t", "h", "total") as body:
        t, h_t, total_t = body.parameters
        mixed = w.gate("add", w.gate("matmul", w.view(x, t), Wx), w.gate("matmul", h_t, Wh))
        after = w.gate("tanh", w.gate("add", mixed, b), name="h")
        summed = w.gate("sum", after, axis=None, keepdims=False)
        body.yields = [after, w.gate("add", total_t, summed, name="total")]
    results = w.add(ir.For((steps, h, total), w.results("h", "total"), None, body))
    w.block.yields = [results[1]]
    return w.function


def newton() -> ir.Function:
    """Newton's square root, as targets/newton.py: a `while` with a test of its own."""
    w = Writer("newton_sqrt", "a", "tol")
    a, tol = w.block.parameters
    start = w.gate("alias", a, name="x")
    with w.region("x") as test:
        (x,) = test.parameters
        off = w.gate("absolute", w.gate("subtract", w.gate("multiply", x, x), a))
        test.yields = [w.gate("greater", off, tol)]
    with w.region("x") as body:
        (x,) = body.parameters
        both = w.gate("add", x, w.gate("divide", a, x))
        body.yields = [w.gate("multiply", w.constant("0.5"), both, name="x")]
    w.block.yields = [w.add(ir.While((start,), w.results("x"), None, test, body))]
    return w.function


def pair_loop() -> ir.Function:
    """A loop that carries the tuple (value, step) as two values, and is left in three ways.

    def pair_loop(x, n):
        pair = (x, 1.0)
        for k in np.arange(n):
            value, step = pair
            value = value * 0.5 + step
            if value < 0:
                pair = (value * 3, step)
                break
            if k == 1:
                pair = (value, step)
                continue
            step = step * 0.5
            pair = (value, step)
            if step < 0.1:
                break
        value, step = pair
        return value, step

    What stands behind an `if` with an exit goes on in the arm without one, so that the exit is in
    the last `if` of the body.
    """
    w = Writer("pair_loop", "x", "n")
    x, n = w.block.parameters
    one = w.constant("1.0")
    turns = w.gate("arange", n)
    with w.region("k", "value", "step") as body:
        k, value, step = body.parameters
        half = w.constant("0.5")
        value = w.gate("add", w.gate("multiply", value, half), step, name="value")
        negative = w.gate("less", value, w.constant("0"))
        with w.region() as early:
            tripled = w.gate("multiply", value, w.constant("3"), name="value")
            w.leave("break")
            early.yields = [tripled, step]
        with w.region() as late:
            second = w.gate("equal", k, w.constant("1"))
            with w.region() as skip:
                w.leave("continue")
                skip.yields = [value, step]
            with w.region() as on:
                smaller = w.gate("multiply", step, half, name="step")
                small = w.gate("less", smaller, w.constant("0.1"))
                with w.region() as stop:
                    w.leave("break")
                    stop.yields = [value, smaller]
                with w.region() as go_on:
                    go_on.yields = [value, smaller]
                on.yields = choose(w, small, stop, go_on)
            late.yields = choose(w, second, skip, on)
        body.yields = choose(w, negative, early, late)
    loop = ir.For((turns, x, one), w.results("value", "step"), None, body)
    w.block.yields = list(w.add(loop))
    return w.function


def choose(w: Writer, test: ir.Value, then: ir.Block, otherwise: ir.Block) -> list[ir.Value]:
    """Append an `if` that gives a value and a step; return the two."""
    operation = ir.If((test,), w.results("value", "step"), None, then, otherwise)
    w.add(operation)
    return list(operation.results)


def search() -> ir.Function:
    """A `while` whose body ends in exits only, one of them two `if`s deep.

    def search(x, limit):
        while x < limit:
            x = x * 3
            if x > 10:
                if x > 20:
                    break
                x = x + 1
            else:
                continue
        return x
    """
    w = Writer("search", "x", "limit")
    start, limit = w.block.parameters
    with w.region("x") as test:
        test.yields = [w.gate("less", test.parameters[0], limit)]
    with w.region("x") as body:
        x = w.gate("multiply", body.parameters[0], w.constant("3"), name="x")
        large = w.gate("greater", x, w.constant("10"))
        with w.region() as then:
            larger = w.gate("greater", x, w.constant("20"))
            with w.region() as stop:
                w.leave("break")
                stop.yields = [x]
            with w.region() as go_on:
                go_on.yields = [w.gate("add", x, w.constant("1"), name="x")]
            then.yields = [w.add(ir.If((larger,), w.results("x"), None, stop, go_on))]
        with w.region() as otherwise:
            w.leave("continue")
            otherwise.yields = [x]
        body.yields = [w.add(ir.If((large,), w.results("x"), None, then, otherwise))]
    w.block.yields = [w.add(ir.While((start,), w.results("x"), None, test, body))]
    return w.function


def early_return() -> ir.Function:
    """Returns on several paths meet behind the `if`s; a path that raises yields nothing.

    def early_return(x):
        if x > 0:
            return x * x
        if x > -1:
            return -x
        raise ValueError
    """
    w = Writer("early_return", "x")
    (x,) = w.block.parameters
    positive = w.gate("greater", x, w.constant("0"))
    with w.region() as then:
        then.yields = [w.gate("multiply", x, x)]
    with w.region() as otherwise:
        near = w.gate("greater", x, w.gate("negative", w.constant("1")))
        with w.region() as inside:
            inside.yields = [w.gate("negative", x)]
        with w.region() as dead:
            w.fail()
        otherwise.yields = [w.add(ir.If((near,), w.results(None), None, inside, dead))]
    w.block.yields = [w.add(ir.If((positive,), w.results(None), None, then, otherwise))]
    return w.function


BY_HAND = (lu, rnn, newton, pair_loop, search, early_return)
