def _insert_grad_values(d, x, obj, values):
    """Gradient of values in np.insert(x, obj, values)."""
    if np.result_type(x).kind in "iub" and np.result_type(values).kind == "f":
        raise ValueError("np.insert cuts values off where they are put among integers")
    numbers = np.arange(np.size(values)).reshape(np.shape(values))
    places = np.insert(np.full(np.size(x), -1), obj, numbers)
    dvalues = np.zeros(np.size(values), np.result_type(values, 1.0))
    np.add.at(dvalues, places[places >= 0], d[places >= 0])
    return dvalues.reshape(np.shape(values))
