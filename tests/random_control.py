"""Random programs with control flow, and what becomes of them.

    python -m tests.random_control FIRST LAST

runs the blocks of 1,000 programs from FIRST up to LAST without black, and prints for each how many
were accepted, every refusal and everything that went wrong, as soon as it is done: a run that was
stopped goes on from the next block. `--show SEED` shows one program.

Each call is held to: the author's function, the interpreter and the gradient function give one
value; the gradient is that of complex step through the interpreter, with the cotangents left out
and with random ones; nothing given is written to and nothing returned shares memory; compiling
again gives the same bytes; split style, called twice, gives what joint style gives. An output that
stores into no array is compiled in its turn.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import re
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import codegen.pipeline
from codegen.build.lines import Built
from codegen.errors import CodegenError, Problems
from codegen.interpret.evaluate import interpret_built
from codegen.parse import parse
from codegen.pipeline import FunctionReport, Generated, Options, compile_source
from codegen.source import Source
from codegen.typed import build_typed
from codegen.verification.job import FAILED, Job
from codegen.verification.worker import verify
from tests.random_control_programs import Program, program
from tests.random_more import Disagree, check_split, own_output

STEP = 1e-30
LARGEST = 1e8
SECONDS = 60
UNTYPED = "only 0-dimensional arrays can be converted"
AUTHORS_OWN = (ValueError, TypeError, ArithmeticError, IndexError)


class Wrong(Exception):
    """What came out is not what was promised."""


class Skipped(Exception):
    """The author's own program fails here, or its numbers are too large to compare."""


@dataclass
class Outcome:
    """What became of a program: "right", "refused", "nothing", "untyped", "wrong", "crashed"."""

    program: Program
    verdict: str
    words: str = ""
    output: str = ""
    own: str | None = None  # why our own output is refused as input; "" if it is accepted


def outcome(made: Program, whole: bool = False, more: bool = False) -> Outcome:
    """Generate a program's gradient and check it; with `whole`, by verification as well.

    With `more`, split style is held to joint, and the output is compiled in its turn.
    """
    with _in_time():
        try:
            generated = compile_source(_source(made), Options())
            again = compile_source(_source(made), Options())
        except CodegenError as error:
            code = error.problems[0].code
            verdict = "nothing" if code in ("nothing-to-differentiate", "no-path") else "refused"
            return Outcome(made, verdict, str(error))
        except Exception:  # noqa: BLE001 - a crash is what is looked for
            return Outcome(made, "crashed", traceback.format_exc())
        if generated.text != again.text:
            return Outcome(made, "wrong", "two compilations differ", generated.text)
        found = _ran(made, generated, whole)
        return _more(found, generated) if more and found.verdict == "right" else found


def _ran(made: Program, generated: Generated, whole: bool) -> Outcome:
    checked = 0
    try:
        for arguments in made.calls:
            with contextlib.suppress(Skipped):
                check(made, generated, arguments)
                checked += 1
        if whole:
            _verified(made, generated)
            _verified(made, compile_source(_source(made), Options(style="split")))
    except Wrong as error:
        return Outcome(made, "wrong", str(error), generated.text)
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        if UNTYPED in str(error) or "must be real number, not" in str(error):
            return Outcome(made, "untyped", str(error), generated.text)
        return Outcome(made, "crashed", traceback.format_exc(), generated.text)
    return Outcome(made, "right" if checked else "skipped", "", generated.text)


def _more(found: Outcome, generated: Generated) -> Outcome:
    try:
        check_split(found.program, generated)
        found.own = own_output(generated.text)
    except Disagree as error:
        found.verdict, found.words = "wrong", str(error)
    except Exception:  # noqa: BLE001 - a crash is what is looked for
        found.verdict, found.words = "crashed", traceback.format_exc()
    return found


