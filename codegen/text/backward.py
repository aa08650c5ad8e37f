"""Backward statements to text: groups under their comments, mirrors under their headers."""

from __future__ import annotations

import re
from dataclasses import replace

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Line
from codegen.spell import Speller
from codegen.stage.contents import is_whole
from codegen.stage.paper import Paper, remark_text
from codegen.stage.statements import Group, MirrorStatements, Node, Statement
from codegen.text.axes import with_plain_axes
from codegen.text.comprehension import appended
from codegen.text.debug import check_gradient
from codegen.text.exchange import cotangents_changed, exchanged_groups, names_changed
from codegen.text.forward import INDENT, WIDTH, author_text, forward_lines, indented, spelled_line
from codegen.text.negation import negated
from codegen.text.numba_outer import outer_added
from codegen.text.numba_scaled import scaled
from codegen.text.numba_words import in_numba_words
from codegen.text.pairs import unpacked

ASSIGNED = re.compile(r"( (?:[-+/%@]|\*{1,2}|//)?= )")


def backward_lines(nodes: list[Node], paper: Paper, speller: Speller) -> list[str]:
    """Return the rows of the backward pass."""
    rows: list[str] = []
    for node in exchanged_groups(nodes):
        if isinstance(node, list):
            rows += _exchange(node, paper, speller)
        elif isinstance(node, Group):
            rows += _group(node, paper, speller)
        else:
            rows += _mirror(node, paper, speller, "if")
    return rows


def _mirror(node: MirrorStatements, paper: Paper, speller: Speller, word: str) -> list[str]:
    assert node.header is not None
    header = speller.text(node.header)
    if isinstance(node.operation, ir.If):
        return _choice(node, header, paper, speller, word)
    body = indented(backward_lines(node.bodies[0], paper, speller))
    if isinstance(node.operation, ir.For):
        assert node.turn is not None
        return [f"for {paper.namer.names[node.turn]} in {header}:", *body]
    if header.startswith("range("):
        return [f"for _ in {header}:", *body]
    return [f"while {header}:", *body]


def _choice(
    node: MirrorStatements, header: str, paper: Paper, speller: Speller, word: str
) -> list[str]:
    then, otherwise = (backward_lines(body, paper, speller) for body in node.bodies)
    if not then and not otherwise:
        return []
    if not then and word == "if":
        return [f"if {negated(header)}:", *indented(otherwise)]
    rows = [f"{word} {header}:", *indented(then)]
    if not otherwise:
        return rows
    inner = [n for n in node.bodies[1] if backward_lines([n], paper, speller)]
    only = inner[0] if len(inner) == 1 else None
    if isinstance(only, MirrorStatements) and isinstance(only.operation, ir.If):
        return [*rows, *_mirror(only, paper, speller, "elif")]
    return [*rows, "else:", *indented(otherwise)]


def _exchange(groups: list[Group], paper: Paper, speller: Speller) -> list[str]:
    rows = cotangents_changed(groups, paper, lambda group: _rows(group, paper, speller))
    line = groups[0].line
    if rows is None or line is None or line.exchange is None:
        return [row for group in groups for row in _group(group, paper, speller)]
    number = paper.numbers.get(line)
    tail = "" if number is None else f"  #({number})"
    return [f"# backprop {names_changed(line.exchange, paper)}{tail}", *rows]


def _rows(group: Group, paper: Paper, speller: Speller) -> list[str]:
    rows = []
    for statement in group.statements:
        text = statement_text(statement, paper, speller)
        left, _, right = text.partition(" = ")
        if left != right:  # `dh = dh`, where h was changed in place
            rows += text.split("\n")
            rows += check_gradient(statement, group.line, paper, speller)
    return rows


def _group(group: Group, paper: Paper, speller: Speller) -> list[str]:
    rows = unpacked(_rows(group, paper, speller), group, paper)
    if not rows or group.line is None:
        return rows
    number = paper.numbers.get(group.line)  # None: the line itself is not needed
    said = _said(group.line, paper, speller)
    tail = "" if number is None else f"  #({number})"
    return [f"# backprop {said}{remark_text(group)}{tail}", *rows]


