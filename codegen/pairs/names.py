"""What a pair is: one function of the file, and what its forward and backward are called."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codegen.nodes import nodes_of
from codegen.parse import Module
from codegen.shapes import Type

LIBRARY = "__pairs__"  # what the paths of pairs begin with


@dataclass(eq=False)
class Pair:
    """A function that is called by its pair, with what is known of it so far."""

    name: str  # the author's
    node: ast.FunctionDef  # in which calls of pairs have lines of their own
    forward: str
    backward: str
    results: tuple[str | None, ...]  # the author's names of what it returns
    is_tuple: bool
    wrt: tuple[str, ...] = ()
    of: tuple[int, ...] = ()  # places of the results that have a gradient
    types: tuple[Type, ...] = ()
    has_effects: bool = False


def all_names(module: Module) -> set[str]:
    """Return all names that the file has."""
    found = {*module.imports, *module.functions, *module.classes, *module.constants}
    for part in nodes_of(module.tree):
        match part:
            case ast.Name(name) | ast.arg(name):
                found.add(name)
    return found


def named_after(name: str, taken: set[str]) -> tuple[str, str]:
    """Return what a function's forward and backward are called.

    >>> named_after("power", set()), named_after("_conv_forward", set())
    (('_power_forward', '_power_backward'), ('_conv_forward', '_conv_backward'))
    """
    words = name.lstrip("_").split("_")
    if "forward" not in words:
        words.append("forward")
    pair = ["_" + "_".join(words)]
    pair.append("_" + "_".join("backward" if word == "forward" else word for word in words))
    while taken & set(pair) - {name}:
        pair = [f"{one}_" for one in pair]
    taken.update(pair)
    return pair[0], pair[1]


def returns_of(node: ast.FunctionDef) -> list[ast.Return]:
    """Return a function's own return statements."""
    found: list[ast.Return] = []
    stack: list[ast.AST] = list(reversed(node.body))
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Return):
            found.append(part)
        elif not isinstance(part, ast.FunctionDef | ast.Lambda):
            stack += reversed(list(ast.iter_child_nodes(part)))
    return found


def names_of(node: ast.FunctionDef) -> list[str]:
    """Return the names of a function's parameters, in order."""
    given = node.args
    return [a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]]
