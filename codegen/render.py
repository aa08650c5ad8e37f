"""Statements to the text of a module, through `templates/`, and black's last word."""

from __future__ import annotations

from dataclasses import dataclass, replace

from codegen import ir
from codegen.analyses.declared import is_sequence
from codegen.build.lines import FormalParameter, Line
from codegen.parse import Module
from codegen.spell import Speller
from codegen.stage.paper import Paper, remark_text
from codegen.stage.statements import Group, Statement
from codegen.templating import environment
from codegen.text_docstring import function_docstring
from codegen.text_signature import signature

WIDTH = 88
INDENT = "    "
HEADINGS = ("# forward pass", "# forward pass:", "# the forward pass", "# perform the forward pass")


@dataclass(frozen=True)
class FunctionText:
    """The parts that the template puts together."""

    signature: str
    docstring: tuple[str, ...]
    guards: tuple[str, ...]
    forward: tuple[str, ...]
    seeds: tuple[str, ...]
    backward: tuple[str, ...]
    result: str


def function_text(module: Module, paper: Paper, speller: Speller) -> FunctionText:
    """Spell one gradient function."""
    forward: list[str] = []
    for line in paper.lines:
        forward += _forward_line(line, paper, speller)
    backward: list[str] = []
    for group in paper.groups:
        backward += _group(group, paper, speller)
    if paper.zeros:
        backward += [_statement(s, paper, speller) for s in paper.zeros]
    return FunctionText(
        signature(module, paper, speller),
        tuple(function_docstring(paper, speller.ours.gradient(paper.built.function.name))),
        tuple(_guards(paper, speller)),
        tuple(forward),
        tuple(_seeds(paper, speller)),
        tuple(backward),
        _result(paper, speller),
    )


# forward


def _forward_line(line: Line, paper: Paper, speller: Speller) -> list[str]:
    text = _author_text(line, paper, speller)
    if text is None:
        text = _spelled_line(line, paper, speller)
    number = paper.numbers.get(line)
    comment = line.comment or ""
    if number is not None:
        comment = f"{comment}  #({number})" if comment else f"# ({number})"
    out = [row for row in line.above if row.lower() not in HEADINGS]
    rows = text.split("\n")
    if comment:
        rows[-1] = f"{rows[-1]}  {comment}"
    return out + rows


def _author_text(line: Line, paper: Paper, speller: Speller) -> str | None:
    """Return the author's own text where nothing in it has another name now."""
    if line.verbatim is None or line.expression is None:
        return None
    if "\n" in line.verbatim and ('"""' in line.verbatim or "'''" in line.verbatim):
        return None  # its text must not be indented anew
    names = paper.namer.names
    for value in line.values():
        if names.get(value) != value.name:
            return None
    for part in (line.expression, line.detail):
        for value in [] if part is None else speller.leaves(part):
            if value.name is None or names[value] != value.name:
                return None
    for part in (line.expression, line.detail):
        if part is not None:
            speller.note_libraries(part)
    if line.kind == "augment":
        return None
    if line.annotation is not None:
        speller.note_text(line.annotation)
    return _dedented(line.verbatim, line.span.column)


def _dedented(text: str, column: int) -> str:
    first, *rest = text.split("\n")
    kept = [row[column:] if not row[:column].strip() else row.lstrip() for row in rest]
    return "\n".join([first, *kept])


def _spelled_line(line: Line, paper: Paper, speller: Speller) -> str:
    expression = speller.statement(line.expression) if line.expression is not None else ""
    if line.kind == "print":
        return expression
    if line.kind == "assert":
        detail = f", {speller.text(line.detail)}" if line.detail is not None else ""
        return f"assert {expression}{detail}"
    if line.kind == "guard":
        assert line.detail is not None
        return f"if {expression}:\n{INDENT}raise {speller.text(line.detail)}"
    if line.kind == "augment" and line.operand is not None:
        from codegen.stage.check import old_value

        old, new = old_value(line), line.values()[0]
        name = paper.namer.names[new]
        if not paper.facts[old].scalar:
            before = paper.namer.names[old]
            operand = speller.text(line.operand)
            copy = f"{before}.copy()" if paper.facts[old].array else f"+{before}"
            return f"{name} = {copy}\n{name} {line.operator}= {operand}"
    targets = " = ".join(speller.target(target) for target in line.targets)
    if line.annotation is not None and len(line.targets) == 1:
        speller.note_text(line.annotation)
        return f"{targets}: {line.annotation} = {expression}"
    return f"{targets} = {expression}"


# backward


def _group(group: Group, paper: Paper, speller: Speller) -> list[str]:
    rows = []
    for statement in group.statements:
        text = _statement(statement, paper, speller)
        left, _, right = text.partition(" = ")
        if left != right:  # `dh = dh`, where h was changed in place
            rows += text.split("\n")
    if not rows:
        return []
    number = paper.numbers[group.line]
    said = _said(group.line, paper, speller)
    return [f"# backprop {said}{remark_text(group)}  #({number})", *rows]


def _said(line: Line, paper: Paper, speller: Speller) -> str:
    text = _author_text(line, paper, speller)
    if text is None or "\n" in text:
        text = _spelled_line(line, paper, speller).split("\n")[-1]
    if len(text) > WIDTH - len(INDENT) - len("# backprop   #(10)"):
        text = f"{text.split(' = ')[0]} = ..."
    return text


