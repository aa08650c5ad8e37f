"""How is a method of a class called? As a function of its inputs and of its object's attributes."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from codegen.request import FunctionReport
from codegen.verification.author import AMBIENT, Author, NotRunnableError, in_words

OBJECT = "self"  # in the texts of attributes


def method_of_file(report: FunctionReport, namespace: dict[str, Any]) -> Author:
    """Return a method of a class in a namespace that `run_file` gave, as a function."""
    of = _of(report)
    made = _made(report, namespace)
    method = getattr(type(made), of.method)
    inputs = [*inspect.signature(method).parameters.values()][1:]
    given = [p.replace(annotation=inspect.Parameter.empty) for p in inputs]
    for name, text in of.attributes:
        default = eval(text, {OBJECT: made})
        given.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default))

    def function(*positional: Any, **keywords: Any) -> Any:
        own = _with_attributes(made, report, keywords)
        return getattr(own, of.method)(*positional, **keywords)

    known = {**AMBIENT, **namespace}
    return Author(report, function, inspect.Signature(given), known)


def method_gradient(report: FunctionReport, names: dict[str, Any]) -> Callable[..., Any] | None:
    """Return a function that takes inputs, attributes and cotangents, as in joint style."""
    of = _of(report)
    if report.name not in names:
        return None
    made = _made(report, names)

    def call(*positional: Any, **keywords: Any) -> Any:
        own = _with_attributes(made, report, keywords)
        cotangents = [keywords.pop(name, None) for name in report.cotangents]
        if of.is_loss:
            pairs = zip(report.cotangents, cotangents, strict=True)
            keywords |= {name: given for name, given in pairs if given is not None}
            *values, grads = getattr(own, of.method)(*positional, **keywords)
            value, inputs = values[0], values[1:]
        else:
            grads = None
            value = getattr(own, of.method)(*positional, **keywords)
            if len(cotangents) == 1 and cotangents[0] is None:
                cotangents = [np.ones(np.shape(value)) if np.ndim(value) else 1.0]
            back = own.backward(*cotangents)
            inputs = [] if back is None else list(back) if isinstance(back, tuple) else [back]
        found = dict(of.gradients)
        gradients = []
        for name in report.wrt:
            if name in found:
                gradients.append(eval(found[name], {OBJECT: own, "grads": grads}))
            else:
                gradients.append(inputs.pop(0))
        return value, gradients[0] if len(gradients) == 1 else tuple(gradients)

    return call


def _of(report: FunctionReport) -> Any:
    assert report.of_class is not None
    return report.of_class


def _made(report: FunctionReport, namespace: dict[str, Any]) -> Any:
    of = _of(report)
    if not of.made:
        call = f"{report.name}(...).{of.method}(...)"
        raise NotRunnableError(
            f"how an object is made is not known; add above its def '# codegen: example {call}'"
        )
    np.random.seed(0)
    try:
        return eval(of.made, {**AMBIENT, **namespace})
    except Exception as error:
        raise NotRunnableError(f"the example ({of.made}) raises {in_words(error)}") from error


def _with_attributes(made: Any, report: FunctionReport, keywords: dict[str, Any]) -> Any:
    """Return a copy of an object with the attributes that are among the keywords, taken off."""
    own = copy.deepcopy(made)
    for name, text in _of(report).attributes:
        if name in keywords:
            exec(f"{text} = value", {OBJECT: own, "value": keywords.pop(name)})
    return own
