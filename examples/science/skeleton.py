import numpy as np
from jaxtyping import Float


# codegen: wrt=angles,lengths
# codegen: example tip_error(np.array([[0.3, -0.2], [0.5, 0.1], [-0.4, 0.6]]), np.array([1.0, 0.8, 0.5]), np.array([[0.3, 0.9, 0.2], [0.4, 1.5, 0.1], [0.2, 1.8, 0.6]]))
def tip_error(
    angles: Float[np.ndarray, "J 2"],
    lengths: Float[np.ndarray, "J"],
    markers: Float[np.ndarray, "J 3"],
):
    """Squared distance of a chain of bones, turned at each joint about two axes, from markers."""
    turn = np.eye(3)
    joint = np.zeros(3)
    loss = 0.0
    for j in range(angles.shape[0]):
        c, s = np.cos(angles[j, 0]), np.sin(angles[j, 0])
        d, t = np.cos(angles[j, 1]), np.sin(angles[j, 1])
        bend = np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
        spread = np.array([[d, -t, 0.0], [t, d, 0.0], [0.0, 0.0, 1.0]])
        turn = turn @ (bend @ spread)
        joint = joint + lengths[j] * turn[:, 1]
        loss += np.sum((joint - markers[j]) ** 2)
    return loss
