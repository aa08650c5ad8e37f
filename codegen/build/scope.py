"""What a name means at a place: a value, a library, a constant or function of the file."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from codegen import ir
from codegen.nodes import nodes_of
from codegen.parse import Module
from codegen.source import Span

SCRIPT_LIBRARIES = {"np": "numpy", "math": "math"}


@dataclass(eq=False)
class LocalFunction:
    """A function that has a name here: defined inside, a `lambda`, or given as an argument."""

    node: ast.FunctionDef
    scope: Scope | None  # whose names it sees when it is called; None: only the module's


@dataclass
class Scope:
    """The names of one function body (or script) while it is built."""

    module: Module
    local: frozenset[str]  # names that are assigned somewhere in the body, and parameters
    values: dict[str, ir.Value] = field(default_factory=dict)
    script: bool = False
    functions: dict[str, LocalFunction] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)  # library functions that were handed in
    maybe: dict[str, Span] = field(default_factory=dict)  # assigned on some paths only, and where

    def path(self, node: ast.expr) -> str | None:
        """Return the full library name of `np.linalg.norm`, or None if it is no library's."""
        if isinstance(node, ast.Attribute):
            base = self.path(node.value)
            return None if base is None else f"{base}.{node.attr}"
        if isinstance(node, ast.Name) and node.id in self.libraries:
            return self.libraries[node.id]
        if not isinstance(node, ast.Name) or node.id in self.local:
            return None
        if node.id in self.module.imports:
            return self.module.imports[node.id].path
        if self.script and node.id in SCRIPT_LIBRARIES and node.id not in self.module.constants:
            return SCRIPT_LIBRARIES[node.id]
        return None

    def is_builtin(self, name: str) -> bool:
        """True if a name is Python's own here."""
        return (
            name not in self.local
            and name not in self.module.imports
            and name not in self.module.functions
            and name not in self.module.constants
            and hasattr(builtins, name)
        )


def first_assignment(name: str, node: ast.AST) -> ast.AST:
    """Return the first place in a statement where it assigns a name."""
    found = [
        part
        for part in nodes_of(node)
        if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
    ]
    return min(found, key=lambda part: (part.lineno, part.col_offset), default=node)
