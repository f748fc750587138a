"""What the door accepts: every storage SOP class pynetdicom knows, in every transfer syntax."""

from collections.abc import Sequence

from pynetdicom import AllStoragePresentationContexts
from pynetdicom._globals import ALL_TRANSFER_SYNTAXES
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import Verification


def supported_contexts(private_sop_classes: Sequence[str] = ()) -> list[PresentationContext]:
    """Verification, all storage SOP classes and private ones; bytes are kept as they come, so any syntax will do."""
    standard = [cx.abstract_syntax for cx in AllStoragePresentationContexts]
    storage = [build_context(each, ALL_TRANSFER_SYNTAXES) for each in (*standard, *private_sop_classes)]
    return [build_context(Verification), *storage]
