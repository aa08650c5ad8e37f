"""What annotations and docstring lines say of parameters, and what they leave open."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import codegen
from codegen import shapes
from codegen.analyses.declared import allows_none, from_annotation
from codegen.analyses.documented import from_docstring
from codegen.errors import CodegenError
from codegen.parse import parse
from codegen.shapes import Type
from codegen.source import Source

IMPORTS = """
import collections.abc
import typing
import typing as t
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Callable, Dict, List, Literal, Optional, Tuple, TypeVar, Union

import numpy as np
import numpy.typing as npt
from jaxtyping import Float, Int

Vector = np.ndarray
Weights = List[float]
Numbers: "TypeAlias" = Union[float, Vector]
Loop = Loop
T = TypeVar("T", float, np.ndarray)
"""

# "array" stands for an array of unknown rank that surely has `.shape`, "any" for a number or array.
STATED: dict[str, str | None] = {
    "float": "float ()",
    "int": "int ()",
    "bool": "bool ()",
    "np.float64": "float ()",
    "np.int64": "int ()",
    "np.floating[Any]": "float ()",
    "int | float": "()",
    "Union[int, float]": "()",
    "Optional[float]": "float ()",
    "float | None": "float ()",
    "np.ndarray": "array",
    "Vector": "array",
    "'np.ndarray'": "array",
    "npt.NDArray": "array",
    "npt.NDArray[np.float64]": "float array",
    "npt.NDArray[np.floating[Any]]": "float array",
    "npt.NDArray[np.int_]": "int array",
    "npt.NDArray[np.bool_]": "bool array",
    "npt.NDArray[Any]": "array",
    "np.ndarray[Any, np.dtype[np.float32]]": "float array",
    "np.ndarray[tuple[int, int], np.dtype[np.float64]]": "float (x.0, x.1)",
    "np.ndarray[tuple[int, ...], np.dtype[np.float64]]": "float array",
    "npt.ArrayLike": "any",
    "np.ndarray | None": "any",
    "Optional[npt.NDArray[np.float64]]": "float any",
    "Union[float, np.ndarray]": "any",
    "Numbers": "any",
    'Float[np.ndarray, "N D"]': "float (N, D)",
    'Float[np.ndarray, "N D"] | None': "float any",
    'Annotated[Float[np.ndarray, "N"], "metres"]': "float (N,)",
    "list[float]": "list of float ()",
    "'list[float]'": "list of float ()",
    "list['float']": "list of float ()",
    "List[float]": "list of float ()",
    "Weights": "list of float ()",
    "t.List[float]": "list of float ()",
    "Sequence[float]": "list of float ()",
    "typing.Sequence[float]": "list of float ()",
    "collections.abc.Sequence[float]": "list of float ()",
    "Optional[List[float]]": "list of float ()",
    "List[List[float]]": "list of list of float ()",
    "list": "list",
    "List[Any]": "list",
    "tuple[float, int]": "tuple (float (), int ())",
    "Tuple[float, float]": "tuple (float (), float ())",
    "Tuple[float, ...]": "tuple of float ()",
    "dict": "dict",
    "Dict[str, float]": "dict of float ()",
    "str": "text",
    'Literal["relu", "tanh"]': "text",
    "Literal[1, 2]": "int ()",
    # No evidence:
    "Iterable[float]": None,
    "Callable[[float], float]": None,
    "Any": None,
    "T": None,
    "Loop": None,
    "Unknown": None,
    "Union[list[float], np.ndarray]": None,
    "Union[float, Callable[[float], float]]": None,
    "'not Python at all'": None,
}


@pytest.mark.parametrize("annotation", STATED)
def test_an_annotation_states_a_type_or_nothing(annotation: str) -> None:
    module = parse(Source.from_text(IMPORTS, "forward.py"))
    stated = from_annotation(module, ast.parse(annotation, mode="eval").body, "x")
    assert (None if stated is None else _words(stated)) == STATED[annotation]


def _words(kind: Type) -> str:
    if kind.kind == "number":
        unknown = "array" if kind.array else "any"
        shape = unknown if isinstance(kind.shape, shapes.Unknown) else shapes.show(kind.shape)
        return shape if kind.dtype == "unknown" else f"{kind.dtype} {shape}"
    if not kind.items:
        return kind.kind
    items = ", ".join(_words(item) for item in kind.items)
    return f"{kind.kind} of {items}" if kind.dimension is None else f"{kind.kind} ({items})"


@pytest.mark.parametrize("annotation", ["Optional[float]", "float | None", "None | Vector"])
def test_an_annotation_allows_none(annotation: str) -> None:
    module = parse(Source.from_text(IMPORTS, "forward.py"))
    assert allows_none(module, ast.parse(annotation, mode="eval").body)
    assert not allows_none(module, ast.parse("Vector | float", mode="eval").body)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x : ndarray of shape (N, D)", "(N, D)"),
        ("x : array, shape (N,) or (N, D)", "any"),
        ("x : ndarray of shape (N,) or None", "any"),
        ("x : ndarray", "array"),
        ("x : ndarray or float", "any"),
        ("x : array_like", "any"),
        ("x : float", "float ()"),
        ("x : float or ndarray", None),
    ],
)
def test_a_docstring_line_states_a_type_or_nothing(line: str, expected: str | None) -> None:
    stated = from_docstring(line, ["x"]).get("x")
    words = None if stated is None else _words(stated)
    assert words == expected


@pytest.mark.parametrize(
    "annotation",
    ["complex", "np.complex128", "npt.NDArray[np.complex64]", "complex | None"],
)
def test_a_complex_parameter_is_refused(annotation: str) -> None:
    with pytest.raises(CodegenError, match="`x` is complex"):
        codegen.generate(f"{IMPORTS}\n\ndef f(x: {annotation}):\n    return x * x\n")


def test_an_item_of_a_tuple_of_floats_is_an_exponent_with_a_gradient() -> None:
    f_grad = codegen.grad("def f(w: tuple[float, float], x: float):\n    return x ** w[0] * w[1]\n")
    value, (dw, dx) = f_grad((2.0, 3.0), 1.5)
    assert value == 1.5**2 * 3
    assert dw == pytest.approx((1.5**2 * 3 * np.log(1.5), 1.5**2))
    assert isinstance(dw, tuple)
    assert dx == pytest.approx(2 * 1.5 * 3)


def test_an_item_of_a_dict_may_be_an_array() -> None:
    text = (
        "import numpy as np\n\n\n"
        "def f(x: float, p, q: dict):\n    return np.sum(p['a'] * x + q['b'])\n"
    )
    value, (dx, dp, dq) = codegen.grad(text)(2.0, {"a": np.ones(3)}, {"b": 1.0})
    assert value == 9.0
    assert np.array_equal(dp["a"], np.full(3, 2.0))
    assert dq == {"b": 3.0}
    assert np.shape(dx) == ()
    assert dx == 3.0


def test_what_may_be_none_is_asked_for_nothing() -> None:
    text = (
        "import numpy as np\n\n\n"
        "def f(x: np.ndarray, m: np.ndarray | None, k: float = None):\n"
        "    y = x * m if m is not None else x\n"
        "    return np.sum(y * k if k is not None else y)\n"
    )
    f_grad = codegen.grad(text)
    x = np.array([1.0, 2.0])
    _, (dx, _) = f_grad(x, None)
    np.testing.assert_array_equal(dx, [1.0, 1.0])
    _, (dx, dm) = f_grad(x, np.array([3.0, 4.0]), 2.0)
    np.testing.assert_array_equal(dx, [6.0, 8.0])
    np.testing.assert_array_equal(dm, [2.0, 4.0])


def test_a_sequence_has_a_gradient_of_the_type_that_came_in() -> None:
    text = (
        "from collections.abc import Sequence\n\n\n"
        "def f(w: Sequence[float], x: float):\n    return w[0] * x + w[1]\n"
    )
    f_grad = codegen.grad(text)
    assert f_grad((2.0, 3.0), 4.0) == (11.0, ((4.0, 1.0), 2.0))
    assert f_grad([2.0, 3.0], 4.0) == (11.0, ([4.0, 1.0], 2.0))
