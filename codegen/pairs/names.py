"""What a pair is: one function, and what its forward and backward are called."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codegen.nodes import nodes_of
from codegen.parse import Module
from codegen.shapes import Shape, Type

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
    is_plain: bool = False  # nothing goes back through it: it is called as it is
    is_public: bool = False  # of split style: the pair is what is written out anyway
    wrt: tuple[str, ...] = ()
    of: tuple[int, ...] = ()  # places of the results that have a gradient
    types: tuple[Type, ...] = ()  # of the results
    shapes: tuple[Shape, ...] = ()  # of the parameters, whose lengths those of the results may be
    has_effects: bool = False
    is_singular: bool = False  # finite numbers may give a value or a slope that is not finite
    is_exact: bool = False  # the ranks of all that it is given and gives are known
    serves: tuple[tuple[str, str], ...] = ()  # what the function shows of its parameters
    active: frozenset[str] = frozenset()  # parameters that some call gives what has a gradient
    containers: tuple[str, ...] = ()  # parameters that are lists, tuples or dicts
    library: str = LIBRARY  # the module that it is imported from
    path: str = ""  # what the forward is called there, if that is another name
    has_cache: bool = False  # the author returns a cache of his own behind the results
    is_nested: bool = False  # the results stand in a tuple of their own, before the cache
    reaching: frozenset[str] = frozenset()  # parameters that reach a result
    keeps: tuple[str, ...] = ()  # names of what is in its cache, which holds caches
    taker: str = ""  # the function that takes its cache apart
    keeps_types: tuple[Type, ...] = ()
    keeps_absent: tuple[int, ...] = ()  # places of what may be None
    used: tuple[int, ...] = ()  # places of what the taker makes its results of
    packed: tuple[int, ...] = ()  # places of that which have a gradient

    @property
    def is_imported(self) -> bool:
        """True for a function of another module."""
        return self.library != LIBRARY

    @property
    def said(self) -> str:
        """What messages call such a function."""
        return "another module's function" if self.is_imported else "a function that calls itself"


def all_names(module: Module) -> set[str]:
    """Return all names that the file has."""
    found = {*module.imports, *module.functions, *module.classes, *module.constants}
    for part in nodes_of(module.tree):
        match part:
            case ast.Name(name) | ast.arg(name):
                found.add(name)
    return found


def named_after(name: str) -> tuple[str, str]:
    """Return what a function's forward and backward are called.

    >>> named_after("power"), named_after("conv_forward_naive")
    (('power_forward', 'power_backward'), ('conv_forward_naive', 'conv_backward_naive'))
    """
    words = name.split("_")
    if "forward" not in words:
        return f"{name}_forward", f"{name}_backward"
    return name, "_".join("backward" if word == "forward" else word for word in words)


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


def results_of(node: ast.FunctionDef) -> tuple[tuple[str | None, ...], bool]:
    """Return the names of what a function returns, None where they differ."""
    values = [part.value for part in returns_of(node) if part.value is not None]
    is_tuple = any(isinstance(value, ast.Tuple) for value in values)
    rows = [value.elts if isinstance(value, ast.Tuple) else [value] for value in values]
    given = names_of(node)
    names: list[str | None] = []
    for column in zip(*rows, strict=False):
        words = {part.id if isinstance(part, ast.Name) else None for part in column}
        word = words.pop() if len(words) == 1 else None
        names.append(None if word in given or word in names else word)
    return tuple(names), is_tuple
