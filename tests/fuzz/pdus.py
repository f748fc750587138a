"""Broken PDUs: association requests wrong in any item, and PDUs of any type where they do not belong."""

import struct

from tests.fuzz.chance import MARK, Chance
from tests.neighbours.peer import ABORT, EXPLICIT, IMPLICIT, RELEASE_RQ, Context, associate_rq, item, pdu

ITEMS = (0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x00, 0xFF)
HEAD_BYTES = 74
USER_ITEMS = (0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59)


def broken_request(chance: Chance, contexts: list[Context]) -> tuple[bytes, list[str]]:
    """An A-ASSOCIATE-RQ that is wrong, and how."""
    request, said = associate_rq(contexts, user_items=_user_items(chance)), []
    for _ in range(chance.one_of(1, 1, 2)):
        way = chance.randrange(7)
        said.append(f"request broken in way {way}")
        request = _break(chance, way, request, contexts)
    return request, said


def odd_request(chance: Chance, contexts: list[Context]) -> bytes:
    """An A-ASSOCIATE-RQ of sound structure, with odd content."""
    more: list[Context] = [
        (chance.randrange(256), chance.one_of("1.2.3", "", "../x"), (chance.one_of(EXPLICIT, IMPLICIT, "", "x" * 70),))
        for _ in range(chance.one_of(0, 1, 40))
    ]  # fmt: skip
    return associate_rq(
        [*contexts, *more],
        calling_ae_title=_title(chance),
        called_ae_title=_title(chance),
        maximum_length=chance.long(),
        user_items=_user_items(chance),
    )


def misplaced(chance: Chance) -> bytes:
    """A PDU that may come at no time, or not at this one."""
    match chance.randrange(6):
        case 0:
            return pdu(chance.randrange(256), chance.noise(60))
        case 1:
            return pdu(chance.randrange(1, 8), chance.noise(60))
        case 2:
            return pdu(chance.randrange(1, 8), chance.noise(20), length=chance.long())
        case 3:
            return pdu(RELEASE_RQ, bytes(4)) * chance.one_of(1, 2, 500)
        case 4:
            return pdu(ABORT, chance.randbytes(4))
        case _:
            return associate_rq()


def _break(chance: Chance, way: int, request: bytes, contexts: list[Context]) -> bytes:
    match way:
        case 0:
            return chance.damaged(request)
        case 1:
            return request[: chance.randrange(len(request))]
        case 2:
            return request[:2] + struct.pack(">I", chance.long()) + request[6:]
        case 3:
            return request[:6] + struct.pack(">H", chance.short()) + request[8:]
        case 4:
            return _with_an_item_of_another_length(chance, request)
        case 5:
            body = request[6:] + item(chance.choice(ITEMS), chance.noise(40))
            return pdu(request[0] if request else 1, body)
        case _:
            return request[:HEAD_BYTES] + chance.noise(200)


def _with_an_item_of_another_length(chance: Chance, request: bytes) -> bytes:
    """Items begin behind the head; the walk may have been led astray by an earlier break, and ends then."""
    starts, at = [], HEAD_BYTES
    while at + 4 <= len(request):
        starts.append(at)
        (length,) = struct.unpack_from(">H", request, at + 2)
        at += 4 + (0 if request[at] in (0x20, 0x50) and chance.happens(0.7) else length)
    if not starts:
        return request
    at = chance.choice(starts)
    return request[: at + 2] + struct.pack(">H", chance.short()) + request[at + 4 :]


def _user_items(chance: Chance) -> bytes:
    count = chance.one_of(0, 0, 1, 3)
    return b"".join(item(chance.choice(USER_ITEMS), _user_item(chance)) for _ in range(count))


def _user_item(chance: Chance) -> bytes:
    match chance.randrange(4):
        case 0:
            return chance.noise(40)
        case 1:
            text = chance.text()[:200]
            return struct.pack(">BBH", chance.randrange(6), 1, len(text)) + text + struct.pack(">H", 0)
        case 2:
            text = chance.text()[:200]
            return struct.pack(">H", chance.one_of(len(text), chance.short())) + text + chance.noise(4)
        case _:
            return chance.text()[:200]


def _title(chance: Chance) -> bytes:
    """AE titles are logged: this one is told to be a title, not a patient."""
    title = chance.text()[:16] if chance.happens(0.5) else b"FUZZ"
    return b"FUZZ" if MARK.encode() in title else title
