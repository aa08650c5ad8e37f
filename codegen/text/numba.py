"""What numba needs around a function: its decorator, and a wrapper for checks it cannot compile."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.spell import Speller
from codegen.stage.paper import Paper
from codegen.text.docstring import quoted


@dataclass(frozen=True)
class Wrapper:
    """A plain function in front of the compiled one."""

    name: str
    signature: str
    docstring: tuple[str, ...]
    guards: tuple[str, ...]
    call: str


@dataclass(frozen=True)
class Around:
    """What stands around the body of a function, and its own head, when numba compiles it."""

    decorator: str
    signature: str
    docstring: tuple[str, ...]
    guards: tuple[str, ...]
    wrapper: Wrapper | None


def private_name(public: str) -> str:
    """Return the name of the compiled function behind a wrapper."""
    return f"_{public}"


def around(
    paper: Paper,
    speller: Speller,
    signature: str,
    docstring: tuple[str, ...],
    guards: tuple[str, ...],
    seeds: list[str],
) -> Around:
    """Return the head of a function, given that of plain style; `seeds` are its cotangents.

    Which memory two arrays share is asked outside of compiled code.
    """
    decorator = f"@{speller.library('numba.njit')}"
    if not any(".shares_memory(" in row for row in guards):
        return Around(decorator, signature, docstring, guards, None)
    public = signature.removeprefix("def ").partition("(")[0]
    private = speller.ours.helpers.get(public, private_name(public))
    names = ", ".join([*(p.name for p in paper.built.parameters), *seeds])
    return Around(
        decorator,
        f"def {private}({names}):",
        tuple(quoted([f"The compiled part of {public}, which checks its arguments."])),
        (),
        Wrapper(public, signature, docstring, guards, f"{private}({names})"),
    )
