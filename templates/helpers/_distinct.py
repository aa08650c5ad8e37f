def _distinct(w):
    """The gaps between eigenvalues; complex ones and repeated ones have no gradient."""
    if np.iscomplexobj(w):
        raise np.linalg.LinAlgError("complex eigenvalues have no gradient")
    return _gaps(w)
