"""The final statements as text: what is printed later, before comments, guards and layout."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Line, Target
from codegen.ir_text_names import spelled, spelled_index
from codegen.stage.paper import Paper, remark_text
from codegen.stage.statements import Statement

INDENT = "  "
WIDEST = len("rebind")
_OPERATORS = {"+=": "+=", "-=": "-=", "part+=": "+=", "part-=": "-=", "at": "+="}


def statements(paper: Paper) -> str:
    """Return the forward lines with their numbers, then the backward groups, one statement a line.

    Each line begins with its form: `assign`, `augment`, `in place` (an augmented assignment that
    stays one), `print`, `assert`, `guard`; then `=`, `+=`, `-=`, `rebind` (dx = dx + t), `part=`,
    `part+=`, `part-=` (an entry or a slice), `at` (np.add.at), `local` (a gate's helper value).
    """
    rows = [f"statements of {paper.built.function.name}", f"{INDENT}forward"]
    for line in paper.lines:
        number = paper.numbers.get(line)
        label = "" if number is None else f"({number})"
        rows.append(f"{INDENT * 2}{label:<5} {line.kind:<8} {_line(line, paper)}".rstrip())
    rows.append(f"{INDENT}backward")
    for group in paper.groups:
        if not group.statements:
            continue
        rows.append(f"{INDENT * 2}({paper.numbers[group.line]}){remark_text(group)}")
        rows += [INDENT * 3 + _statement(statement, paper) for statement in group.statements]
    if paper.zeros:
        rows.append(f"{INDENT * 2}nothing arrives")
        rows += [INDENT * 3 + _statement(statement, paper) for statement in paper.zeros]
    rows.append(f"{INDENT}return {_returned(paper)}")
    return "\n".join(rows)


def _line(line: Line, paper: Paper) -> str:
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
    if statement.name is not None:
        target = paper.namer.locals[statement.name]
    else:
        assert statement.target is not None
        target = paper.namer.cotangents[statement.target]
    if statement.index is not None:
        target += f"[{spelled_index(paper.resolver(statement.index))}]"
    value = spelled(paper.resolver(statement.expression))
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
