"""A lower layer never imports a higher one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "codegen"

# From low to high; modules of one layer may import each other. A name stands for the module or
# folder of that name, and for its parts in modules of their own: "build" is also build_control.py.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("source", "errors"),
    ("ir", "expressions", "printer", "shapes", "request", "templating"),
    ("gates",),
    ("verify",),
    ("parse", "fence"),
    ("build",),
    ("interpret",),
    ("analyses",),
    ("adjoint", "simplify"),
    ("select",),
    ("stage",),
    ("examples", "spell"),
    ("text", "reports"),
    ("render", "write"),
    ("assemble", "ir_text"),
    ("pipeline",),
    ("api", "gradient", "verification"),
    ("cli", "config", "__init__", "__main__"),
)


def rank(module: str) -> int | None:
    """Return the layer of a module ("stage.fold"), counted from the lowest; None: it is in none.

    Of two names that fit, the longer is meant: verification.py is not a part of verify.py.
    """
    top = module.partition(".")[0]
    fitting = [
        (len(name), number)
        for number, names in enumerate(LAYERS)
        for name in names
        if top == name or top.startswith(f"{name}_")
    ]
    return max(fitting)[1] if fitting else None


def modules() -> dict[str, Path]:
    """Return the package's modules by their names within it: "stage.fold", "stage", "__init__"."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) > 1 and parts[-1] == "__init__":
            parts = parts[:-1]
        found[".".join(parts)] = path
    return found


def imported(module: str, path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and top module of each import from the package, also those inside functions.

    An import for type checkers counts too: what a layer knows of the ones above is what matters.
    """
    tops = {name.partition(".")[0] for name in modules()}
    inside = (module if path.name == "__init__.py" else module.rpartition(".")[0]).split(".")
    package = ["codegen", *(part for part in inside if part and part != "__init__")]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            if node.module:
                base.append(node.module)
            targets = [".".join([*base, alias.name]) for alias in node.names]
        else:
            continue
        for target in targets:
            root, _, name = target.partition(".")
            top = name.partition(".")[0]
            if root == "codegen":  # from codegen import generate: no module, so of the package
                yield node.lineno, top if top in tops else "__init__"


def test_every_module_is_in_a_layer() -> None:
    missing = [name for name in modules() if rank(name) is None]
    assert not missing, "\n".join(
        f"codegen.{name} is in no layer: give it a place in LAYERS, in {Path(__file__).name}."
        for name in missing
    )


@pytest.mark.parametrize("module", modules())
def test_a_lower_layer_never_imports_a_higher_one(module: str) -> None:
    path = modules()[module]
    own = rank(module)
    wrong = []
    for line, target in imported(module, path):
        other = rank(target)
        if own is not None and other is not None and other > own:
            wrong.append(
                f"{path.relative_to(PACKAGE.parent)}:{line}: {module} ({', '.join(LAYERS[own])}) "
                f"imports {target} ({', '.join(LAYERS[other])}), which is a higher layer."
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("build_control", ("build",)),
        ("stage.fold", ("stage",)),
        ("verification", ("gradient", "verification")),
        ("__main__", ("cli", "config")),
    ],
)
def test_a_module_is_in_the_layer_of_the_name_it_begins_with(
    module: str, names: tuple[str, ...]
) -> None:
    number = rank(module)
    assert number is not None
    assert set(names) <= set(LAYERS[number])


def test_an_import_is_found_in_every_spelling(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "import numpy\n"
        "import codegen.source\n"
        "from codegen import errors, __version__\n"
        "def late():\n"
        "    from codegen.pipeline import Options\n"
        "    from .. import source\n"
        "    from ..errors import Note\n",
        encoding="utf-8",
    )
    found = sorted(imported("stage.module", path))
    assert found == [
        (2, "source"),
        (3, "__init__"),
        (3, "errors"),
        (5, "pipeline"),
        (6, "source"),
        (7, "errors"),
    ]