def _source(made: Program) -> Source:
    return Source.from_text(made.text, "program.py")


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    """Raise TimeoutError where a program takes too long, by what the processor does for it."""

    def stop(*_: object) -> None:
        raise TimeoutError("too long")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(made: Program, generated: Generated, arguments: tuple[Any, ...]) -> None:
    """Raise Wrong where one call of the gradient function breaks a promise."""
    values = _authors(made, arguments)
    source = _source(made)
    module = parse(source)
    try:
        built, _ = build_typed(module, module.functions["f"], Problems(source))
    except CodegenError as error:
        raise Skipped("it is accepted with pairs only, and the interpreter has none") from error
    try:
        ours = interpret_built(built, list(copy.deepcopy(arguments)))
    except Exception as error:
        raise Wrong(f"the interpreter raises {error!r}") from error
    for value, one in zip(values, ours, strict=True):
        _same("the interpreter's value", one, value)
    report = generated.functions[0]
    picked = list(report.picked) if report.picked is not None else [0]
    rng = np.random.default_rng(made.seed)
    weights = [rng.normal(size=np.shape(values[place]))[()] for place in picked]
    ones = [np.ones(np.shape(values[place])) for place in picked]
    slopes = [
        _slopes(built, arguments, name, picked, [weights, ones], report) for name in report.wrt
    ]
    names: dict[str, Any] = {}
    exec(generated.text, names)
    function = names[report.gradient_name]
    for number, seeds in enumerate((weights, ones)):
        if number and len(picked) > 1:
            continue  # all left out raises
        given = {} if number else dict(zip(report.cotangents, seeds, strict=True))
        before = copy.deepcopy((arguments, given))
        passed = copy.deepcopy(arguments)
        try:
            value, gradients = function(*passed, **given)
        except OverflowError as error:
            raise Skipped("a number on the way is too large") from error
        _unchanged(before, (passed, given))
        told = value if isinstance(value, tuple) else (value,)
        for one, place in zip(told, picked, strict=True):
            _same("the value", one, values[place])
        gradients = gradients if len(report.wrt) > 1 else (gradients,)
        _apart([*told, *gradients], [*passed, *given.values()])
        known = [s[number] for s in slopes if s is not None]
        scale = max((float(np.max(np.abs(s), initial=0.0)) for s in known), default=0.0)
        for wrt, gradient, expected in zip(report.wrt, gradients, slopes, strict=True):
            if expected is not None:
                which = "default" if number else "given"
                try:
                    _close(wrt, gradient, expected[number], scale, which)
                except Wrong as error:
                    # What is off in its last digits only may be so by the author's own rounding.
                    by = 1e-13 if _is_near(gradient, expected[number]) else 1e-15
                    _not_fragile(built, arguments, wrt, picked, [weights, ones], report, by)
                    if _is_kink(built, arguments, wrt, picked, [weights, ones], report):
                        raise Skipped("the data hits a kink") from error
                    if _overflows(made, arguments):
                        raise Skipped("a number on the way overflows") from error
                    raise
        more, rest = function(*passed, **given)
        _unchanged((value, gradients), (more, rest if len(report.wrt) > 1 else (rest,)))


