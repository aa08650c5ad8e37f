import numpy as np
from jaxtyping import Float, Int


# codegen: example TwoLayerNet(3, 4, 5, std=1.0).loss(np.arange(6.0).reshape(2, 3) - 2.3, np.array([1, 4]), 0.3)
class TwoLayerNet:
    """A fully connected net: affine, relu, affine, softmax."""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params["W1"] = std * np.random.randn(input_size, hidden_size)
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = std * np.random.randn(hidden_size, output_size)
        self.params["b2"] = np.zeros(output_size)

    def loss(
        self,
        X: Float[np.ndarray, "N input_size"],
        y: Int[np.ndarray, "N"] | None = None,
        reg: float = 0.0,
    ):
        """Compute the softmax loss; without y, the scores."""
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N = X.shape[0]

        h = np.maximum(0, X @ W1 + b1)
        scores = h @ W2 + b2
        if y is None:
            return scores

        shifted = scores - np.max(scores, axis=1, keepdims=True)
        log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        data_loss = -np.sum(log_probs[np.arange(N), y]) / N
        loss = data_loss + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        return loss

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)
