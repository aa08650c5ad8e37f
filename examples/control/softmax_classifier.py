import numpy as np


# codegen: example loss({"W1": np.arange(6.0).reshape(2, 3) * 0.1, "b1": np.array([0.1, -0.2, 0.3]), "W2": np.arange(9.0).reshape(3, 3) * 0.1 - 0.4, "b2": np.zeros(3)}, np.arange(8.0).reshape(4, 2) * 0.3 - 1, np.array([0, 2, 1, 1]), 0.1)
def loss(params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray, reg: float = 0.0):
    """Softmax loss of a two-layer classifier whose parameters are a dict.

    X : ndarray of shape (N, D)
    y : ndarray of shape (N,), int
    """
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    hidden = np.tanh(X @ W1 + b1)
    scores = hidden @ W2 + b2
    scores = scores - np.max(scores, axis=1, keepdims=True)
    log_probs = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    data_loss = -np.mean(log_probs[np.arange(len(y)), y])
    penalty = 0.0
    for name in ("W1", "W2"):
        penalty += np.sum(params[name] ** 2)
    return data_loss + reg * penalty
