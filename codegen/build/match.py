"""From an author's call to the gate that it is."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import dataclass

from codegen.build.containers import SEVERAL
from codegen.frozen import frozen
from codegen.gates.declare import BY_KEY, GateDefinition
from codegen.gates.pattern import Argument, Pattern

# Keywords that some numpy functions take and no gate does: what to write instead.
INSTEAD = {
    "out": "assign the result instead: `name = ...`",
    "where": "choose before: x[mask], or np.where(mask, x, other)",
    "initial": "take it in afterwards: np.sum(x) + start, start * np.prod(x), "
    "np.maximum(np.max(x), start)",
    "start": "add it afterwards: start + sum(x)",
    "key": "apply it before: max(abs(a), abs(b))",
    "aweights": "write it out, with np.average(m, axis=1, weights=w) for the means",
    "fweights": "write it out, with np.average(m, axis=1, weights=w) for the means",
    "returned": "take np.sum(weights) yourself",
    "default": "write the choice out: max(x) if len(x) > 0 else 0.0",
}

_SOLVE = "write np.linalg.solve(a, b), or scipy.linalg.lu_solve(lu_factor(a), b)"
# Functions without a rule: what to write instead.
NO_RULE = {
    "scipy.linalg.eig": "write np.linalg.eig(x)",
    "scipy.linalg.eigvals": "write np.linalg.eigvals(x)",
    "scipy.linalg.eigh": "write np.linalg.eigh(x)",
    "scipy.linalg.svd": "write np.linalg.svd(x)",
    "scipy.linalg.qr": "write np.linalg.qr(x)",
    "scipy.linalg.norm": "write np.linalg.norm(x)",
    "scipy.linalg.pinv": "write np.linalg.pinv(x)",
    "scipy.linalg.lstsq": "write np.linalg.lstsq(a, b)",
    "scipy.linalg.sqrtm": "of a symmetric matrix: w, V = np.linalg.eigh(x); V * np.sqrt(w) @ V.T",
    "scipy.linalg.logm": "of a symmetric matrix: w, V = np.linalg.eigh(x); V * np.log(w) @ V.T",
    "scipy.linalg.lu": _SOLVE,
    **dict.fromkeys(
        (".logpdf", ".pdf", ".cdf", ".logcdf", ".logpmf", ".pmf"),
        "give a distribution of scipy.stats its parameters in the call: norm.logpdf(x, loc, scale)",
    ),
    "scipy.stats.multivariate_normal.cdf": "the density has a gradient: multivariate_normal.logpdf",
    "scipy.stats.multivariate_normal.logcdf": "the density has a gradient: "
    "multivariate_normal.logpdf",
}


@frozen
class Match:
    """A gate with the author's arguments sorted into operands and static ones."""

    gate: GateDefinition
    pattern: Pattern
    operands: dict[str, ast.expr]
    literals: dict[str, ast.expr]
    statics: dict[str, ast.expr]
    rest: list[ast.expr]
    numbers: list[ast.expr]  # of a pattern's `*axes: int`


@dataclass(frozen=True)
class Mismatch:
    """Why no pattern of a known function takes the call."""

    message: str
    node: ast.AST | None = None
    help: str | None = None


def find(
    key: str,
    arguments: list[ast.expr],
    keywords: list[ast.keyword],
    is_display: Callable[[ast.expr], bool],
) -> Match | Mismatch:
    """Return the most specific gate whose pattern takes the call, or why none does.

    `is_display` tells whether an expression is a list or tuple whose items are known.
    """
    entries = BY_KEY.get(key, [])
    failure: Mismatch | None = None
    for pattern, gate in entries:
        answer = _bind(pattern, gate, arguments, keywords, is_display)
        if isinstance(answer, Match):
            return answer
        if failure is None or not any(
            a.role in ("literal", "display") for a in pattern.arguments
        ):
            failure = answer
    assert failure is not None
    return failure


