"""The scientific examples agree with JAX, where it is installed (extra `bench`)."""

from __future__ import annotations

import ast
import math
import re
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import codegen

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "examples" / "science").glob("*.py"))
IN_PLACE = ("beam",)  # JAX takes no array that is written in place: it has a test of its own
OTHERS = [path for path in FILES if path.stem not in IN_PLACE]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_gradients_agree_with_jax(path: Path) -> None:
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
    wrt = _wrt(text, function)
    expected = jax.value_and_grad(function, tuple(wrt))(*arguments)
    np.testing.assert_allclose(value, expected[0], rtol=1e-9)
    ours = gradients if isinstance(gradients, tuple) else (gradients,)
    for own, theirs in zip(ours, expected[1], strict=True):
        np.testing.assert_allclose(own, theirs, rtol=1e-8, atol=1e-10)


def _wrt(text: str, function: Any) -> list[int]:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    asked = re.search(r"# codegen: wrt=(\S+)", text)
    return [n for n, name in enumerate(names) if asked is None or name in asked[1].split(",")]


def test_the_beam_agrees_with_an_assembly_that_jax_takes() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def compliance(heights: Any, length: Any, load: Any) -> Any:
        count = heights.shape[0]
        h = length / count
        rows = [[12.0, 6.0, -12.0, 6.0], [6.0, 4.0, -6.0, 2.0]]
        rows += [[-12.0, -6.0, 12.0, -6.0], [6.0, 2.0, -6.0, 4.0]]
        parts = (heights**3 / 12.0 / h**3)[:, None, None] * jnp.array(rows)
        freedoms = 2 * np.arange(count)[:, None] + np.arange(4)
        whole = jnp.zeros((2 * count + 2, 2 * count + 2))
        whole = whole.at[freedoms[:, :, None], freedoms[:, None, :]].add(parts)
        return load @ jnp.linalg.solve(whole[2:, 2:], load)

    text = (ROOT / "examples" / "science" / "beam.py").read_text(encoding="utf-8")
    heights, load = np.array([0.3, 0.25, 0.2, 0.4]), np.linspace(-1.0, 1.0, 8)
    value, gradients = codegen.grad(text)(heights, 2.0, load)
    expected, theirs = jax.value_and_grad(compliance, (0, 1, 2))(heights, 2.0, load)
    np.testing.assert_allclose(value, expected, rtol=1e-9)
    for own, their in zip(gradients, theirs, strict=True):
        np.testing.assert_allclose(own, their, rtol=1e-8, atol=1e-10)


def test_the_second_order_greeks_are_those_of_the_textbook() -> None:
    path = ROOT / "generated" / "hessian" / "black_scholes_hessian.py"
    names: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), names)
    market = spot, strike, years, rate, volatility = 100.0, 105.0, 0.5, 0.02, 0.25
    spread = volatility * years**0.5
    d1 = (np.log(spot / strike) + rate * years) / spread + spread / 2
    d2 = d1 - spread
    density = np.exp(-(d1**2) / 2) / np.sqrt(2 * np.pi)
    gamma = density / (spot * spread)
    vanna = -density * d2 / volatility
    vomma = spot * density * years**0.5 * d1 * d2 / volatility
    (delta, vega), first = names["call_price_grad_grad"](*market, ddspot=1.0, ddvolatility=0.0)
    assert delta == pytest.approx(0.5 * (1 + math.erf(d1 / 2**0.5)), rel=1e-12)
    assert vega == pytest.approx(spot * density * years**0.5, rel=1e-12)
    assert first == pytest.approx((gamma, vanna), rel=1e-10)
    _, second = names["call_price_grad_grad"](*market, ddspot=0.0, ddvolatility=1.0)
    assert second == pytest.approx((vanna, vomma), rel=1e-10)
