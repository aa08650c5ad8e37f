"""Where the templates are, and how they are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


def template_folder() -> Path:
    """Return the folder of the templates: inside an installed package, beside it in a checkout.

    >>> (template_folder() / "module.py.jinja").is_file()
    True
    """
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """Return the environment that prints the templates; a hole without a value is an error.

    >>> environment().from_string("d{{ name }} = {{ value }}").render(name="x", value="y * dz")
    'dx = y * dz'
    """
    import jinja2  # only when something is printed: --help does not wait for it

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder(), encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # Python is printed, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def has_own_helper(name: str, target: str) -> bool:
    """True if a helper is written in what a target compiles."""
    return (template_folder() / "helpers" / target / f"{name}.py").is_file()


@cache
def has_helper(name: str) -> bool:
    """True if there is a helper of this name."""
    return (template_folder() / "helpers" / f"{name}.py").is_file()


@cache
def helper_text(name: str, target: str = "numpy") -> str:
    """Return the source of one of the small functions that an output may carry.

    Where numba cannot compile what numpy's says, it has its own.

    >>> helper_text("_unbroadcast").splitlines()[0]
    'def _unbroadcast(d, shape):'
    """
    folder = template_folder() / "helpers"
    own = folder / target / f"{name}.py"
    path = own if own.is_file() else folder / f"{name}.py"
    return path.read_text(encoding="utf-8").rstrip()
