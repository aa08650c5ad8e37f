"""The interpreter against the author's program, and complex step through it against gradients."""

from __future__ import annotations

import contextlib
import inspect
import io
import math
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen import ir
from codegen.build.function import build
from codegen.build.lines import Built
from codegen.build.script import build_script
from codegen.interpret.evaluate import interpret, interpret_built
from codegen.parse import parse
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from tests import ir_programs
from tests.ir_programs import Writer

ROOT = Path(__file__).resolve().parent.parent
STEP = 1e-30


def grid(*shape: int, shift: float = 0.0) -> np.ndarray:
    """Numbers without a tie or a zero, from -1 to 1 and shifted."""
    count = int(np.prod(shape))
    return (np.cos(1.7 * np.arange(1, count + 1)) + shift).reshape(shape)


@dataclass(frozen=True)
class Program:
    """A function to differentiate, and arguments at which it has a slope."""

    text: str
    arguments: tuple[Any, ...]
    function: str = "f"


def example(name: str, function: str, *arguments: Any) -> Program:
    text = (ROOT / "examples" / f"{name}.py").read_text(encoding="utf-8")
    return Program(text, arguments, function)


HEAD = "import math\nimport numpy as np\n"
PROGRAMS = {
    "affine": example("affine", "affine", grid(2, 3, 2), grid(6, 4), grid(4)),
    "multiply_add": example("gates", "multiply_add", 0.3, -1.2, 2.0),
    "circuit": example("gates", "circuit", 3.0, -4.0, 2.0, -1.0),
    "one_line": example("one_line", "f", 3.0, -4.0),
    "quadratic": example("quadratic", "quadratic", grid(3, 4), grid(4)),
    "staged": example("staged", "f", 3.0, -4.0),
    "two_layer": example(
        "two_layer",
        "loss",
        grid(3, 4),
        np.array([1, 0, 1]),
        grid(4, 5),
        grid(5),
        grid(5, 2),
        grid(2),
        0.1,
    ),
    "a conditional expression": Program(
        HEAD + "def f(x, y):\n    s = math.sqrt(x) if x > 0 else x * y\n    return s * y\n",
        (2.0, 3.0),
    ),
    "its other arm": Program(
        HEAD + "def f(x, y):\n    s = math.sqrt(x) if x > 0 else x * y\n    return s * y\n",
        (-2.0, 3.0),
    ),
    "larger and smaller": Program(
        "def f(x, y):\n    return max(x, y) * min(x, 0.5) + abs(y) * max(0, x)\n", (0.7, -1.3)
    ),
    "powers and a reciprocal": Program(
        "def f(x, y):\n    return x**y + 2 / x - y**3\n", (0.7, 1.3)
    ),
    "swapped names": Program(
        "def f(x, y):\n    x, y = y, x * y\n    return x - y * y\n", (0.7, 1.3)
    ),
    "functions of the file": Program(
        HEAD + "SCALE = 0.5\n\n\ndef _wave(t, k=2):\n    u = k * t\n    return math.sin(u), u\n\n\n"
        "def f(x, y):\n    s, u = _wave(x)\n    c, _ = _wave(y, 3)\n    scaled = SCALE * s * c\n"
        "    return scaled + u\n",
        (0.7, 1.3),
    ),
    "masks": Program(
        HEAD + "def f(x: np.ndarray):\n"
        "    kept = np.where((x > 0) & (x < 0.9), np.log(np.abs(x)), -x)\n"
        "    return np.sum(np.maximum(kept, 0.1 * x) + np.minimum(x, 0.2))\n",
        (grid(3, 4),),
    ),
    "slices and axes": Program(
        HEAD + "def f(x: np.ndarray):\n    y = x[1:, ::2] * x[0, None, ::2]\n"
        "    return np.sum(x[..., -1]) + np.sum(y * y) + x[0, 1]\n",
        (grid(3, 4),),
    ),
    "reads by arrays": Program(
        HEAD + "def f(x: np.ndarray, i: np.ndarray):\n    n = x.shape[0]\n"
        "    return np.sum(x[np.arange(n), i] * x[i, 0]) + np.sum(x[x > 0])\n",
        (grid(3, 4), np.array([2, 0, 2])),
    ),
    "reductions": Program(
        HEAD + "def f(x: np.ndarray):\n    m = x.mean(axis=0, keepdims=True)\n"
        "    top = np.max(x, axis=1)\n"
        "    return np.sum((x - m) ** 2) + top.sum() + x.min() * x.mean()\n",
        (grid(3, 4),),
    ),
    "products": Program(
        HEAD + "def f(x: np.ndarray, v: np.ndarray):\n"
        "    return (x @ v).dot(x.dot(v)) + np.sum(x.T @ x) + v @ v\n",
        (grid(3, 4), grid(4)),
    ),
    "arrays made anew": Program(
        HEAD + "def f(x: np.ndarray, s: float):\n"
        "    y = np.zeros_like(x) + np.full((4,), s) + np.ones(4, dtype=float)\n"
        "    y += x\n    return np.sum(y * np.eye(len(x))) * len(x) / x.size\n",
        (grid(4, 4), 0.3),
    ),
    "numpy's sigmoid": Program(
        HEAD + "def f(x: np.ndarray):\n    y = 1 / (1 + np.exp(-x))\n    return y * np.tanh(x)\n",
        (grid(3, 4),),
    ),
    "a chain of comparisons": Program(
        "def f(x, y):\n    s = x * y if 0 < x < y and y != 2 else x - y\n    return s * x\n",
        (0.7, 1.3),
    ),
    "what and never evaluates": Program(
        "def f(x, y):\n    return x / y if y != 0 and 9 / y > 1 else x * y\n", (2.0, 0.0)
    ),
    "what a chain never evaluates": Program(
        "def f(x, y):\n    return x / y if x > y > 1 / y else x * y\n", (-2.0, 0.0)
    ),
    "an if": Program(
        HEAD + "def f(x, y):\n    if x > y:\n        z = math.exp(x)\n        y = y * z\n"
        "    elif x > 0:\n        z = x * y\n    else:\n        z = y\n    return z * y\n",
        (0.7, 1.3),
    ),
    "a return on several paths": Program(
        "def f(x, y):\n    if x > 2:\n        return x * y\n    y = y * x\n    if y > 0:\n"
        "        if x > 1:\n            return y\n        y = y * y\n    return x + y\n",
        (0.7, 1.3),
    ),
    "a sum over turns": Program(
        "def f(x: float, y: float):\n    s = 0.0\n    for i in range(1, 5):\n"
        "        s += x**i * y\n    return s\n",
        (0.7, 1.3),
    ),
    "a loop that is left": Program(
        "def f(x: float, y: float):\n    for i in range(9):\n        if i == 2:\n"
        "            y = y * x\n            continue\n        x = x * y\n        if x > 2:\n"
        "            break\n        y += 0.1 * x\n    return x * y\n",
        (0.7, 1.3),
    ),
    "loops in loops": Program(
        "def f(x: float, y: float):\n    s = 1.0\n    for i in range(3):\n"
        "        for j in range(i, 3):\n            s = s * x + y * j\n        y = y * s\n"
        "    return s + y\n",
        (0.7, 0.3),
    ),
    "a while": Program(
        HEAD + "def f(x: float, y: float):\n    while x < 4:\n        x = x * (1.5 + math.sin(y))\n"
        "        y = y / x\n    return x * y\n",
        (0.7, 1.3),
    ),
    "a loop over rows": Program(
        HEAD + "def f(x: np.ndarray, h: np.ndarray):\n    for t, row in enumerate(x[1:]):\n"
        "        h = np.tanh(h * row) + t * np.sum(h)\n    return np.sum(h * h)\n",
        (grid(3, 4), grid(4)),
    ),
    "loops over several things": Program(
        HEAD + "def f(x: np.ndarray, y: np.ndarray):\n    s = 0.0\n"
        "    for a, b in zip(x, np.exp(y)):\n        s = s + np.sum(a * b)\n"
        "    for a in reversed(x):\n        s = s * np.sum(a) + 1\n    return s\n",
        (grid(3, 4), grid(4, 2)[:, :1]),
    ),
    "a tuple that goes round": Program(
        "def f(x: float, y: float):\n    pair = (x, y)\n    for k in range(6):\n"
        "        a, b = pair\n        if a * b < 0:\n            pair = (a * 3, b)\n"
        "            break\n"
        "        pair = (b, a - b)\n    a, b = pair\n    return a * b\n",
        (0.7, 1.3),
    ),
    "helpers with paths": Program(
        HEAD + "def _g(t):\n    if t > 0:\n        return t * t, 2.0\n    return -t, t\n\n\n"
        "def f(x: float, y: float):\n    a, b = _g(x * y)\n    c, d = _g(-y)\n"
        "    return a * d + math.sin(b) * c\n",
        (0.7, 1.3),
    ),
    "several returned values": Program(
        HEAD + "def f(x, y):\n    p = x * y\n    return p, math.exp(x), p + y\n", (0.7, 1.3)
    ),
}
programs = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def built_of(program: Program) -> Built:
    module = parse(Source.from_text(program.text, "f.py"))
    return build(module, module.functions[program.function])


