"""What a `dtype=` argument says: the class of the numbers, where it is known before the run."""

from __future__ import annotations

from collections.abc import Mapping

_FLOATS = ("float", "half", "double", "single", "longdouble", "f2", "f4", "f8")
_INTS = ("int", "uint", "short", "ushort", "long", "ulong", "byte", "ubyte", "i1", "i2", "i4", "i8")


def dtype_class(statics: Mapping[str, object], default: str) -> str:
    """Return the class of a `dtype=` argument: "float", "int", "bool" or "unknown".

    "?" stands in front of the class of a dtype that is a value: `dtype=x.dtype`.
    """
    given = statics.get("dtype")
    if given is None:
        return default
    word = str(given).rsplit(".", 1)[-1].lstrip("<>=?")
    if word.startswith(_FLOATS) or word == "d":
        return "float"
    if word.startswith(_INTS):
        return "int"
    return "bool" if word.startswith("bool") else "unknown"
