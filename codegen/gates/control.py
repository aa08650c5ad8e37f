"""Values that only a loop's header makes: ranges, and how many turns there are."""

from codegen.gates.declare import value
from codegen.gates.rules import text, to_int


@value(
    "range(start, stop, step)",
    "range(start, stop)",
    "range(start)",
    rule=text,
    counts=("start", "stop", "step"),
    cheap=True,
)
def range_():
    """The numbers that a loop counts."""


@value(rule=to_int, cheap=True)
def least():
    """The shortest of the lengths that a `zip` runs over."""
