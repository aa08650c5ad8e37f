"""Split and gate style: what the forward pass keeps, the backward pass is handed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace

from codegen import expressions as e
from codegen import ir
from codegen.pairs.names import named_after
from codegen.parse import Module
from codegen.render import entry_copies, gradient_texts, guards, value_text
from codegen.spell import Speller
from codegen.stage.cache import Cache, cache_of
from codegen.stage.paper import Paper
from codegen.text.backward import backward_lines, statement_text
from codegen.text.docstring import author_words, gradient_names, quoted
from codegen.text.forward import INDENT, forward_lines
from codegen.text.list_seeds import list_copy, list_filled
from codegen.text.numba import Wrapper, around
from codegen.text.signature import cotangents, parameters

WIDTH = 84


@dataclass(frozen=True)
class SplitText:
    """The parts of a forward and a backward function, or of a class with both."""

    signature: str
    docstring: tuple[str, ...]
    guards: tuple[str, ...]
    forward: tuple[str, ...]
    cache: str
    cache_name: str
    kept: tuple[str, ...]
    value: str
    backward_signature: str
    backward_docstring: tuple[str, ...]
    unpacked: tuple[str, ...]
    seeds: tuple[str, ...]
    backward: tuple[str, ...]
    result: str
    class_name: str
    class_docstring: tuple[str, ...]
    template: str
    decorator: str = ""
    wrapper: Wrapper | None = None


def forward_name(name: str) -> str:
    """Return the forward function's name: `affine` gives `affine_forward`."""
    return named_after(name)[0]


def backward_name(name: str) -> str:
    """Return the backward function's name: `conv_forward_naive` gives `conv_backward_naive`."""
    return named_after(name)[1]


def class_name(name: str) -> str:
    """Return a class's name: `affine_relu` and `affine_relu_forward` give `AffineRelu`."""
    words = [word for word in name.split("_") if word and word != "forward"]
    return "".join(word[0].upper() + word[1:] for word in words) or "Gate"


def split_text(
    module: Module, paper: Paper, speller: Speller, style: str, target: str = "numpy"
) -> SplitText:
    """Spell one function's forward and backward pass."""
    outputs = [e.Primal(r.value) for r in paper.selection.outputs]
    several = len(outputs) > 1
    arrays = [o for o in outputs if not paper.facts[o.value].scalar]
    lists = [o for o in arrays if paper.facts[o.value].kind == "list"]
    extra = [_zeros(o.value, paper) for o in arrays if o not in lists] if several else []
    extra += lists if several else []
    extra += [e.Primal(p.value) for p in paper.selection.inputs if _reads_dtype(paper, p.value)]
    if not isinstance(paper.cache, Cache):
        paper.cache = cache_of(paper, extra)
    cache = paper.cache
    forward = [*entry_copies(paper), *forward_lines(paper.lines, paper, speller)]
    name = paper.built.function.name
    is_gate = style == "gate"
    holder = _me(paper) if is_gate else cache.name
    unpacked = _unpacked(cache, holder, is_gate)
    restored = [paper.namer.names[v] for v in sorted(paper.restored, key=lambda v: v.number)]
    unpacked += [f"{name} = {name}.copy()" for name in restored if name in cache.entries]
    unpacked += [
        f"{paper.namer.cotangents[r.value]} = {paper.namer.cotangents[r.value]}.copy()"
        for r in paper.selection.outputs
        if r.value in paper.written and not several and paper.facts[r.value].kind != "list"
    ]
    unpacked += _lists_copied(paper, several)
    backward = backward_lines(paper.nodes, paper, speller)
    backward += [statement_text(s, paper, speller) for s in paper.zeros]
    given = cotangents(module, paper, speller)
    taken = parameters(module, paper, speller)
    texts = {key: speller.text(value) for key, value in cache.entries.items()}
    value = value_text(paper, cache.values)
    first, second = (
        ("forward", "backward") if is_gate else (forward_name(name), backward_name(name))
    )
    if paper.selection.pair is not None:
        first, second = paper.selection.pair
    made = SplitText(
        signature=f"def {first}({', '.join([holder, *taken] if is_gate else taken)}):",
        docstring=tuple(_forward_docstring(paper, second, is_gate)),
        guards=(
            *guards(paper, speller),
            *(f"{name} = {'[]' if name in cache.drained else None}" for name in cache.unsure),
        ),
        forward=tuple(forward),
        cache=_tuple(list(texts.values())),
        cache_name=cache.name,
        kept=tuple(f"{holder}.{key} = {text}" for key, text in texts.items()),
        value=value if is_gate else _with_cache(value, paper, cache.name),
        backward_signature=(
            f"def {second}({', '.join([holder, *given] if is_gate else [*given, holder])}):"
        ),
        backward_docstring=tuple(_backward_docstring(paper, is_gate)),
        unpacked=tuple(unpacked),
        seeds=tuple(_seeds(paper, speller, cache)) if several else (),
        backward=tuple(backward),
        result=", ".join(gradient_texts(paper, speller)),
        class_name=class_name(name),
        class_docstring=tuple(_class_docstring(paper)),
        template=f"{style if paper.selection.inputs else 'forward'}.py.jinja",
    )
    if target == "numpy":
        return made
    head = around(paper, speller, made.signature, made.docstring, made.guards, [])
    return replace(made, **vars(head))


