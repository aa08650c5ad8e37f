"""Forward functions with their gradients, written by hand as the generator would, and mutants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from codegen.pipeline import FunctionReport, Generated, Parameter
from codegen.verification.job import Answer, Job
from codegen.verification.worker import verify


@dataclass(frozen=True)
class Case:
    """A forward file, its gradient module, and what the compiler would report of them."""

    forward: str
    gradient: str
    reports: tuple[FunctionReport, ...]
    edits: tuple[tuple[str, str], ...] = field(default=())

    def edited(self, *edits: tuple[str, str]) -> Case:
        """Return the case with parts of the gradient replaced, which must be there."""
        text = self.gradient
        for old, new in edits:
            assert old in text, f"there is no {old!r} to replace"
            text = text.replace(old, new)
        return replace(self, gradient=text)

    def reported(self, **changes: object) -> Case:
        """Return the case with another report of its only function."""
        (report,) = self.reports
        return replace(self, reports=(replace(report, **changes),))  # type: ignore[arg-type]

    @property
    def generated(self) -> Generated:
        return Generated(self.gradient, (), self.reports)

    def answers(self, header_lines: int = 0) -> list[Answer]:
        """Verify in this process, without the one that shields from the author's file."""
        return list(verify(Job(None, self.forward, self.gradient, self.reports, header_lines)))

    def answer(self) -> Answer:
        (answer,) = self.answers()
        return answer


def array(name: str, *shape: str | int, dtype: str = "float") -> Parameter:
    return Parameter(name, "array", shape, dtype, declared=True)


def scalar(name: str, **known: object) -> Parameter:
    return Parameter(name, "scalar", (), **known)  # type: ignore[arg-type]


def report(
    name: str,
    parameters: Sequence[Parameter],
    wrt: str,
    of: str,
    picked: tuple[int, ...] | None = None,
    **more: object,
) -> FunctionReport:
    outputs = tuple(of.split())
    return FunctionReport(
        name,
        f"{name}_grad",
        tuple(parameters),
        tuple(wrt.split()),
        outputs,
        tuple(f"d{output}" for output in outputs),
        picked,
        **more,  # type: ignore[arg-type]
    )


STAGED = Case(
    """\
import math


def f(x, y):
    sigy = 1.0 / (1 + math.exp(-y))
    num = x + sigy
    xpy = x + y
    den = 2 + xpy**2
    return num / den
""",
    '''\
import math


def f_grad(x, y, df=1.0):
    """Return f(x, y) and its gradients (dx, dy), scaled by df."""
    x, y = float(x), float(y)
    # forward pass
    sigy = 1.0 / (1 + math.exp(-y))  # (1)
    num = x + sigy  # (2)
    xpy = x + y  # (3)
    den = 2 + xpy**2  # (4)
    f = num / den  # (5)

    # backprop f = num / den  #(5)
    dnum = df / den
    dden = -f / den * df
    # backprop den = 2 + xpy**2  #(4)
    dxpy = 2 * xpy * dden
    # backprop xpy = x + y  #(3)
    dx = dxpy
    dy = dxpy
    # backprop num = x + sigy  #(2)
    dx += dnum
    dsigy = dnum
    # backprop sigy = 1.0 / (1 + math.exp(-y))  #(1)
    dy += (1 - sigy) * sigy * dsigy
    return f, (dx, dy)
''',
    (report("f", [scalar("x"), scalar("y")], "x y", "f"),),
)

LAYER = Case(
    """\
import numpy as np


def layer(x, w, b):
    out = np.maximum(0, x @ w + b)
    return out
""",
    '''\
import numpy as np


def layer_grad(x, w, b, dout=None):
    """Return layer(x, w, b) and its gradients (dx, dw, db), scaled by dout."""
    # forward pass
    out = np.maximum(0, x @ w + b)  # (1)

    # backward pass
    dout = np.ones_like(out) if dout is None else dout.astype(out.dtype)
    # backprop out = np.maximum(0, x @ w + b)  #(1)
    dout_raw = (out > 0) * dout
    dx = dout_raw @ w.T
    dw = x.T @ dout_raw
    db = np.sum(dout_raw, axis=0)
    return out, (dx, dw, db)
''',
    (
        report(
            "layer", [array("x", "N", "D"), array("w", "D", "M"), array("b", "M")], "x w b", "out"
        ),
    ),
)

# An elementwise sum whose gradients fork: the place for aliasing, `dx is dy`.
FORK = Case(
    """\
import numpy as np


def fork(x, y):
    s = x + y
    out = s * s + np.sin(x)
    return out
""",
    """\
import numpy as np


def fork_grad(x, y, dout=None):
    # forward pass
    s = x + y  # (1)
    out = s * s + np.sin(x)  # (2)

    # backward pass
    dout = np.ones_like(out) if dout is None else dout.astype(out.dtype)
    # backprop out = s * s + np.sin(x)  #(2)
    ds = 2 * s * dout
    # backprop s = x + y  #(1)
    dx = ds.copy()
    dy = ds
    # backprop out = s * s + np.sin(x)  #(2)
    dx += np.cos(x) * dout
    return out, (dx, dy)
""",
    (report("fork", [array("x", "N"), array("y", "N")], "x y", "out"),),
)

SCRIPT = Case(
    """\
w = [2, -3, -3]
x = [-1, -2]

dot = w[0] * x[0] + w[1] * x[1] + w[2]
f = 1.0 / (1 + math.exp(-dot))

ddot = missing_name  # the hand-written gradient is not run
""",
    """\
import math


def neuron_grad(w, x, df=1.0):
    # forward pass
    dot = w[0] * x[0] + w[1] * x[1] + w[2]  # (1)
    f = 1.0 / (1 + math.exp(-dot))  # (2)

    # backprop f = 1.0 / (1 + math.exp(-dot))  #(2)
    ddot = (1 - f) * f * df
    # backprop dot = w[0] * x[0] + w[1] * x[1] + w[2]  #(1)
    dw = [x[0] * ddot, x[1] * ddot, ddot]
    dx = [w[0] * ddot, w[1] * ddot]
    return f, (dw, dx)
""",
    (
        report(
            "neuron",
            [Parameter("w", "list"), Parameter("x", "list")],
            "w x",
            "f",
            examples=("[2, -3, -3], [-1, -2]",),
            is_script=True,
        ),
    ),
)

PAIR = Case(
    """\
import numpy as np


def pair(x):
    total = np.sum(x * x)
    scaled = 3 * x
    return total, scaled
""",
    """\
import numpy as np


def pair_grad(x, dtotal=None, dscaled=None):
    if dtotal is None and dscaled is None:
        raise ValueError("give dtotal or dscaled")
    # forward pass
    total = np.sum(x * x)  # (1)
    scaled = 3 * x  # (2)

    # backward pass
    dtotal = 0.0 if dtotal is None else dtotal
    dscaled = np.zeros_like(scaled) if dscaled is None else dscaled.astype(scaled.dtype)
    # backprop scaled = 3 * x  #(2)
    dx = 3 * dscaled
    # backprop total = np.sum(x * x)  #(1)
    dx += 2 * dtotal * x
    return (total, scaled), dx
""",
    (report("pair", [array("x", "N")], "x", "total scaled", picked=(0, 1)),),
)
