"""Command sets of C-STORE, decoded and encoded (PS3.7 section 6.3 and annex E)."""

import struct
from dataclasses import dataclass

C_STORE_RQ = 0x0001
C_STORE_RSP = 0x8001
C_ECHO_RQ = 0x0030
N_ACTION_RQ = 0x0130
NO_DATA_SET = 0x0101

_AFFECTED_SOP_CLASS_UID = 0x0002
_COMMAND_FIELD = 0x0100
_MESSAGE_ID = 0x0110
_MESSAGE_ID_BEING_RESPONDED_TO = 0x0120
_COMMAND_DATA_SET_TYPE = 0x0800
_REQUESTED_SOP_CLASS_UID = 0x0003
_REQUESTED_SOP_INSTANCE_UID = 0x1001
_ACTION_TYPE_ID = 0x1008
_STATUS = 0x0900
_AFFECTED_SOP_INSTANCE_UID = 0x1000

_ELEMENT = struct.Struct("<HHI")
_US = struct.Struct("<H")


_IS_RESPONSE = 0x8000
_NEEDED = {
    C_ECHO_RQ: (_AFFECTED_SOP_CLASS_UID,),
    N_ACTION_RQ: (_REQUESTED_SOP_CLASS_UID, _REQUESTED_SOP_INSTANCE_UID, _ACTION_TYPE_ID),
}
"""What a request must have beside its message ID (PS3.7 tables 9.3-12 and 10.3-7)."""


class CommandInvalid(ValueError):
    """The bytes are no command set, or one without what its kind must have."""


@dataclass(frozen=True, kw_only=True)
class StoreRequest:
    """C-STORE-RQ (PS3.7 table 9.3-1), as far as the answer needs it."""

    message_id: int
    sop_class_uid: str
    sop_instance_uid: str


def command_field(elements: dict[int, bytes]) -> int:
    """Which command it is. Raises CommandInvalid."""
    return _us(elements, _COMMAND_FIELD)


def has_data_set(elements: dict[int, bytes]) -> bool:
    """Whether a data set follows. Raises CommandInvalid."""
    return _us(elements, _COMMAND_DATA_SET_TYPE) != NO_DATA_SET


def decode(command: bytes | bytearray) -> dict[int, bytes]:
    """Element number -> value of group 0000, implicit little endian. Raises CommandInvalid."""
    elements: dict[int, bytes] = {}
    position, end = 0, len(command)
    while position < end:
        if end - position < _ELEMENT.size:
            raise CommandInvalid("the command set is cut")
        group, element, length = _ELEMENT.unpack_from(command, position)
        position += _ELEMENT.size
        if group != 0 or length > end - position:
            raise CommandInvalid("the command set is cut, or not of group 0000")
        elements[element] = bytes(command[position : position + length])
        position += length
    return elements


def require_answerable(elements: dict[int, bytes]) -> None:
    """Raise CommandInvalid for a request that pynetdicom would leave without an answer."""
    command = command_field(elements)
    if command & _IS_RESPONSE:
        return
    _us(elements, _MESSAGE_ID)
    for element in _NEEDED.get(command, ()):
        if not elements.get(element):
            raise CommandInvalid(f"the command set lacks (0000,{element:04X})")


def store_request(elements: dict[int, bytes]) -> StoreRequest:
    """The C-STORE-RQ in ``elements``. Raises CommandInvalid when it has no message ID, class or instance."""
    return StoreRequest(
        message_id=_us(elements, _MESSAGE_ID),
        sop_class_uid=_uid(elements, _AFFECTED_SOP_CLASS_UID),
        sop_instance_uid=_uid(elements, _AFFECTED_SOP_INSTANCE_UID),
    )


def store_response(request: StoreRequest, *, context_id: int, status: int) -> bytes:
    """A whole P-DATA-TF PDU with the C-STORE-RSP to ``request`` (PS3.7 table 9.3-2, PS3.8 section 9.3.5)."""
    body = b"".join(
        (
            _element(_AFFECTED_SOP_CLASS_UID, _padded(request.sop_class_uid)),
            _element(_COMMAND_FIELD, _US.pack(C_STORE_RSP)),
            _element(_MESSAGE_ID_BEING_RESPONDED_TO, _US.pack(request.message_id)),
            _element(_COMMAND_DATA_SET_TYPE, _US.pack(NO_DATA_SET)),
            _element(_STATUS, _US.pack(status)),
            _element(_AFFECTED_SOP_INSTANCE_UID, _padded(request.sop_instance_uid)),
        )
    )
    command = _element(0x0000, struct.pack("<I", len(body))) + body
    return struct.pack(">BBIIBB", 0x04, 0, len(command) + 6, len(command) + 2, context_id, 0x03) + command


def _us(elements: dict[int, bytes], element: int) -> int:
    value = elements.get(element, b"")
    if len(value) != _US.size:
        raise CommandInvalid(f"the command set lacks (0000,{element:04X})")
    return int(_US.unpack(value)[0])


def _uid(elements: dict[int, bytes], element: int) -> str:
    value = elements.get(element, b"").rstrip(b"\0 ")
    if not value:
        raise CommandInvalid(f"the command set lacks (0000,{element:04X})")
    return value.decode("ascii", "replace")


def _padded(uid: str) -> bytes:
    value = uid.encode("ascii", "replace")
    return value + b"\0" * (len(value) % 2)


def _element(element: int, value: bytes) -> bytes:
    return _ELEMENT.pack(0, element, len(value)) + value
