"""Attributes of an object as words of names."""

from __future__ import annotations

import re


def as_word(name: str) -> str:
    """Return a name as part of another: an attribute of self without its dots and brackets.

    >>> as_word('self.params["W1"]'), as_word("self.fc1.W"), as_word("x")
    ('W1', 'fc1_W', 'x')
    """
    if name.isidentifier() or not name.startswith("self."):
        return name
    words = re.findall(r"\w+", name)[1:]
    return "_".join(words[1:] if words[0] == "params" and len(words) > 1 else words)
