"""A DICOM peer by hand: it encodes every byte of the upper layer itself, so that it can misbehave in each."""

import socket
import ssl
import struct
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)
COMMAND, LAST = 0x01, 0x02

CT_IMAGE, MR_IMAGE = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"
VERIFICATION = "1.2.840.10008.1.1"
IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
DEFLATED, BIG_ENDIAN = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"

C_STORE_RQ, C_ECHO_RQ = 0x0001, 0x0030
AFFECTED_SOP_CLASS_UID, COMMAND_FIELD, MESSAGE_ID = 0x0002, 0x0100, 0x0110
MESSAGE_ID_RESPONDED_TO, PRIORITY, DATA_SET_TYPE = 0x0120, 0x0700, 0x0800
STATUS, AFFECTED_SOP_INSTANCE_UID = 0x0900, 0x1000
NO_DATA_SET = 0x0101

Context = tuple[int, str, Sequence[str]]
"""Presentation context ID, abstract syntax, transfer syntaxes."""


class Closed(Exception):
    """The door closed the connection, and said nothing more."""


@dataclass(frozen=True, kw_only=True)
class Pdu:
    """A PDU the door sent."""

    kind: int
    body: bytes


def pdu(kind: int, body: bytes = b"", *, length: int | None = None) -> bytes:
    """A PDU; ``length`` is what it claims, where that is not the truth."""
    return struct.pack(">BBI", kind, 0, len(body) if length is None else length) + body


def item(kind: int, value: bytes, *, length: int | None = None) -> bytes:
    """An item or sub-item of an association PDU."""
    return struct.pack(">BBH", kind, 0, len(value) if length is None else length) + value


def associate_rq(
    contexts: Iterable[Context] = ((1, CT_IMAGE, (EXPLICIT,)),),
    *,
    calling_ae_title: bytes = b"HOSTILE",
    called_ae_title: bytes = b"DICOM_NODE",
    maximum_length: int = 1 << 17,
    user_items: bytes = b"",
) -> bytes:
    """A-ASSOCIATE-RQ (PS3.8 section 9.3.2)."""
    head = struct.pack(">HH16s16s32x", 1, 0, called_ae_title.ljust(16), calling_ae_title.ljust(16))
    user = item(0x51, struct.pack(">I", maximum_length)) + item(0x52, b"2.25.77") + user_items
    proposed = b"".join(map(_proposed, contexts))
    return pdu(ASSOCIATE_RQ, head + item(0x10, b"1.2.840.10008.3.1.1.1") + proposed + item(0x50, user))


def p_data(*pdvs: bytes, length: int | None = None) -> bytes:
    """P-DATA-TF (PS3.8 section 9.3.5)."""
    return pdu(P_DATA, b"".join(pdvs), length=length)


def pdv(context_id: int, flags: int, fragment: bytes, *, length: int | None = None) -> bytes:
    """A presentation data value (PS3.8 section 9.3.5.1)."""
    return struct.pack(">IBB", len(fragment) + 2 if length is None else length, context_id, flags) + fragment


def command(elements: Mapping[int, bytes]) -> bytes:
    """A command set with its group length (PS3.7 section 6.3.1)."""
    body = b"".join(struct.pack("<HHI", 0, number, len(value)) + value for number, value in elements.items())
    return struct.pack("<HHII", 0, 0, 4, len(body)) + body


def us(number: int) -> bytes:
    """A US value in little endian."""
    return struct.pack("<H", number)


def padded(uid: str | bytes) -> bytes:
    """A UID of even length."""
    value = uid.encode("latin-1") if isinstance(uid, str) else uid
    return value + b"\0" * (len(value) % 2)


def store_rq(
    sop_class_uid: str | bytes, sop_instance_uid: str | bytes, *, message_id: int = 1
) -> dict[int, bytes]:
    """The elements of a C-STORE-RQ (PS3.7 table 9.3-1), in their order."""
    return {
        AFFECTED_SOP_CLASS_UID: padded(sop_class_uid),
        COMMAND_FIELD: us(C_STORE_RQ),
        MESSAGE_ID: us(message_id),
        PRIORITY: us(0),
        DATA_SET_TYPE: us(1),
        AFFECTED_SOP_INSTANCE_UID: padded(sop_instance_uid),
    }


def echo_rq(*, message_id: int = 1) -> dict[int, bytes]:
    """The elements of a C-ECHO-RQ (PS3.7 table 9.3-12)."""
    return {
        AFFECTED_SOP_CLASS_UID: padded(VERIFICATION),
        COMMAND_FIELD: us(C_ECHO_RQ),
        MESSAGE_ID: us(message_id),
        DATA_SET_TYPE: us(NO_DATA_SET),
    }


