def _check_gradient(name, d, value, line):
    """Raise if a gradient is not finite, or not as large as its value; name the forward line."""
    if isinstance(d, (list, tuple, dict)):
        return
    if not np.all(np.isfinite(d)):
        raise FloatingPointError(f"{name} is not finite, at {line}")
    if value is not None and np.shape(d) not in ((), np.shape(value)):
        shapes = f"{np.shape(d)}, not {np.shape(value)}"
        raise ValueError(f"{name} has the shape {shapes}, at {line}")
