"""Random programs with functions that call themselves, and what becomes of them.

    python -m tests.random_recursion FIRST LAST

Helpers that call themselves, or each other, with fewer levels to go: in expressions, branches and
loops, with one result or two, over numbers or over the halves of an array. Each program is written
in all styles, run, and compared with finite differences, with all promises of a call checked, by
verification. The same seed gives the same program, for ever.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import traceback
from collections import Counter
from dataclasses import dataclass, field

from codegen.errors import CodegenError
from codegen.pipeline import Options, compile_source
from codegen.source import Source
from codegen.verification.job import FAILED, Job
from codegen.verification.worker import verify
from tests.random_control_programs import NUMBER, SCALAR, Helper, Writer

HEAD = "import math\n\nimport numpy as np\nfrom jaxtyping import Float\n"
MOST_CALLS = 2  # of itself, in one function


@dataclass
class Outcome:
    """What became of a program: "right", "refused", "nothing", "wrong" or "crashed"."""

    text: str
    verdict: str
    words: str = ""


@dataclass
class RecursiveWriter(Writer):
    """Writes a helper that calls itself, or the others in `deeper`, with one level less to go."""

    deeper: dict[str, int] = field(default_factory=dict)  # how often each may be called

    def called(self, helper: Helper, depth: int) -> str:
        if helper.name not in self.deeper:
            return super().called(helper, depth)
        self.deeper[helper.name] -= 1
        if not self.deeper[helper.name]:
            self.helpers = [one for one in self.helpers if one is not helper]
        given = [self.expression(SCALAR, 1) for kind in helper.parameters if kind == SCALAR]
        return f"{helper.name}({', '.join([*given, 'level - 1'])})"

    def recursive(self, helper: Helper, annotated: bool) -> str:
        """Return a function that calls itself."""
        rng = self.rng
        names = rng.sample(("x", "y", "a", "t", "s", "dx"), len(helper.parameters) - 1)
        self.kinds = {**dict.fromkeys(names, SCALAR), "level": NUMBER}
        self.locked.add("level")
        self.returns = [SCALAR] * (2 if helper.two else 1)
        self.budget = 3
        self.put(f"if level <= {rng.choice(('0', '0', '1'))}:")
        with self.block():
            outer, self.helpers = self.helpers, []
            self.block_of(0, 1)
            if not self.left:
                self.finish()
            self.helpers = outer
        for _ in range(rng.randint(0, 2)):
            if not self.left:
                self.statement()
        if not self.left:
            for one in [h for h in self.helpers if h.name in self.deeper]:
                call = self.called(one, 1)
                target = self.target(SCALAR)
                other = next(n for n in ("more", "rest") if n != target)
                self.put(f"{target}, {other} = {call}" if one.two else f"{target} = {call}")
                self.set(target, SCALAR)
                if one.two:
                    self.set(other, SCALAR)
                if self.chance(0.6):
                    break
            self.finish()
        head = [f"{name}: float" if annotated else name for name in names]
        head += ["level: int" if annotated else "level"]
        return f"def {helper.name}({', '.join(head)}):\n" + "\n".join(self.rows) + "\n"


def _halves(rng: random.Random, name: str) -> str:
    """Return a function that goes down to the halves of an array."""
    entry = rng.choice(("v[0]", "v[0] ** 2", "math.sin(v[0])", "0.5 * v[0] * c", "np.sum(v) * c"))
    inner = rng.choice(("v", "v * c", "np.sin(v)", "v + 0.1"))
    given = rng.choice(("c", "0.5 * c", "math.tanh(c)"))
    joined = rng.choice(
        ("left + right", "left * right", "left - c * right", "math.sin(left) + right * v[0]")
    )
    kind = rng.choice((': Float[np.ndarray, "N"]', ""))
    number = ": float" if kind or rng.random() < 0.5 else ""
    rows = [
        f"def {name}(v{kind}, c{number}):",
        "    if v.shape[0] <= 1:",
        f"        return {entry}",
        "    half = v.shape[0] // 2",
        f"    u = {inner}",
        f"    left = {name}(u[:half], {given})",
    ]
    if rng.random() < 0.4:
        rows += ["    if left > 0.113:", f"        return {name}(u[half:], c) * left"]
    rows += [f"    right = {name}(v[half:], c)", f"    return {joined}"]
    return "\n".join(rows) + "\n"


def program(seed: int) -> str:
    """Return the program of a seed."""
    rng = random.Random(f"recursion {seed}")
    annotated = rng.random() < 0.6
    texts = []
    helpers = [
        Helper(name, [SCALAR] * rng.choice((1, 2)) + [NUMBER], rng.random() < 0.3)
        for name in ("_down", "_other")[: rng.choice((1, 1, 2))]
    ]
    mutual = rng.random() < 0.6
    for place, helper in enumerate(helpers):
        known = helpers if mutual else helpers[: place + 1]
        deeper = {h.name: MOST_CALLS if h is helper else 1 for h in known if mutual or h is helper}
        writer = RecursiveWriter(rng, "helper", list(known), deeper=deeper)
        texts.append(writer.recursive(helper, annotated))
    style = rng.choice(("scalars", "scalars", "shapes"))
    writer = Writer(rng, style, helpers, budget=rng.choice((2, 3, 4)))
    text = writer.function()
    if rng.random() < 0.35:
        texts.append(_halves(rng, "_halves"))
        given = text.partition("def f(")[2].partition("):")[0]
        tail = f'\n\ndef f({given}, p_0: Float[np.ndarray, "P"]):\n'
        body = text.partition("):\n")[2]
        first = f"    start = _halves(p_0, 0.7) + _halves(p_0[1:], {writer.literal()})\n"
        body = body.replace("return ", "return start * ", 1) if "return" in body else body
        text = tail.lstrip() + first + body
        extra = ", np.cos(np.arange(5.0))"
    else:
        extra = ""
    rows = []
    for number in range(2):
        given = ", ".join(_shown(value) for value in writer.call(number))
        rows.append(f"# codegen: example f({given}{extra})\n")
    return "\n\n".join([HEAD, *texts, "".join(rows) + text])


def _shown(value: object) -> str:
    text = repr(value).replace("array(", "np.array(")
    return " ".join(text.split())


def outcome(text: str) -> Outcome:
    """Write a program's gradient in all styles and verify it."""
    source = Source("program.py", text)
    with contextlib.redirect_stdout(io.StringIO()):
        for style in ("joint", "split", "gate"):
            try:
                made = compile_source(source, Options(functions=("f",), style=style))
            except CodegenError as error:
                code = error.problems[0].code
                nothing = code in ("nothing-to-differentiate", "no-path")
                return Outcome(text, "nothing" if nothing else "refused", str(error))
            except Exception:  # noqa: BLE001 - a crash is what is looked for
                return Outcome(text, "crashed", traceback.format_exc())
            for answer in verify(Job(None, text, made.text, made.functions, 0, made.modules)):
                if answer.status == FAILED:
                    return Outcome(text, "wrong", "\n".join([style, *answer.lines, made.text]))
    return Outcome(text, "right")


def main() -> None:
    """Run a range of seeds and tell what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    for seed in range(given.first, given.last):
        found = outcome(program(seed))
        counts[found.verdict] += 1
        if found.verdict in ("wrong", "crashed", "refused"):
            print(f"{seed}: {found.verdict}\n{found.words}")
            if found.verdict != "refused":
                print(found.text)
    print(dict(counts))


if __name__ == "__main__":
    main()
