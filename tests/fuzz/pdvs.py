"""Messages cut into fragments: soundly, in any size, or out of order, on wrong contexts, with wrong flags."""

from tests.fuzz.chance import Chance
from tests.neighbours.peer import COMMAND, LAST, p_data, pdv

CONTEXTS = (0, 1, 2, 3, 5, 7, 9, 255)
Fragment = tuple[int, int, bytes]
"""Presentation context ID, message control header, content."""


def whole(chance: Chance, context_id: int, command: bytes, data_set: bytes | None) -> bytes:
    """A message in sound fragments of any size."""
    return _packed(chance, _fragments(chance, context_id, command, data_set), is_broken=False)


def broken(chance: Chance, context_id: int, command: bytes, data_set: bytes) -> tuple[bytes, list[str]]:
    """A message whose fragments are wrong, and how."""
    fragments = _fragments(chance, context_id, command, data_set)
    said = [_break(chance, fragments) for _ in range(chance.one_of(1, 1, 2))]
    return _packed(chance, fragments, is_broken=chance.happens(0.3)), said


def _fragments(chance: Chance, context_id: int, command: bytes, data_set: bytes | None) -> list[Fragment]:
    parts = [(command, COMMAND)] + ([] if data_set is None else [(data_set, 0)])
    fragments = []
    for content, flags in parts:
        size = chance.one_of(len(content), len(content), 65536, 1000, max(len(content) // 7, 1)) or 1
        starts = range(0, max(len(content), 1), size)
        fragments += [
            (context_id, flags | LAST * (at == starts[-1]), content[at : at + size]) for at in starts
        ]
    return fragments


def _break(chance: Chance, fragments: list[Fragment]) -> str:
    if not fragments:
        return "nothing left"
    at = chance.randrange(len(fragments))
    context_id, flags, content = fragments[at]
    match chance.randrange(8):
        case 0:
            fragments[at] = (chance.choice(CONTEXTS), flags, content)
            return "on another context"
        case 1:
            fragments[at] = (context_id, chance.randrange(256), content)
            return "other flags"
        case 2:
            del fragments[at]
            return "one left out"
        case 3:
            fragments.insert(at, fragments[at])
            return "one doubled"
        case 4:
            chance.shuffle(fragments)
            return "shuffled"
        case 5:
            fragments[at:at] = [(context_id, flags & ~LAST, b"")] * chance.one_of(1, 3, 300)
            return "empty ones put in"
        case 6:
            fragments[at] = (context_id, flags ^ LAST, content)
            return "the last is none, or another is"
        case _:
            fragments.insert(at, (context_id, chance.randrange(4), chance.noise(200)))
            return "noise put in"


def _packed(chance: Chance, fragments: list[Fragment], *, is_broken: bool) -> bytes:
    """One or several a PDU."""
    pdus, group = [], []
    for context_id, flags, content in fragments:
        wrong = is_broken and chance.happens(0.3)
        group.append(pdv(context_id, flags, content, length=chance.long() if wrong else None))
        if sum(map(len, group)) > 60_000 or chance.happens(0.7):
            pdus.append(p_data(*group))
            group = []
    return b"".join([*pdus, *([p_data(*group)] if group else [])])
