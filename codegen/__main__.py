"""`python -m codegen`."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        from codegen.cli import main as run

        return run()
    except KeyboardInterrupt:  # while importing
        return 130


def _forget_the_current_folder() -> None:
    """Take the current folder, which `python -m` puts first, off the path.

    A user's `random.py` is there to be read: imports of ours must not run it.
    """
    if not sys.flags.safe_path and sys.path and Path(sys.path[0]) == Path.cwd():
        ours = Path(__file__).resolve().parent.parent
        if ours != Path.cwd().resolve():  # unless that is where we are
            del sys.path[0]


if __name__ == "__main__":
    _forget_the_current_folder()
    sys.exit(main())
