"""Where a key of `[tool.codegen]` stands in pyproject.toml (tomllib does not say)."""

from __future__ import annotations

import re

from codegen.source import Source, Span

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]*?)\s*\]")
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*=""")


class Places:
    """Finds keys in the plain spelling that people use; others have no place, which is no harm."""

    def __init__(self, source: Source) -> None:
        self._keys: dict[tuple[str | None, int | None], Span] = {}
        table: int | None = None
        inside, files = False, 0
        for number, line in enumerate(source.lines, start=1):
            header = _HEADER.match(line)
            if header is not None:
                name = re.sub(r"[\s\"']", "", header[2])
                inside, table = name in ("tool.codegen", "tool.codegen.file"), None
                if name == "tool.codegen.file":
                    table, files = files, files + 1
                key, start, end = None, header.start(1), header.end()
            elif inside and (match := _KEY.match(line)) is not None:
                group = next(g for g in (1, 2, 3) if match[g] is not None)
                key, start, end = match[group], match.start(group), match.end(group)
            else:
                continue
            if inside:
                self._keys.setdefault((key, table), Span(number, start, number, end))

    def of(self, key: str | None, table: int | None) -> Span | None:
        """Return the place of a key, or with None of the header, of `[tool.codegen]`.

        With a number, of that `[[tool.codegen.file]]`, counted from 0.
        """
        return self._keys.get((key, table))
