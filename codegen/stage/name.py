"""Names: the author's always win, ours come from what a value is and give way."""

from __future__ import annotations

import builtins
import keyword
from dataclasses import dataclass, field

from codegen import expressions as e
from codegen import ir
from codegen.build.lines import Built, Line
from codegen.classes.words import as_word
from codegen.gates.declare import GATES
from codegen.stage.coalesce import Names
from codegen.stage.program import Staging

WORDS = {
    "add": "total",
    "subtract": "diff",
    "multiply": "product",
    "divide": "ratio",
    "reciprocal": "inv",
    "power": "power",
    "power_literal": "power",
    "square": "square",
    "matmul": "product",
    "dot": "product",
    "einsum": "product",
    "tensordot": "product",
    "multi_dot": "product",
    "einsum_of_one": "einsum",
    "maximum": "larger",
    "minimum": "smaller",
    "where": "chosen",
    "reshape": "flat",
    "expand_dims": "expanded",
    "negative": "negated",
    "positive": "same",
    "transpose": "transposed",
    "concatenate": "joined",
    "hstack": "joined",
    "vstack": "stacked",
    "stack": "stacked",
    "tril": "lower",
    "triu": "upper",
    "ravel": "flat",
    "flatten": "flat",
    "swapaxes": "swapped",
    "flip": "flipped",
    "roll": "rolled",
    "diff": "diffs",
    "sort": "sorted",
    "pad": "padded",
    "tile": "tiled",
    "repeat": "repeated",
    "moveaxis": "moved",
    "broadcast_to": "broadcast",
    "take": "taken",
    "arange_from": "arange",
    "sum_of_items": "total",
    "max_of_items": "largest",
    "min_of_items": "smallest",
}
ARITHMETIC = {"add", "subtract", "multiply", "power", "power_literal", "negative", "square"}
SHORT = 3
LONGEST = 16


