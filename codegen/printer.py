"""Expression trees to source text, with no parentheses that precedence does not need."""

from __future__ import annotations

from collections.abc import Callable

from codegen import expressions as e

Leaf = Callable[[e.Expression], str]

CONDITIONAL, OR, AND, NOT, COMPARE, ADD, MULTIPLY, UNARY, POWER, ATOM = range(10)
LOOSEST = -1  # a bare tuple

_BINARY = {
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
    "//": MULTIPLY,
    "%": MULTIPLY,
    "@": MULTIPLY,
    "**": POWER,
    "|": COMPARE,
    "^": COMPARE,
    "&": COMPARE,
    "<<": COMPARE,
    ">>": COMPARE,
}


def text(expression: e.Expression, leaf: Leaf) -> str:
    """Return the source text; `leaf` spells values, cotangents and library paths."""
    return _text(expression, leaf)[0]


def _text(node: e.Expression, leaf: Leaf) -> tuple[str, int]:
    match node:
        case e.Binary():
            return _binary(node, leaf)
        case e.Literal(text=word):
            return word, UNARY if word.startswith("-") else ATOM
        case e.Name(text=word):
            return word, ATOM
        case e.Attribute(base, name):
            return f"{_atom(base, leaf, attribute=True)}.{name}", ATOM
        case e.Call(function, arguments, keywords):
            parts = [_wrap(a, CONDITIONAL, leaf) for a in arguments]
            parts += [f"{k}={_wrap(v, CONDITIONAL, leaf)}" for k, v in keywords]
            return f"{_atom(function, leaf)}({', '.join(parts)})", ATOM
        case e.Subscript(base, index):
            return f"{_atom(base, leaf)}[{_index(index, leaf)}]", ATOM
        case e.Unary("not", operand):
            return f"not {_wrap(operand, NOT, leaf)}", NOT
        case e.Unary(operator, operand):
            return f"{operator}{_wrap(operand, UNARY, leaf)}", UNARY
        case e.Comparison(left, operators, rights):
            words = [_wrap(left, ADD, leaf)]
            for operator, right in zip(operators, rights, strict=True):
                words += [operator, _wrap(right, ADD, leaf)]
            return " ".join(words), COMPARE
        case e.Boolean(operator, operands):
            own = AND if operator == "and" else OR
            return f" {operator} ".join(_wrap(o, own + 1, leaf) for o in operands), own
        case e.Conditional(test, then, otherwise):
            head = f"{_wrap(then, OR, leaf)} if {_wrap(test, OR, leaf)}"
            return f"{head} else {_wrap(otherwise, CONDITIONAL, leaf)}", CONDITIONAL
        case e.Sequence(kind, items):
            return _sequence(kind, items, leaf), ATOM
        case e.Comprehension(body, names, sources):
            through = [_wrap(source, CONDITIONAL, leaf) for source in sources]
            whole = through[0] if len(through) == 1 else f"zip({', '.join(through)})"
            bound = ", ".join(text(name, leaf) for name in names)
            return f"[{_wrap(body, CONDITIONAL, leaf)} for {bound} in {whole}]", ATOM
        case e.Mapping(keys, items):
            pairs = zip(keys, items, strict=True)
            return (
                "{" + ", ".join(f"{text(k, leaf)}: {text(v, leaf)}" for k, v in pairs) + "}",
                ATOM,
            )
        case e.FormattedString(parts):
            return _formatted(parts, leaf), ATOM
        case e.Slice():
            return _slice(node, leaf), LOOSEST
    return leaf(node), ATOM


def _wrap(node: e.Expression, at_least: int, leaf: Leaf) -> str:
    word, own = _text(node, leaf)
    return word if own >= at_least else f"({word})"


def _atom(node: e.Expression, leaf: Leaf, attribute: bool = False) -> str:
    if attribute and isinstance(node, e.Literal) and node.text.isdigit():
        return f"({node.text})"  # 1.real is not Python
    return _wrap(node, ATOM, leaf)


def _binary(node: e.Binary, leaf: Leaf) -> tuple[str, int]:
    # Left-deep chains (a + b + c + ...) may be thousands long: walk them without recursion.
    if node.operator == "**":
        # `-x**2` is `-(x**2)`, and the right side of ** may carry a sign.
        left = _wrap(node.left, ATOM, leaf)
        return f"{left}**{_wrap(node.right, UNARY, leaf)}", POWER
    own = _BINARY[node.operator]
    bitwise = own == COMPARE
    tail: list[str] = []
    at: e.Expression = node
    while isinstance(at, e.Binary) and _BINARY[at.operator] == own and at.operator != "**":
        right = _wrap(at.right, ATOM if bitwise else own + 1, leaf)
        tail.append(f" {at.operator} {right}")
        at = at.left
        if bitwise:
            break
    head = _wrap(at, ATOM if bitwise else own, leaf)
    return head + "".join(reversed(tail)), own


def _index(node: e.Expression, leaf: Leaf) -> str:
    if isinstance(node, e.Sequence) and node.kind == "chain":
        return "][".join(text(item, leaf) for item in node.items)  # a[i][j]
    if isinstance(node, e.Sequence) and node.kind == "tuple" and node.items:
        comma = "," if len(node.items) == 1 else ""
        return ", ".join(_index_item(item, leaf) for item in node.items) + comma
    return _index_item(node, leaf)


def _index_item(node: e.Expression, leaf: Leaf) -> str:
    return _slice(node, leaf) if isinstance(node, e.Slice) else text(node, leaf)


def _slice(node: e.Slice, leaf: Leaf) -> str:
    lower = text(node.lower, leaf) if node.lower else ""
    upper = text(node.upper, leaf) if node.upper else ""
    step = f":{text(node.step, leaf)}" if node.step else ""
    return f"{lower}:{upper}{step}"


def _sequence(kind: str, items: tuple[e.Expression, ...], leaf: Leaf) -> str:
    inside = ", ".join(text(item, leaf) for item in items)
    if kind == "list":
        return f"[{inside}]"
    if kind == "set":
        return f"{{{inside}}}"
    return f"({inside},)" if len(items) == 1 else f"({inside})"


def _formatted(parts: tuple[e.Expression, ...], leaf: Leaf) -> str:
    inside = "".join(_formatted_part(part, leaf) for part in parts)
    # Python 3.11 allows neither the same quote nor a backslash inside the braces.
    for quote in ('"', "'", '"""', "'''"):
        fits = len(quote) == 3 or "\n" not in inside
        if fits and quote not in inside and not (len(quote) == 3 and inside.endswith(quote[0])):
            return f"f{quote}{inside}{quote}"
    raise ValueError("an f-string that holds every kind of quote")


def _formatted_part(part: e.Expression, leaf: Leaf) -> str:
    if isinstance(part, e.Formatted):
        inside = text(part.operand, leaf)
        if inside.startswith("{"):
            inside = f" {inside}"
        specification = "".join(_formatted_part(p, leaf) for p in part.specification)
        colon = f":{specification}" if specification else ""
        return f"{{{inside}{part.conversion}{colon}}}"
    assert isinstance(part, e.Literal)
    escaped = (
        part.text.encode("unicode_escape").decode() if not part.text.isprintable() else part.text
    )
    return escaped.replace("{", "{{").replace("}", "}}")
