"""Which classes are differentiated, and by which method."""

from __future__ import annotations

import ast

from codegen.classes.lower import Lowering, Method
from codegen.classes.members import Class, read_class
from codegen.errors import CodegenError, Problems
from codegen.parse import Module, marks_of
from codegen.request import Options


def pick(module: Module, options: Options, problems: Problems) -> list[ast.FunctionDef]:
    """Return the methods that are asked for, or that of every public class, as functions."""
    names = frozenset(module.classes)
    classes = {name: read_class(node, names) for name, node in module.classes.items()}
    lowering = Lowering(module.source, classes)
    defaults = options.defaults
    asked = options.functions or (defaults.functions if defaults is not None else None)
    found: list[Method] = []
    for name, owner in classes.items():
        method = owner.picked(options.style)
        if asked is not None and name not in asked:
            continue
        if method is None or (asked is None and not _is_public(module, owner, method)):
            if asked is not None:
                problems.add(
                    "class",
                    f"the class `{name}` has no method to differentiate",
                    module.source.span(owner.node),
                    "call it `forward`, `__call__` or `loss`",
                )
            continue
        if not _is_plain(module, owner, problems):
            continue
        if options.style == "split":
            problems.add(
                "style",
                f"`{name}` is a class, and split style is for functions",
                module.source.span(owner.node),
                "write --style gate, or joint for a class with a method `loss`",
            )
            continue
        if options.target == "numba":
            problems.add(
                "target",
                f"`{name}` is a class, which numba does not compile",
                module.source.span(owner.node),
                "write its method as a function of its attributes",
            )
            continue
        is_loss = method == "loss" and options.style == "joint"
        try:
            found.append(lowering.method(owner, method, is_loss))
        except CodegenError as error:
            problems.found.extend(error.problems)
    module.functions |= lowering.functions
    module.rewritten |= lowering.rewritten
    module.methods |= {method.function: method for method in found}
    return [method.function for method in found]


def _is_public(module: Module, owner: Class, method: str) -> bool:
    marks = [*marks_of(module, owner.methods[method]), *marks_of(module, owner.node)]
    if any(mark.kind == "skip" for mark in marks):
        return False
    if module.exported is not None:
        return owner.name in module.exported
    return not owner.name.startswith("_")


def _is_plain(module: Module, owner: Class, problems: Problems) -> bool:
    """Refuse what may change what a class is: a base, a decorator but that of a dataclass."""
    node = owner.node
    strange: list[tuple[ast.AST, str]] = [
        (base, "a class that inherits from another is not supported yet")
        for base in [*node.bases, *(k.value for k in node.keywords)]
        if not (isinstance(base, ast.Name) and base.id == "object")
    ]
    strange += [
        (part, "a class with `__slots__` has no place for what the backward pass needs")
        for part in node.body
        if isinstance(part, ast.Assign) and "__slots__" in ast.unparse(part.targets[0])
    ]
    strange += [
        (part, "a decorator may change what the class does")
        for part in node.decorator_list
        if "dataclass" not in ast.unparse(part)
    ]
    for part, message in strange:
        problems.add("class", message, module.source.span(part), "write one plain class")
    return not strange
