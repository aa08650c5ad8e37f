"""The IR as text, one operation a line, for `--show` and for golden files.

    function f(%0:x : number (), %1:y : number ())  @ 4
      %2:xpy : number () = add %0:x, %1:y  @ 5
      return %2:xpy

Values are numbered in the order of their definition: a region's values come before its results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codegen import expressions as e
from codegen import ir, shapes
from codegen.ir_text.names import Names, listed, statics_text
from codegen.ir_text.reverse import reverse
from codegen.ir_text.statements import statements
from codegen.shapes import Type
from codegen.stage.paper import Paper

__all__ = ["function", "function_text", "reverse", "statements"]

INDENT = "  "


def function(paper: Paper) -> str:
    """Return the IR of a function as it was built, with the types and shapes that were found."""
    return function_text(paper.built.function, paper.facts.types)


def function_text(
    function: ir.Function,
    facts: Mapping[ir.Value, Type] | None = None,
    spelling: Mapping[ir.Value, e.Expression] | None = None,
) -> str:
    """Return a function's IR as text, without a line end.

    `facts` puts a type behind each definition; `spelling` the author's text behind each gate, as a
    comment. Values that a broken function uses but never defines are shown as `%?`.
    """
    printer = _Printer(Names(function), facts or {}, spelling or {})
    head = f"function {function.name}({printer.defined(function.parameters)})"
    return "\n".join([head, *printer.block(function.body, "return", 1)])


class _Printer:
    def __init__(
        self,
        names: Names,
        facts: Mapping[ir.Value, Type],
        spelling: Mapping[ir.Value, e.Expression],
    ) -> None:
        self.names = names
        self.facts = facts
        self.spelling = spelling

    def defined(self, values: Sequence[ir.Value]) -> str:
        """Return values with their types: `%7:xpy : float (N,)`."""
        return ", ".join(map(self._definition, values))

    def _definition(self, value: ir.Value) -> str:
        kind = self.facts.get(value)
        name = self.names.full(value)
        return name if kind is None else f"{name} : {type_text(kind)}"

    def _used(self, values: Sequence[ir.Value]) -> str:
        return listed(tuple(values), self.names.full)

    def block(self, block: ir.Block, word: str, depth: int) -> list[str]:
        """Return the lines of a block and, where it hands something on, `yield ...`."""
        rows = []
        for operation in block.operations:
            rows += self._operation(operation, depth)
        if block.yields:
            rows.append(f"{INDENT * depth}{word} {self._used(block.yields)}")
        return rows

    def _operation(self, operation: ir.Operation, depth: int) -> list[str]:
        left = f"{self.defined(operation.results)} = " if operation.results else ""
        place = "" if operation.span is None else f"  @ {operation.span.line}"
        comment = ""
        if isinstance(operation, ir.Gate) and operation.results:
            author = self.spelling.get(operation.results[0])
            comment = "" if author is None else f"  # {self.names.text(author)}"
        row = f"{INDENT * depth}{left}{self._said(operation)}{place}{comment}"
        return [row, *self._regions(operation, depth + 1)]

    def _said(self, operation: ir.Operation) -> str:
        used = self._used(operation.operands)
        match operation:
            case ir.Constant(text=text):
                return f"constant {text}"
            case ir.Gate(gate=gate, statics=statics):
                return _words(gate, used) + statics_text(dict(statics))
            case ir.View():
                return f"view {self._part(operation, operation.index)}"
            case ir.Store(operator=operator):
                target = self._part(operation, operation.index)
                return f"store {target} {operator}= {self.names.full(operation.operands[1])}"
            case ir.Aggregate(kind="dict", keys=keys):
                pairs = zip(keys, operation.operands, strict=True)
                return f"dict {', '.join(f'{key}: {self.names.full(v)}' for key, v in pairs)}"
            case ir.Effect(kind="draw", gate=gate, statics=statics):
                return _words(f"draw {gate}".rstrip(), used) + statics_text(dict(statics))
            case ir.Aggregate(kind=kind) | ir.Effect(kind=kind) | ir.Exit(kind=kind):
                return _words(kind, used)
            case ir.Call(function=called):
                return _words(f"call {called}", used)
            case ir.If():
                return f"if {used}"
            case ir.For():
                carried = self._used(operation.operands[1:])
                over = self.names.full(operation.operands[0])
                return f"for {over}" + (f" carry {carried}" if carried else "")
            case ir.While():
                return _words("while carry", used) if used else "while"
        raise AssertionError(f"{type(operation).__name__} is no operation of the IR")

    def _regions(self, operation: ir.Operation, depth: int) -> list[str]:
        titles: dict[type, tuple[str, ...]] = {
            ir.If: ("then", "otherwise"),
            ir.For: ("body",),
            ir.While: ("test", "body"),
        }
        rows = []
        for title, block in zip(titles.get(type(operation), ()), operation.blocks(), strict=True):
            if title == "otherwise" and not block.operations and not block.yields:
                continue
            given = f" {self.defined(block.parameters)}" if block.parameters else ""
            rows.append(f"{INDENT * depth}{title}{given}")
            rows += self.block(block, "yield", depth + 1)
        return rows

    def _part(self, operation: ir.Operation, index: tuple[ir.IndexItem, ...]) -> str:
        inside = ", ".join(self._index_item(operation, item) for item in index) or "()"
        return f"{self.names.full(operation.operands[0])}[{inside}]"

    def _index_item(self, operation: ir.Operation, item: ir.IndexItem) -> str:
        match item:
            case ir.At(place):
                return self.names.full(operation.operands[place])
            case ir.Range(lower, upper, step):
                bounds = (("from", lower), ("to", upper), ("by", step))
                said = [
                    f"{word} {self.names.full(operation.operands[place])}"
                    for word, place in bounds
                    if place is not None
                ]
                return " ".join(said) or "all"
            case ir.NewAxis():
                return "newaxis"
        return "..."


def _words(head: str, rest: str) -> str:
    return f"{head} {rest}" if rest else head


def type_text(kind: Type) -> str:
    """Return what is known of a value: `float (N, D)`, `number ()`, `list of 3`, `text`."""
    if kind.kind == "number":
        dtype = "number" if kind.dtype == "unknown" else kind.dtype
        return f"{dtype} {shapes.show(kind.shape)}"
    if kind.kind in ("list", "tuple", "dict"):
        items = [type_text(item) for item in kind.items]
        if items and all(item == items[0] for item in items):
            return f"{kind.kind} of {len(items)} {items[0]}"
        return f"{kind.kind} of ({', '.join(items)})" if items else kind.kind
    return kind.kind
