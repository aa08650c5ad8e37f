"""Backward passes of examples/layers, by hand: as textbooks and the course's solutions have them.

Each takes the cache that the forward pass of the example fills for it.
"""

import numpy as np


def affine_backward(dout, cache):
    """Return dx, dw, db."""
    x, w, _ = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_backward(dout, cache):
    """Return dx."""
    return dout * (cache > 0)


def affine_relu_backward(dout, cache):
    """Return dx, dw, db."""
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def dropout_backward(dout, cache):
    """Return dx."""
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout


def word_embedding_backward(dout, cache):
    """Return dW."""
    x, W_shape = cache
    dW = np.zeros(W_shape)
    np.add.at(dW, x, dout)
    return dW


def temporal_affine_backward(dout, cache):
    """Return dx, dw, db."""
    x, w, _, _ = cache
    N, T, D = x.shape
    M = w.shape[1]
    dx = dout.reshape(N * T, M).dot(w.T).reshape(N, T, D)
    dw = dout.reshape(N * T, M).T.dot(x.reshape(N * T, D)).T
    db = dout.sum(axis=(0, 1))
    return dx, dw, db


def rnn_step_backward(dnext_h, cache):
    """Return dx, dprev_h, dWx, dWh, db."""
    x, prev_h, Wx, Wh, next_h = cache
    dt = dnext_h * (1 - next_h**2)
    return dt.dot(Wx.T), dt.dot(Wh.T), x.T.dot(dt), prev_h.T.dot(dt), dt.sum(axis=0)


def rnn_backward(dh, cache):
    """Return dx, dh0, dWx, dWh, db."""
    N, T, H = dh.shape
    D = cache[0][0].shape[1]
    dx = np.zeros((N, T, D))
    dprev_h = np.zeros((N, H))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    for t in reversed(range(T)):
        step = rnn_step_backward(dh[:, t, :] + dprev_h, cache[t])
        dx[:, t, :], dprev_h = step[0], step[1]
        dWx += step[2]
        dWh += step[3]
        db += step[4]
    return dx, dprev_h, dWx, dWh, db


def lstm_step_backward(dnext_h, dnext_c, cache):
    """Return dx, dprev_h, dprev_c, dWx, dWh, db."""
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tanh_c = np.tanh(next_c)
    dnext_c = dnext_c + dnext_h * o * (1 - tanh_c**2)
    do = dnext_h * tanh_c
    df, dprev_c = dnext_c * prev_c, dnext_c * f
    di, dg = dnext_c * g, dnext_c * i
    da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)))
    return da.dot(Wx.T), da.dot(Wh.T), dprev_c, x.T.dot(da), prev_h.T.dot(da), da.sum(axis=0)


def lstm_backward(dh, cache):
    """Return dx, dh0, dWx, dWh, db."""
    N, T, H = dh.shape
    D = cache[0][0].shape[1]
    dx = np.zeros((N, T, D))
    dprev_h, dprev_c = np.zeros((N, H)), np.zeros((N, H))
    dWx, dWh, db = np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    for t in reversed(range(T)):
        step = lstm_step_backward(dh[:, t, :] + dprev_h, dprev_c, cache[t])
        dx[:, t, :], dprev_h, dprev_c = step[0], step[1], step[2]
        dWx += step[3]
        dWh += step[4]
        db += step[5]
    return dx, dprev_h, dWx, dWh, db


def layernorm_backward(dout, cache):
    """Return dx, dgamma, dbeta."""
    x_hat, gamma, std = cache
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx_hat = dout * gamma
    dx = dx_hat - np.mean(dx_hat, axis=1, keepdims=True)
    dx -= x_hat * np.mean(dx_hat * x_hat, axis=1, keepdims=True)
    dx /= std
    return dx, dgamma, dbeta


def batchnorm_backward(dout, cache):
    """Return dx, dgamma, dbeta: in training by the short derivation, worked out on paper."""
    _, gamma, std, x_hat, mode = cache
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    if mode == "test":
        return dout * (gamma / std), dgamma, dbeta
    N = dout.shape[0]
    dx = gamma / (N * std) * (N * dout - x_hat * dgamma - dbeta)
    return dx, dgamma, dbeta


def spatial_batchnorm_backward(dout, cache):
    """Return dx, dgamma, dbeta."""
    N, C, H, W = dout.shape
    dout_flat = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx_flat, dgamma, dbeta = batchnorm_backward(dout_flat, cache)
    return dx_flat.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta


