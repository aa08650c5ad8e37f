"""All gates: importing this package registers every family."""

from codegen.gates import arithmetic, compare, elementwise, linalg, reduce, shape, truth

__all__ = ["arithmetic", "compare", "elementwise", "linalg", "reduce", "shape", "truth"]
