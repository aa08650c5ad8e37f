"""Each rule of the IR, kept and broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen import ir
from codegen.build.function import build
from codegen.build.script import build_script
from codegen.parse import parse
from codegen.source import Source, Span
from codegen.verify import InvalidIR, verify
from tests.ir_programs import ALL, BY_HAND, Writer

EXAMPLES = sorted((Path(__file__).resolve().parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("made", BY_HAND)
def test_stores_loops_and_exits_can_be_written_in_the_ir(made: Callable[[], ir.Function]) -> None:
    verify(made())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_built_keeps_the_rules(path: Path) -> None:
    module = parse(Source.from_text(path.read_text(encoding="utf-8"), path.name))
    functions = [build(module, node).function for node in module.functions.values()]
    for function in functions or [build_script(module).function]:
        verify(function)


def rejected(function: ir.Function) -> str:
    with pytest.raises(InvalidIR) as caught:
        verify(function)
    return str(caught.value)


def simple() -> tuple[Writer, ir.Value]:
    w = Writer("f", "x")
    return w, w.block.parameters[0]


def test_a_value_is_defined_before_it_is_used() -> None:
    w, x = simple()
    later = ir.Value(7, "late")
    w.gate("add", x, later)
    w.add(ir.Gate((x,), (later,), None, "exp"))
    assert rejected(w.function) == "In f, the gate: %7:late is used where it is not defined."


def test_a_value_is_defined_once() -> None:
    w, x = simple()
    w.add(ir.Gate((x,), (x,), None, "exp"))
    assert rejected(w.function) == "In f, the gate: %0:x is defined a second time."


def test_a_value_that_a_function_returns_is_defined() -> None:
    w, _ = simple()
    w.block.yields = [ir.Value(3, "y")]
    assert rejected(w.function) == "In f, the body of f: %3:y is yielded where it is not defined."


def conditional(w: Writer, x: ir.Value) -> tuple[ir.If, ir.Value]:
    """Append `exp(x) if x else x` and return it with the value of the first arm."""
    with w.region() as then:
        inside = w.gate("exp", x)
        then.yields = [inside]
    with w.region() as otherwise:
        otherwise.yields = [x]
    operation = ir.If((x,), w.results("y"), None, then, otherwise)
    w.add(operation)
    return operation, inside


def test_a_value_of_a_region_is_not_seen_outside() -> None:
    w, x = simple()
    _, inside = conditional(w, x)
    w.gate("add", x, inside)
    assert "is used where it is not defined" in rejected(w.function)


def test_a_value_of_one_arm_is_not_seen_in_the_other() -> None:
    w, x = simple()
    operation, inside = conditional(w, x)
    operation.otherwise.yields = [inside]
    assert rejected(w.function).startswith("In f, otherwise of the if: %1 is yielded where")


def test_the_place_of_a_broken_rule_is_told() -> None:
    w, x = simple()
    w.add(ir.Gate((x,), w.results("y"), Span(4, 0, 4, 5), "exponential"))
    assert rejected(w.function) == "In f, the gate at line 4: there is no gate called exponential."


@pytest.mark.parametrize(
    ("gate", "operands", "statics", "said"),
    [
        ("add", 1, {}, "takes none of its forms (x + y, np.add(x, y)) with 1 operands"),
        ("exp", 2, {}, "takes none of its forms"),
        ("sum", 1, {"axes": 0}, "the static arguments axes"),
        ("reciprocal", 1, {}, "the static arguments none"),  # its literal is missing
        ("zeros", 1, {"dtype": "?"}, "with 1 operands"),  # a dtype that is a value is an operand
        ("alias", 2, {}, "the operands of the gate alias must be 1, and there are 2"),
        ("boolean", 1, {"operator": "and"}, "needs at least 2 operands, and has 1"),
        ("boolean", 2, {}, "the static arguments of the gate boolean must be operator"),
    ],
)
def test_a_gate_has_its_operands_and_static_arguments(
    gate: str, operands: int, statics: dict[str, object], said: str
) -> None:
    w, x = simple()
    w.gate(gate, *[x] * operands, **statics)
    assert said in rejected(w.function)


def test_a_gate_may_leave_out_arguments_that_have_a_default() -> None:
    w, x = simple()
    w.block.yields = [w.gate("sum", w.gate("reshape", x, x, x, x))]
    verify(w.function)


def test_a_gate_has_one_result() -> None:
    w, x = simple()
    w.add(ir.Gate((x,), w.results("y", "z"), None, "exp"))
    assert "the results of the gate exp must be 1, and there are 2" in rejected(w.function)


def test_a_static_argument_is_given_once() -> None:
    w, x = simple()
    w.add(ir.Gate((x,), w.results("y"), None, "sum", (("axis", 0), ("axis", 1))))
    assert "a static argument of the gate sum is given twice" in rejected(w.function)


def test_a_constant_has_no_operands() -> None:
    w, x = simple()
    w.add(ir.Constant((x,), w.results("y"), None, "1"))
    assert "the operands of the constant must be 0, and there are 1" in rejected(w.function)


def test_an_index_uses_its_operands_once_each() -> None:
    w, x = simple()
    i = w.constant("0")
    w.add(ir.View((x, i), w.results("y"), None, (ir.At(1), ir.At(1))))
    assert "must use each operand behind the base once" in rejected(w.function)


def test_a_store_has_a_base_a_value_and_an_index() -> None:
    w, x = simple()
    w.add(ir.Store((x,), w.results("y"), None, (ir.Rest(),), ""))
    assert "the store lacks its base or its value" in rejected(w.function)
    w, x = simple()
    w.add(ir.Store((x, x), w.results("y"), None, (), ""))
    assert "the store has no index" in rejected(w.function)


def test_a_store_has_an_operator_of_pythons() -> None:
    w, x = simple()
    w.store(x, (ALL,), x, "<<")
    assert "<<= is no way to store" in rejected(w.function)


def test_a_dict_has_a_key_for_each_value() -> None:
    w, x = simple()
    w.add(ir.Aggregate((x, x), w.results("d"), None, "dict", ("'a'",)))
    assert "the keys of the dict must be 2, and there are 1" in rejected(w.function)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (ir.Store((), (), None, (), ""), "the results of the store must be 1"),
        (ir.Effect((), (), None, "whisper"), "whisper is no effect"),
        (ir.Effect((), (), None, "draw"), "the results of the draw must be 1"),
        (ir.Exit((), (), None, "yield"), "yield is no exit"),
        (ir.Aggregate((), (ir.Value(5),), None, "set"), "not a set"),
        (ir.Constant((), (), None, "1"), "the results of the constant must be 1"),
        (ir.Operation((), (), None), "Operation is no operation of the IR"),
        (ir.For((), (), None, ir.Block()), "the for has no iterable"),
    ],
)
def test_an_operation_is_of_a_known_kind_with_its_results(
    operation: ir.Operation, said: str
) -> None:
    w, _ = simple()
    w.add(operation)
    assert said in rejected(w.function)


def test_both_arms_of_an_if_yield_its_results() -> None:
    w, x = simple()
    operation, _ = conditional(w, x)
    operation.otherwise.yields = []
    assert "otherwise of the if: the yields must be 1, and there are 0" in rejected(w.function)


def test_an_arm_has_no_parameters() -> None:
    w, x = simple()
    operation, _ = conditional(w, x)
    operation.then.parameters = [ir.Value(9)]
    assert "then of the if: the parameters must be 0" in rejected(w.function)


def test_an_if_has_one_condition() -> None:
    for operands in (0, 2):
        w, x = simple()
        operation, _ = conditional(w, x)
        operation.operands = (x,) * operands
        told = rejected(w.function)
        assert f"the conditions of the if must be 1, and there are {operands}" in told


def loop(w: Writer, x: ir.Value) -> ir.For:
    """Append a loop over x that carries x."""
    with w.region("item", "x") as body:
        body.yields = [body.parameters[1]]
    operation = ir.For((x, x), w.results("x"), None, body)
    w.add(operation)
    return operation


def test_a_for_hands_its_body_the_item_and_what_is_carried() -> None:
    w, x = simple()
    loop(w, x).body.parameters.append(ir.Value(9))
    assert "the body of the for: the parameters must be 2, and there are 3" in rejected(w.function)


def test_a_for_has_a_result_for_each_carried_value() -> None:
    w, x = simple()
    loop(w, x).results = ()
    assert "the results of the for must be 1, and there are 0" in rejected(w.function)


def test_a_body_yields_what_is_carried() -> None:
    w, x = simple()
    loop(w, x).body.yields.append(x)
    assert "the body of the for: the yields must be 1, and there are 2" in rejected(w.function)


def repeated(w: Writer, x: ir.Value) -> ir.While:
    """Append a `while x` that carries x."""
    with w.region("x") as test:
        test.yields = [test.parameters[0]]
    with w.region("x") as body:
        body.yields = [body.parameters[0]]
    operation = ir.While((x,), w.results("x"), None, test, body)
    w.add(operation)
    return operation


def test_a_while_hands_what_is_carried_to_its_test_and_its_body() -> None:
    for block in (0, 1):
        w, x = simple()
        repeated(w, x).blocks()[block].parameters.append(ir.Value(9))
        assert "of the while: the parameters must be 1, and there are 2" in rejected(w.function)


def test_a_while_has_a_result_for_each_carried_value() -> None:
    w, x = simple()
    repeated(w, x).results = ()
    assert "the results of the while must be 1, and there are 0" in rejected(w.function)


def test_a_test_yields_one_condition_and_is_not_left() -> None:
    w, x = simple()
    repeated(w, x).test.yields = []
    assert "the test of the while: the yields must be 1" in rejected(w.function)
    w, x = simple()
    repeated(w, x).test.operations = [exit_of("break")]
    assert "break does not stand at the end of a loop's body" in rejected(w.function)


def test_a_loop_inside_a_test_may_be_left() -> None:
    w, x = simple()
    operation = repeated(w, x)
    w.block = operation.test
    loop(w, x).body.operations = [exit_of("break")]
    verify(w.function)


def test_a_body_of_a_while_yields_what_is_carried() -> None:
    w, x = simple()
    operation = repeated(w, x)
    operation.body.yields = []
    assert "the body of the while: the yields must be 1, and there are 0" in rejected(w.function)


def exit_of(kind: str) -> ir.Exit:
    return ir.Exit((), (), None, kind)


def failure() -> ir.Effect:
    return ir.Effect((), (), None, "raise")


EXITS = pytest.mark.parametrize("kind", ["break", "continue"])


@EXITS
def test_an_exit_ends_a_body_and_the_ifs_that_end_it(kind: str) -> None:
    w, x = simple()
    loop(w, x).body.operations = [exit_of(kind)]
    verify(w.function)
    for arm in (0, 1):
        w, x = simple()
        outer, inner = leaving_in_two_ifs(w, x)
        inner.blocks()[arm].operations.append(exit_of(kind))
        outer.otherwise.operations.append(exit_of("break"))
        verify(w.function)


def leaving_in_two_ifs(w: Writer, x: ir.Value) -> tuple[ir.If, ir.If]:
    """Append a loop whose body ends in an `if` whose first arm ends in another one."""
    w.block = loop(w, x).body
    outer, _ = conditional(w, x)
    w.block.yields = list(outer.results)
    w.block = outer.then
    inner, _ = conditional(w, x)
    outer.then.yields = list(inner.results)
    return outer, inner


@EXITS
def test_an_exit_stands_in_a_loop(kind: str) -> None:
    w, _ = simple()
    w.leave(kind)
    assert rejected(w.function) == (
        f"In f, the exit: {kind} does not stand at the end of a loop's body."
    )
    w, x = simple()
    conditional(w, x)[0].then.operations.append(exit_of(kind))
    assert f"{kind} does not stand at the end of a loop's body" in rejected(w.function)


@EXITS
def test_an_exit_stands_in_the_last_if_of_the_body(kind: str) -> None:
    w, x = simple()
    w.block = loop(w, x).body
    conditional(w, x)[0].then.operations.append(exit_of(kind))
    w.gate("exp", x)
    assert "what stands behind an exit or a raise never runs" in rejected(w.function)


@EXITS
def test_an_exit_deep_in_ifs_leaves_them_all_last(kind: str) -> None:
    w, x = simple()
    outer, inner = leaving_in_two_ifs(w, x)
    inner.otherwise.operations.append(exit_of(kind))
    w.block = outer.then
    w.gate("exp", x)
    assert "what stands behind an exit or a raise never runs" in rejected(w.function)
    w, x = simple()
    outer, inner = leaving_in_two_ifs(w, x)
    inner.then.operations.append(exit_of(kind))
    around = w.function.body.operations[0]
    assert isinstance(around, ir.For)
    w.block = around.body
    w.gate("exp", x)
    assert "what stands behind an exit or a raise never runs" in rejected(w.function)


@EXITS
def test_an_exit_stands_last_in_its_block(kind: str) -> None:
    w, x = simple()
    w.block = loop(w, x).body
    w.leave(kind)
    w.gate("exp", x)
    assert rejected(w.function) == (
        "In f, the exit: what stands behind an exit or a raise never runs: it must stand last."
    )


@EXITS
def test_an_exit_belongs_to_the_innermost_loop(kind: str) -> None:
    """What stands behind a loop that is left inside runs."""
    w, x = simple()
    w.block = loop(w, x).body
    loop(w, x).body.operations = [exit_of(kind)]
    w.gate("exp", x)
    verify(w.function)


@EXITS
def test_a_block_yields_also_where_it_is_left(kind: str) -> None:
    w, x = simple()
    body = loop(w, x).body
    body.operations, body.yields = [exit_of(kind)], []
    assert "the body of the for: the yields must be 1, and there are 0" in rejected(w.function)
    w, x = simple()
    w.block = loop(w, x).body
    operation, _ = conditional(w, x)
    operation.otherwise.operations, operation.otherwise.yields = [exit_of(kind)], []
    assert "otherwise of the if: the yields must be 1, and there are 0" in rejected(w.function)


@EXITS
def test_an_exit_has_no_operands_and_no_results(kind: str) -> None:
    w, x = simple()
    loop(w, x).body.operations = [ir.Exit((x,), (), None, kind)]
    assert f"the operands of {kind} must be 0, and there are 1" in rejected(w.function)
    w, x = simple()
    loop(w, x).body.operations = [ir.Exit((), w.results("y"), None, kind)]
    assert f"the results of {kind} must be 0, and there are 1" in rejected(w.function)


def test_return_is_no_exit() -> None:
    w, x = simple()
    loop(w, x).body.operations = [exit_of("return")]
    assert "return is no exit" in rejected(w.function)


def test_a_block_that_raises_yields_nothing() -> None:
    w, x = simple()
    operation, _ = conditional(w, x)
    operation.otherwise.operations = [failure()]
    assert rejected(w.function) == (
        "In f, otherwise of the if: a block that ends in a raise must yield nothing."
    )
    operation.otherwise.yields = []
    verify(w.function)
    w, x = simple()
    w.fail()
    w.block.yields = [x]
    assert "a block that ends in a raise must yield nothing" in rejected(w.function)


def raising(w: Writer, x: ir.Value) -> ir.If:
    """Append an `if` whose blocks both raise."""
    operation, _ = conditional(w, x)
    for block in operation.blocks():
        block.operations, block.yields = [failure()], []
    return operation


def test_an_if_that_always_raises_has_no_results() -> None:
    w, x = simple()
    operation = raising(w, x)
    assert "the results of an if that always raises must be 0" in rejected(w.function)
    operation.results = ()
    verify(w.function)


def test_a_block_that_ends_in_an_if_that_always_raises_yields_nothing() -> None:
    w, x = simple()
    outer, _ = conditional(w, x)
    w.block = outer.then
    raising(w, x).results = ()
    assert "then of the if: a block that ends in a raise must yield nothing" in rejected(w.function)
    outer.then.yields = []
    verify(w.function)


def test_nothing_stands_behind_a_raise() -> None:
    w, x = simple()
    w.fail()
    w.gate("exp", x)
    assert "what stands behind an exit or a raise never runs" in rejected(w.function)
    w, x = simple()
    raising(w, x).results = ()
    w.gate("exp", x)
    assert "what stands behind an exit or a raise never runs" in rejected(w.function)


def test_what_stands_behind_an_if_with_one_arm_that_raises_runs() -> None:
    w, x = simple()
    operation, _ = conditional(w, x)
    operation.then.operations, operation.then.yields = [failure()], []
    w.block.yields = [w.gate("exp", *operation.results)]
    verify(w.function)


def test_the_rules_are_checked_in_linear_time() -> None:
    w, x = simple()
    for _ in range(3000):
        operation, _ = conditional(w, x)
        x = operation.result
    verify(w.function)  # a copy of what is visible for every block would take minutes