def spatial_groupnorm_backward(dout, cache):
    """Return dx, dgamma, dbeta."""
    G, x_hat, std, gamma = cache
    N, C, H, W = dout.shape
    dgamma = np.sum(dout * x_hat, axis=(0, 2, 3), keepdims=True)
    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    groups, axes = (N, G, C // G, H, W), (2, 3, 4)
    dx_hat = (dout * gamma).reshape(groups)
    x_hat = x_hat.reshape(groups)
    dx = dx_hat - np.mean(dx_hat, axis=axes, keepdims=True)
    dx -= x_hat * np.mean(dx_hat * x_hat, axis=axes, keepdims=True)
    dx /= std
    return dx.reshape(N, C, H, W), dgamma, dbeta


def conv_backward_naive(dout, cache):
    """Return dx, dw, db."""
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_pad, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    h, k = i * stride, j * stride
                    d = dout[n, f, i, j]
                    dw[f] += d * x_pad[n, :, h : h + HH, k : k + WW]
                    db[f] += d
                    dx_pad[n, :, h : h + HH, k : k + WW] += d * w[f]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


def max_pool_backward_naive(dout, cache):
    """Return dx; ties share, as in the generated one."""
    x, pool_param = cache
    HH, WW, stride = (pool_param[key] for key in ("pool_height", "pool_width", "stride"))
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            h, k = i * stride, j * stride
            window = x[:, :, h : h + HH, k : k + WW]
            at_max = window == np.max(window, axis=(2, 3), keepdims=True)
            share = dout[:, :, i : i + 1, j : j + 1] / np.sum(at_max, axis=(2, 3), keepdims=True)
            dx[:, :, h : h + HH, k : k + WW] += share * at_max
    return dx


def svm_loss_grad(x, y):
    """Return the loss and dx."""
    N = x.shape[0]
    correct_class_scores = x[np.arange(N), y]
    margins = np.maximum(0, x - correct_class_scores[:, np.newaxis] + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= num_pos
    dx /= N
    return loss, dx


def softmax_loss_grad(x, y):
    """Return the loss and dx."""
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def temporal_softmax_loss_grad(x, y, mask):
    """Return the loss and dx."""
    N, T, V = x.shape
    x_flat, y_flat, mask_flat = x.reshape(N * T, V), y.reshape(N * T), mask.reshape(N * T)
    probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(mask_flat * np.log(probs[np.arange(N * T), y_flat])) / N
    dx_flat = probs.copy()
    dx_flat[np.arange(N * T), y_flat] -= 1
    dx_flat /= N
    dx_flat *= mask_flat[:, None]
    return loss, dx_flat.reshape(N, T, V)


def svm_loss_naive_grad(W, X, y, reg):
    """Return the loss and dW."""
    dW = np.zeros(W.shape)
    num_classes, num_train = W.shape[1], X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    return loss, dW / num_train + 2 * reg * W


def svm_loss_vectorized_grad(W, X, y, reg):
    """Return the loss and dW."""
    num_train = X.shape[0]
    rows = np.arange(num_train)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y].reshape(-1, 1) + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)
    dscores = (margins > 0).astype(float)
    dscores[rows, y] = -np.sum(dscores, axis=1)
    dW = X.T.dot(dscores) / num_train + 2 * reg * W
    return loss, dW


def softmax_loss_naive_grad(W, X, y, reg):
    """Return the loss and dW."""
    loss = 0.0
    dW = np.zeros_like(W)
    num_train = X.shape[0]
    for i in range(num_train):
        scores = X[i].dot(W)
        scores -= np.max(scores)
        p = np.exp(scores)
        p /= np.sum(p)
        loss -= np.log(p[y[i]])
        p[y[i]] -= 1
        dW += np.outer(X[i], p)
    return loss / num_train + reg * np.sum(W * W), dW / num_train + 2 * reg * W


def softmax_loss_vectorized_grad(W, X, y, reg):
    """Return the loss and dW."""
    num_train = X.shape[0]
    rows = np.arange(num_train)
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[rows, y])) / num_train + reg * np.sum(W * W)
    probs[rows, y] -= 1
    dW = X.T.dot(probs) / num_train + 2 * reg * W
    return loss, dW
