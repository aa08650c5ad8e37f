"""What is known of the memory behind cotangents: on one path, and where paths meet."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import ir

Memories = dict[ir.Value, "Memory"]


@dataclass
class Memory:
    """One piece of memory: who has it, and whether it may be written."""

    holders: set[ir.Value] = field(default_factory=set)
    foreign: bool = False  # the caller's, a forward value's, or not writable
    array: bool = True  # False for a Python number, which nobody can write to


def copied(memories: Memories) -> Memories:
    """Return the same knowledge, to go on with on one path."""
    new: dict[int, Memory] = {}
    result: Memories = {}
    for value, memory in memories.items():
        made = new.get(id(memory))
        if made is None:
            made = new[id(memory)] = Memory(set(memory.holders), memory.foreign, memory.array)
        result[value] = made
    return result


def met(paths: list[Memories]) -> Memories:
    """Return what holds whichever path was taken: what shares memory on one may share it."""
    result: Memories = {}
    for memories in paths:
        for value, memory in memories.items():
            group = Memory(set(), array=False)
            for holder in {value, *memory.holders}:
                known = result.get(holder)
                if known is not None and known is not group:
                    group = _joined(group, known, result)
            group.holders |= {value, *memory.holders}
            group.foreign = group.foreign or memory.foreign
            group.array = group.array or memory.array
            for holder in group.holders:
                result[holder] = group
    return result


def _joined(left: Memory, right: Memory, result: Memories) -> Memory:
    right.holders |= left.holders
    right.foreign = right.foreign or left.foreign
    right.array = right.array or left.array
    for holder in right.holders:
        result[holder] = right
    return right


def same(left: Memories, right: Memories) -> bool:
    """True if two states know the same."""
    if left.keys() != right.keys():
        return False
    return all(
        memory.foreign == right[value].foreign
        and memory.array == right[value].array
        and memory.holders | {value} == right[value].holders | {value}
        for value, memory in left.items()
    )
