def _check_shapes(given):
    """Raise if an argument has not the shape that its annotation says."""
    sizes = {}
    for name, (value, shape) in given.items():
        if value is None:
            continue
        words = shape.split()
        if np.ndim(value) != len(words):
            raise ValueError(f"{name} must have the dimensions {shape}, not {np.shape(value)}")
        for word, size in zip(words, np.shape(value)):
            wanted = int(word) if word.isdigit() else sizes.setdefault(word, size)
            if (word.isdigit() or word.isidentifier()) and wanted != size:
                raise ValueError(f"{name} has {size} for {word}, which is {wanted}")
