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
        ("np.sum(np.partition(x, 1) * w)", [0.5, 0.2, 0.5], [2, 1, 3]),
        ("np.sum(np.maximum.accumulate(x) * w)", [0.5, 0.2, 0.7], [3, 0, 3]),
        ("np.sum(np.maximum.accumulate(x) * w)", [0.5, 0.5, 0.2], [3.5, 2.5, 0]),
        ("np.sum(np.maximum.accumulate(x) * w)", [0.5, 0.5, 0.5], [3, 2, 1]),
        (
            "np.sum(np.minimum.accumulate(x) * w)",
            [0.5, 0.7, 0.5, 0.5],
            [1 + 2 + 1.5 + 4 / 3, 0, 1.5 + 4 / 3, 4 / 3],
        ),
        ("np.sum(np.minimum.accumulate(x) * w)", [2.0, 1.0, 1.0, 3.0], [1, 5.5, 3.5, 0]),
        ("np.nanvar(x)", [0.5, np.nan, 2.5], [-1, 0, 1]),
        ("np.nanvar(x, ddof=1)", [0.5, np.nan, 2.5], [-2, 0, 2]),
        ("np.nanstd(x)", [0.5, np.nan, 2.5], [-0.5, 0, 0.5]),
        ("np.nanstd(x)", [0.1, np.nan, 0.1, 0.1], [0, 0, 0, 0]),
        ("np.nanmax(x)", [0.5, np.nan, 2.0, 2.0], [0, 0, 0.5, 0.5]),
        ("np.nanmin(x)", [0.5, np.nan, 2.0, 0.5], [0.5, 0, 0, 0.5]),
        ("np.add.reduce(x * w)", [0.5, 0.2, 0.5], [1, 2, 3]),
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
        ("np.ediff1d(x, to_end=0.0)", "np.ediff1d with `to_end=` has no gradient rule"),
        ("np.nanvar(x, where=x > 0)", "np.nanvar with `where=` has no gradient rule"),
        ("np.correlate(x, x, mode='other')", "there is no mode 'other'"),
        ("np.quantile(x, x[0])", "`q` must be a literal here"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(expression: str, words: str) -> None:
    with pytest.raises(CodegenError, match=words.replace("[", "\\[")):
        slopes(expression, [0.3, 0.1, 0.2])


@pytest.mark.parametrize("name", ["maximum", "minimum"])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_all_entries_that_are_the_extreme_so_far_share(name: str, axis: int) -> None:
    draw = np.random.default_rng(3)
    text = f"import numpy as np\n\n\ndef f(x):\n    return np.{name}.accumulate(x, axis={axis})\n"
    gradient = codegen.grad(text)
    for shape in ((1, 1), (4, 6), (7, 3), (0, 3), (3, 0)):
        x, d = draw.integers(0, 3, shape) * 0.5, draw.normal(size=shape)
        value, dx = gradient(x, d)
        rows, outs, ds = (np.moveaxis(a, axis, -1) for a in (x, value, d))
        expected = np.zeros(rows.shape)
        for row in np.ndindex(rows.shape[:-1]):
            for place in range(rows.shape[-1]):
                tied = rows[row][: place + 1] == outs[row][place]
                expected[row][: place + 1] += tied / np.sum(tied) * ds[row][place]
        assert np.allclose(np.moveaxis(dx, axis, -1), expected, rtol=0, atol=1e-14)


def test_what_is_behind_no_number_says_nothing_of_other_rows() -> None:
    text = "import numpy as np\n\n\ndef f(x):\n    return np.maximum.accumulate(x, axis=1)\n"
    x = np.array([[1.0, 2.0], [np.nan, 3.0]])
    assert np.array_equal(codegen.grad(text)(x)[1], [[1, 1], [1, 1]])
