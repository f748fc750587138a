"""C-STORE to a destination (PS3.4 annex B)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.association import Association
from pynetdicom.presentation import build_context

from dicom_node.delivery.association import associate
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationAway

DUPLICATE_SOP_INSTANCE = 0x0111


def store(
    destination: Destination, files: Sequence[tuple[str, Path]], *, calling_ae_title: str
) -> Iterator[str | None]:
    """Send ``files`` (SOP Class UID, path) on one association; yields for each None, or why it was not taken.

    Raises DestinationAway when the association cannot be opened, or breaks: the rest was not sent.
    """
    classes = {sop_class_uid for sop_class_uid, _ in files}
    contexts = [
        build_context(each, [ExplicitVRLittleEndian, ImplicitVRLittleEndian]) for each in sorted(classes)
    ]
    with associate(destination, contexts, calling_ae_title=calling_ae_title) as association:
        for _, path in files:
            yield _store_one(association, destination, path)


def _store_one(association: Association, destination: Destination, path: Path) -> str | None:
    try:
        data_set = dcmread(path)
    except (OSError, InvalidDicomError) as error:
        return f"its file in the spool cannot be read ({type(error).__name__})"
    try:
        answer = association.send_c_store(data_set)
    except ValueError:
        return f"{destination.ae_title} accepts no instances of this SOP class"
    except RuntimeError:  # how pynetdicom says that the association has ended since the last instance
        answer = Dataset()
    status = answer.get("Status")
    if status is None:
        raise DestinationAway(f"{destination.ae_title} did not answer a C-STORE, or the association broke")
    return None if _is_taken(status) else f"{destination.ae_title} refused it with status {status:04X}"


def _is_taken(status: int) -> bool:
    """Success, a warning (Bxxx: stored, with remarks), or already there: our UIDs are derived from content."""
    return status in (0x0000, DUPLICATE_SOP_INSTANCE) or 0xB000 <= status <= 0xBFFF
