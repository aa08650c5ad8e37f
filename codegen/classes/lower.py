"""A method as a plain function of what it reads of `self`.

`self.W` becomes a parameter whose name is the text `self.W`, so that it is printed as the author
wrote it. Calls of other methods become calls of functions made in the same way.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from typing import NoReturn

from codegen.classes.members import LOSS, Class, Given, Member, Part, Parts, written_as
from codegen.classes.places import Object, Places
from codegen.errors import CodegenError, Problem
from codegen.nodes import assigned_names, nodes_of
from codegen.source import Source

OUTPUT = "out"  # what `return x @ self.W` is called


class Refused(Exception):
    """A method that cannot be followed: its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(eq=False)
class Method:
    """A method of a class, as it stands in the file and as a function."""

    owner: Class
    node: ast.FunctionDef  # the author's
    function: ast.FunctionDef  # of its parameters, then what it reads of self
    is_loss: bool  # a loss with its gradients, in one call
    attributes: dict[str, str]  # what it reads of self, by its name in the function
    opening: tuple[ast.stmt, ...]  # the author's lines that name such attributes: `W = self.W`


@dataclass
class Lowering:
    """Makes functions of the methods of one file's classes."""

    source: Source
    classes: dict[str, Class]
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)  # of methods called
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # what these read of self
    rewritten: set[ast.stmt] = field(default_factory=set)  # whose text is not the author's

    def method(self, owner: Class, name: str, is_loss: bool) -> Method:
        """Return a method as a function; raise CodegenError where that cannot be done."""
        node = owner.methods[name]
        try:
            body = _Body(self, Object(owner, "self"), node)
            function = body.function(LOSS if name == LOSS else OUTPUT)
        except Refused as error:
            raise CodegenError([error.problem], self.source) from None
        names = {body.name_of(text): text for text in body.attributes}
        return Method(owner, node, function, is_loss, names, tuple(body.opening))

    def own_cache(self, owner: Class, node: ast.FunctionDef) -> set[str]:
        """Return the attributes that a method sets and that only it and `backward` read."""
        state = {where for where, member in owner.members.items() if not _is_nothing(member)}
        stored = _stored(node) - state
        for name, other in owner.methods.items():
            if other is node or name == "backward":
                continue
            holder = other.args.args[0].arg if other.args.args else ""
            for part in nodes_of(other):
                if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load):
                    stored.discard(written_as(part, holder) or "")
        return stored


def _is_nothing(member: Member) -> bool:
    """True for what is set to None, to be filled by the forward pass."""
    match member:
        case Given(default=ast.Constant(None)):
            return True
    return False


def _stored(node: ast.FunctionDef) -> set[str]:
    holder = node.args.args[0].arg if node.args.args else ""
    return {
        where
        for part in nodes_of(node)
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
        if (where := written_as(part, holder)) is not None
    }


