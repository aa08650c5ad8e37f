"""Truth values and tests that are no numpy functions, and the mark that stops a gradient."""

from codegen.gates.declare import value
from codegen.gates.rules import alias, boolean, looked_up, test_result


@value(rule=boolean, cheap=True)
def boolean_():
    """`a and b`, `a or b` on truth values."""


@value(rule=test_result, cheap=True)
def test():
    """A chained comparison, `is`, `in`."""


@value(rule=alias, view=True)
def stop():
    """An assignment marked `# codegen: stop`: the value passes, the gradient does not."""


@value("isinstance(x, kind)", rule=test_result, cheap=True)
def isinstance_():
    """Whether a value is of a type."""


@value("x.get(key, default)", "x.get(key)", rule=looked_up)
def get():
    """A setting of a configuration dict, or what it is by default."""
