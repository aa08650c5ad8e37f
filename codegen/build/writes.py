"""Which of its parameters a function writes into, told from its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from codegen.build.caches import parameters_of
from codegen.build.follow import part_of
from codegen.nodes import nodes_of

CHANGING = ("fill", "append", "extend", "insert", "update")
INTO_FIRST = ("at", "copyto")  # np.add.at, np.copyto


Functions = Mapping[str, ast.FunctionDef]  # those that may be called, by name


def written_parameters(
    node: ast.FunctionDef,
    functions: Functions,
    in_place: frozenset[ast.AugAssign] | None,
    asked: frozenset[str] = frozenset(),
) -> dict[str, bool]:
    """Return the parameters that are written into; True for those that must be arrays for it.

    Of statements such as `x += e` only those count that are known to write `in_place`; None: all.
    """
    shown = _shown(node)
    inner = {n.name: n for n in nodes_of(node) if isinstance(n, ast.FunctionDef) and n is not node}
    found: dict[str, bool] = {}
    for part, is_array in _written(node, {**functions, **inner}, in_place, asked | {node.name}):
        written = part_of(part)
        for name in () if written is None else shown.get(written.id, ()):
            found[name] = found.get(name, False) or is_array
    return found


def _shown(node: ast.FunctionDef) -> dict[str, set[str]]:
    """Return for each name the parameters that it may be, or show a part of."""
    found = {name: {name} for name in parameters_of(node)}
    bindings = [
        (name, root.id)
        for part in nodes_of(node)
        for name, value in _bindings(part)
        if (root := part_of(value)) is not None
    ]
    before = -1
    while before != sum(map(len, found.values())):
        before = sum(map(len, found.values()))
        for name, other in bindings:
            found.setdefault(name, set()).update(found.get(other, set()))
    return found


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement binds, with what they are or are picked of."""
    match node:
        case ast.Assign(targets, value):
            for target in targets:
                pairs = [(target, value)]
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs = list(zip(target.elts, value.elts, strict=False))
                for one, given in pairs:
                    if isinstance(one, ast.Name):
                        yield one.id, given
        case ast.For(target, iterable):
            names = [one.id for one in nodes_of(target) if isinstance(one, ast.Name)]
            arrays = iterable.args if isinstance(iterable, ast.Call) else [iterable]
            yield from ((name, one) for name in names for one in arrays)


def _written(
    node: ast.FunctionDef,
    functions: Functions,
    in_place: frozenset[ast.AugAssign] | None,
    asked: frozenset[str],
) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what statements write into; True where it must be an array."""
    given = parameters_of(node)
    for part in nodes_of(node):
        match part:
            case ast.Subscript(base, ctx=ast.Store()):
                yield base, True
            case ast.AugAssign(ast.Name() as target) if in_place is None or part in in_place:
                yield target, False
            case ast.Call(ast.Attribute(base, "fill")):
                yield base, True
            case ast.Call(ast.Attribute(_, word), [first, *_]) if word in INTO_FIRST:
                yield first, True
            case ast.Call(ast.Name(name)) if name in given and in_place is None:
                yield from ((one, False) for one in part.args)  # it may be any function
            case ast.Call(ast.Name(name)) if name in functions and name not in asked:
                yield from written_arguments(part, functions, in_place, asked)


def written_arguments(
    node: ast.Call,
    functions: Functions,
    in_place: frozenset[ast.AugAssign] | None,
    asked: frozenset[str] = frozenset(),
) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what a function of the file is given and writes into; True if it must be an array."""
    assert isinstance(node.func, ast.Name)
    called = functions[node.func.id]
    names = [a.arg for a in [*called.args.posonlyargs, *called.args.args]]
    given = dict(zip(names, node.args, strict=False))
    given |= {k.arg: k.value for k in node.keywords if k.arg is not None}
    for parameter, is_array in written_parameters(called, functions, in_place, asked).items():
        if parameter in given:
            yield given[parameter], is_array


def written_names(body: list[ast.stmt], functions: Functions) -> frozenset[str]:
    """Return the names of arrays that the statements write into, or may: by a function's doing."""
    found: set[str] = set()
    for statement in body:
        for node in nodes_of(statement):
            match node:
                case ast.Subscript(base, ctx=ast.Store()):
                    found |= _roots([base])
                case ast.Call(ast.Attribute(base, word)) if word in CHANGING:
                    found |= _roots([base])
                case ast.Call(ast.Attribute(base, "pop"), []):
                    found |= _roots([base])
                case ast.Call(ast.Attribute(_, word), [base, *_]) if word in INTO_FIRST:
                    found |= _roots([base])
                case ast.Call(ast.Name(called)) if called in functions:
                    found |= _roots([part for part, _ in written_arguments(node, functions, None)])
    return frozenset(found)


def _roots(nodes: list[ast.expr]) -> set[str]:
    return {root.id for node in nodes if (root := part_of(node)) is not None}
