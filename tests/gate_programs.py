"""The one-line programs that users write, one for each pattern and test point of a gate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen import gates
from codegen.gates.declare import GATES, GateDefinition, Point, at
from codegen.gates.pattern import Argument, Pattern
from codegen.gates.points import GRID
from codegen.templating import has_helper, helper_text

assert gates.__all__  # importing the package registers the families

LARGEST = "np.max(x, axis=None, keepdims=False)"  # for MAX in a composite's spelling

# Gates that have neither a pattern nor a spelling of their own: the text that makes one.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "alias": ("x",),
    "section": (
        "np.split(x, 3)[0]",
        "np.split(x, 3, axis=-1)[1]",
        "np.split(x, 3, -1)[2]",
        "np.array_split(x, 2)[0]",
        "np.array_split(x, 2, axis=-1)[1]",
        "np.array_split(x, 4, -1)[2]",
    ),
    "mesh": (
        "np.meshgrid(x, y)[0]",
        "np.meshgrid(y, x)[1]",
        "np.meshgrid(x, y, indexing='ij')[0]",
        "np.meshgrid(y, x, indexing='ij')[1]",
        "np.meshgrid(y, y, x)[2]",
        "np.meshgrid(x, y, sparse=True)[0]",
        "np.meshgrid(y, x, sparse=True, indexing='ij')[1]",
    ),
    "broadcast": (
        "np.broadcast_arrays(x, y)[0]",
        "np.broadcast_arrays(y, x)[1]",
        "np.broadcast_arrays(y, x, y)[1]",
    ),
    "lu_solve": ("scipy.linalg.lu_solve((lu, np.array(pivots)), b)",),
    "cho_solve": (
        "scipy.linalg.cho_solve((c, True), b)",
        "scipy.linalg.cho_solve((c, False), b)",
    ),
    "maximum_half": (
        "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))",
        "np.log(1 + np.exp(-abs(x))) + np.maximum(0.0, x)",
        "np.maximum(0, -x) - 1 + np.log1p(np.exp(-np.abs(x)))",
    ),
}
WITH_INDEX_ARRAYS = (
    "take_along_axis",
    "take_along_axis_grad",
    "taken_once_grad",
)  # numpy takes no list for their whole numbers
SPELLINGS |= {
    "astype_or_kept": ("x.astype(float, copy=False)",),
    "normalized": (
        "(x - np.mean(x, axis=None, keepdims=False))"
        " / np.sqrt(np.var(x, axis=None, keepdims=False) + 25.0)",
        "(x - x.mean(axis=None, keepdims=False)) / np.sqrt(25 + np.mean("
        "(x - x.mean(axis=None, keepdims=False)) ** 2, axis=None, keepdims=False))",
    ),
    "shifted": (
        "y = x - np.max(x, axis=None, keepdims=False); "
        "y - np.log(np.sum(np.exp(y), axis=None, keepdims=False))",
    ),
    "log_shares": ("z = np.sum(np.exp(x), axis=None, keepdims=False); x - np.log(z)",),
    "log_shares_of": ("z = np.log(np.sum(np.exp(x), axis=None, keepdims=False)); x - z",),
    "pad_by": ("np.pad(x, (np.ndim(x), pad_width))",),
}
SPELLED_POINTS: dict[str, tuple[Point, ...]] = {"alias": (at(GRID), at(0.3))}

# The literals that stand for the capital letters of a pattern.
LITERALS: dict[str, tuple[str, ...]] = {
    "power_literal": ("0", "1", "2", "3", "0.5", "-1", "-2", "2.5"),
    "math_power_literal": ("0", "1", "2", "0.5", "-1", "2.5"),
    "reciprocal": ("1", "1.0", "-2", "2.5", "0"),
}
OTHER_LITERALS = ("0", "0.0", "1", "-0.5", "2.5")

# How the parameters of a program are declared.
TYPINGS = ("unannotated", "named", "anonymous", "sized", "array")

# The expression as it is; with a result that has no name; with operands that have none.
FORMS = ("alone", "folded", "inner")
SHRINK = 0.875  # exact in binary, so that ties stay ties

SIZES = {0: "Z", 1: "1", 2: "N", 3: "D", 4: "M", 5: "K", 6: "L"}

Value = Any


@dataclass(frozen=True)
class Program:
    """A forward file with one function `f`, and the inputs of one test point."""

    text: str
    parameters: tuple[str, ...]
    inputs: tuple[Value, ...]
    wanted: tuple[int, ...]  # the parameters that have a gradient
    holomorphic: bool
    factor: float  # what the gate's slopes are multiplied by
    gate: str
    point: Point
    literal: str | None
    form: str
    label: str


def differentiable() -> list[GateDefinition]:
    """Return all gates that have a gradient, in order of their declaration."""
    return [gate for gate in GATES.values() if gate.differentiable]


def patterns(gate: GateDefinition) -> tuple[Pattern, ...]:
    """Return a gate's patterns; a spelling is a pattern of kind "spelled"."""
    if gate.patterns:
        return gate.patterns
    texts = gate.spellings or SPELLINGS.get(gate.name, ())
    assert texts, f"gate {gate.name} has no pattern: give its spellings in tests/gate_programs.py"
    arguments = (
        *(Argument(n, "operand") for n in gate.operands if _has(texts[0], n)),
        *(Argument(n, "static") for n in gate.spelled_statics),
    )
    texts = tuple(t.replace("MAX", LARGEST) for t in texts)
    return tuple(Pattern(t, "", "spelled", arguments) for t in texts)


