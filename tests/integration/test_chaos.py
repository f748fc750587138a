"""kill −9 of the receiver, once at each step; `make chaos` does it twenty times each."""

import os
import random
import signal
from pathlib import Path

import pytest

from tests.chaos.campaign import RECEIVERS, Outcome, kill_once
from tests.chaos.steps import STEPS
from tests.neighbours.door import Door
from tests.neighbours.peer import Peer

pytestmark = pytest.mark.real_neighbours


@pytest.mark.parametrize("receiver", RECEIVERS)
@pytest.mark.parametrize("step", STEPS)
def test_what_was_answered_before_the_kill_is_there_after_it_once_and_whole(
    tmp_path: Path, step: str, receiver: str
) -> None:
    outcome = kill_once(
        tmp_path / "door", step=step, receiver=receiver, chance=random.Random(f"{step} {receiver}"), latest=12
    )

    assert outcome == Outcome(
        kills=1, answered=outcome.answered, owed=outcome.owed, found=outcome.answered, twice=0, partial=0
    )
    # The kill hits the gap it is meant for, or it would prove little.
    assert outcome.answered > 0
    assert outcome.owed > 0 or step != "answered"


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_a_receiver_that_is_told_to_end_does_so_although_an_association_is_open(
    tmp_path: Path, receiver: str
) -> None:
    door = Door(tmp_path / "door", receiver=receiver).start()
    try:
        with Peer(door.port) as peer:
            peer.associate()
            os.kill(door.pid, signal.SIGTERM)
            assert door.wait(seconds=8) == 0
    finally:
        door.stop()  # without the peer it ends
