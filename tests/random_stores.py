"""Random programs that write into arrays, and what becomes of them.

    python -m tests.random_stores FIRST LAST

runs blocks of 1,000 programs as `tests.random_control` does, and holds each to the same.
"""

from __future__ import annotations

from tests import random_control
from tests.random_store_programs import program

if __name__ == "__main__":
    raise SystemExit(random_control.main(program))
