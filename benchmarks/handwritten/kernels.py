"""Gradients of five kernels of examples/kernels, by hand: as an expert writes them.

Each takes what the generated one takes, and returns the value and the gradients.
"""

import numpy as np


def cholesky_grad(A, dA):
    """Return the factor and dA; what is above the diagonal goes through."""
    A, dA = A.copy(), dA.copy()
    N = A.shape[0]
    for i in range(N):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[j, :j]
            A[i, j] /= A[j, j]
        A[i, i] -= A[i, :i] @ A[i, :i]
        A[i, i] = np.sqrt(A[i, i])
    for i in range(N - 1, -1, -1):
        dA[i, i] *= 0.5 / A[i, i]
        dA[i, :i] -= 2 * dA[i, i] * A[i, :i]
        for j in range(i - 1, -1, -1):
            dA[i, j] /= A[j, j]
            d = dA[i, j]
            dA[j, j] -= A[i, j] * d
            dA[i, :j] -= d * A[j, :j]
            dA[j, :j] -= d * A[i, :j]
    return A, dA


def conv2d_grad(input, weights, bias, dout):
    """Return the images and (dinput, dweights, dbias)."""
    K = weights.shape[0]
    N, H_out, W_out = input.shape[0], input.shape[1] - K + 1, input.shape[2] - K + 1
    output = np.zeros((N, H_out, W_out, weights.shape[3]))
    for i in range(H_out):
        for j in range(W_out):
            output[:, i, j, :] = np.sum(
                input[:, i : i + K, j : j + K, :, np.newaxis] * weights[np.newaxis, :, :, :],
                axis=(1, 2, 3),
            )
    dinput, dweights = np.zeros_like(input), np.zeros_like(weights)
    for i in range(H_out):
        for j in range(W_out):
            d = dout[:, i, j, np.newaxis, np.newaxis, np.newaxis, :]
            dinput[:, i : i + K, j : j + K, :] += np.sum(weights[np.newaxis, :, :, :] * d, axis=4)
            dweights += np.sum(input[:, i : i + K, j : j + K, :, np.newaxis] * d, axis=0)
    return output + bias, (dinput, dweights, np.sum(dout, axis=(0, 1, 2)))


def durbin_grad(r, dy):
    """Return the solution and dr."""
    N = r.shape[0]
    y, dr, dy = np.zeros_like(r), np.zeros_like(r), dy.copy()
    alphas, betas, ys = [-r[0]], [1.0], []
    y[0] = -r[0]
    for k in range(1, N):
        betas.append(betas[-1] * (1.0 - alphas[-1] * alphas[-1]))
        ys.append(y[:k].copy())
        alphas.append(-(r[k] + r[:k][::-1] @ y[:k]) / betas[-1])
        y[:k] += alphas[-1] * y[:k][::-1]
        y[k] = alphas[-1]
    dalpha = dbeta = 0.0
    for k in range(N - 1, 0, -1):
        before = ys.pop()
        d = dy[:k]
        dalpha += dy[k] + before[::-1] @ d
        dsum = -dalpha / betas[k]
        dbeta += alphas[k] * dsum
        dy[:k] = d + alphas[k] * d[::-1] + dsum * r[:k][::-1]
        dr[k] += dsum
        dr[:k] += dsum * before[::-1]
        dalpha = -2 * alphas[k - 1] * betas[k - 1] * dbeta
        dbeta *= 1.0 - alphas[k - 1] * alphas[k - 1]
    dr[0] -= dy[0] + dalpha
    return y, dr


def jacobi_2d_grad(steps, A, B, dA, dB):
    """Return (A, B) and (dA, dB)."""
    A, B, dA, dB = A.copy(), B.copy(), dA.copy(), dB.copy()
    for _ in range(1, steps):
        for old, new in ((A, B), (B, A)):
            new[1:-1, 1:-1] = 0.2 * (
                old[1:-1, 1:-1] + old[1:-1, :-2] + old[1:-1, 2:] + old[2:, 1:-1] + old[:-2, 1:-1]
            )
    for _ in range(1, steps):
        for dold, dnew in ((dB, dA), (dA, dB)):
            d = 0.2 * dnew[1:-1, 1:-1]
            dnew[1:-1, 1:-1] = 0
            dold[1:-1, 1:-1] += d
            dold[1:-1, :-2] += d
            dold[1:-1, 2:] += d
            dold[2:, 1:-1] += d
            dold[:-2, 1:-1] += d
    return (A, B), (dA, dB)


def seidel_2d_grad(steps, A, dA):
    """Return A and dA."""
    A, dA = A.copy(), dA.copy()
    N = A.shape[0]
    for _ in range(steps - 1):
        for i in range(1, N - 1):
            A[i, 1:-1] += (
                A[i - 1, :-2]
                + A[i - 1, 1:-1]
                + A[i - 1, 2:]
                + A[i, 2:]
                + A[i + 1, :-2]
                + A[i + 1, 1:-1]
                + A[i + 1, 2:]
            )
            for j in range(1, N - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 9.0
    for _ in range(steps - 1):
        for i in range(N - 2, 0, -1):
            for j in range(N - 2, 0, -1):
                dA[i, j] /= 9.0
                dA[i, j - 1] += dA[i, j]
            d = dA[i, 1:-1].copy()
            dA[i - 1, :-2] += d
            dA[i - 1, 1:-1] += d
            dA[i - 1, 2:] += d
            dA[i, 2:] += d
            dA[i + 1, :-2] += d
            dA[i + 1, 1:-1] += d
            dA[i + 1, 2:] += d
    return A, dA
