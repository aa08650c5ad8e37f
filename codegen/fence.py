"""What is accepted: one sentence for each construct that is refused, and what to write instead.

The table is read by `docs/` too, so that what is refused stands in one place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codegen.errors import Problems
from codegen.nodes import nodes_of
from codegen.parse import Module
from codegen.source import Source


@dataclass(frozen=True)
class Refusal:
    """Why a construct is refused, and the way out."""

    message: str
    help: str


def _later(what: str, help: str) -> Refusal:
    return Refusal(f"{what} is not supported yet", help)


_VECTORISE = "write it with whole arrays: np.sum, @, np.where"

REFUSED: dict[type[ast.AST], Refusal] = {
    ast.SetComp: Refusal("a set comprehension has no gradient", _VECTORISE),
    ast.Set: Refusal("a set has no order, so it has no gradient", "write a tuple"),
    ast.NamedExpr: Refusal(
        "`:=` hides an assignment in an expression", "assign the name on a line of its own"
    ),
    ast.Try: Refusal("`try` hides which statements ran", "write the case out before it can fail"),
    ast.TryStar: Refusal(
        "`try` hides which statements ran", "write the case out before it can fail"
    ),
    ast.With: Refusal("`with` may do anything", "call the function outside the `with` block"),
    ast.AsyncWith: Refusal("`async with` may do anything", "call the function outside of it"),
    ast.AsyncFor: Refusal("`async for` has no gradient", "write a plain function"),
    ast.AsyncFunctionDef: Refusal("an `async` function has no gradient", "write a plain function"),
    ast.Await: Refusal("`await` has no gradient", "pass what is awaited as an argument"),
    ast.Yield: Refusal("`yield` makes a generator, which has no gradient", "return the values"),
    ast.YieldFrom: Refusal("`yield` makes a generator, which has no gradient", "return the values"),
    ast.Global: Refusal("`global` writes outside the function", "return the value instead"),
    ast.Nonlocal: Refusal("`nonlocal` writes outside the function", "return the value instead"),
    ast.Delete: Refusal(
        "`del` takes a name away that the backward pass may read",
        "leave it out; of a list make a new one: xs = xs[:i] + xs[i + 1 :]",
    ),
    ast.ClassDef: Refusal("a class inside a function has no gradient", "use plain variables"),
    ast.Import: Refusal("an import inside a function", "move it to the top of the file"),
    ast.ImportFrom: Refusal("an import inside a function", "move it to the top of the file"),
    ast.Match: _later("`match`", "write a conditional expression"),
}


def page() -> str:
    """Return the refused constructs as rows of a table of the docs."""
    rows = ["| construct | why | write instead |", "| --- | --- | --- |"]
    for kind, refusal in REFUSED.items():
        cells = (f"`{kind.__name__}`", refusal.message, refusal.help)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


DECORATOR = Refusal("a decorator may change what the function does", "remove it")
STAR_ARGUMENTS = _later("`*args` or `**kwargs`", "name the parameters one by one")
COMPLEX = Refusal("complex numbers are not supported", "write real and imaginary parts apart")
STORE = _later(
    "a store into an array (`a[i] = ...`)", "build a new array: np.where, np.concatenate, a + ..."
)
ATTRIBUTE_STORE = Refusal(
    "an attribute is written", "assign the value to a name of its own and return it"
)
REBOUND = Refusal(
    "is assigned more than once, or changed",
    "give each value a name of its own, or pass it as an argument",
)
CONDITIONAL = Refusal(
    "is bound inside an `if`, a `try` or a loop",
    "bind it at the top level itself, once, or pass it as an argument",
)


def check_function(
    module: Module, node: ast.FunctionDef, problems: Problems, is_called: bool = False
) -> frozenset[ast.stmt]:
    """Add a problem for each construct of a function that is refused by its kind.

    What `*args` holds is known where a function `is_called` from another one.

    Returns the statements that hold one, so that the others can still be looked at.
    """
    source = module.source
    if node.decorator_list:
        problems.add(
            "decorator", DECORATOR.message, source.span(node.decorator_list[0]), DECORATOR.help
        )
    for star in (node.args.vararg, node.args.kwarg):
        if star is not None and not is_called:
            problems.add(
                "star-arguments", STAR_ARGUMENTS.message, source.span(star), STAR_ARGUMENTS.help
            )
    outside = module.rebound.difference(
        (part.arg for part in nodes_of(node) if isinstance(part, ast.arg)),
        (p.id for p in nodes_of(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)),
    )
    refused = {name: unsettled(module, name) for name in outside}
    if not any(_is_suspect(part, refused) for part in nodes_of(node)):
        return frozenset()
    return check_statements(source, node.body, problems, refused)


def unsettled(module: Module, name: str) -> Refusal:
    """Return why a name of `module.rebound` is refused."""
    return CONDITIONAL if name in module.conditional else REBOUND


def check_statements(
    source: Source,
    body: list[ast.stmt],
    problems: Problems,
    names: Mapping[str, Refusal] | None = None,
) -> frozenset[ast.stmt]:
    """Add a problem for each refused construct; return the statements that hold one.

    `names` are those of the top level that do not hold what one statement gave them.
    """
    names = names or {}
    refused = set()
    for node in body:
        before = len(problems.found)
        for part in _outermost(node):
            _check(source, part, problems)
            if isinstance(part, ast.Name) and part.id in names:
                message = f"the module-level name `{part.id}` {names[part.id].message}"
                problems.add("module-name", message, source.span(part), names[part.id].help)
        if len(problems.found) > before:
            refused.add(node)
    return frozenset(refused)


def is_guard(node: ast.stmt) -> bool:
    """True for `if test: raise ...` with nothing else in it."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and len(node.body) == 1
        and isinstance(node.body[0], ast.Raise)
    )


