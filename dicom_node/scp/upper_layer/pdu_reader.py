"""PDUs from a stream of bytes, P-DATA taken apart as it comes (PS3.8 section 9.3): no socket, no thread, no clock.

A fragment is handed on as a view of the receive buffer, whole or in part; it must be used before the end of the
bytes is told.
"""

import struct
from typing import Protocol

P_DATA_TF = 0x04
PDU_HEADER_BYTES = 6
LARGEST_OTHER_PDU_BYTES = 256 * 1024
BUFFER_BYTES = 1 << 20

_PDU = struct.Struct(">BBI")
_PDV_LENGTH = struct.Struct(">I")
_PDV_HEADER_BYTES = 6
_IS_COMMAND, _IS_LAST = 0x01, 0x02


class PduInvalid(ValueError):
    """What came is no PDU of the upper layer, or longer than was agreed; the association is aborted."""


class Receiver(Protocol):
    """Who is told what came, in its order."""

    def on_fragment(self, context_id: int, is_command: bool, fragment: memoryview) -> None:
        """Part of a message."""

    def on_message_end(self, context_id: int, is_command: bool) -> None:
        """The command or the data set is whole."""

    def on_other_pdu(self, pdu: bytes) -> None:
        """A PDU other than P-DATA-TF, whole."""

    def on_bytes_end(self) -> None:
        """The fragments told of so far are about to be overwritten."""


class PduReader:
    """Feeds ``receiver`` from bytes. ``largest_p_data_bytes`` is the Maximum Length we announced.

    Bytes are put into ``free`` and then announced with ``feed``. ``pdus_begun`` counts the P-DATA-TFs.
    """

    def __init__(
        self, receiver: Receiver, *, largest_p_data_bytes: int, buffer_bytes: int = BUFFER_BYTES
    ) -> None:
        self._receiver = receiver
        self._largest_p_data_bytes = largest_p_data_bytes
        self._buffer = bytearray(max(buffer_bytes, LARGEST_OTHER_PDU_BYTES + PDU_HEADER_BYTES))
        self._view = memoryview(self._buffer)
        self._end = 0
        self.pdus_begun = 0
        self._pdu_left = 0  # of the P-DATA-TF we are in
        self._fragment_left = 0  # of the presentation data value we are in
        self._context_id = 0
        self._flags = 0

    @property
    def free(self) -> memoryview:
        """Where the next bytes go."""
        return self._view[self._end :]

    @property
    def is_between_pdus(self) -> bool:
        """Whether nothing of a PDU has come that is not handed on."""
        return self._pdu_left == 0 and self._end == 0

    @property
    def bytes_missing(self) -> int:
        """Of the P-DATA-TF we are in; 0 between PDUs, and where nothing is known yet."""
        return self._pdu_left - self._end

    def feed(self, count: int) -> None:
        """Take ``count`` bytes that were put into ``free``. Raises PduInvalid."""
        self._end += count
        position = 0
        while (after := self._take(position)) > position:
            position = after
        self._receiver.on_bytes_end()
        rest = self._end - position
        self._buffer[:rest] = self._buffer[position : self._end]
        self._end = rest

    def _take(self, position: int) -> int:
        """Hand on the next piece; where it ends, or ``position`` while too little of it has come."""
        if self._fragment_left:
            return self._take_fragment(position)
        if self._pdu_left:
            return self._begin_fragment(position)
        return self._begin_pdu(position)

    def _begin_pdu(self, position: int) -> int:
        if self._end - position < PDU_HEADER_BYTES:
            return position
        kind, _, length = _PDU.unpack_from(self._buffer, position)
        if kind == P_DATA_TF:
            if not _PDV_HEADER_BYTES <= length <= self._largest_p_data_bytes:
                raise PduInvalid(f"a P-DATA-TF of {length} bytes")
            self._pdu_left = length
            self.pdus_begun += 1
            return position + PDU_HEADER_BYTES
        if length > LARGEST_OTHER_PDU_BYTES:
            raise PduInvalid(f"a PDU of type {kind} with {length} bytes")
        end = position + PDU_HEADER_BYTES + int(length)
        if end > self._end:
            return position
        self._receiver.on_other_pdu(bytes(self._view[position:end]))
        return end

    def _begin_fragment(self, position: int) -> int:
        if self._end - position < _PDV_HEADER_BYTES:
            return position
        (length,) = _PDV_LENGTH.unpack_from(self._buffer, position)
        if length < 2 or length + 4 > self._pdu_left:
            raise PduInvalid(
                f"a presentation data value of {length} bytes in a PDU with {self._pdu_left} left"
            )
        self._context_id, self._flags = self._buffer[position + 4], self._buffer[position + 5]
        self._pdu_left -= _PDV_HEADER_BYTES
        if 0 < self._pdu_left - (length - 2) < _PDV_HEADER_BYTES:
            raise PduInvalid("a P-DATA-TF with bytes that belong to no presentation data value")
        self._fragment_left = length - 2
        if self._fragment_left == 0:
            self._end_fragment()
        return position + _PDV_HEADER_BYTES

    def _take_fragment(self, position: int) -> int:
        end = min(self._end, position + self._fragment_left)
        if end == position:
            return position
        self._receiver.on_fragment(
            self._context_id, bool(self._flags & _IS_COMMAND), self._view[position:end]
        )
        self._fragment_left -= end - position
        self._pdu_left -= end - position
        if self._fragment_left == 0:
            self._end_fragment()
        return end

    def _end_fragment(self) -> None:
        if self._flags & _IS_LAST:
            self._receiver.on_message_end(self._context_id, bool(self._flags & _IS_COMMAND))
