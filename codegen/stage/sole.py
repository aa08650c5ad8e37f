"""Which arrays an augmented assignment may write in place: what has one name, and no list."""

from __future__ import annotations

from codegen import ir
from codegen.analyses.stale import old_value
from codegen.analyses.types import TypeFacts
from codegen.analyses.updates import same_memory, why_shared
from codegen.build.lines import Built, all_lines
from codegen.gates.declare import GATES


def sole_of(
    built: Built, facts: TypeFacts, names: dict[ir.Value, str], held: set[ir.Value]
) -> set[ir.Value]:
    """Return the arrays whose memory nothing but one name on paper can reach.

    `held` are values that a list keeps.
    """
    found: set[ir.Value] = set()
    shared = {
        old_value(line)
        for line in all_lines(built.lines)
        if line.kind == "augment" and why_shared(line, built, facts) is not None
    }
    gates = [o for o in ir.operations(built.function.body) if isinstance(o, ir.Gate)]
    held = held | {given for o in gates if GATES[o.gate].keeps for given in o.operands}
    for operation in ir.operations(built.function.body):
        if not isinstance(operation, ir.For | ir.While):
            continue
        for one in ir.carried(operation):
            together = [one.start, one.parameter, one.next, one.result]
            together += [one.tested] if one.tested is not None else []
            if not all(_is_own(value, facts) for value in together):
                continue
            one_name = len({names.get(value) for value in together if value in names}) == 1
            if one_name and not (held | shared) & set(together):
                found.add(one.parameter)
    for line in all_lines(built.lines):
        if line.kind != "augment":
            continue
        old, new = old_value(line), line.values()[0]
        is_one = old in names and names[old] == names.get(new)
        apart = (held | shared).isdisjoint(same_memory(old, built))
        if is_one and _is_own(old, facts) and apart:
            found.add(old)
    return found


def _is_own(value: ir.Value, facts: TypeFacts) -> bool:
    kind = facts[value]
    return kind.fresh or (kind.scalar and not kind.array)
