"""Example calls that the author gave: marks, doctests, a script's literals."""

from __future__ import annotations

import ast
import doctest

from codegen.build.lines import Built
from codegen.classes.lower import Method
from codegen.parse import Module, marks_of


def of_function(module: Module, built: Built) -> tuple[str, ...]:
    """Return the argument texts of a function's example calls, in order, without repeats."""
    if built.node is None:
        return (script_arguments(built),)
    name = built.function.name
    texts = [m.argument for m in marks_of(module, built.node) if m.kind == "example"]
    for row in sorted(module.marks):
        for mark in module.marks[row]:
            if mark.kind == "example" and mark.argument not in texts:
                texts.append(mark.argument)
    doctests = doctest.DocTestParser().get_examples(built.docstring or "")
    texts += [example.source for example in doctests]
    found: dict[str, None] = {}
    for text in texts:
        arguments = _arguments(text, name)
        if arguments is not None:
            found[arguments] = None
    return tuple(found)


def of_method(module: Module, method: Method) -> tuple[str, tuple[str, ...]]:
    """Return the text that makes an object, and the arguments of its method, in examples.

    In `# codegen: example Affine(3, 4).forward(np.ones((2, 3)))` these are `Affine(3, 4)` and
    `np.ones((2, 3))`; `Poly(c)(2.0)` calls `__call__`.
    """
    texts = [
        m.argument for row in sorted(module.marks) for m in module.marks[row] if m.kind == "example"
    ]
    for node in (method.owner.node, method.node):
        found = doctest.DocTestParser().get_examples(ast.get_docstring(node) or "")
        texts += [example.source for example in found]
    made: str | None = None
    arguments: dict[str, None] = {}
    for text in texts:
        try:
            tree = ast.parse(text.strip())
        except SyntaxError:
            continue
        for part in ast.walk(tree):
            match part:
                case ast.Call(
                    ast.Attribute(ast.Call(ast.Name(name)) as maker)
                    | (ast.Call(ast.Name(name)) as maker)
                ):
                    word = part.func.attr if isinstance(part.func, ast.Attribute) else "__call__"
                    if name == method.owner.name and word == method.node.name:
                        of = ast.get_source_segment(text.strip(), maker) or ""
                        whole = ast.get_source_segment(text.strip(), part) or ""
                        if made in (None, of):
                            made = of
                            rest = whole[len(of) :]
                            arguments[rest[rest.index("(") + 1 : -1].strip()] = None
    if made is None and not _needs_arguments(method.owner.methods.get("__init__")):
        made = f"{method.owner.name}()"
    return made or "", tuple(arguments)


def _needs_arguments(maker: ast.FunctionDef | None) -> bool:
    if maker is None:
        return False
    given = maker.args
    required = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    return required > 1 or None in given.kw_defaults


def _arguments(text: str, name: str) -> str | None:
    """Return what stands in the parentheses of the first call of the function in a text."""
    try:
        tree = ast.parse(text.strip())
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            whole = ast.get_source_segment(text.strip(), node) or ""
            return whole[whole.index("(") + 1 : -1].strip()
    return None


def script_arguments(built: Built) -> str:
    """Return a script's inputs as the arguments of a call."""
    texts = []
    for parameter in built.parameters:
        assert parameter.example is not None
        texts.append(repr(ast.literal_eval(parameter.example)))
    return ", ".join(texts)
