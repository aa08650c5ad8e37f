"""All functions of a file to one module: imports, constants, helpers, then the functions."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

from codegen.errors import Note
from codegen.parse import Module
from codegen.render import FunctionText, function_text, module_text
from codegen.spell import ADDED, Speller, Uses
from codegen.stage.paper import Paper
from codegen.templating import helper_text

HELPER_NEEDS = {
    "_matmul_grad_left": ("_unbroadcast",),
    "_matmul_grad_right": ("_unbroadcast",),
    "_dot_grad_left": ("_unbroadcast",),
    "_dot_grad_right": ("_unbroadcast",),
    "_inner_grad_left": ("_unbroadcast",),
    "_inner_grad_right": ("_unbroadcast",),
}


def assemble(module: Module, papers: list[Paper]) -> tuple[str, list[Note]]:
    """Return the text of the output module, before black, and notes on what it imports."""
    uses = Uses()
    functions: list[FunctionText] = []
    kept: dict[str, None] = {}
    for paper in papers:
        reserved = {p.name for p in paper.built.parameters} | set(paper.namer.taken)
        speller = Speller(module, paper.resolver, uses, reserved, paper.built.node is None)
        functions.append(function_text(module, paper, speller))
        for name in paper.built.helpers:
            if any(name in line for line in functions[-1].forward):
                kept[name] = None
    helpers = _helpers(uses)
    constants, functions_kept = _carried(module, uses, kept)
    if helpers:
        _note_numpy(module, uses)
    text = module_text(
        {
            "docstring": _docstring(module, papers),
            "imports": _imports(module, uses),
            "constants": constants,
            "helpers": [*functions_kept, *helpers],
            "functions": functions,
        }
    )
    return text, _notes(module, uses)


def _docstring(module: Module, papers: list[Paper]) -> str:
    name = PurePosixPath(module.source.filename.replace("\\", "/")).name
    name = name.replace("\\", "\\\\").replace('"', '\\"')
    what = f"the script {name}" if module.is_script else name
    tail = ""
    if len(papers) == 1 and papers[0].selection.explicit_wrt:
        tail = " with respect to " + ", ".join(p.name for p in papers[0].selection.inputs)
    return f"Gradients of {what}{tail}."


def _helpers(uses: Uses) -> list[str]:
    names: dict[str, None] = {}
    for name in uses.helpers:
        for needed in HELPER_NEEDS.get(name, ()):
            names[needed] = None
    names |= uses.helpers
    return [helper_text(name) for name in sorted(names, key=lambda n: (n != "_unbroadcast", n))]


def _note_numpy(module: Module, uses: Uses) -> None:
    """Helpers are written with `np`."""
    if module.imports.get("np") is not None and module.imports["np"].path == "numpy":
        uses.imports["np"] = None
    else:
        uses.added["numpy"] = "np"


def _carried(module: Module, uses: Uses, kept: dict[str, None]) -> tuple[list[str], list[str]]:
    """Return the texts of the constants and helper functions that the output needs."""
    names = [name for name in uses.names if name in module.constants]
    statements: dict[ast.stmt, None] = {}
    stack = list(names)
    functions = {name: module.functions[name] for name in kept}
    for node in functions.values():
        stack += _names_in(node)
    while stack:
        name = stack.pop()
        if name in module.imports:
            uses.imports[name] = None
        found = module.constants.get(name)
        if found is not None and found not in statements:
            statements[found] = None
            stack += _names_in(found)
    texts = [
        module.source.segment(module.source.span(n)) for n in module.tree.body if n in statements
    ]
    bodies = [
        module.source.segment(module.source.span(n))
        for n in module.tree.body
        if isinstance(n, ast.FunctionDef) and n.name in functions
    ]
    return texts, bodies


def _names_in(node: ast.AST) -> list[str]:
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def _imports(module: Module, uses: Uses) -> list[str]:
    """Return the import lines: the author's that are used, then those we add."""
    rows: list[str] = []
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            names = [a.name for a in node.names if a.name == "annotations"]
            rows += [f"from __future__ import {name}" for name in names]
        elif isinstance(node, ast.Import):
            rows += _plain_imports(node, uses)
        elif isinstance(node, ast.ImportFrom):
            used = [a for a in node.names if (a.asname or a.name) in uses.imports]
            if used:
                path = "." * node.level + (node.module or "")
                rows.append(f"from {path} import {', '.join(_alias(a) for a in used)}")
    for library in sorted(uses.added):
        alias = uses.added[library]
        rows.append(f"import {library}" if alias == library else f"import {library} as {alias}")
    return rows


def _plain_imports(node: ast.Import, uses: Uses) -> list[str]:
    rows = []
    for alias in node.names:
        bound = alias.asname or alias.name.split(".")[0]
        if bound in uses.imports:
            rows.append(f"import {_alias(alias)}")
    return rows


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _notes(module: Module, uses: Uses) -> list[Note]:
    notes = []
    if not module.is_script:
        for library in sorted(uses.added):
            text = ADDED[library][1]
            notes.append(Note(f"the gradient needs {library}: the output has `{text}`"))
    if uses.helpers:
        names = ", ".join(sorted(uses.helpers))
        notes.append(
            Note(
                f"shapes are not known everywhere, so the output carries {names}",
                None,
                'annotate the parameters (x: Float[np.ndarray, "N D"], or `float`) to do without',
            )
        )
    return notes
