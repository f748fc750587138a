"""An association to a destination, opened for a few SOP classes and always ended."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pynetdicom import AE, evt
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationAway

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0


@contextmanager
def associate(
    destination: Destination, contexts: Sequence[PresentationContext], *, calling_ae_title: str
) -> Iterator[Association]:
    """Open an association and release it at the end. Raises DestinationAway, saying at which step it failed."""
    entity = AE(ae_title=calling_ae_title)
    entity.connection_timeout = CONNECT_SECONDS
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = ANSWER_SECONDS
    try:
        association = entity.associate(
            destination.host,
            destination.port,
            contexts=list(contexts),
            ae_title=destination.ae_title,
            evt_handlers=[(evt.EVT_CONN_OPEN, _send_at_once)],
        )
    except OSError as error:  # the name does not resolve; all else pynetdicom reports otherwise
        raise DestinationAway(f"{destination.host} cannot be found: {error.strerror or error}") from error
    if not association.is_established:
        raise DestinationAway(_why_not(destination, association))
    try:
        yield association
    finally:
        if association.is_established:
            association.release()


def _send_at_once(event: Any) -> None:
    """Without TCP_NODELAY each PDU may wait 40 ms for an acknowledgement of the one before."""
    event.assoc.dul.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _why_not(destination: Destination, association: Association) -> str:
    where = f"{destination.ae_title} at {destination.host}:{destination.port}"
    if association.is_rejected:
        answer = association.acceptor.primitive
        reason = getattr(answer, "reason_str", "no reason given")
        return f"{where} rejected the association ({reason}); is our AE title known to it, and its own right?"
    if association.acceptor.primitive is None:
        return f"{where} does not answer; is it running, and is host and port right?"
    return f"{where} aborted the association, or accepts none of what was proposed"
