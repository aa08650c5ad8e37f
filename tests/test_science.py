"""The examples of science and of products agree with JAX, if it is installed (extra `bench`)."""

from __future__ import annotations

import ast
import re
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import codegen

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    path
    for folder in ("science", "products")
    for path in sorted((ROOT / "examples" / folder).glob("*.py"))
]
IN_PLACE = ("beam",)  # JAX takes no array that is written in place


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_gradients_agree_with_jax(path: Path) -> None:
    if path.stem in IN_PLACE:
        pytest.skip("JAX takes no array that is written in place")
    jax = pytest.importorskip("jax")
    special = pytest.importorskip("jax.scipy.special")
    jax.config.update("jax_enable_x64", True)
    text = path.read_text(encoding="utf-8")
    call = re.search(r"# codegen: example (.*)", text)
    assert call is not None
    node = ast.parse(call[1], mode="eval").body
    assert isinstance(node, ast.Call)
    name = ast.unparse(node.func)
    arguments = [eval(ast.unparse(argument), {"np": np}) for argument in node.args]
    module = types.ModuleType("forward")
    exec(compile(text, path.name, "exec", dont_inherit=True), module.__dict__)
    module.__dict__["np"] = jax.numpy
    for word in ("logsumexp", "gammaln", "ndtr", "erf", "betaln"):
        if word in module.__dict__:
            module.__dict__[word] = getattr(special, word)
    function = getattr(module, name)
    value, gradients = codegen.grad(text)(*arguments)
    wrt = [place for place in _wrt(text, function) if place < len(arguments)]
    expected = jax.value_and_grad(lambda *given: function(*given).sum(), tuple(wrt))(*arguments)
    np.testing.assert_allclose(np.sum(value), expected[0], rtol=1e-9)
    ours = gradients if isinstance(gradients, tuple) else (gradients,)
    for own, theirs in zip(ours, expected[1], strict=True):
        np.testing.assert_allclose(own, theirs, rtol=1e-8, atol=1e-10)


def _wrt(text: str, function: Any) -> list[int]:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    asked = re.search(r"# codegen: wrt=(\S+)", text)
    return [n for n, name in enumerate(names) if asked is None or name in asked[1].split(",")]
