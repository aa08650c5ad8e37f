"""Statements to the text of a module, through `templates/`, and black's last word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from codegen import ir
from codegen.analyses.declared import is_sequence
from codegen.analyses.growing import holds_own
from codegen.analyses.updates import shown_parameters
from codegen.build.lines import FormalParameter, ListPlace, Path
from codegen.gates.declare import GATES
from codegen.gates.type_rules_growing import is_homogeneous, is_nested, leaf_of
from codegen.parse import Module
from codegen.shapes import Known, Type
from codegen.spell import Speller
from codegen.stage.paper import Paper, lines_in
from codegen.stage.resolve import is_view
from codegen.stage.shared import Shared
from codegen.stage.statements import mirrors_in
from codegen.templating import environment
from codegen.text.backward import backward_lines, statement_text
from codegen.text.debug import check_shapes
from codegen.text.docstring import function_docstring
from codegen.text.forward import INDENT, WIDTH, forward_lines
from codegen.text.list_seeds import list_copy, list_seed
from codegen.text.numba import Wrapper, around
from codegen.text.signature import signature


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
    has_mirrors: bool
    decorator: str = ""
    wrapper: Wrapper | None = None
    template: str = "joint.py.jinja"


def function_text(
    module: Module, paper: Paper, speller: Speller, target: str = "numpy"
) -> FunctionText:
    """Spell one gradient function."""
    forward = [*entry_copies(paper), *forward_lines(paper.lines, paper, speller)]
    backward = backward_lines(paper.nodes, paper, speller)
    if paper.zeros:
        backward += [statement_text(s, paper, speller) for s in paper.zeros]
    made = FunctionText(
        signature(module, paper, speller),
        tuple(function_docstring(paper, speller.ours.gradient(paper.built.function.name))),
        tuple(guards(paper, speller)),
        tuple(forward),
        tuple(_seeds(paper, speller)),
        tuple(backward),
        _result(paper, speller),
        next(mirrors_in(paper.nodes), None) is not None,
    )
    if target == "numpy":
        return made
    seeds = [paper.namer.cotangents[r.value] for r in paper.selection.outputs]
    head = around(paper, speller, made.signature, made.docstring, made.guards, seeds)
    return replace(made, **vars(head))


def _result(paper: Paper, speller: Speller) -> str:
    gradients = gradients_text(paper, speller)
    if not paper.selection.gives_value:
        return ", ".join(gradient_texts(paper, speller))
    return f"{value_text(paper, set())}, {gradients}"


def entry_copies(paper: Paper) -> list[str]:
    """Return the lines that copy what is written in place: the caller's arrays stay as they are."""
    names = paper.namer.names
    rows: list[str] = []
    for value in written_parameters(paper):
        if value in paper.came_in:
            rows.append(f"{names[paper.came_in[value]]} = {names[value]}")
        rows.append(f"{names[value]} = {names[value]}.copy()")
    return rows


# around


def guards(paper: Paper, speller: Speller) -> list[str]:
    """Return the line that makes numbers of what is taken as one."""
    candidates = [
        p for p in paper.built.parameters if p.kind != "attribute" and p.value in paper.facts.taken
    ]
    if not all(p in paper.selection.inputs for p in candidates):
        parts = [p for line in lines_in(paper) for p in (line.expression, line.detail)]
        read = {value for part in parts if part is not None for value in speller.leaves(part)}
        inputs = paper.selection.inputs
        candidates = [p for p in candidates if p.value in read or p in inputs]
    taken = [paper.namer.names[p.value] for p in candidates]
    rows = []
    if taken:
        rows.append(f"{', '.join(taken)} = {', '.join(f'float({name})' for name in taken)}")
    if speller.debug:
        rows += check_shapes(paper, speller)
    return [*rows, *_memory_guards(paper, speller)]


def written_parameters(paper: Paper) -> list[ir.Value]:
    """Return the parameters that the forward pass writes into, in order."""
    stored = {
        paper.cells.of(value)
        for line in lines_in(paper)
        if line.kind == "store"
        for value in line.values()
    }
    return [p.value for p in paper.built.parameters if p.value in stored]


