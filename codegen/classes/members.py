"""What a class of the forward file holds: its methods, its attributes and what sets them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from codegen.nodes import assigned_names, nodes_of

FORWARD = ("forward", "__call__")
LOSS = "loss"
MAKERS = re.compile(
    r"(zeros|ones|empty|rand|randn|random|standard_normal|normal|uniform|full|eye)$"
)
SCALED = (ast.Mult, ast.Div, ast.Add, ast.Sub)


@dataclass(frozen=True)
class Part:
    """An attribute that is an object of a class of the same file."""

    class_name: str
    made: ast.Call  # `Affine(D, H)`


@dataclass(frozen=True)
class Parts:
    """An attribute that is a list or tuple of such objects."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Given:
    """An attribute that holds data: what sets it says of its shape and its default."""

    annotation: ast.expr | None = None
    default: ast.expr | None = None


Member = Part | Parts | Given


@dataclass(eq=False)
class Class:
    """A class: its methods by name, and its attributes as written behind `self`."""

    node: ast.ClassDef
    methods: dict[str, ast.FunctionDef] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)  # `.W`, `.params["W1"]`

    @property
    def name(self) -> str:
        """The class's name."""
        return self.node.name

    def picked(self, style: str) -> str | None:
        """Return the method that is differentiated: `loss` first in joint style."""
        order = (LOSS, *FORWARD) if style == "joint" else (*FORWARD, LOSS)
        return next((name for name in order if name in self.methods), None)


def read_class(node: ast.ClassDef, names: frozenset[str]) -> Class:
    """Return what a class holds; `names` are those of the file's classes."""
    found = Class(node)
    for part in node.body:
        match part:
            case ast.FunctionDef(name=name):
                found.methods[name] = part
            case ast.AnnAssign(ast.Name(name), annotation, value):
                found.members[f".{name}"] = Given(annotation, value)
            case ast.Assign([ast.Name(name)], value):
                found.members[f".{name}"] = Given(None, value)
    maker = found.methods.get("__init__")
    if maker is not None:
        _read_init(found, maker, names)
    return found


def written_as(node: ast.expr, holder: str) -> str | None:
    """Return how an attribute is written behind its object: `.W`, `.params["W1"]`."""
    match node:
        case ast.Name(name) if name == holder:
            return ""
        case ast.Attribute(base, name):
            before = written_as(base, holder)
            return None if before is None else f"{before}.{name}"
        case ast.Subscript(base, ast.Constant(str(key))):
            before = written_as(base, holder)
            return None if not before else f"{before}[{quoted(key)}]"
    return None


def quoted(key: str) -> str:
    """Return a key as it is written in the output: `"W"`."""
    return f'"{key}"' if key.isidentifier() else repr(key)


def _read_init(found: Class, maker: ast.FunctionDef, names: frozenset[str]) -> None:
    if not maker.args.args:
        return
    holder = maker.args.args[0].arg
    defaults = _defaults(maker.args)
    changed = assigned_names(maker.body)
    given = [*maker.args.args, *maker.args.kwonlyargs]
    annotations = {a.arg: a.annotation for a in given if a.arg not in changed}
    for node in nodes_of(maker):
        targets, value = _assigned(node)
        for target in targets:
            stated = node.annotation if isinstance(node, ast.AnnAssign) else None
            for one, right in _pairs(target, value):
                where = written_as(one, holder)
                if not where:
                    continue
                before = found.members.pop(where, None)
                _take(found, where, right, stated, (defaults, annotations, names))
                if before is not None:  # set twice: which one holds is not known
                    found.members[where] = Given()


def _pairs(target: ast.expr, value: ast.expr | None) -> list[tuple[ast.expr, ast.expr]]:
    match target, value:
        case ast.Tuple(left), ast.Tuple(right) if len(left) == len(right):
            return list(zip(left, right, strict=True))
    return [] if value is None else [(target, value)]


def _assigned(node: ast.AST) -> tuple[list[ast.expr], ast.expr | None]:
    match node:
        case ast.Assign(targets, value):
            return targets, value
        case ast.AnnAssign(target, _, value):
            return [target], value
    return [], None


