"""Lists that a name means one after another: of `hs = [f(h) for h in hs]`, one in each turn."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Built


def is_one_list(parts: list[ir.Value], built: Built) -> bool:
    """True if values that meet are one list, as it was before and after it was changed."""
    return len({_before(value, built) for value in parts}) == 1


def _before(value: ir.Value, built: Built) -> ir.Value:
    """Return what a list was before the changes that gave this value of it."""
    while True:
        made = built.definition.get(value)
        match made:
            case ir.Store():
                value = made.operands[0]
            case ir.For() | ir.While():
                one = ir.carried(made)[made.results.index(value)]
                if _before(one.next, built) is not (one.parameter):
                    return value
                value = one.start
            case ir.If():
                before = {_before(arm, built) for arm in ir.arms(made, made.results.index(value))}
                if len(before) > 1:
                    return value
                value = before.pop()
            case _:
                return value