def _promoted(paper: Paper, speller: Speller) -> list[str]:
    """Return the checks that what is made of parameters, and written in place, is of floats."""
    rows = []
    for values in paper.facts.promoted:
        names = ", ".join(paper.namer.names[value] for value in values)
        whose = f"of {names} one" if len(values) > 1 else names
        held = f"{speller.library('numpy')}.result_type({names})"
        if len(values) == 1 and paper.facts[values[0]].array:
            held = f"{names}.dtype"
        rows.append(f'if {held}.kind != "f":')
        rows.append(f'{INDENT}raise TypeError("{whose} must be a float array")')
    return rows


def _memory_guards(paper: Paper, speller: Speller) -> list[str]:
    """Return the checks of what is written in place, and the copies that are written instead."""
    rows: list[str] = []
    names, facts = paper.namer.names, paper.facts
    for parameter in paper.built.parameters:
        kind = facts[parameter.value]
        if parameter.value in facts.assumed and isinstance(kind.shape, Known):
            count = f"{kind.shape.rank} dimension{'s' * (kind.shape.rank != 1)}"
            words = f"{parameter.name} must have {count}"
            rows.append(f"if {parameter.name}.ndim != {kind.shape.rank}:")
            rows.append(f'{INDENT}raise ValueError("{words}")')
    rows += _length_guards(paper)
    written = written_parameters(paper)
    shown = shown_parameters(paper.built, facts)
    for value in written:
        if value in facts.floats:
            name = names[value]
            rows.append(f'if {name}.dtype.kind != "f":')
            words = f"{name} is written in place and must be a float array"
            rows.append(f'{INDENT}raise TypeError("{words}")')
    others = [
        p.value
        for p in paper.built.parameters
        if facts[p.value].kind == "number" and not facts[p.value].scalar
    ]
    written += [value for value in others if value in shown and value not in written]
    for value in (p.value for p in paper.built.parameters if p.value in facts.cast_to):
        if value not in written or value not in facts.floats:
            name = names[value]
            rows.append(f'if {name}.dtype.kind != "f":')
            rows.append(f'{INDENT}raise TypeError("{name} must be a float array")')
    rows += _promoted(paper, speller)
    for place, value in enumerate(written):
        for other in others:
            if other is value or (other in written and written.index(other) < place):
                continue
            a, b = names[value], names[other]
            rows.append(f"if {speller.library('numpy')}.shares_memory({a}, {b}):")
            words = f"{a} is written in place and must not share memory with {b}"
            rows.append(f'{INDENT}raise ValueError("{words}")')
    return rows


def _length_guards(paper: Paper) -> list[str]:
    """Return the checks that axes with one letter of np.einsum are as long as each other."""
    rows: list[str] = []
    for group in paper.facts.equal:
        axes = [f"{paper.namer.names[value]}.shape[{axis}]" for value, axis in group]
        joined = f"{', '.join(axes[:-1])} and {axes[-1]}"
        differ = f"{axes[0]} != {axes[1]}" if len(axes) == 2 else f"not {' == '.join(axes)}"
        rows += [f"if {differ}:", f'{INDENT}raise ValueError("{joined} must be equal")']
    return rows


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
    if is_homogeneous(kind):
        return list_seed(name, output, kind, ones, speller)
    fill = "ones" if ones else "zeros"
    np = speller.library("numpy")
    if kind.array and kind.dtype == "float":
        made, dtype, shape = f"{np}.{fill}_like({output})", f"{output}.dtype", f"{output}.shape"
    else:
        shape = f"{output}.shape" if kind.array else f"{np}.shape({output})"
        dtype = f"{np}.result_type({output}, 1.0)"
        made = f"{np}.{fill}({shape}, {dtype})"
    copied = ".copy()" if value in paper.written else ""  # what is written into
    return [
        f"{name} = {made} if {name} is None else {np}.asarray({name}, {dtype}){copied}",
        f"if {name}.shape != {shape}:",
        f'{INDENT}raise ValueError("{name} must have the shape of {output}")',
    ]


