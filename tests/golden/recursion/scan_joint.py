"""Gradients of program.py."""

import numpy as np


def _unbroadcast(d, shape):
    """Sum a gradient to the shape of an operand that was broadcast."""
    d = np.broadcast_to(d, np.broadcast_shapes(np.shape(d), shape))
    d = np.sum(d, axis=tuple(range(d.ndim - len(shape))))
    axes = tuple(i for i, n in enumerate(shape) if n == 1 and d.shape[i] != 1)
    return np.sum(d, axis=axes, keepdims=True)


def _scan_forward(x):
    """Return scan and the cache that _scan_backward takes."""
    m = None
    left = None
    left_cache = None
    right = None
    right_cache = None
    if x.size == 1:
        scan = x * x  # (1)
    else:
        m = x.size // 2
        left, left_cache = _scan_forward(x[:m])  # (2)
        right, right_cache = _scan_forward(x[m:])  # (3)
        scan = np.concatenate([left, right * left[-1]])  # (4)
    cache = (x, m, left, left_cache, right, right_cache)
    return scan, cache


def _scan_backward(dscan, cache):
    """Backpropagate dscan through scan: return dx."""
    x, m, left, left_cache, right, right_cache = cache
    if x.size == 1:
        # backprop scan = x * x  #(1)
        dx = 2 * dscan * x
    else:
        # backprop scan = np.concatenate([left, right * left[-1]])  #(4)
        dleft = dscan[: np.shape(left)[0]].copy()
        dright = _unbroadcast(left[-1] * dscan[np.shape(left)[0] :], np.shape(right))
        dleft[-1] += _unbroadcast(right * dscan[np.shape(left)[0] :], left[-1].shape)
        # backprop right, right_cache = _scan_forward(x[m:])  #(3)
        dx = np.zeros(np.shape(x), np.result_type(x, 1.0))
        dx[m:] = _scan_backward(dright, right_cache)
        # backprop left, left_cache = _scan_forward(x[:m])  #(2)
        dx[:m] += _scan_backward(dleft, left_cache)
    return dx


def scan_grad(x, dscan=None):
    """Return scan(x) and its gradient dx for dscan (ones by default)."""
    # forward pass
    scan, cache = _scan_forward(x)  # (1)

    # backward pass
    dscan = (
        np.ones(np.shape(scan), np.result_type(scan, 1.0))
        if dscan is None
        else np.asarray(dscan, np.result_type(scan, 1.0))
    )
    if dscan.shape != np.shape(scan):
        raise ValueError("dscan must have the shape of scan")
    # backprop scan, cache = _scan_forward(x)  #(1)
    dx = _scan_backward(dscan, cache)
    return scan, dx
