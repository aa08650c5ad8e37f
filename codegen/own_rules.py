"""Gates of a user's own: read from a file of rules, known while one file is compiled.

    import codegen
    import mylib

    @codegen.rule("mylib.fast_tanh(x)")
    def fast_tanh(out):
        return 1 - out**2

The file is parsed and never run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from codegen import shapes
from codegen.errors import CodegenError, Problems
from codegen.gates import rules as type_rules
from codegen.gates.declare import BY_KEY, GateDefinition, Statics, TypeRule, register, unregister
from codegen.gates.pattern import LIBRARIES, parse_pattern
from codegen.shapes import SCALAR, Type
from codegen.source import Source, Span

PATTERN_HELP = 'write the call with its operands: @codegen.rule("mylib.fast_tanh(x)")'
OPTIONS = ("result", "kink", "singular", "stem")


Body = TypeVar("Body", bound=Callable[..., object])


def rule(
    *patterns: str,
    result: str = "elementwise",
    kink: str = "",
    singular: bool = False,
    stem: str = "",
) -> Callable[[Body], Body]:
    """Mark a function as the backward body of a call: `@codegen.rule("mylib.fast_tanh(x)")`.

    The file that holds it is named by `rules = ["rules.py"]` under `[tool.codegen]`. It is parsed
    and never run by the compiler; run by you, the mark does nothing.

    The body takes what it reads of `out` (the result), the operands by the pattern's names, and `d`
    (the cotangent). Without `d` it returns the local gradient of an elementwise function, or a
    tuple of one for each operand; with `d` the operands' cotangents. None is for no gradient.

    `result` says what the call gives: "elementwise" (the operands' broadcast shape), "like x" (the
    shape of an operand), "number" or "unknown"; it is float, and in memory of its own. `kink` is a
    rule to be stated, `singular` says that slopes may be infinite, and `stem` names a stage.

    >>> @rule("mylib.fast_tanh(x)")
    ... def fast_tanh(out):
    ...     return 1 - out**2
    >>> fast_tanh(0.5)
    0.75
    """

    def decorate(body: Body) -> Body:
        return body

    return decorate


@contextmanager
def known(sources: Sequence[Source]) -> Iterator[None]:
    """Let the gates of these files be known, as ours are; raise CodegenError for what is wrong."""
    made: list[GateDefinition] = []
    libraries = dict(LIBRARIES)
    try:
        for source in sources:
            for definition in _read(source):
                register(definition)
                made.append(definition)
        yield
    finally:
        for definition in made:
            unregister(definition)
        LIBRARIES.clear()
        LIBRARIES.update(libraries)


def own_rule_error(
    gate: GateDefinition, node: ast.AST, sources: Sequence[Source]
) -> CodegenError | AssertionError:
    """Return what to raise where a body has what bodies do not have: a bug if it is ours."""
    source = next((s for s in sources if s.filename == gate.source), None)
    if source is None:
        return AssertionError(f"gate {gate.name}: {ast.dump(node)}")
    problems = Problems(source)
    text = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
    span = source.span(node) if hasattr(node, "lineno") else source.span(gate.body)
    message = f"`{text}` is nothing that a rule can have"
    problems.add("rule", message, span, "let a function of your library compute it, and call that")
    return CodegenError(problems.found, source)


def _read(source: Source) -> Iterator[GateDefinition]:
    try:
        tree = ast.parse(source.text)
    except SyntaxError as error:
        problems = Problems(source)
        row = error.lineno or 1
        span = Span(row, 0, row, 1)
        problems.add(
            "syntax", "this file of rules is not Python", span, "python -m py_compile says more"
        )
        raise CodegenError(problems.found, source) from None
    problems = Problems(source)
    words = _imports(tree)
    LIBRARIES.update(words)
    found = [
        one
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for one in _rules_of(node, source, words, problems)
    ]
    known_keys: set[str] = set()
    for one in found:
        for pattern in one.patterns:
            if pattern.key in known_keys:
                message = f"there are two rules for `{pattern.text}`"
                problems.add("rule", message, source.span(one.body), "leave one of them out")
            known_keys.add(pattern.key)
    problems.raise_if_any()
    if not found:
        problems.add("rule", "there is no rule in this file", None, PATTERN_HELP)
        problems.raise_if_any()
    yield from found


def _imports(tree: ast.Module) -> dict[str, str]:
    """Return what the names that the file imports stand for."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                found |= {alias.asname: alias.name} if alias.asname else {first: first}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _rules_of(
    node: ast.FunctionDef, source: Source, words: dict[str, str], problems: Problems
) -> Iterator[GateDefinition]:
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call) or _path(decorator.func, words) != "codegen.rule":
            problems.add(
                "rule",
                "a rule has no decorator but `codegen.rule`",
                source.span(decorator),
                PATTERN_HELP,
            )
            continue
        patterns = [part.value for part in decorator.args if isinstance(part, ast.Constant)]
        options: dict[str, object] = {
            str(k.arg): k.value.value
            for k in decorator.keywords
            if k.arg in OPTIONS and isinstance(k.value, ast.Constant)
        }
        if len(options) < len(decorator.keywords) or len(patterns) < len(decorator.args):
            message = "a rule takes texts, and the options " + ", ".join(OPTIONS)
            problems.add("rule", message, source.span(decorator), PATTERN_HELP)
            continue
        one = _definition(node, patterns, options, source, problems)
        if one is not None:
            yield one


