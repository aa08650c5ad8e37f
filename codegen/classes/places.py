"""Which object, or which attribute of one, an expression of a method is."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from codegen.classes.members import Class, Given, Member, Part, Parts, quoted

WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Object:
    """An object of a class, how it is written from outside, and what its sizes are called there."""

    owner: Class
    text: str  # `self`, `self.fc1`, `self.layers[0]`
    sizes: Mapping[str, str] | None = None  # the words of its class, as words of the outermost

    def part(self, made: ast.Call, owner: Class, text: str) -> Object:
        """Return an object that this one makes: `self.fc1 = Affine(D, H)`."""
        given = owner.methods["__init__"].args.args[1:] if "__init__" in owner.methods else []
        pairs = [(a.arg, value) for a, value in zip(given, made.args, strict=False)]
        pairs += [(k.arg, k.value) for k in made.keywords if k.arg is not None]
        sizes: dict[str, str] = {}
        for name, value in pairs:
            match value:
                case ast.Constant(int(number)):
                    sizes[name] = str(number)
                case ast.Name(word) if self.sizes is None:
                    sizes[name] = word
                case ast.Name(word) if self.sizes is not None and word in self.sizes:
                    sizes[name] = self.sizes[word]
        return Object(owner, text, sizes)

    def given(self, where: str) -> Given:
        """Return what is known of an attribute that holds data, in words of the outermost."""
        member = self.owner.members.get(where)
        found = member if isinstance(member, Given) else Given()
        if found.annotation is None or self.sizes is None:
            return found
        return replace(found, annotation=_renamed(found.annotation, self.sizes))


@dataclass(frozen=True)
class Place:
    """An attribute of an object: `.W`, `.params["W1"]` behind it."""

    of: Object
    where: str

    @property
    def text(self) -> str:
        """How it is written from outside."""
        return f"{self.of.text}{self.where}"

    @property
    def member(self) -> Member | None:
        """What its class says of it."""
        return self.of.owner.members.get(self.where)


@dataclass
class Places:
    """Follows the names of objects in one method."""

    classes: dict[str, Class]
    objects: dict[str, Object] = field(default_factory=dict)  # by the name that stands for each

    def object(self, node: ast.expr) -> Object | None:
        """Return the object that an expression is."""
        if isinstance(node, ast.Name):
            return self.objects.get(node.id)
        if isinstance(node, ast.Subscript):
            match node.slice:
                case ast.Constant(int(at)):
                    found = self.objects_in(node.value)
                    return None if found is None or at >= len(found) else found[at]
        place = self.place(node) if isinstance(node, ast.Attribute) else None
        if place is not None and isinstance(place.member, Part):
            made = place.member.made
            return place.of.part(made, self.classes[place.member.class_name], place.text)
        return None

    def place(self, node: ast.expr) -> Place | None:
        """Return the attribute that an expression is."""
        match node:
            case ast.Attribute(base, name):
                found = self.object(base)
                return None if found is None else Place(found, f".{name}")
            case ast.Subscript(base, ast.Constant(str(key))):
                outer = self.place(base)
                return None if outer is None else Place(outer.of, f"{outer.where}[{quoted(key)}]")
        return None

    def objects_in(self, node: ast.expr) -> list[Object] | None:
        """Return the objects of a list that an attribute is."""
        place = self.place(node)
        if place is None or not isinstance(place.member, Parts):
            return None
        return [
            place.of.part(part.made, self.classes[part.class_name], f"{place.text}[{at}]")
            for at, part in enumerate(place.member.parts)
        ]


def _renamed(annotation: ast.expr, sizes: Mapping[str, str]) -> ast.expr | None:
    """Return an annotation with the sizes of another class; None where one is not known."""
    known = True

    def word(match: re.Match[str]) -> str:
        nonlocal known
        known = known and match[0] in sizes
        return sizes.get(match[0], match[0])

    made = copy.deepcopy(annotation)
    for node in ast.walk(made):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = WORD.sub(word, node.value)
    return made if known else None
