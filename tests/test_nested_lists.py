"""Lists in lists of unknown length, against central differences in all three styles."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify
from tests.control_programs import HEAD
from tests.list_result_programs import PROGRAMS as RESULTS
from tests.nested_programs import PROGRAMS, REFUSED
from tests.random_control import without_black


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_lists_in_lists(name: str, style: str) -> None:
    text = HEAD + PROGRAMS[name]
    options = Options(functions=("f",), style=style)
    made = compile_source(Source.from_text(text, "program.py"), options)
    assert made.text == compile_source(Source.from_text(text, "program.py"), options).text
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("style", ["joint", "split", "gate"])
@pytest.mark.parametrize("name", RESULTS)
def test_lists_as_results(name: str, style: str) -> None:
    text = HEAD + RESULTS[name]
    options = Options(functions=("f",), style=style)
    made = compile_source(Source.from_text(text, "program.py"), options)
    for answer in verify(Job(None, text, made.text, made.functions)):
        assert answer.status == VERIFIED, "\n".join([text, made.text, *answer.lines])


@pytest.mark.parametrize("name", REFUSED)
def test_lists_that_others_see_are_refused(name: str, golden: Callable[[str, str], None]) -> None:
    with pytest.raises(CodegenError) as caught:
        compile_source(
            Source.from_text(HEAD + REFUSED[name], "program.py"), Options(functions=("f",))
        )
    golden(f"nested/{name.replace(' ', '_')}.txt", str(caught.value) + "\n")


@pytest.mark.parametrize("style", ["joint", "split"])
def test_cotangents_in_a_list_may_be_numbers_of_pythons(style: str) -> None:
    """Where the rank of an item is not known, it need not have a method `copy`."""
    text = codegen.generate(
        "def f(x, n):\n    hs = []\n    for i in range(n):\n        hs.append(x[i] * x[0])\n"
        "    return hs\n",
        style=style,
        wrt=("x",),
    )
    names: dict[str, Any] = {}
    exec(text, names)
    x, given = np.array([0.5, 2.0, -1.5]), [1.0, 2.0, -3.0]
    if style == "joint":
        _, dx = names["f_grad"](x, 3, given)
    else:
        dx = names["f_backward"](given, names["f_forward"](x, 3)[1])
    np.testing.assert_allclose(dx, [2 * 0.5 + 2 * 2.0 + 3 * 1.5, 2 * 0.5, -3 * 0.5])
    assert given == [1.0, 2.0, -3.0]


@pytest.mark.parametrize(
    "body",
    [
        "h = np.sin(x)\n    for i in range(n):\n        hs.append(h)",
        "for i in range(n):\n        h = x * i\n        hs.append(h)\n        hs.append(h)",
        "h = np.sin(x)\n    hs.append(h)\n    for i in range(n):\n        hs.append(x * i)\n"
        "    hs.append(h)",
    ],
)
def test_an_array_that_is_in_a_returned_list_twice_is_two(body: str) -> None:
    text = codegen.generate(
        "import numpy as np\nfrom jaxtyping import Float\n\n\n"
        f'def f(x: Float[np.ndarray, "N"], n: int):\n    hs = []\n    {body}\n    return hs\n'
    )
    names: dict[str, Any] = {}
    exec(text, names)
    value, _ = names["f_grad"](np.arange(3.0), 2)
    for place, one in enumerate(value):
        assert not any(np.shares_memory(one, other) for other in value[:place])
