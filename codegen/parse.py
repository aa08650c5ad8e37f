"""Text to syntax tree, with the comments and marks that the tree does not hold."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field

from codegen.errors import CodegenError, Problem, Problems
from codegen.parse_names import COMPOUND, changed_names, conditional_names, is_main
from codegen.source import Source, Span

MARK = re.compile(r"#\s*codegen\s*:\s*(?P<body>.*)")
_BY_NAME = "import the names that are used one by one"
KNOWN_MARKS = ("wrt", "of", "skip", "stop", "example")


@dataclass(frozen=True)
class Comment:
    """One comment: its text from `#` on, and whether it has the line to itself."""

    text: str
    alone: bool
    column: int


@dataclass(frozen=True)
class Mark:
    """A `# codegen: ...` comment."""

    kind: str  # "wrt" "of" "skip" "stop" "example"
    argument: str
    span: Span


@dataclass(frozen=True)
class Import:
    """What one imported name stands for, and the statement that brings it."""

    path: str  # "numpy", "numpy.exp", "jaxtyping.Float"
    node: ast.Import | ast.ImportFrom


@dataclass
class Module:
    """A parsed forward file: what its top level defines."""

    source: Source
    tree: ast.Module
    comments: dict[int, Comment]
    marks: dict[int, list[Mark]]
    imports: dict[str, Import] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    constants: dict[str, ast.stmt] = field(default_factory=dict)
    rebound: set[str] = field(default_factory=set)  # bound twice, or changed afterwards
    conditional: set[str] = field(default_factory=set)  # bound inside `if`, `try`, `for`, ...
    exported: tuple[str, ...] | None = None

    @property
    def is_script(self) -> bool:
        """True for a file with no function and no class: its top level is the forward pass."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return bool(self.constants) and not any(isinstance(n, kinds) for n in self.tree.body)


def parse(source: Source) -> Module:
    """Return the module's parts; raise CodegenError if it is not Python or holds nothing."""
    try:
        tree = ast.parse(source.text)
    except SyntaxError as error:
        raise CodegenError([_syntax_problem(error)], source) from None
    except (RecursionError, MemoryError):
        way_out = "give the parts of its expressions names of their own"
        problem = Problem("syntax", "the file is nested too deeply to be read", None, way_out)
        raise CodegenError([problem], source) from None
    if not tree.body:
        problem = Problem(
            "empty",
            "the file is empty: there is no function to differentiate",
            Span(1, 0, 1, 0),
            "write a function, or a script of assignments whose last name is the output",
        )
        raise CodegenError([problem], source)
    comments = _comments(source)
    module = Module(source, tree, comments, _marks(source, comments))
    for node in tree.body:
        _take(module, node)
        _refuse_everything(source, node)
        if isinstance(node, COMPOUND) and not is_main(node):
            module.conditional.update(conditional_names(node))
    module.rebound |= changed_names(tree)
    return module


def _refuse_everything(source: Source, node: ast.stmt) -> None:
    """`from numpy import *` may hide any name, also Python's own `sum` and `max`."""
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        problem = Problem(
            "import",
            f"`from {'.' * node.level}{node.module or ''} import *` hides which names it brings",
            source.span(node),
            "import numpy as np, and write np.exp" if node.module == "numpy" else _BY_NAME,
        )
        raise CodegenError([problem], source)


def _syntax_problem(error: SyntaxError) -> Problem:
    # Python's own words differ between versions; the place does not.
    line = error.lineno or 1
    column = max((error.offset or 1) - 1, 0)
    span = Span(line, column, line, column + 1)
    return Problem("syntax", "this is not Python", span, "python -m py_compile says more")


def _take(module: Module, node: ast.stmt) -> None:
    match node:
        case ast.Import(names):
            for alias in names:
                if alias.asname:
                    module.imports[alias.asname] = Import(alias.name, node)
                else:
                    first = alias.name.split(".")[0]
                    module.imports[first] = Import(first, node)
        case ast.ImportFrom(module=path, names=names):
            for alias in names:
                module.imports[alias.asname or alias.name] = Import(
                    f"{'.' * node.level}{path or ''}.{alias.name}", node
                )
        case ast.FunctionDef(name=name):
            if name in module.functions:
                module.rebound.add(name)
            module.functions[name] = node
        case ast.Assign(targets=[ast.Name("__all__")], value=value):
            module.exported = _exported(value)
        case ast.Assign(targets=targets):
            for target in targets:
                _constant(module, target, node)
        case ast.AnnAssign(target=ast.Name() as target, value=value) if value is not None:
            _constant(module, target, node)
        case ast.AugAssign(target=ast.Name(name)):
            module.rebound.add(name)


def _constant(module: Module, target: ast.expr, node: ast.stmt) -> None:
    for part in ast.walk(target):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            if part.id in module.constants:
                module.rebound.add(part.id)
            module.constants[part.id] = node


def constant_value(module: Module, name: str) -> ast.expr | None:
    """Return the expression that a name of the top level is assigned once, if it is so plain."""
    statement = module.constants.get(name)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or name in module.rebound:
        return None
    value = statement.value
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name:
            return value
        match target, value:
            case (ast.Tuple(names) | ast.List(names), ast.Tuple(items) | ast.List(items)):
                plain = not any(isinstance(part, ast.Starred) for part in (*names, *items))
                if plain and len(names) == len(items):
                    for part, item in zip(names, items, strict=True):
                        if isinstance(part, ast.Name) and part.id == name:
                            return item
    return None


def _exported(value: ast.expr) -> tuple[str, ...] | None:
    try:
        names = ast.literal_eval(value)
    except ValueError:
        return None
    return tuple(str(name) for name in names)


def _comments(source: Source) -> dict[int, Comment]:
    found: dict[int, Comment] = {}
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    try:
        for token in tokens:
            if token.type == tokenize.COMMENT:
                row, column = token.start
                alone = not token.line[:column].strip()
                found[row] = Comment(token.string.rstrip(), alone, column)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return found  # what `ast` could read has its comments before this place
    return found


def _marks(source: Source, comments: dict[int, Comment]) -> dict[int, list[Mark]]:
    marks: dict[int, list[Mark]] = {}
    problems = Problems(source)
    for row, comment in comments.items():
        match = MARK.search(comment.text)
        if match is None:
            continue
        start = comment.column + match.start()
        span = Span(row, start, row, comment.column + len(comment.text))
        marks[row] = list(_read_marks(match["body"], span, problems))
    problems.raise_if_any()
    return marks


def _read_marks(body: str, span: Span, problems: Problems) -> list[Mark]:
    body = body.strip()
    if body.startswith("example"):
        return [Mark("example", body.removeprefix("example").strip(), span)]
    marks = []
    for word in body.split():
        kind, _, argument = word.partition("=")
        if kind not in KNOWN_MARKS or (kind in ("wrt", "of")) != bool(argument):
            problems.add(
                "mark",
                f"`{word}` is not a codegen mark",
                span,
                "write `# codegen: wrt=x,y`, `of=loss`, `skip`, `stop` or `example f(...)`",
            )
            continue
        marks.append(Mark(kind, argument, span))
    return marks


def marks_of(module: Module, node: ast.FunctionDef) -> list[Mark]:
    """Return the marks on the `def` line (up to the body) and on the lines right above it."""
    first = node.lineno
    found: list[Mark] = []
    row = first - 1
    while row in module.comments and module.comments[row].alone:
        found = module.marks.get(row, []) + found
        row -= 1
    body = node.body[0].lineno
    for row in range(first, max(body, first + 1)):
        found += module.marks.get(row, [])
    return found
