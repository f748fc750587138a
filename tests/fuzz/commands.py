"""Broken command sets: of every kind there is, with what they must have left out, doubled or made wrong."""

import struct

from tests.fuzz.chance import Chance
from tests.neighbours.peer import (
    AFFECTED_SOP_CLASS_UID,
    AFFECTED_SOP_INSTANCE_UID,
    COMMAND_FIELD,
    DATA_SET_TYPE,
    MESSAGE_ID,
    NO_DATA_SET,
    VERIFICATION,
    padded,
    store_rq,
    us,
)

KINDS = (0x0001, 0x0010, 0x0020, 0x0021, 0x0030, 0x0100, 0x0110, 0x0120, 0x0130, 0x0140, 0x0150, 0x0FFF)
ANSWER = 0x8000
STRANGE_ELEMENTS = (
    0x0000,
    0x0003,
    0x0120,
    0x0600,
    0x0900,
    0x0902,
    0x1001,
    0x1005,
    0x1020,
    0x1030,
    0x1031,
    0xFFFF,
)


def broken(chance: Chance, sop_class_uid: str, sop_instance_uid: str) -> tuple[bytes, list[str], bool]:
    """An encoded command set, what was done to it, and whether a data set should follow."""
    elements, said = _of_any_kind(chance, sop_class_uid, sop_instance_uid)
    for _ in range(chance.one_of(0, 1, 1, 2)):
        said.append(_break(chance, elements))
    announced = elements.get(DATA_SET_TYPE) != us(NO_DATA_SET)
    order = list(elements.items())
    if chance.happens(0.1):
        chance.shuffle(order)
    if chance.happens(0.1) and order:
        order.append(chance.choice(order))
    return _encoded(chance, order), said, announced != chance.happens(0.1)


def _of_any_kind(
    chance: Chance, sop_class_uid: str, sop_instance_uid: str
) -> tuple[dict[int, bytes], list[str]]:
    elements = store_rq(sop_class_uid, sop_instance_uid, message_id=chance.short())
    if chance.happens(0.5):
        return elements, ["C-STORE-RQ"]
    kind = chance.choice(KINDS) | (ANSWER if chance.happens(0.2) else 0)
    elements[COMMAND_FIELD] = us(kind)
    if chance.happens(0.6):
        elements[DATA_SET_TYPE] = us(NO_DATA_SET)
    if kind == 0x0030:
        elements[AFFECTED_SOP_CLASS_UID] = padded(VERIFICATION)
    return elements, [f"command {kind:04X}"]


def _break(chance: Chance, elements: dict[int, bytes]) -> str:
    element = chance.choice(list(elements) or [COMMAND_FIELD])
    match chance.randrange(6):
        case 0:
            elements.pop(element, None)
            return f"{element:04X} left out"
        case 1:
            elements[element] = chance.text()
            return f"{element:04X} is a text that means harm"
        case 2:
            elements[element] = chance.noise(9)
            return f"{element:04X} is noise"
        case 3:
            uid = chance.one_of(AFFECTED_SOP_CLASS_UID, AFFECTED_SOP_INSTANCE_UID)
            elements[uid] = padded(chance.text())
            return f"{uid:04X} is no UID"
        case 4:
            number = chance.one_of(COMMAND_FIELD, MESSAGE_ID, DATA_SET_TYPE)
            elements[number] = us(chance.short())
            return f"{number:04X} is another number"
        case _:
            strange = chance.choice(STRANGE_ELEMENTS)
            elements[strange] = chance.one_of(chance.noise(40), chance.text())
            return f"{strange:04X} put in"


def _encoded(chance: Chance, elements: list[tuple[int, bytes]]) -> bytes:
    group = chance.short() if chance.happens(0.03) else 0
    body = b"".join(struct.pack("<HHI", group, number, len(value)) + value for number, value in elements)
    length = chance.long() if chance.happens(0.05) else len(body)
    whole = struct.pack("<HHII", 0, 0, 4, length) + body
    if chance.happens(0.1):
        return whole[: chance.randrange(len(whole) + 1)]
    return chance.damaged(whole) if chance.happens(0.1) else whole
