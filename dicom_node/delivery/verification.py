"""C-ECHO to a destination (PS3.4 annex A): is it there, and does it know us?"""

from pynetdicom.presentation import build_context
from pynetdicom.sop_class import Verification

from dicom_node.delivery.association import associate
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationRefused


def verify(destination: Destination, *, calling_ae_title: str) -> None:
    """Return when the destination answered Success; raises DestinationAway or DestinationRefused."""
    with associate(
        destination, [build_context(Verification)], calling_ae_title=calling_ae_title
    ) as association:
        status = association.send_c_echo().get("Status")
    if status != 0x0000:
        raise DestinationRefused(f"{destination.ae_title} answered C-ECHO with {_spell(status)}")


def _spell(status: int | None) -> str:
    return "nothing" if status is None else f"status {status:04X}"
