"""What is asked of the compiler, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codegen.errors import Note
from codegen.source import Source

STYLES = ("joint", "split", "gate")
TARGETS = ("numpy", "numba")
RETURNS = ("both", "grad")
JACOBIANS = ("columns",)


Place = int | str | tuple[int | str, ...]  # where a value stands in what a function returns


@dataclass(frozen=True)
class Form:
    """In which form gradients are written."""

    style: str = "joint"
    target: str = "numpy"  # what runs the output
    returns: str = "both"  # "grad": the gradients without the value
    jacobian: str | None = None  # "columns": an entry of the output for each row
    debug: bool = False  # with a check after each gradient line


@dataclass(frozen=True)
class Options:
    """What was asked for by flag (None: not asked for), and what to do where no mark speaks.

    A flag wins over a mark and a mark over pyproject.toml, so what pyproject.toml says of
    functions, wrt and of is apart, in `defaults`. No mark says anything of the form: it is settled.
    """

    functions: tuple[str, ...] | None = None
    wrt: tuple[str, ...] | None = None
    of: tuple[str, ...] | None = None
    style: str = "joint"
    defaults: Options | None = None  # from pyproject.toml, itself without defaults
    target: str = "numpy"
    returns: str = "both"
    jacobian: str | None = None
    debug: bool = False
    rules: tuple[Source, ...] = ()  # files of gates of one's own
    neighbours: Mapping[str, Source] = field(default_factory=dict, compare=False)  # beside the file
    following: tuple[str, ...] = ()  # modules that import one another, down to this one

    @property
    def form(self) -> Form:
        """In which form gradients are written."""
        return Form(self.style, self.target, self.returns, self.jacobian, self.debug)


@dataclass(frozen=True)
class Parameter:
    """What is known of one parameter of a forward function."""

    name: str
    kind: str  # "scalar" "integer" "array" "list" "other" "unknown"
    shape: tuple[str | int, ...] | None = None  # ("N", "D"); ("*S",) entries may stand for many
    dtype: str = "unknown"  # "float" "int" "bool" "unknown"
    declared: bool = False  # an annotation (or docstring) promises kind and shape
    optional: bool = False  # None may be passed too
    keyword_only: bool = False
    has_default: bool = False


@dataclass(frozen=True)
class ObjectReport:
    """How a method of a class is called as a function of its inputs and its attributes.

    The attributes are (name, text) pairs, ("W1", 'self.params["W1"]'), and so are the places where
    their gradients are found: ("W1", 'self.grads["W1"]').
    """

    made: str  # the text of a call that makes an object; "" where none is known
    method: str
    attributes: tuple[tuple[str, str], ...]
    gradients: tuple[tuple[str, str], ...]
    is_loss: bool = False


@dataclass(frozen=True)
class FunctionReport:
    """What was written for one forward function."""

    name: str
    gradient_name: str
    parameters: tuple[Parameter, ...]
    wrt: tuple[str, ...]
    of: tuple[str, ...]  # names of the returned values that were picked, in order
    cotangents: tuple[str, ...]  # names of the cotangent parameters, one for each of `of`
    picked: (
        tuple[Place, ...] | None
    )  # which entries of f's returned tuple; None: f returns one value
    examples: tuple[str, ...] = ()  # argument texts of example calls: "np.ones((3, 4)), 2.0"
    draws_random: bool = False
    stops: bool = False  # an assignment is marked `# codegen: stop`: no oracle can follow
    is_script: bool = False  # the forward "function" is the file itself
    changed: tuple[str, ...] = ()  # dicts of settings that the function writes into
    style: str = "joint"
    forward_name: str = ""  # of split style; of gate style the class's
    backward_name: str = ""
    returns: str = "both"
    jacobian: str | None = None
    writes: tuple[str, ...] = ()  # arrays it is given that it writes into
    has_effects: bool = False  # it prints, draws, or writes into a dict that it is given
    of_class: ObjectReport | None = None  # the forward "function" is a method of a class


@dataclass(frozen=True)
class Generated:
    """The text of one output module (no header), and what to tell its user."""

    text: str
    notes: tuple[Note, ...]
    functions: tuple[FunctionReport, ...]
    modules: tuple[tuple[str, str], ...] = ()  # what it imports: names and texts of other outputs
