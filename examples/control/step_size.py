import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: wrt=lr
# codegen: example loss_after(0.1, np.array([[2.0, 0.3], [0.3, 1.0]]), np.array([0.2, 0.1]), np.array([1.0, -2.0]), 10)
def loss_after(
    lr: float,
    A: Float[Array, "N N"],
    b: Float[Array, "N"],
    x: Float[Array, "N"],
    steps: int,
):
    """What gradient descent on a quadratic reaches, as a function of its step size."""
    for _ in range(steps):
        grad = A @ x - b
        x = x - lr * grad
    return 0.5 * x @ A @ x - b @ x