def _bind(
    pattern: Pattern,
    gate: GateDefinition,
    arguments: list[ast.expr],
    keywords: list[ast.keyword],
    is_display: Callable[[ast.expr], bool],
) -> Match | Mismatch:
    match = Match(gate, pattern, {}, {}, {}, [], [])
    variable = ("rest", "numbers")
    positional = [a for a in pattern.arguments if not a.keyword_only and a.role not in variable]
    if any(a.role == "rest" for a in pattern.arguments):
        match.rest.extend(arguments[len(positional) :])
    elif any(a.role == "numbers" for a in pattern.arguments):
        match.numbers.extend(arguments[len(positional) :])
    elif len(arguments) > len(positional):
        allowed = len(positional)
        extra = arguments[allowed]
        more = INSTEAD["start"] if pattern.key == "sum" else None
        return Mismatch(
            f"{pattern.text} takes {allowed} positional argument{'s' * (allowed != 1)}",
            extra,
            "pass the others by keyword" if len(positional) < len(pattern.arguments) else more,
        )
    for argument, node in zip(positional, arguments, strict=False):
        if not _place(match, argument, node):
            return Mismatch(f"{argument.name} must be a number literal in {pattern.text}", node)
    given = {a.name for a in positional[: len(arguments)]}
    names = {a.name: a for a in pattern.arguments if not a.positional_only}
    for keyword in keywords:
        word = keyword.arg or ""
        argument_or_none = names.get(gate.also.get(word, word))
        if argument_or_none is None or argument_or_none.name in given:
            return _unknown_keyword(pattern, keyword, names)
        if not _place(match, argument_or_none, keyword.value):
            return Mismatch(f"{keyword.arg} must be a number literal", keyword.value)
        given.add(argument_or_none.name)
    for argument in pattern.arguments:
        required = argument.role in ("operand", "literal", "display", "text")
        if argument.name not in given and required:
            return Mismatch(f"{pattern.text} needs the argument {argument.name}")
        if argument.role == "display" and not is_display(match.operands[argument.name]):
            return Mismatch(
                f"{argument.name} must be a list or tuple written out, for {pattern.text}",
                match.operands[argument.name],
                f"write the {argument.name} one by one: "
                + pattern.text.split("(")[0]
                + "([a, b])",
            )
    return match


def _unknown_keyword(
    pattern: Pattern, keyword: ast.keyword, names: dict[str, Argument]
) -> Mismatch:
    if keyword.arg is None:
        return Mismatch("`**` in a call is not supported yet", keyword, "write the keywords out")
    if keyword.arg in names:
        return Mismatch(f"the argument {keyword.arg} is given twice", keyword)
    allowed = [a.name for a in pattern.arguments if a.role in ("static", "optional")]
    near = difflib.get_close_matches(keyword.arg, allowed, 1)
    if keyword.arg in INSTEAD:
        way_out = INSTEAD[keyword.arg]
    elif near:
        way_out = f"did you mean `{near[0]}`?"
    elif allowed:
        way_out = "the keywords that have a gradient are " + ", ".join(allowed)
    else:
        way_out = "leave the keyword out, or pass the argument by position"
    name = pattern.key.removeprefix(".").replace("numpy.", "np.").partition("[")[0]
    return Mismatch(f"{name} with `{keyword.arg}=` has no gradient rule", keyword, way_out)


def _place(match: Match, argument: Argument, node: ast.expr) -> bool:
    if argument.role == "literal":
        if not is_number(node):
            return False
        match.literals[argument.name] = node
    elif argument.role in ("static", "text"):
        match.statics[argument.name] = node
    else:
        match.operands[argument.name] = node
    return True


def is_number(node: ast.expr) -> bool:
    """True for a real number literal, with or without a sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        node = node.operand
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    )


def nearest(name: str) -> str | None:
    """Return the known function whose name is nearest to an unknown one."""
    last = name.rsplit(".", 1)[-1]
    by_last: dict[str, str] = {}
    for key in sorted({*BY_KEY, *SEVERAL}):
        if (key[0].isalpha() or key[0] == ".") and "[" not in key:
            by_last.setdefault(key.rsplit(".", 1)[-1], key)
    swapped = [name for name in sorted(by_last) if sorted(name) == sorted(last)]
    near = swapped or difflib.get_close_matches(last, sorted(by_last), 1, 0.6)
    if not near:
        return None
    same_library = f"{name.split('.', maxsplit=1)[0]}.{near[0]}"
    return same_library if same_library in BY_KEY else by_last[near[0]]