def _authors(made: Program, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    names: dict[str, Any] = {}
    exec(made.text, names)
    try:
        value = names["f"](*copy.deepcopy(arguments))
    except AUTHORS_OWN as error:
        raise Skipped(repr(error)) from error
    values = value if isinstance(value, tuple) else (value,)
    if not all(np.all(np.abs(one) < LARGEST) for one in values):
        raise Skipped("too large")
    return values


def _overflows(made: Program, arguments: tuple[Any, ...]) -> bool:
    """True if the author's own numbers are infinite on the way: 0 times that is no number."""
    names: dict[str, Any] = {}
    exec(made.text, names)
    try:
        with np.errstate(over="raise"):
            names["f"](*copy.deepcopy(arguments))
    except (FloatingPointError, OverflowError):
        return True
    return False


def _slopes(
    built: Built,
    arguments: tuple[Any, ...],
    wrt: str,
    picked: list[int],
    seeds: list[list[Any]],
    report: FunctionReport,
    step: float = STEP,
) -> list[np.ndarray] | None:
    """Return the gradient of one argument for each choice of cotangents, by complex step."""
    place = [parameter.name for parameter in report.parameters].index(wrt)
    rows: list[list[float]] = [[] for _ in seeds]
    for moved in _moved(arguments[place], step):
        try:
            there = interpret_built(built, [*arguments[:place], moved, *arguments[place + 1 :]])
        except TypeError:
            if isinstance(arguments[place], int):
                return None  # a count as well: nothing says what it is between whole numbers
            raise
        turned = [np.imag(there[one]) for one in picked]
        for row, weights in zip(rows, seeds, strict=True):
            pairs = zip(turned, weights, strict=True)
            row.append(float(sum(np.sum(v * w) for v, w in pairs)) / step)
    return [np.reshape(row, np.shape(arguments[place])) for row in rows]


def _is_near(gradient: Any, expected: np.ndarray) -> bool:
    largest = float(np.max(np.abs(expected), initial=0.0))
    return np.shape(gradient) == expected.shape and bool(
        np.all(np.abs(gradient - expected) <= 1e-7 * largest)
    )


def _not_fragile(
    built: Built,
    arguments: tuple[Any, ...],
    wrt: str,
    picked: list[int],
    seeds: list[list[Any]],
    report: FunctionReport,
    by: float,
) -> None:
    """Skip a call whose gradient is lost in rounding: moved by `by`, or by the step."""
    rng = np.random.default_rng(0)
    expected = _slopes(built, arguments, wrt, picked, seeds, report)
    for step in (STEP, STEP, 1e-25, 3e-20):
        moved = tuple(_off(argument, by * rng.uniform(-1, 1), rng) for argument in arguments)
        row = _slopes(built, moved, wrt, picked, seeds, report, step)
        if row is None or expected is None or not np.allclose(row, expected, rtol=1e-10, atol=0):
            raise Skipped("fragile")


def _off(argument: Any, by: float, rng: np.random.Generator) -> Any:
    if isinstance(argument, (float, np.ndarray)):
        return argument * (1 + by * rng.choice([1, -1], np.shape(argument)))
    return argument


def _is_kink(
    built: Built,
    arguments: tuple[Any, ...],
    wrt: str,
    picked: list[int],
    seeds: list[list[Any]],
    report: FunctionReport,
) -> bool:
    """True if the slopes on both sides differ: at a kink complex step gives one of them."""
    place = [parameter.name for parameter in report.parameters].index(wrt)
    sides = [
        _slopes(
            built,
            (*arguments[:place], _plus(arguments[place], aside), *arguments[place + 1 :]),
            wrt,
            picked,
            seeds,
            report,
        )
        for aside in (1e-9, -1e-9)
    ]
    if sides[0] is None or sides[1] is None:
        return False
    return not all(np.allclose(a, b, rtol=1e-3) for a, b in zip(*sides, strict=True))


def _plus(argument: Any, by: float) -> Any:
    """Return an argument moved by a number, a list of lists too."""
    return (np.array(argument) + by).tolist() if isinstance(argument, list) else argument + by


def _moved(argument: Any, step: float) -> Iterator[Any]:
    """Yield the argument with each entry moved by an imaginary step."""
    if isinstance(argument, list):
        yield from (moved.tolist() for moved in _moved(np.array(argument), step))
        return
    if not isinstance(argument, np.ndarray):
        yield argument + step * 1j
        return
    for place in np.ndindex(argument.shape):
        moved = argument.astype(complex)
        moved[place] += step * 1j
        yield moved


def _same(what: str, one: Any, other: Any) -> None:
    if np.shape(one) != np.shape(other):
        raise Wrong(f"{what} has shape {np.shape(one)}, not {np.shape(other)}")
    if not np.allclose(one, other, rtol=1e-12, atol=1e-13):
        raise Wrong(f"{what} is {one}, not {other}")


def _close(wrt: str, gradient: Any, expected: np.ndarray, scale: float, which: str) -> None:
    if np.shape(gradient) != expected.shape:
        raise Wrong(f"d{wrt} ({which}) has shape {np.shape(gradient)}, not {expected.shape}")
    if np.asarray(gradient).dtype != np.float64:
        raise Wrong(f"d{wrt} ({which}) is of {np.asarray(gradient).dtype}")
    if not np.all(np.isfinite(expected)) or scale > LARGEST:
        raise Skipped("too large")
    largest = float(np.max(np.abs(expected), initial=0.0))
    off = float(np.max(np.abs(gradient - expected), initial=0.0))
    if not off <= 1e-10 * largest + 1e-14 * max(scale, 1.0):
        raise Wrong(f"d{wrt} ({which}) is {gradient}, not {expected}")


def _unchanged(before: Any, after: Any) -> None:
    """Raise Wrong if two structures of numbers are not the same, bit for bit."""
    if isinstance(before, dict):
        before, after = tuple(before.values()), tuple(after.values())
    if isinstance(before, tuple):
        for one, other in zip(before, after, strict=True):
            _unchanged(one, other)
    elif not np.array_equal(before, after, equal_nan=isinstance(before, (float, np.ndarray))):
        raise Wrong(f"{before} has become {after}")


def _apart(made: list[Any], given: list[Any]) -> None:
    arrays = [one for one in made if isinstance(one, np.ndarray)]
    for place, one in enumerate(arrays):
        others = [*arrays[:place], *(o for o in given if isinstance(o, np.ndarray))]
        if any(np.shares_memory(one, other) for other in others):
            raise Wrong("what is returned shares memory")
        if not one.flags.writeable:
            raise Wrong("what is returned is not writable")


def _verified(made: Program, generated: Generated) -> None:
    calls = [f"# codegen: example f({', '.join(map(_spelled, call))})\n" for call in made.calls]
    before, _, after = made.text.rpartition("def f(")
    text = f"{before}{''.join(calls)}def f({after}"
    answers = list(verify(Job(None, text, generated.text, generated.functions)))
    for answer in answers:
        words = "\n".join(answer.lines)
        if answer.status == FAILED and "OverflowError" not in words:  # as in `check`
            raise Wrong(words)


def _spelled(value: Any) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)


