"""Which functions, which inputs and which outputs: flags over marks over pyproject.toml."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass

from codegen import ir
from codegen.analyses.activity import varied
from codegen.analyses.draws import refuse_parameters
from codegen.analyses.mixed import refuse_mixed
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, FormalParameter, Returned, root_of
from codegen.classes.words import as_word
from codegen.errors import Note, Problems
from codegen.gates.type_rules_growing import holds_parts, leaf_of
from codegen.parse import Module, marks_of
from codegen.request import Options, Place
from codegen.shapes import Type
from codegen.source import Span

HANDED_OVER = "a forward pass hands over"
PLURALS = {
    "has a literal default": "have literal defaults",
    "has a default": "have defaults",
    "serves as an index": "serve as indices",
    "serves as a count": "serve as counts",
    "serves as a flag": "serve as flags",
}


@dataclass
class Selection:
    """What is differentiated: the inputs in parameter order and the outputs in order."""

    inputs: list[FormalParameter]
    outputs: list[Returned]
    picked: tuple[Place, ...] | None
    explicit_wrt: bool
    notes: list[Note]
    is_jacobian: bool = False  # a column for each input is returned
    gives_value: bool = True  # False: the gradients alone are returned
    pair: tuple[str, str] | None = None  # of a function that is called by a pair: their names


def functions(module: Module, options: Options, problems: Problems) -> list[ast.FunctionDef]:
    """Return the functions asked for, or every public one."""
    defaults = options.defaults
    asked = options.functions or (defaults.functions if defaults is not None else None)
    public = [n for n in module.functions if n.isidentifier() and not n.startswith("_")]
    if module.exported is not None:
        public = [n for n in module.functions if n in module.exported]
    if asked is None:
        return [module.functions[n] for n in public if not _skipped(module, module.functions[n])]
    found = []
    for name in asked:
        if name in module.functions:
            found.append(module.functions[name])
        elif name not in module.classes:
            near = difflib.get_close_matches(name, [*module.functions, *module.classes], 1)
            problems.add(
                "no-function",
                f"there is no function `{name}` at the top level",
                None,
                (
                    f"did you mean `{near[0]}`?"
                    if near
                    else "its functions are "
                    + ", ".join(filter(str.isidentifier, module.functions))
                ),
            )
    return found


def _skipped(module: Module, node: ast.FunctionDef) -> bool:
    return any(mark.kind == "skip" for mark in marks_of(module, node))


def select(
    module: Module, built: Built, facts: TypeFacts, options: Options, problems: Problems, span: Span
) -> Selection | None:
    """Settle inputs and outputs; None where there is nothing to differentiate."""
    wrt = asked(module, built.node, options, "wrt")
    of = asked(module, built.node, options, "of")
    notes: list[Note] = []
    outputs = _outputs(built, facts, of, problems, span, is_ours(module))
    inputs = _inputs(built, facts, wrt, problems, span)
    refuse_mixed(built, facts, {p.value for p in inputs}, problems)
    if problems or not (built.returned or built.written):
        return None
    depends = varied(built.function, {p.value for p in inputs}, facts)
    nested = _nested(built, facts, depends)
    if of is None:
        outputs = [r for r in outputs if r.value in depends]
        if not outputs and nested:
            problems.add("construct", *_nested_words(nested[0], facts))
    else:
        _refuse_independent(outputs, depends, inputs, problems)
    reach = _reaching(built, facts, [r.value for r in outputs])
    refuse_parameters(built, facts, depends, reach, problems)
    if wrt is None:
        inputs = [p for p in inputs if p.value in reach]
    else:
        for p in inputs:
            if p.value not in reach:
                problems.add(
                    "no-path",
                    f"no returned value depends differentiably on `{p.name}`",
                    p.value.span or span,
                    "leave it out of wrt",
                )
    if problems or not inputs or not outputs:
        return None
    notes += _left_out(built, inputs, facts, wrt, reach)
    if of is None:
        left = [returned for returned in nested if returned not in outputs]
        notes += [Note(*_nested_words(returned, facts)) for returned in left]
    everything = [*built.returned, *(r for r in built.written if r not in built.returned)]
    picked = None
    if built.returns_tuple or len(outputs) > 1:
        places: list[Place] = []
        for r in outputs:
            whole = r.path[0] if r.path else everything.index(r)
            places.append(r.path if len(r.path) > 1 else whole)
        picked = tuple(places)
    return Selection(inputs, outputs, picked, wrt is not None, notes)


def candidates(
    module: Module, built: Built, facts: TypeFacts, options: Options
) -> list[FormalParameter]:
    """Return what a function may be differentiated by, whether or not a path leads from there."""
    wrt = asked(module, built.node, options, "wrt")
    return _inputs(built, facts, wrt, Problems(module.source), Span(1, 0, 1, 0))


def asked(
    module: Module, node: ast.FunctionDef | None, options: Options, what: str
) -> tuple[str, ...] | None:
    """Return what a flag, else a mark, else pyproject.toml asks for."""
    flag: tuple[str, ...] | None = getattr(options, what)
    if flag:
        return flag
    if node is not None:
        marks = [m for m in marks_of(module, node) if m.kind == what]
    else:
        marks = [m for row in module.marks.values() for m in row if m.kind == what]
    if marks:
        return tuple(name for mark in marks for name in mark.argument.split(",") if name)
    return getattr(options.defaults, what) if options.defaults is not None else None


def _reaching(built: Built, facts: TypeFacts, outputs: list[ir.Value]) -> set[ir.Value]:
    from codegen.analyses.activity import useful

    return useful(built.function, set(outputs), facts)


def _inputs(
    built: Built,
    facts: TypeFacts,
    wrt: tuple[str, ...] | None,
    problems: Problems,
    span: Span,
) -> list[FormalParameter]:
    if wrt is None:
        exponents = _integer_exponents(built, facts)
        return [
            p
            for p in built.inputs()
            if p.default is None
            and (p.kind == "attribute" or not built.is_loss)
            and _is_number(p.value, facts)
            and p.value not in exponents
            and _service(p, facts) is None
            and not _is_handed_over(p)
        ]
    words = {as_word(p.name): p.name for p in built.parameters if p.kind == "attribute"}
    wrt = tuple(words.get(name, name) for name in wrt)  # `fc1_W` is `self.fc1.W`
    by_name = {p.name: p for p in built.parameters}
    by_name |= {root_of(p).name: p for p in built.inputs()}
    for name in wrt:
        if name in by_name and by_name[name].value in _integer_exponents(built, facts):
            message = f"`{name}` is an integer exponent, which has no gradient"
            problems.add("wrt", message, span, "annotate it as float")
        if name not in by_name:
            near = difflib.get_close_matches(name, list(by_name), 1)
            way_out = (
                f"did you mean `{near[0]}`?" if near else "its parameters are " + ", ".join(by_name)
            )
            message = f"`{built.title}` has no parameter `{name}` to differentiate"
            problems.add("wrt", message, span, way_out)
        elif not _is_number(by_name[name].value, facts):
            kind = facts[by_name[name].value].kind
            what = (
                "a truth value" if kind == "number" else "text" if kind == "text" else f"a {kind}"
            )
            message = f"`{name}` is {what}, which has no gradient"
            problems.add("wrt", message, span, "annotate it as float, np.ndarray or list[float]")
    return [p for p in built.inputs() if root_of(p).name in wrt and _is_number(p.value, facts)]


def _service(parameter: FormalParameter, facts: TypeFacts) -> str | None:
    """Return what a parameter serves as, whatever else it is used for: "an index"."""
    value, seen = parameter.value, facts.evidence
    if facts[value].scalar and facts[value].dtype == "float":
        return None
    if value in seen.indices:
        return "an index"
    if value in seen.counts:
        return "a count"
    return "a flag" if value in seen.flags else None


def _integer_exponents(built: Built, facts: TypeFacts) -> set[ir.Value]:
    """Return the values declared int that are an exponent somewhere."""
    return {
        operation.operands[1]
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.Gate) and operation.gate == "power"
        if facts[operation.operands[1]].dtype == "int"
    }


def _is_handed_over(parameter: FormalParameter) -> bool:
    """True for the `cache` of a backward pass: a tuple of all sorts that a forward pass made."""
    return parameter.name == "cache" and parameter.annotation is None


def _is_number(value: ir.Value, facts: TypeFacts) -> bool:
    kind = facts[value]
    if kind.kind == "list" and kind.items and kind.items[0].kind != "number":
        return holds_parts(kind)
    if kind.kind in ("list", "tuple"):
        return bool(kind.items) and all(item.kind == "number" for item in kind.items)
    return kind.kind == "number" and kind.dtype != "bool"


def _outputs(
    built: Built,
    facts: TypeFacts,
    of: tuple[str, ...] | None,
    problems: Problems,
    span: Span,
    ours: bool,
) -> list[Returned]:
    """Return the outputs; of a function that we wrote (`ours`), its gradients too."""
    names = _names(built)
    if of is None:
        # A list beside other values is rather what was seen on the way: it is to be asked for.
        is_sole = not any(_is_float(facts[r.value]) for r in built.returned)
        parameters = set() if ours else {f"d{p.name}" for p in built.parameters}
        given = set() if ours else {p.value for p in built.parameters}
        return [
            r
            for r in built.returned
            if (_is_float(facts[r.value]) or (is_sole and _is_list_of_floats(facts[r.value])))
            and r.name != "cache"
            and r.name not in parameters
            and not (len(r.path) > 1 and r.value in given)  # `return out, (x, w)`: a cache
        ]
    found = []
    for name in of:
        if name not in names:
            near = difflib.get_close_matches(name, list(names), 1)
            way_out = f"did you mean `{near[0]}`?" if near else "it returns " + ", ".join(names)
            problems.add("of", f"`{built.title}` returns no `{name}`", span, way_out)
            continue
        returned = names[name]
        kind = facts[returned.value]
        if not (_is_float(kind) or _is_list_of_floats(kind)):
            what = "an integer" if kind.dtype == "int" else "not a float"
            problems.add(
                "of",
                f"the output `{name}` is {what}, so it has no gradient",
                returned.span,
                "pick a float output",
            )
            continue
        found.append(returned)
    written = () if built.is_procedure else built.written  # what a procedure returns is that
    return [r for r in (*built.returned, *written) if r in found]


def _is_float(kind: Type) -> bool:
    return kind.kind == "number" and kind.dtype not in ("int", "bool")


def _is_list_of_floats(kind: Type) -> bool:
    """True for a list of any length, whose cotangent is a list too."""
    leaf = leaf_of(kind) if kind.kind == "list" else None
    return leaf is not None and _is_float(leaf)


def _names(built: Built) -> dict[str, Returned]:
    written = {} if built.is_procedure else {r.name or "": r for r in built.written}
    return written | {r.name or r.value.name or built.function.name: r for r in built.returned}


def _refuse_independent(
    outputs: list[Returned],
    depends: set[ir.Value],
    inputs: list[FormalParameter],
    problems: Problems,
) -> None:
    for returned in outputs:
        if returned.value not in depends:
            names = ", ".join(p.name for p in inputs)
            problems.add(
                "no-path",
                f"the output `{returned.value.name}` does not depend differentiably on {names}",
                returned.span,
                "leave it out of --of, or ask for other inputs with --wrt",
            )


def is_ours(module: Module) -> bool:
    """True for a file that was generated: gradients of gradients are asked for there."""
    return module.source.text.startswith("# Generated by codegen from ")


def _nested(built: Built, facts: TypeFacts, depends: set[ir.Value]) -> list[Returned]:
    """Return the lists and tuples that are returned, but for a cache: no item can be picked."""
    return [
        r
        for r in built.returned
        if facts[r.value].kind in ("list", "tuple") and r.value in depends and r.name != "cache"
    ]


def _nested_words(returned: Returned, facts: TypeFacts) -> tuple[str, Span, str]:
    kind = facts[returned.value].kind
    name = returned.name or returned.value.name
    if _is_list_of_floats(facts[returned.value]) and name is not None:
        message = f"the list `{name}` beside other returned values gets no gradient"
        return message, returned.span, f"--of {name} asks for it"
    message = f"a {kind} among the returned values has no gradient yet"
    return message, returned.span, "return its items one by one: `return a, b`"


def _left_out(
    built: Built,
    inputs: list[FormalParameter],
    facts: TypeFacts,
    wrt: tuple[str, ...] | None,
    reach: set[ir.Value],
) -> list[Note]:
    if wrt is not None or built.is_loss:
        return []
    left = [
        p
        for p in built.inputs()
        if p not in inputs and _is_number(p.value, facts) and p.value in reach
    ]
    notes = []
    by_reason: dict[str, list[FormalParameter]] = {}
    for p in left:
        by_reason.setdefault(_reason(p, facts), []).append(p)
    for reason, parameters in by_reason.items():
        names = ", ".join(p.name for p in parameters)
        listed = [root_of(p).name for p in built.inputs() if p in inputs or p in parameters]
        asked = ",".join(dict.fromkeys(listed))
        words = reason if len(parameters) == 1 else PLURALS.get(reason, reason)
        message = f"{built.title}: no gradient for {names}, which {words}"
        way_out = f"--wrt {asked} asks for it"
        if reason == HANDED_OVER:
            way_out = "a function that calls both passes is differentiated as a whole"
        notes.append(Note(message, parameters[0].value.span, way_out))
    return notes + _unread(built, facts, reach)


def _unread(built: Built, facts: TypeFacts, reach: set[ir.Value]) -> list[Note]:
    """Name the containers whose items are numbers here, and which have no gradient yet."""
    notes = []
    read = {
        operation.operands[0]
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.View) and operation.result in reach
    }
    for p in built.parameters:
        kind = facts[p.value].kind
        if any(root_of(entry) is p for entry in built.entries):
            continue
        if (
            p.value not in read
            or kind not in ("list", "tuple", "dict")
            or _is_number(p.value, facts)
        ):
            continue
        what = (
            "a dict, which has no gradient yet" if kind == "dict" else f"a {kind} of unknown items"
        )
        way_out = "pass its entries as arguments of their own"
        if kind != "dict":
            way_out = f"annotate it: {'list[float]' if kind == 'list' else 'tuple[float, ...]'}"
        message = f"{built.title}: no gradient for {p.name}, {what}"
        notes.append(Note(message, p.value.span, way_out))
    return notes


def _reason(parameter: FormalParameter, facts: TypeFacts) -> str:
    service = _service(parameter, facts)
    if service is not None:
        return f"serves as {service}"
    if _is_handed_over(parameter):
        return HANDED_OVER
    return "has a literal default" if _is_literal(parameter.default) else "has a default"


def _is_literal(node: ast.expr | None) -> bool:
    try:
        ast.literal_eval(node or ast.Constant(None))
    except ValueError:
        return False
    return True
