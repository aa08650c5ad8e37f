"""Random programs that write into arrays, from fixed seeds, come out right or are refused."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.random_control import outcome, without_black
from tests.random_stores import FIRST_ALIASED, program


@pytest.mark.parametrize("first", [0, 40, 80, 120, FIRST_ALIASED, FIRST_ALIASED + 40])
def test_random_programs_are_right_or_refused(first: int) -> None:
    counts: Counter[str] = Counter()
    with without_black():
        for seed in range(first, first + 40):
            found = outcome(program(seed))
            told = f"{found.program.text}\n{found.output}\n{found.words}"
            assert found.verdict not in ("wrong", "crashed"), told
            counts[found.verdict] += 1
    assert counts["right"] > 25, counts
