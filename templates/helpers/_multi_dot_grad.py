def _multi_dot_grad(d, arrays, place):
    """Gradient of one of the arrays in np.linalg.multi_dot(arrays)."""
    shape = arrays[place].shape
    arrays = [np.atleast_2d(arrays[0]), *arrays[1:]]
    if arrays[-1].ndim == 1:
        arrays[-1] = arrays[-1][:, np.newaxis]
    dx = np.reshape(d, (arrays[0].shape[0], arrays[-1].shape[1]))
    for array in arrays[:place]:
        dx = array.T @ dx
    for array in reversed(arrays[place + 1 :]):
        dx = dx @ array.T
    return dx.reshape(shape)
