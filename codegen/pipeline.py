"""The order of the stages, on one screen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from codegen import helpers, reports
from codegen.assemble import assemble
from codegen.errors import CodegenError, Problems
from codegen.neighbours import followed
from codegen.own_rules import known
from codegen.pairs.handed_over import state_caches
from codegen.pairs.write import paired
from codegen.papers import papers_of
from codegen.parse import parse
from codegen.render import format_text
from codegen.request import FunctionReport, Generated, Options, Parameter
from codegen.select import is_ours
from codegen.source import Source
from codegen.text.numba_check import refuse_uncompiled
from codegen.typed import build_typed

__all__ = ["FunctionReport", "Generated", "Options", "Parameter", "compile_source", "show"]


def compile_source(source: Source, options: Options) -> Generated:
    """Return the gradient module of a forward file; raise CodegenError with all its problems."""
    inlined: list[str] = []
    with _no_cycle_collector():
        try:
            made = _compiled(source, options, inlined)
        except CodegenError:
            if not inlined:
                raise
            made = _compiled(source, options, None)
    return replace(made, text=format_text(made.text))


def _compiled(source: Source, options: Options, inlined: list[str] | None) -> Generated:
    """Return the module before it is formatted.

    `inlined` gets the names of functions with pairs that may as well be inlined.
    """
    with known(options.rules), ExitStack() as stack:
        module = parse(source)
        helpers.recognise(module)
        texts = stack.enter_context(followed(module, options, compile_source))
        pairs = stack.enter_context(paired(module, options, build_typed, inlined))
        if is_ours(module):
            state_caches(module, build_typed)
        papers, notes = papers_of(module, options, pairs)
        if options.target == "numba":
            problems = Problems(module.source)
            for paper in papers:
                refuse_uncompiled(module, paper, problems)
            problems.raise_if_any()
        assembled = assemble(module, papers, options.form)
    return Generated(
        assembled.text,
        (*notes, *assembled.notes),
        tuple(
            reports.report(module, paper, assembled.ours, options.style)
            for paper in papers
            if paper.selection.pair is None
        ),
        tuple(texts.items()),
    )


@contextmanager
def _no_cycle_collector() -> Iterator[None]:
    """A compilation makes many objects and frees few: the collector would only walk them again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def show(source: Source, options: Options, stage: str) -> str:
    """Return a stage of the pipeline as text: "ir", "reverse" or "statements"."""
    from codegen.ir_text import function as ir_text

    printers = {
        "ir": ir_text.function,
        "reverse": ir_text.reverse,
        "statements": ir_text.statements,
    }
    with known(options.rules), ExitStack() as stack:
        module = parse(source)
        helpers.recognise(module)
        pairs = stack.enter_context(paired(module, options, build_typed, []))
        papers, _ = papers_of(module, options, pairs)
        return "\n\n".join(printers[stage](paper) for paper in papers) + "\n"
