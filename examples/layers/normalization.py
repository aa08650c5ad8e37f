import numpy as np


# codegen: example batchnorm_forward(np.array([[0.1, 1.2], [-0.7, 0.4], [1.5, -0.3]]), np.array([1.1, 0.9]), np.array([0.2, -0.1]), {"mode": "train"})
# codegen: example batchnorm_forward(np.array([[0.1, 1.2], [-0.7, 0.4], [1.5, -0.3]]), np.array([1.1, 0.9]), np.array([0.2, -0.1]), {"mode": "test", "eps": 0.01})
def batchnorm_forward(x, gamma, beta, bn_param):
    """
    Forward pass for batch normalization.

    Inputs:
    - x: Data of shape (N, D)
    - gamma: Scale parameter of shape (D,)
    - beta: Shift parameter of shape (D,)
    - bn_param: Dictionary with the following keys:
      - mode: 'train' or 'test'; required
      - eps: Constant for numeric stability
      - momentum: Constant for running mean / variance
      - running_mean: Array of shape (D,) giving running mean of features
      - running_var: Array of shape (D,) giving running variance of features

    Returns a tuple of:
    - out: of shape (N, D)
    - cache: what the backward pass needs
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)

    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))

    if mode == "train":
        mean = np.mean(x, axis=0)
        var = np.var(x, axis=0)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        std = np.sqrt(var + eps)
        x_hat = (x - mean) / std
    elif mode == "test":
        std = np.sqrt(running_var + eps)
        x_hat = (x - running_mean) / std
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)
    out = gamma * x_hat + beta

    # store the updated running means back into bn_param
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var

    cache = (x, gamma, std, x_hat, mode)
    return out, cache


# codegen: example layernorm_forward(np.array([[0.1, 1.2, 0.3], [-0.7, 0.4, 1.9]]), np.array([1.1, 0.9, 1.3]), np.array([0.2, -0.1, 0.4]), {"eps": 0.01})
def layernorm_forward(x, gamma, beta, ln_param):
    """
    Forward pass for layer normalization.

    Inputs:
    - x: Data of shape (N, D)
    - gamma: Scale parameter of shape (D,)
    - beta: Shift parameter of shape (D,)
    - ln_param: Dictionary with the following keys:
      - eps: Constant for numeric stability

    Returns a tuple of:
    - out: of shape (N, D)
    - cache: what the backward pass needs
    """
    eps = ln_param.get("eps", 1e-5)
    mean = np.mean(x, axis=1, keepdims=True)
    var = np.var(x, axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = gamma * x_hat + beta
    cache = (x_hat, gamma, std)
    return out, cache


# codegen: example spatial_batchnorm_forward(np.arange(16.0).reshape(2, 2, 2, 2) ** 1.5 % 5, np.array([1.1, 0.9]), np.array([0.2, -0.1]), {"mode": "train"})
# codegen: example spatial_batchnorm_forward(np.arange(16.0).reshape(2, 2, 2, 2) ** 1.5 % 5, np.array([1.1, 0.9]), np.array([0.2, -0.1]), {"mode": "test", "eps": 0.01})
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """
    Computes the forward pass for spatial batch normalization.

    Inputs:
    - x: Input data of shape (N, C, H, W)
    - gamma: Scale parameter, of shape (C,)
    - beta: Shift parameter, of shape (C,)
    - bn_param: Dictionary as for batchnorm_forward

    Returns a tuple of:
    - out: Output data, of shape (N, C, H, W)
    - cache: what the backward pass needs
    """
    N, C, H, W = x.shape
    x_flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out_flat, cache = batchnorm_forward(x_flat, gamma, beta, bn_param)
    out = out_flat.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return out, cache


# codegen: example spatial_groupnorm_forward(np.arange(32.0).reshape(2, 4, 2, 2) ** 1.5 % 5, np.array([1.1, 0.9, 1.3, 0.7]).reshape(1, 4, 1, 1), np.array([0.2, -0.1, 0.5, 0.0]).reshape(1, 4, 1, 1), 2, {"eps": 0.01})
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """
    Computes the forward pass for spatial group normalization.

    Inputs:
    - x: Input data of shape (N, C, H, W)
    - gamma: Scale parameter, of shape (1, C, 1, 1)
    - beta: Shift parameter, of shape (1, C, 1, 1)
    - G: Integer number of groups to split into, should be a divisor of C
    - gn_param: Dictionary with the following keys:
      - eps: Constant for numeric stability

    Returns a tuple of:
    - out: Output data, of shape (N, C, H, W)
    - cache: what the backward pass needs
    """
    eps = gn_param.get("eps", 1e-5)
    N, C, H, W = x.shape
    x_group = x.reshape(N, G, C // G, H, W)
    mean = np.mean(x_group, axis=(2, 3, 4), keepdims=True)
    var = np.var(x_group, axis=(2, 3, 4), keepdims=True)
    std = np.sqrt(var + eps)
    group_hat = (x_group - mean) / std
    x_hat = group_hat.reshape(N, C, H, W)
    out = gamma * x_hat + beta
    cache = (G, x_hat, std, gamma)
    return out, cache
