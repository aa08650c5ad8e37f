import numpy as np
from jaxtyping import Float

Array = np.ndarray


# codegen: example softmax(np.arange(12.0).reshape(1, 2, 3, 2) % 5 * 0.4)
def softmax(x: Float[Array, "N H T S"]):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum
