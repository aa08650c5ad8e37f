"""What the backward pass of split and gate style is handed: values, or shapes where those do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.stage.paper import Paper
from codegen.stage.statements import MirrorStatements, Node, Statement, groups_in, mirrors_in


@dataclass
class Cache:
    """The cache's entries, by the names that the backward pass has for them, and their values.

    `drained` are lists that the backward pass takes entries off: it works on copies. `unsure` are
    names that are None where no path assigned them.
    """

    name: str = "cache"
    entries: dict[str, e.Expression] = field(default_factory=dict)
    drained: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)  # assigned on some paths only
    values: set[ir.Value] = field(default_factory=set)  # whole values among the entries
    attributes: list[str] = field(default_factory=list)  # what the object has already


def cache_of(paper: Paper, extra: list[e.Expression]) -> Cache:
    """Return what the backward pass reads of the forward pass, and read it from the cache.

    `extra` are expressions that are printed around the statements. The paper's backward statements
    are rewritten where a shape is handed over instead of an array.
    """
    resolver = paper.resolver
    for statement in _statements(paper):
        statement.rewrite(resolver.lowered)
    _taken_again(paper)
    for statement in _statements(paper):
        if statement.form == "primal" and statement.target in paper.restored:
            # Old contents are put back into a copy: the cache stays as it is.
            statement.expression = e.Call(e.Attribute(statement.expression, "copy"), ())
    walk = _Free()
    for expression in extra:
        walk.read(resolver.lowered(expression))
    walk.nodes(paper.nodes)
    for statement in paper.zeros:
        for part in statement.parts():
            walk.read(part)
    found = Cache(paper.namer.claim("cache"))
    names = paper.namer.names
    shaped: dict[ir.Value, str] = {}
    attributes = {p.value for p in paper.built.parameters if p.kind == "attribute"}
    for value, whole in sorted(walk.found.items(), key=lambda pair: pair[0].number):
        if value in attributes:
            found.attributes.append(names[value])
            continue
        if whole or not _is_sure(value, paper):
            found.entries[names[value]] = e.Primal(value)
            found.values.add(value)
            if not _is_sure(value, paper):
                found.unsure.append(names[value])
            if value in walk.popped:
                found.drained.append(names[value])
        else:
            shaped[value] = paper.namer.claim(f"{names[value]}_shape")
            is_array = paper.facts[value].array
            shape = e.Attribute(e.Primal(value), "shape")
            asked = e.call("numpy.shape", e.Primal(value))
            found.entries[shaped[value]] = shape if is_array else asked

    def leaf(node: e.Expression) -> e.Expression | None:
        value = shape_of(node)
        return e.Name(shaped[value]) if value in shaped else None

    if shaped:
        for statement in _statements(paper):
            statement.rewrite(lambda part: e.rewrite(part, leaf))
        _headers(paper.nodes, leaf)
    return found


def _taken_again(paper: Paper) -> None:
    """Take views of arrays that the reverse restores again, off the copy that it restores."""
    cells, regions = paper.cells, paper.regions
    views = [v for v, cell in cells.views.items() if cell in paper.restored]
    views = [v for v in views if not regions.in_loop(regions.home(v))]
    made = {v: paper.built.spelling[v] for v in views if v in paper.resolver.witnesses.named}
    if not made:
        return

    def leaf(node: e.Expression) -> e.Expression | None:
        match node:
            case e.Primal(value) if value in made:
                return taken(made[value])
            case e.Primal(value) if value in cells.cells:
                return e.Primal(cells.of(value))
        return node if shape_of(node) in made else None

    def taken(part: e.Expression) -> e.Expression:
        return e.rewrite(paper.resolver.lowered(part), leaf)

    for statement in _statements(paper):
        statement.rewrite(taken)
    for node in mirrors_in(paper.nodes):
        if node.header is not None:
            node.header = taken(node.header)


def _is_sure(value: ir.Value, paper: Paper) -> bool:
    """True if every path through the forward pass assigns a value."""
    name = paper.namer.names[value]
    if any(p.name == name for p in paper.built.parameters):
        return True
    if any(other is value for line in paper.lines for other in line.values()):
        return True
    return value in paper.built.definition and value not in paper.regions.homes


def _statements(paper: Paper) -> Iterator[Statement]:
    for group in groups_in(paper.nodes):
        yield from group.statements
    yield from paper.zeros


def _headers(nodes: list[Node], leaf: Callable[[e.Expression], e.Expression | None]) -> None:
    for node in mirrors_in(nodes):
        if node.header is not None:
            node.header = e.rewrite(node.header, leaf)


def shape_of(node: e.Expression) -> ir.Value | None:
    """Return the value whose shape an expression is."""
    match node:
        case e.Attribute(e.Primal(value), "shape"):
            return value
        case e.Call(e.Library("numpy.shape"), (e.Primal(value),), _):
            return value
    return None


@dataclass
class _Free:
    """Finds what is read before it is defined; True where more than the shape is read."""

    found: dict[ir.Value, bool] = field(default_factory=dict)
    popped: set[ir.Value] = field(default_factory=set)
    defined: set[ir.Value] = field(default_factory=set)

    def nodes(self, nodes: list[Node]) -> None:
        """Look at nodes in order."""
        for node in nodes:
            if isinstance(node, MirrorStatements):
                if node.header is not None:
                    self.read(node.header)
                    if isinstance(node.operation, ir.While) and isinstance(node.header, e.Primal):
                        self.popped.add(node.header.value)
                before = set(self.defined)
                if node.turn is not None:
                    self.defined.add(node.turn)
                for body in node.bodies:
                    self.nodes(body)
                self.defined = before
                continue
            for statement in node.statements:
                for part in statement.parts():
                    self.read(part)
                if statement.form == "primal" and statement.target is not None:
                    self.defined.add(statement.target)

    def read(self, expression: e.Expression) -> None:
        """Note what an expression reads."""

        def leaf(node: e.Expression) -> e.Expression | None:
            value = shape_of(node)
            if value is None or value in self.defined:
                return None
            self.found.setdefault(value, False)
            return e.Literal("0")

        for node in e.walk(expression):
            match node:
                case e.Call(e.Attribute(e.Primal(value), "pop"), (), _):
                    self.popped.add(value)
        for value in e.primals(e.rewrite(expression, leaf)):
            if value not in self.defined:
                self.found[value] = True
