"""codegen.grad: what it takes, what it gives, and what each call checks."""

from __future__ import annotations

import functools
import importlib.util
import inspect
import linecache
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from codegen import pipeline
from codegen.gradient import grad
from codegen.gradient_source import source_of
from codegen.pipeline import FunctionReport, Generated, Options, Parameter
from codegen.source import Source
from tests.verification_cases import LAYER, PAIR, STAGED, Case, array, report, scalar


class Compiler:
    """Stands in for the compiler: gives what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.generated = STAGED.generated
        self.source = Source("", "")
        self.options = Options()

    def __call__(self, source: Source, options: Options) -> Generated:
        self.source, self.options = source, options
        return self.generated


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> Compiler:
    stand_in = Compiler()
    monkeypatch.setattr(pipeline, "compile_source", stand_in)
    return stand_in


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], ModuleType]:
    """Import a text as the module of a file, each in its own."""
    count = 0

    def load(text: str) -> ModuleType:
        nonlocal count
        count += 1
        path = tmp_path / f"forward_{count}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def gradient_of(compiler: Compiler, case: Case, **changes: Any) -> Any:
    compiler.generated = (case.reported(**changes) if changes else case).generated
    return grad(case.forward)


# What it takes


def test_a_function_is_compiled_from_the_text_of_its_whole_file(
    compiler: Compiler, load: Callable[[str], ModuleType]
) -> None:
    module = load(STAGED.forward)
    f_grad = grad(module.f)
    assert compiler.source == Source(str(module.__file__), STAGED.forward)
    assert compiler.options == Options(functions=("f",))
    value, (dx, dy) = f_grad(3.0, -4.0)
    assert value == module.f(3.0, -4.0)
    assert dx == pytest.approx((module.f(3 + 1e-6, -4.0) - module.f(3 - 1e-6, -4.0)) / 2e-6)
    assert dy == pytest.approx((module.f(3.0, -4 + 1e-6) - module.f(3.0, -4 - 1e-6)) / 2e-6)


def test_text_is_compiled_whole(compiler: Compiler) -> None:
    grad(STAGED.forward)
    assert compiler.source == Source("<string>", STAGED.forward)
    assert compiler.options == Options()


@pytest.mark.parametrize("names", ["x,y", "x, y", ["x", "y"], ("x", "y")])
def test_names_are_a_text_or_a_sequence(compiler: Compiler, names: Any) -> None:
    grad(STAGED.forward, names, of=names)
    assert compiler.options == Options(wrt=("x", "y"), of=("x", "y"))


def test_a_text_of_several_functions_is_refused(compiler: Compiler) -> None:
    compiler.generated = Generated("", (), (*STAGED.reports, *LAYER.reports))
    with pytest.raises(ValueError, match="one function to differentiate, and it has: f, layer"):
        grad("...")


def decorated(function: Any) -> Any:
    def call(*arguments: Any) -> Any:
        return function(*arguments)

    return functools.wraps(function)(call)


@decorated
def wrapped(x: float) -> float:
    return x


class Squarer:
    def square(self, x: float) -> float:
        return x * x

    def __call__(self, x: float) -> float:
        return x * x


def outer() -> Any:
    def inner(x: float) -> float:
        return x

    return inner


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: x, "a lambda has no lines"),
        (abs, "abs is not written in Python"),
        (np.exp, "exp is not written in Python"),
        (functools.partial(pow, 2), "is not written in Python, or not a function"),
        (Squarer(), "is not written in Python, or not a function"),
        (Squarer, "Squarer is a class"),
        (Squarer().square, "Squarer.square is a method"),
        (Squarer.square, "Squarer.square is defined inside of a function or class"),
        (outer(), "inner is defined inside of a function or class"),
        (wrapped, "wrapped is decorated"),
        (None, "None is not written in Python"),
    ],
)
def test_what_has_no_lines_of_its_own_is_refused(function: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        grad(function)


def test_a_function_whose_text_cannot_be_found_is_refused() -> None:
    scope: dict[str, Any] = {}
    exec(compile("def lost(x):\n    return x\n", "<lost>", "exec"), scope)
    with pytest.raises(TypeError, match="source of lost cannot be found: give its text"):
        grad(scope["lost"])


def test_a_function_that_is_defined_again_later_is_refused(
    load: Callable[[str], ModuleType],
) -> None:
    module = load("def f(x):\n    return x\n\n\nfirst = f\n\n\ndef f(x):\n    return 2 * x\n")
    with pytest.raises(TypeError, match=r"f is not what the def of that name .* gives"):
        grad(module.first)


def test_a_file_that_was_edited_since_is_refused(load: Callable[[str], ModuleType]) -> None:
    module = load("def f(x):\n    return 2 * x\n")
    Path(str(module.__file__)).write_text("def f(x):\n    return 2 + x  # now\n", encoding="utf-8")
    with pytest.raises(TypeError, match="the source of f has changed since it was defined"):
        grad(module.f)


# Names that live where the function was run


def cells(*texts: str) -> dict[str, Any]:
    """Run texts as a notebook does: one scope, and an entry in linecache for each."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    for number, text in enumerate(texts):
        name = f"<cell {number} {abs(hash(text))}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), scope)
    return scope