def run_author(program: Program) -> list[Any]:
    namespace: dict[str, Any] = {}
    exec(program.text, namespace)
    returned = namespace[program.function](*program.arguments)
    return list(returned) if isinstance(returned, tuple) else [returned]


def agree(have: list[Any], want: list[Any], rtol: float = 1e-15) -> None:
    assert len(have) == len(want)
    for one, other in zip(have, want, strict=True):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(one, other, rtol=rtol)


@programs
def test_the_interpreter_agrees_with_the_authors_program(program: Program) -> None:
    agree(
        interpret_built(built_of(program), program.arguments, {"SCALE": 0.5}), run_author(program)
    )


@programs
def test_gates_by_their_names_agree_with_the_authors_spelling(program: Program) -> None:
    function = built_of(program).function
    have = interpret(function, program.arguments, constants={"SCALE": 0.5})
    agree(have, run_author(program), 1e-14)


@pytest.mark.parametrize("name", ["neuron", "staged_script"])
def test_a_script_is_interpreted_at_its_own_numbers(name: str) -> None:
    path = ROOT / "examples" / f"{name}.py"
    after = runpy.run_path(str(path), {"math": math})
    built = build_script(parse(Source.from_text(path.read_text(encoding="utf-8"), path.name)))
    arguments = [after[parameter.name] for parameter in built.parameters]
    agree(interpret_built(built, arguments), [after["f"]])