def value_text(paper: Paper, held: set[ir.Value]) -> str:
    """Return what is returned as the value; copied where `held` values share its memory."""
    values = []
    shared = Shared(paper)
    roots = shared.memory(*held)
    is_pair = paper.selection.pair is not None
    for returned in paper.built.returned if is_pair else paper.selection.outputs:
        name = paper.namer.names[returned.value]
        if returned.value in paper.ends:
            values.append(paper.namer.names[paper.ends[returned.value]])
            continue
        own = shared.memory(returned.value)
        if is_homogeneous(paper.facts[returned.value]):
            values.append(_owned_list(name, returned.value, paper, own, roots))
        else:
            is_shared = bool(own & roots) or _is_callers_item(own, paper)
            values.append(_owned_value(name, returned.value, paper, is_shared))
        roots |= own
    if is_pair:
        return ", ".join(values)
    if paper.selection.picked is None or len(values) == 1:
        return values[0]
    paths = [p if isinstance(p, tuple) else (p,) for p in paper.selection.picked]
    while len({path[0] for path in paths}) == 1 and all(len(path) > 1 for path in paths):
        paths = [path[1:] for path in paths]  # of one of the author's tuples
    return _structured(list(zip(paths, values, strict=True)))


def _structured(parts: list[tuple[Path, str]]) -> str:
    """Return values as the author's tuples, lists and dicts have them."""
    rows: list[str] = []
    first = parts[0][0][0]
    while parts:
        head = parts[0][0][0]
        key = f"{head!r}: " if isinstance(head, str) else ""
        inner = [part for part in parts if part[0][0] == head]
        parts = [part for part in parts if part[0][0] != head]
        if len(inner[0][0]) == 1:
            rows.append(key + inner[0][1])
        else:
            rows.append(key + _structured([(path[1:], text) for path, text in inner]))
    if isinstance(first, str):
        return f"{{{', '.join(rows)}}}"
    return f"[{', '.join(rows)}]" if isinstance(first, ListPlace) else _tuple(rows)


def gradients_text(paper: Paper, speller: Speller) -> str:
    """Return what is returned as the gradients: a tuple, or the only one."""
    gradients = gradient_texts(paper, speller)
    return gradients[0] if len(gradients) == 1 else _tuple(gradients)


def gradient_texts(paper: Paper, speller: Speller) -> list[str]:
    """Return each gradient; that of a dict is a dict of those of its entries."""
    rows = []
    for parameter in paper.selection.inputs:
        keys: list[str] = []
        part = parameter
        while part.base is not None:
            keys.insert(0, part.key)
            part = part.base
        text = _gradient(paper.namer.cotangents[parameter.value], parameter, paper, speller)
        rows.append((part, keys, text))
    found: dict[FormalParameter, list[tuple[list[str], str]]] = {}
    for part, keys, text in rows:
        found.setdefault(part, []).append((keys, text))
    return [_nested(parts) for parts in found.values()]


def _nested(parts: list[tuple[list[str], str]]) -> str:
    if not parts[0][0]:
        return parts[0][1]
    groups: dict[str, list[tuple[list[str], str]]] = {}
    for keys, text in parts:
        groups.setdefault(keys[0], []).append((keys[1:], text))
    entries = ", ".join(f"{key!r}: {_nested(inner)}" for key, inner in groups.items())
    return f"{{{entries}}}"


