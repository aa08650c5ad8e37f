"""A class of the author with its gradients: his members, and the pass that is differentiated."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass, replace

from codegen.classes.lower import Method
from codegen.classes.members import quoted
from codegen.classes.words import as_word
from codegen.errors import Problems
from codegen.parse import MARK, Module
from codegen.parse_names import free_names
from codegen.render import (
    FunctionText,
    function_text,
    gradient_texts,
    value_text,
    written_parameters,
)
from codegen.spell import Speller
from codegen.stage.cache import Cache
from codegen.stage.paper import Paper
from codegen.text.docstring import author_words
from codegen.text.docstring import quoted as docstring_lines
from codegen.text.forward import HEADINGS, INDENT
from codegen.text.signature import parameters, with_cotangents
from codegen.text.split import SplitText, split_text


@dataclass(frozen=True)
class ClassText:
    """The parts of a class: the author's text before and behind the pass that is ours."""

    class_name: str
    head: str
    before: tuple[str, ...]
    methods: tuple[str, ...]  # names of the templates of our methods
    function: FunctionText | SplitText
    stored: tuple[str, ...]  # gradients on self
    result: str
    after: tuple[str, ...]
    template: str = "class.py.jinja"
    wrapper: None = None  # numba compiles no classes

    @property
    def forward(self) -> tuple[str, ...]:
        """The lines of the forward pass."""
        return self.function.forward

    @property
    def guards(self) -> tuple[str, ...]:
        """The lines before it."""
        return self.function.guards

    @property
    def seeds(self) -> tuple[str, ...]:
        """The lines that settle the cotangents."""
        return self.function.seeds

    @property
    def backward(self) -> tuple[str, ...]:
        """The lines of the backward pass."""
        return self.function.backward


def class_text(module: Module, paper: Paper, speller: Speller, method: Method) -> ClassText:
    """Spell a class: one whose loss gives its gradients too, or one with forward and backward."""
    before, after = _members(module, method, speller)
    _refuse_written(module, paper, method)
    gradients = dict(zip(paper.selection.inputs, gradient_texts(paper, speller), strict=True))
    texts = method.attributes
    own = {texts[p.name]: text for p, text in gradients.items() if p.kind == "attribute"}
    given = [text for p, text in gradients.items() if p.kind != "attribute"]
    function: FunctionText | SplitText
    if method.is_loss:
        function = function_text(module, paper, speller)
        value = [value_text(paper, set())] if paper.selection.gives_value else []
        result = ", ".join([*value, *given, "grads"])
        taken = with_cotangents(module, paper, speller)
        function = replace(
            function,
            signature=f"def {method.node.name}({', '.join(['self', *taken])}):",
            docstring=tuple(_loss_docstring(paper, own)),
            forward=(*_opening(module, method), *function.forward),
            guards=(*_number_guards(paper, speller, method), *function.guards),
        )
        stored: tuple[str, ...] = (f"grads = {_dict({_key(k): t for k, t in own.items()})}",)
    else:
        function = split_text(module, paper, speller, "gate")
        kept = {key: _free(key, method) for key in _keys(function)}
        taken = parameters(module, paper, speller)
        function = replace(
            function,
            signature=f"def {method.node.name}({', '.join(['self', *taken])}):",
            docstring=tuple(_forward_docstring(paper)),
            forward=(*_opening(module, method), *function.forward),
            guards=(*_number_guards(paper, speller, method), *function.guards),
            kept=tuple(_moved(row, kept) for row in function.kept),
            unpacked=(
                *(_moved(row, kept) for row in function.unpacked),
                *_named_again(paper, method),
            ),
            backward_docstring=tuple(_backward_docstring(paper, own, given)),
        )
        stored = tuple(_stored(own))
        result = ", ".join(given)
    templates = ("loss.py.jinja",) if method.is_loss else ("gate_methods.py.jinja",)
    return ClassText(
        method.owner.name, _head(module, method), before, templates, function, stored, result, after
    )


