import numpy as np
from jaxtyping import Float


def _rate(state, mu):
    r = np.sqrt(state[0] ** 2 + state[1] ** 2)
    pull = -mu / r**3
    return np.array([state[2], state[3], pull * state[0], pull * state[1]])


# codegen: wrt=start,mu
# codegen: example misfit(np.array([1.0, 0.0, 0.1, 0.9]), 1.0, np.array([[0.9, 0.3], [0.7, 0.6], [0.4, 0.8]]), 0.15)
def misfit(
    start: Float[np.ndarray, "4"],
    mu: float,
    observed: Float[np.ndarray, "N 2"],
    step: float,
):
    """Squared distance of an orbit, integrated by Runge-Kutta from its start, from observations."""
    state = start
    loss = 0.0
    for n in range(observed.shape[0]):
        for _ in range(2):
            k1 = _rate(state, mu)
            k2 = _rate(state + 0.5 * step * k1, mu)
            k3 = _rate(state + 0.5 * step * k2, mu)
            k4 = _rate(state + step * k3, mu)
            state = state + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        loss += np.sum((state[:2] - observed[n]) ** 2)
    return loss
