"""What np.einsum's subscripts say: the letters of each operand's axes, and of the result's."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass

from codegen import shapes

REST = "..."  # stands for the axes of an ellipsis, where their number is not known
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Subscripts:
    """The labels of the operands' axes and of the result's: letters, `...`, `.0` `.1` for its axes.

    >>> parse("...ij,jk", 2)
    Subscripts(inputs=(('...', 'i', 'j'), ('j', 'k')), output=('...', 'i', 'k'))
    """

    inputs: tuple[Labels, ...]
    output: Labels

    @property
    def has_rest(self) -> bool:
        """True if some operand's axes are not counted."""
        return any(REST in labels for labels in self.inputs)


def parse(text: str, count: int) -> Subscripts:
    """Read the subscripts of so many operands; raise Misfit where numpy would not take them."""
    given, arrow, result = text.replace(" ", "").partition("->")
    inputs = tuple(_labels(part, text) for part in given.split(","))
    if len(inputs) != count:
        raise shapes.Misfit(
            f'the subscripts "{text}" are for {len(inputs)} operands, and {count} are given',
            "give each operand its letters, with commas between",
        )
    if not arrow:
        return Subscripts(inputs, _implied(inputs))
    output = _labels(result, text)
    known = {label for labels in inputs for label in labels}
    for label in output:
        if label not in known or output.count(label) > 1:
            raise shapes.Misfit(
                f'the result of "{text}" may have each letter of the operands once, '
                f"which `{label}` is not",
                "name it as an axis of an operand too, and once in the result",
            )
    return Subscripts(inputs, output)


def _labels(part: str, text: str) -> Labels:
    before, dots, behind = part.partition(REST)
    letters = before + behind
    if letters and not (letters.isalpha() and letters.isascii()):
        raise shapes.Misfit(
            f'"{text}" has a sign that is no letter, comma, arrow or ellipsis',
            'write np.einsum("ij,jk->ik", a, b)',
        )
    return (*before, *([REST] if dots else []), *behind)


def _implied(inputs: tuple[Labels, ...]) -> Labels:
    """Return the result's labels where there is no arrow: the letters that stand once, in order."""
    counted = Counter(label for labels in inputs for label in labels)
    rest = [REST] if REST in counted else []
    return (*rest, *sorted(label for label, n in counted.items() if n == 1 and label != REST))


def ranked(found: Subscripts, ranks: list[int | None]) -> Subscripts:
    """Return the subscripts with a label of its own for every axis of an ellipsis.

    Where some rank is not known, or no ellipsis stands, they stay as they are. One that the result
    has not must stand for no axes, as numpy does not sum it.
    """
    if REST not in found.output and None in ranks:
        inputs = tuple(tuple(x for x in labels if x != REST) for labels in found.inputs)
        return Subscripts(inputs, found.output)
    if not found.has_rest or any(
        rank is None for rank, labels in zip(ranks, found.inputs, strict=True) if REST in labels
    ):
        return found
    batch = [
        (rank or 0) - len(labels) + 1 if REST in labels else 0
        for rank, labels in zip(ranks, found.inputs, strict=True)
    ]
    most = max(batch)
    inputs = tuple(
        _spread(labels, own, most) for labels, own in zip(found.inputs, batch, strict=True)
    )
    if most and REST not in found.output:
        raise shapes.Misfit(
            "np.einsum does not sum the axes of an ellipsis",
            "put the ellipsis into the result, or give its axes letters",
        )
    return Subscripts(inputs, _spread(found.output, most, most))


def _spread(labels: Labels, own: int, most: int) -> Labels:
    """Return labels with the last of the ellipsis's axes in its place."""
    if REST not in labels:
        return labels
    place = labels.index(REST)
    axes = tuple(f".{axis}" for axis in range(most - own, most))
    return (*labels[:place], *axes, *labels[place + 1 :])


def is_reordered(text: str) -> bool:
    """True if the subscripts of one operand sum nothing, so that numpy gives a view.

    >>> is_reordered("'ij->ji'"), is_reordered("'ij->i'")
    (True, False)
    """
    found = parse(ast.literal_eval(text), 1)
    return set(found.inputs[0]) == set(found.output)


def text_of(inputs: list[Labels], output: Labels) -> str:
    """Return subscripts as text; the axes of an ellipsis as one where none of them is summed."""
    used = {label for labels in (*inputs, output) for label in labels}
    batch = sorted((label for label in used if label.startswith(".") and label != REST), key=_place)
    if not batch or _is_ellipsis(inputs, output, batch):
        parts = [_dotted(labels, batch) for labels in (*inputs, output)]
    else:
        letters = iter(letter for letter in FREE if letter not in used)
        names = {label: next(letters) for label in batch}
        parts = ["".join(names.get(label, label) for label in row) for row in (*inputs, output)]
    return f"{','.join(parts[:-1])}->{parts[-1]}"


FREE = "bacdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _place(label: str) -> int:
    return int(label[1:])


def _is_ellipsis(inputs: list[Labels], output: Labels, batch: list[str]) -> bool:
    """True if every part has the last axes of the ellipsis side by side, and the result all."""
    for labels in (*inputs, output):
        own = [label for label in labels if label in batch]
        start = labels.index(own[0]) if own else 0
        if list(labels[start : start + len(own)]) != own or own != batch[len(batch) - len(own) :]:
            return False
    return [label for label in output if label in batch] == batch


def _dotted(labels: Labels, batch: list[str]) -> str:
    own = [label for label in labels if label in batch]
    return "".join(
        REST if own and label == own[0] else label for label in labels if label not in own[1:]
    )
