"""The DUL service provider that waits by poll, and streams P-DATA while the association is established."""

import logging
import socket
import ssl
import struct
import time
from collections.abc import Callable
from typing import Any

from pynetdicom.dul import DULServiceProvider
from pynetdicom.fsm import InvalidEventError
from pynetdicom.pdu import A_ABORT_RQ
from pynetdicom.pdu_primitives import P_DATA

from dicom_node.scp.intake import Announced, Intake
from dicom_node.scp.upper_layer.doorbell import RingingQueue, SocketBell
from dicom_node.scp.upper_layer.limits import Limits
from dicom_node.scp.upper_layer.line import Line, line_on
from dicom_node.scp.upper_layer.messages import Messages
from dicom_node.scp.upper_layer.pdu_reader import PduInvalid, PduReader
from dicom_node.scp.upper_layer.timer import Timer

logger = logging.getLogger(__name__)

LOOK_AROUND_SECONDS = 1.0
LET_THEM_CLOSE_SECONDS = 0.2
DRAINED_AT_MOST_BYTES = 1 << 20
PDU_SLACK_BYTES = 64
REQUESTS_WAITING_AT_MOST = 2
Begin = Callable[[Announced], Intake]

UNDECODABLE = (
    struct.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
    AssertionError,
)
"""What pynetdicom raises on the bytes of a PDU that is none."""

IDLE, ESTABLISHED, AWAITING_CLOSE = "Sta1", "Sta6", "Sta13"
CONNECTION_CLOSED, INVALID_PDU = "Evt17", "Evt19"


class StreamingProvider(DULServiceProvider):
    """Runs in a thread of its own, one an association.

    ``begin`` makes an Intake for an announced instance.
    """

    def __init__(self, association: Any, begin: Begin, limits: Limits) -> None:
        super().__init__(association)
        # pynetdicom's go by the wall clock; the seconds are the association's to set.
        self._idle_timer = Timer(limits.idle_seconds)
        self.artim_timer = Timer(limits.request_seconds)
        self._run_loop_delay = 0  # pynetdicom's pause between two looks; ours is in _is_transport_event
        self.to_user_queue = RingingQueue(association._reactor_checkpoint)
        self._bell = SocketBell()
        self._begin = begin
        self._limits = limits
        self._stream: PduReader | None = None
        self._messages: Messages | None = None
        self._line: Line
        self._begun_at: float | None = None  # the PDU we are in
        self._pdus_begun = 0
        self._drained_bytes = 0
        self._drain_until = 0.0

    def run_reactor(self) -> None:
        """The thread: pynetdicom's loop; at its end nothing is left behind."""
        try:
            super().run_reactor()
        except (InvalidEventError, *UNDECODABLE) as error:
            self.cut_off(type(error).__name__)
        finally:
            if self._messages is not None:
                self._messages.give_up()
            self._stream = self._messages = None  # a megabyte, else held until the garbage is collected
            self._bell.close()
            # Rings, and whoever waits for a request that cannot come any more waits no longer.
            self.to_user_queue.put(None)

    def send_pdu(self, primitive: Any) -> None:
        """Send a primitive: wakes the thread that does it."""
        super().send_pdu(primitive)
        self._bell.ring()

    def wake(self) -> None:
        """Have the thread look around: something was put where it will find it."""
        self._bell.ring()

    def kill_dul(self) -> None:
        """End the thread."""
        super().kill_dul()
        self._bell.ring()

    def stop_dul(self) -> bool:
        """End the thread when the connection is closed."""
        if self.state_machine.current_state == IDLE:
            self.kill_dul()  # first said, then rung: pynetdicom's own would be heard a look around later
        return bool(super().stop_dul())

    def cut_off(self, reason: str) -> None:
        """End the association where its state machine cannot: what came made no sense, or not at that time."""
        logger.warning("association with %s cut off (%s)", self.assoc.requestor.ae_title, reason)
        if self.socket is not None and self.socket.socket is not None:
            abort = A_ABORT_RQ()
            abort.source, abort.reason_diagnostic = 2, 0
            self.socket.send(abort.encode())
            self.socket.close()
        self.assoc.is_aborted, self.assoc.is_established = True, False
        self.assoc._kill = self._kill_thread = True
        self._bell.ring()

    def _is_transport_event(self) -> bool:
        """Wait for bytes and take them; called by pynetdicom's loop when there is nothing to send."""
        if not self.event_queue.empty() or self._kill_thread:
            return False
        connection = self.socket.socket if self.socket else None
        state = self.state_machine.current_state
        if connection is None:
            time.sleep(0.001)
            return False
        if state == AWAITING_CLOSE:
            self._drain(connection)
            return True
        try:
            if state == ESTABLISHED:
                return self._stream_in(connection)
            is_readable = self._bell.wait(connection, LOOK_AROUND_SECONDS)
        except (OSError, ValueError):
            self.event_queue.put(CONNECTION_CLOSED)
            return False
        if is_readable:
            self._read_pdu_data()
        return is_readable

    def _stream_in(self, connection: socket.socket) -> bool:
        """Take what comes, for as long as pynetdicom has nothing to do."""
        stream = self._stream or self._begin_stream(connection)
        while self._bell.wait(connection, LOOK_AROUND_SECONDS):
            if not self._receive(stream):
                return False
            self._idle_timer.restart()
            if self._kill_thread or not self.event_queue.empty() or self.to_provider_queue.queue:
                return True
        self._abort_if_too_slow()
        if self._begun_at is not None:
            # Within a PDU its own deadline counts: on a slow line its next bytes may wake us only much later.
            self._idle_timer.restart()
        return False

    def _receive(self, stream: PduReader) -> bool:
        """Take what has come; False where that was the last. pynetdicom is told only of what it must act on."""
        count = self._line.receive_into(stream.free)
        if count is None:
            return True
        if count == 0:
            self.event_queue.put(CONNECTION_CLOSED)
            return False
        try:
            stream.feed(count)
        except PduInvalid as error:
            self._abort(str(error))
            return False
        self._note_progress(stream)
        self._abort_if_too_slow()
        self._line.expect(stream.bytes_missing)
        return True

    def _drain(self, connection: socket.socket) -> None:
        """After an abort, look at nothing more: what still comes is no PDU to us, and earns no further abort."""
        self._drain_until = self._drain_until or time.monotonic() + LET_THEM_CLOSE_SECONDS
        left = max(0.0, self._drain_until - time.monotonic())
        try:
            is_more = self._bell.wait(connection, left) and left > 0
            count = len(connection.recv(1 << 16)) if is_more else 0
        except ssl.SSLWantReadError:
            return
        except (OSError, ValueError):
            count = 0
        self._drained_bytes += count
        if (count == 0 or self._drained_bytes > DRAINED_AT_MOST_BYTES) and self.socket is not None:
            self.socket.close()

    def _begin_stream(self, connection: socket.socket) -> PduReader:
        self._line = line_on(connection, seconds=self._limits.pdu_seconds)
        self._messages = Messages(
            _Dialogue(self, self._line),
            self._begin,
            largest_instance_bytes=self._limits.largest_instance_bytes,
        )
        self._stream = PduReader(
            self._messages, largest_p_data_bytes=self.assoc.acceptor.maximum_length + PDU_SLACK_BYTES
        )
        return self._stream

    def _note_progress(self, stream: PduReader) -> None:
        if stream.is_between_pdus:
            self._begun_at = None
        elif self._begun_at is None or stream.pdus_begun > self._pdus_begun:
            self._begun_at = time.monotonic()
        self._pdus_begun = stream.pdus_begun

    def _abort_if_too_slow(self) -> None:
        if self._begun_at is not None and time.monotonic() - self._begun_at > self._limits.pdu_seconds:
            self._abort(f"a PDU was not whole in {self._limits.pdu_seconds:g} s")

    def _abort(self, reason: str) -> None:
        logger.warning("association with %s aborted: %s", self.assoc.requestor.ae_title, reason)
        self._begun_at = None
        self.event_queue.put(INVALID_PDU)


