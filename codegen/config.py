"""What `[tool.codegen]` in pyproject.toml says."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from codegen.cli.flags import TABLE, Flag, did_you_mean, one_of, split_names
from codegen.config_places import Places
from codegen.errors import CodegenError, Problem, Problems
from codegen.request import Form
from codegen.source import Source, Span

_FLAGS = {flag.name: flag for flag in TABLE if flag.in_config}
_FILE_FLAGS = {flag.name: flag for flag in TABLE if flag.for_file}
_PATHS = ("sources", "exclude", "rules")
_EXAMPLES = {
    "true or false": "true",
    "a string": '"..."',
    "a list of strings": '["..."]',
    "a name or a list of names": '["..."]',
}
_NOT_FOR_CONFIG = {flag.name for flag in TABLE} - set(_FLAGS)


@dataclass(frozen=True)
class Settings:
    """What is to be written, and where. None: not said here. `output` is as it stands in TOML."""

    output: str | None = None
    function: tuple[str, ...] | None = None
    wrt: tuple[str, ...] | None = None
    of: tuple[str, ...] | None = None
    style: str | None = None
    target: str | None = None
    returns: str | None = None
    jacobian: str | None = None
    debug: bool | None = None

    def over(self, weaker: Settings) -> Settings:
        """Return these settings, with the weaker ones where these say nothing."""
        return Settings(
            *(
                mine if mine is not None else theirs
                for mine, theirs in zip(self._values(), weaker._values(), strict=True)
            )
        )

    def _values(self) -> tuple[Any, ...]:
        names = (self.output, self.function, self.wrt, self.of, self.style, self.target)
        return *names, self.returns, self.jacobian, self.debug

    def form(self) -> Form:
        """Return the form of an output for which nothing else is asked."""
        made = {field.name: getattr(self, field.name) for field in fields(Form)}
        return Form(**{name: value for name, value in made.items() if value is not None})


@dataclass(frozen=True)
class FileSettings:
    """One `[[tool.codegen.file]]`: the path as it stands there, and what holds for that file."""

    path: str
    settings: Settings


@dataclass(frozen=True)
class Config:
    """The project: its folder, to which its paths are relative, and what its table says."""

    root: Path
    file: Path | None = None  # the pyproject.toml, if there is one
    sources: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()  # files of gates of the project's own
    settings: Settings = field(default_factory=Settings)
    files: tuple[FileSettings, ...] = ()
    format: str | None = None
    color: str | None = None
    quiet: bool = False
    verbose: bool = False
    text: Source | None = None  # of the pyproject.toml

    def problem(self, key: str, message: str, help: str | None = None) -> tuple[Problem, Source]:
        """Return a problem at a key of `[tool.codegen]`, and the source it is in."""
        source = self.text or Source("pyproject.toml", "")
        return Problem("config", message, Places(source).of(key, None), help), source


def find(folder: Path) -> Path | None:
    """Return the nearest pyproject.toml, from a folder upwards."""
    for parent in (folder, *folder.parents):
        if (parent / "pyproject.toml").is_file():
            return parent / "pyproject.toml"
    return None


def load(folder: Path) -> Config:
    """Return the project that a folder is in; without pyproject.toml, the folder is the project.

    Raises CodegenError with everything that is wrong in the table, and OSError if the file
    cannot be read.
    """
    path = find(folder)
    if path is None:
        return Config(folder)
    source = Source.from_bytes(path.read_bytes(), _shown(path, folder))
    return parse(source, path)


def parse(source: Source, path: Path) -> Config:
    """Return what the text of a pyproject.toml says; raise CodegenError."""
    try:
        document = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        problems = Problems(source)
        message, span = _toml_error(str(error))
        problems.add("config", message, span, "https://toml.io says how TOML is written")
        raise CodegenError(problems.found, source) from None
    return _Reader(source, path).read(document)


def _shown(path: Path, folder: Path) -> str:
    up = len(folder.relative_to(path.parent).parts)
    return "../" * up + path.name


def _toml_error(text: str) -> tuple[str, Span | None]:
    at = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", text, re.DOTALL)
    if at is None:
        return f"this is not TOML: {text}", None
    line, column = int(at[2]), int(at[3]) - 1
    return f"this is not TOML: {at[1]}", Span(line, column, line, column + 1)


class _Reader:
    """Checks one document; `place` says where in it we are."""

    def __init__(self, source: Source, path: Path) -> None:
        self.path = path
        self.problems = Problems(source)
        self.places = Places(source)

    def read(self, document: dict[str, Any]) -> Config:
        table = document.get("tool", {})
        table = table.get("codegen", {}) if isinstance(table, dict) else {}
        if not isinstance(table, dict):
            self._add("tool.codegen must be a table", "codegen", None, "write [tool.codegen]")
            table = {}
        self._unknown(table, [*_PATHS, *_FLAGS, "file"], None)
        flags = {name: self._flag(flag, table, None) for name, flag in _FLAGS.items()}
        paths = {name: self._strings(name, table) for name in _PATHS}
        files = self._files(table.get("file", []))
        if flags["quiet"] and flags["verbose"]:
            message = "quiet and verbose do not go together"
            self._add(message, "verbose", None, "leave one of them out")
        self.problems.raise_if_any()
        return Config(
            root=self.path.parent,
            file=self.path,
            sources=paths["sources"],
            exclude=paths["exclude"],
            rules=paths["rules"],
            settings=_settings(flags),
            files=files,
            format=flags["format"],
            color=flags["color"],
            quiet=bool(flags["quiet"]),
            verbose=bool(flags["verbose"]),
            text=self.problems.source,
        )

    def _files(self, tables: object) -> tuple[FileSettings, ...]:
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self._add("file must be a list of tables", "file", None, "write [[tool.codegen.file]]")
            return ()
        found = []
        for at, table in enumerate(tables):
            self._unknown(table, ["path", *_FILE_FLAGS], at)
            flags = {name: self._flag(flag, table, at) for name, flag in _FILE_FLAGS.items()}
            path = table.get("path")
            if path is None:
                message = "this [[tool.codegen.file]] has no path"
                self._add(message, None, at, 'write path = "forward.py"')
            elif not isinstance(path, str) or not path:
                self._wrong("path", "a string", path, at)
            elif not (self.path.parent / path).is_file():
                # What it says would hold for no file, and nobody would notice.
                way_out = "paths are relative to the folder of pyproject.toml"
                self._add(f"there is no file {path!r}", "path", at, way_out)
            else:
                found.append(FileSettings(path, _settings(flags)))
        return tuple(found)

    def _unknown(self, table: dict[str, Any], known: list[str], at: int | None) -> None:
        for key in table:
            if key in known:
                continue
            where = "[tool.codegen]" if at is None else "[[tool.codegen.file]]"
            advice = did_you_mean(key, known) or f"known keys: {', '.join(known)}"
            if key in _NOT_FOR_CONFIG:
                advice = f"--{key} is for the command line only"
            elif at is not None and key in (*_PATHS, *_FLAGS):
                advice = f"{key} belongs under [tool.codegen]"
            self._add(f"unknown key {key!r} in {where}", key, at, advice)

    def _flag(self, flag: Flag, table: dict[str, Any], at: int | None) -> Any:
        """Return the checked value of a key that is a flag, None if it is not there or wrong."""
        value = table.get(flag.name)
        if value is None:
            return None
        if flag.kind == "switch":
            if isinstance(value, bool):
                return value
            self._wrong(flag.name, "true or false", value, at)
        elif flag.kind == "names":
            return self._names(flag.name, value, at)
        elif not isinstance(value, str) or not value:
            self._wrong(flag.name, "a string", value, at)
        elif flag.name == "output" and value == "-":
            message = "output must be a file or folder here, not '-'"
            self._add(message, "output", at, 'write output = "generated"')
        elif flag.choices and value not in flag.choices:
            near = did_you_mean(value, flag.choices) or f'write {flag.name} = "{flag.choices[0]}"'
            message = f"{flag.name} must be {one_of(flag.choices)}, not {value!r}"
            self._add(message, flag.name, at, near)
        else:
            return value
        return None

    def _names(self, key: str, value: object, at: int | None) -> tuple[str, ...] | None:
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts):
            names = [split_names(text) for text in texts]
            if all(names):
                return tuple(dict.fromkeys(name for some in names for name in some))
        self._wrong(key, "a name or a list of names", value, at)
        return None

    def _strings(self, key: str, table: dict[str, Any]) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(text, str) and text for text in value):
            return tuple(value)
        self._wrong(key, "a list of strings", value, None)
        return ()

    def _wrong(self, key: str, wanted: str, value: object, at: int | None) -> None:
        message = f"{key} must be {wanted}, not {_kind(value)}"
        self._add(message, key, at, f"write {key} = {_EXAMPLES[wanted]}")

    def _add(self, message: str, key: str | None, at: int | None, help: str) -> None:
        self.problems.add("config", message, self.places.of(key, at), help)


def _settings(flags: dict[str, Any]) -> Settings:
    return Settings(**{name: flags[name] for name in _FILE_FLAGS})


def _kind(value: object) -> str:
    """Name a TOML value in TOML's own words."""
    if isinstance(value, str):
        return f"{value!r}" if value else "an empty string"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list with something else in it" if value else "an empty list"
    return "a table" if isinstance(value, dict) else "a date or time"
