"""2,000 broken conversations with the door, the same each time; `make fuzz` has more of them, and others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.campaign import run
from tests.fuzz.cases import LEVELS, case
from tests.neighbours.door import Door

pytestmark = pytest.mark.real_neighbours

SEED, CASES = 20261122, 2_000


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    # The streaming receiver alone: plain pynetdicom holds whatever a PDU announces in memory, waits for its
    # end, and dies of what it cannot decode (see the reasons in test_hostile_peers.py).
    running = Door(tmp_path / "where" / "it" / "lives", request_seconds=2, pdu_seconds=3, idle_seconds=5)
    yield running.start()
    assert running.stop() == 0, running.log()


def test_2000_broken_conversations_leave_the_door_as_it_was(door: Door) -> None:
    outcome = run(door, seed=SEED, cases=CASES)

    assert outcome.cases == CASES
    # The cases reach every answer the door has, or they would prove little.
    seen = set(outcome.answers)
    assert {"accept", "abort", "8001 0000", "8001 0111", "8001 A900", "8001 C000", "8030 0000"} <= seen, seen


def test_a_case_is_the_same_for_the_same_seed_and_number() -> None:
    assert [case(SEED, number) for number in range(40)] == [case(SEED, number) for number in range(40)]
    assert case(SEED, 1) != case(SEED + 1, 1)


def test_every_level_is_among_the_cases() -> None:
    assert {case(SEED, number).said.split(",")[0] for number in range(60)} == set(LEVELS)
