"""Normalization that is scaled and shifted: by the sums that the scale and the shift get anyway.

`out = gamma * x_hat + beta` behind `x_hat = (x - mean) / std`: where gamma is constant along the
axes of the mean, it stands outside of both sums in the gradient of x, and the sums are dgamma and
dbeta. `dx = gamma / std * (dout - dbeta / N - dgamma / N * x_hat)` is the short derivation that one
does on paper; no line computes the cotangent of x_hat.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.cells import Cells
from codegen.analyses.types import TypeFacts
from codegen.stage.statements import Group, MirrorStatements, Node, Statement

REMARK = "mean, std and scale included"
Rewritten = Callable[[], e.Expression]


@dataclass(eq=False)
class Place:
    """A statement, its group, and the arms and loops around it."""

    statement: Statement
    group: Group
    around: tuple[tuple[MirrorStatements, int], ...]


@dataclass
class Scaled:
    """What one cotangent is, `scale * of`, and the values that have it: one, and choices of it."""

    start: int  # where it is computed
    scale: ir.Value
    of: ir.Value
    values: set[ir.Value] = field(default_factory=set)


def shorten(nodes: list[Node], facts: TypeFacts, cells: Cells, named: set[ir.Value]) -> None:
    """Rewrite the statements of scaled normalizations in place; `named` values have lines."""
    rows = list(_places(nodes, ()))
    if not any(_names_mean(row.statement.expression) for row in rows):
        return
    for start in range(len(rows)):
        scaled = _scaled(start, rows, facts)
        if scaled is not None and scaled.scale not in cells.cells:
            _Shortener(rows, facts, named - set(cells.cells), scaled).run()


def _names_mean(expression: e.Expression) -> bool:
    """False where there is nothing to look for: in nearly all statements."""
    return any(
        isinstance(leaf, e.Library) and leaf.path == "numpy.mean" for leaf in expression.leaves()
    )


def _places(nodes: list[Node], around: tuple[tuple[MirrorStatements, int], ...]) -> list[Place]:
    found: list[Place] = []
    for node in nodes:
        if isinstance(node, Group):
            found += [Place(statement, node, around) for statement in node.statements]
            continue
        for number, body in enumerate(node.bodies):
            found += _places(body, (*around, (node, number)))
    return found


def _calls(expression: e.Expression) -> set[str]:
    return {node.path for node in e.walk(expression) if isinstance(node, e.Library)}


def _scaled(start: int, rows: list[Place], facts: TypeFacts) -> Scaled | None:
    """Return what a statement `dx_hat = gamma * dout` says."""
    statement = rows[start].statement
    if statement.form != "=" or statement.target is None:
        return None
    match statement.expression:
        case e.Binary("*", e.Primal(scale), e.Cotangent(of)):
            shape = facts[statement.target].shape
            is_small = facts[scale].shape != shape and facts[of].shape == shape
            return Scaled(start, scale, of, {statement.target}) if is_small else None
    return None


@dataclass
class _Shortener:
    rows: list[Place]
    facts: TypeFacts
    named: set[ir.Value]
    scaled: Scaled
    changes: dict[Place, e.Expression] = field(default_factory=dict)
    gone: list[Place] = field(default_factory=list)
    short: list[Place] = field(default_factory=list)

    def run(self) -> None:
        """Rewrite all reads of the scaled cotangent, or nothing."""
        self.gone = [self.rows[self.scaled.start]]
        for place, row in enumerate(self.rows):
            if place <= self.scaled.start:
                if self._reads(row) or (row is not self.gone[0] and self._writes(row)):
                    return
            elif not self._follow(place, row):
                return
        if not self.short:
            return
        for row, expression in self.changes.items():
            row.statement.expression = expression
        for row in self.short:
            row.group.remarks = (REMARK,)
        for row in self.gone:
            row.group.statements.remove(row.statement)

    def _follow(self, place: int, row: Place) -> bool:
        """Settle a statement behind; False if it stands against the rewriting."""
        statement = row.statement
        if not self._reads(row):
            return not self._writes(row)
        if not self._is_reached(self.scaled.start, place):
            return False
        match statement.expression:
            case e.Cotangent(value) if value in self.scaled.values:
                if statement.form != "=" or statement.target is None or self._writes(row):
                    return False
                self.scaled.values.add(statement.target)  # what an arm gives: the same value
                self.gone.append(row)
                return True
        made = self._short(place, statement.expression) or self._rescaled(statement.expression)
        if made is None or statement.index is not None or self._writes(row):
            return False
        self.changes[row] = made
        return True

    def _reads(self, row: Place) -> bool:
        return any(
            isinstance(node, e.Cotangent) and node.value in self.scaled.values
            for part in row.statement.parts()
            for node in e.walk(part)
        )

    def _writes(self, row: Place) -> bool:
        return row.statement.target in self.scaled.values and row.statement.form != "primal"

    def _is_reached(self, first: int, last: int) -> bool:
        """True if all of a stretch before `last` ran, without loops, and wrote into nothing."""
        around = self.rows[first].around
        if self.rows[last].around[: len(around)] != around:
            return False
        inner = self.rows[last].around[len(around) :]
        if not all(isinstance(mirror.operation, ir.If) for mirror, _ in inner):
            return False
        rows = self.rows[first:last]
        again = any(row.statement.target is self.scaled.of for row in rows)
        return not again and all(row.statement.form in ("=", "rebind") for row in rows)

    def _short(self, place: int, expression: e.Expression) -> e.Expression | None:
        """Return the short form of a normalization's gradient."""
        match expression:
            case e.Binary(
                "/",
                e.Binary("-", e.Binary("-", d, first), e.Binary("*", e.Primal(hat), second)),
                e.Primal(std),
            ):
                pass
            case _:
                return None
        if hat not in self.scaled.values or not {hat, std} <= self.named:
            return None
        axis = _mean_of(first, d)
        if axis is None or _mean_of(second, e.Binary("*", e.Primal(hat), d)) != axis:
            return None
        shift = self._sum(place, axis, (e.Cotangent(self.scaled.of),))
        hats = [e.Primal(value) for value in self.scaled.values]
        scale = self._sum(
            place, axis, tuple(e.Binary("*", one, e.Cotangent(self.scaled.of)) for one in hats)
        )
        if shift is None or scale is None:
            return None
        axes = ast.literal_eval(axis)
        count = e.SizeOf(hat, axes if isinstance(axes, tuple) else (axes,))
        self.short.append(self.rows[place])
        inner = e.Binary("-", e.Cotangent(self.scaled.of), e.Binary("/", shift, count))
        share = e.Binary("*", e.Binary("/", scale, count), e.Primal(hat))
        ratio = e.Binary("/", e.Primal(self.scaled.scale), e.Primal(std))
        return e.Binary("*", ratio, e.Binary("-", inner, share))

    def _sum(self, place: int, axis: str, wanted: tuple[e.Expression, ...]) -> e.Cotangent | None:
        """Return the cotangent that is one of the sums wanted, where it is at hand."""
        for first, row in enumerate(self.rows[:place]):
            statement = row.statement
            match statement.expression:
                case e.Call(e.Library("numpy.sum"), (what,), keywords) if what in wanted:
                    is_it = statement.form == "=" and _axis_of(keywords) == axis
                    if is_it and statement.target is not None and self._is_reached(first, place):
                        return e.Cotangent(statement.target)
        return None

    def _rescaled(self, expression: e.Expression) -> e.Expression | None:
        """Return `dx_hat / std` as `gamma / std * dout`, which goes over the data once."""
        match expression:
            case e.Binary("/", e.Cotangent(value), e.Primal(std)) if (
                std in self.named and self.facts[std].shape != self.facts[value].shape
            ):
                ratio = e.Binary("/", e.Primal(self.scaled.scale), e.Primal(std))
                return e.Binary("*", ratio, e.Cotangent(self.scaled.of))
        return None


def _mean_of(expression: e.Expression, what: e.Expression) -> str | None:
    """Return the text of the axis along which an expression is the mean of another."""
    match expression:
        case e.Call(e.Library("numpy.mean"), (inner,), keywords) if inner == what:
            return _axis_of(keywords)
    return None


def _axis_of(keywords: tuple[tuple[str, e.Expression], ...]) -> str | None:
    """Return the text of `axis=`, if no other keyword changes what is computed."""
    given = dict(keywords)
    if not set(given) <= {"axis", "keepdims"}:
        return None
    match given.get("axis"):
        case e.Literal(text):
            return text
        case e.Sequence(items=items) if all(isinstance(item, e.Literal) for item in items):
            return f"({', '.join(item.text for item in items if isinstance(item, e.Literal))})"
    return None
