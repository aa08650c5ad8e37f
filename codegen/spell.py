"""Spelling: expressions over values to text, with the author's names for libraries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir, printer
from codegen.build.lines import Target
from codegen.parse import Module
from codegen.stage.resolve import Resolver

ADDED = {"numpy": "np", "math": "math", "numba": "numba"}


def added_name(library: str) -> str:
    """Return the name that we would import a library by; of scipy single functions are imported.

    >>> added_name("numpy"), added_name("scipy.special.digamma")
    ('np', 'digamma')
    """
    return ADDED.get(library, library.rpartition(".")[2])


@dataclass
class OurNames:
    """What is ours in the output and had to give way to the author's names."""

    gradients: dict[str, str] = field(default_factory=dict)  # function -> its gradient's name
    helpers: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)  # library -> the name we import it by

    def gradient(self, function: str) -> str:
        """Return the name of a function's gradient function."""
        return self.gradients.get(function, f"{function}_grad")

    def helper(self, name: str) -> str:
        """Return the name of one of our helpers."""
        return self.helpers.get(name, name)

    def alias(self, library: str) -> str:
        """Return the name that we import a library by."""
        return self.aliases.get(library, added_name(library))


@dataclass
class Uses:
    """What the output needs of the author's module and of ours."""

    imports: dict[str, None] = field(default_factory=dict)  # names imported by the author
    added: dict[str, None] = field(default_factory=dict)  # what we import: "numpy", "scipy.a.b"
    helpers: dict[str, None] = field(default_factory=dict)  # ours, from templates/helpers
    names: dict[str, None] = field(default_factory=dict)  # other names of the module's top level
    members: dict[str, None] = field(default_factory=dict)  # those that carried methods read


@dataclass
class Speller:
    """Spells the expressions of one function."""

    module: Module
    resolver: Resolver
    uses: Uses
    reserved: set[str]
    ours: OurNames = field(default_factory=OurNames)
    runner: str = "numpy"  # what runs the output
    debug: bool = False  # each gradient line is followed by a check
    is_apart: bool = False  # the backward pass is a function of its own

    def text(self, expression: e.Expression) -> str:
        """Return the text of an expression over values."""
        self._note_names(expression)
        return printer.text(self.resolver(expression), self._leaf)

    def _note_names(self, expression: e.Expression) -> None:
        if not self.module.constants:
            return
        for node in self.resolver.lowered(expression).leaves():
            if isinstance(node, e.Name):
                self.uses.names[node.text] = None

    def statement(self, expression: e.Expression) -> str:
        """Return a right side: a tuple needs no parentheses there."""
        match expression:
            case e.Sequence("tuple", items) if len(items) > 1:
                return ", ".join(self.text(item) for item in items)
        return self.text(expression)

    def index(self, expression: e.Expression) -> str:
        """Return the text between the brackets of a subscript."""
        self._note_names(expression)
        whole = e.Subscript(e.Name("_"), self.resolver(expression))
        return printer.text(whole, self._leaf)[2:-1]

    def add_at(self, name: str, index: e.Expression, value: str) -> str:
        """Return `np.add.at(...)`."""
        self._note_names(index)
        resolved = self.resolver(index)
        if _has_slice(resolved):
            resolved = _slices_as_calls(resolved)
        place = printer.text(resolved, self._leaf)
        if self.runner == "numba":
            return self._add_by_helper(name, index, value)
        return f"{self.library('numpy')}.add.at({name}, {place}, {value})"

    def _add_by_helper(self, name: str, index: e.Expression, value: str) -> str:
        """Return `_add_at(...)`: numba compiles a loop."""
        helper, items = adding(index)
        places = "".join(f"{self.text(item)}, " for item in items)
        return f"{self._leaf(e.Helper(helper))}({name}, {places}{value})"

    def target(self, target: Target) -> str:
        """Return an assignment's left side."""
        if isinstance(target, ir.Value):
            return self.resolver.names[target]
        inside = [self.target(part) for part in target]
        nested = [
            f"({text})" if isinstance(part, tuple) else text
            for part, text in zip(target, inside, strict=True)
        ]
        return ", ".join(nested) + ("," if len(nested) == 1 else "")

    def library(self, path: str) -> str:
        """Return the author's name for a library or what is in it, noting its import."""
        written = imported(path, self.module, self.reserved, self.uses)
        if written is not None:
            return written
        first, _, rest = path.partition(".")
        if first not in ADDED:
            first, rest = path, ""
        self.uses.added[first] = None
        return f"{self.ours.alias(first)}.{rest}" if rest else self.ours.alias(first)

    def leaves(self, expression: e.Expression) -> list[ir.Value]:
        """Return the named values that an expression comes down to on paper."""
        return list(e.primals(self.resolver.lowered(expression)))

    def note_libraries(self, expression: e.Expression) -> None:
        """Note what the author's own text of an expression needs."""
        for node in self.resolver.lowered(expression).leaves():
            if isinstance(node, e.Library):
                self.library(node.path)
            elif isinstance(node, e.Helper):
                self.uses.helpers[node.name] = None
            elif isinstance(node, e.Name):
                self.uses.names[node.text] = None

    def note_members(self, names: Iterable[str]) -> None:
        """Note the names that carried members of a class read: functions and classes too."""
        for name in names:
            self.note_text(name)
            self.uses.members[name] = None

    def note_text(self, text: str) -> None:
        """Note the names in an annotation or default."""
        for word in re.findall(r"[^\W\d]\w*", text):
            if word in self.module.imports:
                self.uses.imports[word] = None
            else:
                self.uses.names[word] = None

    def _leaf(self, node: e.Expression) -> str:
        match node:
            case e.Library(path):
                return self.library(path)
            case e.Helper(name):
                self.uses.helpers[name] = None
                return self.ours.helper(name)
        raise AssertionError(f"{type(node).__name__} has no spelling")