def _said(line: Line, paper: Paper, speller: Speller) -> str:
    text = _comprehension(line, paper, speller) or author_text(line, paper, speller)
    if text is None or "\n" in text:
        text = spelled_line(line, paper, speller).split("\n")[-1]
        text = text if '"' in text else text.replace("'", '"')  # black's quotes
    if len(text) > WIDTH - len(INDENT) - len("# backprop   #(10)"):
        parts = ASSIGNED.split(text)
        # `x = ...`, or a call: `np.add.at(x, ...)`
        text = f"{parts[0]}{parts[1]}..." if len(parts) > 1 else f"{text.split(',')[0]}, ...)"
    return text


def _comprehension(line: Line, paper: Paper, speller: Speller) -> str | None:
    """Return the text of the comprehension that a line is all of."""
    if line.kind != "store" or line.operator != "append":
        return None
    loop = next((one for one in paper.bodies if appended(one, paper.bodies) is line), None)
    if loop is None:
        return None
    return "".join(forward_lines([loop], replace(paper, numbers={}), speller))


def _whole(node: e.Expression, paper: Paper) -> e.Expression | None:
    """Return an array for all of its entries: `dA` for `dA[:]`."""
    match node:
        case e.Subscript(e.Cotangent(value) | e.Primal(value) as base, index):
            if is_whole(index) and value in paper.cells.cells:
                return base
    return None


def statement_text(statement: Statement, paper: Paper, speller: Speller) -> str:
    """Return one backward statement."""
    if statement.test is not None:
        inner = statement_text(replace(statement, test=None), paper, speller)
        return f"if {speller.text(statement.test)}:\n{INDENT}{inner}"
    statement = with_plain_axes(statement, paper.facts)
    expression = statement.expression
    if paper.cells.cells:
        expression = e.rewrite(expression, lambda node: _whole(node, paper))
    if speller.runner == "numba":
        in_one_loop = scaled(statement, expression, paper)
        if in_one_loop is not None:
            return _helped("_add_scaled", statement, *in_one_loop, paper, speller)
        in_loops = outer_added(statement, expression, paper)
        if in_loops is not None:
            return _helped("_add_outer", statement, *in_loops, paper, speller)
        expression = in_numba_words(speller.resolver.lowered(expression))
    value = speller.text(expression)
    if statement.form == "primal":
        assert statement.target is not None
        return f"{paper.namer.names[statement.target]} = {value}"
    if statement.form == "restore":
        assert statement.base is not None
        assert statement.index is not None
        array = speller.text(statement.base)
        return f"{array}[{speller.index(statement.index)}] = {value}"
    if statement.form == "local":
        assert statement.name is not None
        return f"{paper.namer.locals[statement.name]} = {value}"
    assert statement.target is not None
    name = paper.namer.cotangents[statement.target]
    if statement.form == "drop":
        return value
    if statement.form == "push":
        return f"{name}.append({value})"
    if statement.form == "at":
        assert statement.index is not None
        return speller.add_at(name, statement.index, value)
    if statement.index is not None:
        operator = statement.form.removeprefix("part")
        if operator != "=" and is_whole(statement.index):
            return f"{name} {operator} {value}"
        return f"{name}[{speller.index(statement.index)}] {operator} {value}"
    if statement.form == "rebind":
        return f"{name} = {value}"
    return f"{name} {statement.form} {value}"


def _helped(
    helper: str,
    statement: Statement,
    first: e.Expression,
    second: e.Expression,
    paper: Paper,
    speller: Speller,
) -> str:
    """Return `_add_scaled(dx[...], by, vector)`, or the call of another helper."""
    assert statement.target is not None
    target = paper.namer.cotangents[statement.target]
    if statement.index is not None and not is_whole(statement.index):
        target = f"{target}[{speller.index(statement.index)}]"
    return (
        f"{speller.text(e.Helper(helper))}({target}, {speller.text(first)}, {speller.text(second)})"
    )
