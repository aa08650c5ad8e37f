"""The text of the IR, of the reverse program and of the statements: golden files of small ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen import expressions as e
from codegen import ir, shapes
from codegen.build.function import build
from codegen.ir_text import function as ir_text
from codegen.parse import parse
from codegen.pipeline import Options, show
from codegen.shapes import Known, Type
from codegen.source import Source
from tests.ir_programs import ALL, BY_HAND, Writer

Golden = Callable[[str, str], None]
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
CONDITIONAL = """import math


def f(x, y):
    s = math.sqrt(x) if x > 0 else x * y
    return s * y
"""
BRANCHES = """import numpy as np


def f(x: float, n: int):
    if n < 0:
        raise ValueError("n must not be negative")
    if n == 0:
        return x
    s = 0.0
    for i in range(n):
        if i == 2:
            continue
        s += x * i
        if s > 10:
            break
    while s > 1:
        s = s * 0.5
    return s * x
"""
LIST_SCRIPT = """w = [2, -3, -3]
x = [-1, -2]

dot = w[0] * x[0] + w[1] * x[1] + w[2]
f = math.tanh(dot)
"""
PARTS = """import numpy as np
from jaxtyping import Float, Int


def f(x: Float[np.ndarray, "N D"], rows: Int[np.ndarray, "K"], b: Float[np.ndarray, "D"]):
    assert len(b) > 0
    picked = x[rows]
    picked += b
    top = np.max(picked, axis=0)
    return np.sum(top * top), x[0, 1:]
"""


def text_of(name: str) -> str:
    return (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")


FILES = {
    "staged": text_of("staged"),
    "two_layer": text_of("two_layer"),
    "conditional": CONDITIONAL,
    "list_script": LIST_SCRIPT,
    "parts": PARTS,
    "branches": BRANCHES,
}


@pytest.mark.parametrize("stage", ["ir", "reverse", "statements"])
@pytest.mark.parametrize("name", FILES)
def test_a_stage_of_the_pipeline_is_shown(name: str, stage: str, golden: Golden) -> None:
    source = Source.from_text(FILES[name], f"{name}.py")
    golden(f"ir/{name}.{stage}.txt", show(source, Options(), stage))


@pytest.mark.parametrize("made", BY_HAND, ids=lambda made: made.__name__)
def test_ir_that_is_written_by_hand_is_shown_without_types(
    made: Callable[[], ir.Function], golden: Golden
) -> None:
    golden(f"ir/by_hand/{made.__name__}.txt", ir_text.function_text(made()) + "\n")


def test_every_kind_of_operation_has_a_text(golden: Golden) -> None:
    w = Writer("every", "x", "i")
    x, i = w.block.parameters
    w.view(x, i, ALL, slice(i, None), slice(None, i), slice(i, i, i), ir.NewAxis(), ir.Rest())
    stored = w.store(x, (i,), x)
    w.store(stored, (ALL, i), x, "+")
    w.add(ir.Aggregate((x, i), w.results("pair"), None, "tuple"))
    w.add(ir.Aggregate((x, i), w.results(None), None, "dict", ("'a'", "'b'")))
    w.add(ir.Call((x,), w.results("low", "high"), None, "bounds"))
    w.add(ir.Effect((x,), (), None, "print"))
    w.add(ir.Effect((), w.results("noise"), None, "draw"))
    w.gate("zeros", i, x, dtype="?")
    with w.region() as test:
        test.yields = [w.constant("True")]
    with w.region() as body:
        w.leave("break")
    w.add(ir.While((), (), None, test, body))
    with w.region("item") as body:
        pass
    w.add(ir.For((x,), (), None, body))
    with w.region("item") as body:
        w.leave("continue")
    w.add(ir.For((x,), (), None, body))
    w.gate("exp", ir.Value(99, "lost"))
    w.fail(x)
    golden("ir/every_operation.txt", ir_text.function_text(w.function) + "\n")


def test_values_are_numbered_in_order_of_definition_whatever_their_own_numbers_are() -> None:
    x, y = ir.Value(40, "x"), ir.Value(7)
    body = ir.Block([x], [ir.Gate((x,), (y,), None, "exp")], [y])
    assert ir_text.function_text(ir.Function("f", body)) == (
        "function f(%0:x)\n  %1 = exp %0:x\n  return %1"
    )


def test_what_is_built_has_the_numbers_that_its_shapes_mention() -> None:
    """A shape `?v9.` is of the value %9."""
    for text in FILES.values():
        module = parse(Source.from_text(text, "f.py"))
        for node in module.functions.values():
            function = build(module, node).function
            values = list(function.parameters)
            values += [result for o in ir.operations(function.body) for result in o.results]
            numbers = ir_text.Names(function).numbers
            assert [numbers[value] for value in values] == [value.number for value in values]


def test_the_authors_spelling_may_stand_behind_a_gate() -> None:
    x, y = ir.Value(0, "x"), ir.Value(1, "y")
    function = ir.Function("f", ir.Block([x], [ir.Gate((x,), (y,), None, "exp")], [y]))
    spelling = {y: e.call("numpy.exp", e.Primal(x))}
    assert "%1:y = exp %0:x  # np.exp(x)" in ir_text.function_text(function, None, spelling)


def test_a_name_that_two_values_have_is_told_apart_by_their_numbers() -> None:
    source = Source.from_text("def f(x):\n    y = x * x\n    y = y * x\n    return y * y\n", "f.py")
    reverse = show(source, Options(), "reverse")
    assert "d%1:y += x * d%2:y" in reverse
    assert "d%0:x += %1:y * d%2:y" in reverse


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Type("number", Known(("N", 3)), "float"), "float (N, 3)"),
        (Type(), "number ()"),
        (Type("number", shapes.unknown("x."), "int"), "int ?x."),
        (Type("list", items=(Type(), Type())), "list of 2 number ()"),
        (Type("tuple", items=(Type(), Type("text"))), "tuple of (number (), text)"),
        (Type("dict"), "dict"),
        (Type("none"), "none"),
    ],
)
def test_a_type_has_a_text(kind: Type, text: str) -> None:
    assert ir_text.type_text(kind) == text
