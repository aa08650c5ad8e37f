"""`codegen.grad`: from a function, or text, to its gradient function, without a file."""

from __future__ import annotations

import functools
import hashlib
import inspect
import linecache
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from codegen import pipeline
from codegen.gradient_checks import Promises
from codegen.gradient_source import source_of
from codegen.source import Source


class GradientFunction(Protocol):
    """A gradient function; `source` is the text of the module that it was made from."""

    source: str
    __name__: str

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Return (value, gradients), as a generated file's function of joint style does."""


def grad(
    f: Callable[..., Any] | str,
    wrt: str | Sequence[str] | None = None,
    *,
    of: str | Sequence[str] | None = None,
) -> GradientFunction:
    """Return the gradient function of a function, or of the only one in a text.

    `f` is a function made by a top-level `def` whose source can be found (a file, a notebook cell,
    the prompt of Python 3.13), or the text of a forward file, which must hold one function to
    differentiate or be a script. `wrt` names the inputs to differentiate and `of` the returned
    values, "x,y" or ["x", "y"]; without them the defaults are those of a file.

    The result takes what `f` takes, then cotangents, and returns (value, gradients). Each call
    checks what a file only documents: TypeError for a declared scalar that is none and for arrays
    that are not plain real ndarrays; ValueError for shapes that differ from the annotated ones or
    from each other, and for a cotangent of another shape than the value's.

    Its `source` is the module's text, whose lines are in tracebacks too. What the text of `f` does
    not define, but `f` sees (a notebook's other cells), is taken from where `f` sees it, once: what
    is assigned later is not noticed.

    Raises CodegenError where the compiler refuses; TypeError for what has no `def` of its own to
    read (lambdas, methods, built-ins, nested and decorated functions); ValueError for a text with
    several functions.
    """
    if isinstance(f, str):
        source, name = Source.from_text(f, "<string>"), None
    else:
        source, name = source_of(f)
    options = pipeline.Options(
        functions=None if name is None else (name,), wrt=_names(wrt), of=_names(of)
    )
    generated = pipeline.compile_source(source, options)
    functions = [report for report in generated.functions if report.of_class is None]
    reports = [report for report in functions if name in (None, report.name)]
    if len(reports) != 1:
        found = ", ".join(report.name for report in reports) or "none"
        raise ValueError(
            f"the text must hold one function to differentiate, and it has: {found}; "
            "give the function itself to codegen.grad, or mark the others '# codegen: skip'"
        )
    return _function(generated.text, reports[0])


def _names(names: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return (
        tuple(name.strip() for name in names.split(",")) if isinstance(names, str) else tuple(names)
    )


def _function(text: str, report: pipeline.FunctionReport) -> GradientFunction:
    """Run a gradient module and return its function, with the checks in front."""
    filename = _remember(text, report.gradient_name)
    namespace: dict[str, Any] = {"__name__": "codegen.generated", "__file__": filename}
    # `dont_inherit`: this file's own future imports are not the generated text's.
    exec(compile(text, filename, "exec", dont_inherit=True), namespace)
    gradient: Callable[..., Any] = namespace[report.gradient_name]
    signature = inspect.signature(gradient)
    promises = Promises(report, signature)

    @functools.wraps(gradient)
    def checked(*arguments: Any, **keywords: Any) -> Any:
        try:
            bound = signature.bind(*arguments, **keywords)
        except TypeError:
            return gradient(*arguments, **keywords)  # which says what is missing, in its own name
        promises.check_inputs(bound.arguments)
        returned = gradient(*bound.args, **bound.kwargs)
        promises.check_cotangents(bound.arguments, returned[0])
        return returned

    function = cast(GradientFunction, checked)
    function.source = text
    return function


def _remember(text: str, name: str) -> str:
    """Give a text a file name under which tracebacks and debuggers find its lines."""
    filename = f"<codegen {name} {hashlib.sha256(text.encode()).hexdigest()[:8]}>"
    # No time of change: `linecache.checkcache` looks for no file then, and keeps the entry.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    return filename