def message(
    context_id: int, elements: Mapping[int, bytes], data_set: bytes | None = None, *, fragment: int = 1 << 16
) -> bytes:
    """A whole message as P-DATA-TF PDUs of one presentation data value each."""
    pdus = [p_data(pdv(context_id, COMMAND | LAST, command(elements)))]
    if data_set is not None:
        starts = range(0, max(len(data_set), 1), fragment)
        pdus += [
            p_data(pdv(context_id, LAST * (start == starts[-1]), data_set[start : start + fragment]))
            for start in starts
        ]
    return b"".join(pdus)


def decoded_command(body: bytes) -> dict[int, bytes]:
    """The elements of the command in a P-DATA-TF of one presentation data value."""
    elements, at = {}, 6
    while at < len(body):
        number, length = struct.unpack_from("<2xHI", body, at)
        elements[number] = body[at + 8 : at + 8 + length]
        at += 8 + length
    return elements


class Peer:
    """A connection to the door. Nothing is sent but what is asked for, and the handshake where there is ``tls``."""

    def __init__(self, port: int, *, seconds: float = 10.0, tls: ssl.SSLContext | None = None) -> None:
        self._seconds = seconds
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def send(self, content: bytes) -> None:
        """Send bytes. Raises Closed where the door takes no more."""
        try:
            self.socket.sendall(content)
        except (ConnectionError, BrokenPipeError):
            raise Closed from None

    def associate(self, *contexts: Context, **options: int | bytes) -> dict[int, int]:
        """Open an association; returns the result of each context, 0 for accepted. Raises Closed."""
        proposed = contexts or ((1, CT_IMAGE, (EXPLICIT,)),)
        self.send(associate_rq(proposed, **options))  # type: ignore[arg-type]
        answer = self.receive()
        if answer.kind != ASSOCIATE_AC:
            raise Closed(f"the answer was a PDU of type {answer.kind}")
        return dict(_results(answer.body))

    def store(
        self,
        sop_class_uid: str | bytes,
        sop_instance_uid: str | bytes,
        data_set: bytes,
        *,
        context_id: int = 1,
    ) -> int:
        """C-STORE; returns the status. Raises Closed when the door aborts instead."""
        self.send(message(context_id, store_rq(sop_class_uid, sop_instance_uid), data_set))
        return self.status()

    def status(self) -> int:
        """The status of the next answer."""
        answer = self.receive()
        if answer.kind != P_DATA:
            raise Closed(f"the answer was a PDU of type {answer.kind}")
        return int(struct.unpack("<H", decoded_command(answer.body)[STATUS])[0])

    def receive(self, *, seconds: float | None = None) -> Pdu:
        """The next PDU of the door. Raises Closed at the end, TimeoutError when none comes in time."""
        self._deadline = time.monotonic() + (self._seconds if seconds is None else seconds)
        kind, length = struct.unpack(">BxI", self._exactly(6))
        return Pdu(kind=kind, body=self._exactly(length))

    def until_closed(self, *, seconds: float | None = None) -> list[Pdu]:
        """All the door says until it closes. Raises TimeoutError when it does not in time."""
        deadline = time.monotonic() + (self._seconds if seconds is None else seconds)
        said = []
        while True:
            try:
                said.append(self.receive(seconds=max(deadline - time.monotonic(), 0.001)))
            except Closed:
                return said

    def end_sending(self) -> None:
        """Half-close: the door sees the end, and may still answer."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def release(self) -> None:
        """A-RELEASE, answered."""
        self.send(pdu(RELEASE_RQ, bytes(4)))
        while self.receive().kind != RELEASE_RP:
            pass

    def abort(self) -> None:
        """A-ABORT, and gone."""
        self.send(pdu(ABORT, bytes(4)))
        self.socket.close()

    def _exactly(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length:
            self.socket.settimeout(max(self._deadline - time.monotonic(), 0.001))
            try:
                part = self.socket.recv(length - len(received))
            except ConnectionError:
                part = b""
            if not part:
                raise Closed
            received += part
        return bytes(received)


def _proposed(context: Context) -> bytes:
    context_id, abstract_syntax_uid, transfer_syntax_uids = context
    syntaxes = item(0x30, abstract_syntax_uid.encode()) + b"".join(
        item(0x40, uid.encode()) for uid in transfer_syntax_uids
    )
    return item(0x20, bytes([context_id, 0, 0, 0]) + syntaxes)


def _results(accepted: bytes) -> Iterable[tuple[int, int]]:
    at = 68
    while at < len(accepted):
        kind, length = struct.unpack_from(">BxH", accepted, at)
        if kind == 0x21:
            yield accepted[at + 4], accepted[at + 6]
        at += 4 + length
