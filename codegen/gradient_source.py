"""The text that a function object was made from, with what it needs from elsewhere."""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import sys
import types
from typing import Any

from codegen.source import Source

_HELP = "codegen.grad takes a function made by a top-level def, or source text"


def source_of(f: Any) -> tuple[Source, str]:
    """Return the text of the module (or cell) that a function is defined in, and its name there.

    Names that this text does not define, but that the function sees, follow at the end: imports,
    numbers, and functions of other cells. Raises TypeError for anything without a `def` at the top
    level of a text that can be found, or whose text has changed since.
    """
    function = _plain_function(f)
    text, tree = _text(function)
    node = _definition(function, tree)
    _require_same_code(function, node, text)
    added = _borrowed(function, node, tree)
    if added:
        text = text.rstrip("\n") + "\n\n\n" + "\n".join(added) + "\n"
    return Source.from_text(text, function.__code__.co_filename), function.__name__


def _plain_function(f: Any) -> types.FunctionType:
    name = getattr(f, "__qualname__", None) or repr(f)
    if isinstance(f, types.MethodType) or inspect.ismethoddescriptor(f):
        raise TypeError(f"{name} is a method; {_HELP}")
    if inspect.isclass(f):
        raise TypeError(f"{name} is a class; {_HELP}")
    if not isinstance(f, types.FunctionType):
        raise TypeError(f"{name} is not written in Python, or not a function; {_HELP}")
    if f.__name__ == "<lambda>":
        raise TypeError(f"a lambda has no lines to differentiate: write it as a def; {_HELP}")
    if hasattr(f, "__wrapped__"):
        raise TypeError(f"{name} is decorated, and what it does is not in its own lines; {_HELP}")
    if f.__closure__ or f.__qualname__ != f.__name__:
        raise TypeError(f"{name} is defined inside of a function or class; {_HELP}")
    return f


def _text(function: types.FunctionType) -> tuple[str, ast.Module]:
    try:
        lines, _ = inspect.findsource(function)
    except (OSError, TypeError, IndexError) as error:
        words = f"the source of {function.__name__} cannot be found: give its text to codegen.grad"
        raise TypeError(words) from error
    text = "".join(lines)
    try:
        return text, ast.parse(text)
    except SyntaxError as error:
        raise TypeError(f"the source of {function.__name__} is not its file's text") from error


def _definition(function: types.FunctionType, tree: ast.Module) -> ast.FunctionDef:
    name = function.__name__
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
    line = function.__code__.co_firstlineno
    if not found or line not in (found[-1].lineno, *(d.lineno for d in found[-1].decorator_list)):
        raise TypeError(
            f"{name} is not what the def of that name at the top level of "
            f"{function.__code__.co_filename} gives: it is defined elsewhere, again, "
            "or the file has changed"
        )
    return found[-1]


def _require_same_code(function: types.FunctionType, node: ast.FunctionDef, text: str) -> None:
    """Refuse a text that was edited after the function was made."""
    if node.decorator_list or any(isinstance(inner, ast.Assert) for inner in ast.walk(node)):
        return  # pytest rewrites asserts: the code is never that of the text
    module = compile(text, function.__code__.co_filename, "exec", dont_inherit=True)
    codes = [c for c in module.co_consts if isinstance(c, types.CodeType)]
    same = [c for c in codes if c.co_name == node.name and c.co_firstlineno == node.lineno]
    if same and _shape_of(same[-1]) != _shape_of(function.__code__):
        raise TypeError(f"the source of {node.name} has changed since it was defined; run it again")


def _shape_of(code: types.CodeType) -> tuple[Any, ...]:
    constants = [repr(c) for c in code.co_consts if not isinstance(c, types.CodeType)]
    return code.co_code, code.co_names, code.co_varnames, constants


def _borrowed(function: types.FunctionType, node: ast.FunctionDef, tree: ast.Module) -> list[str]:
    """Return statements for the names that only live where the function was run.

    Imports come first, then numbers, then functions.
    """
    scope = function.__globals__
    own = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    known = _bound(tree) | set(dir(builtins))
    functions: list[str] = []
    lines: list[str] = []
    visited: set[str] = set()
    waiting = [node]
    while waiting:
        for name in _read(waiting.pop()):
            if name in own and name not in visited:
                visited.add(name)
                waiting.append(own[name])
            elif name not in known and name in scope:
                known.add(name)
                if isinstance(scope[name], types.FunctionType) and scope[name].__name__ == name:
                    other, text = _other_cell(scope[name])
                    if other is not None:
                        waiting.append(other)
                        functions.append("\n\n" + text)
                        continue
                statement = _statement(name, scope[name])
                lines += [statement] if statement is not None else []
    lines.sort(key=lambda line: (not line.startswith(("import ", "from ")), line))
    return lines + functions


def _read(node: ast.FunctionDef) -> list[str]:
    """Return the names that a function reads and does not assign, in order, annotations too."""
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    local = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    local |= {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    return [name for name in dict.fromkeys(n.id for n in names) if name not in local]


def _bound(tree: ast.Module) -> set[str]:
    """Return the names that a text binds at its top level."""
    bound: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                bound.add(inner.id)
            elif isinstance(inner, (ast.Import, ast.ImportFrom)):
                bound |= {alias.asname or alias.name.split(".")[0] for alias in inner.names}
    return bound


def _other_cell(function: types.FunctionType) -> tuple[ast.FunctionDef | None, str]:
    """Return the definition and text of a function of another cell, which has no module.

    (None, "") for a function of a module, which is imported, and for one without a text.
    """
    if not function.__code__.co_filename.startswith("<"):
        return None, ""
    try:
        text, tree = _text(_plain_function(function))
        node = _definition(function, tree)
    except TypeError:
        return None, ""
    return node, ast.get_source_segment(text, node) or ""


def _statement(name: str, value: Any) -> str | None:
    """Return the statement that gives a name its value, None if one line cannot say it."""
    if isinstance(value, types.ModuleType):
        whole = value.__name__
        return f"import {whole}" if whole == name else f"import {whole} as {name}"
    if type(value) in (bool, int) or (type(value) is float and math.isfinite(value)):
        return f"{name} = {value!r}"
    original = getattr(value, "__name__", None)
    for path in (getattr(value, "__module__", None), "numpy"):  # a ufunc does not know its module
        module = sys.modules.get(path) if isinstance(path, str) and path != "__main__" else None
        if module is not None and original and getattr(module, original, None) is value:
            renamed = "" if original == name else f" as {name}"
            return f"from {path} import {original}{renamed}"
    return None