def _has(text: str, name: str) -> bool:
    return re.search(rf"(?<![.\w]){name}\b", text) is not None


def points(gate: GateDefinition, pattern: Pattern) -> list[Point]:
    """Return the points that fit a pattern."""
    declared = gate.points or SPELLED_POINTS.get(gate.name, ())
    assert declared, f"gate {gate.name} has no test points"
    return [p for p in declared if p.only in (None, pattern.text)]


def literals(gate: GateDefinition, pattern: Pattern) -> tuple[str | None, ...]:
    """Return the texts to put for a pattern's literal; (None,) if it has none."""
    if any(a.role == "literal" for a in pattern.arguments):
        return LITERALS.get(gate.name, OTHER_LITERALS)
    return (None,)


def value_of(operand: Value) -> Value:
    """Return a point's operand as what a user passes: a number, or an array."""
    if isinstance(operand, tuple):
        return np.array(operand)
    return operand


def _takes(pattern: Pattern, operands: tuple[Value, ...]) -> bool:
    """True unless Python itself has no such operation for these operands."""
    arrays = [isinstance(o, (np.ndarray, list)) for o in operands]
    if pattern.key.endswith(ALONG_FIRST_AXIS):
        return np.ndim(operands[0]) > 0
    if pattern.kind in ("method", "attribute"):
        return arrays[0]
    if goes_through_an_array(pattern) or pattern.key in ("@", *OF_ARRAYS):
        return all(arrays)
    if pattern.library == "math" or pattern.key in ("max", "min"):
        return not any(arrays)
    takes_several = any(a.role in ("rest", "display") for a in pattern.arguments)
    return pattern.key != "sum" or takes_several


ALONG_FIRST_AXIS = (".reduce", ".accumulate")  # a number has none
OF_ARRAYS = ("math.fsum", "math.prod", "math.dist")


def goes_through_an_array(pattern: Pattern) -> bool:
    """True for `sum(x)` and the like, which take a list or an array."""
    operands = [a for a in pattern.arguments if a.role == "operand"]
    return pattern.key in ("sum", "max", "min") and len(operands) == len(pattern.arguments) == 1


def _is_empty_tuple(operand: Value) -> bool:
    return isinstance(operand, tuple) and not operand


INFINITE_AT = {"arcsin": (-1, 1), "arccos": (-1, 1), "arccosh": (1,), "sqrt": (0,), "cbrt": (0,)}


def has_slope(gate: GateDefinition, literal: str | None, values: tuple[Value, ...]) -> bool:
    """False for the square root of 0 and the like, whose slope is infinite."""
    places = INFINITE_AT.get(gate.name, ())
    if gate.name in ("power_literal", "math_power_literal") and literal == "0.5":
        places = (0,)
    return not np.isin(values[0], places).any()