def _opening(module: Module, method: Method) -> list[str]:
    """Return the author's lines that give names to attributes, with their comments."""
    rows: list[str] = []
    for node in method.opening:
        rows += as_it_stands(module, node).split("\n")
    return [row for row in rows if row.lower() not in HEADINGS]


def _named_again(paper: Paper, method: Method) -> list[str]:
    """Return the line that gives the backward pass the author's names of attributes."""
    assert isinstance(paper.cache, Cache)
    named = [name for name in paper.cache.attributes if method.attributes[name] != name]
    if not named:
        return []
    return [f"{', '.join(named)} = {', '.join(method.attributes[name] for name in named)}"]


def _refuse_written(module: Module, paper: Paper, method: Method) -> None:
    """An attribute that is written in place would be changed once more by each call."""
    written = written_parameters(paper)
    problems = Problems(module.source)
    for parameter in paper.built.parameters:
        if parameter.kind == "attribute" and parameter.value in written:
            text = method.attributes[parameter.name]
            problems.add(
                "class",
                f"`{text}` is written in place, which is not supported",
                module.source.span(method.node.args.args[0]),
                f"copy it first: `{as_word(text)} = {text}.copy()`",
            )
    problems.raise_if_any()


def _number_guards(paper: Paper, speller: Speller, method: Method) -> list[str]:
    """Return the checks of attributes that nothing but a default shows to be numbers."""
    rows = []
    for parameter in paper.built.parameters:
        if parameter.kind == "attribute" and parameter.value in paper.facts.taken:
            text = method.attributes[parameter.name]
            rows += [f"if {speller.library('numpy')}.ndim({text}):"]
            rows += [f'{INDENT}raise TypeError("{_shown(text)} must be a number")']
    return rows


def _shown(text: str) -> str:
    return text.replace('"', "'")


def _head(module: Module, method: Method) -> str:
    node = method.owner.node
    rows = [f"@{module.source.segment(module.source.span(d))}" for d in node.decorator_list]
    return "\n".join([*rows, f"class {node.name}:"])


def _members(
    module: Module, method: Method, speller: Speller
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the author's members around the method that is ours, as they stand in the file."""
    before: list[str] = []
    after: list[str] = []
    found = before
    last: ast.stmt | None = None
    for part in method.owner.node.body:
        if part is method.node:
            found, last = after, None
            continue
        if isinstance(part, ast.FunctionDef) and part.name == "backward":
            continue
        text = as_it_stands(module, part, INDENT)
        if last is not None and not isinstance(last, ast.FunctionDef | ast.Expr):
            found[-1] += ("\n\n" if isinstance(part, ast.FunctionDef) else "\n") + text
        else:
            found.append(text)
        last = part
        speller.note_members(free_names(part))
    for decorator in method.owner.node.decorator_list:
        speller.note_text(module.source.segment(module.source.span(decorator)))
    return tuple(before), tuple(after)


def as_it_stands(module: Module, node: ast.stmt, indent: str = "") -> str:
    """Return the author's text of a definition, with its decorators and the comments above it."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    before = module.source.line(node.lineno)[: module.source.span(node).column]
    if before.strip():  # `class A: rate = 0.1`
        return indent + module.source.segment(module.source.span(node))
    above: list[str] = []
    row = first - 1
    while row in module.comments and module.comments[row].alone:
        if MARK.search(module.comments[row].text) is None:
            above.insert(0, indent + module.comments[row].text)
        row -= 1
    last = node.end_lineno or node.lineno
    text = "\n".join(module.source.line(row) for row in range(first, last + 1))
    if before != indent:
        text = textwrap.indent(textwrap.dedent(text), indent)
    return "\n".join([*above, text])


def _keys(function: SplitText) -> list[str]:
    return [row.removeprefix("self.").split(" = ")[0] for row in function.kept]


def _free(key: str, method: Method) -> str:
    """Return the attribute that keeps a value, beside those that the class has."""
    members = {re.match(r"\.(\w+)", member)[1] for member in method.owner.members}  # type: ignore[index]
    read = method.attributes.values()
    members |= {re.match(r"self\.(\w+)", text)[1] for text in read}  # type: ignore[index]
    members |= set(method.owner.methods) | {"backward", "grads"}
    members |= {f"d{member}" for member in members}  # where gradients are put
    while key in members:
        key += "_"
    return key


def _moved(row: str, kept: dict[str, str]) -> str:
    for key, name in kept.items():
        if key != name:
            row = re.sub(rf"\bself\.{key}\b", f"self.{name}", row)
    return row


def _key(text: str) -> str:
    """Return an attribute's key among the gradients: `W1` of `self.params["W1"]`, `fc1.W`."""
    words = re.findall(r"\w+", text)[1:]
    return ".".join(
        word for place, word in enumerate(words) if word != "params" or place == len(words) - 1
    )


def _dict(entries: dict[str, str]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {text}" for key, text in entries.items()) + "}"


def places_of(texts: list[str], is_loss: bool) -> list[str]:
    """Return where the gradient of each attribute is found: `self.dW`, `self.grads["W1"]`.

    >>> places_of(["self.W", 'self.params["W1"]', "self.fc1.W"], False)
    ['self.dW', 'self.grads["W1"]', 'self.fc1.dW']
    >>> places_of(["self.W", 'self.params["W1"]', "self.fc1.W"], True)
    ['grads["W"]', 'grads["W1"]', "grads['fc1.W']"]
    """
    if is_loss:
        return [f"grads[{quoted(_key(text))}]" for text in texts]
    return [f"{holder}{rest}" for holder, rest in map(_place, texts)]


def _place(text: str) -> tuple[str, str]:
    """Return where a gradient is put on self, and its key there."""
    match = re.match(r"(.*)\.(\w+)(\[(?:\"|').*\])$", text)
    if match is not None:
        holder, name, key = match.groups()
        return (f"{holder}.grads" if name == "params" else f"{holder}.d{name}"), key
    holder, _, name = text.rpartition(".")
    return f"{holder}.d{name}", ""


def _stored(own: dict[str, str]) -> list[str]:
    """Return the lines that put gradients on self: `self.dW = dW`, `self.grads = {...}`."""
    rows: list[str] = []
    dicts: dict[str, list[str]] = {}
    for text, gradient in own.items():
        place, key = _place(text)
        if key:
            dicts.setdefault(place, []).append(f"{key[1:-1]}: {gradient}")
        else:
            rows.append(f"{place} = {gradient}")
    return [*rows, *(f"{place} = {{{', '.join(inner)}}}" for place, inner in dicts.items())]


def _loss_docstring(paper: Paper, own: dict[str, str]) -> list[str]:
    value = paper.selection.outputs[0].value
    name = value.name or paper.namer.names[value]
    keys = ", ".join(_key(text) for text in own)
    what = f"{name} and grads" if paper.selection.gives_value else "grads"
    words = f"Return {what}, a dict with the gradients of {keys}."
    return _docstring(words, paper)


def _forward_docstring(paper: Paper) -> list[str]:
    names = ", ".join(r.value.name or paper.namer.names[r.value] for r in paper.selection.outputs)
    return _docstring(f"Return {names}.", paper)


def _docstring(words: str, paper: Paper) -> list[str]:
    own = author_words(paper.built.docstring)
    return docstring_lines([*textwrap.wrap(words, 84), *(["", *own] if own else [])])


def _backward_docstring(paper: Paper, own: dict[str, str], given: list[str]) -> list[str]:
    seeds = ", ".join(paper.namer.cotangents[r.value] for r in paper.selection.outputs)
    names = {text.split(" = ")[0].removeprefix("self.") for text in _stored(own)}
    stored = ", ".join(dict.fromkeys(t.split(" = ")[0] for t in _stored(own)))
    inputs = [
        paper.namer.cotangents[p.value] for p in paper.selection.inputs if p.kind != "attribute"
    ]
    parts = [f"set {stored}"] if names else []
    parts += [f"return {', '.join(inputs)}"] if given else []
    words = f"Backpropagate {seeds} through the last forward: {', '.join(parts)}."
    return docstring_lines(textwrap.wrap(words, 84))
