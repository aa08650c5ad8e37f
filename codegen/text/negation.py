"""The text of the opposite of a test."""

from __future__ import annotations

import ast

OPPOSITE: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}


def negated(test: str) -> str:
    """Return the test that holds where another does not; `<` has no opposite, for the sake of nan.

    >>> negated("j == y[i]"), negated("x is None"), negated("done"), negated("x < 0")
    ('j != y[i]', 'x is not None', 'not done', 'not (x < 0)')
    """
    if test.isidentifier():
        return f"not {test}"
    if test.isascii() and "\n" not in test:
        match ast.parse(test, mode="eval").body:
            case ast.UnaryOp(ast.Not(), ast.Name(name)):
                return name
            case ast.Compare(left, [operator], [right]) if type(operator) in OPPOSITE:
                word, other = OPPOSITE[type(operator)]
                start, end = left.end_col_offset, right.col_offset
                if test[start:end].strip() == word:
                    return f"{test[:start]} {other} {test[end:]}"
    return f"not ({test})"
