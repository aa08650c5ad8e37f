"""Kinks and odd entries of gates that sort, run along an axis or leave out NaN; refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import codegen
from codegen.errors import CodegenError


def slopes(expression: str, x: Any) -> Any:
    """Return the gradient of the sum of an expression in x, a row."""
    text = (
        "import numpy as np\nfrom jaxtyping import Float\n\n\n"
        f'def f(x: Float[np.ndarray, "N"]):\n    w = np.arange(1.0, len(x) + 1)\n'
        f"    return {expression}\n"
    )
    return codegen.grad(text)(np.array(x))[1]


@pytest.mark.parametrize(
    ("expression", "x", "expected"),
    [
        ("np.sum(np.sort(x) * w)", [0.5, 0.2, 0.5], [2, 1, 3]),
        ("np.median(x)", [0.5, 0.2, 0.5], [1, 0, 0]),
        ("np.median(x)", [0.5, 0.5, 0.5, 0.5], [0, 0.5, 0.5, 0]),
        ("np.percentile(x, 75)", [0.5, 0.5, 0.5], [0, 0.5, 0.5]),
        ("np.nansum(x * x)", [0.5, np.nan, 2.0], [1, 0, 4]),
        ("np.nanmean(x)", [0.5, np.nan, 2.0], [0.5, 0, 0.5]),
        ("np.cumprod(x)[-1]", [0.0, 2.0, 3.0], [6, 0, 0]),
        ("np.cumprod(x)[-1]", [0.0, 0.0, 3.0], [0, 0, 0]),
        ("np.sum(np.pad(x, 1, mode='edge') * np.array([1.0, 2, 3, 4, 5]))", [1, 2, 3.0], [3, 3, 9]),
    ],
)
def test_the_stated_slope_at_the_point_itself(expression: str, x: Any, expected: Any) -> None:
    assert np.allclose(slopes(expression, x), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.pad(x, 1, mode='mean')", "np.pad with mode='mean' has no gradient rule"),
        ("np.pad(x, 1, mode='reflect', reflect_type='odd')", "pad with `reflect_type=`"),
        ("np.diff(x, 2)", "np.diff of another order than 1 has no gradient rule"),
        ("np.quantile(x, [0.1, 0.9])", "several quantiles at once have no gradient rule"),
        ("np.median(x, axis=(0,))", "an order statistic over several axes"),
        ("np.repeat(x, [1, 2, 1])", "np.repeat with a count for each entry"),
        ("np.roll(x, (1, 2), axis=(0, 0))", "np.roll along several axes"),
        ("np.quantile(x, x[0])", "`q` must be a literal here"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(expression: str, words: str) -> None:
    with pytest.raises(CodegenError, match=words.replace("[", "\\[")):
        slopes(expression, [0.3, 0.1, 0.2])
