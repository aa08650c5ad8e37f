"""What is called and cannot be followed: why, and what to write instead."""

from __future__ import annotations

import ast

DEFINED = "call a function that is defined by `def`"


def of_name(name: str, made: ast.stmt | None) -> tuple[str, str]:
    """Return message and help for a call of a name that is no function.

    `made` is the statement of the top level that binds it.
    """
    value = made.value if isinstance(made, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Lambda):
        arguments = ", ".join(one.arg for one in value.args.args)
        return (
            f"`{name}` is a `lambda` at the top level of the file, which is not followed",
            f"write it as a function: def {name}({arguments}): return ...",
        )
    if isinstance(value, ast.Call):
        return (
            f"what `{name}` makes is not known before the run",
            f"{DEFINED}; for several values, make a tuple or a dict of them",
        )
    return f"`{name}` is not a function that can be followed", DEFINED


def of_class(name: str) -> tuple[str, str]:
    """Return message and help for a function that makes an object of a class of the file."""
    return (
        f"`{name}` is a class, and objects that a function makes are not followed",
        "call functions of the numbers, or differentiate a method of a class that holds the object",
    )
