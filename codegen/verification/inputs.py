"""Which inputs is a function tried on? Its examples, or random ones of the known shapes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from codegen.pipeline import Parameter
from codegen.verification.author import Arguments, Author, in_words
from codegen.verification.trees import as_float64, is_array, map_leaves

# Sizes of named dimensions: small, and no two alike, so that a mixed-up axis is an error.
SIZES = (3, 4, 5, 2, 6, 7, 8, 9)
STAR = (2, 3)
# Domains of functions differ (log, arcsin, arccosh): the sizes of numbers, and whether with signs.
RANGES = (
    (0.3, 1.7, True),
    (0.3, 1.7, False),
    (0.4, 1.6, True),
    (0.1, 0.9, False),
    (1.2, 2.5, False),
)
NUDGES = 3

Sizes = dict[str, tuple[int, ...]]


class NoInputsError(Exception):
    """No inputs can be made; the message says why."""


def example_candidates(author: Author, text: str) -> Iterator[Arguments]:
    """Yield the arguments of an example call, then some that are about 1 % away from it.

    An example may stand on a kink: zeros, equal numbers. Raises NoInputsError if the text does
    not give arguments that the function takes.
    """
    author.seed()
    try:
        call = eval(f"_arguments({text}\n)", {**author.namespace, "_arguments": _arguments})
        bound = author.signature.bind(*call[0], **call[1])
    except Exception as error:
        raise NoInputsError(f"the example ({text}) raises {in_words(error)}") from error
    bound.apply_defaults()
    yield dict(bound.arguments)
    for seed in range(NUDGES):
        yield _nudged(bound.arguments, author.report.wrt, np.random.default_rng(seed))


def random_candidates(author: Author, seed: int) -> Iterator[Arguments]:
    """Yield arguments of the shapes that are known; the same ones in every run.

    Dimension names are bound to one size each. Parameters with defaults keep them, or are near
    them. Raises NoInputsError where a kind or shape is not known.
    """
    parameters = author.report.parameters
    signature = author.signature.parameters.values()
    defaults = {p.name: p.default for p in signature if p.default is not p.empty}
    wrt = author.report.wrt
    drawn = [p for p in parameters if defaults.get(p.name) is None and _must_draw(p, wrt, defaults)]
    for sizes in _size_choices(drawn):
        for attempt, numbers in enumerate(RANGES):
            rng = np.random.default_rng([seed, attempt])
            near = [name for name in defaults if name in wrt] if attempt else []
            arguments = _nudged(defaults, near, rng)
            for parameter in drawn:
                used = parameter.name in wrt
                arguments[parameter.name] = _Draw(sizes, attempt, numbers, rng).value(
                    parameter, used
                )
            yield {parameter.name: arguments[parameter.name] for parameter in parameters}


def _arguments(*positional: Any, **keywords: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return positional, keywords


def _must_draw(parameter: Parameter, wrt: Collection[str], defaults: Arguments) -> bool:
    return parameter.name not in defaults or parameter.name in wrt


def _nudged(arguments: Arguments, names: Collection[str], rng: np.random.Generator) -> Arguments:
    """Return arguments whose named entries are moved by about 1 %, as floats."""

    def move(leaf: Any) -> Any:
        leaf = as_float64(leaf)
        if not is_array(leaf) and not (isinstance(leaf, float)):
            return leaf
        shift = 0.01 * rng.uniform(0.5, 1.5, np.shape(leaf)) * rng.choice((-1, 1), np.shape(leaf))
        moved = leaf + shift * np.maximum(np.abs(leaf), 1)
        return moved if is_array(leaf) else float(moved)

    return {
        name: map_leaves(move, tree) if name in names else tree for name, tree in arguments.items()
    }


def _size_choices(parameters: list[Parameter]) -> Iterator[Sizes]:
    """Yield ways to bind dimension names to sizes.

    In `x: "N *S", w: "D M"` one name may stand for the product of the starred ones, after a
    reshape; that cannot be read from the shapes, so each is tried.
    """
    entries = [e for p in parameters for e in p.shape or () if isinstance(e, str)]
    plain = [entry for entry in dict.fromkeys(entries) if entry.isidentifier()]
    stars = [entry for entry in dict.fromkeys(entries) if entry.startswith("*")]
    more = itertools.chain(SIZES, itertools.count(10))
    sizes: Sizes = {name: (size,) for name, size in zip(plain, more, strict=False)}
    sizes |= dict.fromkeys(stars, STAR)
    yield sizes
    for name in plain if stars else ():
        yield sizes | {name: (math.prod(STAR),)}


class _Draw:
    """Draws the values of one attempt."""

    def __init__(
        self,
        sizes: Sizes,
        attempt: int,
        numbers: tuple[float, float, bool],
        rng: np.random.Generator,
    ) -> None:
        self.sizes = sizes
        self.attempt = attempt
        self.low, self.high, self.signed = numbers
        self.rng = rng

    def value(self, parameter: Parameter, differentiated: bool) -> Any:
        """Return a value of the parameter's kind, shape and dtype."""
        name, kind = parameter.name, parameter.kind
        if kind == "list" and parameter.shape is None:
            return self.entries("float", (3 + self.attempt % 3,), True).tolist()
        if kind in ("scalar", "integer"):
            dtype = "int" if kind == "integer" else parameter.dtype
            return self.entries(dtype, (), differentiated).item()
        if kind == "other":
            raise NoInputsError(f"{name} is not a number, an array or a list")
        if parameter.shape is None:
            what = "shape" if kind == "array" else "rank"
            raise NoInputsError(f"the {what} of {name} is not known")
        values = self.entries(parameter.dtype, self.shape(parameter), differentiated)
        return values.tolist() if kind == "list" or values.ndim == 0 else values

    def entries(self, dtype: str, shape: tuple[int, ...], differentiated: bool) -> Any:
        """Return an array of numbers to differentiate, or of counts, indices or flags."""
        sign = self.rng.choice((-1, 1), shape) if self.signed else np.ones(shape, int)
        if dtype == "bool":
            return self.rng.integers(0, 2, shape).astype(bool)
        if dtype != "int":
            return self.rng.uniform(self.low, self.high, shape) * sign
        if differentiated:
            return self.rng.integers(1, 5, shape) * sign
        if shape == ():
            return np.array((2, 1, 3)[self.attempt % 3])
        # Labels and indices: in range whatever is indexed.
        smallest = min(math.prod(size) for size in self.sizes.values() or [(2,)])
        return self.rng.integers(0, smallest, shape)

    def shape(self, parameter: Parameter) -> tuple[int, ...]:
        """Return the sizes of a known shape, whose entries are ints, names or expressions."""
        plain = {name: size[0] for name, size in self.sizes.items() if len(size) == 1}
        shape: list[int] = []
        for entry in parameter.shape or ():
            if isinstance(entry, int):
                shape.append(entry)
            elif entry in self.sizes:
                shape.extend(self.sizes[entry])
            else:
                try:
                    shape.append(int(eval(entry, {"__builtins__": {}}, plain)))
                except Exception as error:
                    words = f"the dimension {entry} of {parameter.name} is not known"
                    raise NoInputsError(words) from error
        return tuple(shape)
