"""Writing files: whole or not at all, and only if their bytes would change."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from codegen.write_header import State, state_of


@dataclass(frozen=True)
class Output:
    """A file to write and its text, header included."""

    path: Path
    text: str

    def existing(self) -> str | None:
        """Return the text of the file as it is now, None if there is none; raise OSError.

        What is not UTF-8 is read all the same: it cannot be what we wrote.
        """
        if self.path.exists() and not _is_regular(self.path):
            return None  # a pipe or a device: nothing in it to lose or to compare
        try:
            return self.path.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return None

    def state(self) -> State:
        """Compare the file with the text; raise OSError if it cannot be read."""
        return state_of(self.existing(), self.text)

    def difference(self, shown: str) -> str:
        """Return the unified diff from the file to the text, "" if they are the same."""
        existing = self.existing()
        before = (existing or "").replace("\r\n", "\n")
        name = "/dev/null" if existing is None else shown
        lines = difflib.unified_diff(_lines(before), _lines(self.text), name, shown)
        # The mark that `patch` knows for a last line without a line end.
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def write_whole(outputs: Sequence[Output]) -> None:
    """Write all the files or, if one of them fails, none; raise OSError.

    Folders are made as needed. A symbolic link stays, and what it points to is written.
    """
    for output in outputs:
        output.path.resolve().parent.mkdir(parents=True, exist_ok=True)
    staged: list[tuple[Path, Path]] = []
    replaced: list[tuple[Path, bytes | None]] = []
    try:
        for output in outputs:
            target = output.path.resolve()
            if target.exists() and not _is_regular(target):
                # A pipe or a device must not be replaced by a file.
                target.write_bytes(output.text.encode("utf-8"))
                continue
            beside = target.parent / f".codegen-{os.urandom(6).hex()}.tmp"
            staged.append((target, beside))
            _write_like(beside, target, output.text.encode("utf-8"))
        for target, beside in staged:
            before = target.read_bytes() if target.exists() else None
            beside.replace(target)
            replaced.append((target, before))
    except BaseException:  # also when interrupted
        for target, before in reversed(replaced):
            if before is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(before)
        raise
    finally:
        for _, beside in staged:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _write_like(beside: Path, target: Path, data: bytes) -> None:
    """Write a new file with the permissions of the one that it will replace."""
    with beside.open("xb") as file:
        file.write(data)
    if target.exists():
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied", str(target))
        beside.chmod(target.stat().st_mode & 0o777)


def _is_regular(path: Path) -> bool:
    """Tell a file from a pipe or device; a folder is taken for a file, so that opening it fails."""
    return path.is_file() or path.is_dir()


def _lines(text: str) -> list[str]:
    """Split at LF only: a form feed in the author's text does not end a line."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
