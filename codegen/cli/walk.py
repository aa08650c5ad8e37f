"""Which files of a folder are read, and why others are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from codegen.write_header import is_generated

# Of a file that is longer than this, the start says enough.
_HEAD = 200


@dataclass
class Walk:
    """Walks folders of one project. `skipped` gathers what was passed over, with the reason."""

    root: Path
    outputs: Path  # where outputs go: it is not read
    exclude: tuple[str, ...] = ()
    skipped: list[tuple[Path, str]] = field(default_factory=list)

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield the .py files to read in a folder and below; raise OSError if one is closed.

        They come by name, an order that no file system decides.
        """
        for path in sorted(folder.iterdir()):
            if path.suffix != ".py" and not path.is_dir():
                continue
            reason = self._folder_reason(path) if path.is_dir() else _file_reason(path)
            if reason is None and self._excluded(path):
                reason = "excluded in pyproject.toml"
            if reason is not None:
                self.skipped.append((path, reason))
            elif path.is_dir():
                yield from self.files(path)
            else:
                yield path

    def _folder_reason(self, path: Path) -> str | None:
        if path == self.outputs:
            return "the folder of outputs"
        if path.is_symlink():
            return "a symbolic link to a folder"  # it may lead back here
        if path.name.startswith(".") or path.name == "__pycache__":
            return "hidden"
        return "a virtual environment" if (path / "pyvenv.cfg").exists() else None

    def _excluded(self, path: Path) -> bool:
        # A folder was already looked at before what is in it, so the path itself is enough.
        if not path.is_relative_to(self.root):
            return False
        whole = path.relative_to(self.root).as_posix()
        for pattern in self.exclude:
            # As in .gitignore: a bare name fits at every depth, a path is one from the root.
            plain = pattern.removeprefix("./").rstrip("/")
            if _expression(plain).fullmatch(whole if "/" in plain else path.name):
                return True
        return False


def _file_reason(path: Path) -> str | None:
    if path.name.startswith("."):
        return "hidden"
    if not path.exists():
        return "a broken symbolic link"
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return None  # that it cannot be read is told when it is
    if is_generated(head):
        return "generated"
    lines = [line.strip() for line in head.splitlines()]
    if len(head) < _HEAD and all(line == "" or line.startswith("#") for line in lines):
        return "empty"  # many an __init__.py is; one that is named is refused
    return None


def _expression(pattern: str) -> re.Pattern[str]:
    """Translate `*` and `?`, which do not cross a slash, and `**`, which does."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(special.get(piece, re.escape(piece)) for piece in pieces))
