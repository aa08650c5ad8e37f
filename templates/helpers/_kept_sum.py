def _kept_sum(d, more):
    """Add two cotangents of a cache, part by part; 0.0 and None stand for nothing."""
    if isinstance(d, tuple) and isinstance(more, tuple):
        return tuple(_kept_sum(*parts) for parts in zip(d, more))
    if isinstance(d, list) and isinstance(more, list):
        return [_kept_sum(*parts) for parts in zip(d, more)]
    if d is None or isinstance(more, (list, tuple)):
        return more
    return d if more is None or isinstance(d, (list, tuple)) else d + more
