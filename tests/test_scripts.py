"""Scripts as in the CS231n notes: what is an input, what the output, and what is left out."""

from __future__ import annotations

import pytest

from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import VERIFIED, Job
from codegen.verification.worker import verify

# The example call that the docstring shows says what went in, what came out, and with which values.
SCRIPTS: dict[str, tuple[str, str]] = {
    "the notes' first": (
        "# set some inputs\nx = -2; y = 5; z = -4\n\n# perform the forward pass\n"
        "q = x + y # q becomes 3\nf = q * z # f becomes -12\n\n"
        "# perform the backward pass (backpropagation) in reverse order:\n"
        "# first backprop through f = q * z\ndfdz = q\ndfdq = z\ndqdx = 1.0\n"
        "dfdx = dqdx * dfdq\ndfdy = 1.0 * dfdq\n",
        "f, (dx, dy, dz) = prog_grad(-2, 5, -4)",
    ),
    "assigned together": ("x, y = 1.0, 2.0\nf = x * y\n", "f, (dx, dy) = prog_grad(1.0, 2.0)"),
    "assigned together with a list": (
        "[x, (y, w)] = 1.0, (2, [3.0, 4.0])\nf = x * y * w[1]\n",
        "f, (dx, dy, dw) = prog_grad(1.0, 2, [3.0, 4.0])",
    ),
    "assigned in a chain": ("x = y = 3.0\nf = x * y\n", "f, (dx, dy) = prog_grad(3.0, 3.0)"),
    "annotated": ("x: float = 3.0\nf = x * x\n", "f, dx = prog_grad(3.0)"),
    "a tuple": ("x = (1.0, 2)\nf = x[0] * x[1]\n", "f, dx = prog_grad((1.0, 2))"),
    "a list of ints": ("w = [1, 2]\nf = w[0] * w[1]\n", "f, dw = prog_grad([1, 2])"),
    "a list that is unpacked": ("w = [1, 2]\na, b = w\nf = a * b\n", "f, dw = prog_grad([1, 2])"),
    "an index": ("w = [1, 2]\ni = 1\nf = w[i] * i\n", "f, dw = prog_grad([1, 2], 1)"),
    "an exponent": ("x = 2\nn = 3\nf = x ** n\n", "f, dx = prog_grad(2, 3)"),
    "literals among what is computed": (
        "x, y = 1.0, 2.0\n(a, b), c = (x * 2, y), 3.0\nf = a * b * c\n",
        "f, (dx, dy) = prog_grad(1.0, 2.0)",
    ),
    "a gradient with its seed": (
        "x = 2.0\nf = x * x\ndf, dx = 1.0, 2 * x\nprint(dx)\n",
        "f, dx = prog_grad(2.0)",
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_a_function_of_its_literals(name: str) -> None:
    text, example = SCRIPTS[name]
    made = compile_source(Source.from_text(text, "prog.py"), Options())
    assert f">>> {example}\n" in made.text, made.text
    answers = list(verify(Job(None, text, made.text, made.functions)))
    told = "\n".join(line for answer in answers for line in answer.lines)
    assert [answer.status for answer in answers] == [VERIFIED], f"{told}\n{made.text}"
