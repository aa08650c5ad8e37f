import numpy as np
from jaxtyping import Float


# codegen: example compliance(np.array([0.3, 0.25, 0.2]), 2.0, np.array([0.0, 0.0, 0.0, 0.0, -1.0, 0.0]))
def compliance(
    heights: Float[np.ndarray, "E"],
    length: float,
    load: Float[np.ndarray, "M"],
):
    """Work of a load on a clamped beam of Euler-Bernoulli elements, assembled in place."""
    E = heights.shape[0]
    h = length / E
    K = np.zeros((2 * E + 2, 2 * E + 2))
    element = np.array(
        [
            [12.0, 6.0, -12.0, 6.0],
            [6.0, 4.0, -6.0, 2.0],
            [-12.0, -6.0, 12.0, -6.0],
            [6.0, 2.0, -6.0, 4.0],
        ]
    )
    for e in range(E):
        stiffness = heights[e] ** 3 / 12.0 / h**3
        K[2 * e : 2 * e + 4, 2 * e : 2 * e + 4] += stiffness * element
    u = np.linalg.solve(K[2:, 2:], load)
    return load @ u