def imported(path: str, module: Module, reserved: set[str], uses: Uses) -> str | None:
    """Return how the author's imports spell a library's path, noting the import, if they do."""
    for name, found in module.imports.items():
        if found.path == path and name not in reserved:
            uses.imports[name] = None
            return name
    best: tuple[int, str] | None = None
    for name, found in module.imports.items():
        fits = path.startswith(f"{found.path}.") and name not in reserved
        if fits and (best is None or len(found.path) > best[0]):
            best = (len(found.path), name)
    if best is None:
        return None
    uses.imports[best[1]] = None
    return best[1] + path[best[0] :]


def adding(index: e.Expression) -> tuple[str, tuple[e.Expression, ...]]:
    """Return the helper that adds at an index in compiled code ("": none), and what it takes."""
    match index:
        case e.Sequence("tuple", (first, second)) if not _has_slice(index):
            return "_add_at_pairs", (first, second)
        case e.Sequence("tuple", (e.Slice(None, None, None), second)) if not _has_slice(second):
            return "_add_at_columns", (second,)
        case e.Sequence() | e.Slice():
            return "", ()
    return "_add_at", (index,)


def _has_slice(expression: e.Expression) -> bool:
    return any(isinstance(node, e.Slice) for node in e.walk(expression))


def _slices_as_calls(expression: e.Expression) -> e.Expression:
    """`a[i, 1:]` as an argument is `(i, slice(1, None))`."""

    def leaf(node: e.Expression) -> e.Expression | None:
        if not isinstance(node, e.Slice):
            return None
        none = e.Literal("None")
        if node == e.Slice(None, None, None):
            return e.Call(e.Name("slice"), (none,))
        parts = (node.lower or none, node.upper or none)
        if node.step is not None:
            return e.Call(e.Name("slice"), (*parts, node.step))
        return e.Call(e.Name("slice"), parts)

    return e.rewrite(expression, leaf)