def stepped(argument: Any) -> list[Any]:
    """Return copies of an argument, one entry of each moved by an imaginary step."""
    if not isinstance(argument, np.ndarray):
        return [argument + STEP * 1j]
    copies = []
    for place in np.ndindex(argument.shape):
        copies.append(argument.astype(complex))
        copies[-1][place] += STEP * 1j
    return copies


def by_complex_step(built: Built, program: Program, place: int) -> np.ndarray:
    """Return the gradient of the sum of all that a program returns, by one argument."""
    slopes = []
    for moved in stepped(program.arguments[place]):
        arguments = [*program.arguments[:place], moved, *program.arguments[place + 1 :]]
        returned = interpret_built(built, arguments, {"SCALE": 0.5})
        slopes.append(sum(np.sum(np.imag(value)) for value in returned) / STEP)
    return np.reshape(slopes, np.shape(program.arguments[place]))


@programs
def test_complex_step_through_the_interpreter_agrees_with_the_gradient(program: Program) -> None:
    source = Source.from_text(program.text, "f.py")
    generated = compile_source(source, Options(functions=(program.function,)))
    (report,) = generated.functions
    namespace: dict[str, Any] = {}
    exec(generated.text, namespace)
    returned = run_author(program)
    ones = [np.ones_like(value) if np.ndim(value) else 1.0 for value in returned]
    seeds = dict(zip(report.cotangents, ones, strict=True))
    _, gradients = namespace[report.gradient_name](*program.arguments, **seeds)
    names = [parameter.name for parameter in report.parameters]
    built = built_of(program)
    for name, gradient in zip(
        report.wrt, gradients if len(report.wrt) > 1 else (gradients,), strict=True
    ):
        want = by_complex_step(built, program, names.index(name))
        np.testing.assert_allclose(gradient, want, rtol=1e-10, atol=1e-14)


