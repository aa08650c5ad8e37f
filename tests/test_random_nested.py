"""Random programs with lists in lists, from fixed seeds, come out right or are refused."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.random_control import outcome, without_black
from tests.random_nested_programs import program


@pytest.mark.parametrize("block", range(3))
def test_random_programs_are_right_or_refused(block: int) -> None:
    counts: Counter[str] = Counter()
    with without_black():
        for seed in range(block * 40, (block + 1) * 40):
            found = outcome(program(seed))
            told = f"seed {seed}\n{found.program.text}\n{found.output}\n{found.words}"
            assert found.verdict not in ("wrong", "crashed"), told
            counts[found.verdict] += 1
    assert counts["right"] > 20, counts
