"""All functions of a file to one module: imports, constants, helpers, then the functions."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from codegen.build.lines import root_of
from codegen.errors import Note, Problems
from codegen.nodes import assigned_names
from codegen.parse import Module
from codegen.parse_names import free_names
from codegen.render import FunctionText, function_text, module_text
from codegen.request import Form
from codegen.spell import OurNames, Speller, Uses, added_name, imported
from codegen.stage.paper import Paper
from codegen.templating import helper_text
from codegen.text.columns import columns_text
from codegen.text.gate_class import ClassText, as_it_stands, class_text
from codegen.text.numba import private_name
from codegen.text.split import SplitText, split_text

HELPER_NEEDS = {
    "_linspace_grad": ("_unbroadcast",),
    "_cross_grad": ("_unbroadcast",),
    "_average_grad": ("_weights_along",),
    "_average_grad_weights": ("_unbroadcast", "_weights_along"),
    "_matmul_grad_left": ("_unbroadcast",),
    "_matmul_grad_right": ("_unbroadcast",),
    "_dot_grad_left": ("_unbroadcast",),
    "_dot_grad_right": ("_unbroadcast",),
    "_inner_grad_left": ("_unbroadcast",),
    "_inner_grad_right": ("_unbroadcast",),
    "_solve_grad_left": ("_unbroadcast",),
    "_cholesky_grad": ("_lower",),
    "_cholesky_grad_upper": ("_cholesky_grad", "_lower"),
    "_cho_solve_grad": ("_columns_product",),
    "_lu_factor_grad": ("_pivoted_rows",),
    "_lu_solve_grad": ("_columns_product", "_pivoted_rows"),
    "_cho_factor_grad": ("_cholesky_grad", "_lower"),
    "_eigenvalues_grad": ("_lower",),
    "_eig_values_grad": ("_distinct", "_gaps"),
    "_eig_vectors_grad": ("_distinct", "_gaps"),
    "_eigvals_grad": ("_distinct", "_gaps"),
    "_eigenvectors_grad": ("_gaps", "_lower"),
    "_singular_vectors_grad": ("_gaps",),
    "_singular_rows_grad": ("_gaps", "_singular_vectors_grad"),
    "_qr_grad_q": ("_qr_grad",),
    "_qr_grad_r": ("_qr_grad",),
    "_normal_grad_mean": ("_unbroadcast",),
    "_normal_grad_cov": ("_lower",),
    "_eigvalsh_grad": ("_lower",),
    "_correlate_grad_left": ("_correlate_full",),
    "_correlate_grad_right": ("_correlate_full",),
    "_gradient_grad": ("_gradient_slopes",),
    "_gradient_grad_x": ("_gradient_slopes",),
    "_interp_grad_xp": ("_interp_grad_x", "_interp_grad_fp"),
    "_solve_grad_right": ("_unbroadcast",),
    "_running_extreme_grad": ("_records",),
    "_running_extreme_of": ("_records",),
}

# Helpers that the output carries though everything is known: what they do takes several lines.
ADDED_IN_LOOPS = {"_add_at", "_add_at_pairs", "_add_at_columns", "_add_scaled", "_add_outer"}
ALWAYS = frozenset(
    {"_lower", "_gaps", "_cholesky_grad", "_pinv_grad", "_matrix_power_grad", "_multigammaln_grad"}
    | {"_distinct", "_eig_values_grad", "_eig_vectors_grad", "_eigvals_grad"}
    | {"_eigvalsh_grad", "_eigenvalues_grad", "_eigenvectors_grad", "_svdvals_grad"}
    | {"_singular_values_grad", "_singular_vectors_grad", "_singular_rows_grad"}
    | {"_qr_grad", "_qr_grad_q", "_qr_grad_r", "_nuclear_norm_grad", "_spectral_norm_grad"}
    | {"_cholesky_grad_upper", "_cho_factor_grad", "_cho_solve_grad", "_expm_grad"}
    | {"_lu_factor_grad", "_lu_solve_grad", "_pivoted_rows"}
    | {"_lstsq_grad_left", "_lstsq_grad_right"}
    | {"_normal_grad_x", "_normal_grad_mean", "_normal_grad_cov"}
    | {"_convolve_grad", "_cumprod_grad", "_det_grad", "_pad_grad", "_quantile_grad"}
    | {"_gradient_grad", "_gradient_grad_x", "_gradient_slopes"}
    | {"_trapezoid_grad", "_trapezoid_grad_x"}
    | {"_interp_grad_x", "_interp_grad_xp", "_interp_grad_fp"}
    | {"_diagflat_grad", "_diagonal_grad", "_kron_grad_left", "_kron_grad_right"}
    | {"_kept_sum"}
    | {"_take_along_axis_grad", "_insert_grad", "_insert_grad_values"}
    | {"_cov_grad", "_corrcoef_grad", "_one_row", "_check_gradient", "_check_shapes"}
    | {"_take_along_axis_grad", "_taken_once_grad", "_insert_grad", "_insert_grad_values"}
    | {"_partition_grad", "_running_extreme_grad"}
    | {"_correlate_full", "_correlate_grad_left", "_correlate_grad_right"}
    | {"_quantile_of", "_running_extreme_of", "_records"}
    | {"_convolve_grad", "_cumprod_grad", "_det_grad", "_pad_grad", "_quantile_grad"}
)
# What helpers read besides numpy, by the name that they read it by.
HELPER_LIBRARIES = {
    "_multigammaln_grad": {"digamma": "scipy.special.digamma"},
    "_expm_grad": {"expm_frechet": "scipy.linalg.expm_frechet"},
}


@dataclass(frozen=True)
class Assembled:
    """The text of an output module before black, what to tell its user, and what ours is called."""

    text: str
    notes: list[Note]
    ours: OurNames


@dataclass
class _Spelled:
    """One try at all functions, with what it needs of the author's module."""

    uses: Uses
    functions: list[FunctionText | SplitText | ClassText]
    constants: list[ast.stmt]
    kept: list[ast.FunctionDef]


