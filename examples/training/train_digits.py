"""A small convolutional net of generated layers learns the digits that scikit-learn ships.

python examples/training/train_digits.py

needs scikit-learn, matplotlib and tqdm: pip install -e '.[training]'
"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "digits_loss.png"
EPOCHS, BATCH, RATE, MOMENTUM = 12, 32, 0.08, 0.9


def generated_layers() -> ModuleType:
    """Import generated/training/digit_layers_split.py, whatever folder this runs in."""
    path = ROOT / "generated" / "training" / "digit_layers_split.py"
    spec = importlib.util.spec_from_file_location("digit_layers_split", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layers = generated_layers()


def parameters(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the parameters of conv 3x3 (16), relu, pool, conv 3x3 (32), relu, affine (10)."""
    return {
        "w1": rng.normal(size=(3, 3, 1, 16)) * (2 / 9) ** 0.5,
        "b1": np.zeros(16),
        "w2": rng.normal(size=(3, 3, 16, 32)) * (2 / 144) ** 0.5,
        "b2": np.zeros(32),
        "w3": rng.normal(size=(4 * 4 * 32, 10)) * (1 / 512) ** 0.5,
        "b3": np.zeros(10),
    }


def padded(x: np.ndarray) -> np.ndarray:
    """Return images with a margin of one."""
    return np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))


def scores(p: dict[str, np.ndarray], x: np.ndarray) -> tuple[np.ndarray, list[object]]:
    """Return the scores of images, and the caches of the layers."""
    h, conv1 = layers.conv_forward(padded(x), p["w1"], p["b1"])
    h, relu1 = layers.relu_forward(h)
    h, pool = layers.pool_forward(h)
    h, conv2 = layers.conv_forward(padded(h), p["w2"], p["b2"])
    h, relu2 = layers.relu_forward(h)
    out, affine = layers.affine_forward(h, p["w3"], p["b3"])
    return out, [conv1, relu1, pool, conv2, relu2, affine]


def loss_and_gradients(
    p: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray
) -> tuple[float, dict[str, np.ndarray]]:
    """Return the loss of a batch and its gradient by each parameter."""
    out, (conv1, relu1, pool, conv2, relu2, affine) = scores(p, x)
    loss, softmax = layers.softmax_loss_forward(out, y)
    g = {}
    d = layers.softmax_loss_backward(1.0, softmax)
    d, g["w3"], g["b3"] = layers.affine_backward(d, affine)
    d = layers.relu_backward(d, relu2)
    d, g["w2"], g["b2"] = layers.conv_backward(d, conv2)
    d = layers.pool_backward(d[:, 1:-1, 1:-1, :], pool)
    d = layers.relu_backward(d, relu1)
    _, g["w1"], g["b1"] = layers.conv_backward(d, conv1)
    return float(loss), g


def main() -> float:
    """Train, draw the loss, and return the accuracy on images that were not seen."""
    import matplotlib as mpl
    from sklearn.datasets import load_digits
    from tqdm import tqdm

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(0)
    digits = load_digits()
    order = rng.permutation(len(digits.target))
    images = (digits.images / 16.0)[order, :, :, None]
    labels = digits.target[order]
    train, test = slice(0, 1437), slice(1437, None)
    p = parameters(rng)
    velocity = {name: np.zeros_like(value) for name, value in p.items()}
    losses = []
    start = time.perf_counter()
    steps = 1437 // BATCH
    with tqdm(total=EPOCHS * steps, unit="step") as bar:
        for epoch in range(EPOCHS):
            shuffled = rng.permutation(1437)
            rate = RATE * (1 - epoch / EPOCHS)
            for step in range(steps):
                batch = shuffled[step * BATCH : (step + 1) * BATCH]
                loss, g = loss_and_gradients(p, images[train][batch], labels[train][batch])
                for name in p:
                    velocity[name] = MOMENTUM * velocity[name] - rate * g[name]
                    p[name] += velocity[name]
                losses.append(loss)
                bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                bar.update()
    seconds = time.perf_counter() - start
    guess = np.argmax(scores(p, images[test])[0], axis=1)
    accuracy = float(np.mean(guess == labels[test]))
    plt.figure(figsize=(6, 4))
    plt.plot(losses, linewidth=0.5)
    plt.xlabel("step")
    plt.ylabel("loss")
    plt.yscale("log")
    plt.tight_layout()
    plt.savefig(PICTURE)
    print(f"accuracy {accuracy:.1%} on {len(guess)} unseen digits, {seconds:.1f} s, {PICTURE.name}")
    return accuracy


if __name__ == "__main__":
    main()
