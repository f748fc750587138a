"""PDUs made by hand, right and wrong ones (PS3.8 section 9.3, PS3.7 annex E)."""

import struct

RELEASE_RQ = struct.pack(">BBII", 5, 0, 4, 0)
ABORT = struct.pack(">BBII", 7, 0, 4, 0)
COMMAND, DATA_SET = 0x01, 0x00
LAST = 0x02


def pdu(kind: int, body: bytes, *, length: int | None = None) -> bytes:
    return struct.pack(">BBI", kind, 0, len(body) if length is None else length) + body


def pdv(context_id: int, control: int, fragment: bytes, *, length: int | None = None) -> bytes:
    said = len(fragment) + 2 if length is None else length
    return struct.pack(">IBB", said, context_id, control) + fragment


def p_data(*values: bytes) -> bytes:
    return pdu(4, b"".join(values))


def element(number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, number, len(value)) + value


def us(number: int, value: int) -> bytes:
    return element(number, struct.pack("<H", value))


def uid(number: int, value: str) -> bytes:
    return element(number, value.encode() + b"\0" * (len(value) % 2))


def command(*elements: bytes) -> bytes:
    body = b"".join(elements)
    return element(0x0000, struct.pack("<I", len(body))) + body


def c_store_rq(sop_class_uid: str, sop_instance_uid: str, *, message_id: int = 7) -> bytes:
    return command(
        uid(0x0002, sop_class_uid),
        us(0x0100, 0x0001),
        us(0x0110, message_id),
        us(0x0700, 0),
        us(0x0800, 0x0001),
        uid(0x1000, sop_instance_uid),
    )


def c_echo_rq(*, message_id: int = 7) -> bytes:
    return command(
        uid(0x0002, "1.2.840.10008.1.1"), us(0x0100, 0x0030), us(0x0110, message_id), us(0x0800, 0x0101)
    )


def associate_rq(*sop_class_uids: str, transfer_syntax_uid: str = "1.2.840.10008.1.2.1") -> bytes:
    """Proposes context 1, 3, … for each SOP class."""
    contexts = b"".join(
        _item(
            0x20,
            bytes([2 * place + 1, 0, 0, 0])
            + _item(0x30, each.encode())
            + _item(0x40, transfer_syntax_uid.encode()),
        )
        for place, each in enumerate(sop_class_uids)
    )
    user = _item(0x51, struct.pack(">I", 1 << 16)) + _item(0x52, b"2.25.1")
    called, calling = b"OUR_NODE".ljust(16), b"CR_ROOM_2".ljust(16)
    body = struct.pack(">HH", 1, 0) + called + calling + bytes(32)
    return pdu(1, body + _item(0x10, b"1.2.840.10008.3.1.1.1") + contexts + _item(0x50, user))


def _item(kind: int, value: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(value)) + value
