import numpy as np
from jaxtyping import Float


# codegen: wrt=weights
# codegen: example risk(np.array([0.5, 0.3, 0.2]), np.array([[0.02, -0.01, 0.03], [-0.05, 0.02, 0.01], [0.03, 0.04, -0.06], [-0.01, -0.02, 0.02]]))
def risk(weights: Float[np.ndarray, "A"], returns: Float[np.ndarray, "T A"]):
    """How deep a portfolio falls below its best value so far, on average and at worst."""
    wealth = np.cumprod(1 + returns @ weights)
    best = np.maximum.accumulate(np.append(1.0, wealth))
    depth = 1 - wealth / best[1:]
    return np.mean(depth) + np.max(depth)