def is_unpacked_shape(node: ast.AST) -> bool:
    """True for `*x.shape`, which functions that take sizes one by one are given."""
    return (
        isinstance(node, ast.Starred)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "shape"
    )


def _outermost(node: ast.AST) -> Iterator[ast.AST]:
    """Yield nodes from the top, going below only those that are not refused themselves."""
    if isinstance(node, ast.stmt) and is_guard(node):
        assert isinstance(node, ast.If)
        yield from _outermost(node.test)
        return
    if is_unpacked_shape(node):
        assert isinstance(node, ast.Starred)
        yield from _outermost(node.value)
        return
    yield node
    if type(node) not in REFUSED:
        for child in ast.iter_child_nodes(node):
            yield from _outermost(child)


def _is_suspect(node: ast.AST, names: Mapping[str, Refusal]) -> bool:
    """True for a node that may be refused: most functions have none."""
    kind = type(node)
    if kind in REFUSED:
        return True
    if kind is ast.Name:
        return node.id in names  # type: ignore[attr-defined]
    return kind in (ast.Constant, ast.Attribute) and not isinstance(
        node.value if kind is ast.Constant else node.ctx,  # type: ignore[attr-defined]
        (str, int, float, ast.Load, type(None)),
    )


def _check(source: Source, node: ast.AST, problems: Problems) -> None:
    refusal = REFUSED.get(type(node))
    code = "construct"
    place: ast.AST = node
    match node:
        case ast.Constant(value=complex()):
            refusal, code = COMPLEX, "complex"
        case ast.Attribute(ctx=ast.Store()):
            refusal, code = ATTRIBUTE_STORE, "store"
    if refusal is None:
        return
    span = source.span(place)
    if isinstance(node, ast.stmt) and span.end_line > span.line:
        # A whole block would drown the message: show its first line.
        end = len(source.line(span.line).rstrip())
        span = type(span)(span.line, span.column, span.line, end)
    problems.add(code, refusal.message, span, refusal.help)
