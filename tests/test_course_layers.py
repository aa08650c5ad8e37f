"""The course's layers, checked as the course does: a random dout, numerical gradients."""

from __future__ import annotations

import copy
import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
STEP = 1e-5


def load(path: Path) -> ModuleType:
    """Import a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numerical_gradient(function: Callable[[Any], Any], x: Any, dout: Any) -> Any:
    """Return the gradient of sum(function(x) * dout), as eval_numerical_gradient_array does."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        before = x[place]
        x[place] = before + STEP
        above = copy.deepcopy(function(x))
        x[place] = before - STEP
        below = copy.deepcopy(function(x))
        x[place] = before
        gradient[place] = sum(
            np.sum((a - b) * d) for a, b, d in zip(above, below, dout, strict=True)
        ) / (2 * STEP)
    return gradient


def random(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng([seed, *shape]).standard_normal(shape)


def apart(*shape: int) -> Any:
    """Return numbers no two of which are near: a maximum is no kink."""
    count = int(np.prod(shape))
    return np.random.default_rng(0).permutation(np.linspace(-1, 1, count)).reshape(shape)


@dataclass
class Layer:
    """A layer of the examples, and arguments to check it at."""

    file: str
    name: str
    arguments: tuple[Any, ...]
    wrt: tuple[str, ...]
    outputs: int = 1
    words: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def backward(self) -> str:
        return self.name.replace("forward", "backward")


N, T, D, H, C = 3, 4, 5, 6, 4
BN = ("x", "gamma", "beta")
STEP_WEIGHTS = (random(D, H), random(H, H), random(H))
LSTM_WEIGHTS = (random(D, 4 * H), random(H, 4 * H), random(4 * H))
RUNNING = {"running_mean": random(D), "running_var": 1.0 + random(D) ** 2}
IMAGES = random(2, 3, 5, 5)
LAYERS = [
    Layer("affine", "affine_forward", (random(2, 3, 4), random(12, 5), random(5)), ("x", "w", "b")),
    Layer("affine", "relu_forward", (apart(3, 4),), ("x",)),
    Layer(
        "affine",
        "affine_relu_forward",
        (random(2, 3, 4), random(12, 5), random(5)),
        ("x", "w", "b"),
    ),
    *(
        Layer(
            "dropout",
            "dropout_forward",
            (random(7, 5), {"mode": mode, "p": 0.6, "seed": 3}),
            ("x",),
            words=mode,
        )
        for mode in ("train", "test")
    ),
    Layer(
        "embedding",
        "word_embedding_forward",
        (np.array([[0, 3, 1, 3], [2, 0, 0, 1]]), random(5, 3)),
        ("W",),
    ),
    Layer(
        "embedding",
        "temporal_affine_forward",
        (random(N, T, D), random(D, H), random(H)),
        ("x", "w", "b"),
    ),
    Layer(
        "recurrent",
        "rnn_step_forward",
        (random(N, D), random(N, H), *STEP_WEIGHTS),
        ("x", "prev_h", "Wx", "Wh", "b"),
    ),
    Layer(
        "recurrent",
        "rnn_forward",
        (random(N, T, D), random(N, H), *STEP_WEIGHTS),
        ("x", "h0", "Wx", "Wh", "b"),
    ),
    Layer(
        "recurrent",
        "lstm_step_forward",
        (random(N, D), random(N, H), random(N, H, seed=1), *LSTM_WEIGHTS),
        ("x", "prev_h", "prev_c", "Wx", "Wh", "b"),
        outputs=2,
    ),
    Layer(
        "recurrent",
        "lstm_forward",
        (random(N, T, D), random(N, H), *LSTM_WEIGHTS),
        ("x", "h0", "Wx", "Wh", "b"),
    ),
    Layer(
        "normalization", "layernorm_forward", (random(4, D), random(D), random(D, seed=1), {}), BN
    ),
    *(
        Layer(
            "normalization",
            "batchnorm_forward",
            (random(7, D), random(D), random(D, seed=1), {"mode": mode, **RUNNING}),
            BN,
            words=mode,
        )
        for mode in ("train", "test")
    ),
    *(
        Layer(
            "normalization",
            "spatial_batchnorm_forward",
            (
                random(2, D, 3, 2),
                random(D),
                random(D, seed=1),
                {"mode": mode, **RUNNING},
            ),
            BN,
            words=mode,
        )
        for mode in ("train", "test")
    ),
    Layer(
        "normalization",
        "spatial_groupnorm_forward",
        (random(2, 6, 3, 2), random(1, 6, 1, 1), random(1, 6, 1, 1, seed=1), 3, {"eps": 1e-3}),
        BN,
    ),
    *(
        Layer(
            "convolution",
            "conv_forward_naive",
            (IMAGES, random(2, 3, 3, 3), random(2), {"stride": stride, "pad": pad}),
            ("x", "w", "b"),
            words=f"stride {stride}, pad {pad}",
        )
        for stride, pad in ((1, 1), (2, 1), (1, 0))
    ),
    *(
        Layer(
            "convolution",
            "max_pool_forward_naive",
            (apart(2, 3, 4, 4), {"pool_height": 2, "pool_width": 2, "stride": stride}),
            ("x",),
            words=f"stride {stride}",
        )
        for stride in (2, 1)
    ),
]


def title(layer: Layer) -> str:
    return f"{layer.name} {layer.words}".strip()


def split(layer: Layer) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Return the author's forward function, and the forward and backward pass made of it."""
    theirs = load(ROOT / "examples" / "layers" / f"{layer.file}.py")
    ours = load(ROOT / "generated" / "layers" / f"{layer.file}_split.py")
    return getattr(theirs, layer.name), getattr(ours, layer.name), getattr(ours, layer.backward)


def in_dtype(argument: Any, dtype: type) -> Any:
    """Return an argument in a precision; indices stay what they are."""
    if isinstance(argument, dict):
        return {key: in_dtype(value, dtype) for key, value in argument.items()}
    if isinstance(argument, np.ndarray) and argument.dtype.kind == "f":
        return argument.astype(dtype)
    return copy.deepcopy(argument)


def run(layer: Layer, dtype: type) -> tuple[list[Any], list[Any], tuple[Any, ...]]:
    """Return the outputs, random cotangents of theirs, and the gradients for them."""
    _, forward, backward = split(layer)
    arguments = [in_dtype(argument, dtype) for argument in layer.arguments]
    *outputs, cache = forward(*arguments)
    dout = [random(*out.shape, seed=7 + at).astype(dtype) for at, out in enumerate(outputs)]
    before = copy.deepcopy(dout)
    gradients = backward(*dout, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    again = backward(*dout, cache)
    again = again if isinstance(again, tuple) else (again,)
    for one, other in zip(gradients, again, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(np.ravel(dout), np.ravel(before))
    return outputs, dout, gradients


@pytest.mark.parametrize("layer", LAYERS, ids=title)
def test_a_layer_has_the_gradients_of_a_random_dout(layer: Layer) -> None:
    author, _, _ = split(layer)
    outputs, dout, gradients = run(layer, np.float64)
    assert len(outputs) == layer.outputs
    expected = author(*copy.deepcopy(layer.arguments))[:-1]
    for ours, theirs in zip(outputs, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    names = list(inspect.signature(author).parameters)
    assert len(gradients) == len(layer.wrt)
    for name, gradient in zip(layer.wrt, gradients, strict=True):
        at = names.index(name)

        def function(x: Any, at: int = at) -> Any:
            given = copy.deepcopy(layer.arguments)
            return author(*given[:at], x, *given[at + 1 :])[:-1]

        numerical = numerical_gradient(function, layer.arguments[at].copy(), dout)
        assert gradient.shape == numerical.shape
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("layer", LAYERS, ids=title)
def test_float32_stays_float32(layer: Layer) -> None:
    outputs, _, gradients = run(layer, np.float32)
    _, _, precise = run(layer, np.float64)
    for gradient, exact in zip(gradients, precise, strict=True):
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, exact, rtol=1e-3, atol=1e-3)
    assert all(out.dtype == np.float32 for out in outputs)


@pytest.mark.parametrize("layer", LAYERS, ids=title)
def test_parameters_are_the_authors_and_a_layer_shares_no_memory(layer: Layer) -> None:
    author, forward, backward = split(layer)
    assert list(inspect.signature(forward).parameters) == list(inspect.signature(author).parameters)
    names = [name for name in inspect.signature(backward).parameters if name != "cache"]
    assert len(names) == layer.outputs
    assert all(name.startswith("d") for name in names)
    arguments = copy.deepcopy(layer.arguments)
    *outputs, cache = forward(*arguments)
    gradients = backward(*outputs, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    held = [a for a in (*arguments, *outputs) if isinstance(a, np.ndarray)]
    for place, gradient in enumerate(gradients):
        for other in (*held, *gradients[:place]):
            assert not np.shares_memory(gradient, other)
    for out in outputs:
        assert not any(np.shares_memory(out, a) for a in arguments if isinstance(a, np.ndarray))


def test_running_averages_are_updated_once() -> None:
    author, forward, backward = split(
        next(
            one
            for one in LAYERS
            if title(one).endswith("train") and one.name == "batchnorm_forward"
        )
    )
    x, gamma, beta = random(7, D), random(D), random(D, seed=1)
    ours: dict[str, Any] = {"mode": "train"}
    theirs = copy.deepcopy(ours)
    for _ in range(3):
        out, cache = forward(x, gamma, beta, ours)
        backward(out, cache)
        author(x, gamma, beta, theirs)
    assert ours.keys() == theirs.keys()
    for key in ("running_mean", "running_var"):
        np.testing.assert_array_equal(ours[key], theirs[key])
    np.testing.assert_allclose(ours["running_mean"], (1 - 0.9**3) * x.mean(axis=0), rtol=1e-12)


LABELS = np.array([2, 0, 3, 1, 2])
REG = (random(D, C), random(5, D), LABELS, 0.3)
LOSSES: list[tuple[str, tuple[Any, ...]]] = [
    ("svm_loss", (random(5, C), LABELS)),
    ("softmax_loss", (random(5, C), LABELS)),
    (
        "temporal_softmax_loss",
        (
            random(N, T, C),
            np.arange(N * T).reshape(N, T) % C,
            np.arange(N * T).reshape(N, T) % 3 > 0,
        ),
    ),
    ("svm_loss_naive", REG),
    ("svm_loss_vectorized", REG),
    ("softmax_loss_naive", REG),
    ("softmax_loss_vectorized", REG),
]


@pytest.mark.parametrize(("name", "arguments"), LOSSES, ids=[name for name, _ in LOSSES])
def test_a_loss_gives_itself_and_the_gradient_of_its_first_argument(
    name: str, arguments: tuple[Any, ...]
) -> None:
    author = getattr(load(ROOT / "examples" / "layers" / "losses.py"), name)
    ours = getattr(load(ROOT / "generated" / "layers" / "losses_grad.py"), f"{name}_grad")
    loss, gradient = ours(*arguments)
    np.testing.assert_allclose(loss, author(*arguments), rtol=1e-12)
    first, *others = arguments
    numerical = numerical_gradient(lambda x: [author(x, *others)], first.copy(), [1.0])
    np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)
    _, single = ours(first.astype(np.float32), *(in_dtype(o, np.float32) for o in others))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, gradient, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("naive", "vectorized"),
    [("svm_loss_naive", "svm_loss_vectorized"), ("softmax_loss_naive", "softmax_loss_vectorized")],
)
def test_naive_and_vectorized_losses_agree(naive: str, vectorized: str) -> None:
    module = load(ROOT / "generated" / "layers" / "losses_grad.py")
    one, other = (getattr(module, f"{name}_grad")(*REG) for name in (naive, vectorized))
    np.testing.assert_allclose(one[0], other[0], rtol=1e-12)
    np.testing.assert_allclose(one[1], other[1], rtol=1e-10)
