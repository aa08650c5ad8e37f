"""How values are called in the text of the IR, and how expressions over them are spelled there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from codegen import expressions as e
from codegen import ir, printer

SHORT = {"numpy": "np"}


class Names:
    """The numbers of a function's values, in order of definition, and what is made of them."""

    def __init__(self, function: ir.Function) -> None:
        self.numbers: dict[ir.Value, int] = {}
        self.texts: dict[ir.Value, str] = {}  # of constants
        self._block(function.body)
        self.shared = Counter(value.name for value in self.numbers if value.name is not None)

    def _block(self, block: ir.Block) -> None:
        self._define(block.parameters)
        for operation in block.operations:
            for inner in operation.blocks():
                self._block(inner)
            self._define(operation.results)
            if isinstance(operation, ir.Constant):
                self.texts[operation.result] = operation.text

    def _define(self, values: list[ir.Value] | tuple[ir.Value, ...]) -> None:
        for value in values:
            self.numbers.setdefault(value, len(self.numbers))

    def full(self, value: ir.Value) -> str:
        """Return `%7:xpy`, or `%7` for a value without a name; `%?` for one never defined."""
        number = self.numbers.get(value, "?")
        return f"%{number}" + (f":{value.name}" if value.name else "")

    def short(self, value: ir.Value) -> str:
        """Return the author's name where it says which value is meant, else the full one."""
        if value in self.texts:
            return _short_path(self.texts[value].removeprefix("module:"))
        if value.name is not None and self.shared[value.name] == 1:
            return value.name
        return self.full(value)

    def text(self, expression: e.Expression) -> str:
        """Return the text of an expression over forward values and cotangents."""
        return printer.text(expression, self._leaf)

    def index(self, expression: e.Expression) -> str:
        """Return the text between the brackets of a subscript."""
        return printer.text(e.Subscript(e.Name("_"), expression), self._leaf)[2:-1]

    def _leaf(self, node: e.Expression) -> str:
        match node:
            case e.Primal(value):
                return self.short(value)
            case e.Cotangent(value):
                return f"d{self.full(value)}"
            case e.ShapeOf(value):
                return f"shape({self.short(value)})"
            case e.SizeOf(value, axes):
                along = "" if axes is None else f", {', '.join(map(str, axes))}"
                return f"size({self.short(value)}{along})"
            case e.DtypeOf(value):
                return f"dtype({self.short(value)})"
            case e.Local(stem, owner):
                return f"{stem}{self.full(owner).partition(':')[0]}"
        return plain_leaf(node)


def spelled(expression: e.Expression) -> str:
    """Return the text of an expression whose values have been given names."""
    return printer.text(expression, plain_leaf)


def spelled_index(expression: e.Expression) -> str:
    """Return the text between the brackets of a subscript, of values with names."""
    return spelled(e.Subscript(e.Name("_"), expression))[2:-1]


def plain_leaf(node: e.Expression) -> str:
    """Spell what is no value: libraries by their usual names, our helpers by theirs."""
    match node:
        case e.Library(path):
            return _short_path(path)
        case e.Helper(name):
            return name
    raise AssertionError(f"{type(node).__name__} has no spelling here")


def _short_path(path: str) -> str:
    top, dot, rest = path.partition(".")
    return f"{SHORT.get(top, top)}{dot}{rest}"


def listed(values: list[ir.Value] | tuple[ir.Value, ...], spell: Callable[[ir.Value], str]) -> str:
    """Return values with commas between them."""
    return ", ".join(map(spell, values))


def statics_text(statics: Mapping[str, object]) -> str:
    """Return static arguments as ` {axis=0, keepdims=True}`, or nothing where there are none."""
    inside = ", ".join(f"{name}={_static(value)}" for name, value in statics.items())
    return f" {{{inside}}}" if inside else ""


def _static(value: object) -> str:
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return "(" + ", ".join(value) + ("," if len(value) == 1 else "") + ")"
    return value if isinstance(value, str) else repr(value)
