"""The first wrong line of a wrong gradient function.

The written function is run pierced (`layout.py`): finite differences of the value it returns, by a
staged variable, are what the variable's finished cotangent must be; by the variable as only one
forward statement reads it, what the terms of that statement must add. Variables of several
assignments (loops) are not looked at.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from codegen.verification.author import Arguments, Author
from codegen.verification.contract import Named
from codegen.verification.layout import Layout, Write
from codegen.verification.oracle import estimates
from codegen.verification.probe import sample
from codegen.verification.trees import Tree, copied, flatten, unflatten

TOLERANCE = 1e-5
_Key = tuple[str, int]


@dataclass(frozen=True)
class Place:
    """A point where a gradient is wrong, and the cotangents: as given, and one tree an output."""

    arguments: Arguments
    cotangents: Named
    weights: list[Tree]


@dataclass
class _Run:
    """What the taps of one run saw, and what they put in its place."""

    replaced: dict[_Key, Tree] = field(default_factory=dict)
    seen: dict[_Key, Tree] = field(default_factory=dict)
    snapshots: dict[int, Named] = field(default_factory=dict)

    def tap(self, name: str, line: int, value: Tree) -> Tree:
        self.seen[name, line] = copied(value)
        return self.replaced.get((name, line), value)

    def snapshot(self, line: int, variables: Named) -> None:
        self.snapshots[line] = {name: copied(tree) for name, tree in variables.items()}


def first_wrong_line(author: Author, text: str, place: Place) -> int | None:
    """Return the line of the text, from 1, that first gives a wrong cotangent; None if unknown.

    `text` is a module with the gradient function of `author.report`, of joint style.
    """
    try:
        return _Search(author, text, place).result()
    except Exception:  # noqa: BLE001 - code that is wrong may fail anywhere when it is pierced
        return None


class _Search:
    def __init__(self, author: Author, text: str, place: Place) -> None:
        self.author = author
        self.place = place
        self.layout = Layout(text, author.report.gradient_name)
        self.namespace: dict[str, Any] = {"__name__": "pierced"}
        exec(
            compile(self.layout.pierced(), "<pierced gradient>", "exec", dont_inherit=True),
            self.namespace,
        )
        self.whole = self._run({})[0]

    def result(self) -> int | None:
        for name in self.layout.in_order_of_completion():
            writes = self.layout.writes[name]
            finished = self.whole.snapshots[writes[-1].statement].get(name)
            if self._disagrees(finished, (self.layout.variables[name], 0)):
                return self._wrong_term(name, writes)
        return self._spoiled() or self._wrongly_returned()

    def _wrong_term(self, name: str, writes: Sequence[Write]) -> int:
        """Return the first line whose stage adds something wrong to a cotangent, or its last."""
        variable = self.layout.variables[name]
        for stage in dict.fromkeys(write.stage for write in writes):
            own = [write for write in writes if write.stage == stage]
            line = self.layout.stages.get(stage) if stage is not None else None
            if line is None:
                continue
            after = self.whole.snapshots[own[-1].statement][name]
            before = self._before(own[0].statement).get(name)
            term = flatten(after)
            if before is not None and np.size(flatten(before)) in (1, term.size):
                term = term - flatten(before)
            if self._disagrees(term, (variable, line)):
                return own[0].line
        return writes[-1].line

    def _before(self, statement: int) -> Named:
        earlier = [line for line in self.whole.snapshots if line < statement]
        return self.whole.snapshots[max(earlier)] if earlier else {}

    def _spoiled(self) -> int | None:
        """Return the first line that changes a returned gradient after its last own line."""
        for line, snapshot in self.whole.snapshots.items():
            for name in self.layout.returned & set(self.layout.variables):
                end = self.layout.writes[name][-1].statement
                if line > end and not np.array_equal(
                    flatten(snapshot[name]), flatten(self.whole.snapshots[end][name])
                ):
                    return line
        return None

    def _wrongly_returned(self) -> int | None:
        """Return the line of the return, if the gradients of all inputs are right up to there."""
        seen = {variable for name, variable in self.layout.variables.items()}
        return self.layout.last if seen.issuperset(self.author.report.wrt) else None

    def _disagrees(self, actual: Tree, key: _Key) -> bool:
        """Tell whether a cotangent, or a part of one, is shown wrong by finite differences."""
        base = self.whole.seen.get(key)
        if base is None or actual is None:
            return False
        entries = flatten(base)
        chosen = sample(entries.size)

        def outputs(vector: Any) -> list[Tree]:
            moved = entries.copy()
            moved[chosen] = vector
            return self._run({key: unflatten(moved, base)})[1]

        judge = estimates(outputs, [entries[chosen]], [self.place.weights], TOLERANCE / 10)[0]
        expected, errors = judge.gradients[0], judge.errors[0]
        ours = flatten(actual)
        if ours.size not in (1, entries.size):
            return True
        ours = np.broadcast_to(ours, entries.shape)[chosen]
        allowed = TOLERANCE * np.max(np.abs(expected), initial=0.0) + judge.noise[0]
        return bool(np.any((errors < allowed) & ~(np.abs(ours - expected) <= allowed)))

    def _run(self, replaced: dict[_Key, Tree]) -> tuple[_Run, list[Tree]]:
        """Call the pierced function; return what its taps saw and its values, one an output."""
        run = _Run(replaced)
        self.namespace.update(_tap=run.tap, _snapshot=run.snapshot)
        bound = self.author.bind(copy.deepcopy(self.place.arguments))
        function: Callable[..., Any] = self.namespace[self.author.report.gradient_name]
        self.author.seed()
        value, _ = function(*bound.args, **bound.kwargs, **copied(self.place.cotangents))
        return run, list(value) if len(self.author.report.of) > 1 else [value]
