"""What the stand-in PACS accepts: every storage SOP class, as stored, and the services around them."""

from typing import Final

from pydicom import uid
from pynetdicom import AllStoragePresentationContexts, build_context
from pynetdicom.presentation import PresentationContext
from pynetdicom.sop_class import (
    StorageCommitmentPushModel,
    StudyRootQueryRetrieveInformationModelFind,
    Verification,
)

TRANSFER_SYNTAXES: Final = (
    uid.ExplicitVRLittleEndian,
    uid.ImplicitVRLittleEndian,
    uid.ExplicitVRBigEndian,
    uid.DeflatedExplicitVRLittleEndian,
    uid.RLELossless,
    uid.JPEGBaseline8Bit,
    uid.JPEGExtended12Bit,
    uid.JPEGLossless,
    uid.JPEGLosslessSV1,
    uid.JPEGLSLossless,
    uid.JPEGLSNearLossless,
    uid.JPEG2000Lossless,
    uid.JPEG2000,
    uid.HTJ2KLossless,
    uid.HTJ2KLosslessRPCL,
    uid.HTJ2K,
)
"""In the order of preference where one presentation context proposes several (PS3.8 9.3.2.2)."""


def supported_contexts() -> list[PresentationContext]:
    """Return the presentation contexts of Verification, Storage, Study Root FIND and Storage Commitment."""
    storage = [
        build_context(one.abstract_syntax, list(TRANSFER_SYNTAXES)) for one in AllStoragePresentationContexts
    ]
    services = [Verification, StudyRootQueryRetrieveInformationModelFind, StorageCommitmentPushModel]
    return storage + [build_context(service) for service in services]
