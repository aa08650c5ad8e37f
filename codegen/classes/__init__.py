"""Classes of a forward file: what their methods read of `self`, and methods as functions of it."""
