"""What entries of a dict of settings are: by their use as a count, and by the docstring's words."""

from __future__ import annotations

import re

from codegen import ir, shapes
from codegen.analyses.documented import from_docstring
from codegen.analyses.evidence import Evidence
from codegen.build.lines import Built, all_lines
from codegen.shapes import Type

_ARRAY = re.compile(r"\b(?:array|shape|vector|matrix|list|tuple|per|features?)\b", re.I)


def setting_types(built: Built, seen: Evidence) -> tuple[dict[ir.Value, Type], set[ir.Value]]:
    """Return the types of entries that are read, and those that are only taken for numbers.

    An entry that a docstring describes, and not as an array, is a number, which is checked where it
    is read. One that nothing is said of may be anything.
    """
    types: dict[ir.Value, Type] = {}
    taken: set[ir.Value] = set()
    for entry in built.entries:
        if entry.value in seen.counts:
            types[entry.value] = Type(dtype="int", dimension=f"v{entry.value.number}.n")
    named = {value for line in all_lines(built.lines) for value in line.values()}
    for operation in ir.operations(built.function.body):
        key = _key(operation, built) if isinstance(operation, ir.View) else None
        if key is None:
            continue
        value = operation.results[0]
        stated = from_docstring(built.docstring, [key]).get(key)
        if value in seen.counts:
            types[value] = Type(dtype="int", dimension=f"v{value.number}.n")
        elif stated is not None:
            types[value] = stated
        elif value in named and _is_plain(value, seen) and _is_number(built.docstring, key):
            types[value] = Type("number", shapes.SCALAR, "float")
            taken.add(value)
    return types, taken


def _key(operation: ir.View, built: Built) -> str | None:
    """Return the text by which an entry of a dict of settings is read."""
    base, *places = operation.operands
    if not any(p.value is base and p.name in built.settings for p in built.parameters):
        return None
    made = built.definition.get(places[0]) if len(places) == 1 else None
    if not isinstance(made, ir.Constant) or made.text[:1] not in ("'", '"'):
        return None
    return made.text[1:-1]


def _is_plain(value: ir.Value, seen: Evidence) -> bool:
    """True for what stands in arithmetic, and nowhere else."""
    others = (seen.array, seen.indices, seen.flags, seen.others, seen.dicts, seen.sizes, seen.pools)
    return value in seen.numbers and not any(value in group for group in others)


def _is_number(docstring: str | None, key: str) -> bool:
    """True if a line `- key: ...` tells of an entry, and of no array."""
    line = re.compile(rf"^\s*[-*]?\s*['\"`]?{re.escape(key)}['\"`]?\s*:(?P<rest>.*)$")
    for text in (docstring or "").splitlines():
        match = line.match(text)
        if match is not None:
            return _ARRAY.search(match["rest"]) is None
    return False
