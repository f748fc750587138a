"""One kill: a receiver that dies at a step, the next one on what it left, and what must hold of both."""

import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.senders import SUCCESS, Sent, send_again, send_until_it_dies, uid_of
from tests.chaos.shelf import Shelf, look
from tests.neighbours.door import Door

RECEIVERS = ("streaming", "stock")
EARLIEST_STEP, LATEST_STEP = 4, 40  # more than there are associations: something was answered before
ROWS_FOLLOW_WITHIN_SECONDS = 10.0


class Failed(AssertionError):
    """Something that must hold does not; the message says where to look."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one kill came to, or several together.

    ``owed`` of the ``answered`` had no row when the receiver was dead; ``found`` of them were there, byte for
    byte and with their row, before anything was sent again.
    """

    kills: int = 0
    answered: int = 0
    owed: int = 0
    found: int = 0
    twice: int = 0
    partial: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def kill_once(
    folder: Path, *, step: str, receiver: str, chance: random.Random, latest: int = LATEST_STEP
) -> Outcome:
    """Kill a receiver where ``step`` comes for one of the first ``latest`` times, start the next, send again.

    Raises Failed; ``folder`` is left then.
    """
    door, number = Door(folder, receiver=receiver), chance.randint(EARLIEST_STEP, latest)
    door.start(program=("tests.chaos.killed_receive", step, str(number)))
    sent = send_until_it_dies(door, chance)
    code = _end_of(door)
    _require(code == -signal.SIGKILL, f"{step}, the {number}th, did not kill it: it ended with {code}", door)
    _require(f"killed: {step} {number}\n" in door.log(), "it was somebody else who killed it", door)
    _require(not sent.others, f"answers other than Success before the kill: {sent.others}", door)
    dead = look(door)
    door.start()
    try:
        after = look(door)
        outcome = _judged(sent, dead, after)
        _require_kept(outcome, after, door)
        _require_taken_again(door, sent)
    finally:
        door.stop()
    shutil.rmtree(folder)
    return outcome


def _end_of(door: Door) -> int:
    """Its exit code; where it lives on, it is ended."""
    try:
        return door.wait()
    except subprocess.TimeoutExpired:
        return door.stop()


def _judged(sent: Sent, dead: Shelf, after: Shelf) -> Outcome:
    content = {uid_of(each): each.data_set for each in sent.begun}
    answered = [uid_of(each) for each in sent.answered]
    return Outcome(
        kills=1,
        answered=len(answered),
        owed=sum(dead.rows[uid] == 0 for uid in answered),
        found=sum(after.rows[uid] == 1 and after.files.get(uid) == [content[uid]] for uid in answered),
        twice=sum(after.rows[uid] > 1 or len(after.files.get(uid, [])) > 1 for uid in content),
        partial=sum(each != content.get(uid) for uid, kept in after.files.items() for each in kept),
    )


def _require_kept(outcome: Outcome, after: Shelf, door: Door) -> None:
    """Before anything is sent again."""
    _require(outcome.found == outcome.answered, "what was answered Success is not there", door)
    _require(outcome.twice == 0, "an instance is there twice", door)
    _require(outcome.partial == 0, "under a final name lies what is not the whole instance", door)
    _require(set(after.rows) == set(after.files), "a row without a file, or a file without a row", door)
    _require_in_order(after, door)


def _require_taken_again(door: Door, sent: Sent) -> None:
    statuses = send_again(door, sent.begun)
    _require(set(statuses) <= {SUCCESS}, f"sent again, it was answered {set(statuses)}", door)
    wanted = {uid_of(each): [each.data_set] for each in sent.begun}
    deadline = time.monotonic() + ROWS_FOLLOW_WITHIN_SECONDS
    while (held := look(door)).rows != Counter(list(wanted)) and time.monotonic() < deadline:
        time.sleep(0.05)
    _require(held.rows == Counter(list(wanted)), "sent again, an instance has no row, or two", door)
    _require(held.files == wanted, "sent again, an instance has no file, or another one", door)
    door.stop()
    _require_in_order(look(door), door)


def _require_in_order(shelf: Shelf, door: Door) -> None:
    _require(shelf.unfinished == 0, "something is left in unfinished/", door)
    _require(shelf.quarantined == 0, "an instance went into quarantine", door)


def _require(holds: bool, otherwise: str, door: Door) -> None:
    if not holds:
        raise Failed(f"{otherwise}; left as it is: {door.folder}; its log ends:\n{door.log()[-2000:]}")
