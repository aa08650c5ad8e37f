"""Forward passes that lose what a stable spelling keeps: a note says which one."""

from __future__ import annotations

from codegen import ir
from codegen.build.lines import Built
from codegen.errors import Note

# Gates whose logarithm is computed as a whole elsewhere, and where.
LOGARITHMS = {
    "det": "np.linalg.slogdet(x)[1]",
    "expit": "scipy.special.log_expit(x)",
    "ndtr": "scipy.special.log_ndtr(x)",
    "soft_max": "scipy.special.log_softmax(x)",
    "gamma_function": "scipy.special.gammaln(x)",
    "beta_function": "scipy.special.betaln(a, b)",
}
DENSITIES = ("pdf", "pmf", "cdf")
COMPLEMENT = "np.log(-np.expm1(x)), or np.log1p(-np.exp(x)) where x is far below 0"


def note(built: Built) -> None:
    """Note each logarithm of what may be 0, or infinite, where its logarithm is neither."""
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Gate) and operation.gate == "log":
            made = built.definition.get(operation.operands[0])
            stable = _stable(made, built) if isinstance(made, ir.Gate) else None
            if stable is not None:
                message = "the logarithm of what may underflow or overflow"
                built.notes.append(Note(message, operation.span, f"{stable} does not"))


def _stable(made: ir.Gate, built: Built) -> str | None:
    if made.gate in LOGARITHMS:
        return LOGARITHMS[made.gate]
    name, _, what = made.gate.rpartition("_")
    if what in DENSITIES and name:
        return f"scipy.stats.{name}.log{what}"
    if made.gate == "subtract":
        one, other = (built.definition.get(operand) for operand in made.operands)
        is_one = isinstance(one, ir.Constant) and one.text in ("1", "1.0")
        if is_one and isinstance(other, ir.Gate) and other.gate == "exp":
            return COMPLEMENT
    return None
