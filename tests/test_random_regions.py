"""Random programs with control flow and with stores, from fixed seeds, come out right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests import random_control_programs, random_store_programs
from tests.random_control import outcome, without_black
from tests.random_control_programs import Program


@pytest.mark.parametrize("block", range(4))
@pytest.mark.parametrize(
    "program",
    [random_control_programs.program, random_store_programs.program],
    ids=["control", "stores"],
)
def test_random_programs_are_right_or_refused(
    program: Callable[[int], Program], block: int
) -> None:
    counts: Counter[str] = Counter()
    with without_black():
        for seed in range(block * 40, (block + 1) * 40):
            found = outcome(program(seed))
            told = f"{found.program.text}\n{found.output}\n{found.words}"
            assert found.verdict not in ("wrong", "crashed"), told
            counts[found.verdict] += 1
    assert counts["right"] > 25, counts