def _path(node: ast.expr, words: dict[str, str]) -> str | None:
    match node:
        case ast.Name(name):
            return words.get(name)
        case ast.Attribute(base, name):
            before = _path(base, words)
            return None if before is None else f"{before}.{name}"
    return None


def _definition(
    node: ast.FunctionDef,
    patterns: Sequence[object],
    options: Mapping[str, object],
    source: Source,
    problems: Problems,
) -> GateDefinition | None:
    span = source.span(node.decorator_list[0])
    parsed = []
    for text in patterns:
        first = str(text).split("(")[0].split(".")[0]
        LIBRARIES.setdefault(first, first)
        try:
            pattern = parse_pattern(str(text))
        except (ValueError, SyntaxError):
            problems.add("rule", f"`{text}` is no call with operands", span, PATTERN_HELP)
            return None
        if not pattern.arguments or "(" not in str(text):
            problems.add("rule", f"`{text}` is no call with operands", span, PATTERN_HELP)
            return None
        if "." not in pattern.key or pattern.kind != "function":
            problems.add("rule", f"`{text}` names no module", span, PATTERN_HELP)
            return None
        if pattern.key in BY_KEY:
            known_gate = BY_KEY[pattern.key][0][1].name
            problems.add("rule", f"`{text}` has a rule already: {known_gate}", span, "leave it out")
            return None
        parsed.append(pattern)
    result = str(options.get("result", "elementwise"))
    operands = [a.name for p in parsed for a in p.arguments if a.role == "operand"]
    rule = _type_rule(result, list(dict.fromkeys(operands)))
    if not parsed or rule is None:
        message = f"there is no result called {result!r}" if parsed else "the rule names no call"
        way_out = "write 'elementwise', 'like x' (an operand), 'number' or 'unknown'"
        problems.add("rule", message, span, way_out if parsed else PATTERN_HELP)
        return None
    definition = GateDefinition(
        name=f"own {node.name}",
        kind="elementwise" if result == "elementwise" else "gate",
        patterns=tuple(parsed),
        rule=rule,
        doc=ast.get_docstring(node) or f"The rule of {source.filename}.",
        function=_no_function,
        tree=node,
        source=source.filename,
        stem=str(options["stem"]) if "stem" in options else None,
        kink=str(options["kink"]) if "kink" in options else None,
        singular=bool(options.get("singular", False)),
        holomorphic=False,
        family="own rules",
    )
    return definition if _is_whole(definition, result, source, problems) else None


def _is_whole(definition: GateDefinition, result: str, source: Source, problems: Problems) -> bool:
    """Check a body: it takes what there is, and returns one cotangent for each operand."""
    body = definition.body
    known_names = {"out", "d", *definition.operands}
    known_names |= {a.name for p in definition.patterns for a in p.arguments}
    for argument in body.args.args:
        if argument.arg not in known_names:
            message = f"`{argument.arg}` is neither `out`, `d` nor an argument of the call"
            problems.add("rule", message, source.span(argument), "name it as the pattern does")
            return False
    if result != "elementwise" and "d" not in definition.names:
        message = "a rule that is not elementwise returns cotangents, so it takes `d`"
        problems.add("rule", message, source.span(body), "take `d`, the cotangent of `out`")
        return False
    returns = [part for part in ast.walk(body) if isinstance(part, ast.Return)]
    count = len(definition.operands)
    for part in returns:
        cells = part.value.elts if isinstance(part.value, ast.Tuple) else [part.value]
        if len(cells) != count or part.value is None:
            message = f"the rule returns {len(cells)} gradients, and the call has {count} operands"
            way_out = "return one for each operand, in the pattern's order; None for no gradient"
            problems.add("rule", message, source.span(part), way_out)
            return False
    if not returns:
        problems.add("rule", "the rule returns nothing", source.span(body), "return the gradients")
    return bool(returns)


def _type_rule(result: str, operands: list[str]) -> TypeRule | None:
    if result == "elementwise":
        return type_rules.floating
    if result == "number":
        return _number
    if result == "unknown":
        return _unknown
    word, _, name = result.partition(" ")
    return _like(operands.index(name)) if word == "like" and name in operands else None


def _number(types: list[Type], statics: Statics, symbol: str) -> Type:
    return Type("number", SCALAR, "float")


def _unknown(types: list[Type], statics: Statics, symbol: str) -> Type:
    return Type("number", shapes.unknown(symbol), "float")


def _like(place: int) -> TypeRule:
    def rule_of_type(types: list[Type], statics: Statics, symbol: str) -> Type:
        like = types[place]
        return Type("number", like.shape, "float", array=like.array, fresh=True)

    return rule_of_type


def _no_function() -> None:
    """Stand in for the body, which was only parsed."""
