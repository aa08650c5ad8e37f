"""The author's own cache is left out, with what only fills it; settings are written once."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import codegen
from codegen.dimensions import arithmetic, normal, sliced
from codegen.errors import CodegenError

X = np.random.default_rng(0).uniform(0.5, 1.5, (3, 4))


def names(text: str, **options: Any) -> dict[str, Any]:
    """Generate, run the module and return its names."""
    namespace: dict[str, Any] = {"__name__": "program"}
    made = codegen.generate(f"import numpy as np\n\n\n{text}", **options)
    exec(compile(made, "<made>", "exec"), namespace)
    return namespace | {"": made}


def check(text: str, *arguments: Any, name: str = "f", out: int | None = 0) -> str:
    """Compare the gradient of the first argument with central differences; return the text."""
    made = names(text)
    author: dict[str, Any] = {}
    exec(f"import numpy as np\n{text}", author)

    def forward(x: Any) -> Any:
        value = author[name](x, *copy.deepcopy(arguments[1:]))
        return copy.deepcopy(value if out is None else value[out])

    first = arguments[0]
    weights = np.random.default_rng(1).standard_normal(np.shape(forward(first)))
    expected = np.zeros_like(first)
    for place in np.ndindex(first.shape):
        moved = [first.copy(), first.copy()]
        moved[0][place] += 1e-6
        moved[1][place] -= 1e-6
        above, below = (np.sum(forward(one) * weights) for one in moved)
        expected[place] = (above - below) / 2e-6
    value, gradient = made[f"{name}_grad"](*copy.deepcopy(arguments), weights)
    np.testing.assert_allclose(value, forward(first), rtol=1e-12)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-8)
    return str(made[""])


def refused(text: str, words: str) -> None:
    with pytest.raises(CodegenError, match=words):
        codegen.generate(f"import numpy as np\n\n\n{text}")


# caches


@pytest.mark.parametrize(
    "cache",
    [
        "cache = (x, y)",
        "cache = [x]\n    cache.append(y)",
        "cache = {}\n    cache['y'] = y\n    cache['n'] = (1, 2)",
        "more = (x, y)\n    cache = (more, x.shape, {k: 1 for k in 'ab'})",
        "cache = []\n    for i in range(3):\n        cache.append((x[i], i))",
        "cache = None\n    if x.shape[0] > 2:\n        cache = (y,)",
        "cache = ()\n    cache += (x, y)",
        "s, cache = 1.0, (x, y)",
    ],
)
def test_what_only_fills_the_cache_is_left_out(cache: str) -> None:
    text = check(
        f"def f(x: np.ndarray):\n    y = np.sin(x)\n    {cache}\n    out = y * x\n"
        "    return out, cache\n",
        X,
    )
    assert "cache" not in text
    assert "more" not in text


def test_a_cache_that_is_read_stays() -> None:
    text = (
        "def f(x: np.ndarray):\n    cache = np.sin(x)\n    out = cache * x\n    return out, cache\n"
    )
    assert "cache = np.sin(x)" in check(text, X)


def test_what_the_cache_shares_with_others_stays() -> None:
    """`kept` is the list that the output is made of: what is appended to it matters."""
    text = (
        "def f(x: np.ndarray):\n    kept = [x]\n    cache = kept\n    cache.append(2 * x)\n"
        "    out = kept[0] * kept[-1]\n    return out, cache\n"
    )
    check(text, X)


def test_a_draw_in_the_cache_is_drawn() -> None:
    """The next draw depends on it."""
    text = (
        "def f(x: np.ndarray):\n    noise = np.random.rand(3)\n    cache = noise\n"
        "    out = x * np.random.rand(3, 4)\n    return out, cache\n"
    )
    made = names(text)
    np.random.seed(0)
    np.random.rand(3)
    expected = X * np.random.rand(3, 4)
    np.random.seed(0)
    np.testing.assert_array_equal(made["f_grad"](X)[0], expected)


def test_a_cache_that_is_asked_for_is_an_output() -> None:
    text = "def f(x: np.ndarray):\n    out = x**2\n    cache = np.sin(x)\n    return out, cache\n"
    value, gradient = names(text, of=["cache"])["f_grad"](X)
    np.testing.assert_array_equal(value, np.sin(X))
    np.testing.assert_allclose(gradient, np.cos(X))


STEP = """\
def step(x, h):
    \"\"\"
    - x: data, of shape (N, D)
    - h: state, of shape (N, D)
    \"\"\"
    out = np.tanh(x + h)
    cache = (x, h, out)
    return out, cache


