def _linspace_grad(d, share, shape):
    """Gradient of an end of np.linspace, of this shape and with this share in each row of d."""
    return _unbroadcast(np.tensordot(share, d, axes=1), shape)