def is_parameter(operand: Value) -> bool:
    """False for a point's ints, which are sizes or axes and stand in the program's text."""
    return not _is_empty_tuple(operand) and np.asarray(operand).dtype.kind in "fb"


def call_text(pattern: Pattern, names: list[str], point: Point, literal: str | None) -> str:
    """Return a pattern's expression with `names` for the operands and the point's statics."""
    if pattern.kind in ("operator", "attribute", "spelled"):
        text = pattern.text
        if literal is not None:
            text = re.sub(r"\b[A-Z]\b", literal, text)
        own = [a.name for a in pattern.arguments if a.role == "operand"]
        for old, new in zip(own, names, strict=True):
            text = re.sub(rf"(?<![.\w]){old}\b", new, text)
        for name, value in point.statics:
            text = re.sub(rf"{name}=\w+", f"{name}={value}", text)
        return text
    head = pattern.text.split("(")[0]
    waiting = list(names)
    given: list[str] = []
    statics = dict(point.statics)
    for number, argument in enumerate(pattern.arguments):
        if argument.role == "operand" or (argument.role == "optional" and waiting):
            name = waiting.pop(0)
            if any(a.role == "static" for a in pattern.arguments[:number]):
                name = f"{argument.name}={name}"
            if pattern.kind == "method" and number == 0:
                head = head.replace(head.split(".")[0], name, 1)
            else:
                given.append(name)
        elif argument.role in ("rest", "display"):
            items = ", ".join(waiting)
            given.append(items if argument.role == "rest" else f"[{items}]")
            waiting = []
        elif argument.role == "display":
            given.append(f"[{', '.join(waiting)}]")
            waiting = []
        elif argument.role == "numbers":
            given += map(str, statics.pop(argument.name, ()))
        elif argument.role == "literal":
            given.append(str(literal))
        elif argument.name in statics:
            shown = statics.pop(argument.name)
            shown = shown if isinstance(shown, str) else repr(shown)
            given.append(shown if argument.positional_only else f"{argument.name}={shown}")
    assert not statics, f"{pattern.text} has no argument {', '.join(statics)}"
    if pattern.kind == "read":
        return f"{head.split('[')[0]}{given[0] if len(names) > 1 else f'[{names[0]}]'}"
    item = f"[{pattern.text.rpartition('[')[2]}" if pattern.kind == "item" else ""
    return f"{head}({', '.join(given)}){item}"


def annotation(operand: Value, typing: str) -> str:
    """Return `: Float[np.ndarray, "N D"]` and the like; "" where nothing is declared."""
    if typing == "unannotated":
        return ""
    if isinstance(operand, list):
        return ": list[float]"
    if not isinstance(operand, np.ndarray):
        return f": {type(operand).__name__}"
    if typing == "array":
        return ": np.ndarray"
    words = {
        "named": [SIZES[n] for n in operand.shape],
        "anonymous": ["_"] * operand.ndim,
        "sized": [str(n) for n in operand.shape],
    }[typing]
    kind = {"f": "Float", "b": "Bool", "i": "Int"}[operand.dtype.kind]
    return f': {kind}[np.ndarray, "{" ".join(words)}"]'


def helpers_in(text: str) -> list[str]:
    """Return the helpers of ours that a program calls, and those that they call."""
    found: dict[str, None] = {}
    for name in re.findall(r"(?<![.\w])_\w+(?=\()", text):
        if has_helper(name):
            found |= dict.fromkeys(helpers_in(helper_text(name).partition("\n")[2]))
            found[name] = None
    return list(found)


def taken_as_scalars(pattern: Pattern) -> bool:
    """True where nothing in the expression shows that its operands are arrays."""
    if pattern.kind == "operator":
        return pattern.key != "@"
    if pattern.kind == "function":
        is_numpy = "." in pattern.key or has_helper(pattern.key)
        return not is_numpy and not goes_through_an_array(pattern)
    return pattern.kind == "spelled" and "np." not in pattern.text


