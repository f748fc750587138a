"""Cases by number: what a peer sends on one connection, the same for the same seed and number."""

from dataclasses import dataclass

from tests.fuzz import commands, data_sets, pdus, pdvs
from tests.fuzz.chance import Chance
from tests.fuzz.seeds import Seed, encoded, seeds
from tests.neighbours.peer import (
    CT_IMAGE,
    EXPLICIT,
    IMPLICIT,
    VERIFICATION,
    Context,
    associate_rq,
    command,
    store_rq,
)

LEVELS = {"data set": 35, "command": 25, "PDV": 20, "PDU": 20}


@dataclass(frozen=True, kw_only=True)
class Case:
    """``opening`` is sent first; when it is ``answered`` with an acceptance, the ``rest`` follows, in pieces."""

    number: int
    said: str
    opening: bytes
    is_answered: bool
    rest: tuple[bytes, ...]


def case(seed: int, number: int) -> Case:
    """The case of this number."""
    chance = Chance(f"{seed}/{number}")
    (level,) = chance.choices(list(LEVELS), list(LEVELS.values()))
    source = chance.choice(seeds())
    said = [level, source.name]
    opening, is_answered = associate_rq(_contexts(source)), True
    if level == "PDU":
        opening, is_answered = _opening(chance, source, said)
    content = _content(chance, level, source, f"2.25.{seed}.{number}", said)
    if chance.happens(0.08):
        said.append("all damaged")
        content = chance.damaged(content)
    return Case(
        number=number,
        said=", ".join(said),
        opening=opening,
        is_answered=is_answered,
        rest=tuple(chance.slices(content)),
    )


def _contexts(source: Seed) -> list[Context]:
    return [
        (1, source.sop_class_uid, (source.transfer_syntax_uid,)),
        (3, CT_IMAGE, (EXPLICIT,)),
        (5, VERIFICATION, (IMPLICIT,)),
        (7, "1.2.3.4", (EXPLICIT,)),
    ]


def _opening(chance: Chance, source: Seed, said: list[str]) -> tuple[bytes, bool]:
    contexts = _contexts(source)
    match chance.randrange(3):
        case 0:
            request, how = pdus.broken_request(chance, contexts)
            said += how
            return request, False
        case 1:
            said.append("odd request")
            return pdus.odd_request(chance, contexts), True
        case _:
            return associate_rq(contexts), True


def _content(chance: Chance, level: str, source: Seed, uid: str, said: list[str]) -> bytes:
    messages = []
    for index in range(chance.one_of(1, 1, 1, 2, 3)):
        # Now and then the same UID again: other content under a known one.
        own = f"{uid}.{index}" if chance.happens(0.85) else "2.25.4712.1.1"
        messages.append(_message(chance, level, source, own, said))
        if level == "PDU" and chance.happens(0.6):
            said.append("a misplaced PDU")
            messages.insert(chance.randrange(len(messages) + 1), pdus.misplaced(chance))
    return b"".join(messages)


def _message(chance: Chance, level: str, source: Seed, uid: str, said: list[str]) -> bytes:
    request = command(store_rq(source.sop_class_uid, uid, message_id=chance.randrange(1, 1 << 16)))
    if level == "data set":
        data_set, how = data_sets.broken(chance, source, uid)
        said += how
        return pdvs.whole(chance, 1, request, data_set)
    sound = encoded(source, b"".join(each for _, each in data_sets.sound(source, uid)))
    if level == "command":
        request, how, is_followed = commands.broken(chance, source.sop_class_uid, uid)
        said += how
        return pdvs.whole(chance, chance.one_of(1, 1, 1, 3, 5), request, sound if is_followed else None)
    if level == "PDV":
        content, how = pdvs.broken(chance, 1, request, sound)
        said += how
        return content
    return pdvs.whole(chance, 1, request, sound)
