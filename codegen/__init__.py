"""Source-to-source backprop: read a forward function, write its gradient as plain numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codegen.api import generate
    from codegen.errors import CodegenError
    from codegen.gradient import grad
    from codegen.own_rules import rule

__all__ = ["CodegenError", "__version__", "generate", "grad", "rule"]


def __getattr__(name: str) -> Any:
    """Import on first use: `--help` and usage errors must not wait for numpy and black."""
    if name == "CodegenError":
        from codegen.errors import CodegenError

        return CodegenError
    if name == "generate":
        from codegen.api import generate

        return generate
    if name == "grad":
        from codegen.gradient import grad

        return grad
    if name == "rule":
        from codegen.own_rules import rule

        return rule
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("codegen-backprop")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0+unknown"
