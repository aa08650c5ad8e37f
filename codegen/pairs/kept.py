"""Caches that hold caches, in what we wrote ourselves: a forward keeps what its backward takes.

    def _power_forward(x, n):                   def _power_backward(dpower, cache):
        ...                                         x, n, h, h_cache = cache
        cache = (x, n, h, h_cache)                  ...
        return power, cache                         return dx

Such a cache is one value, `kept`: putting it together and taking it apart are gates. A cache in it
may be handed to a backward, or put into a list or another cache, and nothing else; so nobody does
with its cotangent, a tuple of the cotangents of what it holds, what only numbers stand.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codegen.nodes import nodes_of
from codegen.pairs.hoisted import hoisted
from codegen.pairs.list_sums import by_item
from codegen.pairs.names import LIBRARY, all_names, returns_of
from codegen.parse import Import, Module

PACK, TAKE = f"{LIBRARY}.pack ", f"{LIBRARY}.take "  # what their paths begin with
NAMED = len(LIBRARY)  # no file has such a name: `.pack _power_forward`


@dataclass(frozen=True)
class Form:
    """A cache that one function puts together and another takes apart."""

    forward: str
    backward: str
    names: tuple[str, ...]  # of what it holds


def forms_of(module: Module, public: Iterable[str]) -> list[Form]:
    """Return the caches of the file's private pairs, if all that is done with them is known."""
    found = []
    for name, function in module.functions.items():
        words = name.split("_")
        if not name.startswith("_") or words.count("forward") != 1 or name in public:
            continue
        other = "_".join("backward" if word == "forward" else word for word in words)
        back = module.functions.get(other)
        if back is None or other in public or {name, other} & module.rebound:
            continue
        names = _put_together(function)
        if names and names == _taken_apart(back):
            found.append(Form(name, other, names))
    makers = {form.forward for form in found}
    takers = {form.backward for form in found}
    is_known = all(_Use(node, makers, takers).is_known() for node in module.functions.values())
    return found if is_known else []