@contextlib.contextmanager
def without_black() -> Iterator[None]:
    """Leave black out for a while: it takes longer than all else."""
    kept = codegen.pipeline.format_text
    codegen.pipeline.format_text = lambda text: text
    try:
        yield
    finally:
        codegen.pipeline.format_text = kept


def main(program: Callable[[int], Program] = program) -> int:
    """Run blocks of a thousand programs; print the acceptance rate and every message."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.random_control", description=main.__doc__
    )
    parser.add_argument("first", type=int, nargs="?", default=0, help="the first block")
    parser.add_argument("last", type=int, nargs="?", default=1, help="the block to stop before")
    parser.add_argument("--size", type=int, default=1000, help="how many programs a block has")
    parser.add_argument("--show", type=int, help="print one program and what becomes of it")
    options = parser.parse_args()
    if options.show is not None:
        found = outcome(program(options.show), whole=True)
        print(found.program.text, found.output, found.verdict, found.words, sep="\n\n")
        return 0
    with without_black():
        blocks = range(options.first, options.last)
        bad = sum(_block(range(b * 1000, b * 1000 + options.size), program) for b in blocks)
    return 1 if bad else 0


def _block(seeds: range, program: Callable[[int], Program]) -> int:
    """Run some programs and print what came of them; return how many went wrong."""
    start = time.perf_counter()
    counts: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for seed in seeds:
        try:
            found = outcome(program(seed), whole=seed % 10 == 0, more=True)
        except TimeoutError as error:
            found = Outcome(program(seed), "crashed", str(error))
        counts[found.verdict] += 1
        if found.verdict == "refused":
            refusals[_without_place(found.words)] += 1
        if found.own is not None:
            own[_without_place(found.own)] += 1
        if found.verdict in ("wrong", "crashed"):
            print(f"{seed}: {found.verdict}: {_last_line(found.words)}", flush=True)
    for words, number in refusals.most_common():
        print(f"{number:5d} refused: {words}")
    for words, number in own.most_common():
        if words:
            print(f"{number:5d} of our own outputs refused: {words}")
    drawn = len(seeds) - counts["nothing"]
    share = f"{100 * (1 - counts['refused'] / drawn):.1f} % accepted"
    told = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
    ours = f"{own['']} of {own.total()} of our own outputs accepted"
    took = time.perf_counter() - start
    print(f"{seeds[0]} to {seeds[-1]}: {share}: {told}; {ours}; {took:.0f} s", flush=True)
    return counts["wrong"] + counts["crashed"]


def _without_place(words: str) -> str:
    return re.sub(r"`[^`]*`", "`...`", words.split("\n", maxsplit=1)[0].partition("error")[2])


def _last_line(words: str) -> str:
    rows = [row.strip() for row in words.strip().split("\n")]
    return rows[-1][:150] if rows[0].startswith("Traceback") else " | ".join(rows)[:150]


if __name__ == "__main__":
    raise SystemExit(main())