# written in the IR by hand


def target(name: str) -> Callable[..., Any]:
    text = {
        "lu": LU,
        "rnn": RNN,
        "newton_sqrt": NEWTON,
        "pair_loop": HEAD + _own_text(ir_programs.pair_loop),
        "search": _own_text(ir_programs.search),
        "early_return": _own_text(ir_programs.early_return),
    }[name]
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    return namespace[name]  # type: ignore[no-any-return]


def _own_text(function: Callable[..., Any]) -> str:
    """Return the program that a hand-written function has in its docstring."""
    (found,) = [
        part for part in (inspect.getdoc(function) or "").split("\n\n") if part.startswith("def ")
    ]
    return found + "\n"


LU = """
def lu(A):
    N = A.shape[0]
    for i in range(N):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, N):
            A[i, j] -= A[i, :i] @ A[:i, j]
"""
RNN = """
import numpy as np
def rnn(x, h, Wx, Wh, b):
    total = 0.0
    for t in range(x.shape[0]):
        h = np.tanh(x[t] @ Wx + h @ Wh + b)
        total += np.sum(h)
    return total
"""
NEWTON = """
def newton_sqrt(a, tol):
    x = a
    while abs(x * x - a) > tol:
        x = 0.5 * (x + a / x)
    return x
"""


def test_lu_in_place_is_what_numpy_makes_of_it() -> None:
    A = grid(4, 4) + 3 * np.eye(4)
    given = A.copy()
    (factored,) = interpret(ir_programs.lu(), [A])
    np.testing.assert_array_equal(A, given)  # a store makes a new array
    target("lu")(A)
    np.testing.assert_array_equal(factored, A)
    lower, upper = np.tril(factored, -1) + np.eye(4), np.triu(factored)
    np.testing.assert_allclose(lower @ upper, given, rtol=1e-13)


def test_a_net_over_time_carries_its_state() -> None:
    arguments = [grid(5, 3), grid(2), grid(3, 2), grid(2, 2), grid(2)]
    assert interpret(ir_programs.rnn(), arguments) == [target("rnn")(*arguments)]


def test_a_while_runs_until_its_test_fails() -> None:
    assert interpret(ir_programs.newton(), [2.0, 1e-9]) == [target("newton_sqrt")(2.0, 1e-9)]
    assert interpret(ir_programs.newton(), [2.0, 10.0]) == [2.0]  # no turn at all


PAIR_ARGUMENTS = [(2.0, 1), (2.0, 3), (2.0, 10), (2.0, 0), (-4.0, 4), (-2.5, 4)]


@pytest.mark.parametrize(("x", "n"), PAIR_ARGUMENTS, ids=str)
def test_break_and_continue_leave_a_loop_that_carries_a_pair(x: float, n: int) -> None:
    have = interpret(ir_programs.pair_loop(), [x, n])
    assert tuple(have) == target("pair_loop")(x, n)


@pytest.mark.parametrize(
    ("x", "limit"), [(1.0, 0.0), (1.0, 9.0), (1.0, 12.0), (4.0, 30.0), (4.0, 99.0)], ids=str
)
def test_an_exit_deep_in_ifs_leaves_the_loop(x: float, limit: float) -> None:
    assert interpret(ir_programs.search(), [x, limit]) == [target("search")(x, limit)]


@pytest.mark.parametrize("x", [2.0, -0.5])
def test_returns_on_several_paths_meet(x: float) -> None:
    assert interpret(ir_programs.early_return(), [x]) == [target("early_return")(x)]


def test_a_path_that_raises_gives_no_value() -> None:
    with pytest.raises(RuntimeError, match="the function raises here"):
        interpret(ir_programs.early_return(), [-3.0])


