"""Random programs keep every promise that verification checks, at every seed."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.random_verified import Outcome, outcome, program, without_black

COUNT = 150
BAD = ("failed", "crashed")


@pytest.fixture(autouse=True)
def _quiet_and_unformatted() -> Iterator[None]:
    with without_black(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_random_program_is_right_or_refused(seed: int) -> None:
    found = outcome(program(seed))
    assert found.verdict not in BAD, told(found)


def test_most_random_programs_are_accepted_and_verified() -> None:
    counts = Counter(outcome(program(seed)).verdict for seed in range(COUNT, 2 * COUNT))
    assert counts["verified"] >= 0.5 * COUNT, counts
    assert counts["refused"] <= 0.35 * COUNT, counts


def test_a_seed_gives_the_same_program_for_ever() -> None:
    assert program(7).text == program(7).text
    assert program(7).text != program(8).text


def told(found: Outcome) -> str:
    return f"\n{found.program.text}\n{found.output}\n{found.words}"