def test_what_other_cells_define_follows_at_the_end() -> None:
    scope = cells(
        "import math\nimport numpy as np\nfrom numpy import exp as e, dot",
        "scale = 3.0\nunused = 4\n",
        "def helper(t):\n    return scale * math.tanh(t)\n",
        "np = np\ndef f(x, unused):\n    return helper(e(x)) + dot(x, x) + unused + missing\n",
    )
    source, name = source_of(scope["f"])
    assert name == "f"
    assert source.text == (
        "np = np\ndef f(x, unused):\n    return helper(e(x)) + dot(x, x) + unused + missing\n"
        "\n\nfrom numpy import dot\nfrom numpy import exp as e\nimport math\nscale = 3.0\n"
        "\n\ndef helper(t):\n    return scale * math.tanh(t)\n"
    )


def test_what_no_line_can_say_is_left_to_the_compiler_to_refuse() -> None:
    scope = cells(
        "table = {1: 2}\nnan = float('nan')\n", "def f(x):\n    return x * table[1] * nan\n"
    )
    assert source_of(scope["f"])[0].text == "def f(x):\n    return x * table[1] * nan\n"


def test_a_file_that_defines_all_it_uses_is_taken_as_it_is(
    load: Callable[[str], ModuleType],
) -> None:
    text = "from math import tau as circle\n\n\ndef f(x):\n"
    text += "    assert x > 0\n    return circle * abs(x)\n"
    assert source_of(load(text).f)[0].text == text


# What it gives


def test_the_result_looks_like_the_written_function(compiler: Compiler) -> None:
    f_grad = gradient_of(compiler, STAGED)
    assert f_grad.source == STAGED.gradient
    assert f_grad.__name__ == "f_grad"
    assert f_grad.__doc__ == "Return f(x, y) and its gradients (dx, dy), scaled by df."
    assert str(inspect.signature(f_grad)) == "(x, y, df=1.0)"


def test_the_module_sees_only_what_it_imports_itself(compiler: Compiler) -> None:
    case = STAGED.edited(("import math", "from __future__ import division"))
    with pytest.raises(NameError, match="math"):
        gradient_of(compiler, case)(1.0, 2.0)


def test_a_traceback_shows_the_written_line_also_after_checkcache(compiler: Compiler) -> None:
    case = STAGED.edited(("dnum = df / den", "dnum = df / (den - den)"))
    f_grad = gradient_of(compiler, case)
    linecache.checkcache()
    with pytest.raises(ZeroDivisionError) as caught:
        f_grad(1.0, 2.0)
    frame = traceback.extract_tb(caught.tb)[-1]
    assert frame.filename.startswith("<codegen f_grad ")
    assert frame.line == "dnum = df / (den - den)"


def test_a_call_that_lacks_an_argument_says_so_in_the_functions_name(compiler: Compiler) -> None:
    with pytest.raises(TypeError, match=r"f_grad\(\) missing 1 required .* 'y'"):
        gradient_of(compiler, STAGED)(1.0)


# What each call checks

DECLARED = (scalar("x", declared=True), scalar("y", declared=True))


@pytest.mark.parametrize("number", [2, 2.5, np.float64(2.5), np.float32(2.5), np.int32(2), True])
def test_a_declared_scalar_is_any_real_number(compiler: Compiler, number: Any) -> None:
    gradient_of(compiler, STAGED, parameters=DECLARED)(number, y=number)


