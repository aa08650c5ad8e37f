"""How is the author's code called? As a function of its file, or as the file itself, a script."""

from __future__ import annotations

import ast
import copy
import inspect
import math
import random
import sys
import types
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from codegen.pipeline import FunctionReport
from codegen.request import Place

Arguments = dict[str, Any]
# What a script may use unimported, and what an example's text may.
AMBIENT: Mapping[str, Any] = {"math": math, "np": np}
_GIVEN = "__given__"


class NotRunnableError(Exception):
    """The author's code could not be run; the message is for the report."""


@dataclass(frozen=True)
class Author:
    """One forward function: `function` takes what `signature` says."""

    report: FunctionReport
    function: Callable[..., Any]
    signature: inspect.Signature
    namespace: Mapping[str, Any]

    def bind(self, arguments: Arguments) -> inspect.BoundArguments:
        """Return arguments by name as a call, which the gradient function takes too."""
        return inspect.BoundArguments(self.signature, OrderedDict(arguments))

    def outputs(self, arguments: Arguments) -> list[Any]:
        """Return the picked outputs, one for each of `report.of`; arguments are not changed.

        Raises what the author's code raises.
        """
        outputs, _ = self.outcome(arguments)
        return outputs

    def outcome(self, arguments: Arguments) -> tuple[list[Any], Arguments]:
        """Return the picked outputs, and what the function leaves of copies of its arguments."""
        own = copy.deepcopy(arguments)
        bound = self.bind(own)
        self.seed()
        returned = self.function(*bound.args, **bound.kwargs)
        report = self.report
        if report.picked is not None:
            outputs = [_at(returned, at) for at in report.picked]
        else:
            outputs = [] if returned is None else [returned]
        # What is written in place comes after what is returned.
        return outputs + [own[name] for name in report.of[len(outputs) :]], own

    def seed(self) -> None:
        """Make the next evaluation draw what the last one drew."""
        if self.report.draws_random:
            np.random.seed(0)
            random.seed(0)


def _at(returned: Any, place: Place) -> Any:
    for one in place if isinstance(place, tuple) else (place,):
        returned = returned[one]
    return returned


def run_file(path: str | None, source: str) -> dict[str, Any]:
    """Run a forward file as a module that is not `__main__` and return its namespace.

    The text run is `source`, which the gradient was made from. Raises NotRunnableError.

    >>> run_file(None, "two = 2")["two"]
    2
    """
    name = "forward" if path is None else Path(path).stem
    module = types.ModuleType(name)
    module.__file__ = path or "<stdin>"
    # Where dataclasses and pickle look a class's module up.
    sys.modules.setdefault(name, module)
    try:
        exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        raise NotRunnableError(f"running the file raises {in_words(error)}") from error
    return module.__dict__


def function_of_file(report: FunctionReport, namespace: dict[str, Any]) -> Author:
    """Return the function of that name in a namespace that `run_file` gave."""
    function = namespace.get(report.name)
    if not callable(function):
        raise NotRunnableError(f"running the file leaves no function {report.name}")
    return Author(report, function, inspect.signature(function), {**AMBIENT, **namespace})


def script(report: FunctionReport, source: str) -> Author:
    """Return a script as a function of its inputs, which replace what it assigns them first.

    The statements after the last that assigns an output (a hand-written gradient) are not run.

    >>> from codegen.pipeline import Parameter
    >>> x = Parameter("x", "scalar")
    >>> report = FunctionReport("square", "square_grad", (x,), ("x",), ("y",), ("dy",), None)
    >>> script(report, "x = 3; y = x * x; dx = 2 * x").outputs({"x": 5.0})
    [25.0]
    """
    body = ast.parse(source).body
    last = max((at for at, node in enumerate(body) if _assigned(node) & set(report.of)), default=-1)
    inputs = [parameter.name for parameter in report.parameters]
    waiting = set(inputs)
    run: list[ast.stmt] = []
    for node in body[: last + 1]:
        given = sorted(_assigned(node) & waiting)
        waiting -= set(given)
        run += [node, *ast.parse("\n".join(f"{name} = {_GIVEN}[{name!r}]" for name in given)).body]
    code = compile(ast.Module(run, []), "<script>", "exec", dont_inherit=True)

    def function(*values: Any) -> Any:
        given = dict(zip(inputs, values, strict=True))
        namespace = {**AMBIENT, "__name__": report.name, _GIVEN: given}
        exec(code, namespace)
        outputs = tuple(namespace[name] for name in report.of)
        return outputs[0] if report.picked is None else outputs

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    signature = inspect.Signature([inspect.Parameter(name, kind) for name in inputs])
    return Author(report, function, signature, AMBIENT)


def in_words(error: BaseException) -> str:
    """Return an exception on one line.

    >>> in_words(ValueError("no  number"))
    'ValueError: no number'
    """
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _assigned(node: ast.stmt) -> set[str]:
    """Return the names that a statement of straight-line code assigns."""
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return {name.id for name in names}
