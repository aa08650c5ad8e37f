import numpy as np
from jaxtyping import Float


def _rotate(r, X):
    """Rotate points X about the axes r by their lengths (Rodrigues)."""
    theta = np.sqrt(np.sum(r**2, axis=1, keepdims=True))
    axis = r / theta
    along = np.sum(axis * X, axis=1, keepdims=True)
    turned = axis[:, [1, 2, 0]] * X[:, [2, 0, 1]] - axis[:, [2, 0, 1]] * X[:, [1, 2, 0]]
    return np.cos(theta) * X + np.sin(theta) * turned + (1 - np.cos(theta)) * along * axis


# codegen: wrt=rotations,centers,focals,radial,points
# codegen: example reprojection_error(np.array([[0.1, -0.2, 0.3], [0.4, 0.1, -0.2]]), np.array([[0.1, 0.2, -5.0], [-0.3, 0.1, -6.0]]), np.array([1.1, 0.9]), np.array([[0.01, -0.002], [0.02, 0.001]]), np.array([[0.3, -0.4, 0.5], [0.9, 0.1, -0.2], [-0.5, 0.6, 0.1]]), np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), np.array([[0.1, 0.2], [0.3, -0.1], [0.2, 0.4], [-0.3, 0.1]]))
def reprojection_error(
    rotations: Float[np.ndarray, "C 3"],
    centers: Float[np.ndarray, "C 3"],
    focals: Float[np.ndarray, "C"],
    radial: Float[np.ndarray, "C 2"],
    points: Float[np.ndarray, "P 3"],
    camera: np.ndarray,
    point: np.ndarray,
    observed: Float[np.ndarray, "N 2"],
):
    """Squared distance of where cameras see points from where they should, with lens distortion."""
    X = _rotate(rotations[camera], points[point] - centers[camera])
    projected = X[:, :2] / X[:, 2:]
    r2 = np.sum(projected**2, axis=1)
    distortion = 1.0 + radial[camera, 0] * r2 + radial[camera, 1] * r2**2
    scale = focals[camera] * distortion
    residual = projected * scale[:, None] - observed
    return np.sum(residual**2)