class _Body(ast.NodeTransformer):
    """Rewrites one method of an object."""

    def __init__(
        self,
        lowering: Lowering,
        of: Object,
        node: ast.FunctionDef,
    ) -> None:
        self.lowering = lowering
        self.node = node
        self.cache = frozenset(lowering.own_cache(of.owner, node))
        self.dropped: set[str] = set()
        self.attributes: dict[str, Given] = {}
        self.places = Places(lowering.classes)
        if not node.args.args or node.decorator_list:
            self.refuse(
                node.decorator_list[0] if node.decorator_list else node,
                f"the method `{node.name}` is not called with its object alone",
                "write it as `def forward(self, ...)`, without a decorator",
            )
        self.holder = node.args.args[0].arg
        if self.holder != "self":
            self.refuse(
                node.args.args[0], f"the object is called `{self.holder}`", "call it `self`"
            )
        self.aliases: dict[str, str] = {}  # names that the author gives to attributes
        self.opening: list[ast.stmt] = []  # where he does
        self.places.objects[self.holder] = of

    def refuse(self, node: ast.AST, message: str, help: str) -> NoReturn:
        """Give the method up."""
        raise Refused(Problem("class", message, self.lowering.source.span(node), help))

    def function(self, name: str) -> ast.FunctionDef:
        """Return the whole method as a function."""
        made = copy.deepcopy(self.node)
        made.name = name
        made.args.args = made.args.args[1:]
        body: list[ast.stmt] = []
        for original, statement in zip(self.node.body, made.body, strict=True):
            if self._is_opening(original):
                self.opening.append(original)
            else:
                body += self._statement(statement)
        made.body = self._with_named_output(body, name) if name.isidentifier() else body
        for text, given in self.attributes.items():
            name_inside = self.name_of(text)
            argument = ast.copy_location(ast.arg(name_inside, given.annotation), self.node)
            made.args.kwonlyargs.append(argument)
            made.args.kw_defaults.append(given.default)
        return made

    def name_of(self, text: str) -> str:
        """Return the name of an attribute in the function: the author's own, or its text."""
        return self.aliases.get(text, text)

    def _is_opening(self, node: ast.stmt) -> bool:
        """Take `W, b = self.W, self.b`, of names that mean nothing else in the method."""
        match node:
            case ast.Assign([ast.Tuple(names)], ast.Tuple(values)) if len(names) == len(values):
                pairs = list(zip(names, values, strict=True))
            case ast.Assign([name], value):
                pairs = [(name, value)]
            case _:
                return False
        stores = [
            part.id
            for part in nodes_of(self.node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        ]
        stores += [part.arg for part in nodes_of(self.node) if isinstance(part, ast.arg)]
        found: dict[str, str] = {}
        for target, right in pairs:
            if not isinstance(target, ast.Name) or stores.count(target.id) != 1:
                return False
            place = self.places.place(right)
            if place is None or not isinstance(place.member, Given) or place.where in self.cache:
                return False
            found[place.text] = target.id
        if len(found) < len(pairs) or set(found) & {*self.aliases, *self.attributes}:
            return False
        self.aliases |= found
        for right in (right for _, right in pairs):
            self.visit(copy.deepcopy(right))
        return True

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        made = self.visit(node)
        if made is None:
            return []
        return made if isinstance(made, list) else [made]

    # statements

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        """Drop what only the author's own backward pass reads; refuse other stores into self."""
        for target in node.targets:
            where = None
            if isinstance(target, ast.Attribute):
                where = written_as(target, self.holder)
            if where is not None and where in self.cache:
                if len(node.targets) == 1 and self._is_unread(where):
                    self.dropped.add(where)
                    if all(
                        isinstance(p, (ast.Name, ast.Tuple, ast.Load)) for p in nodes_of(node.value)
                    ):
                        return None
                self.dropped.add(where)
        is_rewritten = any(isinstance(target, ast.Attribute) for target in node.targets)
        made = self.generic_visit(node)
        assert isinstance(made, ast.stmt)
        if is_rewritten:
            self.lowering.rewritten.add(made)
        return made

    def visit_For(self, node: ast.For) -> ast.stmt | list[ast.stmt]:
        """Write a loop over the objects of a list out, one after the other."""
        found = self.places.objects_in(node.iter)
        if found is None or not isinstance(node.target, ast.Name):
            made = self.generic_visit(node)
            assert isinstance(made, ast.stmt)
            return made
        leaves = next((p for p in nodes_of(node) if isinstance(p, (ast.Break, ast.Continue))), None)
        if leaves is not None or node.orelse:
            self.refuse(
                leaves or node.orelse[0],
                "a loop over objects that may be left early is not supported yet",
                "call the objects one by one",
            )
        body: list[ast.stmt] = []
        objects = self.places.objects
        before = objects.get(node.target.id)
        for one in found:
            objects[node.target.id] = one
            for statement in copy.deepcopy(node.body):
                body += self._statement(statement)
        objects.pop(node.target.id)
        if before is not None:
            objects[node.target.id] = before
        return body

    # expressions

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Let calls of methods be calls of functions."""
        found = self._method(node.func)
        if found is None:
            made = self.generic_visit(node)
            assert isinstance(made, ast.expr)
            return made
        of, method = found
        name = f"{of.text}.{method.name}"
        if name not in self.lowering.functions:
            self.lowering.functions[name] = method  # one that calls itself is told of later
            self.lowering.texts[name] = {}
            body = _Body(self.lowering, of, method)
            self.lowering.functions[name] = body.function(name)
            self.lowering.texts[name] = {body.name_of(one): one for one in body.attributes}
        called, texts = self.lowering.functions[name], self.lowering.texts[name]
        keywords = [ast.keyword(k.arg, self._value(k.value)) for k in node.keywords]
        for argument, default in zip(called.args.kwonlyargs, called.args.kw_defaults, strict=True):
            if argument.arg in texts:
                whole = texts[argument.arg]
                self.attributes.setdefault(whole, Given(argument.annotation, default))
                value = ast.copy_location(ast.Name(self.name_of(whole), ast.Load()), node.func)
                keywords.append(ast.keyword(argument.arg, value))
        keywords = [ast.copy_location(k, node) for k in keywords]
        arguments = [self._value(part) for part in node.args]
        func = ast.copy_location(ast.Name(name, ast.Load()), node.func)
        return ast.copy_location(ast.Call(func, arguments, keywords), node)

    def _value(self, node: ast.expr) -> ast.expr:
        made = self.visit(node)
        assert isinstance(made, ast.expr)
        return made

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Return the parameter that stands for `self.W`."""
        return self._data(node) or self._inside(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Return the parameter that stands for `self.params["W1"]`."""
        if isinstance(node.ctx, ast.Store) and self.places.place(node.value) is not None:
            self.refuse(
                node,
                "a store into an attribute is not supported",
                "copy it first: `W = self.W.copy()`, and store into the copy",
            )
        return self._data(node) or self._inside(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Refuse an object itself where a number is wanted."""
        if node.id in self.places.objects:
            self.refuse(
                node,
                f"`{node.id}` itself is used here, which is not supported",
                f"read its attributes one by one: `{node.id}.W`",
            )
        return node

    def _inside(self, node: ast.expr) -> ast.expr:
        made = self.generic_visit(node)
        assert isinstance(made, ast.expr)
        return made

    def _data(self, node: ast.Attribute | ast.Subscript) -> ast.expr | None:
        """Return the name that an attribute of an object goes by; None for anything else."""
        place = self.places.place(node)
        if place is None:
            return None
        where, text, owner = place.where, place.text, place.of.owner
        is_method = where[1:] in owner.methods
        if is_method or isinstance(place.member, (Part, Parts)):
            self.refuse(
                node,
                f"`{text}` is {'a method' if is_method else 'an object'}, which is not called here",
                "call one of its methods, or read one of its attributes",
            )
        if any(one.startswith(f"{where}[") for one in owner.members):
            self.refuse(
                node,
                f"the dict `{text}` is used as a whole, which is not supported",
                f'read its entries one by one: `{text}["..."]`',
            )
        if isinstance(node.ctx, ast.Store) or where in self.dropped:
            if where not in self.cache:
                self.refuse(
                    node,
                    f"`{text}` is state that the method changes, which is not supported",
                    "keep it in a name of the method, or in a dict that the method is given",
                )
            return ast.copy_location(ast.Name(self._local(where), node.ctx), node)
        if where.rpartition(".")[2].startswith("__"):
            self.refuse(
                node, f"`{where[1:]}` is private to its class", "begin its name with one underscore"
            )
        self.attributes.setdefault(text, place.of.given(where))
        return ast.copy_location(ast.Name(self.name_of(text), node.ctx), node)

    def _method(self, node: ast.expr) -> tuple[Object, ast.FunctionDef] | None:
        """Return the method that is called: `self.scores`, `self.fc1.forward`, `self.fc1`."""
        found = self.places.object(node)
        if found is not None:
            method = found.owner.methods.get("__call__")
            if method is None:
                self.refuse(
                    node, f"`{found.owner.name}` has no `__call__`", "call its `forward` by name"
                )
            return found, method
        if isinstance(node, ast.Attribute):
            found = self.places.object(node.value)
            if found is not None and node.attr in found.owner.methods:
                return found, found.owner.methods[node.attr]
        return None

    def _local(self, where: str) -> str:
        """Return the name that stands for an attribute of the author's own cache."""
        given = self.node.args
        own = assigned_names(self.node.body)
        own |= {a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
        return where[1:] + "_" * (where[1:] in own)

    def _is_unread(self, where: str) -> bool:
        return not any(
            isinstance(part, ast.Attribute)
            and isinstance(part.ctx, ast.Load)
            and written_as(part, self.holder) == where
            for part in nodes_of(self.node)
        )

    def _with_named_output(self, body: list[ast.stmt], name: str) -> list[ast.stmt]:
        """Give a returned expression a name: it is a stage, and its cotangent is `dout`."""
        last = body[-1] if body else None
        if not isinstance(last, ast.Return) or last.value is None:
            return body
        if isinstance(last.value, (ast.Name, ast.Tuple)):
            return body
        target = ast.copy_location(ast.Name(name, ast.Store()), last.value)
        read = ast.copy_location(ast.Name(name, ast.Load()), last.value)
        assign = ast.copy_location(ast.Assign([target], last.value), last)
        self.lowering.rewritten.add(assign)
        return [*body[:-1], assign, ast.copy_location(ast.Return(read), last)]
