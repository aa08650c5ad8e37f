"""All gates: importing this package registers every family."""

from codegen.gates import arithmetic, compare, control, elementwise, linalg, reduce, shape, truth

__all__ = ["arithmetic", "compare", "control", "elementwise", "linalg", "reduce", "shape", "truth"]
