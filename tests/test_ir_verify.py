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
from codegen.verify import InvalidIR, falls_through, verify
from tests.ir_programs import BY_HAND, Writer

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


def test_an_if_that_always_leaves_has_no_results() -> None:
    w, x = simple()
    operation, _ = conditional(w, x)
    for block in operation.blocks():
        block.operations, block.yields = [ir.Exit((x,), (), None, "return")], []
    assert "must have no results" in rejected(w.function)


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


def test_a_test_yields_one_condition_and_is_not_left() -> None:
    w, x = simple()
    repeated(w, x).test.yields = []
    assert "the test of the while: the yields must be 1" in rejected(w.function)
    w, x = simple()
    repeated(w, x).test.operations = [ir.Exit((x,), (), None, "break")]
    assert "a test has no exits" in rejected(w.function)


def test_a_body_of_a_while_yields_what_is_carried() -> None:
    w, x = simple()
    operation = repeated(w, x)
    operation.body.yields = []
    assert "the body of the while: the yields must be 1, and there are 0" in rejected(w.function)


def test_an_exit_stands_last() -> None:
    w, x = simple()
    w.leave("return", x)
    w.gate("exp", x)
    assert "an exit must stand last" in rejected(w.function)


def test_nothing_stands_behind_an_if_that_always_leaves() -> None:
    function = next(made for made in BY_HAND if made.__name__ == "both_arms_return")()
    assert not falls_through(function.body)
    result = ir.Value(20)
    function.body.operations.append(ir.Gate(tuple(function.parameters), (result,), None, "exp"))
    assert "an exit must stand last" in rejected(function)


def test_a_block_that_leaves_yields_nothing() -> None:
    w, x = simple()
    w.leave("return", x)
    w.block.yields = [x]
    assert "must yield nothing" in rejected(w.function)


@pytest.mark.parametrize("kind", ["break", "continue"])
def test_break_and_continue_hand_on_what_the_innermost_loop_carries(kind: str) -> None:
    w, x = simple()
    w.leave(kind, x)
    assert f"{kind} stands in no loop" in rejected(w.function)
    w, x = simple()
    body = loop(w, x).body
    body.yields, body.operations = [], [ir.Exit((), (), None, kind)]
    assert f"the values that {kind} hands on must be 1, and there are 0" in rejected(w.function)


def test_every_return_hands_on_as_many_values() -> None:
    w, x = simple()
    body = loop(w, x).body
    body.yields, body.operations = [], [ir.Exit((x, x), (), None, "return")]
    w.block.yields = [x]
    assert rejected(w.function) == (
        "In f, the exit: 2 values are returned, and 1 value is returned at its end."
    )


def test_the_rules_are_checked_in_linear_time() -> None:
    w, x = simple()
    for _ in range(3000):
        operation, _ = conditional(w, x)
        x = operation.result
    verify(w.function)  # a copy of what is visible for every block would take minutes
