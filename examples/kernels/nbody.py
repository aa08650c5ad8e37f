import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example nbody(np.array([1.0, 2.0, 0.5]), np.array([[0.0, 1.0, 0.2], [1.0, 0.3, 0.0], [-1.0, 0.1, 0.7]]), np.arange(9.0).reshape(3, 3) * 0.1, 3, 0.01, 1.0, 0.1)
def nbody(
    mass: Float[Array, "N"],
    pos: Float[Array, "N 3"],
    vel: Float[Array, "N 3"],
    steps: int,
    dt: float,
    G: float,
    softening: float,
):
    """Move bodies under their gravity by the leapfrog method; positions and velocities in place."""
    for t in range(steps):
        for i in range(len(mass)):
            away = pos - pos[i]
            inv_r3 = (np.sum(away**2, axis=1) + softening**2) ** -1.5
            vel[i] += dt * G * ((mass * inv_r3) @ away)
        pos += dt * vel
