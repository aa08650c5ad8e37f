import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray


# codegen: example svm_loss(np.array([[1.0, 2.5, 0.3], [0.1, 0.2, 1.7]]), np.array([0, 2]))
def svm_loss(x: Float[Array, "N C"], y: Int[Array, "N"]):
    """Multiclass SVM loss of the scores x."""
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    return loss
