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
MAXIMA = ("max", "maximum", "maximum_literal", "max_of_items", "absolute")
NEAR = 5  # x - np.max(x), -np.abs(x), and what people put between: an index, a copy, a scale
# Composites that sum exponentials, and what does it for exponents of any size.
SHIFTED = {
    "softplus": "np.logaddexp(0, x)",
    "logsumexp": "scipy.special.logsumexp(x), or to take np.max(x) off x first,",
    "softmax": "scipy.special.softmax(x), or to take np.max(x) off x first,",
}
DENSITIES = ("pdf", "pmf", "cdf")
COMPLEMENT = "np.log(-np.expm1(x)), or np.log1p(-np.exp(x)) where x is far below 0"


def note(built: Built) -> None:
    """Note what overflows, or underflows, where a spelling beside it does neither."""
    for operation in ir.operations(built.function.body):
        if isinstance(operation, ir.Gate):
            message, stable = _unstable(operation, built)
            if stable is not None:
                built.notes.append(Note(message, operation.span, f"{stable} does not"))


def _unstable(gate: ir.Gate, built: Built) -> tuple[str, str | None]:
    """Say what is wrong with this gate as it stands, and the stable spelling, None if it is one."""
    if gate.gate == "log":
        made = built.definition.get(gate.operands[0])
        stable = _stable(made, built) if isinstance(made, ir.Gate) else None
        return "the logarithm of what may underflow or overflow", stable
    message = "the exponential of a large number overflows"
    if gate.gate in SHIFTED and len(gate.operands) == 1:  # else the maximum is the second
        shifted = _has_maximum(gate.operands[0], built, NEAR)
        return message, None if shifted else SHIFTED[gate.gate]
    return message, None


def _stable(made: ir.Gate, built: Built) -> str | None:
    if made.gate in LOGARITHMS:
        return LOGARITHMS[made.gate]
    name, _, what = made.gate.rpartition("_")
    if what in DENSITIES and name:
        return f"scipy.stats.{name}.log{what}"
    if made.gate == "subtract":
        one, other = (built.definition.get(operand) for operand in made.operands)
        if _is_one(one) and _is_exp(other):
            return COMPLEMENT
    if made.gate == "add" and all(map(_is_exp, map(built.definition.get, made.operands))):
        return "np.logaddexp(x, y)"
    return None


def _is_one(made: ir.Operation | None) -> bool:
    return isinstance(made, ir.Constant) and made.text in ("1", "1.0")


def _is_exp(made: ir.Operation | None) -> bool:
    return isinstance(made, ir.Gate) and made.gate == "exp"


def _has_maximum(value: ir.Value, built: Built, near: int) -> bool:
    """Say whether a maximum is among the last few gates that make this value."""
    made = built.definition.get(value)
    if near == 0 or not isinstance(made, (ir.Gate, ir.View)):
        return False
    if isinstance(made, ir.Gate) and made.gate in MAXIMA:
        return True
    return any(_has_maximum(v, built, near - 1) for v in made.operands)