"""


def test_caches_of_steps_are_left_out_through_calls_and_loops() -> None:
    text = check(
        f"{STEP}def f(x: np.ndarray):\n    N, D = x.shape\n    h = x\n    cache = []\n"
        "    for t in range(3):\n        h, kept = step(x, h)\n        cache.append(kept)\n"
        "    return h, cache\n",
        X,
    )
    assert "h = np.tanh(x + h)" in text
    assert "kept" not in text.split("def f_grad")[1]


def test_what_a_helper_returns_has_the_callers_name() -> None:
    text = check(
        f"{STEP}def f(x: np.ndarray):\n    y, _ = step(x, x)\n    z = y * x\n    return z\n",
        X,
        out=None,
    )
    assert "y = np.tanh(x + x)" in text
    assert "out" not in text.split("def f_grad")[1]


def test_a_helper_that_calls_itself_is_refused() -> None:
    refused(
        "def f(x: np.ndarray):\n    out, cache = f(x)\n    return out, cache\n",
        "calls itself",
    )


# settings


RUNNING = """\
def f(x, param):
    \"\"\"
    - x: data, of shape (N, D)
    - param: a dictionary with the following keys:
      - mode: 'train' or 'test'
      - rate: how much is forgotten
    \"\"\"
    mode = param["mode"]
    rate = param["rate"]
    mean = np.mean(x, axis=0)
    average = param.get("average", np.zeros(x.shape[1]))
    if mode == "train":
        out = (x - mean) * rate
        average = rate * average + (1 - rate) * mean
    else:
        out = x - average
    param["average"] = average
    return out