def _gradient(name: str, parameter: FormalParameter, paper: Paper, speller: Speller) -> str:
    value = parameter.value
    kind = paper.facts[value]
    if kind.kind == "tuple":
        return f"tuple({name})"
    leaf = leaf_of(kind) if is_homogeneous(kind) else None
    if leaf is not None and leaf.kind == "tuple":
        return _tupled(name, f"{name}_i", kind)
    if is_homogeneous(kind) and value in paper.copied and kind.items and not kind.items[0].scalar:
        return _copies(name, f"{name}_i", kind)
    if kind.kind == "list" and is_sequence(speller.module, parameter.annotation):
        return f"type({paper.namer.names[value]})({name})"  # the caller's list or tuple
    if kind.scalar and kind.array:  # declared to be an array of no dimensions
        np, own = speller.library("numpy"), paper.namer.names[value]
        dtype = f"{own}.dtype" if kind.dtype == "float" else f"{np}.result_type({own}, 1.0)"
        return f"{np}.array({name}, {dtype})"
    if value not in paper.copied:
        return name
    return f"{name}.copy()" if kind.array and not kind.scalar else f"+{name}"


def _tupled(whole: str, each: str, kind: Type) -> str:
    """Return a list with tuples for the lists that are their cotangents."""
    if kind.kind == "tuple":
        parts = [f"{whole}[{n}]" for n in range(len(kind.items))]
        copies = [p if i.scalar else f"{p}.copy()" for p, i in zip(parts, kind.items, strict=True)]
        return f"tuple({whole})" if copies == parts else _tuple(copies)
    return f"[{_tupled(each, f'{each}j', kind.items[0])} for {each} in {whole}]"


def _copies(whole: str, each: str, kind: Type) -> str:
    """Return a list with a copy of each array in it."""
    if kind.kind != "list":
        return f"{whole}.copy()"
    return f"[{_copies(each, f'{each}j', kind.items[0])} for {each} in {whole}]"


def _tuple(parts: list[str]) -> str:
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def _is_callers_item(memory: set[ir.Value], paper: Paper) -> bool:
    """True for what may be an item of a list that holds what the caller gave."""
    lists = any(v in paper.facts.types and is_homogeneous(paper.facts[v]) for v in memory)
    return lists and any(v not in paper.built.definition for v in memory)


def _owned_value(name: str, value: ir.Value, paper: Paper, is_shared: bool) -> str:
    """Return a value's name, copied where it shares memory with the caller's or another value."""
    kind = paper.facts[value]
    if kind.scalar and not kind.array:
        return name
    root = _root(value, paper)
    if paper.cells.of(value) is not value and not is_shared:
        return name  # an array of our own: a parameter was copied on entry
    made = paper.built.definition.get(root)
    foreign = made is None or isinstance(made, ir.Constant)
    if isinstance(made, ir.If | ir.For | ir.While):
        foreign = not paper.facts[root].fresh
    if not foreign and not is_shared and not _is_read_only(value, paper):
        return name
    return f"{name}.copy()" if kind.array else f"+{name}"


def _owned_list(
    name: str, value: ir.Value, paper: Paper, own: set[ir.Value], held: set[ir.Value]
) -> str:
    """Return a list's name; copied, with all that is in it, where the caller or a cache has it."""
    kind = paper.facts[value]
    leaf = leaf_of(kind)
    is_flat = leaf is not None and leaf.scalar and not is_nested(kind)
    if own & held if is_flat else held:
        return list_copy(name, kind)
    is_own = holds_own(value, paper.built, paper.facts, paper.cells)
    return name if is_own else list_copy(name, kind)


def _root(value: ir.Value, paper: Paper) -> ir.Value:
    """Return the value whose memory a view or another name shows."""
    *_, root = _views(value, paper)
    return root


def _views(value: ir.Value, paper: Paper) -> Iterator[ir.Value]:
    """Yield the value, then what it is a view of, and so on."""
    yield value
    while True:
        value = paper.cells.of(value)  # a parameter, too, that is written into
        yield value
        made = paper.built.definition.get(value)
        if made is None or not is_view(value, paper.built, paper.facts):
            return
        value = made.operands[0]
        yield value


def _is_read_only(value: ir.Value, paper: Paper) -> bool:
    """True if numpy gave a view that cannot be written to."""
    definitions = [paper.built.definition.get(v) for v in _views(value, paper)]
    return any(isinstance(made, ir.Gate) and GATES[made.gate].read_only for made in definitions)


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