def _put_together(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names in `cache = (x, y)` before `return out, cache`; none if it is not so."""
    match function.body[-2:]:
        case [
            ast.Assign([ast.Name(one)], ast.Tuple(parts)),
            ast.Return(ast.Tuple([_, *_, ast.Name(last)])),
        ] if (
            one == last and len(returns_of(function)) == 1
        ):
            return _distinct(parts) if _count(function, one) == 2 else ()
    return ()


def _taken_apart(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names in `x, y = cache`, which begins a function whose last parameter it is."""
    given = function.args
    stars = [*given.kwonlyargs, given.vararg, given.kwarg, *given.defaults]
    match _first_of(function), given.args[-1:]:
        case ast.Assign([ast.Tuple(parts)], ast.Name(name)), [ast.arg(last, None)] if (
            name == last and not any(stars) and _count(function, name) == 1
        ):
            names = _distinct(parts)
            return () if any(_asks_for_none(p, names) for p in nodes_of(function)) else names
    return ()


def _first_of(function: ast.FunctionDef) -> ast.stmt:
    is_text = ast.get_docstring(function) is not None
    return function.body[min(is_text, len(function.body) - 1)]


def _count(function: ast.FunctionDef, name: str) -> int:
    """Return how often a function's statements name something."""
    return sum(isinstance(part, ast.Name) and part.id == name for part in nodes_of(function))


def _distinct(parts: list[ast.expr]) -> tuple[str, ...]:
    names = tuple(part.id for part in parts if isinstance(part, ast.Name))
    return names if len(set(names)) == len(parts) else ()


def _asks_for_none(node: ast.AST, names: tuple[str, ...]) -> bool:
    """True for `h is None` of what is in a cache: what may be None is taken for what it else is."""
    return (
        isinstance(node, ast.Compare)
        and any(isinstance(part, ast.Name) and part.id in names for part in nodes_of(node))
        and any(isinstance(part, ast.Constant) and part.value is None for part in nodes_of(node))
    )


class _Use:
    """What a function does with caches that hold caches."""

    def __init__(self, function: ast.FunctionDef, makers: set[str], takers: set[str]) -> None:
        self.nodes = nodes_of(function)
        self.makers, self.takers = makers, takers
        self.held: set[str] = set()  # names of caches, and of lists of them
        self.allowed: set[ast.AST] = set()

    def is_known(self) -> bool:
        """True if its caches go to backwards, lists and caches only."""
        for part in self.nodes:
            self._call(part)
        for part in self.nodes if self.held else ():
            self._hand_on(part)
        watched = self.held | self.makers | self.takers
        return all(
            part in self.allowed
            for part in self.nodes
            if isinstance(part, ast.Name) and part.id in watched
        )

    def _call(self, node: ast.AST) -> None:
        """Allow `out, cache = _f_forward(x)`, and `_f_backward(dout, cache)` or `caches[j]`."""
        match node:
            case ast.Assign(
                [ast.Tuple([*_, ast.Name(name) as target])], ast.Call(ast.Name(called) as function)
            ) if (called in self.makers):
                self._hold(name, function, target)
            case ast.Call(ast.Name(called) as function, [*_, given], []) if called in self.takers:
                if isinstance(given, ast.Subscript) and isinstance(given.slice, ast.Name):
                    given = given.value
                if isinstance(given, ast.Name):
                    self._hold(given.id, function, given)

    def _hold(self, name: str, *nodes: ast.AST) -> None:
        self.held.add(name)
        self.allowed.update(nodes)

    def _hand_on(self, node: ast.AST) -> None:
        """Allow what puts caches into lists and caches, and takes them out of one."""
        match node:
            case ast.Expr(
                ast.Call(ast.Attribute(ast.Name() as base, "append"), [ast.Name() as item], [])
            ) if (item.id in self.held):
                self._hold(base.id, base, item)
            case ast.Assign([ast.Name() as target], ast.Constant(None) | ast.List([])):
                self.allowed.add(target)
            case ast.Assign([ast.Name()], ast.Tuple(parts)):
                self.allowed.update(parts)
            case ast.Assign([ast.Tuple(parts)], ast.Name()):
                self.allowed.update(parts)


def rewrite(module: Module, form: Form) -> None:
    """Write the cache of a pair as what gates give: `kept = pack(x, y)`, `x, y = take(kept)`."""
    taken = all_names(module)
    kept = "kept"
    while kept in taken:
        kept += "_"
    pack, take = (f"{path}{form.forward}" for path in (PACK, TAKE))
    _packing(module, form, kept, pack[NAMED:])
    _taking(module, form, kept, take[NAMED:], pack, {*taken, kept})
    for path in (pack, take):
        module.imports[path[NAMED:]] = Import(path, ast.Import([]))


def _packing(module: Module, form: Form, kept: str, pack: str) -> None:
    """Let the forward put its cache together by a gate."""
    function = copy.copy(module.functions[form.forward])
    line, returned = function.body[-2:]
    assert isinstance(line, ast.Assign)
    assert isinstance(line.value, ast.Tuple)
    assert isinstance(returned, ast.Return)
    assert isinstance(returned.value, ast.Tuple)
    call = ast.Call(ast.Name(pack, ast.Load()), line.value.elts, [])
    parts = [*returned.value.elts[:-1], ast.Name(kept, ast.Load())]
    made = [
        _at(line, ast.Assign([ast.Name(kept, ast.Store())], call)),
        _at(returned, ast.Return(ast.Tuple(parts, ast.Load()))),
    ]
    function.body = [*_undocumented(function)[:-2], *made]
    module.rewritten.update(made)
    module.functions[form.forward] = function


def _taking(module: Module, form: Form, kept: str, take: str, kind: str, taken: set[str]) -> None:
    """Let the backward take its cache apart by a gate."""
    function = copy.copy(module.functions[form.backward])
    known = set(nodes_of(function))
    first, *rest = _undocumented(function)
    assert isinstance(first, ast.Assign)
    call = ast.Call(ast.Name(take, ast.Load()), [ast.Name(kept, ast.Load())], [])
    function.body = [
        _at(first, ast.Assign(first.targets, call)),
        *by_item(hoisted(rest), taken),
    ]
    function.args = copy.copy(function.args)
    parameter = ast.copy_location(ast.arg(kept), function.args.args[-1])
    function.args.args = [*function.args.args[:-1], parameter]
    module.promises[parameter] = ast.Name(kind, ast.Load())
    module.rewritten.update(s for s in _statements(function.body) if s not in known)
    module.functions[form.backward] = function


def _undocumented(function: ast.FunctionDef) -> list[ast.stmt]:
    """Return the statements without the docstring, which is of another pair than what is made."""
    return function.body[ast.get_docstring(function) is not None :]


def _at(place: ast.stmt, made: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(made, place))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        for part in ast.walk(statement):
            if isinstance(part, ast.stmt):
                yield part
