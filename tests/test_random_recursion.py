"""Random programs with functions that call themselves are right in every style, or refused."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.random_recursion import outcome, program
from tests.random_verified import without_black

COUNT = 60


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_random_programs_are_right_or_refused() -> None:
    counts: Counter[str] = Counter()
    for seed in range(COUNT):
        found = outcome(program(seed))
        assert found.verdict not in ("wrong", "crashed"), f"{found.text}\n{found.words}"
        counts[found.verdict] += 1
    assert counts["right"] >= 0.95 * COUNT, counts


def test_a_seed_gives_the_same_program_for_ever() -> None:
    assert program(7) == program(7)
    assert program(7) != program(8)
