"""Forward lines to text: the author's own where nothing in them has another name now."""

from __future__ import annotations

from codegen import expressions as e
from codegen import ir
from codegen.analyses.stale import old_value
from codegen.build.lines import Line
from codegen.shapes import Known
from codegen.spell import Speller
from codegen.stage.paper import Paper
from codegen.text.comprehension import comprehension_text, put_together
from codegen.text.exchange import exchanged_lines, names_changed
from codegen.text.negation import negated
from codegen.verify import OF_LISTS

WIDTH = 88
INDENT = "    "
HEADINGS = ("# forward pass", "# forward pass:", "# the forward pass", "# perform the forward pass")
SAME_DTYPE = ("max", "min", "sum", "mean", "negative", "alias", "absolute")
REGIONS = ("if", "for", "while")


def forward_lines(lines: list[Line], paper: Paper, speller: Speller) -> list[str]:
    """Return the rows of forward lines, those of regions indented below their headers."""
    rows: list[str] = []
    for line, kept in exchanged_lines(put_together(without_reads(lines), paper)):
        if kept is not None and line.exchange is not None:
            rows += [row for one in kept for row in _forward_line(one, paper, speller)]
            rows += _commented(line, names_changed(line.exchange, paper), paper)
        elif line.kind in REGIONS:
            rows += _region(line, paper, speller, line.kind)
        else:
            rows += _forward_line(line, paper, speller)
    return rows


def without_reads(lines: list[Line]) -> list[Line]:
    """Return the lines with `h = hs.pop()` in place of `h = hs[-1]`, and what takes that off."""
    pops = {
        target: line
        for line in lines
        if line.kind == "store" and line.operator == "pop" and line.expression is not None
        for target in e.primals(line.expression)
    }
    reads = {line: pops[value] for line in lines for value in line.values() if value in pops}
    taken = set(reads.values())
    return [reads.get(line, line) for line in lines if line not in taken]


def indented(rows: list[str]) -> list[str]:
    """Return rows one level further in; a block without rows is `pass`."""
    return [f"{INDENT}{row}" if row else row for row in rows or ["pass"]]


def _region(line: Line, paper: Paper, speller: Speller, word: str) -> list[str]:
    bodies = paper.bodies[line]
    if line.kind != "if":
        header = _header(line, paper, speller)
        whole = comprehension_text(line, header, paper, speller)
        if whole is not None:
            return _commented(line, whole, paper)
        header = f"{word} {header}:"
        return [
            *_commented(line, header, paper),
            *indented(forward_lines(bodies[0], paper, speller)),
        ]
    then, otherwise = (forward_lines(body, paper, speller) for body in bodies)
    if not then and not otherwise:
        return []
    header = _header(line, paper, speller)
    if not then and word == "if":
        return [*_commented(line, f"if {negated(header)}:", paper), *indented(otherwise)]
    rows = _commented(line, f"{word} {header}:", paper)
    rows += indented(then)
    if not otherwise:
        return rows
    if line.flat:
        return [*rows, *otherwise]
    inner = [one for one in bodies[1] if one.kind != "move" or move_text(one, paper)]
    if len(inner) == 1 and inner[0].kind == "if" and not inner[0].above and not inner[0].flat:
        return [*rows, *_region(inner[0], paper, speller, "elif")]
    return [*rows, "else:", *indented(otherwise)]


def _header(line: Line, paper: Paper, speller: Speller) -> str:
    assert line.expression is not None
    text = _author_header(line, paper, speller) or speller.text(line.expression)
    if line.kind != "for":
        return text
    return f"{speller.target(line.targets[0])} in {text}"


def _author_header(line: Line, paper: Paper, speller: Speller) -> str | None:
    assert line.expression is not None
    if line.verbatim is None or "\n" in line.verbatim:
        return None
    names = paper.namer.names
    for value in speller.leaves(line.expression):
        if value.name is None or names[value] != value.name:
            return None
    speller.note_libraries(line.expression)
    return line.verbatim


def _commented(line: Line, text: str, paper: Paper) -> list[str]:
    """Return a line's rows with its comments and number."""
    number = paper.numbers.get(line)
    comment = line.comment or ""
    if number is not None:
        comment = f"{comment}  #({number})" if comment else f"# ({number})"
    rows = text.split("\n")
    if comment:
        rows[-1] = f"{rows[-1]}  {comment}"
    return [*(row for row in line.above if row.lower() not in HEADINGS), *rows]


def _forward_line(line: Line, paper: Paper, speller: Speller) -> list[str]:
    text = author_text(line, paper, speller)
    if text is None:
        text = spelled_line(line, paper, speller)
    if not text:
        return []
    return [*_commented(line, text, paper), *_as_numbers(line, paper)]


def _as_numbers(line: Line, paper: Paper) -> list[str]:
    """Return the line that makes numbers of the settings that are taken for some."""
    numbers = paper.facts.numbers
    names = [paper.namer.names[value] for value in line.values() if value in numbers]
    made = ", ".join(f"float({name})" for name in names)
    return [f"{', '.join(names)} = {made}"] if names else []