def _take(
    found: Class,
    where: str,
    value: ast.expr,
    stated: ast.expr | None,
    known: tuple[dict[str, ast.expr], dict[str, ast.expr | None], frozenset[str]],
) -> None:
    defaults, annotations, names = known
    match value:
        case ast.Call(ast.Name(called)) if called in names:
            found.members[where] = Part(called, value)
            return
        case ast.List(items) | ast.Tuple(items) if items:
            parts = [
                Part(item.func.id, item)
                for item in items
                if isinstance(item, ast.Call)
                and isinstance(item.func, ast.Name)
                and item.func.id in names
            ]
            if len(parts) == len(items):
                found.members[where] = Parts(tuple(parts))
                return
        case ast.Dict(keys, values):
            for key, item in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    _take(found, f"{where}[{quoted(key.value)}]", item, None, known)
            return
        case ast.Name(name) if name in annotations:
            found.members[where] = Given(stated or annotations[name], defaults.get(name))
            return
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            found.members[where] = Given(stated, value)
            return
    found.members[where] = Given(stated or _shown_by(value, annotations))


def _shown_by(value: ast.expr, arguments: dict[str, ast.expr | None]) -> ast.expr | None:
    """Return the annotation that an array maker's sizes say: of `0.01 * np.random.randn(D, H)`."""
    match value:
        case ast.BinOp(left, operator, right) if isinstance(operator, SCALED):
            if _is_number(left, arguments):
                return _shown_by(right, arguments)
            if _is_number(right, arguments):
                return _shown_by(left, arguments)
        case ast.Call(ast.Attribute(_, "astype"), _):
            return None
        case ast.Call(ast.Attribute(_, word), sizes, keywords) if MAKERS.match(word):
            return _from_sizes(word, sizes, {k.arg: k.value for k in keywords}, arguments)
    return None


def _from_sizes(
    word: str,
    sizes: list[ast.expr],
    keywords: dict[str | None, ast.expr],
    arguments: dict[str, ast.expr | None],
) -> ast.expr | None:
    if "dtype" in keywords or None in keywords:
        return None
    if word in ("normal", "uniform", "random", "standard_normal"):
        size = keywords.get(
            "size", sizes[-1] if word in ("random", "standard_normal") and sizes else None
        )
        dims = size.elts if isinstance(size, ast.Tuple) else [size] if size is not None else []
    elif word in ("rand", "randn"):
        dims = sizes
    elif (
        word in ("zeros", "ones", "empty", "full") and sizes and len(sizes) <= 1 + (word == "full")
    ):
        dims = sizes[0].elts if isinstance(sizes[0], ast.Tuple) else [sizes[0]]
    else:
        return None
    words = []
    for dim in dims:
        match dim:
            case ast.Constant(int(number)):
                words.append(str(number))
            case ast.Name(name) if name in arguments:
                words.append(name)
            case _:
                return None
    return None if not words else _annotation(" ".join(words))


def _annotation(words: str) -> ast.expr:
    """Return `Float[np.ndarray, "D H"]` by full names, which no import of the file has to bring."""
    array = ast.Name("numpy.ndarray", ast.Load())
    parts = ast.Tuple([array, ast.Constant(words)], ast.Load())
    return ast.Subscript(ast.Name("jaxtyping.Float", ast.Load()), parts, ast.Load())


def _is_number(node: ast.expr, arguments: dict[str, ast.expr | None]) -> bool:
    """True for what cannot be an array that would broadcast: a literal, an argument, a root."""
    match node:
        case ast.Constant(int() | float()):
            return True
        case ast.Name(name):
            return name in arguments
        case ast.UnaryOp(_, operand):
            return _is_number(operand, arguments)
        case ast.BinOp(left, _, right):
            return _is_number(left, arguments) and _is_number(right, arguments)
        case ast.Call(ast.Attribute(_, "sqrt"), [inner]):
            return _is_number(inner, arguments)
    return False


def _defaults(given: ast.arguments) -> dict[str, ast.expr]:
    names = [a.arg for a in [*given.posonlyargs, *given.args]]
    found = dict(zip(names[len(names) - len(given.defaults) :], given.defaults, strict=True))
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if default is not None:
            found[argument.arg] = default
    return found