@dataclass
class Namer:
    """Hands out names for one function; none is given twice."""

    built: Built
    staging: Staging
    reserved: set[str]  # names of the module and the author that must keep their meaning
    names: dict[ir.Value, str] = field(default_factory=dict)
    cotangents: dict[ir.Value, str] = field(default_factory=dict)
    locals: dict[e.Local, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    same: Names = field(default_factory=Names)  # which values and cotangents share a name
    lists: dict[ir.Value, ir.Value] = field(default_factory=dict)  # a list -> what it keeps
    shapes: dict[ir.Value, ir.Value] = field(default_factory=dict)  # a shape -> whose it is

    def __post_init__(self) -> None:
        self._entries = {entry.value for entry in self.built.entries}

    def claim(self, wanted: str) -> str:
        """Return a name that nobody has: the wanted one, or with trailing underscores."""
        name = wanted
        while (
            name in self.taken
            or name in self.reserved
            or keyword.iskeyword(name)
            or hasattr(builtins, name)
        ):
            name += "_"
        self.taken.add(name)
        return name

    def author_values(self, kept: list[ir.Value]) -> None:
        """Name the author's values: the first of a name keeps it, later ones are `x_1`, `x_2`."""
        first: dict[str, ir.Value] = {}
        for value in kept:
            assert value.name is not None
            if value not in self.names and self._has_shared(value):
                continue  # a helper's name for an array that the caller has a name for
            if value.name not in first:
                first[value.name] = value
                self._give(value, value.name)
                self.taken.add(value.name)
            elif self.same.of(e.Primal(value)) == self.same.of(e.Primal(first[value.name])):
                self.names[value] = value.name
        counts: dict[str, int] = {}
        for value in kept:
            if value in self.names or self._has_shared(value):
                continue
            assert value.name is not None
            counts[value.name] = counts.get(value.name, 0) + 1
            self._give(value, self.claim(f"{value.name}_{counts[value.name]}"))

    def _give(self, value: ir.Value, name: str) -> None:
        """Name a value, and for all that share its name the one that stands for them."""
        self.names[value] = name
        shared = self.same.of(e.Primal(value)).value
        self.names.setdefault(shared, name)

    def _has_shared(self, value: ir.Value) -> bool:
        """Take the name of what a value shares it with, if that has one."""
        shared = self.same.of(e.Primal(value)).value
        if shared in self.names:
            self.names[value] = self.names[shared]
            return True
        return False

    def own_values(self, lines: list[Line]) -> None:
        """Name the stages that are ours, in order."""
        values = [value for line in lines for value in line.values()]
        for value in values:
            if value not in self.lists:
                self.own_value(value)
        for value in values:
            if value in self.lists:
                kept = self._kept(self.lists[value])
                is_old = self.lists[value] not in self.names and value not in self.shapes
                choices = [plural(kept)] if is_old else [plural(kept), f"{kept}_kept"]
                self._give(value, self._claim_first(choices))

    def _kept(self, value: ir.Value) -> str:
        """Return the name of what a list keeps; a shape goes by whose it is."""
        whose = self.shapes.get(value)
        if whose is not None:
            return f"{as_word(self.names[whose])}_shape"
        return as_word(self.names.get(value) or self.built.hints[value])

    def own_value(self, value: ir.Value) -> None:
        """Name a value that the author has no name for."""
        if value in self.names or self._has_shared(value):
            return
        if value in self.staging.own:
            self._give(value, self._claim_first(self._candidates(value)))
            return
        hint = self.built.hints.get(value)
        if value in self.shapes:
            hint = self._kept(value)
        candidates = [hint] if hint else ["i", "j", "k"]
        self._give(value, self._claim_first(candidates))

    def cotangent(self, value: ir.Value) -> str:
        """Return the name of a value's cotangent, giving it one if it has none."""
        known = self.cotangents.get(value)
        if known is None:
            shared = self.same.of(e.Cotangent(value)).value
            known = self.cotangents.get(shared)
            if known is None:
                known = self._cotangent(value)
                self.cotangents[shared] = known
            self.cotangents[value] = known
        return known

    def _cotangent(self, value: ir.Value) -> str:
        if value not in self.names and value.name is None:
            if value in self._entries:
                return self._claim_first([f"d{self.built.hints[value]}"])
            return self._claim_first([f"d{c}" for c in self._raw(value)])
        wanted = f"d{as_word(self.names.get(value, value.name) or '')}"
        if wanted in self.taken and self.same.parent:
            return self._claim_first([wanted, f"{wanted}_1"])
        return self.claim(wanted)

    def seed(self, value: ir.Value) -> str:
        """Name an output's cotangent after the author's variable, without its version."""
        wanted = f"d{value.name}"
        if value.name is not None and wanted not in self.taken | self.reserved:
            self.taken.add(wanted)
            self.cotangents[value] = wanted
            self.cotangents[self.same.of(e.Cotangent(value)).value] = wanted
        return self.cotangent(value)

    def local(self, name: e.Local) -> str:
        """Return the name of a gate's helper value."""
        if name not in self.locals:
            owner = as_word(self.names.get(name.owner) or "") or None
            choices = [name.stem] if owner is None else [name.stem, f"{name.stem}_{owner}"]
            self.locals[name] = self._claim_first(choices)
        return self.locals[name]

    def _claim_first(self, candidates: list[str]) -> str:
        for name in candidates:
            is_free = name not in self.taken and name not in self.reserved
            is_plain = name.isidentifier() and not keyword.iskeyword(name)
            if is_free and is_plain and not hasattr(builtins, name):
                self.taken.add(name)
                return name
        usable = [name for name in candidates if name.isidentifier()]
        base = usable[-1] if usable else "stage"
        number = 1
        while f"{base}_{number}" in self.taken | self.reserved:
            number += 1
        return self.claim(f"{base}_{number}")

    def _target(self, value: ir.Value) -> str:
        """Return the name of the author's line that a nameless value is part of."""
        line = self.built.line_of.get(self.built.definition[value])
        for target in line.values() if line is not None else []:
            if target in self.names:
                return self.names[target]
        return "stage"

    def _raw(self, value: ir.Value) -> list[str]:
        """Candidates for a value that has a cotangent but no stage: `h_raw`, then what it is."""
        target = self._target(value)
        line = self.built.line_of.get(self.built.definition[value])
        direct: list[str] = []
        for one in line.values() if line is not None else []:
            made = self.built.definition.get(one)
            if made is not None and value in made.operands:
                direct = [f"{self.names.get(one, target)}_raw"]
        stem = self._stem(value)
        what = self._part(value) or [f"{target}_{self._word(value)}"]
        return [*direct, *([stem] if stem else []), *what]

    def _part(self, value: ir.Value) -> list[str]:
        """Candidates for a part of an array: it goes by what it is a part of, `x_part`."""
        made = self.built.definition.get(value)
        if not isinstance(made, ir.View):
            return []
        base = self._stem(made.operands[0])
        return [f"{base}_{self._word(value)}"] if base is not None and len(base) <= LONGEST else []

    def _candidates(self, value: ir.Value) -> list[str]:
        test = self._test(value)
        if test is not None:
            return test
        hint = self.built.hints.get(value)
        part = self._part(value)
        quotient = self._place_in_quotient(value)
        stem = self._stem(value)
        word = self._word(value)
        target = self._target(value)
        choices = [hint, quotient, stem if stem and len(stem) <= LONGEST else None, *part]
        if not part:
            choices += [f"{target}_{quotient}" if quotient else None, f"{target}_{word}"]
        return [choice for choice in choices if choice]

    def _test(self, value: ir.Value) -> list[str] | None:
        """Candidates for a condition: `x_is_positive`, `s_above_m`."""
        made = self.built.definition[value]
        if not isinstance(made, ir.Gate) or self.built.hints.get(value):
            return None
        word = {"greater": "above", "greater_equal": "from", "less": "below"}.get(made.gate)
        word = word or {"less_equal": "up_to", "equal": "is", "not_equal": "is_not"}.get(made.gate)
        if word is None:
            return ["holds"] if made.gate in ("boolean", "test", "not") else None
        left = self._stem(made.operands[0])
        right = self._stem(made.operands[1])
        if left is None or len(left) > LONGEST:
            return ["test"]
        if _is_zero(made.operands[1], self.built) and word in ("above", "below"):
            return [f"{left}_is_{'positive' if word == 'above' else 'negative'}"]
        if right is None or len(left) + len(right) > LONGEST:
            return [f"{left}_test"]
        return [f"{left}_{word}_{right}"]

    def _place_in_quotient(self, value: ir.Value) -> str | None:
        made = self.built.definition[value]
        if not isinstance(made, ir.Gate) or made.gate not in ARITHMETIC:
            return None
        for operation in self.built.readers.get(value, []):
            if self.built.line_of.get(operation) is self.built.line_of.get(made):
                if operation.gate == "divide":
                    return "num" if operation.operands[0] is value else "den"
                if operation.gate == "reciprocal":
                    return "den"
        return None

    def _word(self, value: ir.Value) -> str:
        made = self.built.definition[value]
        if isinstance(made, ir.Gate):
            if made.gate in WORDS:
                return WORDS[made.gate]
            stem = GATES[made.gate].stem or made.gate
            return stem.split("{")[0].strip("_") or made.gate
        if isinstance(made, ir.Effect):
            return "rng" if made.gate == "default_rng" else "draw"
        return "part"

    def _stem(self, value: ir.Value, depth: int = 0) -> str | None:
        """Return a name made of what the value is, or None if that would be no word."""
        if value in self.names:
            return as_word(self.names[value])
        made = self.built.definition.get(value)
        if not isinstance(made, ir.Gate) or depth > 2:
            return None
        gate = GATES[made.gate]
        if made.gate == "power_literal":
            return self._power_stem(made, depth)
        if gate.stem is None or (gate.variadic and len(made.operands) > 1):
            return None
        filled = {}
        for name, operand in zip(gate.operands, made.operands, strict=False):
            inner = self._stem(operand, depth + 1)
            if inner is None:
                return None
            filled[name] = inner
        if len(filled) > 1 and max(len(inner) for inner in filled.values()) > SHORT:
            return None
        stem = gate.stem
        if len(filled) == 1 and len(next(iter(filled.values()))) > SHORT and stem.endswith("{x}"):
            stem = stem.replace("{x}", "_{x}").replace("__", "_")
        try:
            return stem.format(**filled)
        except KeyError:
            return None

    def _power_stem(self, made: ir.Gate, depth: int) -> str | None:
        inner = self._stem(made.operands[0], depth + 1)
        suffix = {"2": "sqr", "3": "cubed"}.get(str(made.static("C")))
        return f"{inner}{suffix}" if inner and suffix else None


def _is_zero(value: ir.Value, built: Built) -> bool:
    spelled = built.spelling.get(value)
    return isinstance(spelled, e.Literal) and spelled.text in ("0", "0.0")


def plural(name: str) -> str:
    """Return the name of a list of what a name held: `h` is kept in `hs`."""
    return f"{name}es" if len(name) > 1 and name.endswith(("s", "x", "ch", "sh")) else f"{name}s"
