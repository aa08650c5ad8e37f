import numpy as np
from jaxtyping import Float

Array = np.ndarray


def softmax(x: Float[Array, "N H SM SM"]):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum
