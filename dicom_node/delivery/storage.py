"""C-STORE to a destination (PS3.4 annex B)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext, build_context

from dicom_node.delivery.association import associate
from dicom_node.delivery.destination import Destination
from dicom_node.errors import DestinationAway

DUPLICATE_SOP_INSTANCE = 0x0111
PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)


def store(
    destination: Destination, files: Sequence[tuple[str, Path]], *, calling_ae_title: str
) -> Iterator[str | None]:
    """Send ``files`` (SOP Class UID, path) on one association; yields for each None, or why it was not taken.

    Raises DestinationAway when the association cannot be opened, or breaks: the rest was not sent.
    """
    with associate(destination, _contexts(files), calling_ae_title=calling_ae_title) as association:
        for _, path in files:
            yield _store_one(association, destination, path)


def _contexts(files: Sequence[tuple[str, Path]]) -> list[PresentationContext]:
    """Each class in the plain syntaxes, and for what is stored in another a context of its own.

    What is deflated may be sent inflated, by a context of its class; encapsulated pixels go as they are or not at all.
    """
    proposed: set[tuple[str, tuple[UID, ...]]] = {(sop_class_uid, PLAIN) for sop_class_uid, _ in files}
    for sop_class_uid, path in files:
        syntax = _transfer_syntax_uid(path)
        if syntax is not None and syntax not in PLAIN:
            proposed.add((sop_class_uid, (syntax,)))
    return [build_context(sop_class_uid, list(syntaxes)) for sop_class_uid, syntaxes in sorted(proposed)]


def _transfer_syntax_uid(path: Path) -> UID | None:
    """None where the file cannot be read, which is told when its turn comes."""
    try:
        found: UID | None = read_file_meta_info(path).get("TransferSyntaxUID")
    except (OSError, InvalidDicomError):
        return None
    return found


def _store_one(association: Association, destination: Destination, path: Path) -> str | None:
    try:
        data_set = dcmread(path)
    except (OSError, InvalidDicomError) as error:
        return f"its file in the spool cannot be read ({type(error).__name__})"
    try:
        answer = association.send_c_store(data_set)
    except ValueError:
        return _not_accepted(destination, data_set)
    except RuntimeError:  # how pynetdicom says that the association has ended since the last instance
        answer = Dataset()
    status = answer.get("Status")
    if status is None:
        raise DestinationAway(f"{destination.ae_title} did not answer a C-STORE, or the association broke")
    return None if _is_taken(status) else f"{destination.ae_title} refused it with status {status:04X}"


def _not_accepted(destination: Destination, data_set: Dataset) -> str:
    said = f"{destination.ae_title} accepts no instances of this SOP class"
    syntax = UID(str(data_set.file_meta.get("TransferSyntaxUID", PLAIN[0])))
    if syntax in PLAIN:
        return said
    return f"{said} in {syntax.name}; [destinations.{destination.name}] compression may ask for less"


def _is_taken(status: int) -> bool:
    """Success, a warning (Bxxx: stored, with remarks), or already there: our UIDs are derived from content."""
    return status in (0x0000, DUPLICATE_SOP_INSTANCE) or 0xB000 <= status <= 0xBFFF
