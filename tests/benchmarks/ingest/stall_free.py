"""A sender that never waits for itself: one prepared buffer an instance, no Nagle, no delayed ACK."""

import socket
import struct
import time
from types import TracebackType
from typing import Self

from tests.benchmarks.ingest import pdu
from tests.benchmarks.ingest.instance import SOP, SOP_CLASS_UID, TRANSFER_SYNTAX_UID, Template, Uids
from tests.benchmarks.ingest.server import Server

CALLING_AE_TITLE = "INGEST_BENCH"
LONGEST_PDU_BYTES = 1 << 20
LONGEST_ANSWER_BYTES = 1 << 20
SUCCESS = 0x0000


class SendFailed(Exception):
    """The receiver refused, aborted, went away, or did not answer in time."""


class Association:
    """One association with ``port`` on the loopback; opened here, released at the end of the block.

    ``address`` is the loopback address it calls from. Raises SendFailed when it is rejected or not
    answered within ``timeout_seconds``.
    """

    def __init__(
        self,
        port: int,
        *,
        called_ae_title: str,
        calling_ae_title: str = CALLING_AE_TITLE,
        address: str = "127.0.0.1",
        timeout_seconds: float = 60.0,
    ) -> None:
        try:
            self._socket = socket.create_connection(
                ("127.0.0.1", port), timeout=timeout_seconds, source_address=(address, 0)
            )
        except OSError as error:
            raise SendFailed(f"no connection: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            accepted = self._ask(associate_request(called_ae_title, calling_ae_title), pdu.ASSOCIATE_AC)
            self._maximum_pdu_bytes = min(
                pdu.maximum_pdu_bytes(accepted) or LONGEST_PDU_BYTES, LONGEST_PDU_BYTES
            )
        except (SendFailed, ValueError) as error:
            self._socket.close()
            raise SendFailed(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.release()
        finally:
            self.close()

    def prepare(self, data_set: bytes) -> Template:
        """The C-STORE of ``data_set``, encoded for this association."""
        return Template(
            pdu.store_request(
                data_set,
                sop_class_uid=SOP_CLASS_UID,
                sop_instance_uid=SOP,
                maximum_pdu_bytes=self._maximum_pdu_bytes,
            )
        )

    def store(self, prepared: Template) -> float:
        """Send it, wait for its Success; returns the seconds between. Raises SendFailed on any other answer."""
        began = time.perf_counter()
        self._send(prepared.buffer)
        command = self._command()
        ended = time.perf_counter()
        status = pdu.command_value(command, pdu.STATUS)
        if status != SUCCESS or pdu.command_value(command, pdu.MESSAGE_ID_RESPONDED_TO) != 1:
            raise SendFailed(f"the answer to a C-STORE was status {status}")
        return ended - began

    def release(self) -> None:
        """A-RELEASE, answered."""
        self._ask(pdu.release_request(), pdu.RELEASE_RP)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _ask(self, request: bytes, wanted: int) -> bytes:
        self._send(request)
        return self._receive(wanted)

    def _command(self) -> bytes:
        command = b""
        while True:
            for control, part in pdu.fragments(self._receive(pdu.P_DATA)):
                command += part
                if control & pdu.LAST:
                    return command

    def _send(self, content: bytes | bytearray) -> None:
        try:
            self._socket.sendall(content)
        except OSError as error:
            raise SendFailed(f"the receiver does not take it: {error}") from error

    def _receive(self, wanted: int) -> bytes:
        kind, _, length = struct.unpack(">BBI", self._exactly(pdu.HEADER_BYTES))
        if kind != wanted or length > LONGEST_ANSWER_BYTES:
            raise SendFailed(f"the receiver answered {pdu.NAMES.get(kind, f'a PDU of type {kind}')}")
        return self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            try:
                part = self._socket.recv(length - len(content))
                # The kernel takes the option back by itself: it is asked for again each time.
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            except OSError as error:
                raise SendFailed(f"the receiver does not answer: {error}") from error
            if not part:
                raise SendFailed("the receiver closed the connection")
            content += part
        return content


def associate(server: Server, *, timeout_seconds: float = 60.0) -> Association:
    """An association with ``server``, by the name it goes by."""
    return Association(server.port, called_ae_title=server.ae_title, timeout_seconds=timeout_seconds)


def store_series(association: Association, prepared: Template, uids: Uids, *, instances: int) -> list[float]:
    """So many instances of one new series, one after the other; returns the seconds each took."""
    prepared.set_series(uids)
    seconds = []
    for _ in range(instances):
        prepared.set_instance(uids)
        seconds.append(association.store(prepared))
    return seconds


def associate_request(called_ae_title: str, calling_ae_title: str = CALLING_AE_TITLE) -> bytes:
    """The A-ASSOCIATE-RQ that proposes what this bench sends."""
    return pdu.associate_request(
        called_ae_title=called_ae_title,
        calling_ae_title=calling_ae_title,
        sop_class_uid=SOP_CLASS_UID,
        transfer_syntax_uid=TRANSFER_SYNTAX_UID,
    )
