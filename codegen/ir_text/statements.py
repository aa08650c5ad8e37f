"""The final statements as text: what is printed later, before comments, guards and layout."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Line, Target
from codegen.ir_text.names import spelled, spelled_index
from codegen.stage.paper import Paper, remark_text
from codegen.stage.statements import MirrorStatements, Node, Statement
from codegen.text.forward import move_text

INDENT = "  "
WIDEST = len("rebind")
_OPERATORS = {"+=": "+=", "-=": "-=", "part+=": "+=", "part-=": "-=", "at": "+="}


def statements(paper: Paper) -> str:
    """Return the forward lines with their numbers, then the backward groups, one statement a line.

    Each line begins with its form: `assign`, `augment`, `print`, `assert`, `guard`, `move` (a value
    that goes on under another name), `do` (a call for its effect); then `=`, `+=`, `-=`, `rebind`
    (dx = dx + t), `part=`, `part+=`, `part-=` (an entry or a slice), `at` (np.add.at), `local` (a
    gate's helper value), `primal` (a forward value that a mirror gets back). What belongs to a
    region is further in.
    """
    rows = [f"statements of {paper.built.function.name}", f"{INDENT}forward"]
    rows += _forward(paper.lines, paper, 2)
    rows.append(f"{INDENT}backward")
    rows += _backward(paper.nodes, paper, 2)
    if paper.zeros:
        rows.append(f"{INDENT * 2}nothing arrives")
        rows += [INDENT * 3 + _statement(statement, paper) for statement in paper.zeros]
    rows.append(f"{INDENT}return {_returned(paper)}")
    return "\n".join(rows)


def _forward(lines: list[Line], paper: Paper, depth: int) -> list[str]:
    rows = []
    for line in lines:
        number = paper.numbers.get(line)
        label = "" if number is None else f"({number})"
        said = _line(line, paper)
        if said or line.kind != "move":
            rows.append(f"{INDENT * depth}{label:<5} {line.kind:<8} {said}".rstrip())
        for place, body in enumerate(paper.bodies.get(line, ())):
            inside = _forward(body, paper, depth + 1)
            if place and inside:
                rows.append(f"{INDENT * depth}      else")
            rows += inside
    return rows


def _backward(nodes: list[Node], paper: Paper, depth: int) -> list[str]:
    rows: list[str] = []
    for node in nodes:
        if isinstance(node, MirrorStatements):
            assert node.header is not None
            header = spelled(paper.resolver(node.header))
            rows.append(f"{INDENT * depth}mirror of {node.line.kind}: {header}")
            for place, body in enumerate(node.bodies):
                inside = _backward(body, paper, depth + 1)
                if place and inside:
                    rows.append(f"{INDENT * depth}else")
                rows += inside
            continue
        said = [_statement(statement, paper) for statement in node.statements]
        said = [text for text in said if text]
        if said and node.line is not None:
            rows.append(f"{INDENT * depth}({paper.numbers[node.line]}){remark_text(node)}")
        inner = INDENT * (depth + (node.line is not None))
        rows += [inner + text for text in said]
    return rows


def _line(line: Line, paper: Paper) -> str:
    if line.kind == "move":
        return move_text(line, paper)
    said = "" if line.expression is None else spelled(paper.resolver(line.expression))
    if line.detail is not None:
        said = f"{said}, {spelled(paper.resolver(line.detail))}"
    targets = "".join(f"{_target(target, paper)} = " for target in line.targets)
    return f"{targets}{said}"


def _target(target: Target, paper: Paper) -> str:
    if isinstance(target, ir.Value):
        return paper.namer.names[target]
    return f"({', '.join(_target(part, paper) for part in target)})"


def _statement(statement: Statement, paper: Paper) -> str:
    """Return a statement; nothing for `dh = dh`, where h goes on under its name."""
    if statement.name is not None:
        target = paper.namer.locals[statement.name]
    elif statement.form == "primal":
        assert statement.target is not None
        target = paper.namer.names[statement.target]
    else:
        assert statement.target is not None
        target = paper.namer.cotangents[statement.target]
    if statement.index is not None:
        target += f"[{spelled_index(paper.resolver(statement.index))}]"
    value = spelled(paper.resolver(statement.expression))
    if statement.form == "=" and target == value:
        return ""
    text = f"{statement.form:<{WIDEST}} {target} {_OPERATORS.get(statement.form, '=')} {value}"
    if statement.test is not None:
        text += f"  where {spelled(paper.resolver(statement.test))}"
    return text


def _returned(paper: Paper) -> str:
    names, cotangents = paper.namer.names, paper.namer.cotangents
    values = [names[r.value] for r in paper.selection.outputs]
    gradients = [
        f"copy of {cotangents[p.value]}" if p.value in paper.copied else cotangents[p.value]
        for p in paper.selection.inputs
    ]
    return f"{', '.join(values)}; {', '.join(gradients)}"
