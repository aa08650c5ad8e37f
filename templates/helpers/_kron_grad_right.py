def _kron_grad_right(d, x, shape):
    """Gradient of y in np.kron(x, y), for y of this shape."""
    rank = max(len(shape), np.ndim(x))
    y_shape = (1,) * (rank - len(shape)) + shape
    x = np.reshape(x, (1,) * (rank - np.ndim(x)) + np.shape(x))
    blocks = np.reshape(d, [n for pair in zip(x.shape, y_shape) for n in pair])
    dy = np.tensordot(x, blocks, (range(rank), range(0, 2 * rank, 2)))
    return dy.reshape(shape)