@pytest.mark.parametrize(
    "other", [np.array(1.0), np.ones(1), [1.0], "1", 1j, np.complex64(1), None, np.True_]
)
def test_a_declared_scalar_is_nothing_else(compiler: Compiler, other: Any) -> None:
    with pytest.raises(TypeError, match="f_grad: y must be a number, not "):
        gradient_of(compiler, STAGED, parameters=DECLARED)(1.0, other)


def test_what_is_taken_as_a_scalar_is_no_array_of_one(compiler: Compiler) -> None:
    f_grad = gradient_of(compiler, STAGED)
    f_grad(np.array(1.0), 2.0)
    with pytest.raises(TypeError, match="x is taken as a number"):
        f_grad(np.ones(1), 2.0)


X, W, B = np.ones((2, 3)), np.ones((3, 4)), np.ones(4)


def test_shapes_that_agree_pass(compiler: Compiler) -> None:
    out, (dx, dw, db) = gradient_of(compiler, LAYER)(X, W, b=B, dout=np.ones((2, 4)))
    assert (out.shape, dx.shape, dw.shape, db.shape) == ((2, 4), (2, 3), (3, 4), (4,))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((X, W.T, B), r"w has the shape \(4, 3\), expected \(D, M\) with D = 3 as in x"),
        ((X, W, np.ones(3)), r"b has the shape \(3,\), expected \(M,\) with M = 4 as in w"),
        ((X[0], W, B), r"x has the shape \(3,\), expected \(N, D\)$"),
        ((X[None], W, B), r"x has the shape \(1, 2, 3\), expected \(N, D\)$"),
    ],
)
def test_shapes_that_disagree_are_named(compiler: Compiler, arguments: Any, words: str) -> None:
    with pytest.raises(ValueError, match=f"layer_grad: {words}"):
        gradient_of(compiler, LAYER)(*arguments)


@pytest.mark.parametrize(
    ("shape", "fits", "fails"),
    [
        ((2, "N"), [(2, 5)], [(3, 5), (2,)]),
        (("N", "*S"), [(2,), (2, 3), (2, 3, 4)], [()]),
        (("*S", "N"), [(2,), (2, 3)], [()]),
        (("N", "..."), [(2,), (2, 3)], [()]),
        (("N", "N"), [(3, 3)], [(3, 4)]),
        (("_", "_"), [(3, 4)], [(3,)]),
        (("N", "N+1"), [(3, 4)], [(3, 3)]),
        (("N", "M+1"), [(3, 4)], []),
    ],
)
def test_a_declared_shape_is_read_in_the_notation_of_jaxtyping(
    compiler: Compiler, shape: Any, fits: Any, fails: Any
) -> None:
    case = Case(
        "...",
        "import numpy as np\n\n\ndef total_grad(x, dtotal=1.0):\n"
        "    return np.sum(x), np.full(x.shape, dtotal)\n",
        (report("total", [array("x", *shape)], "x", "total"),),
    )
    total_grad = gradient_of(compiler, case)
    for sizes in fits:
        total_grad(np.ones(sizes))
    for sizes in fails:
        with pytest.raises(ValueError, match=r"total_grad: .*x"):
            total_grad(np.ones(sizes))


def test_starred_names_agree_across_parameters(compiler: Compiler) -> None:
    pair = [array("x", "N", "*S"), array("y", "*S")]
    text = "def g_grad(x, y, dg=None):\n    return x + y, (x + 0, y + 0)\n"
    g_grad = gradient_of(compiler, Case("...", text, (report("g", pair, "x y", "g"),)))
    g_grad(np.ones((2, 3, 4)), np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"y has the shape .* with \*S = \(3, 4\) as in x"):
        g_grad(np.ones((2, 3, 4)), np.ones((1, 4)))


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_arrays_are_plain_and_real(compiler: Compiler) -> None:
    layer_grad = gradient_of(compiler, LAYER)
    masked = np.ma.masked_array(X, mask=np.zeros(X.shape))
    for other in (np.matrix(X), masked, X.astype(object), X.astype(complex), X.tolist(), 1.0):
        with pytest.raises(TypeError, match="layer_grad: x must be a "):
            layer_grad(other, W, B)


