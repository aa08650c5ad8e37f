"""A lower layer never imports a higher one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "codegen"

# From low to high; modules of one layer may import each other. A name stands for the module or
# folder of that name, and for what begins with it: "parse" is also parse_names.py.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("source", "errors", "frozen", "nodes"),
    ("ir", "expressions", "printer", "dimensions", "shapes", "request", "templating"),
    ("gates",),
    ("verify",),
    ("parse", "fence", "form", "classes", "helpers"),
    ("build",),
    ("interpret",),
    ("analyses",),
    ("refuse",),
    ("adjoint", "simplify"),
    ("select",),
    ("stage",),
    ("typed",),
    ("columns", "examples", "neighbour", "neighbours", "own_rules", "pairs", "spell"),
    ("text",),
    ("render", "text.split", "text.gate_class", "text.columns", "write"),
    ("assemble", "ir_text", "reports"),
    ("papers",),
    ("pipeline",),
    ("api", "gradient", "verification"),
    ("cli", "config", "__init__", "__main__"),
)


def rank(module: str) -> int | None:
    """Return the layer of a module ("stage.fold"), counted from the lowest; None: it is in none.

    Of two names that fit, the longer is meant: text/split.py is above the rest of text.
    """
    fitting = [
        (len(name), number)
        for number, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith((f"{name}.", f"{name}_"))
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
    """Yield the line and module of each import from the package, also those inside functions.

    An import for type checkers counts too: what a layer knows of the ones above is what matters.
    """
    known = modules()
    for line, target in _targets(module, path, ast.walk(_tree(path))):
        yield line, _named(target, known)


def _named(target: str, known: Mapping[str, Path]) -> str:
    """Return the module that is meant by "ir.Value": "ir"; by "generate": the package itself."""
    fitting = [name for name in known if f"{target}.".startswith(f"{name}.")]
    return max(fitting, key=len, default="__init__")


def loaded(module: str, path: Path) -> set[str]:
    """Return the modules of the package that are imported before the module itself is there.

    Not: what is imported inside functions, and what only type checkers import.
    """
    known = modules()
    found = set()
    for _, target in _targets(module, path, _tree(path).body):
        found.add(_named(target, known))
    return found - {module}


def _targets(module: str, path: Path, nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name within the package of what the nodes import from it."""
    inside = (module if path.name == "__init__.py" else module.rpartition(".")[0]).split(".")
    package = ["codegen", *(part for part in inside if part and part != "__init__")]
    for node in nodes:
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
            if root == "codegen":  # from codegen import generate: no module, so of the package
                yield node.lineno, name


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return modules each of which imports the next, and the last the first; none: no circle."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return way[way.index(name) :]
        if name in done:
            return []
        for target in sorted(graph.get(name, ())):
            found = walk(target, [*way, name])
            if found:
                return found
        done.add(name)
        return []

    return next(filter(None, (walk(name, []) for name in sorted(graph))), [])


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


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Also within a layer: each module can be read with only those below it in mind."""
    found = circle({name: loaded(name, path) for name, path in modules().items()})
    assert not found, (
        f"codegen.{' imports codegen.'.join([*found, *found[:1]])}: "
        "move what both need into a module below them."
    )


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"b"}}) == ["b", "d"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("parse_names", ("parse",)),
        ("build.returns", ("build",)),
        ("analyses.regions", ("analyses",)),
        ("gates.control", ("gates",)),
        ("text.backward", ("text",)),
        ("text.split", ("render", "write")),
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


def test_only_what_a_module_needs_to_be_there_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "import codegen.source\n"
        "from codegen import errors, __version__\n"
        "from codegen.stage.fold import fold\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from codegen.pipeline import Options\n"
        "def late():\n"
        "    from codegen.api import generate\n",
        encoding="utf-8",
    )
    assert loaded("stage.module", path) == {"source", "errors", "__init__", "stage.fold"}