def author_text(line: Line, paper: Paper, speller: Speller) -> str | None:
    """Return the author's own text where nothing in it has another name now."""
    if line.verbatim is None or line.expression is None:
        return None
    if "\n" in line.verbatim and ('"""' in line.verbatim or "'''" in line.verbatim):
        return None  # its text must not be indented anew
    names = paper.namer.names
    for value in line.values():
        if names.get(value) != value.name:
            return None
    for part in (line.expression, line.detail, line.index):
        for value in [] if part is None else speller.leaves(part):
            if value.name is None or names[value] != value.name:
                return None
    for part in (line.expression, line.detail, line.index):
        if part is not None:
            speller.note_libraries(part)
    if line.kind == "augment" or _may_be_number(line, paper):
        return None
    if line.annotation is not None:
        speller.note_text(line.annotation)
    return _dedented(line.verbatim, line.span.column)


def _dedented(text: str, column: int) -> str:
    first, *rest = text.split("\n")
    kept = [row[column:] if not row[:column].strip() else row.lstrip() for row in rest]
    return "\n".join([first, *kept])


def spelled_line(line: Line, paper: Paper, speller: Speller) -> str:
    """Return a line in our own spelling."""
    if line.kind == "move":
        return move_text(line, paper)
    expression = speller.statement(line.expression) if line.expression is not None else ""
    if line.kind in ("print", "call", "do"):
        return expression
    if line.kind in ("break", "continue"):
        return line.kind
    if line.kind == "raise":
        return f"raise {expression}"
    if line.kind == "store":
        return _store(line, paper, speller, expression)
    if line.kind == "setting":
        assert line.detail is not None
        assert line.index is not None
        return f"{speller.text(line.detail)}[{speller.text(line.index)}] = {expression}"
    if line.kind == "assert":
        detail = f", {speller.text(line.detail)}" if line.detail is not None else ""
        return f"assert {expression}{detail}"
    if line.kind == "exit":
        assert line.detail is not None
        return f"if {expression}:\n{INDENT}return {speller.text(line.detail)}"
    if line.kind == "guard":
        assert line.detail is not None
        return f"if {expression}:\n{INDENT}raise {speller.text(line.detail)}"
    if line.kind == "augment" and line.operand is not None:
        return _update(line, paper, speller)
    targets = " = ".join(speller.target(target) for target in line.targets)
    if line.annotation is not None and len(line.targets) == 1:
        speller.note_text(line.annotation)
        return f"{targets}: {line.annotation} = {expression}"
    return f"{targets} = {expression}"


def _store(line: Line, paper: Paper, speller: Speller, value: str) -> str:
    array = paper.namer.names[line.values()[0]]
    if line.operator in OF_LISTS:
        is_pop = line.operator == "pop"
        return f"{value} = {array}.pop()" if is_pop else f"{array}.append({value})"
    assert line.index is not None
    if line.whole and not _may_be_number(line, paper):
        return f"{array} {line.operator}= {value}"
    if line.operator == "at":
        return speller.add_at(array, line.index, value)
    return f"{array}[{speller.index(line.index)}] {line.operator}= {value}"


def _may_be_number(line: Line, paper: Paper) -> bool:
    """True for `h += e` that writes into an array, if numpy gives a number where x is one.

    Then `h += e` would be a new number under the name; `h[...] += e` raises.
    """
    if not line.updates:
        return False
    cell = paper.cells.of(line.values()[0])
    shape = paper.facts[cell].shape
    return cell in paper.built.definition and not (isinstance(shape, Known) and shape.rank > 0)


def _update(line: Line, paper: Paper, speller: Speller) -> str:
    """Return an augmented assignment: in place where nothing else can see it."""
    assert line.operand is not None
    old, new = old_value(line), line.values()[0]
    name, before = paper.namer.names[new], paper.namer.names.get(old)
    operand = speller.text(line.operand)
    is_scalar = paper.facts.types[old].scalar if old in paper.facts.types else True
    if name == before and (is_scalar or old in paper.sole):
        return f"{name} {line.operator}= {operand}"
    if is_scalar or before is None:
        assert line.expression is not None
        return f"{name} = {speller.statement(line.expression)}"
    if _keeps_dtype(line, old, paper):
        assert line.expression is not None
        return f"{name} = {speller.statement(line.expression)}"
    copy = f"{before}.copy()" if paper.facts[old].array else f"+{before}"
    return f"{name} = {copy}\n{name} {line.operator}= {operand}"


def _keeps_dtype(line: Line, old: ir.Value, paper: Paper) -> bool:
    """True if `x + e` has the dtype that `x += e` gives: e is made of x alone, as np.sum is."""
    if not paper.facts[old].array or (line.operator == "/" and paper.facts[old].dtype != "float"):
        return False
    definition, stack = paper.built.definition, list(e.primals(line.operand or e.Literal("0")))
    while stack:
        value = stack.pop()
        made = definition.get(value)
        if value is old:
            continue
        if not isinstance(made, ir.Gate) or made.gate not in SAME_DTYPE:
            return False
        if dict(made.statics).get("dtype") is not None:
            return False
        stack += made.operands
    return line.operator in ("+", "-", "*", "/")


def move_text(line: Line, paper: Paper) -> str:
    """Return what goes on under another name, all at once; nothing if all names stay."""
    assert isinstance(line.expression, e.Sequence)
    names = paper.namer.names
    sources = [_primal(item) for item in line.expression.items]
    pairs = [
        (names[target], names[source])
        for target, source in zip(line.values(), sources, strict=True)
        if names[target] != names[source]
    ]
    left, right = ", ".join(a for a, _ in pairs), ", ".join(b for _, b in pairs)
    return f"{left} = {right}" if pairs else ""


def _primal(node: e.Expression) -> ir.Value:
    assert isinstance(node, e.Primal)
    return node.value
