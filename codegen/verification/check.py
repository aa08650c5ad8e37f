"""Is one gradient function right? Its numbers, and everything else that a call promises."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codegen.gradient_kinds import taken_for_another
from codegen.verification.author import Arguments, Author, in_words
from codegen.verification.contract import Call, Fault, Named, faults
from codegen.verification.inputs import NoInputsError, example_candidates, random_candidates
from codegen.verification.locate import Place
from codegen.verification.oracle import Estimate, largest_deviation
from codegen.verification.probe import LOST, TOLERANCE, Probe, distrust
from codegen.verification.trees import (
    Tree,
    copied,
    flatten,
    is_array,
    leaves,
    map_leaves,
    mismatch,
    restore,
)

GENERATED = "<generated gradient>"
RANDOM_POINTS = 2
VALUE_TOLERANCE = 1e-10


@dataclass(frozen=True)
class Case:
    """Cotangents as they are given to a call, and what they stand for: one tree an output."""

    given: Named
    weights: list[Tree]


@dataclass
class Findings:
    """What is known of one gradient function so far."""

    faults: dict[Fault, None] = field(default_factory=dict)  # in order, each once
    deviations: dict[str, float] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)  # "200 of 4000 entries"
    reasons: list[str] = field(default_factory=list)  # why points were not good enough
    wrong_at: Place | None = None  # of the first wrong number


class Checker:
    """Checks the gradient function of one forward function.

    `text` is the module it is in, `header_lines` what stands above it in its file.
    """

    def __init__(
        self, author: Author, gradient: Callable[..., Any], text: str, header_lines: int = 0
    ) -> None:
        self.author = author
        self.report = author.report
        self.gradient = gradient
        self.lines = text.split("\n")
        self.header_lines = header_lines
        self.found = Findings()

    def run(self) -> Findings:
        """Try examples, or else random inputs; each until finite differences can judge there."""
        for candidates in self._candidates():
            try:
                for arguments in candidates:
                    if self._point(arguments):
                        break
            except NoInputsError as error:
                self.found.reasons.append(str(error))
        return self.found

    def _candidates(self) -> Iterator[Iterator[Arguments]]:
        for text in self.report.examples:
            yield example_candidates(self.author, text)
        if not self.found.deviations and not self.report.is_script:
            for seed in range(RANDOM_POINTS):
                yield random_candidates(self.author, seed)

    def _point(self, arguments: Arguments) -> bool:
        """Check at one point; return whether finite differences could judge there."""
        try:
            outputs = self.author.outputs(arguments)
            if not _is_finite(outputs):
                self.found.reasons.append("its value is not a finite number")
                return False
            cases = self._cases(outputs)
            probe = Probe(self.author, arguments)
            judges: list[Estimate | None] = [*probe.estimates([case.weights for case in cases])]
        except Exception as error:  # noqa: BLE001 - the code is the author's
            self.found.reasons.append(f"it raises {in_words(error)}")
            return False
        words = [None if judge is None else distrust(judge, self.report.wrt) for judge in judges]
        doubts = [word for word in words if word is not None]
        if set(doubts) == {LOST} and len(doubts) < len(judges):
            # Sums of a softmax have no slope: a random cotangent has.
            judges = [None if word else judge for word, judge in zip(words, judges, strict=True)]
            doubts = []
        self.found.reasons += doubts[:1]
        if len(self.report.of) > 1:
            self._needs_a_cotangent(probe.arguments)
        given_differs = any(arguments[name] is not probe.arguments[name] for name in arguments)
        for case, judge in zip(cases, judges, strict=True):
            self._compare(probe.arguments, probe, case, None if doubts else judge)
            if given_differs:
                self._compare(arguments, probe, case, None if doubts else judge)
        if not doubts:
            self.found.samples |= probe.sampled()
        return not doubts

    def _cases(self, outputs: list[Tree]) -> list[Case]:
        """Return the cotangents to call with: none and a random one; of several, each, and all."""
        rng = np.random.default_rng(0)

        def draw(leaf: Any) -> Any:
            drawn = rng.uniform(0.5, 1.5, np.shape(leaf)) * rng.choice((-1, 1), np.shape(leaf))
            return drawn if is_array(leaf) else float(drawn)

        names = self.report.cotangents
        drawn = [map_leaves(draw, output) for output in outputs]
        every = Case(dict(zip(names, drawn, strict=True)), drawn)
        if len(names) == 1:
            ones = [map_leaves(lambda leaf: np.ones(np.shape(leaf)), outputs[0])]
            return [Case({}, ones), every]
        zeros = [map_leaves(lambda leaf: np.zeros(np.shape(leaf)), output) for output in outputs]
        alone = [
            Case({name: drawn[at]}, [*zeros[:at], drawn[at], *zeros[at + 1 :]])
            for at, name in enumerate(names)
        ]
        return [*alone, every]

    def _compare(
        self, arguments: Arguments, probe: Probe, case: Case, judge: Estimate | None
    ) -> None:
        """Make one call and compare its numbers: to full tolerance in double precision only."""
        precise = arguments is probe.arguments
        coarsest = 0.0 if precise else _coarsest(arguments)
        values, gradients = self._parts(self._call(arguments, case.given, judge is not None))
        self._compare_values(values, arguments, max(VALUE_TOLERANCE, 64 * coarsest))
        if judge is None or not gradients:
            return
        tolerance = max(TOLERANCE, coarsest**0.5)
        for at, name in enumerate(self.report.wrt):
            if mismatch(gradients[at], probe.trees[at]) is not None:
                deviation = float("inf")  # its fault is noted down with the call's
            else:
                actual = flatten(gradients[at])[probe.samples[at]]
                scale = judge.noise[at] / TOLERANCE
                deviation = largest_deviation(actual, judge.gradients[at], scale)
            worst = self.found.deviations.get(name, 0.0)
            if precise:
                self.found.deviations[name] = max(deviation, worst)
                if deviation > tolerance and self.found.wrong_at is None:
                    self.found.wrong_at = Place(arguments, case.given, case.weights)
            elif deviation > tolerance and worst <= TOLERANCE:
                words = "with the dtypes of the example it deviates by "
                self._fault(name, words, f"{deviation:.1e}, tolerance {tolerance:.0e}")

    def _call(self, arguments: Arguments, given: Named, smooth: bool) -> Call | None:
        """Call the gradient function; what it raises is a fault.

        But not a division by zero where there may be no gradient: sqrt(x) at 0.
        """
        cotangents = copied(given)
        before = copied(arguments), copied(given)
        bound = self.author.bind(arguments)
        self.author.seed()
        try:
            returned = self.gradient(*bound.args, **bound.kwargs, **cotangents)
        except Exception as error:  # noqa: BLE001 - whatever it raises is what is looked for
            excused = isinstance(error, ArithmeticError) and not smooth
            if not excused and not _refuses_integers(error, arguments):
                words = f"{self.report.gradient_name} raises {in_words(error)}"
                self._fault(None, words + self._where(error) + self._taken_for_another(arguments))
            return None
        return Call(self.report, arguments, cotangents, *before, returned)

    def _parts(self, call: Call | None) -> tuple[list[Tree], list[Tree]]:
        """Note down a call's faults and return its values and gradients, ([], []) if unusable."""
        if call is None:
            return [], []
        self.found.faults |= dict.fromkeys(faults(call))
        parts = call.parts()
        self._settle(call)
        if mismatch(call.arguments, call.arguments_before) is None:
            restore(call.arguments, call.arguments_before)  # the next call starts from the same
        return ([], []) if isinstance(parts, Fault) else parts

    def _settle(self, call: Call) -> None:
        """Compare the dicts that were written into with the author's; put back what was there."""
        if not self.report.changed:
            return
        _, left = self.author.outcome(call.arguments_before)
        for name in self.report.changed:
            ours = call.arguments[name]
            tolerance = max(VALUE_TOLERANCE, 64 * _coarsest(call.arguments_before))
            if not _agree(ours, left[name], tolerance):
                what = f"{self.report.gradient_name} leaves other entries in {name} than"
                self._fault(None, f"{what} {self.report.name} does")
            ours.clear()
            ours.update(copied({"": call.arguments_before[name]})[""])

    def _compare_values(self, values: list[Tree], arguments: Arguments, tolerance: float) -> None:
        outputs = self.author.outputs(arguments)
        for name, value, output in zip(self.report.of, values, outputs, strict=False):
            words = mismatch(value, output)
            if words is not None:
                self._fault(None, f"the value {name} {words}")
            elif (deviation := largest_deviation(value, output)) > tolerance:
                forward = self.report.name
                words = f"the value {name} deviates from {forward}'s by "
                self._fault(None, words, f"{deviation:.1e}")

    def _needs_a_cotangent(self, arguments: Arguments) -> None:
        bound = self.author.bind(copied(arguments))
        self.author.seed()
        try:
            self.gradient(*bound.args, **bound.kwargs)
        except Exception:  # noqa: BLE001 - which one is not promised
            return
        words = f"{self.report.gradient_name} has several outputs and takes no cotangent as zeros"
        self._fault(None, words)

    def _where(self, error: BaseException) -> str:
        """Return in words the last line of the generated text that an exception came through."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == GENERATED and frame.lineno]
        if not lines:
            return ""
        return f", line {lines[-1] + self.header_lines}: {self.lines[lines[-1] - 1].strip()}"

    def _taken_for_another(self, arguments: Arguments) -> str:
        """Return in words which arguments are not what their parameters were taken for."""
        given = [p for p in self.report.parameters if p.name in arguments]
        told = [taken_for_another(p, arguments[p.name]) for p in given]
        return "".join(f"; {words}" for words in told if words is not None)

    def _fault(self, name: str | None, words: str, detail: str = "") -> None:
        """Note down a fault; the same words with another detail are told once."""
        if not any(f.input == name and f.words.startswith(words) for f in self.found.faults):
            self.found.faults[Fault(name, words + detail)] = None


def _is_finite(outputs: list[Tree]) -> bool:
    try:
        if any(np.iscomplexobj(leaf) for _, leaf in leaves(outputs)):
            return False  # a negative number to a broken power, say
        return bool(np.isfinite(flatten(outputs)).all())
    except (TypeError, ValueError):
        return False


def _coarsest(arguments: Arguments) -> float:
    """Return the precision of the least precise float among the arguments."""
    dtypes = {
        leaf.dtype for _, leaf in leaves(arguments) if isinstance(leaf, (np.ndarray, np.generic))
    }
    return max((float(np.finfo(d).eps) for d in dtypes if d.kind == "f"), default=2**-52)


def _refuses_integers(error: Exception, arguments: Arguments) -> bool:
    """Tell the one refusal that the contract asks for: integer arrays that are written in place."""
    integer = any(is_array(leaf) and leaf.dtype.kind in "iu" for _, leaf in leaves(arguments))
    return isinstance(error, TypeError) and integer and "written in place" in str(error)


def _agree(ours: Tree, theirs: Tree, tolerance: float) -> bool:
    """True if two dicts of settings hold the same texts and, nearly, the same numbers."""
    if mismatch(ours, theirs) is not None:
        return False
    for (_, one), (_, other) in zip(leaves(ours), leaves(theirs), strict=True):
        if is_array(one) or isinstance(one, (float, np.floating)):
            if not np.allclose(one, other, tolerance, tolerance, equal_nan=True):
                return False
        elif one != other:
            return False
    return True