@pytest.mark.parametrize(
    ("made", "argument_lists"),
    [
        (ir_programs.pair_loop, PAIR_ARGUMENTS),
        (ir_programs.search, [(1.0, 9.0), (1.0, 12.0), (4.0, 30.0)]),
        (ir_programs.early_return, [(2.0,), (-0.5,)]),
    ],
)
def test_what_is_built_of_the_same_program_does_the_same(
    made: Callable[[], ir.Function], argument_lists: list[tuple[Any, ...]]
) -> None:
    built = built_of(Program(HEAD + _own_text(made), (), made.__name__))
    for arguments in argument_lists:
        assert interpret_built(built, arguments) == interpret(made(), arguments)


@pytest.mark.parametrize("name", ["lu", "rnn", "newton"])
def test_complex_step_goes_through_stores_and_loops(name: str) -> None:
    made, arguments = {
        "lu": (ir_programs.lu, [grid(4, 4) + 3 * np.eye(4)]),
        "rnn": (ir_programs.rnn, [grid(5, 3), grid(2), grid(3, 2), grid(2, 2), grid(2)]),
        "newton": (ir_programs.newton, [2.0, 1e-14]),
    }[name]
    function = made()

    def value(first: Any) -> Any:
        return np.sum(interpret(function, [first, *arguments[1:]])[0])

    first, width = arguments[0], 1e-6
    for moved in stepped(first):
        direction = np.imag(moved) / STEP
        numeric = (value(first + width * direction) - value(first - width * direction)) / 2 / width
        np.testing.assert_allclose(value(moved).imag / STEP, numeric, rtol=1e-6, atol=1e-8)


# stores, exits and effects one by one


def stored(base: Any, index: Any, value: Any, operator: str = "") -> Any:
    w = Writer("f", "base", "index", "value")
    a, i, v = w.block.parameters
    w.block.yields = [w.store(a, (i,), v, operator)]
    return interpret(w.function, [base, index, value])[0]


@pytest.mark.parametrize("operator", ["", "+", "-", "*", "/", "**", "//", "%"])
def test_a_store_does_what_python_does(operator: str) -> None:
    for index in (1, np.array([0, 2, 0]), np.array([True, False, True])):
        want = grid(3, shift=2.0)
        exec(f"want[index] {operator}= 1.5", {"want": want, "index": index})
        np.testing.assert_array_equal(stored(grid(3, shift=2.0), index, 1.5, operator), want)


def test_a_store_into_a_list_or_a_dict_makes_a_new_one() -> None:
    items, table = [1.0, 2.0], {"a": 1.0}
    assert stored(items, 0, 5.0) == [5.0, 2.0]
    assert stored(table, "b", 5.0) == {"a": 1.0, "b": 5.0}
    assert (items, table) == ([1.0, 2.0], {"a": 1.0})


def test_a_float_array_becomes_complex_and_an_integer_array_stays() -> None:
    assert stored(np.zeros(2), 0, 2.5 + 1j).tolist() == [2.5 + 1j, 0]
    assert stored(np.zeros(2, int), 0, 2.5 + 1j).tolist() == [2, 0]


def test_aggregates_and_calls_of_other_functions() -> None:
    w = Writer("f", "x")
    (x,) = w.block.parameters
    pair = w.add(ir.Aggregate((x, x), w.results("pair"), None, "tuple"))
    table = w.add(ir.Aggregate((x, pair), w.results("t"), None, "dict", ("'W'", "3")))
    low, high = w.add(ir.Call((x,), w.results("low", "high"), None, "bounds"))
    w.block.yields = [table, w.add(ir.Aggregate((low, high), w.results("l"), None, "list"))]
    returned = interpret(w.function, [2.0], constants={"bounds": lambda x: (x - 1, x + 1)})
    assert returned == [{"W": 2.0, 3: (2.0, 2.0)}, [1.0, 3.0]]


EFFECTS = """
def f(x, y):
    assert y > 0, f"{y:.1f} is too small"
    if x > 9:
        raise ValueError("too large")
    print("x is", x)
    return x * y
"""


