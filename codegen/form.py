"""Which forms of an output go together, and which there are."""

from __future__ import annotations

from codegen.errors import CodegenError, Problem
from codegen.parse import Module
from codegen.request import JACOBIANS, RETURNS, STYLES, TARGETS, Options


def check_form(module: Module, options: Options) -> None:
    """Raise CodegenError for a form that there is not, or that does not go with another."""
    form = options.form
    choices = {"style": STYLES, "target": TARGETS, "returns": RETURNS, "jacobian": JACOBIANS}
    for name, known in choices.items():
        value = getattr(form, name)
        if value is not None and value not in known:
            message = f"there is no {name} called `{value}`"
            _refuse(module, name, message, f"write one of {', '.join(known)}")
    if form.target == "numba" and form.style == "gate":
        message = "numba compiles functions, and gate style writes a class"
        _refuse(module, "target", message, "write --style joint or --style split")
    if form.style != "joint" and form.returns == "grad":
        message = f"{form.style} style returns value and gradients apart anyway"
        _refuse(module, "returns", message, "write --returns grad with --style joint")
    if form.debug and form.target == "numba":
        _refuse(module, "debug", "numba compiles no checks", "leave --target out with --debug")
    if form.jacobian is not None:
        for name, usual in (
            *(("style", "joint"), ("target", "numpy"), ("returns", "both"), ("debug", False)),
        ):
            if getattr(form, name) != usual:
                message = f"--jacobian does not go with --{name} {getattr(form, name)}"
                _refuse(module, "jacobian", message, f"leave --{name} out")


def _refuse(module: Module, code: str, message: str, help: str) -> None:
    raise CodegenError([Problem(code, message, None, help)], module.source)
