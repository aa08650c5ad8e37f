"""Gates of the built-ins that go through a list of numbers, or an array along its first axis."""

import numpy as np

from codegen.gates import type_rules_reduce as rules
from codegen.gates.declare import at, elementwise, gate, value
from codegen.gates.points import BATCH, GRID, ROW
from codegen.gates.rules import builtin_extreme, same
from codegen.gates.type_rules_growing import growing as growing_list
from codegen.gates.type_rules_growing import list_of as list_of_rule
from codegen.gates.type_rules_growing import packed as packed_tuple
from codegen.gates.type_rules_growing import repeated as repeated_list
from codegen.gates.words import count_of, dtype, item, listed

SEVERAL = [
    at(0.3, 1.2, 0.7),
    at(1.2, 0.3, -0.4),
    at(-1.1, 0.3, 0.2, 0.9),
    at(0.7, 0.7, 0.2),
    at(0.7, 0.9, 0.9),
    at(0.5, 0.5, 0.5),
]
ROWS = [at(ROW), at((0.4, -1.3, 0.4, 0.2)), at((-0.5, 0.2, -0.5)), at((0.6,))]


@elementwise(
    "sum([*x])",
    rule=same,
    points=[*SEVERAL, at(GRID, ROW), at(GRID, GRID, 0.3), at(0.3)],
)
def sum_of_items(x):
    """The built-in, of a list or tuple written out: the cotangent goes to every item."""
    return 1


@gate(
    "sum(x)",
    rule=rules.builtin_sum,
    broadcasts=True,
    stem="sum_{x}",
    sequences=("x",),
    points=[at(ROW), at(GRID), at(BATCH)],
)
def builtin_sum(d, x):
    """The built-in: sums a list, or an array over its first axis."""
    return d


@elementwise(
    "max([*x])",
    "max(*x)",
    rule=builtin_extreme,
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=SEVERAL,
)
def max_of_items(out, x):
    """The built-in, of several numbers: the largest gets the cotangent; ties share it equally."""
    ties = count_of(x, out)
    return (x == out) / ties


@elementwise(
    "min([*x])",
    "min(*x)",
    rule=builtin_extreme,
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=SEVERAL,
)
def min_of_items(out, x):
    """The built-in, of several numbers: the smallest gets the cotangent; ties share it equally."""
    ties = count_of(x, out)
    return (x == out) / ties


@gate(
    "max(x)",
    rule=rules.builtin_extreme_of,
    stem="max_{x}",
    sequences=("x",),
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=ROWS,
)
def builtin_max(d, out, x):
    """The built-in, of a list or an array of one axis: the largest entry gets the cotangent."""
    if listed(x):
        ties = count_of(x, out)
        return (item(x) == out) / ties * d
    at_max = x == out
    return at_max / np.sum(at_max, dtype=dtype(x)) * d


@gate(
    "min(x)",
    rule=rules.builtin_extreme_of,
    stem="min_{x}",
    sequences=("x",),
    kink="ties share equally",
    remark="ties share",
    holomorphic=False,
    points=ROWS,
)
def builtin_min(d, out, x):
    """The built-in, of a list or an array of one axis: the smallest entry gets the cotangent."""
    if listed(x):
        ties = count_of(x, out)
        return (item(x) == out) / ties * d
    at_min = x == out
    return at_min / np.sum(at_min, dtype=dtype(x)) * d


@value("any(x)", rule=rules.builtin_verdict, sequences=("x",))
def builtin_any():
    """The built-in: whether any entry of a list or an array of one axis holds."""


@value("all(x)", rule=rules.builtin_verdict, sequences=("x",))
def builtin_all():
    """The built-in: whether all entries of a list or an array of one axis hold."""


@value(rule=growing_list, shown=("[x, y]",))
def growing():
    """A list that grows in a loop: each item gets its item of the cotangent, a list too."""


@value(rule=packed_tuple, shown=("(x, y)",))
def packed():
    """A tuple as an item of a list that grows: each item gets its item of the cotangent, a list."""


@value("list(x)", rule=list_of_rule, sequences=("x",))
def list_of():
    """A list of what it is given, an array's rows or a list's items: each gets its own part."""


@value(rule=repeated_list, shown=("[x] * n",), takes=("x", "n"), counts=("n",))
def repeated():
    """A list that holds one item n times: the item gets the sum."""