def test_arrays_have_the_declared_dtype(compiler: Compiler) -> None:
    layer_grad = gradient_of(compiler, LAYER)
    layer_grad(X.astype(np.float32), W, B)
    with pytest.raises(TypeError, match="x must be a float array, not int64"):
        layer_grad(X.astype(np.int64), W, B)


def test_of_what_nothing_is_declared_numbers_and_real_arrays_pass(compiler: Compiler) -> None:
    unknown = tuple(Parameter(name, "unknown") for name in ("x", "y"))
    text = "def g_grad(x, y, dg=None):\n    return x * y, (y + 0, x + 0)\n"
    known = FunctionReport("g", "g_grad", unknown, ("x", "y"), ("g",), ("dg",), None)
    g_grad = gradient_of(compiler, Case("...", text, (known,)))
    g_grad(2.0, np.arange(3))
    for other in ([1.0], "1", 1j, np.ones(3, complex)):
        with pytest.raises(TypeError, match="g_grad: x must be a"):
            g_grad(other, 2.0)


def test_defaults_are_not_checked(compiler: Compiler) -> None:
    parameters = (array("x", "N"), Parameter("w", "array", ("N",), has_default=True, declared=True))
    text = "def g_grad(x, w=None, dg=None):\n    return x + 0, x + 0\n"
    known = report("g", parameters, "x", "g")
    g_grad = gradient_of(compiler, Case("...", text, (known,)))
    g_grad(np.ones(2))
    g_grad(np.ones(2), None)
    with pytest.raises(ValueError, match="w has the shape"):
        g_grad(np.ones(2), np.ones(3))


# Cotangents


@pytest.mark.parametrize("number", [2, np.float32(2), np.array(2.0), np.array(2)])
def test_the_cotangent_of_a_scalar_is_made_a_float(compiler: Compiler, number: Any) -> None:
    case = STAGED.edited(("    # forward pass\n", "    assert type(df) is float\n"))
    f_grad = gradient_of(compiler, case)
    assert f_grad(1.0, 2.0, number)[1] == tuple(2 * d for d in f_grad(1.0, 2.0)[1])


def test_the_cotangent_of_a_scalar_is_no_array_and_real(compiler: Compiler) -> None:
    f_grad = gradient_of(compiler, STAGED)
    with pytest.raises(ValueError, match=r"f_grad: df must be a number, not an array of shape"):
        f_grad(1.0, 2.0, df=np.ones(1))
    for other in (1j, "1", np.array(1j)):
        with pytest.raises(TypeError, match="f_grad: df must be a"):
            f_grad(1.0, 2.0, df=other)


@pytest.mark.parametrize("shape", [(), (4,), (1, 4), (2, 1)])
def test_a_cotangent_of_another_shape_is_refused(compiler: Compiler, shape: Any) -> None:
    words = r"layer_grad: dout must have the shape \(2, 4\) of the value, not"
    with pytest.raises(ValueError, match=words):
        gradient_of(compiler, LAYER)(X, W, B, np.ones(shape))


def test_a_cotangent_of_integers_gives_float_gradients(compiler: Compiler) -> None:
    case = LAYER.edited(("dout.astype(out.dtype)", "dout"))
    _, (_, _, db) = gradient_of(compiler, case)(X, W, B, np.ones((2, 4), int))
    assert db.dtype == np.float64


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_cotangent_is_a_plain_real_array(compiler: Compiler) -> None:
    layer_grad = gradient_of(compiler, LAYER)
    dout = np.ones((2, 4))
    for other in (np.matrix(dout), np.ma.masked_array(dout), dout.astype(object), dout * 1j, "1"):
        with pytest.raises(TypeError, match="layer_grad: dout must be a"):
            layer_grad(X, W, B, other)


def test_of_several_cotangents_each_has_the_shape_of_its_value(compiler: Compiler) -> None:
    pair_grad = gradient_of(compiler, PAIR)
    x = np.arange(3.0)
    assert pair_grad(x, dtotal=np.array(1))[1] == pytest.approx(2 * x)
    assert pair_grad(x, dscaled=np.ones(3))[1] == pytest.approx(np.full(3, 3.0))
    with pytest.raises(ValueError, match=r"pair_grad: dtotal must have the shape \(\) of the"):
        pair_grad(x, dtotal=np.ones(3))
