"""The reverse program as text, before anything is folded into its uses or given a name."""

from __future__ import annotations

from codegen import ir
from codegen.adjoint.pullback import Flow, Pullback
from codegen.analyses.activity import carrying
from codegen.expressions import Cotangent
from codegen.ir_text.names import Names
from codegen.simplify import terms as t
from codegen.stage.paper import Paper, active_values

INDENT = "  "


def reverse(paper: Paper) -> str:
    """Return what each active operation gives to the cotangents of its operands, last one first.

    One line for each contribution, `d%0:x += (y) * d%7:xpy`, under a comment that says what it is
    of. An `if` has its two arms, last operations first in each. Forward values go by the author's
    name, or by the number that they have in the IR's text.
    """
    walk = _Reverse(paper)
    given = ", ".join(f"d{walk.names.full(r.value)}" for r in paper.selection.outputs)
    inputs = ", ".join(f"d{walk.names.full(p.value)}" for p in paper.selection.inputs)
    name = paper.built.function.name
    rows = [f"reverse {name}, given {given}"]
    walk.block(paper.built.function.body, 1, rows)
    return "\n".join([*rows, f"{INDENT}return {inputs}"])


class _Reverse:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.names = Names(paper.built.function)
        self.active = active_values(paper.built, paper.facts, paper.selection)

    def block(self, block: ir.Block, depth: int, rows: list[str]) -> None:
        """Add the rows of a block's operations, last one first."""
        for operation in reversed(block.operations):
            if not any(result in self.active for result in operation.results):
                continue
            if isinstance(operation, ir.If):
                self._if(operation, depth, rows)
            elif isinstance(operation, ir.For | ir.While):
                self._loop(operation, depth, rows)
            else:
                self._operation(operation, depth, rows)

    def _if(self, operation: ir.If, depth: int, rows: list[str]) -> None:
        self._comment(operation, "if", depth, rows)
        test = self.names.short(operation.operands[0])
        for word, block in ((f"if {test}:", operation.then), ("else:", operation.otherwise)):
            inside: list[str] = []
            if ir.is_dead(block):
                continue
            for result, arm in zip(operation.results, block.yields, strict=True):
                if result in self.active and arm in self.active:
                    left, right = self.names.full(arm), self.names.full(result)
                    inside.append(f"{INDENT * (depth + 1)}d{left} += d{right}")
            self.block(block, depth + 1, inside)
            if inside:
                rows += [f"{INDENT * depth}{word}", *inside]

    def _loop(self, operation: ir.For | ir.While, depth: int, rows: list[str]) -> None:
        """Add one turn, from its end to its start, and what goes on to the turn before."""
        self._comment(operation, type(operation).__name__.lower(), depth, rows)
        rows.append(f"{INDENT * depth}for each turn, the last one first:")
        carried = [one for one in ir.carried(operation) if one.result in self.active]
        for one in carried:
            if one.next in self.active:
                left, right = self.names.full(one.next), self.names.full(one.result)
                rows.append(f"{INDENT * (depth + 1)}d{left} += d{right}")
        self.block(operation.body, depth + 1, rows)
        for one in carried:
            left, right = self.names.full(one.result), self.names.full(one.parameter)
            rows.append(f"{INDENT * (depth + 1)}d{left} = d{right}")
        for one in carried:
            if one.start in self.active:
                left, right = self.names.full(one.start), self.names.full(one.result)
                rows.append(f"{INDENT * depth}d{left} += d{right}")

    def _operation(self, operation: ir.Operation, depth: int, rows: list[str]) -> None:
        places = [
            place
            for place in carrying(operation, self.paper.facts)
            if operation.operands[place] in self.active
        ]
        said = (
            operation.gate if isinstance(operation, ir.Gate) else type(operation).__name__.lower()
        )
        self._comment(operation, said, depth, rows)
        result = operation.result
        is_list = isinstance(operation, ir.Gate) and operation.gate == "growing"
        if isinstance(operation, ir.Store) or is_list:
            whole = self.names.full(result)
            for place in places:
                row = f"d{self.names.full(operation.operands[place])} += its part of d{whole}"
                rows.append(f"{INDENT * depth}{row}")
            return
        kind = self.paper.facts[result]
        factor = t.Factor(Cotangent(result), 1, kind.shape, "float")
        d = t.Term(factors=(factor,), shape=kind.shape)
        staged = self.paper.staging.staged
        pull = Pullback(
            operation, self.paper.built, self.paper.facts, d, lambda value: value in staged
        )
        known: set[object] = set()
        for flow in pull.flows(places):
            if flow.term.is_zero:
                continue
            for local in flow.locals:
                if local.name not in known:
                    known.add(local.name)
                    name, term = self.names.text(local.name), self._term(local.term)
                    rows.append(f"{INDENT * depth}{name} = {term}")
            rows.append(f"{INDENT * depth}{self._contribution(operation, flow)}")

    def _comment(self, operation: ir.Operation, said: str, depth: int, rows: list[str]) -> None:
        results = ", ".join(map(self.names.full, operation.results))
        operands = ", ".join(map(self.names.full, operation.operands))
        place = "" if operation.span is None else f"  @ {operation.span.line}"
        rows.append(f"{INDENT * depth}# {results} = {said} {operands}{place}")

    def _contribution(self, operation: ir.Operation, flow: Flow) -> str:
        target = f"d{self.names.full(operation.operands[flow.place])}"
        if flow.index is not None:
            target += f"[{self.names.index(flow.index)}]"
        if flow.mode == "each":
            target += "[:]"
        repeats = "  # an entry may repeat" if flow.mode == "repeats" else ""
        return f"{target} += {self._term(flow.term)}{repeats}"

    def _term(self, term: t.Term) -> str:
        return self.names.text(t.expression(term))
