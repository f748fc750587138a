"""C-STORE through plain pynetdicom: the whole data set is in memory when we hear of it."""

from typing import Any

from pynetdicom.dimse_primitives import C_STORE

from dicom_node.scp.intake import Announced, Intake, Receiving
from dicom_node.scp.status import Status


def on_c_store(event: Any, receiving: Receiving) -> Status:
    """Handle pynetdicom's EVT_C_STORE; returns the status (PS3.4 annex B.2.3)."""
    request = event.request
    if not isinstance(request, C_STORE):  # pynetdicom brings whatever is asked of a storage SOP class
        return Status.CANNOT_UNDERSTAND
    intake = Intake(
        receiving,
        Announced(
            abstract_syntax_uid=str(event.context.abstract_syntax),
            sop_class_uid=str(request.AffectedSOPClassUID),
            sop_instance_uid=str(request.AffectedSOPInstanceUID),
            transfer_syntax_uid=str(event.context.transfer_syntax),
            calling_ae_title=str(event.assoc.requestor.ae_title),
        ),
    )
    if request.DataSet is not None:
        intake.write(request.DataSet.getbuffer())
    return intake.finish()
