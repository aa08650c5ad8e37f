"""What the backward pass of split and gate style is handed: values, or shapes where those do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.shapes import Known
from codegen.stage.cache_reads import Reads, by_parts, shape_of
from codegen.stage.dtype_sources import deepest
from codegen.stage.paper import Paper
from codegen.stage.statements import Statement, groups_in, mirrors_in


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
    # Of what only tells its shape and its dtype: where the backward pass has them.
    shapes: dict[ir.Value, e.Expression] = field(default_factory=dict)
    dtypes: dict[ir.Value, e.Expression] = field(default_factory=dict)

    def handed(self, expression: e.Expression) -> e.Expression:
        """Return an expression that reads the shapes and dtypes that are among the entries."""
        leaf = by_parts(self.shapes.get, self.dtypes.get)
        return e.rewrite(expression, leaf)


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
    walk = _reads(paper, extra)
    found = Cache(paper.namer.claim("cache"))
    names = paper.namer.names
    attributes = {p.value for p in paper.built.parameters if p.kind == "attribute"}
    whole = {names[v] for v, parts in walk.found.items() if _is_whole(v, parts, paper)}
    for value, parts in sorted(walk.found.items(), key=lambda pair: pair[0].number):
        if value in attributes:
            found.attributes.append(names[value])
            continue
        if names[value] in whole:
            found.entries[names[value]] = e.Primal(value)
            found.values.add(value)
            if not _is_sure(value, paper):
                found.unsure.append(names[value])
            if value in walk.popped:
                found.drained.append(names[value])
            continue
        at_hand = _like(value, walk.found, paper) if "dtype" in parts else None
        for what in sorted(parts, reverse=True):
            _hand_over(value, what, found, at_hand, paper)
    if found.shapes or found.dtypes:
        for statement in _statements(paper):
            statement.rewrite(found.handed)
        for node in mirrors_in(paper.nodes):
            if node.header is not None:
                node.header = found.handed(node.header)
    return found


def _reads(paper: Paper, extra: list[e.Expression]) -> Reads:
    """Return what the backward pass reads."""
    walk = Reads()
    for expression in extra:
        walk.read(paper.resolver.lowered(expression))
    walk.nodes(paper.nodes)
    for statement in paper.zeros:
        for part in statement.parts():
            walk.read(part)
    return walk


def _is_whole(value: ir.Value, parts: set[str], paper: Paper) -> bool:
    """True if more is handed over than a shape and a dtype."""
    if "all" in parts or not _is_sure(value, paper):
        return True
    if "dtype" not in parts:
        return False
    is_returned = any(one.value is value for one in paper.selection.outputs)
    made = paper.built.definition.get(paper.cells.of(value))
    # What the caller has, or what a loop's last turn gave, costs no memory of its own.
    is_own = is_returned or value in paper.cells.cells or isinstance(made, (ir.Gate, ir.View))
    return not is_own or not paper.facts[value].array


def _like(
    value: ir.Value, read: dict[ir.Value, set[str]], paper: Paper
) -> tuple[ir.Value, bool] | None:
    """Return what is handed over whole and has the same dtype; True if it has the shape, too."""
    facts, built, cells = paper.facts, paper.built, paper.cells
    sources = deepest(value, built, facts, cells)
    alike = [
        other
        for other, parts in sorted(read.items(), key=lambda pair: pair[0].number)
        if "all" in parts
        and _is_float_array(other, paper)
        and _is_sure(other, paper)
        and deepest(other, built, facts, cells) == sources
    ]
    shape = facts[value].shape
    same = [other for other in alike if isinstance(shape, Known) and facts[other].shape == shape]
    if same:
        return same[0], True
    return (alike[0], False) if alike else None


def _is_float_array(value: ir.Value, paper: Paper) -> bool:
    kind = paper.facts.types.get(value)  # None: a list that keeps the values of turns
    is_array = kind is not None and kind.kind == "number" and kind.array and not kind.scalar
    return is_array and kind is not None and kind.dtype == "float"


def _hand_over(
    value: ir.Value,
    what: str,
    found: Cache,
    at_hand: tuple[ir.Value, bool] | None,
    paper: Paper,
) -> None:
    """Make an entry of a value's shape or dtype, the same for all that has one name."""
    name = paper.namer.names[value]
    known = found.shapes if what == "shape" else found.dtypes
    if at_hand is not None and (what == "dtype" or at_hand[1]):
        known[value] = e.Attribute(e.Primal(at_hand[0]), what)
        return
    same = [other for other in known if paper.namer.names[other] == name]
    if same:
        known[value] = known[same[0]]
        return
    entry = paper.namer.claim(f"{name}_{what}")
    known[value] = e.Name(entry)
    read: e.Expression = e.Attribute(e.Primal(value), what)
    if what == "shape" and not paper.facts[value].array:
        read = e.call("numpy.shape", e.Primal(value))
    found.entries[entry] = read


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
    if value in paper.came_in.values() or any(p.name == name for p in paper.built.parameters):
        return True
    if any(other is value for line in paper.lines for other in line.values()):
        return True
    return value in paper.built.definition and value not in paper.regions.homes


def _statements(paper: Paper) -> Iterator[Statement]:
    for group in groups_in(paper.nodes):
        yield from group.statements
    yield from paper.zeros
