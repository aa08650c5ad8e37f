import numpy as np
from jaxtyping import Float


# codegen: example interpolation_loss(np.array([0.0, 1.0, 0.5, 2.0]), np.array([0.1, 0.7, 1.4, 2.2, 2.9]), np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.2, 0.5, 0.9, 1.1, 1.8]))
# codegen: wrt=heights
def interpolation_loss(
    heights: Float[np.ndarray, "K"],
    x: Float[np.ndarray, "N"],
    knots: Float[np.ndarray, "K"],
    y: Float[np.ndarray, "N"],
    smooth: float = 0.1,
):
    """Fit of a piecewise linear curve to points, with a penalty on its bends."""
    guess = np.interp(x, knots, heights)
    bends = np.diff(np.diff(heights))
    return np.sum((guess - y) ** 2) + smooth * np.sum(bends**2)


# codegen: example pinball(np.array([0.3, -0.2]), 0.1, np.sin(np.arange(10.0)).reshape(5, 2), np.cos(np.arange(5.0)), 0.9)
# codegen: wrt=w,b
def pinball(
    w: Float[np.ndarray, "D"],
    b: float,
    X: Float[np.ndarray, "N D"],
    y: Float[np.ndarray, "N"],
    level: float,
):
    """Loss of quantile regression: its minimum is the quantile of a level."""
    error = y - (X @ w + b)
    return np.mean(np.maximum(level * error, (level - 1) * error))


# codegen: example spread_loss(np.array([0.3, -0.2]), np.sin(np.arange(14.0)).reshape(7, 2))
# codegen: wrt=w
def spread_loss(w: Float[np.ndarray, "D"], X: Float[np.ndarray, "N D"]):
    """Distance between two quantiles of a projection, relative to its median."""
    z = np.exp(X @ w)
    low, high = np.quantile(z, 0.1), np.quantile(z, 0.9)
    return (high - low) / np.median(z)
