"""What functions of the file promise of what they are given: shapes of the caller's parameters."""

from __future__ import annotations

import ast

from codegen import ir, shapes
from codegen.analyses.declared import from_annotation
from codegen.analyses.documented import from_docstring
from codegen.build.lines import Built
from codegen.dimensions import renamed
from codegen.parse import Module
from codegen.shapes import Known, Type


def promised_by_calls(module: Module, built: Built) -> dict[ir.Value, Type]:
    """Return the arrays among the parameters, as the functions state that they are handed to.

    The names of dimensions are each call's own: `(D, M)` of two layers are not the same sizes.
    """
    found: dict[ir.Value, Type] = {}
    for number, (called, arguments) in enumerate(built.handed, start=1):
        prefix = f"{called.name}.{number}."
        for name, stated in _stated(module, called).items():
            shape = stated.shape
            if name not in arguments or not stated.array:
                continue
            if isinstance(shape, Known):
                shape = Known(tuple(renamed(d, prefix) for d in shape.dimensions))
            else:
                shape = shapes.unknown(f"{arguments[name].name}.")
            found.setdefault(arguments[name], stated.with_(shape=shape))
    return found


def _stated(module: Module, called: ast.FunctionDef) -> dict[str, Type]:
    """Return what the annotations and the docstring of a function state of its parameters."""
    given = called.args
    rows = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    documented = from_docstring(ast.get_docstring(called), [row.arg for row in rows])
    found: dict[str, Type] = {}
    for row in rows:
        stated = from_annotation(module, row.annotation, row.arg) or documented.get(row.arg)
        if stated is not None and stated.kind == "number" and stated.dtype != "complex":
            found[row.arg] = stated
    return found
