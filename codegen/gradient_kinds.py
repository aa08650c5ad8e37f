"""What a parameter was taken for where nothing is declared, and the annotation to write."""

from __future__ import annotations

from typing import Any

import numpy as np

from codegen.request import Parameter


def annotation_for(parameter: Parameter, value: Any) -> str:
    """Return the annotation that says what a value is: ": annotate it, x: np.ndarray".

    >>> annotation_for(Parameter("x", "scalar"), np.ones(3))
    ': annotate it, x: np.ndarray'
    >>> annotation_for(Parameter("w", "unknown"), [1.0, 2.0])
    ': annotate it, w: list[float]'
    """
    if parameter.declared:
        return ""
    word = _word(value)
    return f": annotate it, {parameter.name}: {word}" if word is not None else ""


def taken_for_another(parameter: Parameter, value: Any) -> str | None:
    """Return in words that a value is not what its parameter was taken for, or None."""
    if parameter.declared:
        return None
    is_list = isinstance(value, (list, tuple))
    what = annotation_for(parameter, value)
    if parameter.kind in ("scalar", "integer") and np.ndim(value) > 0:
        return f"{parameter.name} is taken as a number{what}"
    if parameter.kind in ("array", "unknown") and is_list:
        return f"{parameter.name} is taken as an array{what}"
    return None


def _word(value: Any) -> str | None:
    if isinstance(value, np.ndarray):
        return "np.ndarray"
    if not isinstance(value, (list, tuple)) or not value:
        return None
    words = [_number_word(item) for item in value]
    if any(word is None for word in words):
        return None
    if isinstance(value, tuple):
        return f"tuple[{', '.join(word for word in words if word)}]"
    return f"list[{words[0]}]" if len(set(words)) == 1 else None


def _number_word(item: Any) -> str | None:
    if isinstance(item, np.ndarray):
        return "np.ndarray"
    return "float" if isinstance(item, (int, float, np.number)) else None
