"""Which forward lines stay: those that the value or the backward pass needs, and all effects."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.analyses.regions import Regions, is_statement
from codegen.build.lines import Built, Line
from codegen.gates.declare import GATES
from codegen.stage.keep import Kept
from codegen.stage.program import Staging
from codegen.stage.resolve import Resolver

EFFECTS = ("print", "call", "assert", "guard", "exit", "raise", "setting")


@dataclass
class Needed:
    """The lines that stay, and the values that they are there for."""

    built: Built
    staging: Staging
    resolver: Resolver
    regions: Regions
    kept: Kept
    values: set[ir.Value] = field(default_factory=set)
    lines: set[Line] = field(default_factory=set)
    owner: dict[ir.Value, Line] = field(default_factory=dict)
    around: dict[Line, Line] = field(default_factory=dict)  # a line -> the region it stands in
    stack: list[ir.Value] = field(default_factory=list)
    counted: dict[ir.Value, Line] = field(default_factory=dict)  # the number of a loop's turns

    def run(self, outputs: list[ir.Value], backward: list[e.Expression]) -> set[Line]:
        """Return the lines that are needed for the outputs and for what `backward` reads."""
        self._own(self.staging.lines, None)
        self.counted = {counter: line for line, counter in self.kept.counters.items()}
        self.stack += outputs
        for expression in backward:
            self.stack += [v for v in self._primals(expression) if v not in self.kept.again]
        while self.stack:
            value = self.stack.pop()
            if value not in self.values:
                self.values.add(value)
                self._need(value)
        return self.lines

    def _own(self, lines: list[Line], around: Line | None) -> None:
        drawn = {
            self.built.line_of[o]
            for o in self.built.line_of
            if (isinstance(o, ir.Effect) and o.kind == "draw")
            or (isinstance(o, ir.Gate) and GATES[o.gate].has_effects)
        }
        for line in lines:
            if around is not None:
                self.around[line] = around
            for value in line.values():
                self.owner[value] = line
            if line.kind in EFFECTS or (line in drawn and (line.targets or line.operation)):
                self._keep(line)
            for body in self.staging.bodies.get(line, ()):
                self._own(body, line)

    def _read(self, expression: e.Expression | None) -> None:
        if expression is not None:
            self.stack += self._primals(expression)

    def _primals(self, expression: e.Expression) -> list[ir.Value]:
        return list(e.primals(self.resolver.lowered(expression)))

    def _keep(self, line: Line) -> None:
        if line in self.lines:
            return
        self.lines.add(line)
        if line.kind != "item":
            self._read(line.expression)
        elif line.expression is not None:  # the header gives it, of what the turns before left
            self.stack += [v for v in self._primals(line.expression) if self._is_carried(v)]
        self._read(line.detail)
        self._read(line.index)
        if line in self.around:
            self._keep(self.around[line])
        if line.operation is not None:
            self._leaving(line)

    def _is_carried(self, value: ir.Value) -> bool:
        home = self.regions.home(value)
        return bool(home) and home[-1].is_loop and value not in self.built.definition

    def _leaving(self, line: Line) -> None:
        """What decides when a loop ends, or which turns go on, is needed with it."""
        for body in self.staging.bodies[line]:
            for inner in body:
                if inner.kind in ("break", "continue") or (
                    inner.operation is not None and _holds_exit(inner, self.staging)
                ):
                    self._keep(inner)

    def _need(self, value: ir.Value) -> None:
        if value in self.owner:
            self._keep(self.owner[value])
        made = self.built.definition.get(value)
        if isinstance(made, ir.Store):
            self.stack.append(made.operands[0])
        elif isinstance(made, ir.If) and is_statement(made, self.built):
            self._keep(self.built.line_of[made])
            self.stack += ir.arms(made, made.results.index(value))
        elif isinstance(made, ir.For | ir.While):
            self._keep(self.built.line_of[made])
            one = ir.carried(made)[made.results.index(value)]
            self.stack += [one.start, one.next]
        elif value in self.counted:
            self._keep(self.counted[value])
        elif made is None:
            self._parameter(value)

    def _parameter(self, value: ir.Value) -> None:
        """A loop's variable needs what it is given by the turn before."""
        home = self.regions.home(value)
        operation = home[-1].operation if home else None
        if not isinstance(operation, ir.For | ir.While):
            return  # of the function, or a count of turns
        self._keep(self.built.line_of[operation])
        for one in ir.carried(operation):
            if value in (one.parameter, one.tested):
                self.stack += [one.start, one.next]
                if one.tested is not None and value is one.parameter:
                    self.stack.append(one.tested)


def _holds_exit(line: Line, staging: Staging) -> bool:
    """True if a line's arms hold a `break` or `continue` of the loop that the line stands in."""
    if line.kind in ("for", "while"):
        return False
    return any(
        inner.kind in ("break", "continue") or _holds_exit(inner, staging)
        for body in staging.bodies.get(line, ())
        for inner in body
    )
