"""Functions that call themselves: written once as a pair, which every call uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.gates.declare import BY_KEY, GATES
from codegen.gates.pattern import LIBRARIES
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.recursion_programs import PROGRAMS, REFUSED


def names_of(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(text, names)
    return names


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients_agree_with_differences(
    name: str, style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = Source("program.py", PROGRAMS[name])
    before = set(GATES), set(BY_KEY), set(LIBRARIES)
    made = compile_source(source, Options(style=style))
    assert (set(GATES), set(BY_KEY), set(LIBRARIES)) == before
    for answer in verify(Job(None, source.text, made.text, made.functions, 0, made.modules)):
        assert answer.status == VERIFIED, "\n".join([*answer.lines, made.text])
    assert compile_source(source, Options(style=style)).text == made.text
    capsys.readouterr()


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_pair_cannot_do_is_refused(name: str, golden: Callable[[str, str], None]) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        codegen.generate(REFUSED[name], filename="program.py")
    assert all(problem.help for problem in caught.value.problems)
    golden(f"recursion/refused_{name.replace(' ', '_')}.txt", f"{caught.value}\n")


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", ["power", "tuple", "scan", "header", "shared: limiter annotated"])
def test_pairs_read_as_written_by_hand(
    name: str, style: str, golden: Callable[[str, str], None]
) -> None:
    text = codegen.generate(PROGRAMS[name], filename="program.py", style=style)
    golden(f"recursion/{name.replace(': ', '_').replace(' ', '_')}_{style}.py", text)


@pytest.mark.parametrize(
    ("name", "function", "arguments"),
    [
        ("power", "power", (1.3, 7)),
        ("chebyshev", "T", (0.3, 6)),
        ("chebyshev", "U", (0.3, 6)),
        ("fib", "fib", (0.4, 0.6, 5)),
        ("matrix power", "mpow", (np.array([[0.4, 0.6], [0.9, -0.2]]), 5)),
        ("scan", "scan", (np.array([0.3, 0.2, 0.5, 1.0, 2.0]),)),
        ("det delete", "det", (np.cos(np.arange(16.0)).reshape(4, 4),)),
    ],
)
def test_gradients_agree_with_complex_steps(
    name: str, function: str, arguments: tuple[Any, ...]
) -> None:
    author = names_of(PROGRAMS[name])[function]
    ours = names_of(codegen.generate(PROGRAMS[name]))[f"{function}_grad"]
    value, gradients = ours(*arguments)
    np.testing.assert_allclose(value, author(*arguments), rtol=1e-13)
    first = np.asarray(gradients[0] if isinstance(gradients, tuple) else gradients)
    x = np.asarray(arguments[0])
    for place in np.ndindex(*x.shape):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        stepped = author(moved if x.ndim else complex(moved), *arguments[1:])
        slope = np.sum(np.imag(stepped)) / 1e-30
        np.testing.assert_allclose(first[place], slope, rtol=1e-11, atol=1e-12)


def test_both_styles_give_the_same_and_backward_may_be_called_again() -> None:
    text = PROGRAMS["arrays in part"]
    x = np.array([0.3, 0.2, 0.7, 0.1, 0.9])
    given = x.copy()
    value, gradient = names_of(codegen.generate(text))["f_grad"](x)
    names = names_of(codegen.generate(text, style="split"))
    out, cache = names["f_forward"](x)
    assert out == value
    for _ in range(3):
        assert np.array_equal(names["f_backward"](1.0, cache), gradient)
    assert np.array_equal(x, given)


def test_effects_happen_once_and_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "import numpy as np\n\n\ndef f(x: float, n: int):\n    print('in', n)\n"
        "    if n == 0:\n        return x * np.random.normal()\n"
        "    y = f(x, n - 1)\n    print('out', n)\n    return y * f(x * x, 0)\n"
    )
    np.random.seed(4)
    expected = names_of(text)["f"](0.3, 2)
    told = capsys.readouterr().out
    np.random.seed(4)
    value, _ = names_of(codegen.generate(text))["f_grad"](0.3, 2)
    assert capsys.readouterr().out == told
    assert value == expected
    names = names_of(codegen.generate(text, style="split"))
    np.random.seed(4)
    value, cache = names["f_forward"](0.3, 2)
    assert capsys.readouterr().out == told
    assert value == expected
    names["f_backward"](1.0, cache)
    assert capsys.readouterr().out == ""


def test_a_gradient_costs_a_constant_times_its_function() -> None:
    """Each call of the author's is gone back through once: fib(n) has fib(n) of them."""
    text = PROGRAMS["fib"] + "\n\ncalls = []\n"
    made = codegen.generate(text)
    counted = made.replace(
        "def _fib_backward(dfib, cache):", "def _fib_backward(dfib, cache):\n    calls.append(1)"
    )
    assert counted != made
    names = names_of(counted)
    names["calls"] = []
    names["fib_grad"](0.4, 0.6, 12)
    again: list[int] = []

    def fib(n: int) -> int:
        again.append(1)
        return 1 if n <= 1 else fib(n - 1) + fib(n - 2)

    fib(12)
    assert len(names["calls"]) == len(again)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_stay(dtype: Any) -> None:
    names = names_of(codegen.generate(PROGRAMS["scan"]))
    value, gradient = names["scan_grad"](np.array([0.3, 0.2, 0.5], dtype))
    assert value.dtype == gradient.dtype == dtype


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_a_rank_that_nothing_states_may_be_any(shape: tuple[int, ...]) -> None:
    """In what is odd and even of one another, sin(x) of numpy says nothing of the rank of x."""
    text = PROGRAMS["mutual"]
    x = np.full(shape, 0.7)
    for n in range(4):
        value, gradient = names_of(codegen.generate(text))["odd_grad"](x, n)
        assert np.shape(gradient) == shape
        expected = names_of(text)["odd"]
        assert np.array_equal(value, expected(x, n))
        slope = np.imag(expected(x + 1e-30j, n)) / 1e-30
        np.testing.assert_allclose(gradient, slope, rtol=1e-12)


def test_numba_is_refused(golden: Callable[[str, str], None]) -> None:
    with pytest.raises(codegen.CodegenError) as caught:
        compile_source(Source("program.py", PROGRAMS["power"]), Options(target="numba"))
    golden("recursion/refused_numba.txt", f"{caught.value}\n")


def test_names_of_the_file_win(golden: Callable[[str, str], None]) -> None:
    text = (
        "def _power_forward(x):\n    return x + 1.0\n\n\n"
        "def power(x: float, n: int, power_cache: float):\n    if n == 0:\n"
        "        return _power_forward(power_cache)\n"
        "    power_out = power(x, n - 1, x)\n    return x * power_out * power(x, 0, power_cache)\n"
    )
    made = codegen.generate(text, filename="program.py")
    golden("recursion/names.py", made)
    value, (dx, dcache) = names_of(made)["power_grad"](0.3, 2, 0.4)
    author = names_of(text)["power"]
    assert value == author(0.3, 2, 0.4)
    h = 1e-6
    assert abs(dx - (author(0.3 + h, 2, 0.4) - author(0.3 - h, 2, 0.4)) / (2 * h)) < 1e-8
    assert abs(dcache - (author(0.3, 2, 0.4 + h) - author(0.3, 2, 0.4 - h)) / (2 * h)) < 1e-8
