"""The picked functions of a module, each through all stages up to its statements."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from codegen import columns, select
from codegen.adjoint.pullback import BodyError
from codegen.analyses.activity import varied
from codegen.analyses.cells import cells_of
from codegen.analyses.sequences import check_sequences
from codegen.analyses.types import TypeFacts
from codegen.build.caches import CACHE
from codegen.build.function import refuse_no_output
from codegen.build.lines import Built
from codegen.build.local_functions import takes_functions
from codegen.classes.pick import pick
from codegen.errors import CodegenError, Note, Problem, Problems
from codegen.form import check_form
from codegen.own_rules import own_rule_error
from codegen.pairs.graph import named_functions
from codegen.pairs.names import Pair
from codegen.pairs.papers import selection_of
from codegen.parse import Module
from codegen.refuse.calls import check_kept, check_masked
from codegen.refuse.lists import changed_list
from codegen.refuse.stores import check_stores
from codegen.refuse.types import check
from codegen.request import Options
from codegen.select import Selection
from codegen.simplify import normalization, scalar_factors, softmax
from codegen.source import Span
from codegen.stage.fold_lists import ListChanged
from codegen.stage.paper import Paper, active_values, stage
from codegen.typed import build_typed
from codegen.verify import verify


def papers_of(
    module: Module, options: Options, pairs: Iterable[Pair]
) -> tuple[list[Paper], list[Note]]:
    """Take every picked function through all stages up to its statements."""
    check_form(module, options)
    problems = Problems(module.source)
    notes: list[Note] = []
    papers = []
    asked = options.functions is not None or (
        options.defaults is not None and options.defaults.functions is not None
    )
    targets: list[ast.FunctionDef | None] = [None]
    if not module.is_script:
        targets = [*pick(module, options, problems), *select.functions(module, options, problems)]
        targets.sort(key=lambda node: 0 if node is None else node.lineno)
    for node in targets:
        is_taker = node is not None and (takes_functions(node) or node.name in module.takers)
        if node is not None and not asked and is_taker:
            message = f"skipped `{node.name}`: it calls what it is given"
            notes.append(Note(message, _head(module, node)))
            continue
        try:
            paper = _paper(module, node, options, asked, notes)
        except CodegenError as error:
            if error.source is not module.source:
                raise  # of a file of rules
            problems.found.extend(error.problems)
            continue
        if paper is not None:
            papers.append(paper)
    problems.raise_if_any()
    if papers:
        papers = [*(_paper_of_pair(module, pair, options) for pair in pairs), *papers]
    if not papers:
        problem = Problem(
            "nothing-to-differentiate",
            "there is no function here that has something to differentiate",
            None,
            "write a function that returns a float computed from a parameter",
            tuple((note.message, note.span) for note in notes if note.span is not None),
        )
        raise CodegenError([problem], module.source)
    return papers, notes


def _paper(
    module: Module, node: ast.FunctionDef | None, options: Options, asked: bool, notes: list[Note]
) -> Paper | None:
    problems = Problems(module.source)
    asks_for_cache = node is not None and CACHE in (select.asked(module, node, options, "of") or ())
    if options.jacobian is not None:
        options = replace(options, wrt=columns.parameters(module, node, options.wrt))
    built, facts = build_typed(module, node, problems, asks_for_cache)
    if options.jacobian is not None:
        columns.check_elementwise(built, problems)
        problems.raise_if_any()
    if node is not None and built.is_presumed:
        if asked or not any(
            node.name in named_functions(module, other) for other in module.functions.values()
        ):
            refuse_no_output(module, node)
        message = f"skipped `{node.name}`: it returns nothing, and whether it is given arrays to"
        notes.append(
            Note(f"{message} write into is seen only where it is called", _head(module, node))
        )
        return None
    verify(built.function)
    span = _head(module, node)
    selection = select.select(module, built, facts, options, problems, span)
    problems.raise_if_any()
    if selection is not None:
        selection.gives_value = options.returns != "grad"
        selection.is_jacobian = options.jacobian is not None
    if selection is None:
        _nothing(module, built, span, asked or node is None, notes)
        return None
    _check(built, facts, selection, problems)
    notes += [*built.notes, *selection.notes]
    paper = _staged(module, built, facts, selection, options)
    if options.jacobian is not None:
        columns.check_statements(paper, problems)
        columns.settle_updates(paper)
        problems.raise_if_any()
    return paper


def _paper_of_pair(module: Module, pair: Pair, options: Options) -> Paper:
    """Take a function that is called by a pair through all stages up to its statements."""
    problems = Problems(module.source)
    built, facts = build_typed(module, pair.node, problems)
    verify(built.function)
    selection = selection_of(pair, built)
    _check(built, facts, selection, problems)
    return _staged(module, built, facts, selection, options)


def _check(built: Built, facts: TypeFacts, selection: Selection, problems: Problems) -> None:
    """Put together what is one operation, and refuse what the stages behind would get wrong."""
    inputs = {p.value for p in selection.inputs}
    outputs = {r.value for r in selection.outputs}
    changed = varied(built.function, inputs, facts)
    if normalization.put_together(built, facts.types, changed):
        facts.operations_changed()
    if softmax.put_together(built, facts.types, active_values(built, facts, selection)):
        facts.operations_changed()
    if scalar_factors.put_together(built, facts.types, active_values(built, facts, selection)):
        facts.operations_changed()
    cells = cells_of(built, facts)
    check_stores(built, facts, cells, problems)
    check_kept(built, facts, problems)
    check_masked(built, facts, problems)
    check_sequences(built, facts, cells, inputs, outputs, problems)
    check(built, facts, active_values(built, facts, selection), problems)
    problems.raise_if_any()


def _staged(
    module: Module, built: Built, facts: TypeFacts, selection: Selection, options: Options
) -> Paper:
    """Return the statements; what is found to be wrong on the way is refused with its place."""
    reserved = {*module.imports, *module.functions, *module.constants}
    if built.node is None:
        reserved -= set(module.constants)
        reserved |= {"np", "math"}
    try:
        return stage(built, facts, selection, reserved)
    except ListChanged as error:
        raise CodegenError([changed_list(error.value, built)], module.source) from error
    except BodyError as error:
        raise own_rule_error(error.gate, error.node, options.rules) from error


def _head(module: Module, node: ast.FunctionDef | None) -> Span:
    if node is None:
        return Span(1, 0, 1, len(module.source.line(1)))
    line = module.source.line(node.lineno)
    return Span(node.lineno, module.source.span(node).column, node.lineno, len(line.rstrip()))


def _nothing(module: Module, built: Built, span: Span, asked: bool, notes: list[Note]) -> None:
    name = built.title
    message = f"`{name}` has nothing to differentiate: no output depends on a number it is given"
    if asked:
        way_out = "return a float that is computed from a parameter, or ask for one with --wrt"
        problem = Problem("no-path", message, span, way_out)
        raise CodegenError([problem], module.source)
    notes.append(Note(f"skipped {message}", span))