"""


@pytest.mark.parametrize("mode", ["train", "test"])
def test_settings_are_written_once_and_have_no_gradient(mode: str) -> None:
    given = {"mode": mode, "rate": 0.7, "average": np.arange(4.0)}
    check(RUNNING, X, given, out=None)
    theirs, ours = copy.deepcopy(given), copy.deepcopy(given)
    author: dict[str, Any] = {}
    exec(f"import numpy as np\n{RUNNING}", author)
    author["f"](X, theirs)
    names(RUNNING)["f_grad"](X, ours)
    np.testing.assert_array_equal(ours["average"], theirs["average"])
    assert list(ours) == list(theirs)


def test_a_setting_that_is_described_is_a_number() -> None:
    made = names(RUNNING)
    assert "rate = float(rate)" in made[""]
    with pytest.raises(TypeError):
        made["f_grad"](X, {"mode": "train", "rate": np.ones(4)})


def test_a_written_entry_is_read_as_the_forward_pass_read_it() -> None:
    """The backward pass of split style comes after the write."""
    text = (
        "def f(x: np.ndarray, param):\n    out = x * param['scale'] * 2\n"
        "    param['scale'] = param['scale'] + 1\n    return out\n"
    )
    made = names(text, style="split")
    param = {"scale": 3.0}
    _, cache = made["f_forward"](X, param)
    assert param == {"scale": 4.0}
    np.testing.assert_array_equal(made["f_backward"](np.ones_like(X), cache), np.full_like(X, 6.0))


def test_an_entry_counts_up() -> None:
    text = "def f(x: np.ndarray, param):\n    param['seen'] += 1\n    out = x**2\n    return out\n"
    param = {"seen": 1}
    names(text)["f_grad"](X, param)
    assert param == {"seen": 2}


def test_arms_do_not_see_each_others_writes() -> None:
    check(
        "def f(x: np.ndarray, param):\n    if param['mode'] == 'train':\n        out = 2 * x\n"
        "        param['mean'] = np.mean(x)\n    else:\n        out = x * param['mean']\n"
        "    return out\n",
        X,
        {"mode": "test", "mean": 3.0},
        out=None,
    )


def test_what_may_read_a_written_entry_is_refused() -> None:
    head = "def f(x: np.ndarray, param):\n"
    refused(
        f"{head}    param['mean'] = np.mean(x)\n    out = x - param['mean']\n    return out\n",
        "after it was written",
    )
    refused(
        f"{head}    param['mean'] = np.mean(x)\n    return x - param.get('mean', 0)\n",
        "after it was written",
    )
    refused(
        f"{head}    for i in range(3):\n        param['mean'] = np.mean(x)\n    return x**2\n",
        "in a loop",
    )


# dimensions


def test_dimensions_have_one_spelling() -> None:
    assert normal("4H") == normal("H * 4") == "4*H"
    assert arithmetic("*", "T", "N") == arithmetic("*", "N", "T") == "N*T"
    assert arithmetic("//", "4*H", "H") == 4
    assert arithmetic("*", arithmetic("//", "C", "G") or 0, "G") == "(C//G)*G"
    assert sliced("4*H", "3*H", None) == "H"
    assert sliced("N", None, "M") is None


def test_gates_of_one_product_have_the_width_of_a_state() -> None:
    text = (
        "def f(x, c, W):\n    '''\n    - x: data, of shape (N, D)\n"
        "    - c: state, of shape (N, H)\n"
        "    - W: weights, of shape (D, 2H)\n    '''\n    H = c.shape[1]\n    a = x.dot(W)\n"
        "    out = a[:, :H] * c + a[:, H : 2 * H]\n    return out\n"
    )
    rng = np.random.default_rng(0)
    made = names(text)
    assert "_unbroadcast" not in made[""]
    x, c, W = rng.standard_normal((3, 2)), rng.standard_normal((3, 4)), rng.standard_normal((2, 8))
    _, (dx, dc, _) = made["f_grad"](x, c, W)
    np.testing.assert_allclose(dc, (x @ W)[:, :4])
    np.testing.assert_allclose(dx, np.hstack([c, np.ones_like(c)]) @ W.T)


# margins that the run knows, and windows


@pytest.mark.parametrize(
    "width",
    [
        "((p, p), (p, p))",
        "((0, p), (p, 0))",
        "((p,), (p,))",
        "[(p, p), (0, 0)]",
        "(p, q)",
        "p",
        "((p, q),)",
        "[[p, q], [q, p]]",
    ],
)
@pytest.mark.parametrize("p", [0, 2])
def test_margins_may_be_known_to_the_run_only(width: str, p: int) -> None:
    text = (
        "def f(x, p, q):\n    '''\n    - x: data, of shape (N, D)\n    '''\n"
        f"    out = np.pad(x, {width}) ** 2\n    return out\n"
    )
    check(text, X, p, 1, out=None)


def test_margins_of_other_modes_and_ranks() -> None:
    check(
        "def f(x: np.ndarray, p):\n    return np.pad(x, ((p, 0), (1, p)), 'edge') ** 2\n",
        X,
        2,
        out=None,
    )
    check("def f(x: np.ndarray, p):\n    return np.pad(x, ((p, 0), (1, p))) ** 2\n", X, 2, out=None)


WINDOWS = """\
def f(x, w, s):
    '''
    - x: data, of shape (N,)
    - w: weights, of shape (K,)
    '''
    K = w.shape[0]
    out = np.zeros(1 + (x.shape[0] - K) // s)
    for i in range(out.shape[0]):
        out[i] = np.sum(x[i * s : i * s + K] * w)
    return out
"""


def test_windows_meet_their_weights_without_a_helper() -> None:
    made = names(WINDOWS)
    assert "_unbroadcast" not in made[""]
    x, w = np.arange(7.0) ** 1.3, np.array([0.3, -0.2, 0.7])
    _, (dx, dw) = made["f_grad"](x, w, 2)
    np.testing.assert_allclose(dw, [x[i : i + 5 : 2].sum() for i in range(3)])
    np.testing.assert_allclose(dx, np.convolve([1, 0, 1, 0, 1], w))


def test_a_window_that_is_cut_off_raises() -> None:
    """One entry is left of the window, which numpy broadcasts against the weights."""
    text = (
        "def f(x, w):\n    '''\n    - x: data, of shape (N,)\n    - w: weights, of shape (K,)\n"
        "    '''\n    return np.sum(x[6 : 6 + w.shape[0]] * w)\n"
    )
    x, w = np.arange(7.0), np.array([0.3, -0.2, 0.7])
    made = names(text)
    with pytest.raises(ValueError, match="broadcast"):
        made["f_grad"](x, w)
    np.testing.assert_allclose(names(text, wrt=["w"])["f_grad"](x, w)[1], [6.0, 6.0, 6.0])


def test_a_mean_over_windows_that_are_cut_off_counts_what_is_there() -> None:
    text = (
        "def f(x, k):\n    '''\n    - x: data, of shape (N,)\n    '''\n    out = np.zeros(4)\n"
        "    for i in range(4):\n        out[i] = np.mean(x[2 * i : 2 * i + k])\n    return out\n"
    )
    check(text, np.arange(7.0) ** 1.1, 3, out=None)


# what is not cleared


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(3):\n        out[i] = x[i] ** 2",
        "for i in range(3):\n        out[i] = x[i] ** 2\n        out[0] = x[i]",
        "for i in range(3):\n        out[i // 2] = x[i] ** 2",
        "for i in range(-1, 2):\n        out[i] = x[i] ** 2",
        "for i in range(3):\n        for j in range(2):\n            out[i] = x[i] * x[j]",
        "out[0] = x[0] ** 2\n    out[-3] = x[1]",
        "out[:2] = x[:2] ** 2\n    out[1:] = x[1:]",
    ],
)
def test_a_part_that_was_written_before_is_cleared(body: str) -> None:
    text = f"def f(x: np.ndarray):\n    out = np.zeros((3, 4))\n    {body}\n    return out\n"
    check(text, X, out=None)


# softmax and normalization over several lines


MEAN = "m = np.mean(x, axis=0)\n    "
SHIFTED = "s = x - np.max(x, axis=1, keepdims=True)\n    "
SOFTMAX = """\
def f(x):
    '''
    - x: scores, of shape (N, C)
    '''
    {body}
"""


@pytest.mark.parametrize(
    "body",
    [
        f"{SHIFTED}e = np.exp(s)\n    p = e / np.sum(e, axis=1, keepdims=True)\n    return p**2",
        "s = x - x.max()\n    e = np.exp(s)\n    return np.sin(e / e.sum())",
        f"{SHIFTED}Z = np.sum(np.exp(s), axis=1, keepdims=True)\n"
        "    return (s - np.log(Z)) ** 2",
        f"{SHIFTED}e = np.exp(2 * s)\n    p = e / np.sum(e, axis=1, "
        "keepdims=True)\n    return p**2",
        "e = np.exp(x)\n    p = e / np.sum(e, axis=0)\n    return p * e",
        "s = x - np.max(x, axis=0)\n    e = np.exp(s)\n    return (e / np.sum(e, axis=0)) ** 2",
    ],
)
def test_a_maximum_that_cancels_has_no_gradient(body: str) -> None:
    text = check(SOFTMAX.format(body=body), X, out=None)
    assert ("at_max" in text) == ("2 * s" in body)


@pytest.mark.parametrize(
    "body",
    [
        f"{SHIFTED}return np.sin(s)",
        f"{SHIFTED}return np.exp(s)",
        f"{SHIFTED}e = np.exp(s)\n    return e / (1 + np.sum(e, axis=1, keepdims=True))",
        f"{SHIFTED}e = np.exp(s)\n    return e / np.sum(e, axis=0, keepdims=True)",
        "s = x - np.max(x, axis=0)\n    e = np.exp(s)\n    return e / np.sum(e)",
        f"{SHIFTED}t = s\n    for i in range(2):\n        t = t * 2\n    return t",
    ],
)
def test_a_maximum_that_does_not_cancel_has_its_gradient(body: str) -> None:
    assert "at_max" in check(SOFTMAX.format(body=body), X, out=None)


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (
            f"{MEAN}v = np.var(x, axis=0)\n    y = (x - m) / np.sqrt(v + 1e-5)",
            True,
        ),
        (
            "m = x.mean(axis=1, keepdims=True)\n    c = x - m\n"
            "    v = np.mean(c**2, axis=1, keepdims=True)\n    y = c / np.sqrt(1e-5 + v)",
            True,
        ),
        (
            f"{MEAN}v = np.var(x, axis=0, ddof=1)\n    y = (x - m) / np.sqrt(v + 1)",
            False,
        ),
        (f"{MEAN}v = np.var(x)\n    y = (x - m) / np.sqrt(v + 1)", False),
        (
            f"{MEAN}v = np.var(2 * x, axis=0)\n    y = (x - m) / np.sqrt(v + 1)",
            False,
        ),
        (
            f"{MEAN}v = np.var(x, axis=0)\n    y = (x - m) / np.sqrt(v + x[0, 0])",
            False,
        ),
        (
            f"{MEAN}s = np.sqrt(np.var(x, axis=0) + 1)\n    y = (x - m) / s * s + m",
            True,
        ),
        (  # what is added is not one number along the axis
            "m = x.mean(axis=1, keepdims=True)\n    v = x.var(axis=1, keepdims=True)\n"
            "    y = (x - m) / np.sqrt(v + np.arange(1, 1 + x.shape[1]))",
            False,
        ),
    ],
)
def test_a_normalization_is_gone_back_through_as_one(body: str, is_one: bool) -> None:
    text = check(SOFTMAX.format(body=f"{body}\n    return y**2"), X, out=None)
    assert ("included" in text) == is_one


# old contents that only mask what is 0 there


def test_what_was_overwritten_is_not_kept_for_a_mask_of_what_is_cleared() -> None:
    head = "m = np.maximum(0, x)\n    m[0, 1] = 0\n    "
    assert "m_old" not in check(SOFTMAX.format(body=f"{head}return m**2"), X - 1, out=None)
    text = check(SOFTMAX.format(body=f"{head}m[1] = 3\n    return m**2"), X - 1, out=None)
    assert "m_old" not in text


def test_what_was_overwritten_is_kept_where_it_is_read_before() -> None:
    """The cotangent is not 0 there any more when the mask is taken."""
    head = "m = np.maximum(0, x)\n    s = np.sum(m**2)\n    m[0, 1] = 0\n    "
    text = check(SOFTMAX.format(body=f"{head}return s * m"), 0.2 + X, out=None)
    assert "m_old" in text
