"""What the door accepts: every storage SOP class pynetdicom knows, in every transfer syntax."""

from pynetdicom import AllStoragePresentationContexts
from pynetdicom._globals import ALL_TRANSFER_SYNTAXES
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import Verification


def supported_contexts() -> list[PresentationContext]:
    """Verification and all storage SOP classes; bytes are kept as they come, so any syntax will do."""
    storage = [
        build_context(cx.abstract_syntax, ALL_TRANSFER_SYNTAXES) for cx in AllStoragePresentationContexts
    ]
    return [build_context(Verification), *storage]
