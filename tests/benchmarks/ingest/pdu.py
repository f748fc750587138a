"""The few PDUs a storing SCU needs, as bytes (PS3.8 section 9.3, PS3.7 section 9.3.1)."""

import struct
from collections.abc import Iterator

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
IMPLEMENTATION_CLASS_UID = "2.25.138127841298471982347129384710293847"
CONTEXT_ID = 1
HEADER_BYTES = 6
PDV_HEADER_BYTES = 6

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
NAMES = {ASSOCIATE_RJ: "A-ASSOCIATE-RJ", ABORT: "A-ABORT"}

COMMAND, LAST = 0x01, 0x02
STATUS, MESSAGE_ID_RESPONDED_TO = (0x0000, 0x0900), (0x0000, 0x0120)


def associate_request(
    *, called_ae_title: str, calling_ae_title: str, sop_class_uid: str, transfer_syntax_uid: str
) -> bytes:
    """A-ASSOCIATE-RQ that proposes one presentation context, of id 1."""
    syntaxes = _item(0x30, sop_class_uid.encode()) + _item(0x40, transfer_syntax_uid.encode())
    user = (
        _item(0x51, struct.pack(">I", 1 << 17))
        + _item(0x52, IMPLEMENTATION_CLASS_UID.encode())
        + _item(0x55, b"INGEST_BENCH")
    )
    body = (
        struct.pack(">HH16s16s32x", 1, 0, _title(called_ae_title), _title(calling_ae_title))
        + _item(0x10, APPLICATION_CONTEXT.encode())
        + _item(0x20, bytes([CONTEXT_ID, 0, 0, 0]) + syntaxes)
        + _item(0x50, user)
    )
    return _pdu(ASSOCIATE_RQ, body)


def release_request() -> bytes:
    """A-RELEASE-RQ."""
    return _pdu(RELEASE_RQ, bytes(4))


def store_request(
    data_set: bytes, *, sop_class_uid: str, sop_instance_uid: str, maximum_pdu_bytes: int
) -> bytearray:
    """A C-STORE-RQ with its data set as P-DATA-TF PDUs, none longer than the receiver said; message id 1."""
    command = _command(
        (0x0002, _uid(sop_class_uid)),
        (0x0100, struct.pack("<H", 0x0001)),
        (0x0110, struct.pack("<H", 1)),
        (0x0700, struct.pack("<H", 0)),
        (0x0800, struct.pack("<H", 1)),
        (0x1000, _uid(sop_instance_uid)),
    )
    room = maximum_pdu_bytes - PDV_HEADER_BYTES
    return bytearray().join([*_p_data(command, COMMAND, room), *_p_data(data_set, 0, room)])


def maximum_pdu_bytes(accepted: bytes) -> int:
    """The longest P-DATA body the acceptor takes; 0 is no limit (PS3.8 annex D.1). ``accepted``: the AC's body.

    Raises ValueError when the presentation context was not accepted.
    """
    most = 0
    for kind, value in _items(accepted[68:]):
        if kind == 0x21 and value[2] != 0:
            raise ValueError(f"the presentation context was not accepted (result {value[2]})")
        if kind == 0x50:
            most = next((struct.unpack(">I", part)[0] for sub, part in _items(value) if sub == 0x51), 0)
    return most


def fragments(body: bytes) -> Iterator[tuple[int, bytes]]:
    """The PDVs of a P-DATA-TF body: message control header and fragment."""
    at = 0
    while at < len(body):
        (length,) = struct.unpack_from(">I", body, at)
        yield body[at + 5], body[at + 6 : at + 4 + length]
        at += 4 + length


def command_value(command: bytes, tag: tuple[int, int]) -> int | None:
    """The US value of ``tag`` in a command set, or None where it is absent."""
    at = 0
    while at < len(command):
        group, element, length = struct.unpack_from("<HHI", command, at)
        if (group, element) == tag:
            return int(struct.unpack_from("<H", command, at + 8)[0])
        at += 8 + length
    return None


def _p_data(content: bytes, control: int, room: int) -> Iterator[bytes]:
    for at in range(0, len(content), room):
        part = content[at : at + room]
        last = LAST if at + room >= len(content) else 0
        pdv_header = struct.pack(">IBB", len(part) + 2, CONTEXT_ID, control | last)
        yield struct.pack(">BBI", P_DATA, 0, len(part) + PDV_HEADER_BYTES) + pdv_header + part


def _command(*elements: tuple[int, bytes]) -> bytes:
    body = b"".join(struct.pack("<HHI", 0, number, len(value)) + value for number, value in elements)
    return struct.pack("<HHII", 0, 0, 4, len(body)) + body


def _items(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        kind, _, length = struct.unpack_from(">BBH", content, at)
        yield kind, content[at + 4 : at + 4 + length]
        at += 4 + length


def _item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(value)) + value


def _pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBI", kind, 0, len(body)) + body


def _title(ae_title: str) -> bytes:
    return ae_title.encode("ascii").ljust(16)


def _uid(uid: str) -> bytes:
    value = uid.encode("ascii")
    return value + b"\0" * (len(value) % 2)
