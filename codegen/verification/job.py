"""What the process that verifies is told, and how it answers: JSON both ways."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from codegen.request import FunctionReport, ObjectReport, Parameter

VERIFIED, FAILED, COULD_NOT = 0, 1, 2


@dataclass(frozen=True)
class Job:
    """The forward file and its gradient module; `path` is None for text without a file.

    `header_lines` is the number of lines that the written file has above `text`.
    """

    path: str | None
    source: str
    text: str
    functions: tuple[FunctionReport, ...]
    header_lines: int = 0
    modules: tuple[tuple[str, str], ...] = ()  # other outputs that it imports

    def to_json(self) -> str:
        """Return the job as one line."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Job:
        """Return the job that `to_json` wrote; JSON has no tuples, so they are made again."""
        fields = json.loads(line)
        functions = tuple(_report(entry) for entry in fields.pop("functions"))
        fields["modules"] = _tuples(fields.get("modules", []))
        return cls(functions=functions, **fields)


@dataclass(frozen=True)
class Answer:
    """What was found of one function; without a function, why none could be looked at."""

    function: str | None
    lines: list[str]
    status: int

    def to_json(self) -> str:
        """Return the answer as one line."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Answer:
        """Return the answer that `to_json` wrote."""
        return cls(**json.loads(line))


def _report(fields: dict[str, Any]) -> FunctionReport:
    parameters = tuple(
        Parameter(**{key: _tuples(value) for key, value in parameter.items()})
        for parameter in fields.pop("parameters")
    )
    of_class = fields.pop("of_class")
    if of_class is not None:
        of_class = ObjectReport(**{key: _tuples(value) for key, value in of_class.items()})
    rest = {key: _tuples(value) for key, value in fields.items()}
    return FunctionReport(parameters=parameters, of_class=of_class, **rest)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
