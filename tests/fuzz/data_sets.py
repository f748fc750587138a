"""Broken data sets: elements left out, doubled, moved, mislabelled, too long, too deep."""

import struct
from collections.abc import Callable

from tests.fuzz.chance import MARK, Chance
from tests.fuzz.seeds import Seed, encoded
from tests.neighbours.instance import element, nested
from tests.neighbours.peer import BIG_ENDIAN, padded

Elements = list[tuple[int, bytes]]
SOP_CLASS_UID, SOP_INSTANCE_UID, STUDY_INSTANCE_UID, SERIES_INSTANCE_UID = (
    0x00080016,
    0x00080018,
    0x0020000D,
    0x0020000E,
)
UIDS = (SOP_CLASS_UID, SOP_INSTANCE_UID, STUDY_INSTANCE_UID, SERIES_INSTANCE_UID)
MISLABELLED = (b"SQ", b"UN", b"OB", b"UT", b"US", b"XX", b"\0\0", b"ui", b"\xff\xff")


def sound(seed: Seed, uid: str) -> Elements:
    """The seed's elements, under a SOP Instance UID of its own and with the UIDs some of them lack."""
    mine = {
        SOP_CLASS_UID: seed.sop_class_uid,
        SOP_INSTANCE_UID: uid,
        STUDY_INSTANCE_UID: "2.25.4712",
        SERIES_INSTANCE_UID: "2.25.4712.1",
    }
    elements = {tag: content for tag, content in seed.elements if tag not in mine}
    for tag, value in mine.items():
        elements[tag] = element(tag, b"UI", padded(value), seed.inner_syntax_uid)
    return sorted(elements.items())


def broken(chance: Chance, seed: Seed, uid: str) -> tuple[bytes, list[str]]:
    """A data set as it goes over the wire, and what was done to it."""
    elements, said = sound(seed, uid), []
    for _ in range(chance.one_of(0, 1, 1, 1, 2, 3)):
        way = chance.choice(WAYS)
        said.append(way.__name__.strip("_"))
        elements = way(chance, seed, elements)
    content = encoded(seed, b"".join(each for _, each in elements))
    if chance.happens(0.25):
        said.append("bytes damaged")
        content = chance.damaged(content[:2000]) + content[2000:]
    if chance.happens(0.15):
        content = content[: chance.randrange(len(content) + 1)]
        said.append(f"cut to {len(content)}")
    return content, said


def _left_out(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    gone = chance.choice(UIDS) if chance.happens(0.5) else chance.choice(elements)[0] if elements else 0
    return [each for each in elements if each[0] != gone]


def _doubled(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    at = chance.randrange(len(elements) + 1)
    return [*elements[:at], *elements[max(at - 1, 0) : at], *elements[at:]]


def _moved(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    return chance.sample(elements, len(elements))


def _uid_replaced(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    tag = chance.choice(UIDS)
    value = padded(chance.text())
    other = element(tag, b"UI", value, seed.inner_syntax_uid)
    return [(each, other if each == tag else content) for each, content in elements]


def _mislabelled(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    return _with_one(chance, elements, lambda content: content[:4] + chance.choice(MISLABELLED) + content[6:])


def _of_another_length(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    order = ">" if seed.transfer_syntax_uid == BIG_ENDIAN else "<"
    if chance.happens(0.5):
        length = struct.pack(order + "H", chance.short())
        return _with_one(chance, elements, lambda content: content[:6] + length + content[8:])
    length = struct.pack(order + "I", chance.long())
    at = chance.one_of(4, 8)
    return _with_one(chance, elements, lambda content: content[:at] + length + content[at + 4 :])


def _nested(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    depth = chance.one_of(1, 5, 60, 70, 400, 2000)
    deep = nested(depth, seed.inner_syntax_uid, is_length_known=chance.happens(0.3) and depth < 500)
    return sorted([*elements, (0x00189346, deep)])


def _unknown_sequence(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    syntax = seed.inner_syntax_uid
    inner = element(0xFFFEE000, b"", chance.noise(40), syntax)
    end = element(0xFFFEE0DD, b"", b"", syntax) if chance.happens(0.7) else b""
    whole = element(0x00091001, chance.one_of(b"UN", b"SQ"), inner + end, syntax, length=0xFFFFFFFF)
    return sorted([*elements, (0x00091001, whole)])


def _giant_text(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    text = (MARK.encode() + b"\r\n") * chance.one_of(1, 100, 4000)
    return sorted([*elements, (0x00104000, element(0x00104000, b"UT", text, seed.inner_syntax_uid))])


def _patient_everywhere(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    tag = chance.one_of(0x00080020, 0x00080060, 0x00100010, 0x00100030, 0x00180050)
    vr = {0x00080020: b"DA", 0x00080060: b"CS", 0x00100010: b"PN", 0x00100030: b"DA"}.get(tag, b"DS")
    whole = element(tag, vr, MARK.encode(), seed.inner_syntax_uid)
    return sorted([*(each for each in elements if each[0] != tag), (tag, whole)])


def _noise(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    return [(0, chance.noise(4000))]


def _noise_before(chance: Chance, seed: Seed, elements: Elements) -> Elements:
    return [(0, chance.noise(20)), *elements]


def _with_one(chance: Chance, elements: Elements, change: Callable[[bytes], bytes]) -> Elements:
    if not elements:
        return elements
    at = chance.randrange(min(len(elements), 20)) if chance.happens(0.8) else chance.randrange(len(elements))
    tag, content = elements[at]
    return [*elements[:at], (tag, change(content)), *elements[at + 1 :]]


WAYS = (
    _left_out,
    _doubled,
    _moved,
    _uid_replaced,
    _uid_replaced,
    _mislabelled,
    _of_another_length,
    _of_another_length,
    _nested,
    _unknown_sequence,
    _giant_text,
    _patient_everywhere,
    _noise,
    _noise_before,
)
