import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray


# codegen: example loss(np.arange(15.0).reshape(5, 3) * 0.1, np.array([0.3, -0.5, 0.2]), np.array([0, 2, 2, 4]), 1.0)
def loss(
    E: Float[Array, "V D"],
    w: Float[Array, "D"],
    words: Int[Array, "T"],
    label: float,
):
    """Squared error of a linear reading of a text: the average of its words' vectors."""
    bag = np.zeros(E.shape[1])
    for t in range(len(words)):
        bag = bag + E[words[t]]  # a word may occur again
    score = np.tanh(bag / len(words) @ w)
    return (score - label) ** 2
