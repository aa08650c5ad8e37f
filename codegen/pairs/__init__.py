"""Functions of the file that cannot be inlined: written once, as a pair that every call uses."""
