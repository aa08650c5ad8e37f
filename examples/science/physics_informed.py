import numpy as np
from jaxtyping import Float


# codegen: wrt=w,b,v
# codegen: example residual_loss(np.array([1.0, -0.7, 0.4]), np.array([0.1, 0.3, -0.2]), np.array([0.5, -0.4, 0.9]), np.array([0.1, 0.35, 0.6, 0.9]))
def residual_loss(
    w: Float[np.ndarray, "H"],
    b: Float[np.ndarray, "H"],
    v: Float[np.ndarray, "H"],
    x: Float[np.ndarray, "N"],
):
    """Loss of a net u(x) = tanh(x w + b) @ v that is to solve u'' = -pi**2 sin(pi x), u(0) = u(1) = 0."""
    t = np.tanh(np.outer(x, w) + b)
    second = (-2.0 * t * (1.0 - t**2) * w**2) @ v
    residual = second + np.pi**2 * np.sin(np.pi * x)
    left, right = np.tanh(b) @ v, np.tanh(w + b) @ v
    return np.mean(residual**2) + left**2 + right**2
