"""The cotangent of a returned list: ones by default, a copy of what is given, as long as the list.

Parts of it are taken off and written into, which the caller's list must not show.
"""

from __future__ import annotations

from codegen.shapes import Known, Type
from codegen.spell import Speller
from codegen.text.forward import INDENT


def list_seed(name: str, output: str, kind: Type, is_one: bool, speller: Speller) -> list[str]:
    """Return the rows that settle a list's cotangent."""
    default = list_filled(output, kind, is_one, speller)
    given, wanted = (_lengths(one, f"{one}_i", kind) for one in (name, output))
    return [
        f"{name} = {default} if {name} is None else {list_copy(name, kind)}",
        f"if {given} != {wanted}:",
        f'{INDENT}raise ValueError("{name} must be as long as {output}")',
    ]


def list_copy(name: str, kind: Type) -> str:
    """Return a copy of a list, and of all that is in it."""
    return _copy(name, f"{name}_i", kind)


def _copy(name: str, each: str, kind: Type) -> str:
    if kind.kind != "list":
        # A number of Python's, which what has no known rank may be, has no method.
        is_array = kind.array and isinstance(kind.shape, Known)
        return f"{name}.copy()" if is_array else f"+{name}"
    if not kind.items or kind.items[0].scalar:
        return f"list({name})"
    return f"[{_copy(each, f'{each}j', kind.items[0])} for {each} in {name}]"


def list_filled(name: str, kind: Type, is_one: bool, speller: Speller) -> str:
    """Return ones, or zeros, in the structure of a list."""
    return _filled(name, f"{name}_i", kind, is_one, speller)


def _filled(name: str, each: str, kind: Type, is_one: bool, speller: Speller) -> str:
    item = kind.items[0] if kind.items else None
    if item is None or item.scalar:
        return f"[{'1.0' if is_one else '0.0'}] * len({name})"
    if item.kind == "list":
        inner = _filled(each, f"{each}j", item, is_one, speller)
    else:
        np, fill = speller.library("numpy"), "ones" if is_one else "zeros"
        inner = f"{np}.{fill}({np}.shape({each}), {np}.result_type({each}, 1.0))"
        if item.array and item.dtype == "float":
            inner = f"{np}.{fill}_like({each})"
    return f"[{inner} for {each} in {name}]"


def _lengths(name: str, each: str, kind: Type) -> str:
    if not _has_lists(kind):
        return f"len({name})"
    return f"[{_lengths(each, f'{each}j', kind.items[0])} for {each} in {name}]"


def _has_lists(kind: Type) -> bool:
    return bool(kind.items) and kind.items[0].kind == "list"
