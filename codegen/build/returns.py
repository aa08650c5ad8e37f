"""What a function returns: one `return` at its end, or several on its paths."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line, ListPlace, Path, Returned

if TYPE_CHECKING:
    from codegen.build.function import Builder


@dataclass
class Site:
    """One value at one `return` that joins others: a nameless one is named in the end."""

    value: ir.Value
    name: str | None


@dataclass
class Frame:
    """How the function being built, or a helper being inlined, gives its value."""

    own: str
    joins: bool = False  # it returns on several paths
    sites: list[list[Site]] = field(default_factory=list)
    joined: list[list[ir.Value]] = field(default_factory=list)  # what an `if` makes of them
    values: list[ir.Value] = field(default_factory=list)  # what the path being built returns
    is_tuple: bool = False
    depth: int = 0  # of the regions that it stands in
    handed: frozenset[ir.Value] = frozenset()  # what a helper was given that its caller still has

# what holds no `return` of the function that it stands in
NO_RETURN = (ast.expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.FunctionDef)


def returns_inside(body: list[ast.stmt]) -> bool:
    """True if a `return` stands inside another statement."""
    return any(True for node in body if not isinstance(node, ast.Return) for _ in returns_of(node))


def has_value(node: ast.FunctionDef | None) -> bool:
    """True if a function returns something."""
    found = () if node is None else (part for one in node.body for part in returns_of(one))
    return any(part.value is not None for part in found)


def returns_of(node: ast.AST) -> Iterator[ast.Return]:
    """Yield the `return`s in a statement, but for those of functions in it."""
    if isinstance(node, ast.Return):
        yield node
    elif not isinstance(node, NO_RETURN):
        for child in ast.iter_child_nodes(node):
            yield from returns_of(child)


def _parts(
    node: ast.expr, path: Path = ()
) -> Iterator[tuple[ast.expr, Path]]:
    """Yield what a `return` gives, and where it stands: tuples in tuples are taken apart."""
    if isinstance(node, ast.Tuple) and node.elts:
        for place, part in enumerate(node.elts):
            yield from _parts(part, (*path, place))
    else:
        yield node, path


class ReturnBuilder:
    """Builds the returns of one function builder."""

    def __init__(self, owner: Builder) -> None:
        self.owner = owner

    # several

    def inside(self, node: ast.Return) -> None:
        """Build one `return` of several: its values meet the others' behind the `if`s."""
        owner, frame = self.owner, self.owner.frame
        is_none = isinstance(node.value, ast.Constant) and node.value.value is None
        if node.value is None or is_none:
            owner.refuse(
                node, "no-output", "nothing is returned here", "return the value to differentiate"
            )
        assert node.value is not None
        is_tuple = isinstance(node.value, ast.Tuple)
        if frame.sites and is_tuple != frame.is_tuple:
            owner.refuse(
                node, "construct", "some paths return a tuple, others one value",
                "return as many values on every path",
            )
        frame.is_tuple = is_tuple
        sites = []
        for part in node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]:
            is_variable = self._is_variable(part)
            owner.pending = []
            value = owner.expressions.value(part)
            if isinstance(owner.built.definition.get(value), ir.Aggregate):
                owner.growing.ask([value])
                owner.refuse(
                    part, "construct",
                    "a tuple or list returned on one of several paths is not supported yet",
                    "return its items",
                )
            if is_variable:
                sites.append(Site(value, value.name))
                continue
            if owner.control.loop is not None:
                sites.append(Site(value, None))
                continue
            value = owner.named(part, "", value)
            if value in owner.built.spelling:
                line = Line("assign", owner.span(node), (value,), owner.built.spelling[value])
                owner.finish(line, verbatim=False)
            sites.append(Site(value, None))
        if owner.control.loop is not None:
            owner.control.leave_with(node, [site.value for site in sites])
            return
        frame.sites.append(sites)
        frame.values = [site.value for site in sites]
        owner.left = "return"

    def finish(self) -> None:
        """Name what several returns give: the author's name if they agree on one."""
        owner, frame = self.owner, self.owner.frame
        names = self.names()
        for place, name in enumerate(names):
            for sites in frame.sites:
                if sites[place].name is None:
                    sites[place].value.name = name
        for results in frame.joined:
            for result, name in zip(results, names, strict=True):
                result.name = name
        for value, name, site in zip(frame.values, names, frame.sites[0], strict=True):
            owner.built.returned.append(
                Returned(value, name if site.name == name else None, owner.span_of(site.value))
            )
        owner.built.returns_tuple = frame.is_tuple
        owner.built.function.body.yields = list(frame.values)

    def names(self) -> list[str]:
        """Return the names of what is returned; nameless sites go by them, or by a better one."""
        frame = self.owner.frame
        names = []
        columns = list(zip(*frame.sites, strict=True)) if frame.sites else []
        for place, column in enumerate(columns):
            agreed = {site.name for site in column}
            name = agreed.pop() if len(agreed) == 1 else None
            if name is None:
                name = frame.own if len(columns) == 1 else f"{frame.own}_{place + 1}"
            for value in [site.value for site in column if site.name is None]:
                value.name = None
                self.owner.built.hints[value] = name.strip("_") or "result"
            names.append(name)
        return names

    # one

    def last(self, node: ast.Return) -> None:
        """Build the only `return` of a function."""
        owner = self.owner
        owner.left = "return"
        is_none = isinstance(node.value, ast.Constant) and node.value.value is None
        if node.value is None and node is owner.last_statement:
            owner.left = None  # a function that writes into its parameters may end so
            return
        if node.value is None or is_none:
            owner.refuse(
                node, "no-output", "nothing is returned here", "return the value to differentiate"
            )
        placed = list(_parts(node.value))
        parts = [part for part, _ in placed]
        owner.built.returns_tuple = isinstance(node.value, ast.Tuple)
        own = owner.built.function.name
        displays = (ast.Tuple, ast.List)
        expressions = [
            p for p in parts if not self._is_variable(p) and not isinstance(p, displays)
        ]
        for part, path in placed:
            owner.pending = []
            value = owner.expressions.value(part)
            made = owner.built.definition.get(value)
            is_cache = isinstance(part, ast.Name) and part.id == "cache"
            if isinstance(made, ir.Aggregate) and not is_cache:
                owner.built.returns_tuple = True
                self._return_items(node, made, path)
            elif isinstance(made, ir.Aggregate):
                # A cache, say: it cannot be picked, so nobody asks for its name on paper.
                name = part.id if isinstance(part, ast.Name) else None
                owner.built.returned.append(Returned(value, name, owner.span(part), path))
            elif part in expressions or any(r.value is value for r in owner.built.returned):
                number = expressions.index(part) + 1 if part in expressions else len(parts)
                name = own if len(expressions) == 1 else self._own_name(f"{own}_{number}")
                value = owner.named(part, name, value)
                if value in owner.built.spelling and value not in owner.adopted:
                    line = Line("assign", owner.span(node), (value,), owner.built.spelling[value])
                    owner.finish(line, verbatim=False)
                owner.built.returned.append(Returned(value, None, owner.span(part), path))
            else:
                owner.built.returned.append(Returned(value, value.name, owner.span(part), path))
        owner.built.function.body.yields = [r.value for r in owner.built.returned]

    def _is_variable(self, node: ast.expr) -> bool:
        owner = self.owner
        if not isinstance(node, ast.Name):
            return False
        value = owner.scope.values.get(node.id)
        made = None if value is None else owner.built.definition.get(value)
        return value is not None and (value.name is not None or isinstance(made, ir.Aggregate))

    def _own_name(self, name: str) -> str:
        """Return a name for what has none, which gives way to the names of the file."""
        module = self.owner.module
        while name in module.constants or name in module.functions:
            name += "_"
        return name

    def _return_items(self, node: ast.Return, made: ir.Aggregate, path: Path) -> None:
        """Return the items of a tuple, list or dict that a helper (or a variable) gives."""
        owner = self.owner
        own = owner.built.function.name
        named: list[ir.Value] = []
        returned = [*owner.built.returned]
        count = len(returned)
        for item, place in _leaves(made, path, owner.built.definition):
            if item.name is None or any(r.value is item for r in returned):
                key = place[-1]
                word = f"{own}_{len(returned) - count + 1}"
                if isinstance(key, str) and key.isidentifier():
                    word = key
                named.append(owner.named(node, self._own_name(word), item))
                name = word if word == key else None
                returned.append(Returned(named[-1], name, owner.span(node), place))
            else:
                returned.append(Returned(item, item.name, owner.span(node), place))
        spelled = [v for v in named if v in owner.built.spelling and v not in owner.adopted]
        if spelled:
            line = Line("assign", owner.span(node))
            line.targets = (spelled[0] if len(spelled) == 1 else tuple(spelled),)
            parts = tuple(owner.built.spelling[value] for value in spelled)
            whole = parts[0] if len(parts) == 1 else one_choice(parts)
            line.expression = whole or e.Sequence("tuple", parts)
            owner.finish(line, verbatim=False)
        owner.built.returned = returned


def _leaves(
    made: ir.Aggregate, path: Path, definition: dict[ir.Value, ir.Operation]
) -> Iterator[tuple[ir.Value, Path]]:
    """Yield the items of a container, and of those in it, with where they stand."""
    for place, item in enumerate(made.operands):
        key: int | str = place
        if made.kind == "dict":
            key = ast.literal_eval(made.keys[place])
        elif made.kind == "list":
            key = ListPlace(place)
        inner = definition.get(item)
        if isinstance(inner, ir.Aggregate):
            yield from _leaves(inner, (*path, key), definition)
        else:
            yield item, (*path, key)


def one_choice(parts: tuple[e.Expression, ...]) -> e.Expression | None:
    """Return `(x, y) if test else (y, x)` for items that are choices by one test."""
    choices = [part for part in parts if isinstance(part, e.Conditional)]
    if len(choices) < len(parts) or len({choice.test for choice in choices}) != 1:
        return None
    then = e.Sequence("tuple", tuple(choice.then for choice in choices))
    otherwise = e.Sequence("tuple", tuple(choice.otherwise for choice in choices))
    return e.Conditional(choices[0].test, then, otherwise)
