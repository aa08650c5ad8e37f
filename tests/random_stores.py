"""Random programs that write into arrays, and what becomes of them.

    python -m tests.random_stores FIRST LAST

runs blocks of 1,000 programs as `tests.random_control` does, and holds each to the same. Below
block 20 they store into arrays by their own names; from there on by other names and parts too.
"""

from __future__ import annotations

from tests import random_alias_programs, random_control, random_store_programs
from tests.random_control_programs import Program

FIRST_ALIASED = 20_000


def program(seed: int) -> Program:
    """Return the program of a seed."""
    kind = random_store_programs if seed < FIRST_ALIASED else random_alias_programs
    return kind.program(seed)


if __name__ == "__main__":
    raise SystemExit(random_control.main(program))
