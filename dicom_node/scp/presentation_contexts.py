"""What the door accepts: every storage SOP class pynetdicom knows, in every transfer syntax; and its services."""

from collections.abc import Sequence

from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AllStoragePresentationContexts
from pynetdicom._globals import ALL_TRANSFER_SYNTAXES
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import StorageCommitmentPushModel, Verification

STORAGE_TRANSFER_SYNTAXES = (
    ExplicitVRLittleEndian,
    *(each for each in ALL_TRANSFER_SYNTAXES if each != ExplicitVRLittleEndian),
)
"""In our order of preference, where one context proposes several: the implicit one loses the VR of private elements."""

SERVICE_TRANSFER_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
"""Not the deflated one: a small request might inflate to gigabytes."""


def supported_contexts(private_sop_classes: Sequence[str] = ()) -> list[PresentationContext]:
    """Verification, storage commitment, and storage; bytes are kept as they come, so any syntax will do."""
    services = [
        build_context(each, list(SERVICE_TRANSFER_SYNTAXES))
        for each in (Verification, StorageCommitmentPushModel)
    ]
    storage = [
        build_context(each, list(STORAGE_TRANSFER_SYNTAXES))
        for each in storage_sop_classes(private_sop_classes)
    ]
    return [*services, *storage]


def storage_sop_classes(private_sop_classes: Sequence[str] = ()) -> list[str]:
    """The UIDs of all SOP classes whose instances are taken: all of the Standard, and the private ones."""
    standard = [str(each.abstract_syntax) for each in AllStoragePresentationContexts]
    return [*standard, *private_sop_classes]
