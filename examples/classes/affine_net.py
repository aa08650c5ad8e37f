import numpy as np
from jaxtyping import Float


# codegen: example Affine(3, 4).forward(np.arange(6.0).reshape(2, 3))
class Affine:
    """A fully connected layer."""

    def __init__(self, n_in, n_out, scale=0.1):
        self.W = scale * np.random.randn(n_in, n_out)
        self.b = np.zeros(n_out)

    def forward(self, x: Float[np.ndarray, "N n_in"]):
        return x @ self.W + self.b


class Relu:
    """The positive part."""

    def forward(self, x: Float[np.ndarray, "N H"]):
        return np.maximum(0, x)


# codegen: example Net(3, 4, 2).forward(np.arange(6.0).reshape(2, 3) - 2.3)
class Net:
    """Two layers, with a parameter of its own for the scale of the output."""

    def __init__(self, n_in, n_hidden, n_out):
        self.layers = [Affine(n_in, n_hidden), Relu(), Affine(n_hidden, n_out)]
        self.scale = np.ones(n_out)

    def forward(self, x: Float[np.ndarray, "N n_in"]):
        for layer in self.layers:
            x = layer.forward(x)
        return self.scale * x

    def step(self, rate):
        """Take one step down the gradient that backward left."""
        for layer in (self.layers[0], self.layers[2]):
            layer.W -= rate * layer.dW
            layer.b -= rate * layer.db
        self.scale -= rate * self.dscale
