"""Wrong backward bodies: one small change each, as a gate's author might slip."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from codegen.gates.declare import GateDefinition

CACHED = (
    *("body", "names", "operands", "optional", "variadic", "rest", "defaults"),
    *("without_gradient", "always_reads_out"),
)
# Functions and words that put entries elsewhere, or clear some.
MOVES = (
    *("np.tril", "np.triu", "np.diag", "np.swapaxes", "np.moveaxis", "np.transpose", "inverse"),
    *("own_entry", "own_item", "own_part", "own_beside", "own_below", "own_columns"),
    *("own_deep", "own_first", "own_last", "section_of", "mesh_sum", "kept_places", "by_rank"),
    *("diagonal", "identity", "into"),
)
NONE = ast.Constant(None)
EXCHANGED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.LtE, ast.LtE: ast.GtE, ast.Eq: ast.NotEq,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A gate's body with one change; `what` names the change and its place."""

    gate: GateDefinition
    what: str
    body: ast.FunctionDef


def mutants(gate: GateDefinition) -> Iterator[Mutant]:
    """Yield all mutants of a gate's body."""
    for site, node in enumerate(_returned(gate.body)):
        cells = node.elts if isinstance(node, ast.Tuple) else [node]
        for place, cell in enumerate(cells):
            if not _is_none(cell):
                yield _mutant(gate, "sign", site, place, lambda e: ast.UnaryOp(ast.USub(), e))
                yield _mutant(gate, "1 %", site, place, _one_percent)
        if len(cells) > 1:
            yield _swapped(gate, site)
    seen: Counter[str] = Counter()
    for what, body in _changes(gate):
        seen[what] += 1
        number = f" #{seen[what]}" if seen[what] > 1 else ""
        yield Mutant(gate, what + number, body)


def _returned(body: ast.FunctionDef) -> list[ast.expr]:
    return [n.value for n in ast.walk(body) if isinstance(n, ast.Return) and n.value is not None]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _one_percent(node: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1.01), ast.Mult(), node)


def _mutant(
    gate: GateDefinition,
    name: str,
    site: int,
    place: int,
    change: Callable[[ast.expr], ast.expr],
) -> Mutant:
    body = copy.deepcopy(gate.body)
    statement = [n for n in ast.walk(body) if isinstance(n, ast.Return) and n.value is not None][
        site
    ]
    assert statement.value is not None
    if isinstance(statement.value, ast.Tuple):
        cell = statement.value.elts[place]
        what = f"{name}: {ast.unparse(cell)}"
        statement.value.elts[place] = change(cell)
    else:
        what = f"{name}: {ast.unparse(statement.value)}"
        statement.value = change(statement.value)
    return Mutant(gate, what, body)


def _swapped(gate: GateDefinition, site: int) -> Mutant:
    body = copy.deepcopy(gate.body)
    cells = _returned(body)[site]
    assert isinstance(cells, ast.Tuple)
    what = f"swapped: {ast.unparse(cells)}"
    cells.elts[-2:] = reversed(cells.elts[-2:])
    return Mutant(gate, what, body)


def _changes(gate: GateDefinition) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield bodies with one inner node replaced by another."""
    for number, node in enumerate(ast.walk(gate.body)):
        if not isinstance(node, ast.expr):
            continue
        for what, other in (*_replacements(gate, node), *_unmoved(node)):
            yield f"{what}: {ast.unparse(node)}", _replaced(gate.body, number, other)


def _replacements(gate: GateDefinition, node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Attribute(base, "T"):
            yield "no .T", base
        case ast.BinOp(left, ast.Mult(), right):
            yield "left factor only", left
            yield "right factor only", right
        case ast.BinOp(left, ast.Div() | ast.Pow(), _):
            yield "undivided" if isinstance(node.op, ast.Div) else "no power", left
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
            other = ast.Sub() if isinstance(sign, ast.Add) else ast.Add()
            yield "other sign", ast.BinOp(left, other, right)
        case ast.Compare(left, [operator], right) if type(operator) in EXCHANGED and (
            not _is_question(node)
        ):
            yield "exchanged", ast.Compare(left, [EXCHANGED[type(operator)]()], right)
        case ast.Call(ast.Name("expand"), [inner, *_]):
            yield "no expand", inner
        case ast.Call(ast.Name("under"), arguments):
            yield "other side", ast.Call(ast.Name("under_not", ast.Load()), arguments, [])
        case ast.Call(ast.Name("under_not"), arguments):
            yield "other side", ast.Call(ast.Name("under", ast.Load()), arguments, [])
        case ast.Name("out", ast.Load()) if "staged" not in ast.dump(gate.body):
            yield "x for out", ast.Name(gate.operands[0], ast.Load())


def _unmoved(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield what puts entries elsewhere otherwise, or not at all."""
    match node:
        case ast.Call(ast.Attribute(inner, "reshape"), _):
            yield "no reshape", inner
        case ast.Call(function, [inner, *rest]) if ast.unparse(function) in MOVES:
            yield "not moved", inner
            if len(rest) > 1 and "swapaxes" not in ast.unparse(function):
                yield "turned round", ast.Call(function, [inner, *reversed(rest)], [])
            elif rest and ast.unparse(rest[0]) in ("k", "offset", "axis"):
                yield "at 0", ast.Call(function, [inner, ast.Constant(0)], [])
        case ast.Call(ast.Name("position"), [x, indices, ast.Name()]):
            yield "of all", ast.Call(ast.Name("position", ast.Load()), [x, indices, NONE], [])
        case ast.Call(ast.Name("helper"), [*arguments, ast.Name("k")]):
            yield "at 0", ast.Call(ast.Name("helper"), [*arguments, ast.Constant(0)], [])


def _is_question(node: ast.Compare) -> bool:
    """True for what is settled when generating: `rank(x) == 2`."""
    return "rank" in ast.unparse(node)


def _replaced(body: ast.FunctionDef, number: int, other: ast.expr) -> ast.FunctionDef:
    whole = copy.deepcopy(body)
    old = list(ast.walk(whole))[number]

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return copy.deepcopy(other) if node is old else super().visit(node)

    replaced = Replace().visit(whole)
    assert isinstance(replaced, ast.FunctionDef)
    return replaced


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """Put a mutant's body into its gate, and what is derived from it anew; then restore all."""
    cache = mutant.gate.__dict__
    kept = {name: cache.pop(name) for name in CACHED if name in cache}
    cache["body"] = mutant.body
    try:
        yield
    finally:
        for name in CACHED:
            cache.pop(name, None)
        cache.update(kept)