def assemble(module: Module, papers: list[Paper], form: Form) -> Assembled:
    """Return the output module, in which the author's names win and ours give way."""
    ours, style, target = OurNames(), form.style, form.target
    while True:
        spelled = _spell(module, papers, ours, form)
        settled = _settled(module, papers, spelled)
        if settled == ours:
            break
        ours = settled
    _refuse_hidden(module, papers, spelled)
    helpers = _helpers(module, spelled.uses, ours, target)
    decorator = f"{_compiler(module, spelled.uses, ours)}\n" if target == "numba" else ""

    def segment(node: ast.stmt) -> str:
        text = module.source.segment(module.source.span(node))
        return f"{decorator}{text}" if isinstance(node, ast.FunctionDef) else text

    text = module_text(
        {
            "docstring": _docstring(module, papers, style),
            "imports": _imports(module, spelled.uses, ours),
            "constants": [
                as_it_stands(module, node) if isinstance(node, ast.ClassDef) else segment(node)
                for node in spelled.constants
            ],
            "helpers": [
                *(segment(node) for node in spelled.kept),
                *(f"{decorator}{helper}" for helper in helpers),
            ],
            "functions": spelled.functions,
        }
    )
    return Assembled(text, _notes(module, papers, spelled.uses, ours), ours)


def _compiler(module: Module, uses: Uses, ours: OurNames) -> str:
    """Return the decorator that has numba compile a function."""
    written = imported("numba.njit", module, set(), uses) or f"{ours.alias('numba')}.njit"
    return f"@{written}"