class _Dialogue:
    """What the messages see of their association."""

    def __init__(self, provider: StreamingProvider, line: Line) -> None:
        self._provider = provider
        self._line = line
        self.calling_ae_title = str(provider.assoc.requestor.ae_title)

    def syntaxes(self, context_id: int) -> tuple[str, str] | None:
        context = self._provider.assoc._accepted_cx.get(context_id)
        return None if context is None else (str(context.abstract_syntax), str(context.transfer_syntax[0]))

    def answer(self, pdu: bytes) -> None:
        try:
            self._line.send(pdu)
        except OSError:
            self._provider.event_queue.put(CONNECTION_CLOSED)

    def hand_over(self, context_id: int, command: bytes, data_set: bytes | None) -> None:
        if not self._is_taken_by_the_association():
            return
        message = P_DATA()
        message.presentation_data_value_list.append((context_id, b"\x03" + command))
        if data_set is not None:
            message.presentation_data_value_list.append((context_id, b"\x02" + data_set))
        try:
            self._provider.assoc.dimse.receive_primitive(message)
        except UNDECODABLE as error:
            raise PduInvalid(f"a message that cannot be decoded ({type(error).__name__})") from None

    def _is_taken_by_the_association(self) -> bool:
        """Who asks faster than he is answered is read no further: TCP makes him wait. False when it ends."""
        association = self._provider.assoc
        queue = association.dimse.msg_queue
        # An association that is killed waits for our thread, and takes nothing any more.
        while not (self._provider._kill_thread or association._kill):
            if queue.wait_until_fewer_than(REQUESTS_WAITING_AT_MOST, seconds=LOOK_AROUND_SECONDS):
                return True
        return False

    def hand_over_pdu(self, pdu: bytes) -> None:
        try:
            decoded, event = self._provider._decode_pdu(bytearray(pdu))
        except UNDECODABLE as error:
            raise PduInvalid(f"a PDU that cannot be decoded ({type(error).__name__})") from None
        self._provider._recv_pdu.put(decoded)
        self._provider.event_queue.put(event)
