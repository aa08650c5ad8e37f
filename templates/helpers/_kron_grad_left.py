def _kron_grad_left(d, shape, y):
    """Gradient of x in np.kron(x, y), for x of this shape."""
    rank = max(len(shape), np.ndim(y))
    x_shape = (1,) * (rank - len(shape)) + shape
    y = np.reshape(y, (1,) * (rank - np.ndim(y)) + np.shape(y))
    blocks = np.reshape(d, [n for pair in zip(x_shape, y.shape) for n in pair])
    dx = np.tensordot(blocks, y, (range(1, 2 * rank, 2), range(rank)))
    return dx.reshape(shape)