def _statement(statement: Statement, paper: Paper, speller: Speller) -> str:
    if statement.test is not None:
        inner = _statement(replace(statement, test=None), paper, speller)
        return f"if {speller.text(statement.test)}:\n{INDENT}{inner}"
    value = speller.text(statement.expression)
    if statement.form == "local":
        assert statement.name is not None
        return f"{paper.namer.locals[statement.name]} = {value}"
    assert statement.target is not None
    name = paper.namer.cotangents[statement.target]
    if statement.form == "at":
        assert statement.index is not None
        return speller.add_at(name, statement.index, value)
    if statement.index is not None:
        operator = statement.form.removeprefix("part")
        return f"{name}[{speller.index(statement.index)}] {operator} {value}"
    if statement.form == "rebind":
        return f"{name} = {value}"
    return f"{name} {statement.form} {value}"


# around


def _guards(paper: Paper, speller: Speller) -> list[str]:
    parts = [p for line in paper.lines for p in (line.expression, line.detail) if p is not None]
    read = {value for part in parts for value in speller.leaves(part)}
    taken = [
        paper.namer.names[p.value]
        for p in paper.built.parameters
        if p.value in paper.facts.taken and (p.value in read or p in paper.selection.inputs)
    ]
    if not taken:
        return []
    return [f"{', '.join(taken)} = {', '.join(f'float({name})' for name in taken)}"]


def _seeds(paper: Paper, speller: Speller) -> list[str]:
    outputs = [r.value for r in paper.selection.outputs]
    names = [paper.namer.cotangents[value] for value in outputs]
    rows: list[str] = []
    if len(outputs) > 1:
        none = " and ".join(f"{name} is None" for name in names)
        listed = " or ".join(names)
        rows += [f"if {none}:", f'{INDENT}raise ValueError("give {listed}")']
    for value, name in zip(outputs, names, strict=True):
        rows += _seed(value, name, len(outputs) == 1, paper, speller)
    return rows


def _seed(value: ir.Value, name: str, ones: bool, paper: Paper, speller: Speller) -> list[str]:
    kind = paper.facts[value]
    if kind.scalar:
        return [] if ones else [f"{name} = 0.0 if {name} is None else {name}"]
    output = paper.namer.names[value]
    fill = "ones" if ones else "zeros"
    np = speller.library("numpy")
    if kind.array and kind.dtype == "float":
        made, dtype, shape = f"{np}.{fill}_like({output})", f"{output}.dtype", f"{output}.shape"
    else:
        shape = f"{output}.shape" if kind.array else f"{np}.shape({output})"
        dtype = f"{np}.result_type({output}, 1.0)"
        made = f"{np}.{fill}({shape}, {dtype})"
    return [
        f"{name} = {made} if {name} is None else {np}.asarray({name}, {dtype})",
        f"if {name}.shape != {shape}:",
        f'{INDENT}raise ValueError("{name} must have the shape of {output}")',
    ]


def _result(paper: Paper, speller: Speller) -> str:
    values = []
    roots: list[ir.Value] = []
    for returned in paper.selection.outputs:
        name = paper.namer.names[returned.value]
        values.append(_owned_value(name, returned.value, paper, roots))
        roots.append(_root(returned.value, paper))
    gradients = []
    for parameter in paper.selection.inputs:
        name = paper.namer.cotangents[parameter.value]
        gradients.append(_gradient(name, parameter, paper, speller))
    value = values[0] if paper.selection.picked is None else _tuple(values)
    if paper.selection.picked is not None and len(values) == 1:
        value = values[0]
    return f"{value}, {gradients[0] if len(gradients) == 1 else _tuple(gradients)}"


def _gradient(name: str, parameter: FormalParameter, paper: Paper, speller: Speller) -> str:
    value = parameter.value
    kind = paper.facts[value]
    if kind.kind == "tuple":
        return f"tuple({name})"
    if kind.kind == "list" and is_sequence(speller.module, parameter.annotation):
        return f"type({paper.namer.names[value]})({name})"  # the caller's list or tuple
    if kind.scalar and kind.array:  # declared to be an array of no dimensions
        np, own = speller.library("numpy"), paper.namer.names[value]
        dtype = f"{own}.dtype" if kind.dtype == "float" else f"{np}.result_type({own}, 1.0)"
        return f"{np}.array({name}, {dtype})"
    return f"{name}.copy()" if value in paper.copied else name


def _tuple(parts: list[str]) -> str:
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def _owned_value(name: str, value: ir.Value, paper: Paper, roots: list[ir.Value]) -> str:
    """Return a value's name, copied where it shares memory with the caller's or another value."""
    kind = paper.facts[value]
    if kind.scalar and not kind.array:
        return name
    root = _root(value, paper)
    foreign = root not in paper.built.definition or isinstance(
        paper.built.definition[root], (ir.Constant, ir.If)
    )
    if not foreign and root not in roots:
        return name
    return f"{name}.copy()" if kind.array else f"+{name}"


def _root(value: ir.Value, paper: Paper) -> ir.Value:
    """Return the value whose memory a view or another name shows."""
    from codegen.gates.declare import GATES

    while value in paper.built.definition:
        made = paper.built.definition[value]
        is_view = isinstance(made, ir.View) and not paper.facts[value].fresh
        if is_view or (isinstance(made, ir.Gate) and GATES[made.gate].view):
            value = made.operands[0]
        else:
            break
    return value


# module


def module_text(parts: dict[str, object]) -> str:
    """Fill the module template."""
    return environment().get_template("module.py.jinja").render(**parts)


def format_text(text: str) -> str:
    """Return the text in black's own fixed mode."""
    import black
    from black.mode import TargetVersion
    from black.report import NothingChanged

    mode = black.Mode(
        target_versions={TargetVersion.PY311}, line_length=WIDTH, string_normalization=True
    )
    try:
        return black.format_str(text, mode=mode)
    except NothingChanged:
        return text