def test_effects_are_skipped_unless_asked_for() -> None:
    built = built_of(Program(EFFECTS, ()))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert interpret_built(built, [10.0, -1.0]) == [-10.0]
        assert out.getvalue() == ""
        assert interpret_built(built, [2.0, 1.0], effects=True) == [2.0]
    assert out.getvalue() == "x is 2.0\n"
    with pytest.raises(AssertionError, match=r"-1\.0 is too small"):
        interpret_built(built, [2.0, -1.0], effects=True)
    with pytest.raises(ValueError, match="too large"):
        interpret_built(built, [10.0, 1.0], effects=True)


def test_random_draws_are_drawn() -> None:
    text = HEAD + "def f(x):\n    noise = np.random.randn(3)\n    return np.sum(x * noise)\n"
    program = Program(text, (2.0,))
    np.random.seed(0)
    want = run_author(program)
    np.random.seed(0)
    agree(interpret_built(built_of(program), program.arguments), want)


def test_a_draw_without_a_spelling_is_refused() -> None:
    w = Writer("f")
    w.block.yields = [w.add(ir.Effect((), w.results("noise"), None, "draw"))]
    with pytest.raises(TypeError, match="evaluated from its spelling"):
        interpret(w.function, [])


@pytest.mark.parametrize("spelled", [True, False])
def test_what_and_does_evaluate_raises_as_in_python(spelled: bool) -> None:
    text = "def f(x, y):\n    return x if x > 0 and 1 / y > 1 else y\n"
    built = built_of(Program(text, ()))
    spelling = built.spelling if spelled else None
    assert interpret(built.function, [-1.0, 0.0], spelling=spelling) == [0.0]
    with pytest.raises(ZeroDivisionError):
        interpret(built.function, [1.0, 0.0], spelling=spelling)


def test_a_wrong_number_of_arguments_is_refused() -> None:
    with pytest.raises(TypeError, match="newton_sqrt takes 2 arguments, not 1"):
        interpret(ir_programs.newton(), [2.0])


def test_a_function_that_conjugates_is_refused_on_complex_numbers() -> None:
    from codegen.interpret.library import function, method

    x = grid(3).astype(complex)
    for called in (function("numpy.var"), function("numpy.linalg.norm")):
        assert called(grid(3)) > 0
        with pytest.raises(TypeError, match="not continued to complex numbers"):
            called(x)
    with pytest.raises(TypeError, match="not continued to complex numbers"):
        method(x, "std")


@pytest.mark.parametrize(
    ("path", "arguments", "want"),
    [
        ("numpy.abs", (-2 + 1j,), 2 - 1j),
        ("math.fabs", (2 + 1j,), 2 + 1j),
        ("numpy.maximum", (1 + 2j, 1.5), 1.5),
        ("numpy.minimum", (1 + 2j, 1.5), 1 + 2j),
        ("numpy.sign", (-2 + 1j,), -1.0),
        ("numpy.greater", (2 + 1j, 1 + 9j), True),
        ("numpy.where", (0 + 1j, 1.0, 2.0), 2.0),
        ("math.floor", (2.5 + 1j,), 2),
        ("math.log", (8 + 0j, 2), 3.0),
        ("math.pow", (2 + 0j, 3), 8.0),
        ("numpy.float64", (2 + 1j,), 2 + 1j),
        ("numpy.rint", (2.5 + 1j,), 2.0),
        ("numpy.cbrt", (-8 + 0j,), -2.0),
        ("math.hypot", (3 + 0j, 4, 12), 13.0),
        ("math.dist", ((1 + 0j, 2), (4, 6)), 5.0),
        ("math.atan2", (1 + 0j, -1), 0.75 * np.pi),
        ("numpy.heaviside", (0 + 1j, 0.5), 0.5),
        ("numpy.fmod", (-7.5 + 1j, 2), -1.5 + 1j),
        ("numpy.mod", (-7.5 + 1j, 2), 0.5 + 1j),
        ("math.remainder", (7.5 + 1j, 2), -0.5 + 1j),
        ("math.degrees", (np.pi + 0j,), 180.0),
    ],
)
def test_functions_continue_the_branch_of_the_real_part(
    path: str, arguments: tuple[Any, ...], want: Any
) -> None:
    from codegen.interpret.library import function

    np.testing.assert_allclose(function(path)(*arguments), want, rtol=1e-15)