def _spell(module: Module, papers: list[Paper], ours: OurNames, form: Form) -> _Spelled:
    uses = Uses()
    functions: list[FunctionText | SplitText | ClassText] = []
    kept: dict[str, None] = {}
    for paper in papers:
        reserved = {p.name for p in paper.built.parameters} | set(paper.namer.taken)
        style, target = form.style, form.target
        if paper.selection.pair is not None:
            style = "split"
        speller = Speller(module, paper.resolver, uses, reserved, ours, target, form.debug)
        speller.is_apart = style != "joint"
        method = None if paper.built.node is None else module.methods.get(paper.built.node)
        if method is not None:
            functions.append(class_text(module, paper, speller, method))
        elif paper.selection.is_jacobian:
            functions.append(columns_text(module, paper, speller))
        elif style == "joint":
            functions.append(function_text(module, paper, speller, target))
        else:
            functions.append(split_text(module, paper, speller, style, target))
        text = functions[-1]
        rows = [row for row in (*text.forward, *text.backward) if not row.lstrip().startswith("#")]
        for name in paper.built.helpers:
            if any(re.search(rf"\b{name}\(", row) for row in rows):
                kept[name] = None
    for name in ("numpy", *_helper_libraries(_needed_helpers(uses)).values()):
        if uses.helpers and imported(name, module, set(), uses) is None:
            uses.added[name] = None
    written = {f.class_name for f in functions if isinstance(f, ClassText)}
    constants, kept_functions = _carried(module, uses, kept, written)
    return _Spelled(uses, functions, constants, kept_functions)


def _settled(module: Module, papers: list[Paper], spelled: _Spelled) -> OurNames:
    """Return what ours must be called beside what the output carries of the author's."""
    author = {*spelled.uses.imports, *(node.name for node in spelled.kept)}
    for node in spelled.constants:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            own = frozenset([node.name])
        else:
            own = assigned_names([node])
        author |= own
    inside = {name for paper in papers for name in paper.namer.taken}
    inside |= {p.name for paper in papers for p in paper.built.parameters}
    ours, taken = OurNames(), set(author)

    def settle(wanted: str, others: set[str], names: dict[str, str], key: str) -> None:
        name = wanted
        while name in others:
            name += "_"
        taken.add(name)
        if name != wanted:
            names[key] = name

    for paper in papers:
        function = paper.built.function.name
        if paper.built.node in module.methods or paper.selection.pair is not None:
            continue
        if paper.selection.is_jacobian:
            ours.gradients[function] = f"{function}_jac"
        settle(ours.gradient(function), taken, ours.gradients, function)
    for text in spelled.functions:
        if text.wrapper is not None:
            settle(private_name(text.wrapper.name), taken | inside, ours.helpers, text.wrapper.name)
    for library in sorted(spelled.uses.added):
        settle(added_name(library), taken | inside, ours.aliases, library)
    for helper in _needed_helpers(spelled.uses):
        settle(helper, taken | inside, ours.helpers, helper)
    return ours


def _refuse_hidden(module: Module, papers: list[Paper], spelled: _Spelled) -> None:
    """Python's own names that our lines call must not be the author's variables."""
    problems = Problems(module.source)
    for paper, text in zip(papers, spelled.functions, strict=True):
        values = {v.name: v for line in paper.lines for v in line.values() if v.name is not None}
        values |= {p.name: p.value for p in paper.built.parameters}
        around = text.guards if text.wrapper is None else text.wrapper.guards
        ours = "\n".join((*around, *text.seeds, *text.backward, text.result))
        for name in sorted(values.keys() & set(dir(builtins))):
            if re.search(rf"^[^#\n]*(?<![\w.]){name}\(", ours, re.M):
                message = f"`{name}` hides Python's own `{name}`, which the gradient calls"
                problems.add("hidden", message, values[name].span, "give it another name")
    problems.raise_if_any()


def _docstring(module: Module, papers: list[Paper], style: str) -> str:
    name = PurePosixPath(module.source.filename.replace("\\", "/")).name
    name = name.replace("\\", "\\\\").replace('"', '\\"')
    what = f"the script {name}" if module.is_script else name
    tail = ""
    papers = [paper for paper in papers if paper.selection.pair is None]
    if len(papers) == 1 and papers[0].selection.explicit_wrt:
        tail = " with respect to " + ", ".join(
            dict.fromkeys(root_of(p).name for p in papers[0].selection.inputs)
        )
    if style != "joint":
        return f"Forward and backward passes of {what}{tail} (style: {style})."
    return f"Gradients of {what}{tail}."


def _needed_helpers(uses: Uses) -> list[str]:
    names: dict[str, None] = {}
    for name in uses.helpers:
        for needed in HELPER_NEEDS.get(name, ()):
            names[needed] = None
    names |= uses.helpers
    return sorted(names, key=lambda name: (name != "_unbroadcast", name))


