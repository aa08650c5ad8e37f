import numpy as np


# codegen: example dropout_forward(np.arange(6.0).reshape(2, 3) - 2.5, {"mode": "train", "p": 0.6, "seed": 1})
# codegen: example dropout_forward(np.arange(6.0).reshape(2, 3) - 2.5, {"mode": "test", "p": 0.6})
def dropout_forward(x, dropout_param):
    """
    Performs the forward pass for (inverted) dropout.

    Inputs:
    - x: A numpy array of input data, of any shape
    - dropout_param: A dictionary with the following keys:
      - p: We keep each neuron output with probability p.
      - mode: 'test' or 'train'. If the mode is train, then perform dropout;
        if the mode is test, then just return the input.
      - seed: Seed for the random number generator, optional.

    Returns a tuple of:
    - out: Array of the same shape as x
    - cache: what the backward pass needs
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])

    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p).astype(x.dtype) / p
        out = x * mask
    elif mode == "test":
        out = x
    else:
        raise ValueError("Invalid dropout mode")

    cache = (dropout_param, mask)
    return out, cache
