"""Names that show memory which is written into: the statements that gave them."""

from __future__ import annotations

import ast

from codegen import ir
from codegen.analyses.stale import Sharing
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, all_lines
from codegen.errors import Problems
from codegen.gates.declare import GATES
from codegen.shapes import Known

NEW_IF_APART = ("reshape", "ravel")  # views only of memory in one piece
IN_ONE_PIECE = ("zeros", "ones", "empty", "full")
TURNED = ("alias", "transpose", "swapaxes")


def names_to_follow(built: Built, facts: TypeFacts) -> frozenset[ast.expr]:
    """Return what shows memory that a store writes into: names on left sides, as in `row = a[i]`.

    Parts of arrays that functions are given are among it.
    """
    sharing = Sharing(built, facts)
    found: set[ast.expr] = set()
    named = [
        (value, target)
        for line in all_lines(built.lines)
        if not line.stopped
        for value, target in line.names.items()
    ]
    for value, node in [*named, *built.parts_given]:
        if not _is_part(value, built, facts):
            continue
        group = sharing.group(value)
        if _may_be_number(value, group, built, facts):
            continue
        if any(isinstance(built.definition.get(one), ir.Store) for one in group):
            found.add(node)
    return frozenset(found)


def _is_part(value: ir.Value, built: Built, facts: TypeFacts) -> bool:
    """True for a value that surely is an array, or a part, and shows its memory."""
    made, kind = built.definition.get(value), facts[value]
    if kind.kind != "number" or kind.scalar or kind.fresh:
        return False
    if isinstance(made, ir.View):
        at = [made.operands[item.operand] for item in made.index if isinstance(item, ir.At)]
        if not all(facts[index].scalar for index in at):
            return False
        has_slice = any(isinstance(item, ir.Range | ir.Rest) for item in made.index)
        return has_slice or isinstance(kind.shape, Known)
    if not isinstance(made, ir.Gate) or not GATES[made.gate].view:
        return False
    if made.gate in NEW_IF_APART:
        base = built.definition.get(made.operands[0])
        return isinstance(base, ir.Gate) and base.gate in IN_ONE_PIECE
    return made.gate in TURNED and _is_array(value, built, facts)


def _is_array(value: ir.Value, built: Built, facts: TypeFacts) -> bool:
    """True for what surely is no number of numpy's: `np.exp(x)` is one where x is."""
    shape = facts[value].shape
    if isinstance(shape, Known):
        return shape.rank > 0
    made = built.definition.get(value)
    if made is None:
        return facts[value].array  # a parameter that is declared as one
    if isinstance(made, ir.Store):
        return True
    return isinstance(made, ir.Gate) and (
        made.gate in IN_ONE_PIECE
        or (made.gate in TURNED and _is_array(made.operands[0], built, facts))
    )


def _may_be_number(value: ir.Value, group: set[ir.Value], built: Built, facts: TypeFacts) -> bool:
    """True where `x += e` changes the value, if it is an array, and may be one of numpy's numbers.

    That is then a new number under a name. A store by an index would raise.
    """
    kind = facts[value]
    if isinstance(kind.shape, Known) and kind.shape.rank > 0:
        return False
    if isinstance(built.definition.get(value), ir.View):
        return False  # by a slice
    given = [parameter.value for parameter in built.parameters if parameter.value in group]
    is_new = any(_is_new(one, built) for one in group)
    if given and not is_new and facts.declared.issuperset(given):
        return False
    updates = (line for line in all_lines(built.lines) if line.updates or line.kind == "augment")
    return any(one in group for line in updates for one in line.values())


def _is_new(value: ir.Value, built: Built) -> bool:
    made = built.definition.get(value)
    return isinstance(made, ir.Gate) and not GATES[made.gate].view


def _refuse_parted(built: Built, facts: TypeFacts, problems: Problems) -> bool:
    """Refuse a part that may be a number; true if there is one."""
    sharing = Sharing(built, facts)
    for base, numbers in built.parted:
        shape = facts[base].shape
        is_array = numbers == 0 and facts[base].array and not facts[base].scalar
        is_array = is_array and not _may_be_number(base, sharing.group(base), built, facts)
        if not is_array and (not isinstance(shape, Known) or shape.rank <= numbers):
            problems.add(
                "store",
                f"whether a part of `{base.name}` is an array that is written into, or a number, "
                "is not known",
                base.span,
                f'annotate it: {base.name}: Float[np.ndarray, "N M"]',
            )
            return True
    return False


def check_parts(built: Built, facts: TypeFacts, problems: Problems) -> None:
    """Refuse what was taken for a part of an array and may be a copy, or a number."""
    for value in built.counted:
        if not facts[value].scalar or facts[value].dtype == "bool":
            problems.add(
                "store",
                "whether this index is one number is not known, and of an array of indices numpy "
                "would make a copy",
                value.span,
                "annotate it as int, or write into the array by one index: a[i, j]",
            )
            return
    if built.parted and _refuse_parted(built, facts, problems):
        return
    for made in built.exchanged:
        row = made.arrays
        kinds = [facts[value] for value in row]
        if len({kind.shape for kind in kinds}) > 1 or len({kind.dtype for kind in kinds}) > 1:
            names = " and ".join(f"`{value.name}`" for value in row)
            problems.add(
                "store",
                f"{names} change their names, and whether they are of one shape is not known",
                row[0].span,
                "annotate the arrays that they are made of, or make one like the other: "
                f"np.zeros_like({row[0].name})",
            )
            return
    for base in built.matrices:
        shape = facts[base].shape
        if not isinstance(shape, Known) or shape.rank != 2:
            problems.add(
                "store",
                f"a column of `{base.name}` is written into, which may have more than two axes",
                base.span,
                f'annotate it: {base.name}: Float[np.ndarray, "N M"]',
            )
            return
