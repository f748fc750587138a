"""Messages from fragments: C-STORE goes straight to the spool and is answered; all else goes to pynetdicom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from dicom_node.scp.intake import Announced, Intake
from dicom_node.scp.upper_layer import command_set
from dicom_node.scp.upper_layer.command_set import CommandInvalid, StoreRequest
from dicom_node.scp.upper_layer.pdu_reader import PduInvalid

LARGEST_COMMAND_BYTES = 64 * 1024
LARGEST_OTHER_DATA_SET_BYTES = 2 << 20


class Association(Protocol):
    """What the messages need of the association they come on."""

    calling_ae_title: str

    def syntaxes(self, context_id: int) -> tuple[str, str] | None:
        """Abstract and transfer syntax of an accepted presentation context; None when it was not accepted."""

    def answer(self, pdu: bytes) -> None:
        """Send a PDU now."""

    def hand_over(self, context_id: int, command: bytes, data_set: bytes | None) -> None:
        """Give a message that is no C-STORE to pynetdicom."""

    def hand_over_pdu(self, pdu: bytes) -> None:
        """Give a PDU other than P-DATA-TF to pynetdicom."""


@dataclass(kw_only=True)
class _Store:
    request: StoreRequest
    intake: Intake
    size: int = 0


class Messages:
    """Receives what a PduReader finds on one association."""

    def __init__(
        self, association: Association, begin: Callable[[Announced], Intake], *, largest_instance_bytes: int
    ) -> None:
        self._association = association
        self._begin = begin
        self._largest_instance_bytes = largest_instance_bytes
        self._command = bytearray()
        self._context_id: int | None = None
        self._store: _Store | None = None
        self._other_command: bytes | None = None
        self._other_data_set = bytearray()

    @property
    def is_between_messages(self) -> bool:
        """Whether nothing of a message has come that is not handed on."""
        return self._context_id is None

    def on_fragment(self, context_id: int, is_command: bool, fragment: memoryview) -> None:
        """Part of a message; raises PduInvalid where it does not belong."""
        self._require_place(context_id, is_command)
        if is_command:
            _append(self._command, fragment, LARGEST_COMMAND_BYTES, "command set")
        elif self._store is not None:
            self._store.size += len(fragment)
            if self._store.size > self._largest_instance_bytes:
                raise PduInvalid("an instance larger than [scp] instance_at_most")
            self._store.intake.write(fragment)
        else:
            _append(self._other_data_set, fragment, LARGEST_OTHER_DATA_SET_BYTES, "data set")

    def on_message_end(self, context_id: int, is_command: bool) -> None:
        """The command or the data set is whole; raises PduInvalid where it is not what it must be."""
        self._require_place(context_id, is_command)
        if is_command:
            self._on_command(context_id)
        elif self._store is not None:
            store, self._store = self._store, None
            self._context_id = None
            status = store.intake.finish()
            self._association.answer(
                command_set.store_response(store.request, context_id=context_id, status=status)
            )
        else:
            self._hand_over(context_id, bytes(self._other_data_set))

    def on_other_pdu(self, pdu: bytes) -> None:
        """Release, abort, or what has no business here."""
        self._association.hand_over_pdu(pdu)

    def on_bytes_end(self) -> None:
        """What was told of an instance goes to the spool now, in one write."""
        if self._store is not None:
            self._store.intake.flush()

    def give_up(self) -> None:
        """The association ends: let go of an instance that is not whole."""
        if self._store is not None:
            self._store.intake.give_up()
            self._store = None

    def _require_place(self, context_id: int, is_command: bool) -> None:
        """A message stays on its context, and its command comes before its data set (PS3.7 section 6.3.1)."""
        is_expected = self._store is None and self._other_command is None
        if is_command != is_expected or self._context_id not in (None, context_id):
            raise PduInvalid("a fragment that belongs to no message")
        self._context_id = context_id

    def _on_command(self, context_id: int) -> None:
        command, self._command = bytes(self._command), bytearray()
        try:
            elements = command_set.decode(command)
            follows = command_set.has_data_set(elements)
            if command_set.command_field(elements) == command_set.C_STORE_RQ:
                self._begin_store(context_id, command_set.store_request(elements), follows)
                return
            command_set.require_answerable(elements)
        except CommandInvalid as error:
            raise PduInvalid(str(error)) from None
        self._other_command = command
        if not follows:
            self._hand_over(context_id, None)

    def _begin_store(self, context_id: int, request: StoreRequest, follows: bool) -> None:
        syntaxes = self._association.syntaxes(context_id)
        if syntaxes is None or not follows:
            raise PduInvalid("a C-STORE on a context that was not accepted, or without a data set")
        announced = Announced(
            abstract_syntax_uid=syntaxes[0],
            transfer_syntax_uid=syntaxes[1],
            sop_class_uid=request.sop_class_uid,
            sop_instance_uid=request.sop_instance_uid,
            calling_ae_title=self._association.calling_ae_title,
        )
        self._store = _Store(request=request, intake=self._begin(announced))

    def _hand_over(self, context_id: int, data_set: bytes | None) -> None:
        command, self._other_command = self._other_command or b"", None
        self._other_data_set = bytearray()
        self._context_id = None
        self._association.hand_over(context_id, command, data_set)


def _append(to: bytearray, fragment: memoryview, at_most: int, what: str) -> None:
    if len(to) + len(fragment) > at_most:
        raise PduInvalid(f"a {what} of more than {at_most} bytes")
    to += fragment
