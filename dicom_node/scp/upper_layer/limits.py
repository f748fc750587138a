"""How long and how much a peer may take."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """``request_seconds``: from the connection to a whole A-ASSOCIATE-RQ, the TLS handshake included.

    ``pdu_seconds``: for any PDU once begun. ``idle_seconds``: without any byte. ``largest_instance_bytes``: of
    one data set.
    """

    request_seconds: float = 10.0
    pdu_seconds: float = 30.0
    idle_seconds: float = 60.0
    largest_instance_bytes: int = 4 << 30