def build(
    gate: GateDefinition,
    pattern: Pattern,
    point: Point,
    literal: str | None,
    typing: str,
    form: str,
    operands: tuple[Value, ...] | None = None,
) -> Program:
    """Return the program; `form` is one of FORMS.

    Unannotated operands of an operator are taken as scalars; in programs on arrays `np.negative`
    around the expression shows that they are not.
    """
    values = tuple(map(value_of, point.operands)) if operands is None else operands
    own = gate.operands
    names = [own[i] if i < len(own) else f"{own[-1]}{i}" for i in range(len(values))]
    free = [i for i, operand in enumerate(point.operands) if is_parameter(operand)]
    texts = [n if i in free else repr(point.operands[i]) for i, n in enumerate(names)]
    if gate.name in WITH_INDEX_ARRAYS:
        places = [gate.role_of(i) in gate.indices for i in range(len(texts))]
        texts = [f"np.array({t})" if a else t for t, a in zip(texts, places, strict=True)]
    factor = 1.0
    if form == "inner":
        texts = [
            f"({SHRINK} * {text})" if i in free and not _mask(values[i]) else text
            for i, text in enumerate(texts)
        ]
        factor = SHRINK
    before, _, expression = call_text(pattern, texts, point, literal).rpartition("; ")
    array = any(isinstance(v, np.ndarray) for v in values)
    if form == "folded":
        expression = f"3 * ({expression})"
        factor = 3.0
    if typing == "unannotated" and array and taken_as_scalars(pattern):
        expression = f"np.negative({expression})"
        factor = -factor
    parameters = [(names[i], values[i]) for i in free]
    declared = ", ".join(n + annotation(v, typing) for n, v in parameters)
    named = f"    {before}\n" if before else ""
    if gate.name == "alias":
        named, expression = f"    y = {texts[0]}\n", expression.replace(texts[0], "y")
    text = f"def f({declared}):\n{named}    return {expression}\n"
    imports = [f"import {library}" for library in ("math",) if f"{library}." in text]
    imports += sorted({f"import {path}" for path in re.findall(r"scipy\.\w+", text)})
    if "np." in text:
        imports.append("import numpy as np")
    if "[np.ndarray" in text:
        imports.append("from jaxtyping import Bool, Float, Int")
    carried = helpers_in(text)
    if carried and "import numpy as np" not in imports:
        imports.append("import numpy as np")
    text = "\n\n\n".join([*(helper_text(name) for name in carried), text])
    if imports:
        text = "\n".join(imports) + "\n\n\n" + text
    wanted = tuple(
        place
        for place, i in enumerate(free)
        if (gate.variadic or i not in gate.without_gradient) and not _mask(values[i])
    )
    return Program(
        text,
        tuple(n for n, _ in parameters),
        tuple(v for _, v in parameters),
        wanted,
        gate.holomorphic,
        factor,
        gate.name,
        point,
        literal,
        form,
        f"{gate.name}, {typing}: {text.splitlines()[-1].strip()} at {point}",
    )


def _is_array(operand: Value) -> bool:
    return isinstance(operand, np.ndarray)


def _mask(operand: Value) -> bool:
    return np.asarray(operand).dtype == bool


def list_programs(gate: GateDefinition, forms: tuple[str, ...] = FORMS) -> Iterator[Program]:
    """Yield the programs of a gate that takes a list of numbers, on lists; none of another gate."""

    def listed(operand: Value) -> Value:
        return operand.tolist() if np.ndim(operand) == 1 else operand

    forms = tuple(form for form in forms if form != "inner")  # `0.875 * w` is no list
    for program in programs(gate, "named", forms, listed) if gate.sequences else ():
        if isinstance(program.inputs[0], list):
            yield program


def programs(
    gate: GateDefinition,
    typing: str,
    forms: tuple[str, ...] = FORMS,
    change: Callable[[Value], Value] | None = None,
) -> Iterator[Program]:
    """Yield every program of a gate in one typing, with the operands changed by `change`."""
    for pattern in patterns(gate):
        for literal in literals(gate, pattern):
            for point in points(gate, pattern):
                values = tuple(map(value_of, point.operands))
                if change is not None:
                    values = tuple(
                        change(v) if is_parameter(operand) else v
                        for operand, v in zip(point.operands, values, strict=True)
                    )
                if typing == "unannotated" and gate.neutral and any(map(_is_array, values)):
                    continue  # nothing shows that they are arrays
                if _takes(pattern, values) and has_slope(gate, literal, values):
                    for form in forms:
                        yield build(gate, pattern, point, literal, typing, form, values)
