"""Which functions, which inputs and which outputs: flags over marks over pyproject.toml."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass

from codegen import ir
from codegen.analyses.activity import varied
from codegen.analyses.mixed import refuse_mixed
from codegen.analyses.types import TypeFacts
from codegen.build.lines import Built, FormalParameter, Returned
from codegen.errors import Note, Problems
from codegen.parse import Module, marks_of
from codegen.request import Options
from codegen.source import Span


@dataclass
class Selection:
    """What is differentiated: the inputs in parameter order and the outputs in order."""

    inputs: list[FormalParameter]
    outputs: list[Returned]
    picked: tuple[int, ...] | None
    explicit_wrt: bool
    notes: list[Note]


def functions(module: Module, options: Options, problems: Problems) -> list[ast.FunctionDef]:
    """Return the functions asked for, or every public one."""
    defaults = options.defaults
    asked = options.functions or (defaults.functions if defaults is not None else None)
    public = [n for n in module.functions if not n.startswith("_")]
    if module.exported is not None:
        public = [n for n in module.functions if n in module.exported]
    if asked is None:
        return [module.functions[n] for n in public if not _skipped(module, module.functions[n])]
    found = []
    for name in asked:
        if name in module.functions:
            found.append(module.functions[name])
        else:
            near = difflib.get_close_matches(name, list(module.functions), 1)
            problems.add(
                "no-function",
                f"there is no function `{name}` at the top level",
                None,
                f"did you mean `{near[0]}`?" if near else None,
            )
    return found


def _skipped(module: Module, node: ast.FunctionDef) -> bool:
    return any(mark.kind == "skip" for mark in marks_of(module, node))


def select(
    module: Module, built: Built, facts: TypeFacts, options: Options, problems: Problems, span: Span
) -> Selection | None:
    """Settle inputs and outputs; None where there is nothing to differentiate."""
    wrt = _asked(module, built, options, "wrt")
    of = _asked(module, built, options, "of")
    notes: list[Note] = []
    outputs = _outputs(built, facts, of, problems, span)
    inputs = _inputs(built, facts, wrt, problems, span)
    refuse_mixed(built, facts, {p.value for p in inputs}, problems)
    if problems or not inputs or not outputs:
        if not problems and not outputs and not built.returned:
            return None
        if problems:
            return None
    depends = varied(built.function, {p.value for p in inputs}, facts)
    if of is None:
        outputs = [r for r in outputs if r.value in depends]
    else:
        _refuse_independent(outputs, depends, inputs, problems)
    reach = _reaching(built, facts, [r.value for r in outputs])
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
    everything = [*built.returned, *(r for r in built.written if r not in built.returned)]
    picked = tuple(everything.index(r) for r in outputs) if built.returns_tuple else None
    return Selection(inputs, outputs, picked, wrt is not None, notes)


def _asked(module: Module, built: Built, options: Options, what: str) -> tuple[str, ...] | None:
    """Return what a flag, else a mark, else pyproject.toml asks for."""
    flag: tuple[str, ...] | None = getattr(options, what)
    if flag:
        return flag
    if built.node is not None:
        marks = [m for m in marks_of(module, built.node) if m.kind == what]
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
            for p in built.parameters
            if p.default is None and _is_number(p.value, facts) and p.value not in exponents
        ]
    by_name = {p.name: p for p in built.parameters}
    for name in wrt:
        if name in by_name and by_name[name].value in _integer_exponents(built, facts):
            message = f"`{name}` is an integer exponent, which has no gradient"
            problems.add("wrt", message, span, "annotate it as float")
        if name not in by_name:
            near = difflib.get_close_matches(name, list(by_name), 1)
            way_out = (
                f"did you mean `{near[0]}`?" if near else "its parameters are " + ", ".join(by_name)
            )
            message = f"`{built.function.name}` has no parameter `{name}` to differentiate"
            problems.add("wrt", message, span, way_out)
        elif not _is_number(by_name[name].value, facts):
            problems.add("wrt", f"`{name}` is not a number, so it has no gradient", span)
    return [p for p in built.parameters if p.name in wrt and _is_number(p.value, facts)]


def _integer_exponents(built: Built, facts: TypeFacts) -> set[ir.Value]:
    """Return the values declared int that are an exponent somewhere."""
    return {
        operation.operands[1]
        for operation in ir.operations(built.function.body)
        if isinstance(operation, ir.Gate) and operation.gate == "power"
        if facts[operation.operands[1]].dtype == "int"
    }


def _is_number(value: ir.Value, facts: TypeFacts) -> bool:
    kind = facts[value]
    if kind.kind in ("list", "tuple"):
        return bool(kind.items) and all(item.kind == "number" for item in kind.items)
    return kind.kind == "number" and kind.dtype != "bool"


def _outputs(
    built: Built, facts: TypeFacts, of: tuple[str, ...] | None, problems: Problems, span: Span
) -> list[Returned]:
    names = _names(built)
    if of is None:
        parameters = {f"d{p.name}" for p in built.parameters}
        return [
            r
            for r in built.returned
            if facts[r.value].kind == "number"
            and facts[r.value].dtype not in ("int", "bool")
            and r.name != "cache"
            and r.name not in parameters
        ]
    found = []
    for name in of:
        if name not in names:
            near = difflib.get_close_matches(name, list(names), 1)
            way_out = f"did you mean `{near[0]}`?" if near else "it returns " + ", ".join(names)
            problems.add("of", f"`{built.function.name}` returns no `{name}`", span, way_out)
            continue
        returned = names[name]
        kind = facts[returned.value]
        if kind.kind != "number" or kind.dtype in ("int", "bool"):
            what = "an integer" if kind.dtype == "int" else "not a float"
            problems.add(
                "of",
                f"the output `{name}` is {what}, so it has no gradient",
                returned.span,
                "pick a float output",
            )
            continue
        found.append(returned)
    return [r for r in (*built.returned, *built.written) if r in found]


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
            )


def _left_out(
    built: Built,
    inputs: list[FormalParameter],
    facts: TypeFacts,
    wrt: tuple[str, ...] | None,
    reach: set[ir.Value],
) -> list[Note]:
    if wrt is not None:
        return []
    left = [
        p
        for p in built.parameters
        if p not in inputs and _is_number(p.value, facts) and p.value in reach
    ]
    if not left:
        return []
    names = ", ".join(p.name for p in left)
    plural = "have literal defaults" if len(left) > 1 else "has a literal default"
    return [
        Note(
            f"{built.function.name}: no gradient for {names}, which {plural}",
            left[0].value.span,
            f"--wrt {','.join(p.name for p in [*inputs, *left])} asks for it",
        )
    ]
