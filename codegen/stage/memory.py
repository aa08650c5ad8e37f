"""What is known of the memory behind cotangents: on one path, and where paths meet."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir

Memories = dict[ir.Value, "Memory"]

# The cuts that lead to a part of some memory: of which cotangent, and at which index. All cuts of
# one cotangent are parts that do not overlap: what was put together is taken apart.
Cuts = tuple[tuple[ir.Value, e.Expression], ...]

# A cut that leads to a view which may be read only: what `np.broadcast_to` gives.
FIXED = e.Literal("read only")


@dataclass
class Memory:
    """One piece of memory: who has which part of it, and whether it may be written."""

    holders: dict[ir.Value, Cuts] = field(default_factory=dict)
    foreign: bool = False  # the caller's, a forward value's, or not writable
    array: bool = True  # False for a Python number, which nobody can write to


def overlap(left: Cuts, right: Cuts) -> bool:
    """Return False for two parts of one memory that are different parts of one cotangent."""
    for (of, index), (other, place) in zip(left, right, strict=False):
        if of is not other:
            return True
        if index != place:
            return False
    return True


def is_fixed(cuts: Cuts) -> bool:
    """True for a view that may not be written to."""
    return any(index == FIXED for _, index in cuts)


def copied(memories: Memories) -> Memories:
    """Return the same knowledge, to go on with on one path."""
    new: dict[int, Memory] = {}
    result: Memories = {}
    for value, memory in memories.items():
        made = new.get(id(memory))
        if made is None:
            made = new[id(memory)] = Memory(dict(memory.holders), memory.foreign, memory.array)
        result[value] = made
    return result


def met(paths: list[Memories]) -> Memories:
    """Return what holds whichever path was taken: what shares memory on one may share it."""
    result: Memories = {}
    for memories in paths:
        for value, memory in memories.items():
            group = Memory({}, array=False)
            holders = {value: (), **memory.holders}
            for holder in holders:
                known = result.get(holder)
                if known is not None and known is not group:
                    group = _joined(group, known, result)
            _take(group, holders)
            group.foreign = group.foreign or memory.foreign
            group.array = group.array or memory.array
            for holder in group.holders:
                result[holder] = group
    return result


def _joined(left: Memory, right: Memory, result: Memories) -> Memory:
    _take(right, left.holders)
    right.foreign = right.foreign or left.foreign
    right.array = right.array or left.array
    for holder in right.holders:
        result[holder] = right
    return right


def _take(memory: Memory, holders: dict[ir.Value, Cuts]) -> None:
    """Add holders; one that has another part on another path may have any."""
    for holder, cuts in holders.items():
        known = memory.holders.get(holder, cuts)
        either: Cuts = ((holder, FIXED),) if is_fixed(known) or is_fixed(cuts) else ()
        memory.holders[holder] = cuts if known == cuts else either


def same(left: Memories, right: Memories) -> bool:
    """True if two states know the same."""
    if left.keys() != right.keys():
        return False
    return all(
        memory.foreign == right[value].foreign
        and memory.array == right[value].array
        and {value: (), **memory.holders} == {value: (), **right[value].holders}
        for value, memory in left.items()
    )
