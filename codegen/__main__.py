"""`python -m codegen`."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        from codegen.cli.main import main as run

        return run()
    except KeyboardInterrupt:  # while importing
        return 130


def _forget_the_current_folder() -> None:
    """Take the current folder, which `python -m` puts first, off the path.

    A user's `random.py` is there to be read: imports of ours must not run it.
    """
    if sys.flags.safe_path or not sys.path:
        return
    ours = str(Path(__file__).resolve().parent.parent)
    try:
        here = str(Path.cwd())
    except OSError:  # it is gone, which is told later
        return
    # A checkout is run from its own folder, where it must be found.
    if sys.path[0] in ("", here) and here != ours:
        del sys.path[0]


if __name__ == "__main__":
    _forget_the_current_folder()
    sys.exit(main())
