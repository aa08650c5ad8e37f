"""The forward patterns that gates are declared with, and how a call is matched to one.

`np.sum(x, axis=None, *, keepdims=False)`, `x.sum(axis=None, *, keepdims=False)`, `abs(x)`, `x / y`,
`C / y`, `-x`, `x.T`: lower-case names are operands, defaulted ones are static arguments, and a
capital letter is a number literal. `np.clip(x, min=...)`: an operand that may be left out.
`np.stack([*parts])`: a list or tuple written out, whose items are the operands.
`x.transpose(*axes: int)`: any number of integer literals, one static argument.
`np.finfo(dtype=None).eps`: what is read off a call at once.
`np.linalg.slogdet(x)[1]`: one item of a call that gives a tuple.
`np.einsum(subscripts: str, x)`: a string written out, which has no default and no keyword.
`np.r_[*parts]`: what stands between brackets, whose items are the operands.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

LIBRARIES = {"np": "numpy", "math": "math", "scipy": "scipy", "random": "random"}
ITEM = re.compile(r"(?<=\))\[\d+\]$")  # `f(x)[1]`
DISPLAY = re.compile(r"\[\*(\w+)\]")  # `[*parts]`

OPERATORS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.USub: "-x",
    ast.UAdd: "+x",
    ast.Invert: "~x",
    ast.Not: "not x",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}


def library_path(node: ast.expr) -> str | None:
    """Return the full name of `np.linalg.inv` in a gate's body; None if it is no library's."""
    match node:
        case ast.Name(name):
            return LIBRARIES.get(name)
        case ast.Attribute(base, name):
            path = library_path(base)
            return None if path is None else f"{path}.{name}"
    return None


@dataclass(frozen=True)
class Argument:
    """One argument of a pattern.

    role: "operand", "optional" (an operand that may be left out), "rest" (any number of operands),
    "display" (a list or tuple written out, whose items are operands), "static", "literal" (a
    number), "text" (a string written out), "numbers" (any number of integer literals: one static
    argument).
    """

    name: str
    role: str
    default: str | None = None
    keyword_only: bool = False
    positional_only: bool = False


@dataclass(frozen=True)
class Pattern:
    """A parsed pattern; `key` is what the author's call is looked up by."""

    text: str
    key: str  # "numpy.sum" "math.exp" "abs" ".sum" ".T" "+" "-x"
    kind: str  # "function" "method" "attribute" "operator" "read", of a result "member" "item"
    arguments: tuple[Argument, ...]

    @property
    def library(self) -> str | None:
        """`numpy` or `math` for a library function."""
        is_function = self.kind in ("function", "member", "item", "read") and "." in self.key
        return self.key.split(".")[0] if is_function else None

    @property
    def specificity(self) -> int:
        """How much of a call it spells out: the most specific pattern wins."""
        weights = {"literal": 1, "display": 1, "rest": -1}
        return sum(weights.get(argument.role, 0) for argument in self.arguments)


def parse_pattern(text: str) -> Pattern:
    """Read a pattern; raise ValueError for one that is none of the known forms."""
    if "(" in text and text.endswith(")"):
        head, inside = text[:-1].split("(", 1)
        if head.replace(".", "").replace("_", "").isalnum():
            return _call_pattern(text, head, inside)
    item = ITEM.search(text)
    if item is not None:
        inner = parse_pattern(text[: item.start()])
        return Pattern(text, inner.key + item[0], "item", inner.arguments)
    node = ast.parse(text, mode="eval").body
    match node:
        case ast.Attribute(ast.Call(), name):
            inner = parse_pattern(text.removesuffix(f".{name}"))
            return Pattern(text, f"{inner.key}.{name}", "member", inner.arguments)
        case ast.Attribute(ast.Name(base), name):
            if base in LIBRARIES:
                return Pattern(text, f"{LIBRARIES[base]}.{name}", "function", ())
            return Pattern(text, f".{name}", "attribute", (_positional(base),))
        case ast.Subscript(base, ast.Tuple([ast.Starred(ast.Name(name))])):
            return Pattern(text, f"{library_path(base)}", "read", (Argument(name, "display"),))
        case ast.BinOp(ast.Name(left), operator, ast.Name(right)):
            arguments = (_positional(left), _positional(right))
            return Pattern(text, OPERATORS[type(operator)], "operator", arguments)
        case ast.Compare(ast.Name(left), [operator], [ast.Name(right)]):
            arguments = (_positional(left), _positional(right))
            return Pattern(text, OPERATORS[type(operator)], "operator", arguments)
        case ast.UnaryOp(operator, ast.Name(operand)):
            return Pattern(text, OPERATORS[type(operator)], "operator", (_positional(operand),))
    raise ValueError(f"not a gate pattern: {text}")


def _call_pattern(text: str, head: str, inside: str) -> Pattern:
    first, *rest = head.split(".")
    displayed = DISPLAY.findall(inside)
    signature = ast.parse("def _(" + DISPLAY.sub(r"\1", inside) + "): pass").body[0]
    assert isinstance(signature, ast.FunctionDef)
    given = signature.args
    arguments = []
    ordered = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(ordered) - len(given.defaults)) + list(given.defaults)
    for one, default in zip(ordered, defaults, strict=True):
        if one.arg in displayed:
            arguments.append(Argument(one.arg, "display"))
        elif isinstance(one.annotation, ast.Name) and one.annotation.id == "str":
            arguments.append(Argument(one.arg, "text", positional_only=True))
        else:
            made = _argument(one.arg, default, keyword_only=False)
            arguments.append(replace(made, positional_only=one in given.posonlyargs))
    if given.vararg is not None:
        role = "rest" if given.vararg.annotation is None else "numbers"
        arguments.append(Argument(given.vararg.arg, role))
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        arguments.append(_argument(one.arg, default, keyword_only=True))
    if first in LIBRARIES and rest:
        key = ".".join([LIBRARIES[first], *rest])
        return Pattern(text, key, "function", tuple(arguments))
    if rest:
        return Pattern(text, f".{rest[0]}", "method", (_positional(first), *arguments))
    return Pattern(text, first, "function", tuple(arguments))


def _positional(name: str) -> Argument:
    return Argument(name, "literal" if name.isupper() else "operand")


def _argument(name: str, default: ast.expr | None, keyword_only: bool) -> Argument:
    if default is None:
        return _positional(name)
    value = ast.literal_eval(default)
    if value is Ellipsis:
        return Argument(name, "optional", None, keyword_only)
    return Argument(name, "static", repr(value), keyword_only)