def _lists_copied(paper: Paper, several: bool) -> list[str]:
    """Return what copies the cotangents of lists that others have: parts of them are taken off."""
    if several or paper.selection.pair is not None:
        return []
    facts, cotangents = paper.facts, paper.namer.cotangents
    return [
        f"{name} = {list_copy(name, facts[value])}"
        for value in (r.value for r in paper.selection.outputs)
        if facts[value].kind == "list" and (name := cotangents[value])
    ]


def _reads_dtype(paper: Paper, value: object) -> bool:
    kind = paper.facts.types[value]  # type: ignore[index]
    return kind.scalar and kind.array


def _with_cache(value: str, paper: Paper, name: str) -> str:
    """Return the value and the cache; in the author's own places if there is a cache already."""
    has_own = any(returned.name == "cache" for returned in paper.built.returned)
    if has_own and value.startswith("(") and value.endswith(")"):
        return f"{value[1:-1]}, {name}"
    return f"{value}, {name}"


def _me(paper: Paper) -> str:
    """Return what a gate's methods call the gate: the author's names come first."""
    name = "self"
    while name in {*paper.namer.names.values(), *paper.namer.reserved}:
        name += "_"
    return name


def _unpacked(cache: Cache, holder: str, is_gate: bool) -> list[str]:
    names = list(cache.entries)
    rows = []
    if names:
        left = f"{names[0]}," if len(names) == 1 and not is_gate else ", ".join(names)
        right = ", ".join(f"{holder}.{name}" for name in names) if is_gate else holder
        rows.append(f"{left} = {right}")
    rows += [f"{name} = list({name})" for name in cache.drained]
    return rows


def _zeros(value: ir.Value, paper: Paper) -> e.Expression:
    """Return zeros for the cotangent of an output."""
    output = e.Primal(value)
    if paper.facts[value].dtype == "float":
        return e.call("numpy.zeros_like", output)
    dtype = e.call("numpy.result_type", output, e.Literal("1.0"))
    return e.call("numpy.zeros", e.call("numpy.shape", output), dtype)


def _seeds(paper: Paper, speller: Speller, cache: Cache) -> list[str]:
    """Return what None means for one of several cotangents: zero."""
    outputs = [r.value for r in paper.selection.outputs]
    names = [paper.namer.cotangents[value] for value in outputs]
    none = " and ".join(f"{name} is None" for name in names)
    rows = [f"if {none}:", f'{INDENT}raise ValueError("give {" or ".join(names)}")']
    if paper.selection.pair is not None:
        rows = []  # one is always given
        outputs = [value for value in outputs if not paper.facts[value].scalar]
        names = [paper.namer.cotangents[value] for value in outputs]
    for value, name in zip(outputs, names, strict=True):
        zero, kind = "0.0", paper.facts[value]
        if kind.kind == "list":
            zero = list_filled(paper.namer.names[value], kind, False, speller)
            rows.append(f"{name} = {zero} if {name} is None else {list_copy(name, kind)}")
            continue
        if not paper.facts[value].scalar:
            zero = speller.text(cache.handed(_zeros(value, paper)))
        taken = f"{name}.copy()" if value in paper.written else name
        rows.append(f"{name} = {zero} if {name} is None else {taken}")
    return rows


def _tuple(parts: list[str]) -> str:
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def _forward_docstring(paper: Paper, backward: str, is_gate: bool) -> list[str]:
    is_pair = paper.selection.pair is not None
    outputs = paper.built.returned if is_pair else paper.selection.outputs
    names = ", ".join(r.value.name or paper.namer.names[r.value] for r in outputs)
    what = f"Return {names}." if is_gate else f"Return {names} and the cache that {backward} takes."
    own = author_words(paper.built.docstring)
    return quoted([*textwrap.wrap(what, WIDTH), *(["", *own] if own else [])])


def _backward_docstring(paper: Paper, is_gate: bool) -> list[str]:
    seeds = ", ".join(paper.namer.cotangents[r.value] for r in paper.selection.outputs)
    gradients = ", ".join(gradient_names(paper))
    through = "the last forward" if is_gate else paper.built.function.name
    return quoted(
        textwrap.wrap(f"Backpropagate {seeds} through {through}: return {gradients}.", WIDTH)
    )


def _class_docstring(paper: Paper) -> list[str]:
    inputs = ", ".join(p.name for p in paper.built.parameters)
    return quoted([f"{paper.built.function.name}({inputs}) as a gate: forward, then backward."])
