"""The whole compiler as one function."""

from __future__ import annotations

from collections.abc import Sequence

from codegen.pipeline import compile_source
from codegen.request import Options
from codegen.source import Source


def generate(
    source: str,
    *,
    filename: str = "<string>",
    functions: Sequence[str] | None = None,
    wrt: Sequence[str] | None = None,
    of: Sequence[str] | None = None,
    style: str = "joint",
    target: str = "numpy",
    returns: str = "both",
    jacobian: str | None = None,
    debug: bool = False,
    rules: Sequence[str] = (),
) -> str:
    r"""Return the gradient module of a forward file's text, without a header.

    `functions`, `wrt` and `of` are names (default: as the flags `-f`, `--wrt`, `--of`);
    `filename` is the name that the text and its problems show. `style`, `target`, `returns`,
    `jacobian` and `debug` are what these flags say; `rules` are texts of files of rules. Nothing is
    imported or run.

    Raises CodegenError, a SyntaxError with `.problems`, for what is not supported.

    >>> text = generate("def f(x: float, y: float):\n    return x * y\n")
    >>> namespace = {}
    >>> exec(text, namespace)
    >>> namespace["f_grad"](2.0, 3.0)
    (6.0, (3.0, 2.0))
    """
    options = Options(
        functions=None if functions is None else tuple(functions),
        wrt=None if wrt is None else tuple(wrt),
        of=None if of is None else tuple(of),
        style=style,
        target=target,
        returns=returns,
        jacobian=jacobian,
        debug=debug,
        rules=tuple(Source.from_text(text, f"<rules {n}>") for n, text in enumerate(rules, 1)),
    )
    return compile_source(Source.from_text(source, filename), options).text