def _helpers(module: Module, uses: Uses, ours: OurNames, target: str) -> list[str]:
    """Return the texts of our helpers, under the names that they have in this output."""
    names = _needed_helpers(uses)
    if not names:
        return []
    numpy = imported("numpy", module, set(), uses) or ours.alias("numpy")
    words = {"np": numpy} | {name: ours.helper(name) for name in names}
    for word, path in _helper_libraries(names).items():
        words[word] = imported(path, module, set(), uses) or ours.alias(path)
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b")
    return [pattern.sub(lambda match: words[match[0]], helper_text(name, target)) for name in names]


def _helper_libraries(names: list[str]) -> dict[str, str]:
    return {w: path for name in names for w, path in HELPER_LIBRARIES.get(name, {}).items()}


def _carried(
    module: Module, uses: Uses, kept: dict[str, None], written: set[str]
) -> tuple[list[ast.stmt], list[ast.FunctionDef]]:
    """Return the constants, with what they need, and the helper functions that the output needs."""
    members = uses.members.keys() & (module.functions.keys() | module.classes.keys() - written)
    stack = [name for name in uses.names if name in module.constants or name in members]
    stack += [name for name in uses.imports if name in module.plain]
    statements: dict[ast.stmt, None] = {}
    functions = [node for name, node in module.functions.items() if name in kept]
    for function in functions:
        stack += [name for name in free_names(function) if name not in module.functions]
    while stack:
        name = stack.pop()
        if name in module.imports:
            uses.imports[name] = None
        found = module.constants.get(name) or module.plain.get(name) or module.functions.get(name)
        found = found or (None if name in written else module.classes.get(name))
        if found is not None and found not in statements:
            statements[found] = None
            stack += free_names(found)
    return (
        [node for node in module.tree.body if node in statements],
        [function for function in functions if function not in statements],
    )


def _imports(module: Module, uses: Uses, ours: OurNames) -> list[str]:
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
    return rows + _added_imports(uses, ours)


def _plain_imports(node: ast.Import, uses: Uses) -> list[str]:
    rows = []
    for alias in node.names:
        bound = alias.asname or alias.name.split(".")[0]
        if bound in uses.imports:
            rows.append(f"import {_alias(alias)}")
    return rows


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _added_imports(uses: Uses, ours: OurNames) -> list[str]:
    """Return the import lines that we add, one for all that comes from one place."""
    rows = []
    places: dict[str, list[str]] = {}
    for library in sorted(uses.added):
        alias, (place, _, name) = ours.alias(library), library.rpartition(".")
        given = name if alias == name else f"{name} as {alias}"
        if place:
            places.setdefault(place, []).append(given)
        else:
            rows.append(f"import {given}")
    return rows + [f"from {place} import {', '.join(given)}" for place, given in places.items()]


def _notes(module: Module, papers: list[Paper], uses: Uses, ours: OurNames) -> list[Note]:
    notes = []
    for paper in papers:
        name = paper.built.function.name
        if paper.built.node in module.methods or paper.selection.pair is not None:
            continue
        usual = f"{name}_jac" if paper.selection.is_jacobian else f"{name}_grad"
        if ours.gradient(name) != usual:
            notes.append(
                Note(
                    f"the output carries the file's `{usual}`, so the gradient of `{name}` "
                    f"is `{ours.gradient(name)}`"
                )
            )
    if not module.is_script:
        for text in _added_imports(uses, ours):
            needed = text.split()[1]
            if needed == "numba":
                continue  # it was asked for
            notes.append(Note(f"the gradient needs {needed}: the output has `{text}`"))
    missing = [name for name in uses.helpers if name not in ALWAYS | ADDED_IN_LOOPS]
    if missing:
        names = ", ".join(sorted(ours.helper(name) for name in missing))
        notes.append(
            Note(
                f"shapes are not known everywhere, so the output carries {names}",
                None,
                'annotate the parameters (x: Float[np.ndarray, "N D"], or `float`) to do without',
            )
        )
    return notes
