"""A function in IR with its types: built again until types and stores agree."""

from __future__ import annotations

import ast

from codegen import ir
from codegen.analyses.cells import cells_of
from codegen.analyses.followed import check_parts, names_to_follow
from codegen.analyses.several import Copies, copies_of_turns
from codegen.analyses.types import TypeFacts, infer_types
from codegen.analyses.updates import writes_in_place
from codegen.build.function import build
from codegen.build.lines import Built
from codegen.build.script import build_script
from codegen.errors import Problems
from codegen.parse import Module
from codegen.refuse.stores import check_stores


def build_typed(
    module: Module, node: ast.FunctionDef | None, problems: Problems, keeps_cache: bool = False
) -> tuple[Built, TypeFacts]:
    """Return a function (None: the script) in IR, with its types."""
    none: frozenset[ast.expr] = frozenset()
    copied: Copies = frozenset()
    built, facts = _typed(module, node, problems, keeps_cache, none, copied)
    followed = none
    while node is not None and _has_stores(built):
        # Names of arrays and their parts that are written into are followed, where it matters.
        told = Problems(module.source)
        check_stores(built, facts, cells_of(built, facts), told)
        more = names_to_follow(built, facts) - followed if told else none
        copies = copies_of_turns(built, facts) - copied if told and not more else frozenset()
        if not more and not copies:
            break
        followed, copied = followed | more, copied | copies
        built, facts = _typed(module, node, problems, keeps_cache, followed, copied)
    check_parts(built, facts, problems)
    problems.raise_if_any()
    return built, facts


def _has_stores(built: Built) -> bool:
    return any(isinstance(one, ir.Store) for one in ir.operations(built.function.body))


def _typed(
    module: Module,
    node: ast.FunctionDef | None,
    problems: Problems,
    keeps_cache: bool,
    followed: frozenset[ast.expr],
    copied: Copies,
) -> tuple[Built, TypeFacts]:
    in_place: frozenset[ast.AugAssign] = frozenset()
    built = (
        build_script(module)
        if node is None
        else build(module, node, in_place, keeps_cache, followed, copied)
    )
    facts = infer_types(module, built, problems)
    problems.raise_if_any()
    while node is not None and (more := writes_in_place(built, facts) - in_place):
        # Only types tell whether `x += e` writes into an array: build it again as a store.
        in_place |= more
        built = build(module, node, in_place, keeps_cache, followed, copied)
        facts = infer_types(module, built, problems)
        problems.raise_if_any()
    return built, facts
