"""Cases against a running door, one after the other; what must hold after each, and what after each batch."""

import re
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fuzz.cases import Case, case
from tests.fuzz.chance import MARK
from tests.fuzz.seeds import words_never_told
from tests.neighbours.door import Door
from tests.neighbours.peer import (
    ABORT,
    AFFECTED_SOP_INSTANCE_UID,
    ASSOCIATE_AC,
    ASSOCIATE_RJ,
    COMMAND_FIELD,
    P_DATA,
    RELEASE_RP,
    STATUS,
    Closed,
    Pdu,
    Peer,
    decoded_command,
)

BATCH = 100
DEADLINE_SECONDS = 10.0
MEMORY_GROWS_AT_MOST = 64 << 20
C_STORE_RSP = 0x8001
STATUSES = {0x0000, 0x0111, 0xA700, 0xA900, 0xC000}
NAMES = {ABORT: "abort", ASSOCIATE_AC: "accept", ASSOCIATE_RJ: "reject", RELEASE_RP: "release"}
UID = re.compile(rb"[0-9.]{1,64}")


class Failed(AssertionError):
    """Something that must hold does not; the message says how to have it again."""


@dataclass(kw_only=True)
class Outcome:
    """What was answered, how often, and how much memory grew."""

    cases: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    memory_grown_bytes: int = 0


def run(
    door: Door,
    *,
    seed: int,
    cases: int,
    first: int = 0,
    batch: int = BATCH,
    on_batch: Callable[[Outcome], None] | None = None,
) -> Outcome:
    """Run so many cases from the ``first``, and check all after each ``batch``. Raises Failed."""
    outcome = Outcome()
    _checked(door, seed, first, 0, 0)
    door.remember_rest()
    before = door.memory_bytes
    for start in range(first, first + cases, batch):
        count = min(batch, first + cases - start)
        for number in range(start, start + count):
            outcome.answers.update(_answers(door, seed, case(seed, number)))
            outcome.cases += 1
        outcome.memory_grown_bytes = _checked(door, seed, start, count, before)
        if on_batch is not None:
            on_batch(outcome)
    return outcome


def _answers(door: Door, seed: int, one: Case) -> list[str]:
    try:
        said = _played(door, one)
        return [_checked_answer(door, each) for each in said] or ["closed"]
    except (TimeoutError, AssertionError, ConnectionRefusedError, LookupError, struct.error) as error:
        raise Failed(
            f"case {one.number} ({one.said}): {type(error).__name__} {error}\n{_again(seed, one.number, 1)}"
        ) from error


def _played(door: Door, one: Case) -> list[Pdu]:
    """All the door says until it closes; it must, once the peer has said all it has to say."""
    said = []
    with Peer(door.port, seconds=DEADLINE_SECONDS) as peer:
        try:
            peer.send(one.opening)
            if one.is_answered:
                said.append(peer.receive())
            if not one.is_answered or said[0].kind == ASSOCIATE_AC:
                for piece in one.rest:
                    peer.send(piece)
        except Closed:
            pass
        peer.end_sending()
        return said + peer.until_closed()


def _checked_answer(door: Door, answer: Pdu) -> str:
    if answer.kind != P_DATA:
        assert answer.kind in NAMES, f"the door sent a PDU of type {answer.kind}"
        return NAMES[answer.kind]
    elements = decoded_command(answer.body)
    (kind,) = struct.unpack("<H", elements[COMMAND_FIELD])
    (status,) = struct.unpack("<H", elements[STATUS])
    if kind == C_STORE_RSP:
        assert status in STATUSES, f"a C-STORE was answered {status:04X}"
        uid = elements.get(AFFECTED_SOP_INSTANCE_UID, b"").rstrip(b"\0 ")
        assert status != 0 or _is_kept(door, uid), "Success, and there is no such file"
    return f"{kind:04X} {status:04X}"


def _is_kept(door: Door, uid: bytes) -> bool:
    return UID.fullmatch(uid) is not None and any(door.spool.glob(f"studies/*/*/{uid.decode()}.dcm"))


def _checked(door: Door, seed: int, first: int, count: int, memory_before: int) -> int:
    """What must hold after each batch; returns how much memory has grown."""
    try:
        assert door.pid
        door.check_canary()
        if count:
            door.settle()
        door.check_files()
        door.check_log(MARK, *words_never_told())
        grown = door.memory_bytes - memory_before if memory_before else 0
        assert grown <= MEMORY_GROWS_AT_MOST, f"memory grew by {grown >> 20} MB"
    except (AssertionError, TimeoutError, OSError, Closed) as error:
        raise Failed(
            f"after cases {first} to {first + count - 1}: {error}\n{_again(seed, first, count)}"
        ) from error
    return grown


def _again(seed: int, first: int, count: int) -> str:
    return f"again: python -m tests.fuzz --seed {seed} --first {first} --cases {max(count, 1)}"
