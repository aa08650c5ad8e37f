def score(W, x):
    """Linear score of one image.

    W : ndarray of shape (C, D)
    x : ndarray of shape (D,)
    """
    return W @ x
